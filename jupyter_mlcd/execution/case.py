"""The process of one case: a kernel, papermill on top, a verdict and an executed notebook.

It is forked from the nursery, or started as ``python -m jupyter_mlcd.execution.case REQUEST``.
Whatever happens, it leaves a notebook with the outputs so far and a report; SIGKILL alone can
prevent that.
"""

from __future__ import annotations

import copy
import os
import re
import signal
import sys
import traceback
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Any, NoReturn

import msgspec
import papermill
from nbclient.exceptions import DeadKernelError
from papermill.engines import papermill_engines
from papermill.exceptions import PapermillExecutionError

from jupyter_mlcd.execution import journal
from jupyter_mlcd.execution.case_report import Judge
from jupyter_mlcd.execution.cell_log import CellLog, CellOutcome
from jupyter_mlcd.execution.contract import CaseReport, CaseRequest
from jupyter_mlcd.execution.coverage import Measurement, measure
from jupyter_mlcd.execution.injection import parameterize
from jupyter_mlcd.execution.judging import clean, judge_cell, mark_source
from jupyter_mlcd.execution.kernel_environment import RUNNER_PID
from jupyter_mlcd.execution.kernel_start import (
    begin_kernel,
    end_kernel,
    end_of_kernel,
    peak_memory,
)
from jupyter_mlcd.execution.kernels import KernelChoice, choose_kernel
from jupyter_mlcd.execution.log_lines import LogLines
from jupyter_mlcd.execution.memory import MemorySigns
from jupyter_mlcd.execution.nbval_replay import Replay
from jupyter_mlcd.execution.notebook_file import as_nodes, as_text, read_notebook
from jupyter_mlcd.execution.papermill_engine import CellTimeout, MlcdEngine
from jupyter_mlcd.execution.process_marks import die_with_parent
from jupyter_mlcd.execution.references import with_expected
from jupyter_mlcd.model.errors import ExecutionError, MlcdError
from jupyter_mlcd.model.parameter_check import check_notebook
from jupyter_mlcd.model.parameters import check_parameters
from jupyter_mlcd.model.result import GREEN, Verdict
from jupyter_mlcd.model.run_events import CellStarted
from jupyter_mlcd.world.clock import now
from jupyter_mlcd.world.files import write_atomically
from jupyter_mlcd.world.redaction import Redactor

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from jupyter_client.manager import AsyncKernelManager
    from nbformat import NotebookNode

    from jupyter_mlcd.execution.freshness import Freshness

_SAVE_EVERY_SECONDS = 1.0

papermill_engines.register("mlcd", MlcdEngine)


@dataclass
class CaseProcess:
    """One case on its way."""

    request: CaseRequest
    environment: Mapping[str, str]
    """Of the kernel."""
    freshness: Freshness | None
    """How a forked kernel is to look; None where this process cannot fork one."""
    source: NotebookNode | None = None
    executed: NotebookNode | None = None
    manager: AsyncKernelManager | None = None
    cells: CellLog = field(default_factory=CellLog)
    judge: Judge | None = None
    signs: MemorySigns = field(default_factory=MemorySigns)
    saved: float = 0.0
    saving: float = 0.0
    """Seconds that saving took the last time."""

    def run(self) -> None:
        """Execute, judge, report."""
        signal.signal(signal.SIGTERM, lambda *_: self._leave())
        try:
            report = self._execute()
        except MlcdError as error:
            words = f"{error.message}. {error.hint}" if error.hint else error.message
            report = CaseReport(Verdict.ERROR, words)
        except Exception:  # noqa: BLE001 - a bug of ours: a verdict for the user, the trace for us
            traceback.print_exc()
            report = CaseReport(Verdict.ERROR, "internal error; the run's runner.log tells more")
        finally:
            if self.manager is not None:
                end_kernel(self.manager)
        self._save()
        self._report(msgspec.structs.replace(report, peak_memory=peak_memory(self.manager)))

    def _execute(self) -> CaseReport:
        document = read_notebook(Path(self.request.notebook))
        choice = choose_kernel(document["metadata"], self.request.interpreter)
        check_parameters(self.request.case.parameters)
        remarks = check_notebook(self.request.case.parameters, document, choice.language)
        replay = _replay(self.request, document["cells"])
        kernel_is_ready = self._start_kernel(choice)
        self.source = as_nodes(document)
        expected, more = with_expected(self.source, self.request)
        secrets = {name: self.environment[name] for name in self.request.secrets}
        redactor = Redactor(secrets)
        attached = Path(self.request.attached)
        self.judge = Judge(replay, expected, redactor, (*remarks, *more), attached)
        printed = LogLines(
            Path(self.request.log),
            self.request.name,
            redactor.redact_text,
            holds=any("\n" in value.strip() for value in secrets.values()),
        )
        self.cells.on_text, self.cells.on_end = printed.add, printed.end
        self.manager = kernel_is_ready()
        end = self._run_papermill(self.source, choice)
        return self._judge(end)

    def _start_kernel(self, choice: KernelChoice) -> Callable[[], AsyncKernelManager]:
        folder = Path(self.request.notebook).parent
        log = os.open(self.request.log, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            return begin_kernel(choice, folder, self.environment, log, self.freshness)
        finally:
            os.close(log)

    # ------------------------------------------------------------------------------------ execution

    def _run_papermill(self, source: NotebookNode, choice: KernelChoice) -> str:
        """Execute the notebook; return how the kernel ended if it ended too early."""
        notebook = copy.deepcopy(source)
        mark_source(notebook)
        notebook = parameterize(notebook, self.request.case.parameters, choice.language)
        self.cells.on_start = self._cell_starts
        try:
            papermill.execute_notebook(
                notebook,
                None,
                engine_name="mlcd",
                request_save_on_cell_execute=False,
                progress_bar=False,
                kernel_name=choice.name,
                language=choice.language,
                autosave_cell_every=0,
                km=self.manager,
                cell_log=self.cells,
                cell_limit=self.request.cell_limit,
                output_limit=self.request.output_limit,
                ends_after=self._ends_after,
                measurement=self._measurement(choice),
                on_begin=self._begin,
            )
        except (PapermillExecutionError, CellTimeout):
            return ""  # The cells' own outcomes say it, and more exactly.
        except DeadKernelError as error:
            return self._end_of_kernel(error)
        return ""

    def _measurement(self, choice: KernelChoice) -> Measurement | None:
        request = self.request
        if not request.coverage:
            return None
        if choice.language != "python":
            words = f"coverage is measured in Python, not in {choice.language}"
            self.cells.remarks.append(words)
            return None
        return measure(Path(request.measured), Path(request.project), request.coverage)

    def _begin(self, notebook: NotebookNode) -> None:
        """Take hold of the notebook that is about to be executed."""
        # papermill puts cells of its own into its list later, to show errors in red.
        self.executed = type(notebook)(notebook)
        self.executed.cells = list(notebook.cells)

    def _ends_after(self, outcome: CellOutcome, executed: NotebookNode) -> bool:
        """Whether a cell was red and the suite wants nothing more to run then."""
        if not self.request.stops or self.judge is None:
            return False
        source = None if outcome.index is None else self.judge.expected.cells[outcome.index]
        result = judge_cell(outcome, source, executed, self.judge.replay)
        return result.verdict not in {*GREEN, Verdict.SKIPPED}

    def _end_of_kernel(self, error: DeadKernelError) -> str:
        if self.cells.running is None and not any(one.began for one in self.cells.outcomes):
            raise ExecutionError(str(error), code="kernel-not-started") from error
        return end_of_kernel(self.manager, self.signs)

    def _cell_starts(self, outcome: CellOutcome) -> None:
        if not outcome.number:
            return
        event = CellStarted(at=now(), case=self.request.case.id, position=outcome.number)
        with suppress(OSError):  # progress is for the eye; a full disk shows elsewhere
            journal.append(Path(self.request.journal), event)
        if monotonic() - self.saved > max(_SAVE_EVERY_SECONDS, 20 * self.saving):
            began = monotonic()
            self._save()
            self._report(
                msgspec.structs.replace(self._judge("its case was killed"), is_final=False)
            )
            self.saving = monotonic() - began

    # ------------------------------------------------------------------------------ results

    def _judge(self, end: str) -> CaseReport:
        if self.judge is None or self.executed is None:
            return CaseReport(Verdict.ERROR, "the notebook was not executed")
        return self.judge.report(self.executed, self.cells, end)

    def _save(self) -> None:
        """Write the notebook with the outputs so far, whole or not at all."""
        if self.executed is None or self.source is None or self.judge is None:
            return
        self.judge.redact(self.executed, self.cells)
        notebook = copy.deepcopy(self.executed)
        clean(notebook, self.source)
        write_atomically(Path(self.request.executed), as_text(notebook))
        self.saved = monotonic()

    def _report(self, report: CaseReport) -> None:
        write_atomically(Path(self.request.report), msgspec.json.encode(report))

    def _leave(self) -> NoReturn:
        """Leave at once, as the runner asks: with what there is, and without the kernel."""
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        try:
            self._save()
            self._report(self._judge("it was ended with its case"))
        except Exception:  # noqa: BLE001 - whatever was half done here; leaving comes first
            traceback.print_exc()
        finally:
            if self.manager is not None:
                end_kernel(self.manager, at_once=True)
            os._exit(0)


def _replay(request: CaseRequest, cells: list[dict[str, Any]]) -> Replay:
    try:
        files = [Path(file).read_text(encoding="utf-8") for file in request.sanitize]
        return Replay(request.compare, "\n".join(files), request.comparers, cells)
    except (OSError, UnicodeDecodeError, re.error) as error:
        raise ExecutionError(
            f"the file of replacements cannot be used: {error}",
            code="sanitize-file",
            hint="`sanitize` in mlcd.toml names a file with lines `regex: ` and `replace: `.",
        ) from None


def execute_case(
    request: Path, environment: Mapping[str, str], freshness: Freshness | None = None
) -> None:
    """Execute the case that the file ``request`` describes; its report says how it went."""
    case = msgspec.json.decode(request.read_bytes(), type=CaseRequest)
    CaseProcess(case, environment, freshness).run()


def main() -> None:
    """Execute one case in a process of its own, where there is no nursery."""
    parent = os.environ.pop(RUNNER_PID, "")
    if parent:
        die_with_parent(int(parent))
    execute_case(Path(sys.argv[1]), dict(os.environ))


if __name__ == "__main__":
    main()
