"""Executed notebooks with widgets: what is stored, and how their pages read without a network."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from tests.widgets.conftest import small_project
from tests.widgets.kernels import source_notebook

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Page

CELLS = (
    "from jupyter_mlcd.widgets import *\nsuite = SuiteWidget('quality')\nsuite",
    "suite.run()\nrun = await suite.done()",
    "suite.keep()\nEvidenceWidget()",
    "EvidenceWidget(run.id)",
    "DeliverWidget('staging')",
    "EnvironmentsWidget()",
)
SAID = (
    "✓ quality: passed",
    "accuracy 0.96",
    "matches your files",
    "Evidence of ✓ quality",
    "Deliver small 0.1.0 to staging",
    "jupyter mlcd deliver --to staging",
    "Where it is live",
)
VIEW = "application/vnd.jupyter.widget-view+json"


@pytest.fixture
def small(tmp_path: Path) -> Path:
    return small_project(tmp_path / "small")


def python(folder: Path, *words: str) -> str:
    ended = subprocess.run(
        [sys.executable, "-W", "ignore", "-m", *words],
        cwd=folder,
        check=False,
        capture_output=True,
        text=True,
        timeout=240,
    )
    assert ended.returncode == 0, ended.stderr
    return ended.stderr


def executed(folder: Path, program: str) -> Path:
    (folder / "widgets.ipynb").write_text(source_notebook(*CELLS))
    if program == "papermill":
        python(folder, "papermill", "widgets.ipynb", "widgets-done.ipynb")
    else:
        command = ("--to", "notebook", "--execute", "--output", "widgets-done", "widgets.ipynb")
        python(folder, "nbconvert", *command)
    return folder / "widgets-done.ipynb"


def outputs_of(path: Path) -> list[dict[str, Any]]:
    cells = json.loads(path.read_text())["cells"]
    return [one for cell in cells for one in cell.get("outputs", [])]


@pytest.mark.parametrize("program", ["papermill", "nbconvert"])
@pytest.mark.timeout(400)
def test_an_executed_notebook_reads_well_without_a_network(
    small: Path, page: Page, program: str
) -> None:
    done = executed(small, program)
    whole = json.loads(done.read_text())
    assert "widgets" not in whole["metadata"]
    assert not any(VIEW in one.get("data", {}) for one in outputs_of(done))
    assert "createElement" not in done.read_text()
    assert done.stat().st_size < 40_000

    python(small, "nbconvert", "--to", "html", done.name)
    asked: list[str] = []
    page.context.set_offline(offline=True)
    page.on("request", lambda request: asked.append(request.url))
    address = (small / "widgets-done.html").as_uri()
    page.goto(address, wait_until="domcontentloaded")
    for words in SAID:
        expect(page.locator("body")).to_contain_text(words)
    expect(page.get_by_role("row", name="train.ipynb seed=2")).to_have_count(2)
    assert [one for one in asked if "widget" in one and one != address] == []


@pytest.mark.timeout(400)
def test_a_notebook_that_was_saved_by_hand_reads_well_too(small: Path, page: Page) -> None:
    """Its outputs name views whose models are gone: the table follows each of them."""
    done = executed(small, "papermill")
    whole = json.loads(done.read_text())
    for cell in whole["cells"]:
        table = [one for one in cell["outputs"] if "jp-Mlcd-still" in str(one)]
        if table:
            model = {"version_major": 2, "version_minor": 0, "model_id": "0" * 32}
            bundle = {VIEW: model, "text/plain": ""}
            view = {"output_type": "display_data", "metadata": {}, "data": bundle}
            cell["outputs"].insert(0, view)
    done.write_text(json.dumps(whole))
    said = python(small, "nbconvert", "--to", "html", done.name)
    assert "not able to be represented" not in said
    page.context.set_offline(offline=True)
    page.goto((small / "widgets-done.html").as_uri(), wait_until="domcontentloaded")
    for words in SAID:
        expect(page.locator("body")).to_contain_text(words)
