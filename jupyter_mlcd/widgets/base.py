"""What all widgets share: their project, messages, watching, and the table they leave behind."""

from __future__ import annotations

import threading
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Protocol, runtime_checkable

import anywidget
import msgspec
import traitlets

from jupyter_mlcd.model.errors import MlcdError, Problem
from jupyter_mlcd.model.result import State
from jupyter_mlcd.widgets.answers import HERE, answer, reference
from jupyter_mlcd.widgets.display import Display
from jupyter_mlcd.widgets.view_code import LOADER, view_code
from jupyter_mlcd.widgets.watching import Hint, Watcher
from jupyter_mlcd.workbench import Workbench
from jupyter_mlcd.world.this_kernel import somebody_is_there

if TYPE_CHECKING:
    from collections.abc import Iterable

    from jupyter_mlcd.model.run import Run
    from jupyter_mlcd.model.status import Status
    from jupyter_mlcd.widgets.still import Still

_LEASE = 65.0
"""Seconds for which a view is taken for shown after it said so; it says so every 20."""
_AT_ONCE = 2
"""Questions of views that are answered side by side."""


@runtime_checkable
class Opened(Protocol):
    """What ``jupyter_mlcd.open_project`` returns."""

    workbench: Workbench


class MlcdWidget(anywidget.AnyWidget):
    """Base of the widgets. ``project`` is an opened project, or a path inside of one.

    Traits are set in a thread while the widget is shown or its run goes on. Raises GitError
    outside of a git repository.
    """

    shows: ClassVar[str]
    """What the views call it."""

    _esm = LOADER
    _code = traitlets.Unicode().tag(sync=True)
    """Digest of the views' code."""
    _key = traitlets.Unicode().tag(sync=True)
    _shows = traitlets.Unicode().tag(sync=True)
    _project = traitlets.Unicode(HERE).tag(sync=True)
    _subject = traitlets.Unicode().tag(sync=True)

    problem = traitlets.Instance(Problem, allow_none=True)
    """Why the project could not be read the last time; None when it could."""

    def __init__(
        self, subject: str = "", *, project: Opened | Path | str = ".", **layout: Any
    ) -> None:
        self._bench = _workbench(project)
        self._views: dict[str, float] = {}
        self._watcher = Watcher(self._bench, self._changed, self._is_wanted)
        self._display = Display(self._still)
        self._refreshing = threading.RLock()
        super().__init__(
            _key=uuid.uuid4().hex,
            _shows=self.shows,
            _subject=subject,
            _code=view_code().digest if somebody_is_there() else "",
            **layout,
        )
        self.on_msg(self._heard)
        self.refresh()

    # -------------------------------------------------------------------------- for people

    def refresh(self) -> None:
        """Read the project again, and set the traits. Raises MlcdError when it cannot be read."""
        with self._refreshing:
            try:
                self._take(self._bench.status(reference(self._bench)))
            except MlcdError as error:
                self.problem = error.problem
                raise

    def _take(self, status: Status) -> None:
        """Set the traits from the project's state."""
        self.problem = status.problem

    def _still(self) -> Still:
        """Return what is left behind. Raises MlcdError."""
        raise NotImplementedError

    def _runs(self) -> Iterable[Run]:
        """Return the runs that have to be followed even while nobody looks."""
        return ()

    # ------------------------------------------------------------------ shown, with or without

    def open(self) -> None:
        """Open the connection to the browser, where there is one.

        Without, papermill would store the state of a widget that nobody has seen.
        """
        if somebody_is_there():
            super().open()

    @property
    def model_id(self) -> str:
        """Id of the widget; another widget that holds this one asks for it."""
        if self.comm is None:
            super().open()
        return str(super().model_id)

    def _ipython_display_(self) -> None:
        view = None if self.comm is None else self.model_id
        self._display.show(view)

    # ------------------------------------------------------------------------- while displayed

    def _heard(self, _: object, said: Any, __: object) -> None:
        match said:
            case {"kind": "code"}:
                code = view_code()
                self.send({"kind": "code", "digest": code.digest}, [code.script, code.style])
            case {"kind": "ask", "id": str(asked), "path": str(path), "body": body}:
                _threads().submit(self._answer, asked, path, body)
            case {"kind": "shown", "view": str(view)}:
                self._views[view] = time.monotonic() + _LEASE
                self._watcher.start()
            case {"kind": "hidden", "view": str(view)}:
                self._views.pop(view, None)

    def _answer(self, asked: str, path: str, body: object) -> None:
        try:
            found = answer(self._bench, path, body)
        except MlcdError as error:
            problem = msgspec.to_builtins(error.problem)
            self.send({"kind": "problem", "id": asked, "problem": problem})
        except Exception:
            problem = {"code": "internal", "message": "internal error in the kernel"}
            self.send({"kind": "problem", "id": asked, "problem": problem})
            raise
        else:
            buffers = [] if found.content is None else [found.content]
            self.send({"kind": "answer", "id": asked, "value": found.value}, buffers)
            if body is not None:
                self._watcher.start()
                self._changed(Hint("files"))

    def _is_wanted(self) -> bool:
        now = time.monotonic()
        looked_at = any(until > now for until in list(self._views.values()))
        return looked_at or any(run.state is not State.ENDED for run in self._runs())

    def _changed(self, hint: Hint) -> None:
        """Set the traits, tell the views, and renew the table when all is still."""
        with suppress(MlcdError):  # It stands in ``problem``, and the views are told when they ask.
            self.refresh()
        if self._views:
            said = {"project": HERE, "topic": hint.topic, "id": hint.id}
            self.send({"kind": "hint", "hint": said, "answers": self._ahead(hint)})
        if not any(run.state is not State.ENDED for run in self._runs()):
            self._display.renew()

    def _ahead(self, hint: Hint) -> dict[str, object]:
        """Return what the views ask next: a kernel that is busy with a cell could not answer."""
        paths = [f"projects/{HERE}"]
        if hint.topic == "run":
            paths.append(f"projects/{HERE}/runs/{hint.id}")
        answers: dict[str, object] = {}
        for path in paths:
            try:
                answers[path] = answer(self._bench, path, None).value
            except MlcdError:
                continue  # The views ask for it and are told why.
        return answers


def _workbench(project: Opened | Path | str) -> Workbench:
    return Workbench(project) if isinstance(project, (str, Path)) else project.workbench


@cache
def _threads() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="jupyter-mlcd-widget")
