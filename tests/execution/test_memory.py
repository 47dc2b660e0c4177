from __future__ import annotations

import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from jupyter_mlcd.execution.kernels import end_in_words
from jupyter_mlcd.execution.memory import (
    MemorySigns,
    MemoryWatch,
    bytes_in_words,
    kills_for_want_of_memory,
    memory_there_is,
    tree_memory,
)
from jupyter_mlcd.world.process import ProcessIdentity, end_tree, identity_of, own_identity

if TYPE_CHECKING:
    from collections.abc import Iterator

MIB = 1 << 20

# Holds 64 MiB, which its three children share; each writes 32 MiB of its own.
FAMILY = """
import os, sys, time
held = bytearray(os.urandom(64 << 20))
for _ in range(3):
    if not os.fork():
        own = bytearray(os.urandom(32 << 20))
        print("ready", flush=True)
        time.sleep(600)
time.sleep(600)
"""


@contextmanager
def started(code: str, lines: int) -> Iterator[ProcessIdentity]:
    process = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE)
    assert process.stdout
    for _ in range(lines):
        process.stdout.readline()
    identity = identity_of(process.pid)
    assert identity
    try:
        yield identity
    finally:
        end_tree(identity, grace=0)
        process.wait()
        process.stdout.close()


def state(process: ProcessIdentity) -> str:
    return Path(f"/proc/{process.pid}/stat").read_text().split()[2]


@pytest.mark.parametrize(
    ("size", "words"),
    [
        (0, "0 bytes"),
        (1023, "1023 bytes"),
        (1024, "1 KiB"),
        (400 * MIB, "400 MiB"),
        (1023.9 * MIB, "1 GiB"),
        (4.2e9, "3.9 GiB"),
        (4 << 30, "4 GiB"),
        (1 << 60, "1048576 TiB"),
    ],
)
def test_sizes_are_told_in_words(size: float, words: str) -> None:
    assert bytes_in_words(size) == words


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells what is shared")
def test_what_a_tree_shares_is_counted_once() -> None:
    with started(FAMILY, 3) as family:
        held = tree_memory(family)
    assert (64 + 3 * 32) * MIB < held < (64 + 3 * 32 + 60) * MIB


def test_a_tree_that_is_gone_holds_nothing() -> None:
    with started("print('ready', flush=True); import time; time.sleep(600)", 1) as process:
        assert tree_memory(process) > 0
    assert tree_memory(process) == 0


def test_a_watch_sees_what_came_of_a_case_and_keeps_the_peak() -> None:
    watch = MemoryWatch(own_identity())
    before = watch.sample()
    with started("held = b'x' * (96 << 20); print(flush=True); import time; time.sleep(600)", 1):
        while watch.sample() < before + 96 * MIB:
            pass
    while watch.sample() > before + 48 * MIB:
        pass
    assert watch.peak >= before + 96 * MIB


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
def test_who_holds_much_is_stopped_and_who_holds_little_goes_on() -> None:
    large = "held = b'x' * (96 << 20); print(flush=True); import time; time.sleep(600)"
    small = "print(flush=True); import time; time.sleep(600)"
    with started(large, 1) as one, started(small, 1) as other:
        MemoryWatch(own_identity()).hold()
        while state(one) != "T":  # it stops when it is scheduled next
            pass
        assert state(other) != "T"


def test_a_kill_is_blamed_on_memory_only_where_that_is_probable() -> None:
    there_is = memory_there_is()
    signs = MemorySigns()
    assert signs.say_so(int(0.95 * there_is))
    assert not signs.say_so(100 * MIB)
    after_a_kill = MemorySigns(before=kills_for_want_of_memory() - 1)
    assert after_a_kill.say_so(there_is // 2)
    assert after_a_kill.say_so(0)
    assert not after_a_kill.say_so(MIB)


@pytest.mark.parametrize(
    ("code", "ran_out", "words"),
    [
        (None, False, "its connection was lost"),
        (3, False, "it ended with exit code 3"),
        (-11, True, "it was ended by SIGSEGV"),
        (-9, False, "it was ended by SIGKILL"),
        (
            -9,
            True,
            "it was ended by SIGKILL, probably because memory ran out; it held 4 GiB at its peak",
        ),
    ],
)
def test_the_end_of_a_kernel_is_told_in_words(code: int | None, ran_out: bool, words: str) -> None:
    assert end_in_words(code, 4 << 30, memory_ran_out=ran_out) == words
