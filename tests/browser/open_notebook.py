"""An open notebook in JupyterLab or Notebook 7, as a person works in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.browser.page import RUNNING

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

    from tests.browser.lab import Lab

_UP = """() => {
  const context = window.jupyterapp?.shell?.currentWidget?.context?.sessionContext;
  const kernel = context?.session?.kernel;
  const isConnected = kernel?.connectionStatus === 'connected';
  return !!(context?.isReady && isConnected && kernel.status === 'idle');
}"""
_RUN = """index => {
  const { commands, shell } = window.jupyterapp;
  shell.currentWidget.content.activeCellIndex = index;
  shell.currentWidget.content.deselectAll();
  void commands.execute('notebook:run-cell');
}"""


class OpenNotebook:
    """One notebook with its kernel."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.path = ""

    def open(self, lab: Lab, path: str) -> None:
        """Open it and wait until its kernel is really up: else a second one would be started."""
        self.path = path
        self.page.goto(lab.document(path))
        self.page.wait_for_function(_UP, timeout=RUNNING)

    def run(self, index: int) -> None:
        """Run one cell and do not wait for it."""
        self.page.evaluate(_RUN, index)

    def is_idle(self) -> None:
        """Wait until the kernel has nothing to do."""
        self.page.wait_for_function(_UP, timeout=RUNNING)

    def save(self) -> None:
        """Save it, as by Ctrl+S."""
        self.page.evaluate("() => window.jupyterapp.shell.currentWidget.context.save()")

    def command(self, name: str) -> None:
        """Execute a command of JupyterLab and do not wait for it."""
        self.page.evaluate("name => { void window.jupyterapp.commands.execute(name); }", name)

    def end_kernel(self) -> None:
        """Shut the kernel down, as another day does."""
        self.page.evaluate(
            "() => window.jupyterapp.shell.currentWidget.context.sessionContext.shutdown()"
        )

    def output(self, index: int) -> Locator:
        """What a cell put out."""
        return (
            self.page.locator(".jp-Notebook .jp-CodeCell")
            .nth(index)
            .locator(".jp-Cell-outputWrapper")
        )

    def view(self, index: int) -> Locator:
        """The live view below a cell."""
        found = self.output(index).locator(".jp-Mlcd-inNotebook")
        found.first.wait_for(timeout=RUNNING)
        return found
