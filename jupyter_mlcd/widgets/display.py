"""The outputs of a widget: its view where somebody looks, and a plain table for everybody later.

They are two outputs of the cell. The views' stylesheet hides the table that follows a live view, so
that it shows when the view is gone: in a notebook that is opened without its kernel, in nbconvert's
pages, on a code host. And the view is left in peace when the table is renewed.
"""

from __future__ import annotations

import threading
import uuid
import weakref
from typing import TYPE_CHECKING

from jupyter_mlcd.model.errors import MlcdError
from jupyter_mlcd.widgets.cells import after_each_cell
from jupyter_mlcd.widgets.still import Still
from jupyter_mlcd.world.this_kernel import kernel_shell

if TYPE_CHECKING:
    from collections.abc import Callable

    Marks = Callable[[], object]

VIEW = "application/vnd.jupyter.widget-view+json"

_shown: weakref.WeakSet[Display] = weakref.WeakSet()


class Display:
    """Everything of one widget that was shown; ``still`` says what it leaves behind.

    ``marks`` is quick to call and gives something else when the table may have changed.
    """

    def __init__(self, still: Callable[[], Still], marks: Marks) -> None:
        self._still = weakref.WeakMethod(still)
        self._marks = marks
        self._at: object = None
        self._renewing = threading.Lock()
        self._ids: list[str] = []
        self._last: dict[str, str] = {}

    def show(self, view: str) -> None:
        """Put it below the cell that runs; ``view`` is the widget's model, empty for the table."""
        if view:
            model = {"version_major": 2, "version_minor": 0, "model_id": view}
            # Programs that know no widgets find the words in the table.
            _publish({VIEW: model, "text/plain": ""}, uuid.uuid4().hex, update=False)
        self._ids.append(uuid.uuid4().hex)
        self._at = self._marks()
        self._last = self._bundle()
        _publish({**self._last}, self._ids[-1], update=False)
        _shown.add(self)
        after_each_cell(_renew_all)

    def renew(self) -> None:
        """Bring the tables that were shown up to date, if anything in them changed."""
        with self._renewing:  # A cell must not end before what another thread has begun.
            marks = self._marks()
            if not self._ids or marks == self._at:
                return
            self._at = marks
            bundle = self._bundle()
            if bundle != self._last:
                self._last = bundle
                for one in self._ids:
                    _publish({**bundle}, one, update=True)

    def _bundle(self) -> dict[str, str]:
        made = self._still()
        try:
            still = Still("closed") if made is None else made()
        except MlcdError as error:
            still = Still(error.message, words=error.hint)
        return still.bundle()


def _publish(bundle: dict[str, object], name: str, *, update: bool) -> None:
    shell = kernel_shell()
    if shell is not None:
        shell.display_pub.publish(bundle, transient={"display_id": name}, update=update)
    elif not update:
        print(bundle["text/plain"])  # noqa: T201 - a terminal has no other place for it


def _renew_all() -> None:
    for one in list(_shown):
        one.renew()
