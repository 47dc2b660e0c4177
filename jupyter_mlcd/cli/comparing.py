"""``jupyter mlcd evidence diff``: a run against another one, case by case and cell by cell."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from jupyter_mlcd.cli import following, render_difference
from jupyter_mlcd.cli.grouping import print_json
from jupyter_mlcd.model.comparison import CaseChanges, EvidenceChanges, Relation
from jupyter_mlcd.model.errors import NotFoundError

if TYPE_CHECKING:
    from jupyter_mlcd.workbench import Workbench


class Difference(msgspec.Struct, frozen=True):
    """What ``--json`` prints."""

    changes: EvidenceChanges
    cases: tuple[CaseChanges, ...]
    """Those that differ and could be compared, cell by cell."""


def compare(bench: Workbench, runs: tuple[str, str], case: str, *, as_json: bool) -> None:
    """Print what changed in the first of two runs; empty names: the newest one, what is live."""
    run = bench.find(runs[0]) if runs[0] else following.newest_run(bench)
    against = bench.find(runs[1]) if runs[1] else ""
    changes = bench.compare(run, against)
    wanted = {
        place: one for place, one in enumerate(changes.cases) if case in {"", one.id, one.notebook}
    }
    if case and not wanted:
        listed = ", ".join(one.id for one in changes.cases) or "none"
        raise NotFoundError(f"the run has no case {case!r}", hint=f"Its cases: {listed}.")
    found = Difference(
        msgspec.structs.replace(changes, cases=tuple(wanted.values())),
        tuple(
            bench.compare_case(run, place, against)
            for place, one in wanted.items()
            if one.relation is Relation.CHANGED and not one.problem
        ),
    )
    if as_json:
        print_json(found)
    else:
        render_difference.difference(found.changes, found.cases)
