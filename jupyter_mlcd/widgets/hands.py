"""Threads that answer the views: a few at most, and none while there is nothing to answer."""

from __future__ import annotations

import threading
from collections import deque
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

NAME = "jupyter-mlcd-widget"
"""Every thread of the widgets is called so."""
_AT_ONCE = 2
"""Questions of all views that are answered side by side."""

_lock = threading.Lock()
_waiting: deque[Callable[[], None]] = deque()
_at_work: set[threading.Thread] = set()


def submit(do: Callable[[], None]) -> None:
    """Call ``do`` in a thread, in order, as soon as one is free."""
    with _lock:
        _waiting.append(do)
        if len(_at_work) < _AT_ONCE:
            hand = threading.Thread(target=_work, name=NAME, daemon=True)
            _at_work.add(hand)
            hand.start()


def _work() -> None:
    try:
        while (do := _next()) is not None:
            do()
    finally:
        with _lock:
            _at_work.discard(threading.current_thread())


def _next() -> Callable[[], None] | None:
    """Return what is to be done; None ends the thread, before anybody can add to its queue."""
    with _lock:
        if _waiting:
            return _waiting.popleft()
        _at_work.discard(threading.current_thread())
        return None
