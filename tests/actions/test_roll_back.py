from __future__ import annotations

import pytest

from jupyter_mlcd.actions.deliver import deliver
from jupyter_mlcd.actions.list_deliveries import PAGE, list_deliveries
from jupyter_mlcd.actions.preview_delivery import preview_delivery, preview_roll_back
from jupyter_mlcd.actions.roll_back import roll_back
from jupyter_mlcd.actions.show_status import next_delivery, show_status
from jupyter_mlcd.model.delivery import Delivery, DeliveryState, Given
from jupyter_mlcd.model.errors import GateError, NotFoundError, RefusedError, UsageError
from jupyter_mlcd.model.event import DeliveryRequested
from jupyter_mlcd.model.status import ProjectReference, WayOut
from jupyter_mlcd.testing import FakeDesk, FakeTarget
from tests.actions.days import change_committed, delivered, quality_ran

WHY = Given("reads sevens as ones")


def two_live(made: FakeDesk) -> None:
    """Deliver 0.1.0 and then 0.2.0 all the way up."""
    for number, accuracy in ((1, 0.95), (2, 0.97)):
        change_committed(made, number)
        quality_ran(made, accuracy)
        delivered(made)
        delivered(made, "production")


def rolled_back(made: FakeDesk, version: str = "") -> Delivery:
    return roll_back(made.desk, "production", version=version, given=WHY)


def live(made: FakeDesk, environment: str = "production") -> str:
    return made.desk.history.live[environment].version


def test_what_was_live_before_comes_back(made: FakeDesk) -> None:
    two_live(made)
    delivery = rolled_back(made)
    assert (delivery.version, delivery.state) == ("0.1.0", DeliveryState.DELIVERED)
    assert live(made) == "0.1.0"


def test_the_request_says_from_which_version_and_why(made: FakeDesk) -> None:
    two_live(made)
    rolled_back(made)
    *_, asked = (e.body for e in made.ledger.written if isinstance(e.body, DeliveryRequested))
    assert (asked.back_from, asked.why) == ("0.2.0", "reads sevens as ones")


def test_a_worse_score_is_no_reason_against_going_back(made: FakeDesk) -> None:
    two_live(made)
    findings = preview_roll_back(made.desk, "production").findings
    assert [finding.met for finding in findings] == [True] * len(findings)
    assert any(finding.reason == "not asked of a roll back" for finding in findings)


def test_a_bound_holds_for_a_roll_back_too(made: FakeDesk) -> None:
    two_live(made)
    made.config = made.config.replace("at-least = 0.9", "at-least = 0.96")
    with pytest.raises(GateError, match=r"0\.95, 0\.96 is needed"):
        rolled_back(made)
    assert live(made) == "0.2.0"


def test_the_rung_below_need_not_have_it_any_more(made: FakeDesk) -> None:
    two_live(made)
    assert live(made, "staging") == "0.2.0"
    assert rolled_back(made).state is DeliveryState.DELIVERED


def test_neither_the_folder_nor_its_tests_are_looked_at(made: FakeDesk) -> None:
    two_live(made)
    change_committed(made, 3)
    assert rolled_back(made).state is DeliveryState.DELIVERED


def test_it_is_an_attempt_of_its_own_with_a_key_of_its_own(made: FakeDesk) -> None:
    two_live(made)
    back = rolled_back(made)
    first = made.desk.history.attempts(back.digest, "production")[0]
    assert (first.attempt, back.attempt, first.key != back.key) == (1, 2, True)


def test_the_target_is_told_that_it_had_this_release_before(made: FakeDesk) -> None:
    two_live(made)
    again: list[bool] = []

    class Noting(FakeTarget):
        def dispatch(self, parcel):  # type: ignore[no-untyped-def] # noqa: ANN001, ANN202
            again.append(parcel.again)
            return super().dispatch(parcel)

    made.targets["production"] = Noting()
    rolled_back(made)
    assert again == [True]


def test_a_second_click_is_not_a_second_roll_back(made: FakeDesk) -> None:
    two_live(made)
    seen = preview_roll_back(made.desk, "production")
    clicks = [
        roll_back(
            made.desk,
            "production",
            version=seen.version,
            digest=seen.digest,
            replaces="0.2.0",
            given=WHY,
        )
        for _ in range(2)
    ]
    assert clicks[0] == clicks[1]
    assert made.targets["production"].dispatches == 3


def test_without_a_reason_nothing_is_rolled_back(made: FakeDesk) -> None:
    two_live(made)
    with pytest.raises(UsageError, match="say why"):
        roll_back(made.desk, "production", given=Given("  "))


def test_what_became_live_since_it_was_seen_is_not_rolled_back(made: FakeDesk) -> None:
    two_live(made)
    with pytest.raises(RefusedError, match=r"0\.2\.0 is live in production now, no longer 0\.1\.5"):
        roll_back(made.desk, "production", replaces="0.1.5", given=WHY)


def test_where_nothing_was_live_before_it_says_so(made: FakeDesk) -> None:
    quality_ran(made)
    delivered(made)
    with pytest.raises(RefusedError, match=r"no other version was live in staging before 0\.1\.0"):
        roll_back(made.desk, "staging", given=WHY)


@pytest.mark.parametrize(
    ("version", "words"),
    [("0.2.0", "is live in production"), ("0.9.0", "was never live in production")],
)
def test_a_version_that_cannot_come_back_says_why(made: FakeDesk, version: str, words: str) -> None:
    two_live(made)
    with pytest.raises(RefusedError, match=words):
        rolled_back(made, version)


def test_an_unknown_environment_is_not_found(made: FakeDesk) -> None:
    with pytest.raises(NotFoundError):
        roll_back(made.desk, "prod", given=WHY)


def test_a_file_that_is_gone_from_the_store_is_a_reason_in_the_preview(made: FakeDesk) -> None:
    two_live(made)
    for file in made.store.folder.iterdir():
        file.unlink()
    preview = preview_roll_back(made.desk, "production")
    assert [reason.code for reason in preview.reasons] == ["product-gone"]
    assert preview.digest == ""


def test_the_version_that_was_rolled_back_does_not_go_out_again_by_itself(made: FakeDesk) -> None:
    two_live(made)
    rolled_back(made)
    desk = made.desk
    name, proposal = next_delivery(desk, desk.snapshot(), desk.history)
    assert proposal is not None
    reason = proposal.reasons[-1]
    assert (name, reason.code, reason.way_out) == ("production", "taken-back", WayOut.SEE_HISTORY)
    assert "reads sevens as ones" in reason.text


def test_it_goes_out_again_when_it_is_named(made: FakeDesk) -> None:
    two_live(made)
    rolled_back(made)
    assert deliver(made.desk, "production", version="0.2.0").state is DeliveryState.DELIVERED
    assert made.desk.history.taken_back["production"] == {}


def test_a_second_roll_back_does_not_bring_back_what_was_rolled_back(made: FakeDesk) -> None:
    two_live(made)
    rolled_back(made)
    with pytest.raises(RefusedError, match="was rolled back itself: name one"):
        rolled_back(made)
    assert rolled_back(made, "0.2.0").back_from == "0.1.0"


def test_the_page_offers_what_was_live_and_marks_what_was_rolled_back(made: FakeDesk) -> None:
    two_live(made)
    rolled_back(made)
    preview = preview_roll_back(made.desk, "production")
    assert preview.roll_back is not None
    assert preview.roll_back.versions == ("0.2.0",)
    assert preview.roll_back.taken_back["0.2.0"].to == "0.1.0"


def test_the_panel_says_what_a_roll_back_would_bring(made: FakeDesk) -> None:
    two_live(made)
    environments = show_status(made.desk, ProjectReference("", "digits", "")).environments
    assert [one.back_to for one in environments] == ["0.1.0", "0.1.0"]
    rolled_back(made)
    rung = show_status(made.desk, ProjectReference("", "digits", "")).environments[1]
    assert rung.live is not None
    assert (rung.live.back_from, rung.live.why) == ("0.2.0", "reads sevens as ones")


def test_the_history_marks_what_is_live_and_what_was_rolled_back(made: FakeDesk) -> None:
    two_live(made)
    rolled_back(made)
    back, second, first = list_deliveries(made.desk, "production").deliveries
    assert [one.is_live for one in (back, second, first)] == [True, False, False]
    assert second.taken_back is not None
    assert (second.taken_back.to, second.taken_back.why) == ("0.1.0", "reads sevens as ones")
    assert (back.taken_back, first.taken_back) == (None, None)


def test_the_history_comes_a_page_at_a_time(made: FakeDesk) -> None:
    made.targets["staging"] = FakeTarget(DeliveryState.REFUSED)
    quality_ran(made)
    for _ in range(PAGE + 1):
        delivered(made)
    pages = [list_deliveries(made.desk, "staging", page) for page in range(3)]
    assert [len(page.deliveries) for page in pages] == [PAGE, 1, 0]
    assert {(page.total, page.pages) for page in pages} == {(PAGE + 1, 2)}


class Crash(BaseException):
    """The process is gone."""


class CrashingTarget(FakeTarget):
    """Dies before it acts."""

    def dispatch(self, parcel: object) -> object:  # type: ignore[override]
        del parcel
        raise Crash


def test_a_crash_is_taken_up_by_the_same_click_and_acts_once(made: FakeDesk) -> None:
    two_live(made)
    made.targets["production"] = CrashingTarget()
    with pytest.raises(Crash):
        rolled_back(made)
    made.targets["production"] = FakeTarget()
    assert rolled_back(made).state is DeliveryState.DELIVERED
    assert made.targets["production"].dispatches == 1


def test_a_delivery_does_not_take_up_a_roll_back(made: FakeDesk) -> None:
    two_live(made)
    made.targets["production"] = CrashingTarget()
    with pytest.raises(Crash):
        rolled_back(made)
    with pytest.raises(RefusedError, match=r"0\.1\.0 is on its way to production"):
        delivered(made, "production")


def test_what_is_said_changes_neither_release_nor_digest(made: FakeDesk) -> None:
    quality_ran(made)
    seen = preview_delivery(made.desk, "staging").digest
    said = Given("fewer mistakes", ("#12",))
    delivery = deliver(made.desk, "staging", digest=seen, given=said)
    assert (delivery.digest, delivery.why, delivery.issues) == (seen, "fewer mistakes", ("#12",))


def test_work_items_that_commits_name_are_shown_and_kept(made: FakeDesk) -> None:
    quality_ran(made)
    delivered(made)
    made.worktree.messages["a" * 40] = ("Read sevens (#12)", "Typo")
    change_committed(made, 2)
    quality_ran(made, 0.97)
    preview = preview_delivery(made.desk, "staging")
    assert (preview.commits, [one.name for one in preview.issues]) == (2, ["#12"])
    delivery = deliver(made.desk, "staging", given=Given(issues=("AB#3",)))
    assert delivery.issues == ("#12", "AB#3")
