"""What a notebook recorded: scores, tables and figures among the outputs of its cells.

Any language records by writing scrapbook's media types. The least is an output that holds

    {"application/scrapbook.scrap.json+json": {"name": "accuracy", "data": 0.966}}

in which ``data`` is one finite number. Beside it may stand ``low`` and ``high``, the interval that
holds the number, and ``slice``, ``{"segment": "young"}``. ``data`` that is a list or an object is
an exhibit, best as ``{"columns": [...], "data": [[...]]}`` with rows in ``data``; so is every
output with ``{"scrapbook": {"name": ..., "display": true}}`` in its metadata. All of it comes from
code that is not trusted, so names and numbers are bounded and odd ones are told in words.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from jupyter_mlcd.model.metric import metric_key
from jupyter_mlcd.model.result import Exhibit, ExhibitKind

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

MEDIA_TYPE = "application/scrapbook.scrap.json+json"
"""What ``record`` writes; that file stands alone, in any kernel, and shares nothing with us."""

_SCRAPS = "application/scrapbook.scrap."
"""How the media types of scrapbook's encoders start."""
_LONGEST_NAME = 200
_MOST = 1000
"""Scores, exhibits and remarks of one cell."""


@dataclass(frozen=True)
class Recorded:
    """What the outputs of one cell recorded."""

    metrics: dict[str, float] = field(default_factory=dict)
    """``{key: value}``; the same key twice: the last one counts."""
    intervals: dict[str, tuple[float, float]] = field(default_factory=dict)
    """``{key: (low, high)}`` of those metrics that came with one."""
    exhibits: tuple[Exhibit, ...] = ()
    """The same name twice: the last one counts."""
    remarks: tuple[str, ...] = ()
    """What was recorded and cannot be used, in words."""


def recorded(outputs: Sequence[Any], cell_index: int) -> Recorded:
    """Return what the outputs of one cell recorded.

    ``cell_index`` is the cell's position in the executed notebook. Nothing is raised, whatever the
    outputs hold.
    """
    metrics: dict[str, float] = {}
    intervals: dict[str, tuple[float, float]] = {}
    exhibits: dict[str, Exhibit] = {}
    remarks: dict[str, None] = {}
    for number, output in enumerate(outputs):
        for name, scrap in _scraps(output):
            value = _number(scrap.get("data"))
            if not name:
                remarks["something without a proper name was recorded; it is no score"] = None
            elif value is not None:
                key = _key(name, scrap.get("slice"))
                metrics[key] = value
                intervals.pop(key, None)
                interval, remark = _interval(key, value, scrap)
                intervals.update({key: interval} if interval else {})
                remarks.update({remark: None} if remark else {})
            elif _is_table(scrap.get("data")):
                exhibits[name] = Exhibit(name, ExhibitKind.TABLE, cell_index, number)
            else:
                remarks[f"`{name}` is not one finite number; it is no score"] = None
        name = _displayed(output)
        if name and exhibits.get(name, _NONE).output != number:
            exhibits[name] = Exhibit(name, _kind(output), cell_index, number)
    return _bounded(metrics, intervals, exhibits, remarks)


_NONE = Exhibit("", ExhibitKind.FIGURE, -1, -1)


def records_a_score(outputs: Sequence[Any]) -> bool:
    """Whether a cell's outputs hold anything of scrapbook's media types."""
    return any(True for output in outputs for _ in _media_types(output))


def without_scores(outputs: Sequence[Any]) -> list[Any]:
    """Return the outputs that are compared by text: without scores and the text they show."""
    kept: list[Any] = []
    for output in outputs:
        ours = set(_media_types(output))
        if not ours:
            kept.append(output)
            continue
        media = output["data"]
        rest = {kind: media[kind] for kind in media if kind not in {*ours, "text/plain"}}
        if rest:
            kept.append(type(output)({**output, "data": rest}))
    return kept


def _media_types(output: Any) -> Iterator[str]:  # noqa: ANN401 - untrusted JSON
    media = output.get("data") if isinstance(output, dict) else None
    for kind in media if isinstance(media, dict) else ():
        if isinstance(kind, str) and kind.startswith(_SCRAPS):
            yield kind


def _scraps(output: Any) -> Iterator[tuple[str, dict[str, Any]]]:  # noqa: ANN401 - untrusted JSON
    """Yield name and content of what an output recorded; an empty name where it has no good one."""
    for kind in _media_types(output):
        scrap = output["data"][kind]
        if not isinstance(scrap, dict):
            yield "", {}
        elif kind == MEDIA_TYPE:
            yield _name(scrap.get("name")), scrap
        else:  # a text, or bytes in a form of its own
            yield _name(scrap.get("name")), {}


def _name(name: object) -> str:
    is_good = isinstance(name, str) and 0 < len(name) <= _LONGEST_NAME and name.isprintable()
    return str(name) if is_good else ""


def _number(value: object) -> float | None:
    if not isinstance(value, int | float):
        return None
    try:
        number = float(value)
    except OverflowError:
        return None
    if not math.isfinite(number):
        return None
    # Whole numbers stay whole, up to the largest that JSON readers agree on.
    return int(value) if isinstance(value, int) and abs(value) <= 1 << 53 else number


def _key(name: str, part: object) -> str:
    """Return the key of a score whose slice may stand in its name, beside it, or in both."""
    if not isinstance(part, dict) or not 0 < len(part) <= _LONGEST_NAME:
        return name
    good = {
        one: value
        for one, value in part.items()
        if _name(one) and (_number(value) is not None or _name(value))
    }
    key = metric_key(name.partition("[")[0], good)
    return key if len(good) == len(part) and len(key) <= _LONGEST_NAME else name


def _interval(
    key: str, value: float, scrap: dict[str, Any]
) -> tuple[tuple[float, float] | None, str]:
    if scrap.get("low") is None and scrap.get("high") is None:
        return None, ""
    low, high = _number(scrap.get("low")), _number(scrap.get("high"))
    if low is None or high is None or not low <= value <= high:
        return None, f"the interval of `{key}` does not hold its value, so it does not count"
    return (low, high), ""


def _is_table(content: object) -> bool:
    """Whether it can be shown in rows: what `record_table` writes, and what people glue."""
    return isinstance(content, dict | list) and bool(content)


def _displayed(output: Any) -> str:  # noqa: ANN401 - untrusted JSON
    """Return the name under which an output is shown; empty where it has none."""
    about = output.get("metadata") if isinstance(output, dict) else None
    about = about.get("scrapbook") if isinstance(about, dict) else None
    is_shown = isinstance(about, dict) and about.get("display") is True
    return _name(about.get("name")) if is_shown and isinstance(about, dict) else ""


def _kind(output: dict[str, Any]) -> ExhibitKind:
    media = output.get("data")
    kinds = media if isinstance(media, dict) else {}
    markup = kinds.get("text/html", "")
    markup = "".join(map(str, markup)) if isinstance(markup, list) else str(markup)
    is_drawn = any(str(kind).startswith("image/") for kind in kinds)
    return ExhibitKind.TABLE if "<table" in markup and not is_drawn else ExhibitKind.FIGURE


def _bounded(
    metrics: dict[str, float],
    intervals: dict[str, tuple[float, float]],
    exhibits: dict[str, Exhibit],
    remarks: dict[str, None],
) -> Recorded:
    if max(len(metrics), len(exhibits), len(remarks)) > _MOST:
        remarks = {f"more than {_MOST} things were recorded; the first {_MOST} count": None}
    kept = dict(list(metrics.items())[:_MOST])
    return Recorded(
        metrics=kept,
        intervals={key: ends for key, ends in intervals.items() if key in kept},
        exhibits=tuple(exhibits.values())[:_MOST],
        remarks=tuple(remarks),
    )
