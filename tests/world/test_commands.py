from __future__ import annotations

import os
import sys
import time
from typing import TYPE_CHECKING, Any

import pytest

from jupyter_mlcd.model.errors import WorldError
from jupyter_mlcd.world.commands import Completed, run_command
from jupyter_mlcd.world.process import identity_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def python(tmp_path: Path, code: str, **options: Any) -> Completed:
    arguments = {"deadline": 30.0} | options
    return run_command(
        [sys.executable, "-c", code], directory=tmp_path, environment=os.environ, **arguments
    )


def test_output_complaint_and_code_are_told(tmp_path: Path) -> None:
    code = "import sys; print('out'); print('err', file=sys.stderr); sys.exit(3)"
    done = python(tmp_path, code)
    assert (done.code, done.output, done.complaint) == (3, b"out\n", b"err\n")


def test_large_input_and_output_do_not_block_each_other(tmp_path: Path) -> None:
    code = "import sys, shutil; shutil.copyfileobj(sys.stdin.buffer, sys.stdout.buffer)"
    content = os.urandom(8 << 20)
    assert python(tmp_path, code, stdin=content, limit=16 << 20).output == content


def test_input_is_closed_when_there_is_none(tmp_path: Path) -> None:
    assert python(tmp_path, "import sys; print(sys.stdin.read() == '')").output == b"True\n"


def test_a_flood_is_read_to_its_end_but_not_kept(tmp_path: Path) -> None:
    done = python(tmp_path, "import sys; sys.stdout.write('x' * 5_000_000)", limit=1000)
    assert done.code == 0
    assert done.overflowed
    assert len(done.output) == 1000


def test_the_deadline_ends_the_program_and_its_children(tmp_path: Path) -> None:
    code = (
        "import subprocess, sys, time\n"
        "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)'])\n"
        "print(child.pid, flush=True)\n"
        "time.sleep(60)\n"
    )
    start = time.monotonic()
    done = python(tmp_path, code, deadline=1.0)
    assert done.timed_out
    assert time.monotonic() - start < 10
    child = int(done.output)
    while identity_of(child) is not None and time.monotonic() - start < 30:
        time.sleep(0.05)  # It was told to end; that takes a moment.
    assert identity_of(child) is None


def test_input_that_fails_ends_the_program_and_is_raised(tmp_path: Path) -> None:
    def broken() -> Iterator[bytes]:
        yield b"half"
        raise ValueError("the file changed")

    code = "import sys, time; sys.stdin.read(); time.sleep(60)"
    with pytest.raises(ValueError, match="the file changed"):
        python(tmp_path, code, stdin=broken())


def test_a_program_that_ends_before_its_input_is_no_error(tmp_path: Path) -> None:
    assert python(tmp_path, "pass", stdin=b"x" * (4 << 20)).code == 0


def test_a_missing_program_is_an_error_with_words(tmp_path: Path) -> None:
    with pytest.raises(WorldError) as caught:
        run_command(["/nonexistent/git"], directory=tmp_path, environment={}, deadline=1)
    assert caught.value.code == "program-not-started"
