"""Small real projects and their runs, without the verbs: what the runner is handed."""

from __future__ import annotations

import json
import subprocess
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from jupyter_mlcd.execution.local import LocalRunner
from jupyter_mlcd.model.result import State
from jupyter_mlcd.model.run import Run, RunPlan
from jupyter_mlcd.model.suite import Compare, Limits, NotebookEntry, expand
from jupyter_mlcd.world.clock import now, uuid7
from jupyter_mlcd.world.git import Git
from jupyter_mlcd.world.git_trees import snapshot_tree

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

SETTLE_SECONDS = 60.0


def cell(
    source: str, *, tag: str = "", shown: str | None = None, count: int | None = None
) -> dict[str, Any]:
    """Return a code cell; with ``shown`` it has that as saved standard output."""
    outputs = []
    if shown is not None:
        outputs.append({"output_type": "stream", "name": "stdout", "text": shown})
    return {
        "cell_type": "code",
        "execution_count": count if count is not None or shown is None else 1,
        "metadata": {"tags": [tag]} if tag else {},
        "outputs": outputs,
        "source": source,
    }


def markdown(source: str) -> dict[str, Any]:
    return {"cell_type": "markdown", "metadata": {}, "source": source}


def notebook(*cells: dict[str, Any] | str, kernel: str = "python3") -> str:
    """Return the text of a notebook."""
    whole = [cell(one) if isinstance(one, str) else one for one in cells]
    for index, one in enumerate(whole):
        one["id"] = f"cell-{index}"
    spec = {"name": kernel, "language": "python", "display_name": "Python"}
    document = {"cells": whole, "metadata": {"kernelspec": spec}, "nbformat": 4}
    return json.dumps({**document, "nbformat_minor": 5})


@dataclass
class Project:
    """A repository with notebooks, and its runner."""

    folder: Path
    runner: LocalRunner = field(init=False)

    def __post_init__(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        self.git("init", "--quiet", "--initial-branch=main")
        self.git("config", "user.name", "Mara Example")
        self.git("config", "user.email", "mara@example.org")
        self.runner = LocalRunner(self.common)

    @property
    def common(self) -> Path:
        return self.folder / ".git"

    @property
    def store(self) -> Path:
        return self.common / "mlcd" / "store"

    def git(self, *arguments: str) -> None:
        subprocess.run(["git", *arguments], cwd=self.folder, check=True)

    def write(self, files: Mapping[str, str]) -> None:
        for path, content in files.items():
            place = self.folder / path
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_text(content)

    def commit(self, files: Mapping[str, str]) -> None:
        self.write(files)
        self.git("add", "--all")
        self.git("commit", "--quiet", "--message=change")

    def plan(self, *entries: NotebookEntry, **given: Any) -> RunPlan:
        """Return the plan of a run of the files as they are now."""
        snapshot = snapshot_tree(Git.open(self.folder))
        facts: dict[str, Any] = {
            "id": uuid7(),
            "project": "small",
            "prefix": "",
            "repository": str(self.folder),
            "suite": "quality",
            "tree": snapshot.tree,
            "commit": "",
            "dirty": {},
            "by": "Mara Example <mara@example.org>",
            "started": now(),
            "cases": expand(entries),
            "compare": Compare.MARKED_CELLS,
            "limits": Limits(),
            "inputs": (),
            "jobs": 2,
        }
        return RunPlan(**{**facts, **given})

    def start(self, *entries: NotebookEntry, **given: Any) -> Run:
        plan = self.plan(*entries, **given)
        self.runner.start(plan)
        return self.runner.load(plan.id)

    def run(self, *entries: NotebookEntry, **given: Any) -> Run:
        """Run to the end."""
        return self.ended(self.start(*entries, **given))

    def ended(self, run: Run) -> Run:
        return self.until(run, lambda one: one.state is State.ENDED)

    def until(self, run: Run, is_so: Callable[[Run], bool]) -> Run:
        end = time.monotonic() + SETTLE_SECONDS
        while not is_so(run):
            assert time.monotonic() < end, f"waited in vain: {run}"
            time.sleep(0.02)
            run = self.runner.load(run.id)
        return run

    def run_cells(self, *cells: dict[str, Any] | str, **given: Any) -> Run:
        """Run one notebook of these cells."""
        self.commit({"one.ipynb": notebook(*cells)})
        return self.run(NotebookEntry(path="one.ipynb"), **given)

    def executed(self, run: Run, number: int = 0) -> dict[str, Any]:
        """Return the executed notebook of a case."""
        places = self.runner.manifest(run.id).notebooks
        file = self.runner.bundle(run.id) / places[run.cases[number].id]
        return dict(json.loads(file.read_bytes()))

    def log(self, run: Run) -> str:
        return (self.common / "mlcd" / "runs" / run.id / "runner.log").read_text()
