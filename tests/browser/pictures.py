"""Takes a picture of every view: `python -m tests.browser.pictures`, or `make pictures`.

The views are the ones of `tests/browser/views.py`, in the states of `tests/browser/stage.py`; the
pictures go to docs/pictures/, with few colours, so that they stay small.
"""

from __future__ import annotations

import io
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from PIL import Image
from playwright.sync_api import ViewportSize, sync_playwright

from tests.browser.lab import Lab, browser_options
from tests.browser.stage import Stage, build
from tests.browser.views import VIEWS, root_of

if TYPE_CHECKING:
    from playwright.sync_api import Page

FOLDER = Path(__file__).parents[2] / "docs" / "pictures"
WINDOW: ViewportSize = {"width": 1200, "height": 760}
COLOURS = 96
IN_THE_DARK = {"red", "a red run", "evidence"}
"""Views that are also shown in the dark theme."""


def main() -> int:
    """Make the projects, walk through the views, and print what was written."""
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        work = Path(folder) / "work"
        build(work)
        lab = Lab(work, Path(folder) / "home")
        lab.start()
        browser = playwright.chromium.launch(**browser_options())
        try:
            page = browser.new_page(viewport=WINDOW, reduced_motion="reduce")
            stage = Stage(work, lab, page)
            stage.delivery.open(lab)
            # A notification would cover what is shown.
            page.add_style_tag(content=".Toastify { display: none; }")
            walk(stage)
        finally:
            browser.close()
            lab.stop()
    return 0


def walk(stage: Stage) -> None:
    """Take the pictures."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for view in VIEWS:
        stage.clear()
        stage.go_to("digits")
        view.show(stage)
        stage.settle(root_of(stage, view), view.says)
        name = view.name.replace(" ", "_").replace(".", "_")
        take(stage.page, FOLDER / f"{name}.png")
        if view.name in IN_THE_DARK:
            stage.theme("JupyterLab Dark")
            take(stage.page, FOLDER / f"{name}_dark.png")
            stage.theme("JupyterLab Light")


def take(page: Page, path: Path) -> None:
    """Write what is on the screen."""
    page.evaluate("() => document.activeElement?.blur()")
    picture = Image.open(io.BytesIO(page.screenshot(animations="disabled", caret="hide")))
    picture.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE).save(path, optimize=True)
    print(f"{path.name}: {path.stat().st_size / 1000:.0f} kB")


if __name__ == "__main__":
    sys.exit(main())
