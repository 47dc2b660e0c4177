"""A review in Notebook 7, one without a mouse, and one that is read in a notebook's output."""

from __future__ import annotations

import re
import shutil
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Page, expect

from jupyter_mlcd.model.review import Remark
from jupyter_mlcd.workbench import Workbench
from tests.browser.open_notebook import OpenNotebook
from tests.browser.page import RUNNING, SOON, Delivery
from tests.browser.places import ready, serving
from tests.browser.test_keyboard import Keyboard
from tests.journeys.projects import notebook
from tests.journeys.reviews import Team, team, works_in

if TYPE_CHECKING:
    from pathlib import Path

SAID = "Why three of them?"


@pytest.fixture(scope="module")
def once(tmp_path_factory: pytest.TempPathFactory) -> Team:
    """Make a version that Ken is asked about; each test gets a copy of it."""
    made = team(tmp_path_factory.mktemp("review"))
    Workbench(made.folder).ask_review("production", ["ken@example.org"], why="fewer mistakes")
    return made


@pytest.fixture
def kens(once: Team, tmp_path: Path) -> Path:
    """The folder as Ken sits before it."""
    folder = tmp_path / "work" / "small"
    shutil.copytree(once.folder, folder, symlinks=True)
    works_in(folder, once.ken)
    return folder


def kinds(folder: Path) -> list[str]:
    return [one.kind for one in Workbench(folder).show_review("0.1.0").entries]


@pytest.mark.timeout(300)
def test_a_review_in_notebook_7_is_a_tab_in_which_it_is_commented_and_approved(
    page: Page, kens: Path, tmp_path: Path
) -> None:
    with serving(kens, tmp_path / "home", app="notebook") as server:
        page.goto(server.document("one.ipynb"))
        ready(page)
        page.get_by_role("menuitem", name="View", exact=True).click()
        page.get_by_role("menuitem", name="Show the Delivery Panel").click()
        waiting = Delivery(page).panel.locator("[data-waiting='review']")
        with page.context.expect_page() as opened:
            waiting.get_by_role("button", name=re.compile("^Review")).click(timeout=SOON)
        tab = opened.value
        ready(tab)
        expect(tab).to_have_title("Review of 0.1.0", timeout=SOON)
        review = tab.locator("[data-review='0.1.0']")
        cell = review.locator("section[data-cell='0']")
        cell.get_by_role("button", name=re.compile("^Comment on")).click(timeout=SOON)
        cell.get_by_role("textbox").fill(SAID)
        cell.get_by_role("button", name="Comment", exact=True).click()
        expect(cell.locator("[data-entry]")).to_contain_text(SAID, timeout=SOON)
        review.get_by_role("button", name="Approve 0.1.0 for production…").click()
        sheet = review.get_by_role("dialog", name="Approve 0.1.0 for production")
        sheet.get_by_role("button", name="Approve 0.1.0 for production").click()
        approval = review.locator("[data-entry='approved']")
        expect(approval).to_have_attribute("data-fault", "", timeout=SOON)
        # What stands there is found again after a reload, and nothing is cut at the side.
        tab.reload()
        ready(tab)
        expect(approval).to_be_visible(timeout=SOON)
        wider = "() => document.documentElement.scrollWidth - window.innerWidth"
        assert tab.evaluate(wider) <= 0
    assert kinds(kens) == ["asked", "commented", "approved"]


@pytest.mark.timeout(300)
def test_a_review_without_a_mouse_is_heard_as_it_goes(
    page: Page, kens: Path, tmp_path: Path
) -> None:
    keys = Keyboard(page)
    with serving(kens, tmp_path / "home") as server:
        Delivery(page).open(server)
        expect(Delivery(page).panel.locator("[data-waiting='review']")).to_be_visible(timeout=SOON)
        page.keyboard.press("Control+Shift+Y")
        keys.press(re.compile("^Review: "))
        review = page.locator("[data-review='0.1.0']:visible")
        cell = review.locator("section[data-cell='0']")
        expect(cell).to_be_visible(timeout=SOON)
        voice = review.locator("[data-voice]").first

        # N leads to the changed cell, C opens its box, Escape puts it away, and one is there still.
        page.keyboard.press("n")
        expect(cell).to_be_focused(timeout=SOON)
        page.keyboard.press("c")
        box = cell.get_by_role("textbox")
        expect(box).to_be_focused()
        page.keyboard.press("Escape")
        expect(cell).to_be_focused()
        page.keyboard.press("c")
        page.keyboard.type(SAID)
        page.keyboard.press("Control+Enter")
        expect(cell.locator("[data-entry]")).to_contain_text(SAID, timeout=SOON)
        expect(cell).to_be_focused(timeout=SOON)
        expect(voice).to_have_text(f"Ken: comment. {SAID}")

        # A sheet that is given up, or sent, leaves her where it stood.
        rules = review.get_by_role("region", name="Rules for production")
        keys.go_to(re.compile("^Request changes"), "Shift+Tab")
        page.keyboard.press("Enter")
        sheet = review.get_by_role("dialog")
        expect(sheet.get_by_role("textbox")).to_be_focused(timeout=SOON)
        page.keyboard.press("Escape")
        expect(sheet).to_have_count(0)
        expect(rules).to_be_focused()
        keys.press(re.compile("^Approve 0.1.0"))
        expect(sheet.get_by_role("textbox")).to_be_focused(timeout=SOON)
        page.keyboard.type("fine")
        keys.press("Approve 0.1.0 for production")
        expect(review.locator("[data-entry='approved']")).to_be_visible(timeout=SOON)
        expect(rules).to_be_focused(timeout=SOON)
        expect(voice).to_have_text("Ken: approval. fine")
    assert kinds(kens) == ["asked", "commented", "approved"]


@pytest.mark.timeout(300)
def test_comments_are_read_beside_their_cells_in_a_notebooks_output(
    page: Page, kens: Path, tmp_path: Path
) -> None:
    bench = Workbench(kens)
    (run,) = bench.show_review("0.1.0").runs
    bench.comment("0.1.0", Remark(SAID, case="one.ipynb", cell=0))
    source = f"from jupyter_mlcd.widgets import *\nEvidenceWidget({run.id!r})"
    (kens / "reading.ipynb").write_text(notebook(source))
    with serving(kens, tmp_path / "home") as server:
        opened = OpenNotebook(page)
        opened.open(server, "reading.ipynb")
        opened.run(0)
        said = opened.view(0).locator("[data-entry]").first
        expect(said).to_contain_text(SAID, timeout=RUNNING)
        answering = opened.view(0).get_by_role("button", name=re.compile("^Comment on"))
        expect(answering).to_have_count(0)
