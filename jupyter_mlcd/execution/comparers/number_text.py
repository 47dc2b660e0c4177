"""Text with numbers in it: numbers within a tolerance, all between them letter by letter.

Numbers are whole and decimal ones, with or without an exponent, NaN and infinities, also with a
short unit behind (``12.5ms``). A comma ends a number: what it means differs between countries.
Names (``x1``), dates, times and versions are no numbers.
"""

from __future__ import annotations

import re
from itertools import zip_longest
from typing import TYPE_CHECKING, Any

from jupyter_mlcd.execution.comparers.mismatch import Mismatch, as_text
from jupyter_mlcd.execution.comparers.spans import Span, changed
from jupyter_mlcd.execution.comparers.tolerance import Tolerance, decimal_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from jupyter_mlcd.model.suite import ComparerRule

# Possessive quantifiers, so that a long run of digits is read once. Dates, times and versions are
# found as one word, which is then no number.
_TOKEN = re.compile(
    r"""(?<![\w.])
    (?: (?:       \d{4}-\d\d-\d\d (?:[T\ ]\d\d:\d\d(?::\d\d(?:\.\d++)?+)?+)?+  # a date
                 | \d++:\d\d:\d\d(?:\.\d++)?+                                 # a time
                 | \d++/\d++/\d++
                 | \d++(?:\.\d++){2,}+                                       # a version
        )(?!\w)
      | [+-]? (?: (?:\d++(?:\.\d*+)?+ | \.\d++) (?:[eE][+-]?\d++)?+ (?=[A-Za-zµ]{0,3}(?!\w))
                | (?i:nan|inf(?:inity)?)(?!\w) )
    )""",
    re.VERBOSE,
)
_LONGEST_WORDS = 80


def compare_number_text(
    expected: Any,  # noqa: ANN401 - any value of an output
    got: Any,  # noqa: ANN401
    rule: ComparerRule,
    sanitize: Callable[[str], str],
) -> Mismatch | None:
    """Compare two texts; None when they are alike."""
    ours, theirs = sanitize(as_text(expected)), sanitize(as_text(got))
    tolerance = Tolerance.of(rule)
    parts = _first_and_last(_parting(ours, theirs, tolerance))
    if parts is None:
        return None
    first, last = parts
    spans = (first[0][0], last[0][1]), (first[1][0], last[1][1])
    by = f"numbers {tolerance}"
    return Mismatch(ours, theirs, spans, _in_words(ours, theirs, first), by)


def is_alike(expected: str, got: str, tolerance: Tolerance) -> bool:
    """Whether two texts have the same words and like numbers."""
    return expected == got or next(_parting(expected, got, tolerance), None) is None


def _in_words(expected: str, got: str, part: tuple[Span, Span]) -> str:
    ours, theirs = (text[slice(*span)] for text, span in zip((expected, got), part, strict=True))
    words = f"{ours} expected, {theirs} got"
    return words if ours and theirs and len(words) <= _LONGEST_WORDS else ""


def _first_and_last(
    parts: Iterable[tuple[Span, Span]],
) -> tuple[tuple[Span, Span], tuple[Span, Span]] | None:
    """Return two of the parts, so that a million of them take no memory."""
    first = last = None
    for part in parts:
        first, last = first or part, part
    return None if first is None or last is None else (first, last)


def _parting(expected: str, got: str, tolerance: Tolerance) -> Iterator[tuple[Span, Span]]:
    """Yield where the texts differ: number after number, and at last all from another word on."""
    here, there = 0, 0
    for one, other in zip_longest(_TOKEN.finditer(expected), _TOKEN.finditer(got)):
        if one is None or other is None:
            break
        if expected[here : one.start()] != got[there : other.start()]:
            break
        if not _is_same(one, other, tolerance):
            yield one.span(), other.span()
        here, there = one.end(), other.end()
    if expected[here:] != got[there:]:
        (start, end), (other_start, other_end) = changed(expected[here:], got[there:])
        yield (here + start, here + end), (there + other_start, there + other_end)


def _is_same(one: re.Match[str], other: re.Match[str], tolerance: Tolerance) -> bool:
    if one.group() == other.group():
        return True
    ours, theirs = decimal_of(one.group()), decimal_of(other.group())
    return ours is not None and theirs is not None and tolerance.holds(ours, theirs)
