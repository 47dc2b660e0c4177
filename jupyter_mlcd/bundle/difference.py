"""Executed notebooks compared, in a process of its own with a deadline and a limit of size.

nbdime does this for people at a terminal; here it would switch on a server extension and a
front-end extension for everybody, bring 21 MB and 0.8 to 1.7 s of imports, and still know nothing
of recorded scores. What is needed is the standard library's matcher over cells, lines and rows;
the tests have nbdime judge it (tests/bundle/test_difference_judge.py).
"""

from __future__ import annotations

import base64
import subprocess
import sys
import threading
from contextlib import contextmanager, suppress
from typing import IO, TYPE_CHECKING

import msgspec

from jupyter_mlcd.bundle.difference_process import Answer, Request
from jupyter_mlcd.model.comparison import NotebookComparison, NotebookCount
from jupyter_mlcd.model.errors import WorldError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    Pair = tuple[bytes | None, bytes | None]

_DEADLINE = 30.0
"""Seconds for all that is asked at once."""
_LARGEST = 48 << 20
"""Bytes of one notebook."""
_TOO_LARGE = "too large to be compared here; open the executed notebooks"
_GIVEN_UP = "it takes too long, or more memory than there is; open the executed notebooks"


class NotebookDifference:
    """Implements ``ports.NotebookComparer``."""

    def __init__(self, deadline: float = _DEADLINE, largest: int = _LARGEST) -> None:
        """Give up after ``deadline`` seconds, and on notebooks of more than ``largest`` bytes."""
        self._deadline = deadline
        self._largest = largest

    def count(self, pairs: Iterable[Pair]) -> Iterator[NotebookCount | str]:
        """Yield for each pair how many cells differ, or in words why that is not known."""
        with self._process() as process:
            for before, after in pairs:
                answer = self._ask(process, "count", before, after)
                value: NotebookCount | str = answer.problem
                if not value:
                    value = msgspec.convert(answer.value, NotebookCount)
                yield value

    def compare(self, before: bytes | None, after: bytes | None) -> NotebookComparison:
        """Return two notebooks cell by cell; None is one that is not there. Raises WorldError."""
        value = self._one("cells", before, after)
        return msgspec.convert(value, NotebookComparison)

    def output(self, notebook: bytes, cell: int, output: int, form: str) -> bytes:
        """Return one output as ``picture`` or ``text``. Raises WorldError."""
        value = self._one(form, None, notebook, cell=cell, output=output)
        try:
            return base64.b64decode(str(value), validate=True)
        except ValueError:
            raise WorldError("the output cannot be read", code="no-output") from None

    def _one(self, verb: str, before: bytes | None, after: bytes | None, **place: int) -> object:
        with self._process() as process:
            answer = self._ask(process, verb, before, after, **place)
        if answer.problem:
            raise WorldError(
                f"the notebooks could not be compared: {answer.problem}",
                code="comparison",
                hint="Nothing was changed. The executed notebook itself can still be opened.",
            )
        return answer.value

    def _ask(
        self,
        process: subprocess.Popen[bytes],
        verb: str,
        before: bytes | None,
        after: bytes | None,
        **place: int,
    ) -> Answer:
        sides = [before, after]
        if any(side is not None and len(side) > self._largest for side in sides):
            return Answer(problem=_TOO_LARGE)
        first, second = (None if side is None else len(side) for side in sides)
        request = Request(verb, (first, second), **place)
        source, sink = _pipes(process)
        line = b""
        with suppress(OSError):  # it was ended at its deadline, or died
            source.write(msgspec.json.encode(request) + b"\n")
            for side in sides:
                source.write(side or b"")
            source.flush()
            line = sink.readline()
        if not line.endswith(b"\n"):
            return Answer(problem=_GIVEN_UP)
        return msgspec.json.decode(line, type=Answer)

    @contextmanager
    def _process(self) -> Iterator[subprocess.Popen[bytes]]:
        command = [sys.executable, "-P", "-m", "jupyter_mlcd.bundle.difference_process"]
        process = subprocess.Popen(  # noqa: S603 - our own interpreter and module
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
        timer = threading.Timer(self._deadline, process.kill)
        timer.daemon = True
        timer.start()
        try:
            yield process
        finally:
            timer.cancel()
            process.kill()
            for pipe in _pipes(process):
                with suppress(OSError):
                    pipe.close()
            process.wait()


def _pipes(process: subprocess.Popen[bytes]) -> tuple[IO[bytes], IO[bytes]]:
    assert process.stdin is not None  # noqa: S101 - it was asked for
    assert process.stdout is not None  # noqa: S101 - the same
    return process.stdin, process.stdout
