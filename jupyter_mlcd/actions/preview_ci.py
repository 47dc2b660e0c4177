"""What starting the CI run of the commit that is checked out would do. Asks nobody."""

from __future__ import annotations

import hashlib
import shlex
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import msgspec

from jupyter_mlcd.model.ci import CiPreview, CiRun
from jupyter_mlcd.model.errors import ConfigError, RefusedError
from jupyter_mlcd.model.project import CONFIG_NAME

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jupyter_mlcd.actions.desk import Desk
    from jupyter_mlcd.model.ci import CiTable
    from jupyter_mlcd.ports import CiPipeline

MOST_COMMITS: Final = 100
_NOTHING: Final = "Nothing was pushed and nothing was started."


@dataclass(frozen=True)
class CiPlan:
    """A commit, where it has to be for the pipeline, and what has to be pushed for that."""

    pipeline: CiPipeline
    commit: str
    remote: str
    branch: str
    """As the remote has it."""
    pushes: bool
    """Whether the remote had the commit not yet when it was fetched last."""
    is_new: bool
    """Whether the remote had no such branch then."""
    commits: tuple[str, ...]
    """What is pushed, newest first, as ``1234567 subject``."""
    starts_by_push: bool
    """Whether a push of this branch starts it, and whether it keeps evidence of this branch."""

    @property
    def digest(self) -> str:
        """What a person agrees to: another commit, another branch or another push is another."""
        facts = [
            self.commit,
            self.remote,
            self.branch,
            self.pushes,
            self.commits,
            self.pipeline.describe(),
        ]
        return hashlib.sha256(msgspec.json.encode(facts)).hexdigest()

    @property
    def nothing_known(self) -> CiRun:
        """The run of the commit while nobody has seen one."""
        return CiRun(self.commit, self.branch, self.pipeline.name)


def plan_ci(desk: Desk) -> CiPlan:
    """Return what would be pushed and started for the commit that is checked out.

    Raises ConfigError without ``[ci]``, and RefusedError where the files are not a commit on a
    branch.
    """
    pipeline = pipeline_of(desk)
    snapshot = desk.snapshot()
    if not snapshot.commit or snapshot.dirty:
        first = next(iter(sorted(snapshot.dirty)), "")
        words = f"{first} is not committed" if first else "nothing has been committed yet"
        raise RefusedError(
            words, code="uncommitted", hint=f"{_NOTHING} CI tests commits: commit first."
        )
    if not snapshot.branch:
        raise RefusedError(
            "no branch is checked out, and CI runs on branches",
            code="detached",
            hint=f"{_NOTHING} Make one: git switch --create NAME",
        )
    remote, branch = _place(desk, snapshot.branch)
    tip = desk.worktree.commit_of(f"refs/remotes/{remote}/{branch}")
    pushes = not (tip and desk.worktree.holds(tip, snapshot.commit))
    return CiPlan(
        pipeline=pipeline,
        commit=snapshot.commit,
        remote=remote,
        branch=branch,
        pushes=pushes,
        is_new=not tip,
        commits=_commits(desk, tip, snapshot.commit) if pushes else (),
        starts_by_push=branch == _table(desk).branch,
    )


def preview_ci(desk: Desk) -> CiPreview:
    """Return what starting it would do, with every push. Changes nothing. Raises as ``plan_ci``."""
    plan = plan_ci(desk)
    return CiPreview(
        commit=plan.commit,
        branch=plan.branch,
        system=plan.pipeline.name,
        steps=tuple(_steps(plan)),
        commands=commands_of(plan),
        commits=plan.commits,
        remarks=tuple(_remarks(desk, plan)),
        run=desk.ci_runs.read(plan.commit) or plan.nothing_known,
        digest=plan.digest,
    )


def pipeline_of(desk: Desk) -> CiPipeline:
    """Return the pipeline of ``[ci]``. Raises ConfigError where there is none, or not enough."""
    pipeline = desk.ci()
    if pipeline is None and desk.project.ci is not None:
        place = desk.project.project.policy
        raise ConfigError(
            f"[ci] is in your {CONFIG_NAME} and not in that of {place}, where rules are read from",
            code="no-ci",
            hint=f"{_NOTHING} Bring it there first, as by git push.",
        )
    if pipeline is None:
        raise ConfigError(
            f"{CONFIG_NAME} does not say which pipeline of CI runs the suites",
            code="no-ci",
            hint="`jupyter mlcd init --ci SYSTEM` writes pipelines and the lines of [ci] for them.",
        )
    problem = next(iter(pipeline.check()), "")
    if problem:
        raise ConfigError(problem, code="ci", hint=_NOTHING)
    return pipeline


def commands_of(plan: CiPlan) -> tuple[str, ...]:
    """Return the push, where there is one, and what starts the pipeline, where a push does not."""
    ref = f"{plan.commit}:refs/heads/{plan.branch}"
    push = [shlex.join(["git", "push", plan.remote, ref])] if plan.pushes else []
    is_started = plan.pushes and plan.starts_by_push
    return (*push, *(() if is_started else plan.pipeline.commands(plan.commit, plan.branch)))


def _table(desk: Desk) -> CiTable:
    table = desk.policy.ci
    assert table is not None  # noqa: S101 - pipeline_of has refused already
    return table


def _place(desk: Desk, branch: str) -> tuple[str, str]:
    """Return the git remote, and what the branch is called there: its upstream, else the same."""
    remote = _table(desk).remote
    there, _, name = desk.worktree.sharing().upstream.partition("/")
    return remote, name if there == remote and name else branch


def _commits(desk: Desk, tip: str, commit: str) -> tuple[str, ...]:
    policy = desk.project.project.policy
    base = tip or (desk.worktree.commit_of(policy) if policy else "")
    found = desk.worktree.commits_between(base, commit, MOST_COMMITS) if base else ()
    lines = [f"{one.id[:7]} {one.subject}" for one in found]
    return tuple(lines or [f"{commit[:7]} {desk.worktree.subject(commit)}"])


def _steps(plan: CiPlan) -> Iterator[str]:
    where = f"**{plan.branch}** of **{plan.remote}**"
    what = f"**{plan.pipeline.describe()}**"
    if plan.pushes:
        count = f"{len(plan.commits)}{'+' * (len(plan.commits) == MOST_COMMITS)}"
        new = "the new branch " if plan.is_new else ""
        commits = f"{count} commit{'s' * (len(plan.commits) != 1)}"
        yield f"Pushes {commits} to {new}{where}, never forced. No tag and no evidence go along."
    if plan.pushes and plan.starts_by_push:
        yield f"The push starts {what}; nothing else is sent."
    else:
        yield f"Starts {what} at **{plan.commit[:7]}**, unless it has a run already."
    yield "When it has ended, the evidence that it pushed is fetched."


def _remarks(desk: Desk, plan: CiPlan) -> Iterator[str]:
    kept = _table(desk).branch
    if kept and not plan.starts_by_push:
        yield f"CI keeps evidence of **{kept}** only: a run of {plan.branch} proves nothing yet."
