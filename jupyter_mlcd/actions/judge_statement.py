"""Does this approval or waiver count, and if not, why not? In doubt it does not.

The checks, in order; the first that fails is the answer:

1. it was not taken back;
2. its file and its signature are there and can be read;
3. the signature fits the bytes, by a key that was listed and valid when it was given;
4. the person who has the key is the one that it names;
5. it is for these bytes, this environment, and the rules of today;
6. it was given in the past, and has not expired;
7. where duties are separate, she neither ran nor wrote what is released.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Final

import msgspec

from jupyter_mlcd.actions.statement_files import statement_file
from jupyter_mlcd.model.approval import (
    Approval,
    HubApproval,
    Statement,
    StatementFault,
    Waiver,
    policy_digest,
)
from jupyter_mlcd.model.errors import SigningError
from jupyter_mlcd.model.project import seconds
from jupyter_mlcd.model.signers import Signer, read_signers, signer_of
from jupyter_mlcd.world.clock import parse_time
from jupyter_mlcd.world.ssh_signatures import SignatureFault, judge_signature

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from jupyter_mlcd.actions.desk import Desk
    from jupyter_mlcd.model.delivery import History
    from jupyter_mlcd.model.release import Release
    from jupyter_mlcd.model.review import ReviewEntry

_CLOCKS: Final = timedelta(minutes=10)
"""How far the clocks of two people may be apart."""
_SIGNATURES: Final = {
    SignatureFault.UNREADABLE: (StatementFault.FORGED, "its signature is no signature"),
    SignatureFault.FORGED: (StatementFault.FORGED, "its signature does not fit what it says"),
    SignatureFault.UNKNOWN_KEY: (
        StatementFault.UNTRUSTED,
        "nobody who may approve has the key that signed it",
    ),
    SignatureFault.NOT_VALID_THEN: (
        StatementFault.KEY_NOT_VALID,
        "the key that signed it was not valid then",
    ),
}


@dataclass(frozen=True)
class Duties:
    """Who had a hand in a release, as ``Name <e-mail>``."""

    ran: frozenset[str] | None
    """None where it cannot be told."""
    wrote: frozenset[str] | None


@dataclass(frozen=True)
class Bound:
    """What a statement has to be bound to in order to count."""

    release: Release
    environment: str
    policy: str
    lasts: float
    """Seconds that an approval counts; 0 for ever."""
    duties: Duties | None
    """None where duties are not separate."""
    signers: bytes
    now: datetime


@dataclass(frozen=True)
class Judged:
    """What came of it."""

    entry: ReviewEntry
    statement: Approval | HubApproval | Waiver | None = None
    signer: Signer | None = None
    principal: str = ""
    """Who signed it, as the allowed signers spell it."""
    fault: StatementFault | None = None
    words: str = ""
    """Why it does not count."""

    @property
    def who(self) -> str:
        """The name of the person it claims to be from."""
        return short_name(self.statement.by if self.statement else self.entry.by)


def short_name(by: str) -> str:
    """Return the name of ``Name <e-mail>``, or the e-mail where there is none."""
    return by.partition("<")[0].strip() or by.strip("<> ") or "nobody"


def bound_to(
    desk: Desk, environment: str, history: History, release: Release, ran: Iterable[str]
) -> Bound:
    """Return what counts for a release in an environment today.

    ``ran`` is who ran tests of it that are not kept yet.
    """
    table = desk.policy.environments[environment]
    return Bound(
        release=release,
        environment=environment,
        policy=policy_digest(desk.policy, environment),
        lasts=seconds(table.approvals_expire) if table.approvals_expire else 0.0,
        duties=(
            duties_of(desk, environment, history, release, frozenset(ran))
            if table.separation_of_duties
            else None
        ),
        signers=desk.signers(),
        now=parse_time(desk.now()),
    )


def judge_entry(
    desk: Desk, entry: ReviewEntry, kind: type[Approval | Waiver], bound: Bound
) -> Judged:
    """Return whether what an entry of the review speaks of counts."""
    if entry.taken_back:
        return Judged(entry, fault=StatementFault.WITHDRAWN, words="it was taken back")
    data, signature = signed_bytes(desk, entry)
    if not data:
        words = "its file is not there"
        return Judged(entry, fault=StatementFault.UNREADABLE, words=words)
    return judge_bytes(entry, data, signature, kind, bound)


def signed_bytes(desk: Desk, entry: ReviewEntry) -> tuple[bytes, bytes]:
    """Return the bytes of a statement and of its signature; empty where one is not there."""
    path = statement_file(desk, entry)
    found = desk.ledger.read_all([path, f"{path}.sig"]) if path else {}
    return found.get(path, b""), found.get(f"{path}.sig", b"")


def judge_bytes(
    entry: ReviewEntry,
    data: bytes,
    signature: bytes,
    kind: type[Approval | Waiver],
    bound: Bound,
) -> Judged:
    """Return whether a statement counts."""
    try:
        statement = msgspec.json.decode(data, type=kind)
        at = parse_time(statement.at)
        until = parse_time(statement.expires) if statement.expires else None
    except (msgspec.MsgspecError, ValueError, OverflowError):
        words = "its file cannot be read"
        return Judged(entry, fault=StatementFault.UNREADABLE, words=words)
    if not signature:
        return Judged(entry, statement, fault=StatementFault.UNSIGNED, words="it is not signed")
    try:
        judged = _judged(data, signature, bound.signers, kind.namespace, at)
    except SigningError as error:
        return Judged(entry, statement, fault=StatementFault.NOT_CHECKED, words=error.message)
    if judged.fault is not None:
        fault, words = _SIGNATURES[judged.fault]
        return Judged(entry, statement, fault=fault, words=words)
    signer = signer_of(read_signers(bound.signers), judged.principals)
    if signer is None:
        words = "its key belongs to no single person"
        return Judged(entry, statement, fault=StatementFault.UNTRUSTED, words=words)
    unfit = [
        *_person_faults(statement, signer),
        *content_faults(statement, bound),
        *time_faults(statement, at, until, bound),
        *duty_faults(signer, bound.duties),
    ]
    principal = judged.principals[0]
    return Judged(entry, statement, signer, principal, *unfit[0] if unfit else ())


# Equal questions have equal answers, and each takes three processes.
_judged = lru_cache(maxsize=512)(judge_signature)


Fault = tuple[StatementFault, str]
"""Why a statement does not count, also in words."""


def _person_faults(statement: Statement, signer: Signer) -> Iterator[Fault]:
    if not signer.is_named(statement.by):
        named = ", ".join(sorted(signer.principals))
        yield StatementFault.FORGED, f"it was signed by {named}"


def content_faults(statement: Statement, bound: Bound) -> Iterator[Fault]:
    """Yield what is wrong with what it names."""
    release, environment = bound.release, bound.environment
    if (statement.project, statement.digest) != (release.project, release.digest):
        yield StatementFault.OTHER_BYTES, f"it is for other bytes, {statement.version}"
    if statement.environment != environment:
        yield StatementFault.OTHER_ENVIRONMENT, f"it is for {statement.environment}"
    if statement.policy != bound.policy:
        yield StatementFault.RULES_CHANGED, f"the rules of {environment} changed since"


def time_faults(
    statement: Statement, at: datetime, until: datetime | None, bound: Bound
) -> Iterator[Fault]:
    """Yield what is wrong with when it was given and how long it lasts."""
    if at > bound.now + _CLOCKS:
        yield StatementFault.FUTURE, "it says that it was given later than now"
        return
    ends = [until] if until else []
    if bound.lasts and not isinstance(statement, Waiver):
        ends.append(at + timedelta(seconds=bound.lasts))
    if ends and min(ends) <= bound.now:
        yield StatementFault.EXPIRED, f"it expired on {day(min(ends))}"


def duty_faults(signer: Signer, duties: Duties | None) -> Iterator[Fault]:
    """Yield what a person did that somebody else has to judge."""
    if duties is None:
        return
    if duties.ran is None or duties.wrote is None:
        yield StatementFault.DUTIES_UNKNOWN, "it cannot be told who ran and wrote what is released"
    if any(signer.is_named(one) for one in duties.ran or ()):
        yield StatementFault.OWN_RUN, "it is by who ran the tests"
    if any(signer.is_named(one) for one in duties.wrote or ()):
        yield StatementFault.OWN_COMMIT, "it is by who wrote some of what is new"


def duties_of(
    desk: Desk, environment: str, history: History, release: Release, ran: frozenset[str]
) -> Duties:
    """Return who ran the evidence, and who wrote what is not live there yet."""
    kept = [history.evidence[run.id].by for run in release.runs if run.id in history.evidence]
    is_known = len(kept) == len(release.runs) or bool(ran)
    live = history.live.get(environment)
    before = history.releases.get(live.version) if live else None
    wrote = None
    if live is None or before is not None:
        wrote = desk.worktree.authors_between(before.commit if before else "", release.commit)
    return Duties(ran.union(kept) if is_known else None, wrote)


def day(moment: datetime) -> str:
    """Return a day as people write it: 1 Dec 2026."""
    return f"{moment.day} {moment:%b %Y}"
