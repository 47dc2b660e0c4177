"""Keep a run: its finished bundle becomes evidence on the evidence branch."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec

from jupyter_mlcd.actions.look_for_personal import (
    looks_personal,
    refuse_personal,
    without_personal,
)
from jupyter_mlcd.actions.look_for_secrets import bundle_files, without_secrets
from jupyter_mlcd.actions.show_evidence import kept_changes
from jupyter_mlcd.model.errors import RefusedError
from jupyter_mlcd.model.event import Event, EvidenceKept
from jupyter_mlcd.model.evidence import (
    MANIFEST,
    SUMS,
    Evidence,
    Manifest,
    digest_of,
    evidence_path,
)
from jupyter_mlcd.model.kept import KEPT, Kept, KeptChanges, changes_in_words
from jupyter_mlcd.model.result import State, Verdict
from jupyter_mlcd.model.secret import AllowedKept

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jupyter_mlcd.actions.desk import Desk
    from jupyter_mlcd.model.personal import PersonalFinding
    from jupyter_mlcd.model.run import Run


def keep_evidence(desk: Desk, run: str, *, although_personal: bool = True) -> Kept:
    """Keep the run and return its evidence; a run that is kept already stays as it is.

    Without ``although_personal`` a draft with what looks like personal data is refused, so that a
    person can be asked, where mlcd.toml says no more than to warn of it. With the evidence it is
    told what was taken out of it, what was kept because somebody allowed it, what looks like
    personal data and is in git now, and what is out of git for that.

    Raises NotFoundError, RefusedError while it runs or when a secret was found, and GitError.
    """
    with desk.keeping():
        kept = desk.history.evidence.get(run)
        if kept is not None:
            return told_of(desk, kept)
        found = prepare_evidence(desk, desk.runner.load(run))
        if not although_personal:
            refuse_personal(desk, found.personal, run)
        for content in found.away.values():
            desk.store.put_bytes(content)  # First: what git names is there.
        evidence, changes = found.evidence, found.changes
        words = f"Keep {evidence.suite}: {evidence.reason}{_in_words(changes, found.personal)}"
        desk.ledger.append(found.events, found.files, words, desk.by)
        return _answer(evidence, changes, found.personal)


def told_of(desk: Desk, kept: Evidence) -> Kept:
    """Return evidence with what keeping it changed, as it says itself."""
    found = kept_changes(desk, kept) or KeptChanges(kept.digest)
    names = [name for name in desk.ledger.files(kept.path) if name.endswith(".ipynb")]
    there = desk.ledger.read_all(f"{kept.path}/{name}" for name in names)
    return _answer(kept, found, looks_personal(desk, _by_name(kept, there)))


def _by_name(evidence: Evidence, files: Mapping[str, bytes]) -> dict[str, bytes]:
    return {path.removeprefix(f"{evidence.path}/"): content for path, content in files.items()}


def _answer(
    evidence: Evidence, changes: KeptChanges, personal: tuple[PersonalFinding, ...]
) -> Kept:
    return Kept(
        **msgspec.structs.asdict(evidence),
        redacted=changes.redacted,
        allowed=changes.allowed,
        personal=personal,
        out_of_git=changes.out_of_git,
    )


def _in_words(changes: KeptChanges, personal: tuple[PersonalFinding, ...]) -> str:
    """Return what a reader of the history must know."""
    lines = changes_in_words(changes)
    lines += [f"looks like personal data: {one}" for one in personal]
    return "\n".join(["", "", *lines]) if lines else ""


@dataclass(frozen=True)
class ToKeep:
    """What keeping a run writes."""

    evidence: Evidence
    events: list[Event]
    files: dict[str, bytes]
    """To git, by path on the evidence branch."""
    changes: KeptChanges
    away: dict[str, bytes]
    """To the Store and not to git, by path in the bundle."""
    personal: tuple[PersonalFinding, ...]
    """What looks like personal data and goes to git."""


def prepare_evidence(desk: Desk, run: Run) -> ToKeep:
    """Return what keeping a run would write, after looking through all of it.

    Raises RefusedError while it runs, where it was changed, and when a secret was found.
    """
    if run.state is not State.ENDED or not run.digest:
        what = "is still going on" if run.state is not State.ENDED else "left no bundle"
        hint = (
            "Wait for its end, or cancel it." if run.state is not State.ENDED else "Run it again."
        )
        raise RefusedError(f"the run of {run.suite} {what}", code="not-ended", hint=hint)
    files = bundle_files(desk, run.id)
    clean, told = without_secrets(desk, files, run)
    if digest_of(files[SUMS]) != run.digest:
        message = f"the files of the run of {run.suite} were changed after it ended"
        raise RefusedError(message, code="altered", hint="Run it again; nothing was written.")
    personal = looks_personal(desk, clean)
    kept, changes, away = without_personal(desk, clean, told, personal)
    digest = digest_of(kept[SUMS])
    told_run = msgspec.json.decode(kept[MANIFEST], type=Manifest).run if away else run
    evidence = _evidence(run, told_run.reason, desk.runner.manifest(run.id).builder, digest)
    events = [desk.event(EvidenceKept(evidence))]
    if changes.allowed and KEPT not in kept:
        # Its bytes are those of the draft: what is told beside them stands in the history.
        events.append(desk.event(AllowedKept(run.id, changes.allowed)))
    written = {f"{evidence.path}/{path}": kept[path] for path in kept}
    in_git = tuple(one for one in personal if one.file not in away)
    return ToKeep(evidence, events, written, changes, away, in_git)


def _evidence(run: Run, reason: str, builder: str, digest: str) -> Evidence:
    return Evidence(
        id=run.id,
        project=run.project,
        suite=run.suite,
        tree=run.tree,
        commit=run.commit,
        dirty=bool(run.dirty),
        verdict=run.verdict or Verdict.NOT_RUN,
        reason=reason,
        by=run.by,
        at=run.ended,
        digest=digest,
        path=evidence_path(run.id, run.started),
        partial=run.partial,
        builder=builder,
    )
