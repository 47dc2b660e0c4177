"""GitLab, as https://docs.gitlab.com/api describes it, version 4."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from tests.targets.stand_in.server import (
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

TRIGGER = "glptt-hunter3"
_STATUS = one_of(
    "created", "waiting_for_resource", "preparing", "pending", "running", "success", "failed",
    "canceling", "canceled", "skipped", "manual", "scheduled",
)  # fmt: skip
PIPELINE = thing({"id": NUMBER, "ref": WORD, "status": _STATUS, "source": WORD, "web_url": WORD})
_VARIABLE = exactly({"key": WORD, "value": {"type": "string"}}, variable_type=WORD)
_LINK = exactly({"name": WORD, "url": WORD}, link_type=one_of("other", "runbook", "package"))
_MAKE = exactly(
    {"tag_name": WORD}, name=WORD, description=WORD, ref=WORD, assets=exactly({}, links=many(_LINK))
)


@dataclass
class GitLab(Vendor):
    """A project ``us/digits``."""

    shows: bool = True
    """Whether the key may see the variables of pipelines."""
    says_no: object = None
    """Why it makes no pipeline."""
    releases: list[dict[str, Any]] = field(default_factory=list)

    def routes(self) -> list[Route]:
        """Return what can be asked for."""
        us = "/api/v4/projects/us%2Fdigits"
        return [
            Route("POST", f"{us}/pipeline", self.start,
                  exactly({"ref": WORD, "variables": many(_VARIABLE)}), PIPELINE, triggers=True),
            Route("POST", f"{us}/trigger/pipeline", self.trigger,
                  exactly({"token": WORD, "ref": WORD}, variables=WORDS), PIPELINE, triggers=True),
            Route("GET", f"{us}/pipelines", self.listed, None, many(PIPELINE)),
            Route("GET", f"{us}/pipelines/{{}}", self.shown, None, PIPELINE),
            Route("GET", f"{us}/pipelines/{{}}/variables", self.variables, None, many(_VARIABLE)),
            Route("GET", f"{us}/pipelines/{{}}/jobs", self.jobs),
            Route("GET", f"{us}/deployments", self.deployments),
            Route("GET", f"{us}/deployments/5", self.deployment),
            Route("POST", f"{us}/pipelines/{{}}/cancel", self.cancel, None, PIPELINE),
            Route("GET", f"{us}/ci/lint", self.lint, None, thing({"valid": YES_NO})),
            Route("POST", f"{us}/releases", self.release, _MAKE, thing({"tag_name": WORD})),
            Route("GET", f"{us}/releases/{{}}", self.released, None, thing({"tag_name": WORD})),
            Route("GET", us, lambda _: Reply(200, {
                "path_with_namespace": "us/digits",
                "permissions": {"project_access": {"access_level": 40}, "group_access": None},
            })),
        ]  # fmt: skip

    def knows(self, asked: Asked) -> bool:
        """Whether a request shows the right key; a trigger token stands in the body."""
        if asked.path.endswith("/trigger/pipeline"):
            return bool(asked.body["token"] == TRIGGER)
        return asked.headers.get("private-token") == SECRET

    def start(self, asked: Asked) -> Reply:
        given = {one["key"]: one["value"] for one in asked.body["variables"]}
        return self._made(asked.body["ref"], given, "api")

    def trigger(self, asked: Asked) -> Reply:
        return self._made(asked.body["ref"], asked.body["variables"], "trigger")

    def _made(self, ref: str, given: dict[str, str], source: str) -> Reply:
        if self.says_no:
            return Reply(400, {"message": self.says_no})
        one = self.begin(given["MLCD_DELIVERY_ID"], ref, {**given, "source": source})
        return Reply(201, self._pipeline(one))

    def _pipeline(self, one: Begun) -> dict[str, Any]:
        going = "manual" if one.waits else "running"
        return {
            "id": one.number,
            "iid": 1,
            "ref": one.tag,
            "sha": "c" * 40,
            "status": ("pending", going, one.result or "success")[one.stage],
            "source": one.given.get("source", "push"),
            "web_url": f"https://gitlab.example/us/digits/-/pipelines/{one.number}",
        }

    def listed(self, asked: Asked) -> Reply:
        found = [self._pipeline(one) for one in self.begun if one.tag == asked.query.get("ref")]
        return Reply(200, found if asked.query.get("page", "1") == "1" else [])

    def shown(self, asked: Asked) -> Reply:
        one = self.numbered(asked.found[0])
        return Reply(200, self._pipeline(one)) if one else Reply(404, {"message": "404 Not found"})

    def variables(self, asked: Asked) -> Reply:
        one = self.numbered(asked.found[0])
        if not self.shows:
            return Reply(403, {"message": "403 Forbidden"})
        assert one
        return Reply(200, [
            {"key": name, "value": value, "variable_type": "env_var"}
            for name, value in one.given.items() if name != "source"
        ])  # fmt: skip

    def jobs(self, asked: Asked) -> Reply:
        assert asked.query["scope"] == "manual"
        return Reply(200, [{"id": 1, "name": "deploy", "stage": "deploy", "status": "manual"}])

    def deployments(self, asked: Asked) -> Reply:
        waiting = [one for one in self.begun if one.waits]
        return Reply(
            200, [{"id": 5, "deployable": {"pipeline": {"id": one.number}}} for one in waiting]
        )

    def deployment(self, asked: Asked) -> Reply:
        rule = {"access_level_description": "operators", "required_approvals": 1,
                "deployment_approvals": []}  # fmt: skip
        return Reply(200, {"id": 5, "approval_summary": {"rules": [rule]}})

    def cancel(self, asked: Asked) -> Reply:
        one = self.numbered(asked.found[0])
        assert one
        one.stage, one.result = 2, "canceled"
        return Reply(200, self._pipeline(one))

    def lint(self, asked: Asked) -> Reply:
        assert asked.query["dry_run"] == "true"
        return Reply(200, {
            "valid": True, "errors": [], "warnings": [],
            "jobs": [{"name": "deploy", "stage": "deploy"}],
            "merged_yaml": "deploy:\n  script: [jupyter mlcd evidence verify $MLCD_VERSION]\n",
        })  # fmt: skip

    def release(self, asked: Asked) -> Reply:
        if any(one["tag_name"] == asked.body["tag_name"] for one in self.releases):
            return Reply(409, {"message": "Release already exists"})
        self.releases.append(asked.body)
        return Reply(201, asked.body)

    def released(self, asked: Asked) -> Reply:
        for one in self.releases:
            if one["tag_name"] == asked.found[0]:
                return Reply(200, one)
        return Reply(404, {"message": "404 Not found"})
