from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

import psutil
import pytest

from jupyter_mlcd.model.errors import WorldError
from jupyter_mlcd.world.process import (
    RUN_MARKER,
    end_tree,
    identity_of,
    is_alive,
    is_of_this_boot,
    marked_processes,
    own_identity,
    spawn_detached,
)
from jupyter_mlcd.world.process_tree import descendants

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

# Starts a child, and a grandchild in a session of its own that ignores SIGTERM; then tells.
FAMILY = """
import os, signal, subprocess, sys, time
sleeper = "import time; time.sleep(600)"
stubborn = ("import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); "
            "print('ready', flush=True); time.sleep(600)")
child = subprocess.Popen([sys.executable, "-c", sleeper])
daemon = subprocess.Popen([sys.executable, "-c", stubborn], stdout=subprocess.PIPE,
                          start_new_session=True)
daemon.stdout.readline()
print(child.pid, daemon.pid, flush=True)
if "orphan" in sys.argv:
    sys.exit()
time.sleep(600)
"""


@pytest.fixture
def started() -> Iterator[list[subprocess.Popen[bytes]]]:
    processes: list[subprocess.Popen[bytes]] = []
    yield processes
    for process in processes:
        identity = identity_of(process.pid)
        if identity:
            end_tree(identity, grace=0)
        process.wait()
        if process.stdout:
            process.stdout.close()


def family(
    started: list[subprocess.Popen[bytes]], *arguments: str, run_id: str = ""
) -> tuple[subprocess.Popen[bytes], list[int]]:
    process = subprocess.Popen(
        [sys.executable, "-c", FAMILY, *arguments],
        stdout=subprocess.PIPE,
        env={**os.environ, RUN_MARKER: run_id},
    )
    started.append(process)
    assert process.stdout
    return process, [int(pid) for pid in process.stdout.readline().split()]


def test_this_process_is_alive_and_of_this_boot() -> None:
    assert is_alive(own_identity())
    assert is_of_this_boot(own_identity())


def test_a_reused_number_is_another_process() -> None:
    assert not is_alive(replace(own_identity(), birth="1@another-boot"))


def test_an_ended_process_is_not_alive_even_before_it_is_collected() -> None:
    process = subprocess.Popen([sys.executable, "-c", "import sys; sys.stdin.read()"], stdin=-1)
    identity = identity_of(process.pid)
    assert identity
    assert is_alive(identity)
    process.kill()
    while psutil.Process(process.pid).status() != psutil.STATUS_ZOMBIE:
        pass
    assert not is_alive(identity)
    process.communicate()


def test_the_whole_tree_ends(started: list[subprocess.Popen[bytes]]) -> None:
    process, pids = family(started)
    identity = identity_of(process.pid)
    assert identity
    ended = end_tree(identity, grace=0.5)
    assert process.pid in ended.terminated
    assert pids[1] in ended.killed
    assert ended.survivors == ()
    assert not any(identity_of(pid) for pid in pids)


def test_a_daemon_that_left_the_tree_is_found_by_its_marker(
    started: list[subprocess.Popen[bytes]],
) -> None:
    run_id = f"test-{os.getpid()}"
    process, pids = family(started, "orphan", run_id=run_id)
    identity = identity_of(process.pid)
    process.wait()
    assert {found.pid for found in marked_processes(run_id)} == set(pids)
    end_tree(identity or own_identity(), grace=0.2, run_id=run_id)
    assert marked_processes(run_id) == []


def test_ending_a_run_spares_the_process_that_ends_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(RUN_MARKER, "mine")
    ended = end_tree(own_identity(), grace=0.1, run_id="mine")
    assert ended.killed == ended.terminated == ()


def test_a_process_with_a_reused_number_is_not_ended(
    started: list[subprocess.Popen[bytes]],
) -> None:
    process, _ = family(started)
    identity = identity_of(process.pid)
    assert identity
    end_tree(replace(identity, birth="another"), grace=0.1)
    assert process.poll() is None


@pytest.mark.skipif(sys.platform == "win32", reason="there is no fork")
def test_a_fork_bomb_that_ignores_every_request_is_ended() -> None:
    bomb = """
import os, signal, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
end = time.monotonic() + 30
for _ in range(20):
    if not os.fork():
        while time.monotonic() < end and not os.fork():  # each waits for the next one
            time.sleep(0.05)
        os.wait()
        os._exit(0)
print(flush=True)
time.sleep(600)
"""
    process = subprocess.Popen(
        [sys.executable, "-c", bomb], stdout=subprocess.PIPE, start_new_session=True
    )
    assert process.stdout
    process.stdout.readline()
    process.stdout.close()
    identity = identity_of(process.pid)
    assert identity
    ended = end_tree(identity, grace=0.1)
    assert len(ended.killed) > 20
    assert ended.survivors == ()
    assert process.wait() == -9
    assert not [one for one in descendants(1) if one.group == process.pid and one.runs]


def test_a_detached_program_is_alone_and_logs(tmp_path: Path) -> None:
    mine, other = socket.socketpair()
    os.set_inheritable(mine.fileno(), True)  # noqa: FBT003 - the function's own signature
    code = (
        "import os, sys\n"
        "def is_open(number):\n"
        "    try: return bool(os.fstat(number))\n"
        "    except OSError: return False\n"
        f"print(os.getsid(0) == os.getpid(), os.getcwd(), is_open({mine.fileno()}),"
        " repr(sys.stdin.read()))\n"
    )
    identity = spawn_detached(
        [sys.executable, "-c", code],
        environment=os.environ,
        directory=tmp_path,
        log=tmp_path / "runner.log",
    )
    with suppress(psutil.NoSuchProcess):
        psutil.Process(identity.pid).wait(20)
    mine.close()
    other.close()
    assert (tmp_path / "runner.log").read_text() == f"True {tmp_path} False ''\n"


def test_a_detached_program_that_is_missing_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(WorldError) as caught:
        spawn_detached(
            ["/nonexistent"], environment={}, directory=tmp_path, log=tmp_path / "runner.log"
        )
    assert caught.value.code == "program-not-started"


def test_ending_needs_only_a_request_where_that_is_enough() -> None:
    process = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
    identity = identity_of(process.pid)
    assert identity
    assert end_tree(identity, grace=5).killed == ()
    assert process.wait() == -signal.SIGTERM
