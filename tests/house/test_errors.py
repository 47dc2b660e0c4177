from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from jupyter_mlcd.model import errors
from jupyter_mlcd.model.errors import MlcdError

if TYPE_CHECKING:
    from collections.abc import Iterator

PACKAGE = Path(errors.__file__).parents[1]
_DRAWN = re.compile(
    r"^ {4}(?P<branch>[│├└─ ]*)(?P<name>[A-Z]\w+)"
    r"(?:.*? exit (?P<exit>\d), HTTP (?P<status>\d+))?.*$",
    re.MULTILINE,
)


class Drawn(NamedTuple):
    """One line of the tree at the head of model/errors.py."""

    parent: str
    exit_code: int
    http_status: int


def drawn_tree() -> dict[str, Drawn]:
    """Return the tree as it is drawn; a line without codes has those of the line above it."""
    tree: dict[str, Drawn] = {}
    way: list[str] = []
    for line in _DRAWN.finditer(errors.__doc__ or ""):
        depth = len(line["branch"]) // 4
        parent = way[depth - 1] if depth else ""
        above = tree.get(parent, Drawn("", MlcdError.exit_code, MlcdError.http_status))
        codes = int(line["exit"] or above.exit_code), int(line["status"] or above.http_status)
        tree[line["name"]] = Drawn(parent, *codes)
        way[depth:] = [line["name"]]
    return tree


def every_kind(root: type[MlcdError] = MlcdError) -> Iterator[type[MlcdError]]:
    """Return each kind of error that model/errors.py defines."""
    yield root
    for below in root.__subclasses__():
        if below.__module__ == errors.__name__:
            yield from every_kind(below)


def errors_defined_elsewhere() -> Iterator[str]:
    """Yield the classes that some other file of the package hangs into the tree.

    Read from the source: importing all of it would load kernels, servers and what executes.
    """
    for file in sorted(PACKAGE.rglob("*.py")):
        if file == Path(errors.__file__):
            continue
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.ClassDef):
                bases = {ast.unparse(base).rpartition(".")[2] for base in node.bases}
                if bases & set(drawn_tree()):
                    yield f"{file.relative_to(PACKAGE)}: {node.name}"


def test_every_error_is_drawn_in_the_tree() -> None:
    assert {kind.__name__ for kind in every_kind()} - set(drawn_tree()) == set()


def test_everything_drawn_is_an_error() -> None:
    assert set(drawn_tree()) - {kind.__name__ for kind in every_kind()} == set()


def test_every_error_hangs_where_it_is_drawn() -> None:
    found = {kind.__name__: kind.__bases__[0].__name__ for kind in every_kind()}
    drawn = {name: line.parent for name, line in drawn_tree().items()}
    assert {**found, "MlcdError": ""} == drawn


def test_every_error_has_the_exit_code_that_is_drawn() -> None:
    drawn = {name: line.exit_code for name, line in drawn_tree().items()}
    assert {kind.__name__: kind.exit_code for kind in every_kind()} == drawn


def test_every_error_has_the_status_that_is_drawn() -> None:
    drawn = {name: line.http_status for name, line in drawn_tree().items()}
    assert {kind.__name__: kind.http_status for kind in every_kind()} == drawn


def test_the_tree_grows_in_one_file() -> None:
    assert list(errors_defined_elsewhere()) == []
