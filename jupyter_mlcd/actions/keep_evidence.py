"""Keep a run: its finished bundle becomes evidence on the evidence branch."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from jupyter_mlcd.actions.look_for_secrets import bundle_files, without_secrets
from jupyter_mlcd.actions.show_evidence import kept_changes
from jupyter_mlcd.model.errors import RefusedError
from jupyter_mlcd.model.event import Event, EvidenceKept
from jupyter_mlcd.model.evidence import SUMS, Evidence, digest_of, evidence_path
from jupyter_mlcd.model.kept import Kept, KeptChanges
from jupyter_mlcd.model.result import State, Verdict
from jupyter_mlcd.model.secret import AllowedKept

if TYPE_CHECKING:
    from pathlib import Path

    from jupyter_mlcd.actions.desk import Desk
    from jupyter_mlcd.model.run import Run


def keep_evidence(desk: Desk, run: str) -> Kept:
    """Keep the run and return its evidence; a run that is kept already stays as it is.

    With it is told what was taken out of it, and what was kept because somebody allowed it.

    Raises NotFoundError, RefusedError while it runs or when a secret was found, and GitError.
    """
    with desk.keeping():
        kept = desk.history.evidence.get(run)
        if kept is not None:
            return told_of(desk, kept)
        evidence, events, files, changes = prepare_evidence(desk, desk.runner.load(run))
        words = f"Keep {evidence.suite}: {evidence.reason}{_in_words(changes)}"
        desk.ledger.append(events, files, words, desk.by)
        return _answer(evidence, changes)


def told_of(desk: Desk, kept: Evidence) -> Kept:
    """Return evidence with what keeping it changed, as it says itself."""
    return _answer(kept, kept_changes(desk, kept) or KeptChanges(kept.digest))


def _answer(evidence: Evidence, changes: KeptChanges) -> Kept:
    fields = msgspec.structs.asdict(evidence)
    return Kept(**fields, redacted=changes.redacted, allowed=changes.allowed)


def _in_words(changes: KeptChanges) -> str:
    """Return what a reader of the history must know."""
    lines = [f"{one.rule} taken out of {one.place}" for one in changes.redacted]
    lines += [f"{one.finding} allowed by {one.by}: {one.reason}" for one in changes.allowed]
    return "\n".join(["", "", *lines]) if lines else ""


def prepare_evidence(
    desk: Desk, run: Run
) -> tuple[Evidence, list[Event], dict[str, bytes | Path], KeptChanges]:
    """Return what keeping a run would write, after looking for secrets in all of it."""
    if run.state is not State.ENDED or not run.digest:
        what = "is still going on" if run.state is not State.ENDED else "left no bundle"
        hint = (
            "Wait for its end, or cancel it." if run.state is not State.ENDED else "Run it again."
        )
        raise RefusedError(f"the run of {run.suite} {what}", code="not-ended", hint=hint)
    files = bundle_files(desk, run.id)
    kept, changes = without_secrets(desk, files, run)
    if digest_of(files[SUMS]) != run.digest:
        message = f"the files of the run of {run.suite} were changed after it ended"
        raise RefusedError(message, code="altered", hint="Run it again; nothing was written.")
    digest = digest_of(kept[SUMS])
    evidence = _evidence(run, desk.runner.manifest(run.id).builder, digest)
    events = [desk.event(EvidenceKept(evidence))]
    if changes.allowed and not changes.redacted:
        # Its bytes are those of the draft: what is told beside them stands in the history.
        events.append(desk.event(AllowedKept(run.id, changes.allowed)))
    written: dict[str, bytes | Path] = {f"{evidence.path}/{path}": kept[path] for path in kept}
    return evidence, events, written, changes


def _evidence(run: Run, builder: str, digest: str) -> Evidence:
    return Evidence(
        id=run.id,
        project=run.project,
        suite=run.suite,
        tree=run.tree,
        commit=run.commit,
        dirty=bool(run.dirty),
        verdict=run.verdict or Verdict.NOT_RUN,
        reason=run.reason,
        by=run.by,
        at=run.ended,
        digest=digest,
        path=evidence_path(run.id, run.started),
        partial=run.partial,
        builder=builder,
    )
