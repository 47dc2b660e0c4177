"""Jenkins, as its own source and https://www.jenkins.io/doc/book/using/remote-access-api say."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from typing import Any

from tests.targets.stand_in.server import (
    NUMBER,
    SECRET,
    WORDS,
    YES_NO,
    Asked,
    Begun,
    Reply,
    Route,
    Vendor,
    many,
    one_of,
    thing,
)

_RESULT = one_of(None, "SUCCESS", "UNSTABLE", "FAILURE", "NOT_BUILT", "ABORTED")
_BUILD = thing({"number": NUMBER, "building": YES_NO}, result=_RESULT, queueId=NUMBER)
_ITEM = thing({"id": NUMBER}, why={"type": ["string", "null"]}, cancelled=YES_NO)
NAMES = ("MLCD_DELIVERY_ID", "MLCD_VERSION", "MLCD_DIGEST", "MLCD_TAG", "MLCD_ENVIRONMENT")


@dataclass
class Jenkins(Vendor):
    """A job ``models/digits``; its queue counts from 70, its builds from 1."""

    defined: tuple[str, ...] = NAMES
    buildable: bool = True
    forgets: bool = False
    """Whether the queue has forgotten what left it, as it does after five minutes."""
    folds: bool = False
    """Whether an equal thing stands in the queue already: 303 in place of 201."""
    why: str = "Waiting for next available executor"
    location: str = "http://behind.a.proxy/jenkins/queue/item/{}/"

    def routes(self) -> list[Route]:
        """Return what can be asked for."""
        job = "/job/models/job/digits"
        return [
            Route("POST", f"{job}/buildWithParameters", self.start, WORDS, triggers=True),
            Route("GET", f"{job}/api/json", self.job),
            Route("GET", f"{job}/{{}}/api/json", self.build, None, _BUILD),
            Route("POST", f"{job}/{{}}/stop", self.stop),
            Route("GET", f"{job}/{{}}/wfapi/pendingInputActions", self.inputs),
            Route("GET", "/queue/item/{}/api/json", self.item, None, _ITEM),
            Route("GET", "/queue/api/json", self.queue, None, thing({"items": many(_ITEM)})),
            Route("POST", "/queue/cancelItem", self.cancel_item),
        ]

    def knows(self, asked: Asked) -> bool:
        """Whether the very first request shows the right key: nobody is asked for it."""
        words = base64.b64encode(f"ada:{SECRET}".encode()).decode()
        return asked.headers.get("authorization") == f"Basic {words}"

    def stranger(self, reply: Reply) -> Reply:
        """Return the answer as it would be of another run: its number stands in a header."""
        if "Location" in reply.headers:
            return reply._replace(headers={"Location": self.location.format(999_999)})
        if not isinstance(reply.body, dict):
            return reply
        return reply._replace(body={**reply.body, "id": 999_999, "number": 999_999})

    def start(self, asked: Asked) -> Reply:
        given = {name: one for name, one in asked.body.items() if name in self.defined}
        if not self.folds:
            self.begin(given.get("MLCD_DELIVERY_ID", ""), "", given)
        place = self.location.format(self.last.number)
        return Reply(303 if self.folds else 201, None, {"Location": place})

    def _actions(self, one: Begun) -> list[dict[str, Any]]:
        listed = [{"name": name, "value": value} for name, value in one.given.items()]
        return [{"_class": "hudson.model.CauseAction"}, {"parameters": listed}]

    def job(self, asked: Asked) -> Reply:
        if asked.query["tree"].startswith("builds"):
            built = [one for one in self.begun if one.stage and one.result != "cancelled in queue"]
            return Reply(200, {"builds": [self._build(one) for one in built]})
        definitions = [{"name": name, "type": "StringParameterDefinition"} for name in self.defined]
        return Reply(200, {
            "name": "digits", "buildable": self.buildable,
            "property": [{}, {"parameterDefinitions": definitions}],
        })  # fmt: skip

    def _build(self, one: Begun) -> dict[str, Any]:
        return {
            "number": one.number - self.first + 1,
            "building": one.stage == 1,
            "result": (one.result or "SUCCESS") if one.stage == 2 else None,
            "queueId": one.number,
            "actions": self._actions(one),
        }

    def _item(self, one: Begun) -> dict[str, Any]:
        found: dict[str, Any] = {"id": one.number, "actions": self._actions(one)}
        if one.result == "cancelled in queue":
            return {**found, "cancelled": True, "why": None}
        if one.stage == 0:
            return {**found, "why": self.why}
        return {**found, "executable": {"number": one.number - self.first + 1}, "why": None}

    def item(self, asked: Asked) -> Reply:
        one = self.numbered(asked.found[0])
        if one is None or (self.forgets and one.stage):
            return Reply(404)
        return Reply(200, self._item(one))

    def queue(self, asked: Asked) -> Reply:
        return Reply(200, {"items": [self._item(one) for one in self.begun if not one.stage]})

    def build(self, asked: Asked) -> Reply:
        one = self.numbered(str(int(asked.found[0]) + self.first - 1))
        return Reply(200, self._build(one)) if one and one.stage else Reply(404)

    def inputs(self, asked: Asked) -> Reply:
        one = self.numbered(str(int(asked.found[0]) + self.first - 1))
        waits = bool(one and one.waits)
        return Reply(200, [{"id": "x", "message": "Deploy to production?"}] if waits else [])

    def stop(self, asked: Asked) -> Reply:
        self.end("ABORTED")
        return Reply(302, None, {"Location": "/"})

    def cancel_item(self, asked: Asked) -> Reply:
        one = self.numbered(asked.query["id"])
        assert one
        one.stage, one.result = 2, "cancelled in queue"
        return Reply(204)
