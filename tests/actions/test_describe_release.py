from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
import pytest

from jupyter_mlcd.actions.describe_release import describe_release
from jupyter_mlcd.actions.roll_back import roll_back
from jupyter_mlcd.model.comparison import Relation
from jupyter_mlcd.model.delivery import Given
from jupyter_mlcd.model.errors import NotFoundError, RefusedError, UsageError
from jupyter_mlcd.model.gate import Outcome
from tests.actions.days import change_committed, delivered, quality_ran
from tests.actions.test_compare_evidence import executed

if TYPE_CHECKING:
    from jupyter_mlcd.model.release_changes import ReleaseChanges
    from jupyter_mlcd.testing import FakeDesk


def told(
    made: FakeDesk, version: str = "", *, since: str = "", environment: str = ""
) -> ReleaseChanges:
    return describe_release(made.desk, version, since=since, environment=environment)


def released(made: FakeDesk, number: int, accuracy: float, *printed: str) -> None:
    """Commit, run and deliver a version to staging."""
    change_committed(made, number)
    quality_ran(made, accuracy, outputs=executed(*printed) if printed else "")
    delivered(made, "staging")


def two_versions(made: FakeDesk) -> ReleaseChanges:
    released(made, 1, 0.91, "a", "b")
    made.worktree.messages["1" * 40] = ("Wider kernel\n\nCloses #12", "Try #13")
    released(made, 2, 0.95, "a", "c")
    return told(made, "0.2.0", environment="staging")


def test_a_release_is_held_against_the_one_it_replaced(made: FakeDesk) -> None:
    found = two_versions(made)
    assert (found.version, found.since, found.environment, found.live) == (
        "0.2.0", "0.1.0", "staging", False,
    )  # fmt: skip


def test_a_score_tells_which_way_it_went_by_the_rule(made: FakeDesk) -> None:
    (score,) = two_versions(made).metrics
    assert (score.name, score.before, score.after) == ("accuracy", 0.91, 0.95)
    assert (score.goal, score.better, score.comparable) == ("max", True, True)


def test_changed_cells_are_counted_for_each_notebook(made: FakeDesk) -> None:
    (notebook,) = two_versions(made).notebooks
    assert (notebook.notebook, notebook.relation) == ("train.ipynb", Relation.CHANGED)
    assert (notebook.sources, notebook.outputs) == (0, 1)


def test_a_delivered_file_with_other_bytes_is_told_by_its_digests(made: FakeDesk) -> None:
    (file,) = two_versions(made).files
    assert (file.path, file.delivered) == ("model.joblib", True)
    assert len({file.before, file.after, ""}) == 3


def test_commits_stand_beside_it_with_their_work_items(made: FakeDesk) -> None:
    found = two_versions(made)
    assert [(one.subject, one.issues) for one in found.commits] == [
        ("Wider kernel", ("#12",)),
        ("Try #13", ("#13",)),
    ]
    assert [one.name for one in found.issues] == ["#12", "#13"]


def test_a_first_release_is_all_new_and_has_no_commits_to_tell(made: FakeDesk) -> None:
    released(made, 1, 0.91)
    found = told(made, environment="staging", version="0.1.0")
    assert (found.since, found.commits) == ("", ())
    assert [(one.notebook, one.relation) for one in found.notebooks] == [
        ("train.ipynb", Relation.NEW)
    ]
    assert [(one.before, one.after, one.better) for one in found.metrics] == [(None, 0.91, None)]


def test_what_would_go_is_held_against_what_is_live_before_it_is_prepared(made: FakeDesk) -> None:
    released(made, 1, 0.91)
    change_committed(made, 2)
    quality_ran(made, 0.97)
    found = told(made, environment="staging")
    assert (found.version, found.since, found.live) == ("0.2.0", "0.1.0", True)
    assert [one.after for one in found.metrics] == [0.97]


def test_what_is_not_tested_cannot_be_told(made: FakeDesk) -> None:
    with pytest.raises(RefusedError, match="not tested"):
        told(made, environment="staging")


def test_a_rule_that_says_something_else_is_told(made: FakeDesk) -> None:
    released(made, 1, 0.91)
    made.config = made.config.replace("at-least = 0.9", "at-least = 0.93")
    released(made, 2, 0.95)
    rules = {one.rule: (one.before, one.after) for one in told(made).rules}
    assert rules == {
        "accuracy at least 0.93": (None, Outcome.MET),
        "accuracy at least 0.9": (Outcome.MET, None),
    }


def test_a_parameter_with_other_values_is_told_with_both(made: FakeDesk) -> None:
    released(made, 1, 0.91)
    released(made, 2, 0.95)
    first, second = made.desk.history.evidence.values()
    for kept, values in ((first, [1.0]), (second, [1.0, 10.0])):
        _with_cases(made, kept.path, values)
    (found,) = told(made).parameters
    assert (found.notebook, found.name) == ("train.ipynb", "C")
    assert (found.before, found.after) == (("1.0",), ("1.0", "10.0"))


def _with_cases(made: FakeDesk, path: str, values: list[float]) -> None:
    """Write into a kept manifest that its case ran with each of these values."""
    manifest = msgspec.json.decode(made.ledger.content[f"{path}/manifest.json"])
    (case,) = manifest["run"]["cases"]
    manifest["run"]["cases"] = [
        {**case, "id": f"train.ipynb[C={one}]", "parameters": {"C": one}} for one in values
    ]
    made.ledger.content[f"{path}/manifest.json"] = msgspec.json.encode(manifest)


def test_an_input_with_other_bytes_is_told(made: FakeDesk) -> None:
    released(made, 1, 0.91)
    released(made, 2, 0.95)
    (kept, _) = made.desk.history.evidence.values()
    manifest = msgspec.json.decode(made.ledger.content[f"{kept.path}/manifest.json"])
    manifest["inputs"] = {"data/a.csv": "1" * 64}
    made.ledger.content[f"{kept.path}/manifest.json"] = msgspec.json.encode(manifest)
    assert ("data/a.csv", False, "1" * 64, "") in [
        (one.path, one.delivered, one.before, one.after) for one in told(made).files
    ]


def test_what_was_kept_elsewhere_is_a_gap_and_no_change(made: FakeDesk) -> None:
    released(made, 1, 0.91)
    released(made, 2, 0.95)
    kept = next(iter(made.desk.history.evidence.values()))
    del made.ledger.content[f"{kept.path}/manifest.json"]
    found = told(made)
    assert "not in this clone" in " ".join(found.gaps)
    assert found.notebooks == ()
    assert found.metrics


# ---------------------------------------------------------------------- against which version


def test_an_old_version_is_held_against_the_one_before_it(made: FakeDesk) -> None:
    for number in (1, 2, 3):
        released(made, number, 0.9 + number / 100)
    assert told(made, "0.2.0").since == "0.1.0"
    assert told(made, "0.2.0", environment="staging").since == "0.3.0"
    assert told(made, "0.3.0", environment="staging").since == "0.2.0"


def test_the_last_rung_is_the_one_that_counts_where_none_is_named(made: FakeDesk) -> None:
    released(made, 1, 0.91)
    delivered(made, "production")
    for number in (2, 3):
        released(made, number, 0.9 + number / 100)
    found = told(made)
    assert (found.version, found.since, found.environment) == ("0.3.0", "0.1.0", "production")


def test_what_was_brought_back_is_held_against_what_was_there_before_it(made: FakeDesk) -> None:
    released(made, 1, 0.91)
    released(made, 2, 0.95)
    roll_back(made.desk, "staging", given=Given("It was better"))
    assert told(made, "0.2.0", environment="staging").since == "0.1.0"
    assert told(made, "0.1.0", environment="staging").since == ""


def test_a_version_can_be_named_to_hold_it_against(made: FakeDesk) -> None:
    for number in (1, 2, 3):
        released(made, number, 0.9 + number / 100)
    found = told(made, "0.3.0", since="0.1.0")
    assert (found.since, found.environment) == ("0.1.0", "")


@pytest.mark.parametrize(("version", "since"), [("9.9.9", ""), ("0.1.0", "9.9.9")])
def test_a_version_that_is_not_there_is_not_found(made: FakeDesk, version: str, since: str) -> None:
    released(made, 1, 0.91)
    with pytest.raises(NotFoundError, match=r"9\.9\.9"):
        told(made, version, since=since)


def test_what_is_no_version_is_wrong_use(made: FakeDesk) -> None:
    with pytest.raises(UsageError):
        told(made, "newest")


def test_without_any_version_there_is_nothing_to_tell(made: FakeDesk) -> None:
    with pytest.raises(NotFoundError, match="no version"):
        told(made)
