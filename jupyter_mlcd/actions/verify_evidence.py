"""Verify: does what is kept prove what it says? Numbered steps, offline, recomputed from bytes."""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING

import msgspec

from jupyter_mlcd.model.errors import MlcdError, NotFoundError
from jupyter_mlcd.model.evidence import MANIFEST, SUMS, Evidence, Manifest, digest_of, parse_sums
from jupyter_mlcd.model.release import Release, release_folder, tag_name
from jupyter_mlcd.model.result import verdict_of
from jupyter_mlcd.model.status import Check, Verification

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jupyter_mlcd.actions.desk import Desk
    from jupyter_mlcd.model.delivery import History

_VERSION = re.compile(r"^v?(\d+\.\d+\.\d+)$")


class _Steps:
    """Collects numbered steps."""

    def __init__(self) -> None:
        self.checks: list[Check] = []

    def add(self, name: str, problem: str, fine: str) -> bool:
        """Add a step that is met unless there is a ``problem``."""
        number = len(self.checks) + 1
        self.checks.append(Check(number, name, not problem, problem or fine))
        return not problem

    def result(self, subject: str) -> Verification:
        return Verification(subject, all(check.ok for check in self.checks), tuple(self.checks))


def verify_evidence(desk: Desk, subject: str) -> Verification:
    """Verify a run's evidence by its id, or a release by its version. Raises NotFoundError."""
    history = desk.history
    version = _VERSION.match(subject)
    if version and version.group(1) in history.releases:
        return _verify_release(desk, history, version.group(1))
    if subject in history.evidence:
        steps = _Steps()
        _verify_run(desk, history.evidence[subject], steps)
        return steps.result(subject)
    hint = "See `jupyter mlcd evidence list`; a draft has to be kept first."
    raise NotFoundError(f"there is no evidence and no version {subject!r}", hint=hint)


def verify_files(files: Mapping[str, bytes], subject: str, digest: str = "") -> Verification:
    """Verify an exported bundle by its files alone; ``digest`` is its fingerprint, if known."""
    steps = _Steps()
    _check_files(files, digest, steps)
    return steps.result(subject)


def _verify_release(desk: Desk, history: History, version: str) -> Verification:
    steps = _Steps()
    prepared = history.releases[version]
    text = desk.ledger.read(f"{release_folder(desk.project.name, version)}/release.json")
    digest = f"sha256:{hashlib.sha256(text).hexdigest()}"
    steps.add(
        "release.json is the one that was prepared",
        "" if digest == prepared.digest else f"{digest} is not {prepared.digest}",
        digest,
    )
    release = msgspec.json.decode(text, type=Release)
    name = tag_name(release.project, version, several_projects=desk.several_projects)
    steps.add(f"the tag {name} names it and its commit", _tag_problem(desk, name, release), name)
    for run in release.runs:
        evidence = history.evidence.get(run.id)
        problem = ""
        if evidence is None:
            problem = "it is not on the evidence branch"
        elif evidence.digest != run.digest:
            problem = "the evidence has another fingerprint than the release says"
        elif evidence.tree != release.tree:
            problem = "the evidence was made on other files than the release"
        steps.add(f"the evidence of {run.suite} is the one it stands on", problem, run.id)
        if evidence is not None:
            _verify_run(desk, evidence, steps)
    for path, product in release.products.items():
        problem = ""
        try:
            desk.store.path(product)
        except MlcdError as error:
            problem = error.message
        steps.add(f"{path} has the tested bytes", problem, f"sha256:{product.sha256}")
    return steps.result(version)


def _tag_problem(desk: Desk, name: str, release: Release) -> str:
    commit, message = desk.ledger.read_tag(name)
    if not commit:
        return "there is no such tag"
    if commit != release.commit:
        return f"it points at {commit[:8]} and not at {release.commit[:8]}"
    if f"Release-Digest: {release.digest}" not in message.splitlines():
        return "its Release-Digest is not that of release.json"
    return ""


def _verify_run(desk: Desk, evidence: Evidence, steps: _Steps) -> None:
    names = desk.ledger.files(evidence.path)
    files = {name: desk.ledger.read(f"{evidence.path}/{name}") for name in names}
    manifest = _check_files(files, evidence.digest, steps)
    if manifest is None:
        return
    run = manifest.run
    told = (run.id, run.suite, run.tree, run.verdict)
    kept = (evidence.id, evidence.suite, evidence.tree, evidence.verdict)
    problem = "" if told == kept else "the event that kept it tells of another run"
    steps.add("the history tells of this run", problem, f"kept as {evidence.id}")


def _check_files(files: Mapping[str, bytes], digest: str, steps: _Steps) -> Manifest | None:
    """Check a bundle from its bytes; return its manifest if it can be read."""
    if not steps.add("the bundle is complete", _missing(files), f"{len(files)} files"):
        return None
    if digest:
        found = digest_of(files[SUMS])
        problem = "" if found == digest else f"SHA256SUMS has the fingerprint {found}"
        steps.add("the fingerprint is the one that was kept", problem, digest)
    steps.add("no file was changed, added or lost", _altered(files), "every sum agrees")
    try:
        manifest = msgspec.json.decode(files[MANIFEST], type=Manifest)
    except msgspec.MsgspecError as error:
        steps.add("the manifest can be read", str(error), "")
        return None
    verdict, _ = verdict_of(manifest.run.cases)
    told = manifest.run.verdict
    problem = "" if verdict is told else f"its cases add up to {verdict}, it says {told}"
    steps.add("the verdict follows from the cases", problem, f"{told}: {manifest.run.reason}")
    absent = [path for path in manifest.notebooks.values() if path not in files]
    ran = {case.id for case in manifest.run.cases if case.cells}
    absent += [case for case in ran if case not in manifest.notebooks]
    problem = f"missing: {', '.join(absent)}" if absent else ""
    steps.add("every executed notebook is there", problem, f"{len(manifest.notebooks)} notebooks")
    return manifest


def _missing(files: Mapping[str, bytes]) -> str:
    absent = [name for name in (SUMS, MANIFEST) if name not in files]
    return f"there is no {' and no '.join(absent)}" if absent else ""


def _altered(files: Mapping[str, bytes]) -> str:
    try:
        expected = parse_sums(files[SUMS])
    except ValueError as error:
        return str(error)
    problems = []
    for path in sorted({*expected, *files} - {SUMS}):
        if path not in files:
            problems.append(f"{path} is missing")
        elif path not in expected:
            problems.append(f"{path} is not listed")
        elif hashlib.sha256(files[path]).hexdigest() != expected[path]:
            problems.append(f"{path} was changed")
    return "; ".join(problems)
