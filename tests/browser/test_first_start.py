"""First start: from a repository with three notebooks to the first green run; parameters."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.lab import Lab
from tests.browser.page import RUNNING, SOON, Delivery
from tests.journeys.projects import commit_all, git, notebook, repository

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PREPARE = notebook("import json\njson.dump([1, 2, 3], open('clean.json', 'w'))")
TRAIN = notebook(
    "parameters|C = 1.0  # regularisation\nkind: str = 'linear'\nlayers = [64, 32]",
    "import json\nrows = json.load(open('clean.json'))",
    "open('model.pkl', 'w').write(f'{C} {kind} {layers}')",
    "from jupyter_mlcd import record\nrecord('accuracy', 0.9 + C / 100)",
)
EVALUATE = notebook("assert open('model.pkl').read()")


@pytest.fixture
def empty(tmp_path: Path) -> Path:
    """Return a repository without a commit, with three notebooks."""
    folder = repository(tmp_path / "work" / "digits")
    (folder / "evaluate.ipynb").write_text(EVALUATE)
    (folder / "train.ipynb").write_text(TRAIN)
    (folder / "prepare.ipynb").write_text(PREPARE)
    (folder / ".gitignore").write_text("releases/\n.ipynb_checkpoints/\n")
    return folder


@pytest.fixture
def empty_lab(empty: Path, tmp_path: Path) -> Iterator[Lab]:
    server = Lab(empty, tmp_path / "home")
    server.start()
    yield server
    server.stop()


def set_up_page(page: Page) -> Locator:
    return page.get_by_role("article", name="First start")


@pytest.mark.timeout(600)
def test_from_three_notebooks_to_the_first_green_run(
    page: Page, empty_lab: Lab, empty: Path
) -> None:
    delivery = Delivery(page)
    delivery.open(empty_lab)

    # What is there is looked at; nothing is written before she says so.
    delivery.button("Set up this project").click()
    first = set_up_page(page)
    expect(first).to_contain_text("3 notebooks found", timeout=SOON)
    expect(first.get_by_role("checkbox", name="train.ipynb")).to_be_checked()
    expect(first.get_by_role("textbox", name="Folder")).to_have_value("releases/production")
    expect(first.get_by_role("combobox", name="File that train.ipynb makes")).to_have_value(
        "model.pkl"
    )
    written = first.get_by_role("region", name="What is written")
    expect(written).to_contain_text('after = ["prepare.ipynb"]')
    assert not (empty / "mlcd.toml").exists()

    # A choice is shown as the file that it makes.
    first.get_by_role("checkbox", name="evaluate.ipynb").uncheck()
    expect(written).not_to_contain_text("evaluate.ipynb", timeout=SOON)
    first.get_by_role("checkbox", name="evaluate.ipynb").check()
    expect(written).to_contain_text('path = "evaluate.ipynb"', timeout=SOON)

    # Written, committed, and the panel shows the suite.
    page.get_by_role("button", name="Write mlcd.toml and commit it").click()
    done = page.get_by_role("article", name="Set up")
    expect(done).to_contain_text("written and committed", timeout=SOON)
    assert git(empty, "log", "--format=%s") == "Say what is tested and where versions go"
    assert git(empty, "status", "--porcelain", "--untracked-files=no") == ""
    done.get_by_text("What this did").click()
    expect(done).to_contain_text("git commit --only")
    expect(delivery.button("Run tests")).to_be_visible(timeout=SOON)

    done.get_by_role("button", name="Run the tests").click()
    suite = delivery.panel.locator("[data-suite='tests']")
    expect(suite).to_have_attribute("data-verdict", "passed", timeout=RUNNING)
    expect(delivery.button(re.compile(r"^Deliver 0\.1\.0 to production"))).to_be_visible(
        timeout=SOON
    )


@pytest.mark.timeout(600)
def test_run_as_test_asks_for_the_parameters_of_the_notebook(
    page: Page, empty_lab: Lab, empty: Path
) -> None:
    (empty / "mlcd.toml").write_text(
        '[project]\nname = "digits"\n[suites.tests]\n'
        '[[suites.tests.notebooks]]\npath = "prepare.ipynb"\nproduces = ["clean.json"]\n'
        '[[suites.tests.notebooks]]\npath = "train.ipynb"\nafter = ["prepare.ipynb"]\n'
    )
    commit_all(empty)
    delivery = Delivery(page)
    delivery.open(empty_lab, "train.ipynb")
    run = page.get_by_role("button", name="Run as test")
    run.click()
    dialog = page.get_by_role("dialog")
    field = dialog.get_by_label("C", exact=True)
    expect(field).to_have_value("1", timeout=SOON)
    expect(field).to_be_focused()
    expect(dialog).to_contain_text("regularisation")

    # What is no list is told at its field, before anything runs.
    dialog.get_by_label("layers").fill("[64,")
    page.keyboard.press("Enter")
    expect(dialog.get_by_role("alert")).to_contain_text("cannot be read", timeout=SOON)
    expect(dialog.get_by_label("layers")).to_be_focused()
    dialog.get_by_label("layers").fill("[8]")

    # Enter starts it with what was changed.
    field.fill("7.5")
    page.keyboard.press("Enter")
    expect(dialog).to_have_count(0, timeout=SOON)
    row = delivery.panel.locator("[data-suite='train.ipynb']")
    expect(row).to_have_attribute("data-verdict", "passed", timeout=RUNNING)

    # The next time they are remembered; Escape closes, and nothing runs.
    run.click()
    expect(field).to_have_value("7.5", timeout=SOON)
    dialog.get_by_role("button", name="Reset to defaults").click()
    expect(field).to_have_value("1")
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    assert len(list((empty / ".git" / "mlcd" / "runs").iterdir())) == 1
