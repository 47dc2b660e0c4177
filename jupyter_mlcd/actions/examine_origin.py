"""Where a release comes from: the branch that holds its commit, and who ran its tests.

Both are looked at in what is here: the branches as they were fetched, and the manifests that the
release's own fingerprints name. What is not here is not known, and what is not known is not met.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from jupyter_mlcd.actions.find_run import read_manifest
from jupyter_mlcd.actions.judge_statement import short_name
from jupyter_mlcd.model.ci import CiRun, CiState
from jupyter_mlcd.model.errors import NotFoundError
from jupyter_mlcd.model.evidence import ANY_CI, LOCAL, is_built_by
from jupyter_mlcd.model.gate import Finding, Outcome
from jupyter_mlcd.model.status import Reason

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from jupyter_mlcd.actions.desk import Desk
    from jupyter_mlcd.actions.find_run import Tested
    from jupyter_mlcd.model.delivery import History
    from jupyter_mlcd.model.evidence import Manifest
    from jupyter_mlcd.model.release import Release

NOT_ON_BRANCH = "not-on-branch"
NOT_BUILT_BY = "not-built-by"


def examine_origin(
    desk: Desk,
    environment: str,
    history: History,
    release: Release,
    tested: Sequence[Tested] = (),
) -> dict[Finding, str]:
    """Return ``{finding: code where it is not met}`` of ``on-branch`` and ``built-by``.

    ``tested`` is the runs of a release that may not be kept yet.
    """
    table = desk.policy.environments[environment]
    found = {}
    if table.on_branch:
        found[_branch(desk, table.on_branch, release.commit)] = NOT_ON_BRANCH
    if table.built_by:
        manifests = {one.run.id: one.manifest for one in tested}
        found[_builder(desk, table.built_by, history, release, manifests)] = NOT_BUILT_BY
    return found


def _branch(desk: Desk, pattern: str, commit: str) -> Finding:
    rule = f"on branch {pattern}"
    branches = desk.worktree.branches(pattern)
    if not branches:
        reason = f"no branch {pattern} is known here: fetch it, or name its remote before it"
        return Finding(rule, Outcome.NOT_MET, reason)
    held = {name: desk.worktree.holds(tip, commit) for name, tip in branches.items()}
    short = commit[:8]
    on = next((name for name, holds in held.items() if holds), "")
    if on:
        return Finding(rule, Outcome.MET, f"{short} is on {on}")
    if None in held.values():
        reason = (
            f"whether {short} is on {_listed(held)} cannot be told, since history is cut off here: "
            "fetch all of it"
        )
        return Finding(rule, Outcome.NOT_MET, reason)
    reason = (
        f"{short} is not on {_listed(held)} as it was fetched last: merge it there, "
        "then deliver the commit that is on it"
    )
    return Finding(rule, Outcome.NOT_MET, reason)


def _builder(
    desk: Desk,
    wanted: str,
    history: History,
    release: Release,
    manifests: Mapping[str, Manifest],
) -> Finding:
    rule = f"tests run by {_called(wanted)}"
    others, own = [], []
    for run in release.runs:
        manifest = manifests.get(run.id) or _kept(desk, history, run.id)
        if manifest is None:
            others.append(f"the evidence of {run.suite} is not here, so who ran it is not known")
        elif is_built_by(wanted, manifest.builder):
            own.append(f"{run.suite} by {manifest.builder}")
        else:
            others.append(f"{run.suite} was run by {_whom(manifest)}")
    if others or not own:
        there = way_to_ci(desk, NOT_BUILT_BY, release.commit)
        way = _way(wanted) if there is None else there.words(desk.now())
        if there is not None and there.state is not CiState.NONE:
            return Finding(rule, Outcome.NOT_MET, way)
        return Finding(rule, Outcome.NOT_MET, f"{'; '.join(others) or 'no tests'}: {way}")
    return Finding(rule, Outcome.MET, ", ".join(own))


def not_run_by_ci(desk: Desk, environment: str, commit: str) -> list[Reason]:
    """Return that CI has not run the tests either, where it has to and can be started from here."""
    wanted = desk.policy.environments[environment].built_by
    run = way_to_ci(desk, NOT_BUILT_BY, commit) if wanted else None
    if run is None:
        return []
    return [Reason(NOT_BUILT_BY, f"tests run by {_called(wanted)}: {run.words(desk.now())}")]


def way_to_ci(desk: Desk, code: str, commit: str) -> CiRun | None:
    """Return the CI run that meets a reason of this code, as it was seen last.

    None where CI cannot be started from here: nobody said how, or it is of another commit.
    """
    is_here = code == NOT_BUILT_BY and desk.policy.ci is not None
    if not is_here or desk.worktree.commit_of("HEAD") != commit:
        return None
    return desk.ci_runs.read(commit) or CiRun(commit, "", "CI")


def _way(wanted: str) -> str:
    return (
        f"push the commit, let the pipeline of {_called(wanted)} run and keep its tests, "
        "exchange the history, and deliver a new version"
    )


def _kept(desk: Desk, history: History, run: str) -> Manifest | None:
    evidence = history.evidence.get(run)
    try:
        return read_manifest(desk, evidence) if evidence else None
    except NotFoundError:
        return None


def _called(builder: str) -> str:
    return "CI" if builder == ANY_CI else builder


def _whom(manifest: Manifest) -> str:
    """Return who ran something, in words."""
    if manifest.builder == LOCAL:
        return f"{short_name(manifest.run.by)} on a machine that is no builder"
    return manifest.builder


def _listed(names: Mapping[str, object]) -> str:
    first, *more = names
    return f"{first} or {len(more)} more" if more else first
