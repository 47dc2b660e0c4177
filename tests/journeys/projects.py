"""Small real projects in real repositories, and the command line as a person types it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

CHECKOUT = Path(__file__).parents[2]

CONFIG = """
[project]
name = "small"

[suites.quality]
notebooks = ["one.ipynb"]

[environments.production]
"""


@dataclass
class Ended:
    """How a command ended."""

    code: int
    out: str
    err: str

    @property
    def said(self) -> str:
        """All that it printed."""
        return self.out + self.err


def notebook(*sources: str, kernel: str = "python3") -> str:
    """Return the text of a notebook with these code cells; ``tag|source`` tags a cell."""
    cells: list[dict[str, object]] = []
    for index, text in enumerate(sources):
        tag, bar, source = text.partition("|")
        cells.append(
            {
                "cell_type": "code",
                "id": f"cell-{index}",
                "execution_count": None,
                "metadata": {"tags": [tag]} if bar else {},
                "outputs": [],
                "source": source if bar else text,
            }
        )
    spec = {"name": kernel, "language": "python", "display_name": "Python"}
    return json.dumps(
        {"cells": cells, "metadata": {"kernelspec": spec}, "nbformat": 4, "nbformat_minor": 5}
    )


def git(folder: Path, *arguments: str) -> str:
    """Run git as the user would and return what it printed."""
    made = subprocess.run(
        ["git", *arguments], cwd=folder, check=True, capture_output=True, text=True
    )
    return made.stdout.strip()


def repository(folder: Path, *options: str) -> Path:
    """Make an empty repository with an identity."""
    folder.mkdir(parents=True, exist_ok=True)
    git(folder, "init", "--quiet", "--initial-branch=main", *options)
    return identify(folder)


def identify(folder: Path) -> Path:
    """Say in a repository whose it is: a clone does not know, and neither does a new machine."""
    git(folder, "config", "user.name", "Mara Example")
    git(folder, "config", "user.email", "mara@example.org")
    return folder


def commit_all(folder: Path, message: str = "First") -> str:
    """Commit everything and return the commit."""
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", f"--message={message}")
    return git(folder, "rev-parse", "HEAD")


def small_project(folder: Path, *options: str) -> Path:
    """Make a committed project of one notebook."""
    repository(folder, *options)
    (folder / "one.ipynb").write_text(notebook("print('hello')"))
    (folder / "mlcd.toml").write_text(CONFIG)
    (folder / ".gitignore").write_text("releases/\n")
    commit_all(folder)
    return folder


def delivering_project(folder: Path, *options: str) -> Path:
    """Make a committed project whose one notebook produces a file to deliver."""
    repository(folder, *options)
    (folder / "mlcd.toml").write_text(
        '[project]\nname="small"\n[suites.quality]\n[[suites.quality.notebooks]]\n'
        'path="one.ipynb"\nproduces=["model.txt"]\n[environments.production]\n'
    )
    (folder / "one.ipynb").write_text(notebook("open('model.txt', 'w').write('model')"))
    (folder / ".gitignore").write_text("releases/\n")
    commit_all(folder)
    return folder


def mlcd(folder: Path, *words: str, **environment: str) -> Ended:
    """Type ``jupyter mlcd ...`` in a folder, with nobody to answer questions."""
    made = subprocess.run(
        [sys.executable, "-P", "-m", "jupyter_mlcd.cli.main", *words],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(CHECKOUT), "NO_COLOR": "1", **environment},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    return Ended(made.returncode, made.stdout, made.stderr)


def begin_to_watch(folder: Path, *words: str) -> subprocess.Popen[str]:
    """Type ``jupyter mlcd watch`` in a folder, and return it as it goes on."""
    return subprocess.Popen(
        [sys.executable, "-P", "-m", "jupyter_mlcd.cli.main", "watch", *words],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(CHECKOUT), "PYTHONUNBUFFERED": "1"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def told(begun: subprocess.Popen[str], words: str) -> str:
    """Read what a program prints until a line has these words, and return it."""
    assert begun.stdout is not None
    lines = []
    for line in begun.stdout:
        lines.append(line)
        if words in line:
            return line
    raise AssertionError(lines)
