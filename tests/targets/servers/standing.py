"""The frame of stand-ins: a server that answers JSON by a function of method, path and body."""

from __future__ import annotations

import json
import threading
from collections.abc import Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, unquote, urlsplit

from tests.serving import Quiet, serving

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

Answer = tuple[int, Any, Mapping[str, str]]


class Refusal(Exception):  # noqa: N818 - it is an answer
    """An answer that ends what was begun."""

    def __init__(self, status: int, body: object) -> None:
        super().__init__(status)
        self.answer: Answer = (status, body, {})


class Asked:
    """One request."""

    def __init__(self, method: str, target: str, headers: Mapping[str, str], body: bytes) -> None:
        split = urlsplit(target)
        self.method, self.path = method, unquote(split.path)
        self.query = dict(parse_qsl(split.query))
        self.headers, self.body = headers, body

    @property
    def json(self) -> Any:
        """What was sent."""
        return json.loads(self.body)


@contextmanager
def standing(answers: Callable[[Asked], Answer]) -> Iterator[str]:
    """Run the server, on a free port of the loopback; give its address."""
    lock = threading.Lock()

    class Handler(Quiet):
        def answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            headers = {name.lower(): value for name, value in self.headers.items()}
            try:
                with lock:
                    found = answers(Asked(self.command, self.path, headers, body))
            except Refusal as refusal:
                found = refusal.answer
            status, said, more = found
            content = said if isinstance(said, bytes) else json.dumps(said).encode()
            self.said(status, more, content)

        do_GET = do_POST = do_PUT = answer  # noqa: N815 - named by the library

    with serving(Handler) as url:
        yield url
