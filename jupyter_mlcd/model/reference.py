"""References: the expected results of one case, in a file of its own beside the notebook.

A notebook has room for one set of outputs, so a matrix cannot be compared with it, nor can a
notebook from which a git filter takes the outputs. A Reference is committed and reviewed like code:
``expected/train@seed=1.json``. Equal outputs give equal bytes.
"""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

import msgspec

from jupyter_mlcd.model.errors import ConfigError
from jupyter_mlcd.model.notebook import code_positions, source_of
from jupyter_mlcd.model.release import canonical

if TYPE_CHECKING:
    from collections.abc import Mapping

FOLDER = "expected"

_LONGEST_NAME = 100
_LONGEST_STEM = 40
_READABLE = re.compile(r"[A-Za-z0-9_]+=[a-z0-9_.+-]+\Z")
_WORD = re.compile(r"[a-z][a-z0-9_-]*\Z")
_IGNORED = re.compile(r"^[ \t]*#[# \t]*(NBVAL|PYTEST_VALIDATE)_IGNORE_OUTPUT[ \t]*$", re.MULTILINE)
_IGNORED_TAGS = frozenset({"nbval-ignore-output", "pytest-validate-ignore-output"})


class Acceptance(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Who said that a result is right."""

    by: str
    """``Name <e-mail>``."""
    at: str
    """UTC, ISO 8601."""
    why: str
    run: str
    """Id of the run that gave it."""


class ExpectedCell(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What one code cell is expected to put out."""

    id: str
    """The cell's id in the notebook; empty where it has none."""
    number: int
    """Its place among the code cells when it was accepted, counted from 1."""
    source: str
    """sha256 of the cell's source: the result holds for exactly this code."""
    outputs: tuple[dict[str, Any], ...]
    """As ``kept_outputs`` makes them."""
    accepted: Acceptance


class Reference(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The expected results of one case."""

    notebook: str
    """Path of the notebook, relative to the project."""
    parameters: dict[str, Any]
    cells: tuple[ExpectedCell, ...]
    """In the order of the notebook."""
    v: int = 1

    def to_bytes(self) -> bytes:
        """Return the text of the file."""
        return canonical(self)


def parse_reference(content: bytes, path: str) -> Reference:
    """Return the Reference that ``path`` holds. Raises ConfigError for anything else."""
    try:
        found = msgspec.json.decode(content, type=Reference)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise ConfigError(
            f"{path} cannot be read as expected results: {error}",
            code="broken-reference",
            hint="Resolve the conflict in it, take it from git again, or remove it.",
            details={"file": path},
        ) from None
    if found.v != 1:
        raise ConfigError(
            f"{path} was written by a newer version of jupyter_mlcd",
            code="newer-reference",
            hint="Update jupyter_mlcd.",
            details={"file": path},
        )
    return found


# ------------------------------------------------------------------------------------------ names


def reference_path(notebook: str, parameters: Mapping[str, Any]) -> str:
    """Return the file that holds the expected results of a case, relative to the project.

    ``expected/train@seed=1.json``: readable where the parameters are short and plain, else with a
    digest, so that values that differ in capitals alone do not meet on Windows or macOS. Without
    brackets, which are patterns to shells and to git.
    """
    place = PurePosixPath(notebook)
    digest = _digest(json.dumps([place.stem, parameters], sort_keys=True))[:16]
    name = place.stem
    if parameters:
        parts = [f"{one}={_value_in_name(parameters[one])}" for one in sorted(parameters)]
        is_plain = all(_READABLE.match(part) for part in parts)
        name += f"@{','.join(parts) if is_plain else digest}"
    if len(name.encode()) > _LONGEST_NAME:
        name = f"{place.stem[:_LONGEST_STEM]}@{digest}"
    return (place.parent / FOLDER / f"{name}.json").as_posix()


def _value_in_name(value: object) -> str:
    """Return a value as it stands in a file's name; empty where that would not be plain."""
    if isinstance(value, str):
        return value if _WORD.match(value) and value not in {"true", "false", "null"} else ""
    return "" if isinstance(value, list | tuple | dict) else json.dumps(value)


def is_reference(path: str) -> bool:
    """Whether a path may be that of a Reference."""
    place = PurePosixPath(path)
    return place.suffix == ".json" and place.parent.name == FOLDER


# ------------------------------------------------------------------------------------------ cells


class MatchedCells(msgspec.Struct, frozen=True):
    """Which cells of a notebook a Reference speaks of."""

    same: dict[int, ExpectedCell]
    """``{position in the notebook: expectation}`` of cells with the code that was accepted."""
    changed: dict[int, ExpectedCell]
    """The same of cells whose code has changed since."""
    gone: tuple[ExpectedCell, ...]
    """Cells that the notebook has no longer."""


def match_cells(reference: Reference, notebook: Any) -> MatchedCells:  # noqa: ANN401 - JSON or a node
    """Return which cells of ``notebook`` a Reference speaks of, also where they were moved.

    A cell is known by its id, without one by its code, and where that changed by its place.
    """
    free = code_positions(notebook)
    cells = notebook["cells"]
    places = dict(enumerate(free, 1))
    found: dict[int, ExpectedCell] = {}
    rest = list(reference.cells)

    def claim(is_it: _Test) -> None:
        for expected in tuple(rest):
            place = next((one for one in free if is_it(expected, one)), None)
            if place is not None:
                free.remove(place)
                rest.remove(expected)
                found[place] = expected

    claim(lambda one, place: bool(one.id) and cells[place].get("id") == one.id)
    claim(lambda one, place: digest_of_source(source_of(cells[place])) == one.source)
    claim(lambda one, place: not one.id and places.get(one.number) == place)
    same = {
        place: one
        for place, one in found.items()
        if digest_of_source(source_of(cells[place])) == one.source
    }
    changed = {place: one for place, one in found.items() if place not in same}
    return MatchedCells(same, changed, tuple(rest))


if TYPE_CHECKING:
    from collections.abc import Callable

    _Test = Callable[[ExpectedCell, int], bool]


def is_ignored(cell: Any) -> bool:  # noqa: ANN401 - parsed JSON or an nbformat node
    """Whether a mark of nbval in the cell asks for its outputs not to be compared."""
    tags = cell["metadata"].get("tags", ())
    return bool(_IGNORED.search(source_of(cell)) or _IGNORED_TAGS.intersection(tags))


def digest_of_source(source: str) -> str:
    """Return the sha256 of a cell's source."""
    return _digest(source)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
