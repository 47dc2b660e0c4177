"""The end of a run's log, for people who look for a fault."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING

from jupyter_mlcd.execution.run_folder import folder_of
from jupyter_mlcd.model.errors import NotFoundError
from jupyter_mlcd.model.run_log import RunLog

if TYPE_CHECKING:
    from collections.abc import Mapping

_SHOWN = 64 * 1024
"""Bytes."""
_COLOURS = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")


def read_log(common: Path, run: str, names: Mapping[Path, str] | None = None) -> RunLog:
    """Return the end of what a run printed; ``names`` says what folders are called there.

    Raises NotFoundError where this machine has no such run: evidence holds no log.
    """
    folder = folder_of(common, run)
    try:
        with folder.log.open("rb") as file:
            size = file.seek(0, os.SEEK_END)
            file.seek(max(0, size - _SHOWN))
            text = file.read(_SHOWN).decode("utf-8", "replace")
    except OSError:
        hint = "A log stays on the machine that made the run, for 30 days."
        raise NotFoundError(f"there is no log of the run {run} here", hint=hint) from None
    cut = size > _SHOWN
    if cut:
        text = text.partition("\n")[2]
    return RunLog(run, _renamed(_COLOURS.sub("", text), folder.root, names or {}), size, cut)


def _renamed(text: str, root: Path, names: Mapping[Path, str]) -> str:
    """Return the text with folders by their short names: a log is copied into questions."""
    known = {root: "(run)", **names, Path.home(): "~"}
    for folder in sorted(known, key=lambda one: len(str(one)), reverse=True):
        if len(folder.parts) > 1:
            text = text.replace(str(folder), known[folder])
    return text
