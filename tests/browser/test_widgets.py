"""Each widget in a real JupyterLab and a real Notebook 7, without our server half."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Page, expect

from tests.browser.lab import Lab
from tests.browser.open_notebook import OpenNotebook
from tests.browser.page import RUNNING, SOON
from tests.journeys.projects import commit_all, git, notebook, repository

if TYPE_CHECKING:
    from collections.abc import Iterator

CONFIG = """
[project]
name = "small"

[suites.quality]
[[suites.quality.notebooks]]
path = "train.ipynb"
produces = ["model.txt"]

[environments.staging]
"""
SUITE, EVIDENCE, DELIVER, ENVIRONMENTS, AGAIN, RUN, HOSTILE, CLOSE = range(8)
CELLS = (
    "from jupyter_mlcd.widgets import *\nsuite = SuiteWidget('quality')\nsuite",
    "EvidenceWidget()",
    "DeliverWidget()",
    "EnvironmentsWidget()",
    "suite",
    "run = suite.run()\nprint('verdict:', (await suite.done()).verdict)",
    """
from IPython.display import Javascript
Javascript('''
(async () => {
  for (const button of document.querySelectorAll('button')) {
    if (/deliver/i.test(button.textContent)) button.click();
  }
  const kernel = window.jupyterapp.shell.currentWidget.context.sessionContext.session.kernel;
  const { content } = await kernel.requestCommInfo({ target_name: 'jupyter.widget' });
  window.refused = [];
  kernel.anyMessage.connect((_, { msg }) => {
    const said = msg.content.data?.content;
    if (said?.kind === 'problem' && said.id === 'hostile') window.refused.push(said.problem.code);
  });
  const body = { environment: 'staging', version: '0.1.0', digest: '', nonce: '' };
  for (const comm_id of Object.keys(content.comms)) {
    for (const path of ['deliveries', 'commits', 'runs/x/accept', 'set-up']) {
      const said = { kind: 'ask', id: 'hostile', path: 'projects/here/' + path, body };
      const header = { msg_id: comm_id + path, msg_type: 'comm_msg', session: kernel.clientId,
        username: '', version: '5.3', date: new Date().toISOString() };
      kernel.sendShellMessage({ header, parent_header: {}, metadata: {}, channel: 'shell',
        buffers: [], content: { comm_id, data: { method: 'custom', content: said } } });
    }
  }
})();
''')
""",
    "suite.close()",
)


@pytest.fixture(scope="module", params=["jupyterlab", "notebook"])
def served(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Lab]:
    """A server with only the widgets of ours, on a folder with a project."""
    top = tmp_path_factory.mktemp(request.param)
    folder = repository(top / "work" / "small")
    (folder / "mlcd.toml").write_text(CONFIG)
    (folder / "train.ipynb").write_text(
        notebook(
            "import time\ntime.sleep(1.5)",
            "time.sleep(1.5)\nopen('model.txt', 'w').write('model')",
            "from jupyter_mlcd import record\nrecord('accuracy', 0.95)\ntime.sleep(1.5)",
        )
    )
    (folder / ".gitignore").write_text("releases/\n.ipynb_checkpoints/\nwidgets*.ipynb\n")
    commit_all(folder, "A model")
    server = Lab(folder, top / "home", request.param)
    server.without_server_half()
    server.start()
    yield server
    server.stop()


@pytest.fixture
def opened(page: Page, served: Lab, request: pytest.FixtureRequest) -> OpenNotebook:
    """A notebook of its own, open, with the four widgets live below their cells."""
    name = f"widgets-{request.node.originalname}.ipynb"
    (served.root / name).write_text(notebook(*CELLS))
    found = OpenNotebook(page)
    found.open(served, name)
    for cell in (SUITE, EVIDENCE, DELIVER, ENVIRONMENTS):
        found.run(cell)
        expect(found.view(cell)).to_have_count(1, timeout=RUNNING)
    found.is_idle()
    return found


@pytest.mark.timeout(600)
def test_each_widget_is_live_and_runs_from_its_button_and_from_python(
    opened: OpenNotebook, served: Lab
) -> None:
    suite, evidence = opened.view(SUITE), opened.view(EVIDENCE)
    expect(suite).to_contain_text("quality", timeout=RUNNING)
    expect(evidence).to_contain_text("None yet", timeout=RUNNING)
    expect(opened.view(DELIVER)).to_contain_text("Before it can be delivered", timeout=RUNNING)
    expect(opened.view(ENVIRONMENTS)).to_contain_text("staging", timeout=RUNNING)
    expect(opened.page.locator(".jp-Mlcd-still").first).to_be_hidden()

    # From its button: it ticks, ends, and can be kept; the others hear of it.
    suite.get_by_role("button", name="Run quality").click()
    expect(suite).to_contain_text(re.compile(r"cell \d of 3"), timeout=RUNNING)
    row = suite.locator("[data-suite='quality']")
    expect(row).to_have_attribute("data-verdict", "passed", timeout=RUNNING)
    suite.get_by_role("button", name="Keep the run of quality").click()
    expect(evidence).to_contain_text("matches your files", timeout=RUNNING)
    assert git(served.root, "log", "--format=%s", "mlcd/evidence").startswith("Keep quality")
    deliver = opened.view(DELIVER)
    expect(deliver).to_contain_text("Nothing has been sent", timeout=RUNNING)
    expect(deliver.get_by_role("button", name=re.compile("^Deliver"))).to_have_count(0)

    # From Python in another cell, which keeps the kernel busy; a second view shows the same.
    opened.run(AGAIN)
    again = opened.view(AGAIN)
    expect(again).to_contain_text("quality", timeout=RUNNING)
    opened.run(RUN)
    expect(again).to_contain_text(re.compile(r"cell \d of 3"), timeout=RUNNING)
    expect(opened.output(RUN)).to_contain_text("verdict: passed", timeout=RUNNING)
    for view in (suite, again):
        expect(view.locator("[data-suite='quality']")).to_have_attribute(
            "data-verdict", "passed", timeout=SOON
        )

    # The page of a run opens in its place, and goes back.
    suite.get_by_role("button", name="Run of quality", exact=True).click()
    expect(suite.get_by_role("article", name="Run of quality")).to_be_visible(timeout=RUNNING)
    suite.get_by_role("button", name="Back").click()
    expect(suite.get_by_role("article")).to_have_count(0)

    # Closed, each view gives way to its table.
    opened.run(CLOSE)
    expect(opened.page.locator(".jp-Mlcd-inNotebook")).to_have_count(3, timeout=SOON)
    expect(opened.output(SUITE).locator(".jp-Mlcd-still")).to_be_visible()
    expect(opened.output(SUITE)).to_contain_text("✓ quality: passed")


@pytest.mark.timeout(600)
def test_a_page_that_is_loaded_again_shows_views_or_tables(
    opened: OpenNotebook, served: Lab
) -> None:
    opened.save()
    opened.open(served, opened.path)
    # ipywidgets finds a model again within four seconds or not at all; then the table is there.
    for cell in (SUITE, EVIDENCE, DELIVER, ENVIRONMENTS):
        output = opened.output(cell)
        shown = output.locator(".jp-Mlcd-inNotebook, .jp-Mlcd-still:visible")
        expect(shown.first).to_be_visible(timeout=RUNNING)
    expect(opened.page.locator(".jp-Mlcd-inNotebook").first).to_be_visible(timeout=RUNNING)

    opened.save()
    stored = (served.root / opened.path).read_text()
    assert "createElement" not in stored.split("from IPython.display")[0]
    opened.end_kernel()
    opened.open(served, opened.path)
    for cell in (SUITE, EVIDENCE, DELIVER, ENVIRONMENTS):
        expect(opened.output(cell).locator(".jp-Mlcd-still")).to_be_visible(timeout=RUNNING)
    expect(opened.output(ENVIRONMENTS)).to_contain_text("Where it is live")


@pytest.mark.timeout(600)
def test_a_hostile_output_cannot_deliver_by_the_widgets(opened: OpenNotebook, served: Lab) -> None:
    before = git(served.root, "rev-parse", "HEAD")
    opened.run(HOSTILE)
    opened.page.wait_for_function("() => window.refused?.length >= 16", timeout=RUNNING)
    assert set(opened.page.evaluate("() => window.refused")) == {"not-from-a-kernel"}
    assert git(served.root, "rev-parse", "HEAD") == before
    assert git(served.root, "tag") == ""
    assert not (served.root / "releases").exists()
