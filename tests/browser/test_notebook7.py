"""Notebook 7: panel, buttons and dialogs are there, and pages open as documents in tabs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Page, expect

from tests.browser.page import RUNNING, SOON, Delivery
from tests.browser.places import command, project, ready, serving
from tests.journeys.projects import commit_all, git, notebook

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.browser.lab import Lab


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("notebook7")


@pytest.fixture(scope="module")
def small(place: Path) -> Path:
    folder = project(place / "work" / "small", seconds=3)
    (folder / "broken.ipynb").write_text(notebook("a = 1", "b = 2", "1 / 0"))
    commit_all(folder, "A notebook that fails")
    return folder


@pytest.fixture(scope="module")
def notebook7(place: Path, small: Path) -> Iterator[Lab]:
    with serving(small, place / "home", app="notebook") as server:
        yield server


def show(page: Page, url: str) -> Delivery:
    """Open a page of Notebook 7 and its Delivery panel, by the View menu."""
    page.goto(url)
    ready(page)
    page.get_by_role("menuitem", name="View", exact=True).click()
    page.get_by_role("menuitem", name="Show the Delivery Panel").click()
    delivery = Delivery(page)
    expect(delivery.panel).to_be_visible(timeout=SOON)
    return delivery


@pytest.mark.timeout(600)
def test_from_a_notebook_to_live_over_pages_that_are_documents(
    page: Page, notebook7: Lab, small: Path
) -> None:
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    delivery = show(page, notebook7.document("train.ipynb"))
    expect(page.get_by_role("button", name="Deliver small…")).to_be_visible(timeout=SOON)
    assert [text for text in said if "failed to activate" in text] == []

    # Notebook 7 writes the kernel's language into the file; commit that in our dialog, here.
    page.get_by_role("button", name="Run as test").click()
    single = delivery.panel.locator("[data-suite='train.ipynb']")
    expect(single).to_have_attribute("data-verdict", "passed", timeout=RUNNING)
    if git(small, "status", "--porcelain", "--untracked-files=no"):
        delivery.commit("Saved by Notebook 7")
    delivery.run("quality")
    notice = page.get_by_role("alert").filter(has_text="quality")
    expect(notice.first).to_contain_text("1 of 1 cases", timeout=RUNNING)
    expect(delivery.button("Deliver 0.1.0 to production…")).to_be_visible(timeout=RUNNING)

    # The Deliver page is a tab of its own with an address of its own.
    with page.context.expect_page() as opened:
        delivery.button("Deliver 0.1.0 to production…").click()
    sheet = opened.value
    ready(sheet)
    assert "/edit/mlcd" in sheet.url
    main = sheet.get_by_role("main")
    expect(main).to_contain_text("What will happen", timeout=SOON)
    expect(sheet).to_have_title("Deliver to production")
    sheet.reload()
    ready(sheet)
    expect(main).to_contain_text("What will happen", timeout=SOON)
    main.get_by_role("textbox").fill("0.1.0")
    main.get_by_role("button", name="Deliver to production").click()
    expect(main).to_contain_text("0.1.0 is live in production", timeout=RUNNING)

    # The tab that was left says so too.
    expect(delivery.environment("production")).to_contain_text("0.1.0", timeout=SOON)


@pytest.mark.timeout(300)
def test_a_failed_cell_opens_in_its_notebook(page: Page, notebook7: Lab) -> None:
    delivery = show(page, notebook7.document("broken.ipynb"))
    page.get_by_role("button", name="Run as test").click()
    row = delivery.panel.locator("[data-suite='broken.ipynb']")
    expect(row).to_have_attribute("data-verdict", "error", timeout=RUNNING)
    with page.context.expect_page() as opened:
        command(page, "jupyter-mlcd:show-run")
    run = opened.value
    ready(run)
    expect(run).to_have_title("Run of broken.ipynb", timeout=SOON)

    # From there to the third cell of the source: one more tab, with that cell active.
    with run.context.expect_page() as shown:
        run.get_by_role("button", name="Open at this cell").click()
    source = shown.value
    ready(source)
    active = source.locator(".jp-Notebook-cell.jp-mod-active")
    expect(active).to_contain_text("1 / 0", timeout=SOON)


@pytest.mark.timeout(300)
def test_the_tree_has_panel_context_menu_and_running_list(page: Page, notebook7: Lab) -> None:
    delivery = show(page, notebook7.url)
    delivery.says("small")
    page.get_by_text("train.ipynb", exact=True).first.click(button="right")
    page.get_by_role("menuitem", name="Run as Test").click()
    page.get_by_role("tab", name="Running").click()
    running = page.locator("#jp-running-sessions-tree")
    expect(running).to_contain_text("Test runs", timeout=SOON)
    entry = running.locator(".jp-Mlcd-running").first
    expect(entry).to_contain_text("train", timeout=RUNNING)
    entry.hover()
    entry.get_by_title("Cancel").first.click()
    expect(running.locator(".jp-Mlcd-running")).to_have_count(0, timeout=RUNNING)
    row = delivery.panel.locator("[data-suite='train.ipynb']").first  # the newest one
    expect(row).to_have_attribute("data-verdict", "cancelled", timeout=RUNNING)


@pytest.mark.timeout(120)
def test_an_address_that_names_no_page_says_so(page: Page, notebook7: Lab) -> None:
    page.goto(notebook7.url.replace("/tree?", "/edit/mlcd%3Arun%2Fnowhere.mlcd-page?"))
    ready(page)
    main = page.get_by_role("main")
    expect(main).to_contain_text("There is no such page", timeout=SOON)
    main.get_by_role("button", name="Show the Delivery panel").click()
    expect(Delivery(page).panel).to_be_visible(timeout=SOON)


@pytest.mark.timeout(120)
def test_a_page_that_is_done_closes_its_tab(page: Page, notebook7: Lab) -> None:
    show(page, notebook7.document("train.ipynb"))
    with page.context.expect_page() as opened:
        command(page, "jupyter-mlcd:evidence")
    evidence = opened.value
    ready(evidence)
    expect(evidence).to_have_title("Evidence", timeout=SOON)
    expect(evidence.get_by_role("main")).to_contain_text("Evidence", timeout=SOON)
