"""A project whose evaluation changes, with fakes behind every socket: its runs end as real ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from jupyter_mlcd.actions.deliver import deliver
from jupyter_mlcd.actions.run_suite import run_suite
from jupyter_mlcd.actions.score_live import score_live
from jupyter_mlcd.model.evidence import MANIFEST, SUMS, digest_of, sums
from jupyter_mlcd.model.gate import scores
from jupyter_mlcd.model.release import canonical
from jupyter_mlcd.model.result import Verdict, verdict_of
from jupyter_mlcd.model.run import Run, RunRequest
from jupyter_mlcd.testing import FakeDesk
from tests.actions.days import change_committed

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from jupyter_mlcd.model.result import FileDigest

SUITE = """
[project]
name = "digits"

[suites.quality]
notebooks = [
  {{ path = "train.ipynb", produces = ["model.joblib"]{matrix} }},
  {{ path = "evaluate.ipynb", after = ["train.ipynb"]{evaluated} }},
]

[[gates]]
metric = "accuracy"
better-than = "production"

[environments.production]
"""
CONFIG = SUITE.format(matrix="", evaluated="")
SEEDS = ", matrix = { seed = [1, 2] }"
MATRIX = SUITE.format(matrix=f"{SEEDS}, candidate = {{ seed = 1 }}", evaluated="")
BARE = CONFIG.replace(', produces = ["model.joblib"]', "") + (
    'target = { kind = "git", remote = "origin" }\n'
)
ALONE = CONFIG.replace('{ path = "train.ipynb", produces = ["model.joblib"] },\n', "").replace(
    'after = ["train.ipynb"]', 'produces = ["model.joblib"]'
)
NOISY = SUITE.format(matrix=f"{SEEDS}, candidate = {{ seed = 1 }}", evaluated=SEEDS)


def project(folder: Path, config: str = CONFIG) -> FakeDesk:
    for name in ("train.ipynb", "evaluate.ipynb"):
        (folder / name).write_text("{}")
    return FakeDesk(folder, config)


def ended(
    made: FakeDesk,
    run: str,
    values: Mapping[str, float] | float,
    basis: str = "plain",
    verdict: Verdict = Verdict.PASSED,
) -> Run:
    """End a run as the real runner would: training makes a model, evaluation records a score."""
    plan = made.runner.plans[run]
    made.runner.end(run, verdict=verdict)
    before = made.runner.manifests[run]
    scored = plan.scored or None
    cases = []
    for case, planned in zip(before.run.cases, plan.cases, strict=True):
        products: dict[str, FileDigest] = {}
        metrics: dict[str, float] = {}
        if planned.produces:
            model = made.store.put_bytes(f"{case.id} of {plan.tree}".encode())
            products = scored.placed[case.id] if scored else {"model.joblib": model}
        if case.notebook == "evaluate.ipynb" and verdict is Verdict.PASSED:
            value = values if isinstance(values, float) else values[case.id]
            metrics = {"accuracy": value}
        done = msgspec.structs.replace(case, products=products, metrics=metrics)
        if scored and case.id in scored.placed:
            done = msgspec.structs.replace(done, verdict=Verdict.SKIPPED, cells=())
        cases.append(done)
    told = msgspec.structs.replace(before.run, cases=tuple(cases), reason=verdict_of(cases)[1])
    manifest = msgspec.structs.replace(
        before,
        run=told,
        scores=scores(cases, {"evaluate.ipynb": basis}),
        delivers={} if scored else cases[0].products,
    )
    place = made.runner.bundle(run)
    (place / MANIFEST).write_bytes(canonical(manifest))
    files = {
        path.relative_to(place).as_posix(): path.read_bytes()
        for path in place.rglob("*")
        if path.is_file() and path.name != SUMS
    }
    (place / SUMS).write_bytes(sums(files))
    made.runner.manifests[run] = manifest
    made.runner.ended[run] = msgspec.structs.replace(told, digest=digest_of(sums(files)))
    return made.runner.ended[run]


def was_tested(made: FakeDesk, values: Mapping[str, float] | float, basis: str = "plain") -> Run:
    return ended(made, run_suite(made.desk, RunRequest("quality")).id, values, basis)


def changed(
    made: FakeDesk, values: Mapping[str, float] | float = 0.97, basis: str = "strict"
) -> None:
    """Deliver a first version, then commit one with another evaluation, and test it."""
    if not made.desk.history.live:
        first = 0.9 if isinstance(values, float) else dict.fromkeys(values, 0.9)
        was_tested(made, first)
        deliver(made.desk, "production")
    number = len(made.runner.plans) + 1
    change_committed(made, number)
    was_tested(made, values, basis)


def scored(
    made: FakeDesk,
    values: Mapping[str, float] | float = 0.94,
    basis: str = "strict",
    verdict: Verdict = Verdict.PASSED,
) -> str:
    """Score what is live to the end, and return the run."""
    begun = score_live(made.desk, "production")
    ended(made, begun.run, values, basis, verdict)
    score_live(made.desk, "production")
    return begun.run
