from __future__ import annotations

import re
from typing import Any

import pytest

from jupyter_mlcd.bundle.report_tables import table_of_markup, table_of_scrap


def texts(markup: str) -> list[list[str]]:
    """Return the rows of a table, its head included."""
    rows = re.findall(r"<tr>(.*?)</tr>", markup)
    return [re.findall(r"<t[dh][^>]*>(.*?)</t[dh]>", row) for row in rows]


@pytest.mark.parametrize(
    ("content", "rows"),
    [
        ({"columns": ["a", "b"], "data": [[1, "x"]]}, [["a", "b"], ["1", "x"]]),
        ([{"a": 1}, {"b": 2}], [["a", "b"], ["1", ""], ["", "2"]]),
        ({"a": [1, 2], "b": [3]}, [["a", "b"], ["1", "3"], ["2", ""]]),
        ({"a": 1, "b": [2]}, [["name", "value"], ["a", "1"], ["b", "[2]"]]),
        ([1, "x", None], [["1"], ["x"], [""]]),
        ([[1, 2], 3], [["1", "2"], ["3"]]),
        ({"columns": [1, None], "data": [5]}, [["1", ""], ["5"]]),
        ({"columns": [], "data": []}, [[]]),
        ([], []),
        (None, [[""]]),
        ([{"a": {"b": "ü"}}], [["a"], ["{&quot;b&quot;: &quot;ü&quot;}"]]),
    ],
)
def test_whatever_was_recorded_is_shown_in_rows(content: Any, rows: list[list[str]]) -> None:
    made = table_of_scrap({"data": content})
    assert [row for row in texts(made) if row] == [row for row in rows if row]


def test_numbers_stand_on_the_right_and_words_on_the_left() -> None:
    rows = [[0.123456789, "x"], [None, "3"]]
    made = table_of_scrap({"data": {"columns": ["n", "w"], "data": rows}})
    assert '<td class="r">0.123457</td><td>x</td>' in made


def test_a_table_whose_head_was_recorded_says_of_how_many_rows() -> None:
    made = table_of_scrap({"data": [1, 2], "shape": [5000, 1]})
    assert "the first 2 of 5000 rows" in made


def test_a_large_table_is_cut_and_says_so() -> None:
    made = table_of_scrap({"data": [[1] * 60] * 300})
    assert len(texts(made)) == 200
    assert "the first 200 of 300 rows, the first 40 of 60 columns" in made


def test_a_frame_that_was_shown_is_built_again_of_its_texts() -> None:
    shown = (
        "<style>td {color: red}</style><div><table border=1 onclick=x><thead><tr><th></th>"
        "<th>a</th></tr></thead><tbody><tr><th>0</th><td><script>alert(1)</script>&lt;b&gt;</td>"
        "</tr></tbody></table><table><tr><td>second</td></tr></table></div>"
    )
    made = table_of_markup(shown) or ""
    assert texts(made) == [["", "a"], ["0", "alert(1)&lt;b&gt;"]]
    assert "<script" not in made
    assert "onclick" not in made


@pytest.mark.parametrize("shown", ["", "text", "<div>", "<table></table>", "<td>x", "<table><!--"])
def test_markup_without_a_table_gives_none(shown: str) -> None:
    assert table_of_markup(shown) is None
