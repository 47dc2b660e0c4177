"""How values look in a terminal. Verdicts are told by shape and word, never by colour alone."""

from __future__ import annotations

import re
import sys
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import click
from rich.console import Console, Group, RenderableType
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from jupyter_mlcd.model.delivery import DeliveryState
from jupyter_mlcd.model.evidence import Match
from jupyter_mlcd.model.gate import show
from jupyter_mlcd.model.result import GREEN, CaseResult, State, Verdict
from jupyter_mlcd.model.status import StepState

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jupyter_mlcd.model.delivery import Delivery
    from jupyter_mlcd.model.evidence import Manifest
    from jupyter_mlcd.model.run import Run
    from jupyter_mlcd.model.status import (
        Check,
        Diagnosis,
        EvidenceStatus,
        Preview,
        Status,
        Verification,
    )

_PASSED, _FAILED, _RUNNING, _WAITING = "✓", "✗", "▸", "·"
_STEP_MARKS = {
    StepState.DONE: _PASSED,
    StepState.CURRENT: _RUNNING,
    StepState.BLOCKED: _FAILED,
    StepState.WAITING: _WAITING,
}
_MATCHES = {
    Match.MATCHES: "matches your files",
    Match.OLDER: "older",
    Match.UNCOMMITTED: "uncommitted changes",
}


def plain(text: str) -> str:
    """Return text that cannot steer a terminal: no control or bidirectional characters."""
    return re.sub(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", "", text)


def _print(*values: RenderableType) -> None:
    console = Console(highlight=False, soft_wrap=not sys.stdout.isatty())
    console.print(*values)


# ------------------------------------------------------------------------------------------- runs


def mark(verdict: Verdict | None, state: State) -> Text:
    """Return the mark of a case or a run."""
    if state is State.WAITING:
        return Text(_WAITING, style="dim")
    if verdict is None:
        return Text(_RUNNING, style="blue")
    if verdict in GREEN:
        return Text(_PASSED, style="green" if verdict is Verdict.PASSED else "yellow")
    return Text(_WAITING if verdict is Verdict.NOT_RUN else _FAILED, style="red")


def case_name(case: CaseResult) -> str:
    """Return "train seed=1": the notebook and what varies."""
    varied = " ".join(f"{name}={case.parameters[name]}" for name in case.varied)
    return plain(f"{case.notebook} {varied}".strip())


def scores_of(case: CaseResult) -> str:
    """Return "accuracy 0.966" for each score."""
    return ", ".join(f"{plain(name)} {show(value)}" for name, value in case.metrics.items())


def case_line(case: CaseResult) -> str:
    """Return a case that has ended as one line."""
    sign = _PASSED if case.verdict in GREEN else _FAILED
    words = ", ".join(filter(None, [scores_of(case), plain(case.reason)]))
    return f"{sign} {case_name(case):32} {case.duration:6.1f} s  {case.verdict}: {words}"


def run_table(run: Run) -> RenderableType:
    """Return a run as it stands: suite, notebooks, the cell it is at, and when it will be done."""
    table = Table.grid(padding=(0, 2))
    table.add_column(width=1)
    table.add_column(min_width=24)
    table.add_column(justify="right", min_width=14)
    table.add_column()
    for case in run.cases:
        words = ", ".join(filter(None, [scores_of(case), plain(case.reason)]))
        table.add_row(mark(case.verdict, case.state), case_name(case), _where(case), Text(words))
    ended = sum(case.state is State.ENDED for case in run.cases)
    head = Text.assemble(
        (plain(run.suite), "bold"), f"  {ended} of {len(run.cases)} cases", _finish(run)
    )
    bar = Table.grid()  # On its own it would not end its line.
    bar.add_row(ProgressBar(total=1, completed=fraction(run), width=56))
    return Group(head, bar, table)


def fraction(run: Run) -> float:
    """Return how far a run is, from 0 to 1, by cells."""
    parts = [
        1.0 if case.state is State.ENDED else case.position / (case.total + 1) for case in run.cases
    ]
    return sum(parts) / len(parts) if parts else 0.0


def _where(case: CaseResult) -> str:
    if case.state is State.RUNNING:
        return f"cell {case.position} of {case.total}"
    return f"{case.duration:.1f} s" if case.duration else ""


def _finish(run: Run) -> str:
    if run.state is State.ENDED or run.estimate is None:
        return ""
    started = datetime.fromisoformat(run.started).astimezone()
    end = started + timedelta(seconds=run.estimate / max(1, run.jobs))
    return f", about {end:%H:%M:%S}"


def run_end(run: Run) -> None:
    """Print how a run ended, with every failed cell."""
    for case in run.cases:
        for cell in case.cells:
            if cell.verdict in {Verdict.PASSED, Verdict.SKIPPED, Verdict.NOT_RUN}:
                continue
            _print(Text(f"  {case_name(case)}: {plain(cell.reason)}", style="red"))
            for one in cell.differences:
                _print(Text(f"    {one.field} expected: {plain(one.expected)}"))
                _print(Text(f"    {one.field} got:      {plain(one.got)}"))
    passed = run.verdict in GREEN
    words = f"{plain(run.suite)} {run.verdict}: {plain(run.reason)}"
    _print(Text(words, style="bold green" if passed else "bold red"))
    _print(Text(f"run {run.id}", style="dim"))


# ------------------------------------------------------------------------------------------ status


def status(found: Status) -> None:
    """Print the whole status."""
    if found.problem is not None:
        _print(Text(plain(found.problem.message), style="red"))
        _print(Text(plain(found.problem.hint), style="dim"))
        if not found.place.tree:
            return
    place = found.place
    where = place.branch or "detached"
    commit = place.commit[:7] or "nothing committed yet"
    _print(Text.assemble((plain(found.project.name), "bold"), f"  {plain(where)} {commit}"))
    for path, change in sorted(place.dirty.items()):
        _print(Text(f"  {change}: {plain(path)}"))
    for path in place.untracked:
        _print(Text(f"  not seen by runs: {plain(path)} (commit it, or add it to `inputs`)", "dim"))
    if found.steps:
        _print()
    for step in found.steps:
        _print(Text(f"  {_STEP_MARKS[step.state]} {step.name:8}{plain(step.words)}"))
    _status_environments(found)
    _status_suites(found)
    if found.evidence_count:
        _print(Text(f"\nEvidence: {found.evidence_count} kept, `jupyter mlcd evidence list`"))
    _status_offer(found)


def _status_environments(found: Status) -> None:
    if found.environments:
        _print(Text("\nWhere it is live", style="bold"))
    for one in found.environments:
        scores = ", ".join(f"{plain(name)} {show(value)}" for name, value in one.scores.items())
        live = (
            f"{one.live.version} since {when(one.live.since)}  {scores}" if one.live else "nothing"
        )
        _print(Text(f"  {one.name:14} {live}  ({one.target})"))


def _status_suites(found: Status) -> None:
    if found.suites:
        _print(Text("\nSuites", style="bold"))
    for suite in found.suites:
        run = suite.run
        if run is None:
            _print(Text(f"  {_WAITING} {suite.name:14} never run"))
            continue
        match = _MATCHES[suite.match] if suite.match else ""
        changed = f" ({plain(suite.changed[0])} changed)" if suite.changed else ""
        words = f"{plain(run.reason) or run.state}, {when(run.started)}, {match}{changed}"
        _print(Text.assemble("  ", mark(run.verdict, run.state), f" {suite.name:14} {words}"))


def _status_offer(found: Status) -> None:
    offer = found.deliver
    if offer is None:
        return
    _print()
    if offer.ready:
        command = f"jupyter mlcd deliver --to {offer.environment}"
        _print(Text.assemble((offer.label, "bold"), f": {command}"))
        return
    if any(reason.code == "already-live" for reason in offer.reasons):
        _print(Text(f"{offer.reasons[0].text}; nothing is left to deliver"))
        return
    _print(Text(f"{offer.version} cannot go to {offer.environment} now:"))
    for reason in offer.reasons:
        _print(Text(f"  {_RUNNING if reason.busy else _FAILED} {plain(reason.text)}"))


def when(at: str) -> str:
    """Return a time as people say it, in their own time zone."""
    if not at:
        return ""
    moment = datetime.fromisoformat(at).astimezone()
    today = datetime.now().astimezone().date()
    return f"today {moment:%H:%M}" if moment.date() == today else f"{moment:%Y-%m-%d %H:%M}"


# ---------------------------------------------------------------------------------------- delivery


def preview(found: Preview) -> None:
    """Print the Deliver page."""
    replaces = f", replaces {found.replaces.version}" if found.replaces else ""
    _print(
        Text(f"Deliver {found.project} {found.version} to {found.environment}{replaces}", "bold")
    )
    for line in found.lines:
        _print(Text(f"  {_PASSED if line.met else _FAILED} {line.name:8}{plain(line.words)}"))
    for finding in found.findings:
        sign = _PASSED if finding.met else _FAILED
        _print(Text(f"    {sign} {plain(finding.rule)}: {plain(finding.reason)}", "dim"))
    _print(Text("What will happen"))
    for number, step in enumerate(found.steps, start=1):
        _print(Text(f"  {number}. {plain(step.replace('**', ''))}"))


def delivery(found: Delivery) -> None:
    """Print how a delivery ended."""
    words = f"{found.version} to {found.environment}: {found.state}. {plain(found.reason)}"
    good = found.state in {DeliveryState.DELIVERED, DeliveryState.DISPATCHED}
    _print(Text(words, style="bold green" if good else "bold red"))
    _print(Text(f"delivery {found.key}", style="dim"))


# ---------------------------------------------------------------------------------------- evidence


def evidence_list(found: Sequence[EvidenceStatus]) -> None:
    """Print the list of evidence."""
    if not found:
        click.echo("Nothing is kept yet. Keep the newest run: jupyter mlcd evidence keep")
        return
    table = Table(box=None, pad_edge=False)
    for name in ("", "run", "suite", "when", "by", "versions", "result", "against your files"):
        table.add_column(name)
    for one in found:
        changed = f": {plain(one.changed[0])} changed" if one.changed else ""
        table.add_row(
            mark(one.verdict, State.ENDED),
            one.id[-8:],
            plain(one.suite),
            when(one.at),
            plain(one.by.split(" <")[0]),
            " ".join(one.versions),
            Text(plain(one.reason)),
            f"{_MATCHES[one.match]}{changed}",
        )
    _print(table)


def manifest(found: Manifest) -> None:
    """Print what a run proved."""
    run = found.run
    _print(Text(f"{plain(run.suite)} {run.verdict}: {plain(run.reason)}", style="bold"))
    _print(Text(f"  {when(run.started)} by {plain(run.by)}, attempt {found.attempt}"))
    _print(Text(f"  commit {run.commit[:12] or 'none'}, tree {run.tree[:12]}"))
    for case in run.cases:
        _print(Text(f"  {case_line(case)}"))
    for path, product in found.delivers.items():
        _print(Text(f"  delivers {plain(path)}: sha256:{product.sha256}, {product.size} bytes"))
    if found.software is not None:
        software = found.software
        count = len(software.packages)
        _print(
            Text(f"  {software.language} {software.version}, {count} packages, {software.platform}")
        )


def verification(found: Verification) -> None:
    """Print the numbered steps of a verification."""
    _checks(found.checks)
    words = "Every step holds." if found.ok else "It does not prove what it says."
    _print(Text(words, style="bold green" if found.ok else "bold red"))


def diagnosis(found: Diagnosis) -> None:
    """Print what doctor found."""
    _checks(found.checks)


def _checks(checks: Sequence[Check]) -> None:
    for check in checks:
        sign = Text(_PASSED, style="green") if check.ok else Text(_FAILED, style="red")
        _print(Text.assemble(f"{check.number:3}. ", sign, f" {check.name}: {plain(check.words)}"))
        if check.hint and not check.ok:
            _print(Text(f"       {plain(check.hint)}", style="dim"))
