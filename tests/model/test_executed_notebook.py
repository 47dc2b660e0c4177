from __future__ import annotations

from typing import Any

import pytest

from jupyter_mlcd.model.executed_notebook import doubts_about, read_notebook, stale_cells
from jupyter_mlcd.model.result import CellResult, Verdict
from tests.model.examples import result

PATH = "notebooks/000-train.ipynb"
RAISED = {"output_type": "error", "ename": "E", "evalue": "", "traceback": []}


def code(source: str, count: int | None, *outputs: dict[str, Any]) -> dict[str, Any]:
    return {
        "cell_type": "code",
        "source": source,
        "execution_count": count,
        "metadata": {},
        "outputs": list(outputs),
    }


def notebook(*cells: dict[str, Any], language: str = "python") -> dict[str, Any]:
    return {"cells": list(cells), "metadata": {"language_info": {"name": language}}}


def said(made: dict[str, Any], *verdicts: Verdict, **changes: Any) -> list[str]:
    cells = tuple(CellResult(place, "", verdict) for place, verdict in enumerate(verdicts))
    case = result("train.ipynb", cells=cells, **changes)
    return [f"{doubt.fault}: {doubt.words}" for doubt in doubts_about(0, case, PATH, made)]


PASSED, SKIPPED, NOT_RUN = Verdict.PASSED, Verdict.SKIPPED, Verdict.NOT_RUN


@pytest.mark.parametrize(
    ("made", "verdicts"),
    [
        (notebook(code("1", 1), code("2", 2)), (PASSED, PASSED)),
        (notebook(code("1", 1), code("2", None), code("3", 2)), (PASSED, SKIPPED, PASSED)),
        (notebook(code("", None), code("3", 1)), (PASSED, PASSED)),
        (notebook(code("#NBVAL_RAISES_EXCEPTION", 1, RAISED)), (PASSED,)),
        (notebook(code("echo", None), language="odd"), (PASSED,)),
    ],
)
def test_what_a_run_leaves_raises_no_doubt(
    made: dict[str, Any], verdicts: tuple[Verdict, ...]
) -> None:
    assert said(made, *verdicts) == []


@pytest.mark.parametrize(
    ("made", "verdicts", "words"),
    [
        (notebook(code("1", None)), (PASSED,), "hollow: notebooks/000-train.ipynb, cell 0"),
        (notebook(code("1", 2), code("2", 1)), (PASSED, PASSED), "out of order"),
        (notebook(code("1", 1), code("2", 1)), (PASSED, PASSED), "out of order"),
        (notebook(code("1", 1, RAISED)), (PASSED,), "edited after the run"),
        (notebook(code("1", 1)), (SKIPPED,), "edited after the run"),
        (notebook(code("1", 1)), (Verdict.FAILED,), "edited after the run"),
        (notebook(code("1", 1)), (PASSED, PASSED), "swapped"),
    ],
)
def test_what_a_run_cannot_leave_is_named(
    made: dict[str, Any], verdicts: tuple[Verdict, ...], words: str
) -> None:
    (told, *_) = said(made, *verdicts)
    assert told.startswith(words)


def test_after_a_kill_the_notebook_may_be_newer_than_the_report() -> None:
    made = notebook(code("1", 1), code("2", 2))
    assert said(made, PASSED, NOT_RUN, verdict=Verdict.KILLED) == []


def test_a_score_that_no_output_shows_is_hollow() -> None:
    (told,) = said(notebook(code("1", 1)), PASSED, metrics={"accuracy": 0.9})
    assert told.startswith("hollow")


def test_an_edited_source_is_stale_and_its_cell_is_named() -> None:
    made, source = notebook(code("1", 1), code("2", 2)), notebook(code("1", 1), code("3", 2))
    (doubt,) = stale_cells(result("train.ipynb"), PATH, made, source)
    assert (doubt.fault, "cell 1" in doubt.words) == ("stale", True)


@pytest.mark.parametrize(
    "content", [b"", b"{}", b"[]", b'{"cells": 1}', b'{"cells": [1]}', b"\xff"]
)
def test_what_is_no_notebook_is_none(content: bytes) -> None:
    assert read_notebook(content) is None
