"""The panel and the pages, as a person finds them: by what they are called."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from playwright.sync_api import expect

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

    from tests.browser.lab import Lab

SOON = 20_000
"""Milliseconds for what the server answers."""
RUNNING = 120_000
"""Milliseconds for what kernels do."""


class Delivery:
    """JupyterLab with the Delivery panel open."""

    def __init__(self, page: Page) -> None:
        self.page = page

    @property
    def panel(self) -> Locator:
        return self.page.get_by_role("region", name="Delivery", exact=True)

    def open(self, lab: Lab, document: str = "") -> None:
        """Open JupyterLab, with a document if one is named, and show the panel."""
        self.page.goto(lab.document(document) if document else lab.url)
        self.page.locator("#jp-top-panel").wait_for(timeout=60_000)
        self.page.wait_for_function("() => window.jupyterapp?.restored", timeout=60_000)
        self.page.evaluate(
            "() => { void window.jupyterapp.restored.then("
            "() => window.jupyterapp.shell.activateById('jupyter-mlcd-delivery')); }"
        )
        expect(self.panel).to_be_visible(timeout=SOON)

    def button(self, name: str | re.Pattern[str]) -> Locator:
        """A button of the panel."""
        return self.panel.get_by_role("button", name=name)

    def says(self, words: str, timeout: int = SOON) -> None:
        """Wait until the panel says so."""
        expect(self.panel).to_contain_text(words, timeout=timeout)

    def commit(self, message: str) -> None:
        """Commit what changed, by the panel's reason and the dialog."""
        self.button(re.compile("^Commit")).first.click()
        dialog = self.page.get_by_role("dialog")
        dialog.get_by_role("textbox").fill(message)
        dialog.get_by_role("button", name="Commit", exact=True).click()
        expect(dialog).to_have_count(0, timeout=SOON)
        self.says("committed")

    def run(self, suite: str) -> None:
        """Run a suite by its own button."""
        self.button(f"Run {suite}").click()

    def deliver(self, version: str, environment: str) -> None:
        """Open the Deliver page, type the version, deliver, and see it delivered."""
        self.button(re.compile(f"^Deliver {re.escape(version)} to {environment}")).click()
        sheet = self.page.locator(".jp-Mlcd-sheet")
        expect(sheet).to_contain_text("What will happen", timeout=SOON)
        sheet.get_by_role("textbox").fill(version)
        sheet.get_by_role("button", name=f"Deliver to {environment}").click()
        expect(sheet).to_contain_text(f"{version} is live in {environment}", timeout=SOON)

    def environment(self, name: str) -> Locator:
        """The row of an environment under "Where it is live"."""
        rows = self.panel.locator(".jp-Mlcd-row")
        return rows.filter(has=self.page.get_by_text(name, exact=True)).first
