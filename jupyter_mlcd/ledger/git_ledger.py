"""The ledger as the verbs see it: events, files and tags, read from the evidence branch."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from jupyter_mlcd.ledger.continuity import continuity
from jupyter_mlcd.ledger.index import EventIndex
from jupyter_mlcd.ledger.store import LedgerStore
from jupyter_mlcd.ledger.tags import create_tag, read_tag, tag_signer
from jupyter_mlcd.model.errors import NotFoundError
from jupyter_mlcd.model.event import LEDGER_REF, read_event
from jupyter_mlcd.model.pruning import DIGEST
from jupyter_mlcd.world.git_blobs import cat_file_batch, contents_at
from jupyter_mlcd.world.git_reading import Person, ls_tree, ref_tip, refs
from jupyter_mlcd.world.recent import Recent

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from jupyter_mlcd.model.event import Event
    from jupyter_mlcd.ports import Continuity
    from jupyter_mlcd.world.git import Git


@dataclass(frozen=True)
class _Told:
    """What a ledger tells."""

    events: tuple[Event, ...] = ()
    unreadable: tuple[str, ...] = ()


_remembered: Recent[tuple[Path, str], _Told] = Recent(8)
"""What ledgers tell at one tip each: a tip never changes its meaning."""


@dataclass(frozen=True)
class GitLedger:
    """Implements ``ports.Ledger``."""

    git: Git
    ref: str = LEDGER_REF

    def tip(self) -> str:
        """Return the commit id of the branch; empty when there is none yet."""
        return ref_tip(self.git, self.ref) or ""

    def events(self) -> Sequence[Event]:
        """Return all events in the order of their commits, then of their ids.

        Events of a newer version, and files that are no events, are left out; ``unreadable`` names
        the latter.
        """
        return self._told.events

    def unreadable(self) -> Sequence[str]:
        """Return the paths of event files that are no events: somebody wrote by hand."""
        return self._told.unreadable

    @property
    def _told(self) -> _Told:
        tip = self.tip()
        if not tip:
            return _Told()
        key = (self.git.common_dir, tip)
        return _remembered.get(key) or _remembered.put(key, self._read_events(tip))

    def _read_events(self, tip: str) -> _Told:
        events: list[Event] = []
        unreadable: list[str] = []
        for path, text in EventIndex(self.git).texts(tip):
            try:
                event = read_event(text)
            except ValueError:
                unreadable.append(path)
                continue
            if event is not None:
                events.append(event)
        return _Told(tuple(events), tuple(unreadable))

    def continuity(self) -> Continuity:
        """Return what speaks against a history that only ever grew."""
        return continuity(self.git, self.ref, self.unreadable())

    def append(
        self, events: Sequence[Event], files: Mapping[str, bytes | Path], message: str, by: str
    ) -> None:
        """Write events and files as one commit, durably, or nothing."""
        content = {**files, **{event.path: event.to_bytes() for event in events}}
        LedgerStore(self.git, self.ref).append(content, message, _person(by))

    def read(self, path: str) -> bytes:
        """Return one file of the branch. Raises NotFoundError."""
        found = self.read_all([path])
        if path not in found:
            hint = "Evidence that was kept elsewhere has to be fetched first."
            raise NotFoundError(f"{path} is not on the evidence branch", hint=hint)
        return found[path]

    def read_all(self, paths: Iterable[str]) -> Mapping[str, bytes]:
        """Return those of the files that are on the branch."""
        return contents_at(self.git, self.ref, paths)

    def files(self, folder: str) -> Sequence[str]:
        """Return the paths below ``folder`` on the branch, relative to it."""
        tip = self.tip()
        entries = ls_tree(self.git, tip, folder) if tip else ()
        return [entry.path.removeprefix(folder + "/") for entry in entries]

    def digests(self) -> frozenset[str]:
        """Return every sha256 that anything but a notebook names, here or as remotes had it.

        Of all projects of the repository. Raises GitError.
        """
        name = self.ref.removeprefix("refs/heads")
        shared = {**refs(self.git, "refs/remotes"), **refs(self.git, "refs/mlcd/remotes")}
        tips = {self.tip(), *(oid for ref, oid in shared.items() if ref.endswith(name))} - {""}
        oids = {
            entry.oid
            for tip in tips
            for entry in ls_tree(self.git, tip)
            if entry.kind == "blob" and entry.path.endswith(".json")
        }
        found: set[str] = set()
        for text in cat_file_batch(self.git, sorted(oids)):
            found.update(one.decode() for one in DIGEST.findall(text))
        return frozenset(found)

    def tag(self, name: str, commit: str, message: str, by: str) -> None:
        """Make an annotated tag. The same tag again is no change; another one is refused."""
        create_tag(self.git, name, commit, message, _person(by), tag_signer(self.git))

    def read_tag(self, name: str) -> tuple[str, str]:
        """Return the commit an annotated tag points at and its message; empty without one."""
        tag = read_tag(self.git, name)
        return (tag.target, tag.message) if tag is not None and tag.is_annotated else ("", "")

    def tag_signature(self, name: str) -> tuple[bytes, bytes]:
        """Return what was signed of a tag, and the armoured signature; empty without one."""
        tag = read_tag(self.git, name)
        return (tag.signed, tag.signature) if tag is not None and tag.signature else (b"", b"")


def ledger_to_read(git: Git) -> GitLedger:
    """Return the ledger of this repository; in a fresh clone that of the only remote that has one.

    For those who only read: there a branch of our own is made by the first who writes.
    """
    own = GitLedger(git)
    name = LEDGER_REF.removeprefix("refs/heads")
    shared = [ref for ref in refs(git, "refs/remotes") if ref.endswith(name)]
    is_fresh = not own.tip() and len(shared) == 1
    return GitLedger(git, shared[0]) if is_fresh else own


def _person(by: str) -> Person:
    """Return who ``Name <e-mail>`` is."""
    name, _, rest = by.partition(" <")
    return Person(name, rest.rstrip(">"))
