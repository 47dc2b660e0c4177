"""How a difference looks in a terminal: `-` and `+` at the start of lines, as git shows it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from jupyter_mlcd.cli.render import when
from jupyter_mlcd.model.comparison import OutputKind, Relation
from jupyter_mlcd.model.gate import show
from jupyter_mlcd.project_api.terminal import plain, print_

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from jupyter_mlcd.model.comparison import (
        Against,
        CaseChanges,
        CaseComparison,
        CellComparison,
        EvidenceChanges,
        OutputComparison,
        ScoreChange,
    )

    Pair = tuple[str | None, str | None]

_MARKS = {Relation.SAME: "=", Relation.CHANGED: "~", Relation.NEW: "+", Relation.GONE: "-"}
_CONTEXT = 2
"""Equal lines that are shown around those that differ."""


def difference(found: EvidenceChanges, cases: Sequence[CaseChanges]) -> None:
    """Print what changed in a run: its cases, what differs in ``cases``, and the software."""
    if found.against is None:
        print_(Text("Nothing is live that stands on another run of this suite."))
        print_(Text("Name a run to compare with: --against RUN", style="dim"))
        return
    print_(Text(f"Against {against_in_words(found.against)}", style="bold"))
    shown = {one.case.id: one for one in cases}
    for case in found.cases:
        print_(Text(f"  {_MARKS[case.relation]} {case_in_words(case)}"))
        if case.id in shown:
            case_difference(shown[case.id])
    for one in found.software:
        versions = f"{one.before or 'not there'} -> {one.after or 'gone'}"
        print_(Text(f"  {plain(one.name)} {plain(versions)} ({plain(one.kernel)})"))


def against_in_words(against: Against) -> str:
    """Return "0.2.0, live in production", or the run that was chosen."""
    if not against.version:
        return plain(f"the run {against.run[-8:]} of {when(against.at)}")
    live = "live" if against.live else "live before"
    return plain(f"{against.version}, {live} in {against.environment}")


def case_in_words(case: CaseComparison) -> str:
    """Return "train.ipynb[seed=1]: 2 cells, outputs of 3, accuracy 0.95 -> 0.96"."""
    parts = [
        {Relation.NEW: "new", Relation.GONE: "gone", Relation.SAME: "the same"}.get(
            case.relation, ""
        ),
        f"{case.sources} cell{'s' * (case.sources != 1)}" if case.sources else "",
        f"outputs of {case.outputs}" if case.outputs else "",
        *(_score(one) for one in case.scores),
        case.problem,
    ]
    return plain(f"{case.id}: {', '.join(filter(None, parts))}")


def _score(one: ScoreChange) -> str:
    sides = ["nothing" if value is None else show(value) for value in (one.before, one.after)]
    return f"{one.name} {sides[0]} -> {sides[1]}"


def case_difference(found: CaseChanges) -> None:
    """Print the cells of a case that differ."""
    number = 0
    for cell in found.cells:
        number += cell.kind == "code" and cell.place is not None
        if cell.relation is Relation.SAME:
            continue
        print_(Text(f"      {_place(cell, number)}", style="bold"))
        if cell.source_changed:
            _lines((one.before, one.after) for one in cell.lines)
        for output in cell.outputs:
            if output.relation is not Relation.SAME:
                _output(output)
    if found.left_out:
        print_(Text(f"      {found.left_out} more cells are not shown", style="dim"))


def _place(cell: CellComparison, number: int) -> str:
    """Return which cell it is: code cells are counted from 1, as `accept --cell` counts them."""
    if cell.kind != "code":
        where = f"{cell.kind} after cell {number}" if number else f"{cell.kind} at the beginning"
    elif cell.relation is Relation.GONE:
        where = f"a cell after cell {number}" if number else "a cell at the beginning"
    elif cell.place is None:
        where = "parameters"
    else:
        where = f"cell {number}"
    said = {Relation.NEW: ", new", Relation.GONE: ", gone"}.get(cell.relation, "")
    return where + said


def _output(output: OutputComparison) -> None:
    print_(Text(f"        {plain(output.name)}", style="dim"))
    if output.kind is OutputKind.PICTURE:
        sides = [
            f"a picture of {side.size} bytes" if side else None
            for side in (output.before, output.after)
        ]
        _lines([(sides[0], None), (None, sides[1])])
    elif output.kind is OutputKind.TABLE:
        _lines((_row(one.before), _row(one.after)) for one in output.rows)
    else:
        _lines((one.before, one.after) for one in output.lines)
    if any(side is not None and not side.whole for side in (output.before, output.after)):
        print_(Text("        only its beginning is compared", style="dim"))


def _row(cells: tuple[str, ...] | None) -> str | None:
    return None if cells is None else " | ".join(cells)


def _lines(pairs: Iterator[Pair] | Sequence[Pair]) -> None:
    """Print the lines that differ with a few equal ones around them, those that are gone first."""
    told = list(pairs)
    differing = {place for place, pair in enumerate(told) if pair[0] != pair[1]}
    near = {place + step for place in differing for step in range(-_CONTEXT, _CONTEXT + 1)} & set(
        range(len(told))
    )
    gone: list[str] = []
    new: list[str] = []
    for place in sorted(near):
        if place not in differing or (place - 1 not in near):
            _stretch(gone, new)
        if place - 1 not in near and place:
            print_(Text("          …", style="dim"))
        before, after = told[place]
        if place not in differing:
            print_(Text(f"            {plain(before or '')}", style="dim"))
            continue
        gone += [] if before is None else [before]
        new += [] if after is None else [after]
    _stretch(gone, new)


def _stretch(gone: list[str], new: list[str]) -> None:
    for sign, style, lines in (("-", "red", gone), ("+", "green", new)):
        for line in lines:
            print_(Text(f"          {sign} {plain(line)}", style=style))
        lines.clear()
