"""Continuous deployment as the panel shows it: two clicks to begin, and no human after a commit."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Page, expect

from jupyter_mlcd.workbench import Workbench
from tests.browser.page import RUNNING, SOON, Delivery
from tests.browser.places import serving
from tests.journeys.flows import change, flowing_project, served

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    made = flowing_project(tmp_path / "work" / "digits")
    yield made
    Workbench(made).stop_watching()


@pytest.mark.timeout(600)
def test_a_better_model_goes_out_a_worse_one_does_not_and_a_bad_one_comes_back(
    page: Page, folder: Path, tmp_path: Path
) -> None:
    with serving(folder, tmp_path / "home") as server:
        delivery = Delivery(page)
        delivery.open(server)
        delivery.says("production: nobody is watching")
        delivery.button("Watch: let versions go to production by themselves…").click()
        view = page.get_by_role("article", name="Delivered by itself")
        view.get_by_role("button", name="Watch from this machine…").click()
        sheet = view.get_by_role("dialog", name="Watch from this machine")
        expect(sheet).to_contain_text("Nobody is asked.")
        sheet.get_by_role("button", name="Watch", exact=True).click()
        expect(view.locator("[data-watching='true']")).to_be_visible(timeout=RUNNING)
        production = delivery.panel.locator("[data-environment='production']")

        def is_live(version: str) -> None:
            expect(production).to_have_attribute("data-live", version, timeout=RUNNING)
            checked = production.locator("[data-check='green']")
            expect(checked).to_contain_text(version, timeout=RUNNING)

        is_live("0.1.0")
        assert served(folder) == "first"

        change(folder, "better", 0.95)
        is_live("0.2.0")
        assert served(folder) == "better"

        change(folder, "worse", 0.93)
        delivery.says("0.93 against 0.95 live: 0.02 worse", RUNNING)
        assert served(folder) == "better"

        change(folder, "best, but slow", 0.99)
        back = production.locator("[data-back-from='0.3.0']")
        expect(back).to_contain_text("it takes a minute", timeout=RUNNING)
        is_live("0.2.0")
        assert served(folder) == "better"

        view.get_by_role("button", name="Stop watching…").click()
        stop = view.get_by_role("dialog", name="Stop watching")
        stop.get_by_role("button", name="Stop watching").click()
        expect(view.locator("[data-watching='false']")).to_be_visible(timeout=SOON)
        delivery.says("production: nobody is watching")
