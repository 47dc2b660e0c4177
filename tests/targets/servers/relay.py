"""What stands between a target and its server: it keeps what was asked, and can lose an answer."""

from __future__ import annotations

import http.client
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Iterator

_OF_THE_WAY = {"host", "connection", "transfer-encoding", "content-length"}


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

    def changes(self, part: str) -> int:
        """Return how often something was changed at a path that holds ``part``."""
        return sum(1 for method, path in self.asked if method != "GET" and part in path)


@contextmanager
def relayed(upstream: str) -> Iterator[Relay]:
    """Lead to a server from a free port of the loopback."""
    place = urlsplit(upstream).netloc

    class Handler(BaseHTTPRequestHandler):
        def answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            here.asked.append((self.command, self.path))
            for name in self.headers:
                here.shown.setdefault(name.lower(), set()).add(self.path)
            kept = {k: v for k, v in self.headers.items() if k.lower() not in _OF_THE_WAY}
            onward = http.client.HTTPConnection(place, timeout=60)
            onward.request(self.command, self.path, body or None, kept)
            answer = onward.getresponse()
            content = answer.read()
            onward.close()
            if here.loses and self.command != "GET" and here.loses in self.path:
                self.close_connection = True
                return
            self.send_response(answer.status)
            for name, value in answer.getheaders():
                if name.lower() not in _OF_THE_WAY:
                    self.send_header(name, value)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST = do_PUT = answer  # noqa: N815 - named by the library

        def log_message(self, *_: object) -> None:
            """Print nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    here = Relay(f"http://127.0.0.1:{server.server_port}")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield here
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
