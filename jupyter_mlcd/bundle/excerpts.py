"""What a bundle repeats of the outputs of a notebook: excerpts in the manifest and in JUnit XML."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from jupyter_mlcd.bundle.junit import junit
from jupyter_mlcd.model.bundle_stories import JUNIT
from jupyter_mlcd.model.evidence import MANIFEST, Manifest
from jupyter_mlcd.model.release import canonical
from jupyter_mlcd.model.result import GREEN, Verdict

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from jupyter_mlcd.model.result import CaseResult, CellResult, Difference

MARK = "(out of git: it may repeat personal data)"
_TELLING = frozenset({Verdict.FAILED, Verdict.ERROR})
"""Verdicts whose reasons quote what a cell gave."""


def without_excerpts(files: Mapping[str, bytes], notebooks: Collection[str]) -> dict[str, bytes]:
    """Return manifest.json and junit.xml without what they quote of these executed notebooks.

    Verdicts, scores and products stay; empty where nothing is quoted.
    """
    manifest = msgspec.json.decode(files[MANIFEST], type=Manifest)
    run = manifest.run
    cases = tuple(
        _cut(case) if _notebooks(manifest, case) & {*notebooks} else case for case in run.cases
    )
    if cases == run.cases:
        return {}
    reason = run.reason
    for before, after in zip(run.cases, cases, strict=True):
        reason = reason.replace(before.reason, after.reason) if before.reason else reason
    told = msgspec.structs.replace(run, cases=cases, reason=reason)
    return {
        MANIFEST: canonical(msgspec.structs.replace(manifest, run=told)),
        JUNIT: junit(told),
    }


def _notebooks(manifest: Manifest, case: CaseResult) -> set[str]:
    return {manifest.notebooks.get(case.id, ""), *(one.notebook for one in case.attempts)}


def _cut(case: CaseResult) -> CaseResult:
    attempts = tuple(
        msgspec.structs.replace(
            one,
            reason=MARK if one.verdict in _TELLING else one.reason,
            cells=tuple(map(_cut_cell, one.cells)),
        )
        for one in case.attempts
    )
    reason = MARK if case.verdict in _TELLING else case.reason
    for before in case.attempts:
        if before.reason and case.verdict in GREEN:
            reason = reason.replace(before.reason, MARK)
    return msgspec.structs.replace(
        case, reason=reason, attempts=attempts, cells=tuple(map(_cut_cell, case.cells))
    )


def _cut_cell(cell: CellResult) -> CellResult:
    return msgspec.structs.replace(
        cell,
        reason=MARK if cell.verdict in _TELLING else cell.reason,
        differences=tuple(map(_cut_difference, cell.differences)),
    )


def _cut_difference(one: Difference) -> Difference:
    return msgspec.structs.replace(one, expected=MARK, got=MARK, expected_span=None, got_span=None)
