"""How much of a long list is in the page at once?

    python -m tests.benchmarks.rows [RUNS] [FOLDER]

opens the list of evidence and a run of a hundred cases in a real JupyterLab, on a thousand kept
runs, and counts rows and elements of the view, before and after the last page was turned to. The
peer is JupyterLab's own file browser in the same page, on a folder of a hundred files.
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from playwright.sync_api import sync_playwright

from jupyter_mlcd.server.projects import project_id
from tests.benchmarks.big_project import BigProject, named_size
from tests.benchmarks.figures import machine, table
from tests.browser.lab import Lab, browser_options
from tests.browser.page import SOON

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

MOST = 200
"""Rows that a view may hold at once, however long its list is."""
_WITHIN = "node => [node.querySelectorAll('tbody tr, [role=row], li').length,"
_COUNT = _WITHIN + " node.querySelectorAll('*').length]"


class Rows(NamedTuple):
    """What one view holds."""

    name: str
    listed: int
    """Lines of the whole list."""
    rows: int
    elements: int
    milliseconds: float
    """From the click to its first row."""

    def row(self, peer: Rows) -> tuple[str, ...]:
        """Return a line of the table."""
        ratio = f"{self.elements / max(peer.elements, 1):.1f}"
        words = (self.listed, self.rows, self.elements, f"{self.milliseconds:.0f}")
        return (self.name, *map(str, words), ratio)


def counted(name: str, listed: int, view: Locator, began: float) -> Rows:
    """Count what is in a view, once its first row is there."""
    view.locator("tbody tr, li").first.wait_for(timeout=SOON * 6)
    spent = (time.perf_counter() - began) * 1000
    rows, elements = view.evaluate(_COUNT)
    return Rows(name, listed, rows, elements, spent)


def measure(project: BigProject, home: Path) -> list[Rows]:
    """Open one view after the other; the first is the peer's."""
    lab = Lab(project.folder, home)
    lab.start()
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(**browser_options())
            page = browser.new_page(viewport={"width": 1440, "height": 900})
            page.goto(lab.url)
            page.wait_for_function("() => window.jupyterapp?.restored", timeout=SOON * 6)
            page.evaluate("() => window.jupyterapp.restored.then(() => undefined)")
            found = [_files(page), *_evidence(page, project), _run(page, project)]
            browser.close()
            return found
    finally:
        lab.stop()


def _execute(page: Page, command: str, arguments: dict[str, object]) -> float:
    began = time.perf_counter()
    script = "([id, args]) => { void window.jupyterapp.commands.execute(id, args); }"
    page.evaluate(script, [command, arguments])
    return began


def _files(page: Page) -> Rows:
    began = _execute(page, "filebrowser:go-to-path", {"path": "/library/part_00"})
    browser = page.locator(".jp-DirListing").first
    browser.get_by_text("module_0.py").first.wait_for(timeout=SOON * 3)
    return counted("peer: the file browser, 100 files", 100, browser, began)


def _open(page: Page, view: dict[str, object]) -> tuple[float, Locator]:
    began = _execute(page, "jupyter-mlcd:open", {"project": project_id(""), **view})
    return began, page.locator("#jp-main-dock-panel .jp-Mlcd-widget:visible")


def _evidence(page: Page, project: BigProject) -> list[Rows]:
    runs = project.size.runs
    began, view = _open(page, {"kind": "evidence-list"})
    found = [counted("the evidence list", runs, view, began)]
    older = view.get_by_role("button", name="Older")
    began = time.perf_counter()
    while older.count() and older.is_enabled():
        began = time.perf_counter()
        older.click()
    return [*found, counted("its last page", runs, view, began)]


def _run(page: Page, project: BigProject) -> Rows:
    began, view = _open(page, {"kind": "run", "run": project.run_id(project.size.runs // 2)})
    return counted("a run", len(project.cases), view, began)


def main() -> None:
    """Print the figures; the exit code is 1 where a view holds too many rows."""
    size = named_size(sys.argv[1:])
    with tempfile.TemporaryDirectory() as place:
        kept = Path(sys.argv[2]) if len(sys.argv) > 2 else Path(place) / "project"
        found = measure(BigProject(kept, size), Path(place) / "home")
    print(f"{size.runs} kept runs of {size.cases} cases, {size.files} files; {machine()}")
    heads = ("", "listed", "rows in the page", "elements", "ms to the first", "elements / peer's")
    table(heads, [one.row(found[0]) for one in found])
    most = max(one.rows for one in found[1:])
    print(f"Most rows at once: {most}. Goal: at most {MOST}, however long the list is.")
    sys.exit(0 if most <= MOST else 1)


if __name__ == "__main__":
    main()
