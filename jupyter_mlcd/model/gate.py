"""Gates: rules that a run must meet, and the findings they give."""

from __future__ import annotations

import math
from enum import StrEnum
from statistics import fmean
from typing import TYPE_CHECKING, Literal

import msgspec

from jupyter_mlcd.model.metric import is_slice, slice_words, split_metric
from jupyter_mlcd.model.noise import STANDARD_ERRORS, noise_between
from jupyter_mlcd.model.result import GREEN, CaseResult, Verdict, metrics_by_name
from jupyter_mlcd.model.scored_live import again_in_words

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from jupyter_mlcd.model.run import Run


class Goal(StrEnum):
    """Which way is better."""

    MAX = "max"
    MIN = "min"


class Over(StrEnum):
    """How the values of a matrix become one."""

    MEAN = "mean"
    WORST = "worst"
    EVERY = "every"
    """Each value must meet the rule by itself: judged by the worst one."""


class Gate(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename="kebab"):
    """One ``[[gates]]`` entry."""

    metric: str
    goal: Goal = Goal.MAX
    at_least: float | None = None
    """The bound that the score must reach; with ``goal = "min"`` it must not exceed ``at-most``."""
    at_most: float | None = None
    better_than: str = ""
    """The environment whose live release must be beaten."""
    by: float = 0.0
    """By how much at least."""
    over: Over = Over.MEAN
    environments: tuple[str, ...] = ()
    """Environments that it guards; empty means all."""
    # Unset and not empty: what is not written stays out of release.json, whose bytes are for ever.
    slices: Literal["every"] | tuple[str, ...] | msgspec.UnsetType = msgspec.UNSET
    """The slices of the score that must meet it, each by itself; unset: the score as a whole."""
    noise: str | msgspec.UnsetType = msgspec.UNSET
    """The parameter whose values only spread the score: a gain within that spread is none."""

    def problem(self) -> str:
        """Return what is wrong with this rule, or nothing."""
        if self.at_least is None and self.at_most is None and not self.better_than:
            return f"the rule on `{self.metric}` asks for nothing: add `at-least` or `better-than`"
        bounds = [bound for bound in (self.at_least, self.at_most) if bound is not None]
        if not all(map(math.isfinite, (*bounds, self.by))):
            return f"the rule on `{self.metric}` needs finite numbers"
        if bounds and bounds[0] > bounds[-1]:
            return f"no score is at least {show(bounds[0])} and at most {show(bounds[-1])}"
        if self.by < 0:
            return "`by` is how much better it must be, so it cannot be negative"
        if self.by and not self.better_than:
            return "`by` goes with `better-than`"
        return self._slices_problem() or self._noise_problem()

    def _slices_problem(self) -> str:
        if self.slices is msgspec.UNSET or self.slices == "every":
            return ""
        if self.slices and "" not in self.slices:
            return ""
        return '`slices` names none: write "every", or names as in ["young", "old"]'

    def _noise_problem(self) -> str:
        if self.noise is msgspec.UNSET:
            return ""
        if not self.noise:
            return "`noise` names a parameter of the matrix, as `seed`"
        if not self.better_than:
            return "`noise` goes with `better-than`"
        if self.over is not Over.MEAN:
            return '`noise` goes with `over = "mean"`: it is the error of a mean'
        return ""


class Outcome(StrEnum):
    """What a rule says."""

    MET = "met"
    NOT_MET = "not-met"
    NOT_COMPARABLE = "not-comparable"
    """The evaluation itself changed since the live release, so scores cannot be compared, or there
    are too few of them to tell a gain from noise."""
    EXCEPTED = "excepted"
    """It is not met, and a waiver says that this does not stand in the way."""


class Finding(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What one rule says about one run."""

    rule: str
    """The rule in words."""
    outcome: Outcome
    reason: str
    """Why, in words, with the numbers."""
    metric: str = ""
    value: float | None = None
    against: float | None = None
    """The bound, or the score of the live release."""

    @property
    def met(self) -> bool:
        """Whether it does not stand in the way."""
        return self.outcome in {Outcome.MET, Outcome.EXCEPTED}


class Score(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A metric of a release, with what it was measured by."""

    notebook: str
    """The notebook that recorded it."""
    values: dict[str, float]
    """``{case id: value}``."""
    basis: str
    """Digest of the evaluating notebook and its inputs: equal means comparable."""


class ScoredAgain(Score, frozen=True, forbid_unknown_fields=True):
    """A metric of what is live, measured by the evaluation that it is compared by."""

    version: str
    """What is live."""


def is_comparable(score: Score, live: Score | None) -> bool:
    """Whether a score and that of what is live were measured in the same way."""
    return live is not None and live.basis == score.basis


def scores(cases: Sequence[CaseResult], basis: Mapping[str, str]) -> dict[str, Score]:
    """Return ``{metric: score}`` for a run's cases.

    Where several notebooks recorded a metric, the last one in the order of the suite counts: it
    is the one that evaluates. ``basis`` gives for each notebook the digest of what its scores
    depend on.
    """
    found: dict[str, Score] = {}
    notebooks = list(dict.fromkeys(result.notebook for result in cases))
    for notebook in notebooks:
        own = [result for result in cases if result.notebook == notebook]
        for metric, values in metrics_by_name(own).items():
            found[metric] = Score(notebook, dict(values), basis.get(notebook, ""))
    return found


def all_passed(runs: Sequence[Run], suites: Sequence[str]) -> Finding:
    """Return the rule that is always there: every case of every needed suite passed."""
    rule = "all cases passed"
    by_suite = {run.suite: run for run in runs}
    missing = [suite for suite in suites if suite not in by_suite]
    if missing or not suites:
        words = ", ".join(missing) if missing else "any suite"
        return Finding(rule, Outcome.NOT_MET, f"there is no run of {words} on these files")
    red = [run for run in by_suite.values() if run.verdict not in GREEN]
    if red:
        return Finding(rule, Outcome.NOT_MET, f"{red[0].suite}: {red[0].reason}")
    cases = sum(len(run.cases) for run in by_suite.values())
    if not cases:
        return Finding(rule, Outcome.NOT_MET, "the suites have no cases, so nothing was proved")
    flaky = [case.id for run in by_suite.values() for case in run.cases
             if case.verdict is Verdict.FLAKY]  # fmt: skip
    words = f"{cases} of {cases} cases passed"
    if flaky:
        more = f" and {len(flaky) - 1} more" if len(flaky) > 1 else ""
        words = f"{words}, but {flaky[0]}{more} only on a retry"
    return Finding(rule, Outcome.MET, words)


def judge(
    gates: Sequence[Gate],
    now: Mapping[str, Score],
    live: Mapping[str, Mapping[str, Score]],
    there: Mapping[str, Score] | None = None,
) -> list[Finding]:
    """Return what each gate says.

    ``now`` are the scores of the run, ``live`` those of the release that is live, by environment;
    an environment where nothing is live is absent. ``there`` are those of what is live where the
    release goes: a slice that was measured for it must not be lost.
    """
    findings: list[Finding] = []
    for gate in gates:
        if gate.slices is msgspec.UNSET:
            findings.extend(_whole(gate, now.get(gate.metric), live, gate.metric))
        else:
            before = {**(there or {}), **live.get(gate.better_than, {})}
            findings.extend(_each_slice(gate, now, live, before))
    return findings


def _whole(
    gate: Gate, score: Score | None, live: Mapping[str, Mapping[str, Score]], name: str
) -> list[Finding]:
    """Return what a gate says of one score; ``name`` is what it is called."""
    if score is None:
        return [_unrecorded(name, gate.metric)]
    findings = []
    if gate.at_least is not None or gate.at_most is not None:
        findings.extend(_bounds(gate, score, name))
    if gate.better_than:
        findings.append(_better(gate, score, live.get(gate.better_than), name))
    return findings


def _each_slice(
    gate: Gate,
    now: Mapping[str, Score],
    live: Mapping[str, Mapping[str, Score]],
    before: Mapping[str, Score],
) -> list[Finding]:
    """Return what a gate says of each slice that it means, among those of now and of before."""
    # Sorted: the same findings follow from scores as they were made and as they are read again.
    known = sorted(key for key in {*now, *before} if is_slice(key, gate.metric))
    findings: list[Finding] = []
    if isinstance(gate.slices, tuple):
        wanted = gate.slices
        meant = {one: [key for key in known if is_slice(key, gate.metric, one)] for one in wanted}
        known = list(dict.fromkeys(key for keys in meant.values() for key in keys))
        missing = [one for one, keys in meant.items() if not keys]
        findings = [_unrecorded(f"{gate.metric} of {one}", gate.metric) for one in missing]
    elif not known:
        findings = [_unrecorded(f"{gate.metric} of any slice", gate.metric)]
    for key in known:
        name = f"{gate.metric} of {slice_words(split_metric(key)[1])}"
        if key not in now:
            reason = "it was measured for the version that is live, and no notebook recorded it now"
            findings.append(Finding(f"{name} is recorded", Outcome.NOT_MET, reason, key))
            continue
        own = msgspec.structs.replace(gate, metric=key, slices=msgspec.UNSET)
        findings.extend(_whole(own, now[key], live, name))
    return findings


def _unrecorded(name: str, metric: str) -> Finding:
    reason = f"no notebook recorded `{name}`"
    return Finding(f"{name} is recorded", Outcome.NOT_MET, reason, metric)


def _bounds(gate: Gate, score: Score, name: str) -> list[Finding]:
    value = summary(gate, score)
    findings = []
    if gate.at_least is not None:
        met = value > gate.at_least or _same(value, gate.at_least)
        outcome = Outcome.MET if met else Outcome.NOT_MET
        rule = f"{_name(gate, score, name)} at least {show(gate.at_least)}"
        reason = "{}, {} is needed".format(*_apart(value, gate.at_least))
        findings.append(Finding(rule, outcome, reason, gate.metric, value, gate.at_least))
    if gate.at_most is not None:
        met = value < gate.at_most or _same(value, gate.at_most)
        outcome = Outcome.MET if met else Outcome.NOT_MET
        rule = f"{_name(gate, score, name)} at most {show(gate.at_most)}"
        reason = "{}, {} is allowed".format(*_apart(value, gate.at_most))
        findings.append(Finding(rule, outcome, reason, gate.metric, value, gate.at_most))
    return findings


def _better(gate: Gate, score: Score, live: Mapping[str, Score] | None, name: str) -> Finding:
    value = summary(gate, score)
    margin = f" by {show(gate.by)}" if gate.by else ""
    noise = f", beyond the noise of {gate.noise}" if gate.noise else ""
    rule = f"{_name(gate, score, name)} better than {gate.better_than}{margin}{noise}"
    if live is None:
        reason = f"first release to {gate.better_than}: nothing to compare with"
        return Finding(rule, Outcome.MET, reason, gate.metric, value)
    before = live.get(gate.metric)
    if before is None:
        reason = f"the release that is live in {gate.better_than} did not record `{name}`"
        return Finding(rule, Outcome.NOT_COMPARABLE, reason, gate.metric, value)
    old = summary(gate, before)
    if not is_comparable(score, before):
        reason = (
            f"{score.notebook} or its inputs changed since the live release, so {show(value)} "
            f"and {show(old)} were not measured in the same way"
        )
        return Finding(rule, Outcome.NOT_COMPARABLE, reason, gate.metric, value, old)
    sign = 1 if gate.goal is Goal.MAX else -1
    gain = 0.0 if _same(value, old) else sign * (value - old)
    enough = gain > 0 and (gain >= gate.by or _same(value, old + sign * gate.by))
    word = "better" if gain > 0 else "worse" if gain < 0 else "the same"
    change = f"{show(abs(gain))} {word}" if gain else word
    needed = f"at least {show(gate.by)} better" if gate.by else "better"
    now, before_now = _apart(value, old)
    again = f" ({again_in_words(before.version)})" if isinstance(before, ScoredAgain) else ""
    reason = f"{now} against {before_now} live{again}: {change}, {needed} is needed"
    outcome = Outcome.MET if enough else Outcome.NOT_MET
    if enough and gate.noise:
        outcome, words = _beyond_noise(gate.noise, gain, score, before)
        reason = f"{reason}; {words}"
    return Finding(rule, outcome, reason, gate.metric, value, old)


def _beyond_noise(parameter: str, gain: float, now: Score, live: Score) -> tuple[Outcome, str]:
    """Return whether a gain is more than the spread over a parameter, and why in words."""
    noise = noise_between(parameter, (now.notebook, now.values), (live.notebook, live.values))
    if noise.error is None:
        counts = f"{noise.now} of {parameter} now and {noise.live} live"
        words = f"whether that is noise cannot be told from {counts}, two values are needed on both"
        return Outcome.NOT_COMPARABLE, words
    least = STANDARD_ERRORS * noise.error
    is_more = gain > least
    word = "more" if is_more else "not more"
    words = (
        f"{word} than the noise over {noise.now} and {noise.live} values of {parameter}, "
        f"{show(least)}"
    )
    return Outcome.MET if is_more else Outcome.NOT_MET, words


def _same(one: float, other: float) -> bool:
    """Whether two scores differ only by the rounding of binary fractions.

    A mean of equal values need not be that value, and 0.1 + 0.2 is not 0.3.
    """
    return math.isclose(one, other, rel_tol=1e-12)


def _apart(one: float, other: float) -> tuple[str, str]:
    """Return two scores as people write them, with all digits where fewer would look the same."""
    short = show(one), show(other)
    if short[0] != short[1] or _same(one, other):
        return short
    return repr(one), repr(other)


def summary(gate: Gate, score: Score) -> float:
    """Return the one number that a gate looks at."""
    values = list(score.values.values())
    if gate.over is Over.MEAN:
        return fmean(values)
    return min(values) if gate.goal is Goal.MAX else max(values)


def _name(gate: Gate, score: Score, name: str) -> str:
    if len(score.values) == 1:
        return name
    words = {Over.MEAN: "mean", Over.WORST: "worst", Over.EVERY: "every"}
    return f"{words[gate.over]} {name}"


def show(value: float) -> str:
    """Return a score as people write it: four significant decimals, no trailing zeros."""
    text = f"{value:.4f}".rstrip("0").rstrip(".")
    return text if float(text) == round(value, 4) and float(text) else f"{value:.4g}"
