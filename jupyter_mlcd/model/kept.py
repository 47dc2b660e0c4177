"""What keeping changed: ``kept.json`` of a bundle, there only where something was changed.

The draft stays on the machine that ran it; what goes to git has other bytes than the draft, and
this file says which and why, so that nobody takes it for an edit.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import msgspec

from jupyter_mlcd.model.evidence import Evidence
from jupyter_mlcd.model.personal import PersonalFinding  # noqa: TC001 - msgspec reads it
from jupyter_mlcd.model.secret import AllowedFinding

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

KEPT = "kept.json"


class Redaction(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A secret that was taken out before anything was written to git."""

    file: str
    cell: int | None
    output: int | None
    rule: str
    count: int
    """How often, at this place."""

    @property
    def place(self) -> str:
        """File, cell and output in words."""
        cell = f", cell {self.cell}" if self.cell is not None else ""
        output = f", output {self.output}" if self.output is not None else ""
        return f"{self.file}{cell}{output}"


class OutOfGit(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A file of the bundle that is kept in the Store and not in git."""

    file: str
    sha256: str
    size: int
    """Bytes."""
    why: str
    """Which tables stand in it, by cell, output and kinds of columns; never a value."""


class KeptChanges(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """``kept.json``."""

    draft: str
    """Fingerprint of the draft that this was kept from."""
    redacted: tuple[Redaction, ...] = ()
    allowed: tuple[AllowedFinding, ...] = ()
    """What looked like a secret and was kept because somebody allowed it."""
    v: int = 1
    out_of_git: tuple[OutOfGit, ...] = ()


class Kept(Evidence, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The answer to Keep: the evidence, and what a person has to know about it."""

    redacted: tuple[Redaction, ...] = ()
    allowed: tuple[AllowedFinding, ...] = ()
    personal: tuple[PersonalFinding, ...] = ()
    """Tables that look like personal data and are in git from now on."""
    out_of_git: tuple[OutOfGit, ...] = ()


def mark_of(rule: str) -> str:
    """Return what stands where a secret stood."""
    return f"[secret {rule}]"


def untrue_changes(text: bytes, files: Mapping[str, bytes]) -> str:
    """Return in words what kept.json says that is not so; empty where all of it holds."""
    try:
        changes = msgspec.json.decode(text, type=KeptChanges)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return f"{KEPT} cannot be read"
    elsewhere = {one.file for one in changes.out_of_git} - files.keys()
    marked = told_truly(changes.redacted, files)
    wrong = [
        f"{one.place} holds no {mark_of(one.rule)}"
        for one in changes.redacted
        if one not in marked and one.file not in elsewhere
    ]
    return "; ".join(wrong)


def told_truly(told: Iterable[Redaction], files: Mapping[str, bytes]) -> tuple[Redaction, ...]:
    """Return those of them whose mark stands where they say."""
    return tuple(
        one
        for one in told
        if mark_of(one.rule) in _there(files.get(one.file, b""), one.cell, one.output)
    )


def read_changes(files: Mapping[str, bytes]) -> KeptChanges:
    """Return what keeping changed in a bundle; nothing where nothing is told that can be read."""
    try:
        return msgspec.json.decode(files.get(KEPT, b""), type=KeptChanges)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return KeptChanges("")


def changes_in_words(changes: KeptChanges) -> list[str]:
    """Return what was taken out, what was allowed and what is out of git, a line for each."""
    words = [f"{one.rule} taken out of {one.place}" for one in changes.redacted]
    words += [f"{one.finding} allowed by {one.by}: {one.reason}" for one in changes.allowed]
    words += [f"{one.file} is out of git: {one.why}" for one in changes.out_of_git]
    return words


def _there(content: bytes, cell: int | None, output: int | None) -> str:
    """Return all texts of a place."""
    if cell is None:
        return content.decode("utf-8", "replace")
    try:
        found: Any = json.loads(content)["cells"][cell]
        found = found if output is None else found["outputs"][output]
    except (ValueError, LookupError, TypeError, RecursionError):
        return ""
    return "\n".join(_texts(found))


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, part in value.items():
            yield key
            yield from _texts(part)
    elif isinstance(value, list):
        if all(isinstance(part, str) for part in value):
            yield "".join(value)
        else:
            for part in value:
                yield from _texts(part)
