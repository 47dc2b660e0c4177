"""A server extension that tells how long each callback of the event loop took.

Loaded by `event_loop` beside ours. It stands around asyncio's own ``Handle._run``, so that every
callback and every step of every coroutine is measured, with the time of the processor that it took
itself: on a busy machine the rest is waiting for a turn, which is nobody's fault here.
"""

from __future__ import annotations

import asyncio
import json
import time
from typing import TYPE_CHECKING, Any

from jupyter_server.base.handlers import APIHandler
from tornado import web

if TYPE_CHECKING:
    from jupyter_server.serverapp import ServerApp

_LATE_EVERY = 0.005
"""Seconds between two ticks whose lateness is what a client feels."""

_holds: list[dict[str, Any]] = []
_late: list[float] = []


class ProbeHandler(APIHandler):
    """``GET /probe``: what was held since the last question."""

    @web.authenticated
    async def get(self) -> None:
        """Return the holds over 5 ms, longest first, and the worst lateness of a tick, in ms."""
        holds = sorted(_holds, key=lambda hold: -hold["wall"])[:20]
        answer = {"holds": holds, "late": max(_late, default=0.0)}
        _holds.clear()
        _late.clear()
        self.finish(json.dumps(answer))


def _load_jupyter_server_extension(serverapp: ServerApp) -> None:
    web_app: Any = serverapp.web_app
    base = web_app.settings["base_url"]
    web_app.add_handlers(".*$", [(f"{base}probe", ProbeHandler)])
    asyncio.events.Handle._run = _measured(asyncio.events.Handle._run)  # type: ignore[method-assign] # noqa: SLF001
    serverapp.io_loop.add_callback(_tick)


def _measured(run: Any) -> Any:
    def measured(handle: asyncio.Handle) -> None:
        name = _name(handle)
        wall, own = time.perf_counter(), time.thread_time()
        try:
            run(handle)
        finally:
            wall, own = time.perf_counter() - wall, time.thread_time() - own
            if wall > 0.005:
                _holds.append({"name": name, "wall": wall * 1000, "own": own * 1000})

    return measured


def _name(handle: asyncio.Handle) -> str:
    """Return where the code lies that this callback goes on with."""
    callback: Any = getattr(handle, "_callback", None)
    task = getattr(callback, "__self__", None)
    if not isinstance(task, asyncio.Task):
        return f"{getattr(callback, '__module__', '')}.{getattr(callback, '__qualname__', '?')}"
    coroutine: Any = task.get_coro()
    names = []
    while hasattr(coroutine, "cr_code"):
        names.append(
            f"{coroutine.cr_code.co_filename.rsplit('site-packages/')[-1]}:{coroutine.__qualname__}"
        )
        coroutine = coroutine.cr_await
    return " > ".join(names[-3:])


async def _tick() -> None:
    while True:
        began = time.perf_counter()
        await asyncio.sleep(_LATE_EVERY)
        _late.append((time.perf_counter() - began - _LATE_EVERY) * 1000)
