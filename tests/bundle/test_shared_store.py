"""The Store with one behind it that others reach too, in stores that fsspec has here."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import fsspec
import pytest

from jupyter_mlcd.bundle.files import Store
from jupyter_mlcd.bundle.shared_store import SharedStore
from jupyter_mlcd.model.errors import NotFoundError, RefusedError, WorldError
from jupyter_mlcd.model.result import FileDigest

if TYPE_CHECKING:
    from pathlib import Path

MODEL = b"a model"
DIGEST = FileDigest(hashlib.sha256(MODEL).hexdigest(), len(MODEL))


@pytest.fixture(params=["memory", "file"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "memory":
        fsspec.filesystem("memory").store.clear()
        return "memory://models/digits/"
    return f"file://{tmp_path}/there"


@pytest.fixture
def ci(url: str, tmp_path: Path) -> SharedStore:
    """Return the Store of a machine that made the model."""
    made = SharedStore(tmp_path / "ci", url)
    assert made.put_bytes(MODEL) == DIGEST
    return made


@pytest.fixture
def hers(url: str, tmp_path: Path) -> SharedStore:
    return SharedStore(tmp_path / "hers", url)


def there(store: SharedStore) -> tuple[fsspec.AbstractFileSystem, str]:
    """Return what is behind a Store, and where the model is in it."""
    fs, root = fsspec.url_to_fs(store.shared)
    return fs, f"{root}/sha256/{DIGEST.sha256[:2]}/{DIGEST.sha256[2:]}"


def test_nothing_goes_there_by_itself(ci: SharedStore, hers: SharedStore) -> None:
    with pytest.raises(NotFoundError, match="neither here nor in"):
        hers.fetch(DIGEST)
    assert ci.share([DIGEST, DIGEST]) == 1
    assert ci.share([DIGEST]) == 0


def test_what_is_shared_is_brought_once_and_is_here_then(
    ci: SharedStore, hers: SharedStore
) -> None:
    ci.share([DIGEST])
    with pytest.raises(NotFoundError):
        hers.path(DIGEST)  # looking asks nobody
    assert hers.fetch(DIGEST).read_bytes() == MODEL
    fs, place = there(hers)
    fs.rm_file(place)
    assert hers.fetch(DIGEST) == hers.path(DIGEST)


@pytest.mark.parametrize(
    ("bytes_there", "error"), [(b"a m0del", WorldError), (b"a mod", NotFoundError)]
)
def test_other_bytes_are_never_taken_and_half_a_file_is_shared_again(
    ci: SharedStore, hers: SharedStore, bytes_there: bytes, error: type[Exception]
) -> None:
    ci.share([DIGEST])
    fs, place = there(hers)
    fs.rm_file(place)
    fs.pipe_file(place, bytes_there)
    with pytest.raises(error):
        hers.fetch(DIGEST)
    with pytest.raises(NotFoundError):
        hers.path(DIGEST)
    assert ci.share([DIGEST]) == (len(bytes_there) != DIGEST.size)


def test_erasing_removes_it_there_too_and_pruning_only_here(ci: SharedStore) -> None:
    ci.share([DIGEST])
    fs, place = there(ci)
    assert not ci.remove(DIGEST.sha256, idle=3600.0)
    assert fs.exists(place)
    assert ci.remove(DIGEST.sha256)
    assert not fs.exists(place)
    assert ci.stored() == []


def test_what_cannot_be_removed_there_stays_here_so_that_it_is_tried_again(tmp_path: Path) -> None:
    store = SharedStore(tmp_path / "ci", "nowhere://models")
    store.put_bytes(MODEL)
    with pytest.raises(WorldError, match="no store that fsspec knows"):
        store.remove(DIGEST.sha256)
    assert store.path(DIGEST).read_bytes() == MODEL


def test_a_store_of_one_machine_shares_nothing_and_says_how(tmp_path: Path) -> None:
    with pytest.raises(RefusedError, match="names no shared Store") as caught:
        Store(tmp_path).share([DIGEST])
    assert 'store = "s3://BUCKET/FOLDER"' in caught.value.hint
