"""The bundle of a run: everything that is kept, hashed, from one place."""

from __future__ import annotations

import hashlib
import os
import shutil
from typing import TYPE_CHECKING

import msgspec

from jupyter_mlcd import __version__
from jupyter_mlcd.bundle.attestations import IN_JUPYTERLAB
from jupyter_mlcd.bundle.junit import junit
from jupyter_mlcd.bundle.metrics import METRICS, metrics_file
from jupyter_mlcd.bundle.software import all_software_of
from jupyter_mlcd.model.evidence import (
    MANIFEST,
    STARTED_BY_A_SERVER,
    SUMS,
    Manifest,
    digest_of,
    sums,
)
from jupyter_mlcd.model.gate import scores
from jupyter_mlcd.model.notebook import code_positions, source_of
from jupyter_mlcd.model.project import CONFIG_NAME
from jupyter_mlcd.model.release import canonical
from jupyter_mlcd.model.suite import delivering_notebooks
from jupyter_mlcd.world.files import sync_directory, sync_tree

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from jupyter_mlcd.model.result import CaseResult, FileDigest
    from jupyter_mlcd.model.run import Run, RunPlan
    from jupyter_mlcd.model.suite import Case


def write_bundle(  # noqa: PLR0913 - what the runner knows at the end of a run, all by name
    plan: RunPlan,
    run: Run,
    *,
    executed: Mapping[str, Path],
    attached: Mapping[str, Path],
    sources: Path,
    inputs: Mapping[str, str],
    attempt: int,
    folder: Path,
) -> str:
    """Write the finished bundle of a run to ``folder``, all or nothing; return its fingerprint.

    ``executed`` are the executed notebooks by case id, ``attached`` further files by their paths
    in the bundle, ``sources`` is the project's folder as it was tested, ``inputs`` the sha256 of
    declared untracked files, ``attempt`` how many runs of the suite were made on this tree. Raises
    OSError.
    """
    files = {path: file.read_bytes() for path, file in attached.items()}
    notebooks: dict[str, str] = {}
    for name, file in executed.items():
        notebooks[name] = f"notebooks/{file.name}"
        files[notebooks[name]] = file.read_bytes()
    software, *others = all_software_of(executed.values(), plan.interpreter) or (None,)
    delivers, undelivered = delivered_products(plan.cases, run.cases)
    if plan.scored:
        delivers, undelivered = {}, f"it is {plan.scored.words} and delivers nothing"
    manifest = Manifest(
        run=msgspec.structs.replace(run, digest="", kept=False, estimate=None),
        prefix=plan.prefix,
        notebooks=notebooks,
        sources=_source_digests(plan, sources),
        inputs=dict(inputs),
        scores=scores(run.cases, _basis(plan, run, sources, inputs)),
        delivers=delivers,
        undelivered=undelivered,
        config=_digest_of_file(sources / CONFIG_NAME),
        software=software,
        other_software=tuple(others),
        attempt=attempt,
        builder=builder_of(os.environ),
        made_by=f"jupyter_mlcd {__version__}{_place(os.environ)}",
    )
    files[METRICS] = metrics_file(run, notebooks)
    files["junit.xml"] = junit(run)
    files[MANIFEST] = canonical(manifest)
    files[SUMS] = sums(files)
    _write(folder, files)
    return digest_of(files[SUMS])


def _write(folder: Path, files: Mapping[str, bytes]) -> None:
    staging = folder.with_name(folder.name + ".staging")
    shutil.rmtree(staging, ignore_errors=True)
    for path, content in files.items():
        place = staging / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content)
    sync_tree(staging)
    staging.rename(folder)
    sync_directory(folder.parent)


def _source_digests(plan: RunPlan, sources: Path) -> dict[str, str]:
    paths = dict.fromkeys(case.notebook for case in plan.cases)
    return {path: _digest_of_file(sources / path) for path in paths if (sources / path).is_file()}


def delivered_products(
    cases: Sequence[Case], results: Sequence[CaseResult]
) -> tuple[dict[str, FileDigest], str]:
    """Return the files that a release takes, and why there are none where that is unclear."""
    by_notebook: dict[str, list[Case]] = {}
    for case in cases:
        by_notebook.setdefault(case.notebook, []).append(case)
    choosing = delivering_notebooks(cases)
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


def _basis(plan: RunPlan, run: Run, sources: Path, inputs: Mapping[str, str]) -> dict[str, str]:
    """Return for each notebook the digest of what its scores depend on.

    Equal digests mean that scores were measured in the same way: the same evaluating code, the
    same inputs, the same files made by notebooks that are not themselves delivered. The code of a
    notebook whose products are delivered does not count: it is what a release changes. Nor do
    files that are made of those, as predictions: there the way in which they are made counts.
    """
    by_notebook: dict[str, list[Case]] = {}
    for case in plan.cases:
        by_notebook.setdefault(case.notebook, []).append(case)
    delivering = set(plan.scored.delivering if plan.scored else delivering_notebooks(plan.cases))
    notebook_of = {case.id: case.notebook for case in plan.cases}
    products = {result.id: result.products for result in run.cases}
    found: dict[str, str] = {}
    through: set[str] = set()
    for notebook, cases in by_notebook.items():
        earlier = {notebook_of[name] for case in cases for name in case.after} - delivering
        made = {
            f"{path} {digest.sha256}"
            for case in cases
            for name in case.after
            if notebook_of[name] in earlier - through
            for path, digest in products[name].items()
        }
        facts: dict[str, object] = {"inputs": dict(inputs), "made": sorted(made)}
        if ways := sorted(found[name] for name in earlier & through):
            facts["through"] = ways
        takes = {notebook_of[name] for case in cases for name in case.after}
        if notebook not in delivering and cases[0].produces and takes & (delivering | through):
            through.add(notebook)
        if notebook not in delivering:
            facts["code"] = _code_of(sources / notebook)
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


def _place(environ: Mapping[str, str]) -> str:
    """Return words for a run that a server of Jupyter, or what it started, asked for."""
    return IN_JUPYTERLAB if environ.get(STARTED_BY_A_SERVER) else ""


def builder_of(environ: Mapping[str, str]) -> str:
    """Return ``local``, or which CI system runs this."""
    names = {
        "GITHUB_ACTIONS": "github",
        "TF_BUILD": "azure-devops",
        "GITLAB_CI": "gitlab",
        "JENKINS_URL": "jenkins",
        "JENKINS_HOME": "jenkins",  # where nobody told Jenkins its own address
    }
    return next((name for variable, name in names.items() if environ.get(variable)), "local")
