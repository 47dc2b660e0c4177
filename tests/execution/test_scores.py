from __future__ import annotations

import math

import pytest

from jupyter_mlcd.execution.scores import recorded_scores
from jupyter_mlcd.record import MEDIA_TYPE


def recorded(name: object, value: object) -> dict[str, object]:
    return {"data": {MEDIA_TYPE: {"name": name, "data": value}}}


def test_the_last_value_of_a_name_counts() -> None:
    assert recorded_scores([recorded("a", 1), recorded("a", 0.5)]) == ({"a": 0.5}, [])


@pytest.mark.parametrize("value", ["0.9", [0.9], {"a": 1}, None, math.nan, math.inf, 10**400])
def test_what_is_not_one_finite_number_is_no_score_and_is_told(value: object) -> None:
    scores, remarks = recorded_scores([recorded("a", value)])
    assert scores == {}
    assert remarks == ["`a` is not one finite number; it is no score"]


@pytest.mark.parametrize("name", [None, 3, "", "x" * 101])
def test_something_without_a_proper_name_is_no_score(name: object) -> None:
    assert recorded_scores([recorded(name, 1)])[0] == {}


def test_a_scrap_that_is_no_table_is_no_score() -> None:
    assert recorded_scores([{"data": {MEDIA_TYPE: [1]}}])[0] == {}
