"""Executed lines, measured in real kernels by the real ``coverage``."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

import pytest

from jupyter_mlcd.execution.coverage import Measurement, combine, measure
from jupyter_mlcd.model.errors import ExecutionError, UsageError
from jupyter_mlcd.model.result import Verdict
from jupyter_mlcd.model.suite import Limits, NotebookEntry
from tests.execution.kernelspecs import Kernelspecs, bare_python, install
from tests.execution.projects import Project, notebook

if TYPE_CHECKING:
    from pathlib import Path

    from jupyter_mlcd.model.run import Run

PART = "def double(x):\n    return 2 * x\n\n\ndef never():\n    return 1\n"
USE = "import sys; sys.path.insert(0, 'src')\nimport part\nprint(part.double(4))"
HALF = {"src/part.py": (3, 4)}


def run_measured(project: Project, *cells: dict[str, Any] | str, **given: Any) -> Run:
    kernel = given.pop("kernel", "python3")
    project.commit({"one.ipynb": notebook(*cells, kernel=kernel), "src/part.py": PART})
    return project.run(NotebookEntry(path="one.ipynb"), **{"coverage": ("src/",), **given})


def counted(run: Run) -> dict[str, tuple[int, int]]:
    assert run.coverage is not None, run.cases[0].remarks
    return run.coverage.files


# ------------------------------------------------------------------------------------ real runs


def test_lines_that_a_notebook_executes_are_counted_by_their_path_in_the_project(
    project: Project,
) -> None:
    run = run_measured(project, USE)
    assert counted(run) == HALF
    assert run.coverage is not None
    assert run.coverage.percent == 75.0
    assert run.cases[0].remarks == ()


def test_cases_are_added_up_and_their_rooms_are_told_apart_no_more(project: Project) -> None:
    project.commit(
        {
            "one.ipynb": notebook(USE),
            "two.ipynb": notebook(USE.replace("double(4)", "never()")),
            "src/part.py": PART,
        }
    )
    entries = (NotebookEntry(path="one.ipynb"), NotebookEntry(path="two.ipynb"))
    assert counted(project.run(*entries, coverage=("src",))) == {"src/part.py": (4, 4)}


def test_code_that_no_notebook_imports_counts_as_not_executed(project: Project) -> None:
    project.write({"src/deep/other.py": "x = 1\ny = 2\n"})
    assert counted(run_measured(project, USE)) == {**HALF, "src/deep/other.py": (0, 2)}


def test_code_outside_the_named_folders_is_not_counted(project: Project) -> None:
    project.write({"beside.py": "x = 1\n"})
    assert counted(run_measured(project, "import beside", USE)) == HALF


def test_the_whole_project_can_be_named(project: Project) -> None:
    assert counted(run_measured(project, USE, coverage=(".",))) == HALF


def test_the_notebook_does_not_see_that_it_is_measured(project: Project) -> None:
    run = run_measured(
        project,
        "assert not [name for name in dir() if 'mlcd' in name or name in ('given', 'measured')]",
        "%reset -f",
        USE,
    )
    assert run.verdict is Verdict.PASSED, run.reason
    assert counted(run) == HALF
    cells = project.executed(run)["cells"]
    assert [one["execution_count"] for one in cells] == [1, 2, 3]
    assert [one["outputs"] for one in cells[:2]] == [[], []]


def test_threads_of_a_notebook_are_measured_too(project: Project) -> None:
    thread = "from threading import Thread\nx = Thread(target=part.never)\nx.start()\nx.join()"
    assert counted(run_measured(project, USE, thread)) == {"src/part.py": (4, 4)}


def test_a_red_case_is_counted_as_far_as_it_came(project: Project) -> None:
    assert counted(run_measured(project, USE, "1 / 0")) == HALF


def test_a_cell_that_is_interrupted_at_its_limit_loses_nothing(project: Project) -> None:
    run = run_measured(project, USE, "import time; time.sleep(60)", limits=Limits(cell=1.0))
    assert run.verdict is Verdict.TIMEOUT
    assert counted(run) == HALF


def test_a_notebook_that_ends_its_kernel_loses_nothing(project: Project) -> None:
    run = run_measured(project, USE, "exit()")
    assert counted(run) == HALF
    assert run.cases[0].remarks == ()


def test_a_kernel_that_dies_says_that_its_lines_are_lost(project: Project) -> None:
    run = run_measured(project, USE, "import os; os.kill(os.getpid(), 9)")
    assert run.coverage is None
    assert any("coverage was measured and is lost" in one for one in run.cases[0].remarks)


def test_the_bundle_has_a_report_for_other_tools_without_places_of_this_machine(
    project: Project,
) -> None:
    run = run_measured(project, USE)
    report = project.runner.bundle(run.id) / "coverage.xml"
    assert str(project.folder) not in report.read_text()
    measured = ET.parse(report).getroot()  # noqa: S314 - our own file
    assert [one.get("filename") for one in measured.iter("class")] == ["src/part.py"]
    assert [one.text for one in measured.iter("source")] == ["."]


def test_without_being_asked_nothing_is_measured(project: Project) -> None:
    run = run_measured(project, USE, "import sys; assert not sys.gettrace()", coverage=())
    assert run.verdict is Verdict.PASSED, run.reason
    assert run.coverage is None


# ------------------------------------------------------------------------------- other kernels


@pytest.fixture
def kernelspecs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Kernelspecs:
    return Kernelspecs(tmp_path / "share", monkeypatch)


def test_a_python_without_coverage_says_how_to_get_it(
    project: Project, kernelspecs: Kernelspecs, tmp_path_factory: pytest.TempPathFactory
) -> None:
    bare = kernelspecs.add_python("bare", bare_python(tmp_path_factory))
    run = run_measured(project, USE, kernel=bare)
    assert run.verdict is Verdict.PASSED, run.reason
    assert run.coverage is None
    (remark,) = run.cases[0].remarks
    assert "has no package `coverage`" in remark
    assert "pip install 'coverage" in remark


def test_a_python_without_our_package_is_measured_where_it_has_coverage(
    project: Project,
    kernelspecs: Kernelspecs,
    tmp_path: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    python = bare_python(tmp_path_factory)
    install(python, "--target", str(tmp_path / "more"), "coverage>=7.6,<8")
    bare = kernelspecs.add_python("bare", python, env={"PYTHONPATH": str(tmp_path / "more")})
    assert counted(run_measured(project, USE, kernel=bare)) == HALF


# ----------------------------------------------------------------------------- adding up


def measured_in(room: Path, file: Path, source: str) -> Path:
    """Execute what a kernel would, in a plain Python."""
    measurement = measure(file, room, ["src"])
    script = f"{measurement.begin}\n{source}\n{measurement.end}"
    subprocess.run([sys.executable, "-c", script], cwd=room, check=True)
    return file


def make(folder: Path) -> Path:
    (folder / "src").mkdir(parents=True)
    (folder / "src" / "part.py").write_text(PART)
    return folder


def test_rooms_may_be_gone_and_folders_may_have_odd_names(tmp_path: Path) -> None:
    project, room = make(tmp_path / "a b$HOME %s & ü" / "tree"), make(tmp_path / "a b [0]" / "0")
    file = measured_in(room, tmp_path / "0.coverage", USE)
    (room / "src" / "part.py").unlink()
    found = combine({file: room}, project, sys.executable, tmp_path / "report.xml")
    assert found is not None
    assert found.files == HALF
    assert "tree" not in (tmp_path / "report.xml").read_text()


def test_a_module_of_the_project_named_like_one_of_coverages_own_is_harmless(
    tmp_path: Path,
) -> None:
    project, room = make(tmp_path / "tree"), make(tmp_path / "0")
    for name in ("coverage.py", "json.py", "sqlite3.py"):
        (project / name).write_text("1 / 0")
    file = measured_in(room, tmp_path / "0.coverage", USE)
    found = combine({file: room}, project, sys.executable, tmp_path / "report.xml")
    assert found is not None
    assert found.files == HALF


def test_code_that_a_case_wrote_itself_is_not_counted(tmp_path: Path) -> None:
    project, room = make(tmp_path / "tree"), make(tmp_path / "0")
    source = f"open('src/made.py', 'w').write('x = 1')\n{USE}\nimport made"
    file = measured_in(room, tmp_path / "0.coverage", source)
    found = combine({file: room}, project, sys.executable, tmp_path / "report.xml")
    assert found is not None
    assert found.files == HALF


def test_where_nothing_was_measured_there_is_nothing(tmp_path: Path) -> None:
    files = {tmp_path / "never.coverage": tmp_path}
    assert combine(files, make(tmp_path / "tree"), "", tmp_path / "report.xml") is None
    assert not (tmp_path / "report.xml").exists()


def test_another_python_without_coverage_leaves_the_adding_up_to_ours(tmp_path: Path) -> None:
    project, room = make(tmp_path / "tree"), make(tmp_path / "0")
    file = measured_in(room, tmp_path / "0.coverage", USE)
    found = combine({file: room}, project, "/no/such/python", tmp_path / "report.xml")
    assert found is not None


def test_a_file_that_is_none_of_coverages_is_an_error_in_words(tmp_path: Path) -> None:
    (tmp_path / "0.coverage").write_text("not a database")
    files = {tmp_path / "0.coverage": tmp_path}
    with pytest.raises(ExecutionError, match="could not be added up"):
        combine(files, make(tmp_path / "tree"), "", tmp_path / "report.xml")


def test_a_folder_outside_the_project_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError):
        measure(tmp_path / "0.coverage", make(tmp_path / "0"), ["../other"])


@pytest.mark.parametrize(
    ("began", "ended", "words"),
    [
        ({"status": "ok"}, {"status": "ok"}, ""),
        ({"status": "error", "ename": "ModuleNotFoundError"}, {}, "has no package `coverage`"),
        ({"status": "error", "ename": "OSError", "evalue": "full"}, {}, "OSError: full"),
        ({}, {}, "did not answer"),
        ({"status": "ok"}, {}, "is lost"),
    ],
)
def test_what_went_wrong_is_said(
    tmp_path: Path, began: dict[str, str], ended: dict[str, str], words: str
) -> None:
    remark = Measurement(tmp_path / "0.coverage", (tmp_path,)).remark(began, ended)
    assert words in remark
    assert bool(words) == bool(remark)
