"""Kept evidence with what became of it: taken out, allowed, erased."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from jupyter_mlcd.actions.find_run import read_manifest
from jupyter_mlcd.actions.judge_erasure import Erasure, judge_erasure
from jupyter_mlcd.model.erasure import EvidenceErased, ShownErasure, stored_files
from jupyter_mlcd.model.errors import NotFoundError
from jupyter_mlcd.model.kept import KEPT, KeptChanges
from jupyter_mlcd.model.secret import AllowedKept
from jupyter_mlcd.model.shown_evidence import ShownEvidence

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jupyter_mlcd.actions.desk import Desk
    from jupyter_mlcd.model.evidence import Evidence, Manifest


def show_evidence(desk: Desk, run: str) -> ShownEvidence:
    """Return the manifest of kept evidence, and what is told beside it. Raises NotFoundError."""
    evidence = desk.history.evidence.get(run)
    if evidence is None:
        hint = "See `jupyter mlcd evidence list`; a draft has to be kept first."
        raise NotFoundError(f"there is no evidence {run!r}", hint=hint)
    manifest = read_manifest(desk, evidence)
    changes = kept_changes(desk, evidence)
    return ShownEvidence(
        **{name: getattr(manifest, name) for name in manifest.__struct_fields__},
        kept=changes,
        erased=tuple(_erased(desk, manifest, changes)),
    )


def kept_changes(desk: Desk, evidence: Evidence) -> KeptChanges | None:
    """Return what keeping took out or let through; None where it did neither."""
    path = f"{evidence.path}/{KEPT}"
    text = desk.ledger.read_all([path]).get(path)
    if text:
        return msgspec.json.decode(text, type=KeptChanges)
    for event in desk.ledger.events():
        if isinstance(event.body, AllowedKept) and event.body.run == evidence.id:
            return KeptChanges(evidence.digest, (), event.body.allowed)
    return None


def _erased(desk: Desk, manifest: Manifest, changes: KeptChanges | None) -> Iterator[ShownErasure]:
    """Yield what tells of an erasure of this run, or of bytes that it made too."""
    away = changes.out_of_git if changes else ()
    digests = {one.sha256 for one in stored_files(manifest, away)}
    for event in desk.ledger.events():
        body = event.body
        if not isinstance(body, EvidenceErased):
            continue
        if body.run == manifest.run.id or digests & {one.sha256 for one in body.files}:
            told = judge_erasure(desk, Erasure(event, body))
            yield ShownErasure(
                files=body.files,
                draft=body.draft,
                why=body.why,
                by=event.by,
                at=event.at,
                signed=told.signed,
                problem=told.problem,
            )
