"""A run that prints a secret: refused, looked at, allowed by a click, kept, and erased again."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Page, expect

from jupyter_mlcd.workbench import Workbench
from tests.browser.page import RUNNING, SOON, Delivery
from tests.browser.places import serving
from tests.journeys.projects import commit_all, mlcd, notebook, small_project

if TYPE_CHECKING:
    from pathlib import Path

MADE = "'gh' + 'p_' + 'A1b2' * 9"
"""What makes a token when it runs: as a whole it stands nowhere."""
PRINTED = "ghp_" + "A1b2" * 9


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = small_project(tmp_path / "work" / "small")
    text = notebook("depth = 3", f"open('model.txt', 'w').write('m')\nprint({MADE})")
    (made / "one.ipynb").write_text(text)
    commit_all(made, "Print a token")
    assert mlcd(made, "run").code == 0
    return made


@pytest.mark.timeout(300)
def test_keep_is_refused_looked_at_allowed_and_goes_on_then_is_erased(
    page: Page, folder: Path, tmp_path: Path
) -> None:
    with serving(folder, tmp_path / "home") as server:
        delivery = Delivery(page)
        delivery.open(server)
        delivery.button("Keep the run of quality").click(timeout=SOON)
        delivery.says("Not kept: 1 place in the run looks like a secret.")
        assert Workbench(folder).evidence() == []
        delivery.button("Look at it…").click()
        sheet = page.get_by_role("dialog", name="Not kept: 1 value in it looks like a secret")
        expect(sheet).to_contain_text("one.ipynb · cell 2 · output 1", timeout=SOON)
        assert PRINTED not in sheet.inner_text()

        # Its cell is shown in the executed notebook, in a tab of its own.
        sheet.get_by_role("button", name=re.compile("^Show the cell")).click()
        expect(page.locator("iframe[title^='Executed notebook']")).to_be_visible(timeout=SOON)
        page.get_by_role("tab", name="Keeping a run").click()

        sheet.get_by_role("button", name=re.compile("^Allow github-token")).click()
        allow = sheet.get_by_role("dialog", name=re.compile("^Allow github-token"))
        expect(allow.get_by_role("textbox", name="Why it may be kept")).to_be_focused()
        confirm = allow.get_by_role("button", name="Allow it and keep the run")
        expect(confirm).to_be_disabled()
        allow.get_by_role("textbox", name="Why it may be kept").fill("of the manual")
        confirm.click()
        expect(page.get_by_text("It is kept as evidence.")).to_be_visible(timeout=RUNNING)
        (kept,) = Workbench(folder).evidence()

        # Whoever reads the evidence is told; then what this machine holds of it goes.
        page.get_by_role("button", name="See the evidence").click()
        evidence = page.get_by_role("article", name="Evidence of quality")
        told = evidence.locator("[data-kept='allowed']")
        expect(told).to_contain_text("of the manual", timeout=SOON)
        evidence.get_by_role("button", name="More about this evidence").click()
        evidence.get_by_role("button", name="Erase…").click()
        erase = evidence.get_by_role("dialog", name=re.compile("^Erase what this machine holds"))
        erase.get_by_role("textbox", name="Why").fill("Customer 12 asked for it")
        erase.get_by_role("textbox", name=re.compile("cannot be undone")).fill(kept.id[-8:])
        erase.get_by_role("button", name="Erase it for good").click()
        expect(evidence.locator("[data-erased]")).to_contain_text(
            "Customer 12 asked for it", timeout=SOON
        )
    assert not (folder / ".git" / "mlcd" / "runs" / kept.id).exists()


@pytest.mark.timeout(300)
def test_a_table_of_people_is_looked_at_before_git_has_it(
    page: Page, folder: Path, tmp_path: Path
) -> None:
    rows = "email,total\\nada@example.org,3\\ngrace@example.org,4"
    text = notebook("depth = 3", f"open('model.txt', 'w').write('m')\nprint('{rows}')")
    (folder / "one.ipynb").write_text(text)
    commit_all(folder, "Print customers")
    assert mlcd(folder, "run").code == 0
    with serving(folder, tmp_path / "home") as server:
        delivery = Delivery(page)
        delivery.open(server)
        delivery.button("Keep the run of quality").click(timeout=SOON)
        delivery.says("Not kept: 1 table in the run looks like personal data.")
        assert Workbench(folder).evidence() == []
        delivery.button("Look at it…").click()
        sheet = page.get_by_role("dialog", name=re.compile("looks like personal data$"))
        expect(sheet).to_contain_text("one.ipynb · cell 2 · output 1", timeout=SOON)
        expect(sheet).to_contain_text("e-mail address")
        assert "ada@" not in sheet.inner_text()
        sheet.get_by_role("button", name="Keep it in git all the same").click()
        expect(page.get_by_text("It is kept as evidence.")).to_be_visible(timeout=RUNNING)
    assert len(Workbench(folder).evidence()) == 1
