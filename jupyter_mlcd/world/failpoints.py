"""Named places where a test can make this program die, fail or wait; inert without its variable.

``MLCD_FAILPOINT="ledger-after-import=kill,ledger-before-verify:2=raise"``: ``name[:n]=action`` acts
at the n-th passage (1 by default) of the process; actions are ``kill`` (SIGKILL to itself),
``raise`` (an OSError, as a failing disk gives) and ``sleep`` (60 s). After etcd's gofail: crash
tests aim better at names than at random times.
"""

from __future__ import annotations

import errno
import os
import signal
import time
from collections import Counter

VARIABLE = "MLCD_FAILPOINT"
_SLEEP_SECONDS = 60.0

_passages: Counter[str] = Counter()


def failpoint(name: str) -> None:
    """Do what the variable says about ``name``; nothing when it is not set."""
    plan = os.environ.get(VARIABLE)
    if not plan:
        return
    _passages[name] += 1
    for entry in plan.split(","):
        place, _, action = entry.partition("=")
        wanted, _, passage = place.partition(":")
        if wanted == name and _passages[name] == int(passage or 1):
            _act(name, action)


def _act(name: str, action: str) -> None:
    match action:
        case "kill":
            os.kill(os.getpid(), getattr(signal, "SIGKILL", signal.SIGTERM))
        case "raise":
            raise OSError(errno.EIO, f"failpoint {name}")
        case "sleep":
            time.sleep(_SLEEP_SECONDS)
        case _:
            raise ValueError(f"{VARIABLE}: unknown action {action!r} at {name!r}")
