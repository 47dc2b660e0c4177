from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from jupyter_mlcd.world.process import identity_of
from jupyter_mlcd.world.process_tree import descendants, hold, send

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="orphans are adopted on Linux")

PRELUDE = """
import os, subprocess, sys
from jupyter_mlcd.world.process_tree import adopt_orphans, descendants, end_descendants
assert adopt_orphans()
"""

DAEMON = """
import os
if os.fork(): os._exit(0)
os.setsid()
if os.fork(): os._exit(0)
os.execve("/bin/sleep", ["sleep", "600"], {})
"""

BOMB = """
import os, time
end = time.monotonic() + 30
for _ in range(20):
    if not os.fork():
        while time.monotonic() < end:  # each goes on as its own child
            if os.fork():
                os._exit(0)
            time.sleep(0.01)
        os._exit(0)
print("ready", flush=True)
time.sleep(600)
"""


def run_script(code: str) -> list[str]:
    """Run it in a process of its own, because it ends all that came of it."""
    ended = subprocess.run(
        [sys.executable, "-c", PRELUDE + code],
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    return ended.stdout.split()


def state(pid: int) -> str:
    return Path(f"/proc/{pid}/stat").read_text().split()[2]


def test_a_daemon_without_session_parent_and_environment_comes_back_and_is_ended() -> None:
    script = f"""
spared = subprocess.Popen(["sleep", "600"])
subprocess.run([sys.executable, "-c", {DAEMON!r}], check=True)
found = []
while [open(f"/proc/{{one.pid}}/comm").read() for one in found] != ["sleep\\n"]:
    found = [one for one in descendants(os.getpid(), spared=[spared.pid]) if one.runs]
print(found[0].pid)
assert end_descendants(spared=[spared.pid]) == ()
assert spared.poll() is None
spared.kill()
"""
    (daemon,) = run_script(script)
    assert identity_of(int(daemon)) is None


def test_a_fork_bomb_is_ended_although_its_processes_are_always_new_ones() -> None:
    script = f"""
bomb = subprocess.Popen(
    [sys.executable, "-c", {BOMB!r}], stdout=subprocess.PIPE, start_new_session=True
)
bomb.stdout.readline()
print(len(descendants(os.getpid())))
print(end_descendants(0.1), descendants(os.getpid()))
"""
    count, *rest = run_script(script)
    assert int(count) > 10
    assert rest == ["()", "[]"]


def test_what_is_held_stands_still_and_what_is_spared_goes_on() -> None:
    one, other = (subprocess.Popen(["sleep", "600"]) for _ in range(2))
    try:
        held = hold(os.getpid(), spared=[other.pid])
        assert one.pid in {found.pid for found in held}
        assert other.pid not in {found.pid for found in held}
        while state(one.pid) != "T":  # it stops when it is scheduled next
            pass
        assert state(other.pid) != "T"
    finally:
        for process in (one, other):
            process.kill()
            process.wait()


def test_a_signal_never_reaches_a_later_process_with_the_same_number() -> None:
    process = subprocess.Popen(["sleep", "600"])
    (found,) = [one for one in descendants(os.getpid()) if one.pid == process.pid]
    send(found._replace(birth=found.birth - 1), 9)
    assert process.poll() is None
    send(found, 9)
    assert process.wait() == -9
