"""GitHub, as https://docs.github.com/rest describes it in version 2022-11-28."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
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

_STATUS = one_of("queued", "requested", "waiting", "pending", "in_progress", "completed")
_CONCLUSION = one_of(
    None, "success", "failure", "neutral", "cancelled", "skipped", "timed_out", "action_required",
    "stale",
)  # fmt: skip
_RUN = thing({
    "id": NUMBER, "status": _STATUS, "conclusion": _CONCLUSION, "display_title": ANY_WORD,
    "event": WORD, "head_branch": {"type": ["string", "null"]}, "path": WORD, "html_url": WORD,
})  # fmt: skip
_DISPATCH = exactly(
    {"ref": WORD},
    inputs={**WORDS, "maxProperties": 25},
    return_run_details=YES_NO,
)
_EVENT = exactly(
    {"event_type": {"type": "string", "minLength": 1, "maxLength": 100}},
    client_payload={"type": "object", "maxProperties": 10},
)
_DEPLOY = exactly(
    {"ref": WORD, "auto_merge": {"const": False}, "required_contexts": {"const": []}},
    task=WORD, payload={"type": ["object", "string"]}, environment=WORD,
    description={"type": "string", "maxLength": 140}, transient_environment=YES_NO,
    production_environment=YES_NO,
)  # fmt: skip
_DEPLOYMENT = thing({"id": NUMBER, "ref": WORD, "payload": {"type": ["object", "string"]}})
_STATE = one_of("error", "failure", "inactive", "in_progress", "queued", "pending", "success")
_DEPLOYED = many(thing({"state": _STATE, "created_at": WORD}, log_url=ANY_WORD))
_TOLD = exactly(
    {"state": _STATE}, log_url=WORD, target_url=WORD, description=ANY_WORD, environment=WORD,
    environment_url=WORD, auto_inactive=YES_NO,
)  # fmt: skip
_ASSET = thing({"id": NUMBER, "name": WORD, "state": one_of("uploaded", "open"), "digest": WORD})
_RELEASE = thing({
    "id": NUMBER, "tag_name": WORD, "draft": YES_NO, "html_url": WORD, "assets": many(_ASSET),
})  # fmt: skip
_MAKE = exactly(
    {"tag_name": WORD}, name=WORD, body=ANY_WORD, draft=YES_NO, make_latest=one_of("true", "false")
)
_CHANGE = exactly({}, body=ANY_WORD, draft=YES_NO, make_latest=one_of("true", "false", "legacy"))


@dataclass
class GitHub(Vendor):
    """A repository ``us/digits`` with one workflow."""

    gives_run: bool = True
    """Whether it answers with the run; older servers do not."""
    titled: bool = True
    """Whether the workflow's run-name holds our key."""
    inputs: tuple[str, ...] = ("mlcd_delivery_id", "version", "digest", "tag", "environment")
    releases: list[dict[str, Any]] = field(default_factory=list)
    statuses: list[dict[str, str]] = field(default_factory=list)
    page = "https://github.example/us/digits"

    def routes(self) -> list[Route]:
        """Return what can be asked for."""
        us = "/repos/us/digits"
        runs = thing({"total_count": NUMBER, "workflow_runs": many(_RUN)})
        started = thing({"workflow_run_id": NUMBER, "run_url": WORD, "html_url": WORD})
        begins = {"anyOf": [started, {"type": "null"}]}
        workflow = thing({"path": WORD, "state": WORD})
        return [
            Route("POST", f"{us}/actions/workflows/{{}}/dispatches", self.dispatch, _DISPATCH,
                  begins, triggers=True),
            Route("GET", f"{us}/actions/workflows/{{}}/runs", self.listed, None, runs),
            Route("GET", f"{us}/actions/runs", self.listed, None, runs),
            Route("GET", f"{us}/actions/runs/{{}}", self.shown, None, _RUN),
            Route("GET", f"{us}/actions/runs/{{}}/pending_deployments", self.pending),
            Route("POST", f"{us}/actions/runs/{{}}/cancel", self.cancel),
            Route("GET", f"{us}/actions/workflows/{{}}", self.workflow, None, workflow),
            Route("POST", f"{us}/dispatches", self.event, _EVENT, triggers=True),
            Route("POST", f"{us}/deployments", self.deploy, _DEPLOY, _DEPLOYMENT, triggers=True),
            Route("GET", f"{us}/deployments", self.deployments, None, many(_DEPLOYMENT)),
            Route("GET", f"{us}/deployments/{{}}", self.deployment, None, _DEPLOYMENT),
            Route("GET", f"{us}/deployments/{{}}/statuses", self.deployed, None, _DEPLOYED),
            Route("POST", f"{us}/deployments/{{}}/statuses", self.tell_state, _TOLD, thing({
                "id": NUMBER, "state": _STATE})),
            Route("GET", f"{us}/releases/tags/{{}}", self.release_of, None, _RELEASE),
            Route("GET", f"{us}/releases", self.all_releases, None, many(_RELEASE)),
            Route("POST", f"{us}/releases", self.make_release, _MAKE, _RELEASE),
            Route("PATCH", f"{us}/releases/{{}}", self.change_release, _CHANGE, _RELEASE),
            Route("POST", f"{us}/releases/{{}}/assets", self.upload, None, _ASSET),
            Route("DELETE", f"{us}/releases/assets/{{}}", self.remove_asset),
            Route("GET", f"{us}/contents/.github/workflows/deliver.yml", self.content),
            Route("GET", us, lambda _: Reply(200, {
                "full_name": "us/digits", "permissions": {"push": True}}), None,
                thing({"full_name": WORD})),
        ]  # fmt: skip

    def knows(self, asked: Asked) -> bool:
        """Whether a request shows the right key, and who asks."""
        return asked.headers.get("authorization") == f"Bearer {SECRET}" and bool(
            asked.headers.get("user-agent")
        )

    def stranger(self, reply: Reply) -> Reply:
        """Return the answer as it would be of another run."""
        if isinstance(reply.body, dict) and "workflow_run_id" in reply.body:
            return reply._replace(body={**reply.body, "workflow_run_id": 999_999})
        return super().stranger(reply)

    # ------------------------------------------------------------------------------- workflows

    def dispatch(self, asked: Asked) -> Reply:
        inputs = asked.body.get("inputs", {})
        if unknown := [name for name in inputs if name not in self.inputs]:
            return Reply(422, {"message": f"Unexpected inputs provided: {unknown}"})
        one = self.begin(inputs["mlcd_delivery_id"], asked.body["ref"], inputs)
        if not (self.gives_run and asked.body.get("return_run_details")):
            return Reply(204)
        path = f"/actions/runs/{one.number}"
        return Reply(200, {
            "workflow_run_id": one.number,
            "run_url": f"https://api.github.example{path}",
            "html_url": f"{self.page}{path}",
        })  # fmt: skip

    def event(self, asked: Asked) -> Reply:
        payload = asked.body["client_payload"]
        given = {**payload, "event": asked.body["event_type"]}
        self.begin(payload["mlcd_delivery_id"], "main", given)
        return Reply(204)

    def run(self, one: Begun) -> dict[str, Any]:
        event = "repository_dispatch" if "event" in one.given else "workflow_dispatch"
        status = ("queued", "waiting" if one.waits else "in_progress", "completed")[one.stage]
        named = f"deliver {one.given.get('version')} {one.key}"
        return {
            "id": one.number,
            "status": status,
            "conclusion": (one.result or "success") if one.stage == 2 else None,
            "display_title": named if self.titled else one.given.get("event", "Deliver"),
            "event": event,
            "head_branch": one.tag,
            "path": ".github/workflows/deliver.yml",
            "html_url": f"{self.page}/actions/runs/{one.number}",
        }

    def listed(self, asked: Asked) -> Reply:
        runs = [self.run(one) for one in reversed(self.begun)]
        found = [
            one for one in runs
            if one["event"] == asked.query.get("event")
            and asked.query.get("branch") in {None, one["head_branch"]}
        ]  # fmt: skip
        return Reply(200, {"total_count": len(found), "workflow_runs": found})

    def shown(self, asked: Asked) -> Reply:
        one = self.numbered(asked.found[0])
        return Reply(200, self.run(one)) if one else Reply(404, {"message": "Not Found"})

    def pending(self, asked: Asked) -> Reply:
        reviewers = [
            {"type": "User", "reviewer": {"login": "ken"}},
            {"type": "Team", "reviewer": {"name": "operators"}},
        ]
        return Reply(200, [{"environment": {"name": "production"}, "reviewers": reviewers}])

    def cancel(self, asked: Asked) -> Reply:
        one = self.numbered(asked.found[0])
        if one is None or one.stage == 2:
            return Reply(409, {"message": "Cannot cancel a workflow run that is completed."})
        one.stage, one.result = 2, "cancelled"
        return Reply(202, {})

    def workflow(self, asked: Asked) -> Reply:
        if asked.found[0] != "deliver.yml":
            return Reply(404, {"message": "Not Found"})
        return Reply(200, {"path": ".github/workflows/deliver.yml", "state": "active"})

    def content(self, asked: Asked) -> Reply:
        import base64  # noqa: PLC0415 - here alone

        names = "".join(f"      {name}: {{required: true}}\n" for name in self.inputs)
        title = "run-name: deliver ${{ inputs.mlcd_delivery_id }}\n" if self.titled else ""
        text = f"{title}on:\n  workflow_dispatch:\n    inputs:\n{names}"
        content = base64.encodebytes(text.encode()).decode()
        return Reply(200, {"type": "file", "encoding": "base64", "content": content})

    # ----------------------------------------------------------------------------- deployments

    def deploy(self, asked: Asked) -> Reply:
        payload = asked.body["payload"]
        one = self.begin(payload["mlcd_delivery_id"], asked.body["ref"], payload)
        return Reply(201, self._deployment(one))

    def _deployment(self, one: Begun) -> dict[str, Any]:
        return {"id": one.number, "ref": one.tag, "payload": one.given}

    def deployments(self, asked: Asked) -> Reply:
        return Reply(200, [
            self._deployment(one) for one in self.begun if one.tag == asked.query["ref"]
        ])  # fmt: skip

    def deployment(self, asked: Asked) -> Reply:
        one = self.numbered(asked.found[0])
        return Reply(200, self._deployment(one)) if one else Reply(404, {"message": "Not Found"})

    def deployed(self, asked: Asked) -> Reply:
        one = self.numbered(asked.found[0])
        assert one
        states = ["in_progress"] * (one.stage > 0) + [one.result or "success"] * (one.stage > 1)
        at = [
            {"state": state, "created_at": f"2026-11-01T10:0{number}:00Z", "log_url": ""}
            for number, state in enumerate(states)
        ]
        return Reply(200, [*self.statuses, *reversed(at)])

    def tell_state(self, asked: Asked) -> Reply:
        if self.numbered(asked.found[0]) is None:
            return Reply(404, {"message": "Not Found"})
        at = f"2026-11-01T11:0{len(self.statuses)}:00Z"
        told = {"state": asked.body["state"], "created_at": at, "log_url": asked.body["log_url"]}
        self.statuses.append(told)
        return Reply(201, {"id": len(self.statuses), **told})

    # ---------------------------------------------------------------------------------- releases

    def release_of(self, asked: Asked) -> Reply:
        for one in self.releases:
            if one["tag_name"] == asked.found[0] and not one["draft"]:
                return Reply(200, one)
        return Reply(404, {"message": "Not Found"})

    def all_releases(self, asked: Asked) -> Reply:
        return Reply(200, self.releases)

    def make_release(self, asked: Asked) -> Reply:
        made = {
            "id": 500 + len(self.releases),
            "body": "",
            "assets": [],
            "html_url": f"{self.page}/releases/tag/{asked.body['tag_name']}",
            **asked.body,
        }
        self.releases.append(made)
        return Reply(201, made)

    def change_release(self, asked: Asked) -> Reply:
        one = next(one for one in self.releases if str(one["id"]) == asked.found[0])
        one.update(asked.body)
        return Reply(200, one)

    def upload(self, asked: Asked) -> Reply:
        one = next(one for one in self.releases if str(one["id"]) == asked.found[0])
        name = asked.query["name"]
        if any(asset["name"] == name for asset in one["assets"]):
            return Reply(422, {"message": "already_exists"})
        made = {
            "id": 900 + len(one["assets"]),
            "name": name,
            "state": "uploaded",
            "digest": f"sha256:{hashlib.sha256(asked.content).hexdigest()}",
        }
        one["assets"].append(made)
        return Reply(201, made)

    def remove_asset(self, asked: Asked) -> Reply:
        for one in self.releases:
            one["assets"] = [each for each in one["assets"] if str(each["id"]) != asked.found[0]]
        return Reply(204)
