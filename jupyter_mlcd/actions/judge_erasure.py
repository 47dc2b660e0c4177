"""What a tombstone is worth: who erased what when and why, and whether a signature proves it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import msgspec

from jupyter_mlcd.actions.judge_statement import day, short_name
from jupyter_mlcd.model.erasure import EvidenceErased, Tombstone, tombstone_path
from jupyter_mlcd.model.errors import SigningError
from jupyter_mlcd.model.signers import read_signers, signer_of
from jupyter_mlcd.world.clock import parse_time
from jupyter_mlcd.world.ssh_signatures import SignatureFault, judge_signature

if TYPE_CHECKING:
    from jupyter_mlcd.actions.desk import Desk
    from jupyter_mlcd.model.event import Event


@dataclass(frozen=True)
class Told:
    """What is said about an erasure."""

    words: str
    """``erased on 3 Mar 2026 by Ken (signed): reason``."""
    problem: str = ""
    """Why the tombstone cannot be believed."""
    signed: str = ""
    """``signed``, ``unsigned``, or what is wrong with the signature."""


@dataclass(frozen=True)
class Erasure:
    """An event that tells of an erasure."""

    event: Event
    body: EvidenceErased


def erasures(desk: Desk) -> dict[str, Erasure]:
    """Return ``{sha256: what tells of its erasure}``, of every project here.

    The Store is the repository's, and the first word counts.
    """
    found: dict[str, Erasure] = {}
    for event in desk.ledger.events():
        if isinstance(event.body, EvidenceErased):
            for file in event.body.files:
                found.setdefault(file.sha256, Erasure(event, event.body))
    return found


def judge_erasure(desk: Desk, erasure: Erasure) -> Told:
    """Return what an erasure says, its tombstone held against its event and its signature."""
    event, body = erasure.event, erasure.body
    path = tombstone_path(event.project, body.name)
    files = desk.ledger.read_all([path, f"{path}.sig"])
    try:
        stone = msgspec.json.decode(files.get(path, b""), type=Tombstone)
        on = day(parse_time(stone.at))
    except (msgspec.MsgspecError, UnicodeDecodeError, ValueError, OverflowError, RecursionError):
        words = f"erased on {event.at[:10]} by {short_name(event.by)}: {body.why}"
        return Told(words, "the tombstone of an erasure cannot be read")
    told = (stone.project, stone.run, stone.files, stone.why, stone.draft, stone.by)
    same = told == (event.project, body.run, body.files, body.why, body.draft, event.by)
    signed, problem = _signature(desk, stone, files[path], files.get(f"{path}.sig", b""))
    words = f"erased on {on} by {short_name(stone.by)} ({signed}): {stone.why}"
    problem = problem if same else "the tombstone of an erasure is not that of its event"
    return Told(words, problem and f"forged: {problem}", signed)


_DOUBTS: Final = {
    SignatureFault.UNKNOWN_KEY: "signed with a key that is nobody's here",
    SignatureFault.NOT_VALID_THEN: "signed with a key that was not valid then",
}
"""What is said, and no forgery: who may sign is not who may erase."""


def _signature(desk: Desk, stone: Tombstone, data: bytes, signature: bytes) -> tuple[str, str]:
    """Return in words how it is signed, and what is wrong with that."""
    if not signature:
        return "unsigned", ""
    at, signers = parse_time(stone.at), desk.signers()
    try:
        found = judge_signature(data, signature, signers, Tombstone.namespace, at)
    except SigningError as error:
        return f"signed, not checked: {error.message}", ""
    if found.fault is not None:
        doubt = _DOUBTS.get(found.fault)
        forged = "the signature of an erasure does not fit what it says"
        return doubt or "the signature does not fit", "" if doubt else forged
    signer = signer_of(read_signers(signers), found.principals)
    if signer is None or not signer.is_named(stone.by):
        return "signed by another", f"it was signed by {', '.join(found.principals)}"
    return "signed", ""
