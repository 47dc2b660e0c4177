"""The key of a metric: its name, and the slice of the data that it was measured on."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

SliceValue = str | int | float | bool
"""What a parameter of a slice can be."""

_DECODER = json.JSONDecoder()


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
    part: dict[str, SliceValue] = {}
    while bracket and rest:
        one, sign, text = rest.partition("=")
        try:
            value, end = _DECODER.raw_decode(text)
        except (ValueError, RecursionError):
            break
        if not one or not sign or not isinstance(value, SliceValue):
            break
        part[one] = value
        if text[end:] == "]":
            return name, part
        if text[end : end + 1] != ",":
            break
        rest = text[end + 1 :]
    return key, {}
