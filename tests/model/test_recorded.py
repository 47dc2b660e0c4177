"""What is read of the outputs of a cell, whoever wrote them."""

from __future__ import annotations

import math
from typing import Any

import msgspec
import pytest

from jupyter_mlcd.model import recorded as reading
from jupyter_mlcd.model.recorded import Recorded, recorded, records_a_score, without_scores
from jupyter_mlcd.model.result import Exhibit, ExhibitKind
from jupyter_mlcd.record import MEDIA_TYPE

NO_SCORE = "`a` is not one finite number; it is no score"


def scrap(name: object, value: object, **beside: object) -> dict[str, Any]:
    return {"data": {MEDIA_TYPE: {"name": name, "data": value, **beside}}}


def display(name: object, **media: str) -> dict[str, Any]:
    about = {"scrapbook": {"name": name, "data": False, "display": True}}
    return {"data": {kind.replace("_", "/"): text for kind, text in media.items()}} | {
        "metadata": about
    }


def read(*outputs: Any) -> Recorded:
    return recorded(outputs, 4)


# ---------------------------------------------------------------------------------------- scores


def test_the_least_that_another_language_writes_is_a_score() -> None:
    assert read(scrap("a", 0.5)).metrics == {"a": 0.5}


def test_the_last_value_of_a_name_counts_with_its_own_interval() -> None:
    found = read(scrap("a", 1, low=0, high=2), scrap("a", 0.5))
    assert (found.metrics, found.intervals) == ({"a": 0.5}, {})


def test_an_interval_comes_with_its_score() -> None:
    assert read(scrap("a", 0.5, low=0.4, high=0.7)).intervals == {"a": (0.4, 0.7)}


@pytest.mark.parametrize(
    "ends", [{"low": 0.6, "high": 1}, {"low": 0.1}, {"low": "0", "high": 1}, {"high": math.inf}]
)
def test_an_interval_that_cannot_be_does_not_count_and_is_told(ends: dict[str, object]) -> None:
    found = read(scrap("a", 0.5, **ends))
    assert (found.metrics, found.intervals) == ({"a": 0.5}, {})
    assert found.remarks == ("the interval of `a` does not hold its value, so it does not count",)


@pytest.mark.parametrize("name", ["a", 'a[segment="young"]'])
def test_a_slice_beside_the_score_makes_it_a_score_of_its_own(name: str) -> None:
    assert read(scrap(name, 1, slice={"segment": "young"})).metrics == {'a[segment="young"]': 1}


@pytest.mark.parametrize("part", [[], {}, "young", {"b": [1]}, {"": 1}, {"b": math.nan}])
def test_a_slice_that_is_none_leaves_the_name(part: object) -> None:
    assert read(scrap("a", 1, slice=part)).metrics == {"a": 1}


@pytest.mark.parametrize("value", ["0.9", None, math.nan, math.inf, 10**400])
def test_what_is_not_one_finite_number_is_no_score_and_is_told(value: object) -> None:
    assert read(scrap("a", value)) == Recorded(remarks=(NO_SCORE,))


@pytest.mark.parametrize("name", [None, 3, "", "x" * 201, "\ud800", "two\nlines"])
def test_something_without_a_proper_name_is_no_score(name: object) -> None:
    found = read(scrap(name, 1))
    assert found.metrics == {}
    assert "without a proper name" in found.remarks[0]


def test_a_number_of_any_size_can_be_written_to_a_file() -> None:
    found = read(scrap("a", 10**30), scrap("b", True), scrap("c", 7))  # noqa: FBT003 - the value
    assert msgspec.json.encode(found.metrics) == b'{"a":1e30,"b":1,"c":7}'


def test_a_text_that_was_glued_is_no_score_and_is_told() -> None:
    glued = {"data": {"application/scrapbook.scrap.text+json": {"name": "a", "data": "x"}}}
    assert read(glued).remarks == (NO_SCORE,)


# -------------------------------------------------------------------------------------- exhibits


@pytest.mark.parametrize("value", [[1, 2], {"a": 1}, [{"a": 1}], {"columns": ["a"], "data": [[1]]}])
def test_what_can_be_shown_in_rows_is_a_table(value: object) -> None:
    found = read({"output_type": "stream"}, scrap("t", value))
    assert found.exhibits == (Exhibit("t", ExhibitKind.TABLE, 4, 1),)
    assert found.remarks == ()


@pytest.mark.parametrize(
    ("media", "kind"),
    [
        ({"image_png": "x"}, ExhibitKind.FIGURE),
        ({"image_png": "x", "text_html": "<table>"}, ExhibitKind.FIGURE),
        ({"text_html": "<div><table>"}, ExhibitKind.TABLE),
        ({"text_html": "<div>"}, ExhibitKind.FIGURE),
    ],
)
def test_what_is_displayed_under_a_name_is_an_exhibit(
    media: dict[str, str], kind: ExhibitKind
) -> None:
    assert read(display("f", **media)).exhibits == (Exhibit("f", kind, 4, 0),)


def test_a_table_that_is_shown_as_well_is_one_exhibit() -> None:
    both = scrap("t", [1]) | {"metadata": display("t")["metadata"]}
    assert read(both).exhibits == (Exhibit("t", ExhibitKind.TABLE, 4, 0),)


def test_the_last_exhibit_of_a_name_counts() -> None:
    found = read(display("f", image_png="x"), display("f", image_png="y"))
    assert [one.output for one in found.exhibits] == [1]


# --------------------------------------------------------------------------------------- hostile


@pytest.mark.parametrize(
    "output",
    [
        None,
        [],
        {"data": None},
        {"data": [MEDIA_TYPE]},
        {"data": {MEDIA_TYPE: [1]}},
        {"data": {MEDIA_TYPE: {}}},
        {"data": {3: 4}, "metadata": 5},
        {"metadata": {"scrapbook": "x"}},
        {"metadata": {"scrapbook": {"display": True}}},
        {"metadata": {"scrapbook": {"name": ["x"], "display": True}}, "data": {"text/html": {}}},
    ],
)
def test_no_output_makes_the_reader_fall_over(output: object) -> None:
    found = read(output)
    assert (found.metrics, found.exhibits) == ({}, ())


def test_a_flood_is_cut_and_told() -> None:
    found = read(*(scrap(f"a{number}", number, low=0, high=9999) for number in range(1500)))
    assert (len(found.metrics), len(found.intervals)) == (1000, 1000)
    assert found.remarks == ("more than 1000 things were recorded; the first 1000 count",)


# ------------------------------------------------------------------------- what is left to compare


def test_scores_and_the_text_they_show_are_not_compared() -> None:
    score = scrap("a", 1)
    score["data"]["text/plain"] = "a = 1"
    other = {"output_type": "stream", "text": "hello"}
    assert without_scores([score, other]) == [other]
    assert records_a_score([other, score])
    assert not records_a_score([other])


def test_the_table_that_is_shown_is_compared() -> None:
    table = scrap("t", [1])
    table["data"] |= {"text/html": "<table>", "text/plain": "t"}
    assert without_scores([table]) == [{"data": {"text/html": "<table>"}}]


def test_what_is_read_is_what_is_recorded() -> None:
    assert reading.MEDIA_TYPE == MEDIA_TYPE
