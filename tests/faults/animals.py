"""The animals of the zoo: notebooks whose kernels do what kernels must not, each with its verdict.

Programs that an animal leaves carry ``TOKEN`` as an argument. What could harm the machine is
bounded by itself: processes in number and in seconds, memory by a limit and by its own end.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from jupyter_mlcd.model.result import Verdict

if TYPE_CHECKING:
    from pathlib import Path

    from jupyter_mlcd.model.run import Run
    from jupyter_mlcd.workbench import Workbench

CELL_LIMIT = 4.0
"""Seconds for one cell of an animal that hangs."""


@dataclass(frozen=True)
class Animal:
    """A notebook, what it is allowed, and what is to come of it."""

    name: str
    cells: tuple[str, ...]
    verdicts: tuple[Verdict, ...] = (Verdict.PASSED,)
    """Each of them is right."""
    words: str = ""
    """A part of the reason."""
    budget: float = CELL_LIMIT
    """Seconds that it may use up: a limit, or what honest work takes."""
    limits: str = f'cell = "{CELL_LIMIT:g}s"'
    outside: str = ""
    """What happens from outside in its first cell: ``cancel`` or ``edit``."""
    is_quick: bool = False
    """Belongs to the tests of every day."""

    def from_outside(self, bench: Workbench, folder: Path, run: Run) -> None:
        """Do what happens from outside."""
        if self.outside == "cancel":
            bench.cancel(run.id)
        elif self.outside == "edit":
            for name in ("animal.ipynb", "part.py"):
                (folder / name).write_text("broken(")


DAEMON = """
import os, sys
def become_daemon(environment):
    if os.fork():
        return
    os.setsid()
    if os.fork():
        os._exit(0)
    os.chdir("/")
    os.execve("/bin/sh", ["sh", "-c", "sleep 600; : TOKEN"], environment)
"""
DAEMONS = (
    DAEMON
    + """
import subprocess, threading, time
become_daemon(dict(os.environ))
become_daemon({})
subprocess.Popen(["sh", "-c", "trap '' TERM; sleep 600; : TOKEN"], start_new_session=True)
threading.Thread(target=time.sleep, args=(600,)).start()
"""
)
KILL = "import os\nos.kill(os.getpid(), 9)"
HANG = "import time\ntime.sleep(600)"
IGNORE = "import signal\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\n"
BOMB = """
import os, time
end = time.monotonic() + 20
def explode(width):
    for _ in range(width):
        if not os.fork():
            if width > 10:
                os.setsid()
                explode(9)
            while time.monotonic() < end:  # each goes on as its own child
                try:
                    if os.fork():
                        os._exit(0)
                except OSError:
                    pass
                time.sleep(0.05)
            os._exit(0)
explode(20)
"""
EAT = "held = []\nwhile len(held) < 1500:\n    held.append(b'x' * (1 << 20))\n"
KILL_CASE = "import os, signal, time\nos.kill(os.getppid(), signal.SIG{})\ntime.sleep(60)"

DISPLAY = """
from IPython.display import display
for _ in range({}):
    display({{"text/plain": "x" * {}}}, raw=True)
"""
FILL_STDERR = """
import os, sys
for _ in range(300):
    sys.stderr.write("x" * 99_999 + "\\n")
    os.write(2, b"x" * 99_999 + b"\\n")
"""
TEMPORARY_FILES = """
import os, subprocess, tempfile
open(tempfile.mktemp(), "w").write("x")
subprocess.run(["mktemp", "-d"], check=True)
os.mkdir(tempfile.mkdtemp() + "/locked", 0o500)
"""
SHARED_MEMORY = """
from multiprocessing import shared_memory
shared_memory.SharedMemory("mlcd-TOKEN", create=True, size=1 << 20)
"""
PIPE = """
import subprocess
subprocess.Popen(["sh", "-c", "echo here; sleep 600; : TOKEN"])
"""
NO_FOLDER = "import os, shutil\nshutil.rmtree(os.getcwd())"
NO_FILES = """
from pathlib import Path
for one in Path().iterdir():
    one.unlink()
    one.write_text("broken(")
"""
NO_ENVIRONMENT = """
import os, sys
os.environ.clear()
sys.path.clear()
sys.modules.pop("os")
"""
OTHER_ENVIRONMENT = """
import os
os.environ.update(MLCD_RUN_ID="another", TMPDIR="/nowhere")
"""
PRINT = "for number in range(1_000_000):\n    print(number)"

INCOMPLETE, KILLED, TIMEOUT = Verdict.INCOMPLETE, Verdict.KILLED, Verdict.TIMEOUT
A_MINUTE = 'cell = "60s"'
LITTLE_MEMORY = 'memory = "400 MiB"'

_TOO_EARLY = (
    Animal("exits-with-3", ("1", "import os\nos._exit(3)", "1"), (KILLED,), "exit code 3"),
    Animal("says-sys-exit", ("1", "import sys\nsys.exit(0)", "1"), (INCOMPLETE,), is_quick=True),
    Animal("kills-itself", ("1", KILL, "1"), (KILLED,), "it was ended by SIGKILL", is_quick=True),
    Animal("segfaults", ("1", "import ctypes\nctypes.string_at(0)", "1"), (KILLED,), "SIGSEGV"),
    Animal(
        "kills-its-case",
        (DAEMONS, KILL_CASE.format("KILL")),
        (KILLED,),
        "the case's process was ended by SIGKILL",
        is_quick=True,
    ),
    Animal(
        "closes-its-descriptors",
        ("import os\nos.closerange(0, 1 << 16)", "1"),
        (KILLED, TIMEOUT),
        budget=2 * CELL_LIMIT,
    ),
)
_HANGING = (
    Animal("sleeps", (HANG,), (TIMEOUT,), "cell 1"),
    Animal("stops-itself", ("import os\nos.kill(os.getpid(), 19)",), (TIMEOUT,), "cell 1"),
    Animal(
        "stops-its-case",
        (KILL_CASE.format("STOP"),),
        (TIMEOUT,),
        "the notebook took longer",
        budget=8,
        limits='notebook = "8s"',
    ),
    Animal(
        "ignores-interrupts",
        (IGNORE + "while True:\n    pass",),
        (TIMEOUT,),
        "cell 1",
        is_quick=True,
    ),
    Animal("hangs-in-c", ("import itertools\nsum(itertools.repeat(0))",), (TIMEOUT,), "cell 1"),
    Animal("asks", ("input('Who is there?')",), (Verdict.ERROR,), "StdinNotImplementedError"),
)
_TOO_MUCH = (
    Animal(
        "eats-memory",
        (EAT,),
        (KILLED,),
        "used more than 400 MiB of memory",
        budget=10,
        limits=LITTLE_MEMORY,
        is_quick=True,
    ),
    Animal(
        "its-children-eat-memory",
        (f"import subprocess, sys\nsubprocess.run([sys.executable, '-c', {EAT!r}])",),
        (KILLED,),
        "used more than 400 MiB of memory",
        budget=10,
        limits=LITTLE_MEMORY,
    ),
    Animal("is-a-fork-bomb", (BOMB,), budget=10, limits='cell = "30s"'),
    Animal("hangs-with-a-fork-bomb", (BOMB, HANG), (TIMEOUT,), "cell 2", budget=10),
    Animal("prints-a-million-lines", (PRINT, "1"), budget=60, limits=A_MINUTE),
    Animal("displays-500-mb", (DISPLAY.format(1, 500_000_000), "1"), budget=60, limits=A_MINUTE),
    Animal(
        "displays-50-times-10-mb", (DISPLAY.format(50, 10_000_000), "1"), budget=60, limits=A_MINUTE
    ),
    Animal("fills-stderr", (FILL_STDERR, "1"), budget=60, limits=A_MINUTE),
)
_LEAVING = (
    Animal("leaves-daemons", (DAEMONS, "1"), budget=10, is_quick=True),
    Animal("leaves-a-pipe-open", (PIPE, "1")),
    Animal(
        "leaves-temporary-files",
        (TEMPORARY_FILES, "import multiprocessing\nwith multiprocessing.Manager() as m: m.list()"),
        is_quick=True,
    ),
    Animal(
        "is-killed-with-temporary-files",
        (TEMPORARY_FILES + SHARED_MEMORY + KILL,),
        (KILLED,),
        "it was ended by SIGKILL",
    ),
    Animal(
        "is-cancelled-with-daemons",
        (DAEMONS + TEMPORARY_FILES + HANG,),
        (Verdict.CANCELLED,),
        outside="cancel",
        limits=A_MINUTE,
        is_quick=True,
    ),
    Animal(
        "is-cancelled-with-a-fork-bomb",
        (BOMB + HANG,),
        (Verdict.CANCELLED,),
        outside="cancel",
        limits=A_MINUTE,
    ),
)
_ELSEWHERE = (
    Animal("deletes-its-folder", (NO_FOLDER, "1")),
    Animal("changes-its-files", (NO_FILES, "1")),
    Animal(
        "is-edited-meanwhile",
        ("import time\ntime.sleep(2)", "from part import VALUE\nassert VALUE == 'tested'"),
        outside="edit",
    ),
    Animal("changes-its-environment", (NO_ENVIRONMENT, OTHER_ENVIRONMENT, "1")),
)
ANIMALS = (*_TOO_EARLY, *_HANGING, *_TOO_MUCH, *_LEAVING, *_ELSEWHERE)
