from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from jupyter_mlcd.model.delivery import DeliveryState
from jupyter_mlcd.model.target import FolderTable
from jupyter_mlcd.ports import Parcel, Target
from jupyter_mlcd.targets.folder import FolderTarget
from jupyter_mlcd.world import failpoints
from tests.targets.parcels import URL, folder_target, model, parcel, site

CHECKOUT = Path(__file__).parents[2]
KILLED = getattr(signal, "SIGKILL", signal.SIGTERM)
FAILPOINTS = ["folder-before-rename", "folder-after-rename"]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """The project's folder, empty but for the Store."""
    made = tmp_path / "project"
    made.mkdir()
    return made


@pytest.fixture
def place(project: Path) -> Path:
    """Where versions go."""
    return project / URL


@pytest.fixture
def target(project: Path) -> FolderTarget:
    return folder_target(project)


@pytest.fixture
def first(project: Path) -> Parcel:
    return parcel(project / "store", "0.1.0")


@pytest.fixture
def second(project: Path) -> Parcel:
    return parcel(project / "store", "0.2.0")


def identity(path: Path) -> tuple[int, int]:
    """Return what changes when it is written again; when it was read does not count."""
    found = path.stat()
    return found.st_ino, found.st_mtime_ns


def files_of(folder: Path) -> dict[str, bytes]:
    """Return what is below a folder, links as the text they hold."""
    return {
        path.relative_to(folder).as_posix(): (
            os.readlink(path).encode() if path.is_symlink() else path.read_bytes()  # noqa: PTH115
        )
        for path in sorted(folder.rglob("*"))
        if path.is_symlink() or path.is_file()
    }


def expected(one: Parcel) -> dict[str, bytes]:
    content = {path: file.read_bytes() for path, file in one.files.items()}
    return {**content, "release.json": one.release.to_bytes()}


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def delivered_by_a_program_that_dies(project: Path, version: str, failpoint: str) -> None:
    """Deliver in a process of its own that kills itself with -9 at the failpoint."""
    ended = subprocess.run(
        [sys.executable, "-m", "tests.targets.parcels", str(project), version],
        cwd=CHECKOUT,
        env={**os.environ, "MLCD_FAILPOINT": f"{failpoint}=kill"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == -KILLED, ended.stderr


# ---------------------------------------------------------------- a delivery that goes well


def test_it_is_a_target(target: FolderTarget) -> None:
    assert isinstance(target, Target)


def test_the_answer_says_where_in_the_words_of_mlcd_toml(
    target: FolderTarget, first: Parcel
) -> None:
    answer = target.dispatch(first)
    where = "releases/production/0.1.0"
    assert (answer.state, answer.reason) == (DeliveryState.DELIVERED, f"it is in {where}")
    assert answer.ticket == {"folder": where, "key": first.key}


def test_what_arrives_is_byte_equal_to_what_lies_in_the_store(
    target: FolderTarget, first: Parcel, place: Path
) -> None:
    target.dispatch(first)
    assert files_of(place / "0.1.0") == expected(first)


def test_nothing_else_is_left_beside_it(target: FolderTarget, first: Parcel, place: Path) -> None:
    target.dispatch(first)
    assert names(place) == ["0.1.0", "current"]


def test_current_points_at_the_new_version(
    target: FolderTarget, first: Parcel, second: Parcel, place: Path
) -> None:
    for one in (first, second):
        target.dispatch(one)
        assert files_of(place / "current") == expected(one)


def test_current_is_a_relative_link_so_that_the_folder_can_be_moved(
    target: FolderTarget, first: Parcel, place: Path
) -> None:
    target.dispatch(first)
    moved = place.rename(place.with_name("elsewhere"))
    assert files_of(moved / "current") == expected(first)


def test_the_earlier_version_stays_untouched(
    target: FolderTarget, first: Parcel, second: Parcel, place: Path
) -> None:
    target.dispatch(first)
    before = files_of(place / "0.1.0")
    target.dispatch(second)
    assert files_of(place / "0.1.0") == before


def test_an_earlier_version_comes_back_without_being_written_again(
    target: FolderTarget, first: Parcel, second: Parcel, place: Path
) -> None:
    target.dispatch(first)
    written = identity(place / "0.1.0" / "model.joblib")
    target.dispatch(second)
    assert target.dispatch(first).state is DeliveryState.DELIVERED
    assert files_of(place / "current") == expected(first)
    assert identity(place / "0.1.0" / "model.joblib") == written


def test_the_same_key_twice_is_one_delivery(
    target: FolderTarget, first: Parcel, place: Path
) -> None:
    answer = target.dispatch(first)
    before = identity(place / "0.1.0")
    assert target.dispatch(first) == answer
    assert identity(place / "0.1.0") == before


def test_a_release_without_products_is_its_release_json(
    target: FolderTarget, project: Path, place: Path
) -> None:
    target.dispatch(parcel(project / "store", files={}))
    assert names(place / "0.1.0") == ["release.json"]


def test_a_file_in_a_folder_of_its_own_arrives_there(
    target: FolderTarget, project: Path, place: Path
) -> None:
    target.dispatch(parcel(project / "store", files={"a/b/c.bin": b"deep"}))
    assert (place / "0.1.0/a/b/c.bin").read_bytes() == b"deep"


def test_an_absolute_place_is_taken_as_it_is(tmp_path: Path, project: Path, first: Parcel) -> None:
    there = tmp_path / "elsewhere"
    FolderTarget(FolderTable(str(there)), site(project)).dispatch(first)
    assert names(there) == ["0.1.0", "current"]


def test_the_store_is_only_read(target: FolderTarget, first: Parcel, project: Path) -> None:
    before = files_of(project / "store")
    target.dispatch(first)
    (project / URL / "0.1.0/model.joblib").chmod(0o644)
    (project / URL / "0.1.0/model.joblib").write_bytes(b"changed where it is live")
    assert files_of(project / "store") == before


# ---------------------------------------------------------------- what was promised before


def test_the_preview_writes_nothing(target: FolderTarget, first: Parcel, place: Path) -> None:
    target.preview(first)
    assert not place.exists()


def test_the_preview_names_files_and_place(target: FolderTarget, first: Parcel) -> None:
    sentences, _ = target.preview(first)
    assert list(sentences) == [
        f"Copies **model.joblib**, **report/plot.png** and release.json to **{URL}/0.1.0**.",
        f"Points **{URL}/current** at 0.1.0.",
    ]


def test_it_describes_itself_as_the_configuration_does(target: FolderTarget) -> None:
    assert target.describe() == f"folder {URL}"


def test_nothing_stands_in_the_way_of_a_folder_that_is_not_there_yet(target: FolderTarget) -> None:
    assert list(target.check()) == []


@pytest.mark.parametrize("blocked", ["releases", URL])
def test_a_file_where_the_folder_should_be_is_told_before(
    target: FolderTarget, project: Path, blocked: str
) -> None:
    (project / blocked).parent.mkdir(parents=True, exist_ok=True)
    (project / blocked).write_text("a file")
    assert list(target.check()) == [f"{project / blocked} is not a folder"]


# ---------------------------------------------------------------- what is in the way


@pytest.mark.parametrize("blocked", ["releases", URL, f"{URL}/0.1.0"])
def test_a_file_in_the_way_is_an_answer_and_stays(
    target: FolderTarget, first: Parcel, project: Path, blocked: str
) -> None:
    (project / blocked).parent.mkdir(parents=True, exist_ok=True)
    (project / blocked).write_text("somebody's own")
    answer = target.dispatch(first)
    assert (answer.state, (project / blocked).read_text()) == ("failed", "somebody's own")
    assert "could not be written" in answer.reason


def test_other_files_under_the_same_version_are_an_answer_and_stay(
    target: FolderTarget, first: Parcel, place: Path
) -> None:
    (place / "0.1.0").mkdir(parents=True)
    (place / "0.1.0" / "model.joblib").write_text("another model")
    answer = target.dispatch(first)
    assert answer.state is DeliveryState.FAILED
    assert "is there already with other files" in answer.reason
    assert names(place) == ["0.1.0"]


@pytest.mark.parametrize("change", ["changed", "added", "removed", "release"])
def test_a_version_that_was_altered_where_it_lies_is_not_taken_for_the_release(
    target: FolderTarget, first: Parcel, place: Path, change: str
) -> None:
    target.dispatch(first)
    there = place / "0.1.0"
    match change:
        case "changed":
            (there / "model.joblib").chmod(0o644)
            (there / "model.joblib").write_bytes(b"x")
        case "added":
            (there / "more").write_bytes(b"x")
        case "removed":
            (there / "model.joblib").unlink()
        case _:
            (there / "release.json").write_bytes(b"{}")
    assert target.look_up(first) is None
    assert target.dispatch(first).state is DeliveryState.FAILED


def test_a_folder_named_current_is_an_answer_and_stays(
    target: FolderTarget, first: Parcel, place: Path
) -> None:
    (place / "current").mkdir(parents=True)
    (place / "current" / "mine").write_text("somebody's own")
    assert target.dispatch(first).state is DeliveryState.FAILED
    assert (place / "current" / "mine").read_text() == "somebody's own"


def test_a_product_that_leads_out_of_the_folder_is_an_answer(
    target: FolderTarget, project: Path
) -> None:
    answer = target.dispatch(parcel(project / "store", files={"../../outside": b"x"}))
    assert answer.state is DeliveryState.FAILED
    assert not (project / "outside").exists()


def test_a_product_that_is_gone_from_the_store_is_an_answer_and_leaves_nothing(
    target: FolderTarget, first: Parcel, place: Path
) -> None:
    first.files["model.joblib"].unlink()
    assert target.dispatch(first).state is DeliveryState.FAILED
    assert names(place) == []


@pytest.fixture(params=FAILPOINTS)
def failing_disk(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> pytest.MonkeyPatch:
    """A disk that fails once, at each failpoint in turn."""
    monkeypatch.setattr(failpoints, "_passages", Counter())  # they count through the process
    monkeypatch.setenv("MLCD_FAILPOINT", f"{request.param}=raise")
    return monkeypatch


def test_a_disk_that_fails_is_an_answer_and_nothing_is_live(
    target: FolderTarget, first: Parcel, place: Path, failing_disk: pytest.MonkeyPatch
) -> None:
    answer = target.dispatch(first)
    assert answer.state is DeliveryState.FAILED
    assert answer.reason.startswith(f"the folder {place} could not be written: ")
    assert not (place / "current").is_symlink()


def test_the_next_attempt_after_a_failed_disk_goes_well(
    target: FolderTarget, first: Parcel, place: Path, failing_disk: pytest.MonkeyPatch
) -> None:
    target.dispatch(first)
    failing_disk.delenv("MLCD_FAILPOINT")
    assert target.dispatch(first).state is DeliveryState.DELIVERED
    assert names(place) == ["0.1.0", "current"]


# ---------------------------------------------------------------- what became of it


def test_a_key_that_never_arrived_is_not_known(target: FolderTarget, first: Parcel) -> None:
    assert target.look_up(first) is None


def test_a_key_that_arrived_is_answered_as_it_was(target: FolderTarget, first: Parcel) -> None:
    assert target.dispatch(first) == target.look_up(first)


def test_a_version_that_is_whole_but_not_current_is_not_delivered(
    target: FolderTarget, first: Parcel, second: Parcel
) -> None:
    target.dispatch(first)
    target.dispatch(second)
    assert target.look_up(first) is None


def test_looking_up_writes_nothing(target: FolderTarget, first: Parcel, place: Path) -> None:
    target.look_up(first)
    assert not place.exists()


# ---------------------------------------------------------------- killed with -9


@pytest.mark.parametrize("failpoint", FAILPOINTS)
def test_killed_in_the_first_delivery_leaves_nothing_live(
    project: Path, place: Path, failpoint: str
) -> None:
    delivered_by_a_program_that_dies(project, "0.1.0", failpoint)
    assert not (place / "current").is_symlink()


@pytest.mark.parametrize("failpoint", FAILPOINTS)
def test_killed_in_a_later_delivery_leaves_the_old_version_live_and_whole(
    target: FolderTarget, first: Parcel, project: Path, place: Path, failpoint: str
) -> None:
    target.dispatch(first)
    delivered_by_a_program_that_dies(project, "0.2.0", failpoint)
    assert files_of(place / "current") == expected(first)


@pytest.mark.parametrize("failpoint", FAILPOINTS)
def test_killed_anywhere_leaves_no_half_version(
    project: Path, place: Path, second: Parcel, failpoint: str
) -> None:
    delivered_by_a_program_that_dies(project, "0.2.0", failpoint)
    versions = [path for path in place.iterdir() if not path.name.startswith(".")]
    assert all(files_of(path) == expected(second) for path in versions)


@pytest.mark.parametrize("failpoint", FAILPOINTS)
def test_killed_anywhere_is_not_taken_for_delivered(
    target: FolderTarget, project: Path, second: Parcel, failpoint: str
) -> None:
    delivered_by_a_program_that_dies(project, "0.2.0", failpoint)
    assert target.look_up(second) is None


@pytest.mark.parametrize("failpoint", FAILPOINTS)
def test_the_next_delivery_after_a_kill_goes_well_and_sweeps_what_was_left(
    target: FolderTarget, project: Path, place: Path, second: Parcel, failpoint: str
) -> None:
    delivered_by_a_program_that_dies(project, "0.2.0", failpoint)
    assert target.dispatch(second).state is DeliveryState.DELIVERED
    assert names(place) == ["0.2.0", "current"]
    assert (place / "current" / "model.joblib").read_bytes() == model("0.2.0")


def test_a_half_staging_folder_of_an_earlier_crash_is_swept_by_another_version(
    target: FolderTarget, first: Parcel, place: Path
) -> None:
    half = place / ".staging-of-another-key"
    half.mkdir(parents=True)
    (half / "model.joblib").write_bytes(b"half")
    (place / ".current-0.0.9").symlink_to("0.0.9")
    target.dispatch(first)
    assert names(place) == ["0.1.0", "current"]
