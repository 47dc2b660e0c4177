"""Where in a TOML text a key stands: ``tomllib`` checks and reads, but keeps no positions."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence

_WORD = r"""(?:[A-Za-z0-9_-]+|"(?:[^"\\]|\\.)*"|'[^']*')"""
_DOTTED = rf"({_WORD}(?:[ \t]*\.[ \t]*{_WORD})*)"
_PART = re.compile(_WORD)
_HEADER = re.compile(rf"[ \t]*(\[\[?)[ \t]*{_DOTTED}[ \t]*\]")
_KEY = re.compile(rf"[ \t]*{_DOTTED}[ \t]*=")
# Texts over several lines may end in up to two quotes of their own.
_TOKEN = re.compile(
    r'"""(?:[^\\]|\\.)*?"{3,5}' + r"|'''.*?'{3,5}"
    r'|"(?:[^"\\\n]|\\.)*"' + r"|'[^'\n]*'"
    r"|\#[^\n]*|[\[\]{}\n]",
    re.DOTALL,
)

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
    inside = _inside_values(text)
    # TOML knows one end of line; ``splitlines`` knows ten.
    for number, line in enumerate(text.split("\n"), start=1):
        if number in inside:
            continue
        if header := _HEADER.match(line):
            table = _table(header.group(1) == "[[", _parts(header.group(2)), counts)
            found.append((table, number))
        elif key := _KEY.match(line):
            found.append(((*table, *_parts(key.group(1))), number))
    return found


def _inside_values(text: str) -> set[int]:
    """Return the numbers of the lines that go on with a value begun on an earlier one."""
    inside: set[int] = set()
    line, depth = 1, 0
    for token in _TOKEN.finditer(text):
        word = token.group()
        ends = line + word.count("\n")
        if depth or word != "\n":
            inside.update(range(line + 1, ends + 1))
        line = ends
        depth += (word in "[{") - (word in "]}")
    return inside


def _parts(dotted: str) -> tuple[str, ...]:
    # Quoted words may hold escapes, which only TOML itself reads right.
    return tuple(next(iter(tomllib.loads(f"{word} = 0"))) for word in _PART.findall(dotted))


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
