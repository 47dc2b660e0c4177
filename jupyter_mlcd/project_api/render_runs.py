"""How runs look in a terminal: while they go on, and when they have ended."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from rich.console import Group, RenderableType
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from jupyter_mlcd.model.gate import show
from jupyter_mlcd.model.result import GREEN, CaseResult, Difference, State, Verdict
from jupyter_mlcd.project_api.terminal import FAILED, PASSED, RUNNING, WAITING, plain, print_

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jupyter_mlcd.model.run import Run


def mark(verdict: Verdict | None, state: State) -> Text:
    """Return the mark of a case or a run."""
    if state is State.WAITING:
        return Text(WAITING, style="dim")
    if verdict is None:
        return Text(RUNNING, style="blue")
    if verdict in GREEN:
        return Text(PASSED, style="green" if verdict is Verdict.PASSED else "yellow")
    if verdict is Verdict.SKIPPED:
        return Text(WAITING, style="dim")
    return Text(WAITING if verdict is Verdict.NOT_RUN else FAILED, style="red")


def case_name(case: CaseResult) -> str:
    """Return "train seed=1": the notebook and what varies."""
    varied = " ".join(f"{name}={case.parameters[name]}" for name in case.varied)
    return plain(f"{case.notebook} {varied}".strip())


def scores_of(case: CaseResult) -> str:
    """Return "accuracy 0.966" for each score."""
    return ", ".join(f"{plain(name)} {show(value)}" for name, value in case.metrics.items())


def case_line(case: CaseResult) -> str:
    """Return a case that has ended as one line."""
    sign = PASSED if case.verdict in GREEN else FAILED
    sign = WAITING if case.verdict is Verdict.SKIPPED else sign
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
            print_(Text(f"  {case_name(case)}: {plain(cell.reason)}", style="red"))
            for one in cell.differences:
                print_(_side("expected", one, one.expected, one.expected_span, "green"))
                print_(_side("got", one, one.got, one.got_span, "red"))
        for remark in case.remarks:
            print_(Text(f"  {case_name(case)}: {plain(remark)}", style="yellow"))
    for line in _of_others(run):
        print_(Text(line))
    passed = run.verdict in GREEN
    words = f"{plain(run.suite)} {run.verdict}: {plain(run.reason)}"
    print_(Text(words, style="bold green" if passed else "bold red"))
    print_(Text(f"run {run.id}", style="dim"))


def _side(
    which: str, difference: Difference, text: str, span: tuple[int, int] | None, style: str
) -> Text:
    """Return one side of a difference with what changed in colour."""
    by = f" ({difference.by})" if difference.by and which == "expected" else ""
    line = Text(f"    {difference.field} {which + by + ':':9} ")
    if span is None:
        return line.append(plain(text), style)
    start, end = span
    line.append(plain(text[:start])).append(plain(text[start:end]), f"{style} underline")
    return line.append(plain(text[end:]))


def _of_others(run: Run) -> Iterator[str]:
    """Yield what the real nbval and the measurement of coverage said, where they were asked."""
    if run.nbval is not None:
        one = run.nbval
        yield f"pytest --nbval: {one.passed} passed, {one.failed} failed, {one.skipped} skipped"
        yield from (f"  {plain(words)}" for words in one.disagreements)
    if run.coverage is not None:
        yield f"coverage: {run.coverage.percent:.1f} % of {len(run.coverage.files)} files"
        for path, (executed, lines) in run.coverage.files.items():
            yield f"  {plain(path):40} {executed} of {lines} lines"
    if run.scored:
        yield f"{run.scored.words}: this proves nothing about the files that it ran on."
    elif run.partial:
        yield "Only some cases were run: this proves nothing about the whole suite."
