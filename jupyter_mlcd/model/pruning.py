"""What this machine keeps beside git, and what of it nothing needs any more."""

from __future__ import annotations

import re
from hashlib import sha256

import msgspec

DIGEST = re.compile(rb"(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])")
"""A sha256, wherever it stands: a text of a later version names files in ways not known here."""


class Draft(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A run as it lies on this machine."""

    run: str
    size: int
    """Bytes on the disk."""


class StoredFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A file of the Store."""

    sha256: str
    size: int
    idle: float
    """Seconds since it was put there, the last time."""


class Pruned(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What was removed, or what would be."""

    drafts: tuple[Draft, ...]
    """Older than drafts stay."""
    files: tuple[StoredFile, ...]
    """Named by no evidence, no version, no draft and nothing in the history."""
    leftovers: int
    """Bytes that programs left which ended in the middle."""
    stay_drafts: int
    stay_files: int
    stay_bytes: int
    """Of the files of the Store that stay."""
    days: int
    """How long drafts stay."""
    dry_run: bool
    nonce: str = ""
    """Confirms it, once; the server gives it."""

    @property
    def digest(self) -> str:
        """What tells this from other drafts and files."""
        names = [one.run for one in self.drafts] + [one.sha256 for one in self.files]
        return sha256("\n".join(names).encode()).hexdigest()

    @property
    def size(self) -> int:
        """All bytes of it."""
        sizes = [one.size for one in self.drafts] + [one.size for one in self.files]
        return sum(sizes) + self.leftovers
