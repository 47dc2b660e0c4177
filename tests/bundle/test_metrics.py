from __future__ import annotations

import json
from typing import Any

from jupyter_mlcd.bundle.metrics import metrics_file
from jupyter_mlcd.model.result import CaseResult, Exhibit, ExhibitKind
from jupyter_mlcd.model.run import Run

CASE = CaseResult(
    id="train.ipynb[seed=1]",
    notebook="train.ipynb",
    parameters={"seed": 1},
    metrics={"accuracy": 0.9, "accuracy[digit=8]": 0.8},
    intervals={"accuracy": (0.85, 0.95)},
    exhibits=(Exhibit("worst", ExhibitKind.TABLE, 7, 2),),
)


def read(*cases: CaseResult) -> dict[str, Any]:
    facts: dict[str, Any] = dict.fromkeys(("project", "suite", "commit", "by", "started"), "x")
    run = Run(id="1", tree="t", dirty={}, cases=cases, **facts)
    return dict(json.loads(metrics_file(run, {CASE.id: "notebooks/1-train.ipynb"})))


def test_the_file_says_its_version_and_which_run_it_is_of() -> None:
    assert read() == {"v": 1, "run": "1", "tree": "t", "metrics": [], "exhibits": []}


def test_a_metric_has_its_slice_and_its_interval_taken_apart() -> None:
    shared = {"case": CASE.id, "notebook": "train.ipynb", "parameters": {"seed": 1}}
    whole, part = read(CASE)["metrics"]
    assert whole == shared | {
        "key": "accuracy",
        "name": "accuracy",
        "slice": {},
        "value": 0.9,
        "low": 0.85,
        "high": 0.95,
    }
    assert part == shared | {
        "key": "accuracy[digit=8]",
        "name": "accuracy",
        "slice": {"digit": 8},
        "value": 0.8,
        "low": None,
        "high": None,
    }


def test_an_exhibit_says_where_it_stands() -> None:
    (one,) = read(CASE)["exhibits"]
    assert one == {
        "case": CASE.id,
        "name": "worst",
        "kind": "table",
        "file": "notebooks/1-train.ipynb",
        "cell": 7,
        "output": 2,
    }
