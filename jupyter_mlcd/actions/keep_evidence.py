"""Keep a run: its finished bundle becomes evidence on the evidence branch."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jupyter_mlcd.model.errors import RefusedError
from jupyter_mlcd.model.event import Event, EvidenceKept
from jupyter_mlcd.model.evidence import SUMS, Evidence, digest_of, evidence_path
from jupyter_mlcd.model.result import State, Verdict

if TYPE_CHECKING:
    from pathlib import Path

    from jupyter_mlcd.actions.desk import Desk
    from jupyter_mlcd.model.run import Run

_SHOWN_FINDINGS = 5


def keep_evidence(desk: Desk, run: str) -> Evidence:
    """Keep the run and return its evidence; a run that is kept already stays as it is.

    Raises NotFoundError, RefusedError while it runs or when a secret was found, and GitError.
    """
    with desk.keeping():
        kept = desk.history.evidence.get(run)
        if kept is not None:
            return kept
        evidence, event, files = prepare_evidence(desk, desk.runner.load(run))
        desk.ledger.append([event], files, f"Keep {evidence.suite}: {evidence.reason}", desk.by)
        return evidence


def prepare_evidence(desk: Desk, run: Run) -> tuple[Evidence, Event, dict[str, bytes | Path]]:
    """Return what keeping a run would write, after looking for secrets in all of it."""
    if run.state is not State.ENDED or not run.digest:
        what = "is still going on" if run.state is not State.ENDED else "left no bundle"
        hint = (
            "Wait for its end, or cancel it." if run.state is not State.ENDED else "Run it again."
        )
        raise RefusedError(f"the run of {run.suite} {what}", code="not-ended", hint=hint)
    folder = desk.runner.bundle(run.id)
    files = {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
    refuse_secrets(desk, files)
    if digest_of(files[SUMS]) != run.digest:
        message = f"the files of the run of {run.suite} were changed after it ended"
        raise RefusedError(message, code="altered", hint="Run it again; nothing was written.")
    evidence = _evidence(run, desk.runner.manifest(run.id).builder)
    event = desk.event(EvidenceKept(evidence))
    return evidence, event, {f"{evidence.path}/{path}": files[path] for path in files}


def _evidence(run: Run, builder: str) -> Evidence:
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
        digest=run.digest,
        path=evidence_path(run.id, run.started),
        partial=run.partial,
        builder=builder,
    )


def refuse_secrets(desk: Desk, files: dict[str, bytes]) -> None:
    """Raise RefusedError if a secret is found: what git holds cannot be taken back."""
    findings = list(desk.scanner.scan(files))
    if findings:
        shown = "; ".join(findings[:_SHOWN_FINDINGS])
        raise RefusedError(
            f"this looks like a secret: {shown}",
            code="secret-found",
            hint="Nothing was written. Take it out of the notebook's output and run again.",
            details={"findings": findings},
        )
