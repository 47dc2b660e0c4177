"""The Deliver page: what was checked, and exactly what will happen."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import msgspec

from jupyter_mlcd.actions.accept import references_changed
from jupyter_mlcd.actions.collect_files import what_is_brought
from jupyter_mlcd.actions.compare_rules import compare_rules
from jupyter_mlcd.actions.deliver import (
    commits_replaced,
    issues_named,
    make_parcel,
    next_attempt,
)
from jupyter_mlcd.actions.examine import Proposal, check_environment, examine
from jupyter_mlcd.actions.examine_review import way_to_review
from jupyter_mlcd.actions.look_for_personal import find_personal
from jupyter_mlcd.actions.roll_back import examine_roll_back
from jupyter_mlcd.actions.show_status import show_steps
from jupyter_mlcd.actions.tell_work_items import sentences, work_items
from jupyter_mlcd.actions.write_notes import with_notes
from jupyter_mlcd.model.delivery import delivery_key
from jupyter_mlcd.model.issue import find_issues
from jupyter_mlcd.model.release import tag_name
from jupyter_mlcd.model.status import Preview, PreviewLine, RollBack, Step, StepState, WayOut
from jupyter_mlcd.ports import NotesTarget, PipelineTarget

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from jupyter_mlcd.actions.desk import Desk
    from jupyter_mlcd.model.acceptance import ReferenceChange
    from jupyter_mlcd.model.delivery import History
    from jupyter_mlcd.model.release import Release
    from jupyter_mlcd.ports import Commit

_LISTED_VERSIONS = 20
_LISTED_ISSUES = 20


def preview_delivery(
    desk: Desk, environment: str, *, version: str = "", nonce: str = ""
) -> Preview:
    """Return the Deliver page of ``environment``. Changes nothing. Raises NotFoundError."""
    check_environment(desk, environment)
    snapshot, history = desk.snapshot(), desk.history
    proposal = examine(desk, environment, snapshot=snapshot, history=history, version=version)
    found = _review_way(proposal, history)
    lines = tuple(
        PreviewLine(step.name, step.state is StepState.DONE, step.words, *_way(step, found))
        for step in show_steps(desk, snapshot, history, proposal)
        if step.name != "Live"
    )
    commits = _commits(desk, proposal, history)
    issues = find_issues([one.message for one in commits], desk.worktree.sharing().url)
    return msgspec.structs.replace(
        _page(desk, proposal, history, nonce),
        lines=lines,
        accepted=_accepted(desk, proposal, history),
        commits=len(commits),
        issues=issues[:_LISTED_ISSUES],
        rules=compare_rules(desk, environment, history),
    )


def preview_roll_back(
    desk: Desk, environment: str, *, version: str = "", nonce: str = ""
) -> Preview:
    """Return the page that asks for a roll back of ``environment``. Changes nothing.

    ``version`` is what would be brought back; empty for what was live before. Raises
    NotFoundError, UsageError.
    """
    check_environment(desk, environment)
    history = desk.history
    proposal = examine_roll_back(desk, environment, history=history, version=version)
    bad = history.taken_back.get(environment, {})
    versions = tuple(history.earlier(environment)[:_LISTED_VERSIONS])
    taken = {one: bad[one] for one in versions if one in bad}
    live = history.live.get(environment)
    page = _page(desk, proposal, history, nonce, live.version if live else "")
    return msgspec.structs.replace(page, roll_back=RollBack(versions, taken))


def _page(
    desk: Desk, proposal: Proposal, history: History, nonce: str, back_from: str = ""
) -> Preview:
    """Return what both directions show."""
    environment, release = proposal.environment, proposal.release
    is_ready = release is not None and not proposal.reasons
    shown = _what_will_happen(desk, proposal, history)
    tells = _tells(desk, proposal, history, back_from) if shown.steps else ()
    attempts = history.attempts(release.digest, environment) if release else []
    return Preview(
        project=desk.project.name,
        environment=environment,
        version=proposal.version,
        digest=release.digest if is_ready and release else "",
        nonce=nonce if is_ready else "",
        replaces=history.live.get(environment),
        lines=(),
        findings=proposal.findings,
        reasons=proposal.reasons,
        steps=(*shown.steps, *tells),
        commands=shown.commands,
        text=shown.text,
        type_version=environment == desk.policy.ladder()[-1],
        attempt=next_attempt(history, release, environment) if release else 1,
        earlier=attempts[-1] if attempts else None,
        scoring=proposal.scoring,
        can_rehearse=release is not None and isinstance(desk.target(environment), PipelineTarget),
    )


def _tells(desk: Desk, proposal: Proposal, history: History, back_from: str) -> Iterator[str]:
    """Yield what is written to work items, for each in a sentence."""
    release, environment = proposal.release, proposal.environment
    if release is None or not desk.policy.environments[environment].tell_work_items:
        return
    named = () if back_from else issues_named(desk, release, history, environment)
    items = work_items(desk, history, environment, named, back_from)
    yield from sentences(release.project, release.version, environment, items, back_from)
    yield "Writes the same to work items that you name with it."


def _review_way(proposal: Proposal, history: History) -> tuple[WayOut, str]:
    """Return the way to what people said, or to asking them."""
    release, environment = proposal.release, proposal.environment
    if release is None:
        return WayOut.NONE, ""
    if history.reviews.get(release.digest):
        return way_to_review(history, release, environment)
    return WayOut.ASK_REVIEW, environment


def _way(step: Step, review: tuple[WayOut, str]) -> tuple[WayOut, str]:
    return review if step.name == "Review" else (WayOut.NONE, "")


def _commits(desk: Desk, proposal: Proposal, history: History) -> Sequence[Commit]:
    if proposal.release is None:
        return ()
    return commits_replaced(desk, proposal.release, history, proposal.environment)


def _accepted(desk: Desk, proposal: Proposal, history: History) -> tuple[ReferenceChange, ...]:
    live = history.live.get(proposal.environment)
    before = history.releases.get(live.version) if live else None
    if before is None or proposal.release is None:
        return ()
    return references_changed(desk, before.commit, proposal.release.commit)


class _Shown(NamedTuple):
    """What will happen, told before."""

    steps: tuple[str, ...] = ()
    commands: tuple[str, ...] = ()
    text: str = ""


def _what_will_happen(desk: Desk, proposal: Proposal, history: History) -> _Shown:
    release, environment = proposal.release, proposal.environment
    if release is None or any(reason.code == "product-gone" for reason in proposal.reasons):
        return _Shown()
    key = delivery_key(release.digest, environment, next_attempt(history, release, environment))
    target = desk.target(environment)
    parcel, remark = with_notes(desk, target, make_parcel(desk, release, environment, key))
    sentences, commands = target.preview(parcel)
    text = ""
    if isinstance(target, NotesTarget) and target.publishes_notes:
        text = target.published_text(parcel)
    before = own_steps(desk, proposal, release, history)
    before += what_is_brought(desk, target, parcel.files)
    after = filter(None, (remark, *_afterwards(desk, environment)))
    own = _own_commands(desk, release) if release.version not in history.releases else []
    return _Shown((*before, *sentences, *after), (*own, *commands), text)


def _afterwards(desk: Desk, environment: str) -> Iterator[str]:
    """Yield what happens once it is live there."""
    suite = desk.policy.environments[environment].verify
    if suite:
        yield f"Checks it there by **{suite}**: where that is red, it goes back."


def own_steps(desk: Desk, proposal: Proposal, release: Release, history: History) -> list[str]:
    """Return what preparing a release does on this machine, in sentences."""
    steps = []
    unkept = [one.run.suite for one in proposal.tested if one.run.id not in history.evidence]
    if unkept:
        words = " and ".join(f"**{suite}**" for suite in unkept)
        steps.append(f"Keeps the results of {words} as evidence on the branch **mlcd/evidence**.")
        steps += _personal(desk, proposal, history)
    if release.version not in history.releases:
        name = tag_name(release.project, release.version, several_projects=desk.several_projects)
        steps.append(f"Tags commit **{release.commit[:7]}** as **{name}**.")
    return steps


def _personal(desk: Desk, proposal: Proposal, history: History) -> Iterator[str]:
    """Yield what looks like personal data in the results that are kept by it."""
    out_of_git = desk.project.personal_data.found == "out-of-git"
    what = (
        "is to stay out of git, so keep it first" if out_of_git else "is in git **for ever** then"
    )
    for tested in proposal.tested:
        if tested.run.id not in history.evidence:
            for one in find_personal(desk, tested.run.id):
                yield f"What looks like personal data {what}: {one}."


def _own_commands(desk: Desk, release: Release) -> list[str]:
    name = tag_name(release.project, release.version, several_projects=desk.several_projects)
    said = f"with Release-Digest: {release.digest}, signed where git has an SSH key of yours"
    return [f"git tag --annotate {name} {release.commit}  # {said}"]
