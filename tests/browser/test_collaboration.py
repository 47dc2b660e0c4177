"""With jupyter-collaboration a document is shared: it is saved first, and never written over."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Page, expect

from tests.browser.page import RUNNING, SOON, Delivery
from tests.browser.places import project, serving
from tests.journeys.projects import git

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.timeout(400)
def test_a_shared_notebook_runs_as_a_test_and_stays_as_it_is(page: Page, tmp_path: Path) -> None:
    small = project(tmp_path / "work" / "small", seconds=2)
    # The history of shared documents, which would lie in the folder that the tests run in.
    store = f"c.SQLiteYStore.db_path = {str(tmp_path / 'shared.db')!r}"
    with serving(small, tmp_path / "home", collaboration=True, config=store) as server:
        delivery = Delivery(page)
        delivery.open(server, "train.ipynb")
        delivery.says("small")
        page.wait_for_function(
            "() => window.jupyterapp.shell.currentWidget?.context?.isReady", timeout=120_000
        )
        assert page.evaluate(
            "() => window.jupyterapp.shell.currentWidget.context.model.collaborative"
        )
        # An edit that is not saved yet is part of what runs.
        cell = page.locator(".jp-Notebook-cell").first.get_by_role("textbox")
        cell.click()
        page.keyboard.press("Control+End")
        page.keyboard.type("\nprint('of today')")
        page.get_by_role("button", name="Run as test").click()
        row = delivery.panel.locator("[data-suite='train.ipynb']")
        expect(row).to_have_attribute("data-verdict", "passed", timeout=RUNNING)

        run = next((small / ".git" / "mlcd" / "runs").iterdir())
        executed = next((run / "notebooks").glob("*.ipynb")).read_text()
        assert "of today" in executed
        # The executed results went to the run, not into the document.
        source = json.loads((small / "train.ipynb").read_text())
        assert all(not one.get("outputs") for one in source["cells"])
        expect(page.locator(".jp-Notebook .jp-OutputArea-output")).to_have_count(0)

        # Commit it, and it is delivered like any other.
        delivery.commit("Say of today")
        assert "of today" in git(small, "show", "HEAD:train.ipynb")
        delivery.run("quality")
        expect(delivery.button("Deliver 0.1.0 to production…")).to_be_visible(timeout=RUNNING)
        expect(page.get_by_text("has been updated on disk")).to_have_count(0, timeout=SOON)
