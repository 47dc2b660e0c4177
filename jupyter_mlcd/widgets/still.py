"""What a widget leaves behind: a table that is read without JavaScript, network or kernel."""

from __future__ import annotations

from datetime import datetime
from html import escape
from typing import TYPE_CHECKING, NamedTuple

from jupyter_mlcd.model.evidence import Match
from jupyter_mlcd.model.gate import show
from jupyter_mlcd.model.result import GREEN, State, Verdict
from jupyter_mlcd.project_api.terminal import plain

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jupyter_mlcd.model.evidence import Manifest
    from jupyter_mlcd.model.result import CaseResult
    from jupyter_mlcd.model.run import Run
    from jupyter_mlcd.model.status import EnvironmentStatus, EvidenceStatus, Preview

_MATCHES = {
    Match.MATCHES: "matches your files",
    Match.OLDER: "older",
    Match.UNCOMMITTED: "uncommitted changes",
}
CLASS = "jp-Mlcd-still"
"""The views' stylesheet hides what is called so while a live view stands before it."""
_CELL = "text-align:left;vertical-align:top;padding:2px 12px 2px 0"


class Still(NamedTuple):
    """A title, rows below headings, and a closing sentence; any of them may be empty."""

    title: str
    headings: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    words: str = ""

    def html(self) -> str:
        """Return it as a table without scripts or links."""
        head = "".join(f'<th style="{_CELL}">{escape(one)}</th>' for one in self.headings)
        rows = "".join(
            "<tr>" + "".join(f'<td style="{_CELL}">{escape(cell)}</td>' for cell in row) + "</tr>"
            for row in self.rows
        )
        table = f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"
        words = f"<p>{escape(self.words)}</p>" if self.words else ""
        title = f"<p><b>{escape(self.title)}</b></p>"
        return f'<div class="{CLASS}">{title}{table if self.rows else ""}{words}</div>'

    def text(self) -> str:
        """Return the same as lines."""
        widths = [max(map(len, column)) for column in zip(self.headings, *self.rows, strict=True)]
        lines = [
            "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
            for row in ((self.headings, *self.rows) if self.rows else ())
        ]
        return plain("\n".join(filter(None, [self.title, *lines, self.words])))

    def bundle(self) -> dict[str, str]:
        """Return it by media type."""
        return {"text/html": self.html(), "text/plain": self.text()}


def of_run(name: str, run: Run | None) -> Still:
    """Return a suite with its newest run."""
    if run is None:
        return Still(f"{name}: never run")
    rows = tuple(
        (_sign(case.verdict), _case_name(case), _word(case), _scores(case.metrics), case.reason)
        for case in run.cases
    )
    return Still(
        f"{_sign(run.verdict)} {name}: {run.verdict or run.state}",
        ("", "notebook", "result", "scores", "reason"),
        rows,
        " ".join(filter(None, [run.reason, f"({_when(run.started)}, run {run.id})"])),
    )


def of_evidence(found: Sequence[EvidenceStatus]) -> Still:
    """Return the list of evidence."""
    rows = tuple(
        (
            _sign(one.verdict),
            one.suite,
            _when(one.at),
            _person(one.by),
            one.reason,
            _MATCHES[one.match],
            " ".join(one.versions),
        )
        for one in found
    )
    headings = ("", "suite", "when", "by", "result", "files", "versions")
    return Still("Evidence", headings, rows, "" if rows else "none yet")


def of_manifest(found: Manifest) -> Still:
    """Return one piece of evidence."""
    still = of_run(found.run.suite, found.run)
    where = f"commit {found.run.commit[:12] or 'none'}, tree {found.run.tree[:12]}"
    words = f"{_when(found.run.started)} by {_person(found.run.by)}, attempt {found.attempt}, "
    return still._replace(title=f"Evidence of {still.title}", words=words + where)


def of_environments(found: Sequence[EnvironmentStatus]) -> Still:
    """Return where it is live."""
    rows = tuple(
        (
            one.name,
            one.live.version if one.live else "nothing yet",
            _when(one.live.since) if one.live else "",
            _scores(one.scores),
            one.target,
        )
        for one in found
    )
    headings = ("environment", "version", "since", "scores", "how it is reached")
    return Still("Where it is live", headings, rows, "" if rows else "nowhere yet")


def of_preview(found: Preview) -> Still:
    """Return what delivering would do, and what stands in the way."""
    lines = [("✓" if one.met else "✗", one.name, one.words) for one in found.lines]
    if found.reasons:
        lines += [("✗", "not yet", one.text) for one in found.reasons]
        words = "Nothing has been sent."
    else:
        steps = enumerate(found.steps, start=1)
        lines += [("", f"step {number}", step.replace("**", "")) for number, step in steps]
        words = (
            "Nothing has been sent. Confirm it in the Delivery panel, or in a terminal: "
            f"jupyter mlcd deliver --to {found.environment}"
        )
    title = f"Deliver {found.project} {found.version} to {found.environment}"
    return Still(title, ("", "what", "what was checked, what will happen"), tuple(lines), words)


def _sign(verdict: Verdict | None) -> str:
    if verdict is None or verdict is Verdict.NOT_RUN:
        return "·"
    return "✓" if verdict in GREEN else "✗"


def _word(case: CaseResult) -> str:
    if case.state is State.RUNNING:
        return f"cell {case.position} of {case.total}"
    return str(case.verdict or case.state)


def _case_name(case: CaseResult) -> str:
    varied = " ".join(f"{name}={case.parameters[name]}" for name in case.varied)
    return f"{case.notebook} {varied}".strip()


def _scores(metrics: dict[str, float]) -> str:
    return ", ".join(f"{name} {show(value)}" for name, value in metrics.items())


def _person(by: str) -> str:
    return by.split(" <", maxsplit=1)[0]


def _when(at: str) -> str:
    return f"{datetime.fromisoformat(at).astimezone():%Y-%m-%d %H:%M}" if at else ""
