from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyter_mlcd.execution.comparers.number_text import compare_number_text
from jupyter_mlcd.model.suite import Comparer, ComparerRule

if TYPE_CHECKING:
    from jupyter_mlcd.execution.comparers.mismatch import Mismatch

WORDS = st.sampled_from(
    ["loss", "x1", "nan", "inf", "1,234", "12.5ms", "2024-01-31", "1.2.3", "\n", " ", "[", "é", "="]
)
FLOATS = st.floats(allow_nan=False, allow_infinity=False).map(repr)
TEXTS = st.lists(st.one_of(WORDS, FLOATS, st.text(max_size=5)), max_size=12).map(" ".join)

PROSE = st.text(alphabet="bcd =[\n", max_size=6)


def compare(
    expected: str, got: str, absolute: float = 0.0, relative: float = 0.0
) -> Mismatch | None:
    rule = ComparerRule(Comparer.NUMBERS, absolute=absolute, relative=relative)
    return compare_number_text(expected, got, rule, lambda text: text)


@given(TEXTS)
def test_a_text_is_like_itself(text: str) -> None:
    assert compare(text, text) is None


@given(TEXTS, TEXTS, st.sampled_from([0.0, 1e-6, 0.1]))
def test_which_one_was_expected_does_not_matter(one: str, other: str, relative: float) -> None:
    is_alike = compare(one, other, relative=relative) is None
    assert (compare(other, one, relative=relative) is None) is is_alike


@given(TEXTS, st.floats(0.1, 1e6), st.floats(1.5, 100), TEXTS)
def test_a_change_above_the_tolerance_is_found_and_covered(
    before: str, number: float, times: float, after: str
) -> None:
    changed = number * times
    expected, got = f"{before} {number!r} {after}", f"{before} {changed!r} {after}"
    found = compare(expected, got, relative=1e-3)
    assert found is not None
    (start, end), (there, until) = found.spans
    assert start <= len(before) + 1
    assert end >= len(before) + 1 + len(repr(number))
    assert there <= len(before) + 1
    assert until >= len(before) + 1 + len(repr(changed))


@given(st.lists(st.floats(-1e9, 1e9), min_size=1, max_size=8))
def test_a_change_within_the_tolerance_is_none(numbers: list[float]) -> None:
    expected = "\n".join(f"loss {number!r}, step" for number in numbers)
    got = "\n".join(f"loss {number * (1 + 1e-9)!r}, step" for number in numbers)
    assert compare(expected, got, relative=1e-6) is None


@given(PROSE, PROSE)
def test_texts_without_numbers_are_alike_only_when_equal(one: str, other: str) -> None:
    assert (compare(one, other, absolute=100) is None) is (one == other)


@pytest.mark.parametrize(
    ("expected", "got"),
    [
        ("loss 0.5000", "loss 0.5"),
        ("[1. 2. 3.]", "[1 2 3]"),
        ("1e-05", "0.00001"),
        ("12.5ms", "12.50ms"),
        ("(1+2j)", "(1.0+2.0j)"),
        ("10%", "10.0%"),
        ("x=-3", "x=-3.0"),
        ("nan inf -inf", "NaN Infinity -inf"),
    ],
)
def test_one_number_may_be_written_in_two_ways(expected: str, got: str) -> None:
    assert compare(expected, got) is None


@pytest.mark.parametrize(
    ("expected", "got"),
    [
        ("x1 = 5", "x2 = 5"),
        ("2024-01-31", "2025-01-31"),
        ("12:30:45", "12:30:46"),
        ("version 1.2.3", "version 1.2.4"),
        ("0x1F", "0x2F"),
        ("5-3", "5+3"),
        ("1 2", "1  2"),
        ("1 2", "1 2 3"),
        ("1 2 3", "1 2"),
        ("one 1", "two 1"),
        ("0.5", "half"),
        ("nan", "0"),
        ("9" * 1000, "9" * 999 + "8"),
    ],
)
def test_what_is_no_number_is_compared_letter_by_letter(expected: str, got: str) -> None:
    assert compare(expected, got, absolute=100, relative=0.9) is not None


def test_a_comma_ends_a_number() -> None:
    assert compare("1,234", "1,235", relative=1e-3) is not None
    assert compare("1,234", "1,234.1", relative=1e-3) is None


def test_the_first_difference_is_said_and_all_are_covered() -> None:
    found = compare("a 1.0 b 2.0 c 3.0 d", "a 1.0 b 2.5 c 3.5 d")
    assert found is not None
    assert found.words == "2.0 expected, 2.5 got"
    assert found.expected[slice(*found.spans[0])] == "2.0 c 3.0"
    assert found.got[slice(*found.spans[1])] == "2.5 c 3.5"
    assert found.by == "numbers exactly"


def test_five_megabytes_of_numbers_are_compared() -> None:
    lines = [f"step {number} loss 0.{number:07d} accuracy 0.5" for number in range(130_000)]
    got = "\n".join(f"{line}0" for line in lines)
    assert len(got) > 5_000_000
    assert compare("\n".join(lines), got) is None
    found = compare("\n".join(lines), f"{got}1", relative=0)
    assert found is not None
    assert found.words == "0.5 expected, 0.501 got"


def test_five_megabytes_of_digits_are_read_once() -> None:
    assert compare("1" * 5_000_000 + "abcd", "1" * 5_000_000 + "abce") is not None


def test_text_is_sanitised_before_it_is_compared() -> None:
    rule = ComparerRule(Comparer.NUMBERS)
    found = compare_number_text("took 5 s", "took 9 s", rule, lambda text: text.replace("9", "5"))
    assert found is None
