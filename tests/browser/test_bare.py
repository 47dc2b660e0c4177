"""What is not there: our server half, git, a kernel, a config that can be read. Each says so."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Page, expect

from tests.browser.page import RUNNING, SOON, Delivery
from tests.browser.places import project, serving
from tests.journeys.projects import commit_all

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.browser.lab import Lab

WITHOUT_US = 'c.ServerApp.jpserver_extensions["jupyter_mlcd"] = False\n'


@pytest.mark.timeout(200)
def test_without_the_server_half_the_panel_says_how_to_get_it(page: Page, tmp_path: Path) -> None:
    small = project(tmp_path / "work" / "small")
    with serving(small, tmp_path / "home", config=WITHOUT_US) as server:
        delivery = Delivery(page)
        delivery.open(server, "train.ipynb")
        delivery.says("The server half of jupyter_mlcd is not there.")
        delivery.says("jupyter server extension enable jupyter_mlcd")
        expect(delivery.button("Try again")).to_be_enabled()
        # Nothing else of ours gets in the way.
        page.get_by_role("button", name="Run as test").click()
        refused = page.get_by_role("alert").filter(has_text="server half")
        expect(refused.first).to_be_visible(timeout=SOON)


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder that is in no repository, with a project below it that is."""
    folder = tmp_path_factory.mktemp("plain") / "work"
    small = project(folder / "small")
    other = json.loads((small / "train.ipynb").read_text())
    other["metadata"]["kernelspec"] = {"name": "nowhere", "display_name": "Nowhere"}
    (small / "nowhere.ipynb").write_text(json.dumps(other))
    commit_all(small, "A notebook of a kernel that is not here")
    return folder


@pytest.fixture(scope="module")
def lab(plain: Path) -> Iterator[Lab]:
    with serving(plain, plain.parent / "home") as server:
        yield server


@pytest.mark.timeout(200)
def test_a_broken_config_names_its_line_and_opens(page: Page, lab: Lab, plain: Path) -> None:
    config = plain / "small" / "mlcd.toml"
    right = config.read_text()
    delivery = Delivery(page)
    delivery.open(lab, "small/train.ipynb")
    delivery.says("small")
    config.write_text(right.replace("[project]\nname", "[project]\nnam"))
    delivery.says("line 3")
    delivery.button("Open mlcd.toml").click()
    expect(page.get_by_role("tab", name="mlcd.toml")).to_be_visible(timeout=SOON)
    config.write_text(right)
    expect(delivery.button("Run quality")).to_be_visible(timeout=SOON)


@pytest.mark.timeout(300)
def test_a_notebook_whose_kernel_is_not_here_says_which(page: Page, lab: Lab) -> None:
    delivery = Delivery(page)
    delivery.open(lab, "small/train.ipynb")
    page.evaluate(
        "() => { void window.jupyterapp.commands.execute("
        "'jupyter-mlcd:run-files', {paths: ['small/nowhere.ipynb']}); }"
    )
    row = delivery.panel.locator("[data-suite='nowhere.ipynb']")
    expect(row).to_have_attribute("data-verdict", "error", timeout=RUNNING)
    delivery.says("nowhere")


@pytest.mark.timeout(200)
def test_a_folder_without_git_says_what_to_do(page: Page, tmp_path: Path) -> None:
    bare = tmp_path / "work"
    bare.mkdir()
    with serving(bare, tmp_path / "home") as server:
        delivery = Delivery(page)
        delivery.open(server)
        delivery.says("No git repository here")
        delivery.says("git init")
        project(bare, "late")
        delivery.button("Look again").click()
        expect(delivery.button("Run quality")).to_be_visible(timeout=SOON)
