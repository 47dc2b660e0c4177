"""What is there before set-up: notebooks, read as text and never run, and how they depend."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import msgspec

from jupyter_mlcd.model.notebook import language_of
from jupyter_mlcd.model.notebook_look import NotebookLook, is_local, look_at
from jupyter_mlcd.model.parameter_cell import declared
from jupyter_mlcd.model.set_up import FoundNotebook

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

_LARGEST = 50 << 20
_MOST = 200
_UNREADABLE = (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError)


@dataclass(frozen=True)
class Surroundings:
    """What set-up looks at."""

    notebooks: Sequence[str]
    """Those that git does not ignore, relative to the project."""
    tracked: frozenset[str]
    """Files that git knows, relative to the project."""
    remotes: Mapping[str, str]
    """``{name: address without credentials}``."""
    kernel: Callable[[Mapping[str, Any]], tuple[str, bool]]
    """Return the kernel that a notebook's metadata ask for, and whether it is installed."""


def find_notebooks(folder: Path, around: Surroundings) -> tuple[FoundNotebook, ...]:
    """Return the notebooks of a project, each after those that seem to write what it reads."""
    looked = [_look(folder, path, around) for path in sorted(around.notebooks)[:_MOST]]
    return tuple(_ordered([_with_after(one, looked) for one in looked]))


def _look(folder: Path, path: str, around: Surroundings) -> FoundNotebook:
    against = ""
    notebook: Any = {"metadata": {}, "cells": []}
    look = NotebookLook()
    names: tuple[str, ...] = ()
    try:
        if (folder / path).stat().st_size > _LARGEST:
            against = "it is too large to be looked at"
        else:
            notebook = json.loads((folder / path).read_bytes())
            look = look_at(notebook, path)
            cell = declared(notebook)
            names = tuple(one.name for one in cell.parameters) if cell else ()
    except _UNREADABLE:
        notebook, against = {"metadata": {}, "cells": []}, "it cannot be read as a notebook"
    kernel, is_here = around.kernel(notebook.get("metadata") or {})
    return FoundNotebook(
        path=path,
        kernel=kernel,
        kernel_here=is_here,
        language=language_of(notebook),
        parameters=names,
        writes=look.writes,
        reads=look.reads,
        records=look.records,
        after=(),
        seconds=look.seconds,
        tracked=path in around.tracked,
        against=against or _against(path, kernel, look, is_here=is_here),
    )


def _against(path: str, kernel: str, look: NotebookLook, *, is_here: bool) -> str:
    """Return why a notebook is not proposed, or nothing."""
    far = [one for one in look.writes if not is_local(one)]
    if far:
        return f"it seems to write to {far[0]}, outside of the project"
    if not is_here:
        return f"the kernel {kernel} is not installed here"
    if any("\udc80" <= letter <= "\udcff" for letter in path):
        return "its name is not UTF-8"
    return ""


def _with_after(one: FoundNotebook, every: Sequence[FoundNotebook]) -> FoundNotebook:
    made = [
        other.path
        for other in every
        if other.path != one.path and set(other.writes) & set(one.reads) - set(one.writes)
    ]
    return msgspec.structs.replace(one, after=tuple(made))


def _ordered(found: Sequence[FoundNotebook]) -> Iterator[FoundNotebook]:
    """Yield each after those it needs; in a circle, and else, in the order of their paths."""
    left = {one.path: one for one in found}
    while left:
        free = [one for one in left.values() if not left.keys() & set(one.after)]
        one = (free or list(left.values()))[0]
        yield left.pop(one.path)
