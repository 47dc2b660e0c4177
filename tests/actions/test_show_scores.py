from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
import pytest

from jupyter_mlcd.actions.keep_evidence import keep_evidence
from jupyter_mlcd.actions.show_scores import show_scores
from jupyter_mlcd.model.evidence import SUMS, digest_of, sums
from tests.actions.days import change_committed, delivered, quality_ran

if TYPE_CHECKING:
    from jupyter_mlcd.testing import FakeDesk


def kept(made: FakeDesk, number: int, accuracy: float) -> str:
    """Keep a run of another change; return its id."""
    change_committed(made, number)
    run = quality_ran(made, accuracy)
    one = {"notebook": "train.ipynb", "key": "accuracy", "value": accuracy}
    _add(made, run.id, "metrics.json", msgspec.json.encode({"metrics": [one]}))
    keep_evidence(made.desk, run.id)
    return run.id


def _add(made: FakeDesk, run: str, name: str, content: bytes) -> None:
    """Put a file into the bundle of a run, as the real runner does."""
    folder = made.runner.bundle(run)
    (folder / name).write_bytes(content)
    files = {
        one.relative_to(folder).as_posix(): one.read_bytes()
        for one in folder.rglob("*")
        if one.is_file() and one.name != SUMS
    }
    (folder / SUMS).write_bytes(sums(files))
    ended = made.runner.ended[run]
    made.runner.ended[run] = msgspec.structs.replace(ended, digest=digest_of(sums(files)))


def values(made: FakeDesk, run: str) -> list[float]:
    return [point.value for point in show_scores(made.desk, run).scores["accuracy"]]


def test_kept_runs_are_told_oldest_first(made: FakeDesk) -> None:
    runs = [kept(made, number, number / 10) for number in (1, 2, 3)]
    found = show_scores(made.desk, runs[-1])
    assert [point.run for point in found.scores["accuracy"]] == runs
    assert values(made, runs[0]) == [0.1, 0.2, 0.3]
    assert (found.suite, found.left_out) == ("quality", 0)


def test_a_draft_is_the_last_point_though_it_is_not_kept(made: FakeDesk) -> None:
    kept(made, 1, 0.5)
    change_committed(made, 2)
    draft = quality_ran(made, 0.7)
    assert values(made, draft.id) == [0.5, 0.7]


def test_a_version_is_named_at_the_run_it_stands_on(made: FakeDesk) -> None:
    first = kept(made, 1, 0.95)
    delivered(made, "staging")
    second = kept(made, 2, 0.96)
    points = show_scores(made.desk, second).scores["accuracy"]
    assert [(point.run, point.versions) for point in points] == [(first, ("0.1.0",)), (second, ())]


def test_of_several_cases_the_mean_and_both_ends_are_told(made: FakeDesk) -> None:
    change_committed(made, 1)
    run = quality_ran(made, 0.9)
    case = made.runner.ended[run.id].cases[0]
    other = msgspec.structs.replace(case, id="train.ipynb[seed=2]", metrics={"accuracy": 0.7})
    made.runner.ended[run.id] = msgspec.structs.replace(
        made.runner.ended[run.id], cases=(case, other)
    )
    (point,) = show_scores(made.desk, run.id).scores["accuracy"]
    assert point.value == pytest.approx(0.8)
    assert (point.low, point.high, point.cases) == (0.7, 0.9, 2)


def test_where_two_notebooks_record_the_same_score_the_last_one_counts(made: FakeDesk) -> None:
    run = quality_ran(made, 0.9)
    case = made.runner.ended[run.id].cases[0]
    later = msgspec.structs.replace(
        case, id="evaluate.ipynb", notebook="evaluate.ipynb", metrics={"accuracy": 0.6}
    )
    made.runner.ended[run.id] = msgspec.structs.replace(
        made.runner.ended[run.id], cases=(case, later)
    )
    assert values(made, run.id) == [0.6]


def test_scores_that_cannot_be_read_are_left_out_and_stop_nothing(made: FakeDesk) -> None:
    first = kept(made, 1, 0.5)
    path = next(path for path in made.ledger.content if first in path and "metrics" in path)
    made.ledger.content[path] = b"broken"
    assert values(made, kept(made, 2, 0.6)) == [0.6]


def test_more_runs_than_a_picture_shows_are_counted(made: FakeDesk) -> None:
    runs = [kept(made, number, number / 100) for number in range(1, 15)]
    runs += [kept(made, number, number / 100) for number in range(16, 40)]
    newest = show_scores(made.desk, runs[-1])
    assert (len(newest.scores["accuracy"]), newest.left_out) == (30, 8)
    oldest = show_scores(made.desk, runs[0])
    assert oldest.scores["accuracy"][0].run == runs[0]
    assert (len(oldest.scores["accuracy"]), oldest.left_out) == (30, 8)
