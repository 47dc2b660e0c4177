"""Scores that a notebook recorded: outputs of scrapbook's media type with one finite number."""

from __future__ import annotations

import math
from typing import Any

from jupyter_mlcd.record import MEDIA_TYPE

_MAXIMAL_NAME = 100


def recorded_scores(outputs: list[Any]) -> tuple[dict[str, float], list[str]]:
    """Return the scores among one cell's outputs, and what was recorded but is no score, in words.

    The same name twice: the last one counts.
    """
    scores: dict[str, float] = {}
    remarks: list[str] = []
    for output in outputs:
        scrap = output.get("data", {}).get(MEDIA_TYPE)
        if scrap is None:
            continue
        name = scrap.get("name") if isinstance(scrap, dict) else None
        value = scrap.get("data") if isinstance(scrap, dict) else None
        if not isinstance(name, str) or not 0 < len(name) <= _MAXIMAL_NAME:
            remarks.append("something without a name was recorded; it is no score")
        elif not isinstance(value, int | float) or not _is_finite(value):
            remarks.append(f"`{name}` is not one finite number; it is no score")
        else:
            scores[name] = value
    return scores, remarks


def _is_finite(value: float) -> bool:
    try:
        return math.isfinite(value)
    except OverflowError:
        return False


def records_a_score(outputs: list[Any]) -> bool:
    """Whether a cell's outputs hold anything of scrapbook's media type."""
    return any(MEDIA_TYPE in output.get("data", {}) for output in outputs)


def without_scores(outputs: list[Any]) -> list[Any]:
    """Return the outputs that are compared by text: without scores and the text they show."""
    kept = []
    for output in outputs:
        media = output.get("data", {})
        if MEDIA_TYPE not in media:
            kept.append(output)
            continue
        rest = {kind: media[kind] for kind in media if kind not in {MEDIA_TYPE, "text/plain"}}
        if rest:
            kept.append(type(output)({**output, "data": rest}))
    return kept
