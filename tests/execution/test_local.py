"""What stays of a run when somebody kills something."""

from __future__ import annotations

import os
import sys
import time
from typing import TYPE_CHECKING

import psutil
import pytest

from jupyter_mlcd.execution import journal, local
from jupyter_mlcd.execution.nursery_client import nursery_socket
from jupyter_mlcd.execution.run_folder import RunFolder, folder_of
from jupyter_mlcd.model.errors import ExecutionError, NotFoundError, UsageError
from jupyter_mlcd.model.result import State, Verdict
from jupyter_mlcd.model.run_events import RunStarted
from jupyter_mlcd.model.suite import NotebookEntry
from jupyter_mlcd.world.key_variables import without_keys
from jupyter_mlcd.world.process import marked_processes
from tests.execution.conftest import nurseries
from tests.execution.projects import Project, notebook

if TYPE_CHECKING:
    from pathlib import Path

    from jupyter_mlcd.model.run import Run

LONG = notebook("print('begun')", "import time; time.sleep(60)")
ENTRY = NotebookEntry(path="one.ipynb")


def folder(project: Project, run: Run) -> RunFolder:
    return folder_of(project.common, run.id)


def runner_of(project: Project, run: Run) -> psutil.Process:
    events = journal.read(folder(project, run).journal)
    started = next(event for event in events if isinstance(event, RunStarted))
    return psutil.Process(started.pid)


def in_the_second_cell(project: Project) -> Run:
    project.commit({"one.ipynb": LONG, "two.ipynb": notebook("1")})
    run = project.start(ENTRY, NotebookEntry(path="two.ipynb", after=("one.ipynb",)))
    return project.until(run, lambda one: one.cases[0].position == 2)


def gone(run: Run) -> bool:
    end = time.monotonic() + 10
    while marked_processes(run.id):
        if time.monotonic() > end:
            return False
        time.sleep(0.05)
    return True


def test_a_run_whose_runner_is_killed_is_interrupted_and_leaves_nothing(project: Project) -> None:
    run = in_the_second_cell(project)
    runner_of(project, run).kill()
    run = project.ended(run)
    assert run.verdict is Verdict.KILLED
    assert run.reason == (
        "interrupted: the runner was ended from outside; 0 of 2 cases had finished"
    )
    assert [case.state for case in run.cases] == [State.ENDED, State.ENDED]
    assert [case.verdict for case in run.cases] == [Verdict.KILLED, Verdict.NOT_RUN]
    assert gone(run)
    assert not folder(project, run).rooms.exists()


def test_an_interrupted_run_has_no_evidence_and_says_so(project: Project) -> None:
    run = in_the_second_cell(project)
    runner_of(project, run).kill()
    run = project.ended(run)
    with pytest.raises(NotFoundError, match="was interrupted"):
        project.runner.bundle(run.id)


def test_two_who_look_at_a_lost_run_see_the_same(project: Project) -> None:
    run = in_the_second_cell(project)
    runner_of(project, run).kill()
    project.ended(run)
    assert project.runner.load(run.id) == local.LocalRunner(project.common).load(run.id)


def test_cases_end_when_their_runner_is_killed_though_nobody_looks(project: Project) -> None:
    run = in_the_second_cell(project)
    assert marked_processes(run.id)
    runner_of(project, run).kill()
    assert gone(run)


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have no nursery")
def test_a_case_goes_on_when_its_nursery_is_killed(
    project: Project, own_runtime_directory: Path
) -> None:
    project.commit({"one.ipynb": notebook("1", "import time; time.sleep(2)", "3")})
    run = project.start(ENTRY)
    run = project.until(run, lambda one: one.cases[0].position == 2)
    victims = nurseries(own_runtime_directory)
    assert victims
    for victim in victims:
        victim.kill()
    run = project.ended(run)
    assert run.verdict is Verdict.PASSED, run.reason


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have no nursery")
def test_runs_share_one_warm_nursery(project: Project, own_runtime_directory: Path) -> None:
    project.run_cells("1")
    (before,) = nurseries(own_runtime_directory)
    run = project.run_cells("import os; print(os.getppid())", "2")
    (after,) = nurseries(own_runtime_directory)
    assert before == after
    case = psutil.pid_exists(int(project.executed(run)["cells"][0]["outputs"][0]["text"][0]))
    assert not case


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have no nursery")
def test_without_a_nursery_the_case_runs_in_a_python_of_its_own(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LC_MLCD_TEST", "another nursery")
    blocked = nursery_socket(without_keys(os.environ))
    blocked.mkdir()  # nothing can listen there
    run = project.run_cells("print(1)")
    assert run.verdict is Verdict.PASSED, run.reason
    blocked.rmdir()


def test_a_runner_that_never_reports_itself_is_lost(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "executable", "/bin/true")
    project.commit({"one.ipynb": notebook("1")})
    run = project.start(ENTRY)
    assert run.state is State.WAITING
    old = time.time() - 60
    os.utime(folder(project, run).plan, (old, old))
    assert project.runner.load(run.id).verdict is Verdict.KILLED


def test_a_run_that_cannot_be_started_leaves_nothing(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "executable", "/no/such/python")
    project.commit({"one.ipynb": notebook("1")})
    with pytest.raises(ExecutionError, match="could not be started"):
        project.start(ENTRY)
    assert list(project.runner.recent()) == []


def test_half_a_line_at_the_end_of_the_journal_is_no_event(project: Project) -> None:
    run = project.run_cells("1")
    with folder(project, run).journal.open("ab") as file:
        file.write(b'{"event":"run-ended","at":"20')
    assert project.runner.load(run.id) == run


def test_an_event_after_half_a_line_is_read(project: Project) -> None:
    run = project.run_cells("1")
    file = folder(project, run).journal
    with file.open("ab") as half:
        half.write(b'{"event":"ru')
    event = RunStarted(at="x", pid=1, birth="y")
    journal.append(file, event)
    assert list(journal.read(file))[-1] == event


def test_a_cancelled_run_that_is_over_stays_as_it_is(project: Project) -> None:
    run = project.run_cells("1")
    project.runner.cancel(run.id)
    assert project.runner.load(run.id) == run


@pytest.mark.parametrize("name", ["01a20b4c-8a28-7620-b44d-bb05af3914f6", "other"])
def test_an_unknown_run_is_not_found(project: Project, name: str) -> None:
    with pytest.raises(NotFoundError):
        project.runner.load(name)


def test_a_run_cannot_be_named_by_a_path(project: Project) -> None:
    with pytest.raises(UsageError):
        project.runner.load("../../secret")


def test_drafts_go_after_thirty_days(project: Project) -> None:
    old = project.run_cells("1")
    past = time.time() - 31 * 86400
    os.utime(folder(project, old).journal, (past, past))
    new = project.run_cells("2")
    assert [run.id for run in project.runner.recent()] == [new.id]


def test_attempts_at_the_same_files_are_counted(project: Project) -> None:
    project.commit({"one.ipynb": notebook("1")})
    runs = [project.run(ENTRY) for _ in range(2)]
    assert [project.runner.manifest(run.id).attempt for run in runs] == [1, 2]
