"""The whole review between two people: two servers, two clones, one remote, two browser pages."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Browser, Page, expect

from jupyter_mlcd.server.projects import project_id
from jupyter_mlcd.workbench import Workbench
from tests.actions.people import approve_by_hand, somebody
from tests.browser.lab import Lab
from tests.browser.page import RUNNING, SOON, Delivery
from tests.browser.places import command
from tests.journeys.projects import commit_all, git, notebook, repository
from tests.journeys.reviews import CONFIG, Team, home, works_in

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Locator

VIEW = {"kind": "review", "project": project_id("")}


@dataclass
class Seat:
    """A person before a browser, on her own server, in her own clone."""

    lab: Lab
    page: Page

    @property
    def panel(self) -> Locator:
        return Delivery(self.page).panel

    def sit_down(self) -> None:
        Delivery(self.page).open(self.lab)

    def exchange(self) -> None:
        """Exchange with the remote from the panel, and put the words away again."""
        words = self.panel.get_by_role("button", name="Exchange with origin…")
        words.click()
        self.panel.get_by_role("button", name="Exchange now").click()
        told = re.compile("of others came|nothing new came")
        expect(self.panel.get_by_role("status").filter(has_text=told)).to_be_visible(timeout=SOON)
        words.click()

    def review(self, version: str) -> Locator:
        """The page of a review."""
        return self.page.locator(f"[data-review='{version}']:visible")

    def opens_what_waits(self, version: str) -> Locator:
        waiting = self.panel.locator("[data-waiting='review']").filter(has_text=version)
        waiting.get_by_role("button", name=re.compile("^Review")).click(timeout=SOON)
        review = self.review(version)
        expect(review.locator("[data-case]").first).to_be_visible(timeout=SOON)
        return review


def write(folder: Path, depth: int) -> None:
    """Train another model."""
    sources = (f"depth = {depth}\nopen('model.txt', 'w').write(str(depth))", "print('done')")
    (folder / "one.ipynb").write_text(notebook(*sources))


@pytest.fixture(scope="module")
def people(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Team]:
    """Two who may approve, and a remote; nothing was tested yet."""
    folder = tmp_path_factory.mktemp("review")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HOME", str(home(folder / "home")))  # Its git allows folders as remotes.
        yield _people(folder)


def _people(folder: Path) -> Team:
    mara, ken, eve = (somebody(folder, name) for name in ("Mara", "Ken", "Eve"))
    work = repository(folder / "mara")
    works_in(work, mara)
    (work / "mlcd.toml").write_text(CONFIG.replace("[environments.staging]\n", ""))
    (work / ".gitignore").write_text("releases/\n.ipynb_checkpoints/\nmodel.txt\n")
    (work / ".mlcd").mkdir()
    (work / ".mlcd" / "allowed_signers").write_bytes(mara.line() + ken.line())
    write(work, 3)
    commit_all(work, "A first model")
    server = folder / "server.git"
    git(folder, "init", "--quiet", "--bare", "--initial-branch=main", str(server))
    git(work, "remote", "add", "origin", str(server))
    git(work, "push", "--quiet", "--set-upstream", "origin", "main")
    return Team(mara, ken, eve, work, server)


def seat(browser: Browser, root: Path, place: Path) -> Seat:
    place.mkdir()
    lab = Lab(root, place)
    lab.start()
    return Seat(lab, browser.new_page(viewport={"width": 1440, "height": 1000}))


@pytest.fixture(scope="module")
def maras(people: Team, browser: Browser) -> Iterator[Seat]:
    taken = seat(browser, people.folder, people.folder.parent / "mara at home")
    taken.sit_down()
    yield taken
    taken.page.close()
    taken.lab.stop()


@pytest.fixture(scope="module")
def kens(people: Team, browser: Browser) -> Iterator[Seat]:
    clone = people.clone(people.folder.parent / "ken", people.ken)
    taken = seat(browser, clone, people.folder.parent / "ken at home")
    taken.sit_down()
    yield taken
    taken.page.close()
    taken.lab.stop()


def runs_and_asks(maras: Seat, version: str, why: str) -> None:
    """Run the suite, ask Ken with a word, and push that."""
    maras.panel.get_by_role("button", name="Run quality").click()
    missing = maras.panel.locator("[data-reason='approvals-missing']")
    expect(missing).to_be_visible(timeout=RUNNING)
    missing.get_by_role("button", name=re.compile("^Ask for review…")).click()
    sheet = maras.page.locator(".jp-Mlcd-sheet:visible")
    expect(sheet).to_contain_text(f"Ask for a review of small {version}", timeout=SOON)
    sheet.get_by_role("checkbox", name="ken@example.org").check()
    sheet.get_by_role("textbox", name="A word to them").fill(why)
    expect(sheet).to_contain_text("Nothing leaves this machine")
    sheet.get_by_role("checkbox", name=re.compile("Also push the evidence to origin")).check()
    expect(sheet).to_contain_text("Pushes the branch mlcd/evidence to origin")
    sheet.get_by_role("button", name="Ask for a review").click()
    expect(sheet.locator("[data-pushed='origin']")).to_be_visible(timeout=SOON)
    expect(sheet).to_contain_text(f"Please review small {version} for production")
    sheet.get_by_role("button", name="Close").click()


def ken_wants_changes(kens: Seat) -> None:
    """He reads what waits for him, remarks on a cell by keys, and asks for changes."""
    review = kens.opens_what_waits("0.1.0")
    expect(review).to_contain_text("Mara asks you to review it for production")
    expect(review).to_contain_text("run by Mara, not by you")
    cell = review.locator("section[data-cell='0']")
    cell.focus()
    kens.page.keyboard.press("c")
    cell.get_by_role("textbox", name="Comment on cell 1").fill("Why 3?")
    kens.page.keyboard.press("Control+Enter")
    expect(cell.locator("[data-entry]")).to_contain_text("Why 3?", timeout=SOON)
    review.get_by_role("button", name="Request changes…").click()
    dialog = review.get_by_role("dialog", name="Request changes of 0.1.0")
    dialog.get_by_role("textbox", name="What has to change").fill("Another depth, please")
    dialog.get_by_role("button", name="Request changes", exact=True).click()
    expect(dialog).to_have_count(0, timeout=SOON)
    expect(kens.panel.locator("[data-waiting='review']")).to_have_count(0, timeout=SOON)


def mara_answers(maras: Seat) -> None:
    """She finds what is wanted among the reasons, and answers in the review."""
    wanted = maras.panel.locator("[data-reason='changes-requested']")
    expect(wanted).to_contain_text("Ken asks for changes: Another depth, please", timeout=SOON)
    wanted.get_by_role("button", name=re.compile("^Review")).click()
    own = maras.review("0.1.0")
    own.get_by_role("textbox", name="Comment on 0.1.0").fill("Right: 4 is better")
    own.get_by_role("region", name="What people said").get_by_role(
        "button", name="Comment", exact=True
    ).click()
    expect(own.locator("[data-entry='commented']").last).to_contain_text(
        "Right: 4 is better", timeout=SOON
    )


def ken_approves(kens: Seat) -> None:
    """He sees what changed since he last looked, and only that, and approves."""
    review = kens.opens_what_waits("0.2.0")
    since = review.locator("[data-since='0.1.0']")
    since.get_by_role("button", name="What changed since 0.1.0").click()
    changed = review.locator("section[data-relation='changed']")
    expect(changed).to_have_count(1, timeout=SOON)
    expect(changed).to_contain_text("depth = 4")
    review.get_by_role("button", name="Approve 0.2.0 for production…").click()
    dialog = review.get_by_role("dialog", name="Approve 0.2.0 for production")
    dialog.get_by_role("textbox", name="A word with it").fill("fine now")
    dialog.get_by_role("button", name="Approve 0.2.0 for production").click()
    approval = review.locator("[data-entry='approved']")
    expect(approval).to_contain_text("fine now", timeout=SOON)
    expect(approval).to_have_attribute("data-fault", "")


def mara_delivers(maras: Seat) -> None:
    """She delivers what he approved."""
    ready = re.compile("^Deliver 0.2.0 to production")
    maras.panel.get_by_role("button", name=ready).click(timeout=SOON)
    sheet = maras.page.locator(".jp-Mlcd-sheet:visible")
    expect(sheet.locator("[data-line='Review']")).to_contain_text("given by Ken", timeout=SOON)
    sheet.get_by_role("textbox", name="Type the version to go on").fill("0.2.0")
    sheet.get_by_role("button", name="Deliver to production").click()
    expect(sheet).to_contain_text("0.2.0 is live in production", timeout=RUNNING)


@pytest.mark.timeout(600)
def test_a_version_is_asked_for_remarked_on_changed_approved_and_delivered(
    people: Team, maras: Seat, kens: Seat
) -> None:
    runs_and_asks(maras, "0.1.0", "fewer mistakes")
    kens.exchange()
    ken_wants_changes(kens)
    kens.exchange()
    maras.exchange()
    mara_answers(maras)
    write(people.folder, 4)
    commit_all(people.folder, "Four levels")
    git(people.folder, "push", "--quiet")
    runs_and_asks(maras, "0.2.0", "now 4")
    git(kens.lab.root, "pull", "--quiet")
    kens.exchange()
    ken_approves(kens)
    kens.exchange()
    maras.exchange()
    mara_delivers(maras)
    said = Workbench(people.folder).show_review("0.1.0").entries
    assert [one.kind for one in said] == ["asked", "commented", "changes-requested", "commented"]
    assert git(people.server, "for-each-ref", "refs/tags") == "", "a review pushed a tag"


@pytest.mark.timeout(300)
def test_what_does_not_count_says_why_where_it_stands(people: Team, maras: Seat) -> None:
    desk = Workbench(people.folder).desk()
    approve_by_hand(desk, people.eve, "production")
    approve_by_hand(desk, people.ken, "production", expires="2026-01-01T00:00:00Z")
    command(maras.page, "jupyter-mlcd:open", {**VIEW, "version": "0.2.0"})
    review = maras.review("0.2.0")
    for words in ("nobody who may approve has the key", "it expired on 1 Jan 2026"):
        fault = review.locator("[data-entry='approved']").filter(has_text=words)
        expect(fault).to_contain_text("does not count", timeout=SOON)
    offer = review.locator("[data-unfit='own-run']")
    expect(offer).to_contain_text("you ran the tests: somebody else has to approve")
    expect(review.get_by_role("button", name=re.compile("^Approve"))).to_have_count(0)
