"""Azure DevOps, in the cloud or on a server of one's own.

The requests are those of https://learn.microsoft.com/rest/api/azure/devops, version 7.1: pipelines
(runs), build (builds, timeline) and approvals. A run is started at the tag and at the exact commit;
its number is that of its build, which shows the parameters it was started with.
"""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any, ClassVar, Final
from urllib.parse import quote, urlencode

import msgspec

from jupyter_mlcd.model.delivery import DeliveryState
from jupyter_mlcd.model.errors import HubError, WorldError
from jupyter_mlcd.targets.answers import inputs_of, told
from jupyter_mlcd.targets.pipeline import Call, Pipeline, name_people

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from jupyter_mlcd.model.probe import Probe
    from jupyter_mlcd.model.target import AzureDevOpsTable
    from jupyter_mlcd.ports import Parcel, Site, TargetAnswer
    from jupyter_mlcd.world.credentials import Credential

_VERSION: Final = {"api-version": "7.1"}
_APPROVALS: Final = {"api-version": "7.1-preview.1", "$expand": "steps"}
_OURS: Final = "mlcd_delivery_id"
MOST: Final = 1000
_GOING: Final = ("inProgress", "notStarted", "postponed", "cancelling")
_LISTED_STAGES: Final = 10


class _Link(msgspec.Struct):
    href: str = ""


class _Number(msgspec.Struct):
    id: int


class Build(msgspec.Struct, rename="camel"):
    """A build, which is what Azure DevOps keeps of a run."""

    id: int
    status: str = ""
    result: str | None = None
    source_branch: str = ""
    source_version: str = ""
    queue_time: str = ""
    definition: _Number | None = None
    template_parameters: dict[str, Any] | None = None
    links: dict[str, _Link] = msgspec.field(name="_links", default_factory=dict)

    @property
    def word(self) -> str:
        """How it stands: how it ended, once it has."""
        return (self.result if self.status == "completed" else self.status) or "unknown"

    @property
    def page(self) -> str:
        """Where people see it."""
        return self.links.get("web", _Link()).href


class Builds(msgspec.Struct):
    """Some of them."""

    value: list[Build]


class PipelineRun(msgspec.Struct, rename="camel"):
    """A run of a pipeline."""

    id: int = 0
    final_yaml: str | None = None
    template_parameters: dict[str, Any] | None = None
    links: dict[str, _Link] = msgspec.field(name="_links", default_factory=dict)


class _Line(msgspec.Struct):
    id: str
    type: str = ""
    state: str = ""


class _Timeline(msgspec.Struct):
    records: list[_Line] = []


class _Person(msgspec.Struct, rename="camel"):
    display_name: str = ""


class _Step(msgspec.Struct, rename="camel"):
    assigned_approver: _Person | None = None
    status: str = ""


class _Approval(msgspec.Struct):
    steps: list[_Step] = []


class _Approvals(msgspec.Struct):
    value: list[_Approval]


class _Pipeline(msgspec.Struct):
    id: int
    name: str = ""


class AzureDevOpsTarget(Pipeline):
    """``target = { kind = "azure-devops", organization = ..., project = ..., pipeline = 42 }``."""

    system: ClassVar[str] = "Azure DevOps"
    shown_key: ClassVar[str] = '-u ":$TOKEN"'
    states: ClassVar[Mapping[str, DeliveryState]] = {
        **dict.fromkeys(_GOING, DeliveryState.DISPATCHED),
        "succeeded": DeliveryState.DELIVERED,
        # Its own condition succeeded() holds then: steps that may fail did.
        "partiallySucceeded": DeliveryState.DELIVERED,
        "failed": DeliveryState.FAILED,
        "canceled": DeliveryState.CANCELLED,
    }

    def __init__(self, table: AzureDevOpsTable, site: Site) -> None:
        """Run the pipeline that ``table`` names by its number."""
        super().__init__(site, table.url, table.remote)
        self.table = table

    @property
    def owner(self) -> str:
        """Address that a key is kept for: each organization has its own."""
        return f"{self.url}/{quote(self.table.organization, safe='')}"

    def describe(self) -> str:
        """Return "azure-devops", the project and the pipeline's number."""
        table = self.table
        return f"azure-devops {table.organization}/{table.project} pipeline {table.pipeline}"

    def _headers(self, found: Credential) -> dict[str, str]:
        words = base64.b64encode(f"{found.user}:{found.secret}".encode()).decode()
        return {"Authorization": f"Basic {words}"}

    def _missing(self) -> Iterable[str]:
        for name in (self.table.organization, self.table.project):
            if not name.strip("."):
                yield f"{name} is not the name of an organization or a project"

    def _does(self, parcel: Parcel) -> Sequence[str]:
        table, commit = self.table, parcel.release.commit[:7]
        where = f"**{table.organization}/{table.project}** on Azure DevOps"
        at = f"at tag **{parcel.tag}**, commit **{commit}**"
        return [f"Runs pipeline **{table.pipeline}** of {where} {at}."]

    def _trigger(self, parcel: Parcel) -> Call:
        place = {"refName": f"refs/tags/{parcel.tag}", "version": parcel.release.commit}
        return Call(
            self._at(f"/pipelines/{self.table.pipeline}/runs"),
            {
                "resources": {"repositories": {"self": place}},
                "templateParameters": inputs_of(parcel, self.table.parameters),
            },
        )

    def _send(self, parcel: Parcel) -> TargetAnswer:
        return self._post(self._trigger(parcel))

    def _post(self, call: Call) -> TargetAnswer:
        """Send what runs the pipeline. Raises HubError."""
        run = self.http.post(call.path, PipelineRun, call.content)
        if not run.id:
            return self._unsure("Azure DevOps does not say which run it began: look again")
        page = run.links.get("web", _Link()).href
        return self._says("notStarted", {"id": str(run.id)}, url=page)

    def _find(self, parcel: Parcel) -> TargetAnswer | None:
        query = {
            "definitions": str(self.table.pipeline),
            "branchName": f"refs/tags/{parcel.tag}",
            "queryOrder": "queueTimeDescending",
            "$top": str(MOST),
        }
        builds = self.http.get(self._at("/build/builds", query), Builds).value
        nameless = 0
        for build in builds:
            said = self._told(build)
            if said is None:
                nameless += 1
            elif said.get(_OURS) == parcel.key:
                return self._build(build)
        if nameless or len(builds) == MOST:
            return self._unsure(
                "Azure DevOps does not show what its runs of this tag were started with, and one"
                " may be this: look there"
            )
        return None

    def _told(self, build: Build) -> dict[str, Any] | None:
        """Return what a run was started with; None where it is not shown."""
        if build.template_parameters is not None:
            return build.template_parameters
        path = self._at(f"/pipelines/{self.table.pipeline}/runs/{build.id}")
        return self.http.get(path, PipelineRun).template_parameters

    def _follow(self, parcel: Parcel) -> TargetAnswer | None:
        number = parcel.ticket["id"]
        path = self._at(f"/build/builds/{quote(number, safe='')}")
        build = self.http.get(path, Build)
        is_of_pipeline = build.definition is None or build.definition.id == self.table.pipeline
        if str(build.id) != number or not is_of_pipeline:
            return None
        said = self._told(build)
        at_tag = build.source_branch == f"refs/tags/{parcel.tag}"
        # Azure told us this number itself; it need not show what the run was started with.
        is_ours = said.get(_OURS) == parcel.key if said is not None else at_tag
        return self._build(build) if is_ours else None

    def _build(self, build: Build) -> TargetAnswer:
        waits = "" if build.word not in _GOING else self._waits(build.id)
        return self._says(build.word, {"id": str(build.id)}, waits, build.page)

    def _waits(self, number: int) -> str:
        """Return which approvals a run waits for; what may not be read is left out."""
        try:
            lines = self.http.get(self._at(f"/build/builds/{number}/timeline"), _Timeline).records
            asked = [
                one.id
                for one in lines
                if one.type == "Checkpoint.Approval" and one.state != "completed"
            ]
            if not asked:
                return ""
            query = {**_APPROVALS, "approvalIds": ",".join(asked)}
            found = self.http.get(self._at("/pipelines/approvals", query), _Approvals).value
        except HubError:
            return ""
        people = name_people(
            step.assigned_approver.display_name
            for one in found
            for step in one.steps
            if step.assigned_approver and step.status != "approved"
        )
        return f"approval by {people or 'somebody'}"

    def _stop(self, ticket: Mapping[str, str]) -> None:
        path = self._at(f"/build/builds/{quote(ticket['id'], safe='')}")
        self.http.change("PATCH", path, type(None), {"status": "cancelling"})

    # ------------------------------------------------------------------------------ what it tells

    def rehearse(self, parcel: Parcel) -> Sequence[str]:
        """Have Azure DevOps write the whole pipeline out as it would run, without running it."""
        call = self._trigger(parcel)
        # The tag is pushed with the delivery, so that the branch of the pipeline stands for it.
        body = {"templateParameters": call.body["templateParameters"], "previewRun": True}
        text = self.http.post(call.path, PipelineRun, body).final_yaml
        if not text:
            return ["Azure DevOps takes the parameters and does not show the pipeline."]
        lines = [line.strip().removeprefix("- ") for line in text.splitlines()]
        stages, places = _named(lines, "stage:"), _named(lines, "environment:", "name:")
        said = ["Azure DevOps takes the parameters, as its pipeline's own branch has them now."]
        if stages:
            said.append(f"It would run the stages {', '.join(stages)}.")
        if places:
            said.append(
                f"It would deploy to {', '.join(places)}: their approvals and checks apply."
            )
        if not any("mlcd evidence verify" in line for line in lines):
            said.append("It has no step `jupyter mlcd evidence verify`: it would trust anybody.")
        return said

    def _probes(self) -> Sequence[Probe]:
        return [("pipeline", self._seen), ("runs", self._readable)]

    def _seen(self) -> str:
        path = self._at(f"/pipelines/{self.table.pipeline}")
        return f"{told(self.http.get(path, _Pipeline).name)} can be read"

    def _readable(self) -> str:
        query = {"definitions": str(self.table.pipeline), "$top": "1"}
        path = self._at("/build/builds", query)
        try:
            self.http.get(path, Builds)
        except HubError as error:
            hint = "Give the key Build: read and execute (vso.build_execute)."
            raise WorldError(error.message, code=error.code, hint=hint) from None
        return "its runs can be read"

    def _at(self, path: str, query: Mapping[str, str] = _VERSION) -> str:
        table = self.table
        asked = urlencode({**_VERSION, **query})
        place = "/".join(quote(one, safe="") for one in (table.organization, table.project))
        return f"/{place}/_apis{path}?{asked}"


def _named(lines: Sequence[str], *names: str) -> list[str]:
    """Return what stands behind these words in a text of YAML, each once, a few at most."""
    found = [
        told(line.partition(":")[2].strip(" '\""))
        for before, line in zip(["", *lines], lines, strict=False)
        if line.startswith(names[0])
        or (len(names) > 1 and before == names[0] and line.startswith(names[1]))
    ]
    return list(dict.fromkeys(one for one in found if one))[:_LISTED_STAGES]
