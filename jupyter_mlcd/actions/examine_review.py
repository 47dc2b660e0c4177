"""What people say about a release: exceptions from rules, approvals, requests for changes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import msgspec

from jupyter_mlcd.actions.judge_heard import judge_heard
from jupyter_mlcd.actions.judge_statement import (
    Bound,
    Judged,
    bound_to,
    day,
    judge_entry,
    short_name,
)
from jupyter_mlcd.model.approval import (
    Approval,
    StatementFault,
    Waiver,
)
from jupyter_mlcd.model.delivery import DeliveryState
from jupyter_mlcd.model.gate import Finding, Outcome
from jupyter_mlcd.model.review import EntryKind, ReviewEntry, standing_requests
from jupyter_mlcd.model.status import Reason, WayOut
from jupyter_mlcd.world.clock import parse_time

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from jupyter_mlcd.actions.desk import Desk
    from jupyter_mlcd.model.delivery import History
    from jupyter_mlcd.model.release import Release


@dataclass(frozen=True)
class Reviewed:
    """What people's words make of the findings on a release."""

    findings: tuple[Finding, ...]
    """The rules, those with an exception marked; then the approvals, where any are asked for."""
    approval: Finding | None = None
    """None where no approval is asked for."""
    exceptions: tuple[str, ...] = ()
    """``excepted by Ken until 1 Dec 2026: reason``."""
    reasons: tuple[Reason, ...] = ()
    """Why that is not enough."""


def examine_review(  # noqa: PLR0913, PLR0917 - what is released where, and what is known of it
    desk: Desk,
    environment: str,
    history: History,
    release: Release,
    findings: Sequence[Finding],
    ran: Iterable[str] = (),
) -> Reviewed:
    """Return what people say about bringing a release to ``environment``.

    ``ran`` is who ran tests of it that are not kept yet.
    """
    needed = desk.policy.environments[environment].approvals
    entries = history.reviews.get(release.digest, ())
    waived = [one for one in entries if one.kind is EntryKind.WAIVED]
    if not needed and (not waived or all(finding.met for finding in findings)):
        return Reviewed(tuple(findings))
    bound = bound_to(desk, environment, history, release, ran)
    judged = [judge_entry(desk, one, Waiver, bound) for one in waived]
    marked = [_excepted(finding, judged) for finding in findings]
    exceptions = tuple(words for _, words in marked if words)
    after = tuple(finding for finding, _ in marked)
    reasons = _refused_waivers(after, judged)
    if not needed:
        return Reviewed(after, None, exceptions, tuple(reasons))
    approval, more = _approvals(desk, bound, history, needed)
    return Reviewed((*after, approval), approval, exceptions, (*reasons, *more))


def excepted(
    desk: Desk, environment: str, history: History, release: Release, findings: Sequence[Finding]
) -> tuple[Finding, ...]:
    """Return the findings with those marked that a waiver excepts."""
    waived = [
        one
        for one in history.reviews.get(release.digest, ())
        if one.kind is EntryKind.WAIVED and not all(finding.met for finding in findings)
    ]
    if not waived:
        return tuple(findings)
    bound = bound_to(desk, environment, history, release, ())
    judged = [judge_entry(desk, one, Waiver, bound) for one in waived]
    return tuple(_excepted(finding, judged)[0] for finding in findings)


def _excepted(finding: Finding, waivers: Iterable[Judged]) -> tuple[Finding, str]:
    """Return a finding as it counts, and who excepted it in words."""
    for one in waivers:
        waiver = one.statement
        if finding.met or one.fault or not isinstance(waiver, Waiver):
            continue
        if waiver.rule != finding.rule:
            continue
        until = f" until {day(parse_time(waiver.expires))}" if waiver.expires else ""
        words = f"excepted by {one.who}{until}: {waiver.reason}"
        reason = f"{finding.reason}; {words}"
        marked = msgspec.structs.replace(finding, outcome=Outcome.EXCEPTED, reason=reason)
        return marked, words
    return finding, ""


def _refused_waivers(findings: Iterable[Finding], waivers: Iterable[Judged]) -> list[Reason]:
    open_rules = {finding.rule for finding in findings if not finding.met}
    return [
        Reason(one.fault.value, f"the exception of {one.who} does not count: {one.words}")
        for one in waivers
        if one.fault is not None and one.entry.rule in open_rules
    ]


def counting(desk: Desk, bound: Bound, history: History) -> tuple[list[Judged], list[Judged]]:
    """Return the approvals of a release that count, one a person, and those that do not."""
    good: list[Judged] = []
    bad: list[Judged] = []
    for entry in _given(bound, history):
        if entry.hub is not None:
            one = judge_heard(desk, entry, bound)
        else:
            one = judge_entry(desk, entry, Approval, bound)
        if one.fault is None and any(one.signer == other.signer for other in good):
            words = "that person has approved it already"
            fault = StatementFault.SAME_PERSON
            one = replace(one, fault=fault, words=words)
        (good if one.fault is None else bad).append(one)
    return good, bad


def statement_faults(
    desk: Desk, bound: Bound, history: History, bad: Iterable[Judged]
) -> dict[str, str]:
    """Return ``{id of an approval or waiver of a release: why it does not count there}``.

    ``bad`` is the approvals that do not count.
    """
    entries = history.reviews.get(bound.release.digest, ())
    waived = [one for one in entries if one.kind is EntryKind.WAIVED]
    judged = [judge_entry(desk, one, Waiver, bound) for one in waived]
    own = {one.id for one in entries}
    return {one.entry.id: one.words for one in (*bad, *judged) if one.fault and one.entry.id in own}


def _given(bound: Bound, history: History) -> Iterator[ReviewEntry]:
    """Yield the approvals of a release, and those of others that never went there."""
    yield from (
        one
        for one in history.reviews.get(bound.release.digest, ())
        if one.kind is EntryKind.APPROVED
    )
    gone = {
        one.digest
        for one in history.deliveries.values()
        if one.environment == bound.environment and one.state is DeliveryState.DELIVERED
    }
    for digest, entries in history.reviews.items():
        if digest != bound.release.digest and digest not in gone:
            yield from (
                one
                for one in entries
                if one.kind is EntryKind.APPROVED and one.environment == bound.environment
            )


def _approvals(
    desk: Desk, bound: Bound, history: History, needed: int
) -> tuple[Finding, list[Reason]]:
    good, bad = counting(desk, bound, history)
    names = ", ".join(one.who for one in good)
    rule = f"{needed} approval{'s' * (needed != 1)}"
    entries = history.reviews.get(bound.release.digest, ())
    wanted = standing_requests(entries, {one.entry.id for one in good})
    see = way_to_review(history, bound.release, bound.environment)
    reasons = [
        Reason(
            StatementFault.CHANGES_REQUESTED.value,
            f"{short_name(one.by)} asks for changes: {one.text}",
            *see,
        )
        for one in wanted
    ]
    if len(good) < needed:
        counted = f"{len(good)} of {needed}{': ' * bool(names)}{names}"
        words = f"{bound.environment} asks for {rule}, there {_is(len(good))} {len(good)}"
        asked = any(is_asked(one, bound.environment) for one in entries)
        ask = see if asked else (WayOut.ASK_REVIEW, bound.environment)
        reasons.insert(0, Reason(StatementFault.MISSING.value, words, *ask))
        reasons.extend(
            Reason(one.fault.value, f"the approval of {one.who} does not count: {one.words}", *see)
            for one in bad
            if one.fault is not None
        )
        return Finding(rule, Outcome.NOT_MET, counted), reasons
    if wanted:
        return Finding(rule, Outcome.NOT_MET, reasons[0].text), reasons
    return Finding(rule, Outcome.MET, f"given by {names}"), []


def way_to_review(history: History, release: Release, environment: str) -> tuple[WayOut, str]:
    """Return the way to a release's review; before it is prepared, to asking for one."""
    prepared = history.releases.get(release.version)
    if prepared is not None and prepared.digest == release.digest:
        return WayOut.SEE_REVIEW, release.version
    return WayOut.ASK_REVIEW, environment


def is_asked(entry: ReviewEntry, environment: str) -> bool:
    """Whether an entry asks for a review for an environment, and still does."""
    is_there = entry.kind is EntryKind.ASKED and entry.environment == environment
    return is_there and not entry.taken_back


def _is(count: int) -> str:
    return "is" if count == 1 else "are"
