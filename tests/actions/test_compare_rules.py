from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
import pytest

from jupyter_mlcd.actions.preview_delivery import preview_delivery
from jupyter_mlcd.actions.review_release import show_review
from jupyter_mlcd.cli import render
from jupyter_mlcd.model.delivery import History
from jupyter_mlcd.model.event import DeliveryRequested, make_event, read_event
from tests.actions.days import change_committed, delivered, quality_ran

if TYPE_CHECKING:
    from jupyter_mlcd.model.rules_change import RulesChanged
    from jupyter_mlcd.testing import FakeDesk

FIRST = "1" * 40


def rules_are(made: FakeDesk, *revisions: str) -> None:
    """Let revisions hold the rules as they are now."""
    for revision in revisions:
        made.worktree.held[revision, "mlcd.toml"] = made.config.encode()
        made.worktree.held[revision, ".mlcd/allowed_signers"] = made.signers


@pytest.fixture
def live(made: FakeDesk) -> FakeDesk:
    """Return a project with a version in staging that met the rules of its first commit."""
    made.config = made.config.replace('name = "digits"', f'name = "digits"\npolicy = "{FIRST}"')
    rules_are(made, FIRST)
    quality_ran(made)
    delivered(made)
    made.config = made.config.replace(FIRST, "origin/main")
    rules_are(made, FIRST, "origin/main")
    change_committed(made, 2)
    quality_ran(made, 0.97)
    return made


def told(made: FakeDesk) -> RulesChanged | None:
    return preview_delivery(made.desk, "staging").rules


def test_a_delivery_notes_the_commit_whose_rules_it_met(live: FakeDesk) -> None:
    (asked,) = [one.body for one in live.ledger.written if isinstance(one.body, DeliveryRequested)]
    assert (asked.rules, live.desk.history.live["staging"].rules) == (FIRST, FIRST)


def test_rules_that_are_the_same_are_not_spoken_of(live: FakeDesk) -> None:
    assert told(live) is None


def test_changed_rules_are_told_with_the_commits_that_changed_them(live: FakeDesk) -> None:
    live.config = live.config.replace("at-least = 0.9", "at-least = 0.8")
    rules_are(live, "origin/main")
    live.worktree.messages[FIRST] = ("Ask for less\n\nIt is summer.",)
    found = told(live)
    assert found is not None
    assert (found.version, found.branch, found.is_known) == ("0.1.0", "origin/main", True)
    assert found.changes == ("the rule accuracy at least 0.9 became at least 0.8",)
    assert [one.subject for one in found.commits] == ["Ask for less"]


def test_a_review_tells_the_same_for_each_environment(live: FakeDesk) -> None:
    asks = "[environments.staging]\napprovals = 1"
    live.config = live.config.replace("[environments.staging]", asks)
    rules_are(live, "origin/main")
    states = {one.environment: one.rules for one in show_review(live.desk).environments}
    assert states["production"] is None
    assert states["staging"] is not None
    assert states["staging"].changes == ("approvals for staging went from 0 to 1",)


def test_who_may_sign_is_part_of_the_rules(live: FakeDesk) -> None:
    live.signers = b"ken@example.org ssh-ed25519 AAAA ken\n"
    rules_are(live, "origin/main")
    found = told(live)
    assert found is not None
    assert found.changes == ("ken@example.org may sign now",)


def test_without_a_note_of_its_rules_it_is_said_that_they_are_not_known(made: FakeDesk) -> None:
    quality_ran(made)
    delivered(made)
    change_committed(made, 2)
    quality_ran(made, 0.97)
    found = told(made)
    assert found is not None
    assert (found.is_known, found.changes) == (False, ())


def test_rules_whose_commit_is_gone_are_not_known_either(live: FakeDesk) -> None:
    del live.worktree.held[FIRST, "mlcd.toml"]
    found = told(live)
    assert found is not None
    assert not found.is_known


def test_a_note_that_names_a_branch_tells_nothing(live: FakeDesk) -> None:
    for index, event in enumerate(live.ledger.written):
        if isinstance(event.body, DeliveryRequested):
            body = msgspec.structs.replace(event.body, rules="origin/main")
            live.ledger.written[index] = msgspec.structs.replace(event, body=body)
    found = told(live)
    assert found is not None
    assert not found.is_known


def test_rules_that_no_commit_holds_are_noted_as_unknown(made: FakeDesk) -> None:
    rules_are(made, "HEAD")
    made.config = made.config.replace("at-least = 0.9", "at-least = 0.8")
    quality_ran(made)
    delivered(made)
    assert made.desk.history.live["staging"].rules == ""


def test_nothing_is_told_where_nothing_is_live(made: FakeDesk) -> None:
    quality_ran(made)
    assert told(made) is None


def test_the_terminal_shows_what_changed_and_who_did_it(
    live: FakeDesk, capsys: pytest.CaptureFixture[str]
) -> None:
    live.config = live.config.replace("at-least = 0.9", "at-least = 0.8")
    rules_are(live, "origin/main")
    live.worktree.messages[FIRST] = ("Ask for less",)
    render.preview(preview_delivery(live.desk, "staging"))
    shown = capsys.readouterr().out
    assert "Rules that changed since 0.1.0 was delivered" in shown
    assert "the rule accuracy at least 0.9 became at least 0.8" in shown
    assert "Mara Example: Ask for less" in shown


def test_an_event_that_was_written_before_keeps_its_bytes() -> None:
    body = DeliveryRequested("k", "0.1.0", "sha256:0", "staging", 1, (), ())
    event = make_event(id="0", project="digits", at="2026-03-01T09:30:00Z", by="Ada", body=body)
    assert b"rules" not in event.to_bytes()
    assert read_event(event.to_bytes()) == event


def test_a_history_that_was_folded_before_is_read(live: FakeDesk) -> None:
    history = msgspec.json.decode(msgspec.json.encode(live.desk.history), type=History)
    assert history.live["staging"].rules == FIRST
