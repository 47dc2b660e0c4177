"""Where in a TOML text a key stands: ``tomllib`` checks and reads, but keeps no positions."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence

_HEADER = re.compile(r"^\s*(\[\[?)\s*(.+?)\s*\]\]?\s*(?:#.*)?$")
_KEY = re.compile(
    r"""^\s*((?:[A-Za-z0-9_-]+|"[^"]*"|'[^']*')(?:\s*\.\s*(?:[A-Za-z0-9_-]+|"[^"]*"|'[^']*'))*)\s*="""
)
_PART = re.compile(r"""[A-Za-z0-9_-]+|"[^"]*"|'[^']*'""")

Path = Sequence[str | int]


def line_of(text: str, path: Path) -> int:
    """Return the line, counted from 1, of the key at ``path`` in a valid TOML ``text``.

    ``path`` mixes names and indexes into arrays of tables, as in ``("suites", "quality",
    "notebooks", 0, "path")``. A key inside an inline table or array gives the line of the key that
    holds it, or of the nearest enclosing table when nothing closer is found.
    """
    best, best_depth = 1, -1
    for where, line in _keys(text):
        depth = _shared(where, path)
        if depth == len(where) and depth > best_depth:
            best, best_depth = line, depth
    return best


def _shared(where: Path, path: Path) -> int:
    depth = 0
    for one, other in zip(where, path, strict=False):
        if one != other:
            break
        depth += 1
    return depth


def _keys(text: str) -> list[tuple[tuple[str | int, ...], int]]:
    found: list[tuple[tuple[str | int, ...], int]] = []
    table: tuple[str | int, ...] = ()
    counts: dict[tuple[str | int, ...], int] = {}
    pending = ""
    for number, line in enumerate(text.splitlines(), start=1):
        if pending:
            pending += "\n" + line
            pending = "" if _complete(pending) else pending
            continue
        if header := _HEADER.match(line):
            table = _table(header.group(1) == "[[", _parts(header.group(2)), counts)
            found.append((table, number))
        elif key := _KEY.match(line):
            found.append(((*table, *_parts(key.group(1))), number))
            pending = "" if _complete(line) else line
    return found


def _parts(dotted: str) -> tuple[str, ...]:
    return tuple(part.strip("\"'") for part in _PART.findall(dotted))


def _table(
    array: bool,  # noqa: FBT001 - the two kinds of header
    parts: tuple[str, ...],
    counts: dict[tuple[str | int, ...], int],
) -> tuple[str | int, ...]:
    """Return the full path of a table, with the index of each array of tables on the way."""
    path: tuple[str | int, ...] = ()
    for part in parts[:-1]:
        path = (*path, part)
        if path in counts:
            path = (*path, counts[path])
    path = (*path, parts[-1])
    if array:
        counts[path] = counts.get(path, -1) + 1
    return (*path, counts[path]) if path in counts else path


def _complete(assignment: str) -> bool:
    """Whether the value of ``key = value`` ends here, or goes on over the next lines."""
    try:
        tomllib.loads(assignment)
    except tomllib.TOMLDecodeError:
        return False
    return True
