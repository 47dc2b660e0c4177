"""The journal of a run: events, one per line, appended by the runner and its cases.

Every event is one ``write`` to a file opened for appending, so that lines of several processes
never mix. A line that a crash cut off is left out by the reader and closed by the next writer.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import msgspec

from jupyter_mlcd.model.run_events import RunEvent

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_decoder = msgspec.json.Decoder(RunEvent)
_encoder = msgspec.json.Encoder()


def append(journal: Path, event: RunEvent, *, durable: bool = False) -> None:
    """Add one event; with ``durable`` it is on the disk when this returns. Raises OSError."""
    flags = os.O_RDWR | os.O_APPEND | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0)
    handle = os.open(journal, flags, 0o600)
    try:
        line = _encoder.encode(event) + b"\n"
        os.write(handle, line if _ends_whole(handle) else b"\n" + line)
        if durable:
            os.fsync(handle)
    finally:
        os.close(handle)


def _ends_whole(handle: int) -> bool:
    size = os.fstat(handle).st_size
    if not size:
        return True
    os.lseek(handle, size - 1, os.SEEK_SET)
    return os.read(handle, 1) == b"\n"


def read(journal: Path) -> Iterator[RunEvent]:
    """Yield the events in order, leaving out what is no event: half a line after a crash."""
    try:
        lines = journal.read_bytes().split(b"\n")
    except FileNotFoundError:
        return
    for line in lines:
        try:
            yield _decoder.decode(line)
        except (msgspec.DecodeError, UnicodeDecodeError):
            continue
