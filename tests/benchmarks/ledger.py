"""A thousand kept runs of a hundred cases: how long do the lists and pages take?

    python -m tests.benchmarks.ledger [RUNS] [FOLDER]

builds the ledger (see `big_project`) and asks a real Jupyter server, each question 60 times. The
peer is plain git in the same run: ``git log -1000`` with the names of the files that each commit
added, and ``git cat-file --batch`` over the events. With FOLDER, what is built is kept there and
taken again.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from tests.benchmarks.big_project import SMALL, BigProject, named_size
from tests.benchmarks.figures import TIMES, Times, machine, table
from tests.benchmarks.serving import Server

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

GOAL = 300
"""Milliseconds in which 19 of 20 lists are to be there."""
TIMES_EACH = 12
LEDGER = "mlcd/evidence"


def plain_git(project: BigProject) -> dict[str, Callable[[], object]]:
    """Return what anybody could do without us."""

    def git(*arguments: str, stdin: bytes = b"") -> bytes:
        return subprocess.run(
            ["git", *arguments], cwd=project.folder, input=stdin, capture_output=True, check=True
        ).stdout

    entries = git("ls-tree", "-r", "--format=%(objectname)", LEDGER, "--", "events/")
    return {
        "git log --name-only": lambda: git(
            "log", f"-n{project.size.runs}", "--format=%H %s", "--name-only", LEDGER
        ),
        "git cat-file, all events": lambda: git("cat-file", "--batch", stdin=entries),
    }


def questions(server: Server, project: BigProject) -> Iterator[tuple[str, Callable[[], object]]]:
    """Yield what the front end asks for."""
    old = project.run_id(project.size.runs // 2)
    yield "evidence, all lines", lambda: server.get("/evidence")
    yield "evidence, a page", lambda: server.get("/evidence?most=100")
    yield "status (the panel)", lambda: server.get("")
    yield "one evidence", lambda: server.get(f"/evidence/{old}")
    yield "its scores", lambda: server.get(f"/evidence/{old}/scores")
    yield "the Deliver page", lambda: server.get("/previews/staging")


def measure(project: BigProject, home: Path, count: int) -> list[Times]:
    """Ask everything ``count`` times; the first two are the peers'."""
    found: list[Times] = []
    for name, once in plain_git(project).items():
        times = Times(name)
        for _ in range(max(3, count // 6)):
            times.add(once)
        found.append(times)
    with Server(project.folder, home) as server:
        first = Times("evidence, server just started")
        first.add(lambda: server.get("/evidence"))
        found.append(first)
        for name, once in questions(server, project):
            once()
            times = Times(name)
            for _ in range(count):
                times.add(once)
            found.append(times)
        found.extend(after_changes(server, project, count))
    return found


def after_changes(server: Server, project: BigProject, count: int) -> Iterator[Times]:
    """Yield the list directly after somebody kept a run, and after a file was saved."""
    grown, edited = Times("evidence, a run was just kept"), Times("evidence, a file was just saved")
    before = len(msgspec.json.decode(server.get("/evidence"))["evidence"])
    for _ in range(count):
        project.keep_one_more()
        grown.add(lambda: server.get("/evidence"))
    assert len(msgspec.json.decode(server.get("/evidence"))["evidence"]) == before + count
    notebook = project.folder / "train.ipynb"
    saved = notebook.read_text()
    for one in range(count):
        notebook.write_text(saved.replace("seed = 1", f"seed = {one + 2}"))
        edited.add(lambda: server.get("/evidence"))
    notebook.write_text(saved)
    yield grown
    yield edited


def main() -> None:
    """Print the figures."""
    size = named_size(sys.argv[1:])
    with tempfile.TemporaryDirectory() as place:
        kept = Path(sys.argv[2]) if len(sys.argv) > 2 else Path(place) / "project"
        project = BigProject(kept, size)
        found = measure(project, Path(place) / "home", 3 if size is SMALL else TIMES_EACH)
    print(f"{size.runs} kept runs of {size.cases} cases, {size.files} files; {machine()}")
    peer = found[0]
    table(TIMES, [times.row(peer) for times in found])
    print(f"Peer: {peer.name}. Goal: 19 of 20 lists in {GOAL} ms.")


if __name__ == "__main__":
    main()
