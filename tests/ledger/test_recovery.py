"""What a killed writer leaves must not stop the next one, and nothing that is in use may go."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest

from jupyter_mlcd.ledger import recovery
from jupyter_mlcd.ledger.store import LedgerStore
from jupyter_mlcd.model.errors import GitError
from jupyter_mlcd.world.failpoints import VARIABLE
from jupyter_mlcd.world.git_reading import Person, fsck
from jupyter_mlcd.world.process import ProcessIdentity, own_identity

if TYPE_CHECKING:
    from pathlib import Path

    from tests.world.repositories import Repository

ADA = Person("Ada Lovelace", "ada@example.org")
KILLS = 15
FAILPOINTS = [
    *("ledger-before-import", "ledger-during-import", "ledger-after-import"),
    *("ledger-before-verify", "ledger-after-verify"),
]
WRITER = """
import os, sys
from pathlib import Path
from jupyter_mlcd.ledger.store import LedgerStore
from jupyter_mlcd.world.git import Git
from jupyter_mlcd.world.git_reading import Person
store = LedgerStore(Git.open(Path(sys.argv[1])))
for number in range(1000):
    name = f"{sys.argv[2]}-{number}"
    files = {f"events/{name}/{part}": os.urandom(20_000) for part in range(5)}
    store.append(files, name, Person("Ada", "ada@example.org"))
    print(name, flush=True)
"""


def writer(repository: Repository, name: str, failpoint: str = "") -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", WRITER, str(repository.folder), name],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), VARIABLE: failpoint},
    )


def check_nothing_is_lost_or_half(repository: Repository, told: list[str]) -> None:
    store = LedgerStore(repository.opened())
    kept: dict[str, int] = {}
    for entry in store.list("events"):
        kept[entry.path.split("/")[1]] = kept.get(entry.path.split("/")[1], 0) + 1
    assert set(told) <= set(kept)
    assert set(kept.values()) <= {5}
    assert len(store.history()) == len(kept)
    assert fsck(store.git) == ()


def test_writers_that_are_killed_lose_nothing_and_leave_nothing_half(
    repository: Repository,
) -> None:
    before = repository.fingerprint()
    luck = random.Random(7)  # noqa: S311 - reproducible, not secret
    told: list[str] = []
    for number in range(KILLS):
        process = writer(repository, f"w{number}")
        assert process.stdout
        told.append(process.stdout.readline().strip())
        time.sleep(luck.uniform(0, 0.12))
        process.kill()
        told += process.communicate()[0].split()
    check_nothing_is_lost_or_half(repository, told)
    LedgerStore(repository.opened()).append({"after": b"x"}, "after", ADA)
    assert repository.fingerprint() == before


@pytest.mark.parametrize("failpoint", FAILPOINTS)
def test_a_kill_at_every_named_place_is_survived(repository: Repository, failpoint: str) -> None:
    process = writer(repository, "w", f"{failpoint}:2=kill")
    told = process.communicate(timeout=60)[0].split()
    assert process.returncode == -9
    LedgerStore(repository.opened()).append(
        {f"events/after/{part}": b"x" for part in range(5)}, "after", ADA
    )
    check_nothing_is_lost_or_half(repository, [*told, "after"])


def lock_of(repository: Repository) -> Path:
    lock = repository.folder / ".git" / "refs" / "heads" / "mlcd" / "evidence.lock"
    lock.parent.mkdir(parents=True, exist_ok=True)
    lock.touch()
    return lock


def age(path: Path, seconds: float) -> None:
    os.utime(path, (time.time() - seconds,) * 2)


def test_an_old_lock_of_a_killed_git_is_taken_away(repository: Repository) -> None:
    lock = lock_of(repository)
    age(lock, 120)
    LedgerStore(repository.opened()).append({"a": b"1"}, "kept", ADA)
    assert not lock.exists()


def test_a_lock_that_was_left_by_our_killed_writer_goes_at_once(repository: Repository) -> None:
    child = subprocess.Popen([sys.executable, "-c", "pass"])
    dead = ProcessIdentity(child.pid, own_identity().birth.replace(own_identity().birth[0], "9", 1))
    child.wait()
    lock = lock_of(repository)
    common = repository.folder / ".git"
    recovery.sweep(common, "refs/heads/mlcd/evidence", None)
    assert lock.exists()
    recovery.sweep(common, "refs/heads/mlcd/evidence", dead)
    assert not lock.exists()


def test_a_young_lock_of_somebody_else_is_respected(
    repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("jupyter_mlcd.ledger.store._TRIES", 2)
    lock = lock_of(repository)
    with pytest.raises(GitError) as caught:
        LedgerStore(repository.opened()).append({"a": b"1"}, "kept", ADA)
    assert caught.value.code == "git-locked"
    assert str(lock) in caught.value.details["git"]
    lock.unlink()


def test_an_old_lock_that_is_open_is_respected(repository: Repository) -> None:
    lock = lock_of(repository)
    age(lock, 120)
    with lock.open() as stream:
        holder = subprocess.Popen(["sleep", "60"], stdin=stream)
    recovery.sweep(repository.folder / ".git", "refs/heads/mlcd/evidence", None)
    assert lock.exists()
    holder.kill()
    holder.wait()


def test_litter_goes_after_an_hour_and_not_before(repository: Repository) -> None:
    pack = repository.folder / ".git" / "objects" / "pack"
    pack.mkdir(exist_ok=True)
    old = [
        pack / "tmp_pack_1",
        pack / "pack-1.keep",
        repository.folder / ".git/fast_import_crash_1",
    ]
    young = pack / "tmp_pack_2"
    own = pack / "pack-2.keep"
    for path in [*old, young]:
        path.write_bytes(b"fast-import")
    own.write_bytes(b"kept by hand")
    for path in [*old, own]:
        age(path, 7200)
    LedgerStore(repository.opened()).append({"a": b"1"}, "kept", ADA)
    assert [path.name for path in (*old, young, own) if path.exists()] == [young.name, own.name]


def test_damage_is_noticed_and_the_branch_is_set_back(
    repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = LedgerStore(repository.opened())
    first = store.append({"a": b"1"}, "kept", ADA)
    monkeypatch.setattr("jupyter_mlcd.ledger.store._TRIES", 1)
    monkeypatch.setattr("jupyter_mlcd.ledger.store._LOOK_SECONDS", 0)
    original = LedgerStore._look  # noqa: SLF001 - a disk that loses packs cannot be had otherwise

    def lose_the_pack(*arguments: object) -> None:
        for pack in (repository.folder / ".git" / "objects" / "pack").glob("*"):
            if pack.stat().st_mtime >= newest:
                pack.unlink()
        original(*arguments)  # type: ignore[arg-type]

    packs = list((repository.folder / ".git" / "objects" / "pack").glob("*"))
    newest = max(path.stat().st_mtime for path in packs) + 1e-6
    monkeypatch.setattr(LedgerStore, "_look", lose_the_pack)
    with pytest.raises(GitError) as caught:
        store.append({"b": b"2"}, "lost", ADA)
    assert caught.value.code == "git-corrupt"
    assert store.tip() == first
    assert fsck(store.git) == ()
