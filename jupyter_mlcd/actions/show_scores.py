"""What the kept runs of a suite scored, one after the other."""

from __future__ import annotations

from contextlib import suppress
from statistics import fmean
from typing import TYPE_CHECKING

import msgspec

from jupyter_mlcd.actions.examine import versions_by_run
from jupyter_mlcd.actions.find_run import find_manifest
from jupyter_mlcd.model.comparison import ScoreHistory, ScorePoint

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from jupyter_mlcd.actions.desk import Desk
    from jupyter_mlcd.model.evidence import Evidence

_LISTED = 30
"""Runs that a history shows: more would be no picture any more."""
_METRICS = "metrics.json"


class _Recorded(msgspec.Struct, frozen=True):
    """One number of one case, as ``metrics.json`` has it."""

    notebook: str
    key: str
    value: float
    low: float | None = None
    high: float | None = None


class _Metrics(msgspec.Struct, frozen=True):
    metrics: tuple[_Recorded, ...]


def show_scores(desk: Desk, run: str) -> ScoreHistory:
    """Return what the kept runs of the suite of ``run`` scored, and ``run`` itself.

    Runs of only some cases are left out. Raises NotFoundError.
    """
    manifest = find_manifest(desk, run).run
    history = desk.history
    kept = [
        one
        for one in history.evidence.values()
        if one.suite == manifest.suite and (not one.partial or one.id == run)
    ]
    listed = _around(kept, run)
    versions = versions_by_run(desk, history)
    texts = desk.ledger.read_all(f"{one.path}/{_METRICS}" for one in listed)
    found: dict[str, list[ScorePoint]] = {}
    for one in listed:
        for name, numbers in _recorded(texts.get(f"{one.path}/{_METRICS}", b"")).items():
            place = (one.id, one.at, one.by, versions.get(one.id, ()))
            found.setdefault(name, []).append(_point(place, numbers))
    if run not in history.evidence:
        for name, point in _own(desk, run).items():
            found.setdefault(name, []).append(point)
    scores = {name: tuple(points) for name, points in found.items()}
    return ScoreHistory(run, manifest.suite, scores, len(kept) - len(listed))


def _around(kept: Sequence[Evidence], run: str) -> list[Evidence]:
    """Return the newest ones, reaching back to ``run`` where it is older than those."""
    place = next((index for index, one in enumerate(kept) if one.id == run), len(kept))
    end = min(len(kept), max(place + _LISTED // 2, _LISTED)) if place < len(kept) else len(kept)
    end = len(kept) if len(kept) - place <= _LISTED // 2 else end
    return list(kept[max(0, end - _LISTED) : end])


def _recorded(text: bytes) -> Mapping[str, Sequence[_Recorded]]:
    """Return what a kept run recorded; nothing where its file is not there or cannot be read."""
    with suppress(msgspec.MsgspecError):
        return _counting(msgspec.json.decode(text, type=_Metrics).metrics)
    return {}


def _own(desk: Desk, run: str) -> dict[str, ScorePoint]:
    """Return the points of a draft, which is not kept yet."""
    whole = find_manifest(desk, run).run
    recorded = [
        _Recorded(case.notebook, key, value, *case.intervals.get(key, (None, None)))
        for case in whole.cases
        for key, value in case.metrics.items()
    ]
    place = (whole.id, whole.ended, whole.by, ())
    return {name: _point(place, numbers) for name, numbers in _counting(recorded).items()}


def _counting(recorded: Sequence[_Recorded]) -> dict[str, list[_Recorded]]:
    """Return the numbers that count: where several notebooks recorded a score, the last one's."""
    last = {one.key: one.notebook for one in recorded}
    found: dict[str, list[_Recorded]] = {}
    for one in recorded:
        if last[one.key] == one.notebook:
            found.setdefault(one.key, []).append(one)
    return found


def _point(
    place: tuple[str, str, str, tuple[str, ...]], numbers: Sequence[_Recorded]
) -> ScorePoint:
    values = [one.value for one in numbers]
    ends = (numbers[0].low, numbers[0].high)
    if len(values) > 1:
        ends = (min(values), max(values))
    return ScorePoint(*place, fmean(values), *ends, len(values))
