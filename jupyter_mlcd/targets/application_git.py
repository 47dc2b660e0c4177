"""The repository of an application on a plain git server: a branch is pushed, and no more.

Git knows no pull requests, so the words say how the branch is merged. It is delivered when the
branch that it is for says the version; it is looked for there and at our branch, whose name carries
our key. A push of a new branch is never forced, so nobody's work is replaced.
"""

from __future__ import annotations

import shlex
import tempfile
import time
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from jupyter_mlcd.model.delivery import DeliveryState
from jupyter_mlcd.model.errors import MlcdError, WorldError
from jupyter_mlcd.model.probe import checked
from jupyter_mlcd.ports import TargetAnswer
from jupyter_mlcd.targets.answers import cannot_be_asked, filled, in_words, pushed, refused
from jupyter_mlcd.targets.in_time import in_time
from jupyter_mlcd.targets.proposed import (
    Room,
    branch_of,
    commands,
    message_of,
    notes_of,
    proposed,
    sentences,
)
from jupyter_mlcd.targets.version_in_file import check_settable, set_version
from jupyter_mlcd.world.git import Git
from jupyter_mlcd.world.git_names import checked_ref, decoded, encoded, without_credentials
from jupyter_mlcd.world.git_reading import entry_at, identity
from jupyter_mlcd.world.git_trees import write_tree_from

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from jupyter_mlcd.model.status import Check
    from jupyter_mlcd.model.target import ApplicationTable
    from jupyter_mlcd.ports import Parcel, Site
    from jupyter_mlcd.targets.proposed import Proposed
    from jupyter_mlcd.targets.version_in_file import FileChange

_BASE: Final = "refs/mlcd/base"
_MOST_BYTES: Final = 1 << 20
_ROOM: Final = Room(20_000, "the message of a commit")


class GitApplication:
    """Implements ``ports.PipelineTarget`` with plain git."""

    publishes_notes = True
    needs_files = False

    def __init__(self, table: ApplicationTable, site: Site, problem: str = "") -> None:
        """Push to the repository whose address ``table`` holds; ``problem``: why that cannot be."""
        self.table = table
        self.site = site
        self.remote_name = table.remote
        self._address = table.repository
        self._problem = problem

    def describe(self) -> str:
        """Return "application", its address and the file."""
        return f"application {self._where} {self.table.file}"

    def check(self) -> Sequence[str]:
        """Return what is in the way, without asking anybody."""
        if self._problem:
            return [self._problem]
        try:
            checked_ref(self._base)
            if not self.site.remote(self.remote_name).url():
                name = self.remote_name
                return [f"there is no git remote {name}: add it with git remote add"]
        except MlcdError as error:
            return [in_words(error)]
        return []

    def preview(self, parcel: Parcel) -> tuple[Sequence[str], Sequence[str]]:
        """Return the line as it is and as it will be, and the commands."""
        first, push = pushed(self.remote_name, parcel)
        change: FileChange | None = None
        words = self._to_merge(parcel)
        try:
            change = in_time(partial(self._change, parcel), self._where, parcel.environment)
        except MlcdError as error:
            words += f" What **{self.table.file}** says now cannot be read: {in_words(error)}"
        clone = f"git clone --branch {self.table.branch} {shlex.quote(self._where)}"
        plain = commands(self.table, self._proposed(parcel), change)
        does = sentences(self.table, parcel, change, f"**{self._where}**", words)
        return [*first, *does], [*push, clone, *plain]

    def published_text(self, parcel: Parcel) -> str:
        """Return the message of the commit: plain git has no other place for it."""
        return message_of(self._proposed(parcel), parcel, notes_of(parcel, _ROOM))

    def dispatch(self, parcel: Parcel) -> TargetAnswer:
        """Push the branch. A rejected push changed nothing; a lost answer is looked up."""
        if parcel.ticket:
            known = self.look_up(parcel)
            return known or TargetAnswer(DeliveryState.UNKNOWN, "its branch is not there")
        branch, is_sent = branch_of(parcel), False
        try:
            with self._cloned() as git:
                if self._tips(git, branch).get(f"refs/heads/{branch}"):
                    return self._pushed_words(parcel)
                change = self._changed(git, parcel)
                if not change.lines:
                    words = f"{self.table.file} says so already, it stays unchanged"
                    return TargetAnswer(DeliveryState.DELIVERED, words, {"state": "unchanged"})
                commit = self._commit(git, parcel, change)
                is_sent = True
                said = self._push(git, commit, branch)
                if self._tips(git, branch).get(f"refs/heads/{branch}") != commit:
                    words = f"{self._where} did not take the branch: {said}"
                    return TargetAnswer(DeliveryState.REFUSED, f"{words} Nothing was delivered.")
        except MlcdError as error:
            return (is_sent and self.look_up(parcel)) or refused(error)
        return self._pushed_words(parcel)

    def look_up(self, parcel: Parcel) -> TargetAnswer | None:
        """Return whether the version is on the branch that it is for, or still on ours."""
        branch, ticket = branch_of(parcel), parcel.ticket
        try:
            with self._cloned() as git:
                is_there = bool(self._tips(git, branch).get(f"refs/heads/{branch}"))
                if not is_there and not ticket:
                    return None
                if is_there and not self.table.wait:
                    return self._pushed_words(parcel)
                if not self._changed(git, parcel).lines:
                    words = f"{self.table.branch} of {self._where} says so"
                    merged = {"branch": branch, "state": "merged"}
                    return TargetAnswer(DeliveryState.DELIVERED, words, merged)
        except MlcdError as error:
            return cannot_be_asked(error, ticket)
        if is_there:
            return self._pushed_words(parcel)
        words = f"{branch} is gone, and {self.table.branch} does not say so"
        return TargetAnswer(DeliveryState.CANCELLED, words, {"branch": branch, "state": "removed"})

    def cancel(self, parcel: Parcel) -> TargetAnswer:
        """Tell how it is stopped: our branch is a person's to remove, since nothing is forced."""
        now = self.look_up(parcel)
        if now is None:
            return TargetAnswer(DeliveryState.UNKNOWN, "its branch is not there")
        if now.state is not DeliveryState.DISPATCHED:
            return now
        remove = f"git push {self._where} --delete {branch_of(parcel)}"
        return TargetAnswer(now.state, f"it stops when its branch is removed: {remove}", now.ticket)

    def rehearse(self, parcel: Parcel) -> Sequence[str]:
        """Tell which line would become what, as the branch is now."""
        change = self._change(parcel)
        where, words = f"**{self._where}**", self._to_merge(parcel)
        return sentences(self.table, parcel, change, where, words)

    def diagnose(self) -> Sequence[Check]:
        """Ask for the repository and the file; whether it may be pushed to shows when it is."""
        return checked([("file", self._settable)])

    # ------------------------------------------------------------------------------- underneath

    @property
    def _where(self) -> str:
        return without_credentials(self._address)

    @property
    def _base(self) -> str:
        return f"refs/heads/{self.table.branch}"

    def _to_merge(self, parcel: Parcel) -> str:
        branch = branch_of(parcel)
        ends = "it is delivered when" if self.table.wait else "it counts as delivered before"
        return (
            f"Plain git has no pull requests: a person merges **{branch}** there, {ends}"
            f" **{self.table.branch}** says the version."
        )

    def _pushed_words(self, parcel: Parcel) -> TargetAnswer:
        branch = branch_of(parcel)
        state = DeliveryState.DISPATCHED if self.table.wait else DeliveryState.DELIVERED
        words = f"{branch} is on {self._where}: merge it there into {self.table.branch}"
        waits = f"somebody to merge {branch}, or to remove it"
        ticket = {"branch": branch, "state": "proposed", "waits-for": waits}
        return TargetAnswer(state, words, ticket)

    @contextmanager
    def _cloned(self) -> Iterator[Git]:
        """Give a repository of nothing but what is fetched into it, which goes at the end."""
        if self._problem:
            raise WorldError(self._problem, code="settings")
        with tempfile.TemporaryDirectory(prefix="mlcd-application-") as folder:
            yield Git.create(Path(folder))

    def _tips(self, git: Git, branch: str) -> dict[str, str]:
        asked = [checked_ref(f"refs/heads/{branch}")]
        said = git.run(
            *("ls-remote", "--refs", "--quiet", "--upload-pack=git-upload-pack"),
            *("--", self._address, *asked),
        )
        lines = (line.split("\t", 1) for line in decoded(said).splitlines())
        return {name: oid for oid, name in lines if name in asked}

    def _fetched(self, git: Git) -> bytes:
        """Fetch the branch that it is for, and return the file as it is there."""
        git.run(
            *("fetch", "--no-tags", "--no-write-fetch-head", "--no-auto-maintenance", "--depth=1"),
            *("--no-recurse-submodules", "--upload-pack=git-upload-pack"),
            *("--", self._address, f"{checked_ref(self._base)}:{_BASE}"),
        )
        entry = entry_at(git, _BASE, self.table.file)
        if entry is None or entry.kind != "blob" or not entry.mode.startswith("100"):
            words = f"{self._where} has no file {self.table.file} on {self.table.branch}"
            raise WorldError(words, code="no-file", hint="Look at file and branch in mlcd.toml.")
        return git.run("cat-file", "blob", entry.oid, limit=_MOST_BYTES)

    def _changed(self, git: Git, parcel: Parcel) -> FileChange:
        return set_version(self._fetched(git), self.table, partial(filled, parcel=parcel))

    def _change(self, parcel: Parcel) -> FileChange:
        with self._cloned() as git:
            return self._changed(git, parcel)

    def _settable(self) -> str:
        with self._cloned() as git:
            check_settable(self._fetched(git), self.table)
        return f"{self.table.file} on {self.table.branch} has what is to be set"

    def _commit(self, git: Git, parcel: Parcel, change: FileChange) -> str:
        blob = decoded(git.run("hash-object", "-w", "--stdin", stdin=change.text.encode())).strip()
        before = entry_at(git, _BASE, self.table.file)
        parent = decoded(git.run("rev-parse", "--verify", "--end-of-options", _BASE)).strip()
        base = decoded(git.run("rev-parse", "--verify", "--end-of-options", f"{_BASE}^{{tree}}"))
        mode = before.mode if before else "100644"
        tree = write_tree_from(git, {self.table.file: (mode, blob)}, base.strip())
        person = identity(git)
        by = f"{person.name} <{person.email}> {int(time.time())} +0000"
        said = self.published_text(parcel)
        text = f"tree {tree}\nparent {parent}\nauthor {by}\ncommitter {by}\n\n{said}"
        return decoded(
            git.run("hash-object", "-t", "commit", "-w", "--stdin", stdin=encoded(text))
        ).strip()

    def _push(self, git: Git, commit: str, branch: str) -> str:
        said = git.run(
            *("push", "--porcelain", "--no-verify", "--no-follow-tags", "--no-signed"),
            *("--recurse-submodules=no", "--receive-pack=git-receive-pack"),
            *("--", self._address, f"{commit}:refs/heads/{branch}"),
            ok_codes=(0, 1),
        )
        return " ".join(decoded(said).split())

    def _proposed(self, parcel: Parcel) -> Proposed:
        return proposed(parcel, self.table, "", _ROOM)
