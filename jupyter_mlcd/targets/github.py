"""GitHub, in the cloud or on a server of one's own (``url = "https://HOST/api/v3"``).

The requests are those of https://docs.github.com/rest/actions/workflows, .../rest/repos/repos,
.../rest/deployments and .../rest/releases, version 2022-11-28. A workflow is started at the tag;
newer servers answer with its run, older ones with nothing. Then it is found by its title, where
the workflow says ``run-name: deliver ${{ inputs.version }} ${{ inputs.mlcd_delivery_id }}``.
"""

from __future__ import annotations

import base64
import re
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar, Final, cast
from urllib.parse import quote

import msgspec

from jupyter_mlcd.model.delivery import DeliveryState
from jupyter_mlcd.model.errors import HubError, WorldError
from jupyter_mlcd.model.issue import place_of
from jupyter_mlcd.targets.answers import filled, inputs_of, told
from jupyter_mlcd.targets.github_release import ReleasePage, text_of
from jupyter_mlcd.targets.pipeline import Call, Pipeline, name_people

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from jupyter_mlcd.model.probe import Probe
    from jupyter_mlcd.model.target import GitHubTable
    from jupyter_mlcd.ports import Parcel, Site, TargetAnswer
    from jupyter_mlcd.world.credentials import Credential

CLOUD: Final = "https://api.github.com"
_A_KEY: Final = re.compile(r"\b[0-9a-f]{32}\b")
_A_FILE: Final = re.compile(r"[\w-][\w.-]*\.ya?ml|\d+")
_A_REPOSITORY: Final = re.compile(r"[\w-][\w.-]*/[\w-][\w.-]*")
_PAGE: Final = 100
_MOST_PAGES: Final = 10
_GOING: Final = ("queued", "requested", "waiting", "pending", "in_progress")
_FAILED: Final = (
    "failure", "timed_out", "startup_failure", "action_required", "stale", "neutral", "skipped",
    "error",
)  # fmt: skip


class Run(msgspec.Struct):
    """A run of a workflow."""

    id: int
    status: str | None = ""
    conclusion: str | None = None
    display_title: str = ""
    event: str = ""
    head_branch: str | None = ""
    head_sha: str = ""
    created_at: str = ""
    path: str = ""
    html_url: str = ""

    @property
    def word(self) -> str:
        """How it stands: how it ended, once it has."""
        done = self.status == "completed" and self.conclusion
        return (self.conclusion if done else self.status) or "unknown"


class Runs(msgspec.Struct):
    """A page of them, newest first."""

    total_count: int
    workflow_runs: list[Run]


class Started(msgspec.Struct):
    """What a newer server answers to a dispatch."""

    workflow_run_id: int = 0
    html_url: str = ""


class _Deployment(msgspec.Struct):
    id: int
    ref: str = ""
    payload: Any = None


class _Status(msgspec.Struct):
    state: str
    created_at: str
    log_url: str = ""
    target_url: str = ""


class _Place(msgspec.Struct):
    name: str = ""


class _Somebody(msgspec.Struct):
    login: str = ""
    name: str | None = ""


class _Reviewer(msgspec.Struct):
    reviewer: _Somebody


class _Pending(msgspec.Struct):
    environment: _Place
    reviewers: list[_Reviewer] = []


class _Repository(msgspec.Struct):
    full_name: str
    default_branch: str = ""
    permissions: dict[str, bool] = {}


class _Workflow(msgspec.Struct):
    path: str
    state: str


class _File(msgspec.Struct):
    content: str = ""


class GitHubTarget(Pipeline):
    """``target = { kind = "github", workflow = "deliver.yml" }``."""

    system: ClassVar[str] = "GitHub"
    shown_key: ClassVar[str] = '-H "Authorization: Bearer $TOKEN"'
    states: ClassVar[Mapping[str, DeliveryState]] = {
        **dict.fromkeys(_GOING, DeliveryState.DISPATCHED),
        **dict.fromkeys(_FAILED, DeliveryState.FAILED),
        "success": DeliveryState.DELIVERED,
        "published": DeliveryState.DELIVERED,
        "cancelled": DeliveryState.CANCELLED,
        "inactive": DeliveryState.CANCELLED,
    }

    def __init__(self, table: GitHubTable, site: Site) -> None:
        """Start what ``table`` names, in its repository or that of the git remote."""
        super().__init__(site, table.url or CLOUD, table.remote)
        self.table = table

    # ---------------------------------------------------------------------------- what it says

    @property
    def owner(self) -> str:
        """Address that a key is kept for."""
        return self.url

    @cached_property
    def repository(self) -> str:
        """``owner/name``; empty where neither mlcd.toml nor the remote says it."""
        if self.table.repository:
            return self.table.repository if _A_REPOSITORY.fullmatch(self.table.repository) else ""
        host, parts = place_of(self.site.remote(self.remote).url())
        if len(parts) != 2:  # noqa: PLR2004 - owner and name
            return ""
        return "/".join(parts) if self.table.url or host == "github.com" else ""

    @property
    def publishes_notes(self) -> bool:
        """Whether a release is published."""
        return self.table.release

    @property
    def needs_files(self) -> bool:  # type: ignore[override] # fixed for all others
        """Whether a release is published with them."""
        return self.table.release

    def published_text(self, parcel: Parcel) -> str:
        """Return what the page of the release says."""
        return text_of(parcel)

    def describe(self) -> str:
        """Return "github", the repository, and what is started there."""
        what = self.table.workflow or self.table.event or "release"
        return f"github {self.repository} {'deployment' if self.table.deployment else what}"

    def _headers(self, found: Credential) -> dict[str, str]:
        return {
            "Accept": "application/vnd.github+json",
            "X-GitHub-Api-Version": "2022-11-28",
            "Authorization": f"Bearer {found.secret}",
        }

    def _missing(self) -> Iterable[str]:
        table = self.table
        ways = [bool(table.workflow), bool(table.event), table.deployment]
        if sum(ways) > 1 or not (any(ways) or table.release):
            yield "the target needs one of workflow, event and deployment, or release alone"
        if table.workflow and not _A_FILE.fullmatch(table.workflow):
            yield f"{table.workflow} is not the name of a workflow's file: write deliver.yml"
        if not self.repository:
            yield 'it is not known which repository is meant: write repository = "owner/name"'

    def _does(self, parcel: Parcel) -> Sequence[str]:
        where = f"of **{self.repository}** on GitHub"
        does = [self._page.sentence(parcel)] if self.table.release else []
        if self.table.workflow:
            does.append(f"Starts **{self.table.workflow}** {where} at tag **{parcel.tag}**.")
        elif self.table.event:
            does.append(f"Sends **{self.table.event}** to the workflows {where}.")
        elif self.table.deployment:
            what = f"of tag **{parcel.tag}** to **{parcel.environment}**"
            does.append(f"Asks for a deployment {where}, {what}.")
        return does

    def _trigger(self, parcel: Parcel) -> Call:
        table, below = self.table, f"/repos/{self.repository}"
        inputs = inputs_of(parcel, table.inputs)
        if table.workflow:
            path = f"{below}/actions/workflows/{quote(table.workflow, safe='')}/dispatches"
            return Call(path, {"ref": parcel.tag, "inputs": inputs, "return_run_details": True})
        if table.event:
            event = filled(table.event, parcel)
            return Call(
                f"{below}/dispatches", {"event_type": event, "client_payload": _few(inputs)}
            )
        if table.deployment:
            # Without the two, GitHub merges the default branch into what was tested.
            return Call(f"{below}/deployments", {
                "ref": parcel.tag,
                "task": "deploy",
                "auto_merge": False,
                "required_contexts": [],
                "payload": inputs,
                "environment": parcel.environment,
                "description": told(f"{parcel.release.project} {parcel.release.version}")[:140],
            })  # fmt: skip
        return self._page.publishing(parcel)

    # ------------------------------------------------------------------------------ what it does

    def _prepare(self, parcel: Parcel) -> None:
        if self.table.release:
            self._page.prepare(parcel)
            if self.table.workflow or self.table.event or self.table.deployment:
                self._page.publish(parcel)

    def _send(self, parcel: Parcel) -> TargetAnswer:
        table, call = self.table, self._trigger(parcel)
        if table.workflow or table.event:
            kind = cast("type[Started | None]", Started | None)
            started = self.http.post(call.path, kind, call.content)
            if started is None:
                return self._says("queued", {})
            if not started.workflow_run_id:
                return self._unsure("GitHub does not say which run it began: look again")
            ticket = {"id": str(started.workflow_run_id)}
            return self._says("queued", ticket, url=started.html_url)
        if table.deployment:
            made = self.http.post(call.path, _Deployment, call.content)
            return self._says("pending", {"id": str(made.id)}, url=self._deployments)
        url = self._page.publish(parcel)
        return self._says("published", {"id": parcel.tag}, url=url)

    def _find(self, parcel: Parcel) -> TargetAnswer | None:
        if self.table.deployment:
            return self._find_deployment(parcel)
        if not (self.table.workflow or self.table.event):
            url = self._page.find(parcel)
            return self._says("published", {"id": parcel.tag}, url=url) if url else None
        nameless = 0
        for run in self._runs(parcel):
            if parcel.key in run.display_title:
                return self._run(run)
            nameless += self._may_be(run, parcel)
        if nameless:
            return self._unsure(
                f"{nameless} runs on GitHub do not say in their title what they deliver, and one"
                " may be this: look there, and write mlcd_delivery_id into the workflow's run-name"
            )
        return None

    def _may_be(self, run: Run, parcel: Parcel) -> bool:
        """Whether a run without our key may have been started by it: titles are the user's."""
        if _A_KEY.search(run.display_title):
            return False
        # GitHub's own title of such a run is the name of the event.
        return bool(self.table.workflow) or run.display_title == filled(self.table.event, parcel)

    def _runs(self, parcel: Parcel) -> Iterator[Run]:
        below = f"/repos/{self.repository}/actions"
        if self.table.workflow:
            path = f"{below}/workflows/{quote(self.table.workflow, safe='')}/runs"
            query = {"event": "workflow_dispatch", "branch": parcel.tag}
        else:
            path, query = f"{below}/runs", {"event": "repository_dispatch"}
        for number in range(1, _MOST_PAGES + 1):
            more = {"per_page": str(_PAGE), "page": str(number)}
            page = self.http.get(path, Runs, {**query, **more}).workflow_runs
            yield from page
            if len(page) < _PAGE:
                return

    def _find_deployment(self, parcel: Parcel) -> TargetAnswer | None:
        query = {"ref": parcel.tag, "environment": parcel.environment}
        for one in self.http.pages(
            f"/repos/{self.repository}/deployments", list[_Deployment], query
        ):
            if _is_of(one, parcel):
                return self._deployment(one)
        return None

    def _follow(self, parcel: Parcel) -> TargetAnswer | None:
        number = quote(parcel.ticket["id"], safe="")
        if self.table.deployment:
            path = f"/repos/{self.repository}/deployments/{number}"
            one = self.http.get(path, _Deployment)
            is_ours = str(one.id) == parcel.ticket["id"] and _is_of(one, parcel)
            return self._deployment(one) if is_ours else None
        run = self.http.get(f"/repos/{self.repository}/actions/runs/{number}", Run)
        titled = _A_KEY.search(run.display_title)
        # GitHub told us this number itself; a title without any key is no sign against it.
        at_tag = run.head_branch == parcel.tag and run.event == "workflow_dispatch"
        is_ours = parcel.key in run.display_title or (not titled and at_tag)
        if str(run.id) != parcel.ticket["id"] or not is_ours:
            return None
        return self._run(run)

    def _run(self, run: Run) -> TargetAnswer:
        waits = self._waits(run) if run.word == "waiting" else ""
        return self._says(run.word, {"id": str(run.id)}, waits, run.html_url)

    def _waits(self, run: Run) -> str:
        path = f"/repos/{self.repository}/actions/runs/{run.id}/pending_deployments"
        try:
            pending = self.http.get(path, list[_Pending])
        except HubError:
            return "an approval on GitHub"  # who may give it is told to who may read it
        return "; ".join(
            f"approval of {told(one.environment.name)} by {_named(one) or 'somebody'}"
            for one in pending
        )

    def _deployment(self, one: _Deployment) -> TargetAnswer:
        path = f"/repos/{self.repository}/deployments/{one.id}/statuses"
        statuses = sorted(
            self.http.pages(path, list[_Status]), key=lambda status: status.created_at
        )
        # The first end counts: a later deployment makes every earlier one inactive.
        ended = [one for one in statuses if self.states.get(one.state, DeliveryState.UNKNOWN).over]
        last = next(iter(ended or statuses[-1:]), None)
        url = (last.log_url or last.target_url) if last else ""
        word = last.state if last else "pending"
        return self._says(word, {"id": str(one.id)}, url=url or self._deployments)

    def _stop(self, ticket: Mapping[str, str]) -> None:
        if self.table.deployment or not (self.table.workflow or self.table.event):
            words = "whoever carries out a deployment is not told of a change of mind"
            raise HubError(words, code="hub-said-no", hint="Stop it where it runs.")
        path = f"/repos/{self.repository}/actions/runs/{quote(ticket['id'], safe='')}/cancel"
        self.http.post(path, type(None), {})

    # ------------------------------------------------------------------------------ what it tells

    def rehearse(self, parcel: Parcel) -> Sequence[str]:
        """Tell whether the workflow as it is in the tested commit takes what it would get."""
        if not self.table.workflow:
            return ()
        workflow = self._workflow()
        path = f"/repos/{self.repository}/contents/{quote(workflow.path)}"
        # The tag is pushed with the delivery; the commit may be there before it.
        text = self._text_of(path, {"ref": parcel.release.commit})
        said = [f"GitHub knows {workflow.path}, and it is {workflow.state}."]
        if "workflow_dispatch" not in text:
            said.append("It cannot be started: it has no `on: workflow_dispatch`.")
        missing = [name for name in self._trigger(parcel).body["inputs"] if name not in text]
        if missing:
            said.append(f"GitHub will refuse it: it does not name the inputs {', '.join(missing)}.")
        if not re.search(r"^run-name:.*mlcd_delivery_id", text, re.MULTILINE):
            said.append(
                "Its run-name does not hold inputs.mlcd_delivery_id: a run of which the answer"
                " is lost would not be found again."
            )
        return said

    def _text_of(self, path: str, query: Mapping[str, str] | None = None) -> str:
        found = self.http.get(path, _File, query)
        return base64.b64decode(found.content).decode(errors="replace")

    def _workflow(self) -> _Workflow:
        name = quote(self.table.workflow, safe="")
        return self.http.get(f"/repos/{self.repository}/actions/workflows/{name}", _Workflow)

    def _probes(self) -> Sequence[Probe]:
        probes: list[Probe] = [("repository", self._seen)]
        if self.table.workflow:
            probes.append(("workflow", self._startable))
        return probes

    def _seen(self) -> str:
        found = self.http.get(f"/repos/{self.repository}", _Repository)
        if found.permissions and not found.permissions.get("push"):
            words = f"the key may read {found.full_name} and not start anything there"
            raise WorldError(words, code="no-right", hint="Give it Actions: read and write.")
        return f"{told(found.full_name)} can be read"

    def _startable(self) -> str:
        found = self._workflow()
        if found.state != "active":
            words = f"{self.table.workflow} is {told(found.state)}"
            raise WorldError(words, code="workflow", hint="Enable it on its page under Actions.")
        return f"{told(found.path)} is active"

    @property
    def _deployments(self) -> str:
        own = self.url.removesuffix("/api/v3") if self.url != CLOUD else "https://github.com"
        return f"{own}/{self.repository}/deployments"

    @cached_property
    def _page(self) -> ReleasePage:
        return ReleasePage(lambda: self.http, self.repository, self.url)


def _few(inputs: Mapping[str, str]) -> dict[str, Any]:
    """Return a payload of at most ten names, as GitHub asks: hers stand below one of them."""
    ours = ("mlcd_delivery_id", "version", "digest", "tag", "environment")
    hers = {name: value for name, value in inputs.items() if name not in ours}
    return {**{name: inputs[name] for name in ours}, **({"inputs": hers} if hers else {})}


def _is_of(one: _Deployment, parcel: Parcel) -> bool:
    payload = one.payload
    if isinstance(payload, str):
        try:
            payload = msgspec.json.decode(payload)
        except msgspec.MsgspecError:
            return False
    said = payload.get("mlcd_delivery_id") if isinstance(payload, dict) else None
    return said == parcel.key and one.ref == parcel.tag


def _named(pending: _Pending) -> str:
    return name_people(one.reviewer.login or one.reviewer.name or "" for one in pending.reviewers)
