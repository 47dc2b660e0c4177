"""What was found out not long ago and can never become another answer."""

from __future__ import annotations

import threading
from typing import Generic, TypeVar

Key = TypeVar("Key")
Value = TypeVar("Value")


class Recent(Generic[Key, Value]):
    """A bounded memory that threads share: what was used longest ago is forgotten first.

    Only for keys that hold everything that the answer depends on, such as the ids of git objects.
    """

    def __init__(self, most: int) -> None:
        """Remember at most ``most`` answers."""
        self._most = most
        self._known: dict[Key, Value] = {}
        self._lock = threading.Lock()

    def get(self, key: Key) -> Value | None:
        """Return what is known of ``key``."""
        with self._lock:
            if key not in self._known:
                return None
            self._known[key] = value = self._known.pop(key)
            return value

    def put(self, key: Key, value: Value) -> Value:
        """Remember ``value`` and return it."""
        with self._lock:
            self._known.pop(key, None)
            self._known[key] = value
            while len(self._known) > self._most:
                del self._known[next(iter(self._known))]
        return value
