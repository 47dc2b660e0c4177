"""Python as notebooks have it: with magics and shell lines, which the parser does not know."""

from __future__ import annotations

import ast
import re

_MAGIC = re.compile(r"^(\s*)(?:[%!?/,;].*|.*\?)$")
_ASSIGNED = re.compile(r"^(\s*[A-Za-z_][\w., \t]*=\s*)(?:!|%(?!\s))(.*)$")
_CELL_MAGIC = re.compile(r"\s*%%(\w+)")
# Cell magics whose body is Python that runs in the notebook's own names.
_TRANSPARENT = frozenset({"time", "timeit", "capture", "prun", "memit", "mprun", "lprun", "debug"})
_PARSER_SAYS = (SyntaxError, ValueError, RecursionError, MemoryError)


def parse(source: str) -> ast.Module | None:
    """Return the syntax tree of a cell without its magics, or None where it is not Python.

    Line numbers stay those of the cell.
    """
    tree = _parsed(source)
    if tree is None and not is_foreign(source):
        tree = _parsed(without_magics(source))
    return tree


def is_foreign(source: str) -> bool:
    """Whether a cell magic hands the whole cell to something else, such as ``%%bash``."""
    found = _CELL_MAGIC.match(source)
    return found is not None and found.group(1) not in _TRANSPARENT


def without_magics(source: str) -> str:
    """Return a cell with each magic replaced by a statement that does nothing."""
    return "\n".join(_without_magic(line) for line in source.split("\n"))


def magics_of(source: str) -> str:
    """Return the lines that the parser does not see, for a search by words."""
    if is_foreign(source):
        return source
    lines = source.split("\n")
    return "\n".join(line for line in lines if _MAGIC.match(line) or _ASSIGNED.match(line))


def _without_magic(line: str) -> str:
    found = _ASSIGNED.match(line)
    if found:
        return f"{found.group(1)}..."
    found = _MAGIC.match(line)
    return f"{found.group(1)}pass" if found else line


def _parsed(source: str) -> ast.Module | None:
    try:
        return ast.parse(source)
    except _PARSER_SAYS:  # all ways in which the parser says that it cannot
        return None
