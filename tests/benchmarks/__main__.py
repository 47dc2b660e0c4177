"""Every figure that this project prints: ``python -m tests.benchmarks``, or ``make bench``."""

from __future__ import annotations

import subprocess
import sys

FIGURES = (
    "tests.benchmarks.import_heavy",
    "tests.benchmarks.ledger",
    "tests.benchmarks.event_loop",
    "tests.benchmarks.rows",
    "tests.benchmarks.click",
    "tests.benchmarks.start_up",
    "tests.faults.kills",
)


def main() -> None:
    """Print them one after the other; the exit code is that of the worst."""
    worst = 0
    for figure in FIGURES:
        print(f"\n== {figure}", flush=True)
        worst = max(worst, subprocess.run([sys.executable, "-m", figure], check=False).returncode)
    sys.exit(worst)


if __name__ == "__main__":
    main()
