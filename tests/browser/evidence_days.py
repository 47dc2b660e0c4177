"""A project on two days: what is live, and a change to its source, table, figure and score."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.journeys.projects import commit_all, mlcd, notebook, repository

if TYPE_CHECKING:
    from pathlib import Path

CONFIG = """
[project]
name = "small"

[suites.quality]
compare = "nothing"

[[suites.quality.notebooks]]
path = "prepare.ipynb"

[[suites.quality.notebooks]]
path = "train.ipynb"
after = ["prepare.ipynb"]
produces = ["model.txt"]

[environments.production]
"""

FIGURE = """
import struct, zlib
from jupyter_mlcd import record_figure

def bars(heights):
    rows = b""
    for y in range(160):
        row = b"".join(
            bytes((33, 102, 172) if 160 - y <= height else (247, 247, 247))
            for height in heights for _ in range(40)
        )
        rows += b"\\0" + row
    def chunk(kind, content):
        check = struct.pack(">I", zlib.crc32(kind + content))
        return struct.pack(">I", len(content)) + kind + content + check
    head = struct.pack(">IIBBBBB", 40 * len(heights), 160, 8, 2, 0, 0, 0)
    picture = chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
    return b"\\x89PNG\\r\\n\\x1a\\n" + picture

record_figure("errors_by_class", bars([HEIGHTS]))
"""


def training(
    strength: float, accuracy: float, *, heights: str, rows: int = 4, lines: int = 3000
) -> str:
    """Return the notebook that is changed from one day to the other."""
    table = ", ".join(f"[{row}, {accuracy + row / 100:.3f}]" for row in range(rows))
    return notebook(
        "import time\nsteps = 40",
        "# How strongly large weights are punished.\n"
        f"C = {strength}\nfor fold in range(3):\n    print('fold', fold, 'with C =', C)",
        "print('nothing changes here')",
        "print('nor here')",
        "from jupyter_mlcd import record_table\n"
        f"record_table('by_class', {{'class': [r[0] for r in [{table}]],"
        f" 'accuracy': [r[1] for r in [{table}]]}})",
        FIGURE.replace("HEIGHTS", heights),
        f"for line in range({lines}):\n    print('line', line, 'of a long log', C)",
        "from jupyter_mlcd import record\n"
        f"record('accuracy', {accuracy}, low={accuracy} - 0.01, high={accuracy} + 0.01)",
        f"open('model.txt', 'w').write('{accuracy}')",
    )


def a_first_day(folder: Path) -> Path:
    """Make the project, run it, keep the run and deliver it as 0.1.0."""
    repository(folder)
    (folder / "mlcd.toml").write_text(CONFIG)
    (folder / ".gitignore").write_text("releases/\n.ipynb_checkpoints/\n")
    (folder / "prepare.ipynb").write_text(notebook("print('1797 samples')"))
    (folder / "train.ipynb").write_text(training(1.0, 0.961, heights="40, 90, 60, 120"))
    commit_all(folder, "A careful first model")
    typed(folder, "run", "quality", "--keep")
    typed(folder, "deliver", "--to", "production", "--yes")
    return folder


def a_second_day(folder: Path) -> None:
    """Change the model, run it and keep the run; nothing is delivered."""
    (folder / "train.ipynb").write_text(training(10.0, 0.966, heights="70, 50, 60, 140", rows=5))
    commit_all(folder, "A bolder model")
    typed(folder, "run", "quality", "--keep")


def typed(folder: Path, *words: str) -> None:
    """Type a command that has to succeed."""
    ended = mlcd(folder, *words)
    assert ended.code == 0, ended.said
