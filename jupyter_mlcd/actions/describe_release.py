"""What a release changes: scores, parameters, data, cells, software and rules; and its commits.

1. the release: one that was prepared, or what would go to an environment now;
2. what it is held against: a version that was named, else the one that it replaces there;
3. what the two releases say of themselves: scores, files, rules;
4. what their runs say, suite by suite: parameters, inputs, cells, software;
5. the commits between them, with the work items that they name.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from jupyter_mlcd.actions.compare_evidence import compare_evidence
from jupyter_mlcd.actions.examine import check_environment, examine
from jupyter_mlcd.actions.find_run import find_manifest
from jupyter_mlcd.actions.read_release import read_release
from jupyter_mlcd.model.comparison import Relation
from jupyter_mlcd.model.delivery import DeliveryState
from jupyter_mlcd.model.errors import NotFoundError, RefusedError
from jupyter_mlcd.model.issue import find_issues, issues_in
from jupyter_mlcd.model.release import check_version
from jupyter_mlcd.model.release_changes import (
    ContentChange,
    NamedCommit,
    NotebookChange,
    ParameterChange,
    ReleaseChanges,
    delivered_files,
    file_changes,
    metric_changes,
    parameter_changes,
    rule_changes,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from jupyter_mlcd.actions.desk import Desk
    from jupyter_mlcd.model.comparison import CaseComparison, SoftwareChange
    from jupyter_mlcd.model.delivery import History
    from jupyter_mlcd.model.evidence import Manifest
    from jupyter_mlcd.model.release import Release

MOST_COMMITS = 100
"""Commits that are read for the work items they name."""


def describe_release(
    desk: Desk,
    version: str = "",
    *,
    since: str = "",
    environment: str = "",
) -> ReleaseChanges:
    """Return what ``version`` changes against ``since``. Changes nothing.

    Without ``version``: what would go to ``environment`` now, or else the newest. Without
    ``since``: what is live in ``environment``, or was there before it; else what was live before
    it on the last rung, or was prepared before it. Raises NotFoundError, UsageError, and
    RefusedError where what would go is not tested yet.
    """
    history = desk.history
    if environment:
        check_environment(desk, environment)
    release = _release(desk, history, version, environment)
    if since:
        _check_prepared(history, check_version(since))
        base, where = since, ""
    else:
        base, where = replaced(desk, history, release.version, environment)
    return changes_since(desk, release, base, where)


def _release(desk: Desk, history: History, version: str, environment: str) -> Release:
    if version:
        _check_prepared(history, check_version(version))
        return read_release(desk, version)
    if environment:
        proposal = examine(desk, environment, snapshot=desk.snapshot(), history=history)
        if proposal.release is None:
            raise RefusedError(
                f"what would go to {environment} is not tested yet",
                code="not-tested",
                hint="Commit your files and run the tests: then it is known what changes.",
            )
        return proposal.release
    if not history.releases:
        hint = "Deliver, or see `jupyter mlcd release`."
        raise NotFoundError("no version was prepared yet", hint=hint)
    return read_release(desk, next(reversed(history.releases)))


def _check_prepared(history: History, version: str) -> None:
    if version not in history.releases:
        known = ", ".join(reversed(history.releases)) or "none yet"
        raise NotFoundError(f"there is no version {version}", hint=f"There is: {known}.")


def replaced(desk: Desk, history: History, version: str, environment: str = "") -> tuple[str, str]:
    """Return what ``version`` is held against and where that is or was live; empty for none.

    Where an environment is named, that is what is live there, or was before ``version``. Else it
    is what was live on the last rung before ``version`` came, or comes.
    """
    ladder = desk.policy.ladder()
    where = environment or (ladder[-1] if ladder else "")
    live = history.live.get(where)
    if environment and live is not None and live.version != version:
        return live.version, where
    there = [
        one.version
        for one in history.deliveries.values()
        if one.environment == where and one.state is DeliveryState.DELIVERED
    ]
    if version in there:
        before = there[: there.index(version)]
        return (before[-1], where) if before else ("", "")
    earlier = _prepared_before(history, version)
    if live is not None and live.version in earlier:
        return live.version, where
    return ("", "") if environment or not earlier else (earlier[-1], "")


def _prepared_before(history: History, version: str) -> list[str]:
    known = list(history.releases)
    return known[: known.index(version)] if version in known else known


def changes_since(desk: Desk, after: Release, since: str, environment: str = "") -> ReleaseChanges:
    """Return what a release changes against the version ``since``; empty: all of it is new."""
    history = desk.history
    before = read_release(desk, since) if since else None
    live = history.live.get(environment)
    told = _Told(desk)
    told.compare(before, after)
    spans = (before.commit, after.commit) if before else None
    commits = desk.worktree.commits_between(*spans, MOST_COMMITS) if spans else ()
    more = desk.worktree.count_between(*spans) - len(commits) if spans else 0
    return ReleaseChanges(
        project=after.project,
        version=after.version,
        digest=after.digest,
        commit=after.commit,
        since=since,
        since_commit=before.commit if before else "",
        environment=environment,
        live=live is not None and live.version == since,
        metrics=tuple(metric_changes(before, after)),
        parameters=tuple(told.parameters),
        files=(
            *told.inputs,
            *file_changes(delivered_files(before), delivered_files(after), delivered=True),
        ),
        notebooks=tuple(told.notebooks),
        software=tuple(dict.fromkeys(told.software)),
        rules=tuple(rule_changes(before.findings if before else (), after.findings)),
        commits=tuple(NamedCommit(one.id, one.subject, issues_in(one.message)) for one in commits),
        commits_left_out=max(0, more),
        issues=find_issues([one.message for one in commits], desk.worktree.sharing().url),
        gaps=tuple(told.gaps),
    )


@dataclass
class _Told:
    """What the runs of two releases say, suite by suite."""

    desk: Desk
    parameters: list[ParameterChange] = field(default_factory=list)
    inputs: list[ContentChange] = field(default_factory=list)
    notebooks: list[NotebookChange] = field(default_factory=list)
    software: list[SoftwareChange] = field(default_factory=list)
    gaps: list[str] = field(default_factory=list)

    def compare(self, before: Release | None, after: Release) -> None:
        """Look at each suite of either release."""
        old = {one.suite: one.id for one in before.runs} if before else {}
        new = {one.suite: one.id for one in after.runs}
        for suite in dict.fromkeys([*new, *old]):
            if old.get(suite) == new.get(suite):
                continue  # The very same run: nothing of it changed.
            try:
                sides = [
                    find_manifest(self.desk, side[suite]) if suite in side else None
                    for side in (old, new)
                ]
            except NotFoundError:
                words = f"The runs of {suite} are not compared: one is not in this clone."
                self.gaps.append(words)
            else:
                self._suite(suite, *sides)

    def _suite(self, suite: str, before: Manifest | None, after: Manifest | None) -> None:
        self.inputs += file_changes(
            before.inputs if before else {}, after.inputs if after else {}, delivered=False
        )
        if before is None or after is None:
            relation = Relation.NEW if after else Relation.GONE
            whole = after or before
            notebooks = [case.notebook for case in whole.run.cases] if whole else []
            self.notebooks += [
                NotebookChange(suite, one, relation) for one in dict.fromkeys(notebooks)
            ]
            return
        self.parameters += parameter_changes(suite, before.run.cases, after.run.cases)
        found = compare_evidence(self.desk, after.run.id, before.run.id, self.desk.comparer)
        self.notebooks += _notebooks(suite, found.cases)
        self.software += found.software


def _notebooks(suite: str, cases: Sequence[CaseComparison]) -> Iterator[NotebookChange]:
    """Yield one line for each notebook with changed cells, or that is new or gone."""
    for notebook in dict.fromkeys(case.notebook for case in cases):
        own = [case for case in cases if case.notebook == notebook]
        relations = {case.relation for case in own}
        if relations <= {Relation.NEW} or relations <= {Relation.GONE}:
            yield NotebookChange(suite, notebook, relations.pop())
            continue
        sources = max(case.sources for case in own)
        outputs = max(case.outputs for case in own)
        problem = next((case.problem for case in own if case.problem), "")
        if sources or outputs or problem:
            yield NotebookChange(suite, notebook, Relation.CHANGED, sources, outputs, problem)
