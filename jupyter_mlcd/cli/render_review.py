"""How a review looks in a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from jupyter_mlcd.cli.render import rules_changed, when
from jupyter_mlcd.model.gate import Outcome
from jupyter_mlcd.model.review import EntryKind
from jupyter_mlcd.project_api.terminal import FAILED, PASSED, plain, print_

if TYPE_CHECKING:
    from jupyter_mlcd.model.review import ReviewEntry
    from jupyter_mlcd.model.review_page import ReviewPage, ReviewState

_SHORT = 13
"""Letters of an id: what sets those of one day apart."""
_WORDS = {
    EntryKind.ASKED: "asks for a review",
    EntryKind.COMMENTED: "says",
    EntryKind.APPROVED: "approves",
    EntryKind.CHANGES_REQUESTED: "asks for changes",
    EntryKind.WAIVED: "makes an exception",
}


def review(page: ReviewPage) -> None:
    """Print a version with what people said about it."""
    print_(Text(f"{plain(page.project)} {page.version} at {page.commit[:7]}", "bold"))
    print_(Text(f"  {page.digest}", "dim"))
    if page.link:
        print_(Text(f"  {page.link}", "dim"))
    for run in page.runs:
        print_(Text(f"  {plain(run.suite)}: jupyter mlcd evidence show {run.id}", "dim"))
    for state in page.environments:
        _state(state)
    faults = {name: words for state in page.environments for name, words in state.faults.items()}
    for entry in page.entries:
        _entry(entry, is_new=entry.id in page.new, fault=faults.get(entry.id, ""))


def _state(state: ReviewState) -> None:
    print_(Text(f"  {state.environment}", "bold"))
    for finding in (*state.findings, *([state.approval] if state.approval else [])):
        sign = PASSED if finding.met else FAILED
        style = "yellow" if finding.outcome is Outcome.EXCEPTED else ""
        print_(Text(f"    {sign} {plain(finding.rule)}: {plain(finding.reason)}", style))
    if state.approval is None:
        print_(Text("    no approval is asked for", "dim"))
    rules_changed(state.rules, "    ")


def _entry(entry: ReviewEntry, *, is_new: bool, fault: str) -> None:
    who = entry.by.partition(" <")[0]
    where = " ".join(
        filter(
            None,
            (
                f"for {entry.environment}" if entry.environment else "",
                f"of {', '.join(entry.people)}" if entry.people else "",
                f"on {entry.case}" if entry.case else "",
                f"cell {entry.cell}" if entry.cell is not None else "",
                f"from {entry.rule}" if entry.rule else "",
            ),
        )
    )
    text = f": {entry.text}" if entry.text else ""
    back = f" (taken back{': ' * bool(entry.taken_back_why)}{entry.taken_back_why})"
    mark = "* " if is_new else "  "
    said = f"{who} {_WORDS[entry.kind]} {where}".rstrip() + text
    said += back if entry.taken_back else f" (does not count: {fault})" if fault else ""
    head = f"{mark}{entry.id[:_SHORT]}  {when(entry.at)}  "
    print_(Text.assemble((head, "dim"), (plain(said), "bold" if is_new else "")))
