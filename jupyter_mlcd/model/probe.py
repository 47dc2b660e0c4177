"""Points that are looked at one after the other, as ``doctor`` does."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jupyter_mlcd.model.errors import MlcdError
from jupyter_mlcd.model.status import Check

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

Probe = tuple[str, "Callable[[], str]"]
"""The name of a point, and a function that returns what was found or raises MlcdError."""


def checked(probes: Iterable[Probe], needed: int = 0) -> list[Check]:
    """Return what each probe found; one that raises is a point that is not well.

    Where one of the first ``needed`` is not, the others are not asked.
    """
    checks: list[Check] = []
    for number, (name, probe) in enumerate(probes, start=1):
        try:
            checks.append(Check(number, name, ok=True, words=probe()))
        except MlcdError as error:
            checks.append(Check(number, name, ok=False, words=error.message, hint=error.hint))
            if number <= needed:
                break
    return checks
