"""What stands between a target and its server: it keeps what was asked, and can lose an answer."""

from __future__ import annotations

import http.client
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from tests.serving import Quiet, serving

if TYPE_CHECKING:
    from collections.abc import Iterator

_SUCCESS, _BROKEN = 299, 500
_OF_THE_WAY = {"host", "connection", "transfer-encoding", "content-length"}

NOES = (400, 401, 403, 404, 405, 409, 410, 422, 429)
"""What servers say that did nothing."""
BROKEN = {
    "500": (500, b"{}"),
    "502": (502, b"<html>bad gateway</html>"),
    "503": (503, b""),
    "html": (200, b"<html>please log in</html>"),
    "other-json": (200, b'{"something": "else"}'),
    "no-json": (200, b'{"half'),
    "nothing": (200, b""),
}
"""What servers say that may have done it all the same."""


@dataclass
class Relay:
    """An address that leads to the server at another one."""

    url: str
    asked: list[tuple[str, str]] = field(default_factory=list)
    """Method and path of each request."""
    shown: dict[str, set[str]] = field(default_factory=dict)
    """``{header: paths that it was sent to}``."""
    loses: str = ""
    """Answers to changes whose path holds this are lost, after they were done."""
    lies: tuple[str, int, bytes] = ("", 0, b"")
    """What is answered to changes whose path holds the first, whatever the server said: a status
    below 500 without asking it, all else after it was done."""

    def changes(self, part: str) -> int:
        """Return how often something was changed at a path that holds ``part``."""
        return sum(1 for method, path in self.asked if method != "GET" and part in path)


@contextmanager
def relayed(upstream: str) -> Iterator[Relay]:
    """Lead to a server from a free port of the loopback."""
    place = urlsplit(upstream).netloc

    class Handler(Quiet):
        def answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            here.asked.append((self.command, self.path))
            for name in self.headers:
                here.shown.setdefault(name.lower(), set()).add(self.path)
            part, status, words = here.lies
            is_lie = bool(part) and self.command != "GET" and part in self.path
            if is_lie and _SUCCESS < status < _BROKEN:
                self.said(status, {}, words)
                return
            kept = {k: v for k, v in self.headers.items() if k.lower() not in _OF_THE_WAY}
            onward = http.client.HTTPConnection(place, timeout=60)
            onward.request(self.command, self.path, body or None, kept)
            answer = onward.getresponse()
            content = answer.read()
            onward.close()
            if here.loses and self.command != "GET" and here.loses in self.path:
                self.close_connection = True
                return
            if is_lie:
                self.said(status, {}, words)
                return
            passed = [one for one in answer.getheaders() if one[0].lower() not in _OF_THE_WAY]
            self.said(answer.status, passed, content)

        do_GET = do_POST = do_PUT = answer  # noqa: N815 - named by the library

    with serving(Handler) as url:
        here = Relay(url)
        yield here
