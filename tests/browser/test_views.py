"""Every view, brought up once: in three themes by axe-core, with little room, with large text."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import ViewportSize, expect

from tests.browser import axe
from tests.browser.layout import trouble
from tests.browser.open_notebook import OpenNotebook
from tests.browser.page import RUNNING, SOON
from tests.browser.places import command
from tests.browser.views import DIALOGS, VIEWS, Shown, root_of
from tests.journeys.projects import notebook

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Locator, Page

    from tests.browser.stage import Stage

PANEL, PAGE = 240, 700
"""Pixels that a panel and a page are read whole at."""
WINDOW: ViewportSize = {"width": 1440, "height": 900}
SIZES = [
    "--jp-ui-font-size0",
    "--jp-ui-font-size1",
    "--jp-ui-font-size2",
    "--jp-ui-font-size3",
    "--jp-code-font-size",
    "--jp-content-font-size1",
]

WIDGETS = notebook(
    "from jupyter_mlcd.widgets import *\nSuiteWidget('quality')",
    "EvidenceWidget()",
    "DeliverWidget('staging')",
    "EnvironmentsWidget()",
)


@pytest.fixture(autouse=True)
def as_it_was(stage: Stage) -> Iterator[None]:
    yield
    stage.page.set_viewport_size(WINDOW)
    stage.page.evaluate(
        "names => names.forEach(name => document.documentElement.style.removeProperty(name))",
        SIZES,
    )
    stage.panel.evaluate("node => { node.style.minWidth = node.style.maxWidth = ''; }")


@pytest.mark.timeout(600)
@pytest.mark.parametrize("view", VIEWS, ids=lambda view: view.name.replace(" ", "-"))
def test_a_view_is_for_everybody_and_read_whole(
    stage: Stage, view: Shown, looks: list[axe.Checked]
) -> None:
    stage.clear()
    set_panel(stage, 2 * PANEL)
    view.show(stage)
    root = root_of(stage, view)
    stage.settle(root, view.says)
    looks.extend(found := in_three_themes(stage, view, root))
    told = [words for look in found for words in look.violations]
    if view.kind == "panel":
        set_panel(stage, PANEL)
        told += [f"{PANEL} pixels: {words}" for words in trouble(root)]
        set_panel(stage, 2 * PANEL)
    elif view.kind not in DIALOGS:
        set_page(stage, root, PAGE)
        told += [f"{PAGE} pixels: {words}" for words in trouble(root)]
        stage.page.set_viewport_size(WINDOW)
    double_text(stage, root)
    told += [f"text of 200 %: {words}" for words in trouble(root)]
    assert told == [], "\n" + "\n".join(told)


@pytest.mark.timeout(600)
def test_no_widget_has_a_violation_in_any_theme(
    stage: Stage, page: Page, looks: list[axe.Checked]
) -> None:
    (stage.work / "digits" / ".git" / "info" / "exclude").write_text("widgets.ipynb\n")
    (stage.work / "digits" / "widgets.ipynb").write_text(WIDGETS)
    opened = OpenNotebook(page)
    opened.open(stage.lab, "digits/widgets.ipynb")
    for cell in range(4):
        opened.run(cell)
    opened.is_idle()
    views = [opened.view(cell) for cell in range(4)]
    for view in views:
        expect(view).to_have_count(1, timeout=RUNNING)
        expect(view.locator(".jp-Mlcd-skeleton")).to_have_count(0, timeout=RUNNING)
    found = []
    for theme in axe.THEMES:
        command(page, "apputils:change-theme", {"theme": theme})
        expect(page.locator("body")).to_have_attribute("data-jp-theme-name", theme, timeout=RUNNING)
        for index, view in enumerate(views):
            found.append(axe.check(view).at(f"{theme}, widget {index}"))
    looks.extend(found)
    assert [words for look in found for words in look.violations] == []


def in_three_themes(stage: Stage, view: Shown, root: Locator) -> list[axe.Checked]:
    found = []
    for theme in axe.THEMES:
        stage.theme(theme)
        found.append(axe.check(root).at(theme))
    for frame in root.locator("iframe").all():
        # Whether a notebook has a heading is its author's choice.
        but = ["page-has-heading-one"] if view.kind == "notebook" else []
        found.append(axe.check_document(frame, *but).at("the document in it"))
    assert all(look.checked for look in found)
    return found


def set_panel(stage: Stage, pixels: int) -> None:
    """Drag the panel's edge until it is so wide; JupyterLab itself stops at 250 pixels."""
    free = "(node, pixels) => { node.style.minWidth = node.style.maxWidth = pixels; }"
    stage.panel.evaluate(free, "")
    handle = stage.page.locator("#jp-main-split-panel > .lm-SplitPanel-handle").first
    now, box = stage.panel.bounding_box(), handle.bounding_box()
    assert now is not None
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + 300
    stage.page.mouse.move(x, y)
    stage.page.mouse.down()
    stage.page.mouse.move(x + pixels - now["width"], y, steps=4)
    stage.page.mouse.up()
    stage.panel.evaluate(free, f"{pixels}px")
    after = stage.panel.bounding_box()
    assert after is not None
    assert abs(after["width"] - pixels) <= 2


def set_page(stage: Stage, root: Locator, pixels: int) -> None:
    """Make the window so narrow that a page in it has so many pixels."""
    box = root.bounding_box()
    assert box is not None
    width = round(WINDOW["width"] - box["width"]) + pixels
    stage.page.set_viewport_size({"width": width, "height": WINDOW["height"]})
    expect(root).to_be_visible(timeout=SOON)


def double_text(stage: Stage, root: Locator) -> None:
    """Set text to twice its size, as the settings of JupyterLab do."""
    stage.page.evaluate(
        "names => { const root = document.documentElement, has = getComputedStyle(root);"
        "for (const name of names) root.style.setProperty(name, `${2 * parseFloat("
        "has.getPropertyValue(name))}px`); }",
        SIZES,
    )
    size = root.locator(".jp-Mlcd").first.evaluate("node => getComputedStyle(node).fontSize")
    assert size == "26px"
