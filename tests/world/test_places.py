from __future__ import annotations

import os
import stat
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from jupyter_mlcd.model.errors import RefusedError, WorldError
from jupyter_mlcd.world.places import locked, locked_if_possible, runtime_directory


@pytest.fixture
def short(monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a short path in the place of the user's runtime folder."""
    folder = Path(tempfile.mkdtemp(dir="/tmp"))
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(folder))
    return folder


def test_the_runtime_folder_is_short_and_private(short: Path) -> None:
    folder = runtime_directory()
    assert folder == short / "mlcd"
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert runtime_directory() == folder


def test_a_long_runtime_folder_is_not_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    deep = tmp_path / ("d" * 90)
    deep.mkdir(mode=0o700)
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(deep))
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / ("t" * 90)))
    folder = runtime_directory()
    assert len(str(folder)) < 60


def test_a_link_in_the_place_of_the_runtime_folder_is_refused(short: Path, tmp_path: Path) -> None:
    (short / "mlcd").symlink_to(tmp_path)
    with pytest.raises(RefusedError) as caught:
        runtime_directory()
    assert caught.value.code == "foreign-folder"


def test_a_folder_that_others_can_enter_is_refused(short: Path) -> None:
    (short / "mlcd").mkdir()
    (short / "mlcd").chmod(0o755)
    with pytest.raises(RefusedError):
        runtime_directory()


def test_a_lock_is_held_by_one_at_a_time(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    with locked(path, 1), pytest.raises(WorldError) as caught, locked(path, 0.1):
        pass
    assert caught.value.code == "locked"
    with locked(path, 0.1):
        pass


def test_work_that_is_right_without_the_lock_goes_on(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    with locked(path, 1), locked_if_possible(path, 0.1) as handle:
        assert handle is None


def test_a_killed_holder_frees_the_lock(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    code = (
        "import sys, time; from pathlib import Path\n"
        "from jupyter_mlcd.world.places import locked\n"
        f"with locked(Path({str(path)!r}), 1):\n"
        "    print('held', flush=True); time.sleep(600)\n"
    )
    holder = subprocess.Popen(
        [sys.executable, "-c", code],
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    assert holder.stdout
    holder.stdout.readline()
    with locked_if_possible(path, 0.05) as handle:
        assert handle is None
    holder.kill()
    holder.communicate()
    with locked(path, 5):
        pass


def test_a_program_that_inherits_the_lock_keeps_it(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    with locked(path, 1) as handle:
        heir = subprocess.Popen(["sleep", "600"], pass_fds=(handle,))
    with locked_if_possible(path, 0.05) as taken:
        assert taken is None
    heir.kill()
    heir.wait()
    with locked(path, 5):
        pass


def test_a_lock_that_is_a_link_is_refused(tmp_path: Path) -> None:
    (tmp_path / "lock").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(WorldError) as caught, locked(tmp_path / "lock", 1):
        pass
    assert caught.value.code == "lock-not-writable"
    assert not (tmp_path / "elsewhere").exists()


def test_a_lock_makes_its_folder_for_the_first_act_in_a_new_clone(tmp_path: Path) -> None:
    with locked(tmp_path / "mlcd" / "deliver.lock", 1):
        pass
    if sys.platform != "win32":
        assert stat.S_IMODE((tmp_path / "mlcd").stat().st_mode) == 0o700
