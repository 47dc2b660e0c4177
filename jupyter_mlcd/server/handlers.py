"""One handler for every route: who asks, is it allowed, is the body right, call, answer.

Work that may touch the disk or git runs in a thread, the making of the answer with it, so that
the server's loop is never held up.
"""

from __future__ import annotations

import asyncio
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
from jupyter_server.auth.decorator import authorized
from jupyter_server.base.handlers import APIHandler
from tornado import web

from jupyter_mlcd.model.errors import MlcdError, Problem, UsageError
from jupyter_mlcd.server import projects, refusals
from jupyter_mlcd.server.openapi import document
from jupyter_mlcd.server.routes import Call, Route

if TYPE_CHECKING:
    from collections.abc import Callable

    from jupyter_mlcd.server.extension import Extension
    from jupyter_mlcd.server.late import About

_LARGEST_BODY = 1024 * 1024
_PATIENCE = 0.4
"""Seconds after which it is looked at how far it is that waits for another system."""
_PAGE_POLICY = (
    "sandbox; default-src 'none'; img-src data:; style-src 'unsafe-inline'; font-src data:; "
    "form-action 'none'; base-uri 'none'; frame-ancestors 'self'"
)
"""A page of an executed notebook may neither run scripts nor reach the network."""


class MlcdHandler(APIHandler):
    """What all our routes share: JSON, our errors, no caching."""

    extension: Extension
    auth_resource = "mlcd"

    def initialize(self, extension: Extension, **routes: Any) -> None:  # noqa: ANN401 - by method
        """Take what the route table gave."""
        self.extension = extension
        self.routes: dict[str, Route] = routes

    async def prepare(self, **kwargs: Any) -> None:  # noqa: ANN401 - jupyter_server's own
        """Refuse what another page sends, then see who asks."""
        if refusals.is_foreign(self):
            self.current_user = self._jupyter_current_user = None
            raise refusals.foreign_origin()
        await super().prepare(**kwargs)

    def skip_check_origin(self) -> bool:
        """Whether a foreign Origin does not matter: not even with a token, as elsewhere."""
        site = self.request.headers.get("Sec-Fetch-Site")
        return site == refusals.SAME_ORIGIN and super().skip_check_origin()

    def write_error(self, status_code: int, **kwargs: Any) -> None:  # noqa: ANN401 - tornado's
        """Answer with a Problem; what is not ours is an internal error with an id and no words."""
        error = kwargs.get("exc_info", (None, None, None))[1]
        if status_code == HTTPStatus.FORBIDDEN and self._is_nobody(error):
            error = refusals.not_logged_in()
            self.set_header("WWW-Authenticate", "token")
        if isinstance(error, MlcdError | refusals.RequestError):
            self.set_status(error.http_status)
            self._answer(error.problem)
            return
        if status_code == HTTPStatus.METHOD_NOT_ALLOWED:
            self.set_header("Allow", ", ".join([*(self.routes or ["GET"]), "OPTIONS"]))
        words = HTTPStatus(status_code).phrase.lower() if status_code < 500 else "internal error"  # noqa: PLR2004
        reference = f" {self.extension.log_bug(error)}" if status_code >= 500 else ""  # noqa: PLR2004
        self.set_status(status_code)
        hint = "Nothing was delivered by this. The server's log says more." if reference else ""
        code = "internal" if reference else words.replace(" ", "-")
        self._answer(Problem(code, f"{words}{reference}", hint))

    def _is_nobody(self, error: object) -> bool:
        """Whether a refusal is for want of a login; Jupyter Server says 403 to that."""
        is_other = isinstance(error, refusals.RequestError) or not self.check_host()
        return not is_other and getattr(self, "_jupyter_current_user", None) is None

    def _answer(self, value: object) -> None:
        self._send(msgspec.json.encode(value))

    def _send(self, encoded: bytes) -> None:
        self.set_header("Content-Type", "application/json")
        self.set_header("Cache-Control", "no-store")
        self.finish(encoded)

    def log_exception(self, *args: Any) -> None:  # noqa: ANN401 - tornado's own signature
        """Say nothing about errors that are answers; others are logged with their id."""

    async def _in_thread(self, work: Callable[[], Any]) -> Any:  # noqa: ANN401 - the route's type
        return await asyncio.to_thread(work)

    async def _soon(
        self, work: Callable[[], bytes], so_far: Callable[[], bytes | None], about: About
    ) -> bytes:
        """Return what came of it, or how far it is where another system lets it wait.

        It goes on then: what becomes of it stands in the history, and a hint tells of that. Why it
        was refused is told to who looks again.
        """
        task = asyncio.create_task(self._in_thread(work))
        while not (await asyncio.wait({task}, timeout=_PATIENCE))[0]:
            found: bytes | None = await self._in_thread(so_far)
            if found is not None and not task.done():
                self.extension.let_go_on(task, about)
                return found
        answer: bytes = await task
        return answer

    def _root(self) -> Path:
        return Path(self.extension.root)


class ProjectsHandler(MlcdHandler):
    """``GET /mlcd/projects``."""

    @web.authenticated
    @authorized(action="read")  # type: ignore[untyped-decorator]
    async def get(self) -> None:
        """List the projects, the one that holds ``path`` first."""
        path = self.get_query_argument("path", "")
        root = self._root()
        found = await self._in_thread(lambda: projects.find_projects(root, path))
        self._answer({"projects": found})


class OpenApiHandler(MlcdHandler):
    """``GET /mlcd/openapi.json``."""

    @web.authenticated
    @authorized(action="read")  # type: ignore[untyped-decorator]
    async def get(self) -> None:
        """Return the OpenAPI document, made from the table of routes."""
        self._send(await self._in_thread(lambda: msgspec.json.encode(document(self.base_url))))


class RouteHandler(MlcdHandler):
    """Every route of a project."""

    @web.authenticated
    async def get(self, **parts: str) -> None:
        """Answer a GET route."""
        await self._call("GET", parts)

    @web.authenticated
    async def post(self, **parts: str) -> None:
        """Answer a POST route."""
        await self._call("POST", parts)

    async def _call(self, method: str, parts: dict[str, str]) -> None:
        route = self.routes.get(method)
        if route is None:
            raise web.HTTPError(HTTPStatus.METHOD_NOT_ALLOWED)
        await self._authorise(route)
        body = self._body(route)
        folder = projects.project_folder(self._root(), parts.pop("project"))
        parts |= {name: self.get_query_argument(name, "", strip=False) for name in route.query}
        by = self._by()
        extension = self.extension

        def asked() -> Call:
            reference = projects.reference(self._root(), folder)
            bench = projects.project_workbench(folder, by)
            return Call(bench, reference, parts, body, extension.nonces, extension.late)

        def work() -> bytes:
            call = asked()
            answer = route.call(call)
            files = call.bench.tracked_files() if route.verb == "status" else None
            extension.watch(folder, call.bench.state, files)
            if isinstance(answer, bytes):
                return answer
            return msgspec.json.encode(extension.numbered(folder, answer))

        def so_far() -> bytes | None:
            found = route.so_far(asked()) if route.so_far else None
            return None if found is None else msgspec.json.encode(found)

        about = (projects.reference(self._root(), folder).id, parts.get("key", ""))
        if route.method == "POST":
            extension.late.forget(about)
        answer = await (self._soon(work, so_far, about) if route.so_far else self._in_thread(work))
        self.set_status(route.status)
        if route.answer is bytes:
            self._page(answer, route.media)
        else:
            self._send(answer)

    async def _authorise(self, route: Route) -> None:
        authorizer = self.authorizer
        user = self.current_user
        allowed = authorizer.is_authorized(self, user, route.action, route.resource)
        if hasattr(allowed, "__await__"):
            allowed = await allowed
        if not allowed:
            raise web.HTTPError(HTTPStatus.FORBIDDEN)

    def _body(self, route: Route) -> object:
        if route.body is None:
            return None
        kind = self.request.headers.get("Content-Type", "").partition(";")[0].strip().lower()
        if kind != "application/json":
            raise refusals.wrong_media_type()
        if len(self.request.body) > _LARGEST_BODY:
            raise refusals.too_large(_LARGEST_BODY)
        try:
            return msgspec.json.decode(self.request.body, type=route.body)
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
            raise UsageError(f"the body is not what {route.verb} takes: {error}") from None

    def _by(self) -> str:
        """Return who asks, if the server knows her by more than an invented name."""
        return self.extension.person(self.current_user)

    def _page(self, page: bytes, media: str) -> None:
        self.set_header("Content-Security-Policy", _PAGE_POLICY)
        self.set_header("X-Content-Type-Options", "nosniff")
        self.set_header("Referrer-Policy", "no-referrer")
        self.set_header("Cross-Origin-Resource-Policy", "same-origin")
        self.set_header("Cache-Control", "private, no-store")
        # Jupyter's own ``finish`` takes every answer for JSON unless it is told otherwise.
        self.finish(page, set_content_type=f"{media}; charset=utf-8" if "text" in media else media)
