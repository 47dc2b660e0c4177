"""Figures as they are printed: times of many questions, a table, how busy the machine was."""

from __future__ import annotations

import os
import time
from dataclasses import dataclass, field
from statistics import median
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

MILLISECONDS = 1000.0


@dataclass
class Times:
    """How long the same thing took, again and again."""

    name: str
    seconds: list[float] = field(default_factory=list)

    def add(self, once: Callable[[], object]) -> None:
        """Do it once more."""
        began = time.perf_counter()
        once()
        self.seconds.append(time.perf_counter() - began)

    @property
    def median(self) -> float:
        """Milliseconds."""
        return median(self.seconds) * MILLISECONDS

    @property
    def p95(self) -> float:
        """Milliseconds that 19 of 20 did not exceed."""
        ordered = sorted(self.seconds)
        return ordered[min(len(ordered) - 1, int(len(ordered) * 0.95))] * MILLISECONDS

    @property
    def worst(self) -> float:
        """Milliseconds."""
        return max(self.seconds) * MILLISECONDS

    def row(self, peer: Times) -> tuple[str, ...]:
        """Return a line of the table: against the peer's median of the same run."""
        return (
            self.name,
            str(len(self.seconds)),
            f"{self.median:.0f}",
            f"{self.p95:.0f}",
            f"{self.worst:.0f}",
            f"{self.median / peer.median:.1f}",
        )


TIMES = ("", "times", "median ms", "p95 ms", "worst ms", "median / peer's")


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Print a table that a README can take as it is."""
    lines = [heads, *rows]
    widths = [max(len(line[column]) for line in lines) for column in range(len(heads))]
    for number, line in enumerate(lines):
        cells = (
            cell.ljust(width) if column == 0 else cell.rjust(width)
            for column, (cell, width) in enumerate(zip(line, widths, strict=True))
        )
        print(f"| {' | '.join(cells)} |")
        if number == 0:
            print(f"|{'|'.join('-' * (width + 2) for width in widths)}|")


def machine() -> str:
    """Return how many cores there are and how busy they were, as a sentence."""
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else float("nan")
    return f"{os.cpu_count()} cores, load average {load:.1f}"
