"""The same in German: panel, dialog, page and menu, with dates as they are written there."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Page, expect

from tests.browser.page import RUNNING, SOON
from tests.browser.places import command, ready, serving
from tests.journeys.projects import delivering_project, notebook

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.browser.lab import Lab


@pytest.fixture
def small(tmp_path: Path) -> Path:
    return delivering_project(tmp_path / "work" / "small")


@pytest.fixture
def lab(small: Path, tmp_path: Path) -> Iterator[Lab]:
    """JupyterLab as somebody left it who chose German in its settings."""
    chosen = tmp_path / "home" / "settings" / "@jupyterlab" / "translation-extension"
    chosen.mkdir(parents=True)
    (chosen / "plugin.jupyterlab-settings").write_text(json.dumps({"locale": "de_DE"}))
    with serving(small, tmp_path / "home") as server:
        yield server


@pytest.mark.timeout(600)
def test_whoever_chose_german_is_spoken_to_in_german(page: Page, lab: Lab, small: Path) -> None:
    page.goto(lab.url)
    ready(page)
    command(page, "jupyter-mlcd:show-panel")
    panel = page.get_by_role("region", name="Auslieferung")
    expect(panel).to_contain_text("Wo es live ist", timeout=SOON)
    expect(panel).to_contain_text("noch nichts")

    # Run, and see how it ended.
    panel.get_by_role("button", name="quality ausführen").click()
    suite = panel.locator("[data-suite='quality']")
    expect(suite).to_have_attribute("data-verdict", "passed", timeout=RUNNING)
    expect(suite.get_by_role("img", name="bestanden").first).to_be_visible()
    panel.get_by_role("button", name="Lauf von quality aufbewahren").click()
    expect(panel).to_contain_text("passt zu den Dateien", timeout=SOON)

    # A page.
    panel.get_by_role("button", name="0.1.0 nach production ausliefern…").click()
    sheet = page.locator(".jp-Mlcd-sheet")
    expect(sheet).to_contain_text("Was geschehen wird", timeout=SOON)
    sheet.get_by_role("textbox", name="Zum Fortfahren die Version eingeben").fill("0.1.0")
    sheet.get_by_role("button", name="Nach production ausliefern").click()
    expect(sheet).to_contain_text("0.1.0 ist in production live", timeout=RUNNING)

    # A dialog.
    (small / "one.ipynb").write_text(notebook("open('model.txt', 'w').write('better')"))
    expect(panel).to_contain_text("1 Datei ohne Commit", timeout=SOON)
    command(page, "jupyter-mlcd:commit")
    dialog = page.get_by_role("dialog", name="Committen")
    expect(dialog.get_by_role("textbox", name="Nachricht")).to_be_visible(timeout=SOON)
    dialog.get_by_role("button", name="Abbrechen").click()
    expect(dialog).to_have_count(0)

    # And JupyterLab's own menu.
    page.get_by_role("menuitem", name="Anzeigen", exact=True).click()
    expect(page.get_by_role("menuitem", name="Bereich „Auslieferung“ zeigen")).to_be_visible()
