"""Prune on a real project: with runs beside it, and killed in the middle."""

from __future__ import annotations

import os
import shutil
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from jupyter_mlcd.bundle.files import Store
from jupyter_mlcd.model.errors import MlcdError, NotFoundError
from jupyter_mlcd.workbench import Workbench
from jupyter_mlcd.world.files import tree_size
from tests.journeys.projects import delivering_project, git, mlcd

if TYPE_CHECKING:
    from pathlib import Path

    from jupyter_mlcd.model.result import FileDigest

_OLD = 40 * 86400


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a project with a kept run and a draft."""
    made = delivering_project(tmp_path_factory.mktemp("lived") / "small")
    assert mlcd(made, "run", "--keep").code == 0
    assert mlcd(made, "run").code == 0
    return made


@pytest.fixture
def folder(lived: Path, tmp_path: Path) -> Path:
    """Return a copy of it."""
    return shutil.copytree(lived, tmp_path / "small", symlinks=True)


def runs(folder: Path) -> list[Path]:
    return sorted((folder / ".git" / "mlcd" / "runs").iterdir())


def age(*files: Path) -> None:
    for file in files:
        os.utime(file, (time.time() - _OLD,) * 2)


def stray(folder: Path, text: bytes) -> FileDigest:
    file = folder.parent / "stray"
    file.write_bytes(text)
    return Store(folder / ".git" / "mlcd" / "store").put(file)


def later(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let nothing be too fresh to be pruned: when a file was put there cannot be written."""
    monkeypatch.setattr("jupyter_mlcd.actions.prune.GRACE_SECONDS", 0.0)


def test_an_old_draft_and_a_stray_file_go_and_the_evidence_verifies(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    later(monkeypatch)
    digest = stray(folder, b"stray")
    bench = Workbench(folder)
    kept, draft = (one.name for one in runs(folder))
    age(folder / ".git" / "mlcd" / "runs" / draft / "journal.jsonl")
    said = bench.prune(dry_run=True)
    assert [one.run for one in said.drafts] == [draft]
    assert said.size > tree_size(folder / ".git" / "mlcd" / "runs" / draft) // 2
    done = bench.prune()
    assert [one.sha256 for one in done.files] == [digest.sha256]
    assert [one.name for one in runs(folder)] == [kept]
    assert bench.verify(kept).ok
    assert bench.store.path(bench.show_evidence(kept).delivers["model.txt"]).read_bytes()


@pytest.mark.parametrize("place", ["prune-after-draft", "draft-moved"])
def test_a_kill_in_the_middle_loses_nothing_that_is_needed(folder: Path, place: str) -> None:
    stray(folder, b"stray")
    kept, draft = (one.name for one in runs(folder))
    age(folder / ".git" / "mlcd" / "runs" / draft / "journal.jsonl")
    ended = mlcd(folder, "evidence", "prune", MLCD_FAILPOINT=f"{place}=kill")
    assert ended.code == -9, ended.said
    again = mlcd(folder, "evidence", "prune")
    assert again.code == 0, again.said
    assert [one.name for one in runs(folder)] == [kept]
    assert not (folder / ".git" / "mlcd" / "discarded").exists()
    assert Workbench(folder).verify(kept).ok


def test_what_only_a_remote_still_names_stays(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    later(monkeypatch)
    kept, _ = (one.name for one in runs(folder))
    model = Workbench(folder).show_evidence(kept).delivers["model.txt"]
    git(folder, "update-ref", "refs/remotes/origin/mlcd/evidence", "refs/heads/mlcd/evidence")
    git(folder, "update-ref", "-d", "refs/heads/mlcd/evidence")
    for run in runs(folder):
        age(run / "journal.jsonl")
    Workbench(folder).prune()
    assert runs(folder) == []
    assert Workbench(folder).store.path(model).read_bytes() == b"model"


def test_a_draft_that_cannot_be_read_keeps_everything(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    later(monkeypatch)
    digest = stray(folder, b"stray")
    journal = runs(folder)[0] / "journal.jsonl"
    journal.rename(journal.with_name("moved"))
    journal.symlink_to(journal.name)  # Reading it fails, as on a broken disk.
    with pytest.raises(MlcdError):
        Workbench(folder).prune()
    assert Workbench(folder).store.path(digest).read_bytes() == b"stray"


def test_files_that_are_put_while_files_are_pruned_are_there_afterwards(tmp_path: Path) -> None:
    store = Store(tmp_path / "store")
    source = tmp_path / "model"
    source.write_bytes(b"weights")
    digest = store.put(source)
    rounds = 60

    def put() -> None:
        for _ in range(rounds):
            store.put(source)
            assert store.path(digest).read_bytes() == b"weights"  # Nobody prunes what is fresh.

    def remove() -> None:
        for _ in range(rounds):
            store.remove(digest.sha256, idle=3600)

    with ThreadPoolExecutor(4) as pool:
        for one in [pool.submit(work) for work in (put, put, remove, remove)]:
            one.result()
    assert store.remove(digest.sha256)
    with pytest.raises(NotFoundError):
        store.path(digest)
