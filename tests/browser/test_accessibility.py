"""Every view in three themes, by axe-core: no violation."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser import axe
from tests.browser.lab import Lab
from tests.browser.page import SOON, Delivery
from tests.browser.stage import Stage, build
from tests.browser.views import VIEWS, Shown, root_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Page

THEMES = ("JupyterLab Light", "JupyterLab Dark", "JupyterLab Dark High Contrast")
counted: list[axe.Checked] = []


@pytest.fixture(scope="module")
def stage(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    work = tmp_path_factory.mktemp("stage") / "work"
    build(work)
    lab = Lab(work, tmp_path_factory.mktemp("home"))
    lab.start()
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    stage = Stage(work, lab, page)
    stage.delivery.open(lab)
    yield stage
    page.close()
    lab.stop()
    checks, unsure = (sum(column) for column in list(zip(*counted, strict=True))[1:])
    print(f"\naxe-core: {checks} checks in {len(counted)} looks, {unsure} for a person to judge")


def assert_no_violation(looks: dict[str, axe.Checked]) -> None:
    counted.extend(looks.values())
    assert all(look.checked for look in looks.values())
    said = [f"{where}: {words}" for where, look in looks.items() for words in look.violations]
    assert said == [], "\n" + "\n".join(said)


@pytest.mark.timeout(600)
@pytest.mark.parametrize("view", VIEWS, ids=lambda view: view.name.replace(" ", "-"))
def test_no_view_has_a_violation_in_any_theme(stage: Stage, view: Shown) -> None:
    stage.clear()
    view.show(stage)
    root = root_of(stage, view)
    stage.settle(root, view.says)
    looks = {}
    for theme in THEMES:
        stage.theme(theme)
        looks[theme] = axe.check(root)
    for frame in stage.page.frames[1:]:
        frame.wait_for_selector("body :first-child", state="attached")
        looks["the page in it"] = axe.check_document(frame)
    assert_no_violation(looks)


@pytest.mark.timeout(300)
def test_nothing_to_deliver_here_has_no_violation(page: Page, tmp_path: Path) -> None:
    (tmp_path / "work").mkdir()
    lab = Lab(tmp_path / "work", tmp_path / "home")
    lab.start()
    try:
        delivery = Delivery(page)
        delivery.open(lab)
        expect(delivery.panel).to_contain_text("No git repository here", timeout=SOON)
        assert_no_violation({"light": axe.check(delivery.panel)})
    finally:
        lab.stop()
