from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from jupyter_mlcd.actions.review_release import (
    ask_review,
    comment,
    reject,
    show_review,
    take_back,
)
from jupyter_mlcd.actions.show_status import show_status
from jupyter_mlcd.model.errors import NotFoundError, RefusedError, UsageError
from jupyter_mlcd.model.result import Verdict
from jupyter_mlcd.model.review import EntryKind, Remark
from jupyter_mlcd.model.status import ProjectReference, Waiting, WaitingKind
from tests.actions.days import delivered, quality_ran

if TYPE_CHECKING:
    from jupyter_mlcd.testing import FakeDesk

KEN = "Ken <ken@example.org>"


def waiting(made: FakeDesk) -> list[Waiting]:
    status = show_status(made.desk, ProjectReference("", "digits", ""))
    return [one for one in status.waiting if one.kind is WaitingKind.REVIEW]


def test_asking_keeps_the_evidence_and_prepares_the_release_in_one_commit(made: FakeDesk) -> None:
    run = quality_ran(made)
    page = ask_review(made.desk, "staging", [KEN], why="better features")
    assert len(made.ledger.commits) == 1
    assert made.desk.history.evidence[run.id].digest == run.digest
    assert made.desk.history.releases[page.version].digest == page.digest
    assert [run.id for run in page.runs] == [run.id]
    assert "v0.1.0" in made.ledger.tagged


def test_who_is_asked_finds_it_waiting_until_she_answers(made: FakeDesk) -> None:
    quality_ran(made)
    ask_review(made.desk, "staging", ["ken@example.org"], why="better features")
    assert waiting(made) == []
    made.by = KEN
    (one,) = waiting(made)
    assert one.text == "Mara Example asks you to review 0.1.0 for staging: better features"
    comment(made.desk, "", Remark("looking"))
    assert len(waiting(made)) == 1
    reject(made.desk, "0.1.0", "another seed")
    assert waiting(made) == []


def test_what_is_live_waits_for_no_review(made: FakeDesk) -> None:
    quality_ran(made)
    ask_review(made.desk, "staging", [KEN])
    delivered(made)
    made.by = KEN
    assert waiting(made) == []


def test_what_is_red_or_not_tested_cannot_be_reviewed(made: FakeDesk) -> None:
    with pytest.raises(RefusedError, match="has not been run"):
        ask_review(made.desk, "staging", [KEN])
    quality_ran(made, verdict=Verdict.FAILED)
    with pytest.raises(RefusedError, match="did not pass"):
        ask_review(made.desk, "staging", [KEN])
    assert not made.ledger.written


def test_what_misses_a_rule_can_be_reviewed(made: FakeDesk) -> None:
    quality_ran(made, 0.5)
    page = ask_review(made.desk, "staging", [KEN])
    unmet = [one.rule for state in page.environments for one in state.findings if not one.met]
    assert "accuracy at least 0.9" in unmet


@pytest.mark.parametrize("people", [[], [" "], ["Ken"], ["ken@a\nb"], ["a@b"] * 2 + ["no"]])
def test_nobody_is_not_asked(made: FakeDesk, people: list[str]) -> None:
    quality_ran(made)
    with pytest.raises(UsageError):
        ask_review(made.desk, "staging", people)
    assert not made.ledger.written


def test_remarks_stand_at_their_place_in_their_order(made: FakeDesk) -> None:
    quality_ran(made)
    ask_review(made.desk, "staging", [KEN])
    comment(made.desk, "", Remark("why 3?", "train.ipynb", 2))
    page = comment(made.desk, "0.1.0", Remark("well done"))
    remarks = [one for one in page.entries if one.kind is EntryKind.COMMENTED]
    assert [(one.text, one.case, one.cell) for one in remarks] == [
        ("why 3?", "train.ipynb", 2),
        ("well done", "", None),
    ]


@pytest.mark.parametrize("remark", [Remark(" "), Remark("x" * 10_001), Remark("x", "", 1)])
def test_a_remark_has_words_and_a_place_that_is_one(made: FakeDesk, remark: Remark) -> None:
    quality_ran(made)
    ask_review(made.desk, "staging", [KEN])
    with pytest.raises(UsageError):
        comment(made.desk, "", remark)


def test_what_others_said_since_ones_own_last_word_is_new(made: FakeDesk) -> None:
    quality_ran(made)
    ask_review(made.desk, "staging", [KEN])
    mara, made.by = made.by, KEN
    assert len(show_review(made.desk).new) == 1
    page = comment(made.desk, "", Remark("why 3?"))
    assert page.new == ()
    made.by = mara
    assert show_review(made.desk).new == (page.entries[-1].id,)


def test_only_what_one_said_oneself_is_taken_back(made: FakeDesk) -> None:
    quality_ran(made)
    ask_review(made.desk, "staging", [KEN])
    page = comment(made.desk, "", Remark("why 3?"))
    made.by = KEN
    with pytest.raises(RefusedError, match="not you") as caught:
        take_back(made.desk, page.entries[-1].id)
    assert caught.value.code == "not-yours"
    made.by = page.entries[-1].by
    assert take_back(made.desk, page.entries[-1].id, "I see").entries[-1].taken_back_why == "I see"
    with pytest.raises(NotFoundError):
        take_back(made.desk, "nothing")
    with pytest.raises(UsageError, match="more than one"):
        take_back(made.desk, page.entries[-1].id[:8])


def test_a_version_that_was_not_prepared_cannot_be_read(made: FakeDesk) -> None:
    with pytest.raises(NotFoundError, match="no version was prepared"):
        show_review(made.desk)
    quality_ran(made)
    ask_review(made.desk, "staging", [KEN])
    with pytest.raises(NotFoundError, match=r"9\.0\.0"):
        show_review(made.desk, "9.0.0")
