"""The table of all views: what brings each of them up, where it stands, and what it says.

A view that is not in it is not checked: `tests/house/test_views.py` knows which there are.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from playwright.sync_api import expect

from jupyter_mlcd import open_project
from jupyter_mlcd.server.projects import project_id
from tests.browser.page import RUNNING

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Locator, Page

    from tests.browser.stage import Stage


FORM = "run-form"
"""The dialog that asks for a notebook's parameters."""


class Shown(NamedTuple):
    """A view in one state."""

    name: str
    kind: str
    """Its kind in `labextension/src/views/host.ts`; `panel` for the side panel, or `FORM`."""
    show: Callable[[Stage], None]
    says: str
    """By which it is known that it is this view in this state."""


def _running(stage: Stage) -> None:
    stage.go_to("ready")
    stage.begin_night()


def _run_that_goes_on(stage: Stage) -> None:
    stage.open("run", "ready", run=stage.begin_night())


def _evidence(kind: str, number: int) -> Callable[[Stage], None]:
    """Open a view of kept evidence; 0 is the newest, which is red."""
    return lambda stage: stage.open(kind, run=stage.digits.evidence()[number].id)


def _delivered(stage: Stage) -> None:
    staging = stage.digits.status().environments[0]
    assert staging.delivery is not None
    stage.open("deliver", environment="staging", delivery=staging.delivery.key)


def _executed(stage: Stage) -> None:
    run = stage.newest_run()
    stage.open("notebook", run=run, index=0, title="prepare.ipynb")


def _run_form(stage: Stage) -> None:
    # The command saves the notebook, so it is one of the project whose files differ anyway.
    stage.command("docmanager:open", {"path": "changed/train.ipynb"})
    expect(stage.page.locator(".jp-NotebookPanel .jp-Cell").first).to_be_visible(timeout=RUNNING)
    stage.command("jupyter-mlcd:run-notebook", {})


def _page(kind: str, project: str = "digits", **rest: str) -> Callable[[Stage], None]:
    return lambda stage: stage.open(kind, project, **rest)


def _asking(stage: Stage) -> None:
    stage.open("ask-review", "ready", environment="staging")


def _press(root: Page | Locator, name: str | re.Pattern[str]) -> None:
    """Press a button by a key: a notice may stand before it."""
    root.get_by_role("button", name=name).press("Enter")


def _not_kept(stage: Stage) -> None:
    """Have it refused where the row of the run is, once the panel shows this project."""
    stage.go_to("secrets")
    chosen = stage.panel.get_by_role("combobox", name="Project")
    expect(chosen).to_have_value(project_id("secrets"), timeout=RUNNING)
    _press(stage.panel, "Keep the run of quality")


def _secrets(stage: Stage) -> None:
    stage.open("secrets", "secrets", run=stage.newest_run("secrets"))


def _allowing(stage: Stage) -> None:
    _secrets(stage)
    _press(stage.page, re.compile("^Allow anthropic"))


def _erased(stage: Stage) -> None:
    run = open_project(stage.work / "secrets").evidence()[0].id
    stage.open("evidence", "secrets", run=run)


def _erasing(stage: Stage) -> None:
    _evidence("evidence", 1)(stage)
    _press(stage.page, "More about this evidence")
    _press(stage.page, "Erase…")


def _cleaning(stage: Stage) -> None:
    stage.open("evidence-list", "secrets")
    _press(stage.page, "More about the evidence")
    _press(stage.page, "Clean up…")


def _watching(stage: Stage) -> None:
    stage.open("watch", "flow")
    _press(stage.page, "Watch from this machine…")


def _holding(stage: Stage) -> None:
    stage.open("watch", "ready")
    _press(stage.page, "Hold production…")


def _asked(stage: Stage) -> None:
    stage.open("ask-review", "hub", environment="production")
    stage.page.get_by_role("checkbox", name="ken@example.org").check()
    _press(stage.page, "Ask for a review")


def _panel(project: str) -> Callable[[Stage], None]:
    return lambda stage: stage.go_to(project)


VIEWS = (
    Shown("new project", "panel", _panel("new"), "Set up this project"),
    Shown("broken mlcd.toml", "panel", _panel("broken"), "expected text"),
    Shown("red", "panel", _panel("digits"), "did not pass"),
    Shown("ready", "panel", _panel("ready"), "Deliver 0.1.0 to staging"),
    Shown("running", "panel", _running, "cell 1 of 1"),
    Shown("a run that goes on", "run", _run_that_goes_on, "cell 1 of 1"),
    Shown("a red run", "run", _evidence("run", 0), "no border for the digit 7"),
    Shown("a green run", "run", _evidence("run", 1), "kept as evidence"),
    Shown("all evidence", "evidence-list", _page("evidence-list"), "matches your files"),
    Shown("red evidence", "evidence", _evidence("evidence", 0), "Verify"),
    Shown("evidence", "evidence", _evidence("evidence", 1), "Verify"),
    Shown("an executed notebook", "notebook", _executed, ""),
    Shown("report", "report", _evidence("report", 0), ""),
    Shown("deliver", "deliver", _page("deliver", "ready", environment="staging"), "will happen"),
    Shown("refused", "deliver", _page("deliver", environment="production"), "Before it can be"),
    Shown("delivered", "deliver", _delivered, "is live in staging"),
    Shown("review", "review", _page("review", version="0.2.0"), "Why not C = 5"),
    Shown("ask for review", "ask-review", _asking, "ken@example.org"),
    Shown("asked", "ask-review", _asked, "Please review"),
    Shown("review on a hub", "review", _page("review", "hub", version="0.1.0"), "Ask GitHub now"),
    Shown("not kept", "panel", _not_kept, "Look at it…"),
    Shown("secrets", "secrets", _secrets, "Not kept"),
    Shown("allow a finding", "secrets", _allowing, "Allow it and keep the run"),
    Shown("taken out and erased", "evidence", _erased, "was taken out"),
    Shown("erase", "evidence", _erasing, "Erase it for good"),
    Shown("clean up", "evidence-list", _cleaning, "drafts older than 30 days"),
    Shown("by itself", "watch", _page("watch", "flow"), "Ken looks at the sevens"),
    Shown("watch", "watch", _watching, "Nobody is asked"),
    Shown("hold", "watch", _holding, "by hand or by itself"),
    Shown("history", "history", _page("history", environment="staging"), "0.1.0"),
    Shown("roll back", "roll-back", _page("roll-back", environment="staging"), "What will happen"),
    Shown("first start", "set-up", _page("set-up", "new"), "4 notebooks found"),
    Shown("commit", "commit", _page("commit", "changed"), "prepare.ipynb"),
    Shown("accept", "accept", _evidence("accept", 0), "Why is this right now?"),
    Shown("run as test", FORM, _run_form, "regularisation"),
)

DIALOGS = {"commit", "accept", FORM}


def root_of(stage: Stage, view: Shown) -> Locator:
    """Where a view stands."""
    page = stage.page
    if view.kind == "panel":
        return stage.panel
    if view.kind in DIALOGS:
        return page.get_by_role("dialog")
    return page.locator("#jp-main-dock-panel .jp-Mlcd-widget:visible")
