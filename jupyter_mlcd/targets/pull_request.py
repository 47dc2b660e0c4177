"""A pull request in an application's repository that sets the model's version in a file.

The branch with its one commit is written first, from the newest state of the branch that it is for;
then the pull request is opened, once. Both carry our key. What is on the branch is never replaced,
nothing is forced, and nobody but a person merges it.
"""

from __future__ import annotations

import base64
from abc import abstractmethod
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, ClassVar, Final, NamedTuple

from jupyter_mlcd.model.delivery import DeliveryState
from jupyter_mlcd.model.errors import MlcdError, WorldError
from jupyter_mlcd.ports import TargetAnswer
from jupyter_mlcd.targets.answers import filled, in_words, told
from jupyter_mlcd.targets.in_time import PATIENCE, in_time
from jupyter_mlcd.targets.pipeline import Call, Pipeline
from jupyter_mlcd.targets.proposed import (
    Proposed,
    Room,
    branch_of,
    commands,
    is_of,
    message_of,
    proposed,
    sentences,
)
from jupyter_mlcd.targets.version_in_file import FileChange, check_settable, set_version
from jupyter_mlcd.world.http import Http

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from jupyter_mlcd.model.hub import HubPlace
    from jupyter_mlcd.model.probe import Probe
    from jupyter_mlcd.model.target import ApplicationTable
    from jupyter_mlcd.ports import Parcel, Site

_UNCHANGED: Final = "unchanged"
ALREADY: Final = {_UNCHANGED: DeliveryState.DELIVERED}
"""What every hub's words are joined by."""


class Read(NamedTuple):
    """A file as a branch holds it."""

    content: bytes
    commit: str
    """What the branch is at."""
    blob: str = ""
    """The hub's own name of these bytes."""


class Pull(NamedTuple):
    """A pull request as the hub tells it."""

    number: str
    word: str
    branch: str
    url: str
    body: str


class PullRequest(Pipeline):
    """``target = { kind = "application", ... }`` where the application is on a hub."""

    what: ClassVar[str] = "pull request"
    opened: ClassVar[str] = "open"
    """What the hub calls one that nobody has decided about."""
    most_letters: ClassVar[int]
    """Of the text that goes with it."""
    publishes_notes = True

    def __init__(self, table: ApplicationTable, site: Site, place: HubPlace) -> None:
        """Propose to the repository at ``place``."""
        super().__init__(site, place.url, table.remote)
        self.table = table
        self.place = place
        self._changes: dict[str, FileChange] = {}

    # ------------------------------------------------------------------------ what each hub says

    @abstractmethod
    def _read(self, http: Http) -> Read:
        """Return the file on the branch that it is for. Raises HubError."""

    @abstractmethod
    def _write(self, read: Read, content: bytes, branch: str, message: str) -> None:
        """Make a branch with one commit that holds the file so. Raises HubError."""

    @abstractmethod
    def _open(self, call: Call) -> Pull:
        """Send the request that opens it. Raises HubError."""

    @abstractmethod
    def _pulls(self, branch: str) -> Iterable[Pull]:
        """Return all of a branch, closed ones too. Raises HubError."""

    @abstractmethod
    def _pull(self, number: str) -> Pull:
        """Return one. Raises HubError."""

    @abstractmethod
    def _rights(self) -> str:
        """Return what the key may do there. Raises WorldError where that is not enough."""

    # -------------------------------------------------------------------------- what it says

    @property
    def owner(self) -> str:
        """Address that a key is kept for."""
        return self.place.owner

    def describe(self) -> str:
        """Return "application", its repository and the file."""
        return f"application {self.place.repository} {self.table.file}"

    def _missing(self) -> Iterable[str]:
        return ()

    def _does(self, parcel: Parcel) -> Sequence[str]:
        words = f"Opens a {self.what} on {self.system}; {self._ends}"
        change: FileChange | None = None
        try:
            if self.site.may_have_key(self.owner):
                ask = partial(self._asked_soon, parcel)
                change = in_time(ask, self.system, parcel.environment)
                self._changes[parcel.key] = change
        except MlcdError as error:
            words += f" What **{self.table.file}** says now cannot be read: {in_words(error)}"
        where = f"**{self.place.repository}** on {self.system}"
        return sentences(self.table, parcel, change, where, words)

    @property
    def _ends(self) -> str:
        if self.table.wait:
            return "it is delivered when a person merges that, and cancelled when it is closed."
        return "it counts as delivered then, whatever becomes of it."

    def preview(self, parcel: Parcel) -> tuple[Sequence[str], Sequence[str]]:
        """Return the line as it is and as it will be, and the commands without a key."""
        pushes, push = self._pushes(parcel)
        does = self._does(parcel)
        change, what = self._changes.get(parcel.key), self._proposed(parcel)
        plain = commands(self.table, what, change)
        return [pushes, *does], [push, *plain, self._shown(self._trigger(parcel))]

    def published_text(self, parcel: Parcel) -> str:
        """Return the text of the pull request."""
        return self._proposed(parcel).body

    # ------------------------------------------------------------------------------ what it does

    def _prepare(self, parcel: Parcel) -> None:
        read = self._read(self.http)
        change = self._change(read, parcel)
        self._changes[parcel.key] = change
        if change.lines:
            what = self._proposed(parcel)
            self._write(read, change.text.encode(), what.branch, message_of(what, parcel))

    def _send(self, parcel: Parcel) -> TargetAnswer:
        if not self._changes[parcel.key].lines:
            return self._says(_UNCHANGED, {"id": self.table.file})
        pull = self._open(self._trigger(parcel))
        if pull.branch != branch_of(parcel):
            return self._unsure(f"{self.system} answers with another {self.what}: look again")
        return self._stands(pull)

    def _find(self, parcel: Parcel) -> TargetAnswer | None:
        for pull in self._pulls(branch_of(parcel)):
            if pull.branch == branch_of(parcel) and is_of(pull.body, parcel):
                return self._stands(pull)
        return None

    def _follow(self, parcel: Parcel) -> TargetAnswer | None:
        pull = self._pull(parcel.ticket["id"])
        is_named = pull.number == parcel.ticket["id"] and pull.branch == branch_of(parcel)
        return self._stands(pull) if is_named and is_of(pull.body, parcel) else None

    def _stands(self, pull: Pull) -> TargetAnswer:
        return self._says(pull.word, {"id": pull.number}, url=pull.url)

    def _says(
        self, word: str, ticket: Mapping[str, str], waits: str = "", url: str = ""
    ) -> TargetAnswer:
        answer = super()._says(word, ticket, waits, url)
        state, named = answer.state, f"{self.what} {ticket.get('id', '')} is {word}"
        if word == _UNCHANGED:
            named = f"{self.table.file} says so already, it stays unchanged"
        elif word == self.opened and self.table.wait:
            named += ": delivered once it is merged"
        elif word == self.opened:
            state, named = DeliveryState.DELIVERED, f"{named}: it is not followed"
        elif state is DeliveryState.UNKNOWN:
            named = answer.reason
        return TargetAnswer(state, told(named), answer.ticket)

    # ------------------------------------------------------------------------------ what it tells

    def rehearse(self, parcel: Parcel) -> Sequence[str]:
        """Tell which line would become what, as the branch is now."""
        change = self._change(self._read(self.http), parcel)
        words = f"It would open a {self.what} on {self.system}."
        where = f"**{self.place.repository}** on {self.system}"
        return sentences(self.table, parcel, change, where, words)

    def _probes(self) -> Sequence[Probe]:
        return [("repository", self._rights), ("file", self._settable)]

    def _settable(self) -> str:
        read = self._read(self.http)
        check_settable(read.content, self.table)
        return f"{self.table.file} on {self.table.branch} has what is to be set"

    def _asked_soon(self, parcel: Parcel) -> FileChange:
        http = Http(self.url, self._headers(self._key()), PATIENCE)
        return self._change(self._read(http), parcel)

    def _change(self, read: Read, parcel: Parcel) -> FileChange:
        return set_version(read.content, self.table, partial(filled, parcel=parcel))

    def _proposed(self, parcel: Parcel) -> Proposed:
        address = ""
        with suppress(MlcdError):
            address = self.site.remote(self.remote).url()
        return proposed(parcel, self.table, address, Room(self.most_letters, self.system))


def from_base64(text: str) -> bytes:
    """Return a file as a hub writes it. Raises WorldError where it is none."""
    try:
        return base64.b64decode(text)
    except ValueError:
        raise WorldError("the hub does not show the file as it should", code="no-file") from None
