"""How a run shows its progress: in a terminal, in a pipe, in a notebook."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

from tests.journeys.projects import CHECKOUT
from tests.widgets.kernels import kernel

if TYPE_CHECKING:
    from pathlib import Path

SCRIPT = (
    "from jupyter_mlcd import open_project\n"
    "run = open_project().run('quality').wait()\n"
    "print('ended:', run.verdict)\n"
)


def environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(CHECKOUT), "TERM": "xterm", "COLUMNS": "100"}


def test_in_a_pipe_each_case_is_a_line(small: Path) -> None:
    ended = subprocess.run(
        [sys.executable, "-c", SCRIPT],
        cwd=small,
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert ended.returncode == 0, ended.stderr
    first, last = ended.stdout.splitlines()
    assert first.startswith("✓ one.ipynb")
    assert last == "ended: passed"
    assert "\x1b" not in ended.stdout


if sys.platform != "win32":  # which has no such terminals
    import pty

    def test_in_a_terminal_one_table_is_kept_up_to_date(small: Path) -> None:
        ours, theirs = pty.openpty()
        process = subprocess.Popen(
            [sys.executable, "-c", SCRIPT],
            cwd=small,
            env=environment(),
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
        )
        os.close(theirs)
        said = _all_of(ours)
        assert process.wait(120) == 0, said
        assert "0 of 1 cases" in said
        assert "1 of 1 cases" in said
        assert "\x1b[1A" in said or "\x1b[2K" in said  # drawn anew in its place
        assert said.count("ended: passed") == 1

    def _all_of(terminal: int) -> str:
        said = b""
        try:
            while part := os.read(terminal, 65536):
                said += part
        except OSError:  # Linux's way to say that the other side has closed it.
            pass
        finally:
            os.close(terminal)
        return said.decode()


def test_in_a_notebook_one_output_is_updated_and_stays(small: Path) -> None:
    with kernel(small, attended=True) as found:
        cell = found.run(SCRIPT)
    assert cell.published.count("display_data") == 1
    assert cell.published.count("update_display_data") >= 1
    (shown,) = cell.shown
    assert "1 of 1 cases" in shown["text/plain"]
    assert "quality passed: 1 of 1 cases passed" in shown["text/plain"]
    assert "<pre" in shown["text/html"]
    assert "\x1b" not in shown["text/plain"]
    assert cell.printed == "ended: passed\n"


def test_in_a_notebook_waiting_does_not_block_the_event_loop(small: Path) -> None:
    with kernel(small) as found:
        cell = found.run(
            "import asyncio",
            "from jupyter_mlcd import open_project",
            "ticks = 0",
            "async def tick():",
            "    global ticks",
            "    while True:",
            "        ticks += 1",
            "        await asyncio.sleep(0.05)",
            "other = asyncio.ensure_future(tick())",
            "run = await open_project().run('quality').done()",
            "other.cancel()",
            "print(run.verdict, ticks > 3)",
        )
    assert cell.printed == "passed True\n"


def test_without_progress_nothing_is_shown(small: Path) -> None:
    with kernel(small) as found:
        cell = found.run(SCRIPT.replace(".wait()", ".wait(progress=False)"))
    assert cell.shown == []


def test_a_kernel_prepares_a_delivery_and_never_confirms_it(small: Path) -> None:
    with kernel(small, attended=True) as found:
        found.run(SCRIPT)
        cell = found.run("p = open_project().deliver()", "print(p.ready, p.version)")
        assert cell.printed == "True 0.1.0\n"
        refused = found.attempt("p.confirm('0.1.0')")
    assert "never sent from a notebook's kernel" in refused.error
    assert not (small / "releases" / "production").exists()


def test_a_kernel_publishes_nobody(small: Path) -> None:
    with kernel(small, attended=True) as found:
        found.run("from jupyter_mlcd import open_project")
        refused = found.attempt("open_project().export('1', 'out', publish_identity_of='token')")
    assert "does not speak for a person; nothing was published" in refused.error
