"""What all widgets share: their project, messages, watching, and the table they leave behind."""

from __future__ import annotations

import threading
import uuid
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Protocol, runtime_checkable

import anywidget
import msgspec
import traitlets

from jupyter_mlcd.model.errors import MlcdError, Problem
from jupyter_mlcd.model.result import State
from jupyter_mlcd.widgets.answers import HERE, answer, reference
from jupyter_mlcd.widgets.display import Display
from jupyter_mlcd.widgets.hands import submit
from jupyter_mlcd.widgets.view_code import LOADER, view_code
from jupyter_mlcd.widgets.views import Views
from jupyter_mlcd.widgets.watching import LOG, Hint, News, watcher_of
from jupyter_mlcd.workbench import Workbench
from jupyter_mlcd.world.this_kernel import somebody_is_there

if TYPE_CHECKING:
    from collections.abc import Iterable

    from jupyter_mlcd.model.run import Run
    from jupyter_mlcd.model.status import Status
    from jupyter_mlcd.widgets.still import Still


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

    problem = traitlets.Instance(Problem, allow_none=True, read_only=True)
    """Why the project could not be read the last time; None when it could."""

    def __init__(
        self, subject: str = "", *, project: Opened | Path | str = ".", **layout: Any
    ) -> None:
        self._views = Views()
        self._bench = _workbench(project)
        self._watcher = watcher_of(self._bench)
        self._display = Display(self._still, self._watcher.marks)
        self._refreshing = threading.RLock()
        self._subject = subject
        self.refresh()  # What cannot be read raises before a browser is told of it.
        super().__init__(_key=uuid.uuid4().hex, _shows=self.shows, **layout)
        self.on_msg(self._heard)
        self._watcher.add(self)

    # -------------------------------------------------------------------------- for people

    def refresh(self) -> None:
        """Read the project again, and set the traits. Raises MlcdError when it cannot be read."""
        self._set_traits(self._bench.status(reference(self._bench)))

    def close(self) -> None:
        """Take the views away; what stays is the table."""
        self._views.clear()
        super().close()

    def _take(self, status: Status) -> None:
        """Set the traits from the project's state. Raises MlcdError."""
        self.set_trait("problem", status.problem)

    def _still(self) -> Still:
        """Return what is left behind. Raises MlcdError."""
        raise NotImplementedError

    def _runs(self) -> Iterable[Run]:
        """Return the runs that have to be followed even while nobody looks."""
        return ()

    def _set_traits(self, status: Status) -> None:
        with self._refreshing:
            try:
                self._take(status)
            except MlcdError as error:
                self.set_trait("problem", error.problem)
                raise

    # ------------------------------------------------------------------ shown, with or without

    def open(self) -> None:
        """Open the connection to the browser, where there is one.

        Without, papermill would store the state of a widget that nobody has seen.
        """
        if somebody_is_there():
            self._connect()

    def _connect(self) -> None:
        self._code = view_code().digest
        super().open()

    @property
    def model_id(self) -> str:
        """Id of the widget; another widget that holds this one asks for it.

        Where nobody is there to see the other one, the table is put beside it.
        """
        if self.comm is not None:
            return str(self.comm.comm_id)
        if self._model_id is None:
            self._connect()
            if not somebody_is_there():
                self._display.show("")
        return str(self._model_id)  # Also of one that is closed; its views are gone.

    def _ipython_display_(self) -> None:
        if somebody_is_there() and self._model_id is None:
            self._connect()
        self._display.show("" if self.comm is None or not somebody_is_there() else self.model_id)

    # ------------------------------------------------------------------------- while displayed

    def _heard(self, _: object, said: Any, __: object) -> None:
        match said:
            case {"kind": "code"}:
                code = view_code()
                self.send({"kind": "code", "digest": code.digest}, [code.script, code.style])
            case {"kind": "ask", "id": str(asked), "path": str(path), "body": body}:
                submit(lambda: self._answer(asked, path, body))
            case {"kind": "shown", "view": str(view)}:
                self._views.shown(view)
                self._watcher.start()
            case {"kind": "hidden", "view": str(view)}:
                self._views.hidden(view)

    def _answer(self, asked: str, path: str, body: object) -> None:
        try:
            found = answer(self._bench, path, body)
        except MlcdError as error:
            self._refuse(asked, error.problem)
        except Exception:  # noqa: BLE001 - a bug of ours: logged, and named to the person
            number = uuid.uuid4().hex[:8]
            LOG.exception("internal error %s", number)
            hint = "Nothing was delivered by this. The kernel's log says more."
            self._refuse(asked, Problem("internal", f"internal error {number}", hint))
        else:
            buffers = [] if found.content is None else [found.content]
            self.send({"kind": "answer", "id": asked, "value": found.value}, buffers)
            if body is not None:
                self._watcher.start()
                self._watcher.tell(Hint("files"))

    def _refuse(self, asked: str, problem: Problem) -> None:
        self.send({"kind": "problem", "id": asked, "problem": msgspec.to_builtins(problem)})

    def is_wanted(self) -> bool:
        """Return whether somebody looks, or a run of this widget goes on."""
        return bool(self._views) or self._is_running()

    def _is_running(self) -> bool:
        return any(run.state is not State.ENDED for run in self._runs())

    def hear(self, news: News) -> None:
        """Tell the views what changed, set the traits, and renew the table when all is still."""
        if self._views:
            hint = {"project": HERE, **news.hint._asdict(), "seq": 0}
            self.send({"kind": "hint", "hint": hint, "answers": news.answers})
        try:
            if isinstance(news.status, MlcdError):
                self.set_trait("problem", news.status.problem)
            else:
                self._set_traits(news.status)
        except MlcdError as error:
            LOG.debug("a widget cannot be read: %s", error)  # It stands in ``problem``.
        if not self._is_running():
            self._display.renew()


def _workbench(project: Opened | Path | str) -> Workbench:
    return Workbench(project) if isinstance(project, (str, Path)) else project.workbench
