"""Small projects and servers for the tests of how we sit in JupyterLab and Notebook 7."""

from __future__ import annotations

import json
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from tests.browser.lab import Lab
from tests.journeys.projects import commit_all, notebook, repository

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Page

CONFIG = """
[project]
name = "{name}"

[suites.quality]
compare = "marked-cells"
[[suites.quality.notebooks]]
path = "train.ipynb"
produces = ["model.txt"]

[environments.production]
"""


WAIT = """
import os, time
end = time.monotonic() + 200
while not os.path.exists({path!r}) and time.monotonic() < end:
    time.sleep(0.05)
"""


def training(seconds: float = 0.2, until: Path | None = None) -> str:
    """Return a notebook of four cells that takes so long, as JupyterLab itself would save it.

    With ``until`` its first cell goes on until that file is there.
    """
    first = f"import time\ntime.sleep({seconds / 2})"
    text = notebook(
        first if until is None else WAIT.format(path=str(until)).strip(),
        "print('samples used:', 1797)",
        f"time.sleep({seconds / 2})\nopen('model.txt', 'w').write('0.9')",
        "print('done')",
    )
    parsed = json.loads(text)
    for index, cell in enumerate(parsed["cells"]):
        cell["id"] = f"cell-{index}"
    return json.dumps(parsed)


def project(
    folder: Path, name: str = "small", *, seconds: float = 0.2, until: Path | None = None
) -> Path:
    """Make a committed project of its own repository with one notebook."""
    repository(folder)
    (folder / ".gitignore").write_text("releases/\n.ipynb_checkpoints/\nmodel.txt\n")
    return inside(folder, name, seconds=seconds, until=until)


def inside(folder: Path, name: str, *, seconds: float = 0.2, until: Path | None = None) -> Path:
    """Make a committed project in a folder of a repository that is there."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "mlcd.toml").write_text(CONFIG.format(name=name))
    (folder / "train.ipynb").write_text(training(seconds, until))
    commit_all(folder, f"The project {name}")
    return folder


@contextmanager
def serving(root: Path, home: Path, **options: Any) -> Iterator[Lab]:
    """Run a server, and end it whatever comes."""
    server = Lab(root, home, **options)
    server.start()
    try:
        yield server
    finally:
        server.stop()


def ready(page: Page) -> None:
    """Wait until the page has put its layout together."""
    page.wait_for_function("() => window.jupyterapp?.restored", timeout=60_000)
    page.evaluate("async () => { await window.jupyterapp.restored; }")


def command(page: Page, name: str, args: object = None) -> None:
    """Execute a command as another extension could, and do not wait for what it opens."""
    page.evaluate(
        "([name, args]) => { void window.jupyterapp.commands.execute(name, args ?? undefined); }",
        [name, args],
    )
