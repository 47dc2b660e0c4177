"""GitLab, in the cloud or on a server of one's own.

The requests are those of https://docs.gitlab.com/api/pipelines, .../api/pipeline_triggers,
.../api/lint and .../api/releases, version 4. A pipeline is started at the tag with our key as the
variable ``MLCD_DELIVERY_ID``, by which it is found again. A trigger token (``glptt-...``) that is
kept for the address of the triggers is used there; it cannot read, so that a key for the project
is needed too.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar, Final
from urllib.parse import quote

import msgspec

from jupyter_mlcd.model.delivery import DeliveryState
from jupyter_mlcd.model.errors import HubError, WorldError
from jupyter_mlcd.model.hub import page_of
from jupyter_mlcd.model.issue import place_of
from jupyter_mlcd.model.release import release_folder
from jupyter_mlcd.targets.answers import told, variables_of
from jupyter_mlcd.targets.pipeline import Call, Pipeline, name_people
from jupyter_mlcd.world.http import Http

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from jupyter_mlcd.model.probe import Probe
    from jupyter_mlcd.model.target import GitLabTable
    from jupyter_mlcd.ports import Parcel, Site, TargetAnswer
    from jupyter_mlcd.world.credentials import Credential

CLOUD: Final = "https://gitlab.com/api/v4"
_OURS: Final = "MLCD_DELIVERY_ID"
_TRIGGER_TOKEN: Final = "glptt-"  # noqa: S105 - how such tokens begin
_STARTED_BY: Final = {"api", "trigger"}
_DEVELOPER: Final = 30
_GOING: Final = (
    "created", "waiting_for_resource", "preparing", "waiting_for_callback", "pending", "running",
    "canceling", "manual", "scheduled",
)  # fmt: skip


class MadePipeline(msgspec.Struct):
    """A pipeline that was made."""

    id: int
    ref: str = ""
    status: str = ""
    source: str = ""
    web_url: str = ""
    name: str | None = ""
    sha: str = ""
    created_at: str = ""


class _Variable(msgspec.Struct):
    key: str
    value: str = ""


class _Named(msgspec.Struct):
    name: str
    stage: str = ""
    status: str = ""


class _Deployable(msgspec.Struct):
    pipeline: MadePipeline | None = None


class _Rule(msgspec.Struct):
    access_level_description: str = ""
    required_approvals: int = 0
    deployment_approvals: list[Any] = []


class _Summary(msgspec.Struct):
    rules: list[_Rule] = []


class _Deployment(msgspec.Struct):
    id: int
    deployable: _Deployable | None = None
    approval_summary: _Summary | None = None


class _Lint(msgspec.Struct):
    valid: bool
    errors: list[str] = []
    warnings: list[str] = []
    jobs: list[_Named] | None = None
    merged_yaml: str | None = ""


class _Access(msgspec.Struct):
    access_level: int = 0


class _Project(msgspec.Struct):
    path_with_namespace: str
    permissions: dict[str, _Access | None] = {}


class _Release(msgspec.Struct):
    tag_name: str


class GitLabTarget(Pipeline):
    """``target = { kind = "gitlab" }``."""

    system: ClassVar[str] = "GitLab"
    shown_key: ClassVar[str] = '-H "PRIVATE-TOKEN: $TOKEN"'
    states: ClassVar[Mapping[str, DeliveryState]] = {
        **dict.fromkeys(_GOING, DeliveryState.DISPATCHED),
        "success": DeliveryState.DELIVERED,
        "failed": DeliveryState.FAILED,
        "skipped": DeliveryState.FAILED,
        "canceled": DeliveryState.CANCELLED,
    }

    def __init__(self, table: GitLabTable, site: Site) -> None:
        """Start a pipeline of the project that ``table`` or the git remote names."""
        host, parts = place_of(site.remote(table.remote).url())
        own = f"https://{host}/api/v4" if host and not table.project else CLOUD
        super().__init__(site, table.url or own, table.remote)
        self.table = table
        self.project = table.project.strip("/") or "/".join(parts)

    @property
    def owner(self) -> str:
        """Address that a key is kept for."""
        return self.url

    @property
    def publishes_notes(self) -> bool:
        """Whether a release is published."""
        return self.table.release

    def published_text(self, parcel: Parcel) -> str:
        """Return the description of the release."""
        return f"{parcel.notes}\nRelease-Digest: {parcel.release.digest}".strip()

    def describe(self) -> str:
        """Return "gitlab" and the project."""
        return f"gitlab {self.project}"

    def _headers(self, found: Credential) -> dict[str, str]:
        return {"PRIVATE-TOKEN": found.secret}

    def _missing(self) -> Iterable[str]:
        if "/" not in self.project:
            yield 'it is not known which project is meant: write project = "group/name"'

    def _does(self, parcel: Parcel) -> Sequence[str]:
        where = f"of **{self.project}** on GitLab"
        does = [f"Starts a pipeline {where} at tag **{parcel.tag}**."]
        if self.table.release:
            words = (
                f"Publishes release **{parcel.tag}** {where} with its notes and links to the "
                "evidence."
            )
            does.insert(0, words)
        return does

    def _trigger(self, parcel: Parcel) -> Call:
        variables = variables_of(parcel, self.table.variables)
        if self._trigger_token:
            body = {"token": "$TRIGGER_TOKEN", "ref": parcel.tag, "variables": variables}
            return Call(f"{self._path}/trigger/pipeline", body)
        listed = [{"key": name, "value": value} for name, value in variables.items()]
        return Call(f"{self._path}/pipeline", {"ref": parcel.tag, "variables": listed})

    def _prepare(self, parcel: Parcel) -> None:
        if not self.table.release:
            return
        version = parcel.release.version
        try:
            self.http.post(f"{self._path}/releases", _Release, {
                "tag_name": parcel.tag,
                "name": f"{parcel.release.project} {version}",
                "description": self.published_text(parcel),
                "assets": {"links": self._links(parcel)},
            })  # fmt: skip
        except HubError as error:
            if error.code != "hub-said-no":
                raise
            # It is of a version, and an earlier delivery published it; else this says why not.
            self.http.get(f"{self._path}/releases/{quote(parcel.tag, safe='')}", _Release)

    def _links(self, parcel: Parcel) -> list[dict[str, str]]:
        folder = release_folder(parcel.release.project, parcel.release.version)
        branch = parcel.ledger_ref.removeprefix("refs/heads/")
        page = page_of(self.site.remote(self.remote).url(), branch, folder)
        return [{"name": "evidence", "url": page, "link_type": "other"}] if page else []

    def _send(self, parcel: Parcel) -> TargetAnswer:
        made = self._post(self._trigger(parcel))
        if made.ref != parcel.tag:
            return self._unsure("GitLab answers with a pipeline of another ref: look again")
        return self._says(made.status, {"id": str(made.id)}, url=made.web_url)

    def _post(self, call: Call) -> MadePipeline:
        """Send what makes a pipeline, with the trigger token where one is kept. Raises HubError."""
        token = self._trigger_token
        # The token stands in the body, never in an address that is written into logs.
        http, body = (
            (Http(self.url), {**call.body, "token": token}) if token else (self.http, call.body)
        )
        try:
            return http.post(call.path, MadePipeline, body)
        except HubError as error:
            if token and token in error.message:
                raise HubError("GitLab says the token aloud", code=error.code) from None
            raise

    def _find(self, parcel: Parcel) -> TargetAnswer | None:
        pages = self.http.pages(f"{self._path}/pipelines", list[MadePipeline], {"ref": parcel.tag})
        hidden = 0
        for one in pages:
            # Pushing the tag starts one too, which is nobody's delivery.
            if one.source not in _STARTED_BY:
                continue
            is_ours = self._shows(one, parcel)
            if is_ours:
                return self._pipeline(one)
            hidden += is_ours is None
        if hidden:
            return self._unsure(
                f"the key may not see with what {hidden} pipelines of {parcel.tag} were started on"
                " GitLab, and one may be this: look there"
            )
        return None

    def _shows(self, one: MadePipeline, parcel: Parcel) -> bool | None:
        """Whether a pipeline carries our key; None where GitLab does not let us see it."""
        if parcel.key in (one.name or ""):
            return True
        path = f"{self._path}/pipelines/{one.id}/variables"
        try:
            variables = self.http.get(path, list[_Variable])
        except HubError as error:
            if error.code in {"hub-refused", "hub-not-found"}:
                return None
            raise
        return any((each.key, each.value) == (_OURS, parcel.key) for each in variables)

    def _follow(self, parcel: Parcel) -> TargetAnswer | None:
        number = parcel.ticket["id"]
        one = self.http.get(f"{self._path}/pipelines/{quote(number, safe='')}", MadePipeline)
        is_named = str(one.id) == number and one.ref == parcel.tag
        # GitLab told us this number itself; where it hides the variables, the ref has to do.
        is_ours = is_named and self._shows(one, parcel) is not False
        return self._pipeline(one) if is_ours else None

    def _pipeline(self, one: MadePipeline) -> TargetAnswer:
        waits = self._waits(one) if one.status in {"manual", "running", "created"} else ""
        return self._says(one.status, {"id": str(one.id)}, waits, one.web_url)

    def _waits(self, one: MadePipeline) -> str:
        """Return whom or what a pipeline waits for; what may not be read is left out."""
        try:
            blocked = self._blocked(one)
            path, query = f"{self._path}/pipelines/{one.id}/jobs", {"scope": "manual"}
            manual = self.http.get(path, list[_Named], query) if one.status == "manual" else []
        except HubError:
            return ""
        named = name_people(job.name for job in manual)
        by_hand = [f"somebody to start {named} there"] if named else []
        return "; ".join([*blocked, *by_hand])

    def _blocked(self, one: MadePipeline) -> list[str]:
        # An environment there may have another name than here, so that it is not asked for.
        query = {"status": "blocked", "per_page": "20"}
        found = self.http.get(f"{self._path}/deployments", list[_Deployment], query)
        asked = []
        for deployment in found:
            pipeline = deployment.deployable.pipeline if deployment.deployable else None
            if pipeline is None or pipeline.id != one.id:
                continue
            whole = self.http.get(f"{self._path}/deployments/{deployment.id}", _Deployment)
            rules = whole.approval_summary.rules if whole.approval_summary else []
            people = name_people(
                rule.access_level_description
                for rule in rules
                if len(rule.deployment_approvals) < rule.required_approvals
            )
            asked.append(f"approval by {people or 'somebody'}")
        return asked

    def _stop(self, ticket: Mapping[str, str]) -> None:
        number = quote(ticket["id"], safe="")
        self.http.post(f"{self._path}/pipelines/{number}/cancel", type(None), {})

    # ------------------------------------------------------------------------------ what it tells

    def rehearse(self, parcel: Parcel) -> Sequence[str]:
        """Have GitLab write the pipeline out as it would be, without making it."""
        # The tag is pushed with the delivery; the commit may be there before it.
        query = {
            "content_ref": parcel.release.commit,
            "dry_run": "true",
            "include_jobs": "true",
        }
        found = self.http.get(f"{self._path}/ci/lint", _Lint, query)
        said = [f"GitLab: {told(one)}" for one in (*found.errors, *found.warnings)]
        if found.valid:
            jobs = name_people(job.name for job in found.jobs or [])
            said.insert(
                0, f"GitLab would make a pipeline{f' with the jobs {jobs}' if jobs else ''}."
            )
        if "mlcd evidence verify" not in (found.merged_yaml or ""):
            said.append("It has no step `jupyter mlcd evidence verify`: it would trust anybody.")
        return said

    def _probes(self) -> Sequence[Probe]:
        return [("project", self._seen), ("pipelines", self._readable)]

    def _seen(self) -> str:
        found = self.http.get(self._path, _Project)
        levels = [one.access_level for one in found.permissions.values() if one is not None]
        if levels and max(levels) < _DEVELOPER and not self._trigger_token:
            words = f"the key may read {told(found.path_with_namespace)} and start nothing there"
            raise WorldError(words, code="no-right", hint="It needs the role Developer and api.")
        return f"{told(found.path_with_namespace)} can be read"

    def _readable(self) -> str:
        query = {"per_page": "1"}
        newest = self.http.get(f"{self._path}/pipelines", list[MadePipeline], query)
        if newest:
            path = f"{self._path}/pipelines/{newest[0].id}/variables"
            try:
                self.http.get(path, list[_Variable])
            except HubError as error:
                hint = "Without it, a pipeline whose answer is lost is not found again."
                words = f"the variables of pipelines cannot be read: {error.message}"
                raise WorldError(words, code="no-right", hint=hint) from None
        return "pipelines and their variables can be read"

    @property
    def _path(self) -> str:
        return f"/projects/{quote(self.project, safe='')}"

    @cached_property
    def _trigger_token(self) -> str:
        """The token that starts pipelines and nothing else; empty where none is kept."""
        try:
            found = self.site.credential(f"{self.url}{self._path}/trigger/pipeline")
        except WorldError:
            return ""  # asking for the key itself says what is wrong
        return found.secret if found and found.secret.startswith(_TRIGGER_TOKEN) else ""
