from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from typing import TYPE_CHECKING, Any

import msgspec
import psutil
import pytest

from jupyter_mlcd.execution.kernel_environment import kernel_environment
from jupyter_mlcd.execution.nbval_pytest import real_nbval
from jupyter_mlcd.execution.nbval_report import judged_cells, read_report
from jupyter_mlcd.model.errors import ExecutionError
from jupyter_mlcd.model.result import CaseResult, CellResult, Verdict, empty_result
from jupyter_mlcd.model.suite import Compare, Limits, NotebookEntry
from jupyter_mlcd.world.process import marked_processes
from tests.execution.projects import Project, cell, markdown, notebook

if TYPE_CHECKING:
    from pathlib import Path
    from xml.etree import ElementTree as ET

    from jupyter_mlcd.model.run import NbvalCount, RunPlan

WAIT_SECONDS = 60.0


def plan_of(project: Project, *cells: dict[str, Any] | str, **given: Any) -> RunPlan:
    project.commit({"one.ipynb": notebook(*cells)})
    entries = given.pop("entries", (NotebookEntry(path="one.ipynb"),))
    return project.plan(*entries, **{"compare": Compare.EVERY_CELL, **given})


def results_of(plan: RunPlan, *verdicts: Verdict, **facts: Any) -> dict[str, CaseResult]:
    """Return what the first case would have come to with these verdicts on its cells."""
    cells = tuple(
        CellResult(index, "", verdict, compared=True) for index, verdict in enumerate(verdicts)
    )
    result = msgspec.structs.replace(empty_result(plan.cases[0]), cells=cells, **facts)
    return {plan.cases[0].id: result}


def judge(
    project: Project, plan: RunPlan, results: dict[str, CaseResult] | None = None
) -> NbvalCount:
    environment = kernel_environment(os.environ, plan.id, plan.environment)
    junit = project.folder.parent / "nbval.xml"
    never = threading.Event()
    return real_nbval(plan, project.folder, environment, results or {}, never, junit)


def report_of(project: Project) -> ET.Element:
    return read_report(project.folder.parent / "nbval.xml")


def test_nbval_counts_passed_failed_and_skipped_cells(project: Project) -> None:
    plan = plan_of(
        project,
        markdown("# One"),
        cell("print('same')", shown="same\n"),
        cell("print('new')", shown="old\n"),
        cell("# NBVAL_SKIP\n1 / 0"),
    )
    count = judge(project, plan)
    assert (count.passed, count.failed, count.skipped) == (1, 1, 1)
    assert count.report == "nbval.xml"


def test_a_lax_suite_is_judged_as_nbval_lax_does(project: Project) -> None:
    plan = plan_of(
        project,
        cell("print('new')", shown="old\n"),
        cell("# NBVAL_CHECK_OUTPUT\nprint('new')", shown="old\n"),
        compare=Compare.MARKED_CELLS,
    )
    count = judge(project, plan)
    assert (count.passed, count.failed) == (1, 1)


def test_all_files_of_replacements_count(project: Project) -> None:
    project.write({"a.cfg": "regex: \\d+\nreplace: N", "b.cfg": "regex: [aeiou]\nreplace: V\n"})
    plan = plan_of(project, cell("print('17 old')", shown="4 uld\n"), sanitize=("a.cfg", "b.cfg"))
    assert judge(project, plan).failed == 0


def test_where_both_agree_there_is_nothing_to_say(project: Project) -> None:
    plan = plan_of(project, "1", "1 / 0")
    count = judge(project, plan, results_of(plan, Verdict.PASSED, Verdict.ERROR))
    assert count.disagreements == ()


@pytest.mark.parametrize(
    ("source", "shown", "cause"),
    [
        ("from IPython.display import clear_output\nprint('a')\nclear_output()\nprint('b')",
         "b\n", "nbval does not apply `clear_output`"),
        ("1 + 1;", "", "without history"),
        ("import os\nos.system('echo loud')", "loud\n", "other programs"),
    ],
)  # fmt: skip
def test_a_known_false_alarm_is_told_with_its_cause(
    project: Project, source: str, shown: str, cause: str
) -> None:
    saved = cell(source, shown=shown, count=1) if shown else cell(source, count=1)
    plan = plan_of(project, saved)
    (words,) = judge(project, plan, results_of(plan, Verdict.PASSED)).disagreements
    assert words.startswith("one.ipynb, cell 1: failed in nbval, passed here; ")
    assert cause in words


def test_an_unknown_magic_that_nbval_lets_pass_is_told(project: Project) -> None:
    plan = plan_of(project, "%no_such_magic")
    (words,) = judge(project, plan, results_of(plan, Verdict.ERROR)).disagreements
    assert "passed in nbval, error here" in words


def test_cells_after_a_timeout_are_told(project: Project) -> None:
    plan = plan_of(project, "while True: pass", "1 / 0", limits=Limits(cell=1.0))
    results = results_of(plan, Verdict.TIMEOUT, Verdict.NOT_RUN)
    count = judge(project, plan, results)
    assert (count.failed, count.skipped) == (1, 1)
    (words,) = count.disagreements
    assert words.startswith("one.ipynb, cell 2: ")
    assert "after a timeout" in words


def test_a_notebook_with_parameters_only_is_not_compared(project: Project) -> None:
    entry = NotebookEntry(path="one.ipynb", matrix={"a": (1, 2)})
    plan = plan_of(project, cell("a = 1", tag="parameters"), "1 / 0", entries=(entry,))
    count = judge(project, plan)
    assert (count.passed, count.failed) == (1, 1)
    assert count.disagreements == ("one.ipynb: not compared, because nbval knows no parameters",)


def test_the_report_holds_no_colours(project: Project) -> None:
    plan = plan_of(project, "1 / 0")
    judge(project, plan)
    text = (project.folder.parent / "nbval.xml").read_text()
    assert "ZeroDivisionError" in text
    assert "\x1b" not in text
    assert "#x1B" not in text


def test_notebooks_of_several_folders_are_told_apart(project: Project) -> None:
    project.commit({f"{name}/same name.ipynb": notebook("1") for name in ("a", "b")})
    paths = [f"{name}/same name.ipynb" for name in ("a", "b")]
    plan = plan_of(project, "1", entries=[NotebookEntry(path=path) for path in paths])
    judge(project, plan)
    assert [(one.notebook, one.number) for one in judged_cells(report_of(project))] == [
        (paths[0], 0),
        (paths[1], 0),
    ]


def test_the_projects_own_options_of_pytest_do_not_change_what_is_asked(project: Project) -> None:
    project.write({"pytest.ini": "[pytest]\naddopts = --nbval-lax --no-such-option\n"})
    plan = plan_of(project, cell("print('new')", shown="old\n"))
    assert judge(project, plan).failed == 1


def test_the_kernel_has_the_environment_of_the_run(project: Project) -> None:
    source = "import os\nprint(os.environ['GREETING'], 'GITHUB_TOKEN' in os.environ)"
    plan = plan_of(project, cell(source, shown="hello False\n"), environment={"GREETING": "hello"})
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GITHUB_TOKEN", "secret")
        assert judge(project, plan).passed == 1


def test_a_python_without_nbval_is_refused_with_the_reason(
    project: Project, tmp_path: Path
) -> None:
    bare = tmp_path / "bare"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(bare)], check=True)
    python = bare / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    plan = plan_of(project, "1", interpreter=str(python))
    with pytest.raises(ExecutionError, match="has no pytest and no nbval") as caught:
        judge(project, plan)
    assert caught.value.code == "no-nbval"


def test_a_notebook_that_nbval_cannot_read_is_told(project: Project) -> None:
    plan = plan_of(project, "1")
    project.write({"one.ipynb": "no notebook"})
    count = judge(project, plan, results_of(plan, Verdict.PASSED))
    assert count.failed == 1
    assert len(count.disagreements) == 1


def test_a_cancelled_run_leaves_nothing_of_pytest(project: Project) -> None:
    plan = plan_of(project, "import time; open('began', 'w').close(); time.sleep(600)")
    environment = kernel_environment(os.environ, plan.id, plan.environment)
    cancelled = threading.Event()
    caught: list[ExecutionError] = []

    def run() -> None:
        junit = project.folder.parent / "nbval.xml"
        try:
            real_nbval(plan, project.folder, environment, {}, cancelled, junit)
        except ExecutionError as error:
            caught.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    wait_for(project.folder / "began")
    assert len(marked_processes(plan.id)) >= 2
    cancelled.set()
    thread.join(WAIT_SECONDS)
    assert [error.code for error in caught] == ["cancelled"]
    assert [one for one in marked_processes(plan.id) if psutil.pid_exists(one.pid)] == []


def wait_for(file: Path) -> None:
    end = time.monotonic() + WAIT_SECONDS
    while not file.exists():
        assert time.monotonic() < end, f"{file} never came"
        time.sleep(0.02)


def test_a_call_that_takes_too_long_is_ended_with_what_was_judged(project: Project) -> None:
    plan = plan_of(project, "1", "import time; time.sleep(600)", limits=Limits(suite=30.0))
    count = judge(project, plan)
    assert (count.passed, count.failed) == (1, 1)
    assert "pytest took longer than 30 s" in count.disagreements[0]
    assert marked_processes(plan.id) == []
