"""The steps that check a bundle of evidence from its bytes: numbered, each with what is wrong."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

import msgspec

from jupyter_mlcd.model.bundle_stories import other_stories
from jupyter_mlcd.model.evidence import MANIFEST, SUMS, Manifest, digest_of, parse_sums
from jupyter_mlcd.model.executed_notebook import (
    Doubt,
    Fault,
    doubts_about,
    read_notebook,
    stale_cells,
)
from jupyter_mlcd.model.kept import KEPT, changes_in_words, read_changes, untrue_changes
from jupyter_mlcd.model.result import verdict_of
from jupyter_mlcd.model.status import Check, Verification

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping

    from jupyter_mlcd.model.kept import OutOfGit
    from jupyter_mlcd.model.result import CaseResult

    Sources = Callable[[Manifest, str], bytes | None]
    """Gives a notebook as it was tested, or None where that is not to be had."""

BESIDE_THE_SUMS = ("SHA256SUMS.sig", "attestations/")
"""How names begin of what is written after the sums, because it speaks of them.

The first is that of SHA256SUMS.sigstore.json too.
"""
_SHOWN = 5


class Steps:
    """Collects numbered steps."""

    def __init__(self) -> None:
        self.checks: list[Check] = []

    def add(self, name: str, problem: str, fine: str, *, proves: bool = True) -> bool:
        """Add a step that is met unless there is a ``problem``.

        One that does not prove anything, such as what could not be looked at, is no met one either.
        """
        number = len(self.checks) + 1
        proves = proves or bool(problem)
        self.checks.append(Check(number, name, not problem, problem or fine, proves=proves))
        return not problem

    def result(self, subject: str) -> Verification:
        """Return what was found: not good unless there was a step and each holds."""
        good = bool(self.checks) and all(check.ok for check in self.checks)
        return Verification(subject, good, tuple(self.checks))


def nothing_known(_manifest: Manifest, _notebook: str) -> None:
    """Return no source: a bundle does not hold what was tested."""


def check_bundle(
    files: Mapping[str, bytes],
    digest: str,
    steps: Steps,
    sources: Sources = nothing_known,
    away: Mapping[str, bytes] | None = None,
) -> Manifest | None:
    """Check a bundle from its bytes; return its manifest if it can be read.

    ``digest`` is its fingerprint, if known. ``away`` has those of its files that are out of git and
    are here all the same: they are told of by kept.json, which the sums cover.
    """
    if not steps.add("the bundle is complete", _missing(files), f"{len(files)} files"):
        return None
    if digest:
        found = digest_of(files[SUMS])
        problem = "" if found == digest else f"SHA256SUMS has the fingerprint {found}"
        steps.add("the fingerprint is the one that was kept", problem, digest)
    steps.add("no file was changed, added or lost", altered(files), "every sum agrees")
    try:
        manifest = msgspec.json.decode(files[MANIFEST], type=Manifest)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        steps.add("the manifest can be read", str(error), "")
        return None
    verdict, _ = verdict_of(manifest.run.cases)
    said = manifest.run.verdict
    problem = "" if verdict is said else f"its cases add up to {verdict}, it says {said}"
    steps.add("the verdict follows from the cases", problem, f"{said}: {manifest.run.reason}")
    told = {one.file: one for one in read_changes(files).out_of_git}
    here = {path: text for path, text in (away or {}).items() if path in told}
    everything = {**files, **here}
    expected = _expected(manifest) & everything.keys()
    notebooks = {path: read_notebook(everything[path]) for path in expected}
    problem = _absent(manifest, {*everything, *told}, notebooks)
    steps.add("every executed notebook is there", problem, f"{len(manifest.notebooks)} notebooks")
    if told:
        steps.add("what is out of git is named", *_out_of_git(told, files, here))
    whole = {path: notebook for path, notebook in notebooks.items() if notebook is not None}
    _check_notebooks(manifest, whole, steps)
    stories = list(other_stories(manifest, files))
    steps.add("all files tell of the same run", _told(Fault.MIXED, stories), manifest.run.id)
    _check_sources(manifest, whole, steps, sources)
    if KEPT in files:
        problem = untrue_changes(files[KEPT], everything)
        changes = read_changes(files)
        fine = "; ".join([*changes_in_words(changes), f"the draft was {changes.draft}"])
        words = _told(Fault.EDITED, [problem] if problem else [])
        steps.add("what keeping took out is told", words, fine)
    return manifest


_QUESTIONS = (
    (Fault.SWAPPED, "every notebook belongs to its case", "names, cells and parameters agree"),
    (Fault.HOLLOW, "what ran has left its traces", "counts and recorded scores are there"),
    (Fault.OUT_OF_ORDER, "cells ran once, from top to bottom", "counts only grow"),
    (Fault.EDITED, "the notebooks agree with their verdicts", "verdicts, scores, parameters"),
)


def _check_notebooks(
    manifest: Manifest, notebooks: Mapping[str, dict[str, Any]], steps: Steps
) -> None:
    found: list[Doubt] = []
    for place, case in enumerate(manifest.run.cases):
        for path, told, scored in _executions(manifest, case):
            if path in notebooks:
                found += doubts_about(place, told, path, notebooks[path], scored=scored)
    for fault, name, fine in _QUESTIONS:
        words = [doubt.words for doubt in found if doubt.fault is fault]
        steps.add(name, _told(fault, words), fine)


def _executions(manifest: Manifest, case: CaseResult) -> Iterator[tuple[str, CaseResult, bool]]:
    """Yield the notebooks of a case, earlier attempts too, with what is told of each."""
    if case.id in manifest.notebooks:
        yield manifest.notebooks[case.id], case, True
    for attempt in case.attempts:
        if attempt.notebook:
            told = msgspec.structs.replace(case, verdict=attempt.verdict, cells=attempt.cells)
            yield attempt.notebook, told, False


def _check_sources(
    manifest: Manifest, notebooks: Mapping[str, dict[str, Any]], steps: Steps, sources: Sources
) -> None:
    """Add whether the sources that ran are those of the tested files, where git has these."""
    stale: list[str] = []
    unknown: dict[str, None] = {}
    first: dict[str, dict[str, Any]] = {}
    for case in manifest.run.cases:
        tested = sources(manifest, case.notebook)
        expected = manifest.sources.get(case.notebook, "")
        source = read_notebook(tested) if tested is not None else None
        if tested is not None and expected and hashlib.sha256(tested).hexdigest() != expected:
            stale.append(f"manifest.json says that another {case.notebook} was tested")
        if source is None:
            unknown[case.notebook] = None
        for path, told, _ in _executions(manifest, case):
            if path not in notebooks:
                continue
            if source is not None:
                stale += [one.words for one in stale_cells(told, path, notebooks[path], source)]
                continue
            # Two cases of one notebook ran the same sources.
            other = first.setdefault(case.notebook, notebooks[path])
            stale += [one.words for one in stale_cells(told, path, notebooks[path], other)]
    fine = "each cell is the tested one"
    if unknown:
        fine = f"the tested files are not here, so {', '.join(unknown)} cannot be held against them"
    steps.add("the tested sources are what ran", _told(Fault.STALE, stale), fine)


def _expected(manifest: Manifest) -> set[str]:
    earlier = {one.notebook for case in manifest.run.cases for one in case.attempts}
    return {*manifest.notebooks.values(), *earlier} - {""}


def _absent(
    manifest: Manifest,
    files: Collection[str],
    notebooks: Mapping[str, dict[str, Any] | None],
) -> str:
    absent = sorted(path for path in _expected(manifest) if path not in files)
    ran = {case.id for case in manifest.run.cases if case.cells}
    absent += sorted(case for case in ran if case not in manifest.notebooks)
    problems = [f"missing: {', '.join(absent)}"] if absent else []
    odd = sorted(path for path, notebook in notebooks.items() if notebook is None)
    problems += [f"no notebook any more: {', '.join(odd)}"] if odd else []
    twice = len(set(manifest.notebooks.values())) < len(manifest.notebooks)
    problems += ["one notebook stands for two cases"] if twice else []
    named = {case.id for case in manifest.run.cases}
    problems += [
        f"{case} is no case of the run" for case in manifest.notebooks if case not in named
    ]
    return "; ".join(problems)


def _out_of_git(
    told: Mapping[str, OutOfGit], files: Mapping[str, bytes], here: Mapping[str, bytes]
) -> tuple[str, str]:
    """Return what is wrong with files that are out of git, and where each of them is."""
    wrong = [f"{path} is in git all the same" for path in told if path in files]
    wrong += [
        f"{path} is another file than kept.json says"
        for path, content in here.items()
        if hashlib.sha256(content).hexdigest() != told[path].sha256
    ]
    words = [
        f"{path} is here: {one.why}"
        if path in here
        else f"{path} is not here, so nothing of it was looked at: in the Store of the machine "
        f"that ran it, sha256:{one.sha256}, {one.size} bytes"
        for path, one in told.items()
    ]
    return _told(Fault.SWAPPED, wrong), "; ".join(words)


def _missing(files: Mapping[str, bytes]) -> str:
    absent = [name for name in (SUMS, MANIFEST) if name not in files]
    return f"there is no {' and no '.join(absent)}" if absent else ""


def altered(files: Mapping[str, bytes], hashed: Mapping[str, str] | None = None) -> str:
    """Return in words which files are not those that SHA256SUMS lists; empty when all are.

    ``hashed`` is ``{path: sha256}`` of files whose bytes are not here.
    """
    try:
        expected = parse_sums(files[SUMS])
    except ValueError as error:
        return str(error)
    problems = []
    found = {
        path: hashlib.sha256(text).hexdigest()
        for path, text in files.items()
        if not path.startswith(BESIDE_THE_SUMS)
    }
    found.update(hashed or {})
    for path in sorted({*expected, *found} - {SUMS}):
        if path not in found:
            problems.append(f"{path} is missing")
        elif path not in expected:
            problems.append(f"{path} is not listed")
        elif found[path] != expected[path]:
            problems.append(f"{path} was changed")
    return "; ".join(problems)


def _told(fault: Fault, words: Iterable[str]) -> str:
    found = list(dict.fromkeys(words))
    if not found:
        return ""
    more = f"; and {len(found) - _SHOWN} more" if len(found) > _SHOWN else ""
    return f"{fault}: {'; '.join(found[:_SHOWN])}{more}"
