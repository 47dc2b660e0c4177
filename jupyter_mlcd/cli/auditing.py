"""For the auditor: what was live when, and who did what on which evidence."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from jupyter_mlcd.cli.grouping import print_json
from jupyter_mlcd.model.errors import RefusedError, UsageError
from jupyter_mlcd.workbench import audit_page, audit_table
from jupyter_mlcd.world.files import write_atomically

if TYPE_CHECKING:
    from pathlib import Path

    from jupyter_mlcd.workbench import Workbench

_NAMES = {".csv": "audit.csv", ".html": "audit.html"}
_MAKERS = {".csv": audit_table, ".html": audit_page}


def status_at(bench: Workbench, at: str, *, as_json: bool) -> None:
    """Print what was live everywhere at a moment."""
    from jupyter_mlcd.cli import render_audit  # noqa: PLC0415 - Rich is slow to load

    found = bench.status_at(at)
    if as_json:
        print_json(found)
    else:
        render_audit.status_then(found)


def audit(bench: Workbench, bounds: tuple[str, str], output: Path | None, *, as_json: bool) -> None:
    """Print who did what in a time, or write it as files. Raises UsageError, RefusedError."""
    from jupyter_mlcd.cli import render_audit  # noqa: PLC0415

    files = {} if output is None else _places(output)
    # Read once: what is written and what is printed are the same history.
    found = bench.audit(*bounds)
    for kind, file in files.items():
        file.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(file, _MAKERS[kind](found))
        click.echo(f"Wrote {file}.")
    if as_json:
        print_json(found)
    else:
        render_audit.audit(found, lines=output is None)


def _places(output: Path) -> dict[str, Path]:
    """Return ``{suffix: file}`` of what is to be written. Raises UsageError, RefusedError."""
    files = {output.suffix: output} if output.suffix in _NAMES else {}
    if not files:
        if output.suffix:
            hint = "Name a folder, or a file that ends in .csv or .html."
            raise UsageError(f"{output} is neither", hint=hint)
        files = {kind: output / name for kind, name in _NAMES.items()}
    there = [file for file in files.values() if file.exists()]
    if there:
        raise RefusedError(f"{there[0]} is there already", hint="Name another place.")
    return files
