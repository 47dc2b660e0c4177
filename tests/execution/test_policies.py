"""What a suite may ask for: retries, stops, limits of time and output. On real kernels."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from jupyter_mlcd.model.result import Verdict
from jupyter_mlcd.model.suite import Compare, Limits, NotebookEntry, OnFailure
from jupyter_mlcd.world.process import marked_processes
from tests.execution.projects import Project, cell, notebook

if TYPE_CHECKING:
    from pathlib import Path

    from jupyter_mlcd.model.run import Run


def verdicts(run: Run) -> list[Verdict | None]:
    return [case.verdict for case in run.cases]


def of_cells(run: Run) -> list[Verdict]:
    return [one.verdict for one in run.cases[0].cells]


def red_until(marker: Path, times: int) -> str:
    """Return a cell that raises until it has been run ``times`` times."""
    return (
        "from pathlib import Path\n"
        f"marker = Path({str(marker)!r})\n"
        "count = len(marker.read_text()) if marker.exists() else 0\n"
        "marker.write_text('x' * (count + 1))\n"
        f"assert count >= {times}, f'attempt {{count + 1}}'\n"
    )


# ------------------------------------------------------------------------------------- retry


def test_a_case_that_passes_on_a_retry_is_flaky_and_both_attempts_are_kept(
    project: Project, tmp_path: Path
) -> None:
    run = project.run_cells(red_until(tmp_path / "marker", 1), retry=2)
    assert run.verdict is Verdict.FLAKY
    assert run.reason == "1 of 1 cases passed, 1 on a retry"
    (case,) = run.cases
    assert case.reason == "passed on attempt 2; at first: cell 1: AssertionError: attempt 1"
    (first,) = case.attempts
    assert (first.verdict, first.reason) == (Verdict.ERROR, "cell 1: AssertionError: attempt 1")
    kept = json.loads((project.runner.bundle(run.id) / first.notebook).read_bytes())
    assert kept["cells"][0]["outputs"][0]["evalue"] == "attempt 1"
    assert project.executed(run)["cells"][0]["outputs"] == []


def test_a_retry_gets_a_fresh_kernel_and_a_fresh_room(project: Project, tmp_path: Path) -> None:
    seen = (
        "import os\nassert 'left' not in globals()\nassert not os.path.exists('left')\n"
        "left = open('left', 'w')\n"
    )
    run = project.run_cells(seen + red_until(tmp_path / "marker", 2), retry=2)
    assert verdicts(run) == [Verdict.FLAKY]
    assert len(run.cases[0].attempts) == 2


def test_a_case_that_is_always_red_has_the_verdict_of_its_last_attempt(project: Project) -> None:
    run = project.run_cells("1 / 0", retry=1)
    assert run.verdict is Verdict.ERROR
    (case,) = run.cases
    assert case.reason == "cell 1: ZeroDivisionError: division by zero"
    assert [one.verdict for one in case.attempts] == [Verdict.ERROR]


def test_a_case_after_a_flaky_one_runs(project: Project, tmp_path: Path) -> None:
    project.commit(
        {
            "one.ipynb": notebook(red_until(tmp_path / "marker", 1)),
            "two.ipynb": notebook("1"),
        }
    )
    entries = NotebookEntry(path="one.ipynb"), NotebookEntry(path="two.ipynb", after=("one.ipynb",))
    assert verdicts(project.run(*entries, retry=1)) == [Verdict.FLAKY, Verdict.PASSED]


def test_without_a_retry_nothing_is_tried_again(project: Project, tmp_path: Path) -> None:
    run = project.run_cells(red_until(tmp_path / "marker", 1))
    assert verdicts(run) == [Verdict.ERROR]
    assert run.cases[0].attempts == ()


def test_what_cannot_start_is_not_tried_again(project: Project) -> None:
    project.commit({"one.ipynb": notebook("1", kernel="no-such-kernel")})
    run = project.run(NotebookEntry(path="one.ipynb"), retry=3)
    assert (verdicts(run), run.cases[0].attempts) == ([Verdict.ERROR], ())


# ------------------------------------------------------------------------------------- stops


def test_a_notebook_stops_at_its_first_error_where_the_suite_says_so(project: Project) -> None:
    run = project.run_cells("1", "1 / 0", "2", on_failure=OnFailure.STOP_NOTEBOOK)
    assert of_cells(run) == [Verdict.PASSED, Verdict.ERROR, Verdict.NOT_RUN]
    assert run.cases[0].reason.startswith("cell 2: ZeroDivisionError")


def test_a_notebook_stops_at_its_first_difference_too(project: Project) -> None:
    run = project.run_cells(
        cell("print(1)", shown="2\n"),
        "open('written', 'w')",
        compare=Compare.EVERY_CELL,
        on_failure=OnFailure.STOP_NOTEBOOK,
    )
    assert of_cells(run) == [Verdict.FAILED, Verdict.NOT_RUN]


def test_an_expected_exception_does_not_stop_a_notebook(project: Project) -> None:
    run = project.run_cells(
        cell("1 / 0", tag="raises-exception"), "2", on_failure=OnFailure.STOP_NOTEBOOK
    )
    assert of_cells(run) == [Verdict.PASSED, Verdict.PASSED]


def test_a_suite_that_stops_starts_no_case_after_its_first_red_one(project: Project) -> None:
    project.commit({"one.ipynb": notebook("1 / 0"), "two.ipynb": notebook("1")})
    entries = NotebookEntry(path="one.ipynb"), NotebookEntry(path="two.ipynb")
    run = project.run(*entries, jobs=1, on_failure=OnFailure.STOP_SUITE)
    assert verdicts(run) == [Verdict.ERROR, Verdict.NOT_RUN]
    assert run.cases[1].reason == "the suite stops at its first failure: one.ipynb"


def test_other_cases_run_on_where_only_notebooks_stop(project: Project) -> None:
    project.commit({"one.ipynb": notebook("1 / 0"), "two.ipynb": notebook("1")})
    entries = NotebookEntry(path="one.ipynb"), NotebookEntry(path="two.ipynb")
    run = project.run(*entries, jobs=1, on_failure=OnFailure.STOP_NOTEBOOK)
    assert verdicts(run) == [Verdict.ERROR, Verdict.PASSED]


# ------------------------------------------------------------------------------------- limits


def test_a_suite_over_its_limit_ends_with_a_word_for_every_case(project: Project) -> None:
    project.commit(
        {"one.ipynb": notebook("import time; time.sleep(60)"), "two.ipynb": notebook("1")}
    )
    entries = NotebookEntry(path="one.ipynb"), NotebookEntry(path="two.ipynb")
    run = project.run(*entries, jobs=1, limits=Limits(suite=3.0))
    assert verdicts(run) == [Verdict.TIMEOUT, Verdict.NOT_RUN]
    assert run.cases[0].reason == "the suite took longer than 3 s"
    assert run.cases[1].reason == "the suite took longer than 3 s before it started"
    assert not marked_processes(run.id)


def test_of_output_beyond_the_limit_head_and_tail_are_kept(project: Project) -> None:
    source = "for number in range(200_000): print(number)"
    run = project.run_cells(source, limits=Limits(output=200 << 10))
    assert run.verdict is Verdict.PASSED
    shown = "".join(
        line for output in project.executed(run)["cells"][0]["outputs"] for line in output["text"]
    )
    assert shown.startswith("0\n1\n")
    assert shown.endswith("199998\n199999\n")
    assert "bytes of output were left out" in shown
    assert len(shown) < 220 << 10
    assert any("left out" in remark for remark in run.cases[0].remarks)


def test_a_case_over_its_memory_is_killed_and_says_how_much_it_held(project: Project) -> None:
    greedy = (
        "print('before', flush=True)\nheld = []\n"
        "while len(held) < 100: held.append(bytearray(16 << 20))\n"
        "import time; time.sleep(30)"
    )
    run = project.run_cells("1", greedy, "2", limits=Limits(memory=400 << 20))
    (case,) = run.cases
    assert case.verdict is Verdict.KILLED
    assert "used more than 400 MiB of memory" in case.reason
    assert case.peak_memory > 400 << 20
    assert of_cells(run) == [Verdict.PASSED, Verdict.KILLED, Verdict.NOT_RUN]
    assert "before" in str(project.executed(run)["cells"][1]["outputs"])
    assert not marked_processes(run.id)


def test_the_peak_of_memory_is_told_of_a_good_case_too(project: Project) -> None:
    source = "held = bytearray(300 << 20)\nimport time; time.sleep(0.6)\ndel held"
    assert project.run_cells(source).cases[0].peak_memory > 300 << 20
