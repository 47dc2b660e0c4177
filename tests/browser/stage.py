"""Every state that our views can show, once, as real projects under one real JupyterLab."""

from __future__ import annotations

import json
import os
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

from playwright.sync_api import expect

from jupyter_mlcd import open_project
from jupyter_mlcd.execution.run_folder import RunFolder
from jupyter_mlcd.model.result import State
from jupyter_mlcd.server.projects import project_id
from tests.actions.people import Somebody, somebody
from tests.browser.page import RUNNING, SOON, Delivery
from tests.journeys.projects import commit_all, git, notebook, repository
from tests.journeys.reviews import works_in

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from playwright.sync_api import Locator, Page

    from jupyter_mlcd.project_api.open_project import OpenProject
    from tests.browser.lab import Lab

CONFIG = """
[project]
name = "{name}"

[suites.quality]
compare = "marked-cells"

[[suites.quality.notebooks]]
path = "prepare.ipynb"
produces = ["clean.json"]

[[suites.quality.notebooks]]
path = "train.ipynb"
after = ["prepare.ipynb"]
matrix = {{ seed = [1, 2] }}
produces = ["model.json"]
candidate = {{ best = "accuracy" }}

[[suites.quality.notebooks]]
path = "evaluate.ipynb"
after = ["prepare.ipynb"]

[suites.night]
notebooks = ["night.ipynb"]

[[gates]]
metric = "accuracy"
over = "mean"
at-least = 0.9
better-than = "staging"
by = 0.002

[environments.staging]
suites = ["quality"]

[environments.production]
suites = ["quality"]
approvals = 1
"""

_ROWS = "<table><tr><th>digit</th><th>right</th></tr><tr><td>7</td><td>0.96</td></tr></table>"
_PICTURE = """
from PIL import Image, ImageDraw
picture = Image.new('RGB', (240, 90))
ImageDraw.Draw(picture).line([(5, 80), (230, 10)], 'orange', 3)
picture
"""
_NIGHT = "import time\nfor step in range(600):\n    print('step', step)\n    time.sleep(0.5)"


SMALL = """
[project]
name = "{name}"

[[suites.quality.notebooks]]
path = "train.ipynb"
produces = ["model.json"]

[environments.production]
suites = ["quality"]
approvals = 1
"""
"""A project of one notebook, for what is said beside a run."""
BY_ITSELF = """
[project]
name = "flow"

[[suites.quality.notebooks]]
path = "train.ipynb"
produces = ["model.json"]

[suites.live]
notebooks = ["train.ipynb"]

[[gates]]
metric = "accuracy"
better-than = "production"

[environments.staging]
suites = ["quality"]
freeze = [{ from = 2020-01-01, until = 2999-12-31, why = "the labels are counted anew" }]

[environments.production]
suites = ["quality"]
after = "staging"
deliver = "automatic"
verify = "live"
"""
"""A project that delivers by itself, and does not yet."""
REDACT = '\n[secrets]\nfound = "redact"\n'
HUB = 'approvals-from = "github"\n\n[hubs.github]\nrepository = "us/hub"\n'
_TOKENS = """
pages = 'gh' + 'p_' + 'A1b2' * 9
print('of the manual:', pages)
print('reading with', 'sk-' + 'ant-' + 'api03-' + 'Zq7x' * 23 + 'AA')
"""
"""Print what looks like two secrets; as a whole neither stands anywhere."""


class _Content(NamedTuple):
    """What the notebooks of a project say."""

    accuracy: float = 0.95
    samples: int = 1797
    """The notebook expects 1797 of them."""
    trains: bool = True
    """Whether the second seed gets to its end."""


def _with_output(text: str, cell: int, printed: str) -> str:
    parsed = json.loads(text)
    shown = {"output_type": "stream", "name": "stdout", "text": printed}
    parsed["cells"][cell].update(outputs=[shown], execution_count=cell + 1)
    return json.dumps(parsed)


def _write(folder: Path, content: _Content) -> None:
    prepare = notebook("import json\njson.dump([1, 2, 3], open('clean.json', 'w'))")
    train = notebook(
        "parameters|seed = 1  # which images are held back\nC = 10.0  # regularisation",
        "import json\njson.load(open('clean.json'))\njson.dump({'C': C}, open('model.json', 'w'))",
        f"assert seed < 2 or {content.trains}, 'the kernel has no border for the digit 7'",
        f"from jupyter_mlcd import record\nrecord('accuracy', {content.accuracy} + seed / 1000)",
    )
    evaluate = notebook(
        f"# NBVAL_CHECK_OUTPUT\nprint('samples used:', {content.samples})",
        f"from IPython.display import HTML\nHTML('{_ROWS}')",
        _PICTURE,
    )
    (folder / "prepare.ipynb").write_text(prepare)
    (folder / "train.ipynb").write_text(train)
    (folder / "evaluate.ipynb").write_text(_with_output(evaluate, 0, "samples used: 1797\n"))
    (folder / "night.ipynb").write_text(notebook(_NIGHT))


def _project(folder: Path, config: str, people: Sequence[Somebody] = ()) -> OpenProject:
    repository(folder)
    _write(folder, _Content())
    if config:
        (folder / "mlcd.toml").write_text(config)
    (folder / ".gitignore").write_text("releases/\n.ipynb_checkpoints/\n")
    (folder / ".mlcd").mkdir()
    (folder / ".mlcd" / "allowed_signers").write_bytes(b"".join(one.line() for one in people))
    commit_all(folder, "Read handwritten digits: a careful first model")
    return open_project(folder)


def _change(project: OpenProject, content: _Content, message: str) -> None:
    _write(project.folder, content)
    commit_all(project.folder, message)


def _tested(project: OpenProject) -> None:
    project.keep(project.run("quality").wait(progress=False).id)


def _deliver(project: OpenProject) -> None:
    prepared = project.deliver("staging")
    prepared.confirm(prepared.preview.version)


def _review(project: OpenProject, mara: Somebody, ken: Somebody) -> None:
    """Let Mara ask Ken about what is live in staging, and Ken want something changed."""
    why = "Finer borders between the digits"
    project.ask_review("ken@example.org", "production", why=why, version="0.2.0")
    works_in(project.folder, ken)
    his = open_project(project.folder)
    case = "train.ipynb[seed=1]"
    his.comment("Why not C = 5? As good on the sevens.", version="0.2.0", case=case, cell=1)
    his.reject("Say in the notebook which images are held back", version="0.2.0")
    works_in(project.folder, mara)
    git(project.folder, "config", "user.name", "Mara Example")


def _small(folder: Path, config: str, source: str, people: Sequence[Somebody]) -> OpenProject:
    """Make a project of one notebook."""
    project = _project(folder, config, people)
    for name in ("prepare", "evaluate", "night"):
        (folder / f"{name}.ipynb").unlink()
    model = "open('model.json', 'w').write('{}')"
    (folder / "train.ipynb").write_text(notebook("C = 10.0", f"{source}\n{model}"))
    commit_all(folder, "One notebook")
    return project


def _hub(folder: Path, people: Sequence[Somebody]) -> None:
    """Make a project whose approvals are given on a hub, and ask for one."""
    project = _small(folder, SMALL.format(name="hub") + HUB, "print('done')", people)
    project.run("quality").wait(progress=False)
    project.ask_review("ken@example.org", "production", why="Finer borders between the digits")


def _secrets(folder: Path, people: Sequence[Somebody]) -> None:
    """Make a project that prints secrets: kept without them and erased; then runs that are not.

    One of those is too old to stay.
    """
    config = SMALL.format(name="secrets")
    project = _small(folder, config + REDACT, _TOKENS, people)
    run = project.run("quality").wait(progress=False).id
    project.allow_secret(run, 1, "The example of GitHub's manual", "90d")
    project.keep(run)
    project.erase(run, "Customer 12 asked for it")
    (folder / "mlcd.toml").write_text(config)
    commit_all(folder, "Block what looks like a secret")
    old = project.run("quality").wait(progress=False).id
    project.run("quality").wait(progress=False)
    os.utime(RunFolder(folder / ".git" / "mlcd" / "runs" / old).journal, (0, 0))


def build(work: Path) -> None:
    """Make a project with a past, one that is ready, one with changes, and two without tests."""
    people = [somebody(work.parent, name) for name in ("Mara", "Ken")]
    digits = _project(work / "digits", CONFIG.format(name="digits"), people)
    _tested(digits)
    _deliver(digits)
    _change(digits, _Content(0.96), "Let the kernel see finer borders")
    _tested(digits)
    _deliver(digits)
    _change(digits, _Content(0.9, samples=1796, trains=False), "Leave out a doubtful sample")
    _tested(digits)

    _review(digits, *people)

    ready = _project(work / "ready", CONFIG.format(name="ready"), people)
    ready.run("quality").wait(progress=False)
    changed = _project(work / "changed", CONFIG.format(name="changed")).folder
    (changed / "prepare.ipynb").write_text(notebook("print('changed')"))
    (changed / "notes.md").write_text("Why not C = 5?\n")
    _hub(work / "hub", people)
    _secrets(work / "secrets", people)
    flow = _small(work / "flow", BY_ITSELF, "print('done')", people)
    flow.hold("production", "Ken looks at the sevens")
    _project(work / "broken", "[project]\nname = 1\n[suite.quality]\n")
    _project(work / "new", "")


class Stage:
    """The projects in a browser, and how each view of them comes up."""

    def __init__(self, work: Path, lab: Lab, page: Page) -> None:
        self.work = work
        self.lab = lab
        self.page = page
        self.delivery = Delivery(page)

    @property
    def panel(self) -> Locator:
        return self.delivery.panel

    @cached_property
    def digits(self) -> OpenProject:
        """The project with a past."""
        return open_project(self.work / "digits")

    def newest_run(self, name: str = "digits") -> str:
        """The id of the newest run of a project; without a name of the one with a past."""
        project = self.digits if name == "digits" else open_project(self.work / name)
        run = project.status().suites[0].run
        assert run is not None
        return run.id

    def begin_night(self) -> str:
        """Begin the long run of the project that is ready, unless it goes on; return its id."""
        ready = open_project(self.work / "ready")
        found = ready.status().suites[1].run
        if found is not None and found.state is State.RUNNING:
            return found.id
        return ready.run("night").id

    def command(self, name: str, arguments: dict[str, Any]) -> None:
        """Execute a command and do not wait for it: dialogs end theirs when they close."""
        script = "([name, args]) => { void window.jupyterapp.commands.execute(name, args); }"
        self.page.evaluate(script, [name, arguments])

    def go_to(self, project: str) -> None:
        """Show a project in the panel, as a click into its folder does."""
        self.command("filebrowser:go-to-path", {"path": f"/{project}", "dontShowBrowser": True})

    def open(self, kind: str, project: str = "digits", **rest: Any) -> None:
        """Open a view beside the panel."""
        view = {"kind": kind, "project": project_id(project), **rest}
        self.command("jupyter-mlcd:open", view)

    def clear(self) -> None:
        """Close what is open beside the panel, and any dialog."""
        dialog = self.page.locator(".jp-Dialog")  # Sheets in a page are dialogs too.
        if dialog.count():
            dialog.get_by_role("button", name="Cancel").click()
            expect(dialog).to_have_count(0, timeout=SOON)
        # A notebook that is not saved would ask first.
        save = "() => window.jupyterapp.commands.execute('docmanager:save-all').then(() => true)"
        self.page.evaluate(save)
        self.command("application:close-all", {})
        expect(self.page.locator("#jp-main-dock-panel .jp-Mlcd-widget")).to_have_count(
            0, timeout=SOON
        )

    def settle(self, root: Locator, says: str) -> None:
        """Wait until a view has said what it says, and nothing of it is still loading."""
        expect(root).to_be_visible(timeout=SOON)
        expect(root).to_contain_text(says, timeout=RUNNING)
        expect(root.locator(".jp-Mlcd-skeleton")).to_have_count(0, timeout=SOON)

    def theme(self, name: str) -> None:
        """Change the theme, and wait until it is there."""
        self.command("apputils:change-theme", {"theme": name})
        expect(self.page.locator("body")).to_have_attribute(
            "data-jp-theme-name", name, timeout=RUNNING
        )
