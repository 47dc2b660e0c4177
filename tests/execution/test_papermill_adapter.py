"""The real ``papermill --engine mlcd``, as a program, on real kernels."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

from tests.execution.projects import cell, markdown, notebook

if TYPE_CHECKING:
    from collections.abc import Callable

PAPERMILL = str(Path(sys.executable).parent / "papermill")


class Ended(NamedTuple):
    code: int
    said: str
    """What it printed on its standard error."""
    cells: list[dict[str, Any]]
    """Of the notebook that it wrote, without the ones that papermill adds to show an error."""

    def states(self) -> list[str]:
        return [one["metadata"]["papermill"]["status"] for one in self.cells]

    def text(self, number: int) -> str:
        return json.dumps(self.cells[number]["outputs"])


@pytest.fixture
def papermill(tmp_path: Path) -> Callable[..., Ended]:
    def run(*given: dict[str, Any] | str, options: tuple[str, ...] = ()) -> Ended:
        (tmp_path / "in.ipynb").write_text(notebook(*given))
        ended = subprocess.run(
            [PAPERMILL, "--engine", "mlcd", *options, "in.ipynb", "out.ipynb"],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
        )
        cells = json.loads((tmp_path / "out.ipynb").read_text())["cells"]
        added = "papermill-error-cell-tag"
        own = [one for one in cells if added not in one["metadata"].get("tags", ())]
        return Ended(ended.returncode, ended.stderr, own)

    return run


def test_a_good_notebook_ends_with_zero_and_its_outputs(papermill: Callable[..., Ended]) -> None:
    ended = papermill(markdown("# Title"), "print(1 + 1)")
    assert ended.code == 0, ended.said
    assert ended.states() == ["completed", "completed"]
    assert '"2\\n"' in ended.text(1)


def test_the_progress_bar_counts_the_code_cells(papermill: Callable[..., Ended]) -> None:
    ended = papermill(markdown("# Title"), "1", "2")
    assert "2/2" in ended.said
    assert "100%" in ended.said


def test_parameters_arrive(papermill: Callable[..., Ended]) -> None:
    parameters = cell("C = 1.0", tag="parameters")
    ended = papermill(parameters, "assert C == 10.5", options=("-p", "C", "10.5"))
    assert ended.code == 0, ended.said


def test_the_first_error_ends_the_notebook(papermill: Callable[..., Ended]) -> None:
    ended = papermill("1 / 0", "print('published')")
    assert ended.code == 1
    assert "ZeroDivisionError" in ended.said
    assert ended.states() == ["failed", "pending"]
    assert ended.cells[1]["outputs"] == []


def test_a_magic_that_fails_is_an_error_with_its_words(papermill: Callable[..., Ended]) -> None:
    ended = papermill("%no_such_magic")
    assert ended.code == 1
    assert "UsageError: Line magic function `%no_such_magic` not found" in ended.said


def test_a_cell_over_its_limit_is_an_error_that_the_notebook_shows(
    papermill: Callable[..., Ended],
) -> None:
    limit = ("--execution-timeout", "1")
    ended = papermill("print('begun')", "import time; time.sleep(60)", "3", options=limit)
    assert ended.code == 1
    assert "CellTimeoutError: the cell took longer than 1 s" in ended.said
    assert ended.states() == ["completed", "failed", "pending"]
    assert "begun" in ended.text(0)
    assert "CellTimeoutError" in ended.text(1)


def test_a_dead_kernel_has_papermills_own_exit_code(papermill: Callable[..., Ended]) -> None:
    ended = papermill("print('begun')", "import os; os.kill(os.getpid(), 9)", "3")
    assert ended.code == 138
    assert "SIGKILL" in ended.said
    assert ended.states() == ["completed", "failed", "pending"]
    assert "begun" in ended.text(0)
    assert "SIGKILL" in ended.text(1)


@pytest.mark.parametrize("way_out", ["import sys; sys.exit(0)", "exit()", "import sys; sys.exit()"])
def test_ending_half_way_is_an_error(papermill: Callable[..., Ended], way_out: str) -> None:
    ended = papermill("1", way_out, "print('never')", "")
    assert ended.code == 1
    assert "NotebookIncomplete: the notebook was ended here, before 1 more of its cells" in (
        ended.said
    )
    assert ended.states() == ["completed", "failed", "pending", "pending"]


def test_ending_in_the_last_cell_is_none(papermill: Callable[..., Ended]) -> None:
    ended = papermill("1", "import sys; sys.exit(0)", markdown("The end"), "")
    assert ended.code == 0, ended.said


def test_an_exit_that_says_failure_is_one(papermill: Callable[..., Ended]) -> None:
    assert papermill("import sys; sys.exit(3)").code == 1


def test_an_expected_exception_is_no_failure(papermill: Callable[..., Ended]) -> None:
    ended = papermill(cell("1 / 0", tag="raises-exception"), "print('after')")
    assert ended.code == 0, ended.said
    assert "after" in ended.text(1)
    assert ended.cells[0]["outputs"][0]["output_type"] == "error"


def test_cells_to_be_skipped_do_not_run(papermill: Callable[..., Ended]) -> None:
    ended = papermill(cell("1 / 0", tag="nbval-skip"), cell("1 / 0", tag="skip-execution"), "1")
    assert ended.code == 0, ended.said


def test_the_notebook_can_go_to_the_standard_output(tmp_path: Path) -> None:
    (tmp_path / "in.ipynb").write_text(notebook("print(7)", "import sys; sys.exit(0)", "3"))
    ended = subprocess.run(
        [PAPERMILL, "--engine", "mlcd", "in.ipynb", "-"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 1
    assert "7\\n" in json.dumps(json.loads(ended.stdout))
