"""Which cells of two executed notebooks belong together, and what differs in them.

Cells with equal source are matched first, in order. In the stretches between, cells with the same
id belong together, then those whose sources are most alike. A cell that was moved is gone in one
place and new in another.
"""

from __future__ import annotations

from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

import msgspec

from jupyter_mlcd.bundle.difference_lines import line_pairs, stretches
from jupyter_mlcd.bundle.difference_outputs import compare_outputs, outputs_differ
from jupyter_mlcd.model.comparison import (
    CellComparison,
    NotebookComparison,
    NotebookCount,
    Relation,
)
from jupyter_mlcd.model.notebook import source_of, tags_of

_MOST_CELLS = 600
"""Cells of one comparison that are told; the others are only counted."""
_MOST_TRIED = 40
"""Cells of one stretch that are compared with each other by how alike they are."""
_LONGEST_TRIED = 4000
"""Characters of a source that are looked at for how alike it is."""
_ALIKE = 0.5
_INJECTED = "injected-parameters"
"""The tag of papermill's cell with parameters."""


@dataclass(frozen=True)
class Cell:
    """A cell of an executed notebook."""

    kind: str
    source: str
    id: str
    place: int
    """Position in the executed notebook."""
    tested: int | None
    """Position in the notebook that was tested; None for the cell that parameters came in."""
    outputs: object

    def is_same_as(self, other: Cell) -> bool:
        """Whether it says of itself that it is the same cell; that of parameters always is."""
        if self.tested is None or other.tested is None:
            return self.tested is other.tested
        return bool(self.id) and (self.kind, self.id) == (other.kind, other.id)


def read_cells(notebook: bytes) -> list[Cell]:
    """Return the cells of a notebook. Raises ValueError for anything else."""
    try:
        cells: list[dict[str, Any]] = msgspec.json.decode(notebook)["cells"]
        found: list[Cell] = []
        injected = 0
        for place, one in enumerate(cells):
            given = _INJECTED in tags_of(one)
            injected += given
            tested = None if given else place - injected
            named = str(one.get("id") or "")
            source, outputs = source_of(one), one.get("outputs")
            found.append(Cell(str(one["cell_type"]), source, named, place, tested, outputs))
    except (msgspec.DecodeError, KeyError, TypeError, AttributeError, RecursionError) as error:
        message = "it is not a notebook"
        raise ValueError(message) from error
    return found


def count_cells(before: bytes, after: bytes) -> NotebookCount:
    """Return how many cells differ. Raises ValueError where one side is no notebook."""
    sources = outputs = 0
    for left, right in align_cells(read_cells(before), read_cells(after)):
        sources += left is None or right is None or left.source != right.source
        outputs += left is not None and right is not None and _outputs_differ(left, right)
    return NotebookCount(sources, outputs)


def compare_cells(before: bytes | None, after: bytes | None) -> NotebookComparison:
    """Return two notebooks cell by cell; None is one that is not there. Raises ValueError."""
    left = [] if before is None else read_cells(before)
    right = [] if after is None else read_cells(after)
    pairs = align_cells(left, right)
    cells = tuple(_compared(*pair) for pair in pairs[:_MOST_CELLS])
    return NotebookComparison(cells, max(0, len(pairs) - _MOST_CELLS))


def align_cells(before: list[Cell], after: list[Cell]) -> list[tuple[Cell | None, Cell | None]]:
    """Return which cells belong together, in the order of both."""
    found: list[tuple[Cell | None, Cell | None]] = []
    keys = [[(cell.kind, cell.source) for cell in side] for side in (before, after)]
    for left, right in stretches(*keys):
        one, other = before[left.start : left.stop], after[right.start : right.stop]
        same = [(a.kind, a.source) for a in one] == [(b.kind, b.source) for b in other]
        found += list(zip(one, other, strict=True)) if same else _within(one, other)
    return found


def _within(before: list[Cell], after: list[Cell]) -> list[tuple[Cell | None, Cell | None]]:
    """Return which cells of a changed stretch belong together."""
    found: list[tuple[Cell | None, Cell | None]] = []
    done = 0
    for place, cell in enumerate(after):
        partner = _partner(cell, before[done:], after[place + 1 :])
        if partner is None:
            found.append((None, cell))
            continue
        found += [(left, None) for left in before[done : done + partner]]
        found.append((before[done + partner], cell))
        done += partner + 1
    return found + [(left, None) for left in before[done:]]


def _partner(cell: Cell, candidates: list[Cell], later: list[Cell]) -> int | None:
    """Return the place of the candidate that ``cell`` was before, if there is one.

    A candidate that one of the ``later`` cells says it is belongs to that one.
    """
    for place, one in enumerate(candidates):
        if one.is_same_as(cell):
            return place
    taken = {(one.kind, one.id) for one in later if one.id}
    free = [
        (place, one)
        for place, one in enumerate(candidates[:_MOST_TRIED])
        if one.kind == cell.kind and (one.kind, one.id) not in taken and one.tested is not None
    ]
    if cell.tested is None or not free:
        return None
    likeness, place = max((_likeness(one, cell), -place) for place, one in free)
    return -place if likeness >= _ALIKE else None


def _likeness(one: Cell, other: Cell) -> float:
    sides = one.source[:_LONGEST_TRIED].split(), other.source[:_LONGEST_TRIED].split()
    return SequenceMatcher(None, *sides, autojunk=False).ratio()


def _outputs_differ(before: Cell, after: Cell) -> bool:
    return before.outputs != after.outputs and outputs_differ(before.outputs, after.outputs)


def _compared(before: Cell | None, after: Cell | None) -> CellComparison:
    cell = after or before
    assert cell is not None  # noqa: S101 - a pair has at least one side
    sources = before.source if before else None, after.source if after else None
    outputs = compare_outputs(
        before.outputs if before else None,
        after.outputs if after else None,
        (before.place if before else None, after.place if after else None),
    )
    source_changed = sources[0] != sources[1]
    outputs_changed = any(one.relation is not Relation.SAME for one in outputs)
    relation = Relation.CHANGED if source_changed or outputs_changed else Relation.SAME
    if before is None or after is None:
        relation = Relation.NEW if before is None else Relation.GONE
    return CellComparison(
        relation=relation,
        kind=cell.kind,
        before=before.place if before else None,
        after=after.place if after else None,
        place=after.tested if after else None,
        id=after.id if after else "",
        source_changed=source_changed,
        outputs_changed=outputs_changed,
        lines=line_pairs(*sources),
        outputs=outputs,
    )
