"""The tables of a piece of HTML, by the standard library's parser."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser

_WITHOUT_TEXT = frozenset({"style", "script"})
_MOST_HEADERS = 5
_ENDS_CELL = frozenset({"td", "th", "tr", "thead", "tbody", "tfoot"})


@dataclass
class HtmlCell:
    """One ``td`` or ``th``."""

    is_header: bool
    reach: tuple[str, str]
    """How many columns and rows it covers, as the markup says."""
    words: list[str] = field(default_factory=list)

    @property
    def kind(self) -> str:
        """What it is beside its text, in words."""
        return f"{'header' if self.is_header else 'cell'} over {' x '.join(self.reach)}"

    @property
    def text(self) -> str:
        """What is read in it, with single blanks."""
        return " ".join(" ".join(self.words).split())


@dataclass
class HtmlTable:
    """The rows of one table, as the markup has them."""

    rows: list[list[HtmlCell]] = field(default_factory=list)
    cell: HtmlCell | None = None
    """The one that is open while the table is read."""

    @property
    def shape(self) -> str:
        """In words."""
        return f"{len(self.rows)} rows, {max(map(len, self.rows), default=0)} columns"

    def column(self, row: int, column: int) -> str:
        """Return what a column is called above this row, or its number."""
        wide = len(self.rows[row])
        for above in self.rows[: min(row, _MOST_HEADERS)]:
            is_headers = len(above) == wide and all(cell.is_header for cell in above)
            if is_headers and above[column].text:
                return f"`{above[column].text}`"
        return str(column + 1)


class HtmlPage(HTMLParser):
    """Reads tables, in the order in which they begin, and the text beside them."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tables: list[HtmlTable] = []
        self.beside: list[str] = []
        self._open: list[HtmlTable] = []
        self._is_hidden = False
        self.feed(text)
        self.close()

    @property
    def text_beside(self) -> str:
        """What is read outside of tables, with single blanks."""
        return " ".join(" ".join(self.beside).split())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Open a table, a row or a cell; what HTML lets people leave open is closed."""
        if tag in _WITHOUT_TEXT:
            self._is_hidden = True
        elif tag == "table":
            self.tables.append(HtmlTable())
            self._open.append(self.tables[-1])
        elif self._open and tag in _ENDS_CELL:
            self._start_in(self._open[-1], tag, dict(attrs))

    def _start_in(self, table: HtmlTable, tag: str, attributes: dict[str, str | None]) -> None:
        table.cell = None
        if tag == "tr":
            table.rows.append([])
        elif tag in {"td", "th"}:
            reach = (attributes.get("colspan") or "1", attributes.get("rowspan") or "1")
            table.cell = HtmlCell(tag == "th", reach)
            if not table.rows:
                table.rows.append([])
            table.rows[-1].append(table.cell)

    def handle_endtag(self, tag: str) -> None:
        """Close a table or a cell."""
        if tag in _WITHOUT_TEXT:
            self._is_hidden = False
        elif tag == "table" and self._open:
            self._open.pop()
        elif tag in _ENDS_CELL and self._open:
            self._open[-1].cell = None

    def handle_data(self, data: str) -> None:
        """Take text to where it stands."""
        if self._is_hidden:
            return
        cell = self._open[-1].cell if self._open else None
        (self.beside if cell is None else cell.words).append(data)
