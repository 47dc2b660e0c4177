"""The part of a report that shows cells: all of them in short, red ones with what differs."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from jupyter_mlcd.bundle import in_words
from jupyter_mlcd.bundle.markup import Markup, tag
from jupyter_mlcd.bundle.report_marks import QUIET, Bundle, sign, tone, word
from jupyter_mlcd.bundle.report_outputs import Executed, outputs, picture_of, plain
from jupyter_mlcd.model.result import GREEN

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from jupyter_mlcd.model.result import CellResult, Difference

_LONGEST_CODE, _LONGEST_ERROR = 4_000, 8_000


def _numbered(cells: Sequence[CellResult]) -> Iterator[tuple[str, CellResult]]:
    """Yield each cell with its name: people count code cells from 1."""
    number = 0
    for cell in cells:
        number += cell.index >= 0
        yield (f"cell {number}" if cell.index >= 0 else "the injected parameters"), cell


def red_cells(cells: Sequence[CellResult]) -> list[tuple[str, CellResult]]:
    """Return the cells that went wrong, each with its name."""
    return [
        (place, cell)
        for place, cell in _numbered(cells)
        if cell.verdict not in GREEN and cell.verdict not in QUIET
    ]


def strip(cells: Sequence[CellResult]) -> Markup | None:
    """Return one small square for each cell."""
    squares = []
    for place, cell in _numbered(cells):
        words = [place, word(cell.verdict)] + ["compared"] * cell.compared
        label = tag("span", ", ".join(words), class_="hidden")
        number = tag("span", place.removeprefix("cell ")[:3], aria_hidden="true")
        kind = f"{tone(cell.verdict)} compared" if cell.compared else tone(cell.verdict)
        squares.append(tag("li", number, label, class_=kind, title=", ".join(words)))
    return tag("ol", *squares, class_="strip") if squares else None


def all_cells(cells: Sequence[CellResult]) -> Markup | None:
    """Return a folded table of all cells."""
    if not cells:
        return None
    names = ("cell", "verdict", "outputs", "reason")
    head = tag("tr", *(tag("th", name) for name in names), tag("th", "time", class_="r"))
    rows = [
        tag(
            "tr",
            tag("td", place),
            tag("td", tag("span", sign(cell.verdict), word(cell.verdict), class_="verdict")),
            tag("td", "compared" if cell.compared else "not compared"),
            tag("td", cell.reason),
            tag("td", in_words.duration(cell.duration), class_="r"),
        )
        for place, cell in _numbered(cells)
    ]
    table = tag("table", tag("thead", head), tag("tbody", *rows))
    summary = tag("summary", f"All {in_words.counted(len(cells), 'cell')}")
    return tag("details", summary, tag("div", table, class_="wide"), class_="more")


def red_cell(cell: CellResult, place: str, executed: Executed, bundle: Bundle) -> Markup:
    """Return a cell that went wrong: its code, and what differs or was raised."""
    found = executed.cell(cell)
    head = tag(
        "header",
        sign(cell.verdict),
        tag("strong", place),
        tag("span", cell.reason or word(cell.verdict), class_="g"),
        tag("span", in_words.duration(cell.duration), class_="n"),
    )
    code = plain(found.get("source"))
    parts = [_code(code) if code else None]
    parts += [_difference(one, found, bundle) for one in cell.differences]
    if not cell.differences:
        parts += [_error(one) for one in outputs(found) if one.get("output_type") == "error"]
    return tag("section", head, *parts, class_=f"cell {tone(cell.verdict)}")


def _code(source: str) -> Markup:
    shown = source if len(source) <= _LONGEST_CODE else source[:_LONGEST_CODE] + "\n\u2026"
    return tag("details", tag("summary", "The cell's code"), tag("pre", shown), class_="more")


def _error(output: dict[str, Any]) -> Markup:
    lines = output.get("traceback")
    traceback = "\n".join(plain(line) for line in lines) if isinstance(lines, list) else ""
    words = traceback or f"{plain(output.get('ename'))}: {plain(output.get('evalue'))}"
    return tag("pre", words[-_LONGEST_ERROR:], class_="error")


# ----------------------------------------------------------------------------------- differences


def _difference(one: Difference, cell: dict[str, Any], bundle: Bundle) -> Markup:
    how = f"compared as {one.by}" if one.by else "compared letter by letter"
    words = tag("p", tag("code", one.field), f", {how}", class_="how")
    drawn = _drawn(one, cell, bundle) if one.field.startswith("image/") else None
    if drawn:
        return tag("div", words, drawn, class_="difference")
    sides = tag(
        "div",
        _side("expected", one.expected, one.expected_span),
        _side("got", one.got, one.got_span),
        class_="sides",
    )
    return tag("div", words, sides, class_="difference")


def _side(name: str, content: str, span: tuple[int, int] | None) -> Markup:
    if not content:
        shown = tag("p", "nothing", class_="nothing")
    elif span is None:
        shown = tag("pre", content)
    else:
        start, end = max(0, span[0]), max(0, span[1])
        changed = tag("mark", content[start:end]) if content[start:end] else tag("mark", "\u200b")
        shown = tag("pre", content[:start], changed, content[max(start, end) :])
    return tag("figure", tag("figcaption", name), shown)


def _drawn(one: Difference, cell: dict[str, Any], bundle: Bundle) -> Markup | None:
    """Return expected, got and where they differ, as far as each of them is in the bundle.

    The expected picture is looked for beside that of the difference: ``a-expected.png`` beside
    ``a.png``. What it got is in the executed notebook.
    """
    where = PurePosixPath(one.picture or "none")
    expected = where.with_stem(f"{where.stem}-expected")
    before, after = (bundle.read(str(path)) if one.picture else None for path in (expected, where))
    got = next(filter(None, (picture_of(output, one.field) for output in outputs(cell))), None)
    shown = {
        "expected": ("image/png", before) if before else None,
        "got": got,
        "where they differ": ("image/png", after) if after else None,
    }
    sides = [
        tag("figure", tag("figcaption", name), bundle.pictures.show(*found, name))
        for name, found in shown.items()
        if found
    ]
    return tag("div", *sides, class_="sides pictures") if sides else None
