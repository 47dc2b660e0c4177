"""A real Jupyter server on a project, asked as the front end asks."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from contextlib import suppress
from typing import TYPE_CHECKING, Self

from jupyter_mlcd.server.projects import project_id
from tests.browser.lab import Lab

if TYPE_CHECKING:
    from pathlib import Path


class Server:
    """A server in a process of its own; the project is its root."""

    def __init__(self, root: Path, home: Path, app: str = "jupyter_server") -> None:
        """Take the project's folder and a place for what the server keeps."""
        self.lab = Lab(root, home, app)
        self.project = f"mlcd/projects/{project_id('')}"

    def __enter__(self) -> Self:
        """Start it."""
        self.lab.start()
        return self

    def __exit__(self, *_: object) -> None:
        """End it."""
        self.lab.stop()

    def get(self, path: str) -> bytes:
        """Return what a route of the project answers."""
        return self.fetch(self.project + path)

    def ask(self, path: str) -> None:
        """Ask for an address, whatever it answers."""
        with suppress(urllib.error.HTTPError):
            self.fetch(path)

    def fetch(self, path: str, body: object = None) -> bytes:
        """Return what any address of the server answers; with a body it is posted."""
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.lab.port}/{path}",
            data=None if body is None else json.dumps(body).encode(),
            headers={
                "Authorization": f"token {self.lab.token}",
                "Content-Type": "application/json",
            },
        )
        with urllib.request.urlopen(request, timeout=120) as answer:  # noqa: S310 - loopback
            found: bytes = answer.read()
            return found
