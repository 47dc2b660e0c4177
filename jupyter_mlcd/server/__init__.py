"""The server extension: routes, one handler for all of them, a watcher, event hints."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jupyter_server.serverapp import ServerApp


def _load_jupyter_server_extension(serverapp: ServerApp) -> None:
    """Set the extension up; called by Jupyter Server."""
    from jupyter_mlcd.server.extension import set_up  # noqa: PLC0415 - only in a server

    set_up(serverapp)
