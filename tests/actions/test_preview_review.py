"""Before a review is asked for, and before a yes: what would happen, and what would not count."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
import pytest

from jupyter_mlcd.actions.preview_delivery import preview_delivery
from jupyter_mlcd.actions.preview_review import preview_review
from jupyter_mlcd.actions.review_release import ask_review, reject, show_review
from jupyter_mlcd.actions.sign_review import approve, waive
from jupyter_mlcd.model.errors import RefusedError
from jupyter_mlcd.model.review import Seen
from jupyter_mlcd.model.status import Reason, WayOut
from jupyter_mlcd.testing import FakeDesk
from tests.actions.days import quality_ran
from tests.actions.people import Somebody, somebody

if TYPE_CHECKING:
    from pathlib import Path

    from jupyter_mlcd.model.review_page import ReviewState

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
approvals = 1
separation-of-duties = true
"""
RULE = "accuracy at least 0.9"


@pytest.fixture
def people(tmp_path: Path) -> dict[str, Somebody]:
    return {name: somebody(tmp_path, name) for name in ("Mara", "Ken", "Lin")}


@pytest.fixture
def made(tmp_path: Path, people: dict[str, Somebody]) -> FakeDesk:
    """Return a tested project with Mara, who ran it, at the desk; Lin wrote it, Ken did neither."""
    (tmp_path / "train.ipynb").write_text("{}")
    made = FakeDesk(tmp_path, CONFIG)
    made.signers = b"".join(one.line() for one in people.values())
    people["Mara"].sits(made)
    made.worktree.authors = frozenset({people["Lin"].by})
    quality_ran(made, 0.95)
    return made


def production(made: FakeDesk) -> ReviewState:
    (state,) = show_review(made.desk).environments
    return state


def ways(made: FakeDesk) -> dict[str, tuple[WayOut, str]]:
    found = preview_delivery(made.desk, "production")
    return {one.code: (one.way_out, one.subject) for one in found.reasons}


# ----------------------------------------------------------------------------- before it is asked


def test_it_says_what_asking_does_and_changes_nothing(made: FakeDesk) -> None:
    page = preview_review(made.desk, "production")
    assert page.steps == (
        "Keeps the results of **quality** as evidence on the branch **mlcd/evidence**.",
        "Tags commit **" + made.worktree.state.commit[:7] + "** as **v0.1.0**.",
        "Writes on the branch **mlcd/evidence** who is asked about **0.1.0**.",
    )
    assert (page.reasons, page.needed, made.ledger.commits) == ((), 1, [])


def test_who_may_approve_is_suggested_with_what_stands_against_it(made: FakeDesk) -> None:
    page = preview_review(made.desk, "production")
    found = {one.name: one.unfit for one in page.people}
    assert found == {"ken@example.org": "", "lin@example.org": "wrote some of what is new"}


def test_a_pattern_is_nobody_to_ask(made: FakeDesk) -> None:
    made.signers = made.signers.replace(b"ken@example.org", b"*@example.com")
    assert [one.name for one in preview_review(made.desk, "production").people] == [
        "lin@example.org"
    ]


def test_who_was_asked_is_told(made: FakeDesk) -> None:
    ask_review(made.desk, "production", ["ken@example.org"])
    assert preview_review(made.desk, "production").asked == ("ken@example.org",)


def test_missing_approvals_do_not_stand_against_asking_but_missing_tests_do(
    made: FakeDesk,
) -> None:
    assert [one.code for one in preview_delivery(made.desk, "production").reasons] == [
        "approvals-missing"
    ]
    made.worktree.state = msgspec.structs.replace(made.worktree.state, tree="tree-2")
    reasons = preview_review(made.desk, "production").reasons
    assert reasons
    assert "approvals-missing" not in {one.code for one in reasons}


# ------------------------------------------------------------------------------------ ways out


def test_the_way_out_of_missing_approvals_is_to_ask_and_then_to_see(made: FakeDesk) -> None:
    assert ways(made) == {"approvals-missing": (WayOut.ASK_REVIEW, "production")}
    ask_review(made.desk, "production", ["ken@example.org"])
    assert ways(made) == {"approvals-missing": (WayOut.SEE_REVIEW, "0.1.0")}


def test_the_way_out_of_wanted_changes_is_their_review(
    made: FakeDesk, people: dict[str, Somebody]
) -> None:
    ask_review(made.desk, "production", ["ken@example.org"])
    people["Ken"].sits(made)
    reject(made.desk, "0.1.0", "another seed")
    assert ways(made)["changes-requested"] == (WayOut.SEE_REVIEW, "0.1.0")


def test_the_line_of_the_deliver_page_leads_there_too(made: FakeDesk) -> None:
    def line() -> tuple[WayOut, str]:
        lines = preview_delivery(made.desk, "production").lines
        (found,) = [one for one in lines if one.name == "Review"]
        return found.way_out, found.subject

    assert line() == (WayOut.ASK_REVIEW, "production")
    ask_review(made.desk, "production", ["ken@example.org"])
    assert line() == (WayOut.SEE_REVIEW, "0.1.0")


# ------------------------------------------------------------------------- before a yes is given


def unfit(made: FakeDesk) -> tuple[str, str]:
    found = production(made).unfit
    assert isinstance(found, Reason)
    return found.code, found.text


@pytest.fixture
def asked(made: FakeDesk) -> FakeDesk:
    ask_review(made.desk, "production", ["ken@example.org"])
    return made


def test_who_may_approve_is_told_nothing_against_it(
    asked: FakeDesk, people: dict[str, Somebody]
) -> None:
    people["Ken"].sits(asked)
    assert (production(asked).unfit, production(asked).waivable) == (None, True)
    approve(asked.desk, Seen("0.1.0", "production"))
    assert unfit(asked) == ("same-person", "you have approved it already")
    assert production(asked).waivable


@pytest.mark.parametrize(("who", "code"), [("Mara", "own-run"), ("Lin", "own-commit")])
def test_own_work_is_told_before_the_button(
    asked: FakeDesk, people: dict[str, Somebody], who: str, code: str
) -> None:
    people[who].sits(asked)
    assert unfit(asked)[0] == code
    assert "somebody else has to approve" in unfit(asked)[1]
    assert not production(asked).waivable


def test_without_a_key_it_says_how_to_name_one(asked: FakeDesk) -> None:
    asked.key = None
    assert unfit(asked)[0] == "no-signing-key"


def test_an_unknown_key_is_told_with_where_it_would_have_to_stand(
    asked: FakeDesk, tmp_path: Path
) -> None:
    somebody(tmp_path, "Eve").sits(asked)
    code, words = unfit(asked)
    assert code == "untrusted-key"
    assert ".mlcd/allowed_signers of the commit that is checked out" in words


def test_the_key_of_somebody_else_is_told(asked: FakeDesk, people: dict[str, Somebody]) -> None:
    Somebody("Eve", people["Ken"].key).sits(asked)
    assert unfit(asked)[0] == "forged"


def test_a_key_whose_public_half_cannot_be_read_is_taken_by_name(
    asked: FakeDesk, people: dict[str, Somebody]
) -> None:
    path = people["Ken"].key.path
    assert path is not None
    path.with_name(f"{path.name}.pub").unlink()
    people["Ken"].sits(asked)
    assert production(asked).unfit is None


def test_rules_that_changed_since_they_were_shown_are_not_said_yes_to(
    asked: FakeDesk, people: dict[str, Somebody]
) -> None:
    people["Ken"].sits(asked)
    seen = Seen("0.1.0", "production", show_review(asked.desk).digest, production(asked).policy)
    asked.config = asked.config.replace("at-least = 0.9", "at-least = 0.99")
    before = len(asked.ledger.written)
    with pytest.raises(RefusedError, match="not those you looked at") as caught:
        approve(asked.desk, seen)
    assert caught.value.code == "rules-changed"
    with pytest.raises(RefusedError, match="not those you looked at"):
        waive(asked.desk, seen, "accuracy", "first try", "14d")
    assert len(asked.ledger.written) == before


def test_changes_of_other_bytes_than_those_seen_are_not_asked_for(asked: FakeDesk) -> None:
    with pytest.raises(RefusedError, match="not what you looked at"):
        reject(asked.desk, "0.1.0", "another seed", "sha256:other")


# ---------------------------------------------------------------------------- what the page says


def test_what_a_signed_word_says_is_on_the_page_also_when_it_is_over(
    asked: FakeDesk, people: dict[str, Somebody]
) -> None:
    asked.config = asked.config.replace("at-least = 0.9", "at-least = 0.99")
    rule = RULE.replace("0.9", "0.99")
    people["Ken"].sits(asked)
    page = waive(asked.desk, Seen("0.1.0", "production"), rule, "first try", "14d")
    made = page.entries[-1]
    assert (made.text, made.until[:4].isdecimal(), made.rule) == ("first try", True, rule)
    assert page.environments[0].exceptions[0].startswith("excepted by Ken until ")
    asked.clock = lambda: "2099-01-01T00:00:00Z"
    state = production(asked)
    assert (state.exceptions, "expired" in state.faults[made.id]) == ((), True)
    assert show_review(asked.desk).entries[-1].text == "first try"


def test_the_page_says_who_reads_it_and_what_is_theirs(
    asked: FakeDesk, people: dict[str, Somebody]
) -> None:
    page = show_review(asked.desk)
    assert (page.by, page.yours) == (people["Mara"].by, (page.entries[0].id,))
    people["Ken"].sits(asked)
    assert show_review(asked.desk).yours == ()
