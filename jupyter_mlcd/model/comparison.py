"""What changed between two runs of a suite: case by case, cell by cell, score by score."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

import msgspec

from jupyter_mlcd.model.result import Verdict


class Relation(StrEnum):
    """How something of the run relates to what it is compared with."""

    SAME = "same"
    CHANGED = "changed"
    NEW = "new"
    GONE = "gone"


class Against(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The run that another one is compared with."""

    run: str
    version: str = ""
    """The release that stands on it; empty where it was chosen by hand."""
    environment: str = ""
    """Where that release is live, or was before; empty where it was chosen by hand."""
    live: bool = False
    """Whether it is live there now."""
    at: str = ""
    """When the run ended, UTC."""
    by: str = ""


class ScoreChange(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A score of one case that is other than before."""

    name: str
    before: float | None
    """None where it was not recorded."""
    after: float | None
    """None where it is not recorded any more."""


class CaseComparison(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One case, against the same case before."""

    id: str
    notebook: str
    parameters: dict[str, Any]
    varied: tuple[str, ...]
    relation: Relation
    verdict: Verdict | None
    """None where it is gone."""
    after: int | None = None
    """Its place among the cases of the run, counted from 0."""
    before: int | None = None
    """Its place among the cases of what it is compared with."""
    sources: int = 0
    """Cells whose source is changed, new or gone."""
    outputs: int = 0
    """Cells whose outputs are changed, of cells that are in both."""
    scores: tuple[ScoreChange, ...] = ()
    problem: str = ""
    """Why its notebooks could not be compared, in words; it counts as changed."""


class SoftwareChange(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A package, or the language itself, that is another version than before."""

    kernel: str
    name: str
    before: str
    """Empty where it was not there."""
    after: str
    """Empty where it is not there any more."""


class PicturePlace(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where a picture stands: ``runs/{run}/files/outputs/{case}/{cell}/{output}/picture``."""

    run: str
    case: int
    cell: int
    output: int


class FigureComparison(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A figure that a notebook recorded, against the one of the same name before."""

    name: str
    case: str
    """Id of the case in the run."""
    after: PicturePlace
    before: PicturePlace | None


class EvidenceChanges(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What changed in a run against another one; by default the one that is live."""

    run: str
    against: Against | None
    """None where nothing is live that stands on another run of this suite."""
    cases: tuple[CaseComparison, ...]
    """Those of the run in its order, then those that are gone."""
    software: tuple[SoftwareChange, ...]
    figures: tuple[FigureComparison, ...]


class Line(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One line of a text on both sides; None where a side has no such line."""

    before: str | None
    after: str | None


class TableRow(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One row of a table on both sides; None where a side has no such row."""

    before: tuple[str, ...] | None
    after: tuple[str, ...] | None


class OutputKind(StrEnum):
    """How an output is shown."""

    TEXT = "text"
    TABLE = "table"
    PICTURE = "picture"


class OutputSide(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where one side of an output stands, and how large it is."""

    cell: int
    """Position in the executed notebook, counted from 0."""
    output: int
    """Position among the cell's outputs, counted from 0."""
    media: str
    size: int
    """Bytes."""
    sha256: str
    whole: bool = True
    """Whether all of it is in the comparison; else the rest is asked for by itself."""


class OutputComparison(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One output on both sides."""

    relation: Relation
    name: str
    """``stdout``, ``stderr``, ``error``, or its media type."""
    kind: OutputKind
    before: OutputSide | None
    after: OutputSide | None
    lines: tuple[Line, ...] = ()
    """Of a text."""
    rows: tuple[TableRow, ...] = ()
    """Of a table, its heads first."""


class CellComparison(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One cell on both sides."""

    relation: Relation
    kind: str
    """``code``, ``markdown`` or ``raw``."""
    before: int | None
    """Position in the executed notebook, counted from 0."""
    after: int | None
    place: int | None
    """Position in the notebook that was tested, without the cell that parameters came in."""
    id: str
    source_changed: bool
    outputs_changed: bool
    lines: tuple[Line, ...]
    """Its source."""
    outputs: tuple[OutputComparison, ...]
    verdict: Verdict | None = None
    """Of the run; None where the cell has none or is gone."""
    reason: str = ""


class NotebookComparison(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Two executed notebooks, cell by cell."""

    cells: tuple[CellComparison, ...]
    left_out: int = 0
    """Cells that are there and not listed: there are too many."""


class NotebookCount(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How many cells of two executed notebooks differ."""

    sources: int
    outputs: int


class CaseChanges(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One case, cell by cell."""

    case: CaseComparison
    against: Against | None
    cells: tuple[CellComparison, ...]
    left_out: int = 0
    """Cells that are there and not listed: there are too many."""


class ScorePoint(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What one kept run scored."""

    run: str
    at: str
    """When it ended, UTC."""
    by: str
    versions: tuple[str, ...]
    """Releases that stand on it."""
    value: float
    """The mean over its cases."""
    low: float | None
    """Lower end of what was recorded with it; of several cases the smallest value."""
    high: float | None
    cases: int = 1


class ScoreHistory(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the kept runs of a suite scored, oldest first, the run itself included."""

    run: str
    suite: str
    scores: dict[str, tuple[ScorePoint, ...]]
    left_out: int = 0
    """Older runs that are kept and not listed."""
