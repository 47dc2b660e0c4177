"""Roll back: bring back a release that was live there before, from the Store and never the folder.

It is a delivery like any other: the same lock, key, preview and timeline, with three differences.

1. The release is one that was live there; that is what stands for the rung below.
2. Rules that compare with what is live are not asked: what is live is what has to go. Nor are
   approvals: it had them when it went there. Exceptions from rules count as they did.
3. The request says which version it goes back from, and why. That version does not go out again
   there until somebody names it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from jupyter_mlcd.actions.collect_files import gone_reasons
from jupyter_mlcd.actions.deliver import (
    checked,
    made_before,
    ready,
    resume,
    send,
)
from jupyter_mlcd.actions.examine import (
    Proposal,
    check_environment,
    environment_reasons,
    finding_reasons,
    suite_reasons,
    without_comparison,
)
from jupyter_mlcd.actions.examine_origin import examine_origin
from jupyter_mlcd.actions.examine_review import excepted
from jupyter_mlcd.actions.read_release import read_release
from jupyter_mlcd.model.errors import RefusedError, UsageError
from jupyter_mlcd.model.gate import Finding, Outcome, judge
from jupyter_mlcd.model.release import Release, check_version
from jupyter_mlcd.model.status import Reason

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jupyter_mlcd.actions.desk import Desk
    from jupyter_mlcd.model.delivery import Delivery, Given, History


def roll_back(  # noqa: PLR0913 - what was seen and what is said, all by name
    desk: Desk,
    environment: str,
    *,
    version: str = "",
    digest: str = "",
    replaces: str = "",
    given: Given,
) -> Delivery:
    """Bring ``version``, or what was live before, back to ``environment``; return the delivery.

    ``digest`` and ``replaces``, the version that is to go, are what was seen; empty asks for
    whatever is right now. The same click again is no second roll back. Raises UsageError without
    a reason in ``given``, GateError, RefusedError, NotFoundError and GitError.
    """
    check_environment(desk, environment)
    said = checked(given)
    if not said.why:
        raise UsageError("say why it is rolled back", hint="Nothing was changed.")
    with desk.alone():
        history = desk.history
        earlier = made_before(history, environment, version, digest, back=True)
        if earlier is not None:
            return resume(desk, earlier)
        proposal = examine_roll_back(desk, environment, history=history, version=version)
        release = ready(proposal, digest)
        live = history.live[environment].version
        if replaces not in {"", live}:
            raise RefusedError(
                f"{live} is live in {environment} now, no longer {replaces}",
                code="changed",
                hint="Nothing was changed. Look at it again, then roll back.",
            )
        return send(desk, proposal, release, said, history, back_from=live)


def examine_roll_back(
    desk: Desk, environment: str, *, history: History, version: str = ""
) -> Proposal:
    """Return what would be brought back to ``environment``, and all that stands in the way."""
    if version:
        check_version(version)
    wanted = version or history.back_to(environment)
    nowhere = _nowhere(environment, history, wanted)
    if nowhere is not None:
        return Proposal(environment, wanted or "?", None, (), (), (nowhere,))
    release = read_release(desk, wanted)
    origin = examine_origin(desk, environment, history, release)
    found = [*_findings(desk, environment, release), *origin]
    findings = excepted(desk, environment, history, release, found)
    reasons = (
        *suite_reasons(desk, environment, release),
        *gone_reasons(desk, environment, release),
        *finding_reasons(findings, (), origin),
        *environment_reasons(desk, environment, history, release),
    )
    return Proposal(environment, wanted, release, (), findings, reasons)


def _nowhere(environment: str, history: History, wanted: str) -> Reason | None:
    """Return why there is nothing to go back to."""
    live = history.live.get(environment)
    if live is None:
        return Reason("nothing-live", f"nothing is live in {environment} yet")
    if wanted == live.version:
        return Reason("already-live", f"{wanted} is live in {environment}")
    earlier = history.earlier(environment)
    if not wanted:
        words = f"no other version was live in {environment} before {live.version}"
        if earlier:
            words = f"all that was live in {environment} before was rolled back itself: name one"
        return Reason("nothing-earlier", words)
    if wanted not in earlier:
        return Reason("never-live", f"{wanted} was never live in {environment}")
    return None


def _findings(desk: Desk, environment: str, release: Release) -> Iterator[Finding]:
    proved = f"when {release.version} was prepared"
    yield Finding("all cases passed", Outcome.MET, proved)
    gates = desk.policy.gates_for(environment)
    alone = [without_comparison(gate) for gate in gates]
    yield from judge([gate for gate in alone if not gate.problem()], release.scores, {})
    for gate in gates:
        if gate.better_than:
            rule = f"{gate.metric} better than {gate.better_than}"
            yield Finding(rule, Outcome.MET, "not asked of a roll back", gate.metric)
    needed = desk.policy.environments[environment].approvals
    if needed:
        rule = f"{needed} approval{'s' * (needed != 1)}"
        yield Finding(rule, Outcome.MET, "not asked of a roll back: it was live here before")
