"""The table of all views: what brings each of them up, where it stands, and what it says.

A view that is not in it is not checked: `tests/house/test_views.py` knows which there are.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Locator

    from tests.browser.stage import Stage


class Shown(NamedTuple):
    """A view in one state."""

    name: str
    kind: str
    """Its kind in `labextension/src/views/host.ts`; `panel` for the side panel."""
    show: Callable[[Stage], None]
    says: str
    """By which it is known that it is this view in this state."""


def _run_of_the_night(stage: Stage) -> None:
    stage.go_to("ready")
    stage.delivery.run("night")


def _see_the_night(stage: Stage) -> None:
    stage.open("run", "ready", run=stage.newest_run("ready", "night"))


def _red(stage: Stage, kind: str) -> None:
    stage.open(kind, run=stage.newest_run())


def _green(stage: Stage) -> str:
    return stage.digits.evidence()[-1].id


def _delivered(stage: Stage) -> None:
    (staging, _) = stage.digits.status().environments
    assert staging.delivery is not None
    stage.open("deliver", environment="staging", delivery=staging.delivery.key)


VIEWS = (
    Shown("new project", "panel", lambda stage: stage.go_to("new"), "Set up this project"),
    Shown("broken mlcd.toml", "panel", lambda stage: stage.go_to("broken"), "expected text"),
    Shown("red", "panel", lambda stage: stage.go_to("digits"), "did not pass"),
    Shown("ready", "panel", lambda stage: stage.go_to("ready"), "Deliver 0.1.0 to staging"),
    Shown("running", "panel", _run_of_the_night, "cell 1 of 1"),
    Shown("a run that goes on", "run", _see_the_night, "cell 1 of 1"),
    Shown("a red run", "run", lambda stage: _red(stage, "run"), "samples used: 1796"),
    Shown("a green run", "run", lambda s: s.open("run", run=_green(s)), "kept as evidence"),
    Shown("all evidence", "evidence-list", lambda stage: stage.open("evidence-list"), "digits"),
    Shown("evidence", "evidence", lambda s: s.open("evidence", run=_green(s)), "Fingerprint"),
    Shown("red evidence", "evidence", lambda stage: _red(stage, "evidence"), "Fingerprint"),
    Shown(
        "an executed notebook",
        "notebook",
        lambda stage: stage.open(
            "notebook", run=stage.newest_run(), index=0, title="prepare.ipynb"
        ),
        "",
    ),
    Shown("report", "report", lambda stage: _red(stage, "report"), ""),
    Shown(
        "ready to deliver",
        "deliver",
        lambda stage: stage.open("deliver", "ready", environment="staging"),
        "What will happen",
    ),
    Shown(
        "not to be delivered",
        "deliver",
        lambda stage: stage.open("deliver", environment="production"),
        "Before it can be delivered",
    ),
    Shown("delivered", "deliver", _delivered, "is live in staging"),
    Shown("first start", "set-up", lambda s: s.open("set-up", "new"), "4 notebooks found"),
    Shown("commit", "commit", lambda s: s.open("commit", "broken"), "prepare.ipynb"),
    Shown(
        "accept",
        "accept",
        lambda stage: stage.open("accept", run=stage.newest_run(), case="", cell=None),
        "Why is this right now?",
    ),
)

DIALOGS = {"commit", "accept"}


def root_of(stage: Stage, view: Shown) -> Locator:
    """Where a view stands."""
    page = stage.page
    if view.kind == "panel":
        return stage.panel
    if view.kind in DIALOGS:
        return page.get_by_role("dialog")
    return page.locator("#jp-main-dock-panel .jp-Mlcd-widget:visible")
