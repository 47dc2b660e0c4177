"""From the click on "Run quality" to the first progress on the screen.

    python -m tests.benchmarks.click [CLICKS]

clicks in a real Chromium on a real JupyterLab. The page itself takes the times: from the click's
own event to the frame after the suite's progress bar came into the document. The first click is
told apart, and whether a nursery was warm. The peer is a bare ``fetch`` of Jupyter Server's own
``/api/status`` in the same page, and next to it of our status.
"""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from playwright.sync_api import sync_playwright

from jupyter_mlcd.execution.nursery_client import nursery_socket
from jupyter_mlcd.server.projects import project_id
from jupyter_mlcd.world.key_variables import without_keys
from tests.benchmarks.figures import MILLISECONDS, TIMES, Times, machine, table
from tests.browser.lab import Lab, chromium
from tests.browser.page import RUNNING, Delivery
from tests.journeys.projects import commit_all, notebook, repository

if TYPE_CHECKING:
    from playwright.sync_api import Page

GOAL = 300
"""Milliseconds in which half of the clicks are to show progress."""
CLICKS = 20
CONFIG = """
[project]
name = "small"

[suites.quality]
notebooks = ["train.ipynb"]

[environments.production]
"""
BAR = '[role="progressbar"][aria-label="Progress of quality"]'
AWAIT_PROGRESS = """
bar => {
  let clicked = 0;
  document.addEventListener('click', () => { clicked = performance.now(); }, {
    capture: true, once: true
  });
  window.mlcdShown = new Promise(resolve => {
    new MutationObserver((_, observer) => {
      if (clicked && document.querySelector(bar)) {
        observer.disconnect();
        requestAnimationFrame(() => resolve(performance.now() - clicked));
      }
    }).observe(document.body, { subtree: true, childList: true, attributes: true });
  });
}
"""
FETCH = """
async address => {
  const began = performance.now();
  await (await fetch(address, { cache: 'no-store' })).text();
  return performance.now() - began;
}
"""


def measure(folder: Path, clicks: int) -> list[Times]:
    """Click and wait for the end of each run; the peer comes first."""
    work = repository(folder / "work" / "small")
    (work / "mlcd.toml").write_text(CONFIG)
    (work / "train.ipynb").write_text(notebook("a = 1", "print(a)"))
    commit_all(work, "A first model")
    lab = Lab(work, folder / "home")
    lab.start()
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium(), headless=True)
            page = browser.new_page(viewport={"width": 1440, "height": 900})
            delivery = Delivery(page)
            delivery.open(lab)
            found = in_page(page, delivery, clicks)
            browser.close()
            return found
    finally:
        lab.stop()


def in_page(page: Page, delivery: Delivery, clicks: int) -> list[Times]:
    """Take the times in an open page."""
    button = delivery.button("Run quality")
    button.wait_for(timeout=RUNNING)
    root = page.url.split("/lab")[0]
    nursery = "warm" if nursery_socket(without_keys(os.environ)).exists() else "cold"
    peer, status = Times("peer: /api/status"), Times("our status")
    first, later = Times(f"the first click, nursery {nursery}"), Times("a click")
    for number in range(clicks + 1):
        page.evaluate(AWAIT_PROGRESS, BAR)
        button.click()
        shown = page.evaluate("() => window.mlcdShown")
        (later if number else first).seconds.append(shown / MILLISECONDS)
        page.locator(BAR).wait_for(state="detached", timeout=RUNNING)
        button.wait_for(timeout=RUNNING)
        for times, address in ((peer, "api/status"), (status, f"mlcd/projects/{project_id('')}")):
            times.seconds.append(page.evaluate(FETCH, f"{root}/{address}") / MILLISECONDS)
    return [peer, status, first, later]


def main() -> None:
    """Print the figures."""
    clicks = int(sys.argv[1]) if len(sys.argv) > 1 else CLICKS
    with tempfile.TemporaryDirectory(prefix="mlcd") as place:
        found = measure(Path(place), clicks)
    print(f"{clicks} clicks; {machine()}")
    table(TIMES, [times.row(found[0]) for times in found])
    print(f"Goal: half of the clicks show progress in {GOAL} ms.")


if __name__ == "__main__":
    main()
