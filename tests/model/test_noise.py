from __future__ import annotations

import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyter_mlcd.model.gate import Finding, Gate, Goal, Outcome, Over, Score, judge
from jupyter_mlcd.model.noise import by_value, noise_between
from jupyter_mlcd.model.suite import case_id

NOTEBOOK = "train[1].ipynb"
NUMBERS = st.lists(st.floats(-1e3, 1e3), min_size=2, max_size=5)


def over_seeds(*values: float, **rest: Any) -> Score:
    """Return a score with one value a seed."""
    cases = [case_id(NOTEBOOK, {"seed": seed, **rest}) for seed in range(len(values))]
    return Score(NOTEBOOK, dict(zip(cases, values, strict=True)), "same")


def said(now: Score, live: Score | None, **rest: Any) -> Finding:
    gate = Gate("accuracy", better_than="production", noise="seed", **rest)
    (finding,) = judge(
        [gate], {"accuracy": now}, {"production": {"accuracy": live}} if live else {}
    )
    return finding


def noise(ours: Score, theirs: Score) -> float | None:
    return noise_between("seed", (NOTEBOOK, ours.values), (NOTEBOOK, theirs.values)).error


# ---------------------------------------------------------------------------------- the rule


def test_a_gain_beyond_the_noise_is_one() -> None:
    finding = said(over_seeds(0.91, 0.92, 0.93), over_seeds(0.81, 0.82, 0.83))
    assert finding.outcome is Outcome.MET
    assert finding.rule == "mean accuracy better than production, beyond the noise of seed"
    assert finding.reason == (
        "0.92 against 0.82 live: 0.1 better, better is needed; "
        "more than the noise over 3 and 3 values of seed, 0.0163"
    )


def test_a_gain_within_the_noise_is_none() -> None:
    finding = said(over_seeds(0.80, 0.90, 0.97), over_seeds(0.79, 0.88, 0.95))
    assert finding.outcome is Outcome.NOT_MET
    assert "not more than the noise over 3 and 3 values of seed" in finding.reason


def test_a_margin_that_is_missed_is_told_before_any_noise() -> None:
    finding = said(over_seeds(0.91, 0.92), over_seeds(0.90, 0.91), by=0.5)
    assert finding.outcome is Outcome.NOT_MET
    assert "noise" not in finding.reason


@pytest.mark.parametrize(
    ("now", "live", "counts"),
    [
        (over_seeds(0.9), over_seeds(0.7, 0.8), "1 of seed now and 2 live"),
        (over_seeds(0.9, 0.91), over_seeds(0.7), "2 of seed now and 1 live"),
        (
            Score(NOTEBOOK, {NOTEBOOK: 0.9}, "same"),
            over_seeds(0.7, 0.8),
            "0 of seed now and 2 live",
        ),
    ],
)
def test_too_few_values_cannot_tell_and_are_not_met(now: Score, live: Score, counts: str) -> None:
    finding = said(now, live)
    assert (finding.outcome, finding.met) == (Outcome.NOT_COMPARABLE, False)
    assert f"whether that is noise cannot be told from {counts}" in finding.reason


def test_without_any_spread_every_gain_is_one() -> None:
    assert said(over_seeds(0.9, 0.9), over_seeds(0.8, 0.8)).met


def test_where_less_is_better_a_gain_is_less() -> None:
    better = said(over_seeds(0.11, 0.12), over_seeds(0.21, 0.22), goal=Goal.MIN)
    assert better.met
    assert not said(over_seeds(0.21, 0.22), over_seeds(0.11, 0.12), goal=Goal.MIN).met


def test_a_first_release_has_no_noise_to_beat() -> None:
    assert said(over_seeds(0.9), None).met


@pytest.mark.parametrize("bad", [math.nan, math.inf])
def test_scores_that_are_no_numbers_are_never_beyond_the_noise(bad: float) -> None:
    assert not said(over_seeds(0.9, bad), over_seeds(0.7, 0.8)).met


def test_the_noise_of_each_slice_is_its_own() -> None:
    key = 'accuracy[segment="young"]'
    gate = Gate("accuracy", better_than="production", noise="seed", slices="every")
    live = {"production": {key: over_seeds(0.79, 0.88, 0.95)}}
    (finding,) = judge([gate], {key: over_seeds(0.80, 0.90, 0.97)}, live)
    assert not finding.met
    assert finding.rule.startswith("mean accuracy of segment young better than production")


# ------------------------------------------------------------------------------- the statistic


def test_the_standard_error_is_that_of_welch() -> None:
    error = noise(over_seeds(1, 2, 3), over_seeds(2, 6))
    assert error is not None
    assert math.isclose(error, math.sqrt(1 / 3 + 8 / 2))


def test_other_parameters_are_averaged_away() -> None:
    cases = {
        case_id(NOTEBOOK, {"C": c, "seed": seed}): seed + c for c in (0, 10) for seed in (1, 2)
    }
    assert by_value("seed", NOTEBOOK, cases) == [6, 7]
    assert by_value("C", NOTEBOOK, cases) == [1.5, 11.5]


@pytest.mark.parametrize("value", [[1, 2], {"b": 1, "a": 2}, "a,b=1]", None, True, 1.5])
def test_a_parameter_may_have_any_value_that_a_case_id_holds(value: object) -> None:
    cases = {case_id(NOTEBOOK, {"odd": value, "seed": seed}): float(seed) for seed in (1, 2)}
    assert by_value("seed", NOTEBOOK, cases) == [1.0, 2.0]
    assert by_value("odd", NOTEBOOK, cases) == [1.5]


@given(NUMBERS, NUMBERS, st.floats(-100, 100))
def test_noise_is_the_same_both_ways_and_wherever_the_scores_lie(
    one: list[float], other: list[float], away: float
) -> None:
    here = noise(over_seeds(*one), over_seeds(*other))
    back = noise(over_seeds(*other), over_seeds(*one))
    moved = noise(over_seeds(*(value + away for value in one)), over_seeds(*other))
    assert here is not None
    assert back is not None
    assert moved is not None
    assert math.isclose(here, back)
    assert math.isclose(here, moved, abs_tol=1e-6)


@given(NUMBERS)
def test_the_same_scores_again_are_never_beyond_their_noise(values: list[float]) -> None:
    assert not said(over_seeds(*values), over_seeds(*values)).met


# ------------------------------------------------------------------------------ rules that are no


@pytest.mark.parametrize(
    ("gate", "problem"),
    [
        (Gate("a", at_least=1, noise="seed"), "`noise` goes with `better-than`"),
        (Gate("a", better_than="x", noise=""),
         "`noise` names a parameter of the matrix, as `seed`"),
        (Gate("a", better_than="x", noise="seed", over=Over.WORST),
         '`noise` goes with `over = "mean"`: it is the error of a mean'),
        (Gate("a", better_than="x", noise="seed"), ""),
    ],
)  # fmt: skip
def test_noise_that_makes_no_sense_is_told_so(gate: Gate, problem: str) -> None:
    assert gate.problem() == problem
