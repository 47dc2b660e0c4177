"""Time and identifiers.

Times of day are for people: UTC, ISO 8601, microseconds, ``Z``. Durations come from the monotonic
clock. Order comes from neither: it comes from the commit order of the ledger.
"""

from __future__ import annotations

import os
import secrets
import threading
import time
import uuid
from datetime import UTC, datetime

_RANDOM_BITS = 62
_COUNTER_BITS = 12


def now() -> str:
    """Return the time of day, for example ``2026-03-01T09:30:00.000001Z``."""
    return format_time(datetime.now(UTC))


def format_time(moment: datetime) -> str:
    """Write an aware ``moment`` in UTC with microseconds and ``Z``."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def parse_time(text: str) -> datetime:
    """Read a time written by `now`; ValueError when it is not one or names no time zone."""
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError(f"{text!r} names no time zone")
    return moment.astimezone(UTC)


def monotonic() -> float:
    """Return seconds that never jump, for durations and deadlines."""
    return time.monotonic()


class _Uuid7Source:
    """UUID version 7 of RFC 9562, with method 3 of its section 6.2.

    Twelve bits of sub-millisecond time also count, so that two identifiers of one process never
    compare the wrong way round.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._last = 0

    def next(self) -> uuid.UUID:
        """Return an identifier greater than all that this process made before."""
        milliseconds, rest = divmod(time.time_ns(), 1_000_000)
        stamp = (milliseconds << _COUNTER_BITS) | (rest << _COUNTER_BITS) // 1_000_000
        with self._lock:
            self._last = stamp = max(stamp, self._last + 1)
        milliseconds, counter = divmod(stamp, 1 << _COUNTER_BITS)
        value = (milliseconds & (1 << 48) - 1) << 80
        value |= 0x7 << 76 | counter << 64
        value |= 0b10 << _RANDOM_BITS | secrets.randbits(_RANDOM_BITS)
        return uuid.UUID(int=value)

    def after_fork(self) -> None:
        """Forget a lock that another thread may have held at the moment of the fork."""
        self._lock = threading.Lock()


_source = _Uuid7Source()
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_source.after_fork)


def uuid7() -> str:
    """Return a new identifier whose text sorts by the time at which it was made."""
    return str(_source.next())
