"""Running as a person sees it: the typed form, the log, the failing cell, what is expected."""

from __future__ import annotations

import json
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

PARAMETERS = """parameters|from typing import Literal
C: float = 1.0  # regularisation
epochs: int = 3
shuffle: bool = True
name: str = 'digits'
layers = [64, 32]
kernel: Literal['rbf', 'linear'] = 'rbf'
unused: int = 1"""
SHOWN = "print(C, epochs, shuffle, name, layers, kernel)"

CONFIG = """
[project]
name = "small"
[suites.quality]
notebooks = ["check.ipynb", "slow.ipynb"]
"""
SLOW = """import time
for number in range(150):
    print('epoch', number, flush=True)
    time.sleep(0.2)"""


def checking() -> str:
    """Return a notebook whose second code cell prints another number than it is expected to."""
    samples = "# NBVAL_CHECK_OUTPUT\nprint('samples used:', 1796)"
    parsed = json.loads(notebook("1 + 1", samples, "2 + 2"))
    parsed["cells"][1]["execution_count"] = 2
    parsed["cells"][1]["outputs"] = [
        {"output_type": "stream", "name": "stdout", "text": "samples used: 1797\n"}
    ]
    title = {"cell_type": "markdown", "id": "title", "metadata": {}, "source": "# Check"}
    return json.dumps({**parsed, "cells": [title, *parsed["cells"]]})


@pytest.fixture
def small(tmp_path: Path) -> Path:
    folder = repository(tmp_path / "work" / "small")
    (folder / "train.ipynb").write_text(notebook(PARAMETERS, SHOWN))
    (folder / "check.ipynb").write_text(checking())
    (folder / "slow.ipynb").write_text(notebook(SLOW))
    (folder / "mlcd.toml").write_text(CONFIG)
    (folder / ".gitignore").write_text("releases/\n.ipynb_checkpoints/\n")
    commit_all(folder, "A first model")
    return folder


@pytest.fixture
def small_lab(small: Path, tmp_path: Path) -> Iterator[Lab]:
    server = Lab(small, tmp_path / "home")
    server.start()
    yield server
    server.stop()


def field(dialog: Locator, name: str) -> Locator:
    return dialog.get_by_label(name, exact=True)


def wrong(dialog: Locator, name: str) -> Locator:
    """What is said to be wrong with a field, at that field."""
    return dialog.locator(f"[data-parameter='{name}']").get_by_role("alert")


@pytest.mark.timeout(900)
def test_a_typed_form_is_made_from_the_parameters_cell_and_checked_twice(
    page: Page, small_lab: Lab, small: Path
) -> None:
    delivery = Delivery(page)
    delivery.open(small_lab, "train.ipynb")
    page.get_by_role("button", name="Run as test").click()
    dialog = page.get_by_role("dialog")

    # Each parameter has the field of its type, with its default.
    expect(field(dialog, "C")).to_have_value("1", timeout=RUNNING)
    expect(field(dialog, "C")).to_have_attribute("type", "number")
    expect(field(dialog, "epochs")).to_have_value("3")
    expect(dialog.get_by_role("checkbox", name="shuffle")).to_be_checked()
    expect(field(dialog, "name")).to_have_value("digits")
    expect(field(dialog, "layers")).to_have_value("[64,32]")
    choices = dialog.get_by_role("combobox", name="kernel").get_by_role("option")
    expect(choices).to_have_text(["rbf", "linear"])

    # The form refuses what is of another type, at its field, and goes there.
    field(dialog, "epochs").fill("2.5")
    field(dialog, "layers").fill('{"a": 1}')
    page.keyboard.press("Enter")
    expect(wrong(dialog, "epochs")).to_contain_text("a whole number", timeout=SOON)
    expect(wrong(dialog, "layers")).to_contain_text("a list")
    expect(field(dialog, "epochs")).to_be_focused()
    field(dialog, "epochs").fill("5")
    field(dialog, "layers").fill("[8]")

    # The server refuses what only it can know, and that stands at its field, too.
    field(dialog, "unused").fill("2")
    page.keyboard.press("Enter")
    expect(wrong(dialog, "unused")).to_contain_text("unused", timeout=SOON)
    field(dialog, "unused").fill("1")

    field(dialog, "C").fill("7.5")
    dialog.get_by_role("checkbox", name="shuffle").uncheck()
    field(dialog, "name").fill("other")
    dialog.get_by_role("combobox", name="kernel").select_option(label="linear")
    dialog.get_by_role("button", name="Run", exact=True).click()
    expect(dialog).to_have_count(0, timeout=SOON)
    suite = delivery.panel.locator("[data-suite='train.ipynb']")
    expect(suite).to_have_attribute("data-verdict", "passed", timeout=RUNNING)

    # The notebook got them, as its log tells.
    suite.get_by_role("button", name="Run of train.ipynb", exact=True).click()
    run = page.get_by_role("article", name="Run of train.ipynb")
    if not run.get_by_label("What it printed", exact=True).is_visible():
        run.get_by_text("What it prints").click()
    expect(run.get_by_label("What it printed", exact=True)).to_have_text(
        re.compile(r"\[2\] 7.5 5 False other \[8\] linear"), timeout=SOON
    )

    # After a reload they are remembered; the keyboard alone gets back to the defaults.
    delivery.open(small_lab, "train.ipynb")
    page.get_by_role("button", name="Run as test").click()
    expect(field(dialog, "C")).to_have_value("7.5", timeout=RUNNING)
    expect(field(dialog, "epochs")).to_have_value("5")
    expect(dialog.get_by_role("checkbox", name="shuffle")).not_to_be_checked()
    expect(field(dialog, "layers")).to_have_value("[8]")
    dialog.get_by_role("button", name="Reset to defaults").focus()
    page.keyboard.press("Enter")
    expect(field(dialog, "C")).to_have_value("1")
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    assert len(list((small / ".git" / "mlcd" / "runs").iterdir())) == 1


@pytest.mark.timeout(900)
def test_from_a_live_log_over_the_failing_cell_to_a_new_expected_result(
    page: Page, small_lab: Lab, small: Path
) -> None:
    delivery = Delivery(page)
    delivery.open(small_lab)
    delivery.run("quality")
    suite = delivery.panel.locator("[data-suite='quality']")
    suite.get_by_role("button", name="Run of quality", exact=True).click()
    run = page.get_by_role("article", name="Run of quality")

    # The log grows while the run goes on, and its end is seen.
    printed = run.get_by_label("What it printed", exact=True)
    expect(printed).to_contain_text("slow [1] epoch 2", timeout=RUNNING)
    assert run.get_attribute("data-state") == "running"
    expect(printed).to_contain_text("slow [1] epoch 40", timeout=RUNNING)
    assert printed.evaluate("it => it.scrollHeight - it.scrollTop - it.clientHeight") < 30
    expect(run.get_by_role("button", name="Follow the end")).to_have_attribute(
        "aria-pressed", "true"
    )

    # Expected and got stand side by side, and the cell is one click away.
    expect(run).to_have_attribute("data-state", "ended", timeout=RUNNING)
    card = run.get_by_role("region", name="Result of check.ipynb")
    expect(card.locator("mark")).to_have_text(["1797", "1796"], timeout=SOON)
    card.get_by_role("button", name="Open at this cell").click()
    active = page.locator(".jp-NotebookPanel:visible .jp-Cell.jp-mod-active")
    expect(active).to_contain_text("samples used:", timeout=RUNNING)

    # The same way from the panel: suite, case, cell.
    suite.get_by_role("button", name="Cells of check.ipynb").click()
    suite.get_by_role("button", name="Open cell 3 of check.ipynb").click()
    expect(active).to_contain_text("2 + 2", timeout=SOON)

    # The new number is right: say why, and it is committed.
    page.get_by_role("tab", name=re.compile("Run of quality")).click()
    card.get_by_role("button", name="This is the new expected result…").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("textbox").fill("One sample was there twice")
    dialog.get_by_role("button", name="Accept and commit").click()
    expect(dialog).to_have_count(0, timeout=RUNNING)
    assert "One sample was there twice" in git(small, "log", "-1", "--format=%B")

    # Only what failed is run again, and it is green.
    suite.get_by_role("button", name="Run failed only: quality").click()
    expect(suite).to_have_attribute("data-verdict", "passed", timeout=RUNNING)
    expect(suite.locator("[data-case]")).to_have_count(1)
    delivery.says("only 1 of 2 cases were run")

    # A run that goes on is cancelled, and that is told to those who listen.
    delivery.run("quality")
    cancel = suite.get_by_role("button", name="Cancel the run of quality")
    cancel.click(timeout=RUNNING)
    expect(suite).to_have_attribute("data-verdict", "cancelled", timeout=RUNNING)
    voice = suite.locator("[data-voice]")
    expect(voice).to_contain_text("Run of quality: cancelled", timeout=SOON)
    expect(delivery.button("Run quality")).to_be_enabled()
