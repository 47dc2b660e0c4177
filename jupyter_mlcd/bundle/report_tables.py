"""Tables of a report: built again of their values, so that no markup of a notebook is needed."""

from __future__ import annotations

import itertools
import json
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any, TypeGuard

from jupyter_mlcd.bundle import in_words
from jupyter_mlcd.bundle.markup import Markup, tag

if TYPE_CHECKING:
    from collections.abc import Sequence

_ROWS, _COLUMNS, _LONGEST = 200, 40, 300


def table_of_scrap(scrap: dict[str, Any]) -> Markup:
    """Return the table of something recorded: its values in rows."""
    columns, rows = _of_values(scrap.get("data"))
    shape = scrap.get("shape")
    height = shape[0] if is_list(shape) and shape and isinstance(shape[0], int) else len(rows)
    return _table(columns, rows, height)


def table_of_markup(markup: str) -> Markup | None:
    """Return the first table in markup that a notebook shows; None where there is none."""
    reader = _TableReader()
    reader.feed(markup)
    if not reader.rows:
        return None
    head, *rows = reader.rows if reader.has_head else [[], *reader.rows]
    return _table(head, rows, len(rows))


def is_list(value: object) -> TypeGuard[list[Any]]:
    """Whether a value of JSON is a list."""
    return isinstance(value, list)


def _of_values(content: Any) -> tuple[list[str], list[list[Any]]]:  # noqa: ANN401 - any JSON
    """Return columns and rows of what was recorded or glued."""
    if isinstance(content, dict):
        if is_list(content.get("columns")) and is_list(content.get("data")):
            rows = [row if is_list(row) else [row] for row in content["data"]]
            return [_word(one) for one in content["columns"]], rows
        if content and all(is_list(values) for values in content.values()):
            return list(content), [list(row) for row in itertools.zip_longest(*content.values())]
        return ["name", "value"], [[name, value] for name, value in content.items()]
    if not is_list(content):
        return [], [[content]]
    if content and all(isinstance(row, dict) for row in content):
        columns = list(dict.fromkeys(itertools.chain.from_iterable(content)))
        return columns, [[row.get(name) for name in columns] for row in content]
    return [], [row if is_list(row) else [row] for row in content]


def _table(columns: Sequence[str], rows: Sequence[Sequence[Any]], height: int) -> Markup:
    shown = [list(row[:_COLUMNS]) for row in rows[:_ROWS]]
    width = max([len(columns), *map(len, rows[:_ROWS])])
    # Numbers stand under each other; a column with a word in it is read as words.
    right = [
        all(_is_number(row[place]) for row in shown if place < len(row))
        for place in range(min(width, _COLUMNS))
    ]
    head = [tag("th", name, class_=_side(right, at)) for at, name in enumerate(columns[:_COLUMNS])]
    body = [
        tag("tr", *(tag("td", _word(one), class_=_side(right, at)) for at, one in enumerate(row)))
        for row in shown
    ]
    parts = [tag("thead", tag("tr", *head))] if head else []
    whole = tag("div", tag("table", *parts, tag("tbody", *body)), class_="wide")
    words = []
    if len(shown) < height:
        words.append(f"the first {len(shown)} of {in_words.counted(height, 'row')}")
    if width > _COLUMNS:
        words.append(f"the first {_COLUMNS} of {width} columns")
    return Markup(whole + tag("p", ", ".join(words), class_="quiet")) if words else whole


def _side(right: Sequence[bool], place: int) -> str | None:
    return "r" if place < len(right) and right[place] else None


def _is_number(value: object) -> bool:
    if isinstance(value, str):  # out of a table that was markup
        try:
            float(value)
        except ValueError:
            return not value
        return True
    return value is None or (isinstance(value, int | float) and not isinstance(value, bool))


def _word(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, float):
        return in_words.number(value)
    words = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return words if len(words) <= _LONGEST else words[: _LONGEST - 1] + "…"


class _TableReader(HTMLParser):
    """Reads the texts of the first table in markup, as pandas and others write it."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[list[str]] = []
        self.has_head = False
        self._is_over = False
        self._is_in_cell = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002
        """Begin a row or a cell."""
        if self._is_over:
            return
        if tag == "tr":
            self.rows.append([])
        elif tag in {"td", "th"} and self.rows:
            self.rows[-1].append("")
            self._is_in_cell = True
        elif tag == "thead":
            self.has_head = True

    def handle_endtag(self, tag: str) -> None:
        """End a cell or the table."""
        if tag in {"td", "th"}:
            self._is_in_cell = False
        elif tag == "table":
            self._is_over = True

    def handle_data(self, data: str) -> None:
        """Take the text of a cell."""
        if self._is_in_cell and not self._is_over and self.rows and self.rows[-1]:
            self.rows[-1][-1] += data.strip()
