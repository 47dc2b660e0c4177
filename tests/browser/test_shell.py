"""How we sit in JupyterLab: menus, palette, shortcuts, notices, status bar, running list."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import Page, Request, expect
from playwright.sync_api import TimeoutError as TooLate

from tests.browser.page import RUNNING, SOON, Delivery
from tests.browser.places import command, project, ready, serving
from tests.journeys.projects import commit_all, git

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Locator

    from tests.browser.lab import Lab

OURS = """() => {
  const { commands } = window.jupyterapp;
  const ids = commands.listCommands().filter(id => id.startsWith('jupyter-mlcd:'));
  return Promise.all(ids.map(async id => ({
    id, label: commands.label(id), takes: (await commands.describedBy(id)).args?.type ?? ''
  })));
}"""


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = project(tmp_path_factory.mktemp("shell") / "work" / "small", seconds=6)
    for name in ("a.ipynb", "b.ipynb"):
        (folder / "more").mkdir(exist_ok=True)
        (folder / "more" / name).write_text((folder / "train.ipynb").read_text())
    commit_all(folder, "More notebooks")
    return folder


@pytest.fixture(scope="module")
def lab(small: Path) -> Iterator[Lab]:
    with serving(small, small.parent.parent / "home") as server:
        yield server


def alert(page: Page, words: str) -> Locator:
    return page.get_by_role("alert").filter(has_text=words).first


def row(delivery: Delivery, suite: str) -> Locator:
    return delivery.panel.locator(f"[data-suite='{suite}']")


def in_the_palette(page: Page, words: str, first: str) -> str:
    """Search the palette and return all it lists, once that names ``first``.

    It closes when something else takes the focus, as the launcher does when it is there at last.
    """
    for _ in range(10):
        command(page, "apputils:activate-command-palette")
        try:
            page.locator(".lm-CommandPalette-input").fill(words, timeout=2000)
            # Its list is drawn anew while commands change: only what holds it stays.
            listed = page.locator(".lm-CommandPalette-content:visible")
            listed.filter(has_text=first).wait_for(timeout=2000)
            text = listed.text_content(timeout=2000) or ""
        except TooLate:
            continue
        if first in text:
            return text
    pytest.fail("the palette does not stay open")


@pytest.mark.timeout(200)
def test_every_command_has_a_name_and_says_what_it_takes(page: Page, lab: Lab) -> None:
    Delivery(page).open(lab)
    ours: list[dict[str, Any]] = page.evaluate(OURS)
    assert len(ours) > 12
    assert [one["id"] for one in ours if not one["label"] or one["takes"] != "object"] == []

    listed = in_the_palette(page, "delivery", "Run the Test Suite")
    for label in ("Run the Test Suite", "Show the Delivery Panel", "Commit Changed Files…"):
        assert label in listed


@pytest.mark.timeout(200)
def test_the_launcher_has_a_card_that_opens_the_panel(page: Page, lab: Lab) -> None:
    page.goto(lab.url)
    ready(page)
    page.locator(".jp-LauncherCard").filter(has_text="Delivery").click(timeout=SOON)
    expect(Delivery(page).panel).to_be_visible(timeout=SOON)


@pytest.mark.timeout(400)
def test_a_run_is_in_status_bar_notification_and_running_list(page: Page, lab: Lab) -> None:
    delivery = Delivery(page)
    delivery.open(lab)
    expect(delivery.button("Run quality")).to_be_visible(timeout=SOON)
    page.locator("body").press("Control+Alt+t")
    expect(alert(page, "quality")).to_contain_text("of 1 cases", timeout=RUNNING)
    line = page.locator("#jp-bottom-panel .jp-Mlcd-line")
    expect(line).to_contain_text("quality", timeout=SOON)

    command(page, "running:show-panel")
    running = page.locator("#jp-running-sessions")
    expect(running).to_contain_text("Test runs", timeout=SOON)
    entry = running.locator(".jp-Mlcd-running").first
    expect(entry).to_contain_text("quality", timeout=SOON)
    entry.hover()
    entry.get_by_title("Cancel").first.click()
    expect(running.locator(".jp-Mlcd-running")).to_have_count(0, timeout=RUNNING)

    # The one notification tells the end, and leads to the run.
    expect(alert(page, "quality cancelled")).to_be_visible(timeout=RUNNING)
    expect(page.get_by_role("alert").filter(has_text="quality")).to_have_count(1)
    line.click()
    expect(row(delivery, "quality")).to_have_attribute("data-verdict", "cancelled", timeout=SOON)


@pytest.mark.timeout(400)
def test_a_folder_and_several_notebooks_run_from_the_file_browser(page: Page, lab: Lab) -> None:
    delivery = Delivery(page)
    delivery.open(lab)
    command(page, "filebrowser:activate")
    browser = page.get_by_role("region", name="File Browser Section")
    browser.get_by_text("more", exact=True).click(button="right")
    page.get_by_role("menuitem", name="Run as Test").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("Run 2 notebooks as tests?", timeout=SOON)
    expect(dialog).to_contain_text("more/a.ipynb")
    dialog.get_by_role("button", name="Cancel").click()

    browser.get_by_text("more", exact=True).dblclick()
    browser.get_by_text("a.ipynb", exact=True).click()
    browser.get_by_text("b.ipynb", exact=True).click(modifiers=["Control"])
    browser.get_by_text("b.ipynb", exact=True).click(button="right")
    page.get_by_role("menuitem", name="Run 2 Selected as Tests").click()
    command(page, "jupyter-mlcd:show-panel")
    together = row(delivery, "more/a.ipynb, more/b.ipynb")
    expect(together).to_have_attribute("data-verdict", "passed", timeout=RUNNING)


@pytest.mark.timeout(300)
def test_a_desktop_notice_tells_the_end_to_who_looks_elsewhere(page: Page, lab: Lab) -> None:
    # A headless browser refuses its own notices: write down what it is asked to show.
    page.add_init_script(
        "window.shown = []; window.Notification = class { static permission = 'granted';"
        " constructor(title) { window.shown.push(title); } close() {} };"
        "document.hasFocus = () => false;"
    )
    delivery = Delivery(page)
    delivery.open(lab, "train.ipynb")
    page.evaluate(
        "() => window.jupyterapp.serviceManager.settings.save("
        '\'jupyter-mlcd:notifications\', \'{"desktop": true, "runs": "none"}\')'
    )
    delivery.open(lab, "train.ipynb")
    delivery.run("quality")
    expect(row(delivery, "quality")).to_have_attribute("data-verdict", "passed", timeout=RUNNING)
    page.wait_for_function("() => window.shown.length > 0", timeout=SOON)
    shown: list[str] = page.evaluate("() => window.shown")
    assert len(shown) == 1
    assert shown[0].startswith("quality passed")
    # And no other notification, as the settings say.
    expect(page.get_by_role("alert").filter(has_text="quality")).to_have_count(0)
    page.evaluate(
        "() => window.jupyterapp.serviceManager.settings.save('jupyter-mlcd:notifications', '{}')"
    )


@pytest.mark.timeout(300)
def test_a_page_comes_back_with_the_layout(page: Page, lab: Lab) -> None:
    delivery = Delivery(page)
    delivery.open(lab)
    expect(delivery.button("Run quality")).to_be_visible(timeout=SOON)
    command(page, "jupyter-mlcd:evidence")
    tab = page.get_by_role("tab", name="Evidence")
    expect(tab).to_be_visible(timeout=SOON)
    page.evaluate("() => window.jupyterapp.commands.execute('docmanager:save-all')")
    with page.expect_response(lambda answer: "/api/workspaces/" in answer.url, timeout=60_000):
        page.get_by_role("tab", name="Evidence").click()
    page.goto(lab.url.replace("reset&", ""))
    ready(page)
    expect(tab).to_be_visible(timeout=SOON)
    expect(delivery.panel).to_be_visible(timeout=SOON)


HOSTILE: list[tuple[str, object]] = [
    ("jupyter-mlcd:open", {"kind": 7, "project": ["Lw"], "run": {}}),
    ("jupyter-mlcd:open", {"kind": "constructor", "project": "Lw"}),
    ("jupyter-mlcd:open", {"kind": "run", "project": "Ly4uLy4u", "run": "../../x"}),
    ("jupyter-mlcd:open", {"kind": "deliver", "project": "Lw", "environment": "production",
                           "nonce": "n", "digest": "d", "version": "9.9.9", "confirmed": True}),
    ("jupyter-mlcd:deliver", {"environment": "nowhere", "version": "9.9.9", "nonce": "n"}),
    ("jupyter-mlcd:run-files", {"paths": ["../../etc/passwd.ipynb", 7, None, "RTC:../x.ipynb"]}),
    ("jupyter-mlcd:run", {"suite": "no such suite"}),
    ("jupyter-mlcd:cancel", {"run": {"id": "x"}}),
    ("jupyter-mlcd:keep", {"run": 12}),
]  # fmt: skip


@pytest.mark.timeout(300)
def test_arguments_of_commands_do_no_harm(page: Page, lab: Lab, small: Path) -> None:
    delivery = Delivery(page)
    delivery.open(lab)
    expect(delivery.button("Run quality")).to_be_visible(timeout=SOON)
    before = git(small, "for-each-ref"), git(small, "status", "--porcelain")
    runs = set((small / ".git" / "mlcd" / "runs").glob("*"))
    sent: list[str] = []

    def note(request: Request) -> None:
        if request.method == "POST" and "/mlcd/" in request.url:
            sent.append(request.url.partition("/mlcd/")[2])

    page.on("request", note)
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    for name, args in HOSTILE:
        command(page, name, args)
    # The project that does not exist says so in its page, behind others; the rest is told in words.
    expect(page.get_by_text("there is no such project").first).to_be_attached(timeout=SOON)
    expect(page.get_by_text("no such suite").first).to_be_visible(timeout=SOON)
    assert errors == []
    assert [url for url in sent if re.search("deliveries|commits|keep|accept", url)] == []
    assert (git(small, "for-each-ref"), git(small, "status", "--porcelain")) == before
    assert set((small / ".git" / "mlcd" / "runs").glob("*")) == runs
