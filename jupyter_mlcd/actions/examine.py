"""May this be delivered there? One answer for the button, the Deliver page, and the delivery."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec

from jupyter_mlcd.actions.collect_files import gone_reasons
from jupyter_mlcd.actions.examine_origin import examine_origin, not_run_by_ci, way_to_ci
from jupyter_mlcd.actions.examine_review import Reviewed, examine_review
from jupyter_mlcd.actions.find_run import Tested, find_tested, tested_runs, under_way
from jupyter_mlcd.actions.find_scored import live_scores
from jupyter_mlcd.actions.read_release import read_release
from jupyter_mlcd.actions.show_scoring import show_scoring
from jupyter_mlcd.model.approval import StatementFault
from jupyter_mlcd.model.delivery import DeliveryState
from jupyter_mlcd.model.errors import GateError, NotFoundError, RefusedError
from jupyter_mlcd.model.freeze import Frozen, frozen_at
from jupyter_mlcd.model.gate import Finding, Gate, Outcome, Score, all_passed, judge
from jupyter_mlcd.model.project import entry_of
from jupyter_mlcd.model.release import (
    Release,
    ReleasedRun,
    check_version,
    next_version,
    release_folder,
)
from jupyter_mlcd.model.result import GREEN, FileDigest, State, Verdict
from jupyter_mlcd.model.scored_live import LiveScoring, ScoringState
from jupyter_mlcd.model.status import Reason, WayOut
from jupyter_mlcd.model.target import FolderTable
from jupyter_mlcd.world.clock import parse_time

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from jupyter_mlcd.actions.desk import Desk
    from jupyter_mlcd.model.ci import CiRun
    from jupyter_mlcd.model.delivery import History
    from jupyter_mlcd.model.run import Run
    from jupyter_mlcd.ports import Snapshot


@dataclass(frozen=True)
class Proposal:
    """What could be delivered to an environment, and everything that stands in the way."""

    environment: str
    version: str
    release: Release | None
    """None while its tests are missing or red."""
    tested: tuple[Tested, ...]
    """The runs it stands on, as far as they are there."""
    findings: tuple[Finding, ...]
    reasons: tuple[Reason, ...]
    """Empty when it can be delivered now."""
    approval: Finding | None = None
    """The one of the findings that counts approvals; None where none is asked for."""
    exceptions: tuple[str, ...] = ()
    """Who excepted rules that are not met, until when and why."""
    scoring: LiveScoring | None = None
    """The way out where a rule cannot compare; None where every rule can."""


def check_environment(desk: Desk, environment: str) -> None:
    """Raise NotFoundError unless there is such an environment."""
    if environment not in desk.policy.environments:
        known = ", ".join(desk.policy.environments) or "none; add [environments.NAME] to mlcd.toml"
        message = f"there is no environment {environment!r}"
        raise NotFoundError(message, hint=f"There is: {known}.")


def examine(
    desk: Desk,
    environment: str,
    *,
    snapshot: Snapshot,
    history: History,
    version: str = "",
) -> Proposal:
    """Return what could be delivered to ``environment``.

    The first rung of the ladder takes the commit that is checked out; a later one takes the release
    that is live on the rung below, so that what people tried is what goes on. ``version`` asks for
    that one of the prepared releases, or names a new one.
    """
    if version:
        check_version(version)
    if version in history.releases:
        return examine_prepared(desk, environment, history, version, named=True)
    below = desk.policy.environments[environment].after
    if below:
        live = history.live.get(below)
        if live is None:
            reason = Reason("not-live-below", f"nothing is live in {below} yet")
            return Proposal(environment, version or "?", None, (), (), (reason,))
        return examine_prepared(desk, environment, history, live.version)
    same = _live_already(desk, environment, snapshot, history)
    if same is not None and not version:
        return same
    return _from_commit(desk, environment, snapshot, history, version)


def _live_already(
    desk: Desk, environment: str, snapshot: Snapshot, history: History
) -> Proposal | None:
    """Return the proposal that says so where the committed files are the ones that are live."""
    live = history.live.get(environment)
    if live is None or snapshot.dirty:
        return None
    release = read_release(desk, live.version)
    if release.tree != snapshot.tree:
        return None
    reason = Reason("already-live", f"{live.version} is live in {environment}: exactly these files")
    proved = Finding("all cases passed", Outcome.MET, f"when {live.version} was prepared")
    return Proposal(environment, live.version, release, (), (proved,), (reason,))


def _from_commit(
    desk: Desk, environment: str, snapshot: Snapshot, history: History, version: str
) -> Proposal:
    suites = desk.policy.suites_for(environment)
    runs = tested_runs(desk, history)
    whose = desk.policy.builder_for(environment)
    found = {
        suite: find_tested(desk, history, runs, suite, snapshot.tree, whose) for suite in suites
    }
    tested = tuple(one for one in found.values() if one is not None)
    reasons = [*_code_reasons(snapshot), *_test_reasons(desk, runs, found, snapshot)]
    if len(tested) < len(found) and not snapshot.dirty:
        unrun = not_run_by_ci(desk, environment, snapshot.commit)
        reasons.extend(with_ci(desk, unrun, snapshot.commit))
    findings = _findings(desk, environment, history, [one.run for one in tested], _scores(tested))
    release, people, scoring = None, Reviewed(tuple(findings)), None
    if not reasons:
        release = _release(desk, snapshot, tested, history, version)
        ran = [one.run.by for one in tested]
        origin = examine_origin(desk, environment, history, release, tested)
        findings = [*findings, *origin]
        people = examine_review(desk, environment, history, release, findings, ran)
        reasons.extend(_product_reasons(desk, environment, tested, release))
        scoring = _scoring(desk, environment, history, release, people)
        found_reasons = finding_reasons(_rules(people), tested, origin, scoring)
        reasons.extend(with_ci(desk, found_reasons, release.commit))
        reasons.extend(people.reasons)
        reasons.extend(environment_reasons(desk, environment, history, release))
        reasons.extend(standing_still(desk, environment, history))
        reasons.extend(_unchecked(desk, environment, release))
        reasons.extend(_taken_back(environment, history, release.version))
    name = release.version if release else version or expected_version(history, snapshot)
    return Proposal(
        environment,
        name,
        release,
        tested,
        people.findings,
        tuple(reasons),
        people.approval,
        people.exceptions,
        scoring,
    )


def _scoring(
    desk: Desk, environment: str, history: History, release: Release, people: Reviewed
) -> LiveScoring | None:
    """Return the way out of rules that cannot compare, where there are any."""
    if all(one.outcome is not Outcome.NOT_COMPARABLE for one in people.findings):
        return None
    return show_scoring(desk, environment, history, release)


def _rules(people: Reviewed) -> list[Finding]:
    """Return the findings of rules: what is said about approvals has reasons of its own."""
    return [finding for finding in people.findings if finding is not people.approval]


def examine_prepared(
    desk: Desk, environment: str, history: History, version: str, *, named: bool = False
) -> Proposal:
    """Return a proposal of a release that was prepared before; ``named`` by whoever asks."""
    release = read_release(desk, version)
    reasons = [
        *suite_reasons(desk, environment, release),
        *gone_reasons(desk, environment, release),
    ]
    below = desk.policy.environments[environment].after
    if below and (below not in history.live or history.live[below].version != version):
        reasons.append(Reason("not-live-below", f"{version} is not live in {below}"))
    findings = _judge(desk, environment, history, release.scores)
    proved = Finding("all cases passed", Outcome.MET, f"when {version} was prepared")
    origin = examine_origin(desk, environment, history, release)
    people = examine_review(desk, environment, history, release, [proved, *findings, *origin])
    scoring = _scoring(desk, environment, history, release, people)
    found = finding_reasons(_rules(people), (), origin, scoring)
    reasons.extend(with_ci(desk, found, release.commit))
    reasons.extend(people.reasons)
    reasons.extend(environment_reasons(desk, environment, history, release))
    reasons.extend(standing_still(desk, environment, history))
    reasons.extend(_unchecked(desk, environment, release))
    if not named:
        reasons.extend(_taken_back(environment, history, version))
    return Proposal(
        environment,
        version,
        release,
        (),
        people.findings,
        tuple(reasons),
        people.approval,
        people.exceptions,
        scoring,
    )


def suite_reasons(desk: Desk, environment: str, release: Release) -> list[Reason]:
    """Return the suites that an environment asks for and a release was prepared without."""
    done = {run.suite for run in release.runs}
    missing = [suite for suite in desk.policy.suites_for(environment) if suite not in done]
    if not missing:
        return []
    names = ", ".join(missing)
    words = f"{release.version} was prepared without {names}: {environment} asks for it"
    return [Reason("suite-missing", words)]


def _taken_back(environment: str, history: History, version: str) -> list[Reason]:
    """Return that a version was rolled back: it does not go out again by itself."""
    taken = history.taken_back.get(environment, {}).get(version)
    if taken is None:
        return []
    why = f": {taken.why}" if taken.why else ""
    words = f"{version} was rolled back in {environment}{why}"
    return [Reason("taken-back", words, WayOut.SEE_HISTORY, environment)]


def versions_by_run(desk: Desk, history: History) -> dict[str, tuple[str, ...]]:
    """Return ``{run id: versions that stand on it}``, in the order of the releases."""
    paths = [
        f"{release_folder(desk.project.name, version)}/release.json" for version in history.releases
    ]
    texts = desk.ledger.read_all(paths)
    found: dict[str, tuple[str, ...]] = {}
    for version, path in zip(history.releases, paths, strict=True):
        release = msgspec.json.decode(texts[path], type=Release) if path in texts else None
        for run in release.runs if release else ():
            found[run.id] = (*found.get(run.id, ()), version)
    return found


def _code_reasons(snapshot: Snapshot) -> list[Reason]:
    if not snapshot.commit:
        return [Reason("unborn", "nothing has been committed yet", WayOut.COMMIT)]
    if not snapshot.dirty:
        return []
    first = next(iter(sorted(snapshot.dirty)))
    more = len(snapshot.dirty) - 1
    words = f"{first} is not committed" if not more else f"{first} and {more} more not committed"
    return [Reason("uncommitted", words, WayOut.COMMIT)]


def _test_reasons(
    desk: Desk, runs: Sequence[Run], found: Mapping[str, Tested | None], snapshot: Snapshot
) -> list[Reason]:
    reasons = []
    for suite, tested in found.items():
        going = under_way(runs, suite, snapshot.tree)
        if going:
            words = f"{suite}: tests are running"
            reasons.append(Reason("running", words, WayOut.SEE_RUN, going.id, busy=True))
        elif tested is None:
            reasons.append(_not_tested(desk, runs, suite, snapshot))
        elif tested.run.verdict not in GREEN:
            words = f"{suite}: {_red_words(tested.run)}"
            reasons.append(Reason("red", words, WayOut.SEE_RUN, tested.run.id))
    return reasons


def _red_words(run: Run) -> str:
    red = [case for case in run.cases if case.verdict not in GREEN]
    failed = [case for case in red if case.verdict is not Verdict.NOT_RUN]
    count = len(failed) or len(red)
    return f"{count} case{'s' if count != 1 else ''} did not pass"


def _not_tested(desk: Desk, runs: Sequence[Run], suite: str, snapshot: Snapshot) -> Reason:
    earlier = next((run for run in runs if run.suite == suite and run.state is State.ENDED), None)
    words = f"{suite} has not been run on these files"
    if earlier is not None:
        changed = desk.worktree.changed_between(earlier.tree, snapshot.tree)
        if changed:
            more = f" and {len(changed) - 1} more" if len(changed) > 1 else ""
            words = f"{suite}: {changed[0]}{more} changed since the last run"
    return Reason("not-tested", words, WayOut.RUN, suite)


def _scores(tested: Sequence[Tested]) -> dict[str, Score]:
    scores: dict[str, Score] = {}
    for one in tested:
        scores.update(one.manifest.scores)
    return scores


def _findings(
    desk: Desk,
    environment: str,
    history: History,
    runs: Sequence[Run],
    scores: Mapping[str, Score],
) -> list[Finding]:
    proved = all_passed(runs, desk.policy.suites_for(environment))
    return [proved, *(_judge(desk, environment, history, scores) if runs else [])]


def _judge(
    desk: Desk, environment: str, history: History, scores: Mapping[str, Score]
) -> list[Finding]:
    gates = desk.policy.gates_for(environment)
    live: dict[str, Mapping[str, Score]] = {}
    for name in {gate.better_than for gate in gates if gate.better_than}:
        if name in history.live:
            live[name] = live_scores(desk, history, name, scores)
    there = history.live.get(environment) if any(gate.slices for gate in gates) else None
    before = read_release(desk, there.version).scores if there else {}
    return judge(gates, scores, live, before)


def _release(
    desk: Desk,
    snapshot: Snapshot,
    tested: Sequence[Tested],
    history: History,
    version: str,
) -> Release:
    """Return the release of these runs: the same one as before if there is one, or a new one."""
    same = [one for one in history.releases.values() if one.commit == snapshot.commit]
    for earlier in reversed(same):
        if not version:
            again = _build(desk, snapshot, tested, earlier.version)
            if again.digest == earlier.digest:
                return again
    return _build(desk, snapshot, tested, version or next_version(history.releases))


def _build(desk: Desk, snapshot: Snapshot, tested: Sequence[Tested], version: str) -> Release:
    products: dict[str, FileDigest] = {}
    for one in tested:
        products.update(one.manifest.delivers)
    scores = _scores(tested)
    standing = tuple(without_comparison(gate) for gate in desk.policy.gates)
    findings = judge([gate for gate in standing if not gate.problem()], scores, {})
    return Release(
        project=desk.project.name,
        version=version,
        commit=snapshot.commit,
        tree=snapshot.tree,
        runs=tuple(ReleasedRun(one.run.suite, one.run.id, one.run.digest) for one in tested),
        products=products,
        scores=scores,
        policy=desk.policy.gates,
        findings=tuple(findings),
    )


def without_comparison(gate: Gate) -> Gate:
    """Return the rule without its comparison with what is live, which changes from day to day."""
    return msgspec.structs.replace(gate, better_than="", by=0.0, noise=msgspec.UNSET)


def _product_reasons(
    desk: Desk, environment: str, tested: Sequence[Tested], release: Release
) -> list[Reason]:
    unclear = [one.manifest.undelivered for one in tested if one.manifest.undelivered]
    if unclear:
        return [Reason("ambiguous-product", unclear[0], WayOut.OPEN, "mlcd.toml")]
    if not release.products and isinstance(desk.policy.target(environment), FolderTable):
        words = "no notebook declares a file in `produces`, so nothing would be delivered"
        return [Reason("no-product", words, WayOut.OPEN, "mlcd.toml")]
    # Where a builder is asked for, a run here would not count.
    by_here = not desk.policy.builder_for(environment) and tested
    suite = tested[0].run.suite if by_here else ""
    return list(gone_reasons(desk, environment, release, suite))


def finding_reasons(
    findings: Sequence[Finding],
    tested: Sequence[Tested],
    origin: Mapping[Finding, str],
    scoring: LiveScoring | None = None,
) -> list[Reason]:
    """Return the rules that are not met; those on where it comes from have codes of their own."""
    seen = (WayOut.SEE_RUN, tested[0].run.id) if tested else (WayOut.NONE, "")
    reasons = []
    for finding in findings:
        if not finding.met:
            code = origin.get(finding, finding.outcome.value)
            way = (WayOut.NONE, "") if finding in origin else seen
            reason = Reason(code, f"{finding.rule}: {finding.reason}", *way)
            is_odd = finding.outcome is Outcome.NOT_COMPARABLE
            if is_odd and scoring is not None and finding.metric in scoring.metrics:
                reason = _with_scoring(reason, scoring)
            reasons.append(reason)
    return reasons


def with_ci(desk: Desk, reasons: Sequence[Reason], commit: str) -> list[Reason]:
    """Return reasons where what CI has to run can be started, or is seen to go on."""
    return [_with_run(reason, way_to_ci(desk, reason.code, commit)) for reason in reasons]


def _with_run(reason: Reason, run: CiRun | None) -> Reason:
    """Return a reason with the CI run that meets it, where there is one."""
    if run is None:
        return reason
    way = WayOut.START_CI if run.may_start else WayOut.SEE_CI
    return msgspec.structs.replace(
        reason, way_out=way, subject=run.commit, busy=run.state.is_busy, url=run.url
    )


def _with_scoring(reason: Reason, scoring: LiveScoring) -> Reason:
    """Return why scores cannot be compared, with what can be done about it."""
    way, busy, words = (WayOut.SCORE_LIVE, scoring.environment), False, ""
    match scoring.state:
        case ScoringState.GOING:
            way, busy, words = (WayOut.SEE_RUN, scoring.run), True, scoring.words
        case ScoringState.FAILED:
            words = scoring.words
        case ScoringState.IMPOSSIBLE:
            way = (reason.way_out, reason.subject)
            words = f"{scoring.version} cannot be scored again: {scoring.words}"
    text = f"{reason.text}; {words}" if words else reason.text
    return Reason(reason.code, text, *way, busy=busy)


def environment_reasons(
    desk: Desk, environment: str, history: History, release: Release
) -> list[Reason]:
    """Return what stands in the way there: live already, another on its way, the target."""
    reasons = []
    live = history.live.get(environment)
    if live is not None and live.digest == release.digest:
        reasons.append(Reason("already-live", f"{release.version} is live in {environment}"))
    going = history.under_way(environment)
    if going is not None:
        words = f"{going.version} is on its way to {environment}"
        if going.state is DeliveryState.UNKNOWN:
            words = f"it is not known whether {going.version} reached {environment}"
        reasons.append(Reason("under-way", words, WayOut.SEE_DELIVERY, going.key, busy=True))
    reasons.extend(Reason("target", words) for words in desk.target(environment).check())
    return reasons


def standing_still(desk: Desk, environment: str, history: History) -> list[Reason]:
    """Return that nothing is delivered there now; going back is possible all the same."""
    reasons = []
    held = history.held.get(environment)
    if held is not None:
        words = f"{environment} is held {held.words}"
        reasons.append(Reason("held", words, WayOut.LIFT, environment))
    frozen = frozen_now(desk, environment)
    if frozen is not None:
        reasons.append(Reason("frozen", f"{environment} is frozen {frozen.words}"))
    return reasons


def frozen_now(desk: Desk, environment: str) -> Frozen | None:
    """Return what freezes an environment at this moment, and until when."""
    windows = desk.policy.environments[environment].freeze
    return frozen_at(windows, parse_time(desk.now())) if windows else None


def _unchecked(desk: Desk, environment: str, release: Release) -> list[Reason]:
    """Return that a version lacks what it would be checked with where it is live."""
    missing = missing_check(desk, environment, release)
    if not missing:
        return []
    words = f"{missing}, which checks what is live in {environment}, is not in {release.version}"
    return [Reason("no-check", words, WayOut.OPEN, "mlcd.toml")]


def missing_check(desk: Desk, environment: str, release: Release) -> str:
    """Return the first notebook of the suite ``verify`` that a version has not, or nothing."""
    verify = desk.policy.environments[environment].verify
    entries = desk.policy.suites[verify].notebooks if verify else ()
    for path in (entry_of(one).path for one in entries):
        if desk.worktree.read(release.commit, desk.prefix + path) is None:
            return path
    return ""


def expected_version(history: History, snapshot: Snapshot) -> str:
    """Return the version that the commit has, or that a new release would get."""
    same = [one.version for one in history.releases.values() if one.commit == snapshot.commit]
    return same[-1] if same and not snapshot.dirty else next_version(history.releases)


def refusal(proposal: Proposal, what: str) -> RefusedError:
    """Return the error that says ``what`` is not done, and every reason why not."""
    unmet = [finding for finding in proposal.findings if not finding.met]
    words = "; ".join(reason.text for reason in proposal.reasons)
    ways = {
        WayOut.RUN: "Run the tests.",
        WayOut.COMMIT: "Commit your files, then deliver.",
        WayOut.SEE_RUN: "Look at the run.",
        WayOut.START_CI: "Start the CI run of this commit: jupyter mlcd ci start",
        WayOut.SCORE_LIVE: f"Score what is live: jupyter mlcd score-live {proposal.environment}",
    }
    first = proposal.reasons[0] if proposal.reasons else None
    hint = ways.get(first.way_out, "") if first else ""
    if first and first.code == StatementFault.MISSING:
        hint = f"Ask for it: jupyter mlcd review ask PERSON --for {proposal.environment}"
    kind = GateError if unmet or any(r.code == "red" for r in proposal.reasons) else RefusedError
    return kind(
        f"{what}: {words}",
        hint=f"Nothing was changed. {hint}".strip(),
        details={
            "reasons": [{"code": reason.code, "text": reason.text} for reason in proposal.reasons],
            "findings": [
                {"rule": finding.rule, "outcome": finding.outcome, "reason": finding.reason}
                for finding in proposal.findings
            ],
        },
    )
