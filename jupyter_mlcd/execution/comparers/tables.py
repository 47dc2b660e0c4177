"""Tables cell by cell: HTML, and DataFrames that were printed.

Style, markup inside of cells and blanks do not count; shape, headers, texts and numbers do.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from jupyter_mlcd.execution.comparers.mismatch import (
    Mismatch,
    Place,
    as_text,
    mismatch_at,
    mismatch_in_text,
)
from jupyter_mlcd.execution.comparers.number_text import is_alike
from jupyter_mlcd.execution.comparers.tolerance import Tolerance, decimal_of
from jupyter_mlcd.model.html_tables import HtmlPage, HtmlTable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from jupyter_mlcd.model.suite import ComparerRule

_HTML_TABLE = re.compile(r"<table[\s>]", re.IGNORECASE)


def compare_tables(
    expected: Any,  # noqa: ANN401 - any value of an output
    got: Any,  # noqa: ANN401
    rule: ComparerRule,
    sanitize: Callable[[str], str],
) -> Mismatch | None:
    """Compare two tables; None when they are alike."""
    ours, theirs = sanitize(as_text(expected)), sanitize(as_text(got))
    if ours == theirs:
        return None
    tolerance = Tolerance.of(rule)
    by = f"tables, numbers {tolerance}"
    if _HTML_TABLE.search(ours) and _HTML_TABLE.search(theirs):
        return mismatch_at(_html_places(HtmlPage(ours), HtmlPage(theirs), tolerance), by)
    if ours.lstrip().startswith("<") or theirs.lstrip().startswith("<"):
        return mismatch_in_text(
            ours, theirs, by
        )  # markup without a table: its blanks and tags count
    return mismatch_at(_printed_places(ours, theirs, tolerance), by)


# ------------------------------------------------------------------------------------------ HTML


def _html_places(expected: HtmlPage, got: HtmlPage, tolerance: Tolerance) -> Iterator[Place]:
    if len(expected.tables) != len(got.tables):
        yield Place("tables", str(len(expected.tables)), str(len(got.tables)))
        return
    for number, (ours, theirs) in enumerate(zip(expected.tables, got.tables, strict=True), 1):
        name = f"table {number}, " if len(expected.tables) > 1 else ""
        yield from _table_places(name, ours, theirs, tolerance)
    if not is_alike(expected.text_beside, got.text_beside, tolerance):
        yield Place("beside the table", expected.text_beside, got.text_beside)


def _table_places(
    name: str, expected: HtmlTable, got: HtmlTable, tolerance: Tolerance
) -> Iterator[Place]:
    if list(map(len, expected.rows)) != list(map(len, got.rows)):
        yield Place(f"{name}shape", *_told_apart(expected, got))
        return
    for row, (ours, theirs) in enumerate(zip(expected.rows, got.rows, strict=True)):
        for column, (one, other) in enumerate(zip(ours, theirs, strict=True)):
            if one.kind != other.kind:
                values = one.kind, other.kind
            elif not is_alike(one.text, other.text, tolerance):
                values = one.text, other.text
            else:
                continue
            yield Place(f"{name}row {row + 1}, column {expected.column(row, column)}", *values)


def _told_apart(expected: HtmlTable, got: HtmlTable) -> tuple[str, str]:
    """Return both shapes; where they read alike, that of the first row that differs."""
    if expected.shape != got.shape:
        return expected.shape, got.shape
    pairs = enumerate(zip(expected.rows, got.rows, strict=True), 1)
    row, (ours, theirs) = next(one for one in pairs if len(one[1][0]) != len(one[1][1]))
    return f"{len(ours)} cells in row {row}", f"{len(theirs)} cells in row {row}"


# --------------------------------------------------------------------------------------- printed


def _printed_places(expected: str, got: str, tolerance: Tolerance) -> Iterator[Place]:
    """Yield each place where the words of two printed tables differ; blank lines do not count."""
    ours = [line.split() for line in expected.splitlines() if line.strip()]
    theirs = [line.split() for line in got.splitlines() if line.strip()]
    if len(ours) != len(theirs):
        yield Place("lines", str(len(ours)), str(len(theirs)))
    is_headed = bool(ours) and all(decimal_of(word) is None for word in ours[0])
    header = ours[0] if is_headed else []
    for number, (one, other) in enumerate(zip(ours, theirs, strict=False), 1):
        if len(one) != len(other):
            yield Place(f"line {number}", " ".join(one), " ".join(other))
            continue
        for column, (word, new) in enumerate(zip(one, other, strict=True)):
            if not is_alike(word, new, tolerance):
                yield Place(f"line {number}, column {_called(header, one, column)}", word, new)


def _called(header: list[str], line: list[str], column: int) -> str:
    """Return the header above a word; a DataFrame's index has none."""
    without_index = column - (len(line) - len(header))
    if header is line or not 0 <= without_index < len(header) or len(line) - len(header) > 1:
        return str(column + 1)
    return f"`{header[without_index]}`"
