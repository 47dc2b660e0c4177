"""Say yes with one's name: approvals of a release, and exceptions from one of its rules.

What is signed is judged before it is written, exactly as it will be when something is delivered:
what would not count is refused at once, with the reason.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from jupyter_mlcd.actions.examine import check_environment, examine_prepared
from jupyter_mlcd.actions.examine_review import counting
from jupyter_mlcd.actions.judge_statement import Bound, bound_to, judge_bytes
from jupyter_mlcd.actions.review_release import check_seen, find_release, show_review
from jupyter_mlcd.model.approval import Approval, StatementFault, Waiver, statement_path
from jupyter_mlcd.model.errors import NotFoundError, RefusedError, UsageError
from jupyter_mlcd.model.issue import checked_why
from jupyter_mlcd.model.project import seconds
from jupyter_mlcd.model.review import EntryKind, ReviewApproved, ReviewEntry, ReviewWaived, Seen
from jupyter_mlcd.world.clock import format_time, parse_time

if TYPE_CHECKING:
    from jupyter_mlcd.actions.desk import Desk
    from jupyter_mlcd.model.delivery import History
    from jupyter_mlcd.model.gate import Finding
    from jupyter_mlcd.model.release import Release
    from jupyter_mlcd.model.review_page import ReviewPage
    from jupyter_mlcd.model.signers import Signer

_LONGEST_EXCEPTION: Final = timedelta(days=366)


def approve(desk: Desk, seen: Seen, comment: str = "") -> ReviewPage:
    """Approve a release for an environment, signed. The same yes again is no second one.

    Raises NotFoundError, RefusedError with the reason why it would not count, SigningError,
    GitError.
    """
    bound, history = _seen(desk, seen)
    release = bound.release
    given, _ = counting(desk, bound, history)
    approval = Approval(
        **_binding(desk, bound),
        expires=format_time(bound.now + timedelta(seconds=bound.lasts)) if bound.lasts else "",
        comment=checked_why(comment),
    )
    name = desk.new_id()
    body = ReviewApproved(release.version, release.digest, name, seen.environment)
    counted = frozenset(one.signer for one in given)
    return _write(desk, bound, approval, (name, body), counted)


def waive(desk: Desk, seen: Seen, rule: str, reason: str, until: str) -> ReviewPage:
    """Except a release from one rule that it does not meet, signed, for a time.

    ``rule`` is the rule in the words of its finding, or the beginning of them; ``until`` a day as
    ``2026-12-01`` or a time from now as ``14d``. Raises UsageError without a reason or an end,
    NotFoundError, RefusedError with the reason why it would not count, SigningError, GitError.
    """
    why = checked_why(reason)
    if not why:
        raise UsageError("say why it is excepted", hint="Nothing was written.")
    bound, history = _seen(desk, seen)
    release = bound.release
    finding = _finding(desk, seen.environment, history, release, rule)
    expires = _end(bound, until)
    waiver = Waiver(**_binding(desk, bound), expires=expires, rule=finding.rule, reason=why)
    name = desk.new_id()
    body = ReviewWaived(release.version, release.digest, name, seen.environment, finding.rule)
    return _write(desk, bound, waiver, (name, body), frozenset())


def _seen(desk: Desk, seen: Seen) -> tuple[Bound, History]:
    """Return what is said yes to. Raises NotFoundError, and RefusedError if it is another one."""
    check_environment(desk, seen.environment)
    history = desk.history
    release = find_release(desk, history, seen.version)
    check_seen(release, seen.digest)
    bound = bound_to(desk, seen.environment, history, release, ())
    if seen.policy not in {"", bound.policy}:
        raise RefusedError(
            f"the rules of {seen.environment} are not those you looked at",
            code=StatementFault.RULES_CHANGED.value,
            hint="Nothing was written. Look at them again.",
        )
    return bound, history


def _binding(desk: Desk, bound: Bound) -> dict[str, Any]:
    return {
        "project": bound.release.project,
        "version": bound.release.version,
        "digest": bound.release.digest,
        "environment": bound.environment,
        "policy": bound.policy,
        "by": desk.by,
        "at": format_time(bound.now),
    }


def _write(
    desk: Desk,
    bound: Bound,
    statement: Approval | Waiver,
    named: tuple[str, ReviewApproved | ReviewWaived],
    counted: frozenset[Signer | None],
) -> ReviewPage:
    """Sign a statement, look whether it counts, and append it with its event.

    ``counted`` is whose word counts already.
    """
    name, body = named
    release = bound.release
    data = statement.to_bytes()
    signature = desk.sign(data, statement.namespace)
    entry = ReviewEntry(
        id=name,
        kind=EntryKind.APPROVED if isinstance(statement, Approval) else EntryKind.WAIVED,
        version=release.version,
        digest=release.digest,
        by=desk.by,
        at=statement.at,
    )
    judged = judge_bytes(entry, data, signature, type(statement), bound)
    if judged.fault is not None:
        raise RefusedError(
            f"your word on {release.version} would not count: {judged.words}",
            code=judged.fault.value,
            hint=_hint(desk, judged.fault),
        )
    if judged.signer in counted:
        return show_review(desk, release.version)
    path = statement_path(type(statement), release.project, release.version, name)
    verb = "Approve" if isinstance(statement, Approval) else "Except a rule for"
    words = f"{verb} {release.project} {release.version} for {bound.environment}"
    files = {path: data, f"{path}.sig": signature}
    desk.ledger.append([desk.event(body)], files, words, desk.by)
    return show_review(desk, release.version)


def _hint(desk: Desk, fault: StatementFault) -> str:
    if fault in {StatementFault.UNTRUSTED, StatementFault.FORGED}:
        file = desk.policy.project.signers
        where = desk.project.project.policy or "the commit that is checked out"
        return f"Nothing was written. Who may approve stands in {file}, read from {where}."
    return "Nothing was written."


def _finding(
    desk: Desk, environment: str, history: History, release: Release, rule: str
) -> Finding:
    """Return the unmet rule that is meant. Raises NotFoundError."""
    proposal = examine_prepared(desk, environment, history, release.version, named=True)
    unmet = [
        finding
        for finding in proposal.findings
        if not finding.met and finding is not proposal.approval
    ]
    found = [finding for finding in unmet if rule and finding.rule.startswith(rule)]
    exact = [finding for finding in found if finding.rule == rule]
    if len(exact or found) != 1:
        listed = "; ".join(finding.rule for finding in unmet) or "none"
        message = f"no one rule that {release.version} does not meet begins with {rule!r}"
        raise NotFoundError(message, hint=f"Not met in {environment}: {listed}.")
    return (exact or found)[0]


def _end(bound: Bound, until: str) -> str:
    """Return when an exception ends. Raises UsageError, ConfigError."""
    try:
        day = parse_time(f"{until.strip()}T23:59:59Z")
    except ValueError:
        day = bound.now + timedelta(seconds=seconds(until))
    if not bound.now < day <= bound.now + _LONGEST_EXCEPTION:
        hint = "Give a day within a year, as 2026-12-01, or a time from now, as 14d."
        raise UsageError(f"an exception cannot last until {until!r}", hint=hint)
    return format_time(day)
