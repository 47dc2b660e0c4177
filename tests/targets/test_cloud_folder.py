from __future__ import annotations

import secrets
from collections import Counter
from typing import TYPE_CHECKING, Any

import fsspec
import msgspec
import pytest

from jupyter_mlcd.model.delivery import DeliveryState
from jupyter_mlcd.model.target import FolderTable
from jupyter_mlcd.ports import Parcel, PipelineTarget
from jupyter_mlcd.targets import cloud_folder
from jupyter_mlcd.targets.cloud_folder import CloudFolderTarget
from jupyter_mlcd.targets.folder import FolderTarget, open_folder
from jupyter_mlcd.world import failpoints
from tests.targets.parcels import parcel, site
from tests.targets.servers.real import real_azure, real_s3

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

REAL = pytest.mark.real


@pytest.fixture(
    scope="module",
    params=["memory", pytest.param("s3", marks=REAL), pytest.param("az", marks=REAL)],
)
def root(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where a store begins, with the variables that lead to it."""
    stores = {"s3": real_s3, "az": real_azure}
    if request.param not in stores:
        yield f"{request.param}://models"
        return
    with (
        stores[request.param](tmp_path_factory.mktemp("store")) as told,
        pytest.MonkeyPatch.context() as here,
    ):
        for name, value in told.items():
            here.setenv(name, value)
        if request.param == "az":
            fsspec.filesystem("az", skip_instance_cache=True).mkdir("models")
        yield f"{request.param}://models"


@pytest.fixture
def url(root: str) -> str:
    """A folder that no other test has."""
    return f"{root}/{secrets.token_hex(4)}/production"


@pytest.fixture
def target(url: str, tmp_path: Path) -> CloudFolderTarget:
    return target_of(url, tmp_path)


@pytest.fixture
def first(tmp_path: Path) -> Parcel:
    return parcel(tmp_path / "store", "0.1.0")


@pytest.fixture
def second(tmp_path: Path) -> Parcel:
    return parcel(tmp_path / "store", "0.2.0")


def target_of(url: str, folder: Path) -> CloudFolderTarget:
    made = open_folder(FolderTable(url), site(folder))
    assert isinstance(made, CloudFolderTarget)
    return made


def content(url: str) -> dict[str, bytes]:
    """Return all files below an address, read by fsspec alone."""
    fs, place = fsspec.url_to_fs(url, use_listings_cache=False, skip_instance_cache=True)
    return {one[len(place) + 1 :]: fs.cat_file(one) for one in fs.find(place)}


def current(url: str) -> Any:
    return msgspec.json.decode(content(url)["current.json"])


def expected(one: Parcel) -> dict[str, bytes]:
    version = one.release.version
    files = {f"{version}/{path}": file.read_bytes() for path, file in one.files.items()}
    return {**files, f"{version}/release.json": one.release.to_bytes()}


def test_an_address_is_a_store_and_a_path_is_a_folder(tmp_path: Path) -> None:
    there = site(tmp_path)
    assert isinstance(open_folder(FolderTable("memory://x"), there), PipelineTarget)
    assert isinstance(open_folder(FolderTable("releases"), there), FolderTarget)


def test_looking_at_it_before_writes_nothing(
    target: CloudFolderTarget, url: str, first: Parcel
) -> None:
    sentences, commands = target.preview(first)
    assert target.check() == []
    assert [one.ok for one in target.diagnose()] == [True]
    assert list(target.rehearse(first)) == [
        "current.json is not there yet.",
        "0.1.0 has to be brought there.",
    ]
    assert f"**{url}/0.1.0**" in sentences[0]
    assert f"{url}/current.json" in commands[-1]
    assert content(url) == {}


def test_what_was_never_sent_is_not_known(target: CloudFolderTarget, first: Parcel) -> None:
    assert target.look_up(first) is None


def test_what_arrives_is_byte_equal_and_current_names_it(
    target: CloudFolderTarget, url: str, first: Parcel
) -> None:
    answer = target.dispatch(first)
    assert (answer.state, answer.reason) == ("delivered", f"it is in {url}/0.1.0")
    found = content(url)
    assert found.pop("current.json")
    assert found == expected(first)
    assert current(url) == {
        "v": 1, "version": "0.1.0", "release": first.release.digest, "key": first.key
    }  # fmt: skip


def test_a_key_that_arrived_is_answered_as_it_was(target: CloudFolderTarget, first: Parcel) -> None:
    assert target.dispatch(first) == target.look_up(first) == target.dispatch(first)


def test_the_next_version_and_a_roll_back_move_current_alone(
    target: CloudFolderTarget, url: str, first: Parcel, second: Parcel
) -> None:
    for one in (first, second):
        target.dispatch(one)
    assert (current(url)["version"], target.look_up(first)) == ("0.2.0", None)
    before = content(url)
    back = msgspec.structs.replace(first, key="b" * 32, again=True)
    assert target.dispatch(back).state is DeliveryState.DELIVERED
    assert current(url)["version"] == "0.1.0"
    assert {**before, "current.json": b""} == {**content(url), "current.json": b""}


@pytest.mark.parametrize("point", ["cloud-before-release", "cloud-before-switch"])
def test_what_is_interrupted_is_not_live_and_can_be_done_again(
    target: CloudFolderTarget,
    url: str,
    first: Parcel,
    point: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(failpoints, "_passages", Counter())  # they count through the process
    monkeypatch.setenv("MLCD_FAILPOINT", f"{point}=raise")
    answer = target.dispatch(first)
    assert answer.state is DeliveryState.FAILED
    assert "current.json" not in content(url)
    assert target.look_up(first) is None
    monkeypatch.delenv("MLCD_FAILPOINT")
    assert target.dispatch(first).state is DeliveryState.DELIVERED


def test_other_files_under_the_same_version_are_an_answer_and_stay(
    target: CloudFolderTarget, url: str, first: Parcel, tmp_path: Path
) -> None:
    target.dispatch(first)
    before = content(url)
    other = parcel(tmp_path / "store", "0.1.0", files={"model.joblib": b"another"})
    answer = target.dispatch(other)
    assert answer.state is DeliveryState.FAILED
    assert "is there already with other files" in answer.reason
    assert content(url) == before


def test_a_version_that_was_altered_where_it_lies_is_not_delivered_again(
    target: CloudFolderTarget, url: str, first: Parcel
) -> None:
    target.dispatch(first)
    fs, place = fsspec.url_to_fs(url, skip_instance_cache=True)
    size = first.release.products["model.joblib"].size
    fs.pipe_file(f"{place}/0.1.0/model.joblib", b"x" * size)
    back = msgspec.structs.replace(first, key="b" * 32, again=True)
    assert target.dispatch(back).state is DeliveryState.FAILED


def test_a_current_that_is_not_ours_is_told_and_stays(
    target: CloudFolderTarget, url: str, first: Parcel
) -> None:
    fs, place = fsspec.url_to_fs(url, skip_instance_cache=True)
    fs.makedirs(place, exist_ok=True)
    fs.pipe_file(f"{place}/current.json", b"somebody's own")
    answer = target.dispatch(first)
    assert answer.state is DeliveryState.FAILED
    assert "is no file of ours" in answer.reason
    assert content(url) == {"current.json": b"somebody's own"}


def test_two_at_once_do_not_overwrite_each_other(
    target: CloudFolderTarget,
    url: str,
    first: Parcel,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    second = parcel(tmp_path / "store", "0.2.0")
    other = target_of(url, tmp_path)

    def meanwhile(point: str) -> None:
        monkeypatch.undo()
        assert point == "cloud-before-release"
        other.dispatch(second)

    monkeypatch.setattr(cloud_folder, "failpoint", meanwhile)
    answer = target.dispatch(first)
    assert answer.state is DeliveryState.FAILED, answer
    assert "somebody else wrote it meanwhile" in answer.reason
    assert current(url)["version"] == "0.2.0"


def test_a_store_whose_package_is_missing_is_told_before(tmp_path: Path) -> None:
    (problem,) = target_of("nowhere://x/y", tmp_path).check()
    assert problem == "nowhere:// is no store that fsspec knows"


@pytest.mark.real
def test_a_store_that_is_gone_stays_unknown(
    tmp_path: Path, first: Parcel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "of-no-cloud")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "of-no-cloud")
    target = target_of("s3://models/gone", tmp_path)
    assert target.dispatch(first).state is DeliveryState.FAILED
    found = target.look_up(first)
    assert found is not None
    assert found.state is DeliveryState.UNKNOWN
