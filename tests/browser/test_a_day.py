"""A day with a small project in a real JupyterLab in a real browser."""

from __future__ import annotations

import json
import re
import time
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Page, expect

from tests.browser.lab import Lab
from tests.browser.page import RUNNING, SOON, Delivery
from tests.journeys.projects import commit_all, git, notebook, repository

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

CONFIG = """
[project]
name = "small"

[suites.quality]
compare = "marked-cells"
[[suites.quality.notebooks]]
path = "train.ipynb"
produces = ["model.txt"]

[[gates]]
metric = "accuracy"
at-least = 0.5
better-than = "production"
by = 0.002

[environments.production]
"""


def training(accuracy: float, *, samples: int = 1797, slow: float = 0.4) -> str:
    """Return a notebook that expects 1797 samples, as it was saved with."""
    text = notebook(
        f"import time\ntime.sleep({slow})",
        f"# NBVAL_CHECK_OUTPUT\nprint('samples used:', {samples})",
        f"time.sleep({slow})\nopen('model.txt', 'w').write('{accuracy}')",
        f"from jupyter_mlcd import record\nrecord('accuracy', {accuracy})",
    )
    parsed = json.loads(text)
    checked = parsed["cells"][1]
    checked["execution_count"] = 2
    checked["outputs"] = [
        {"output_type": "stream", "name": "stdout", "text": "samples used: 1797\n"}
    ]
    return json.dumps(parsed)


@pytest.fixture
def small(tmp_path: Path) -> Path:
    folder = repository(tmp_path / "work" / "small")
    (folder / "train.ipynb").write_text(training(0.9, samples=1796))
    (folder / ".gitignore").write_text("releases/\n.ipynb_checkpoints/\n")
    commit_all(folder, "A first model")
    return folder


@pytest.fixture
def small_lab(small: Path, tmp_path: Path) -> Iterator[Lab]:
    server = Lab(small, tmp_path / "home")
    server.start()
    yield server
    server.stop()


@pytest.mark.timeout(600)
def test_from_setting_up_to_live_and_a_refusal(page: Page, small_lab: Lab, small: Path) -> None:
    delivery = Delivery(page)
    delivery.open(small_lab)

    # Set up: nothing runs before mlcd.toml says what.
    delivery.button("Set up this project").click()
    page.get_by_role("button", name="Write mlcd.toml and commit it").click(timeout=SOON)
    expect(delivery.button("Run tests")).to_be_visible(timeout=SOON)
    assert '"train.ipynb"' in (small / "mlcd.toml").read_text()
    (small / "mlcd.toml").write_text(CONFIG)
    delivery.says("mlcd.toml is not committed")
    delivery.commit("Say what is tested")

    # Run, watch it tick, see the cell that fails, and why.
    delivery.run("quality")
    expect(delivery.panel).to_contain_text(re.compile(r"cell \d of 4"), timeout=RUNNING)
    delivery.says("1 case did not pass", RUNNING)
    delivery.says("cell 2")
    delivery.button(re.compile("^See")).first.click()
    card = page.get_by_role("article", name="Run of quality")
    expect(card).to_contain_text("samples used: 1797", timeout=SOON)
    expect(card).to_contain_text("samples used: 1796")

    # Fix, commit, run, keep.
    (small / "train.ipynb").write_text(training(0.9))
    delivery.says("train.ipynb is not committed")
    delivery.commit("Use every sample")
    delivery.run("quality")
    expect(delivery.button("Deliver 0.1.0 to production…")).to_be_visible(timeout=RUNNING)
    delivery.button("Keep the run of quality").click()
    delivery.says("matches your files")
    assert git(small, "log", "--format=%s", "mlcd/evidence").startswith("Keep quality")

    # Deliver, and see it live.
    delivery.deliver("0.1.0", "production")
    expect(delivery.environment("production")).to_contain_text("0.1.0", timeout=SOON)
    assert (small / "releases/production/current/model.txt").read_text() == "0.9"

    # A worse model passes its tests and is refused, with its reason.
    (small / "train.ipynb").write_text(training(0.8, slow=0.05))
    delivery.says("train.ipynb is not committed")
    delivery.commit("A worse model")
    delivery.run("quality")
    delivery.says("0.8 against 0.9 live", RUNNING)
    button = delivery.button(re.compile("^Deliver 0.2.0 to production"))
    expect(button).to_have_attribute("aria-disabled", "true")
    assert (small / "releases/production/current/model.txt").read_text() == "0.9"


@pytest.mark.timeout(600)
def test_a_run_outlives_the_server_and_ends_right(page: Page, small_lab: Lab, small: Path) -> None:
    (small / "mlcd.toml").write_text(CONFIG)
    (small / "train.ipynb").write_text(training(0.9, slow=4))
    commit_all(small, "A slow model")
    delivery = Delivery(page)
    delivery.open(small_lab)
    delivery.run("quality")
    expect(delivery.panel).to_contain_text(re.compile(r"cell \d of 4"), timeout=RUNNING)

    small_lab.kill()
    time.sleep(1)
    small_lab.start()
    delivery.open(small_lab)

    delivery.says("quality")
    keep = delivery.button("Keep the run of quality")
    expect(keep).to_be_visible(timeout=RUNNING)
    expect(delivery.button("Deliver 0.1.0 to production…")).to_be_enabled(timeout=SOON)


@pytest.mark.timeout(300)
def test_the_open_notebook_runs_as_a_test_from_its_toolbar(
    page: Page, small_lab: Lab, small: Path
) -> None:
    (small / "mlcd.toml").write_text(CONFIG)
    (small / "train.ipynb").write_text(training(0.9))
    commit_all(small, "A model")
    delivery = Delivery(page)
    delivery.open(small_lab, "train.ipynb")
    page.get_by_role("button", name="Run as test").click()
    delivery.says("Single runs", RUNNING)
    expect(delivery.panel.locator("[data-suite='train.ipynb']")).to_have_attribute(
        "data-verdict", "passed", timeout=RUNNING
    )


@pytest.mark.timeout(300)
def test_the_executed_notebook_is_shown_as_a_page_that_cannot_run_scripts(
    page: Page, small_lab: Lab, small: Path
) -> None:
    (small / "mlcd.toml").write_text(CONFIG)
    hostile = "from IPython.display import HTML\nHTML('<script>top.hit = 1</script><b>kept</b>')"
    (small / "train.ipynb").write_text(notebook("open('model.txt', 'w').write('x')", hostile))
    commit_all(small, "A hostile output")
    delivery = Delivery(page)
    delivery.open(small_lab)
    delivery.run("quality")
    expect(delivery.button("Keep the run of quality")).to_be_visible(timeout=RUNNING)
    delivery.button(re.compile("^(Show the r|R)un of quality$")).click()
    page.get_by_role("button", name="Executed notebook").click()
    frame = page.frame_locator("iframe[sandbox]")
    expect(frame.locator("body")).to_contain_text("kept", timeout=60_000)
    assert page.evaluate("() => window.hit === undefined")
