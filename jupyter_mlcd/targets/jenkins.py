"""Jenkins: a job with parameters, from the queue to its build.

The requests are those of https://www.jenkins.io/doc/book/using/remote-access-api. An API token is
shown with the first request, since Jenkins answers 403 and never asks for it; it needs no crumb.
Jenkins drops parameters that a job does not define without a word, so that they are read before.
"""

from __future__ import annotations

import base64
import re
from typing import TYPE_CHECKING, Any, ClassVar, Final
from urllib.parse import quote

import msgspec

from jupyter_mlcd.model.delivery import DeliveryState
from jupyter_mlcd.model.errors import HubError, WorldError
from jupyter_mlcd.targets.answers import told, variables_of
from jupyter_mlcd.targets.pipeline import Call, Pipeline, name_people

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from jupyter_mlcd.model.probe import Probe
    from jupyter_mlcd.model.target import JenkinsTable
    from jupyter_mlcd.ports import Parcel, Site, TargetAnswer
    from jupyter_mlcd.world.credentials import Credential

_OURS: Final = "MLCD_DELIVERY_ID"
_IN_QUEUE: Final = re.compile(r"/queue/item/(\d+)/?\Z")
_COUNTDOWN: Final = re.compile(r"\s*(?:Expires in .*|\(ETA:.*\))\Z")
_FOLDED: Final = 303
MOST: Final = 500
JOB: Final = "name,buildable,property[parameterDefinitions[name,type]]"
_ACTIONS: Final = "actions[parameters[name,value]]"
BUILD: Final = f"number,building,result,queueId,{_ACTIONS}"
ITEM: Final = f"id,why,cancelled,executable[number],task[name,url],{_ACTIONS}"


class _Parameter(msgspec.Struct):
    name: str = ""
    value: Any = None


class _Revision(msgspec.Struct, rename="upper"):
    sha1: str = ""


class _Action(msgspec.Struct, rename="camel"):
    parameters: list[_Parameter] = []
    last_built_revision: _Revision | None = None


class _Property(msgspec.Struct, rename="camel"):
    parameter_definitions: list[_Parameter] = []


class Job(msgspec.Struct):
    """A job, and what it is started with."""

    name: str
    buildable: bool = True
    property: list[_Property] = []


class Build(msgspec.Struct, rename="camel"):
    """One build of a job."""

    number: int
    building: bool = False
    result: str | None = None
    queue_id: int = 0
    timestamp: int = 0
    actions: list[_Action] = []

    @property
    def commit(self) -> str:
        """The commit that it was made of; empty before it was checked out."""
        found = (action.last_built_revision for action in self.actions)
        return next((one.sha1 for one in found if one), "")

    @property
    def word(self) -> str:
        """How it stands: a build that is going on may show a result already."""
        return "BUILDING" if self.building or not self.result else self.result


class Builds(msgspec.Struct):
    """Some of them, newest first."""

    builds: list[Build]


class _Executable(msgspec.Struct):
    number: int


class _Task(msgspec.Struct, frozen=True):
    url: str = ""


class Item(msgspec.Struct):
    """What stands in the queue."""

    id: int
    why: str | None = ""
    cancelled: bool = False
    executable: _Executable | None = None
    task: _Task = _Task()
    actions: list[_Action] = []


class Queue(msgspec.Struct):
    """The queue of all jobs."""

    items: list[Item] = []


class _Input(msgspec.Struct):
    message: str = ""


class JenkinsTarget(Pipeline):
    """``target = { kind = "jenkins", url = "https://ci.example.org", job = "models/digits" }``."""

    system: ClassVar[str] = "Jenkins"
    shown_key: ClassVar[str] = '-u "$USER:$TOKEN"'
    states: ClassVar[Mapping[str, DeliveryState]] = {
        "QUEUED": DeliveryState.DISPATCHED,
        "BUILDING": DeliveryState.DISPATCHED,
        "SUCCESS": DeliveryState.DELIVERED,
        # A build that is unstable ran to its end, and some of its tests say no.
        "UNSTABLE": DeliveryState.FAILED,
        "FAILURE": DeliveryState.FAILED,
        "NOT_BUILT": DeliveryState.FAILED,
        "ABORTED": DeliveryState.CANCELLED,
        "CANCELLED": DeliveryState.CANCELLED,
    }

    def __init__(self, table: JenkinsTable, site: Site) -> None:
        """Build the job that ``table`` names."""
        super().__init__(site, table.url, table.remote)
        self.table = table

    @property
    def owner(self) -> str:
        """Address that a key is kept for."""
        return self.url

    def describe(self) -> str:
        """Return "jenkins" and the job."""
        return f"jenkins {self.table.job}"

    def _headers(self, found: Credential) -> dict[str, str]:
        if not found.user:
            words = f"the key for {self.owner} has no user: Jenkins asks for both"
            raise WorldError(words, code="no-user", hint="Add user to mlcd-credentials.toml.")
        words = base64.b64encode(f"{found.user}:{found.secret}".encode()).decode()
        return {"Authorization": f"Basic {words}"}

    def _missing(self) -> Iterable[str]:
        if not all(part.strip(".") for part in self.table.job.strip("/").split("/")):
            yield f"{self.table.job} is not the name of a job: write folders and name with slashes"

    def _does(self, parcel: Parcel) -> Sequence[str]:
        return [f"Starts job **{self.table.job}** on Jenkins with tag **{parcel.tag}**."]

    def _trigger(self, parcel: Parcel) -> Call:
        body = variables_of(parcel, self.table.parameters)
        return Call(f"{self._path}/buildWithParameters", body, is_form=True)

    def _prepare(self, parcel: Parcel) -> None:
        """Refuse what Jenkins would drop without a word."""
        job = self._job()
        lacking = self._lacking(job, parcel)
        if lacking:
            raise WorldError(
                f"the job {self.table.job} does not define {', '.join(lacking)}",
                code="parameters",
                hint="Jenkins would drop them: add them to its parameters.",
            )

    def _send(self, parcel: Parcel) -> TargetAnswer:
        return self._post(self._trigger(parcel), self._path)

    def _post(self, call: Call, path: str) -> TargetAnswer:
        """Send what puts the job at ``path`` into the queue. Raises HubError."""
        headers = {"Content-Type": call.kind}
        _, answered = self.http.change(
            call.method, call.path, type(None), call.content, headers, also={_FOLDED}
        )
        # Behind a proxy the address can be any; the number in the queue is what it tells.
        item = _IN_QUEUE.search(answered.get("location", ""))
        if item is None:
            return self._unsure("Jenkins took it and does not say where it stands: look again")
        return self._says("QUEUED", {"id": f"queue/{item[1]}"}, url=f"{self.url}{path}")

    def _find(self, parcel: Parcel) -> TargetAnswer | None:
        # The queue first: what leaves it in between is among the builds.
        queue = self.http.get("/queue/api/json", Queue, {"tree": f"items[{ITEM}]"})
        for item in queue.items:
            if _is_of(item.actions, parcel):
                return self._item(item, parcel)
        query = {"tree": f"builds[{BUILD}]{{0,{MOST}}}"}
        for build in self.http.get(f"{self._path}/api/json", Builds, query).builds:
            if _is_of(build.actions, parcel):
                return self._build(build)
        return None

    def _follow(self, parcel: Parcel) -> TargetAnswer | None:
        kind, _, number = parcel.ticket["id"].partition("/")
        if not number.isdecimal():
            return None
        if kind == "build":
            path, query = f"{self._path}/{number}/api/json", {"tree": BUILD}
            build = self.http.get(path, Build, query)
            is_ours = str(build.number) == number and _is_of(build.actions, parcel)
            return self._build(build) if is_ours else None
        # Jenkins forgets what left its queue after five minutes; its build stays.
        path = f"/queue/item/{number}/api/json"
        item = self.http.get(path, Item, {"tree": ITEM})
        if str(item.id) != number or not _is_of(item.actions, parcel):
            return None
        return self._item(item, parcel)

    def _item(self, item: Item, parcel: Parcel) -> TargetAnswer | None:
        ticket = {"id": f"queue/{item.id}"}
        if item.cancelled:
            return self._says("CANCELLED", ticket)
        if item.executable is not None:
            begun = {"id": f"build/{item.executable.number}"}
            return self._follow(msgspec.structs.replace(parcel, ticket=begun))
        # Seconds that count down would be news each time it is looked at.
        why = _COUNTDOWN.sub("", item.why or "")
        return self._says("QUEUED", ticket, why, f"{self.url}{self._path}")

    def _build(self, build: Build) -> TargetAnswer:
        waits = self._waits(build.number) if build.word == "BUILDING" else ""
        url = f"{self.url}{self._path}/{build.number}/"
        return self._says(build.word, {"id": f"build/{build.number}"}, waits, url)

    def _waits(self, number: int) -> str:
        """Return what a pipeline asks a person; Jenkins need not have that plug-in."""
        path = f"{self._path}/{number}/wfapi/pendingInputActions"
        try:
            asked = self.http.get(path, list[_Input])
        except HubError:
            return ""
        return f"an answer to: {name_people(one.message for one in asked)}" if asked else ""

    def _stop(self, ticket: Mapping[str, str]) -> None:
        kind, _, number = ticket["id"].partition("/")
        in_queue = f"/queue/cancelItem?id={quote(number)}"
        path = in_queue if kind == "queue" else f"{self._path}/{quote(number)}/stop"
        self.http.change("POST", path, type(None), b"", also={302})

    # ------------------------------------------------------------------------------ what it tells

    def rehearse(self, parcel: Parcel) -> Sequence[str]:
        """Hold what would be sent against what the job takes."""
        job = self._job()
        lacking = self._lacking(job, parcel)
        if lacking:
            return [f"It does not define {', '.join(lacking)}: it would not be started."]
        names = ", ".join(self._trigger(parcel).body)
        return [f"Jenkins would put {told(job.name)} into its queue, with {names}."]

    def _probes(self) -> Sequence[Probe]:
        return [("job", self._seen), ("queue", self._readable)]

    def _seen(self) -> str:
        job = self._job()
        if not any(self._defined(job)):
            words = f"the job {self.table.job} takes no parameters"
            raise WorldError(words, code="parameters", hint=f"It needs {_OURS} and its like.")
        return f"{told(job.name)} can be built, with {', '.join(sorted(self._defined(job)))}"

    def _readable(self) -> str:
        self.http.get("/queue/api/json", Queue, {"tree": "items[id]"})
        return "the queue can be read"

    def _job(self) -> Job:
        job = self.http.get(f"{self._path}/api/json", Job, {"tree": JOB})
        if not job.buildable:
            words = f"the job {self.table.job} is disabled"
            raise WorldError(words, code="disabled", hint="Enable it on Jenkins.")
        return job

    def _defined(self, job: Job) -> set[str]:
        return {told(one.name) for each in job.property for one in each.parameter_definitions}

    def _lacking(self, job: Job, parcel: Parcel) -> list[str]:
        defined = self._defined(job)
        return [name for name in self._trigger(parcel).body if name not in defined]

    @property
    def _path(self) -> str:
        return "".join(f"/job/{quote(part)}" for part in self.table.job.strip("/").split("/"))


def _is_of(actions: Iterable[_Action], parcel: Parcel) -> bool:
    """Whether our key is among the parameters that something was started with."""
    return any(
        (one.name, one.value) == (_OURS, parcel.key)
        for action in actions
        for one in action.parameters
    )
