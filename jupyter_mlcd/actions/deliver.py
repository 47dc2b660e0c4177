"""Deliver: bring a release to an environment, once.

The steps of a click, in order:

1. the release is still the one that was seen;
2. this click was made before: then that delivery is the answer;
3. the hub is asked who approved it, where approvals from there count;
   every rule is met, or the click is refused with the findings;
4. the evidence is kept, the release written, and ``requested`` appended in one commit: the lock;
5. the commit is tagged;
6. where several people deliver there, a push makes this machine the one that sends;
7. the target is asked, and its answer appended.

A crash between any two leaves a delivery that ``resume`` takes up where it stopped: the target is
asked what became of the key before anything is sent again. Looking at it sends nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from jupyter_mlcd.actions.collect_approvals import collect
from jupyter_mlcd.actions.collect_files import bring_files, named_files
from jupyter_mlcd.actions.compare_rules import rules_commit
from jupyter_mlcd.actions.describe_release import MOST_COMMITS
from jupyter_mlcd.actions.examine import (
    Proposal,
    check_environment,
    examine,
    refusal,
    standing_still,
)
from jupyter_mlcd.actions.prepare_release import releasing, tag_release
from jupyter_mlcd.actions.read_release import read_release
from jupyter_mlcd.actions.take_turn import remote_of, take_turn, tell_others
from jupyter_mlcd.actions.tell_work_items import sentences, tell_work_items, work_items
from jupyter_mlcd.actions.write_notes import with_notes
from jupyter_mlcd.model.delivery import Delivery, DeliveryState, Given, delivery_key
from jupyter_mlcd.model.errors import GitError, MlcdError, RefusedError
from jupyter_mlcd.model.event import (
    LEDGER_REF,
    DeliveryMoved,
    DeliveryRequested,
)
from jupyter_mlcd.model.flow import SentByItself
from jupyter_mlcd.model.gate import Finding, Outcome
from jupyter_mlcd.model.issue import checked_issues, checked_why, issues_in
from jupyter_mlcd.model.release import tag_name
from jupyter_mlcd.ports import Parcel, TargetAnswer
from jupyter_mlcd.world.failpoints import failpoint

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jupyter_mlcd.actions.desk import Desk
    from jupyter_mlcd.model.delivery import History
    from jupyter_mlcd.model.release import Release
    from jupyter_mlcd.ports import Commit


def deliver(
    desk: Desk,
    environment: str,
    *,
    version: str = "",
    digest: str = "",
    given: Given | None = None,
) -> Delivery:
    """Deliver to ``environment`` and return the delivery; the same click again is no second one.

    ``digest`` is the Release Digest that was seen; empty asks for whatever is ready. ``given`` is
    what the person says with it. Raises GateError with the findings, RefusedError, NotFoundError,
    UsageError, GitError and HubError.
    """
    check_environment(desk, environment)
    said = checked(given or Given())
    with desk.alone():
        history = desk.history
        earlier = made_before(history, environment, version, digest)
        if earlier is not None:
            return resume(desk, earlier)
        proposal = examine(
            desk, environment, snapshot=desk.snapshot(), history=history, version=version
        )
        if collect(desk, proposal, history):
            history = desk.history
            proposal = examine(
                desk, environment, snapshot=desk.snapshot(), history=history, version=version
            )
        return send(desk, proposal, ready(proposal, digest), said, history)


def checked(given: Given) -> Given:
    """Return what was said, as it is kept. Raises UsageError."""
    return Given(checked_why(given.why), checked_issues(given.issues), given.by_itself)


def made_before(
    history: History, environment: str, version: str, digest: str, *, back: bool = False
) -> Delivery | None:
    """Return the delivery that this very click made already, unless it came to nothing.

    ``back`` tells whether the click was one on Roll back.
    """
    going = history.under_way(environment)
    same_way = going is not None and bool(going.back_from) is back
    if going is not None and same_way and digest in {"", going.digest}:
        return going if version in {"", going.version} else None
    live = history.live.get(environment)
    if live is None or not digest or live.digest != digest:
        return None
    done = [
        delivery
        for delivery in history.attempts(digest, environment)
        if delivery.state is DeliveryState.DELIVERED
    ]
    return done[-1] if done else None


def ready(proposal: Proposal, digest: str) -> Release:
    """Return the release of a proposal. Raises GateError or RefusedError with every reason."""
    release = proposal.release
    if proposal.reasons or release is None:
        words = f"{proposal.version} is not delivered to {proposal.environment}"
        raise refusal(proposal, words)
    if digest and digest != release.digest:
        raise RefusedError(
            f"what would be delivered to {proposal.environment} changed since you looked at it",
            code="changed",
            hint="Nothing was delivered. Look at it again, then deliver.",
        )
    return release


def send(  # noqa: PLR0913, PLR0917 - what is sent, to whom, and what is said with it
    desk: Desk,
    proposal: Proposal,
    release: Release,
    given: Given,
    history: History,
    back_from: str = "",
) -> Delivery:
    """Request a delivery, and dispatch it."""
    delivery = _request(desk, proposal, release, given, history, back_from)
    return _dispatch(desk, delivery, release)


def _request(  # noqa: PLR0913, PLR0917 - see send
    desk: Desk,
    proposal: Proposal,
    release: Release,
    given: Given,
    history: History,
    back_from: str,
) -> Delivery:
    """Keep the evidence, write the release, and append the request: one commit."""
    environment = proposal.environment
    attempt = next_attempt(history, release, environment)
    key = delivery_key(release.digest, environment, attempt)
    parcel = make_parcel(desk, release, environment, key)
    steps, _ = desk.target(environment).preview(parcel)
    events, files = releasing(desk, proposal, release, history)
    named = () if back_from else issues_named(desk, release, history, environment)
    issues = tuple(dict.fromkeys((*named, *given.issues)))
    items = work_items(desk, history, environment, issues, back_from)
    tells = sentences(release.project, release.version, environment, items, back_from)
    asked = DeliveryRequested(
        key=key,
        version=release.version,
        digest=release.digest,
        environment=environment,
        attempt=attempt,
        findings=tuple(_as_written(finding) for finding in proposal.findings),
        steps=(*steps, *tells),
        why=given.why,
        issues=issues,
        back_from=back_from,
        rules=rules_commit(desk),
    )
    events.append(desk.event(asked))
    if given.by_itself:
        events.append(desk.event(SentByItself(key, given.by_itself)))
    verb = f"Roll back from {back_from}:" if back_from else "Deliver"
    words = f"{verb} {release.project} {release.version} to {environment}"
    failpoint("deliver-before-request")
    desk.ledger.append(events, files, words, desk.by)
    failpoint("deliver-after-request")
    return desk.history.deliveries[key]


def _as_written(finding: Finding) -> Finding:
    """Return a finding as older clones read it too; its words tell of the exception for ever."""
    if finding.outcome is Outcome.EXCEPTED:
        return msgspec.structs.replace(finding, outcome=Outcome.MET)
    return finding


def next_attempt(history: History, release: Release, environment: str) -> int:
    """Return the number of the next delivery of a release to an environment, from 1."""
    attempts = history.attempts(release.digest, environment)
    return attempts[-1].attempt + 1 if attempts else 1


def commits_replaced(
    desk: Desk, release: Release, history: History, environment: str
) -> Sequence[Commit]:
    """Return the commits since what is live there; none where nothing is."""
    live = history.live.get(environment)
    before = history.releases.get(live.version) if live else None
    if before is None or before.commit == release.commit:
        return ()
    return desk.worktree.commits_between(before.commit, release.commit, MOST_COMMITS)


def issues_named(
    desk: Desk, release: Release, history: History, environment: str
) -> tuple[str, ...]:
    """Return the work items that the commits since what is live there name."""
    commits = commits_replaced(desk, release, history, environment)
    return tuple(dict.fromkeys(name for one in commits for name in issues_in(one.message)))


def _dispatch(desk: Desk, delivery: Delivery, release: Release) -> Delivery:
    """Tag the commit, take the turn, ask the target, and append its answer."""
    failpoint("deliver-before-dispatch")
    target = desk.target(delivery.environment)
    parcel = parcel_without_files(desk, release, delivery.environment, delivery.key)
    try:
        files = bring_files(desk, target, release)
    except MlcdError as error:
        reason = f"{error.message}. Nothing was sent. {error.hint}".strip()
        return append_answer(desk, delivery, TargetAnswer(DeliveryState.REFUSED, reason))
    parcel = msgspec.structs.replace(parcel, files=files)
    try:
        if name := remote_of(target):
            # Whoever delivered it before made the tag: a second one would be another identity.
            desk.remote(name).fetch_tag(parcel.tag)
        tag_release(desk, release)
        if not take_turn(desk, delivery, parcel.tag):
            return desk.history.deliveries[delivery.key]
    except (GitError, RefusedError) as error:
        reason = f"{error.message} {error.hint}".strip()
        return append_answer(desk, delivery, TargetAnswer(DeliveryState.REFUSED, reason))
    noted, remark = with_notes(desk, target, parcel)
    failpoint("deliver-before-send")
    answer = target.dispatch(noted)
    failpoint("deliver-after-dispatch")
    said = msgspec.structs.replace(answer, reason=f"{answer.reason} {remark}".strip())
    return append_answer(desk, desk.history.deliveries[delivery.key], said)


def resume(desk: Desk, delivery: Delivery) -> Delivery:
    """Take up a delivery that was interrupted; one that is over stays as it is.

    Raises RefusedError where nothing is delivered meanwhile.
    """
    looked, is_known = look_up(desk, delivery)
    if looked.state is DeliveryState.REQUESTED and not is_known:
        _refuse_while_still(desk, looked)
        return _dispatch(desk, looked, read_release(desk, looked.version))
    return looked


def _refuse_while_still(desk: Desk, delivery: Delivery) -> None:
    still = standing_still(desk, delivery.environment, desk.history)
    if still and not delivery.back_from:
        raise RefusedError(
            f"{delivery.version} is not sent: {still[0].text}",
            code=still[0].code,
            hint="Nothing was sent. It can be given up: jupyter mlcd delivery cancel",
        )


def look_up(desk: Desk, delivery: Delivery) -> tuple[Delivery, bool]:
    """Ask the target what became of a delivery, note it, and tell whether the target knew it.

    Nothing is sent. One that is over is not asked about.
    """
    if delivery.state.over:
        return delivery, True
    answer = desk.target(delivery.environment).look_up(parcel_to_ask(desk, delivery))
    if answer is None:
        return delivery, False
    return append_answer(desk, delivery, answer), not answer.is_final


def append_answer(desk: Desk, delivery: Delivery, answer: TargetAnswer) -> Delivery:
    """Note what became of a delivery, and return it."""
    if answer.state is delivery.state and answer.ticket == delivery.ticket:
        return delivery
    moved = DeliveryMoved(delivery.key, answer.state.value, answer.reason, answer.ticket)
    words = f"{delivery.version} to {delivery.environment}: {answer.state}"
    desk.ledger.append([desk.event(moved)], {}, words, desk.by)
    tell_others(desk, delivery.environment)
    return told_of(desk, desk.history.deliveries[delivery.key])


def told_of(desk: Desk, delivery: Delivery) -> Delivery:
    """Tell its work items what is not told yet, if it is delivered, and return the delivery."""
    found = tell_work_items(desk, delivery)
    if found.told != delivery.told:
        tell_others(desk, delivery.environment)
    return found


def parcel_to_ask(desk: Desk, delivery: Delivery) -> Parcel:
    """Return what a target is asked about later, maybe by who has not the files: without them."""
    release = read_release(desk, delivery.version)
    return parcel_without_files(desk, release, delivery.environment, delivery.key)


def make_parcel(desk: Desk, release: Release, environment: str, key: str) -> Parcel:
    """Return what a target tells of what it would get: the files by their names."""
    parcel = parcel_without_files(desk, release, environment, key)
    return msgspec.structs.replace(parcel, files=named_files(desk, release))


def parcel_without_files(desk: Desk, release: Release, environment: str, key: str) -> Parcel:
    """Return what a target gets that is only asked."""
    history = desk.history
    known = history.deliveries.get(key)
    return Parcel(
        key=key,
        release=release,
        files={},
        tag=tag_name(release.project, release.version, several_projects=desk.several_projects),
        ledger_ref=LEDGER_REF,
        environment=environment,
        ticket=known.ticket if known else {},
        again=history.was_there(release.digest, environment, key),
    )
