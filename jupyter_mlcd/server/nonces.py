"""Single-use confirmations: a delivery is sent by a person who saw its preview, once.

Jupyter Server skips its cross-site check for requests that carry a token, and commands of
JupyterLab can be reached from the output of a hostile notebook. Neither can know a nonce.
"""

from __future__ import annotations

import secrets
import threading
import time

from jupyter_mlcd.model.errors import RefusedError

_LIFETIME = 15 * 60.0
"""Seconds for which a preview may be confirmed."""
_MOST = 1000

_Meant = tuple[str, str, str, str]
"""Project, environment, release or delivery, verb."""


class Nonces:
    """Issues confirmations and takes each back once."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._issued: dict[str, tuple[float, _Meant]] = {}

    def issue(self, project: str, environment: str, digest: str, verb: str = "deliver") -> str:
        """Return a confirmation of ``verb`` for this release in this environment."""
        nonce = secrets.token_urlsafe(24)
        now = time.monotonic()
        meant = (project, environment, digest, verb)
        with self._lock:
            live = {key: one for key, one in self._issued.items() if one[0] > now}
            newest = dict(list(live.items())[-_MOST:])
            self._issued = {**newest, nonce: (now + _LIFETIME, meant)}
        return nonce

    def use(
        self, nonce: str, project: str, environment: str, digest: str, verb: str = "deliver"
    ) -> None:
        """Take a confirmation back. Raises RefusedError if it is not one for exactly this."""
        with self._lock:
            until, meant = self._issued.pop(nonce, (0.0, ("", "", "", "")))
        if until < time.monotonic() or meant != (project, environment, digest, verb):
            raise RefusedError(
                "this confirmation was used already, is too old, or is for something else",
                code="stale-confirmation",
                hint="Nothing was done. Look at the page again, and confirm what it shows then.",
            )
