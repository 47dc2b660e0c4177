"""Buildbot: a force scheduler is asked for one build, which is followed to its end.

Its REST interface (https://docs.buildbot.net/latest/developer/rest.html) takes JSON-RPC for what
changes something. A name and a password open a session at ``/auth/login`` and are sent nowhere
else; everything after that shows the session. A scheduler drops properties that it does not
declare, without a word, so it is looked at first: without ``mlcd_delivery_id`` nothing is sent, for
then nobody could tell later whether a build is ours.
"""

from __future__ import annotations

import base64
import shlex
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final, TypeVar
from urllib.parse import quote, urlsplit

import msgspec

from jupyter_mlcd.model.delivery import DeliveryState
from jupyter_mlcd.model.errors import HubError, WorldError
from jupyter_mlcd.model.probe import checked
from jupyter_mlcd.ports import TargetAnswer
from jupyter_mlcd.targets.answers import (
    cannot_be_asked,
    inputs_of,
    outcome_of,
    pushed,
    refused,
    told,
)
from jupyter_mlcd.world.http import Http

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from jupyter_mlcd.model.status import Check
    from jupyter_mlcd.model.target import BuildbotTable
    from jupyter_mlcd.ports import Parcel, Site

_T = TypeVar("_T")
_KEY: Final = "mlcd_delivery_id"
_PAGE: Final = 200
_MOST_REQUESTS: Final = 2000
_SESSION: Final = "TWISTED_SESSION="
_SENT_ON: Final = {302}
"""How a log-in that went well is answered."""
_RESULTS: Final = {
    0: (DeliveryState.DELIVERED, "success"),
    1: (DeliveryState.DELIVERED, "warnings"),
    2: (DeliveryState.FAILED, "failure"),
    3: (DeliveryState.FAILED, "skipped"),
    4: (DeliveryState.FAILED, "exception"),
    5: (DeliveryState.DISPATCHED, "retry"),
    6: (DeliveryState.CANCELLED, "cancelled"),
}
"""https://docs.buildbot.net/latest/developer/results.html"""
_ENDED: Final = {word: state for state, word in _RESULTS.values() if state.over}


class _Field(msgspec.Struct):
    fullName: str | None = None  # noqa: N815 - Buildbot's own name
    fields: list[_Field] = []

    def names(self) -> Iterator[str]:
        """Yield its name and those of the fields in it."""
        if self.fullName:
            yield self.fullName
        for one in self.fields:
            yield from one.names()


class _Scheduler(msgspec.Struct):
    builder_names: list[str]
    all_fields: list[_Field] = []
    enabled: bool = True


class _Schedulers(msgspec.Struct):
    forceschedulers: list[_Scheduler]


class _Builder(msgspec.Struct):
    builderid: int


class _Builders(msgspec.Struct):
    builders: list[_Builder]


class _Forced(msgspec.Struct):
    result: tuple[int, dict[str, int]]


class _Request(msgspec.Struct):
    buildrequestid: int
    complete: bool
    results: int
    properties: dict[str, tuple[Any, str]] | None = None

    @property
    def key(self) -> str:
        """The delivery that it is for; empty if it is of somebody else."""
        return str((self.properties or {}).get(_KEY, ("", ""))[0])


class _Requests(msgspec.Struct):
    buildrequests: list[_Request]


class _Build(msgspec.Struct):
    buildid: int
    builderid: int
    number: int
    state_string: str = ""


class _Builds(msgspec.Struct):
    builds: list[_Build]


class _Step(msgspec.Struct):
    name: str
    number: int
    complete: bool
    results: int | None = None


class _Steps(msgspec.Struct):
    steps: list[_Step]


class BuildbotTarget:
    """``target = { kind = "buildbot", url = "https://bb.example.org", scheduler = "deliver" }``."""

    needs_files = False

    def __init__(self, table: BuildbotTable, site: Site) -> None:
        """Ask the force scheduler of ``table``, which gets tag and evidence from a git remote."""
        self._table = table
        self._url = table.url.rstrip("/")
        self._site = site
        self.remote_name = table.remote

    def describe(self) -> str:
        """Return "buildbot", the scheduler and where it is."""
        return f"buildbot {self._table.scheduler} on {urlsplit(self._url).netloc}"

    def check(self) -> Sequence[str]:
        """Return what is in the way: no such remote. Asks nobody."""
        name = self.remote_name
        if name and not self._site.remote(name).url():
            return [f"there is no git remote {name}: add it with git remote add {name}"]
        return []

    def preview(self, parcel: Parcel) -> tuple[Sequence[str], Sequence[str]]:
        """Return the sentences and the command."""
        builder = self._table.builder or "its builder"
        by = f"by the scheduler **{self._table.scheduler}** for {parcel.tag}"
        pushes, push = pushed(self.remote_name, parcel)
        sentences = [
            *pushes,
            f"Asks Buildbot on **{self._url}** to run **{builder}** {by}.",
            "The build is followed to its end.",
        ]
        body = msgspec.json.encode(self._call(parcel, {"builderid": "NUMBER"})).decode()
        path = f"{self._url}{self._path}"
        header = "--header 'Content-Type: application/json'"
        return sentences, [*push, f"curl --request POST {path} {header} --data {shlex.quote(body)}"]

    def dispatch(self, parcel: Parcel) -> TargetAnswer:
        """Ask for the build, once."""
        ticket = {"key": parcel.key}
        try:
            master = self._master
            scheduler = master.scheduler(self._table.scheduler)
            builder = master.builder(self._builder(scheduler))
            known = self._known(scheduler)
            earlier = master.request_of(parcel.key, builder)
        except WorldError as error:
            return msgspec.structs.replace(refused(error), ticket=ticket)
        if earlier is not None:
            return self.look_up(parcel) or TargetAnswer(DeliveryState.UNKNOWN, "it is gone", ticket)
        source = {"branch": parcel.tag, "revision": parcel.release.commit}
        given = {name: value for name, value in source.items() if name in known}
        call = self._call(parcel, {"builderid": builder, **given})
        try:
            forced = master.http.post(self._path, _Forced, call)
        except HubError as error:
            return msgspec.structs.replace(outcome_of(error), ticket=ticket)
        buildset, requests = forced.result
        request = next(iter(requests.values()), 0)
        ticket |= {"buildset": str(buildset), "request": str(request)}
        ticket["url"] = f"{self._url}/#/buildrequests/{request}"
        return TargetAnswer(DeliveryState.DISPATCHED, "Buildbot has the request", ticket)

    def look_up(self, parcel: Parcel) -> TargetAnswer | None:
        """Return where the build of this key stands, None if there is no request for it.

        What has ended is not asked about again.
        """
        word = parcel.ticket.get("state", "")
        if parcel.ticket.get("request") and word in _ENDED:
            return TargetAnswer(_ENDED[word], f"Buildbot says {word}", {**parcel.ticket})
        try:
            request = self._request(parcel)
            return self._stands(request, parcel) if request else None
        except WorldError as error:
            return cannot_be_asked(error, parcel.ticket)

    def cancel(self, parcel: Parcel) -> TargetAnswer:
        """Ask Buildbot to stop the build."""
        try:
            request = self._request(parcel)
            if request is None:
                words = f"Buildbot has no request of the delivery {parcel.key}"
                return TargetAnswer(DeliveryState.CANCELLED, words, {**parcel.ticket})
            if not request.complete:
                path = f"/api/v2/buildrequests/{request.buildrequestid}"
                call = _rpc("cancel", {"reason": "cancelled by whoever delivers"})
                self._master.http.post(path, type(None), call)
                request = self._master.request(request.buildrequestid)
            return self._stands(request, parcel)
        except WorldError as error:
            return cannot_be_asked(error, parcel.ticket)

    def rehearse(self, parcel: Parcel) -> Sequence[str]:
        """Return what would run; Buildbot cannot try it. Raises WorldError."""
        scheduler = self._master.scheduler(self._table.scheduler)
        builder = self._builder(scheduler)
        dropped = sorted(set(inputs_of(parcel, self._table.properties)) - self._known(scheduler))
        told_of = [f"The builder {builder} would run."]
        if dropped:
            told_of.append(f"The scheduler declares no {', '.join(dropped)}: it drops that.")
        return told_of

    def diagnose(self) -> Sequence[Check]:
        """Return whether it answers, lets us in, and has scheduler, builder and our property."""

        def asked() -> str:
            scheduler = self._master.scheduler(self._table.scheduler)
            builder = self._builder(scheduler)
            self._master.builder(builder)
            self._known(scheduler)
            return f"{self._table.scheduler} can be asked to run {builder}"

        return checked([("scheduler", asked)])

    @property
    def _path(self) -> str:
        return f"/api/v2/forceschedulers/{quote(self._table.scheduler, safe='')}"

    def _call(self, parcel: Parcel, more: Mapping[str, Any]) -> dict[str, Any]:
        reason = f"{parcel.release.project} {parcel.release.version} to {parcel.environment}"
        inputs = inputs_of(parcel, self._table.properties)
        return _rpc("force", {**inputs, "reason": reason, **more})

    def _builder(self, scheduler: _Scheduler) -> str:
        """Return the builder that is asked for. Raises HubError."""
        names = scheduler.builder_names
        if self._table.builder in names:
            return self._table.builder
        if not self._table.builder and len(names) == 1:
            return names[0]
        asked = f"no builder {self._table.builder}" if self._table.builder else "several builders"
        words = f"the scheduler {self._table.scheduler} has {asked}"
        raise HubError(words, code="hub-said-no", hint=f"There is: {', '.join(names)}.")

    def _known(self, scheduler: _Scheduler) -> frozenset[str]:
        """Return the fields of a scheduler. Raises HubError where one of ours is missing."""
        known = frozenset(name for one in scheduler.all_fields for name in one.names())
        if _KEY in known:
            return known
        hint = f'Add util.StringParameter(name="{_KEY}") to its properties in master.cfg.'
        words = f"the scheduler {self._table.scheduler} declares no property {_KEY}"
        raise HubError(words, code="hub-said-no", hint=hint)

    def _request(self, parcel: Parcel) -> _Request | None:
        """Return the request of this key: by its number, else by looking through the newest."""
        if number := parcel.ticket.get("request", ""):
            found = self._master.request(int(number))
            if found.key == parcel.key:
                return found
        builder = self._builder(self._master.scheduler(self._table.scheduler))
        return self._master.request_of(parcel.key, self._master.builder(builder))

    def _stands(self, request: _Request, parcel: Parcel) -> TargetAnswer:
        """Return where a request stands, and in which step."""
        number = str(request.buildrequestid)
        url = f"{self._url}/#/buildrequests/{number}"
        ticket = {**parcel.ticket, "key": parcel.key, "request": number, "url": url}
        ticket.pop("waits-for", None)
        build = self._master.build(request)
        if build is None and not request.complete:
            ticket |= {"state": "pending", "waits-for": "a worker that is free"}
            return TargetAnswer(DeliveryState.DISPATCHED, "it waits for a worker", ticket)
        if build is not None:
            ticket["url"] = f"{self._url}/#/builders/{build.builderid}/builds/{build.number}"
        if not request.complete:
            ticket["state"] = "building"
            step = self._master.step(build, ended=False) if build else None
            words = f"it runs: {told(step.name)}" if step else "it runs"
            return TargetAnswer(DeliveryState.DISPATCHED, words, ticket)
        unheard = (DeliveryState.UNKNOWN, f"result {request.results}")
        state, word = _RESULTS.get(request.results, unheard)
        ticket["state"] = word
        words = f"Buildbot says {word}"
        if state is DeliveryState.FAILED and build and (step := self._master.step(build)):
            words += f" in the step {told(step.name)}"
            ticket["log"] = f"{ticket['url']}/steps/{step.number}/logs/stdio"
        return TargetAnswer(state, words, ticket)

    @cached_property
    def _master(self) -> _Master:
        return _Master(Http(self._url, self._session()))

    def _session(self) -> dict[str, str]:
        """Log in, where there is a name to do it with; return what shows it. Raises WorldError."""
        found = self._site.credential(self._url)
        if found is None:
            return {}
        pair = base64.b64encode(f"{found.user}:{found.secret}".encode()).decode()
        door = Http(self._url, {"Authorization": f"Basic {pair}"})
        _, headers = door.change("GET", "/auth/login", type(None), b"", also=_SENT_ON)
        # It opens a session for nobody first, and then one for whoever has logged in.
        _, _, session = headers.get("set-cookie", "").rpartition(_SESSION)
        if not session:
            raise HubError(
                f"{urlsplit(self._url).netloc} opens no session for {found.user or 'this key'}",
                code="hub-refused",
                hint="It takes a name and a password: set `user` in mlcd-credentials.toml.",
            )
        return {"Cookie": f"{_SESSION}{session.partition(';')[0]}"}


@dataclass(frozen=True)
class _Master:
    """What is read from a master. All raise HubError."""

    http: Http

    def scheduler(self, name: str) -> _Scheduler:
        """Return a force scheduler."""
        path = f"/api/v2/forceschedulers/{quote(name, safe='')}"
        return _only(self.http.get(path, _Schedulers).forceschedulers, name)

    def builder(self, name: str) -> int:
        """Return the number of a builder."""
        found = self.http.get(f"/api/v2/builders/{quote(name, safe='')}", _Builders)
        return _only(found.builders, name).builderid

    def request(self, number: int) -> _Request:
        """Return a request with our key."""
        path = f"/api/v2/buildrequests/{number}"
        found = self.http.get(path, _Requests, {"property": _KEY}).buildrequests
        return _only(found, str(number))

    def request_of(self, key: str, builder: int) -> _Request | None:
        """Return the request of a key, None where none of the builder's has it."""
        path = f"/api/v2/builders/{builder}/buildrequests"
        for offset in range(0, _MOST_REQUESTS, _PAGE):
            query = {
                "property": _KEY,
                "order": "-buildrequestid",
                "limit": str(_PAGE),
                "offset": str(offset),
            }
            page = self.http.get(path, _Requests, query).buildrequests
            if found := next((one for one in page if one.key == key), None):
                return found
            if len(page) < _PAGE:
                return None
        words = f"the last {_MOST_REQUESTS} requests of Buildbot are not of this delivery"
        raise HubError(words, code="hub-answer", hint="It may be an older one.")

    def build(self, request: _Request) -> _Build | None:
        """Return the newest build of a request; a worker that was lost makes another one."""
        path = f"/api/v2/buildrequests/{request.buildrequestid}/builds"
        found = self.http.get(path, _Builds, {"order": "-buildid", "limit": "1"}).builds
        return found[0] if found else None

    def step(self, build: _Build, *, ended: bool = True) -> _Step | None:
        """Return the step that ended badly, or the one that goes on."""
        steps = self.http.get(f"/api/v2/builds/{build.buildid}/steps", _Steps).steps
        if not ended:
            return next((one for one in steps if not one.complete), None)
        good = {0, 1, 3}
        return next((one for one in steps if one.complete and one.results not in good), None)


def _only(found: list[_T], name: str) -> _T:
    if found:
        return found[0]
    raise HubError(f"Buildbot has no {name}", code="hub-not-found")


def _rpc(method: str, params: Mapping[str, Any]) -> dict[str, Any]:
    return {"jsonrpc": "2.0", "id": 1, "method": method, "params": dict(params)}
