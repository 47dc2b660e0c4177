"""Several projects under one server: of several repositories, and several in one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Page, expect

from tests.browser.page import RUNNING, SOON, Delivery
from tests.browser.places import command, inside, project, serving
from tests.journeys.projects import git, repository

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.browser.lab import Lab


@pytest.fixture(scope="module")
def work(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the repository alpha, and with mono, which holds two projects."""
    folder = tmp_path_factory.mktemp("projects") / "work"
    project(folder / "alpha", "alpha", seconds=8)
    mono = repository(folder / "mono")
    inside(mono / "one", "one")
    inside(mono / "deep" / "two", "two")
    return folder


@pytest.fixture(scope="module")
def lab(work: Path) -> Iterator[Lab]:
    with serving(work, work.parent / "home") as server:
        yield server


def is_shown(delivery: Delivery, name: str) -> None:
    chooser = delivery.panel.get_by_role("combobox", name="Project")
    expect(chooser.locator("option:checked")).to_have_text(name, timeout=SOON)


@pytest.mark.timeout(300)
def test_the_panel_follows_the_document_and_the_choice(page: Page, lab: Lab) -> None:
    delivery = Delivery(page)
    delivery.open(lab, "mono/deep/two/train.ipynb")
    is_shown(delivery, "two")
    chooser = delivery.panel.get_by_role("combobox", name="Project")
    assert sorted(chooser.locator("option").all_text_contents()) == ["alpha", "one", "two"]

    command(page, "docmanager:open", {"path": "alpha/train.ipynb"})
    is_shown(delivery, "alpha")
    chooser.select_option(label="one")
    is_shown(delivery, "one")

    # Going back to the first document goes back to its project; our own pages change nothing.
    page.get_by_role("main").get_by_role("tab").filter(has_text="train.ipynb").first.click()
    is_shown(delivery, "two")
    command(page, "jupyter-mlcd:evidence")
    expect(page.get_by_role("tab", name="Evidence")).to_be_visible(timeout=SOON)
    is_shown(delivery, "two")


@pytest.mark.timeout(300)
def test_a_run_of_one_project_does_not_disturb_another(page: Page, lab: Lab, work: Path) -> None:
    delivery = Delivery(page)
    delivery.open(lab, "alpha/train.ipynb")
    is_shown(delivery, "alpha")
    delivery.run("quality")
    delivery.says("cell", RUNNING)

    chooser = delivery.panel.get_by_role("combobox", name="Project")
    chooser.select_option(label="one")
    is_shown(delivery, "one")
    row = delivery.panel.locator("[data-suite='quality']")
    expect(row).to_have_attribute("data-verdict", "", timeout=SOON)
    expect(delivery.button("Run quality")).to_be_enabled()

    # It went on meanwhile, its end was told, and it is in the one project's repository only.
    ended = page.get_by_role("alert").filter(has_text="quality passed")
    expect(ended.first).to_be_visible(timeout=RUNNING)
    chooser.select_option(label="alpha")
    expect(row).to_have_attribute("data-verdict", "passed", timeout=RUNNING)
    assert not (work / "mono" / ".git" / "mlcd" / "runs").exists()


@pytest.mark.timeout(300)
def test_a_project_deep_in_a_repository_runs_and_keeps_its_own(
    page: Page, lab: Lab, work: Path
) -> None:
    delivery = Delivery(page)
    delivery.open(lab, "mono/deep/two/train.ipynb")
    is_shown(delivery, "two")
    delivery.run("quality")
    keep = delivery.button("Keep the run of quality")
    expect(keep).to_be_visible(timeout=RUNNING)
    keep.click()
    delivery.says("matches your files")
    assert git(work / "mono", "log", "--format=%s", "mlcd/evidence").startswith("Keep quality")

    delivery.panel.get_by_role("combobox", name="Project").select_option(label="one")
    is_shown(delivery, "one")
    delivery.says("none yet")
