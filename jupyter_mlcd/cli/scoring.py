"""``score-live``: the live model is scored on today's data, and followed to its end."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import click
import msgspec

from jupyter_mlcd.cli import following
from jupyter_mlcd.cli.grouping import print_json, sentence
from jupyter_mlcd.model.errors import RefusedError, UsageError
from jupyter_mlcd.model.gate import Outcome
from jupyter_mlcd.model.scored_live import LiveScoring, ScoringState, again_in_words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jupyter_mlcd.workbench import Workbench


@dataclass(frozen=True)
class Wanted:
    """What is scored, and whether only where a rule asks for it."""

    environment: str
    version: str
    if_needed: bool


def score_live(bench: Workbench, wanted: Wanted, *, as_json: bool) -> int:
    """Score, follow, and say what the rules find then; return the exit code."""
    if not wanted.environment and not wanted.if_needed:
        known = ", ".join(one.name for one in bench.status().environments)
        raise UsageError(
            "name the environment whose rule cannot compare", hint=f"There is: {known}."
        )
    if wanted.if_needed:
        names = _environments(bench, wanted)
        found = [one for name in names for one in _needed(bench, wanted, name)]
    else:
        found = list(_scored(bench, wanted, wanted.environment, again=True, quiet=as_json))
    if as_json:
        print_json(found)
        return _code(found)
    for one in found:
        click.echo(sentence(_in_words(one)))
        if one.state is ScoringState.DONE:
            _tell_findings(bench, one, wanted.version)
        elif one.hint:
            click.echo(sentence(one.hint))
    if not found:
        click.echo("Every rule can compare: nothing was scored.")
    return 0 if wanted.if_needed else _code(found)


def _code(found: list[LiveScoring]) -> int:
    return 0 if all(one.state is ScoringState.DONE for one in found) else 1


def _environments(bench: Workbench, wanted: Wanted) -> list[str]:
    own = [one.name for one in bench.status().environments]
    return [wanted.environment] if wanted.environment else own


def _needed(bench: Workbench, wanted: Wanted, environment: str) -> Iterator[LiveScoring]:
    """Yield what came of it where a rule asks for it and nobody has tried."""
    asked = bench.show_scoring(environment, version=wanted.version)
    if asked is None:
        return
    if asked.state in {ScoringState.FAILED, ScoringState.IMPOSSIBLE}:
        yield asked
        return
    try:
        yield from _scored(bench, wanted, environment, again=False, quiet=True)
    except RefusedError as error:
        state, words = ScoringState.IMPOSSIBLE, error.message
        yield msgspec.structs.replace(asked, state=state, words=words, hint=error.hint)


def _scored(
    bench: Workbench, wanted: Wanted, environment: str, *, again: bool, quiet: bool
) -> Iterator[LiveScoring]:
    """Score all that the rules of an environment ask for, one after the other."""
    found = bench.score_live(environment, again=again, version=wanted.version)
    while True:
        if found.state is not ScoringState.GOING:
            yield found
            asked = bench.show_scoring(environment, version=wanted.version)
            if found.state is not ScoringState.DONE or asked is None:
                return
            found = bench.score_live(environment, version=wanted.version)
            continue
        _follow(bench, found, quiet=quiet)
        found = _after(bench, found, wanted.version)


def _follow(bench: Workbench, found: LiveScoring, *, quiet: bool) -> None:
    try:
        following.follow(bench, found.run, quiet=quiet)
    except KeyboardInterrupt:
        bench.cancel(found.run)
        click.echo("Cancelled; nothing goes on in the background.", err=True)
        raise


def _after(bench: Workbench, found: LiveScoring, version: str) -> LiveScoring:
    """Keep what a run found, unless somebody else was faster."""
    told = bench.desk().history.scored.get(found.run)
    if told is None:
        return bench.score_live(found.environment, version=version)
    state = ScoringState.DONE if told.is_green else ScoringState.FAILED
    return msgspec.structs.replace(found, state=state, words=told.reason)


def _in_words(one: LiveScoring) -> str:
    if one.state is ScoringState.DONE:
        return f"{again_in_words(one.version)}: {one.words}"
    if one.state is ScoringState.IMPOSSIBLE:
        return f"{one.version} cannot be scored on today's data: {one.words}"
    return one.words


def _tell_findings(bench: Workbench, one: LiveScoring, version: str) -> None:
    """Print what the rules say now about what was scored."""
    for finding in bench.preview(one.environment, version=version).findings:
        if finding.metric in one.metrics and finding.against is not None:
            mark = "met" if finding.outcome is Outcome.MET else finding.outcome.value
            click.echo(f"  {finding.rule}: {finding.reason} ({mark})")
