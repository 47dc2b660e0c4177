from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import pytest

from jupyter_mlcd.actions.deliver import deliver
from jupyter_mlcd.actions.examine import Proposal, examine
from jupyter_mlcd.actions.prepare_release import prepare_release
from jupyter_mlcd.actions.review_release import reject, take_back
from jupyter_mlcd.actions.roll_back import examine_roll_back
from jupyter_mlcd.actions.show_status import show_status
from jupyter_mlcd.actions.sign_review import approve
from jupyter_mlcd.model.delivery import DeliveryState
from jupyter_mlcd.model.errors import GateError
from jupyter_mlcd.model.event import DeliveryRequested
from jupyter_mlcd.model.gate import Outcome
from jupyter_mlcd.model.review import Seen
from jupyter_mlcd.model.status import ProjectReference, StepState
from jupyter_mlcd.testing import FakeDesk
from jupyter_mlcd.world.clock import format_time
from tests.actions.days import change_committed, quality_ran
from tests.actions.people import Somebody, approve_by_hand, somebody

if TYPE_CHECKING:
    from pathlib import Path

CONFIG = """
[project]
name = "digits"
[suites.quality]
[[suites.quality.notebooks]]
path = "train.ipynb"
produces = ["model.joblib"]
[environments.production]
approvals = 1
"""
YES = Seen("", "production")


@pytest.fixture
def people(tmp_path: Path) -> dict[str, Somebody]:
    return {name: somebody(tmp_path, name) for name in ("Ken", "Lin")}


@pytest.fixture
def made(tmp_path: Path, people: dict[str, Somebody]) -> FakeDesk:
    """Return a project that asks for an approval, with a version that could be approved."""
    (tmp_path / "train.ipynb").write_text("{}")
    made = FakeDesk(tmp_path, CONFIG)
    made.signers = b"".join(one.line() for one in people.values())
    quality_ran(made)
    prepare_release(made.desk)
    return made


def proposal(made: FakeDesk) -> Proposal:
    desk = made.desk
    return examine(desk, "production", snapshot=desk.snapshot(), history=desk.history)


def codes(made: FakeDesk) -> list[str]:
    return [reason.code for reason in proposal(made).reasons]


def asks_for(made: FakeDesk, more: str) -> None:
    made.config += more


# ------------------------------------------------------------------------------------ it counts


def test_without_an_approval_it_is_not_delivered_and_says_how_to_get_one(made: FakeDesk) -> None:
    with pytest.raises(GateError, match="production asks for 1 approval, there are 0") as caught:
        deliver(made.desk, "production")
    assert "review ask" in caught.value.hint
    assert codes(made) == ["approvals-missing"]


def test_an_approved_version_is_delivered(made: FakeDesk, people: dict[str, Somebody]) -> None:
    mara = made.by
    people["Ken"].sits(made)
    approve(made.desk, YES)
    made.by = mara
    assert codes(made) == []
    assert deliver(made.desk, "production").state is DeliveryState.DELIVERED
    (asked,) = [e.body for e in made.ledger.written if isinstance(e.body, DeliveryRequested)]
    assert ("1 approval", "given by Ken") in [(one.rule, one.reason) for one in asked.findings]


def test_the_review_step_says_who_is_missing(made: FakeDesk, people: dict[str, Somebody]) -> None:
    def review() -> tuple[StepState, str]:
        steps = show_status(made.desk, ProjectReference("", "digits", "")).steps
        return next((step.state, step.words) for step in steps if step.name == "Review")

    assert review() == (StepState.CURRENT, "1 approval: 0 of 1")
    approve_by_hand(made.desk, people["Ken"])
    assert review() == (StepState.DONE, "1 approval: given by Ken")


def test_two_approvals_are_two_people(made: FakeDesk, people: dict[str, Somebody]) -> None:
    asks_for(made, "separation-of-duties = false\n")
    made.config = made.config.replace("approvals = 1", "approvals = 2")
    approve_by_hand(made.desk, people["Ken"])
    approve_by_hand(made.desk, people["Ken"])
    assert codes(made) == ["approvals-missing", "same-person"]
    approve_by_hand(made.desk, people["Lin"])
    assert codes(made) == []


def test_two_keys_of_one_person_are_one_person(made: FakeDesk, people: dict[str, Somebody]) -> None:
    made.config = made.config.replace("approvals = 1", "approvals = 2")
    made.signers = people["Ken"].line(more=",one@example.org") + people["Lin"].line(
        more=",one@example.org"
    )
    approve_by_hand(made.desk, people["Ken"])
    approve_by_hand(made.desk, people["Lin"])
    assert codes(made) == ["approvals-missing", "same-person"]


def test_who_wants_changes_is_heard_until_she_approves(
    made: FakeDesk, people: dict[str, Somebody]
) -> None:
    approve_by_hand(made.desk, people["Ken"])
    people["Lin"].sits(made)
    reject(made.desk, "", "another seed")
    assert codes(made) == ["changes-requested"]
    approve(made.desk, YES)
    assert codes(made) == []


# ----------------------------------------------------------------------------- it does not count


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"signature": None}, "unsigned"),
        ({"signature": b"yes"}, "forged"),
        ({"data": b"{}"}, "unreadable"),
        ({"data": None}, "unreadable"),
        ({"by": "Lin <lin@example.org>"}, "forged"),
        ({"digest": "sha256:other"}, "other-bytes"),
        ({"project": "letters"}, "other-bytes"),
        ({"policy": "sha256:other"}, "rules-changed"),
        ({"at": "2999-01-01T00:00:00Z"}, "from-the-future"),
        ({"at": "9999-12-31T23:59:59Z"}, "from-the-future"),
        ({"at": "yesterday"}, "unreadable"),
        ({"expires": "2020-01-01T00:00:00Z"}, "expired"),
        ({"environment": "staging"}, "other-environment"),
    ],
)
def test_what_is_wrong_with_an_approval_is_named(
    made: FakeDesk, people: dict[str, Somebody], changes: dict[str, Any], code: str
) -> None:
    approve_by_hand(made.desk, people["Ken"], **changes)
    assert codes(made) == ["approvals-missing", code]
    with pytest.raises(GateError) as caught:
        deliver(made.desk, "production")
    assert code in [reason["code"] for reason in caught.value.details["reasons"]]


def test_an_altered_approval_is_forged(made: FakeDesk, people: dict[str, Somebody]) -> None:
    approve_by_hand(made.desk, people["Ken"])
    path = next(one for one in made.ledger.content if "/approvals/" in one)
    made.ledger.content[path] += b"\n"
    assert codes(made) == ["approvals-missing", "forged"]


def test_a_key_that_is_not_listed_any_more_does_not_count(
    made: FakeDesk, people: dict[str, Somebody]
) -> None:
    approve_by_hand(made.desk, people["Ken"])
    made.signers = people["Lin"].line()
    assert codes(made) == ["approvals-missing", "untrusted-key"]


def test_a_key_that_is_not_valid_yet_does_not_count(
    made: FakeDesk, people: dict[str, Somebody]
) -> None:
    approve_by_hand(made.desk, people["Ken"])
    made.signers = people["Ken"].line('valid-after="29990101"')
    assert codes(made) == ["approvals-missing", "key-not-valid"]


def test_changed_rules_void_an_approval(made: FakeDesk, people: dict[str, Somebody]) -> None:
    approve_by_hand(made.desk, people["Ken"])
    asks_for(made, '[[gates]]\nmetric = "accuracy"\nat-least = 0.5\n')
    prepare_release(made.desk)
    assert codes(made)[0] == "approvals-missing"


def test_approvals_end_when_the_environment_says_so(
    made: FakeDesk, people: dict[str, Somebody]
) -> None:
    asks_for(made, 'approvals-expire = "2h"\n')
    people["Ken"].sits(made)
    approve(made.desk, YES)
    assert codes(made) == []
    later = dt.datetime.now(dt.UTC) + dt.timedelta(hours=3)
    made.clock = lambda: format_time(later)
    assert codes(made) == ["approvals-missing", "expired"]


def test_one_that_was_taken_back_does_not_count(
    made: FakeDesk, people: dict[str, Somebody]
) -> None:
    people["Ken"].sits(made)
    page = approve(made.desk, YES)
    take_back(made.desk, page.entries[0].id, "too early")
    assert codes(made) == ["approvals-missing", "withdrawn"]


def test_an_approval_of_the_version_before_is_one_of_other_bytes(
    made: FakeDesk, people: dict[str, Somebody]
) -> None:
    approve_by_hand(made.desk, people["Ken"])
    change_committed(made, 2)
    quality_ran(made, 0.97)
    assert codes(made) == ["approvals-missing", "other-bytes"]


def test_without_ssh_keygen_nothing_counts(
    made: FakeDesk, people: dict[str, Somebody], monkeypatch: pytest.MonkeyPatch
) -> None:
    approve_by_hand(made.desk, people["Ken"])
    monkeypatch.setenv("PATH", ".")
    assert codes(made) == ["approvals-missing", "not-checked"]


# --------------------------------------------------------------------------- separation of duties


def test_who_ran_the_tests_cannot_approve(made: FakeDesk, people: dict[str, Somebody]) -> None:
    asks_for(made, "separation-of-duties = true\n")
    made.signers += people["Ken"].line().replace(b"ken@", b"mara@")
    approve_by_hand(made.desk, people["Ken"])
    assert codes(made) == ["approvals-missing", "own-run"]
    approve_by_hand(made.desk, people["Lin"])
    assert codes(made) == []


def test_who_wrote_a_commit_cannot_approve(made: FakeDesk, people: dict[str, Somebody]) -> None:
    asks_for(made, "separation-of-duties = true\n")
    made.worktree.authors = frozenset({"Ken at home <KEN@example.org>"})
    approve_by_hand(made.desk, people["Ken"])
    assert codes(made) == ["approvals-missing", "own-commit"]


def test_where_nobody_knows_who_wrote_it_nobody_can_approve(
    made: FakeDesk, people: dict[str, Somebody]
) -> None:
    asks_for(made, "separation-of-duties = true\n")
    made.worktree.authors = None
    approve_by_hand(made.desk, people["Ken"])
    assert codes(made) == ["approvals-missing", "duties-unknown"]


# -------------------------------------------------------------------------------------- roll back


def test_a_roll_back_asks_for_no_approval(made: FakeDesk, people: dict[str, Somebody]) -> None:
    approve_by_hand(made.desk, people["Ken"])
    deliver(made.desk, "production")
    change_committed(made, 2)
    quality_ran(made, 0.97)
    prepare_release(made.desk)
    approve_by_hand(made.desk, people["Ken"])
    deliver(made.desk, "production")
    back = examine_roll_back(made.desk, "production", history=made.desk.history)
    assert (back.version, back.reasons) == ("0.1.0", ())
    assert all(one.outcome is Outcome.MET for one in back.findings)
