from __future__ import annotations

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyter_mlcd.model.gate import Finding, Gate, Goal, Outcome, Score, judge
from jupyter_mlcd.model.metric import is_slice, metric_key, slice_words
from tests.model.examples import score

YOUNG, OLD = (
    metric_key("accuracy", {"segment": "young"}),
    metric_key("accuracy", {"segment": "old"}),
)
PARTS = st.dictionaries(
    st.text(st.characters(exclude_characters="=", codec="utf-8"), min_size=1, max_size=4),
    st.one_of(st.text(max_size=4), st.integers(), st.booleans(), st.floats(allow_nan=False)),
    min_size=1,
    max_size=2,
)  # fmt: skip


def each(slices: Any = "every", **rest: Any) -> Gate:
    """Return the rule of at least 0.8 for slices, or another one."""
    return Gate("accuracy", slices=slices, **(rest or {"at_least": 0.8}))


def said(
    gate: Gate,
    now: dict[str, Score],
    live: dict[str, Score] | None = None,
    there: dict[str, Score] | None = None,
) -> list[tuple[str, str, str]]:
    """Return rule, outcome and reason of each finding, with ``live`` in production."""
    found = judge([gate], now, {} if live is None else {"production": live}, there)
    return [(one.rule, one.outcome.value, one.reason) for one in found]


def young_and_old(young: float, old: float) -> dict[str, Score]:
    return {"accuracy": score(0.9), YOUNG: score(young), OLD: score(old)}


# ------------------------------------------------------------------------------- every and some


def test_every_slice_has_to_meet_the_rule_and_the_one_that_does_not_is_named() -> None:
    assert said(each(), young_and_old(0.71, 0.93)) == [
        ("accuracy of segment old at least 0.8", "met", "0.93, 0.8 is needed"),
        ("accuracy of segment young at least 0.8", "not-met", "0.71, 0.8 is needed"),
    ]


def test_a_rule_on_slices_says_nothing_of_the_whole() -> None:
    assert all(" of segment " in rule for rule, _, _ in said(each(), young_and_old(0.9, 0.9)))


def test_slices_of_another_score_are_none_of_this_one() -> None:
    recall = {metric_key("recall", {"segment": "young"}): score(0.1)}
    assert len(said(each(), {**young_and_old(0.9, 0.9), **recall})) == 2


def test_a_score_without_any_slice_proves_nothing_of_its_slices() -> None:
    assert said(each(), {"accuracy": score(0.99)}) == [
        ("accuracy of any slice is recorded", "not-met",
         "no notebook recorded `accuracy of any slice`"),
    ]  # fmt: skip


@pytest.mark.parametrize("name", ["young", "segment young", 'segment="young"'])
def test_a_slice_is_named_by_its_value_its_words_or_its_brackets(name: str) -> None:
    assert [rule for rule, _, _ in said(each((name,)), young_and_old(0.9, 0.1))] == [
        "accuracy of segment young at least 0.8"
    ]


def test_two_names_of_one_slice_are_one_finding() -> None:
    assert len(said(each(("young", "segment young")), young_and_old(0.9, 0.9))) == 1


def test_a_named_slice_that_nobody_recorded_is_not_met() -> None:
    rule, outcome, reason = said(each(("young", "middle")), young_and_old(0.9, 0.9))[0]
    assert (rule, outcome) == ("accuracy of middle is recorded", "not-met")
    assert reason == "no notebook recorded `accuracy of middle`"


def test_a_value_alone_names_no_slice_by_several_things() -> None:
    both = metric_key("accuracy", {"segment": "young", "sex": "f"})
    assert not is_slice(both, "accuracy", "young")
    assert is_slice(both, "accuracy", "segment young, sex f")


def test_slices_may_lie_on_both_sides_of_a_bound_that_is_the_most() -> None:
    gate = each(goal=Goal.MIN, at_most=0.1)
    assert [outcome for _, outcome, _ in said(gate, young_and_old(0.05, 0.2))] == ["not-met", "met"]


def test_a_slice_over_a_matrix_is_judged_as_the_whole_is() -> None:
    now = {YOUNG: score(0.7, 0.9)}
    assert said(each(), now)[0][0] == "mean accuracy of segment young at least 0.8"


# ------------------------------------------------------------------------------ against the live


def test_each_slice_is_compared_with_the_same_one_that_is_live() -> None:
    gate = each(better_than="production", by=0.01)
    found = said(gate, young_and_old(0.75, 0.95), young_and_old(0.8, 0.9))
    assert found == [
        ("accuracy of segment old better than production by 0.01", "met",
         "0.95 against 0.9 live: 0.05 better, at least 0.01 better is needed"),
        ("accuracy of segment young better than production by 0.01", "not-met",
         "0.75 against 0.8 live: 0.05 worse, at least 0.01 better is needed"),
    ]  # fmt: skip


def test_a_slice_that_was_measured_for_the_live_version_and_is_gone_is_not_met() -> None:
    gate = each(better_than="production")
    now = {YOUNG: score(0.99)}
    lost = said(gate, now, young_and_old(0.8, 0.9))[0]
    assert lost == (
        "accuracy of segment old is recorded", "not-met",
        "it was measured for the version that is live, and no notebook recorded it now",
    )  # fmt: skip


def test_a_bound_alone_misses_a_slice_of_what_is_live_where_it_goes_too() -> None:
    found = said(each(), {YOUNG: score(0.99)}, there=young_and_old(0.8, 0.9))
    assert [outcome for _, outcome, _ in found] == ["not-met", "met"]


def test_a_named_slice_that_is_gone_is_missed_and_others_are_not() -> None:
    found = said(each(("old",)), {YOUNG: score(0.99)}, there=young_and_old(0.8, 0.9))
    assert [rule for rule, _, _ in found] == ["accuracy of segment old is recorded"]


def test_a_slice_that_the_live_version_did_not_measure_cannot_be_compared() -> None:
    (found,) = said(
        each(("old",), better_than="production"), young_and_old(1, 1), {YOUNG: score(1)}
    )
    assert found[1:] == (
        "not-comparable",
        "the release that is live in production did not record `accuracy of segment old`",
    )


def test_a_first_release_has_nothing_to_compare_its_slices_with() -> None:
    found = said(each(better_than="production"), young_and_old(0.5, 0.5))
    assert [outcome for _, outcome, _ in found] == ["met", "met"]


def test_a_finding_names_the_slice_as_the_score_s_own_key() -> None:
    (_, one) = judge([each()], young_and_old(0.9, 0.9), {})
    assert (one.metric, one.value, one.against) == (YOUNG, 0.9, 0.8)


# -------------------------------------------------------------------------- words and what is kept


@given(PARTS, PARTS)
def test_no_two_slices_have_the_same_words(one: dict[str, Any], other: dict[str, Any]) -> None:
    if metric_key("a", one) != metric_key("a", other):
        assert slice_words(one) != slice_words(other)


@pytest.mark.parametrize(
    ("part", "words"),
    [
        ({"age": "<30"}, "age <30"),
        ({"age": 30, "sex": "f"}, "age 30, sex f"),
        ({"age": "30"}, 'age "30"'),
        ({"is_new": True}, "is_new true"),
        ({"town": "New York"}, 'town "New York"'),
        ({"stadt": "Köln"}, "stadt Köln"),
    ],
)
def test_a_slice_reads_as_people_write_it(part: dict[str, Any], words: str) -> None:
    assert slice_words(part) == words


@pytest.mark.parametrize("slices", [(), ("young", "")])
def test_slices_that_name_none_are_an_error(slices: tuple[str, ...]) -> None:
    assert each(slices).problem().startswith("`slices` names none")


@pytest.mark.parametrize("slices", ["every", ("young",)])
def test_slices_that_name_some_are_good(slices: str | tuple[str, ...]) -> None:
    assert each(slices).problem() == ""


def test_a_rule_that_was_written_before_keeps_its_bytes() -> None:
    text = (
        b'{"metric":"a","goal":"max","at-least":1.0,"at-most":null,"better-than":"","by":0.0,'
        b'"over":"mean","environments":[]}'
    )
    assert msgspec.json.encode(msgspec.json.decode(text, type=Gate)) == text


@pytest.mark.parametrize("gate", [each(), each(("a", "b")), each(better_than="x", noise="seed")])
def test_a_rule_on_slices_survives_json(gate: Gate) -> None:
    assert msgspec.json.decode(msgspec.json.encode(gate), type=Gate) == gate


def test_the_order_in_which_slices_were_recorded_does_not_matter() -> None:
    now = young_and_old(0.9, 0.1)
    assert said(each(), now) == said(each(), dict(reversed(now.items())))


def test_outcomes_of_slices_are_those_of_every_rule() -> None:
    found: list[Finding] = judge([each()], young_and_old(0.9, 0.1), {})
    assert {one.outcome for one in found} == {Outcome.MET, Outcome.NOT_MET}
