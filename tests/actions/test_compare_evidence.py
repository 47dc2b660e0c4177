from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from jupyter_mlcd.actions.compare_evidence import compare_evidence
from jupyter_mlcd.actions.keep_evidence import keep_evidence
from jupyter_mlcd.bundle.difference import NotebookDifference
from jupyter_mlcd.model.comparison import Relation
from jupyter_mlcd.model.errors import NotFoundError
from tests.actions.days import change_committed, delivered, quality_ran

if TYPE_CHECKING:
    from jupyter_mlcd.model.comparison import EvidenceChanges
    from jupyter_mlcd.testing import FakeDesk


def compared(made: FakeDesk, run: str, against: str = "") -> EvidenceChanges:
    return compare_evidence(made.desk, run, against, NotebookDifference())


def test_where_nothing_is_live_every_case_is_new(made: FakeDesk) -> None:
    run = quality_ran(made)
    changes = compared(made, run.id)
    assert changes.against is None
    assert [(one.id, one.relation) for one in changes.cases] == [("train.ipynb", Relation.NEW)]
    assert changes.cases[0].after == 0


def test_a_run_is_compared_with_what_is_live(made: FakeDesk) -> None:
    first = quality_ran(made, 0.95)
    delivered(made)
    change_committed(made, 2)
    second = quality_ran(made, 0.96)
    changes = compared(made, second.id)
    assert changes.against is not None
    assert (changes.against.run, changes.against.live) == (first.id, True)
    (score,) = changes.cases[0].scores
    assert (score.before, score.after) == (0.95, 0.96)


def test_what_is_live_itself_has_nothing_before_it(made: FakeDesk) -> None:
    first = quality_ran(made, 0.95)
    delivered(made)
    assert compared(made, first.id).against is None


def test_another_kept_run_can_be_chosen(made: FakeDesk) -> None:
    first = quality_ran(made, 0.95)
    keep_evidence(made.desk, first.id)
    change_committed(made, 2)
    second = quality_ran(made, 0.96)
    changes = compared(made, second.id, first.id)
    assert changes.against is not None
    assert not changes.against.live
    assert changes.cases[0].relation is Relation.CHANGED


def test_a_run_that_is_not_there_is_not_found(made: FakeDesk) -> None:
    run = quality_ran(made)
    with pytest.raises(NotFoundError):
        compared(made, run.id, "no-such-run")
