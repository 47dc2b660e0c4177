"""What JupyterLab loads of us when it starts, and what comes when a view is opened.

    python -m tests.benchmarks.start_up

asks the browser (resource timing) which files of which extension it fetched, and weighs them as
``gzip`` makes them; style sheets are in the scripts. The peers are the other extensions that are
installed, and JupyterLab itself, in the same page.
"""

from __future__ import annotations

import gzip
import re
import sys
import tempfile
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from playwright.sync_api import sync_playwright

from jupyter_mlcd.server.projects import project_id
from tests.benchmarks.figures import table
from tests.browser.lab import Lab, chromium
from tests.browser.page import SOON
from tests.journeys.projects import CONFIG, commit_all, notebook, repository

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Page

OURS = "jupyter-mlcd"
MOST = 150_000
"""Bytes, compressed, that may be loaded before anything of ours is opened."""

_SHARE = Path(sys.prefix, "share", "jupyter")
_EXTENSION = re.compile(r"/lab/extensions/(?P<name>(?:@[^/]+/)?[^/]+)/(?P<file>static/[^?]+\.js)")
_CORE = re.compile(r"/static/lab/(?P<file>[^?]+\.js)")
_CORE_NAME = "JupyterLab itself"
_PROJECT = project_id("")
_VIEWS: dict[str, tuple[str, dict[str, object]]] = {
    "a run": ("jupyter-mlcd:open", {"kind": "run", "run": "0"}),
    "the evidence list": ("jupyter-mlcd:open", {"kind": "evidence-list"}),
    "evidence": ("jupyter-mlcd:open", {"kind": "evidence", "run": "0"}),
    "the Deliver page": ("jupyter-mlcd:open", {"kind": "deliver", "environment": "production"}),
    "an executed notebook": (
        "jupyter-mlcd:open",
        {"kind": "notebook", "run": "0", "index": 0, "title": "one.ipynb"},
    ),
    "set up": ("jupyter-mlcd:open", {"kind": "set-up"}),
    "the commit dialog": ("jupyter-mlcd:open", {"kind": "commit"}),
    "Run as test with parameters": ("jupyter-mlcd:run-notebook", {}),
}
_DIALOGS = {"the commit dialog", "Run as test with parameters"}

Loaded = dict[str, int]
"""``{extension: bytes, compressed}``."""


@cache
def weight(file: Path) -> int:
    """Return the bytes of a file, compressed."""
    return len(gzip.compress(file.read_bytes()))


def files_of(page: Page) -> set[tuple[str, Path]]:
    """Return which files of which extension the page has fetched."""
    names = page.evaluate("() => performance.getEntriesByType('resource').map(one => one.name)")
    found = set()
    for name in names:
        extension, core = _EXTENSION.search(name), _CORE.search(name)
        if extension:
            folder = _SHARE / "labextensions" / extension["name"]
            found.add((extension["name"], folder / extension["file"]))
        elif core:
            found.add((_CORE_NAME, _SHARE / "lab" / "static" / core["file"]))
    return found


def weights(files: set[tuple[str, Path]]) -> Loaded:
    """Return what they weigh, by extension, the heaviest first."""
    found: Loaded = {}
    for name, file in files:
        found[name] = found.get(name, 0) + weight(file)
    return dict(sorted(found.items(), key=lambda one: -one[1]))


def settled(page: Page) -> set[tuple[str, Path]]:
    """Return what has been fetched once nothing more comes."""
    page.wait_for_load_state("networkidle", timeout=SOON * 3)
    return files_of(page)


def started(page: Page, lab: Lab) -> set[tuple[str, Path]]:
    """Start JupyterLab and return what it fetched before anything of ours was opened."""
    page.goto(lab.url)
    page.wait_for_function("() => window.jupyterapp?.restored", timeout=SOON * 6)
    page.evaluate("() => window.jupyterapp.restored.then(() => undefined)")
    page.get_by_role("tab", name="Delivery").wait_for(timeout=SOON)
    return settled(page)


def views(page: Page) -> Iterator[tuple[str, set[tuple[str, Path]]]]:
    """Open one view after the other and yield what came with it."""
    before = files_of(page)
    execute = "([id, args]) => window.jupyterapp.commands.execute(id, args).then(() => undefined)"
    begin = "([id, args]) => { void window.jupyterapp.commands.execute(id, args); }"
    for name, (command, arguments) in _VIEWS.items():
        page.evaluate(execute, ["docmanager:open", {"path": "one.ipynb"}])
        given = [command, {"project": _PROJECT, **arguments}]
        if name in _DIALOGS:
            page.evaluate(begin, given)
            page.get_by_role("dialog").wait_for(timeout=SOON * 3)
        else:
            page.evaluate(execute, given)
        after = settled(page)
        yield name, {file for file in after - before if file[0] == OURS}
        before = after
        if name in _DIALOGS:
            page.get_by_role("dialog").press("Escape")
            page.get_by_role("dialog").wait_for(state="detached", timeout=SOON)


def measure(folder: Path) -> tuple[Loaded, dict[str, int]]:
    """Return what the start loads of each extension, and what each view of ours adds."""
    work = repository(folder / "work" / "small")
    (work / "mlcd.toml").write_text(CONFIG)
    (work / "one.ipynb").write_text(notebook("parameters|seed = 1", "print(seed)"))
    commit_all(work, "A first model")
    lab = Lab(work, folder / "home")
    lab.start()
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium(), headless=True)
            page = browser.new_page(viewport={"width": 1440, "height": 900})
            first = weights(started(page, lab))
            added = {name: sum(weights(files).values()) for name, files in views(page)}
            browser.close()
            return first, added
    finally:
        lab.stop()


def kilobytes(size: int) -> str:
    """Return a size as it is printed."""
    return f"{size / 1000:.1f}"


def main() -> None:
    """Print the figures; the exit code is 1 when too much is loaded at the start."""
    with tempfile.TemporaryDirectory() as place:
        first, added = measure(Path(place))
    print("kB, gzipped, that the browser fetched")
    heads = ("at the start of JupyterLab", "kB", "ours / this")
    own = first.get(OURS, 0)
    table(heads, [(name, kilobytes(size), f"{own / size:.2f}") for name, size in first.items()])
    print()
    table(("when it is opened first", "kB"), [(name, kilobytes(s)) for name, s in added.items()])
    print(f"Ours at the start: {kilobytes(own)} kB. Goal: at most {kilobytes(MOST)} kB.")
    sys.exit(0 if 0 < own <= MOST else 1)


if __name__ == "__main__":
    main()
