"""What a release changes against another one: what it does, beside the commits that did it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import msgspec

from jupyter_mlcd.model.comparison import Relation, SoftwareChange
from jupyter_mlcd.model.gate import Finding, Gate, Goal, Outcome, Score, summary
from jupyter_mlcd.model.issue import Issue

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from jupyter_mlcd.model.release import Release
    from jupyter_mlcd.model.result import CaseResult


class MetricChange(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A score that is other than before, as the rules look at it."""

    name: str
    before: float | None
    """None where it was not recorded."""
    after: float | None
    """None where it is not recorded any more."""
    goal: Goal | None = None
    """Which way is better, as a rule of the release says; None where no rule does."""
    better: bool | None = None
    """None where that cannot be told: no rule says it, or there is one side only."""
    comparable: bool = True
    """Whether both were measured by the same notebook on the same inputs."""


class ParameterChange(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A parameter of a notebook that has other values than before."""

    suite: str
    notebook: str
    name: str
    before: tuple[str, ...]
    """Each value once, as JSON, in the order of the cases; empty where it was not given."""
    after: tuple[str, ...]


class ContentChange(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A file that notebooks read or that is delivered, with other content than before."""

    path: str
    delivered: bool
    """Whether it is delivered; else it is an input of the notebooks."""
    before: str
    """sha256; empty where it was not there."""
    after: str
    """sha256; empty where it is not there any more."""


class NotebookChange(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A notebook of a suite with changed cells; of several cases the one that changed most."""

    suite: str
    notebook: str
    relation: Relation
    sources: int = 0
    """Cells whose source is changed, new or gone."""
    outputs: int = 0
    """Cells whose outputs are changed."""
    problem: str = ""
    """Why its cells could not be compared, in words."""


class RuleChange(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A rule that is new or gone, or that says something else than before."""

    rule: str
    before: Outcome | None
    after: Outcome | None
    reason: str
    """What it says now, or said last."""


class NamedCommit(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A commit of the release."""

    id: str
    subject: str
    issues: tuple[str, ...] = ()
    """Work items that it names."""


class ReleaseChanges(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The changelog of behaviour of a release."""

    project: str
    version: str
    digest: str
    """The Release Digest."""
    commit: str
    since: str
    """The version it is held against; empty where there is none: all of it is new."""
    since_commit: str
    environment: str
    """Where ``since`` is or was live; empty where it was chosen otherwise."""
    live: bool
    """Whether it is live there now."""
    metrics: tuple[MetricChange, ...]
    parameters: tuple[ParameterChange, ...]
    files: tuple[ContentChange, ...]
    notebooks: tuple[NotebookChange, ...]
    software: tuple[SoftwareChange, ...]
    rules: tuple[RuleChange, ...]
    commits: tuple[NamedCommit, ...]
    """Newest first; none where there is nothing to hold it against."""
    commits_left_out: int
    """Older ones that are not listed."""
    issues: tuple[Issue, ...]
    gaps: tuple[str, ...]
    """What could not be compared, as sentences."""

    @property
    def nothing(self) -> bool:
        """Whether it behaves as before, as far as it was compared."""
        return not any(
            (self.metrics, self.parameters, self.files, self.notebooks, self.software, self.rules)
        )


def metric_changes(before: Release | None, after: Release) -> Iterator[MetricChange]:
    """Yield the scores that differ, those with rules first."""
    rules = {gate.metric: gate for gate in reversed(after.policy)}
    old = before.scores if before else {}
    names = dict.fromkeys([*after.scores, *old])
    for name in sorted(names, key=lambda name: (name not in rules, name)):
        gate = rules.get(name)
        was, now = (_value(gate, name, side) for side in (old, after.scores))
        if was == now:
            continue
        yield MetricChange(
            name,
            was,
            now,
            goal=gate.goal if gate else None,
            better=_better(gate, was, now),
            comparable=_comparable(old.get(name), after.scores.get(name)),
        )


def _value(gate: Gate | None, name: str, scores: Mapping[str, Score]) -> float | None:
    return summary(gate or Gate(metric=name), scores[name]) if name in scores else None


def _better(gate: Gate | None, before: float | None, after: float | None) -> bool | None:
    if gate is None or before is None or after is None:
        return None
    return after > before if gate.goal is Goal.MAX else after < before


def _comparable(before: Score | None, after: Score | None) -> bool:
    return before is None or after is None or before.basis == after.basis


def parameter_changes(
    suite: str, before: Iterable[CaseResult], after: Iterable[CaseResult]
) -> Iterator[ParameterChange]:
    """Yield the parameters that differ, of notebooks that are in both runs."""
    old, new = _given(before), _given(after)
    for notebook in new:
        if notebook not in old:
            continue
        for name in dict.fromkeys([*new[notebook], *old[notebook]]):
            sides = [tuple(side[notebook].get(name, {})) for side in (old, new)]
            if sides[0] != sides[1]:
                yield ParameterChange(suite, notebook, name, *sides)


def _given(cases: Iterable[CaseResult]) -> dict[str, dict[str, dict[str, None]]]:
    """Return ``{notebook: {parameter: its values as JSON, each once}}``."""
    found: dict[str, dict[str, dict[str, None]]] = {}
    for case in cases:
        own = found.setdefault(case.notebook, {})
        for name, value in case.parameters.items():
            own.setdefault(name, {})[_as_json(value)] = None
    return found


def _as_json(value: Any) -> str:  # noqa: ANN401 - any value of a parameter
    return json.dumps(value, ensure_ascii=False, sort_keys=True, default=str)


def file_changes(
    before: Mapping[str, str], after: Mapping[str, str], *, delivered: bool
) -> Iterator[ContentChange]:
    """Yield the files that differ in content, or are on one side only: ``{path: sha256}``."""
    for path in sorted({*before, *after}):
        old, new = before.get(path, ""), after.get(path, "")
        if old != new:
            yield ContentChange(path, delivered, old, new)


def delivered_files(release: Release | None) -> dict[str, str]:
    """Return ``{path: sha256}`` of what a release delivers."""
    return {path: one.sha256 for path, one in release.products.items()} if release else {}


def rule_changes(before: Sequence[Finding], after: Sequence[Finding]) -> Iterator[RuleChange]:
    """Yield the rules whose outcome differs, and those that are on one side only."""
    old = {one.rule: one for one in before}
    new = {one.rule: one for one in after}
    for rule in dict.fromkeys([*new, *old]):
        was, now = old.get(rule), new.get(rule)
        if was is None or now is None or was.outcome is not now.outcome:
            said = now or was
            yield RuleChange(
                rule,
                was.outcome if was else None,
                now.outcome if now else None,
                said.reason if said else "",
            )
