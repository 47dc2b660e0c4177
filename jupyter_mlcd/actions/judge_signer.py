"""Say who made a signature, and whether that is one of the people who are trusted."""

from __future__ import annotations

import binascii
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from jupyter_mlcd.model.dsse import key_id
from jupyter_mlcd.model.errors import SigningError
from jupyter_mlcd.model.keyless import KeylessTrust
from jupyter_mlcd.world.clock import now, parse_time
from jupyter_mlcd.world.ssh_signatures import SignatureFault, judge_signature

if TYPE_CHECKING:
    from collections.abc import Callable

_FAULTS: Final = {
    SignatureFault.UNREADABLE: "the signature of {what} is none",
    SignatureFault.FORGED: "forged: the signature of {what} does not fit its bytes",
    SignatureFault.UNKNOWN_KEY: "{what} is signed with {key}, not among the allowed signers",
    SignatureFault.NOT_VALID_THEN: "{what} is signed with {key}, which was not valid then",
}


@dataclass(frozen=True)
class Trust:
    """Whom a reader trusts."""

    signers: bytes = b""
    """An ``allowed_signers`` file; empty where nobody is named."""
    required: bool = False
    """Whether it must be signed by one of them: what nobody signed is then a fault."""
    model: Callable[[bytes], str] | None = None
    """Returns what is wrong with ``model.sig``, by a key that was named; None without one."""
    keyless: KeylessTrust = field(default_factory=KeylessTrust)
    """Who counts of those that sign by Sigstore."""
    at: str = field(default_factory=now)
    """When signatures that bear no time are looked at, UTC."""


@dataclass(frozen=True)
class Looked:
    """What a signature is worth."""

    problem: str = ""
    """Why it is worth nothing, in words; empty where nothing speaks against it."""
    words: str = ""
    """Who made it, or that nobody can tell."""
    principals: tuple[str, ...] = ()
    """Whose it is, as the allowed signers spell them; empty where that cannot be told."""
    fault: SignatureFault | None = None


def judge_signer(what: str, data: bytes, signature: bytes, trust: Trust, namespace: str) -> Looked:
    """Return what the signature of ``what`` is worth, made for one purpose at ``trust.at``."""
    try:
        key = key_id(signature)
        judged = judge_signature(data, signature, trust.signers, namespace, parse_time(trust.at))
    except (binascii.Error, IndexError):
        fault = SignatureFault.UNREADABLE
        return Looked(_FAULTS[fault].format(what=what), fault=fault)
    except SigningError as error:
        words = f"the signature of {what} was not looked at: {error.message}"
        return Looked(words) if trust.required else Looked("", words)
    if judged.fault is None:
        words = f"signed by {', '.join(judged.principals)} with {key}"
        return Looked("", words, judged.principals)
    nobody_named = not trust.signers and not trust.required
    if judged.fault is SignatureFault.UNKNOWN_KEY and nobody_named:
        words = f"signed with {key}; whose that is nobody said: name a file with --signers"
        return Looked("", words, fault=judged.fault)
    return Looked(_FAULTS[judged.fault].format(what=what, key=key), fault=judged.fault)
