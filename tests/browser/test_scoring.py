"""Not comparable, and the way out: a click scores the live model, the page follows, it goes out."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser import axe
from tests.browser.page import RUNNING, SOON, Delivery
from tests.browser.places import serving
from tests.journeys.projects import commit_all, mlcd, notebook
from tests.journeys.scoring import STRICT, scoring_project, write_evaluation, write_training

SLOW = "parameters|seed = 0"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a project whose second version is measured by another evaluation than the first."""
    made = scoring_project(tmp_path / "work" / "digits")
    assert mlcd(made, "run").code == 0
    assert mlcd(made, "deliver", "--to", "production", "--yes").code == 0
    write_training(made, 8)
    write_evaluation(made, STRICT)
    commit_all(made, "Measure strictly")
    assert mlcd(made, "run").code == 0
    return made


def picture(page: Page, name: str) -> None:
    """Keep what is seen, where somebody wants to look."""
    if place := os.environ.get("MLCD_PICTURES"):
        page.screenshot(path=Path(place) / f"{name}.png")


def open_view(page: Page, view: dict[str, str]) -> None:
    """Open a view of the only project, as a link to it does."""
    page.evaluate(
        """async view => {
          const found = await fetch('/mlcd/projects').then(answer => answer.json());
          const whole = { ...view, project: found.projects[0].id };
          await window.jupyterapp.commands.execute('jupyter-mlcd:open', whole);
        }""",
        view,
    )


@pytest.mark.timeout(600)
def test_one_click_makes_it_comparable_and_it_goes_out(
    page: Page, folder: Path, tmp_path: Path
) -> None:
    with serving(folder, tmp_path / "home") as server:
        delivery = Delivery(page)
        delivery.open(server)
        delivery.says("were not measured in the same way")
        picture(page, "scoring_panel")
        open_view(page, {"kind": "deliver", "environment": "production"})
        shown = page.locator(".jp-Mlcd-sheet")
        expect(shown).to_contain_text("not measured in the same way", timeout=SOON)
        offer = shown.locator("[data-scoring]")
        expect(offer).to_contain_text("with model.json of 0.1.0 in place of what train.ipynb")
        picture(page, "scoring_possible")
        assert axe.told_in_three_themes(shown) == []
        offer.get_by_role("button", name=re.compile("Score 0.1.0 on today")).click()
        expect(shown.locator("[data-scoring='going']")).to_be_visible(timeout=SOON)
        picture(page, "scoring_going")
        reason = "0.7 against 0.5 live (0.1.0 scored again on today's data)"
        expect(shown).to_contain_text(reason, timeout=RUNNING)
        expect(shown.locator("[data-scoring]")).to_have_count(0)
        picture(page, "scoring_done")
        shown.get_by_role("textbox", name="Type the version to go on").fill("0.2.0")
        shown.get_by_role("button", name="Deliver to production").click()
        production = delivery.panel.locator("[data-environment='production']")
        expect(production).to_have_attribute("data-live", "0.2.0", timeout=RUNNING)


@pytest.mark.timeout(600)
def test_a_reviewer_finds_the_same_way_out(page: Page, folder: Path, tmp_path: Path) -> None:
    assert mlcd(folder, "release").code == 0
    with serving(folder, tmp_path / "home") as server:
        delivery = Delivery(page)
        delivery.open(server)
        open_view(page, {"kind": "review", "version": "0.2.0"})
        review = page.get_by_role("article", name="Review of digits 0.2.0")
        offer = review.locator("[data-scoring='possible']")
        expect(offer).to_contain_text("keeps the scores", timeout=SOON)
        picture(page, "scoring_review")
        offer.get_by_role("button", name=re.compile("Score 0.1.0 on today")).click()
        expect(review).to_contain_text("(0.1.0 scored again on today's data)", timeout=RUNNING)
        evidence = delivery.panel.locator("[data-evidence]").filter(has_text="0.1.0 scored again")
        evidence.get_by_role("button").first.click()
        picture(page, "scoring_evidence")
        page.get_by_role("button", name="See the run", exact=True).click()
        run = page.locator("article[data-run]")
        expect(run).to_contain_text("proves nothing about the files that it ran on", timeout=SOON)
        expect(run).to_contain_text("kept as evidence", timeout=SOON)
        picture(page, "scoring_run")


@pytest.mark.timeout(600)
def test_what_the_old_model_does_not_survive_is_said_and_its_run_can_be_seen(
    page: Page, folder: Path, tmp_path: Path
) -> None:
    write_evaluation(folder, 'model["wrong"]')
    train = 'import json\njson.dump({"wrong": 0.2, "seed": seed}, open("model.json", "w"))'
    (folder / "train.ipynb").write_text(notebook(SLOW, train))
    commit_all(folder, "Count what is wrong")
    assert mlcd(folder, "run").code == 0
    with serving(folder, tmp_path / "home") as server:
        delivery = Delivery(page)
        delivery.open(server)
        delivery.button(re.compile("Score what is live")).click()
        delivery.says("0.1.0 could not be scored by these notebooks", RUNNING)
        delivery.says("KeyError: 'wrong'")
        picture(page, "scoring_failed")
        line = delivery.panel.get_by_text("0.1.0 scored again")
        expect(line.first).to_be_visible(timeout=SOON)
