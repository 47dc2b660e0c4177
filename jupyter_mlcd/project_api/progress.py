"""How a run's progress is shown: a live table in a terminal, lines in a file, or a cell's output.

It draws what ``jupyter mlcd run`` draws.
"""

from __future__ import annotations

from contextlib import contextmanager
from io import StringIO
from typing import TYPE_CHECKING, Any

import click
from rich.console import Console
from rich.live import Live

from jupyter_mlcd.model.result import State
from jupyter_mlcd.project_api import render_runs
from jupyter_mlcd.world.this_kernel import kernel_shell

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from jupyter_mlcd.model.run import Run

    Show = Callable[[Run], None]

_WIDTH = 100
"""Characters of a table in a notebook; longer lines wrap."""
_PAGE = '<pre style="white-space:pre-wrap;line-height:normal">{code}</pre>'


@contextmanager
def shown(*, progress: bool) -> Iterator[Show]:
    """Give a function that shows a run as it stands, as often as it is called."""
    if not progress:
        yield lambda _: None
    elif kernel_shell() is not None:
        yield _InNotebook()
    elif Console().is_terminal:
        with Live(console=Console(), refresh_per_second=8) as live:
            yield lambda run: live.update(render_runs.run_table(run))
    else:
        yield _ByLines()


class _ByLines:
    """A line when a case ends: for files, pipes and CI logs."""

    def __init__(self) -> None:
        self._told: set[str] = set()

    def __call__(self, run: Run) -> None:
        for case in run.cases:
            if case.state is State.ENDED and case.id not in self._told:
                self._told.add(case.id)
                click.echo(render_runs.case_line(case))


class _InNotebook:
    """One output of the cell that is kept up to date; it stays readable without a kernel."""

    def __init__(self) -> None:
        self._handle: Any = None
        self._last: dict[str, str] = {}

    def __call__(self, run: Run) -> None:
        from IPython.display import display  # noqa: PLC0415 - only in a kernel

        bundle = _bundle(run)
        if bundle == self._last:
            return
        self._last = bundle
        if self._handle is None:
            show: Any = display
            self._handle = show(bundle, raw=True, display_id=True)
        else:
            self._handle.update(bundle, raw=True)


def _bundle(run: Run) -> dict[str, str]:
    console = Console(file=StringIO(), record=True, width=_WIDTH, force_jupyter=False)
    console.print(render_runs.run_table(run))
    if run.state is State.ENDED:
        console.print(f"{run.suite} {run.verdict}: {run.reason}", highlight=False, markup=False)
    return {
        "text/html": console.export_html(inline_styles=True, code_format=_PAGE, clear=False),
        "text/plain": console.export_text(),
    }
