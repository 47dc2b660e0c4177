"""Prepare a release: bind a version to its commit, its evidence and its products, and tag it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jupyter_mlcd.actions.examine import Proposal, examine, refusal
from jupyter_mlcd.actions.examine_origin import NOT_BUILT_BY, NOT_ON_BRANCH
from jupyter_mlcd.actions.keep_evidence import prepare_evidence
from jupyter_mlcd.model.approval import StatementFault
from jupyter_mlcd.model.errors import RefusedError
from jupyter_mlcd.model.event import Event, ReleasePrepared
from jupyter_mlcd.model.release import (
    Release,
    check_version,
    release_folder,
    tag_message,
    tag_name,
)
from jupyter_mlcd.model.verify_text import clone_text

if TYPE_CHECKING:
    from pathlib import Path

    from jupyter_mlcd.actions.desk import Desk
    from jupyter_mlcd.model.delivery import History
    from jupyter_mlcd.model.status import Reason

_LATER = {
    "already-live",
    "under-way",
    "target",
    "not-met",
    "not-comparable",
    "held",
    "frozen",
    "no-check",
    NOT_ON_BRANCH,
    NOT_BUILT_BY,
    *StatementFault,
}
"""Reasons against a delivery that do not stand against preparing a release."""


def release_files(desk: Desk, release: Release) -> dict[str, bytes | Path]:
    """Return the files of a release on the evidence branch."""
    folder = release_folder(release.project, release.version)
    tag = tag_name(release.project, release.version, several_projects=desk.several_projects)
    text = clone_text(release, tag, folder)
    return {f"{folder}/release.json": release.to_bytes(), f"{folder}/VERIFY.md": text}


def prepare_release(desk: Desk, version: str = "") -> Release:
    """Prepare the release of the commit that is checked out, and return it.

    The same again is the same release. Raises RefusedError while the commit is not tested, and
    GitError.
    """
    ladder = desk.policy.ladder()
    if not ladder:
        hint = "Add [environments.NAME] to mlcd.toml."
        raise RefusedError("there is no environment to prepare a release for", hint=hint)
    if version:
        check_version(version)
    with desk.alone():
        history = desk.history
        proposal = examine(
            desk, ladder[0], snapshot=desk.snapshot(), history=history, version=version
        )
        release = preparable(proposal)
        events, files = releasing(desk, proposal, release, history)
        if events:
            words = f"Prepare {release.project} {release.version}"
            desk.ledger.append(events, files, words, desk.by)
        tag_release(desk, release)
        return release


def preparable(proposal: Proposal) -> Release:
    """Return the release of a proposal that can be prepared. Raises GateError, RefusedError."""
    release = proposal.release
    if release is None or not is_preparable(proposal):
        raise refusal(proposal, f"{proposal.version} is not prepared")
    return release


def is_preparable(proposal: Proposal) -> bool:
    """Whether nothing stands in the way of preparing the release of a proposal."""
    return not any(hinders_preparing(reason) for reason in proposal.reasons)


def hinders_preparing(reason: Reason) -> bool:
    """Whether a reason against a delivery stands against preparing its release too."""
    return reason.code not in _LATER


def releasing(
    desk: Desk, proposal: Proposal, release: Release, history: History
) -> tuple[list[Event], dict[str, bytes | Path]]:
    """Return the events and files that keep the evidence and write the release."""
    events: list[Event] = []
    files: dict[str, bytes | Path] = {}
    for tested in proposal.tested:
        if tested.run.id not in history.evidence:
            found = prepare_evidence(desk, tested.run)
            if found.evidence.digest != tested.run.digest:
                raise RefusedError(
                    f"keeping the run of {tested.run.suite} takes something out of it, so it is "
                    "not what was shown",
                    code="keep-first",
                    hint="Nothing was written. Keep it, look at it, then go on: "
                    f"jupyter mlcd evidence keep {tested.run.id}",
                )
            events.extend(found.events)
            files.update(found.files)
    if release.version not in history.releases:
        prepared = ReleasePrepared(release.version, release.digest, release.commit)
        events.append(desk.event(prepared))
        files.update(release_files(desk, release))
    return events, files


def tag_release(desk: Desk, release: Release) -> None:
    """Tag the commit of a release; the same tag again is no change."""
    name = tag_name(release.project, release.version, several_projects=desk.several_projects)
    desk.ledger.tag(name, release.commit, tag_message(release), desk.by)
