"""A server on this machine that answers what a test tells it, and keeps what it was asked."""

from __future__ import annotations

import json
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from jupyter_mlcd.world.credentials import Credentials
from tests.serving import Quiet, serving

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(frozen=True)
class Asked:
    """One request."""

    method: str
    path: str
    """With its query, decoded."""
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        """What was sent."""
        return json.loads(self.body)


@dataclass
class Answering:
    """What is answered: a value as JSON, or ``(status, text, headers)``; several in turn."""

    url: str
    answers: dict[str, list[Any]] = field(default_factory=dict)
    asked: list[Asked] = field(default_factory=list)

    def says(self, request: str, *answers: object) -> None:
        """Answer ``GET /path?query`` from now on; the last answer stays."""
        self.answers[request] = list(answers)


def keys(address: str, secret: str = "hunter2") -> Credentials:  # noqa: S107 - of no server
    """Return the credentials of somebody who has one key, for this address."""
    return Credentials({}, [], lambda one: ("", secret) if one.startswith(address) else ("", ""))


@contextmanager
def answering() -> Iterator[Answering]:
    """Run the server, on a free port of the loopback."""

    class Handler(Quiet):
        def answer(self) -> None:
            length = int(self.headers.get("Content-Length", 0))
            path = unquote(self.path)
            headers = {name.lower(): value for name, value in self.headers.items()}
            here.asked.append(Asked(self.command, path, headers, self.rfile.read(length)))
            known = here.answers.get(f"{self.command} {path}", [(404, "{}", {})])
            found = known.pop(0) if len(known) > 1 else known[0]
            status, text, more = found if isinstance(found, tuple) else (200, found, {})
            content = text.encode() if isinstance(text, str) else json.dumps(text).encode()
            self.said(status, more, content)

        do_GET = do_POST = answer  # noqa: N815 - named by the library

    with serving(Handler) as url:
        here = Answering(url)
        yield here
