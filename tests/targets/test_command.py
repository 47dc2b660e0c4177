from __future__ import annotations

import os
import sys
import textwrap
import time
from typing import TYPE_CHECKING

import pytest

from jupyter_mlcd.model.delivery import DeliveryState
from jupyter_mlcd.model.target import CommandTable
from jupyter_mlcd.ports import Parcel, Target
from jupyter_mlcd.targets.command import CommandTarget
from jupyter_mlcd.world.process import identity_of
from tests.targets.parcels import parcel, site

if TYPE_CHECKING:
    from pathlib import Path

COPIES = """
    import os, shutil, sys
    shutil.copytree(os.environ["MLCD_FILES"], sys.argv[1])
    print("copied", os.environ["MLCD_VERSION"])
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    made = tmp_path / "project"
    made.mkdir()
    return made


@pytest.fixture
def first(tmp_path: Path) -> Parcel:
    return parcel(tmp_path / "store", "0.1.0")


def target_of(
    project: Path, source: str, *given: str, look_up: str = "", timeout: str = "10m"
) -> CommandTarget:
    """Return a target that runs a Python program, and asks another one."""
    run = written(project, "deploy.py", source)
    asks = (sys.executable, written(project, "ask.py", look_up), "{key}") if look_up else ()
    table = CommandTable((sys.executable, run, *given), asks, timeout)
    return CommandTarget(table, site(project))


def written(project: Path, name: str, source: str) -> str:
    (project / name).write_text(textwrap.dedent(source))
    return name


def found(folder: Path) -> dict[str, bytes]:
    return {
        one.relative_to(folder).as_posix(): one.read_bytes()
        for one in folder.rglob("*")
        if one.is_file()
    }


# ---------------------------------------------------------------- a delivery that goes well


def test_it_is_a_target(project: Path) -> None:
    assert isinstance(target_of(project, ""), Target)


def test_the_program_finds_the_files_and_the_release(project: Path, first: Parcel) -> None:
    answer = target_of(project, COPIES, "{environment}-{version}").dispatch(first)
    assert (answer.state, answer.ticket["state"]) == (DeliveryState.DELIVERED, "exit code 0")
    expected = {path: file.read_bytes() for path, file in first.files.items()}
    copied = found(project / "production-0.1.0")
    assert copied == {**expected, "release.json": first.release.to_bytes()}


def test_what_it_printed_last_is_kept(project: Path, first: Parcel) -> None:
    answer = target_of(project, COPIES, "there").dispatch(first)
    assert answer.ticket["output"] == "copied 0.1.0"


def test_of_much_output_the_last_lines_are_kept(project: Path, first: Parcel) -> None:
    answer = target_of(project, "for n in range(1000): print(n)").dispatch(first)
    assert answer.ticket["output"].splitlines() == [str(n) for n in range(980, 1000)]


def test_the_files_can_only_be_read_and_are_gone_afterwards(project: Path, first: Parcel) -> None:
    source = """
        import os, pathlib, stat
        folder = pathlib.Path(os.environ["MLCD_FILES"])
        for one in folder.rglob("*"):
            assert not one.stat().st_mode & (stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH), one
        print(folder)
    """
    answer = target_of(project, source).dispatch(first)
    assert answer.state is DeliveryState.DELIVERED, answer
    assert not os.path.exists(answer.ticket["output"])  # noqa: PTH110 - what it printed


def test_no_shell_reads_what_is_filled_in(project: Path, first: Parcel) -> None:
    answer = target_of(project, "import sys; print(sys.argv[1])", "$(date); {version}").dispatch(
        first
    )
    assert answer.ticket["output"] == "$(date); 0.1.0"


# ---------------------------------------------------------------- what it gets to see


def test_keys_of_jupyter_and_of_delivery_systems_are_not_given_to_it(
    project: Path, first: Parcel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GITHUB_TOKEN", "github-hunter2")
    monkeypatch.setenv("JUPYTER_TOKEN", "jupyter-hunter2")
    monkeypatch.setenv("KUBECONFIG", "mine")
    source = """
        import os
        print([os.environ.get(n) for n in ("GITHUB_TOKEN", "JUPYTER_TOKEN", "KUBECONFIG")])
    """
    answer = target_of(project, source).dispatch(first)
    assert answer.ticket["output"] == "[None, None, 'mine']"


def test_a_secret_that_it_prints_is_not_kept(
    project: Path, first: Parcel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REGISTRY_PASSWORD", "hunter2-hunter2")
    source = """
        import base64, os, sys
        value = os.environ["REGISTRY_PASSWORD"]
        print("plain", value, file=sys.stderr)
        sys.exit("coded " + base64.b64encode(value.encode()).decode())
    """
    answer = target_of(project, source).dispatch(first)
    assert answer.state is DeliveryState.FAILED
    assert "hunter2" not in repr(answer)
    assert "aHVudGVyMi1odW50ZXIy" not in repr(answer)
    assert "[secret REGISTRY_PASSWORD]" in answer.ticket["output"]


# ---------------------------------------------------------------- what goes wrong


def test_an_end_with_another_code_failed_and_says_its_last_word(
    project: Path, first: Parcel
) -> None:
    answer = target_of(project, "import sys; print('no room'); sys.exit(3)").dispatch(first)
    assert answer.state is DeliveryState.FAILED
    assert answer.reason.endswith("ended with 3: no room")


def test_a_program_that_is_not_there_is_told_before_and_refused(
    project: Path, first: Parcel
) -> None:
    target = CommandTarget(CommandTable(("./deploy.sh",)), site(project))
    assert target.check() == ["there is no program ./deploy.sh that may be started"]
    assert target.dispatch(first).state is DeliveryState.REFUSED


def test_one_that_takes_too_long_is_ended_with_all_that_came_of_it(
    project: Path, first: Parcel
) -> None:
    source = """
        import os, subprocess, sys, time
        here = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"],
                                start_new_session=True)
        print(here.pid, flush=True)
        time.sleep(60)
    """
    begun = time.monotonic()
    answer = target_of(project, source, timeout="1s").dispatch(first)
    assert answer.state is DeliveryState.FAILED
    assert "was ended after 1s" in answer.reason
    assert time.monotonic() - begun < 20
    assert identity_of(int(answer.ticket["output"])) is None


def test_a_time_that_is_none_is_told_before(project: Path) -> None:
    (problem,) = target_of(project, "", timeout="soon").check()
    assert "is not a duration" in problem


# ---------------------------------------------------------------- what became of it


def test_without_a_program_that_can_tell_it_stays_unknown(project: Path, first: Parcel) -> None:
    target = target_of(project, "print('again!')")
    answer = target.look_up(first)
    assert answer is not None
    assert answer.state is DeliveryState.UNKNOWN
    assert "Nothing was started again" in answer.reason


@pytest.mark.parametrize(("code", "state"), [(0, "delivered"), (1, None), (2, "unknown")])
def test_the_program_that_was_named_for_it_tells_by_the_key(
    project: Path, first: Parcel, code: int, state: str | None
) -> None:
    source = f"import sys; sys.exit({code} if sys.argv[1] == {first.key!r} else 9)"
    answer = target_of(project, "print('again!')", look_up=source).look_up(first)
    assert (answer.state if answer else None) == state


def test_the_preview_starts_nothing_and_shows_the_very_command(
    project: Path, first: Parcel
) -> None:
    target = target_of(project, "open('started', 'w')", "{version}", "two words")
    sentences, (command,) = target.preview(first)
    assert command.endswith("deploy.py 0.1.0 'two words'")
    assert "for at most 10m" in sentences[0]
    assert target.check() == []
    assert not (project / "started").exists()
