"""Real notebooks, changed at random as people change them, and what an independent judge says."""

from __future__ import annotations

import copy
import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import nbdime
from nbdime.diffing.notebooks import diff_notebooks
from nbformat import NotebookNode, from_dict
from nbformat.v4.rwbase import rejoin_lines

from jupyter_mlcd.bundle.difference_cells import compare_cells
from jupyter_mlcd.model.comparison import Relation
from tests.journeys.projects import CHECKOUT

_FEWEST = 3
"""Cells that a notebook needs to be worth changing."""
_WORDS = ("model", "score", "train", "split", "plot", "mean", "fit", "load", "frame", "seed")

Json = dict[str, Any]


@dataclass(frozen=True)
class Touched:
    """Places of cells that are other than before, on both sides."""

    before: frozenset[int]
    """Changed or gone."""
    after: frozenset[int]
    """Changed or new."""


def seeded(seed: int) -> Random:
    """Return the dice of one change."""
    return Random(seed)  # noqa: S311 - repeatable is what it has to be


@cache
def real_notebooks() -> tuple[str, ...]:
    """Return this repository's notebooks, and those that nbdime is tested with."""
    theirs = Path(nbdime.__file__).parent / "tests" / "files"
    places = [*sorted((CHECKOUT / "example_notebooks").glob("*.ipynb")), *sorted(theirs.glob("*"))]
    texts = [place.read_text(encoding="utf-8") for place in places if place.suffix == ".ipynb"]
    return tuple(text for text in texts if _is_worth_changing(json.loads(text)))


def _is_worth_changing(notebook: Json) -> bool:
    cells = notebook.get("cells", [])
    sources = [(one["cell_type"], "".join(one["source"])) for one in cells]
    # Of two cells that are alike in every way nobody can say which one is gone.
    return len(cells) >= _FEWEST and len(set(sources)) == len(sources)


def numbered(notebook: Json, *, with_ids: bool) -> Json:
    """Return a copy with an id for each cell, or with none, as before nbformat 4.5."""
    made = copy.deepcopy(notebook)
    for place, cell in enumerate(made["cells"]):
        cell.pop("id", None)
        if with_ids:
            cell["id"] = f"cell-{place}"
    return {**made, "nbformat": 4, "nbformat_minor": 5 if with_ids else 4}


def mutated(notebook: Json, random: Random) -> Json:
    """Return a copy with one to three changes in cells of its own, and executed again."""
    made = copy.deepcopy(notebook)
    for place in sorted(random.sample(range(len(made["cells"])), random.randint(1, 3)))[::-1]:
        random.choice(CHANGES)(made["cells"], place, random)
    for number, cell in enumerate(made["cells"]):
        if cell["cell_type"] == "code":  # It ran again, which is no change.
            cell["execution_count"] = number + 100
    return made


def _insert(cells: list[Json], place: int, random: Random) -> None:
    cell: Json = {"cell_type": "markdown", "metadata": {}, "source": _text(random)}
    if "id" in cells[place]:
        cell["id"] = f"new-{random.randrange(10**9)}"
    cells.insert(place, cell)


def _delete(cells: list[Json], place: int, random: Random) -> None:
    del random
    del cells[place]


def _edit(cells: list[Json], place: int, random: Random) -> None:
    lines = "".join(cells[place]["source"]).split("\n")
    lines.insert(random.randint(0, len(lines)), _text(random, 1))
    cells[place]["source"] = "\n".join(lines)


def _rewrite(cells: list[Json], place: int, random: Random) -> None:
    cells[place]["source"] = _text(random, 6)


def _put_out(cells: list[Json], place: int, random: Random) -> None:
    if cells[place]["cell_type"] != "code":
        _edit(cells, place, random)
        return
    stream = {"output_type": "stream", "name": "stdout", "text": _text(random)}
    others = [one for one in cells[place]["outputs"] if one.get("name") != "stdout"]
    cells[place]["outputs"] = [*others, stream]


CHANGES = (_insert, _delete, _edit, _rewrite, _put_out)


def moved(notebook: Json, random: Random) -> Json:
    """Return a copy in which one cell stands at another place, at least two further."""
    made = copy.deepcopy(notebook)
    cells = made["cells"]
    start = random.randrange(len(cells))
    ends = [place for place in range(len(cells)) if abs(place - start) > 1]
    cells.insert(random.choice(ends or [len(cells) - 1 - start]), cells.pop(start))
    return made


def _text(random: Random, lines: int = 3) -> str:
    made = (" ".join(random.choices(_WORDS, k=5)) for _ in range(lines))
    return "\n".join(f"{line} {random.randrange(10**6)}" for line in made)


def ours(before: Json, after: Json) -> Touched:
    """Return what our comparison says."""
    found = compare_cells(json.dumps(before).encode(), json.dumps(after).encode())
    cells = [one for one in found.cells if one.relation is not Relation.SAME]
    return Touched(
        frozenset(one.before for one in cells if one.before is not None),
        frozenset(one.after for one in cells if one.after is not None),
    )


def judged(before: Json, after: Json) -> Touched:
    """Return what nbdime says, of sources and outputs."""
    diff = diff_notebooks(_node(before), _node(after))
    operations: Any = next((one.diff for one in diff if one.key == "cells"), [])
    left: set[int] = set()
    right: set[int] = set()
    shift = 0
    for one in operations:
        if one.op == "removerange":
            left |= set(range(one.key, one.key + one.length))
            shift -= one.length
        elif one.op == "addrange":
            start = one.key + shift
            right |= set(range(start, start + len(one.valuelist)))
            shift += len(one.valuelist)
        elif _tells(one.diff):
            left.add(one.key)
            right.add(one.key + shift)
    return Touched(frozenset(left), frozenset(right))


def _node(notebook: Json) -> NotebookNode:
    # As nbformat reads a file.
    node: NotebookNode = rejoin_lines(from_dict(copy.deepcopy(notebook)))  # type: ignore[no-untyped-call]
    return node


def _tells(diff: Any) -> bool:
    """Whether something of a cell differs that says something of results."""
    for one in diff:
        if one.key == "source":
            return True
        if one.key == "outputs":
            inner = [part for part in one.diff if part.op != "patch" or _is_content(part.diff)]
            if inner:
                return True
    return False


def _is_content(diff: Any) -> bool:
    return any(part.key not in {"execution_count", "metadata"} for part in diff)
