from __future__ import annotations

import pytest

from jupyter_mlcd.model.metric import SliceValue, metric_key, split_metric
from jupyter_mlcd.record import record


def test_a_metric_of_all_the_rows_has_its_plain_name() -> None:
    assert metric_key("accuracy", {}) == "accuracy"


def test_a_slice_stands_in_brackets_as_parameters_do_in_a_case_id() -> None:
    key = metric_key("accuracy", {"segment": "young", "age": 3})
    assert key == 'accuracy[age=3,segment="young"]'


@pytest.mark.parametrize(
    "part", [{}, {"a": 'comma, "quote" ] = x'}, {"b": True, "a": 1.5}, {"ü": "schön", "z": -2}]
)
def test_what_was_put_together_comes_apart_again(part: dict[str, SliceValue]) -> None:
    assert split_metric(metric_key("accuracy", part)) == ("accuracy", part)


@pytest.mark.parametrize(
    "key",
    ["a[", "a[]", "a[b]", "a[b=1", "a[b=1,]", "a[b=[1]]", "a[=1]", "a[b=1]c", "[" * 9, "a[b=" * 99],
)
def test_what_has_another_form_is_a_name(key: str) -> None:
    assert split_metric(key) == (key, {})


def test_a_name_that_json_nests_too_deeply_is_a_name() -> None:
    key = "a[b=" + "[" * 100_000
    assert split_metric(key) == (key, {})


def test_the_file_that_kernels_get_writes_the_same_notation() -> None:
    part: dict[str, SliceValue] = {"segment": 'y"ü', "old": True, "age": 2.5}
    with pytest.raises(ValueError, match="outside its interval") as caught:
        record("accuracy", 1, low=2, high=3, slice=part)
    assert repr(metric_key("accuracy", part)) in str(caught.value)
