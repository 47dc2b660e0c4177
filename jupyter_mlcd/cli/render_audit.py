"""How an audit looks in a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.table import Table
from rich.text import Text

from jupyter_mlcd.model.gate import Outcome, show
from jupyter_mlcd.project_api.terminal import FAILED, PASSED, plain, print_

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jupyter_mlcd.model.audit import Audit, Basis, LiveThen, StatusThen, Word
    from jupyter_mlcd.model.pruning import Pruned

_MINUTES = 16
"""Letters of a time that are shown: all times of an audit are UTC, for whoever reads it where."""


def utc(at: str) -> str:
    """Return ``2026-03-03 17:05 UTC``."""
    return f"{at[:_MINUTES].replace('T', ' ')} UTC" if at else ""


def status_then(found: StatusThen) -> None:
    """Print what was live at a moment."""
    print_(Text.assemble((plain(found.project), "bold"), f"  as it stood at {utc(found.at)}"))
    for one in found.environments:
        _live(one)
    _rests_on(found.problems, found.remarks)


def _live(one: LiveThen) -> None:
    back = f", back from {one.back_from}" if one.back_from else ""
    live = f"{one.version} since {utc(one.since)}{back}, by {one.by}" if one.version else "nothing"
    print_(Text.assemble(f"  {plain(one.environment):14} ", (plain(live), "bold")))
    if one.why:
        print_(Text(f"    why: {plain(one.why)}"))
    if one.basis is not None:
        _basis(one.basis)
    if one.doubt:
        print_(Text(f"    {plain(one.doubt)}", "yellow"))


def _basis(basis: Basis) -> None:
    for run in basis.runs:
        verdict = run.verdict or "its evidence is not here"
        print_(Text(f"    {plain(run.suite)}: {verdict}, run {run.run}, {run.digest}", "dim"))
    if basis.scores:
        scores = ", ".join(f"{plain(name)} {show(one)}" for name, one in basis.scores.items())
        print_(Text(f"    {scores}"))
    for finding in basis.findings:
        sign = PASSED if finding.met else FAILED
        style = "yellow" if finding.outcome is Outcome.EXCEPTED else ""
        print_(Text(f"    {sign} {plain(finding.rule)}: {plain(finding.reason)}", style))
    for word in basis.approvals:
        print_(Text(f"    approved by {_word(word)}"))
    if not basis.approvals:
        print_(Text("    approved by nobody", "dim"))
    for word in basis.exceptions:
        print_(Text(f"    excepted from {plain(word.rule)} by {_word(word)}", "yellow"))
    if basis.gap:
        print_(Text(f"    {plain(basis.gap)}", "yellow"))


def _word(word: Word) -> str:
    until = f" until {utc(word.until)}" if word.until else ""
    text = f": {word.text}" if word.text else ""
    return plain(f"{word.by}, {utc(word.at)} ({word.proof}){until}{text}")


def audit(found: Audit, *, lines: bool) -> None:
    """Print the totals of a time, and what was done in it."""
    first = utc(found.since) or "the beginning"
    last = utc(found.until) or f"now, {utc(found.made)}"
    print_(Text.assemble((plain(found.project), "bold"), f"  from {first} to {last}"))
    totals = ", ".join(f"{kind.value} {count}" for kind, count in found.totals.items())
    print_(Text(f"  {totals}; {len(found.lines)} lines of {found.events} events"))
    if lines and found.lines:
        table = Table(box=None, pad_edge=False)
        for name in ("when", "what", "version", "where", "outcome", "by", "evidence", "why"):
            table.add_column(name)
        for line in found.lines:
            runs = line.basis.runs if line.basis else ()
            table.add_row(
                utc(line.at),
                line.kind.value,
                plain(line.version),
                plain(line.environment),
                plain(line.outcome),
                plain(line.by.partition(" <")[0]),
                plain(" ".join(f"{one.suite} {one.run[-8:]}" for one in runs)),
                plain(line.why),
            )
        print_(table)
    _rests_on(found.problems, found.remarks)


def pruned(found: Pruned) -> None:
    """Print what was removed, and what stays."""
    verb = "Would remove" if found.dry_run else "Removed"
    for draft in found.drafts:
        print_(Text(f"  draft {draft.run}  {draft.size} bytes", "dim"))
    for file in found.files:
        print_(Text(f"  sha256:{file.sha256}  {file.size} bytes", "dim"))
    if found.leftovers:
        print_(Text(f"  left by programs that died  {found.leftovers} bytes", "dim"))
    drafts, files = len(found.drafts), len(found.files)
    words = (
        f"{drafts} draft{'s' * (drafts != 1)} older than {found.days} days and {files} stored "
        f"file{'s' * (files != 1)} that nothing names: {found.size} bytes"
    )
    print_(Text(f"{verb} {words}.", "bold"))
    stay = f"{found.stay_drafts} drafts and {found.stay_files} stored files"
    print_(Text(f"{stay} ({found.stay_bytes} bytes) stay."))


def _rests_on(problems: Sequence[str], remarks: Sequence[str]) -> None:
    for words in problems:
        print_(Text(f"  {FAILED} {plain(words)}", "red"))
    for words in remarks:
        print_(Text(f"  {plain(words)}", "dim"))
