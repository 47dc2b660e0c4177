from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from jupyter_mlcd.actions.keep_evidence import keep_evidence
from jupyter_mlcd.actions.preview_delivery import preview_delivery
from jupyter_mlcd.actions.run_suite import run_suite
from jupyter_mlcd.actions.show_status import show_status
from jupyter_mlcd.model.evidence import Match
from jupyter_mlcd.model.result import Verdict
from jupyter_mlcd.model.run import Change, RunRequest
from jupyter_mlcd.model.status import ProjectReference, Status, StepState, WayOut
from tests.actions.days import change_committed, delivered, quality_ran

if TYPE_CHECKING:
    from jupyter_mlcd.model.status import DeliverOffer
    from jupyter_mlcd.testing import FakeDesk


def status_of(made: FakeDesk) -> Status:
    return show_status(made.desk, ProjectReference("", "digits", ""))


def offer_of(made: FakeDesk) -> DeliverOffer:
    offer = status_of(made).deliver
    assert offer is not None
    return offer


def test_before_the_first_run_the_way_out_is_to_run(made: FakeDesk) -> None:
    reasons = offer_of(made).reasons
    assert [(reason.way_out, reason.subject) for reason in reasons] == [(WayOut.RUN, "quality")]


def test_while_tests_run_the_reason_goes_away_by_itself(made: FakeDesk) -> None:
    run = run_suite(made.desk, RunRequest("quality"))
    reason = offer_of(made).reasons[0]
    assert (reason.busy, reason.way_out, reason.subject) == (True, WayOut.SEE_RUN, run.id)


def test_uncommitted_files_come_first_among_the_reasons(made: FakeDesk) -> None:
    made.worktree.state = msgspec.structs.replace(
        made.worktree.state, dirty={"train.ipynb": Change.MODIFIED}
    )
    assert [reason.code for reason in offer_of(made).reasons] == ["uncommitted", "not-tested"]


def test_the_button_names_what_it_does(made: FakeDesk) -> None:
    quality_ran(made)
    assert offer_of(made).label == "Deliver 0.1.0 to staging"


def test_after_the_first_rung_the_button_names_the_second(made: FakeDesk) -> None:
    quality_ran(made)
    delivered(made)
    assert offer_of(made).label == "Deliver 0.1.0 to production"


def test_the_strip_is_current_at_the_first_open_step(made: FakeDesk) -> None:
    states = {step.name: step.state for step in status_of(made).steps}
    assert states == {
        "Why": StepState.DONE,
        "Code": StepState.DONE,
        "Tests": StepState.CURRENT,
        "Review": StepState.WAITING,
        "Live": StepState.WAITING,
    }


def test_red_tests_block_the_strip(made: FakeDesk) -> None:
    quality_ran(made, verdict=Verdict.FAILED)
    tests = next(step for step in status_of(made).steps if step.name == "Tests")
    assert tests.state is StepState.BLOCKED


def test_a_rule_that_is_not_met_blocks_the_strip_in_words(made: FakeDesk) -> None:
    quality_ran(made, 0.5)
    tests = next(step for step in status_of(made).steps if step.name == "Tests")
    assert (tests.state, "0.5" in tests.words) == (StepState.BLOCKED, True)


def test_an_environment_shows_its_version_and_score(made: FakeDesk) -> None:
    quality_ran(made, 0.95)
    delivered(made)
    staging, production = status_of(made).environments
    assert staging.live is not None
    assert (staging.live.version, staging.scores) == ("0.1.0", {"accuracy": 0.95})
    assert production.live is None


def test_a_run_of_these_very_files_matches(made: FakeDesk) -> None:
    quality_ran(made)
    assert status_of(made).suites[0].match is Match.MATCHES


def test_an_older_run_says_which_file_changed(made: FakeDesk) -> None:
    quality_ran(made)
    change_committed(made, 2)
    made.worktree.differing["tree-1", "tree-2"] = ("train.ipynb",)
    suite = status_of(made).suites[0]
    assert (suite.match, suite.changed) == (Match.OLDER, ("train.ipynb",))


def test_evidence_says_which_versions_stand_on_it(made: FakeDesk) -> None:
    quality_ran(made)
    delivered(made)
    assert status_of(made).evidence[0].versions == ("0.1.0",)


def test_evidence_of_uncommitted_files_is_marked(made: FakeDesk) -> None:
    made.worktree.state = msgspec.structs.replace(
        made.worktree.state, dirty={"train.ipynb": Change.MODIFIED}
    )
    keep_evidence(made.desk, quality_ran(made).id)
    change_committed(made, 2)
    assert status_of(made).evidence[0].match is Match.UNCOMMITTED


def test_declared_inputs_are_not_named_as_unseen(made: FakeDesk) -> None:
    made.config = made.config.replace("[suites.quality]", '[suites.quality]\ninputs = ["data/"]')
    made.worktree.state = msgspec.structs.replace(
        made.worktree.state, untracked=("data/a.csv", "notes.txt")
    )
    assert status_of(made).place.untracked == ("notes.txt",)


def test_the_preview_says_what_will_happen_in_order(made: FakeDesk) -> None:
    quality_ran(made)
    assert preview_delivery(made.desk, "staging").steps == (
        "Keeps the results of **quality** as evidence on the branch **mlcd/evidence**.",
        "Tags commit **aaaaaaa** as **v0.1.0**.",
        "Notes **0.1.0**.",
    )


def test_the_preview_shows_the_digest_that_is_then_delivered(made: FakeDesk) -> None:
    quality_ran(made)
    seen = preview_delivery(made.desk, "staging").digest
    assert delivered(made).digest == seen


def test_a_preview_changes_nothing(made: FakeDesk) -> None:
    quality_ran(made)
    preview_delivery(made.desk, "staging")
    assert not made.ledger.commits


def test_a_preview_of_what_cannot_go_has_no_digest_to_confirm(made: FakeDesk) -> None:
    assert preview_delivery(made.desk, "staging").digest == ""


def test_only_the_last_rung_asks_for_the_version_to_be_typed(made: FakeDesk) -> None:
    asked = [preview_delivery(made.desk, one).type_version for one in ("staging", "production")]
    assert asked == [False, True]


def test_changed_files_will_be_a_new_version(made: FakeDesk) -> None:
    quality_ran(made)
    delivered(made)
    delivered(made, "production")
    made.worktree.state = msgspec.structs.replace(
        made.worktree.state, tree="tree-2", dirty={"train.ipynb": Change.MODIFIED}
    )
    assert offer_of(made).version == "0.2.0"


def test_the_panel_asks_git_only_about_the_evidence_that_it_lists(made: FakeDesk) -> None:
    for number in range(2, 26):
        change_committed(made, number)
        keep_evidence(made.desk, quality_ran(made).id)
    status = status_of(made)
    assert (len(status.evidence), status.evidence_count) == (20, 24)
