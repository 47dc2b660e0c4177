"""One case from its room to its result, as the runner sees it."""

from __future__ import annotations

import json
import signal
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from time import monotonic
from typing import TYPE_CHECKING

import msgspec

from jupyter_mlcd.execution import journal
from jupyter_mlcd.execution.case_process import CaseProcess, start_case
from jupyter_mlcd.execution.contract import CaseReport, CaseRequest
from jupyter_mlcd.execution.memory import MemorySigns, MemoryWatch, bytes_in_words
from jupyter_mlcd.execution.products import collect, hand_on, in_words
from jupyter_mlcd.model.errors import MlcdError
from jupyter_mlcd.model.reference import reference_path
from jupyter_mlcd.model.result import (
    GREEN,
    Attempt,
    CaseResult,
    CellResult,
    FileDigest,
    State,
    Verdict,
    empty_result,
)
from jupyter_mlcd.model.run_events import CaseStarted, CellStarted
from jupyter_mlcd.model.suite import OnFailure
from jupyter_mlcd.world.clock import now
from jupyter_mlcd.world.files import safe_join

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jupyter_mlcd.execution.halt import Halt
    from jupyter_mlcd.execution.room import Rooms
    from jupyter_mlcd.execution.run_folder import RunFolder
    from jupyter_mlcd.model.run import RunPlan
    from jupyter_mlcd.model.suite import Case
    from jupyter_mlcd.ports import FileStore

_TICK_SECONDS = 0.1
_GRACE_SECONDS = 1.0


@dataclass
class CaseOnItsWay:
    """A case with all that its way needs."""

    plan: RunPlan
    index: int
    folder: RunFolder
    rooms: Rooms
    store: FileStore
    environment: Mapping[str, str]
    results: Mapping[str, CaseResult]
    halt: Halt
    attempts: tuple[Attempt, ...] = ()
    peak_memory: int = 0
    """Bytes, of the attempt that is on its way."""
    signs: MemorySigns = field(default_factory=MemorySigns)

    @property
    def case(self) -> Case:
        """What is to be executed."""
        return self.plan.cases[self.index]

    def result(self) -> CaseResult:
        """Execute the case, again if it was red and may be retried; its rooms are gone then."""
        result = self._attempt()
        while self._may_retry(result):
            self.attempts = (*self.attempts, self._put_aside(result))
            result = self._attempt()
        if self.attempts and result.verdict is Verdict.PASSED:
            count = len(self.attempts) + 1
            reason = f"passed on attempt {count}; at first: {self.attempts[0].reason}"
            result = msgspec.structs.replace(result, verdict=Verdict.FLAKY, reason=reason)
        return result

    def _may_retry(self, result: CaseResult) -> bool:
        """Whether another kernel could come to another verdict."""
        is_red = result.verdict not in {*GREEN, Verdict.SKIPPED, Verdict.CANCELLED}
        return (
            is_red and bool(result.cells) and len(self.attempts) < self.plan.retry and not self.halt
        )

    def _put_aside(self, result: CaseResult) -> Attempt:
        """Keep the executed notebook of an attempt out of the next one's way."""
        executed = self.folder.executed(self.plan, self.case.id)
        kept = self.folder.earlier(self.plan, self.case.id, len(self.attempts) + 1)
        kept.parent.mkdir(parents=True, exist_ok=True)
        with suppress(FileNotFoundError):
            executed.replace(kept)
        return Attempt(
            verdict=result.verdict or Verdict.NOT_RUN,
            reason=result.reason,
            started=result.started,
            duration=result.duration,
            notebook=kept.relative_to(self.folder.attached).as_posix() if kept.exists() else "",
            cells=result.cells,
            peak_memory=result.peak_memory,
        )

    def _attempt(self) -> CaseResult:
        started, began, self.peak_memory = now(), monotonic(), 0
        total = _count_code_cells(self.rooms.project / self.case.notebook)
        start = CaseStarted(at=started, case=self.case.id, total=total, attempts=self.attempts)
        journal.append(self.folder.journal, start)
        products: dict[str, FileDigest] = {}
        try:
            project = self.rooms.make(self.index)
            hand_on(self.plan, self.case, self.results, project, self.store)
            report = self._execute(project)
            if report.verdict is Verdict.PASSED:
                report, products = self._collect(report, project)
        except MlcdError as error:
            report = CaseReport(Verdict.ERROR, in_words(error))
        except OSError as error:
            report = CaseReport(Verdict.ERROR, f"the disk said no: {error.strerror}")
        finally:
            self.rooms.remove(self.index)
        return msgspec.structs.replace(
            empty_result(self.case),
            state=State.ENDED,
            verdict=report.verdict,
            reason=report.reason,
            duration=round(monotonic() - began, 3),
            started=started,
            position=sum(cell.verdict is not Verdict.NOT_RUN for cell in report.cells),
            total=total,
            cells=report.cells,
            metrics=report.metrics,
            intervals=report.intervals,
            exhibits=report.exhibits,
            products=products,
            attempts=self.attempts,
            peak_memory=max(self.peak_memory, report.peak_memory),
            remarks=report.remarks,
            reference=self._reference(),
        )

    def _execute(self, project: Path) -> CaseReport:
        request = self._request(project)
        file = self.folder.cases / f"{self.index}.request.json"
        file.write_bytes(msgspec.json.encode(request))
        self._report.unlink(missing_ok=True)  # of an earlier attempt
        process = start_case(self.case.id, file, self.environment, self.folder.log)
        stopped = self._wait(process)
        report = _read(Path(request.report))
        if stopped is not None:
            return _stopped(report, *stopped)
        if report is not None and report.is_final:
            return report
        return self._killed(report, process.code)

    def _request(self, project: Path) -> CaseRequest:
        return CaseRequest(
            run=self.plan.id,
            case=self.case,
            notebook=str(safe_join(project, self.case.notebook)),
            executed=str(self.folder.executed(self.plan, self.case.id)),
            report=str(self._report),
            attached=str(self.folder.attached / self._pictures),
            journal=str(self.folder.journal),
            log=str(self.folder.log),
            compare=self.plan.compare,
            sanitize=tuple(str(safe_join(project, one)) for one in self.plan.sanitize),
            comparers=self.plan.comparers,
            cell_limit=self.plan.limits.cell,
            output_limit=self.plan.limits.output,
            stops=self.plan.on_failure is not OnFailure.RUN_ON,
            interpreter=self.plan.interpreter,
            memory_limit=self.plan.limits.memory,
            secrets=tuple(self.plan.secrets),
            reference=str(safe_join(project, self._reference())) if self._reference() else "",
            coverage=self.plan.coverage,
            project=str(project),
            measured=str(self.folder.measured(self.index)),
            name=_name(self.case) if len(self.plan.cases) > 1 else "",
        )

    @property
    def _report(self) -> Path:
        return self.folder.cases / f"{self.index}.report.json"

    @property
    def _pictures(self) -> str:
        attempt = f".attempt-{len(self.attempts) + 1}" if self.plan.retry else ""
        return f"differences/{self.index:03d}{attempt}"

    def _reference(self) -> str:
        """Return the file of expected outputs, relative to the project, if there is one."""
        path = reference_path(self.case.notebook, self.case.parameters)
        return path if (self.rooms.project / path).is_file() else ""

    def _wait(self, process: CaseProcess) -> tuple[Verdict, str] | None:
        """Wait for the case's end; return verdict and reason if it was we who ended it."""
        end = monotonic() + self.plan.limits.notebook
        watch = MemoryWatch(process.identity)
        while not process.wait(_TICK_SECONDS):
            stopped = self._over_limit(watch, end)
            self.peak_memory = watch.peak
            if stopped is not None:
                process.end(_GRACE_SECONDS)
                return stopped
        return None

    def _over_limit(self, watch: MemoryWatch, end: float) -> tuple[Verdict, str] | None:
        """Return verdict and reason if the case may not go on."""
        limits = self.plan.limits
        if watch.sample() > limits.memory > 0:
            watch.hold()
            used = f"used more than {bytes_in_words(limits.memory)} of memory"
            return Verdict.KILLED, f"{used} ({bytes_in_words(watch.peak)} at its peak)"
        if self.halt:
            return self.halt.verdict, self.halt.reason
        if monotonic() > end:
            return Verdict.TIMEOUT, f"the notebook took longer than {limits.notebook:g} s"
        return None

    def _collect(
        self, report: CaseReport, project: Path
    ) -> tuple[CaseReport, dict[str, FileDigest]]:
        try:
            return report, collect(self.case, project, self.store)
        except MlcdError as error:
            failed = msgspec.structs.replace(report, verdict=Verdict.FAILED, reason=in_words(error))
            return failed, {}

    def _killed(self, report: CaseReport | None, code: int | None) -> CaseReport:
        """Return the report on a case whose process ended without one."""
        how = f"ended with exit code {code}" if code is not None else "was ended from outside"
        if code is not None and code < 0:
            how = f"was ended by {_signal_name(-code)}"
            if -code == getattr(signal, "SIGKILL", 9) and self.signs.say_so(self.peak_memory):
                how = f"{how}, probably because memory ran out"
        reason = f"the case's process {how}"
        position = max(
            (
                event.position
                for event in journal.read(self.folder.journal)
                if isinstance(event, CellStarted) and event.case == self.case.id
            ),
            default=0,
        )
        known = report or CaseReport(Verdict.KILLED, reason)
        cells = tuple(_cut_off(known.cells, position, reason))
        return msgspec.structs.replace(known, verdict=Verdict.KILLED, reason=reason, cells=cells)


def _name(case: Case) -> str:
    """Return what people call a case among those of its run: ``train seed=2``."""
    varied = (f"{name}={case.parameters[name]}" for name in case.varied)
    return " ".join((PurePosixPath(case.notebook).stem, *varied))


def _cut_off(cells: tuple[CellResult, ...], position: int, reason: str) -> list[CellResult]:
    """Return the cells of a report that was written some cells before the end came.

    What became of a cell that had been started since is not known: the end took it along.
    """
    return [
        msgspec.structs.replace(cell, verdict=Verdict.KILLED, reason=reason)
        if number <= position and cell.verdict in {Verdict.NOT_RUN, Verdict.KILLED}
        else cell
        for number, cell in enumerate(cells, 1)
    ]


def _stopped(report: CaseReport | None, verdict: Verdict, reason: str) -> CaseReport:
    """Return what there is of a case that we ended ourselves."""
    if report is None:
        return CaseReport(verdict, reason)
    cells = tuple(
        msgspec.structs.replace(cell, verdict=verdict, reason=reason)
        if cell.verdict is Verdict.KILLED
        else cell
        for cell in report.cells
    )
    return msgspec.structs.replace(report, verdict=verdict, reason=reason, cells=cells)


def _read(path: Path) -> CaseReport | None:
    try:
        return msgspec.json.decode(path.read_bytes(), type=CaseReport)
    except (OSError, msgspec.MsgspecError):
        return None


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"


def _count_code_cells(notebook: Path) -> int:
    """Return how many code cells a notebook has; 0 when it cannot be read: its case says why."""
    try:
        cells = json.loads(notebook.read_bytes())["cells"]
        return sum(cell.get("cell_type") == "code" for cell in cells)
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return 0
