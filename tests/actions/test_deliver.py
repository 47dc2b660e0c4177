from __future__ import annotations

import msgspec
import pytest

from jupyter_mlcd.actions.deliver import deliver
from jupyter_mlcd.actions.examine import examine
from jupyter_mlcd.actions.follow_delivery import follow_delivery
from jupyter_mlcd.actions.roll_back import examine_roll_back
from jupyter_mlcd.actions.verify_evidence import verify_evidence
from jupyter_mlcd.model.delivery import DeliveryState
from jupyter_mlcd.model.errors import GateError, NotFoundError, RefusedError, UsageError
from jupyter_mlcd.model.event import DeliveryRequested
from jupyter_mlcd.model.result import Verdict
from jupyter_mlcd.model.run import Change
from jupyter_mlcd.testing import FakeDesk, FakeTarget
from tests.actions.days import change_committed, delivered, quality_ran


def digest_ready(made: FakeDesk, environment: str = "staging") -> str:
    desk = made.desk
    proposal = examine(desk, environment, snapshot=desk.snapshot(), history=desk.history)
    assert proposal.release is not None
    return proposal.release.digest


def test_a_tested_commit_is_delivered(made: FakeDesk) -> None:
    quality_ran(made)
    delivery = delivered(made)
    assert (delivery.version, delivery.state) == ("0.1.0", DeliveryState.DELIVERED)


def test_delivering_keeps_the_evidence_it_stands_on(made: FakeDesk) -> None:
    run = quality_ran(made)
    delivered(made)
    assert made.desk.history.evidence[run.id].digest == run.digest


def test_delivering_tags_the_commit_with_the_release_digest(made: FakeDesk) -> None:
    quality_ran(made)
    delivery = delivered(made)
    commit, message = made.ledger.tagged["v0.1.0"]
    assert commit == "a" * 40
    assert f"Release-Digest: {delivery.digest}" in message


def test_evidence_release_and_request_are_one_commit(made: FakeDesk) -> None:
    quality_ran(made)
    delivered(made)
    assert len(made.ledger.commits) == 2


def test_what_is_live_is_the_fold_of_the_ledger(made: FakeDesk) -> None:
    quality_ran(made)
    delivery = delivered(made)
    live = made.desk.history.live["staging"]
    assert (live.version, live.digest) == (delivery.version, delivery.digest)


def test_a_second_click_is_not_a_second_delivery(made: FakeDesk) -> None:
    quality_ran(made)
    digest = digest_ready(made)
    first = deliver(made.desk, "staging", digest=digest)
    second = deliver(made.desk, "staging", digest=digest)
    assert first == second
    assert made.targets["staging"].dispatches == 1


def test_what_changed_since_it_was_seen_is_not_delivered(made: FakeDesk) -> None:
    quality_ran(made)
    digest = digest_ready(made)
    change_committed(made, 2)
    quality_ran(made, 0.97)
    with pytest.raises(RefusedError, match="changed since you looked"):
        deliver(made.desk, "staging", digest=digest)


def test_uncommitted_files_are_not_delivered(made: FakeDesk) -> None:
    quality_ran(made)
    made.worktree.state = msgspec.structs.replace(
        made.worktree.state, dirty={"train.ipynb": Change.MODIFIED}
    )
    with pytest.raises(RefusedError, match=r"train\.ipynb is not committed"):
        delivered(made)


def test_an_untested_commit_is_not_delivered(made: FakeDesk) -> None:
    with pytest.raises(RefusedError, match="has not been run on these files"):
        delivered(made)


def test_a_change_after_the_run_asks_for_another_run(made: FakeDesk) -> None:
    quality_ran(made)
    change_committed(made, 2)
    made.worktree.differing["tree-1", "tree-2"] = ("features.py",)
    with pytest.raises(RefusedError, match=r"features\.py changed since the last run"):
        delivered(made)


def test_committing_the_tested_bytes_needs_no_second_run(made: FakeDesk) -> None:
    made.worktree.state = msgspec.structs.replace(
        made.worktree.state, dirty={"train.ipynb": Change.MODIFIED}
    )
    quality_ran(made)
    made.worktree.state = msgspec.structs.replace(made.worktree.state, dirty={}, commit="c" * 40)
    assert delivered(made).state is DeliveryState.DELIVERED


def test_a_red_run_is_not_delivered(made: FakeDesk) -> None:
    quality_ran(made, verdict=Verdict.FAILED)
    with pytest.raises(GateError, match="1 case did not pass"):
        delivered(made)


def test_a_score_below_the_bound_is_refused_with_the_numbers(made: FakeDesk) -> None:
    quality_ran(made, 0.85)
    with pytest.raises(GateError, match=r"accuracy at least 0\.9: 0\.85, 0\.9 is needed"):
        delivered(made)


def test_a_refusal_changes_nothing(made: FakeDesk) -> None:
    quality_ran(made, 0.85)
    with pytest.raises(GateError):
        delivered(made)
    assert not made.ledger.written
    assert not made.ledger.tagged


def test_the_first_release_has_nothing_to_compare_with(made: FakeDesk) -> None:
    quality_ran(made)
    delivered(made)
    asked = next(e.body for e in made.ledger.written if isinstance(e.body, DeliveryRequested))
    assert any("first release" in finding.reason for finding in asked.findings)


def test_a_later_rung_gets_the_release_that_is_live_below(made: FakeDesk) -> None:
    quality_ran(made)
    below = delivered(made)
    above = delivered(made, "production")
    assert above.digest == below.digest


def test_nothing_reaches_a_later_rung_before_the_one_below(made: FakeDesk) -> None:
    quality_ran(made)
    with pytest.raises(RefusedError, match="nothing is live in staging yet"):
        delivered(made, "production")


def test_a_worse_model_is_refused_where_a_better_one_is_live(made: FakeDesk) -> None:
    quality_ran(made, 0.97)
    delivered(made)
    delivered(made, "production")
    change_committed(made, 2)
    quality_ran(made, 0.95)
    with pytest.raises(GateError, match=r"0\.95 against 0\.97 live: 0\.02 worse"):
        delivered(made)


EVERY_SLICE = '[[gates]]\nmetric = "accuracy"\nslices = "every"\nat-least = 0.8\n'


def test_a_slice_that_fails_is_named_where_the_whole_is_good(made: FakeDesk) -> None:
    made.config += EVERY_SLICE
    quality_ran(made, 0.97, young=0.71, old=0.98)
    with pytest.raises(GateError, match=r"accuracy of segment young at least 0\.8: 0\.71, 0\.8"):
        delivered(made)


def test_a_slice_of_what_is_live_must_not_be_lost(made: FakeDesk) -> None:
    made.config += EVERY_SLICE
    quality_ran(made, 0.95, young=0.9, old=0.9)
    delivered(made)
    change_committed(made, 2)
    quality_ran(made, 0.97, young=0.95)
    with pytest.raises(GateError, match="segment old is recorded: it was measured for the version"):
        delivered(made)


def test_a_release_of_slices_verifies_and_rolls_back(made: FakeDesk) -> None:
    made.config += EVERY_SLICE
    quality_ran(made, 0.95, young=0.9, old=0.9)
    delivered(made)
    assert [
        one for one in verify_evidence(made.desk, "0.1.0", "staging").checks if not one.ok
    ] == []
    change_committed(made, 2)
    quality_ran(made, 0.97, young=0.95, old=0.95)
    delivered(made)
    assert not examine_roll_back(made.desk, "staging", history=made.desk.history).reasons


def test_a_gain_within_the_noise_of_a_parameter_is_refused_and_verifies_once_it_is_live(
    made: FakeDesk,
) -> None:
    made.config = made.config.replace("by = 0.002", 'noise = "seed"')
    quality_ran(made, 0.95)
    delivered(made)
    delivered(made, "production")
    assert verify_evidence(made.desk, "0.1.0", "production").ok
    change_committed(made, 2)
    quality_ran(made, 0.97)
    with pytest.raises(GateError, match="cannot be told from 0 of seed now and 0 live"):
        delivered(made)


def test_a_better_model_gets_the_next_version(made: FakeDesk) -> None:
    quality_ran(made, 0.95)
    delivered(made)
    change_committed(made, 2)
    quality_ran(made, 0.97)
    assert delivered(made).version == "0.2.0"


def test_the_same_release_is_not_delivered_twice(made: FakeDesk) -> None:
    quality_ran(made)
    delivered(made)
    with pytest.raises(RefusedError, match=r"0\.1\.0 is live in staging"):
        delivered(made)


def test_an_unknown_environment_is_named_with_those_there_are(made: FakeDesk) -> None:
    with pytest.raises(NotFoundError) as caught:
        delivered(made, "prod")
    assert "staging, production" in caught.value.hint


def test_a_target_that_refuses_leaves_nothing_live(made: FakeDesk) -> None:
    made.targets["staging"] = FakeTarget(DeliveryState.REFUSED)
    quality_ran(made)
    assert delivered(made).state is DeliveryState.REFUSED
    assert "staging" not in made.desk.history.live


def test_after_a_refusal_by_the_target_it_can_be_tried_again(made: FakeDesk) -> None:
    made.targets["staging"] = FakeTarget(DeliveryState.REFUSED)
    quality_ran(made)
    first = delivered(made)
    made.targets["staging"].answer = DeliveryState.DELIVERED
    second = delivered(made)
    assert (second.state, second.attempt) == (DeliveryState.DELIVERED, 2)
    assert second.key != first.key


def test_an_unknown_outcome_is_looked_up_and_never_sent_again(made: FakeDesk) -> None:
    target = made.targets["staging"] = FakeTarget(DeliveryState.UNKNOWN)
    quality_ran(made)
    first = delivered(made)
    target.acted[first.key] = "0.1.0"
    assert follow_delivery(made.desk, first.key).state is DeliveryState.DELIVERED
    assert target.dispatches == 1


def test_an_outcome_that_stays_unknown_is_not_sent_again(made: FakeDesk) -> None:
    target = made.targets["staging"] = FakeTarget(DeliveryState.UNKNOWN)
    quality_ran(made)
    delivered(made)
    assert delivered(made).state is DeliveryState.UNKNOWN
    assert target.dispatches == 1


class Crash(BaseException):
    """The process is gone."""


class CrashingTarget(FakeTarget):
    """Dies before or after it acted."""

    def dispatch(self, parcel: object) -> object:  # type: ignore[override]
        if self.answer is DeliveryState.DELIVERED:
            super().dispatch(parcel)  # type: ignore[arg-type]
        raise Crash


@pytest.mark.parametrize("acted", [True, False], ids=["after it acted", "before it acted"])
def test_a_crash_while_dispatching_is_taken_up_and_acts_once(
    made: FakeDesk, *, acted: bool
) -> None:
    answer = DeliveryState.DELIVERED if acted else DeliveryState.UNKNOWN
    crashing = made.targets["staging"] = CrashingTarget(answer)
    quality_ran(made)
    with pytest.raises(Crash):
        delivered(made)
    made.targets["staging"] = FakeTarget(acted=crashing.acted)
    assert delivered(made).state is DeliveryState.DELIVERED
    assert len(made.targets["staging"].acted) == 1
    assert made.targets["staging"].dispatches == (0 if acted else 1)


def test_a_secret_in_an_output_blocks_the_delivery_before_anything_is_written(
    made: FakeDesk,
) -> None:
    quality_ran(made, outputs="the password is hunter2")
    with pytest.raises(RefusedError, match="cell 0, output 0"):
        delivered(made)
    assert not made.ledger.written


def test_a_target_that_is_not_ready_is_a_reason(made: FakeDesk) -> None:
    made.targets["staging"] = FakeTarget(problems=("the folder cannot be written to",))
    quality_ran(made)
    with pytest.raises(RefusedError, match="the folder cannot be written to"):
        delivered(made)


@pytest.mark.parametrize("version", ["../../../x", "1.0", "v1.0.0", "1.0.0\n", "latest"])
def test_a_version_that_is_no_version_is_refused_before_anything_is_written(
    made: FakeDesk, version: str
) -> None:
    quality_ran(made)
    with pytest.raises(UsageError, match="is not a version"):
        deliver(made.desk, "staging", version=version)
    assert not made.ledger.commits
