"""Servers with a stand-in of their own, as vendors: they lie and are counted like the others."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from standardwebhooks import Webhook

from tests.targets.servers.buildbot_stand_in import BuildbotStandIn
from tests.targets.servers.git_over_http import backend
from tests.targets.servers.mlflow_stand_in import MlflowStandIn
from tests.targets.servers.standing import Asked as Plain
from tests.targets.servers.standing import Refusal
from tests.targets.stand_in.server import Asked, Reply, Route, Vendor

if TYPE_CHECKING:
    from collections.abc import Callable

    from jupyter_mlcd.ports import Parcel

_RESULTS = {"": 0, "failure": 2, "cancelled": 6}
HOOK = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
"""The specification's example."""


@dataclass(frozen=True)
class Like(Route):
    """Every path that a pattern finds."""

    def match(self, asked: Asked) -> tuple[str, ...] | None:
        """Return nothing found, None where it is another path."""
        is_one = re.search(self.path, asked.path) and re.search(self.method, asked.method)
        return () if is_one else None


@dataclass
class Other(Vendor):
    """One whose requests are answered by somebody else; what begins a delivery is told here."""

    trigger: str = ""
    """Pattern of the paths that begin one, with POST."""

    def routes(self) -> list[Route]:
        """Return that everything can be asked for."""
        begins = Like("POST", self.trigger, self._begins, triggers=True)
        return [begins, Like("", "", self.answer)]

    def knows(self, asked: Asked) -> bool:
        """Leave that to whoever answers."""
        return True

    def answer(self, asked: Asked) -> Reply:
        """Answer one request."""
        raise NotImplementedError

    def key_of(self, asked: Asked) -> str:
        """Return the key of the delivery that a request began."""
        raise NotImplementedError

    def _begins(self, asked: Asked) -> Reply:
        reply = self.answer(asked)
        if reply.status < 300:
            self.begin(self.key_of(asked), "", {})
        return reply


def _asked(asked: Asked) -> Plain:
    query = "&".join(f"{name}={value}" for name, value in asked.query.items())
    plain = Plain(asked.method, asked.path, asked.headers, asked.content)
    plain.query = dict(asked.query) if query else {}
    return plain


def _answered(answers: Callable[[Plain], Any], asked: Asked) -> Reply:
    try:
        status, body, headers = answers(_asked(asked))
    except Refusal as refusal:
        status, body, headers = refusal.answer
    return Reply(status, body, dict(headers))


@dataclass
class Buildbot(Other):
    """A master whose builds end when the stage says so."""

    trigger: str = "/forceschedulers/"

    def __post_init__(self) -> None:
        self.master = BuildbotStandIn(Path("/nowhere"))

    def answer(self, asked: Asked) -> Reply:
        """Let builds end that have come to their end, then answer."""
        for one, request in zip(self.begun, self.master.requests, strict=False):
            request.pop("results", None)
            if one.stage == 2:
                request["results"] = _RESULTS.get(one.result, 99)
        return _answered(self.master, asked)

    def key_of(self, asked: Asked) -> str:
        """Return the property."""
        return str(json.loads(asked.content)["params"]["mlcd_delivery_id"])

    def stranger(self, reply: Reply) -> Reply:
        """Return the answer as it would be of another request."""
        if isinstance(reply.body, dict) and "result" in reply.body:
            return reply._replace(body={**reply.body, "result": [999, {"1": 999}]})
        return reply


@dataclass
class Mlflow(Other):
    """A registry; a delivery is the alias that moves."""

    trigger: str = "/registered-models/alias$"

    def __post_init__(self) -> None:
        self.registry = MlflowStandIn()

    def answer(self, asked: Asked) -> Reply:
        """Answer as MLflow does."""
        return _answered(self.registry, asked)

    def key_of(self, asked: Asked) -> str:
        """Return the key that the version carries."""
        given = json.loads(asked.content)
        version = self.registry.versions[given["name"]][int(given["version"]) - 1]
        name = f"mlcd.key.{given['alias']}"
        return next((one["value"] for one in version["tags"] if one["key"] == name), "")


@dataclass
class Receiver(Other):
    """What takes webhooks, with the library of Standard Webhooks."""

    trigger: str = "/hook"

    def answer(self, asked: Asked) -> Reply:
        """Take what is signed."""
        Webhook(HOOK).verify(asked.content.decode(), asked.headers)
        return Reply(202)

    def key_of(self, asked: Asked) -> str:
        """Return the message's id."""
        return asked.headers["webhook-id"]


@dataclass
class GitServer(Other):
    """Git's own http-backend; a delivery is a tag that comes there."""

    trigger: str = "/git-receive-pack$"
    folder: Path = Path()
    """Where the repository is."""
    key: str = ""
    """Of the one delivery whose tag is pushed."""

    def answer(self, asked: Asked) -> Reply:
        """Let git answer, whoever asks."""
        query = "&".join(f"{name}={value}" for name, value in asked.query.items())
        found = backend(
            self.folder, asked.method, f"{asked.path}?{query}", asked.headers, asked.content
        )
        return Reply(*found)

    def key_of(self, asked: Asked) -> str:
        """Return the key of the tag, where it came."""
        return self.key if b"refs/tags/" in asked.content else ""


@dataclass
class Here(Vendor):
    """What is on this machine: nobody is asked, and what was begun stands in a file."""

    log: Path = Path()

    def count(self, key: str) -> int:
        """Return how many lines have the key."""
        return self.log.read_text().split().count(key) if self.log.is_file() else 0


class Placed(Vendor):
    """A folder: what is live in it is what was delivered."""

    def __init__(self, folder: Path, parcel: Parcel) -> None:
        super().__init__()
        self.folder, self.parcel = folder, parcel

    def count(self, key: str) -> int:
        """Return 1 where the version of this key is live."""
        live = self.folder / "current" / "release.json"
        is_there = live.is_file() and live.read_bytes() == self.parcel.release.to_bytes()
        return int(is_there and key == self.parcel.key)
