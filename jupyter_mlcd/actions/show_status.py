"""Status: where am I, how far along, what can I do or why not, what is live, what proves it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jupyter_mlcd.actions.examine import Proposal, examine, versions_by_run
from jupyter_mlcd.actions.find_run import own_runs
from jupyter_mlcd.actions.show_live import show_environment, show_yours
from jupyter_mlcd.actions.show_place import show_place
from jupyter_mlcd.actions.show_waiting import show_waiting
from jupyter_mlcd.model.errors import RefusedError
from jupyter_mlcd.model.evidence import Evidence, Match
from jupyter_mlcd.model.result import GREEN, State
from jupyter_mlcd.model.status import (
    DeliverOffer,
    EvidenceStatus,
    ProjectReference,
    Reason,
    Status,
    Step,
    StepState,
    SuiteStatus,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jupyter_mlcd.actions.desk import Desk
    from jupyter_mlcd.model.delivery import History
    from jupyter_mlcd.model.gate import Finding
    from jupyter_mlcd.model.run import Run
    from jupyter_mlcd.model.scored_live import LiveScored
    from jupyter_mlcd.ports import Snapshot

_LISTED_EVIDENCE = 20
_LISTED_FILES = 20
_LISTED_RUNS = 10
_TEST_CODES = {"running", "not-tested", "red", "ambiguous-product", "no-product", "product-gone"}


def show_status(desk: Desk, reference: ProjectReference) -> Status:
    """Return the whole side panel in one document."""
    snapshot, history, sharing = desk.snapshot(), desk.history, desk.worktree.sharing()
    runs = own_runs(desk, history)
    rung, proposal = next_delivery(desk, snapshot, history)
    suites = tuple(_suite(desk, name, runs, snapshot) for name in desk.project.suites)
    shown = {suite.run.id for suite in suites if suite.run}
    return Status(
        project=reference,
        place=show_place(desk, snapshot, history, sharing),
        steps=show_steps(desk, snapshot, history, proposal),
        deliver=_offer(rung, proposal, history) if proposal else None,
        environments=tuple(show_environment(desk, name, history) for name in desk.policy.ladder()),
        suites=suites,
        runs=tuple(
            run
            for run in runs
            if run.id not in shown
            and (run.state is not State.ENDED or run.suite not in desk.project.suites)
        )[:_LISTED_RUNS],
        evidence=tuple(list_evidence(desk, snapshot, history, _LISTED_EVIDENCE)),
        evidence_count=len(history.evidence),
        waiting=show_waiting(desk, snapshot, history, rung if proposal else ""),
        remotes=sharing.remotes,
        yours=show_yours(desk, snapshot, history, runs),
        goals={gate.metric: gate.goal for gate in desk.policy.gates},
    )


def next_delivery(desk: Desk, snapshot: Snapshot, history: History) -> tuple[str, Proposal | None]:
    """Return the environment that the one Deliver button names, and what could be delivered there.

    That is the first rung of the ladder to which something can go; if nothing can, the first rung.
    """
    proposals: dict[str, Proposal] = {}
    for name in desk.policy.ladder():
        proposals[name] = examine(desk, name, snapshot=snapshot, history=history)
        if not proposals[name].reasons:
            return name, proposals[name]
    for name, proposal in proposals.items():
        codes = {reason.code for reason in proposal.reasons}
        if "already-live" not in codes:
            return name, proposal
    first = next(iter(proposals), "")
    return first, proposals.get(first)


def next_environment(desk: Desk) -> str:
    """Return the environment that the one Deliver button names. Raises RefusedError without one."""
    name, _ = next_delivery(desk, desk.snapshot(), desk.history)
    if not name:
        hint = "Add [environments.NAME] to mlcd.toml."
        raise RefusedError("there is no environment to deliver to", hint=hint)
    return name


def _suite(desk: Desk, name: str, runs: Sequence[Run], snapshot: Snapshot) -> SuiteStatus:
    cases = desk.project.cases(name)
    own = [run for run in runs if run.suite == name and not run.scored]
    going = next((run for run in own if run.state is not State.ENDED), None)
    run = going or (own[0] if own else None)
    changed: tuple[str, ...] = ()
    if run is not None and run.tree != snapshot.tree:
        changed = desk.worktree.changed_between(run.tree, snapshot.tree)[:_LISTED_FILES]
    return SuiteStatus(
        name=name,
        notebooks=tuple(dict.fromkeys(case.notebook for case in cases)),
        cases=len(cases),
        run=run,
        match=_match(run.tree, bool(run.dirty), snapshot) if run else None,
        changed=changed,
    )


def _match(tree: str, dirty: bool, snapshot: Snapshot) -> Match:  # noqa: FBT001 - of the run
    if tree == snapshot.tree:
        return Match.MATCHES
    return Match.UNCOMMITTED if dirty else Match.OLDER


def list_evidence(
    desk: Desk, snapshot: Snapshot, history: History, most: int | None = None, first: int = 0
) -> list[EvidenceStatus]:
    """Return evidence, newest first, at most ``most`` from the ``first`` on, counted from 0."""
    newest = list(reversed(history.evidence.values()))[first:][:most]
    versions = versions_by_run(desk, history)
    others = [evidence.tree for evidence in newest if evidence.tree != snapshot.tree]
    changed = desk.worktree.changed_since(others, snapshot.tree)
    return [
        _evidence(
            evidence,
            _match(evidence.tree, evidence.dirty, snapshot),
            tuple(changed.get(evidence.tree, ()))[:_LISTED_FILES],
            versions.get(evidence.id, ()),
            history.scored.get(evidence.id),
        )
        for evidence in newest
    ]


def _evidence(
    evidence: Evidence,
    match: Match,
    changed: tuple[str, ...],
    versions: tuple[str, ...],
    scored: LiveScored | None,
) -> EvidenceStatus:
    return EvidenceStatus(
        id=evidence.id,
        suite=evidence.suite,
        verdict=evidence.verdict,
        reason=evidence.reason,
        by=evidence.by,
        at=evidence.at,
        digest=evidence.digest,
        match=match,
        changed=changed,
        versions=versions,
        partial=evidence.partial,
        builder=evidence.builder,
        scored=scored.version if scored else "",
    )


def _offer(rung: str, proposal: Proposal, history: History) -> DeliverOffer:
    live = history.live.get(rung)
    done = any(reason.code == "already-live" for reason in proposal.reasons)
    note = f"replaces {live.version}" if live and not done else ""
    return DeliverOffer(
        environment=rung,
        version=proposal.version,
        label=f"Deliver {proposal.version} to {rung}",
        ready=not proposal.reasons,
        reasons=proposal.reasons,
        findings=proposal.findings,
        note=note,
    )


def show_steps(
    desk: Desk, snapshot: Snapshot, history: History, proposal: Proposal | None
) -> tuple[Step, ...]:
    """Return Why, Code, Tests, Review, Live in words; the first that is open is current."""
    why = desk.worktree.subject(snapshot.commit) if snapshot.commit else ""
    reasons = proposal.reasons if proposal else ()
    tests = [reason for reason in reasons if reason.code in _TEST_CODES]
    rules = [finding for finding in _rules(proposal) if not finding.met]
    live = bool(reasons) and all(reason.code == "already-live" for reason in reasons)
    uncommitted = bool(snapshot.dirty) or not snapshot.commit
    facts = [
        ("Why", bool(why), why or "nothing has been committed yet"),
        ("Code", not uncommitted, _code_words(snapshot)),
        ("Tests", proposal is not None and not tests and not rules, _test_words(tests, proposal)),
        ("Review", not _is_review_open(proposal), _review_words(proposal)),
        ("Live", live, _live_words(history)),
    ]
    steps: list[Step] = []
    blocked = any(reason.code in {"red", "not-met", "not-comparable"} for reason in reasons)
    for name, done, words in facts:
        state = StepState.DONE if done else StepState.WAITING
        earlier = all(step.state is StepState.DONE for step in steps)
        if not done and name == "Tests" and blocked:
            state = StepState.BLOCKED
        elif not done and earlier:
            state = StepState.CURRENT
        elif done and not earlier and name in {"Review", "Live"}:
            state = StepState.WAITING
        steps.append(Step(name, state, words))
    return tuple(steps)


def _code_words(snapshot: Snapshot) -> str:
    if not snapshot.commit:
        return "nothing has been committed yet"
    where = f"{snapshot.commit[:7]} on {snapshot.branch or 'a detached commit'}"
    count = len(snapshot.dirty)
    return f"{where}, {count} file{'s' * (count > 1)} not committed" if count else where


def _test_words(tests: Sequence[Reason], proposal: Proposal | None) -> str:
    if proposal is None:
        return "there is no environment to deliver to"
    if tests:
        return tests[0].text
    found = _rules(proposal)
    unmet = [finding for finding in found if not finding.met]
    if unmet:
        return f"{unmet[0].rule}: {unmet[0].reason}"
    passed = sum(case.verdict in GREEN for tested in proposal.tested for case in tested.run.cases)
    rules = len(found)
    cases = f"{passed} case{'s' * (passed != 1)} passed, " if passed else ""
    if proposal.exceptions:
        count = len(proposal.exceptions)
        words = "; ".join(proposal.exceptions)
        return f"{cases}{rules - count} of {rules} rules met, {count} {words}"
    return f"{cases}{rules} rule{'s' * (rules != 1)} met"


def _rules(proposal: Proposal | None) -> list[Finding]:
    """Return the findings that the step Tests tells of: all but the one that counts approvals."""
    if proposal is None:
        return []
    return [finding for finding in proposal.findings if finding is not proposal.approval]


def _is_review_open(proposal: Proposal | None) -> bool:
    return proposal is not None and proposal.approval is not None and not proposal.approval.met


def _review_words(proposal: Proposal | None) -> str:
    approval = proposal.approval if proposal else None
    return f"{approval.rule}: {approval.reason}" if approval else "no approval is asked for"


def _live_words(history: History) -> str:
    parts = [f"{live.version} in {name}" for name, live in history.live.items()]
    return ", ".join(parts) or "nothing is live yet"
