"""Tables whose rows look like personal data: where, which columns, how many rows; never a value."""

from __future__ import annotations

import msgspec

UNREAD = "not looked through in time"
"""Instead of kinds of columns: what was not looked through may hold anything."""


class PersonalFinding(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One output of an executed notebook in which such rows stand."""

    file: str
    cell: int
    """Position of the cell in the notebook, from 0."""
    output: int
    """Position of the output in the cell, from 0."""
    kinds: tuple[str, ...]
    """What the columns seem to hold, such as ``name`` and ``e-mail address``."""
    rows: int
    """How many were read; of a long table only the beginning is."""

    def __str__(self) -> str:
        """Return in words where what stands."""
        what = ", ".join(self.kinds)
        return f"{self.place}: {what}" + (f" in {self.rows} rows" if self.rows else "")

    @property
    def place(self) -> str:
        """File, cell and output in words."""
        return f"{self.file}, cell {self.cell}, output {self.output}"


class FoundPersonal(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Such a table of a draft as a person looks at it."""

    finding: PersonalFinding
    case: int | None
    """Place of the case in the run in whose executed notebook it stands; None elsewhere."""
    name: str
    """Id of that case; elsewhere the file."""
    source: int | None
    """Position in the notebook that was tested; None for a cell that only the executed one has."""
