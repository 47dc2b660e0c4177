from __future__ import annotations

from typing import TYPE_CHECKING, Any

import nbformat
import pytest

from jupyter_mlcd.execution.contract import CaseRequest
from jupyter_mlcd.execution.nbval_replay import Comparison, Replay
from jupyter_mlcd.execution.references import (
    changed_since_accepted,
    expected_outputs,
    with_expected,
)
from jupyter_mlcd.model.errors import ConfigError
from jupyter_mlcd.model.kept_outputs import LARGEST_VALUE, kept_outputs
from jupyter_mlcd.model.reference import Acceptance, ExpectedCell, Reference, digest_of_source
from jupyter_mlcd.model.suite import Case, Compare
from tests.execution.projects import cell, markdown, notebook

if TYPE_CHECKING:
    from pathlib import Path

    from nbformat import NotebookNode

ANN = Acceptance("Ann <ann@example.org>", "2026-11-03T10:00:00.000000Z", "new features", "run-1")


def stream(text: str) -> dict[str, Any]:
    return {"output_type": "stream", "name": "stdout", "text": text}


def nodes(*outputs: dict[str, Any]) -> list[Any]:
    return [nbformat.from_dict(one) for one in outputs]  # type: ignore[no-untyped-call]


def source(*cells: dict[str, Any] | str) -> NotebookNode:
    """Return a notebook with a text before its code cells."""
    text = notebook(markdown("# Title"), *cells)
    read: NotebookNode = nbformat.reads(text, as_version=4)  # type: ignore[no-untyped-call]
    return read


def accepted(code: str, *outputs: dict[str, Any], number: int = 1) -> ExpectedCell:
    return ExpectedCell(
        f"cell-{number}", number, digest_of_source(code), kept_outputs(outputs), accepted=ANN
    )


def request(folder: Path, *cells: ExpectedCell, parameters: dict[str, Any] | None = None) -> Any:
    """Return a request for a case whose expected results are ``cells``."""
    file = folder / "one.json"
    file.write_bytes(Reference("one.ipynb", parameters or {}, cells).to_bytes())
    facts: dict[str, Any] = dict.fromkeys(
        ("run", "notebook", "executed", "report", "attached", "journal", "log", "interpreter"), ""
    )
    return CaseRequest(
        **facts,
        case=Case("one.ipynb", "one.ipynb", {}),
        compare=Compare.EVERY_CELL,
        sanitize=(),
        comparers={},
        cell_limit=1,
        output_limit=0,
        stops=False,
        reference=str(file),
    )


def compared(expected: NotebookNode, *outputs: dict[str, Any], mode: Compare) -> Comparison:
    """Compare the first code cell as a case does it."""
    return Replay(mode).compare(expected.cells[1], nodes(*outputs))


def test_what_was_accepted_is_expected_instead_of_what_the_notebook_has(tmp_path: Path) -> None:
    expected, remarks = with_expected(
        source(cell("x", shown="old\n")), request(tmp_path, accepted("x", stream("new\n")))
    )
    assert [one.text for one in expected.cells[1].outputs] == ["new\n"]
    assert remarks == ()


def test_the_notebook_that_is_executed_stays_as_it_is(tmp_path: Path) -> None:
    own = source(cell("x", shown="old\n"))
    before = nbformat.writes(own)  # type: ignore[no-untyped-call]
    with_expected(own, request(tmp_path, accepted("x", stream("new\n"))))
    assert nbformat.writes(own) == before  # type: ignore[no-untyped-call]


@pytest.mark.parametrize(
    ("mode", "is_compared"),
    [(Compare.EVERY_CELL, True), (Compare.MARKED_CELLS, True), (Compare.NOTHING, False)],
)
def test_an_accepted_cell_is_compared_unless_nothing_is(
    tmp_path: Path, mode: Compare, is_compared: bool
) -> None:
    expected, _ = with_expected(source("x"), request(tmp_path, accepted("x", stream("new\n"))))
    assert compared(expected, stream("new\n"), mode=mode) == Comparison(compared=is_compared)
    assert bool(compared(expected, stream("other\n"), mode=mode).reason) is is_compared


def test_a_cell_that_was_not_accepted_keeps_its_own_outputs(tmp_path: Path) -> None:
    own = source(cell("y", shown="own\n"), "x")
    expected, _ = with_expected(own, request(tmp_path, accepted("x", number=2)))
    assert not compared(expected, stream("own\n"), mode=Compare.EVERY_CELL).reason
    assert not compared(expected, stream("other\n"), mode=Compare.MARKED_CELLS).compared


def test_an_accepted_silence_is_compared(tmp_path: Path) -> None:
    expected, _ = with_expected(source("x"), request(tmp_path, accepted("x")))
    assert compared(expected, stream("noise\n"), mode=Compare.MARKED_CELLS).reason


@pytest.mark.parametrize("mode", [Compare.EVERY_CELL, Compare.MARKED_CELLS])
def test_a_cell_whose_code_changed_since_is_never_passed(tmp_path: Path, mode: Compare) -> None:
    expected, _ = with_expected(source("y"), request(tmp_path, accepted("x", stream("new\n"))))
    reason = compared(expected, stream("new\n"), mode=mode).reason
    assert "accepted by Ann on 3 Nov 2026 (new features)" in reason
    assert "jupyter mlcd accept" in reason


def test_a_changed_cell_says_nothing_where_nothing_is_compared(tmp_path: Path) -> None:
    expected, _ = with_expected(source("y"), request(tmp_path, accepted("x")))
    assert changed_since_accepted(expected.cells[1])
    assert compared(expected, mode=Compare.NOTHING) == Comparison(compared=False)


def test_a_mark_not_to_compare_wins_and_is_told(tmp_path: Path) -> None:
    code = "# NBVAL_IGNORE_OUTPUT\nx"
    expected, remarks = with_expected(
        source(code), request(tmp_path, accepted(code, stream("new\n")))
    )
    assert not compared(expected, stream("other\n"), mode=Compare.EVERY_CELL).compared
    assert remarks == ("cell 1 has an expected result and is marked not to be compared",)


def test_a_cell_that_is_gone_is_told(tmp_path: Path) -> None:
    own = source("y")
    own.cells[1].id = "another"
    _, remarks = with_expected(own, request(tmp_path, accepted("x")))
    assert remarks == (
        "a cell whose result was accepted by Ann on 3 Nov 2026 is no longer there (it was cell 1)",
    )


def test_a_large_output_is_expected_by_its_digest(tmp_path: Path) -> None:
    large = "x" * (LARGEST_VALUE + 1)
    expected, _ = with_expected(source("x"), request(tmp_path, accepted("x", stream(large))))
    assert not compared(expected, stream(large), mode=Compare.EVERY_CELL).reason
    assert compared(expected, stream(large + "y"), mode=Compare.EVERY_CELL).reason
    assert expected_outputs(expected.cells[1], nodes(stream("y")))[0].text.startswith("sha256:")


def test_without_a_reference_the_notebook_is_expected_as_it_is(tmp_path: Path) -> None:
    own = source("x")
    asked = request(tmp_path)
    without = CaseRequest(
        **{name: getattr(asked, name) for name in asked.__struct_fields__ if name != "reference"}
    )
    assert with_expected(own, without) == (own, ())


def test_a_file_with_a_conflict_in_it_is_an_error(tmp_path: Path) -> None:
    asked = request(tmp_path)
    (tmp_path / "one.json").write_text("<<<<<<< HEAD\n")
    with pytest.raises(ConfigError, match=r"one\.json cannot be read"):
        with_expected(source("x"), asked)


def test_a_file_copied_from_another_case_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="other parameters"):
        with_expected(source("x"), request(tmp_path, parameters={"seed": 2}))
