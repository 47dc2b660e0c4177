"""Azure DevOps, as https://learn.microsoft.com/rest/api/azure/devops describes it, version 7.1."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from typing import Any

from tests.targets.stand_in.server import (
    ANY_WORD,
    NUMBER,
    SECRET,
    WORD,
    WORDS,
    YES_NO,
    Asked,
    Begun,
    Reply,
    Route,
    Vendor,
    exactly,
    many,
    one_of,
    thing,
)

_PLACE = exactly({"refName": WORD, "version": {"type": "string", "pattern": "^[0-9a-f]{40}$"}})
_START = exactly(
    {"templateParameters": WORDS},
    resources=exactly({"repositories": exactly({"self": _PLACE})}),
    previewRun=YES_NO,
)
_RUN = thing({"id": NUMBER}, state=one_of("unknown", "inProgress", "canceling", "completed"))
_STATUS = one_of("none", "inProgress", "completed", "cancelling", "postponed", "notStarted")
_RESULT = one_of("none", "succeeded", "partiallySucceeded", "failed", "canceled")
_BUILD = thing(
    {"id": NUMBER, "status": _STATUS, "sourceBranch": WORD, "definition": thing({"id": NUMBER})},
    result=_RESULT,
)
_YAML = """stages:
- stage: deploy
  jobs:
  - deployment: x
    environment:
      name: production
    steps:
    - script: jupyter mlcd evidence verify 0.1.0 --for production
"""


@dataclass
class AzureDevOps(Vendor):
    """An organization ``contoso``, a project ``digits`` and its pipeline 42."""

    parameters: tuple[str, ...] = ("mlcd_delivery_id", "version", "digest", "tag", "environment")
    shows: bool = True
    """Whether builds show what they were started with."""

    def routes(self) -> list[Route]:
        """Return what can be asked for."""
        us = "/contoso/digits/_apis"
        builds = thing({"value": many(_BUILD)}, count=NUMBER)
        lines = many(thing({"id": WORD, "type": WORD, "state": WORD}))
        return [
            Route("POST", f"{us}/pipelines/42/runs", self.start, _START, _RUN, triggers=True),
            Route("GET", f"{us}/pipelines/42/runs/{{}}", self.run, None, _RUN),
            Route("GET", f"{us}/pipelines/42", lambda _: Reply(200, {"id": 42, "name": "deliver"}),
                  None, thing({"id": NUMBER, "name": ANY_WORD})),
            Route("GET", f"{us}/build/builds", self.builds, None, builds),
            Route("GET", f"{us}/build/builds/{{}}", self.build, None, _BUILD),
            Route("PATCH", f"{us}/build/builds/{{}}", self.cancel,
                  exactly({"status": {"const": "cancelling"}}), _BUILD),
            Route("GET", f"{us}/build/builds/{{}}/timeline", self.timeline, None,
                  thing({"records": lines})),
            Route("GET", f"{us}/pipelines/approvals", self.approvals),
        ]  # fmt: skip

    def knows(self, asked: Asked) -> bool:
        """Whether a request shows the right key, and says which version it means."""
        words = base64.b64encode(f"ada:{SECRET}".encode()).decode()
        right = asked.headers.get("authorization") == f"Basic {words}"
        return right and bool(asked.query.get("api-version"))

    def start(self, asked: Asked) -> Reply:
        given = asked.body["templateParameters"]
        if unknown := [name for name in given if name not in self.parameters]:
            return Reply(400, {"message": f"Unexpected parameter '{unknown[0]}'"})
        if asked.body.get("previewRun"):
            return Reply(200, {"id": -1, "finalYaml": _YAML})
        place = asked.body["resources"]["repositories"]["self"]
        return Reply(200, self._run(self.begin(given["mlcd_delivery_id"], place["refName"], given)))

    def _run(self, one: Begun) -> dict[str, Any]:
        return {
            "id": one.number,
            "state": "completed" if one.stage == 2 else "inProgress",
            "templateParameters": one.given if self.shows else None,
            "_links": {"web": {"href": f"https://dev.azure.example/build/{one.number}"}},
        }

    def run(self, asked: Asked) -> Reply:
        one = self.numbered(asked.found[0])
        return Reply(200, self._run(one)) if one else Reply(404, {"message": "no such run"})

    def _build(self, one: Begun) -> dict[str, Any]:
        ended = {"result": one.result or "succeeded"} if one.stage == 2 else {}
        return {
            **ended,
            "id": one.number,
            "status": ("notStarted", "inProgress", "completed")[one.stage],
            "sourceBranch": one.tag,
            "definition": {"id": 42},
            "templateParameters": one.given if self.shows else None,
            "_links": {"web": {"href": f"https://dev.azure.example/build/{one.number}"}},
        }

    def builds(self, asked: Asked) -> Reply:
        branch = asked.query.get("branchName")
        found = [self._build(one) for one in self.begun if branch in {None, one.tag}]
        return Reply(200, {"count": len(found), "value": found})

    def build(self, asked: Asked) -> Reply:
        one = self.numbered(asked.found[0])
        return Reply(200, self._build(one)) if one else Reply(404, {"message": "no such build"})

    def cancel(self, asked: Asked) -> Reply:
        one = self.numbered(asked.found[0])
        assert one
        one.stage, one.result = 2, "canceled"
        return Reply(200, self._build(one))

    def timeline(self, asked: Asked) -> Reply:
        one = self.numbered(asked.found[0])
        waits = bool(one and one.waits)
        line = {"id": "a1", "type": "Checkpoint.Approval", "state": "inProgress"}
        return Reply(200, {"records": [line] if waits else []})

    def approvals(self, asked: Asked) -> Reply:
        assert asked.query["approvalIds"] == "a1"
        steps = [
            {"assignedApprover": {"displayName": "Ken T."}, "status": "pending"},
            {"assignedApprover": {"displayName": "Lin"}, "status": "approved"},
        ]
        return Reply(200, {"value": [{"id": "a1", "status": "pending", "steps": steps}]})
