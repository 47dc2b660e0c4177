"""A webhook, signed as https://www.standardwebhooks.com asks (version 1.0.0).

Whoever receives it checks with the common secret that it is from here, and by the name that it is
not the same again. It is sent once: who asked for it sees whether it came there, and can ask again.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import msgspec

from jupyter_mlcd.model.errors import HubError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jupyter_mlcd.world.http import Http

_PREFIX: Final = "whsec_"
_PAGES: Final = (b"<!doctype html", b"<html")
"""How a page begins; a receiver that only says OK may call that HTML too."""


@dataclass(frozen=True)
class SignedWebhook:
    """An address that is told of things; implements ``ports.Webhook``."""

    http: Http
    secret: str = field(default="", repr=False)
    """``whsec_`` and base64; empty: what is sent is not signed."""

    def send(self, name: str, body: object, more: Mapping[str, str] | None = None) -> None:
        """Send it now, with ``more`` headers. Raises HubError."""
        content = msgspec.json.encode(body)
        at = str(int(time.time()))
        headers = {**(more or {}), "webhook-id": name, "webhook-timestamp": at}
        if self.secret:
            headers["webhook-signature"] = signature(self.secret, name, at, content)
        said = self.http.post("", bytes, content, headers)
        if said.lstrip()[:14].lower().startswith(_PAGES):
            raise HubError(
                "the webhook's address answers with a page for people",
                code="hub-answer",
                hint="A page for logging in may stand before it: look at the address.",
            )


def check_secret(secret: str) -> None:
    """Raise HubError for what is no secret; none at all is no fault."""
    signature(secret, "", "", b"")


def signature(secret: str, name: str, at: str, content: bytes) -> str:
    """Return the signature of a message. Raises HubError for what is no secret."""
    try:
        key = base64.b64decode(secret.removeprefix(_PREFIX), validate=True)
    except binascii.Error:
        raise HubError(
            "the webhook's secret is not `whsec_` and base64",
            code="webhook-secret",
            hint="Nothing was sent. Take it as the receiver gives it.",
        ) from None
    signed = f"{name}.{at}.".encode() + content
    return f"v1,{base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode()}"
