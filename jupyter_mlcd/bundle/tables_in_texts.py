"""Tables in printed text: aligned, boxed, with delimiters, as records; each by its columns.

What is no table may be read as one: whoever asks looks at the values. Every reader takes time in
proportion to the text.
"""

from __future__ import annotations

import csv
import re
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    Table = list[tuple[str, list[str]]]
    """``(header, values)`` of each column; the header is empty where there is none."""
    Says = Callable[[str], bool]
    """Whether a header means something of a person."""

MOST_ROWS = 500
MOST_COLUMNS = 200
_LONGEST_LINE = 20_000
_LEAST_LINES = 3
LEAST_ROWS = 2
_LOOKED_AT = 20
"""Rows by which it is decided where columns end."""
_MOST_FIT = 0.8
_GAP = re.compile(r" {2,}|\t+")
_WORD = re.compile(r"\S+")
_BARS = re.compile(r"[│┆|║┃]")
_RULED = frozenset("=-─═━")
_OF_RULES = _RULED | frozenset(" \t+|:*╞╡┌┐└┘├┤┬┴┼╪╭╮╰╯╤╧│┆║┃╌")
_KIND_OF_COLUMN = re.compile(r"---|str|[iuf]\d{1,2}|date|datetime.*|bool|object|cat|null|list.*")
_SERIES = re.compile(r"Name: (.{1,100}?), (?:Length: \d+, )?dtype: ")
_PAIR = re.compile(
    r"(?:^[ \t]{0,80}|[{(,\[][ \t]{0,80})(?P<quote>['\"]?)(?P<key>[^\W\d][\w .-]{0,40}?)(?P=quote)"
    r"[ \t]{0,20}[:=][ \t]{0,20}"
    r"(?:[a-z_.]{0,30}\(?'(?P<single>[^'\n]{0,300})'|\"(?P<double>[^\"\n]{0,300})\""
    r"|\[(?P<list>[^\]\[]{0,4000})\]|(?P<bare>[^,{}()\[\]\n'\"]{1,300}))",
    re.MULTILINE,
)
_LINE = re.compile(
    r"^[ \t]{0,80}(?P<key>[^\W\d][\w .-]{0,40}?)[ \t]{0,20}[:=][ \t]{1,20}(?P<bare>.{1,300})$",
    re.MULTILINE,
)
_QUOTED = re.compile(r"'([^'\n]{0,300})'|\"([^\"\n]{0,300})\"|([^\s,'\"]{1,100})")
_LIST = re.compile(r"[\[(]\s{0,20}(['\"][^\]\[]{0,8000})[\])]")


def tables_in_text(text: str, says: Says) -> Iterator[Table]:
    """Yield what can be read as a table."""
    lines = [line[:_LONGEST_LINE].rstrip().removesuffix("\\") for line in text.split("\n")]
    yield from _boxed(lines)
    yield from _headed(lines, says)
    yield from _series(lines)
    yield from _alike(lines)
    yield from _records(_PAIR, text)
    yield from _records(_LINE, text)
    for match in _LIST.finditer(text):
        yield [("", ["".join(one) for one in _QUOTED.findall(match[1])][:MOST_ROWS])]


def by_columns(header: Sequence[str], rows: Sequence[Sequence[str]]) -> Table:
    """Return rows as columns; a row that is too short has nothing there."""
    width = min(max([len(header), *map(len, rows)], default=0), MOST_COLUMNS)
    return [
        (
            header[at] if at < len(header) else "",
            [row[at] for row in rows[:MOST_ROWS] if at < len(row)],
        )
        for at in range(width)
    ]


def _is_rule(line: str) -> bool:
    """Whether it only separates a header from what is below it, or rows from each other."""
    marks = set(line)
    return bool(marks & _RULED) and marks <= _OF_RULES


def _boxed(lines: Sequence[str]) -> Iterator[Table]:
    """Yield what has bars between its columns: polars, Markdown, SQL shells."""
    rows: list[list[str]] = []
    for line in [*lines, ""]:
        if _is_rule(line):
            continue
        if _BARS.search(line):
            rows.append([cell.strip() for cell in _BARS.split(line.strip().strip("│┆|║┃"))])
            continue
        if len(rows) >= _LEAST_LINES:
            said = [row for row in rows[1:] if not all(map(_KIND_OF_COLUMN.fullmatch, row))]
            yield by_columns(rows[0], said)
        rows = []


def _headed(lines: Sequence[str], says: Says) -> Iterator[Table]:
    """Yield what stands below a line in which a header means something of a person."""
    until = -1
    for at, line in enumerate(lines):
        if at < until or not line.strip():
            continue
        for delimiter in (",", ";", "\t"):
            header = _cells(line, delimiter) if delimiter in line else []
            if any(map(says, header)):
                rows = list(_delimited(lines, at + 1, delimiter, len(header)))
                until = at + len(rows)
                yield by_columns(header, rows)
                break
        else:
            below = _below(lines, at + 1)
            table = _aligned(line, below) if _may_head(line, says) else []
            if len(table) > 1 or (table and below and line.strip() == table[0][0]):
                until = at + len(below)
                yield table


def _cells(line: str, delimiter: str) -> list[str]:
    try:
        return [cell.strip() for cell in next(csv.reader([line], delimiter=delimiter), [])]
    except csv.Error:
        return []


def _delimited(
    lines: Sequence[str], start: int, delimiter: str, width: int
) -> Iterator[Sequence[str]]:
    for line in lines[start : start + MOST_ROWS]:
        cells = _cells(line, delimiter)
        if len(cells) != width:
            return
        yield cells


def _may_head(line: str, says: Says) -> bool:
    """Whether a word of a line, or two or three after each other, mean something of a person."""
    words = line.split()[:MOST_COLUMNS]
    return any(
        says(" ".join(words[at : at + many])) for at in range(len(words)) for many in (1, 2, 3)
    )


def _below(lines: Sequence[str], start: int) -> list[str]:
    """Return the lines of a table below its header."""
    found: list[str] = []
    for line in lines[start : start + MOST_ROWS]:
        if not line.strip():
            break
        found.append(line)
    return found


def _aligned(header: str, below: Sequence[str]) -> Table:
    """Return the columns below the words of a header, which are right- or left-aligned.

    A word ends a column where the values below it end too; else it belongs to the next word.
    """
    lines = [line for line in below if not _is_rule(line)]
    shown = lines[:_LOOKED_AT]
    words = list(_WORD.finditer(header))[:MOST_COLUMNS]
    if len(shown) < LEAST_ROWS:
        return []
    ends = [one.end() for one in words if _share(shown, one.end() - 1, one.end()) >= _MOST_FIT]
    starts = [
        one.start() for one in words if _share(shown, one.start(), one.start() - 1) >= _MOST_FIT
    ]
    if len(ends) >= len(starts):
        columns = list(pairwise([0, *ends]))
    else:
        columns = list(pairwise([*starts, _LONGEST_LINE]))
    found = [(header[a:b].strip(), [line[a:b].strip() for line in lines]) for a, b in columns]
    if found and len(ends) >= len(starts):
        # What stands before the first header is the index.
        name, values = found[0]
        found[0] = (_GAP.split(name)[-1], [_GAP.split(one)[-1] for one in values])
    return found


def _share(lines: Sequence[str], inside: int, outside: int) -> float:
    """Return in which share of lines a value begins or ends just here."""
    fitting = sum(
        line[inside : inside + 1].strip() != ""
        and (outside < 0 or line[outside : outside + 1].strip() == "")
        for line in lines
    )
    return fitting / len(lines)


def _series(lines: Sequence[str]) -> Iterator[Table]:
    """Yield one column as pandas prints it: its name stands below."""
    for at, line in enumerate(lines):
        told = _SERIES.match(line)
        if told:
            above: list[str] = []
            for one in reversed(lines[max(0, at - MOST_ROWS) : at]):
                if not one.strip():
                    break
                above.append(_GAP.split(one.strip(), maxsplit=1)[-1])
            yield [(told[1], above)]


def _alike(lines: Sequence[str]) -> Iterator[Table]:
    """Yield lines after each other that have equally many parts, whatever the first one means."""
    rows: list[list[str]] = []
    for line in [*lines, ""]:
        if _is_rule(line):
            continue
        parts = [one.strip() for one in re.split(r" {2,}|[,;\t]", line.strip())]
        if parts != [""] and (not rows or len(parts) == len(rows[0])):
            rows.append(parts)
            continue
        if len(rows) >= _LEAST_LINES:
            yield by_columns(rows[0], rows[1:])
        rows = [parts] if parts != [""] else []


def _records(pattern: re.Pattern[str], text: str) -> Iterator[Table]:
    """Yield what is said of each key, in records, in JSON, and one below the other."""
    found: dict[str, list[str]] = {}
    for match in pattern.finditer(text):
        key = match["key"].strip()
        if key not in found and len(found) >= MOST_COLUMNS:
            continue
        values = found.setdefault(key, [])
        said = match.groupdict()
        if len(values) >= MOST_ROWS:
            continue
        if said.get("list") is not None:
            values += ["".join(one) for one in _QUOTED.findall(match["list"])]
        else:
            value = said.get("single") or said.get("double") or match["bare"] or ""
            values.append(value.strip())
    if found:
        yield list(found.items())
