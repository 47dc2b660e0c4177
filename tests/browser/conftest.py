from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.browser.lab import Lab, browser_options
from tests.browser.stage import Stage, build

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser

    from tests.browser.axe import Checked


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    return browser_options()


@pytest.fixture(scope="session")
def browser_context_args() -> dict[str, Any]:
    return {"viewport": {"width": 1440, "height": 900}}


@pytest.fixture(scope="session")
def stage(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """Every state of every view, in one browser on one server; made once, for it takes a while."""
    work = tmp_path_factory.mktemp("stage") / "work"
    build(work)
    lab = Lab(work, tmp_path_factory.mktemp("stage-home"))
    lab.start()
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    stage = Stage(work, lab, page)
    stage.delivery.open(lab)
    yield stage
    page.close()
    lab.stop()


@pytest.fixture(scope="module")
def looks() -> Iterator[list[Checked]]:
    """What axe-core looked at; the figures are printed at the end."""
    counted: list[Checked] = []
    yield counted
    checks, unsure = sum(one.checked for one in counted), sum(one.unsure for one in counted)
    print(f"\naxe-core: {checks} checks in {len(counted)} looks, {unsure} for a person to judge")
