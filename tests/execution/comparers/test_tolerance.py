from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyter_mlcd.execution.comparers.tolerance import Tolerance, decimal_of
from jupyter_mlcd.model.suite import Comparer, ComparerRule

NUMBERS = st.one_of(st.integers(), st.floats()).map(Decimal)
BOUNDS = st.floats(0, 1)


def tolerance(absolute: float = 0.0, relative: float = 0.0) -> Tolerance:
    return Tolerance.of(ComparerRule(Comparer.NUMBERS, absolute=absolute, relative=relative))


@given(NUMBERS, BOUNDS, BOUNDS)
def test_a_number_is_like_itself(number: Decimal, absolute: float, relative: float) -> None:
    assert tolerance(absolute, relative).holds(number, number)


@given(NUMBERS, NUMBERS, BOUNDS, BOUNDS)
def test_which_one_was_expected_does_not_matter(
    one: Decimal, other: Decimal, absolute: float, relative: float
) -> None:
    rule = tolerance(absolute, relative)
    assert rule.holds(one, other) == rule.holds(other, one)


@given(st.integers(-(10**30), 10**30), st.integers(1, 10**30))
def test_without_tolerance_every_change_is_found(number: int, change: int) -> None:
    assert not tolerance().holds(Decimal(number), Decimal(number + change))


@given(st.floats(1e-12, 1e12), st.floats(1e-6, 1), st.floats(1.01, 100))
def test_a_change_above_the_absolute_tolerance_is_found(
    number: float, absolute: float, times: float
) -> None:
    one, bound = Decimal(number), Decimal(str(absolute))
    assert not tolerance(absolute=absolute).holds(one, one + bound * Decimal(times))
    assert tolerance(absolute=absolute).holds(one, one + bound / Decimal(times))


@given(st.floats(1e-300, 1e300), st.floats(1e-6, 0.5), st.floats(1.01, 100))
def test_a_change_above_the_relative_tolerance_is_found(
    number: float, relative: float, times: float
) -> None:
    one, bound = Decimal(number), Decimal(str(relative))
    assert not tolerance(relative=relative).holds(one, one * (1 - bound * Decimal(times)))
    assert tolerance(relative=relative).holds(one, one * (1 - bound / Decimal(times)))


@pytest.mark.parametrize(
    ("one", "other", "is_alike"),
    [
        ("nan", "NaN", True),
        ("nan", "1", False),
        ("inf", "Infinity", True),
        ("inf", "-inf", False),
        ("inf", "1e400", False),
        ("1e400", "1e500", False),
        ("1e999999999", "2e999999999", False),
        ("1000000000000000000001", "1000000000000000000001.0", True),
        ("-0", "0", True),
        ("5.", "5", True),
    ],
)
def test_unusual_numbers(one: str, other: str, is_alike: bool) -> None:
    ours, theirs = decimal_of(one), decimal_of(other)
    assert ours is not None
    assert theirs is not None
    assert tolerance(absolute=0.5, relative=0.1).holds(ours, theirs) is is_alike


@pytest.mark.parametrize("word", ["9" * 1000, "1e99999999999999999999"])
def test_what_is_beyond_all_measure_is_no_number(word: str) -> None:
    assert decimal_of(word) is None


def test_the_bounds_in_words() -> None:
    assert str(tolerance(relative=1e-6)) == "within 1e-06 (relative)"
    assert str(tolerance(0.5, 0.1)) == "within 0.5 (absolute) or 0.1 (relative)"
    assert str(tolerance()) == "exactly"
