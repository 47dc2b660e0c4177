"""The output of a widget: its view where somebody looks, and a plain table for everybody later."""

from __future__ import annotations

import uuid
import weakref
from typing import TYPE_CHECKING

from jupyter_mlcd.model.errors import MlcdError
from jupyter_mlcd.widgets.still import Still
from jupyter_mlcd.world.this_kernel import kernel_shell

if TYPE_CHECKING:
    from collections.abc import Callable

VIEW = "application/vnd.jupyter.widget-view+json"

_shown: weakref.WeakSet[Display] = weakref.WeakSet()


class Display:
    """Everything of one widget that was shown; ``still`` says what it leaves behind."""

    def __init__(self, still: Callable[[], Still]) -> None:
        self._still = weakref.WeakMethod(still)
        self._ids: list[str] = []
        self._view: str | None = None
        self._last: dict[str, object] = {}

    def show(self, view: str | None) -> None:
        """Put it below the cell that runs; ``view`` is the widget's model, None where nobody is."""
        self._view = view
        self._ids.append(uuid.uuid4().hex)
        self._last = self._bundle()
        _publish(self._last, self._ids[-1], update=False)
        if self not in _shown:
            _shown.add(self)
            _renew_after_each_cell()

    def renew(self) -> None:
        """Bring what was shown up to date, if anything in it changed."""
        bundle = self._bundle()
        if self._ids and bundle != self._last:
            self._last = bundle
            for one in self._ids:
                _publish(bundle, one, update=True)

    def _bundle(self) -> dict[str, object]:
        made = self._still()
        try:
            still = Still("closed") if made is None else made()
        except MlcdError as error:
            still = Still(error.message, words=error.hint)
        bundle: dict[str, object] = {**still.bundle()}
        if self._view is not None:
            bundle[VIEW] = {"version_major": 2, "version_minor": 0, "model_id": self._view}
        return bundle


def _publish(bundle: dict[str, object], name: str, *, update: bool) -> None:
    shell = kernel_shell()
    if shell is not None:
        shell.display_pub.publish(bundle, transient={"display_id": name}, update=update)
    elif not update:
        print(bundle["text/plain"])  # noqa: T201 - a terminal has no other place for it


def _renew_after_each_cell() -> None:
    """Renew tables while a cell still counts as running.

    papermill and nbconvert take an update only from the cell that they wait for.
    """
    shell = kernel_shell()
    if shell is not None and _renew_all not in shell.events.callbacks["post_run_cell"]:
        shell.events.register("post_run_cell", _renew_all)


def _renew_all(_: object) -> None:
    for one in list(_shown):
        if one._view is None:  # noqa: SLF001 - a view is renewed when all is still
            one.renew()
