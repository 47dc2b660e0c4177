"""Times, sizes and verdicts as people read them."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from jupyter_mlcd.model.result import Verdict

if TYPE_CHECKING:
    from collections.abc import Iterable

WORDS = {
    Verdict.PASSED: "passed",
    Verdict.FAILED: "failed",
    Verdict.ERROR: "error",
    Verdict.TIMEOUT: "timed out",
    Verdict.KILLED: "killed",
    Verdict.INCOMPLETE: "incomplete",
    Verdict.CANCELLED: "cancelled",
    Verdict.NOT_RUN: "not run",
    Verdict.FLAKY: "flaky",
    Verdict.SKIPPED: "skipped",
}
MEANINGS = {
    Verdict.PASSED: "Every notebook ran to its end, and nothing that was checked was wrong.",
    Verdict.FAILED: "A result is not the expected one, or something declared is missing.",
    Verdict.ERROR: "A cell raised an error.",
    Verdict.TIMEOUT: "A notebook took longer than its limit.",
    Verdict.KILLED: "The process behind a notebook was ended from outside.",
    Verdict.INCOMPLETE: "A notebook ended itself before its last cell.",
    Verdict.CANCELLED: "Somebody stopped the run.",
    Verdict.NOT_RUN: "Nothing ran, so nothing was proved.",
    Verdict.FLAKY: "A notebook was red at first and passed when it was tried again.",
    Verdict.SKIPPED: "Every cell is marked to be skipped.",
}
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_SHORT, _MINUTE, _HOUR = 0.1, 60, 3600
_STEP = 1024


def moment(iso: str) -> str:
    """Return a UTC time as ``24 Nov 2026, 01:00:05 UTC``; another text as it is."""
    try:
        at = datetime.fromisoformat(iso)
    except ValueError:
        return iso
    return f"{at.day} {_MONTHS[at.month - 1]} {at.year}, {at:%H:%M:%S} UTC"


def between(started: str, ended: str) -> float | None:
    """Return the seconds between two times; None where one is unknown."""
    try:
        return (datetime.fromisoformat(ended) - datetime.fromisoformat(started)).total_seconds()
    except (ValueError, TypeError):
        return None


def duration(seconds: float) -> str:
    """Return ``0.04 s``, ``0.4 s``, ``2 min 05 s`` or ``1 h 02 min``."""
    if round(seconds, 2) < _SHORT:
        return f"{seconds:.2f} s"
    if round(seconds, 1) < _MINUTE:
        return f"{seconds:.1f} s"
    whole = round(seconds)
    if whole < _HOUR:
        return f"{whole // 60} min {whole % 60:02} s"
    return f"{whole // 3600} h {whole % 3600 // 60:02} min"


def size(count: float) -> str:
    """Return a number of bytes as ``312 MiB``."""
    for unit in ("bytes", "KiB", "MiB"):
        if count < _STEP:
            return f"{count:.0f} {unit}"
        count /= _STEP
    return f"{count:.1f} GiB"


def number(value: float, places: int | None = None) -> str:
    """Return a score with six digits at most, or with so many decimals."""
    return f"{value:.6g}" if places is None else f"{value:.{places}f}"


def decimals(values: Iterable[float]) -> int | None:
    """Return how many decimals make numbers stand well under each other; None where none do."""
    texts = [number(value) for value in values]
    if any("e" in text for text in texts):
        return None
    return max((len(text.partition(".")[2]) for text in texts), default=None)


def counted(count: int, word: str) -> str:
    """Return ``1 cell`` or ``2 cells``."""
    return f"{count} {word}" if count == 1 else f"{count} {word}s"
