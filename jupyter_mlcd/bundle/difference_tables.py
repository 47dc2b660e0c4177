"""Markup as people read it: the rows of a table, or the words.

Nothing of the markup itself is handed on, so that whoever shows it need not trust it.
"""

from __future__ import annotations

from functools import lru_cache
from html.parser import HTMLParser

_MOST_ROWS, _MOST_COLUMNS = 300, 60
"""More of a table is not read."""
_LONGEST_CELL = 300
_UNSEEN = {"script", "style", "head", "template"}
_BLOCKS = {"br", "div", "p", "li", "tr", "h1", "h2", "h3", "h4", "h5", "h6", "pre", "table"}


class _Reader(HTMLParser):
    """Collects the cells of the first table, and all words."""

    def __init__(self, most: int = _MOST_ROWS) -> None:
        super().__init__(convert_charrefs=True)
        self._most = most
        self.rows: list[list[str]] = []
        self.words: list[str] = []
        self.tables = 0
        self.is_cut = False
        self._in_cell = False
        self._unseen = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        del attrs
        if tag in _UNSEEN:
            self._unseen += 1
        elif tag == "table":
            self.tables += 1
        elif tag == "tr":
            self._in_cell = False
            self.is_cut = self.is_cut or len(self.rows) >= self._most
            self.rows.append([])
        elif tag in {"td", "th"} and self.rows:
            self._in_cell = True
            self.is_cut = self.is_cut or len(self.rows[-1]) >= _MOST_COLUMNS
            self.rows[-1].append("")
        if tag in _BLOCKS:
            self.words.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in _UNSEEN:
            self._unseen = max(0, self._unseen - 1)
        elif tag in {"td", "th"}:
            self._in_cell = False

    def handle_data(self, data: str) -> None:
        if self._unseen:
            return
        self.words.append(data)
        if self._in_cell and self.rows and self.rows[-1]:
            self.rows[-1][-1] = (self.rows[-1][-1] + data)[:_LONGEST_CELL]


def table_rows(markup: str, most: int = _MOST_ROWS) -> tuple[list[tuple[str, ...]], bool] | None:
    """Return the rows of the one table in some markup and whether that is all; None without one.

    At most ``most`` rows.
    """
    reader = _read(markup, most)
    rows = [tuple(cell.strip() for cell in row[:_MOST_COLUMNS]) for row in reader.rows if row]
    if reader.tables != 1 or not rows:
        return None
    return rows[:most], not reader.is_cut


def words_of(markup: str) -> str:
    """Return the words of some markup, a line for each block."""
    lines = (" ".join(line.split()) for line in "".join(_read(markup).words).split("\n"))
    return "\n".join(line for line in lines if line)


@lru_cache(maxsize=4)  # both sides of one output, which are looked at more than once
def _read(markup: str, most: int = _MOST_ROWS) -> _Reader:
    reader = _Reader(most)
    reader.feed(markup)
    reader.close()
    return reader
