"""For the auditor: what was live when, and who did what on which evidence, from the ledger alone.

Neither the files that are here nor the rules of today decide anything; what the ledger of this
clone cannot tell is said.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import msgspec
from msgspec.structs import replace

from jupyter_mlcd.actions.judge_erasure import Erasure, judge_erasure
from jupyter_mlcd.actions.statement_files import (
    SIGNED,
    read_statement,
    statement_file,
    words_of,
)
from jupyter_mlcd.model.audit import (
    Audit,
    AuditKind,
    AuditLine,
    Basis,
    LiveThen,
    Proof,
    StatusThen,
    Word,
    moment_of,
)
from jupyter_mlcd.model.delivery import fold_history
from jupyter_mlcd.model.erasure import EvidenceErased
from jupyter_mlcd.model.errors import UsageError
from jupyter_mlcd.model.event import DeliveryRequested
from jupyter_mlcd.model.flow import EnvironmentHeld, EnvironmentLifted, LiveChecked
from jupyter_mlcd.model.gate import Gate, summary
from jupyter_mlcd.model.release import Release, release_folder
from jupyter_mlcd.model.review import (
    ChangesRequested,
    EntryKind,
    ReviewApproved,
    ReviewBody,
    ReviewEntry,
    ReviewHeard,
    ReviewTakenBack,
    ReviewWaived,
    fold_review,
)
from jupyter_mlcd.model.scored_live import LiveScored
from jupyter_mlcd.world.clock import format_time, parse_time

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from jupyter_mlcd.actions.desk import Desk
    from jupyter_mlcd.model.delivery import Delivery, History
    from jupyter_mlcd.model.event import Event

_CLOCKS = timedelta(minutes=10)
"""How far the clocks of two people may be apart."""
_ALWAYS = "Events that others have not shared with this clone are not here."


def status_at(desk: Desk, at: str) -> StatusThen:
    """Return what was live in each environment at a moment: a day means its end, in UTC.

    Raises UsageError for what is no moment, and GitError.
    """
    moment = moment_of(at, ends=True)
    own = [one for one in desk.ledger.events() if one.project == desk.project.name]
    before = [one for one in own if _at(one) <= moment]
    told = _Told(desk, before)
    history = told.history
    seen = [one.environment for one in history.deliveries.values()]
    names = dict.fromkeys([*desk.policy.ladder(), *seen])
    remarks = [f"Read from {len(before)} of the {len(own)} events of {desk.project.name} here."]
    if moment > parse_time(desk.now()):
        remarks.append("That moment is still to come: this is how it stands now.")
    continuity = desk.ledger.continuity()
    return StatusThen(
        project=desk.project.name,
        at=format_time(moment),
        environments=tuple(_live_then(history, told, name) for name in names),
        remarks=(*remarks, *_doubts(own), *_sentences(continuity.remarks)),
        problems=continuity.problems,
    )


def audit(desk: Desk, since: str = "", until: str = "") -> Audit:
    """Return everything that somebody did from ``since`` to ``until``: days of UTC, or times.

    Empty means from the beginning, up to now. Raises UsageError, GitError.
    """
    first = moment_of(since, ends=False) if since else None
    last = moment_of(until, ends=True) if until else None
    if first and last and first > last:
        raise UsageError(f"{since} is after {until}", hint="Name the earlier one first.")
    own = [one for one in desk.ledger.events() if one.project == desk.project.name]
    inside = [
        one
        for one in own
        if (first is None or first <= _at(one)) and (last is None or _at(one) <= last)
    ]
    told = _Told(desk, own)
    lines = [line for one in inside for line in _lines(told, one)]
    counts = Counter(line.kind for line in lines)
    continuity = desk.ledger.continuity()
    return Audit(
        project=desk.project.name,
        since=format_time(first) if first else "",
        until=format_time(last) if last else "",
        made=desk.now(),
        by=desk.by,
        tip=desk.ledger.tip(),
        totals={kind: counts[kind] for kind in AuditKind},
        events=len(inside),
        lines=tuple(lines),
        remarks=(*_doubts(own), *_sentences(continuity.remarks)),
        problems=continuity.problems,
    )


@dataclass
class _Told:
    """What the ledger tells, with the files beside its events, each read once."""

    desk: Desk
    events: Sequence[Event]
    history: History = field(init=False)
    asked: dict[str, DeliveryRequested] = field(default_factory=dict)
    """``{key: what was asked for}``."""
    said: dict[str, tuple[ReviewEntry, ...]] = field(default_factory=dict)
    """``{key: what people had said about the release by then}``."""

    def __post_init__(self) -> None:
        self.history = fold_history(self.events, self.desk.project.name)
        reviews: dict[str, list[ReviewEntry]] = {}
        for event in self.events:
            body = event.body
            if isinstance(body, ReviewBody):
                fold_review(reviews, event, body)
            elif isinstance(body, DeliveryRequested) and body.key not in self.asked:
                self.asked[body.key] = body
                self.said[body.key] = tuple(reviews.get(body.digest, ()))
        entries = [one for listed in self.history.reviews.values() for one in listed]
        paths = [path for one in entries for path in (statement_file(self.desk, one),) if path]
        signatures = [f"{path}.sig" for path in paths]
        versions = {one.version for one in self.asked.values()}
        releases = [_release_path(self.desk, one) for one in versions]
        self._files = self.desk.ledger.read_all([*paths, *signatures, *releases])

    def release(self, version: str) -> Release | None:
        """Return a release as it was prepared; None where it is not here."""
        try:
            text = self._files[_release_path(self.desk, version)]
            return msgspec.json.decode(text, type=Release)
        except (KeyError, msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
            return None

    def word(self, entry: ReviewEntry) -> Word:
        """Return an approval or an exception with what stands in its file."""
        path = statement_file(self.desk, entry)
        signed = bool(self._files.get(f"{path}.sig"))
        found = read_statement(entry, self._files.get(path, b""))
        text, until = "its file cannot be read", ""
        if found is not None:
            text, until = words_of(found), found.expires
        return Word(entry.id, entry.by, entry.at, signed, text, entry.rule, until, entry.hub)

    def basis(self, key: str) -> Basis:
        """Return what the release of a delivery stood on when it was asked for."""
        body = self.asked[key]
        release = self.release(body.version)
        prepared = self.history.releases.get(body.version)
        words = [
            (one.kind, self.word(one))
            for one in self.said[key]
            if one.kind in SIGNED and one.environment == body.environment and not one.taken_back
        ]
        runs = tuple(self._proofs(release))
        gaps = [] if release else ["the release is not in the history of this clone"]
        gaps += [f"the evidence {one.run} is not here" for one in runs if one.verdict is None]
        return Basis(
            commit=release.commit if release else prepared.commit if prepared else "",
            tree=release.tree if release else "",
            runs=runs,
            scores=_scores(release) if release else {},
            findings=body.findings,
            approvals=tuple(word for kind, word in words if kind is EntryKind.APPROVED),
            exceptions=tuple(word for kind, word in words if kind is EntryKind.WAIVED),
            gap="; ".join(gaps),
        )

    def _proofs(self, release: Release | None) -> Iterator[Proof]:
        for run in release.runs if release else ():
            kept = self.history.evidence.get(run.id)
            told = (kept.verdict, kept.by, kept.at) if kept else (None, "", "")
            yield Proof(run.suite, run.id, run.digest, *told)


def _release_path(desk: Desk, version: str) -> str:
    return f"{release_folder(desk.project.name, version)}/release.json"


def _scores(release: Release) -> dict[str, float]:
    """Return one number per metric, as the rules of the release look at it."""
    rules = {gate.metric: gate for gate in reversed(release.policy)}
    return {
        name: summary(rules.get(name, Gate(metric=name)), score)
        for name, score in sorted(release.scores.items())
    }


def _live_then(history: History, told: _Told, name: str) -> LiveThen:
    waiting = history.under_way(name)
    doubt = ""
    if waiting is not None:
        doubt = f"a delivery of {waiting.version} was under way ({waiting.state})"
    live = history.live.get(name)
    if live is None:
        return LiveThen(name, doubt=doubt)
    key = next(
        one.key for one in reversed(history.deliveries.values()) if _brought(one, name, live.since)
    )
    return LiveThen(
        environment=name,
        version=live.version,
        digest=live.digest,
        since=live.since,
        by=live.by,
        why=live.why,
        back_from=live.back_from,
        delivery=key,
        basis=told.basis(key),
        doubt=doubt,
    )


def _brought(delivery: Delivery, environment: str, since: str) -> bool:
    return delivery.environment == environment and delivery.moments[-1].at == since


def _lines(told: _Told, event: Event) -> Iterator[AuditLine]:
    """Yield what an event tells an auditor; most tell nothing by themselves."""
    match event.body:
        case DeliveryRequested() as body:
            if told.history.deliveries[body.key].requested == event.at:  # Not another's, late.
                yield _delivery(told, event, body)
        case ReviewApproved() | ReviewWaived() as body:
            yield _given(told, event, body)
        case ReviewHeard() as body if body.is_yes:
            yield replace(_given(told, event, body), by=body.who)
        case ReviewHeard() as body:
            line = _line(event, AuditKind.REJECTION, body.version, body.digest)
            standing = _standing(_entry(told, body.digest, body.name))
            yield replace(line, by=body.who, outcome=standing, why=body.url)
        case ChangesRequested() as body:
            entry = _entry(told, body.digest, event.id)
            line = _line(event, AuditKind.REJECTION, body.version, body.digest)
            yield replace(line, outcome=_standing(entry), why=body.why)
        case ReviewTakenBack() as body:
            line = _line(event, AuditKind.TAKEN_BACK, body.version, body.digest)
            yield replace(line, outcome=f"takes back {body.entry}", why=body.why)
        case EnvironmentHeld() | EnvironmentLifted() | LiveChecked() | LiveScored():
            yield from _flow_lines(told, event)
        case EvidenceErased() as body:
            said = judge_erasure(told.desk, Erasure(event, body))
            names = [f"{one.name} sha256:{one.sha256}" for one in body.files]
            names += ["its draft"] if body.draft else []
            yield replace(
                _line(event, AuditKind.ERASURE, "", ""),
                outcome=said.problem or said.signed,
                reason=f"of run {body.run}: {', '.join(names)}",
                why=body.why,
            )


def _flow_lines(told: _Told, event: Event) -> Iterator[AuditLine]:
    """Yield holds, lifts, and what checks and scores of what is live found."""
    match event.body:
        case EnvironmentHeld(environment, why):
            line = _line(event, AuditKind.HOLD, "", "")
            yield replace(line, environment=environment, why=why)
        case EnvironmentLifted(environment, why):
            line = _line(event, AuditKind.LIFT, "", "")
            yield replace(line, environment=environment, why=why)
        case LiveScored() as body:
            yield replace(
                _line(event, AuditKind.SCORED_AGAIN, body.version, body.digest),
                environment=body.environment,
                outcome="scored" if body.is_green else "failed",
                reason=body.reason,
            )
        case LiveChecked() as body if found := told.history.deliveries.get(body.key):
            yield replace(
                _line(event, AuditKind.CHECK, found.version, found.digest),
                environment=found.environment,
                outcome="green" if body.is_green else "red",
                reason=body.reason,
            )


def _line(event: Event, kind: AuditKind, version: str, digest: str) -> AuditLine:
    return AuditLine(
        id=event.id, kind=kind, at=event.at, by=event.by, version=version, digest=digest
    )


def _given(
    told: _Told, event: Event, body: ReviewApproved | ReviewHeard | ReviewWaived
) -> AuditLine:
    entry = _entry(told, body.digest, body.name)
    word = told.word(entry)
    kind = AuditKind.EXCEPTION if isinstance(body, ReviewWaived) else AuditKind.APPROVAL
    return replace(
        _line(event, kind, body.version, body.digest),
        environment=body.environment,
        outcome=", ".join(filter(None, [word.proof, _standing(entry)])),
        why=word.text,
        rule=word.rule,
        until=word.until,
    )


def _delivery(told: _Told, event: Event, body: DeliveryRequested) -> AuditLine:
    delivery = told.history.deliveries[body.key]
    kind = AuditKind.ROLL_BACK if body.back_from else AuditKind.DELIVERY
    return replace(
        _line(event, kind, body.version, body.digest),
        environment=body.environment,
        outcome=delivery.state.value,
        ended=delivery.moments[-1].at if delivery.state.over else "",
        reason=delivery.reason,
        why=body.why,
        issues=body.issues,
        back_from=body.back_from,
        basis=told.basis(body.key),
    )


def _entry(told: _Told, digest: str, name: str) -> ReviewEntry:
    return next(one for one in told.history.reviews[digest] if one.id == name)


def _standing(entry: ReviewEntry) -> str:
    return f"taken back {entry.taken_back}" if entry.taken_back else ""


def _at(event: Event) -> datetime:
    try:
        return parse_time(event.at)
    except (ValueError, OverflowError):
        return parse_time("0001-01-01T00:00:00Z")  # What has no time cannot be left out by it.


def _doubts(events: Iterable[Event]) -> Iterator[str]:
    """Yield what is not certain about the times, and about what is here."""
    yield _ALWAYS
    newest = parse_time("0001-01-01T00:00:00Z")
    late = 0
    for event in events:
        at = _at(event)
        late += at + _CLOCKS < newest
        newest = max(newest, at)
    if late:
        are = "event says an earlier time" if late == 1 else "events say earlier times"
        yield (
            f"Times are those of the computers that wrote: {late} {are} than what was there "
            "before, as when work was shared later or a clock is wrong."
        )


def _sentences(remarks: Iterable[str]) -> Iterator[str]:
    for one in remarks:
        yield f"{one[:1].upper()}{one[1:]}."
