"""A whole day without a mouse: every step is reached by Tab, and the focus can be seen."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Page, expect

from tests.browser.page import RUNNING, SOON, Delivery
from tests.browser.places import serving
from tests.browser.test_a_day import CONFIG, training
from tests.journeys.projects import commit_all, git, repository

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.browser.lab import Lab

MOST_STEPS = 80

_FOCUSED = """
() => {
  const one = document.activeElement;
  const { outlineStyle, outlineWidth, boxShadow, borderColor } = getComputedStyle(one);
  const isOutlined = outlineStyle !== 'none' && parseFloat(outlineWidth) >= 1;
  const isField = one.matches('input, textarea, select');
  return {
    name: one.getAttribute('aria-label') ?? one.closest('label')?.textContent ?? one.textContent,
    isOurs: one.closest('.jp-Mlcd, .jp-Dialog') !== null,
    isSeen: isOutlined || (isField && (boxShadow !== 'none' || borderColor !== ''))
  };
}
"""


class Keyboard:
    """What a person does who has no mouse."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def go_to(self, name: str | re.Pattern[str], key: str = "Tab") -> None:
        """Press Tab until what is called so has the focus; all that is passed shows it, too."""
        passed: list[str] = []
        wanted = re.compile(re.escape(name)) if isinstance(name, str) else name
        for _ in range(MOST_STEPS):
            focused = self.page.evaluate(_FOCUSED)
            if focused["isOurs"]:
                assert focused["isSeen"], f"{focused['name']} does not show that it has the focus"
                if wanted.search(focused["name"].strip()):
                    return
            passed.append(focused["name"].strip()[:40])
            self.page.keyboard.press(key)
        raise AssertionError(f"{wanted.pattern} is not reached; passed: {passed}")

    def press(self, name: str | re.Pattern[str], key: str = "Enter") -> None:
        """Go there and press it."""
        self.go_to(name)
        self.page.keyboard.press(key)

    def type(self, text: str) -> None:
        self.page.keyboard.press("Control+A")
        self.page.keyboard.type(text)


@pytest.fixture
def small(tmp_path: Path) -> Path:
    folder = repository(tmp_path / "work" / "small")
    (folder / "train.ipynb").write_text(training(0.9, samples=1796, slow=0.05))
    (folder / ".gitignore").write_text("releases/\n.ipynb_checkpoints/\n")
    (folder / "mlcd.toml").write_text(CONFIG)
    commit_all(folder, "A first model")
    return folder


@pytest.fixture
def lab(small: Path, tmp_path: Path) -> Iterator[Lab]:
    with serving(small, tmp_path / "home") as server:
        yield server


@pytest.mark.timeout(600)
def test_from_a_red_run_to_live_without_a_mouse(page: Page, lab: Lab, small: Path) -> None:
    delivery, keys = Delivery(page), Keyboard(page)
    delivery.open(lab)
    expect(delivery.button("Run quality")).to_be_visible(timeout=SOON)

    # The shortcut leads into the panel, Tab to the button, Enter starts; the end is read aloud.
    page.keyboard.press("Control+Shift+Y")
    keys.press("Run quality")
    delivery.says("1 case did not pass", RUNNING)
    expect(delivery.panel.locator("[data-voice]")).to_contain_text("quality", timeout=SOON)

    # Read the failure, and say that this is the new expected result.
    page.keyboard.press("Control+Shift+Y")
    keys.press(re.compile("^See"))
    card = page.get_by_role("article", name="Run of quality")
    expect(card).to_contain_text("samples used: 1796", timeout=SOON)
    keys.press(re.compile("^This is the new expected result"))
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("textbox")).to_be_focused(timeout=SOON)
    keys.type("One sample was a duplicate")
    keys.press("Accept and commit")
    expect(dialog).to_have_count(0, timeout=RUNNING)
    assert "duplicate" in git(small, "log", "-1", "--format=%B")

    # A dialog that is given up gives the focus back to where it came from.
    (small / "train.ipynb").write_text(training(0.91, samples=1796, slow=0.05))
    delivery.says("not committed", RUNNING)
    page.keyboard.press("Control+Shift+Y")
    keys.press(re.compile("^Commit"))
    expect(dialog.get_by_role("textbox")).to_be_focused(timeout=SOON)
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    expect(delivery.panel.locator(":focus")).to_have_count(1)

    # Commit it with the space bar, run it again, and deliver.
    keys.press(re.compile("^Commit"))
    expect(dialog.get_by_role("textbox")).to_be_focused(timeout=SOON)
    keys.type("A better model")
    keys.press(re.compile("^Commit$"), "Space")
    expect(dialog).to_have_count(0, timeout=SOON)
    page.keyboard.press("Control+Shift+Y")
    keys.press("Run quality")
    ready = delivery.button("Deliver 0.1.0 to production…")
    expect(ready).to_be_visible(timeout=RUNNING)
    page.keyboard.press("Control+Shift+Y")
    keys.press("Deliver 0.1.0 to production")
    sheet = page.locator(".jp-Mlcd-sheet")
    expect(sheet).to_contain_text("What will happen", timeout=SOON)
    keys.go_to(re.compile("^Type the version"))
    keys.type("0.1.0")
    keys.press(re.compile("^Deliver to production$"), "Space")
    expect(sheet).to_contain_text("0.1.0 is live in production", timeout=RUNNING)


@pytest.mark.timeout(300)
def test_nothing_moves_for_those_who_asked_for_that(page: Page, lab: Lab, small: Path) -> None:
    (small / "train.ipynb").write_text(training(0.9, slow=20))
    commit_all(small, "A slow model")
    page.emulate_media(reduced_motion="reduce")
    delivery = Delivery(page)
    delivery.open(lab)
    delivery.run("quality")
    delivery.says("cell 1 of 4", RUNNING)
    moving = (
        "root => root.getAnimations({ subtree: true })"
        ".filter(one => one.playState === 'running').map(one => one.effect.target.outerHTML)"
    )
    assert delivery.panel.evaluate(moving) == []
    page.emulate_media(reduced_motion="no-preference")
    assert len(delivery.panel.evaluate(moving)) > 0
