from __future__ import annotations

from itertools import product

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyter_mlcd.model.delivery import (
    DeliveryState,
    History,
    delivery_key,
    fold_history,
)
from jupyter_mlcd.model.event import (
    Body,
    DeliveryMoved,
    DeliveryRequested,
    Event,
    EvidenceKept,
    ReleasePrepared,
    WorkItemsTold,
    make_event,
)
from jupyter_mlcd.model.hub import Told
from tests.model.examples import BY, evidence

OVER = {
    DeliveryState.REFUSED,
    DeliveryState.DELIVERED,
    DeliveryState.FAILED,
    DeliveryState.CANCELLED,
}
NAMES = st.from_regex(r"\A[A-Za-z0-9][A-Za-z0-9._-]{0,9}\Z")


def asked(
    key: str = "key", version: str = "0.1.0", environment: str = "production", attempt: int = 1
) -> DeliveryRequested:
    return DeliveryRequested(
        key, version, f"sha256:{version}", environment, attempt, (), ("Copies.",)
    )


def moved(state: str, key: str = "key", reason: str = "", **ticket: str) -> DeliveryMoved:
    return DeliveryMoved(key, state, reason, ticket)


def events(*bodies: Body, project: str = "digits") -> list[Event]:
    return [
        make_event(id=f"{n:04}", project=project, at=f"2026-03-{n + 1:02}", by=BY, body=body)
        for n, body in enumerate(bodies)
    ]


def folded(*bodies: Body) -> History:
    return fold_history(events(*bodies), "digits")


# ---------------------------------------------------------------- keys


def test_the_same_click_has_the_same_key() -> None:
    assert delivery_key("sha256:1", "production", 1) == delivery_key("sha256:1", "production", 1)


def test_a_key_never_changes() -> None:
    assert delivery_key("sha256:1", "production", 1) == "aba706f99fecbfed7986395142ae5817"


@pytest.mark.parametrize(
    "other",
    [("sha256:2", "production", 1), ("sha256:1", "staging", 1), ("sha256:1", "production", 2)],
)
def test_another_release_environment_or_attempt_has_another_key(
    other: tuple[str, str, int],
) -> None:
    assert delivery_key(*other) != delivery_key("sha256:1", "production", 1)


@given(st.lists(st.tuples(NAMES, NAMES, st.integers(1, 99)), unique=True, max_size=20))
def test_different_attempts_never_share_a_key(attempts: list[tuple[str, str, int]]) -> None:
    assert len({delivery_key(*attempt) for attempt in attempts}) == len(attempts)


@given(NAMES, NAMES, st.integers(1, 99))
def test_a_key_is_a_safe_name_everywhere(digest: str, environment: str, attempt: int) -> None:
    key = delivery_key(digest, environment, attempt)
    assert len(key) == 32
    assert set(key) <= set("0123456789abcdef")


# ---------------------------------------------------------------- states


@pytest.mark.parametrize("state", DeliveryState)
def test_a_delivery_is_over_when_nothing_more_is_expected(state: DeliveryState) -> None:
    assert state.over == (state in OVER)


# ---------------------------------------------------------------- the fold


def test_nothing_happened_yet() -> None:
    assert folded() == History()


def test_kept_evidence_is_listed_by_its_run() -> None:
    assert folded(EvidenceKept(evidence("r1"))).evidence == {"r1": evidence("r1")}


def test_evidence_that_was_kept_twice_is_the_first() -> None:
    again = EvidenceKept(evidence("r1", reason="again"))
    assert folded(EvidenceKept(evidence("r1")), again).evidence == {"r1": evidence("r1")}


def test_a_prepared_release_is_listed_with_who_and_when() -> None:
    found = folded(ReleasePrepared("0.1.0", "sha256:1", "c")).releases["0.1.0"]
    assert (found.digest, found.commit, found.by, found.at) == (
        "sha256:1", "c", BY, "2026-03-01",
    )  # fmt: skip


def test_a_version_that_was_prepared_twice_is_the_first() -> None:
    history = folded(ReleasePrepared("0.1.0", "one", "c"), ReleasePrepared("0.1.0", "two", "d"))
    assert history.releases["0.1.0"].digest == "one"


def test_a_request_begins_a_delivery() -> None:
    found = folded(asked()).deliveries["key"]
    assert (found.state, found.version, found.environment, found.steps) == (
        DeliveryState.REQUESTED, "0.1.0", "production", ("Copies.",),
    )  # fmt: skip


def test_a_second_request_of_the_same_key_is_not_a_second_delivery() -> None:
    history = folded(asked(), moved("delivered"), asked())
    assert [one.state for one in history.deliveries.values()] == [DeliveryState.DELIVERED]


def test_a_delivery_tells_its_way_moment_by_moment() -> None:
    found = folded(asked(), moved("dispatched"), moved("delivered", reason="it is there"))
    assert [(one.state, one.at) for one in found.deliveries["key"].moments] == [
        ("requested", "2026-03-01"),
        ("dispatched", "2026-03-02"),
        ("delivered", "2026-03-03"),
    ]


def test_a_delivery_keeps_the_ticket_when_a_later_step_has_none() -> None:
    found = folded(asked(), moved("dispatched", run="42"), moved("delivered"))
    assert found.deliveries["key"].ticket == {"run": "42"}


def test_a_delivery_that_arrived_is_live() -> None:
    live = folded(asked(), moved("delivered")).live["production"]
    assert (live.version, live.digest, live.since, live.by) == (
        "0.1.0", "sha256:0.1.0", "2026-03-02", BY,
    )  # fmt: skip


@pytest.mark.parametrize("state", [one for one in DeliveryState if one != DeliveryState.DELIVERED])
def test_a_delivery_that_did_not_arrive_is_not_live(state: DeliveryState) -> None:
    assert folded(asked(), moved(state.value)).live == {}


@pytest.mark.parametrize("state", ["refused", "failed", "cancelled", "unknown", "dispatched"])
def test_what_was_live_stays_live_until_another_arrives(state: str) -> None:
    second = asked("second", "0.2.0")
    history = folded(asked(), moved("delivered"), second, moved(state, "second"))
    assert history.live["production"].version == "0.1.0"


def test_the_last_one_that_arrived_is_live() -> None:
    second = asked("second", "0.2.0")
    history = folded(asked(), moved("delivered"), second, moved("delivered", "second"))
    assert history.live["production"].version == "0.2.0"


def test_environments_do_not_touch_each_other() -> None:
    other = asked("other", "0.2.0", "staging")
    history = folded(asked(), moved("delivered"), other, moved("delivered", "other"))
    assert {name: live.version for name, live in history.live.items()} == {
        "production": "0.1.0",
        "staging": "0.2.0",
    }


@pytest.mark.parametrize(("last", "late"), [*product(sorted(OVER), sorted(DeliveryState))])
def test_a_delivery_that_is_over_stays_as_it_is_whatever_arrives_late(
    last: DeliveryState, late: DeliveryState
) -> None:
    assert folded(asked(), moved(last.value), moved(late.value)).deliveries == (
        folded(asked(), moved(last.value)).deliveries
    )


def test_a_step_of_a_delivery_that_was_never_requested_is_passed_over() -> None:
    assert folded(moved("delivered")) == History()


def test_a_word_of_a_later_version_leaves_the_outcome_unknown() -> None:
    history = folded(asked(), moved("paused-for-lunch"))
    assert (history.deliveries["key"].state, history.live) == (DeliveryState.UNKNOWN, {})


def test_events_of_another_project_do_not_count() -> None:
    assert fold_history(events(asked(), moved("delivered"), project="letters"), "digits") == (
        History()
    )


def test_the_fold_leaves_earlier_histories_as_they_were() -> None:
    both = events(asked(), moved("delivered"))
    before = fold_history(both[:1], "digits")
    fold_history(both, "digits")
    assert before.deliveries["key"].state is DeliveryState.REQUESTED


# ---------------------------------------------------------------- questions


def test_the_attempts_of_a_release_are_told_apart_by_environment() -> None:
    history = folded(asked("a"), moved("failed", "a"), asked("b", attempt=2), asked("c", "0.2.0"))
    attempts = history.attempts("sha256:0.1.0", "production")
    assert [(one.key, one.attempt) for one in attempts] == [("a", 1), ("b", 2)]


@pytest.mark.parametrize("state", DeliveryState)
def test_an_environment_waits_for_a_delivery_that_is_not_over(state: DeliveryState) -> None:
    going = folded(asked(), moved(state.value)).under_way("production")
    assert (going is None) == state.over


def test_an_environment_does_not_wait_for_the_delivery_of_another() -> None:
    assert folded(asked()).under_way("staging") is None


BODIES = st.one_of(
    st.builds(asked, st.sampled_from("abc"), st.sampled_from(["0.1.0", "0.2.0"]),
              st.sampled_from(["staging", "production"])),
    st.builds(moved, st.sampled_from([*(one.value for one in DeliveryState), "other"]),
              st.sampled_from("abc")),
    st.builds(ReleasePrepared, st.sampled_from(["0.1.0", "0.2.0"]), st.just("d"), st.just("c")),
)  # fmt: skip
HISTORIES = st.lists(BODIES, max_size=20)


@given(HISTORIES)
def test_whatever_is_live_was_delivered(bodies: list[Body]) -> None:
    history = folded(*bodies)
    for name, live in history.live.items():
        assert any(
            (one.environment, one.digest, one.state) == (name, live.digest, "delivered")
            for one in history.deliveries.values()
        )


@given(HISTORIES, st.integers(0, 20))
def test_what_is_over_is_never_changed_by_what_comes_after(bodies: list[Body], cut: int) -> None:
    early, late = folded(*bodies[:cut]), folded(*bodies)
    for key, delivery in early.deliveries.items():
        if delivery.state.over:
            assert late.deliveries[key] == delivery


@given(HISTORIES)
def test_reading_the_whole_history_twice_over_adds_no_delivery(bodies: list[Body]) -> None:
    assert folded(*bodies, *bodies).deliveries.keys() == folded(*bodies).deliveries.keys()


def history_of_two_and_back() -> History:
    """0.1.0, then 0.2.0, then back to 0.1.0."""
    back = DeliveryRequested(
        *("three", "0.1.0", "sha256:0.1.0", "production", 2, (), ()),
        why="wrong sevens",
        back_from="0.2.0",
    )
    first: list[Body] = [asked("one"), moved("delivered", "one")]
    second: list[Body] = [asked("two", "0.2.0"), moved("delivered", "two")]
    return fold_history(events(*first, *second, back, moved("delivered", "three")), "digits")


def test_a_roll_back_is_live_and_says_from_what_and_why() -> None:
    live = history_of_two_and_back().live["production"]
    assert (live.version, live.back_from, live.why) == ("0.1.0", "0.2.0", "wrong sevens")


def test_what_was_rolled_back_is_known_until_it_is_live_again() -> None:
    history = history_of_two_and_back()
    assert history.taken_back["production"]["0.2.0"].to == "0.1.0"
    assert (history.earlier("production"), history.back_to("production")) == (["0.2.0"], "")


def test_a_release_was_there_if_an_attempt_before_brought_it() -> None:
    history = history_of_two_and_back()
    there = [history.was_there("sha256:0.1.0", "production", key) for key in ("one", "three", "")]
    assert there == [False, True, True]


def test_an_event_of_a_plain_delivery_is_written_as_it_always_was() -> None:
    (event,) = events(asked())
    assert not {"why", "issues", "back_from"} & set(msgspec.json.decode(event.to_bytes())["body"])


def test_what_a_work_item_was_told_is_kept_and_what_it_was_not_is_replaced() -> None:
    first = WorkItemsTold("key", (Told("#1", "https://x/1"), Told("#2", problem="away")))
    second = WorkItemsTold("key", (Told("#1", problem="away"), Told("#2", "https://x/2")))
    history = folded(asked(), moved("delivered"), first, second, WorkItemsTold("other", ()))
    assert history.deliveries["key"].told == (Told("#1", "https://x/1"), Told("#2", "https://x/2"))
