"""``metrics.json`` of a bundle: what the notebooks of a run recorded, for other programs.

    {"v": 1,
     "run": "01a2...", "tree": "9f3c...",
     "metrics": [{"case": "train.ipynb[seed=1]", "notebook": "train.ipynb",
                  "parameters": {"seed": 1}, "key": "accuracy[digit=8]", "name": "accuracy",
                  "slice": {"digit": 8}, "value": 0.96, "low": 0.95, "high": 0.97}],
     "exhibits": [{"case": "train.ipynb[seed=1]", "name": "worst", "kind": "table",
                   "file": "notebooks/2-train.ipynb", "cell": 7, "output": 0}]}

``key`` is what rules name; ``slice`` is the part of the data that was measured, empty for all of
it; ``low`` and ``high`` are null where no interval was recorded. An exhibit stands in ``file``, an
executed notebook of the same bundle, as output ``output`` of cell ``cell``, both counted from 0.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from jupyter_mlcd.model.metric import SliceValue, split_metric
from jupyter_mlcd.model.release import canonical
from jupyter_mlcd.model.result import ExhibitKind

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from jupyter_mlcd.model.result import CaseResult
    from jupyter_mlcd.model.run import Run

METRICS = "metrics.json"


class RecordedMetric(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One number of one case."""

    case: str
    notebook: str
    parameters: dict[str, Any]
    key: str
    name: str
    slice: dict[str, SliceValue]
    value: float
    low: float | None = None
    high: float | None = None


class RecordedExhibit(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where one table or figure of one case stands."""

    case: str
    name: str
    kind: ExhibitKind
    file: str
    cell: int
    output: int


class Metrics(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The whole file."""

    run: str
    tree: str
    metrics: tuple[RecordedMetric, ...]
    exhibits: tuple[RecordedExhibit, ...]
    v: int = 1


def metrics_file(run: Run, notebooks: Mapping[str, str]) -> bytes:
    """Return the file of a run; ``notebooks`` is ``{case id: executed notebook in the bundle}``."""
    found = Metrics(
        run=run.id,
        tree=run.tree,
        metrics=tuple(one for case in run.cases for one in _metrics(case)),
        exhibits=tuple(one for case in run.cases for one in _exhibits(case, notebooks)),
    )
    return canonical(found)


def _metrics(case: CaseResult) -> Iterator[RecordedMetric]:
    for key, value in case.metrics.items():
        name, part = split_metric(key)
        low, high = case.intervals.get(key, (None, None))
        yield RecordedMetric(
            case.id, case.notebook, case.parameters, key, name, part, value, low, high
        )


def _exhibits(case: CaseResult, notebooks: Mapping[str, str]) -> Iterator[RecordedExhibit]:
    for one in case.exhibits:
        file = notebooks.get(case.id, "")
        yield RecordedExhibit(case.id, one.name, one.kind, file, one.cell, one.output)
