"""Bundles that nobody touched, as many as wanted, from cases that the runner really executed.

As many runs of notebooks made up by chance as is asked for; then, of each kept run, our own writer
makes bundles of a part of its cases, as it would after a run of just these, so that every mixture
of verdicts, retries, skipped cells, early ends, floods and parameters comes up.
"""

from __future__ import annotations

import random
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from jupyter_mlcd.actions.verify_evidence import verify_files
from jupyter_mlcd.bundle.manifest import write_bundle
from jupyter_mlcd.execution import journal
from jupyter_mlcd.execution.run_folder import folder_of
from jupyter_mlcd.model.result import verdict_of
from jupyter_mlcd.model.run import RunPlan
from jupyter_mlcd.model.run_events import fold
from tests.faults.distinct import distinct_runs

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.faults.kept import Stage


def clean_bundles(stage: Stage, number: int, seed: int, distinct: int) -> Iterator[str]:
    """Yield what is said against each of so many clean bundles; nothing, if all is well.

    So many of them, ``distinct``, are of runs of their own.
    """
    luck = random.Random(seed)  # noqa: S311 - chosen, not secret
    ids = [run for runs in stage.runs.values() for run in runs]
    for run in ids[:number]:
        yield _said(stage.bench.export(run).files)
    made = min(distinct, number - len(ids))
    for bundle in distinct_runs(stage, made, luck):
        yield _said(_files(bundle))
    for _ in range(number - len(ids) - made):
        with tempfile.TemporaryDirectory() as place:
            bundle = Path(place) / "bundle"
            _write(stage, luck.choice(ids), luck, bundle)
            yield _said(_files(bundle))


def _files(bundle: Path) -> dict[str, bytes]:
    return {
        path.relative_to(bundle).as_posix(): path.read_bytes()
        for path in bundle.rglob("*")
        if path.is_file()
    }


def _said(files: dict[str, bytes]) -> str:
    found = verify_files(files, "clean")
    return "; ".join(f"{one.name}: {one.words}" for one in found.checks if not one.ok)


def _write(stage: Stage, name: str, luck: random.Random, bundle: Path) -> None:
    folder = folder_of(stage.bench.git.common_dir, name)
    whole = msgspec.json.decode(folder.plan.read_bytes(), type=RunPlan)
    run = fold(whole, journal.read(folder.journal))
    count = luck.randint(1, len(whole.cases))
    drawn = luck.sample(whole.cases, count)
    needed = {case.id for case in drawn} | {name for case in drawn for name in case.after}
    chosen = [place for place, case in enumerate(whole.cases) if case.id in needed]
    cases = tuple(run.cases[place] for place in chosen)
    plan = msgspec.structs.replace(whole, cases=tuple(whole.cases[place] for place in chosen))
    verdict, reason = verdict_of(cases)
    part = msgspec.structs.replace(run, cases=cases, verdict=verdict, reason=reason)
    executed = {}
    for number, case in enumerate(plan.cases):
        made = folder.executed(whole, case.id)
        if made.is_file():  # It is named by its place in the run.
            copy = bundle.parent / f"{number:03d}{made.name[3:]}"
            copy.write_bytes(made.read_bytes())
            executed[case.id] = copy
    attached = {}
    for result in cases:
        for attempt in result.attempts:
            attached[attempt.notebook] = folder.attached / attempt.notebook
    write_bundle(
        plan,
        part,
        executed=executed,
        attached=attached,
        sources=stage.folder,
        inputs={},
        attempt=1,
        folder=bundle,
    )
