"""`jupyter mlcd watch`, `hold`, `lift` and `verify-live`, as they are typed."""

from __future__ import annotations

import json
import signal
import sys
from typing import TYPE_CHECKING

import pytest

from jupyter_mlcd.workbench import Workbench
from tests.journeys.projects import (
    begin_to_watch,
    commit_all,
    delivering_project,
    git,
    mlcd,
    notebook,
    repository,
    told,
)

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Iterator
    from pathlib import Path

CONFIG = """
[project]
name = "small"
[[suites.quality.notebooks]]
path = "one.ipynb"
produces = ["model.txt"]
[[gates]]
metric = "accuracy"
better-than = "production"
[environments.production]
deliver = "automatic"
"""
MODEL = (
    "from jupyter_mlcd import record\nopen('model.txt', 'w').write('model')\nrecord('accuracy', {})"
)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = repository(tmp_path / "small")
    (folder / "mlcd.toml").write_text(CONFIG)
    (folder / "one.ipynb").write_text(notebook(MODEL.format(0.9)))
    (folder / ".gitignore").write_text("releases/\n")
    commit_all(folder)
    return folder


@pytest.fixture
def watcher(project: Path) -> Iterator[subprocess.Popen[str]]:
    begun = begin_to_watch(project)
    yield begun
    begun.kill()
    begun.communicate()


def live(folder: Path) -> str:
    found = Workbench(folder).desk().history.live.get("production")
    return found.version if found else ""


def test_an_environment_is_held_and_lifted(tmp_path: Path) -> None:
    folder = delivering_project(tmp_path / "small")
    assert mlcd(folder, "hold", "production").code == 2
    held = mlcd(folder, "hold", "production", "--why", "Ken looks at it")
    assert (held.code, "jupyter mlcd lift production" in held.out) == (0, True)
    assert "held by Mara Example" in mlcd(folder, "status").out
    lifted = json.loads(mlcd(folder, "lift", "production", "--json").out)
    assert lifted["why"] == "Ken looks at it"
    assert mlcd(folder, "lift", "production").code == 3
    checked = mlcd(folder, "verify-live", "production", "--yes")
    assert (checked.code, "no suite that checks what is live" in checked.said) == (3, True)


def test_where_nothing_delivers_by_itself_watching_says_so(tmp_path: Path) -> None:
    ended = mlcd(delivering_project(tmp_path / "small"), "watch", "--once")
    assert (ended.code, 'deliver = "automatic"' in ended.said) == (3, True)


def test_once_ends_with_the_exit_code_of_what_came_of_it(project: Path) -> None:
    ended = mlcd(project, "watch", "--once")
    assert (ended.code, live(project)) == (0, "0.1.0"), ended.said
    assert "production: 0.1.0 is delivered" in ended.out
    (project / "one.ipynb").write_text(notebook(MODEL.format(0.8)))
    commit_all(project, "Worse")
    ended = mlcd(project, "watch", "--once")
    assert (ended.code, live(project)) == (1, "0.1.0"), ended.said
    (project / "mlcd.toml").write_text("[project]\n")
    commit_all(project, "Wrong")
    ended = mlcd(project, "watch", "--once")
    assert (ended.code, "mlcd.toml of main, line 1" in ended.said) == (2, True)


def test_what_is_edited_and_not_committed_is_neither_seen_nor_waited_for(project: Path) -> None:
    (project / "one.ipynb").write_text("no notebook")
    (project / "mlcd.toml").write_text("no toml [")
    assert mlcd(project, "watch", "--once").code == 0
    assert (project / "releases/production/current/model.txt").read_text() == "model"


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no Ctrl+C for one process alone")
def test_a_commit_is_seen_a_second_watcher_is_told_and_ctrl_c_ends_it(
    project: Path, watcher: subprocess.Popen[str]
) -> None:
    told(watcher, "0.1.0 is live")
    assert "watched by Mara Example on this machine" in mlcd(project, "status").out
    other = mlcd(project, "watch", "--once")
    assert (other.code, f"by Mara Example ({watcher.pid})" in other.said) == (3, True)
    (project / "one.ipynb").write_text(notebook(MODEL.format(0.95)))
    commit_all(project, "Better")
    told(watcher, "0.2.0 is live")
    watcher.send_signal(signal.SIGINT)
    rest, _ = watcher.communicate(timeout=10)
    assert (watcher.returncode, "Nobody is watching any more" in rest) == (0, True)
    assert "nobody is watching" in mlcd(project, "status").out


@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGKILL")
@pytest.mark.parametrize("point", ["deliver-after-request", "deliver-after-dispatch"])
def test_a_watcher_that_was_killed_is_followed_by_one_that_delivers_once(
    project: Path, point: str
) -> None:
    killed = mlcd(project, "watch", "--once", MLCD_FAILPOINT=f"{point}=kill")
    assert killed.code < 0
    assert mlcd(project, "watch", "--once").code == 0
    deliveries = Workbench(project).desk().history.deliveries.values()
    assert [(one.version, one.state, one.attempt) for one in deliveries] == [
        ("0.1.0", "delivered", 1)
    ]


def test_the_branch_of_a_remote_is_watched_without_touching_files(
    project: Path, tmp_path: Path
) -> None:
    git(tmp_path, "clone", "--quiet", "--bare", str(project), "hub.git")
    git(project, "remote", "add", "origin", str(tmp_path / "hub.git"))
    assert "is the branch of no remote" in mlcd(project, "watch", "--once", "--fetch").said
    git(tmp_path, "clone", "--quiet", "hub.git", "server")
    server = tmp_path / "server"
    (tmp_path / ".gitconfig").write_text(
        "[protocol.file]\n\tallow = always\n[user]\n\tname = Server\n\temail = s@example.org\n"
    )
    (project / "one.ipynb").write_text(notebook(MODEL.format(0.95)))
    newest = commit_all(project, "Better")
    git(project, "push", "--quiet", "origin", "main")
    git(server, "checkout", "--quiet", "--detach")
    words = ("watch", "--once", "--fetch", "--share", "origin")
    for branch in (
        ["--branch", "main"],
        [],
    ):  # What is there, what is here
        ended = mlcd(server, *words, *branch, HOME=str(tmp_path))
        assert ended.code == (0 if branch else 1), ended.said
    assert "mlcd/evidence" in git(tmp_path / "hub.git", "branch", "--list")
    git(tmp_path, "clone", "--quiet", "hub.git", "fresh")
    unknown = mlcd(tmp_path / "fresh", "watch", "--once", HOME=str(tmp_path))
    assert (unknown.code, "nobody knows what is live" in unknown.said) == (3, True)
    assert git(server, "rev-parse", "HEAD") != newest
    (release,) = Workbench(server).desk().history.releases.values()
    assert release.commit == newest


def test_a_lock_that_is_left_is_no_watcher(project: Path) -> None:
    bench = Workbench(project)
    with bench.watching():
        assert bench.status().environments[0].watched_by
    assert not Workbench(project).status().environments[0].watched_by


@pytest.mark.parametrize("check", ["assert True", "assert False, 'nobody answers'"])
def test_what_a_person_delivers_in_a_terminal_is_checked(project: Path, check: str) -> None:
    text = CONFIG.replace('deliver = "automatic"', 'verify = "smoke"')
    smoke = '[suites.smoke]\nnotebooks = ["smoke.ipynb"]\n'
    (project / "mlcd.toml").write_text(text.replace("[[gates]]", f"{smoke}[[gates]]"))
    (project / "smoke.ipynb").write_text(notebook(check))
    commit_all(project, "Check it")
    assert mlcd(project, "run", "quality").code == 0
    ended = mlcd(project, "deliver", "--yes")
    is_green = check == "assert True"
    assert (ended.code, "smoke on 0.1.0 is " in ended.out) == (0 if is_green else 1, True)
    shown = mlcd(project, "status").out
    assert ("held by Mara Example" in shown, "nobody answers" in shown) == (not is_green,) * 2
