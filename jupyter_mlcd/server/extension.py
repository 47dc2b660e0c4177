"""Setting the extension up in a Jupyter Server: handlers, event schema, watcher."""

from __future__ import annotations

import os
import re
import traceback
import uuid
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
from jupyter_server.utils import url_path_join

from jupyter_mlcd.model.errors import MlcdError
from jupyter_mlcd.model.evidence import STARTED_BY_A_SERVER
from jupyter_mlcd.model.status import Status
from jupyter_mlcd.server.handlers import OpenApiHandler, ProjectsHandler, RouteHandler
from jupyter_mlcd.server.late import Late
from jupyter_mlcd.server.nonces import Nonces
from jupyter_mlcd.server.projects import reference
from jupyter_mlcd.server.routes import ROUTES, Route
from jupyter_mlcd.server.watcher import Watcher
from jupyter_mlcd.workbench import runs_go_on
from jupyter_mlcd.world.types_in_threads import ready_types

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Sequence

    from jupyter_server.serverapp import ServerApp

    from jupyter_mlcd.server.late import About

SCHEMA = Path(__file__).parent / "events" / "changed.yaml"
SCHEMA_ID = "https://schema.jupyter-mlcd.org/changed"


class Extension:
    """What the handlers share for as long as the server lives."""

    def __init__(self, serverapp: ServerApp) -> None:
        self.serverapp = serverapp
        self.root = Path(serverapp.root_dir)
        self.nonces = Nonces()
        self.late = Late()
        self.event_logger: Any = serverapp.event_logger
        self._going: set[asyncio.Task[bytes]] = set()
        self.watcher = Watcher(self._changed, self._busy, runs_go_on)

    def watch(self, folder: Path, state: Path, files: Sequence[Path] | None) -> None:
        """Go on telling clients about this project."""
        self.watcher.watch(folder, state, files)

    def numbered(self, folder: Path, answer: object) -> object:
        """Return a Status with the number of the last change that was seen."""
        if not isinstance(answer, Status):
            return answer
        return msgspec.structs.replace(answer, seq=self.watcher.seq(folder))

    def person(self, user: Any) -> str:  # noqa: ANN401 - jupyter_server's User or a test's
        """Return ``Name <e-mail>`` of a user with a real login, else nothing: git's identity.

        With a token everybody is "Anonymous" with an invented name; that is nobody.
        """
        provider = type(self.serverapp.identity_provider).__name__
        if provider in {"IdentityProvider", "PasswordIdentityProvider"} or user is None:
            return ""
        name = re.sub(r"[<>\x00-\x1f]", "", user.display_name or user.name or user.username)
        return f"{name} <{re.sub(r'[^A-Za-z0-9._@+-]', '-', user.username)}>"

    def let_go_on(self, task: asyncio.Task[bytes], about: About) -> None:
        """Hold on to what goes on after its answer; a refusal is told to who looks again."""

        def ended(task: asyncio.Task[bytes]) -> None:
            self._going.discard(task)
            error = None if task.cancelled() else task.exception()
            if isinstance(error, MlcdError):
                self.late.keep(about, error.problem)
            elif error is not None:
                self.log_bug(error)

        self._going.add(task)
        task.add_done_callback(ended)

    def log_bug(self, error: BaseException | None) -> str:
        """Log an error that is not an answer, and return the id that the client is told."""
        number = uuid.uuid4().hex[:8]
        words = "".join(traceback.format_exception(error)) if error else "no exception"
        self.serverapp.log.error("jupyter_mlcd: internal error %s\n%s", number, words)
        return number

    def _changed(self, folder: Path, topic: str, name: str, seq: int) -> None:
        project = reference(self.root, folder).id
        hint = {"project": project, "topic": topic, "id": name, "seq": seq}
        self.event_logger.emit(schema_id=SCHEMA_ID, data=hint)

    def _busy(self, moment: Any) -> None:  # noqa: ANN401 - a datetime
        """Keep the server from being culled while a run goes on."""
        times = self.serverapp.web_app.settings.setdefault("last_activity_times", {})
        times["jupyter_mlcd"] = moment


def set_up(serverapp: ServerApp) -> None:
    """Register the event schema, the handlers and the watcher."""
    ready_types("jupyter_mlcd")
    os.environ[STARTED_BY_A_SERVER] = "1"  # read by the runners that it starts
    extension = Extension(serverapp)
    extension.event_logger.register_event_schema(SCHEMA)
    base = serverapp.web_app.settings["base_url"]
    given = {"extension": extension}
    handlers: list[Any] = [
        (url_path_join(base, "/mlcd/projects"), ProjectsHandler, given),
        (url_path_join(base, r"/mlcd/openapi\.json"), OpenApiHandler, given),
    ]
    for path, routes in _by_path().items():
        pattern = re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", path)
        handlers.append((url_path_join(base, pattern), RouteHandler, {**given, **routes}))
    web_app: Any = serverapp.web_app
    web_app.add_handlers(".*$", handlers)
    extension.watcher.start()


def _by_path() -> dict[str, dict[str, Route]]:
    found: dict[str, dict[str, Route]] = {}
    for route in ROUTES:
        found.setdefault(route.path, {})[route.method] = route
    return found
