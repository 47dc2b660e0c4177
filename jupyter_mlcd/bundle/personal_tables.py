"""Rows that look like personal data in the outputs of executed notebooks.

It warns, it does not prove: nobody can tell a person's name from a made-up one. Of a long output
the beginning and the end are read, and where all of it takes too long that is said as well.
"""

from __future__ import annotations

import hashlib
import json
import re
import time
from functools import partial
from typing import TYPE_CHECKING, Any

from jupyter_mlcd.bundle.excerpts import without_excerpts
from jupyter_mlcd.bundle.personal_columns import personal_kinds, says_person
from jupyter_mlcd.bundle.tables_in_texts import LEAST_ROWS, MOST_ROWS, by_columns, tables_in_text
from jupyter_mlcd.model.html_tables import HtmlPage
from jupyter_mlcd.model.personal import UNREAD, PersonalFinding
from jupyter_mlcd.world.recent import Recent

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from jupyter_mlcd.bundle.tables_in_texts import Says, Table
    from jupyter_mlcd.model.html_tables import HtmlTable

    Findings = tuple[PersonalFinding, ...]

_ANSI = re.compile(r"\x1b\[[0-?]{0,32}[ -/]{0,8}[@-~]")
_READ = 1 << 17
"""Characters that are read of the beginning of an output, and of its end."""
_LEAST_SECONDS = 5.0
_SECONDS_PER_MEGABYTE = 2.0
_MOST_NODES = 20_000
_REMEMBERED = 256
_known: Recent[tuple[str, str, tuple[str, ...]], Findings] = Recent(_REMEMBERED)
"""What is kept is looked at more than once: when it is shown, and when it is kept."""


class PersonalTables:
    """Implements ``ports.TableScanner``."""

    def personal(
        self, files: Mapping[str, bytes], columns: Collection[str]
    ) -> Iterator[PersonalFinding]:
        """Yield the outputs in which such rows stand; never a value of them."""
        for name, content in files.items():
            if name.endswith(".ipynb"):
                key = (name, hashlib.sha256(content).hexdigest(), tuple(columns))
                known = _known.get(key)
                if known is None:
                    known = _known.put(key, tuple(_notebook(*key, content)))
                yield from known

    def without_excerpts(
        self, files: Mapping[str, bytes], notebooks: Collection[str]
    ) -> dict[str, bytes]:
        """Return the other files of a bundle that repeat outputs of these, without doing so."""
        return without_excerpts(files, notebooks)


def _notebook(
    name: str, _digest: str, columns: tuple[str, ...], content: bytes
) -> Iterator[PersonalFinding]:
    end = time.monotonic() + max(_LEAST_SECONDS, len(content) / 1e6 * _SECONDS_PER_MEGABYTE)
    try:
        cells = json.loads(content)["cells"]
        places = [
            (at, number, tables)
            for at, cell in enumerate(cells)
            for number, tables in _of_cell(cell, partial(says_person, named=columns))
        ]
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        return  # No notebook: `verify` says so.
    for at, number, tables in places:
        kinds: dict[str, None] = {}
        rows = 0
        for table in tables:
            found = personal_kinds(table, columns)
            kinds.update(dict.fromkeys(found))
            rows = max(rows, max(len(values) for _, values in table) if found else 0)
            if time.monotonic() > end:
                yield PersonalFinding(name, at, number, (UNREAD,), 0)
                return
        if kinds:
            yield PersonalFinding(name, at, number, tuple(kinds), rows)


def _of_cell(cell: Mapping[str, Any], says: Says) -> Iterator[tuple[int, Iterator[Table]]]:
    """Yield the outputs of a cell with their tables; pieces of a stream belong together."""
    streams: dict[str, tuple[int, list[str]]] = {}
    for number, output in enumerate(cell.get("outputs", ())):
        if output.get("output_type") == "stream":
            streams.setdefault(str(output.get("name")), (number, []))[1].append(
                _joined(output.get("text", ""))
            )
        else:
            yield number, _of_bundle(output.get("data", {}), says)
    for number, pieces in streams.values():
        yield number, _of_text("".join(pieces), says)


def _of_bundle(data: Mapping[str, Any], says: Says) -> Iterator[Table]:
    for mime, content in data.items():
        if mime == "text/html":
            for table in HtmlPage(_joined(content)[: 2 * _READ]).tables:
                yield _of_html(table)
        elif mime.endswith("json"):
            yield from _of_json(content)
        elif mime.startswith("text/"):
            yield from _of_text(_joined(content), says)


def _of_html(table: HtmlTable) -> Table:
    rows = [row for row in table.rows if row]
    is_body = [not all(cell.is_header for cell in row) for row in rows]
    body = [row for row, of_body in zip(rows, is_body, strict=True) if of_body][:MOST_ROWS]
    wide = max(map(len, body), default=0)
    heads = [row for row, of_body in zip(rows, is_body, strict=True) if not of_body]
    head = next((row for row in heads if len(row) == wide), None)
    texts = [[cell.text for cell in row] for row in body]
    if head is None and texts:
        # Made by hand, without `th`: the first row says what the columns are.
        return by_columns(texts[0], texts[1:])
    return by_columns([cell.text for cell in head or ()], texts)


def _of_text(text: str, says: Says) -> Iterator[Table]:
    clean = _ANSI.sub("", text[:_READ] if len(text) <= _READ else _ends(text))
    yield from tables_in_text(clean, says)


def _ends(text: str) -> str:
    return f"{text[:_READ]}\n\n{text[max(_READ, len(text) - _READ) :]}"


def _of_json(value: object) -> Iterator[Table]:
    """Yield the records, the columns and the rows with a list of headers that a value holds."""
    waiting = [value]
    for _ in range(_MOST_NODES):
        if not waiting:
            return
        match waiting.pop():
            case {"columns": [str(), *_] as header, "data": [[*_], *_] as rows}:
                texts = [[str(one) for one in row] for row in rows[:MOST_ROWS]]
                yield by_columns(list(map(str, header)), texts)
            case list() as many:
                records = [one for one in many[:MOST_ROWS] if isinstance(one, dict)]
                if len(records) >= LEAST_ROWS:
                    yield _of_records(records)
                waiting += many[:MOST_ROWS]
            case dict() as one:
                columns = [(str(key), _texts(part)) for key, part in one.items()]
                yield [(key, texts) for key, texts in columns if len(texts) >= LEAST_ROWS]
                waiting += one.values()


def _of_records(records: Sequence[Mapping[str, Any]]) -> Table:
    keys = dict.fromkeys(key for record in records for key in record)
    return [
        (key, [str(one[key]) for one in records if isinstance(one.get(key), str | int | float)])
        for key in keys
    ]


def _texts(part: object) -> list[str]:
    """Return a column: a list of values, or values by their rows."""
    values = part.values() if isinstance(part, dict) else part if isinstance(part, list) else ()
    return [str(one) for one in values if isinstance(one, str | int | float)][:MOST_ROWS]


def _joined(source: object) -> str:
    """Return a multi-line string of the notebook format, which may be a list of lines."""
    return "".join(map(str, source)) if isinstance(source, list) else str(source)
