from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import msgspec
import pytest

from jupyter_mlcd.actions.compare_evidence import compare_case, compare_evidence, show_output
from jupyter_mlcd.actions.keep_evidence import keep_evidence
from jupyter_mlcd.bundle.difference import NotebookDifference
from jupyter_mlcd.model.comparison import EvidenceChanges, Relation
from jupyter_mlcd.model.errors import NotFoundError
from jupyter_mlcd.model.result import Verdict
from tests.actions.days import change_committed, delivered, quality_ran

if TYPE_CHECKING:
    from jupyter_mlcd.model.comparison import CaseChanges
    from jupyter_mlcd.testing import FakeDesk

COMPARER = NotebookDifference()


def executed(*printed: str) -> str:
    made: list[dict[str, object]] = [
        {
            "cell_type": "code",
            "id": ("one", "two", "three")[place],
            "metadata": {},
            "source": f"step {place}",
            "outputs": [{"output_type": "stream", "name": "stdout", "text": text}],
        }
        for place, text in enumerate(printed)
    ]
    return json.dumps({"cells": made, "metadata": {}, "nbformat": 4, "nbformat_minor": 5})


def changes(made: FakeDesk, run: str, against: str = "") -> EvidenceChanges:
    return compare_evidence(made.desk, run, against, COMPARER)


def cells(made: FakeDesk, run: str, against: str = "", case: int = 0) -> CaseChanges:
    return compare_case(made.desk, run, case, against, COMPARER)


def two_runs(made: FakeDesk, **second: Any) -> tuple[str, str]:
    first = quality_ran(made, 0.9, outputs=executed("a", "b"))
    change_committed(made, 2)
    return first.id, quality_ran(
        made, **{"accuracy": 0.95, "outputs": executed("a", "c"), **second}
    ).id


def test_two_runs_differ_in_cells_and_in_scores(made: FakeDesk) -> None:
    first, second = two_runs(made)
    (case,) = changes(made, second, first).cases
    assert (case.relation, case.sources, case.outputs) == (Relation.CHANGED, 0, 1)
    assert [(one.name, one.before, one.after) for one in case.scores] == [("accuracy", 0.9, 0.95)]


def test_one_case_is_told_cell_by_cell_with_its_verdicts(made: FakeDesk) -> None:
    first, second = two_runs(made, verdict=Verdict.FAILED)
    found = cells(made, second, first)
    assert [one.relation for one in found.cells] == [Relation.SAME, Relation.CHANGED]
    assert [one.verdict for one in found.cells] == [Verdict.FAILED, None]
    assert found.case == changes(made, second, first).cases[0]


def test_a_run_is_the_same_as_itself_and_no_notebook_is_read_for_that(made: FakeDesk) -> None:
    run = quality_ran(made, outputs="no notebook at all")
    (case,) = changes(made, run.id, run.id).cases
    assert (case.relation, case.problem) == (Relation.SAME, "")


def test_what_is_no_notebook_counts_as_changed_and_says_why(made: FakeDesk) -> None:
    first, second = two_runs(made, outputs="no notebook at all")
    (case,) = changes(made, second, first).cases
    assert case.relation is Relation.CHANGED
    assert "not a notebook" in case.problem


def test_a_score_that_is_recorded_no_more_is_told(made: FakeDesk) -> None:
    first, second = two_runs(made)
    manifest = made.runner.manifests[second]
    case = msgspec.structs.replace(manifest.run.cases[0], metrics={})
    run = msgspec.structs.replace(made.runner.ended[second], cases=(case,))
    made.runner.ended[second] = run
    found = changes(made, second, first).cases[0].scores
    assert [(one.before, one.after) for one in found] == [(0.9, None)]


def test_a_case_that_is_new_and_one_that_is_gone(made: FakeDesk) -> None:
    first, second = two_runs(made)
    run = made.runner.ended[second]
    case = msgspec.structs.replace(run.cases[0], id="other.ipynb", notebook="other.ipynb")
    made.runner.ended[second] = msgspec.structs.replace(run, cases=(case,))
    told = changes(made, second, first).cases
    assert [(one.id, one.relation) for one in told] == [
        ("other.ipynb", Relation.NEW),
        ("train.ipynb", Relation.GONE),
    ]
    assert {one.relation for one in cells(made, second, first, case=1).cells} == {Relation.GONE}


def test_a_parameter_that_every_case_has_may_change_without_another_case(made: FakeDesk) -> None:
    first, second = two_runs(made)
    run = made.runner.ended[second]
    case = msgspec.structs.replace(run.cases[0], id="train.ipynb[C=2]", parameters={"C": 2})
    made.runner.ended[second] = msgspec.structs.replace(run, cases=(case,))
    (told,) = changes(made, second, first).cases
    assert (told.before, told.after, told.relation) == (0, 0, Relation.CHANGED)


# ------------------------------------------------------------------------------------ against what


def test_where_nothing_is_live_there_is_nothing_to_compare_with(made: FakeDesk) -> None:
    run = quality_ran(made, outputs=executed("a"))
    told = changes(made, run.id)
    assert told.against is None
    assert [(one.id, one.relation, one.after) for one in told.cases] == [
        ("train.ipynb", Relation.NEW, 0)
    ]
    found = cells(made, run.id)
    assert found.against is None
    assert [one.relation for one in found.cells] == [Relation.NEW]


def test_a_run_is_compared_with_what_is_live_on_the_last_rung(made: FakeDesk) -> None:
    first = quality_ran(made, 0.9, outputs=executed("a"))
    delivered(made, "staging")
    delivered(made, "production")
    change_committed(made, 2)
    second = quality_ran(made, 0.95, outputs=executed("b"))
    against = changes(made, second.id).against
    assert against is not None
    assert (against.run, against.version, against.environment) == (first.id, "0.1.0", "production")
    assert against.live


def test_what_is_live_itself_has_nothing_before_it(made: FakeDesk) -> None:
    first = quality_ran(made, outputs=executed("a"))
    delivered(made)
    assert changes(made, first.id).against is None


def test_what_is_live_is_compared_with_what_was_live_before(made: FakeDesk) -> None:
    first = quality_ran(made, 0.9, outputs=executed("a"))
    delivered(made, "staging")
    change_committed(made, 2)
    second = quality_ran(made, 0.95, outputs=executed("b"))
    delivered(made, "staging")
    against = changes(made, second.id).against
    assert against is not None
    assert (against.run, against.live) == (first.id, False)


def test_a_kept_run_is_compared_after_its_draft_is_gone(made: FakeDesk) -> None:
    first, second = two_runs(made)
    whole = cells(made, second, first)
    for run in (first, second):
        keep_evidence(made.desk, run)
        for file in made.runner.bundle(run).rglob("*"):
            if file.is_file():
                file.unlink()
    found = cells(made, second, first)
    assert found.cells == whole.cells


def test_a_draft_that_was_changed_is_not_trusted_where_evidence_is_kept(made: FakeDesk) -> None:
    first, second = two_runs(made)
    keep_evidence(made.desk, second)
    for file in (made.runner.bundle(second) / "notebooks").iterdir():
        file.write_text(executed("a", "forged"))
    lines = cells(made, second, first).cells[1].outputs[0].lines
    assert [one.after for one in lines] == ["c"]


@pytest.mark.parametrize("against", ["no-such-run"])
def test_a_run_that_is_not_there_is_not_found(made: FakeDesk, against: str) -> None:
    run = quality_ran(made)
    with pytest.raises(NotFoundError, match=against):
        changes(made, run.id, against)


@pytest.mark.parametrize("case", [-1, 1, 99])
def test_a_case_that_is_not_there_is_not_found(made: FakeDesk, case: int) -> None:
    run = quality_ran(made, outputs=executed("a"))
    with pytest.raises(NotFoundError, match=str(case)):
        cells(made, run.id, case=case)


# ------------------------------------------------------------------------------------- one output


def test_an_output_is_given_by_its_place(made: FakeDesk) -> None:
    run = quality_ran(made, outputs=executed("a", "b"))
    assert show_output(made.desk, run.id, (0, 1, 0), "text", COMPARER) == b"b"


@pytest.mark.parametrize(
    ("place", "form"),
    [((0, 0, 1), "text"), ((0, 9, 0), "text"), ((1, 0, 0), "text"), ((-1, 0, 0), "text"),
     ((0, 0, 0), "picture"), ((0, 0, 0), "count")],
)  # fmt: skip
def test_an_output_that_is_not_there_is_not_found(
    made: FakeDesk, place: tuple[int, int, int], form: str
) -> None:
    run = quality_ran(made, outputs=executed("a"))
    with pytest.raises(NotFoundError, match="no such output"):
        show_output(made.desk, run.id, place, form, COMPARER)
