"""One clear error: what, where, what is safe, what to do next; no traceback, no hang."""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING

import pytest

from tests.journeys.projects import (
    Ended,
    commit_all,
    delivering_project,
    git,
    mlcd,
    notebook,
    repository,
    small_project,
)

if TYPE_CHECKING:
    from pathlib import Path

COMMANDS = (["status"], ["run"], ["evidence", "list"], ["deliver", "--yes"], ["commit"])
as_root = hasattr(os, "geteuid") and os.geteuid() == 0


def assert_clear(ended: Ended, *codes: int) -> None:
    assert ended.code in codes, ended.said
    assert "Traceback" not in ended.said
    assert "bug in jupyter_mlcd" not in ended.said
    assert ended.said.strip()


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_outside_of_a_repository(tmp_path: Path, words: list[str]) -> None:
    ended = mlcd(tmp_path, *words)
    assert_clear(ended, 4)
    assert "git init" in ended.err or "repository" in ended.err


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_a_bare_repository(tmp_path: Path, words: list[str]) -> None:
    git(tmp_path, "init", "--quiet", "--bare")
    assert_clear(mlcd(tmp_path, *words), 4)


def test_an_unborn_branch_has_a_status(tmp_path: Path) -> None:
    repository(tmp_path)
    ended = mlcd(tmp_path, "status")
    assert_clear(ended, 0)


def test_an_unborn_branch_can_be_run_but_not_delivered(tmp_path: Path) -> None:
    repository(tmp_path)
    (tmp_path / "one.ipynb").write_text(notebook("1 + 1"))
    assert_clear(mlcd(tmp_path, "run", "--notebook", "one.ipynb"), 0)
    (tmp_path / "mlcd.toml").write_text(
        '[project]\nname="a"\n[suites.q]\nnotebooks=["one.ipynb"]\n[environments.p]\n'
    )
    ended = mlcd(tmp_path, "deliver", "--yes")
    assert_clear(ended, 1, 3)
    assert "committed" in ended.err


def test_a_detached_head_works(tmp_path: Path) -> None:
    small_project(tmp_path)
    git(tmp_path, "checkout", "--quiet", "--detach")
    assert_clear(mlcd(tmp_path, "run", "--keep"), 0)


def test_a_sha256_repository_works(tmp_path: Path) -> None:
    delivering_project(tmp_path, "--object-format=sha256")
    assert_clear(mlcd(tmp_path, "run", "--keep"), 0)
    assert_clear(mlcd(tmp_path, "deliver", "--yes"), 0)
    assert_clear(mlcd(tmp_path, "status"), 0)


def test_a_shallow_clone_works(tmp_path: Path) -> None:
    origin = small_project(tmp_path / "origin")
    (origin / "more.txt").write_text("more")
    commit_all(origin, "Second")
    git(tmp_path, "clone", "--quiet", "--depth=1", f"file://{origin}", "clone")
    assert_clear(mlcd(tmp_path / "clone", "run", "--keep"), 0)


def test_a_linked_worktree_works_and_shares_the_evidence(tmp_path: Path) -> None:
    main = small_project(tmp_path / "main")
    git(main, "worktree", "add", "--quiet", "-b", "side", "../side")
    assert_clear(mlcd(tmp_path / "side", "run", "--keep"), 0)
    assert "quality" in mlcd(main, "evidence", "list").out


def test_the_evidence_branch_checked_out_elsewhere_is_named(tmp_path: Path) -> None:
    main = small_project(tmp_path / "main")
    assert_clear(mlcd(main, "run", "--keep"), 0)
    git(main, "worktree", "add", "--quiet", "../seen", "mlcd/evidence")
    assert_clear(mlcd(main, "run"), 0)
    ended = mlcd(main, "evidence", "keep")
    assert_clear(ended, 3, 4)
    assert "seen" in ended.err


def test_a_branch_called_mlcd_is_named(tmp_path: Path) -> None:
    small_project(tmp_path)
    git(tmp_path, "branch", "mlcd")
    ended = mlcd(tmp_path, "run", "--keep")
    assert_clear(ended, 3, 4)
    assert "mlcd" in ended.err


def test_without_an_identity_evidence_is_kept_in_a_stand_ins_name(tmp_path: Path) -> None:
    small_project(tmp_path)
    git(tmp_path, "config", "--unset", "user.name")
    git(tmp_path, "config", "--unset", "user.email")
    nobody = {
        "HOME": str(tmp_path),
        "XDG_CONFIG_HOME": str(tmp_path),
        "GIT_AUTHOR_NAME": "",
        "GIT_AUTHOR_EMAIL": "",
        "EMAIL": "",
    }
    assert_clear(mlcd(tmp_path, "run", "--keep", **nobody), 0)
    assert_clear(mlcd(tmp_path, "doctor", **nobody), 4)


@pytest.mark.skipif(as_root, reason="root may write everywhere")
def test_a_read_only_repository_is_named(tmp_path: Path) -> None:
    small_project(tmp_path)
    (tmp_path / ".git").chmod(0o555)
    try:
        assert_clear(mlcd(tmp_path, "run"), 4)
    finally:
        (tmp_path / ".git").chmod(0o755)


@pytest.mark.skipif(not as_root, reason="only root can give a folder away")
def test_a_repository_of_somebody_else_is_named_with_gits_own_remedy(tmp_path: Path) -> None:
    small_project(tmp_path)
    for place in (tmp_path, tmp_path / ".git"):
        shutil.chown(place, 12345, 12345)
    ended = mlcd(tmp_path, "status", GIT_CONFIG_GLOBAL="/dev/null", SUDO_UID="")
    assert_clear(ended, 4)
    assert "safe.directory" in ended.err


HEAD = '[project]\nname="a"\n[suites.q]\n[[suites.q.notebooks]]\n'
CONFIGS = {
    "no toml": ("[project", "line 1"),
    "unknown key": ('[project]\nname="a"\nnam="b"\n[suites.q]\nnotebooks=["one.ipynb"]', "line 3"),
    "wrong type": ('[project]\nname="a"\n[suites.q]\nnotebooks=3', "line 4"),
    "outside": ('[project]\nname="a"\n[suites.q]\nnotebooks=["../x.ipynb"]', "leaves the project"),
    "no suite": ('[project]\nname="a"\n', "`suites`"),
    "circle": (
        HEAD + 'path="a.ipynb"\nafter=["b.ipynb"]\n[[suites.q.notebooks]]\n'
        'path="b.ipynb"\nafter=["a.ipynb"]\n',
        "circle",
    ),
    "secret": (HEAD + 'path="one.ipynb"\nparameters={ api_key = "x" }', "secret"),
    "missing notebook": ('[project]\nname="a"\n[suites.q]\nnotebooks=["x.ipynb"]', "x.ipynb"),
}


@pytest.mark.parametrize("text", CONFIGS.values(), ids=CONFIGS)
def test_a_broken_config_is_named_by_its_place(tmp_path: Path, text: tuple[str, str]) -> None:
    small_project(tmp_path)
    (tmp_path / "mlcd.toml").write_text(text[0])
    ended = mlcd(tmp_path, "run")
    assert_clear(ended, 2)
    assert text[1] in ended.err


NOTEBOOKS = {
    "empty": "",
    "not json": "{",
    "a list": "[]",
    "old": '{"nbformat": 3, "nbformat_minor": 0, "metadata": {}, "worksheets": []}',
    "no cells": '{"nbformat": 4, "nbformat_minor": 5, "metadata": {}}',
    "cells of text": '{"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": ["a"]}',
    "deep": "[" * 100_000,
    "no kernel": notebook("1", kernel="no-such-kernel"),
}


@pytest.mark.parametrize("text", NOTEBOOKS.values(), ids=NOTEBOOKS)
def test_a_broken_notebook_is_a_red_case_with_a_reason(tmp_path: Path, text: str) -> None:
    small_project(tmp_path)
    (tmp_path / "one.ipynb").write_text(text)
    ended = mlcd(tmp_path, "run")
    assert_clear(ended, 1, 2)
    assert "one.ipynb" in ended.said


PARAMETERS = {
    "unknown": ("nothing_of_this_name", "1"),
    "no name": ("1x", "1"),
    "a keyword": ("class", "1"),
    "a secret": ("password", "x"),
    "infinite": ("x", "Infinity"),
    "too large": ("x", str(2**60)),
}


@pytest.mark.parametrize("parameter", PARAMETERS.values(), ids=PARAMETERS)
def test_a_wrong_parameter_is_refused(tmp_path: Path, parameter: tuple[str, str]) -> None:
    small_project(tmp_path)
    (tmp_path / "one.ipynb").write_text(notebook("parameters|x = 0", "print(x)"))
    ended = mlcd(tmp_path, "run", "-p", *parameter)
    assert_clear(ended, 1, 2)
    assert parameter[0] in ended.said


def test_there_is_nothing_to_commit(tmp_path: Path) -> None:
    small_project(tmp_path)
    assert_clear(mlcd(tmp_path, "commit"), 2)


def test_there_is_nothing_to_cancel(tmp_path: Path) -> None:
    small_project(tmp_path)
    assert_clear(mlcd(tmp_path, "cancel"), 2)


def test_a_delivery_that_nobody_confirms_does_not_happen(tmp_path: Path) -> None:
    delivering_project(tmp_path)
    assert_clear(mlcd(tmp_path, "run"), 0)
    ended = mlcd(tmp_path, "deliver")
    assert_clear(ended, 2)
    assert "--yes" in ended.err
    assert not (tmp_path / "releases").exists()
