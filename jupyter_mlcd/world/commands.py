"""Other programs, run to their end: no shell, no terminal, no hang, no flood.

Every program gets a process group of its own, closed or piped input, an own deadline, and an end to
how much of its output is kept; the rest is read and thrown away, so that it never blocks.
"""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, Self

from jupyter_mlcd.model.errors import WorldError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence
    from pathlib import Path

MEBIBYTE = 1 << 20
_CHUNK = 1 << 16
_GRACE_SECONDS = 2.0
# How long output is waited for after the program's end, when a child of it holds the pipe open.
_LAST_WORDS_SECONDS = 2.0


@dataclass(frozen=True)
class Completed:
    """How a program ended."""

    code: int
    """Exit code; negative: the signal that ended it."""
    output: bytes
    """Standard output, up to the limit."""
    complaint: bytes
    """Standard error, up to 1 MiB."""
    overflowed: bool
    """There was more output than the limit."""
    timed_out: bool
    """The deadline passed and the program was ended."""


class Command:
    """A running program; leaving the context ends it with everything in its process group.

    ``stdin`` is written by a thread, so neither side can wait for the other; what its iteration
    raises is raised by `raise_input_error` after the program was ended.
    """

    def __init__(
        self,
        arguments: Sequence[str],
        *,
        directory: Path,
        environment: Mapping[str, str],
        stdin: bytes | Iterable[bytes] | None = None,
        keep_open: Collection[int] = (),
    ) -> None:
        try:
            self._process = subprocess.Popen(  # noqa: S603 - argument list, absolute program
                list(arguments),
                cwd=directory,
                env=dict(environment),
                stdin=subprocess.DEVNULL if stdin is None else subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                pass_fds=tuple(keep_open) if sys.platform != "win32" else (),
                start_new_session=True,
                creationflags=_creation_flags(),
            )
        except OSError as error:
            raise WorldError(
                f"{arguments[0]} could not be started in {directory}: {error.strerror}.",
                code="program-not-started",
                hint="Check that the program and the folder exist and may be used.",
            ) from error
        self._input_error: BaseException | None = None
        self._timer: threading.Timer | None = None
        self.timed_out = False
        self._complaint = _Reader(_pipe(self._process.stderr), MEBIBYTE)
        self._reader: _Reader | None = None
        self._feeder = threading.Thread(target=self._feed, args=(stdin,), daemon=True)
        if stdin is not None:
            self._feeder.start()

    @property
    def pid(self) -> int:
        """The program's process id, which is also that of its group."""
        return self._process.pid

    @property
    def output(self) -> IO[bytes]:
        """Standard output, for callers that read while the program runs."""
        return _pipe(self._process.stdout)

    def __enter__(self) -> Self:
        """Keep the program until the end of the context."""
        return self

    def __exit__(self, *_: object) -> None:
        """End the program if it still runs, and close what belongs to it."""
        if self._timer is not None:
            self._timer.cancel()
        if self._process.poll() is None:
            end_group(self._process)
        self._join_feeder()
        self._complaint.join()
        if self._reader is None:
            with suppress(OSError):
                self.output.close()
        # Else the reader closes it: a daemon that came of the program may hold it open for hours,
        # and to close it from here would wait for that.

    def end_after(self, seconds: float) -> None:
        """End the program when ``seconds`` have passed; its output then simply ends."""
        self._timer = threading.Timer(seconds, self._expire)
        self._timer.daemon = True
        self._timer.start()

    def wait(self, seconds: float) -> int:
        """Return the exit code; the program is ended when it needs longer than ``seconds``."""
        try:
            return _waited(self._process, seconds)
        except subprocess.TimeoutExpired:
            self._expire()
            return self._process.wait()

    def read(self, limit: int) -> _Reader:
        """Let a thread read standard output and keep the first ``limit`` bytes."""
        self._reader = _Reader(self.output, limit)
        return self._reader

    def complaint(self) -> bytes:
        """Return what the program wrote to standard error."""
        return self._complaint.finish()[0]

    def raise_input_error(self) -> None:
        """Raise what stopped the input from being produced, if anything did."""
        self._join_feeder()
        if self._input_error is not None:
            raise self._input_error

    def _join_feeder(self) -> None:
        if self._feeder.ident is not None:
            self._feeder.join(_LAST_WORDS_SECONDS)

    def _expire(self) -> None:
        self.timed_out = True
        end_group(self._process)

    def _feed(self, stdin: bytes | Iterable[bytes] | None) -> None:
        pipe = self._process.stdin
        if pipe is None or stdin is None:
            return
        try:
            for chunk in [stdin] if isinstance(stdin, bytes) else stdin:
                pipe.write(chunk)
        except (BrokenPipeError, ConnectionResetError):
            pass  # The program ended early; its exit code says why.
        except BaseException as error:  # noqa: BLE001 - raised again by raise_input_error
            self._input_error = error
            end_group(self._process)
        finally:
            with suppress(OSError):
                pipe.close()


class _Reader:
    """Reads a pipe to its end in a thread and keeps the first ``limit`` bytes."""

    def __init__(self, pipe: IO[bytes], limit: int) -> None:
        self._pipe = pipe
        self._limit = limit
        self._kept = bytearray()
        self._overflowed = False
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()

    def _read(self) -> None:
        with suppress(OSError, ValueError), self._pipe:
            while chunk := self._pipe.read1(_CHUNK):  # type: ignore[attr-defined] # a BufferedReader
                room = self._limit - len(self._kept)
                self._kept += chunk[:room]
                self._overflowed |= len(chunk) > room

    def join(self) -> None:
        """Wait a moment for the end of the output."""
        self._thread.join(_LAST_WORDS_SECONDS)

    def finish(self) -> tuple[bytes, bool]:
        """Return what was kept and whether there was more."""
        self.join()
        return bytes(self._kept), self._overflowed


def run_command(  # noqa: PLR0913 - each says one thing about the program, all by name
    arguments: Sequence[str],
    *,
    directory: Path,
    environment: Mapping[str, str],
    deadline: float,
    stdin: bytes | Iterable[bytes] | None = None,
    limit: int = MEBIBYTE,
    keep_open: Collection[int] = (),
) -> Completed:
    """Run a program to its end, at most ``deadline`` seconds, keeping ``limit`` bytes of output.

    ``arguments[0]`` is an absolute path. ``keep_open`` names file descriptors that the program
    inherits. WorldError when it cannot be started; whatever producing ``stdin`` raises.
    """
    with Command(
        arguments,
        directory=directory,
        environment=environment,
        stdin=stdin,
        keep_open=keep_open,
    ) as command:
        reader = command.read(limit)
        code = command.wait(deadline)
        output, overflowed = reader.finish()
        command.raise_input_error()
        return Completed(code, output, command.complaint(), overflowed, command.timed_out)


def end_group(process: subprocess.Popen[bytes]) -> None:
    """End a program and its process group: politely, so that it removes its locks, then surely."""
    _signal_group(process, "SIGTERM")
    deadline = time.monotonic() + _GRACE_SECONDS
    while process.poll() is None and time.monotonic() < deadline:
        time.sleep(0.01)
    _signal_group(process, "SIGKILL")
    with suppress(subprocess.TimeoutExpired):
        process.wait(_GRACE_SECONDS)


def _signal_group(process: subprocess.Popen[bytes], name: str) -> None:
    with suppress(OSError):
        if sys.platform == "win32":
            process.kill()
        else:
            os.killpg(process.pid, getattr(signal, name))


def _waited(process: subprocess.Popen[bytes], seconds: float) -> int:
    """Return the exit code at the moment of the end. Raises subprocess.TimeoutExpired.

    Python looks again and again, after up to 50 ms; git ends within a few, so that it was half of
    what a dozen small questions took.
    """
    if sys.platform == "linux":
        with suppress(OSError):  # Before Linux 5.3, or it has been waited for.
            handle = os.pidfd_open(process.pid)
            try:
                poll = select.poll()
                poll.register(handle, select.POLLIN)
                ended = poll.poll(seconds * 1000)
            finally:
                os.close(handle)
            return process.wait(None if ended else 0)
    return process.wait(seconds)


def _creation_flags() -> int:
    if sys.platform == "win32":
        return subprocess.CREATE_NEW_PROCESS_GROUP | subprocess.CREATE_NO_WINDOW
    return 0


def _pipe(stream: IO[bytes] | None) -> IO[bytes]:
    if stream is None:
        raise RuntimeError("the stream was not asked for as a pipe")
    return stream
