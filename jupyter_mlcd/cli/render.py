"""How values look in a terminal. Verdicts are told by shape and word, never by colour alone."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import click
from rich.table import Table
from rich.text import Text

from jupyter_mlcd.model.acceptance import of_cells
from jupyter_mlcd.model.delivery import DeliveryAct, DeliveryState
from jupyter_mlcd.model.evidence import Match
from jupyter_mlcd.model.flow import CheckEnd
from jupyter_mlcd.model.gate import show
from jupyter_mlcd.model.result import State
from jupyter_mlcd.model.run import Change
from jupyter_mlcd.model.scored_live import again_in_words
from jupyter_mlcd.model.status import StepState
from jupyter_mlcd.model.suite import case_id
from jupyter_mlcd.project_api.render_runs import case_line, mark
from jupyter_mlcd.project_api.terminal import (
    FAILED,
    PASSED,
    RUNNING,
    UNKNOWN,
    WAITING,
    plain,
    print_,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from jupyter_mlcd.model.acceptance import Accepted, ReferenceChange
    from jupyter_mlcd.model.delivery import Delivery
    from jupyter_mlcd.model.evidence import Manifest
    from jupyter_mlcd.model.flow import LiveCheck
    from jupyter_mlcd.model.rules_change import RulesChanged
    from jupyter_mlcd.model.status import (
        Check,
        Deliveries,
        Diagnosis,
        EnvironmentStatus,
        EvidenceStatus,
        Place,
        Preview,
        Status,
        Verification,
    )

_STEP_MARKS = {
    StepState.DONE: PASSED,
    StepState.CURRENT: RUNNING,
    StepState.BLOCKED: FAILED,
    StepState.WAITING: WAITING,
}
_MATCHES = {
    Match.MATCHES: "matches your files",
    Match.OLDER: "older",
    Match.UNCOMMITTED: "uncommitted changes",
}


# ------------------------------------------------------------------------------------------ status


def status(found: Status) -> None:
    """Print the whole status."""
    if found.problem is not None:
        print_(Text(plain(found.problem.message), style="red"))
        print_(Text(plain(found.problem.hint), style="dim"))
        if not found.place.tree:
            return
    place = found.place
    where = place.branch or "detached"
    commit = place.commit[:7] or "nothing committed yet"
    print_(Text.assemble((plain(found.project.name), "bold"), f"  {plain(where)} {commit}"))
    for path, change in sorted(place.dirty.items()):
        print_(Text(f"  {change}: {plain(path)}"))
    _status_shared(place)
    for one in found.waiting:
        print_(Text(f"  waiting for you: {plain(one.text)}", "bold"))
    for path in place.untracked:
        print_(Text(f"  not seen by runs: {plain(path)} (commit it, or add it to `inputs`)", "dim"))
    if found.steps:
        print_()
    for step in found.steps:
        print_(Text(f"  {_STEP_MARKS[step.state]} {step.name:8}{plain(step.words)}"))
    _status_environments(found)
    _status_suites(found)
    if found.evidence_count:
        print_(Text(f"\nEvidence: {found.evidence_count} kept, `jupyter mlcd evidence list`"))
    _status_offer(found)


def _status_shared(place: Place) -> None:
    undelivered = place.undelivered
    if undelivered is not None and undelivered.commits:
        count = undelivered.commits
        since = f"since {undelivered.version} is live in {undelivered.environment}"
        print_(Text(f"  {count} commit{'s' * (count != 1)} {since}", "dim"))
    if place.unshared:
        print_(Text(f"  {place.unshared} not on {plain(place.upstream)} yet", "dim"))


def _status_environments(found: Status) -> None:
    if found.environments:
        print_(Text("\nWhere it is live", style="bold"))
    for one in found.environments:
        scores = ", ".join(f"{plain(name)} {show(value)}" for name, value in one.scores.items())
        live = "nothing"
        if one.live:
            back = f", back from {one.live.back_from}" if one.live.back_from else ""
            live = f"{one.live.version} since {when(one.live.since)}{back}  {scores}"
        print_(Text(f"  {one.name:14} {live}  ({one.target})"))
        for words in _environment_remarks(one):
            print_(Text(f"  {'':14} {plain(words)}", "dim"))


def _environment_remarks(one: EnvironmentStatus) -> Iterator[str]:
    """Yield what else is to be known of an environment, a line each."""
    if one.held:
        yield f"held {one.held.words}"
    if one.frozen:
        yield f"frozen {one.frozen.words}"
    if one.automatic:
        who = f"watched by {one.watched_by}" if one.watched_by else "nobody is watching"
        yield f"delivers by itself; {who}"
    if one.check:
        yield check_in_words(one.check)


def check_in_words(found: LiveCheck) -> str:
    """Return "smoke on 0.2.0: green, 1 of 1 cases passed"."""
    ends = {CheckEnd.ROLLED_BACK: "; it was rolled back", CheckEnd.HELD: "; it is held"}
    said = f": {found.reason}" if found.reason else ""
    return f"{found.suite} on {found.version} is {found.state}{said}{ends.get(found.led_to, '')}"


def _status_suites(found: Status) -> None:
    if found.suites:
        print_(Text("\nSuites", style="bold"))
    for suite in found.suites:
        run = suite.run
        if run is None:
            print_(Text(f"  {WAITING} {suite.name:14} never run"))
            continue
        match = _MATCHES[suite.match] if suite.match else ""
        changed = f" ({plain(suite.changed[0])} changed)" if suite.changed else ""
        words = f"{plain(run.reason) or run.state}, {when(run.started)}, {match}{changed}"
        print_(Text.assemble("  ", mark(run.verdict, run.state), f" {suite.name:14} {words}"))


def _status_offer(found: Status) -> None:
    offer = found.deliver
    if offer is None:
        return
    print_()
    if offer.ready:
        command = f"jupyter mlcd deliver --to {offer.environment}"
        print_(Text.assemble((offer.label, "bold"), f": {command}"))
        return
    if any(reason.code == "already-live" for reason in offer.reasons):
        print_(Text(f"{offer.reasons[0].text}; nothing is left to deliver"))
        return
    print_(Text(f"{offer.version} cannot go to {offer.environment} now:"))
    for reason in offer.reasons:
        print_(Text(f"  {RUNNING if reason.busy else FAILED} {plain(reason.text)}"))


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
    verb, to = ("Roll back", "in") if found.roll_back else ("Deliver", "to")
    where = f"{to} {found.environment}{replaces}"
    print_(Text(f"{verb} {plain(found.project)} {found.version} {where}", "bold"))
    if found.earlier and found.earlier.state is not DeliveryState.DELIVERED:
        words = f"attempt {found.attempt}; the last one is {found.earlier.state}"
        print_(Text(f"  {words}: {plain(found.earlier.reason)}"))
    for line in found.lines:
        print_(Text(f"  {PASSED if line.met else FAILED} {line.name:8}{plain(line.words)}"))
    for issue in found.issues:
        print_(Text(f"    {issue.name} {plain(issue.subjects[0])} {issue.url}".rstrip(), "dim"))
    for finding in found.findings:
        sign = PASSED if finding.met else FAILED
        print_(Text(f"    {sign} {plain(finding.rule)}: {plain(finding.reason)}", "dim"))
    rules_changed(found.rules)
    if found.accepted:
        print_(Text("Expected results that changed since what is live"))
    for change in found.accepted:
        print_(Text(f"  {plain(change_in_words(change))}"))
    print_(Text("What will happen"))
    for number, step in enumerate(found.steps, start=1):
        print_(Text(f"  {number}. {plain(step.replace('**', ''))}"))
    if found.text:
        print_(Text("The text that goes with it"))
        for words in found.text.splitlines():
            print_(Text(f"  {plain(words)}".rstrip(), "dim"))


def rules_changed(found: RulesChanged | None, indent: str = "") -> None:
    """Print how the rules changed since what is live, and who changed them."""
    if found is None:
        return
    if not found.is_known:
        words = f"It is not known which rules {found.version} had to meet"
        print_(Text(f"{indent}{words}", "dim"))
        return
    print_(Text(f"{indent}Rules that changed since {found.version} was delivered", "yellow"))
    for change in found.changes:
        print_(Text(f"{indent}  {plain(change)}"))
    for commit in found.commits:
        who = commit.by.partition(" <")[0]
        words = f"{commit.id[:7]} {when(commit.at)} {who}: {commit.subject}"
        print_(Text(f"{indent}  {plain(words)}", "dim"))


def change_in_words(change: ReferenceChange) -> str:
    """Return "train.ipynb[seed=1], cell 3: modified by Ann, today 12:00: Better features"."""
    where = f"{case_id(change.notebook, change.parameters)}, cell {change.cell}"
    if not change.by:
        how = "removed" if change.change is Change.DELETED else "edited by hand"
        return f"{where}: {how}"
    who = change.by.split(" <")[0]
    return f"{where}: {change.change} by {who}, {when(change.at)}: {change.why}"


def accepted(found: Accepted) -> None:
    """Print what is expected from now on."""
    if not found.files:
        click.echo("Exactly this is expected already.")
        return
    for case in dict.fromkeys(one.case for one in found.cells):
        numbers = of_cells(one.cell for one in found.cells if one.case == case)
        print_(Text(f"  {plain(case)}: {numbers}"))
    print_(Text(f"{found.commit[:7]} {plain(found.subject)}"))


def delivery(found: Delivery) -> None:
    """Print how a delivery ended."""
    back = f", back from {found.back_from}" if found.back_from else ""
    words = f"{found.version} to {found.environment}{back}: {found.state}. {plain(found.reason)}"
    good = found.state in {DeliveryState.DELIVERED, DeliveryState.DISPATCHED}
    print_(Text(words, style="bold green" if good else "bold red"))
    print_(Text(f"delivery {found.key}", style="dim"))
    for one in found.told:
        words = f"could not be told: {one.problem}" if one.problem else f"was told. {one.url}"
        print_(Text(f"  work item {plain(one.where)} {plain(words)}".rstrip(), style="dim"))


_SHORT_KEY = 8
_ACTS = {
    DeliveryAct.GO_ON: "Send it now: jupyter mlcd delivery go-on {key}",
    DeliveryAct.STOP: "Stop it there: jupyter mlcd delivery cancel {key}",
    DeliveryAct.CANCEL: "Give it up: jupyter mlcd delivery cancel {key}",
    DeliveryAct.LOOK_AGAIN: "Ask again later: jupyter mlcd delivery show {key}",
    DeliveryAct.CLOSE: (
        "If you know that it did not happen: jupyter mlcd delivery close {key} --why WHY"
    ),
    DeliveryAct.RETRY: "Try again: jupyter mlcd deliver {version} --to {environment}",
    DeliveryAct.ROLL_BACK: "Take it back: jupyter mlcd roll-back --from {environment} --why WHY",
}


def timeline(found: Delivery) -> None:
    """Print what happened in a delivery when, and what can be done about it."""
    delivery(found)
    if found.by_itself:
        print_(Text(f"Nobody asked for it: {plain(found.by_itself)} did it.", style="dim"))
    for moment in found.moments:
        words = f"  {when(moment.at)}  {moment.state:<10}  {plain(moment.by)}"
        print_(Text(f"{words}  {plain(moment.reason)}".rstrip()))
    if found.at_work:
        print_(Text("This machine is at it now.", style="dim"))
    for act in found.acts:
        place = {"key": found.key, "version": found.version, "environment": found.environment}
        print_(Text(plain(_ACTS[act].format(**place)), style="dim"))


def deliveries(found: Sequence[Deliveries]) -> None:
    """Print the newest deliveries of environments."""
    if not any(one.deliveries for one in found):
        click.echo("Nothing was delivered yet.")
        return
    table = Table(box=None, pad_edge=False)
    for name in ("environment", "version", "when", "by", "how it ended", "delivery"):
        table.add_column(name)
    for one in found:
        for past in one.deliveries:
            delivered = past.delivery
            live = ", is live" if past.is_live else ""
            back = f", back from {delivered.back_from}" if delivered.back_from else ""
            table.add_row(
                plain(one.environment),
                delivered.version,
                when(delivered.requested),
                plain(delivered.by.partition(" <")[0]),
                f"{delivered.state}{live}{back}",
                delivered.key[:_SHORT_KEY],
            )
    print_(table)
    for one in found:
        if one.total > len(one.deliveries):
            print_(Text(f"{one.environment}: the newest {len(one.deliveries)} of {one.total}."))


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
            again_in_words(one.scored) if one.scored else f"{_MATCHES[one.match]}{changed}",
        )
    print_(table)


def manifest(found: Manifest) -> None:
    """Print what a run proved."""
    run = found.run
    print_(Text(f"{plain(run.suite)} {run.verdict}: {plain(run.reason)}", style="bold"))
    if run.scored:
        print_(Text(f"  {run.scored.words}: it proves nothing about the files that it ran on"))
    print_(Text(f"  {when(run.started)} by {plain(run.by)}, attempt {found.attempt}"))
    print_(Text(f"  commit {run.commit[:12] or 'none'}, tree {run.tree[:12]}"))
    for case in run.cases:
        print_(Text(f"  {case_line(case)}"))
    for path, product in found.delivers.items():
        print_(Text(f"  delivers {plain(path)}: sha256:{product.sha256}, {product.size} bytes"))
    if found.software is not None:
        software = found.software
        count = len(software.packages)
        print_(
            Text(f"  {software.language} {software.version}, {count} packages, {software.platform}")
        )


def verification(found: Verification) -> None:
    """Print the numbered steps of a verification."""
    _checks(found.checks)
    open_ = sum(not check.proves for check in found.checks)
    holds = f"Every other step holds; {open_} proves nothing." if open_ else "Every step holds."
    words = holds if found.ok else "It does not prove what it says."
    print_(Text(words, style="bold green" if found.ok else "bold red"))


def diagnosis(found: Diagnosis) -> None:
    """Print what doctor found."""
    _checks(found.checks)


def _checks(checks: Sequence[Check]) -> None:
    for check in checks:
        sign = Text(PASSED, style="green") if check.ok else Text(FAILED, style="red")
        sign = sign if check.proves else Text(UNKNOWN, style="yellow")
        print_(Text.assemble(f"{check.number:3}. ", sign, f" {check.name}: {plain(check.words)}"))
        if check.hint and not check.ok:
            print_(Text(f"       {plain(check.hint)}", style="dim"))
