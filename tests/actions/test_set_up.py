from __future__ import annotations

import json
import os
import shutil
import subprocess
from typing import TYPE_CHECKING, Any

import pytest

from jupyter_mlcd.model.config import parse
from jupyter_mlcd.model.errors import GitError, RefusedError, UsageError
from jupyter_mlcd.model.set_up import SetUpChoices, System
from jupyter_mlcd.workbench import Workbench
from tests.journeys.projects import commit_all, git, notebook, repository

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

PREPARE = notebook("import json\njson.dump([1, 2], open('clean.json', 'w'))")
TRAIN = notebook(
    "parameters|C = 1.0",
    "import json\nfrom jupyter_mlcd import record\nrows = json.load(open('clean.json'))",
    "open('model.pkl', 'w').write(str(C))\nrecord('accuracy', 0.9)",
)
EVALUATE = notebook("assert open('model.pkl').read()")


def three_notebooks(folder: Path) -> Path:
    repository(folder)
    # Named so that their order by name is not the order in which they can run.
    (folder / "evaluate.ipynb").write_text(EVALUATE)
    (folder / "train.ipynb").write_text(TRAIN)
    (folder / "zz_prepare.ipynb").write_text(PREPARE)
    return folder


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return three_notebooks(tmp_path / "work" / "digits")


def bench(folder: Path) -> Workbench:
    return Workbench(folder, by="Mara Example <mara@example.org>")


def run_in_shell(commands: Sequence[str], folder: Path) -> None:
    environment = {**os.environ, "GIT_CONFIG_NOSYSTEM": "1"}
    subprocess.run(
        ["/bin/sh", "-ec", "\n".join(commands)],
        cwd=folder, check=True, env=environment, capture_output=True, text=True,
    )  # fmt: skip


# ---------------------------------------------------------------------------------------- look


def test_notebooks_are_put_in_the_order_in_which_they_need_each_other(folder: Path) -> None:
    found = bench(folder).propose_set_up().notebooks
    assert [one.path for one in found] == ["zz_prepare.ipynb", "train.ipynb", "evaluate.ipynb"]
    assert found[1].after == ("zz_prepare.ipynb",)
    assert found[1].parameters == ("C",)
    assert found[1].records == ("accuracy",)


def test_looking_runs_and_writes_nothing(folder: Path) -> None:
    commit_all(folder)
    before = git(folder, "status", "--porcelain", "--ignored")
    bench(folder).propose_set_up()
    assert git(folder, "status", "--porcelain", "--ignored") == before
    assert not (folder / ".git" / "mlcd" / "runs").exists()


def test_the_notebook_that_makes_the_model_is_guessed(folder: Path) -> None:
    choices = bench(folder).propose_set_up().choices
    assert (choices.model, choices.file) == ("train.ipynb", "model.pkl")


def test_a_kernel_that_is_not_here_is_told_and_not_proposed(folder: Path) -> None:
    (folder / "old.ipynb").write_text(notebook("1", kernel="conda-tf1"))
    proposal = bench(folder).propose_set_up()
    (old,) = [one for one in proposal.notebooks if one.path == "old.ipynb"]
    assert not old.kernel_here
    assert old.against == "the kernel conda-tf1 is not installed here"
    assert "old.ipynb" not in (proposal.choices.notebooks or ())


def test_a_notebook_that_writes_to_the_network_is_not_proposed(folder: Path) -> None:
    (folder / "nightly.ipynb").write_text(notebook("df.to_parquet('s3://bucket/all.parquet')"))
    proposal = bench(folder).propose_set_up()
    assert "nightly.ipynb" not in (proposal.choices.notebooks or ())


@pytest.mark.parametrize("text", ["", "{", "[]", '{"cells": 3}', '{"cells": [{}]}', "\xff"])
def test_a_file_that_is_no_notebook_is_told_and_not_proposed(folder: Path, text: str) -> None:
    (folder / "broken.ipynb").write_text(text, encoding="latin-1")
    (broken,) = [
        one for one in bench(folder).propose_set_up().notebooks if one.path == "broken.ipynb"
    ]
    assert broken.against == "it cannot be read as a notebook"


def test_two_notebooks_that_read_each_other_are_both_there(folder: Path) -> None:
    for name, own, other in (("x", "x.csv", "y.csv"), ("y", "y.csv", "x.csv")):
        source = f"pd.read_csv('{other}')\ndf.to_csv('{own}')"
        (folder / f"{name}.ipynb").write_text(notebook(source))
    paths = [one.path for one in bench(folder).propose_set_up().notebooks]
    assert paths.index("x.ipynb") + 1 == paths.index("y.ipynb")


def test_remotes_are_named_without_their_passwords(folder: Path) -> None:
    git(folder, "remote", "add", "origin", "https://mara:hunter2@dev.azure.com/contoso/digits")
    (remote,) = bench(folder).propose_set_up().remotes
    assert remote.system is System.AZURE_DEVOPS
    assert "hunter2" not in remote.url
    assert "hunter2" not in json.dumps(str(bench(folder).propose_set_up()))


def test_data_that_git_does_not_know_is_declared_as_input(folder: Path) -> None:
    (folder / ".gitignore").write_text("raw.csv\n")
    (folder / "raw.csv").write_text("1")
    (folder / "zz_prepare.ipynb").write_text(notebook("pd.read_csv('raw.csv')"))
    text = bench(folder).propose_set_up().preview.text
    assert parse(text).suites["tests"].inputs == ("raw.csv",)


# -------------------------------------------------------------------------------------- choose


def preview_problem(place: Path, **choices: Any) -> str:
    chosen = {"notebooks": ("train.ipynb",), **choices}
    problem = bench(place).preview_set_up(SetUpChoices(**chosen)).problem
    return problem.code if problem else ""


def test_what_cannot_be_written_says_why(folder: Path) -> None:
    assert preview_problem(folder) == ""
    assert preview_problem(folder, notebooks=()) == "nothing-chosen"
    assert preview_problem(folder, notebooks=("gone.ipynb",)) == "no-notebook"
    assert preview_problem(folder, notebooks=("../x.ipynb",)) == "no-notebook"
    assert preview_problem(folder, model="evaluate.ipynb", file="m") == "model-not-chosen"
    assert preview_problem(folder, model="train.ipynb") == "no-file"
    assert preview_problem(folder, remote="--upload-pack=x") == "no-remote"
    assert preview_problem(folder, model="train.ipynb", file="../m.pkl") == "config"
    assert preview_problem(folder, name="no name\n[x]") == "config"
    assert preview_problem(folder, folder="https://bucket") == "config"
    assert preview_problem(folder, notebooks=("train.ipynb", "train.ipynb")) == "config"


def test_a_repository_without_notebooks_says_so(tmp_path: Path) -> None:
    proposal = bench(repository(tmp_path)).propose_set_up()
    assert proposal.notebooks == ()
    assert proposal.preview.problem
    assert proposal.preview.problem.code == "no-notebooks"


# --------------------------------------------------------------------------------- write, commit


def test_it_is_written_and_committed_with_the_notebooks_that_are_new(folder: Path) -> None:
    done = bench(folder).set_up()
    assert git(folder, "rev-parse", "HEAD") == done.commit
    assert git(folder, "status", "--porcelain") == ""
    assert (folder / "mlcd.toml").read_text() == done.text
    assert done.files == ("mlcd.toml", "zz_prepare.ipynb", "train.ipynb", "evaluate.ipynb")


def test_what_is_written_is_what_the_preview_showed(folder: Path) -> None:
    proposal = bench(folder).propose_set_up()
    done = bench(folder).set_up(proposal.choices)
    assert done.text == proposal.preview.text
    assert done.files == proposal.preview.files
    assert done.commands == proposal.preview.commands


def test_other_changes_of_hers_are_not_committed(folder: Path) -> None:
    commit_all(folder)
    (folder / "train.ipynb").write_text(TRAIN.replace("1.0", "2.0"))
    (folder / "staged.txt").write_text("x")
    git(folder, "add", "staged.txt")
    assert bench(folder).set_up().files == ("mlcd.toml",)
    status = git(folder, "status", "--porcelain").split("\n")
    assert [line.split()[-1] for line in status] == ["staged.txt", "train.ipynb"]


def test_a_second_set_up_is_refused(folder: Path) -> None:
    (folder / "mlcd.toml").write_text("mine")
    for ask in (bench(folder).set_up, bench(folder).propose_set_up):
        with pytest.raises((RefusedError, UsageError)):
            ask()
    assert (folder / "mlcd.toml").read_text() == "mine"


def test_where_a_hook_says_no_the_file_is_gone_again(folder: Path) -> None:
    commit_all(folder)
    hook = folder / ".git" / "hooks" / "pre-commit"
    hook.write_text("#!/bin/sh\necho 'no toml here' >&2\nexit 1\n")
    hook.chmod(0o755)
    with pytest.raises(GitError) as caught:
        bench(folder).set_up()
    assert "no toml here" in str(caught.value.details)
    assert not (folder / "mlcd.toml").exists()
    assert git(folder, "status", "--porcelain") == ""


def test_a_notebook_with_a_secret_is_not_committed(folder: Path) -> None:
    token = "ghp_" + "a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8"
    (folder / "train.ipynb").write_text(notebook(f"token = '{token}'"))
    with pytest.raises(RefusedError) as caught:
        bench(folder).set_up()
    assert caught.value.code == "secret-found"
    assert not (folder / "mlcd.toml").exists()


def test_it_can_be_written_without_a_commit(folder: Path) -> None:
    done = bench(folder).set_up(commit=False)
    assert done.commit == ""
    assert (folder / "mlcd.toml").exists()


def test_the_commands_it_tells_do_the_same(folder: Path) -> None:
    scratch = folder.parent / "scratch"
    shutil.copytree(folder, scratch)
    done = bench(folder).set_up()
    run_in_shell(done.commands, scratch)
    tree = git(folder, "rev-parse", "HEAD^{tree}")
    assert git(scratch, "rev-parse", "HEAD^{tree}") == tree
    assert git(scratch, "log", "-1", "--format=%an %s") == f"Mara Example {done.subject}"


def test_the_commands_of_a_strange_name_do_the_same(folder: Path) -> None:
    (folder / "[x] it's *.ipynb").write_text(notebook("1"))
    (folder / "x.ipynb").write_text(notebook("2"))
    scratch = folder.parent / "scratch"
    shutil.copytree(folder, scratch)
    done = bench(folder).set_up(SetUpChoices(notebooks=("[x] it's *.ipynb",)))
    run_in_shell(done.commands, scratch)
    tree = git(folder, "rev-parse", "HEAD^{tree}")
    assert git(scratch, "rev-parse", "HEAD^{tree}") == tree
    assert "x.ipynb" not in git(scratch, "ls-files").split("\n")
