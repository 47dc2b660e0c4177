"""The bundle of a run: everything that is kept, hashed, from one place."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

import msgspec

from jupyter_mlcd import __version__
from jupyter_mlcd.bundle.junit import junit
from jupyter_mlcd.model.evidence import MANIFEST, SUMS, Manifest, digest_of, sums
from jupyter_mlcd.model.gate import scores
from jupyter_mlcd.model.notebook import code_positions, source_of
from jupyter_mlcd.model.project import CONFIG_NAME
from jupyter_mlcd.model.release import canonical
from jupyter_mlcd.model.run import CaseResult, FileDigest, Run, State, metrics_by_name
from jupyter_mlcd.world.files import sync_tree

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from jupyter_mlcd.model.evidence import Software
    from jupyter_mlcd.model.run import RunPlan, Verdict
    from jupyter_mlcd.model.suite import Case


class Outcome(msgspec.Struct, frozen=True):
    """What a bundle is made from."""

    plan: RunPlan
    results: tuple[CaseResult, ...]
    verdict: Verdict
    reason: str
    ended: str
    inputs: dict[str, str]
    """``{declared untracked file: sha256}``."""
    tree: Path
    """The exported tree: what was tested."""
    executed: dict[str, Path]
    """``{case id: executed notebook}``."""
    software: Software | None
    attempt: int


def write_bundle(outcome: Outcome, folder: Path) -> str:
    """Write the finished bundle to ``folder``, all or nothing, and return its fingerprint."""
    staging = folder.with_name(folder.name + ".staging")
    shutil.rmtree(staging, ignore_errors=True)
    staging.mkdir(parents=True)
    files = bundle_files(outcome)
    for path, content in files.items():
        place = staging / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content)
    sync_tree(staging)
    staging.rename(folder)
    return digest_of(files[SUMS])


def bundle_files(outcome: Outcome) -> dict[str, bytes]:
    """Return the files of the bundle."""
    files: dict[str, bytes] = {}
    notebooks: dict[str, str] = {}
    for index, case in enumerate(outcome.plan.cases):
        if case.id in outcome.executed:
            stem = re.sub(r"[^A-Za-z0-9._-]+", "-", PurePosixPath(case.notebook).stem)[:60]
            notebooks[case.id] = f"notebooks/{index:03d}-{stem}.ipynb"
            files[notebooks[case.id]] = outcome.executed[case.id].read_bytes()
    metrics = {name: dict(values) for name, values in metrics_by_name(outcome.results).items()}
    files["metrics.json"] = canonical(metrics)
    files["junit.xml"] = junit(outcome.plan.suite, outcome.results)
    files[MANIFEST] = canonical(manifest(outcome, notebooks))
    files[SUMS] = sums(files)
    return files


def manifest(outcome: Outcome, notebooks: dict[str, str]) -> Manifest:
    """Return the manifest of a run."""
    plan = outcome.plan
    project = outcome.tree / plan.prefix if plan.prefix else outcome.tree
    delivers, undelivered = delivered_products(plan.cases, outcome.results)
    return Manifest(
        run=_run(outcome),
        prefix=plan.prefix,
        notebooks=notebooks,
        sources={
            path: hashlib.sha256((project / path).read_bytes()).hexdigest()
            for path in dict.fromkeys(case.notebook for case in plan.cases)
            if (project / path).is_file()
        },
        inputs=outcome.inputs,
        scores=scores(outcome.results, _basis(outcome, project)),
        delivers=delivers,
        undelivered=undelivered,
        config=_digest_of_file(project / CONFIG_NAME),
        software=outcome.software,
        attempt=outcome.attempt,
        builder=_builder(os.environ),
        made_by=f"jupyter_mlcd {__version__}",
    )


def _run(outcome: Outcome) -> Run:
    plan = outcome.plan
    return Run(
        id=plan.id,
        project=plan.project,
        suite=plan.suite,
        tree=plan.tree,
        commit=plan.commit,
        dirty=plan.dirty,
        by=plan.by,
        started=plan.started,
        cases=outcome.results,
        state=State.ENDED,
        verdict=outcome.verdict,
        reason=outcome.reason,
        ended=outcome.ended,
        jobs=plan.jobs,
    )


def delivered_products(
    cases: Sequence[Case], results: Sequence[CaseResult]
) -> tuple[dict[str, FileDigest], str]:
    """Return the files that a release takes, and why there are none where that is unclear.

    Where a notebook of the suite says which of its cases is the ``candidate``, only such notebooks
    deliver; others then make what those need. Where none does, every notebook that produces
    something delivers it.
    """
    by_notebook: dict[str, list[Case]] = {}
    for case in cases:
        by_notebook.setdefault(case.notebook, []).append(case)
    choosing = _delivering(by_notebook)
    found: dict[str, FileDigest] = {}
    results_by_id = {result.id: result for result in results}
    for notebook in choosing:
        chosen = [case for case in by_notebook[notebook] if results_by_id[case.id].candidate]
        if not chosen:
            return {}, f"{notebook} ran several times, and `candidate` does not say which counts"
        for path, digest in results_by_id[chosen[0].id].products.items():
            if found.get(path, digest) != digest:
                return {}, f"two notebooks produce {path}, so it is unclear which is delivered"
            found[path] = digest
    return found, ""


def _delivering(by_notebook: Mapping[str, Sequence[Case]]) -> list[str]:
    """Return the notebooks whose products are delivered."""
    producing = [name for name, cases in by_notebook.items() if cases[0].produces]
    choosing = [
        name
        for name in producing
        if any(isinstance(case.candidate, str) or not case.candidate for case in by_notebook[name])
    ]
    return choosing or producing


def _basis(outcome: Outcome, project: Path) -> dict[str, str]:
    """Return for each notebook the digest of what its scores depend on.

    Equal digests mean that scores were measured in the same way: the same evaluating code, the same
    inputs, the same files made by notebooks that are not themselves delivered. The code of a notebook
    whose products are delivered does not count: it is what a release changes.
    """
    by_notebook: dict[str, list[Case]] = {}
    for case in outcome.plan.cases:
        by_notebook.setdefault(case.notebook, []).append(case)
    delivering = set(_delivering(by_notebook))
    notebook_of = {case.id: case.notebook for case in outcome.plan.cases}
    products = {result.id: result.products for result in outcome.results}
    found: dict[str, str] = {}
    for notebook, cases in by_notebook.items():
        facts: dict[str, object] = {"inputs": outcome.inputs}
        if notebook not in delivering:
            facts["code"] = _code_of(project / notebook)
        facts["made"] = sorted(
            f"{path} {digest.sha256}"
            for case in cases
            for name in case.after
            if notebook_of[name] not in delivering
            for path, digest in products[name].items()
        )
        found[notebook] = hashlib.sha256(canonical(facts)).hexdigest()
    return found


def _code_of(notebook: Path) -> list[str]:
    try:
        parsed = msgspec.json.decode(notebook.read_bytes())
        return [source_of(parsed["cells"][index]) for index in code_positions(parsed)]
    except (OSError, msgspec.DecodeError, KeyError, TypeError):
        return []


def _digest_of_file(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest() if file.is_file() else ""


def _builder(environ: Mapping[str, str]) -> str:
    """Return ``local``, or which CI system runs this."""
    names = {
        "GITHUB_ACTIONS": "github",
        "TF_BUILD": "azure-devops",
        "GITLAB_CI": "gitlab",
        "JENKINS_URL": "jenkins",
    }
    return next((name for variable, name in names.items() if environ.get(variable)), "local")
