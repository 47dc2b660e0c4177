"""Asking somebody far away while a page waits: an answer within a second, or none."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Final, TypeVar

from jupyter_mlcd.model.errors import MlcdError, WorldError

if TYPE_CHECKING:
    from collections.abc import Callable

PATIENCE: Final = 0.9
"""Seconds."""
_T = TypeVar("_T")


def in_time(ask: Callable[[], _T], who: str, environment: str) -> _T:
    """Return what ``ask`` does, which must change nothing. Raises MlcdError, also when it is late.

    A question that is late ends by itself, and nobody hears its answer.
    """
    found: list[_T] = []
    hint = f"`jupyter mlcd delivery rehearse {environment}` waits longer."
    problem: list[MlcdError] = [WorldError(f"{who} did not answer in time", code="slow", hint=hint)]

    def asking() -> None:
        try:
            found.append(ask())
        except MlcdError as error:
            problem.append(error)

    thread = threading.Thread(target=asking, daemon=True)
    thread.start()
    thread.join(PATIENCE)
    if not found:
        raise problem[-1]
    return found[0]
