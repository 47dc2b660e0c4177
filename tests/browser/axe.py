"""axe-core, a checker of accessibility, in a page: WCAG A and AA, and good practice."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from playwright.sync_api import Locator

_PROGRAM = Path(__file__).parents[2] / "labextension" / "node_modules" / "axe-core" / "axe.min.js"
THEMES = ("JupyterLab Light", "JupyterLab Dark", "JupyterLab Dark High Contrast")
_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

_CHECK = """
async (root, tags, off) => {
  const { violations, passes, incomplete } = await window.axe.run(root, {
    runOnly: { type: 'tag', values: tags }, iframes: false,
    rules: Object.fromEntries(off.map(name => [name, { enabled: false }])),
    resultTypes: ['violations', 'passes']
  });
  const told = violations.flatMap(rule => rule.nodes.map(
    node => `${rule.id}: ${node.html.slice(0, 200)} ${node.failureSummary.split('\\n').join(' ')}`
  ));
  const count = rules => rules.reduce((sum, rule) => sum + rule.nodes.length, 0);
  return { told, checked: count(passes) + told.length, unsure: count(incomplete) };
}
"""


class Checked(NamedTuple):
    """What the checker says of a part of a page."""

    violations: list[str]
    checked: int
    """Elements times rules that were looked at."""
    unsure: int
    """Those that only a person can judge."""

    def at(self, where: str) -> Checked:
        """The same, with the place before each violation."""
        return self._replace(violations=[f"{where}: {words}" for words in self.violations])


@cache
def _program() -> str:
    return _PROGRAM.read_text(encoding="utf-8")


def check(root: Locator) -> Checked:
    """Check an element and all that is in it."""
    page = root.page
    if not page.evaluate("() => 'axe' in window"):
        page.add_script_tag(content=_program())
    found = root.evaluate(f"(root, tags) => ({_CHECK})(root, tags, [])", _RULES)
    return Checked(found["told"], found["checked"], found["unsure"])


def told_in_three_themes(root: Locator) -> list[str]:
    """Check a part that is shown for a moment in each theme, and go back to the first."""
    told: list[str] = []
    for theme in (*THEMES, THEMES[0]):
        root.page.evaluate(
            """theme => window.jupyterapp.commands.execute('apputils:change-theme', { theme })""",
            theme,
        )
        body = root.page.locator(f"body[data-jp-theme-name='{theme}']")
        body.wait_for(state="attached", timeout=60_000)
        told += check(root).at(theme).violations
    return told


def check_document(frame: Locator, *but: str) -> Checked:
    """Check the whole document of a frame by all rules but these.

    It runs no scripts in its frame, so it is read in a page of its own.
    """
    markup = frame.get_attribute("srcdoc")
    assert markup
    browser = frame.page.context.browser
    assert browser
    page = browser.new_page(bypass_csp=True)
    try:
        page.set_content(markup)
        page.add_script_tag(content=_program())
        found = page.evaluate(
            f"([tags, off]) => ({_CHECK})(document, tags, off)", [_RULES, list(but)]
        )
    finally:
        page.close()
    return Checked(found["told"], found["checked"], found["unsure"])
