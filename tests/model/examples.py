"""Values that are whole and plain, to be changed in one point by a test."""

from __future__ import annotations

from typing import Any

from jupyter_mlcd.model.evidence import Evidence
from jupyter_mlcd.model.gate import Score
from jupyter_mlcd.model.release import Release, ReleasedRun
from jupyter_mlcd.model.result import CaseResult, FileDigest, State, Verdict
from jupyter_mlcd.model.run import Run, RunPlan
from jupyter_mlcd.model.suite import Case, Compare, Limits

BY = "Ada <ada@example.org>"
AT = "2026-03-01T09:30:00.000001Z"


def result(name: str, verdict: Verdict | None = Verdict.PASSED, **changes: Any) -> CaseResult:
    plain: dict[str, Any] = {
        "id": name,
        "notebook": name.partition("[")[0],
        "parameters": {},
        "state": State.ENDED if verdict else State.WAITING,
        "verdict": verdict,
    }
    return CaseResult(**{**plain, **changes})


def run(*cases: CaseResult, **changes: Any) -> Run:
    plain: dict[str, Any] = {
        "id": "0195-run",
        "project": "digits",
        "suite": "quality",
        "tree": "a" * 40,
        "commit": "c" * 40,
        "dirty": {},
        "by": BY,
        "started": AT,
        "cases": cases,
        "state": State.ENDED,
        "verdict": Verdict.PASSED,
    }
    return Run(**{**plain, **changes})


def plan(*cases: str) -> RunPlan:
    return RunPlan(
        id="0195-run",
        project="digits",
        prefix="",
        repository="/repository",
        suite="quality",
        tree="a" * 40,
        commit="c" * 40,
        dirty={},
        by=BY,
        started=AT,
        cases=tuple(Case(name, name.partition("[")[0], {}) for name in cases),
        compare=Compare.MARKED_CELLS,
        limits=Limits(),
        inputs=(),
        jobs=2,
    )


def score(*values: float, basis: str = "same", notebook: str = "evaluate.ipynb") -> Score:
    return Score(notebook, {f"case {n}": value for n, value in enumerate(values)}, basis)


def evidence(name: str = "0195-run", **changes: Any) -> Evidence:
    plain: dict[str, Any] = {
        "id": name,
        "project": "digits",
        "suite": "quality",
        "tree": "a" * 40,
        "commit": "c" * 40,
        "dirty": False,
        "verdict": Verdict.PASSED,
        "reason": "5 of 5 cases passed",
        "by": BY,
        "at": AT,
        "digest": "sha256:" + "e" * 64,
        "path": f"evidence/2026/03/{name}",
    }
    return Evidence(**{**plain, **changes})


def release(version: str = "0.1.0", **changes: Any) -> Release:
    plain: dict[str, Any] = {
        "project": "digits",
        "version": version,
        "commit": "c" * 40,
        "tree": "a" * 40,
        "runs": (ReleasedRun("quality", "0195-run", "sha256:" + "e" * 64),),
        "products": {"model.joblib": FileDigest("f" * 64, 3)},
        "scores": {"accuracy": score(0.95)},
        "policy": (),
        "findings": (),
    }
    return Release(**{**plain, **changes})
