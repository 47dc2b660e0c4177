"""Runs on this computer: started detached, told by their journals, ended when their runner dies."""

from __future__ import annotations

import os
import signal
import sys
import time
from contextlib import suppress
from typing import TYPE_CHECKING

import msgspec

from jupyter_mlcd.execution import journal
from jupyter_mlcd.execution.kernel_environment import importable_here
from jupyter_mlcd.execution.leavings import leave_nothing, remove_tree
from jupyter_mlcd.execution.run_folder import (
    RunFolder,
    discarded_directory,
    folder_of,
    runs_directory,
)
from jupyter_mlcd.execution.secret_variables import resolve
from jupyter_mlcd.model.errors import (
    ExecutionError,
    MlcdError,
    NotFoundError,
    RefusedError,
    WorldError,
)
from jupyter_mlcd.model.evidence import MANIFEST, Manifest
from jupyter_mlcd.model.pruning import DIGEST, Draft
from jupyter_mlcd.model.result import GREEN, State, Verdict
from jupyter_mlcd.model.run import Run, RunPlan
from jupyter_mlcd.model.run_events import CaseEnded, RunEnded, RunEvent, RunStarted, fold
from jupyter_mlcd.world.clock import now
from jupyter_mlcd.world.failpoints import failpoint
from jupyter_mlcd.world.files import tree_size, write_atomically
from jupyter_mlcd.world.key_variables import without_keys
from jupyter_mlcd.world.places import locked_if_possible
from jupyter_mlcd.world.process import ProcessIdentity, is_alive, spawn_detached
from jupyter_mlcd.world.recent import Recent

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence
    from pathlib import Path

DRAFT_DAYS = 30
"""How long a run stays that was not kept as evidence."""
_START_SECONDS = 30.0
"""A runner that has not reported itself after this long never will."""
_LOCK_SECONDS = 10.0

_ended: Recent[tuple[Path, int, int], Run] = Recent(64)
"""Runs that are over, by their journals: a list of drafts reads them once."""


class LocalRunner:
    """The runner on this computer; implements ``ports.Runner``."""

    def __init__(self, common: Path, *, withheld: Collection[str] = ()) -> None:
        """Take git's common folder and the names of variables that no kernel may see."""
        self._common = common
        self._withheld = withheld

    def start(self, plan: RunPlan) -> None:
        """Start the run and return at once. Raises ExecutionError if it cannot be started.

        A secret of the suite that is not there is told before anything starts.
        """
        folder = folder_of(self._common, plan.id)
        resolve(plan.secrets, without_keys(os.environ, self._withheld))
        try:
            folder.root.mkdir(mode=0o700, parents=True)
            write_atomically(folder.plan, msgspec.json.encode(plan))
            spawn_detached(
                [sys.executable, "-m", "jupyter_mlcd.cli.runner", str(folder.root)],
                environment=importable_here(without_keys(os.environ, self._withheld)),
                directory=folder.root,
                log=folder.log,
            )
        except (OSError, MlcdError) as error:
            remove_tree(folder.root)
            words = error.message if isinstance(error, MlcdError) else error.strerror
            raise ExecutionError(
                f"the run could not be started: {words}",
                code="run-not-started",
                hint="Nothing was run. Check free space and rights of git's folder.",
            ) from error
        self._prune()

    def cancel(self, run: str) -> None:
        """Ask a run to end; everything it started ends too. A run that is over stays as it is."""
        folder = self._folder(run)
        events = list(journal.read(folder.journal))
        if any(isinstance(event, RunEnded) for event in events):
            return
        folder.cancel.touch()
        started = _runner(events)
        if started is not None and is_alive(started):
            with suppress(OSError):
                os.kill(started.pid, signal.SIGTERM)

    def load(self, run: str) -> Run:
        """Return the run as it stands. Raises NotFoundError.

        A run whose runner is gone without a verdict is ended as ``killed`` with that reason.
        """
        folder = self._folder(run)
        mark = _mark(folder)
        known = _ended.get(mark)
        if known is not None:
            return known
        plan = _plan(folder)
        events = list(journal.read(folder.journal))
        if _is_lost(folder, events):
            _end_lost(plan, folder)
            events = list(journal.read(folder.journal))
        found = fold(plan, events)
        return _ended.put(mark, found) if found.state is State.ENDED else found

    def recent(self, limit: int = 50) -> Sequence[Run]:
        """Return the drafts, newest first."""
        found: list[Run] = []
        for name in self._names():
            if len(found) == limit:
                break
            with suppress(NotFoundError):
                found.append(self.load(name))
        return found

    def manifest(self, run: str) -> Manifest:
        """Return the manifest of an ended run. Raises NotFoundError."""
        file = self.bundle(run) / MANIFEST
        return msgspec.json.decode(file.read_bytes(), type=Manifest)

    def bundle(self, run: str) -> Path:
        """Return the folder with the finished bundle of an ended run. Raises NotFoundError."""
        folder = self._folder(run)
        ended = any(isinstance(event, RunEnded) for event in journal.read(folder.journal))
        if not ended or not folder.bundle.is_dir():
            what = "was interrupted and" if ended else "goes on and still"
            raise NotFoundError(
                f"The run {run} {what} has no evidence.",
                code="no-bundle",
                hint="Run the suite again." if ended else "Wait until it has ended.",
            )
        return folder.bundle

    def seconds_taken(self, suite: str) -> Mapping[str, float]:
        """Return ``{case id: seconds}`` of the newest passed cases of a suite."""
        seconds: dict[str, float] = {}
        for run in self.recent():
            for case in run.cases if run.suite == suite else ():
                if case.verdict in GREEN:
                    seconds.setdefault(case.id, case.duration)
        return seconds

    @property
    def draft_days(self) -> int:
        """How long a run stays here that was not kept."""
        return DRAFT_DAYS

    def expired(self) -> list[Draft]:
        """Return the ended runs that lie here for longer than that, oldest first."""
        return [Draft(name, tree_size(folder_of(self._common, name).root))
                for name in self._expired()]  # fmt: skip

    def discard(self, run: str) -> bool:
        """Remove what lies here of an ended run, at once or not at all; whether there was any.

        Raises RefusedError while it goes on, WorldError where it cannot be removed.
        """
        try:
            folder = self._folder(run)
        except NotFoundError:
            return False
        if self.load(run).state is not State.ENDED:
            hint = "Wait for its end, or cancel it."
            raise RefusedError(f"the run {run} is still going on", code="not-ended", hint=hint)
        aside = discarded_directory(self._common) / run
        try:
            aside.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            remove_tree(aside)
            folder.root.rename(aside)
        except FileNotFoundError:
            return False  # Somebody else was first.
        except OSError as error:
            message = f"the run {run} could not be removed: {error.strerror or error}"
            hint = "Check that git's folder may be written to."
            raise WorldError(message, code="draft", hint=hint) from None
        failpoint("draft-moved")
        remove_tree(aside)
        return True

    def digests(self, without: Collection[str] = ()) -> frozenset[str]:
        """Return every sha256 that a draft names, but for these. Raises WorldError."""
        found: set[str] = set()
        for name in set(self._names()) - set(without):
            folder = folder_of(self._common, name)
            files = [folder.plan, folder.journal, *folder.cases.glob("*"), folder.bundle / MANIFEST]
            for file in files:
                try:
                    found.update(one.decode() for one in DIGEST.findall(file.read_bytes()))
                except (FileNotFoundError, IsADirectoryError):
                    continue
                except OSError as error:
                    message = f"the draft {name} cannot be read: {error.strerror or error}"
                    hint = "Nothing of the Store was removed: it could need any of it."
                    raise WorldError(message, code="draft", hint=hint) from None
        return frozenset(found)

    def sweep(self, *, dry_run: bool = False) -> int:
        """Remove what is left of drafts that were not removed to the end; return its bytes."""
        left = discarded_directory(self._common)
        size = tree_size(left)
        if not dry_run:
            remove_tree(left)
        return size

    def count(self) -> int:
        """Return how many drafts there are."""
        return sum(1 for _ in self._names())

    def _folder(self, run: str) -> RunFolder:
        folder = folder_of(self._common, run)
        if not folder.plan.is_file():
            raise NotFoundError(
                f"There is no run {run} here.",
                code="no-run",
                hint=f"Runs that were not kept are removed after {DRAFT_DAYS} days.",
            )
        return folder

    def _names(self) -> Iterator[str]:
        """Yield the ids of the runs, newest first."""
        with suppress(FileNotFoundError):
            places = runs_directory(self._common).iterdir()
            yield from sorted((place.name for place in places), reverse=True)

    def _prune(self) -> None:
        for name in self._expired():
            with suppress(MlcdError):
                self.discard(name)

    def _expired(self) -> Iterator[str]:
        """Yield the ids of the runs that are older than drafts stay, oldest first."""
        limit = time.time() - DRAFT_DAYS * 86400
        for name in sorted(self._names()):
            with suppress(MlcdError, OSError):
                folder = folder_of(self._common, name)
                newest = folder.journal if folder.journal.exists() else folder.root
                if newest.stat().st_mtime < limit and self.load(name).state is State.ENDED:
                    yield name


def _mark(folder: RunFolder) -> tuple[Path, int, int]:
    """Return what a journal's content is known by: it only grows."""
    try:
        found = folder.journal.stat()
    except FileNotFoundError:
        return folder.journal, 0, 0
    return folder.journal, found.st_mtime_ns, found.st_size


def _plan(folder: RunFolder) -> RunPlan:
    try:
        return msgspec.json.decode(folder.plan.read_bytes(), type=RunPlan)
    except (OSError, msgspec.MsgspecError) as error:
        raise NotFoundError(
            f"The plan of the run {folder.root.name} cannot be read: {error}", code="no-plan"
        ) from None


def _runner(events: list[RunEvent]) -> ProcessIdentity | None:
    started = next((event for event in events if isinstance(event, RunStarted)), None)
    return None if started is None else ProcessIdentity(started.pid, started.birth)


def _is_lost(folder: RunFolder, events: list[RunEvent]) -> bool:
    if any(isinstance(event, RunEnded) for event in events):
        return False
    runner = _runner(events)
    if runner is None:
        return time.time() - folder.plan.stat().st_mtime > _START_SECONDS
    return not is_alive(runner)


def _end_lost(plan: RunPlan, folder: RunFolder) -> None:
    """Write the end of a run whose runner is gone, and end what it left running."""
    with locked_if_possible(folder.lock, _LOCK_SECONDS):
        # Its last words may have come since we looked, or somebody else was here first.
        events = list(journal.read(folder.journal))
        if any(isinstance(event, RunEnded) for event in events):
            return
        leave_nothing(plan.id, folder)
        for event in _last_events(fold(plan, events)):
            journal.append(folder.journal, event, durable=True)


def _last_events(run: Run) -> Iterator[RunEvent]:
    ended = [case for case in run.cases if case.state is State.ENDED]
    for case in run.cases:
        if case.state is not State.ENDED:
            was_on = case.state is State.RUNNING
            verdict = Verdict.KILLED if was_on else Verdict.NOT_RUN
            reason = "the runner was ended from outside" if was_on else "the run was interrupted"
            result = msgspec.structs.replace(
                case, state=State.ENDED, verdict=verdict, reason=reason
            )
            yield CaseEnded(at=now(), result=result)
    counted = f"{len(ended)} of {len(run.cases)} cases had finished"
    reason = f"interrupted: the runner was ended from outside; {counted}"
    yield RunEnded(at=now(), verdict=Verdict.KILLED, reason=reason)
