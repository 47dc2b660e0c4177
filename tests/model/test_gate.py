from __future__ import annotations

import math
from statistics import fmean
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyter_mlcd.model.gate import (
    Finding,
    Gate,
    Goal,
    Outcome,
    Over,
    Score,
    ScoredAgain,
    all_passed,
    judge,
    scores,
    show,
    summary,
)
from jupyter_mlcd.model.result import GREEN, Verdict
from tests.model.examples import result, run, score

NUMBERS = st.floats(-1e6, 1e6)


def said(gate: Gate, now: Score | None, live: Score | None = None) -> Finding:
    """Return the one finding of a gate, with ``live`` in production."""
    before = {} if live is None else {"production": {"accuracy": live}}
    (finding,) = judge([gate], {} if now is None else {"accuracy": now}, before)
    return finding


def at_least(bound: float, **rest: Any) -> Gate:
    return Gate("accuracy", at_least=bound, **rest)


def better(by: float = 0.0, **rest: Any) -> Gate:
    return Gate("accuracy", better_than="production", by=by, **rest)


# ---------------------------------------------------------------- rules that are no


@pytest.mark.parametrize(
    ("gate", "problem"),
    [
        (Gate("a"), "the rule on `a` asks for nothing: add `at-least` or `better-than`"),
        (Gate("a", by=0.1), "the rule on `a` asks for nothing: add `at-least` or `better-than`"),
        (at_least(0.9, by=0.1), "`by` goes with `better-than`"),
        (better(-0.1), "`by` is how much better it must be, so it cannot be negative"),
        (at_least(math.nan), "the rule on `accuracy` needs finite numbers"),
        (at_least(-math.inf), "the rule on `accuracy` needs finite numbers"),
        (better(math.nan), "the rule on `accuracy` needs finite numbers"),
        (Gate("a", at_most=math.inf), "the rule on `a` needs finite numbers"),
        (at_least(0.9, at_most=0.1), "no score is at least 0.9 and at most 0.1"),
    ],
)
def test_a_rule_that_says_nothing_or_contradicts_itself_is_told_so(
    gate: Gate, problem: str
) -> None:
    assert gate.problem() == problem


@pytest.mark.parametrize(
    "gate", [at_least(0), better(), better(0.1), Gate("a", at_most=1), at_least(0.5, at_most=0.5)]
)
def test_a_rule_that_asks_for_something_is_good(gate: Gate) -> None:
    assert gate.problem() == ""


# ---------------------------------------------------------------- scored again


def again(*values: float, basis: str = "same") -> ScoredAgain:
    own = score(*values, basis=basis)
    return ScoredAgain(own.notebook, own.values, own.basis, version="0.1.0")


def test_what_was_scored_again_is_compared_and_named() -> None:
    found = said(better(), score(0.97), again(0.94))
    assert (found.outcome, found.against) == (Outcome.MET, 0.94)
    assert found.reason == (
        "0.97 against 0.94 live (0.1.0 scored again on today's data): 0.03 better, better is needed"
    )


def test_what_was_scored_again_by_another_evaluation_is_not_compared() -> None:
    found = said(better(), score(0.97), again(0.94, basis="other"))
    assert found.outcome is Outcome.NOT_COMPARABLE


def test_noise_over_a_matrix_is_that_of_the_scores_of_today() -> None:
    def seeds(*values: float) -> dict[str, float]:
        return {f"evaluate.ipynb[seed={seed}]": one for seed, one in enumerate(values)}

    now = Score("evaluate.ipynb", seeds(0.9, 0.92, 0.94), "same")
    live = ScoredAgain("evaluate.ipynb", seeds(0.8, 0.82, 0.84), "same", version="0.1.0")
    found = said(better(noise="seed"), now, live)
    assert found.outcome is Outcome.MET
    assert "more than the noise over 3 and 3 values of seed" in found.reason


# ---------------------------------------------------------------- at least and at most


@pytest.mark.parametrize(
    ("value", "outcome"),
    [(0.96, "met"), (0.95, "met"), (0.949, "not-met"), (-1, "not-met"), (math.inf, "met"),
     (math.nan, "not-met"), (-math.inf, "not-met")],
)  # fmt: skip
def test_at_least_includes_the_bound(value: float, outcome: str) -> None:
    assert said(at_least(0.95), score(value)).outcome == outcome


@pytest.mark.parametrize(
    ("value", "outcome"),
    [(0.04, "met"), (0.05, "met"), (0.051, "not-met"), (math.inf, "not-met"),
     (math.nan, "not-met"), (-math.inf, "met")],
)  # fmt: skip
def test_at_most_includes_the_bound(value: float, outcome: str) -> None:
    assert said(Gate("accuracy", at_most=0.05), score(value)).outcome == outcome


def test_both_bounds_are_two_findings() -> None:
    findings = judge([at_least(0.1, at_most=0.9)], {"accuracy": score(0.95)}, {})
    assert [finding.outcome for finding in findings] == [Outcome.MET, Outcome.NOT_MET]


def test_a_bound_and_a_comparison_are_two_findings() -> None:
    gate = Gate("accuracy", at_least=0.9, better_than="production")
    live = {"production": {"accuracy": score(0.97)}}
    findings = judge([gate], {"accuracy": score(0.95)}, live)
    assert [finding.outcome for finding in findings] == [Outcome.MET, Outcome.NOT_MET]


@pytest.mark.parametrize(
    ("value", "words"),
    [(0.96, "0.96, 0.95 is needed"), (0.5, "0.5, 0.95 is needed"), (1, "1, 0.95 is needed")],
)
def test_the_reason_gives_both_numbers(value: float, words: str) -> None:
    assert said(at_least(0.95), score(value)).reason == words


def test_two_numbers_that_differ_never_read_the_same() -> None:
    finding = said(at_least(0.95), score(0.949999))
    assert (finding.outcome, finding.reason) == ("not-met", "0.949999, 0.95 is needed")


def test_the_finding_keeps_the_numbers() -> None:
    finding = said(at_least(0.95), score(0.96))
    assert (finding.metric, finding.value, finding.against) == ("accuracy", 0.96, 0.95)


@pytest.mark.parametrize("gate", [at_least(0.9), better(), Gate("accuracy", at_most=1)])
def test_a_score_that_no_notebook_recorded_is_not_met(gate: Gate) -> None:
    finding = said(gate, None)
    assert (finding.outcome, finding.reason) == ("not-met", "no notebook recorded `accuracy`")


@given(NUMBERS, NUMBERS)
def test_a_score_that_reaches_one_bound_reaches_every_lower_one(value: float, bound: float) -> None:
    if said(at_least(bound), score(value)).met:
        assert said(at_least(bound - 1), score(value)).met


@given(NUMBERS, st.integers(1, 12))
def test_the_mean_of_equal_scores_reaches_that_score(value: float, count: int) -> None:
    same = score(*[value] * count)
    assert said(at_least(value), same).met
    assert said(Gate("accuracy", at_most=value), same).met


# ---------------------------------------------------------------- over a matrix


@pytest.mark.parametrize(
    ("over", "goal", "value"),
    [
        (Over.MEAN, Goal.MAX, 0.5),
        (Over.MEAN, Goal.MIN, 0.5),
        (Over.WORST, Goal.MAX, 0.2),
        (Over.WORST, Goal.MIN, 0.8),
        (Over.EVERY, Goal.MAX, 0.2),
        (Over.EVERY, Goal.MIN, 0.8),
    ],
)
def test_a_matrix_becomes_one_number(over: Over, goal: Goal, value: float) -> None:
    gate = Gate("accuracy", goal, at_least=0, over=over)
    assert summary(gate, score(0.5, 0.2, 0.8)) == value


@given(st.lists(NUMBERS, min_size=1, max_size=6), st.sampled_from(Goal))
def test_the_worst_is_never_better_than_the_mean(values: list[float], goal: Goal) -> None:
    worst = summary(Gate("accuracy", goal, over=Over.WORST), score(*values))
    mean = fmean(values)
    rounding = 1e-9 * max(1.0, abs(mean))
    assert worst <= mean + rounding if goal is Goal.MAX else worst >= mean - rounding


@given(st.lists(NUMBERS, min_size=1, max_size=6), NUMBERS)
def test_every_means_that_each_value_meets_the_rule(values: list[float], bound: float) -> None:
    together = said(at_least(bound, over=Over.EVERY), score(*values)).met
    assert together == all(said(at_least(bound), score(value)).met for value in values)


@pytest.mark.parametrize(
    ("values", "over", "rule"),
    [
        ((0.9,), Over.MEAN, "accuracy at least 0.5"),
        ((0.9,), Over.WORST, "accuracy at least 0.5"),
        ((0.9, 0.8), Over.MEAN, "mean accuracy at least 0.5"),
        ((0.9, 0.8), Over.WORST, "worst accuracy at least 0.5"),
        ((0.9, 0.8), Over.EVERY, "every accuracy at least 0.5"),
    ],
)
def test_the_rule_says_what_it_looks_at(values: tuple[float, ...], over: Over, rule: str) -> None:
    assert said(at_least(0.5, over=over), score(*values)).rule == rule


# ---------------------------------------------------------------- better than what is live


@pytest.mark.parametrize(
    ("goal", "value", "by", "outcome", "reason"),
    [
        ("max", 0.97, 0, "met", "0.97 against 0.95 live: 0.02 better, better is needed"),
        ("max", 0.95, 0, "not-met", "0.95 against 0.95 live: the same, better is needed"),
        ("max", 0.94, 0, "not-met", "0.94 against 0.95 live: 0.01 worse, better is needed"),
        ("max", 0.97, 0.02, "met",
         "0.97 against 0.95 live: 0.02 better, at least 0.02 better is needed"),
        ("max", 0.96, 0.02, "not-met",
         "0.96 against 0.95 live: 0.01 better, at least 0.02 better is needed"),
        ("max", 0.95, 0.02, "not-met",
         "0.95 against 0.95 live: the same, at least 0.02 better is needed"),
        ("min", 0.93, 0, "met", "0.93 against 0.95 live: 0.02 better, better is needed"),
        ("min", 0.97, 0, "not-met", "0.97 against 0.95 live: 0.02 worse, better is needed"),
        ("min", 0.93, 0.02, "met",
         "0.93 against 0.95 live: 0.02 better, at least 0.02 better is needed"),
        ("min", 0.94, 0.02, "not-met",
         "0.94 against 0.95 live: 0.01 better, at least 0.02 better is needed"),
    ],
)  # fmt: skip
def test_better_than_compares_with_the_live_score(
    goal: str, value: float, by: float, outcome: str, reason: str
) -> None:
    finding = said(better(by, goal=Goal(goal)), score(value), score(0.95))
    assert (finding.outcome, finding.reason) == (outcome, reason)


def test_a_first_release_meets_the_comparison_and_says_that_there_was_none() -> None:
    finding = said(better(0.1), score(0.5))
    assert (finding.outcome, finding.reason) == (
        "met", "first release to production: nothing to compare with",
    )  # fmt: skip


def test_a_first_release_must_have_recorded_the_score_all_the_same() -> None:
    assert not said(better(), None).met


def test_a_live_release_without_the_score_cannot_be_compared() -> None:
    (finding,) = judge([better()], {"accuracy": score(0.9)}, {"production": {}})
    assert finding.outcome is Outcome.NOT_COMPARABLE
    assert "did not record `accuracy`" in finding.reason


@pytest.mark.parametrize("value", [0.5, 0.95, 0.99])
def test_scores_of_another_evaluation_are_not_comparable_whatever_they_are(value: float) -> None:
    finding = said(better(), score(value), score(0.95, basis="another"))
    assert (finding.outcome, finding.met) == (Outcome.NOT_COMPARABLE, False)
    assert "evaluate.ipynb or its inputs changed since the live release" in finding.reason


def test_the_margin_stands_in_the_rule() -> None:
    assert said(better(0.002), score(0.9)).rule == "accuracy better than production by 0.002"


def test_another_environment_than_the_one_named_does_not_count() -> None:
    live = {"staging": {"accuracy": score(0.99)}}
    (finding,) = judge([better()], {"accuracy": score(0.5)}, live)
    assert "first release" in finding.reason


@pytest.mark.parametrize("over", Over)
def test_a_matrix_is_compared_with_the_matrix_that_is_live(over: Over) -> None:
    assert said(better(0.1, over=over), score(0.7, 0.9), score(0.6, 0.8)).met
    assert not said(better(0.11, over=over), score(0.7, 0.9), score(0.6, 0.8)).met


@pytest.mark.parametrize(
    ("old", "new", "by"),
    [(0.1, 0.3, 0.2), (0.951, 0.953, 0.002), (0.7, 0.8, 0.1), (1.1, 1.4, 0.3), (0.29, 0.3, 0.01),
     (1000000.1, 1000000.2, 0.1), (1e-5, 3e-5, 2e-5)],
)  # fmt: skip
def test_a_gain_of_exactly_the_margin_is_enough_though_binary_fractions_round(
    old: float, new: float, by: float
) -> None:
    assert said(better(by), score(new), score(old)).met
    assert said(better(by, goal=Goal.MIN), score(old), score(new)).met


@given(st.integers(0, 10**6), st.integers(1, 10**6), st.integers(0, 6))
def test_a_margin_written_in_decimals_is_met_exactly_there(old: int, by: int, digits: int) -> None:
    one = 10**digits
    gate = better(by / one)
    assert said(gate, score((old + by) / one), score(old / one)).met
    assert not said(gate, score((old + by - 1) / one), score(old / one)).met


@given(NUMBERS, st.integers(1, 9), st.integers(1, 9))
def test_the_same_score_measured_more_often_is_not_better(
    value: float, before: int, after: int
) -> None:
    assert not said(better(), score(*[value] * after), score(*[value] * before)).met


@given(NUMBERS, NUMBERS, st.sampled_from(Goal))
def test_of_two_releases_at_most_one_is_better_than_the_other(
    one: float, other: float, goal: Goal
) -> None:
    there = said(better(goal=goal), score(one), score(other)).met
    back = said(better(goal=goal), score(other), score(one)).met
    assert not (there and back)


@pytest.mark.parametrize("value", [math.nan, -math.inf])
def test_a_score_that_is_no_number_is_never_better(value: float) -> None:
    assert not said(better(), score(value), score(0.5)).met


# ---------------------------------------------------------------- the rule that is always there


def test_all_cases_passed_counts_them() -> None:
    finding = all_passed([run(result("a"), result("b"))], ["quality"])
    assert (finding.outcome, finding.reason) == ("met", "2 of 2 cases passed")


def test_all_cases_of_several_suites_are_counted_together() -> None:
    runs = [run(result("a")), run(result("b"), result("c"), suite="slow")]
    assert all_passed(runs, ["quality", "slow"]).reason == "3 of 3 cases passed"


@pytest.mark.parametrize("verdict", [one for one in Verdict if one not in GREEN])
def test_a_run_that_did_not_pass_is_not_met_with_its_reason(verdict: Verdict) -> None:
    red = run(result("a", verdict), verdict=verdict, reason="cell 3 raised")
    finding = all_passed([red], ["quality"])
    assert (finding.met, finding.reason) == (False, "quality: cell 3 raised")


def test_a_run_that_passed_on_a_retry_is_met_and_says_so() -> None:
    flaky = run(result("a"), result("b", Verdict.FLAKY), verdict=Verdict.FLAKY)
    finding = all_passed([flaky], ["quality"])
    assert finding.met
    assert finding.reason == "2 of 2 cases passed, but b only on a retry"


def test_a_run_that_has_not_ended_is_not_met() -> None:
    assert not all_passed([run(result("a", None), verdict=None)], ["quality"]).met


def test_a_missing_suite_is_named() -> None:
    finding = all_passed([run(result("a"))], ["quality", "slow"])
    assert (finding.met, finding.reason) == (False, "there is no run of slow on these files")


def test_no_suites_prove_nothing() -> None:
    assert not all_passed([], []).met


def test_runs_without_cases_prove_nothing() -> None:
    finding = all_passed([run()], ["quality"])
    assert (finding.met, finding.reason) == (
        False, "the suites have no cases, so nothing was proved",
    )  # fmt: skip


# ---------------------------------------------------------------- scores


def test_the_scores_of_a_matrix_are_kept_by_case() -> None:
    cases = [result(f"t[seed={n}]", metrics={"accuracy": n / 10}) for n in (1, 2)]
    assert scores(cases, {"t": "digest"}) == {
        "accuracy": Score("t", {"t[seed=1]": 0.1, "t[seed=2]": 0.2}, "digest")
    }


def test_the_last_notebook_that_recorded_a_score_is_the_one_that_evaluates() -> None:
    cases = [result("t", metrics={"accuracy": 0.9}), result("e", metrics={"accuracy": 0.8})]
    assert scores(cases, {})["accuracy"].notebook == "e"


def test_a_score_that_only_an_earlier_notebook_recorded_is_kept() -> None:
    cases = [result("t", metrics={"loss": 0.9}), result("e", metrics={"accuracy": 0.8})]
    assert sorted(scores(cases, {})) == ["accuracy", "loss"]


def test_a_run_that_recorded_nothing_has_no_scores() -> None:
    assert scores([result("a")], {}) == {}


# ---------------------------------------------------------------- how scores read


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.95, "0.95"), (0.9666666, "0.9667"), (1.0, "1"), (0.0, "0"), (100.0, "100"), (1000, "1000"),
     (-0.5, "-0.5"), (0.0001, "0.0001"), (0.00001, "1e-05"), (1234567.891, "1234567.891"),
     (math.nan, "nan"), (math.inf, "inf")],
)  # fmt: skip
def test_a_score_reads_as_people_write_it(value: float, text: str) -> None:
    assert show(value) == text


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_score_reads_as_the_number_it_is(value: float) -> None:
    assert math.isclose(float(show(value)), value, rel_tol=1e-3, abs_tol=5.1e-5)


def test_a_finding_survives_json() -> None:
    finding = said(better(0.1), score(0.9), score(0.5))
    assert msgspec.json.decode(msgspec.json.encode(finding), type=Finding) == finding
