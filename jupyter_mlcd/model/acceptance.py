"""Accepting results, and what a reviewer sees of it: who expects what from now on, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from jupyter_mlcd.model.result import CellResult, Verdict
from jupyter_mlcd.model.run import Change

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from jupyter_mlcd.model.reference import ExpectedCell, Reference


class AcceptRequest(msgspec.Struct, frozen=True):
    """Which results of a run are to be expected from now on, and why."""

    why: str
    case: str = ""
    """Id of a case, or a notebook for all of its cases; empty for all of the run."""
    cell: int | None = None
    """Only this code cell, counted from 1, as people say it; None for all that differ."""
    position: int | None = None
    """Only the cell at this position of the notebook, counted from 0, as a run tells it."""
    everything: bool = False
    """Also what was as expected, or not compared."""

    @property
    def is_one(self) -> bool:
        """Whether one cell is meant."""
        return self.cell is not None or self.position is not None

    def takes(self, number: int, result: CellResult) -> bool:
        """Whether a code cell's result is meant and can be had: the cell ran to its end."""
        differs = result.verdict is Verdict.FAILED and result.compared
        fine = result.verdict is Verdict.PASSED
        if not self.is_one:
            return differs or (self.everything and fine)
        is_meant = self.cell in {None, number} and self.position in {None, result.index}
        return is_meant and (differs or fine)


class AcceptedCell(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One cell whose result is expected from now on."""

    case: str
    """Id of the case."""
    cell: int
    """Place among the code cells of the notebook, counted from 1."""


class Accepted(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What ``accept`` did."""

    run: str
    cells: tuple[AcceptedCell, ...]
    """Those whose expected result is another than before."""
    files: tuple[str, ...]
    """From the repository's top; empty where these results were expected already."""
    commit: str
    """Empty where there was nothing to commit."""
    subject: str
    said: str = ""
    """What git and its hooks printed."""
    commands: tuple[str, ...] = ()
    """Plain commands that would have made the same commit of the files as they were written."""


class ReferenceChange(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One expected result that differs between two commits."""

    notebook: str
    parameters: dict[str, Any]
    cell: int
    """Place among the code cells when it was accepted, counted from 1."""
    change: Change
    by: str = ""
    """Who accepted it; empty where nobody did: it was removed, or the file was edited."""
    at: str = ""
    why: str = ""
    run: str = ""


def changes_between(before: Reference | None, after: Reference | None) -> list[ReferenceChange]:
    """Return which expected results differ, with who accepted them and why."""
    old, new = _by_key(before), _by_key(after)
    return [*_removed(before, old, new), *_accepted(after, old, new)]


def _by_key(reference: Reference | None) -> dict[str, ExpectedCell]:
    cells = reference.cells if reference else ()
    return {cell.id or f"{cell.number}": cell for cell in cells}


def _accepted(
    after: Reference | None, old: Mapping[str, ExpectedCell], new: Mapping[str, ExpectedCell]
) -> Iterator[ReferenceChange]:
    for key, cell in new.items():
        was = old.get(key)
        if after is None or (was and (was.source, was.outputs) == (cell.source, cell.outputs)):
            continue
        change = Change.MODIFIED if was else Change.ADDED
        said = cell.accepted
        found = ReferenceChange(after.notebook, after.parameters, cell.number, change)
        if was is None or was.accepted != said:
            found = msgspec.structs.replace(
                found, by=said.by, at=said.at, why=said.why, run=said.run
            )
        yield found


def _removed(
    before: Reference | None, old: Mapping[str, ExpectedCell], new: Mapping[str, ExpectedCell]
) -> Iterator[ReferenceChange]:
    for key, cell in old.items():
        if before is not None and key not in new:
            yield ReferenceChange(before.notebook, before.parameters, cell.number, Change.DELETED)


def of_cells(numbers: Iterable[int]) -> str:
    """Return "cell 3" or "cells 3, 5 and 7"."""
    words = [str(one) for one in sorted(set(numbers))]
    if len(words) == 1:
        return f"cell {words[0]}"
    return f"cells {', '.join(words[:-1])} and {words[-1]}"
