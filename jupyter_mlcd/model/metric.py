"""The key of a metric: its name, and the slice of the data that it was measured on."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

SliceValue = str | int | float | bool
"""What a parameter of a slice can be."""

_DECODER = json.JSONDecoder()
_PLAIN = re.compile(r"[\w<>≤≥=.+-]{1,60}")


def metric_key(name: str, part: Mapping[str, SliceValue]) -> str:
    """Return ``accuracy[segment="young"]``: the notation of case ids; the bare name without part.

    ``jupyter_mlcd.record`` writes the same, without this file, since kernels may not have it.
    """
    if not part:
        return name
    return f"{name}[{','.join(f'{one}={json.dumps(part[one])}' for one in sorted(part))}]"


def split_metric(key: str) -> tuple[str, dict[str, SliceValue]]:
    """Return name and slice of a metric's key; of what has another form the key and no slice."""
    name, bracket, rest = key.partition("[")
    part = named_values(rest) if bracket else {}
    found = {one: value for one, value in part.items() if isinstance(value, SliceValue)}
    return (name, found) if found and len(found) == len(part) else (key, {})


def named_values(text: str) -> dict[str, Any]:
    """Return what stands in the brackets of a key or a case id, as ``seed=1,C=0.5]``.

    Nothing of what has another form.
    """
    values: dict[str, Any] = {}
    while text:
        one, sign, rest = text.partition("=")
        try:
            value, end = _DECODER.raw_decode(rest)
        except (ValueError, RecursionError):
            break
        if not one or not sign:
            break
        values[one] = value
        if rest[end:] == "]":
            return values
        if rest[end : end + 1] != ",":
            break
        text = rest[end + 1 :]
    return {}


def is_slice(key: str, metric: str, wanted: str = "") -> bool:
    """Whether a key is a slice of a metric, and the one that is ``wanted`` where that is given.

    A slice is named by its words, by what stands in the brackets, or, where it is one by one thing,
    by that value alone: ``segment young``, ``segment="young"`` or ``young``.
    """
    name, part = split_metric(key)
    if name != metric or not part:
        return False
    alone = {str(value) for value in part.values()} if len(part) == 1 else set()
    inside = key.removeprefix(f"{metric}[").removesuffix("]")
    return not wanted or wanted in {slice_words(part), inside, *alone}


def slice_words(part: Mapping[str, SliceValue]) -> str:
    """Return ``segment young``: no two slices have the same words, so that a rule means one."""
    return ", ".join(f"{_word(one)} {_word(part[one])}" for one in sorted(part))


def _word(value: SliceValue) -> str:
    """Return a text as it is where it is one plain word that is no number; else as JSON."""
    is_plain = isinstance(value, str) and _PLAIN.fullmatch(value) and not _is_json(value)
    return str(value) if is_plain else json.dumps(value, ensure_ascii=False)


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except ValueError:
        return False
    return True
