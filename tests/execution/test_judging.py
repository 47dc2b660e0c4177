"""The verdict on cells whose fates and outputs are known."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import nbformat
import pytest

from jupyter_mlcd.execution.cell_log import CellOutcome, Fate
from jupyter_mlcd.execution.judging import judge, judge_with_pictures
from jupyter_mlcd.execution.nbval_replay import Replay
from jupyter_mlcd.model.result import Verdict
from jupyter_mlcd.model.suite import Compare
from tests.execution.projects import cell

if TYPE_CHECKING:
    from nbformat import NotebookNode

    from jupyter_mlcd.execution.contract import CaseReport

RAISED = {"output_type": "error", "ename": "ValueError", "evalue": "no", "traceback": []}


def notebook(*cells: dict[str, Any]) -> NotebookNode:
    made: NotebookNode = nbformat.from_dict(  # type: ignore[no-untyped-call]
        {"cells": list(cells), "metadata": {}, "nbformat": 4, "nbformat_minor": 4}
    )
    return made


WHITE = (
    "iVBORw0KGgoAAAANSUhEUgAAAAQAAAAECAAAAACMmsGiAAAAEUlEQVR4nGP8z8DAwMSAQgAAE1EBB4BOjR4AAAAASUVORK5C"
    "YII="
)
BLACK = (
    "iVBORw0KGgoAAAANSUhEUgAAAAQAAAAECAAAAACMmsGiAAAAC0lEQVR4nGNgwAQAABQAAX3+Hu4AAAAASUVORK5CYII="
)


class Course:
    """A notebook as it was saved and as it went."""

    def __init__(self) -> None:
        self.saved: list[dict[str, Any]] = []
        self.executed: list[dict[str, Any]] = []
        self.outcomes: list[CellOutcome] = []

    def went(
        self, fate: Fate = Fate.OK, error: str = "", source: str = "1", **cells: Any
    ) -> Course:
        """Add a cell; ``saved`` and ``shown`` are the texts it printed, ``tag`` its tag."""
        index = len(self.outcomes)
        tag = cells.get("tag", "")
        self.saved.append(cell(source, tag=tag, shown=cells.get("saved")))
        self.executed.append(cell(source, tag=tag, shown=cells.get("shown")))
        self.executed[-1]["outputs"] += cells.get("outputs", [])
        self.outcomes.append(CellOutcome(index, index + 1, fate, error))
        return self

    def judged(self, end: str = "") -> CaseReport:
        replay = Replay(Compare.EVERY_CELL)
        return judge(notebook(*self.saved), notebook(*self.executed), self.outcomes, replay, end)


def said(course: Course, end: str = "") -> tuple[Verdict, str]:
    report = course.judged(end)
    return report.verdict, report.reason


# ---------------------------------------------------------------------------- what is to be raised


@pytest.mark.parametrize(
    ("source", "tag"),
    [
        ("# NBVAL_RAISES_EXCEPTION\n1", ""),
        ("1", "nbval-raises-exception"),
        ("1", "raises-exception"),
    ],
)
def test_a_cell_that_is_to_raise_and_does_not_fails(source: str, tag: str) -> None:
    course = Course().went(source=source, tag=tag)
    assert said(course) == (Verdict.FAILED, "cell 1: was expected to raise and did not")


def test_a_cell_that_is_to_raise_and_does_passes() -> None:
    course = Course().went(Fate.ERROR, "ValueError: no", tag="raises-exception", outputs=[RAISED])
    assert course.judged().verdict is Verdict.PASSED


def test_an_error_that_is_shown_counts_as_raised() -> None:
    assert (
        Course().went(tag="raises-exception", outputs=[RAISED]).judged().verdict is Verdict.PASSED
    )
    assert said(Course().went(outputs=[RAISED])) == (Verdict.ERROR, "cell 1: ValueError: no")


def test_an_exit_with_a_code_counts_as_raised() -> None:
    course = Course().went(Fate.EXIT, "SystemExit: 1", tag="raises-exception")
    course.outcomes[0].exit_argument = "1"
    assert course.judged().verdict is Verdict.PASSED


def test_an_error_in_the_reply_without_an_output_is_an_error() -> None:
    course = Course().went(Fate.ERROR, "UsageError: Line magic function `%no` not found.")
    assert said(course)[0] is Verdict.ERROR
    assert "UsageError" in said(course)[1]


# --------------------------------------------------------------------------------------- the reason


def test_one_failing_cell_is_the_reason() -> None:
    course = Course().went().went(Fate.ERROR, "ZeroDivisionError: division by zero")
    assert said(course)[1] == "cell 2: ZeroDivisionError: division by zero"


def test_the_first_failing_cell_leads_and_the_others_are_counted() -> None:
    course = Course().went()
    for name in ("first", "second", "third"):
        course.went(Fate.ERROR, f"ValueError: {name}")
    assert said(course) == (Verdict.ERROR, "cell 2: ValueError: first; 2 more cells failed")
    assert [one.verdict for one in course.judged().cells].count(Verdict.ERROR) == 3


def test_an_expected_error_does_not_lead() -> None:
    course = Course().went(Fate.ERROR, "ValueError: expected", tag="raises-exception")
    course.went(Fate.ERROR, "ValueError: not expected")
    assert said(course)[1] == "cell 2: ValueError: not expected"


def test_the_cell_that_gave_the_verdict_is_named_behind_the_first_one() -> None:
    course = Course().went(saved="a", shown="b").went(Fate.ERROR, "ValueError: x")
    course.went(Fate.ERROR, "ValueError: y")
    verdict, reason = said(course)
    assert verdict is Verdict.ERROR
    assert reason == "cell 1: stdout differs; cell 2: ValueError: x; 1 more cell failed"


def test_a_long_error_does_not_hide_how_many_more_there_are() -> None:
    course = Course().went(Fate.ERROR, "x" * 5000).went(Fate.ERROR, "y")
    reason = said(course)[1]
    assert len(reason) <= 300
    assert reason.endswith("...; 1 more cell failed")


# ------------------------------------------------------------------------------- ends and remarks


def test_the_words_of_a_death_may_speak_of_memory() -> None:
    end = "it was killed by SIGKILL, probably out of memory: 3.9 GiB at most"
    course = Course().went(Fate.DEAD).went(Fate.NOT_RUN)
    assert said(course, end) == (Verdict.KILLED, f"cell 1: the kernel died: {end}")
    calm = "it ended with exit code 0; 1.0 GiB at most"
    assert said(course, calm)[0] is Verdict.INCOMPLETE


def test_marks_that_do_nothing_are_remarks_and_change_no_verdict() -> None:
    report = Course().went(source="# NBVAL_SKIP: why").judged()
    assert report.verdict is Verdict.PASSED
    assert report.remarks[0].startswith("cell 1: `# NBVAL_SKIP: why` does not skip the cell")


def test_pictures_are_named_after_their_cells() -> None:
    course = Course().went().went(tag="mlcd-image", saved="a", shown="a")
    for side, content in ((course.saved, WHITE), (course.executed, BLACK)):
        image = {"output_type": "display_data", "metadata": {}, "data": {"image/png": content}}
        side[1]["outputs"] += [image, image]
    report, pictures = judge_with_pictures(
        notebook(*course.saved), notebook(*course.executed), course.outcomes,
        Replay(Compare.MARKED_CELLS),
    )  # fmt: skip
    names = [difference.picture for difference in report.cells[1].differences]
    assert names == list(pictures) == ["cell-1-1.png", "cell-1-2.png"]
    assert all(content.startswith(b"\x89PNG") for content in pictures.values())
