"""What a comparer says when two outputs are not alike."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any

from jupyter_mlcd.execution.comparers.spans import Span, changed, in_short

if TYPE_CHECKING:
    from collections.abc import Iterable

    from jupyter_mlcd.model.suite import ComparerRule

_MOST_PLACES = 10
_MOST_COUNTED = 1000
_LONGEST_VALUE = 200
_LONGEST_SAID = 80


@dataclass(frozen=True)
class Mismatch:
    """Expected against got, whole, and where they part."""

    expected: str
    got: str
    spans: tuple[Span, Span]
    words: str = ""
    """What the first difference is: "0.95 expected, 0.97 got"; empty where the texts say it."""
    by: str = ""
    """How it was compared, in words."""
    picture: bytes = b""
    """A PNG that shows where two pictures differ."""


CompareValues = Callable[[Any, Any, "ComparerRule", Callable[[str], str]], Mismatch | None]
"""Compares one expected value with the one that was got, and returns None when they are alike.

The last argument is the sanitiser: it is applied to text before text is compared.
"""


@dataclass(frozen=True)
class Place:
    """One place in a structure where the values differ."""

    where: str
    expected: str
    got: str


def mismatch_in_text(expected: str, got: str, by: str = "") -> Mismatch | None:
    """Return the difference of two texts, letter by letter."""
    if expected == got:
        return None
    return Mismatch(expected, got, changed(expected, got), by=by)


def mismatch_at(places: Iterable[Place], by: str) -> Mismatch | None:
    """Return the difference that these places make; None when there is none."""
    rest = iter(places)
    first = list(islice(rest, _MOST_PLACES))
    if not first:
        return None
    more = sum(1 for _ in islice(rest, _MOST_COUNTED))
    at_least = "at least " if more == _MOST_COUNTED else ""
    end = [f"... and {at_least}{more} more"] if more else []
    expected = "\n".join(
        [f"{one.where}: {in_short(one.expected, _LONGEST_VALUE)}" for one in first] + end
    )
    got = "\n".join([f"{one.where}: {in_short(one.got, _LONGEST_VALUE)}" for one in first] + end)
    words = f"{first[0].where}: {_said(first[0].expected)} expected, {_said(first[0].got)} got"
    return Mismatch(expected, got, changed(expected, got), words, by)


def _said(value: str) -> str:
    line = " ".join(value[: 2 * _LONGEST_SAID].split())
    return line if len(line) <= _LONGEST_SAID else f"{line[: _LONGEST_SAID - 3]}..."


def as_text(value: object) -> str:
    """Return an output's value as people read it."""
    if isinstance(value, str):
        return value
    return json.dumps(value, indent=1, ensure_ascii=False, default=str)
