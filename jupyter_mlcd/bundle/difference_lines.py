"""Which lines of two texts, or rows of two tables, belong together.

The standard library's matcher does it, within bounds: it needs the square of the number of lines,
and what a notebook printed is as long as somebody likes.
"""

from __future__ import annotations

from difflib import SequenceMatcher
from typing import TYPE_CHECKING, TypeVar

from jupyter_mlcd.model.comparison import Line, TableRow

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator, Sequence

    Row = tuple[str, ...]

_MOST = 3000
"""Lines of one side that are matched; of more, only a common beginning and end are found."""
_LONGEST = 2000
"""Characters of one line; the rest of it is left out."""

_One = TypeVar("_One", bound="Hashable")


def aligned(
    before: Sequence[_One], after: Sequence[_One]
) -> Iterator[tuple[_One | None, _One | None]]:
    """Yield what belongs together, in order; None where one side has nothing.

    Within a changed stretch the first belongs to the first, the second to the second.
    """
    for left, right in stretches(before, after):
        for place in range(max(len(left), len(right))):
            yield (
                before[left[place]] if place < len(left) else None,
                after[right[place]] if place < len(right) else None,
            )


def stretches(
    before: Sequence[Hashable], after: Sequence[Hashable]
) -> Iterator[tuple[range, range]]:
    """Yield the stretches of both sides, as places: equal ones have equal lengths and content."""
    start, end = _common_ends(before, after)
    yield range(start), range(start)
    inner = before[start : len(before) - end], after[start : len(after) - end]
    if max(map(len, inner)) > _MOST:
        yield range(start, len(before) - end), range(start, len(after) - end)
    else:
        matcher = SequenceMatcher(None, *inner, autojunk=False)
        for _, one, two, three, four in matcher.get_opcodes():
            yield range(start + one, start + two), range(start + three, start + four)
    yield range(len(before) - end, len(before)), range(len(after) - end, len(after))


def _common_ends(before: Sequence[Hashable], after: Sequence[Hashable]) -> tuple[int, int]:
    """Return how many are equal at the beginning, and how many of the others at the end."""
    most = min(len(before), len(after))
    start = 0
    while start < most and before[start] == after[start]:
        start += 1
    end = 0
    while end < most - start and before[-1 - end] == after[-1 - end]:
        end += 1
    return start, end


def line_pairs(before: str | None, after: str | None) -> tuple[Line, ...]:
    """Return the lines of two texts; None is a side that is not there at all."""
    pairs = aligned(_lines(before), _lines(after))
    return tuple(Line(_cut(left), _cut(right)) for left, right in pairs)


def row_pairs(before: Sequence[Row], after: Sequence[Row]) -> tuple[TableRow, ...]:
    """Return the rows of two tables."""
    return tuple(TableRow(left, right) for left, right in aligned(before, after))


def _lines(text: str | None) -> list[str]:
    # Not ``splitlines``: a form feed or a strange separator ends no line of source.
    return text.removesuffix("\n").split("\n") if text else []


def _cut(line: str | None) -> str | None:
    if line is None or len(line) <= _LONGEST:
        return line
    return f"{line[:_LONGEST]} … {len(line) - _LONGEST} more characters"
