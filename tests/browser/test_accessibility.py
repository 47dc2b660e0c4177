"""What stands elsewhere than beside the panel, by axe-core: no violation."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from jupyter_mlcd.server.projects import project_id
from tests.browser import axe
from tests.browser.page import RUNNING, SOON, Delivery
from tests.browser.places import command, project, ready, serving

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Page


def assert_no_violation(found: dict[str, axe.Checked], looks: list[axe.Checked]) -> None:
    looks.extend(found.values())
    assert all(look.checked for look in found.values())
    said = [words for where, look in found.items() for words in look.at(where).violations]
    assert said == [], "\n" + "\n".join(said)


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
