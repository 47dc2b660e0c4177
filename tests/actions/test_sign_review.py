from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest

from jupyter_mlcd.actions.deliver import deliver
from jupyter_mlcd.actions.examine import Proposal, examine
from jupyter_mlcd.actions.prepare_release import prepare_release
from jupyter_mlcd.actions.review_release import show_review
from jupyter_mlcd.actions.show_status import show_status
from jupyter_mlcd.actions.sign_review import approve, waive
from jupyter_mlcd.model.delivery import DeliveryState
from jupyter_mlcd.model.errors import MlcdError, NotFoundError, RefusedError, UsageError
from jupyter_mlcd.model.event import DeliveryRequested, read_event
from jupyter_mlcd.model.gate import Outcome
from jupyter_mlcd.model.review import Seen
from jupyter_mlcd.model.status import ProjectReference
from jupyter_mlcd.testing import FakeDesk
from jupyter_mlcd.world.clock import format_time, now, parse_time
from tests.actions.days import quality_ran
from tests.actions.people import Somebody, somebody

if TYPE_CHECKING:
    from pathlib import Path

CONFIG = """
[project]
name = "digits"
[suites.quality]
[[suites.quality.notebooks]]
path = "train.ipynb"
produces = ["model.joblib"]
[[gates]]
metric = "accuracy"
at-least = 0.9
[environments.production]
"""
RULE = "accuracy at least 0.9"
YES = Seen("0.1.0", "production")


@pytest.fixture
def ken(tmp_path: Path) -> Somebody:
    return somebody(tmp_path, "Ken")


@pytest.fixture
def made(tmp_path: Path, ken: Somebody) -> FakeDesk:
    """Return a project whose version misses its rule, and Ken at the desk, who may sign."""
    (tmp_path / "train.ipynb").write_text("{}")
    made = FakeDesk(tmp_path, CONFIG)
    quality_ran(made, 0.85)
    prepare_release(made.desk)
    made.signers = ken.line()
    ken.sits(made)
    return made


def proposal(made: FakeDesk) -> Proposal:
    desk = made.desk
    return examine(desk, "production", snapshot=desk.snapshot(), history=desk.history)


def days(count: int) -> str:
    return f"{parse_time(now()) + dt.timedelta(days=count):%Y-%m-%d}"


# ------------------------------------------------------------------------------------- approvals


def test_an_approval_lies_signed_beside_the_release(made: FakeDesk) -> None:
    page = approve(made.desk, YES, "read it all")
    path = f"releases/digits/0.1.0/approvals/{page.entries[0].id}.json"
    assert b'"comment": "read it all"' in made.ledger.content[path]
    assert made.ledger.content[f"{path}.sig"].startswith(b"-----BEGIN SSH SIGNATURE-----")


def test_the_same_yes_again_is_no_second_one(made: FakeDesk) -> None:
    approve(made.desk, YES)
    assert len(approve(made.desk, YES).entries) == 1


def test_a_yes_to_something_else_than_what_was_seen_is_refused(made: FakeDesk) -> None:
    with pytest.raises(RefusedError, match="not what you looked at") as caught:
        approve(made.desk, Seen("0.1.0", "production", "sha256:other"))
    assert caught.value.code == "other-bytes"


def test_what_would_not_count_is_not_written(made: FakeDesk, tmp_path: Path) -> None:
    before = len(made.ledger.written)
    made.config += "approvals = 1\nseparation-of-duties = true\n"
    made.worktree.authors = frozenset({made.by})
    eve = somebody(tmp_path, "Eve")
    for person, code in ((eve, "untrusted-key"), (Somebody("Ken", eve.key), "untrusted-key")):
        person.sits(made)
        with pytest.raises(RefusedError) as caught:
            approve(made.desk, YES)
        assert caught.value.code == code
    Somebody("Ken", somebody(tmp_path, "other").key).sits(made)
    made.signers = made.signers.replace(b"ken@", b"lin@")
    with pytest.raises(RefusedError):
        approve(made.desk, YES)
    assert len(made.ledger.written) == before


def test_who_wrote_it_is_told_at_once(made: FakeDesk) -> None:
    made.config += "approvals = 1\nseparation-of-duties = true\n"
    made.worktree.authors = frozenset({made.by})
    with pytest.raises(RefusedError, match="wrote some of what is new") as caught:
        approve(made.desk, YES)
    assert caught.value.code == "own-commit"


def test_without_a_key_nothing_is_written(made: FakeDesk) -> None:
    made.key = None
    with pytest.raises(MlcdError) as caught:
        approve(made.desk, YES)
    assert caught.value.code == "no-signing-key"
    assert show_review(made.desk).entries == ()


# ------------------------------------------------------------------------------------- exceptions


def test_an_excepted_rule_does_not_stand_in_the_way_and_stays_in_words(made: FakeDesk) -> None:
    assert [one.code for one in proposal(made).reasons] == ["not-met"]
    waive(made.desk, YES, RULE, "first try", days(20))
    found = proposal(made)
    assert found.reasons == ()
    (marked,) = [one for one in found.findings if one.rule == RULE]
    assert marked.outcome is Outcome.EXCEPTED
    assert marked.reason.startswith("0.85, 0.9 is needed; excepted by Ken until ")
    assert marked.reason.endswith(": first try")


def test_the_step_tests_counts_it_apart(made: FakeDesk) -> None:
    waive(made.desk, YES, "accuracy", "first try", "14d")
    steps = show_status(made.desk, ProjectReference("", "digits", "")).steps
    (words,) = [step.words for step in steps if step.name == "Tests"]
    assert "1 of 2 rules met, 1 excepted by Ken until " in words
    assert words.endswith(": first try")


def test_a_delivery_keeps_the_words_where_older_clones_read_them(made: FakeDesk) -> None:
    waive(made.desk, YES, RULE, "first try", "14d")
    assert deliver(made.desk, "production").state is DeliveryState.DELIVERED
    (event,) = [e for e in made.ledger.written if isinstance(e.body, DeliveryRequested)]
    assert read_event(event.to_bytes()) == event
    (kept,) = [one for one in event.body.findings if one.rule == RULE]  # type: ignore[union-attr]
    assert (kept.outcome, "excepted by Ken" in kept.reason) == (Outcome.MET, True)


def test_an_exception_ends(made: FakeDesk) -> None:
    waive(made.desk, YES, RULE, "first try", "2h")
    later = parse_time(now()) + dt.timedelta(hours=3)
    made.clock = lambda: format_time(later)
    assert [one.code for one in proposal(made).reasons] == ["not-met", "expired"]


def test_an_exception_of_who_ran_it_does_not_count(made: FakeDesk) -> None:
    made.config += "separation-of-duties = true\n"
    made.signers = made.signers.replace(b"ken@", b"mara@example.org,ken@")
    with pytest.raises(RefusedError) as caught:
        waive(made.desk, YES, RULE, "first try", "14d")
    assert caught.value.code == "own-run"


def test_an_exception_that_lost_its_signature_does_not_count(made: FakeDesk) -> None:
    waive(made.desk, YES, RULE, "first try", "14d")
    path = next(one for one in made.ledger.content if one.endswith(".sig"))
    del made.ledger.content[path]
    assert [one.code for one in proposal(made).reasons] == ["not-met", "unsigned"]
    (state,) = show_review(made.desk).environments
    assert list(state.faults.values()) == ["it is not signed"]


@pytest.mark.parametrize("until", ["", "yesterday", "2020-01-01", "0d", "367d", "9999-01-01"])
def test_an_exception_has_an_end_within_a_year(made: FakeDesk, until: str) -> None:
    with pytest.raises(UsageError):
        waive(made.desk, YES, RULE, "first try", until)


def test_an_exception_has_a_reason_and_one_rule_that_is_not_met(made: FakeDesk) -> None:
    with pytest.raises(UsageError, match="say why"):
        waive(made.desk, YES, RULE, " ", "14d")
    for rule in ("", "speed", "all cases passed"):
        with pytest.raises(NotFoundError, match="no one rule") as caught:
            waive(made.desk, YES, rule, "first try", "14d")
        assert RULE in caught.value.hint
