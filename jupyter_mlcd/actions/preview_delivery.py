"""The Deliver page: what was checked, and exactly what will happen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jupyter_mlcd.actions.accept import references_changed
from jupyter_mlcd.actions.deliver import check_environment, parcel
from jupyter_mlcd.actions.examine import Proposal, examine
from jupyter_mlcd.actions.show_status import show_steps
from jupyter_mlcd.model.delivery import delivery_key
from jupyter_mlcd.model.release import tag_name
from jupyter_mlcd.model.status import Preview, PreviewLine, StepState

if TYPE_CHECKING:
    from jupyter_mlcd.actions.desk import Desk
    from jupyter_mlcd.model.acceptance import ReferenceChange
    from jupyter_mlcd.model.delivery import History
    from jupyter_mlcd.model.release import Release


def preview_delivery(
    desk: Desk, environment: str, *, version: str = "", nonce: str = ""
) -> Preview:
    """Return the Deliver page of ``environment``. Changes nothing. Raises NotFoundError."""
    check_environment(desk, environment)
    snapshot, history = desk.snapshot(), desk.history
    proposal = examine(desk, environment, snapshot=snapshot, history=history, version=version)
    lines = tuple(
        PreviewLine(step.name, step.state is StepState.DONE, step.words)
        for step in show_steps(desk, snapshot, history, proposal)
        if step.name != "Live"
    )
    ready = proposal.release is not None and not proposal.reasons
    steps, commands = _what_will_happen(desk, proposal, history)
    return Preview(
        project=desk.project.name,
        environment=environment,
        version=proposal.version,
        digest=proposal.release.digest if ready and proposal.release else "",
        nonce=nonce if ready else "",
        replaces=history.live.get(environment),
        lines=lines,
        findings=proposal.findings,
        reasons=proposal.reasons,
        steps=steps,
        commands=commands,
        type_version=environment == desk.policy.ladder()[-1],
        accepted=_accepted(desk, proposal, history),
    )


def _accepted(desk: Desk, proposal: Proposal, history: History) -> tuple[ReferenceChange, ...]:
    live = history.live.get(proposal.environment)
    before = history.releases.get(live.version) if live else None
    if before is None or proposal.release is None:
        return ()
    return references_changed(desk, before.commit, proposal.release.commit)


def _what_will_happen(
    desk: Desk, proposal: Proposal, history: History
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    release = proposal.release
    if release is None:
        return (), ()
    attempts = history.attempts(release.digest, proposal.environment)
    key = delivery_key(release.digest, proposal.environment, len(attempts) + 1)
    sentences, commands = desk.target(proposal.environment).preview(parcel(desk, release, key))
    return (
        (*_own_steps(desk, proposal, release, history), *sentences),
        (*_own_commands(desk, release), *commands),
    )


def _own_steps(desk: Desk, proposal: Proposal, release: Release, history: History) -> list[str]:
    steps = []
    unkept = [one.run.suite for one in proposal.tested if one.run.id not in history.evidence]
    if unkept:
        words = " and ".join(f"**{suite}**" for suite in unkept)
        steps.append(f"Keeps the results of {words} as evidence on the branch **mlcd/evidence**.")
    if release.version not in history.releases:
        name = tag_name(release.project, release.version, several_projects=desk.several_projects)
        steps.append(f"Tags commit **{release.commit[:7]}** as **{name}**.")
    return steps


def _own_commands(desk: Desk, release: Release) -> list[str]:
    name = tag_name(release.project, release.version, several_projects=desk.several_projects)
    return [f"git tag --annotate {name} {release.commit}  # with Release-Digest: {release.digest}"]
