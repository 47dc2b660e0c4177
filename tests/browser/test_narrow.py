"""Where there is little room: a panel of 240 pixels, pages of 700, text at 200 %."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import ViewportSize, expect

from tests.browser.layout import trouble
from tests.browser.page import SOON
from tests.browser.views import DIALOGS, VIEWS, Shown, root_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.browser.stage import Stage

PANEL, PAGE = 240, 700
WINDOW: ViewportSize = {"width": 1440, "height": 900}
SIZES = (
    "--jp-ui-font-size0",
    "--jp-ui-font-size1",
    "--jp-ui-font-size2",
    "--jp-ui-font-size3",
    "--jp-code-font-size",
    "--jp-content-font-size1",
)


def of_kind(*kinds: str) -> pytest.MarkDecorator:
    chosen = [view for view in VIEWS if view.kind in kinds]
    return pytest.mark.parametrize("view", chosen, ids=lambda view: view.name.replace(" ", "-"))


@pytest.fixture(autouse=True)
def as_it_was(stage: Stage) -> Iterator[None]:
    yield
    stage.page.set_viewport_size(WINDOW)
    stage.page.evaluate(
        "names => names.forEach(name => document.documentElement.style.removeProperty(name))",
        list(SIZES),
    )
    stage.panel.evaluate("node => { node.style.minWidth = node.style.maxWidth = ''; }")


def narrow_panel(stage: Stage, pixels: int) -> None:
    """Drag the panel's edge until it is so wide; JupyterLab itself stops at 250 pixels."""
    handle = stage.page.locator("#jp-main-split-panel > .lm-SplitPanel-handle").first
    now, box = stage.panel.bounding_box(), handle.bounding_box()
    assert now is not None
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + 300
    stage.page.mouse.move(x, y)
    stage.page.mouse.down()
    stage.page.mouse.move(x + pixels - now["width"], y, steps=4)
    stage.page.mouse.up()
    stage.panel.evaluate(
        "(node, pixels) => { node.style.minWidth = node.style.maxWidth = `${pixels}px`; }", pixels
    )
    after = stage.panel.bounding_box()
    assert after is not None
    assert abs(after["width"] - pixels) <= 2


@pytest.mark.timeout(300)
@of_kind("panel")
def test_the_panel_is_read_whole_at_240_pixels(stage: Stage, view: Shown) -> None:
    stage.clear()
    narrow_panel(stage, PANEL)
    view.show(stage)
    stage.settle(stage.panel, view.says)
    assert trouble(stage.panel) == []


@pytest.mark.timeout(300)
@of_kind(*({view.kind for view in VIEWS} - DIALOGS - {"panel"}))
def test_a_page_is_read_whole_at_700_pixels(stage: Stage, view: Shown) -> None:
    stage.clear()
    view.show(stage)
    root = root_of(stage, view)
    stage.settle(root, view.says)
    box = root.bounding_box()
    assert box is not None
    width = round(WINDOW["width"] - box["width"]) + PAGE
    stage.page.set_viewport_size({"width": width, "height": WINDOW["height"]})
    expect(root).to_be_visible(timeout=SOON)
    assert trouble(root) == []


@pytest.mark.timeout(300)
@of_kind(*{view.kind for view in VIEWS})
def test_text_of_twice_the_size_is_read_whole(stage: Stage, view: Shown) -> None:
    stage.clear()
    stage.page.evaluate(
        "names => { const root = document.documentElement, has = getComputedStyle(root);"
        "for (const name of names) root.style.setProperty(name, `${2 * parseFloat("
        "has.getPropertyValue(name))}px`); }",
        list(SIZES),
    )
    narrow_panel(stage, 2 * PANEL)
    view.show(stage)
    root = root_of(stage, view)
    stage.settle(root, view.says)
    size = root.locator(".jp-Mlcd").first.evaluate("node => getComputedStyle(node).fontSize")
    assert size == "26px"
    assert trouble(root) == []
