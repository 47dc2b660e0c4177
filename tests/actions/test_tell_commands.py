"""The commands of "What this did" are run in a copy of the repository: they do the same."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from jupyter_mlcd.actions.deliver import deliver
from jupyter_mlcd.actions.tell_commands import delivery_in_commands
from jupyter_mlcd.model.acceptance import AcceptRequest
from jupyter_mlcd.model.errors import NotFoundError
from jupyter_mlcd.workbench import Workbench
from tests.actions.days import quality_ran
from tests.journeys.projects import git, mlcd, notebook, small_project

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jupyter_mlcd.testing import FakeDesk


def run_in_shell(commands: Sequence[str], folder: Path) -> None:
    programs = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    left_out = {"GIT_DIR", "GIT_WORK_TREE", "PYTEST_ADDOPTS"}
    environment = {name: one for name, one in os.environ.items() if name not in left_out}
    made = subprocess.run(
        ["/bin/sh", "-ec", "\n".join(commands)],
        cwd=folder,
        env={**environment, "PATH": programs},
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert made.returncode == 0, made.stdout + made.stderr


@pytest.fixture
def kept(tmp_path: Path) -> tuple[Path, str]:
    """Return a project with an ended run of a notebook with a parameter, and the run's id."""
    folder = small_project(tmp_path / "work" / "small")
    (folder / "one.ipynb").write_text(notebook("parameters|C = 1.0", "print('it is', C)"))
    ended = mlcd(folder, "run", "--notebook", "one.ipynb", "-p", "C", "2.5")
    assert ended.code == 0, ended.said
    return folder, Workbench(folder).runner.recent()[0].id


@pytest.mark.timeout(300)
def test_a_kept_run_is_the_same_commit_content(kept: tuple[Path, str]) -> None:
    folder, run = kept
    scratch = folder.parent / "aside" / "scratch"
    shutil.copytree(folder, scratch)
    bench = Workbench(folder)
    bench.keep(run)
    run_in_shell(bench.keep_in_commands(run).commands, scratch)
    tree = git(folder, "rev-parse", "mlcd/evidence^{tree}")
    assert git(scratch, "rev-parse", "mlcd/evidence^{tree}") == tree
    assert Workbench(scratch).verify(run).ok

    # And on a branch that is there already.
    assert mlcd(folder, "run", "quality").code == 0
    again = Workbench(folder).runner.recent()[0].id
    assert again != run
    shutil.rmtree(scratch)
    shutil.copytree(folder, scratch)
    bench.keep(again)
    run_in_shell(bench.keep_in_commands(again).commands, scratch)
    tree = git(folder, "rev-parse", "mlcd/evidence^{tree}")
    assert git(scratch, "rev-parse", "mlcd/evidence^{tree}") == tree


@pytest.mark.timeout(300)
def test_a_run_is_papermill_and_pytest_on_the_tested_tree(kept: tuple[Path, str]) -> None:
    folder, run = kept
    commands = Workbench(folder).run_in_commands(run).commands
    run_in_shell(commands, folder)
    executed = (folder / "room" / "run-0.ipynb").read_text()
    assert "it is 2.5" in executed
    assert any("pytest --nbval-lax one.ipynb" in one for one in commands)


def test_a_commit_is_git_add_and_git_commit(tmp_path: Path) -> None:
    folder = small_project(tmp_path / "work" / "small")
    for name in ("one.ipynb", "it's new.txt", "[o]ne.ipynb"):
        (folder / name).write_text(notebook(f"print('{len(name)}')"))
    (folder / "left.txt").write_text("not this")
    scratch = folder.parent / "scratch"
    shutil.copytree(folder, scratch)
    bench = Workbench(folder, by="Mara Example <mara@example.org>")
    committed = bench.commit(["it's new.txt", "[o]ne.ipynb"], "Say `it` $HOME\n\nand more")
    run_in_shell(committed.commands, scratch)
    tree = git(folder, "rev-parse", "HEAD^{tree}")
    assert git(scratch, "rev-parse", "HEAD^{tree}") == tree
    assert git(scratch, "log", "-1", "--format=%B") == git(folder, "log", "-1", "--format=%B")
    assert git(scratch, "status", "--porcelain") == "M one.ipynb\n?? left.txt"


def test_a_delivery_is_a_tag_and_what_its_target_does(made: FakeDesk) -> None:
    quality_ran(made)
    delivery = deliver(made.desk, "staging")
    tag, *commands = delivery_in_commands(made.desk, delivery.key).commands
    assert tag.startswith("git tag --annotate")
    assert delivery.digest in tag
    assert commands == ["true"]


def test_what_was_not_done_has_no_commands(made: FakeDesk, tmp_path: Path) -> None:
    with pytest.raises(NotFoundError):
        delivery_in_commands(made.desk, "nothing")
    bench = Workbench(small_project(tmp_path / "small"))
    with pytest.raises(NotFoundError):
        bench.keep_in_commands("nothing")
    with pytest.raises(NotFoundError):
        bench.run_in_commands("01a20bfb-34e0-7409-9108-3b5629679fa0")


@pytest.mark.timeout(300)
def test_accepting_is_a_commit_of_the_files_that_it_wrote(kept: tuple[Path, str]) -> None:
    folder, run = kept
    scratch = folder.parent / "aside" / "scratch"
    shutil.copytree(folder, scratch)
    accepted = Workbench(folder).accept(run, AcceptRequest("it is right", everything=True))
    shutil.copytree(folder / "expected", scratch / "expected")
    run_in_shell(accepted.commands, scratch)
    tree = git(folder, "rev-parse", "HEAD^{tree}")
    assert git(scratch, "rev-parse", "HEAD^{tree}") == tree
    assert git(scratch, "log", "-1", "--format=%B") == git(folder, "log", "-1", "--format=%B")
