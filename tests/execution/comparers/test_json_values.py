from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyter_mlcd.execution.comparers.json_values import compare_json
from jupyter_mlcd.model.suite import Comparer, ComparerRule

if TYPE_CHECKING:
    from collections.abc import Callable

    from jupyter_mlcd.execution.comparers.mismatch import Mismatch

SCALARS = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(allow_infinity=True), st.text(max_size=4)
)
VALUES = st.recursive(
    SCALARS,
    lambda below: (
        st.lists(below, max_size=3) | st.dictionaries(st.text(max_size=4), below, max_size=3)
    ),
    max_leaves=12,
)


def compare(
    expected: Any,
    got: Any,
    relative: float = 1e-6,
    sanitize: Callable[[str], str] = lambda text: text,
) -> Mismatch | None:
    return compare_json(expected, got, ComparerRule(Comparer.JSON, relative=relative), sanitize)


def words(found: Mismatch | None) -> str:
    assert found is not None
    return found.words


@given(VALUES)
def test_a_value_is_like_itself_also_when_it_was_written_and_read(value: Any) -> None:
    assert compare(value, json.loads(json.dumps(value))) is None


@given(VALUES, VALUES)
def test_which_one_was_expected_does_not_matter(one: Any, other: Any) -> None:
    assert (compare([one], [other]) is None) is (compare([other], [one]) is None)


@given(VALUES, VALUES)
def test_without_tolerance_values_are_alike_only_when_they_are_equal(one: Any, other: Any) -> None:
    def typed(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: typed(below) for key, below in value.items()}
        if isinstance(value, list):
            return [typed(below) for below in value]
        if isinstance(value, float) and math.isnan(value):
            return "not a number"
        return (isinstance(value, bool), value)

    assert (compare([one], [other], relative=0) is None) is (typed(one) == typed(other))


def test_the_first_difference_is_named_by_its_path() -> None:
    expected = {"data": [{"y": [1, 2, 3, 1.0], "type": "bar"}], "layout": {"a b": 1}}
    got = {"data": [{"y": [1, 2, 3, 2.0], "type": "bar"}], "layout": {"a b": 2}}
    found = compare(expected, got)
    assert words(found) == "data[0].y[3]: 1.0 expected, 2.0 got"
    assert found is not None
    assert found.got == 'data[0].y[3]: 2.0\nlayout["a b"]: 2'


@pytest.mark.parametrize(
    ("expected", "got", "said"),
    [
        ([1, 2], [1], "the list: 2 values expected, 1 value got"),
        ({"a": 1}, {}, "a: 1 expected, nothing got"),
        ({}, {"a": None}, "a: nothing expected, null got"),
        ({"a": True}, {"a": 1}, "a: true expected, 1 got"),
        ({"a": "1"}, {"a": 1}, 'a: "1" expected, 1 got'),
        ([[1]], [{"a": 1}], '[0]: [1] expected, {"a": 1} got'),
        (1, 2, "the value: 1 expected, 2 got"),
    ],
)
def test_other_kinds_of_values_differ(expected: Any, got: Any, said: str) -> None:
    assert words(compare(expected, got)) == said


def test_numbers_within_the_tolerance_are_alike() -> None:
    assert compare({"x": [1, 2.0]}, {"x": [1.0000001, 2]}) is None


def test_a_list_that_grew_is_compared_as_far_as_both_go() -> None:
    found = compare({"y": [1, 2]}, {"y": [9, 2, 3]})
    assert found is not None
    assert found.got.splitlines() == ["y: 3 values", "y[0]: 9"]


def test_texts_and_names_inside_are_sanitised() -> None:
    def sanitize(text: str) -> str:
        return text.replace("monday", "DAY").replace("friday", "DAY")

    assert compare({"on monday": ["monday"]}, {"on friday": ["friday"]}, sanitize=sanitize) is None
    two = compare({"monday": 1, "friday": 2}, {"monday": 1, "friday": 3}, sanitize=sanitize)
    assert words(two) == '["DAY (2)"]: 2 expected, 3 got'


def test_printed_json_is_read() -> None:
    assert compare('{"a": 1, "b": [0.5]}', '{\n "b": [0.50], "a": 1.0}') is None
    assert words(compare('{"a": 1}', '{"a": 2}')) == "a: 1 expected, 2 got"


def test_printed_json_that_a_replacement_breaks_is_still_read() -> None:
    assert compare('{"a": 1}', '{"a": 1.0}', sanitize=lambda text: text.replace('"', "")) is None


def test_text_that_is_no_json_is_compared_letter_by_letter() -> None:
    assert compare("no 1", "no 1") is None
    assert compare("no 1", "no 1.0") is not None


def test_arrays_that_plotly_packed_are_compared_by_their_numbers() -> None:
    expected = {"y": {"dtype": "f8", "bdata": "AAAAAAAA8D8AAAAAAAAAQA=="}}  # 1.0, 2.0
    assert compare(expected, {"y": [1.0, 2.0000001]}) is None
    got = {"y": {"dtype": "f8", "bdata": "AAAAAAAA8D8AAAAAAAAIQA=="}}  # 1.0, 3.0
    assert words(compare(expected, got)) == "y[1]: 2.0 expected, 3.0 got"


@pytest.mark.parametrize("packed", ["AAA", "####", "AAAAAAAA8D8A"])
def test_what_only_looks_like_a_packed_array_is_compared_as_it_is(packed: str) -> None:
    expected = {"y": {"dtype": "f8", "bdata": packed}}
    assert compare(expected, expected) is None
    assert words(compare(expected, {"y": {"dtype": "f8", "bdata": "A"}})).startswith("y.bdata: ")


def test_the_shape_of_a_packed_array_counts() -> None:
    one = {"z": {"dtype": "i1", "bdata": "AQIDBA==", "shape": "2, 2"}}
    other = {"z": {"dtype": "i1", "bdata": "AQIDBA==", "shape": "4, 1"}}
    assert words(compare(one, other)) == 'z.shape: "2, 2" expected, "4, 1" got'


def test_vegas_names_of_data_sets_are_digests_and_do_not_count() -> None:
    def chart(digest: str, value: float) -> dict[str, Any]:
        name = f"data-{digest * 32}"
        return {"data": {"name": name}, "datasets": {name: [{"a": value}]}}

    assert compare(chart("a", 1.0), chart("b", 1.0000001)) is None
    said = words(compare(chart("a", 1.0), chart("b", 2.0)))
    assert said == 'datasets["data-1"][0].a: 1.0 expected, 2.0 got'


def test_a_million_values_are_compared() -> None:
    numbers = list(range(1_000_000))
    found = compare({"y": numbers}, {"y": [number + 1 for number in numbers]}, relative=0)
    assert found is not None
    assert found.got.endswith("... and at least 1000 more")
