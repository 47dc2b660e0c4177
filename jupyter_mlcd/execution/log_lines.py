"""What a case prints, as lines of its run's log while it goes on.

Many cases write to one log, so each line says whose it is: ``train seed=2 [3] epoch 7``. Only whole
lines are written, each batch at once, so that lines of several cases never mix.
"""

from __future__ import annotations

import os
from contextlib import suppress
from dataclasses import dataclass, field
from time import monotonic
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from jupyter_mlcd.execution.cell_log import CellOutcome

MOST_BYTES = 4 << 20
"""Of one case; all of it is in the executed notebook."""
_LONGEST_LINE = 8 << 10
_REDRAW_SECONDS = 1.0
"""A line that is drawn again and again, as a progress bar is, is written this often."""


def printed_text(kind: str, content: Mapping[str, Any]) -> str:
    """Return what a kernel's message prints: output of programs, or an error as it shows it."""
    if kind == "stream":
        return str(content.get("text", ""))
    if kind == "error":
        lines = content.get("traceback") or [f"{content.get('ename')}: {content.get('evalue')}"]
        return "\n".join(map(str, lines)) + "\n"
    return ""


@dataclass
class LogLines:
    """Adds what the cells of one case print to the log of its run."""

    log: Path
    name: str
    """What each line begins with; empty where there is one case only."""
    redact: Callable[[str], str]
    """Takes the values of secrets out of a text."""
    holds: bool = False
    """Whether a cell's text is written at the cell's end: a secret may go over several lines."""
    most: int = MOST_BYTES
    _open: str = field(default="", init=False)
    _written: int = field(default=0, init=False)
    _drawn: float = field(default=0.0, init=False)

    def add(self, outcome: CellOutcome, text: str) -> None:
        """Take what a cell printed; its whole lines are written."""
        self._open += text
        if self.holds:
            return
        whole, end, self._open = self._open.rpartition("\n")
        lines = whole.split("\n") if end else []
        self._write(outcome, [*map(_last_drawn, lines), *self._redrawn()])

    def end(self, outcome: CellOutcome) -> None:
        """Write what a cell leaves without the end of a line."""
        rest, self._open = self._open, ""
        lines = rest.removesuffix("\n").split("\n") if rest else []
        self._write(outcome, [_last_drawn(line) for line in lines])

    def _redrawn(self) -> list[str]:
        """Return the last state of a line that is drawn again and again, now and then."""
        drawn, _, after = self._open.rpartition("\r")
        if not drawn:
            return []
        self._open = after
        if monotonic() - self._drawn < _REDRAW_SECONDS:
            return []
        self._drawn = monotonic()
        return [line] if (line := _last_drawn(drawn)).strip() else []

    def _write(self, outcome: CellOutcome, lines: list[str]) -> None:
        if not lines or self._written >= self.most:
            return
        begin = " ".join(filter(None, (self.name, f"[{outcome.number}]" if outcome.number else "")))
        # A secret is found in the text as it was printed, not in what stands around it.
        shown = self.redact("\n".join(lines)).split("\n")
        block = "".join(f"{begin} {_shortened(line)}".strip() + "\n" for line in shown)
        self._written += len(block)
        if self._written >= self.most:
            block += f"{begin} ... and more: it is in the executed notebook\n".lstrip()
        with suppress(OSError):  # a log is for the eye; a full disk shows elsewhere
            _append(self.log, block)


def _last_drawn(line: str) -> str:
    """Return what a terminal would show of a line whose beginning was drawn again."""
    return line.removesuffix("\r").rpartition("\r")[2]


def _shortened(line: str) -> str:
    left = len(line) - _LONGEST_LINE
    return line if left <= 0 else f"{line[:_LONGEST_LINE]} ... {left:,} more letters"


def _append(log: Path, text: str) -> None:
    flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0)
    handle = os.open(log, flags, 0o600)
    try:
        os.write(handle, text.encode(errors="replace"))
    finally:
        os.close(handle)
