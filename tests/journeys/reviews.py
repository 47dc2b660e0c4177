"""A project that asks for approvals, and people in clones of their own with keys of their own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from jupyter_mlcd.workbench import Workbench
from tests.actions.people import Somebody, somebody
from tests.journeys.projects import commit_all, delivering_project, git, mlcd

if TYPE_CHECKING:
    from pathlib import Path

CONFIG = """
[project]
name = "small"
policy = "origin/main"
[suites.quality]
[[suites.quality.notebooks]]
path = "one.ipynb"
produces = ["model.txt"]
[environments.staging]
[environments.production]
approvals = 1
separation-of-duties = true
"""


@dataclass(frozen=True)
class Team:
    """Two who may approve, one who may not, and the clone in which Mara works."""

    mara: Somebody
    ken: Somebody
    eve: Somebody
    folder: Path
    server: Path

    def clone(self, folder: Path, person: Somebody) -> Path:
        """Return a clone in which a person works."""
        git(self.server.parent, "clone", "--quiet", str(self.server), str(folder))
        works_in(folder, person)
        return folder


def works_in(folder: Path, person: Somebody) -> None:
    """Let git know who works here and what she signs with."""
    git(folder, "config", "user.name", person.name)
    git(folder, "config", "user.email", f"{person.name.lower()}@example.org")
    git(folder, "config", "gpg.format", "ssh")
    git(folder, "config", "user.signingkey", str(person.key.path))


def home(folder: Path) -> Path:
    """Make a home whose git allows folders as remotes."""
    folder.mkdir()
    (folder / ".gitconfig").write_text('[protocol "file"]\nallow = always\n')
    return folder


def team(folder: Path) -> Team:
    """Make the project and its people; Mara has run the tests and prepared 0.1.0."""
    mara, ken, eve = (somebody(folder, name) for name in ("Mara", "Ken", "Eve"))
    work = delivering_project(folder / "mara")
    works_in(work, mara)
    (work / "mlcd.toml").write_text(CONFIG)
    (work / ".mlcd").mkdir()
    (work / ".mlcd" / "allowed_signers").write_bytes(mara.line() + ken.line())
    commit_all(work, "Ask for approvals")
    server = folder / "server.git"
    git(folder, "init", "--quiet", "--bare", "--initial-branch=main", str(server))
    git(work, "remote", "add", "origin", str(server))
    git(work, "push", "--quiet", "--set-upstream", "origin", "main")
    assert mlcd(work, "run").code == 0
    Workbench(work).release("0.1.0")
    return Team(mara, ken, eve, work, server)
