from __future__ import annotations

import hashlib
import os
import threading
from typing import TYPE_CHECKING

import pytest

from jupyter_mlcd.bundle.files import Store
from jupyter_mlcd.model.errors import NotFoundError, WorldError
from jupyter_mlcd.model.result import FileDigest

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "store")


@pytest.fixture
def model(tmp_path: Path) -> Path:
    file = tmp_path / "model.bin"
    file.write_bytes(b"weights")
    return file


def stored(folder: Path) -> list[Path]:
    return [path for path in (folder / "store").rglob("*") if path.is_file()]


def test_what_was_put_in_comes_out(store: Store, model: Path) -> None:
    digest = store.put(model)
    assert digest == FileDigest(hashlib.sha256(b"weights").hexdigest(), 7)
    assert store.path(digest).read_bytes() == b"weights"


def test_a_later_change_of_the_file_does_not_reach_the_store(store: Store, model: Path) -> None:
    digest = store.put(model)
    model.write_bytes(b"other")
    assert store.path(digest).read_bytes() == b"weights"


def test_the_same_bytes_are_kept_once(store: Store, model: Path, tmp_path: Path) -> None:
    assert store.put(model) == store.put(model)
    assert len(stored(tmp_path)) == 1


def test_a_read_only_file_can_be_stored(store: Store, model: Path) -> None:
    model.chmod(0o400)
    assert store.path(store.put(model)).read_bytes() == b"weights"


def test_a_file_that_is_not_there_is_not_found(store: Store) -> None:
    with pytest.raises(NotFoundError):
        store.path(FileDigest("0" * 64, 1))


def test_a_damaged_file_is_never_given_out(store: Store, model: Path) -> None:
    digest = store.put(model)
    place = store.path(digest)
    place.chmod(0o644)
    place.write_bytes(b"wEights")
    with pytest.raises(WorldError, match="was changed"):
        store.path(digest)


def test_a_damaged_file_is_repaired_by_storing_it_again(store: Store, model: Path) -> None:
    digest = store.put(model)
    place = store.path(digest)
    place.chmod(0o644)
    place.write_bytes(b"wEights")
    store.put(model)
    assert store.path(digest).read_bytes() == b"weights"


def test_what_cannot_be_read_leaves_nothing(store: Store, tmp_path: Path) -> None:
    with pytest.raises(WorldError, match="could not be stored"):
        store.put(tmp_path / "missing")
    assert stored(tmp_path) == []


def test_several_may_store_the_same_at_once(store: Store, model: Path, tmp_path: Path) -> None:
    threads = [threading.Thread(target=store.put, args=[model]) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(stored(tmp_path)) == 1
    assert os.access(store.path(store.put(model)), os.R_OK)
