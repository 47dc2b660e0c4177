"""Hints: forbidden, lost with the server, and shared by two browsers in the middle of a run."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.page import RUNNING, SOON, Delivery
from tests.browser.places import project, serving

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.browser.lab import Lab

NO_EVENTS = """
from jupyter_server.auth.authorizer import Authorizer

class NoEvents(Authorizer):
    def is_authorized(self, handler, user, action, resource):
        return resource != "events"

c.ServerApp.authorizer_class = NoEvents
"""
IN_A_CELL = re.compile(r"cell \d of 4")


@pytest.fixture
def go_on(tmp_path: Path) -> Path:
    """The file that the run waits for in its first cell."""
    return tmp_path / "go-on"


@pytest.fixture
def small(tmp_path: Path, go_on: Path) -> Path:
    return project(tmp_path / "work" / "small", until=go_on)


@pytest.fixture
def lab(small: Path, tmp_path: Path) -> Iterator[Lab]:
    with serving(small, tmp_path / "home") as server:
        yield server


def verdict_is(delivery: Delivery, verdict: str) -> None:
    row = delivery.panel.locator("[data-suite='quality']")
    expect(row).to_have_attribute("data-verdict", verdict, timeout=RUNNING)


@pytest.mark.timeout(400)
def test_where_events_are_forbidden_the_page_asks_by_itself(
    page: Page, small: Path, go_on: Path, tmp_path: Path
) -> None:
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    with serving(small, tmp_path / "home", config=NO_EVENTS) as server:
        delivery = Delivery(page)
        delivery.open(server)
        delivery.run("quality")
        expect(delivery.panel).to_contain_text(IN_A_CELL, timeout=RUNNING)
        go_on.touch()
        verdict_is(delivery, "passed")
        delivery.says("Live updates do not reach this page")
    assert any("api/events/subscribe" in text and "403" in text for text in said)


@pytest.mark.timeout(400)
def test_a_second_browser_and_a_reload_show_the_same_run(
    page: Page, browser: Browser, lab: Lab, go_on: Path
) -> None:
    mine = Delivery(page)
    mine.open(lab)
    mine.run("quality")
    expect(mine.panel).to_contain_text(IN_A_CELL, timeout=RUNNING)

    other = browser.new_context()
    theirs = Delivery(other.new_page())
    theirs.open(lab)
    expect(theirs.panel).to_contain_text(IN_A_CELL, timeout=RUNNING)

    mine.open(lab)
    expect(mine.panel).to_contain_text(IN_A_CELL, timeout=RUNNING)
    go_on.touch()
    verdict_is(mine, "passed")
    verdict_is(theirs, "passed")
    expect(theirs.button("Keep the run of quality")).to_be_visible(timeout=SOON)
    other.close()


@pytest.mark.timeout(400)
def test_a_server_that_dies_and_comes_back_is_told_and_the_page_goes_on(
    page: Page, lab: Lab, go_on: Path
) -> None:
    delivery = Delivery(page)
    delivery.open(lab)
    delivery.run("quality")
    expect(delivery.panel).to_contain_text(IN_A_CELL, timeout=RUNNING)

    lab.kill()
    delivery.says("Not connected. This is how it was.", timeout=RUNNING)
    lab.start()
    go_on.touch()

    verdict_is(delivery, "passed")
    expect(delivery.panel).not_to_contain_text("Not connected")
