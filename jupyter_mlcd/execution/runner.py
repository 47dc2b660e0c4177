"""The runner: carries out one plan, case by case, and writes down what happens.

It is a process of its own, so that a run outlives browser, server and terminal. It imports neither
nbformat nor papermill: the cases' processes do.
"""

from __future__ import annotations

import json
import signal
import sys
import threading
import traceback
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from time import monotonic
from typing import TYPE_CHECKING, Protocol

import msgspec

from jupyter_mlcd.execution import journal
from jupyter_mlcd.execution.cases import CaseOnItsWay
from jupyter_mlcd.execution.coverage import REPORT, combine
from jupyter_mlcd.execution.halt import Halt
from jupyter_mlcd.execution.kernel_environment import kernel_environment
from jupyter_mlcd.execution.leavings import leave_nothing
from jupyter_mlcd.execution.nbval_pytest import real_nbval
from jupyter_mlcd.execution.products import in_words
from jupyter_mlcd.execution.room import Rooms, prepare_rooms
from jupyter_mlcd.execution.run_folder import RunFolder
from jupyter_mlcd.execution.secret_variables import resolve
from jupyter_mlcd.model.errors import MlcdError
from jupyter_mlcd.model.result import GREEN, CaseResult, State, Verdict, empty_result, verdict_of
from jupyter_mlcd.model.run import Coverage, NbvalCount
from jupyter_mlcd.model.run_events import CaseEnded, RunEnded, RunStarted, fold
from jupyter_mlcd.model.scored_live import ScoredLive
from jupyter_mlcd.model.suite import Case, OnFailure, choose_candidates
from jupyter_mlcd.world.clock import now
from jupyter_mlcd.world.files import copy_file
from jupyter_mlcd.world.process import own_identity
from jupyter_mlcd.world.redaction import Redactor

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from jupyter_mlcd.model.run import Run, RunPlan
    from jupyter_mlcd.ports import FileStore

_TICK_SECONDS = 0.2


class Finish(Protocol):
    """Writes the evidence bundle of an ended run and returns its digest."""

    def __call__(  # noqa: PLR0913 - what is known at the end of a run, all by name
        self,
        plan: RunPlan,
        run: Run,
        *,
        executed: Mapping[str, Path],
        attached: Mapping[str, Path],
        sources: Path,
        inputs: Mapping[str, str],
        attempt: int,
    ) -> str:
        """Write it whole or not at all. Raises MlcdError or OSError.

        ``executed`` are the executed notebooks by case id, ``attached`` further files by their
        paths in the bundle, ``sources`` is the project's folder as
        it was tested, ``inputs`` the sha256 of declared untracked files, ``attempt`` how many runs
        of this suite were made on this tree, this one included.
        """


@dataclass
class PlannedRun:
    """One run on its way."""

    plan: RunPlan
    folder: RunFolder
    store: FileStore
    environment: dict[str, str]
    results: dict[str, CaseResult] = field(default_factory=dict)
    halt: Halt = field(default_factory=Halt)
    rooms: Rooms | None = None
    began: float = field(default_factory=monotonic)

    def execute(self) -> None:
        """Execute all cases that can be executed; afterwards every case has a result."""
        try:
            self.environment |= resolve(self.plan.secrets, self.environment)
            self.rooms = prepare_rooms(self.plan, self.folder.rooms)
            self._place()
            self._execute_cases(self.rooms)
        except MlcdError as error:
            self._end_rest(Verdict.NOT_RUN, in_words(error))
        except OSError as error:
            self._end_rest(Verdict.NOT_RUN, f"the disk said no: {error.strerror}")

    def _place(self) -> None:
        """End the cases in whose place files of a live release stand; they are not executed."""
        if not self.plan.scored:
            return
        for case in self.plan.cases:
            products = self.plan.scored.placed.get(case.id)
            if products is not None:
                files = ", ".join(products) or "nothing"
                words = f"not executed: {files} of {self.plan.scored.version} stands in its place"
                bare = _not_run(case, Verdict.SKIPPED, words)
                self._end(msgspec.structs.replace(bare, products=products))

    def _execute_cases(self, rooms: Rooms) -> None:
        cases = enumerate(self.plan.cases)
        waiting = {index: case for index, case in cases if case.id not in self.results}
        running: dict[Future[CaseResult], Case] = {}
        jobs = max(1, self.plan.jobs)
        with ThreadPoolExecutor(jobs, "case") as pool:
            while waiting or running:
                self._look_for_halt()
                for index, case in list(waiting.items()):
                    ready = self._readiness(case)
                    if ready is None:
                        self._end(self.results[case.id])
                        del waiting[index]
                    elif ready and len(running) < jobs:
                        running[pool.submit(self._run_case, index, rooms)] = case
                        del waiting[index]
                ended, _ = wait(running, _TICK_SECONDS if running else 0, FIRST_COMPLETED)
                for future in ended:
                    self._end(_result_of(future, running.pop(future)))

    def _readiness(self, case: Case) -> bool | None:
        """Return whether a case can start now; None, with its result set, if it never will."""
        if self.halt:
            self.results[case.id] = _not_run(case, *self.halt.of_waiting())
            return None
        first = self._first_red()
        if first is not None and self.plan.on_failure is OnFailure.STOP_SUITE:
            reason = f"the suite stops at its first failure: {first.id}"
            self.results[case.id] = _not_run(case, Verdict.NOT_RUN, reason)
            return None
        earlier = [self.results.get(name) for name in case.after]
        red = [one for one in earlier if one and one.verdict not in GREEN and not self._stands(one)]
        if red:
            verdict = red[0].verdict or Verdict.NOT_RUN
            reason = f"waits for {red[0].id}, which {_IN_WORDS.get(verdict, 'did not pass')}"
            self.results[case.id] = _not_run(case, Verdict.NOT_RUN, reason)
            return None
        return all(earlier)

    def _stands(self, result: CaseResult) -> bool:
        """Whether files of a live release stand in place of a case."""
        return isinstance(self.plan.scored, ScoredLive) and result.id in self.plan.scored.placed

    def _run_case(self, index: int, rooms: Rooms) -> CaseResult:
        return CaseOnItsWay(
            self.plan,
            index,
            self.folder,
            rooms,
            self.store,
            self.environment,
            self.results,
            self.halt,
        ).result()

    def _first_red(self) -> CaseResult | None:
        good = {*GREEN, Verdict.SKIPPED}
        return next((one for one in self.results.values() if one.verdict not in good), None)

    def _look_for_halt(self) -> None:
        if self.folder.cancel.exists():
            self.halt.set(Verdict.CANCELLED, "cancelled")
        limit = self.plan.limits.suite
        if limit and monotonic() - self.began > limit:
            self.halt.set(Verdict.TIMEOUT, f"the suite took longer than {limit:g} s")

    def _end(self, result: CaseResult) -> None:
        self.results[result.id] = result
        event = CaseEnded(at=now(), result=result)
        journal.append(self.folder.journal, event, durable=True)

    def _end_rest(self, verdict: Verdict, reason: str) -> None:
        for case in self.plan.cases:
            if case.id not in self.results:
                self._end(_not_run(case, verdict, reason))

    def real_nbval(self) -> NbvalCount | None:
        """Return what the real nbval says, where the project asks for it."""
        if self.plan.nbval != "pytest" or self.rooms is None or self.halt:
            return None
        room = len(self.plan.cases)
        junit = self.folder.cases / "nbval-junit.xml"
        try:
            project = self.rooms.make(room)
            count = real_nbval(
                self.plan, project, self.environment, self.results, self.halt.event, junit
            )
            redactor = Redactor({name: self.environment[name] for name in self.plan.secrets})
            junit.write_text(redactor.redact_text(junit.read_text("utf-8")), "utf-8")
            self.folder.attached.mkdir(exist_ok=True)
            copy_file(junit, self.folder.attached / junit.name)
        except (MlcdError, OSError) as error:
            words = in_words(error) if isinstance(error, MlcdError) else f"{error.strerror}"
            return NbvalCount(0, 0, 0, report="", disagreements=(words,))
        else:
            return count
        finally:
            self.rooms.remove(room)

    def coverage(self) -> Coverage | None:
        """Return which lines of the project's code were executed, where that was asked for."""
        if not self.plan.coverage or self.rooms is None:
            return None
        rooms = (self.rooms.place(index) for index in range(len(self.plan.cases)))
        files = {self.folder.measured(index): room for index, room in enumerate(rooms)}
        try:
            report = self.folder.attached / REPORT
            return combine(files, self.rooms.project, self.plan.interpreter, report)
        except (MlcdError, OSError):
            traceback.print_exc()
            return None

    def verdict(self) -> RunEnded:
        """Return how the run ended, as far as its cases tell; without the digest."""
        every = [self.results[case.id] for case in self.plan.cases]
        verdict, reason = verdict_of(one for one in every if not self._stands(one))
        metrics = {name: result.metrics for name, result in self.results.items()}
        candidates = () if self.plan.scored else choose_candidates(self.plan.cases, metrics)
        return RunEnded(at=now(), verdict=verdict, reason=reason, candidates=candidates)


_IN_WORDS = {
    Verdict.FAILED: "failed",
    Verdict.ERROR: "raised an error",
    Verdict.TIMEOUT: "took too long",
    Verdict.KILLED: "was killed",
    Verdict.INCOMPLETE: "ended early",
    Verdict.NOT_RUN: "did not run",
    Verdict.SKIPPED: "was skipped",
}


def _not_run(case: Case, verdict: Verdict, reason: str) -> CaseResult:
    return msgspec.structs.replace(
        empty_result(case), state=State.ENDED, verdict=verdict, reason=reason
    )


def _result_of(future: Future[CaseResult], case: Case) -> CaseResult:
    try:
        return future.result()
    except MlcdError as error:
        return _not_run(case, Verdict.ERROR, in_words(error))
    except Exception:  # noqa: BLE001 - a bug of ours must not leave the run without an end
        traceback.print_exc()
        return _not_run(case, Verdict.ERROR, "internal error; the run's runner.log tells more")


def run_plan(
    plan: RunPlan,
    folder: RunFolder,
    finish: Finish,
    store: FileStore,
    environment: Mapping[str, str],
) -> Run:
    """Carry out ``plan`` to its end and return the run. Raises OSError if the journal cannot be
    written.
    """  # noqa: D205 - one thought
    me = own_identity()
    kernels = kernel_environment(environment, plan.id, plan.environment)
    run = PlannedRun(plan, folder, store, kernels)
    _listen_to_signals(run.halt)
    journal.append(folder.journal, RunStarted(at=now(), pid=me.pid, birth=me.birth), durable=True)
    for made in (folder.notebooks, folder.cases):
        made.mkdir(exist_ok=True)
    try:
        run.execute()
        ended = _with_bundle(run, finish)
    finally:
        leave_nothing(plan.id, folder)
    journal.append(folder.journal, ended, durable=True)
    return fold(plan, journal.read(folder.journal))


def _with_bundle(run: PlannedRun, finish: Finish) -> RunEnded:
    plan, folder = run.plan, run.folder
    ended = msgspec.structs.replace(run.verdict(), nbval=run.real_nbval(), coverage=run.coverage())
    document = fold(plan, [*journal.read(folder.journal), ended])
    executed = {case.id: folder.executed(plan, case.id) for case in plan.cases}
    rooms = run.rooms or Rooms(folder.rooms, plan.prefix, {})
    try:
        digest = finish(
            plan,
            document,
            executed={name: path for name, path in executed.items() if path.is_file()},
            attached=_files_below(folder.attached),
            sources=rooms.project,
            inputs=rooms.inputs,
            attempt=_attempt(plan, folder),
        )
    except (MlcdError, OSError) as error:
        traceback.print_exc()
        words = error.message if isinstance(error, MlcdError) else str(error.strerror)
        reason = f"its evidence could not be written: {words}"
        return msgspec.structs.replace(ended, verdict=Verdict.KILLED, reason=reason)
    return msgspec.structs.replace(ended, digest=digest)


def _files_below(root: Path) -> dict[str, Path]:
    files = (place for place in root.rglob("*") if place.is_file())
    return {file.relative_to(root).as_posix(): file for file in sorted(files)}


def _attempt(plan: RunPlan, folder: RunFolder) -> int:
    """Return how many runs of the suite were started on the same tree, this one included."""
    earlier = 0
    for other in folder.root.parent.iterdir():
        try:
            document = json.loads(RunFolder(other).plan.read_bytes())
        except (OSError, ValueError):
            continue
        same = all(
            document.get(name) == getattr(plan, name) for name in ("suite", "tree", "project")
        )
        same = same and bool(document.get("scored")) is bool(plan.scored)
        earlier += same and other.name <= folder.root.name
    return max(earlier, 1)


def _listen_to_signals(halt: Halt) -> None:
    if threading.current_thread() is not threading.main_thread():
        return
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: halt.set(Verdict.CANCELLED, "cancelled"))
    if sys.platform != "win32":
        signal.signal(signal.SIGHUP, signal.SIG_IGN)
