from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd  # type: ignore[import-untyped]
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyter_mlcd.execution.comparers.tables import compare_tables
from jupyter_mlcd.model.suite import Comparer, ComparerRule

if TYPE_CHECKING:
    from jupyter_mlcd.execution.comparers.mismatch import Mismatch

FRAME = pd.DataFrame({"name": ["a", "b c", None], "mean": [1.0, 22.5, np.nan], "n": [1, 2, 3]})


def compare(expected: str, got: str, relative: float = 1e-6) -> Mismatch | None:
    rule = ComparerRule(Comparer.TABLE, relative=relative)
    return compare_tables(expected, got, rule, lambda text: text)


def html(frame: pd.DataFrame) -> str:
    return str(frame._repr_html_())


def words(found: Mismatch | None) -> str:
    assert found is not None
    return found.words


@pytest.mark.parametrize("show", [html, str])
def test_a_frame_with_numbers_within_the_tolerance_is_alike(show: type[str]) -> None:
    near = FRAME.assign(mean=FRAME["mean"] * (1 + 1e-9))
    with pd.option_context("display.precision", 12):
        assert show(FRAME) != show(near)
        assert compare(show(FRAME), show(near)) is None


def test_the_cell_of_an_html_table_is_named_by_its_column() -> None:
    found = compare(html(FRAME), html(FRAME.assign(n=[1, 5, 3])))
    assert words(found) == "row 3, column `n`: 2 expected, 5 got"


def test_the_word_of_a_printed_frame_is_named_by_its_column() -> None:
    found = compare(str(FRAME), str(FRAME.assign(mean=[1.0, 22.5, 7.0])))
    assert words(found) == "line 4, column `mean`: NaN expected, 7.0 got"


def test_text_without_headers_is_counted() -> None:
    assert words(compare("step 1 2.5\nstep 2 2.0", "step 1 2.5\nstep 2 2.1")) == (
        "line 2, column 3: 2.0 expected, 2.1 got"
    )


def test_every_place_is_listed_up_to_ten() -> None:
    found = compare(html(FRAME), html(FRAME.assign(n=[4, 5, 6])))
    assert found is not None
    assert found.got.splitlines() == [
        "row 2, column `n`: 4",
        "row 3, column `n`: 5",
        "row 4, column `n`: 6",
    ]
    long = pd.DataFrame({"n": range(40)})
    longer = compare(html(long), html(long + 1))
    assert longer is not None
    assert longer.got.endswith("... and 30 more")


def test_wider_columns_of_a_printed_frame_do_not_count() -> None:
    assert compare("     a\n0  1.0\n1  2.0", "       a\n\n0    1.0\n1    2.0") is None


@pytest.mark.parametrize(
    "got",
    [
        '<div><table border="1" style="color: red"><tr><th>a<td>1.0</table></div>',
        "<style>th { color: blue }</style>\n<table><tr><th> <b>a</b> </th><td>1</td></tr></table>",
    ],
)
def test_style_and_blanks_do_not_count(got: str) -> None:
    assert compare("<table><tr><th>a</th><td>1.0</td></tr></table>", got) is None


@pytest.mark.parametrize(
    ("got", "said"),
    [
        ("<table><tr><td>a<td>b</table>", "row 1, column 1: header over 1 x 1 expected, cell over"),
        ("<table><tr><th>a<td colspan=2>b</table>", "row 1, column 2: cell over 1 x 1 expected, "),
        ("<table><tr><th>a</table>", "shape: 1 rows, 2 columns expected, 1 rows, 1 columns got"),
        ("<table><tr><th>a<td>b<tr></table>", "shape: 1 rows, 2 columns expected, 2 rows"),
        ("<table><tr><th>a<td>b</table><p>3 rows", "beside the table:  expected, 3 rows got"),
        ("<table><tr><th>a<td>b</table><table></table>", "tables: 1 expected, 2 got"),
    ],
)
def test_what_differs_in_the_shape_of_a_table(got: str, said: str) -> None:
    assert words(compare("<table><tr><th>a</th><td>b</td></tr></table>", got)).startswith(said)


def test_rows_of_another_length_are_found_where_the_shapes_read_alike() -> None:
    expected = "<table><tr><td>1<td>2<tr><td>3</table>"
    got = "<table><tr><td>1<td>2<tr><td>3<td>4</table>"
    assert words(compare(expected, got)).endswith("1 cells in row 2 expected, 2 cells in row 2 got")


def test_a_table_in_a_table_is_one_of_its_own() -> None:
    inner = "<table><tr><td>1<table><tr><td>{}</table></table>"
    said = words(compare(inner.format(5), inner.format(6)))
    assert said == "table 2, row 1, column 1: 5 expected, 6 got"


def test_a_missing_line_is_found() -> None:
    assert words(compare("a b\n1 2\n3 4", "a b\n1 2")) == "lines: 3 expected, 2 got"


def test_html_without_a_table_is_compared_letter_by_letter() -> None:
    assert compare("<p style='color: red'>1.0</p>", "<p>1.0</p>") is not None


CELLS = st.one_of(st.floats(1e-3, 1e9).map(repr), st.text("ab<&\n ", max_size=4))
ROWS = st.lists(st.lists(CELLS, max_size=4), max_size=4)


def marked_up(rows: list[list[str]]) -> str:
    lines = ("".join(f"<td>{cell}</td>" for cell in row) for row in rows)
    return f"<table>{''.join(f'<tr>{line}</tr>' for line in lines)}</table>"


@given(ROWS, ROWS)
def test_which_one_was_expected_does_not_matter(
    one: list[list[str]], other: list[list[str]]
) -> None:
    ours, theirs = marked_up(one), marked_up(other)
    assert compare(ours, ours) is None
    assert (compare(ours, theirs) is None) is (compare(theirs, ours) is None)


@given(st.lists(st.lists(st.floats(1e-3, 1e9), min_size=1), min_size=1), st.data())
def test_a_change_of_one_cell_above_the_tolerance_is_found(
    rows: list[list[float]], data: st.DataObject
) -> None:
    row = data.draw(st.integers(0, len(rows) - 1))
    column = data.draw(st.integers(0, len(rows[row]) - 1))
    expected = [[repr(value) for value in line] for line in rows]
    got = [list(line) for line in expected]
    got[row][column] = repr(rows[row][column] * 1.01)
    assert words(compare(marked_up(expected), marked_up(got), 1e-3)).startswith(
        f"row {row + 1}, column {column + 1}: "
    )
    ours, theirs = ("\n".join(map("  ".join, table)) for table in (expected, got))
    assert words(compare(ours, theirs, 1e-3)).startswith(f"line {row + 1}, column ")


def test_megabytes_of_table_are_compared() -> None:
    rows = [[str(number), f"{number}.5", "text"] for number in range(30_000)]
    other = [[*row[:2], "other"] for row in rows]
    found = compare(marked_up(rows), marked_up(other))
    assert found is not None
    assert found.got.endswith("... and at least 1000 more")
