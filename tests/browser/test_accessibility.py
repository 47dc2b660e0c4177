"""Every view in three themes, by axe-core: no violation."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from jupyter_mlcd.server.projects import project_id
from tests.browser import axe
from tests.browser.open_notebook import OpenNotebook
from tests.browser.page import RUNNING, SOON, Delivery
from tests.browser.places import command, project, ready, serving
from tests.browser.views import VIEWS, Shown, root_of
from tests.journeys.projects import notebook

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Page

    from tests.browser.stage import Stage

THEMES = ("JupyterLab Light", "JupyterLab Dark", "JupyterLab Dark High Contrast")
WIDGETS = notebook(
    "from jupyter_mlcd.widgets import *\nSuiteWidget('quality')",
    "EvidenceWidget()",
    "DeliverWidget('staging')",
    "EnvironmentsWidget()",
)


@pytest.fixture(scope="module")
def looks() -> Iterator[list[axe.Checked]]:
    """What was looked at; the figures are printed at the end."""
    counted: list[axe.Checked] = []
    yield counted
    checks, unsure = sum(one.checked for one in counted), sum(one.unsure for one in counted)
    print(f"\naxe-core: {checks} checks in {len(counted)} looks, {unsure} for a person to judge")


def assert_no_violation(found: dict[str, axe.Checked], looks: list[axe.Checked]) -> None:
    looks.extend(found.values())
    assert all(look.checked for look in found.values())
    said = [f"{where}: {words}" for where, look in found.items() for words in look.violations]
    assert said == [], "\n" + "\n".join(said)


@pytest.mark.timeout(600)
@pytest.mark.parametrize("view", VIEWS, ids=lambda view: view.name.replace(" ", "-"))
def test_no_view_has_a_violation_in_any_theme(
    stage: Stage, view: Shown, looks: list[axe.Checked]
) -> None:
    stage.clear()
    view.show(stage)
    root = root_of(stage, view)
    stage.settle(root, view.says)
    found = {}
    for theme in THEMES:
        stage.theme(theme)
        found[theme] = axe.check(root)
    for frame in root.locator("iframe").all():
        # Whether a notebook has a heading is its author's choice.
        but = ["page-has-heading-one"] if view.kind == "notebook" else []
        found["the document in it"] = axe.check_document(frame, *but)
    assert_no_violation(found, looks)


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
    found = {}
    for theme in THEMES:
        command(page, "apputils:change-theme", {"theme": theme})
        expect(page.locator("body")).to_have_attribute("data-jp-theme-name", theme, timeout=RUNNING)
        for index, view in enumerate(views):
            found[f"{theme}, widget {index}"] = axe.check(view)
    assert_no_violation(found, looks)


@pytest.mark.timeout(600)
def test_panel_and_page_of_notebook_7_have_no_violation(
    page: Page, tmp_path: Path, looks: list[axe.Checked]
) -> None:
    project(tmp_path / "work" / "small")
    with serving(tmp_path / "work" / "small", tmp_path / "home", app="notebook") as lab:
        page.goto(lab.document("train.ipynb"))
        ready(page)
        command(page, "jupyter-mlcd:show-panel")
        panel = Delivery(page).panel
        expect(panel).to_contain_text("Run", timeout=RUNNING)
        found = {"panel": axe.check(panel)}
        page_of = f"edit/mlcd:evidence-list/{project_id('')}.mlcd-page"
        page.goto(f"http://127.0.0.1:{lab.port}/{page_of}?token={lab.token}")
        ready(page)
        expect(page.get_by_role("main")).to_contain_text("None yet", timeout=RUNNING)
        found["page"] = axe.check(page.locator(".jp-Mlcd-widget:visible"))
    assert_no_violation(found, looks)


@pytest.mark.timeout(300)
def test_a_folder_without_a_repository_has_no_violation(
    page: Page, tmp_path: Path, looks: list[axe.Checked]
) -> None:
    (tmp_path / "work").mkdir()
    with serving(tmp_path / "work", tmp_path / "home") as lab:
        delivery = Delivery(page)
        delivery.open(lab)
        expect(delivery.panel).to_contain_text("No git repository here", timeout=SOON)
        assert_no_violation({"light": axe.check(delivery.panel)}, looks)
