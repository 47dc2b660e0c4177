"""Evidence as a reader sees it: what changed against what is live, in a real browser."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.evidence_days import a_first_day, a_second_day
from tests.browser.lab import Lab
from tests.browser.page import RUNNING, SOON, Delivery

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def two_days(tmp_path: Path) -> Path:
    folder = a_first_day(tmp_path / "work" / "small")
    a_second_day(folder)
    return folder


@pytest.fixture
def two_days_lab(two_days: Path, tmp_path: Path) -> Iterator[Lab]:
    server = Lab(two_days, tmp_path / "home")
    server.start()
    yield server
    server.stop()


@pytest.mark.timeout(900)
def test_what_changed_against_what_is_live_is_read_to_its_end(
    page: Page, two_days_lab: Lab
) -> None:
    delivery = Delivery(page)
    delivery.open(two_days_lab)
    delivery.button(re.compile("^Evidence of quality")).first.click()
    evidence = page.get_by_role("article", name="Evidence of quality")

    # First what changed: the case, by how much, and its cells side by side.
    case = evidence.get_by_role("article", name="What changed in train.ipynb")
    expect(case).to_contain_text("live, 0.1.0", timeout=RUNNING)
    cases = evidence.get_by_role("navigation", name="Cases")
    expect(cases).to_contain_text("read 1 of 2")
    expect(cases.get_by_role("button", name=re.compile("train"))).to_contain_text("accuracy +0.005")
    source = case.get_by_role("table", name="Source of cell 2")
    assert source.locator("mark").all_inner_texts() == ["1.0", "10.0"]
    rows = case.get_by_role("table", name="table of cell 5, this run")
    expect(rows.locator("mark").last).to_have_text("1.006")

    keys_walk_through_the_changes(page, case)
    large_output_comes_on_demand(case)
    slider_moves_by_keys(page, evidence.get_by_role("region", name="Figures"))
    history_has_both_runs(evidence)

    # Reading is remembered in this browser.
    cases.get_by_role("button", name=re.compile("prepare")).click()
    expect(cases).to_contain_text("read 2 of 2", timeout=RUNNING)
    delivery.open(two_days_lab)
    delivery.button(re.compile("^Evidence of quality")).first.click()
    expect(cases).to_contain_text("read 2 of 2", timeout=RUNNING)

    # Compared with itself before: the first run has nothing older.
    cases.get_by_role("button", name=re.compile("train")).click()
    the_executed_notebook_opens_at_a_cell(page, case)


def keys_walk_through_the_changes(page: Page, case: Locator) -> None:
    where = case.get_by_role("status").first
    expect(where).to_have_text("6 changes")
    case.get_by_role("heading", name="train.ipynb").click()
    page.keyboard.press("n")
    expect(where).to_have_text("change 1 of 6")
    expect(case.get_by_role("region", name="Change 1 of 6: cell 2")).to_be_focused()
    page.keyboard.press("j")
    page.keyboard.press("j")
    expect(case.get_by_role("region", name="Change 3 of 6: cell 6")).to_be_focused()
    expect(case.get_by_role("region", name="Change 3 of 6: cell 6")).to_be_in_viewport()
    page.keyboard.press("p")
    expect(where).to_have_text("change 2 of 6")
    case.get_by_role("radio", name="Outputs").check(force=True)
    expect(where).to_have_text("4 changes")
    case.get_by_role("radio", name="Whole notebook").check(force=True)
    expect(case.get_by_role("region", name="cell 3")).to_contain_text("nothing changes here")
    case.get_by_role("radio", name="All changes").check(force=True)


def large_output_comes_on_demand(case: Locator) -> None:
    cell = case.get_by_role("region", name=re.compile("cell 7$"))
    expect(cell).not_to_contain_text("line 2999")
    cell.get_by_role("button", name="Show all of stdout of cell 7, this run").click()
    expect(cell).to_contain_text("line 2999 of a long log 10.0", timeout=SOON)


def slider_moves_by_keys(page: Page, figures: Locator) -> None:
    figure = figures.locator("[data-figure='errors_by_class']")
    expect(figure.get_by_role("img")).to_have_count(2, timeout=SOON)
    after = figure.get_by_role("img", name="errors_by_class, after")
    # A picture that could not be read would have no width.
    assert after.evaluate("image => image.naturalWidth") == 160
    slider = figure.get_by_role("slider")
    slider.focus()
    page.keyboard.press("Home")
    expect(slider).to_have_attribute("aria-valuetext", "0 % before, 100 % after")
    cut = "image => getComputedStyle(image.closest('figure')).clipPath"
    assert after.evaluate(cut) == "inset(0px 0px 0px 0%)"
    page.keyboard.press("End")
    expect(slider).to_have_attribute("aria-valuetext", "100 % before, 0 % after")
    assert after.evaluate(cut) == "inset(0px 0px 0px 100%)"


def history_has_both_runs(evidence: Locator) -> None:
    picture = evidence.get_by_role("img", name="accuracy over the kept runs")
    expect(picture.locator("[data-point]")).to_have_count(2)
    expect(picture.locator("[data-point='live']")).to_contain_text("0.1.0, live")
    plot = evidence.get_by_role("figure", name="History of accuracy")
    plot.get_by_text("As a table").click()
    expect(plot.get_by_role("table")).to_contain_text("0.951-0.971")


def the_executed_notebook_opens_at_a_cell(page: Page, case: Locator) -> None:
    case.get_by_role("button", name="Executed notebook").click(timeout=RUNNING)
    still = page.frame_locator("iframe[sandbox]")
    expect(still.locator("body")).to_contain_text("fold 2 with C = 10.0", timeout=RUNNING)
    verdicts = page.get_by_role("navigation", name="Verdicts of the cells")
    expect(verdicts.get_by_role("img", name="passed")).to_have_count(9)
    verdicts.get_by_role("button", name=re.compile("cell 9")).first.click()
    expect(still.locator("main > :nth-child(9)")).to_be_in_viewport(timeout=SOON)
    verdicts.get_by_role("button", name="Open the notebook at cell 2").click()
    expect(page.locator(".jp-NotebookPanel:visible")).to_be_visible(timeout=RUNNING)


@pytest.mark.timeout(900)
def test_the_first_run_has_nothing_to_be_compared_with_and_the_list_is_filtered(
    page: Page, two_days_lab: Lab
) -> None:
    delivery = Delivery(page)
    delivery.open(two_days_lab)
    delivery.button("All evidence").click()
    table = page.get_by_role("table", name="Evidence")
    expect(table.get_by_role("row")).to_have_count(3, timeout=SOON)
    box = page.get_by_role("searchbox", name="Filter evidence")
    box.fill("0.1.0 passed")
    expect(table.get_by_role("row")).to_have_count(2)
    table.get_by_role("button", name=re.compile("^Evidence of quality")).click()

    evidence = page.get_by_role("article", name="Evidence of quality")
    expect(evidence).to_contain_text("Nothing is live that stands on another run", timeout=RUNNING)
    cases = evidence.get_by_role("navigation", name="Cases")
    expect(cases).to_contain_text("2 new")
    chooser = evidence.get_by_role("combobox", name="compare with")
    chooser.select_option(index=1)
    expect(cases.get_by_role("button", name=re.compile("train"))).to_contain_text(
        "accuracy \N{MINUS SIGN}0.005", timeout=RUNNING
    )
    evidence.get_by_role("button", name="Verify").click()
    expect(evidence.get_by_role("heading", level=2)).to_contain_text("verified", timeout=RUNNING)
