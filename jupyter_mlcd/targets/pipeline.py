"""What CD systems have in common: asked first, told once, followed by their own handle.

None of them has a name for a trigger that makes the same trigger twice one run. So each run gets
our key as an input, what is sent is sent once, and a run is believed to be ours only where it
carries the key. What ended has ended: a system that says otherwise later is not asked again.
"""

from __future__ import annotations

import shlex
from abc import ABC, abstractmethod
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar
from urllib.parse import urlencode

import msgspec

from jupyter_mlcd.model.delivery import DeliveryState
from jupyter_mlcd.model.errors import HubError, MlcdError, WorldError
from jupyter_mlcd.model.probe import checked
from jupyter_mlcd.ports import TargetAnswer
from jupyter_mlcd.targets.answers import cannot_be_asked, in_words, link, outcome_of, told
from jupyter_mlcd.world.http import Http, is_safe_address

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from jupyter_mlcd.model.probe import Probe
    from jupyter_mlcd.model.status import Check
    from jupyter_mlcd.ports import Parcel, Site
    from jupyter_mlcd.world.credentials import Credential


class Call(msgspec.Struct, frozen=True):
    """A request that changes something, as it is shown before and sent then."""

    path: str
    """Behind the address of the API."""
    body: dict[str, Any]
    method: str = "POST"
    is_form: bool = False

    @property
    def content(self) -> bytes:
        """What is sent."""
        form = urlencode(self.body) if self.is_form else ""
        return form.encode() if self.is_form else msgspec.json.encode(self.body)

    @property
    def kind(self) -> str:
        """Its media type."""
        return "application/x-www-form-urlencoded" if self.is_form else "application/json"


class Pipeline(ABC):
    """Implements ``ports.PipelineTarget`` over what one system says in its own words."""

    system: ClassVar[str]
    """What people call it."""
    states: ClassVar[Mapping[str, DeliveryState]]
    """What its words mean."""
    shown_key: ClassVar[str]
    """How a command names the key, which it never holds."""
    needs_files: bool = False
    """What is started has the tag and the evidence, and gets the files elsewhere."""

    def __init__(self, site: Site, url: str, remote: str) -> None:
        """Speak to the API at ``url``; the system reads the git remote of this name."""
        self.site = site
        self.url = url.rstrip("/")
        self.remote = remote

    # ------------------------------------------------------------- what each system says itself

    @property
    @abstractmethod
    def owner(self) -> str:
        """Address that a key is kept for."""

    @abstractmethod
    def describe(self) -> str:
        """Return how it is reached, in a few words."""

    @abstractmethod
    def _headers(self, found: Credential) -> dict[str, str]:
        """Return what shows who we are. Raises WorldError where something of it is missing."""

    @abstractmethod
    def _missing(self) -> Iterable[str]:
        """Yield what mlcd.toml has to say and does not."""

    @abstractmethod
    def _does(self, parcel: Parcel) -> Sequence[str]:
        """Return what the trigger does, as sentences."""

    @abstractmethod
    def _trigger(self, parcel: Parcel) -> Call:
        """Return the one request that starts it."""

    @abstractmethod
    def _send(self, parcel: Parcel) -> TargetAnswer:
        """Send that request. Raises HubError."""

    @abstractmethod
    def _find(self, parcel: Parcel) -> TargetAnswer | None:
        """Search by our key; None only where it surely is not there. Raises HubError."""

    @abstractmethod
    def _follow(self, parcel: Parcel) -> TargetAnswer | None:
        """Return how what the ticket names stands; None where it is not ours. Raises HubError."""

    @abstractmethod
    def _stop(self, ticket: Mapping[str, str]) -> None:
        """Ask it to stop. Raises HubError."""

    @abstractmethod
    def _probes(self) -> Sequence[Probe]:
        """Return what can be asked without delivering, the key being there."""

    @abstractmethod
    def rehearse(self, parcel: Parcel) -> Sequence[str]:
        """Return what it would do, in sentences. Raises WorldError."""

    def _prepare(self, parcel: Parcel) -> None:  # noqa: B027 - most have nothing to prepare
        """Do what has to be there before the trigger. Raises MlcdError; nothing is started then."""

    # ------------------------------------------------------------------- the contract of a target

    @property
    def remote_name(self) -> str:
        """The git remote that it reads."""
        return self.remote

    def check(self) -> Sequence[str]:
        """Return what is in the way, without asking anybody."""
        try:
            missing = list(self._missing())
            if missing:
                return missing
            if not self.site.remote(self.remote).url():
                return [f"there is no git remote {self.remote}: add it with git remote add"]
            if not self.site.may_have_key(self.owner):
                return [in_words(_no_key(self.owner))]
        except MlcdError as error:
            return [in_words(error)]
        return []

    def preview(self, parcel: Parcel) -> tuple[Sequence[str], Sequence[str]]:
        """Return the sentences, and the exact request as a command without its key."""
        sentence, push = self._pushes(parcel)
        return [sentence, *self._does(parcel)], [push, self._shown(self._trigger(parcel))]

    def dispatch(self, parcel: Parcel) -> TargetAnswer:
        """Look for our key once more, prepare, and send the trigger exactly once."""
        if parcel.ticket:  # it was sent, and this is its handle
            return self.look_up(parcel) or self._unsure(f"{self.system} knows nothing of it")
        try:
            self._settings()
            found = self._find(parcel)
            if found is not None and found.state is not DeliveryState.UNKNOWN:
                return found
            self._prepare(parcel)
        except MlcdError as error:
            words = f"{in_words(error)} Nothing was started: mend it, and deliver again."
            return TargetAnswer(DeliveryState.REFUSED, words)
        try:
            return self._send(parcel)
        except HubError as error:
            return outcome_of(error)

    def look_up(self, parcel: Parcel) -> TargetAnswer | None:
        """Return how it stands; what has ended is not asked about again."""
        ticket = parcel.ticket
        try:
            word = ticket.get("state", "")
            if ticket.get("id") and self.states.get(word, DeliveryState.UNKNOWN).over:
                return self._says(word, ticket)
            found = self._named(parcel) or self._find(parcel)
        except MlcdError as error:
            return cannot_be_asked(error, ticket)
        if found is None and ticket.get("id"):
            return self._unsure(
                f"{self.system} does not show {ticket['id']} as part of this delivery, nor anything"
                " else: look there",
                ticket,
            )
        if found is None and ticket.get("state"):
            words = f"{self.system} took it and shows nothing of it yet"
            return TargetAnswer(DeliveryState.DISPATCHED, words, ticket)
        return found

    def cancel(self, parcel: Parcel) -> TargetAnswer:
        """Ask it to stop; what has ended stays as it is."""
        now = self.look_up(parcel)
        if now is None:
            return TargetAnswer(DeliveryState.UNKNOWN, f"{self.system} knows nothing of it")
        if now.state is not DeliveryState.DISPATCHED or not now.ticket.get("id"):
            return now
        try:
            self._stop(now.ticket)
        except HubError as error:
            words = f"{self.system} did not stop it: {in_words(error)} {now.reason}"
            return TargetAnswer(now.state, words, now.ticket)
        return self.look_up(msgspec.structs.replace(parcel, ticket=now.ticket)) or now

    def diagnose(self) -> Sequence[Check]:
        """Ask for the key, what it may do, and what is to be started, in this order."""
        probes: list[Probe] = [("settings", self._settings), ("key", self._kept), *self._probes()]
        return checked(probes, needed=2)

    # --------------------------------------------------------------------------- for the systems

    def _pushes(self, parcel: Parcel) -> tuple[str, str]:
        """Return as sentence and as command what the git remote gets first."""
        tag = "the evidence" if parcel.again else f"tag **{parcel.tag}** and the evidence"
        refs = (
            [parcel.ledger_ref] if parcel.again else [f"refs/tags/{parcel.tag}", parcel.ledger_ref]
        )
        push = f"git push --atomic {self.remote} {' '.join(refs)}"
        return f"Pushes {tag} to **{self.remote}**.", push

    def _shown(self, call: Call) -> str:
        """Return a request as a command without its key."""
        headers = [self.shown_key, f"-H 'Content-Type: {call.kind}'"]
        command = [f"curl -X {call.method}", *headers, f"-d {shlex.quote(call.content.decode())}"]
        return " ".join([*command, shlex.quote(f"{self.url}{call.path}")])

    @cached_property
    def http(self) -> Http:
        """The API, spoken to with the key that is kept for it. Raises WorldError."""
        return Http(self.url, self._headers(self._key()))

    def _key(self) -> Credential:
        return self._key_for(self.owner)

    def _key_for(self, address: str) -> Credential:
        if not is_safe_address(address):
            words = f"no key is sent to {address}"
            raise WorldError(words, code="address", hint="Write an address with https://.")
        found = self.site.credential(address)
        if found is None:
            raise _no_key(address)
        return found

    def _settings(self) -> str:
        problem = next(iter(self._missing()), "")
        if problem:
            raise WorldError(problem, code="settings", hint="Write it into mlcd.toml.")
        return self.describe()

    def _kept(self) -> str:
        found = self._key()
        self._headers(found)
        return f"is kept in {found.source}"

    def _says(
        self, word: str, ticket: Mapping[str, str], waits: str = "", url: str = ""
    ) -> TargetAnswer:
        """Return what its word means, with a ticket that says the same."""
        word = told(word)
        state = self.states.get(word, DeliveryState.UNKNOWN)
        known = {name: value for name, value in ticket.items() if name != "waits-for"}
        more = {"url": link(url), "state": word, "waits-for": told(waits)}
        known |= {name: value for name, value in more.items() if value}
        words = f"{self.system} says {word}"
        if state is DeliveryState.UNKNOWN:
            words += ", which says nothing to us: look there"
        return TargetAnswer(state, f"{words}, waits for {told(waits)}" if waits else words, known)

    def _named(self, parcel: Parcel) -> TargetAnswer | None:
        """Return how what the ticket names stands; None where that is gone, or is not ours."""
        if not parcel.ticket.get("id"):
            return None
        try:
            return self._follow(parcel)
        except HubError as error:
            if error.code == "hub-not-found":
                return None
            raise

    def _unsure(self, words: str, ticket: Mapping[str, str] | None = None) -> TargetAnswer:
        """Return that it may be there, which forbids to send it again."""
        return TargetAnswer(DeliveryState.UNKNOWN, words, dict(ticket or {}))


def _no_key(address: str) -> WorldError:
    return WorldError(
        f"there is no key for {address}",
        code="no-key",
        hint="Keep one for it in mlcd-credentials.toml; docs/delivering.md says how.",
    )


def name_people(names: Iterable[str]) -> str:
    """Return people and groups as words."""
    return ", ".join(dict.fromkeys(told(name) for name in names if name))
