"""A project in which something happened: delivered, kept, and a draft; and requests to it."""

from __future__ import annotations

import hashlib
import json
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from jupyter_mlcd.model.result import State
from jupyter_mlcd.model.run import RunRequest
from jupyter_mlcd.server.projects import project_id
from jupyter_mlcd.workbench import Workbench
from tests.journeys.projects import commit_all, delivering_project, git, notebook
from tests.server.test_results import drawing

if TYPE_CHECKING:
    from pathlib import Path

    from jupyter_mlcd.server.routes import Route

ROOT = project_id("")
_RUN_SECONDS = 120

COMPARING = """
[project]
name = "small"
[suites.quality]
compare = "every-cell"
[[suites.quality.notebooks]]
path = "one.ipynb"
produces = ["model.txt"]
[suites.quality.comparers]
"image/png" = { by = "image" }
[environments.production]
"""
MODEL = "wrote = open('model.txt', 'w').write('another model')"
BODIES = {
    "run": '{"suite": "quality"}',
    "commit": '{"paths": ["one.ipynb"], "message": "Change"}',
    "accept": '{"why": "it is right"}',
    "start_ci": '{"digest": "d", "nonce": "n"}',
    "deliver": '{"environment": "production", "version": "0.1.0", "digest": "d", "nonce": "n"}',
    "roll_back": '{"environment": "production", "version": "0.1.0", "digest": "d", '
    '"replaces": "0.2.0", "nonce": "n", "why": "it was better"}',
    "go_on": '{"nonce": "n"}',
    "cancel_delivery": '{"nonce": "n"}',
    "close_delivery": '{"nonce": "n", "why": "nothing arrived"}',
    "hold": '{"why": "Ken looks at it", "nonce": "n"}',
    "lift": '{"nonce": "n"}',
    "start_check": '{"nonce": "n"}',
    "start_scoring": '{"again": true}',
    "start_watching": '{"nonce": "n"}',
    "stop_watching": '{"nonce": "n"}',
    "allow_secret": '{"number": 1, "fingerprint": "f", "why": "of the manual", "until": "14d", '
    '"nonce": "n"}',
    "erase": '{"why": "Ken asked for it", "nonce": "n"}',
    "prune": '{"nonce": "n"}',
    "ask_review": '{"environment": "production", "people": ["ken@example.org"]}',
    "comment": '{"text": "well done"}',
    "reject": '{"digest": "d", "nonce": "n", "why": "another seed"}',
    "take_back": '{"digest": "d", "nonce": "n"}',
    "approve": '{"environment": "production", "digest": "d", "nonce": "n"}',
    "tell_review": '{"places": ["webhook"]}',
    "waive": '{"environment": "production", "digest": "d", "nonce": "n", "rule": "r", '
    '"why": "first try", "until": "14d"}',
}
"""What POST routes take; the others take an empty object."""


@dataclass(frozen=True)
class Lived:
    """Names of what is in the project."""

    folder: Path
    draft: str
    """A run that is not kept."""
    kept: str
    """A run that is kept, and that what is live stands on."""
    delivery: str

    @property
    def names(self) -> dict[str, str]:
        """What fills the ``{names}`` of routes, so that there is something to answer."""
        return {
            "project": ROOT,
            "run": self.kept,
            "key": self.delivery,
            "environment": "production",
            "case": "0",
            "cell": "0",
            "output": "0",
            "form": "text",
            "folder": "000",
            "name": "0.png",
            "version": "0.1.0",
            "moment": "2026-03-03",
            "entry": "0",
            "commit": "c" * 40,
        }

    def path(self, route: Route, **names: str) -> str:
        """Return the path of a route, filled."""
        path = route.path.format_map({**self.names, **names})
        return path + "?notebook=one.ipynb" * ("notebook" in route.query)


def live_in(folder: Path) -> Lived:
    """Make a project, deliver a first version of it, change it and run it again."""
    delivering_project(folder)
    bench = Workbench(folder)
    kept = _ran(bench)
    bench.keep(kept)
    delivery = bench.deliver("production")
    (folder / "mlcd.toml").write_text(COMPARING)
    (folder / "one.ipynb").write_text(_another())
    commit_all(folder, "Another model")
    return Lived(folder, _ran(bench), kept, delivery.key)


def _another() -> str:
    """Return a notebook that draws another picture than it was saved with."""
    cells = [json.loads(text)["cells"][0] for text in (notebook(MODEL), drawing("red", "white"))]
    whole = json.loads(notebook())
    return json.dumps({**whole, "cells": [{**one, "id": f"c{i}"} for i, one in enumerate(cells)]})


def _ran(bench: Workbench) -> str:
    run = bench.run(RunRequest("quality"))
    end = time.monotonic() + _RUN_SECONDS
    while run.state is not State.ENDED:
        assert time.monotonic() < end, run
        time.sleep(0.05)
        run = bench.show_run(run.id)
    return run.id


def body_of(route: Route) -> str | None:
    """Return a body that a route takes; None for one that takes none."""
    return None if route.body is None else BODIES.get(route.verb, "{}")


def fingerprint(folder: Path) -> dict[str, str]:
    """Return what a project is: refs, and every file of the worktree, of drafts and of the Store.

    Git's index is left out: looking at it may refresh the times in it.
    """
    found = {"refs": git(folder, "for-each-ref"), "head": git(folder, "rev-parse", "HEAD")}
    for place in (folder, folder / ".git" / "mlcd"):
        for file in sorted(place.rglob("*")):
            inside = file.relative_to(folder)
            if not file.is_file() or (place == folder and inside.parts[0] == ".git"):
                continue
            found[inside.as_posix()] = hashlib.sha256(file.read_bytes()).hexdigest()
    return found
