"""A git server over HTTP with log-in and rules: git's own http-backend behind a small front."""

from __future__ import annotations

import base64
import gzip
import os
import subprocess
from contextlib import contextmanager
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from tests.serving import Quiet, serving

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path


def backend(  # noqa: PLR0913 - a request as HTTP has it
    folder: Path,
    method: str,
    target: str,
    headers: Mapping[str, str],
    body: bytes,
    *,
    user: str = "somebody",
) -> tuple[int, bytes, dict[str, str]]:
    """Return what git answers for the repositories in ``folder``: status, content, headers."""
    split = urlsplit(target)
    variables = {
        **os.environ,
        "GIT_PROJECT_ROOT": str(folder),
        "GIT_HTTP_EXPORT_ALL": "1",
        "GIT_PROTOCOL": headers.get("git-protocol", ""),
        "REQUEST_METHOD": method,
        "PATH_INFO": split.path,
        "QUERY_STRING": split.query,
        "CONTENT_TYPE": headers.get("content-type", ""),
        "CONTENT_LENGTH": str(len(body)),
        "REMOTE_USER": user,
        "REMOTE_ADDR": "127.0.0.1",
    }
    ended = subprocess.run(
        ["git", "http-backend"], input=body, env=variables, capture_output=True, check=True
    )
    head, _, content = ended.stdout.partition(b"\r\n\r\n")
    pairs = [line.partition(": ") for line in head.decode().split("\r\n")]
    said = {name: value for name, _, value in pairs}
    status = int(said.pop("Status", "200").split()[0])
    return status, content, said


@contextmanager
def git_over_http(folder: Path, people: Mapping[str, str]) -> Iterator[str]:
    """Serve the repositories in ``folder`` to ``{name: password}``; give the address.

    Hooks find the name in ``REMOTE_USER``.
    """
    shown = {
        f"Basic {base64.b64encode(f'{name}:{word}'.encode()).decode()}": name
        for name, word in people.items()
    }

    class Handler(Quiet):
        protocol_version = "HTTP/1.1"  # git sends large pushes in chunks

        def answer(self) -> None:
            body = self._body()
            user = shown.get(self.headers.get("Authorization", ""))
            if user is None:
                self.said(401, {"WWW-Authenticate": 'Basic realm="git"'}, b"")
                return
            asked = {name.lower(): value for name, value in self.headers.items()}
            status, content, headers = backend(
                folder, self.command, self.path, asked, body, user=user
            )
            self.said(status, headers, content)

        do_GET = do_POST = answer  # noqa: N815 - named by the library

        def _body(self) -> bytes:
            if self.headers.get("Transfer-Encoding") == "chunked":
                body = b""
                while size := int(self.rfile.readline(), 16):
                    body += self.rfile.read(size)
                    self.rfile.readline()
                self.rfile.readline()
            else:
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            return gzip.decompress(body) if self.headers.get("Content-Encoding") == "gzip" else body

    with serving(Handler) as url:
        yield url
