from __future__ import annotations

import os
import sys
import threading
from typing import TYPE_CHECKING

from jupyter_mlcd.execution.program_output import take_program_output

if TYPE_CHECKING:
    import pytest


class Piped:
    """A stream as ipykernel makes it: a thread brings what lies in its pipe."""

    def __init__(self) -> None:
        self._fid, self.end = os.pipe()
        self.taken = b""
        self.may_read = threading.Event()
        threading.Thread(target=self._watch, daemon=True).start()

    def _watch(self) -> None:
        self.may_read.wait()
        self.taken = os.read(self._fid, 1000)


def test_it_waits_until_what_a_program_printed_was_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    stream = Piped()
    monkeypatch.setattr(sys, "stdout", stream)
    os.write(stream.end, b"printed")
    threading.Timer(0.05, stream.may_read.set).start()
    take_program_output()
    assert stream.taken == b"printed"


def test_a_thread_that_never_comes_is_not_waited_for_long(monkeypatch: pytest.MonkeyPatch) -> None:
    stream = Piped()
    monkeypatch.setattr(sys, "stdout", stream)
    os.write(stream.end, b"printed")
    take_program_output()
    assert stream.taken == b""
    stream.may_read.set()
