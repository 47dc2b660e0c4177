"""Deliveries in a real browser: reloads, crashes, what stopped, roll back, and scripts that try."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Page, expect

from jupyter_mlcd.model.delivery import DeliveryState
from jupyter_mlcd.model.result import State
from jupyter_mlcd.model.run import RunRequest
from jupyter_mlcd.workbench import Workbench
from tests.browser.lab import Lab
from tests.browser.page import RUNNING, SOON, Delivery
from tests.journeys.projects import commit_all, notebook, repository

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Locator

CONFIG = """
[project]
name = "small"

[suites.quality]
[[suites.quality.notebooks]]
path = "train.ipynb"
produces = ["model.txt"]

[[gates]]
metric = "accuracy"
at-least = 0.5
better-than = "production"

[environments.production]
"""
BROKEN_OFF = {"MLCD_FAILPOINT": "deliver-after-request=kill"}
"""Ends the server after a delivery was requested and before anything was sent."""


def train(folder: Path, accuracy: float, message: str) -> None:
    """Commit a model of this accuracy and run the suite on it, green."""
    sources = (
        f"open('model.txt', 'w').write('{accuracy}')",
        f"from jupyter_mlcd import record\nrecord('accuracy', {accuracy})",
    )
    (folder / "train.ipynb").write_text(notebook(*sources))
    commit_all(folder, message)
    bench = Workbench(folder)
    run = bench.run(RunRequest("quality"))
    while run.state is not State.ENDED:
        run = bench.show_run(run.id)
    assert run.verdict is not None
    assert run.verdict == "passed", run.reason


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """Return a project with one tested model that can be delivered."""
    folder = repository(tmp_path / "work" / "small")
    (folder / "mlcd.toml").write_text(CONFIG)
    (folder / ".gitignore").write_text("releases/\n.ipynb_checkpoints/\n")
    train(folder, 0.9, "A first model (#1)")
    return folder


@pytest.fixture
def lab(small: Path, tmp_path: Path) -> Iterator[Lab]:
    server = Lab(small, tmp_path / "home")
    server.start()
    yield server
    server.stop()


@pytest.fixture
def two(small: Path) -> Path:
    """Return it with two versions that were live, one after the other."""
    bench = Workbench(small)
    bench.deliver("production")
    train(small, 0.95, "A better model (#2)")
    assert bench.deliver("production").state is DeliveryState.DELIVERED
    return small


def sheet(page: Page) -> Locator:
    return page.locator(".jp-Mlcd-sheet:visible")


def served(folder: Path) -> str:
    """What somebody who serves the folder serves."""
    return (folder / "releases/production/current/model.txt").read_text()


def reload(page: Page, panel: Delivery) -> None:
    """Reload as people do: the layout comes back."""
    page.wait_for_timeout(1500)  # JupyterLab saves the layout a second after it changed.
    page.goto(page.url.replace("?reset", "?"))
    page.wait_for_function("() => window.jupyterapp?.restored", timeout=60_000)
    expect(panel.panel).to_be_visible(timeout=SOON)


def restarted_with(lab: Lab, monkeypatch: pytest.MonkeyPatch, variables: dict[str, str]) -> None:
    lab.stop()
    with monkeypatch.context() as patched:
        for name, value in variables.items():
            patched.setenv(name, value)
        lab.start()


def confirm(page: Page, panel: Delivery, version: str) -> None:
    """Confirm a delivery, and do not wait for what becomes of it."""
    panel.button(re.compile(f"^Deliver {re.escape(version)} to production")).click()
    sheet(page).get_by_role("textbox", name="Type the version").fill(version, timeout=SOON)
    sheet(page).get_by_role("button", name="Deliver to production").click()


@pytest.mark.timeout(600)
def test_a_timeline_survives_a_reload_and_history_tells_it(
    page: Page, lab: Lab, small: Path
) -> None:
    panel = Delivery(page)
    panel.open(lab)
    panel.button(re.compile("^Deliver 0.1.0 to production")).click()
    sheet(page).get_by_text("Say why, or name work items").click(timeout=SOON)
    sheet(page).get_by_role("textbox", name="Why").fill("a first one")
    sheet(page).get_by_role("textbox", name="Work items").fill("AB#3")
    sheet(page).get_by_role("textbox", name="Type the version").fill("0.1.0")
    sheet(page).get_by_role("button", name="Deliver to production").click()
    expect(sheet(page)).to_contain_text("0.1.0 is live in production", timeout=SOON)
    assert served(small) == "0.9"

    reload(page, panel)
    expect(sheet(page)).to_contain_text("0.1.0 is live in production", timeout=SOON)
    expect(sheet(page)).to_contain_text("a first one")
    expect(sheet(page)).to_contain_text("AB#3")

    panel.button("More about production").click(timeout=SOON)
    panel.button("History of production").click()
    row = page.get_by_role("row").filter(has_text="0.1.0")
    expect(row).to_contain_text("a first one", timeout=SOON)
    expect(row).to_contain_text("live")
    figures = page.get_by_role("region", name="How delivery goes")
    expect(figures).to_contain_text("1 delivery, too few to say", timeout=SOON)
    shown = figures.get_by_role("img", name="Deliveries a week by week, at most 1")
    expect(shown).to_be_visible()


@pytest.mark.timeout(600)
def test_a_server_killed_in_the_middle_leaves_a_delivery_that_a_person_sends(
    page: Page, lab: Lab, small: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    restarted_with(lab, monkeypatch, BROKEN_OFF)
    panel = Delivery(page)
    panel.open(lab)
    confirm(page, panel, "0.1.0")
    lab.wait_until_dead()
    assert not (small / "releases").exists()

    lab.start()
    panel.open(lab)
    panel.says("stopped before it was sent")
    panel.button(re.compile("^See: the delivery of 0.1.0")).click()
    expect(sheet(page)).to_contain_text("stopped before anything was sent", timeout=SOON)
    assert not (small / "releases").exists()
    sheet(page).get_by_role("button", name="Send it now").click()
    expect(sheet(page)).to_contain_text("0.1.0 is live in production", timeout=SOON)
    assert served(small) == "0.9"
    assert len(Workbench(small).deliveries("production").deliveries) == 1


@pytest.mark.timeout(600)
def test_what_was_never_sent_is_given_up_and_tried_again(
    page: Page, lab: Lab, small: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    restarted_with(lab, monkeypatch, BROKEN_OFF)
    panel = Delivery(page)
    panel.open(lab)
    confirm(page, panel, "0.1.0")
    lab.wait_until_dead()
    lab.start()
    panel.open(lab)
    panel.button(re.compile("^See: the delivery of 0.1.0")).click(timeout=SOON)
    sheet(page).get_by_role("button", name="Give it up").click(timeout=SOON)
    expect(sheet(page)).to_contain_text("It was cancelled; nothing was changed", timeout=SOON)
    assert not (small / "releases").exists()

    sheet(page).get_by_role("button", name="Look and try again…").click()
    expect(sheet(page)).to_contain_text("This is attempt 2", timeout=SOON)
    sheet(page).get_by_role("textbox", name="Type the version").fill("0.1.0")
    sheet(page).get_by_role("button", name="Deliver to production").click()
    expect(sheet(page)).to_contain_text("0.1.0 is live in production", timeout=SOON)
    assert served(small) == "0.9"


@pytest.mark.timeout(600)
def test_a_target_that_fails_waits_for_a_person_until_it_is_tried_again(
    page: Page, lab: Lab, small: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    restarted_with(lab, monkeypatch, {"MLCD_FAILPOINT": "folder-before-rename=raise"})
    panel = Delivery(page)
    panel.open(lab)
    confirm(page, panel, "0.1.0")
    expect(sheet(page)).to_contain_text("It failed", timeout=SOON)
    panel.says("Waiting for you")
    panel.says("the delivery of 0.1.0 to production failed")

    sheet(page).get_by_role("button", name="Look and try again…").click()
    sheet(page).get_by_role("textbox", name="Type the version").fill("0.1.0", timeout=SOON)
    sheet(page).get_by_role("button", name="Deliver to production").click()
    expect(sheet(page)).to_contain_text("0.1.0 is live in production", timeout=SOON)
    expect(panel.panel).not_to_contain_text("Waiting for you", timeout=SOON)
    assert served(small) == "0.9"


@pytest.mark.timeout(600)
def test_a_roll_back_serves_the_old_model_and_says_so_everywhere(
    page: Page, two: Path, lab: Lab
) -> None:
    assert served(two) == "0.95"
    panel = Delivery(page)
    panel.open(lab)
    panel.button("More about production").click(timeout=SOON)
    panel.button("Roll back production to 0.1.0…").click()
    expect(sheet(page)).to_contain_text("from 0.2.0 to 0.1.0", timeout=SOON)
    go = sheet(page).get_by_role("button", name="Roll back production to 0.1.0")
    expect(go).to_be_disabled()
    sheet(page).get_by_role("textbox", name="Why").fill("reads sevens as ones")
    sheet(page).get_by_role("textbox", name="Type the version").fill("0.1.0")
    go.click()

    expect(sheet(page)).to_contain_text("is back at 0.1.0 in production", timeout=SOON)
    assert served(two) == "0.9"
    panel.says("rolled back from 0.2.0: reads sevens as ones")
    panel.says("0.2.0 was rolled back in production")
    button = panel.button(re.compile("^Deliver 0.2.0 to production"))
    expect(button).to_have_attribute("aria-disabled", "true")

    panel.button("History: 0.2.0 was rolled back in production").click()
    row = page.locator("tr[data-version='0.2.0']")
    expect(row).to_contain_text("rolled back to 0.1.0", timeout=SOON)

    reload(page, panel)
    page.get_by_role("tab", name="Deliver to production").click()
    expect(sheet(page)).to_contain_text("is back at 0.1.0 in production", timeout=SOON)


@pytest.mark.timeout(600)
def test_no_command_and_no_script_delivers_or_rolls_back(page: Page, two: Path, lab: Lab) -> None:
    train(two, 0.97, "A third model")
    panel = Delivery(page)
    panel.open(lab)
    expect(panel.button("Deliver 0.3.0 to production…")).to_be_visible(timeout=RUNNING)
    project = page.evaluate("() => fetch('/mlcd/projects').then(a => a.json())")["projects"][0]
    view = {"project": project["id"], "environment": "production"}
    everything = {**view, "version": "0.3.0", "nonce": "x", "yes": True}
    for command in ("jupyter-mlcd:deliver", "jupyter-mlcd:open"):
        for kind in ("deliver", "roll-back"):
            page.evaluate(
                "([id, args]) => window.jupyterapp.commands.execute(id, args)",
                [command, {**everything, "kind": kind}],
            )
    page.evaluate(
        "([id, args]) => window.jupyterapp.commands.execute(id, args)",
        ["jupyter-mlcd:open", {**view, "kind": "deliver"}],
    )
    sheet(page).get_by_role("textbox", name="Type the version").fill("0.3.0", timeout=SOON)
    button = sheet(page).get_by_role("button", name="Deliver to production")
    expect(button).to_be_enabled()
    button.evaluate("one => one.click()")
    button.evaluate("one => one.dispatchEvent(new MouseEvent('click', {bubbles: true}))")

    page.evaluate(
        "([id, args]) => window.jupyterapp.commands.execute(id, args)",
        ["jupyter-mlcd:open", {**view, "kind": "roll-back"}],
    )
    back = sheet(page).get_by_role("button", name="Roll back production to 0.1.0")
    sheet(page).get_by_role("textbox", name="Why").fill("because", timeout=SOON)
    sheet(page).get_by_role("textbox", name="Type the version").fill("0.1.0")
    expect(back).to_be_enabled()
    back.evaluate("one => one.click()")
    expect(back).to_be_enabled()

    assert len(Workbench(two).desk().history.deliveries) == 2
    assert served(two) == "0.95"
    assert os.listdir(two / "releases/production").count("0.3.0") == 0  # noqa: PTH208 - plain names
