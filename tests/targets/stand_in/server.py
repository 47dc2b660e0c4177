"""A server on this machine that behaves as a vendor's does: it keeps state and checks what it gets.

A vendor is a list of routes with the shape of what each takes and gives, written from the vendor's
own documentation. What does not fit is told to the client as the vendor would, and kept in
``violations``: a test that ends with any is red. A fault makes it lie, once or until it is lifted.
"""

from __future__ import annotations

import json
import re
import socket
import struct
import threading
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import parse_qs, urlsplit

from jsonschema import Draft202012Validator

from tests.serving import Quiet, serving

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

Shape = dict[str, Any]
SECRET = "hunter2"  # noqa: S105 - of no server


class Reply(NamedTuple):
    """What is answered."""

    status: int
    body: Any = None
    headers: dict[str, str] = {}  # noqa: RUF012 - of a tuple


@dataclass(frozen=True)
class Asked:
    """One request."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    content: bytes
    found: tuple[str, ...] = ()
    """What stood in the path where the route has a place."""

    @property
    def body(self) -> Any:
        """What was sent, a form as ``{name: value}``."""
        if self.headers.get("content-type", "").startswith("application/x-www-form-urlencoded"):
            form = parse_qs(self.content.decode(), keep_blank_values=True)
            return {name: values[0] for name, values in form.items()}
        try:
            return json.loads(self.content) if self.content else None
        except ValueError:
            return self.content


@dataclass(frozen=True)
class Route:
    """One thing that can be asked for."""

    method: str
    path: str
    """``{}`` is any part, escaped slashes included."""
    handle: Callable[[Asked], Reply]
    takes: Shape | None = None
    gives: Shape | None = None
    triggers: bool = False
    """Whether it begins a delivery."""

    def match(self, asked: Asked) -> tuple[str, ...] | None:
        """Return what stood in the places, None where it is another path."""
        pattern = re.escape(self.path).replace(r"\{\}", "([^/]+)")
        found = re.fullmatch(pattern, asked.path)
        return found.groups() if found and asked.method == self.method else None


@dataclass
class Begun:
    """One run that was begun."""

    number: int
    key: str
    tag: str
    given: dict[str, Any]
    stage: int = 0
    """0 in the queue, 1 goes on, 2 has ended."""
    result: str = ""
    waits: bool = False
    """Whether it waits for a person."""


@dataclass
class Vendor:
    """What the vendors have in common."""

    begun: list[Begun] = field(default_factory=list)
    first: int = 70

    def begin(self, key: str, tag: str, given: dict[str, Any]) -> Begun:
        """Begin one more run."""
        self.begun.append(Begun(self.first + len(self.begun), key, tag, given))
        return self.begun[-1]

    def numbered(self, number: str) -> Begun | None:
        """Return the run of a number."""
        return next((one for one in self.begun if str(one.number) == number), None)

    def count(self, key: str) -> int:
        """Return how many runs of a key were begun: more than one is one too many."""
        return sum(one.key == key for one in self.begun)

    @property
    def last(self) -> Begun:
        """The newest run."""
        return self.begun[-1]

    def end(self, result: str = "") -> None:
        """Bring the newest run to its end; empty: it goes well."""
        self.last.stage, self.last.result, self.last.waits = 2, result, False

    def routes(self) -> list[Route]:
        """Return what can be asked for."""
        raise NotImplementedError

    def knows(self, asked: Asked) -> bool:
        """Whether a request shows the right key."""
        raise NotImplementedError

    def stranger(self, reply: Reply) -> Reply:
        """Return the answer as it would be of another run."""
        body = {**reply.body, "id": 999_999} if isinstance(reply.body, dict) else reply.body
        return reply._replace(body=body)


class Fault(NamedTuple):
    """A way in which a server lies or breaks."""

    name: str
    status: int = 0
    headers: dict[str, str] = {}  # noqa: RUF012
    does: bool = False
    """Whether it does what it was asked for all the same."""
    content: str = "{}"


@dataclass
class StandIn:
    """The server, as a test sees it."""

    vendor: Vendor
    url: str = ""
    asked: list[Asked] = field(default_factory=list)
    violations: list[str] = field(default_factory=list)
    told: list[tuple[Asked, Reply]] = field(default_factory=list)
    """What was asked with what was answered, where no fault spoiled it."""
    fault: Fault | None = None
    faulty: Callable[[Route], bool] = lambda route: route.triggers
    """Which requests the fault is about."""
    released: threading.Event = field(default_factory=threading.Event)
    """Lets go of requests that hang."""

    def answer(self, asked: Asked) -> tuple[Reply, Fault | None]:
        """Return what is answered, and the fault that spoils it."""
        reply, fault = self._answered(asked)
        self.told.append((asked, reply))
        return reply, fault

    def _answered(self, asked: Asked) -> tuple[Reply, Fault | None]:
        self.asked.append(asked)
        for route in self.vendor.routes():
            found = route.match(asked)
            if found is None:
                continue
            fault = self.fault if self.fault and self.faulty(route) else None
            if fault and not fault.does:
                return Reply(200), fault
            return self._handled(route, asked, found), fault
        return Reply(404, {"message": "Not Found"}), None

    def _handled(self, route: Route, asked: Asked, found: tuple[str, ...]) -> Reply:
        if not self.vendor.knows(asked):
            return Reply(401, {"message": "Bad credentials"})
        wrong = _wrong(route.takes, asked.body) if route.takes is not None else ""
        if wrong:
            self.violations.append(f"{asked.method} {asked.path} takes {wrong}")
            return Reply(422, {"message": f"Invalid request: {wrong}"})
        with_places = Asked(
            asked.method, asked.path, asked.query, asked.headers, asked.content, found
        )
        reply = route.handle(with_places)
        if reply.status < 300 and route.gives is not None:
            wrong = _wrong(route.gives, reply.body)
            if wrong:
                self.violations.append(f"{asked.method} {asked.path} gives {wrong}")
        return reply


def _wrong(shape: Shape, value: Any) -> str:
    errors = Draft202012Validator(shape).iter_errors(value)
    return "; ".join(f"{'/'.join(map(str, one.absolute_path))}: {one.message}" for one in errors)


def thing(required: dict[str, Any], **optional: Any) -> Shape:
    """Return the shape of an object that has these and, as far as it has them, those."""
    return {
        "type": "object",
        "required": list(required),
        "properties": {**required, **optional},
    }


def exactly(required: dict[str, Any], **optional: Any) -> Shape:
    """Return the shape of an object that has nothing else: a misspelt name is told."""
    return {**thing(required, **optional), "additionalProperties": False}


def many(shape: Shape) -> Shape:
    """Return the shape of a list."""
    return {"type": "array", "items": shape}


WORD: Shape = {"type": "string", "minLength": 1}
ANY_WORD: Shape = {"type": "string"}
NUMBER: Shape = {"type": "integer"}
YES_NO: Shape = {"type": "boolean"}
WORDS: Shape = {"type": "object", "additionalProperties": {"type": "string"}}


def one_of(*words: str | None) -> Shape:
    """Return the shape of a closed set."""
    return {"enum": list(words)}


@contextmanager
def standing(vendor: Vendor) -> Iterator[StandIn]:  # noqa: C901 - a server and how it lies
    """Run the server, on a free port of the loopback."""
    here = StandIn(vendor)

    class Handler(Quiet):
        def answer(self) -> None:
            split = urlsplit(self.path)
            query = {name: one[0] for name, one in parse_qs(split.query).items()}
            headers = {name.lower(): value for name, value in self.headers.items()}
            length = int(headers.get("content-length", 0))
            content = self.rfile.read(length)
            asked = Asked(self.command, split.path, query, headers, content)
            try:
                reply, fault = here.answer(asked)
                with suppress(OSError):
                    if fault is None:
                        self.reply(reply)
                    else:
                        self.lie(reply, fault)
            except Exception as error:
                here.violations.append(f"{asked.method} {asked.path}: {error!r}")
                raise

        def reply(self, reply: Reply) -> None:
            is_raw = isinstance(reply.body, bytes)
            content = reply.body if is_raw else json.dumps(reply.body).encode()
            content = b"" if reply.body is None else content
            kind = {} if is_raw else {"Content-Type": "application/json"}
            self.said(reply.status, {**kind, **reply.headers}, content)

        def lie(self, reply: Reply, fault: Fault) -> None:
            match fault.name:
                case "reset":
                    # An RST, as a crash of the other machine gives.
                    self.connection.setsockopt(
                        socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0)
                    )
                    self.connection.close()
                case "hang":
                    here.released.wait(10)
                case "slow":
                    here.released.wait(10)
                    self.reply(reply)
                case "trickle":
                    self.send_response(200)
                    self.send_header("Content-Length", "100000")
                    self.end_headers()
                    while not here.released.wait(0.02):
                        self.wfile.write(b" ")
                case "headers letter by letter":
                    self.wfile.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
                    while not here.released.wait(0.02):
                        self.wfile.write(b"x")
                case "another run":
                    self.reply(here.vendor.stranger(reply))
                case _:
                    status = fault.status or reply.status
                    self.said(status, fault.headers, fault.content.encode())

        do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = answer  # noqa: N815 - named by the library

    with serving(Handler) as here.url:
        try:
            yield here
        finally:
            here.released.set()
