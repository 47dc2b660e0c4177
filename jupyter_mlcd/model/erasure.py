"""Erasures: what was removed from the Store for good, and the tombstone that says so for ever.

The tombstone lies at ``erasures/PROJECT/ID.json`` with a detached signature ``ID.json.sig`` in a
namespace of its own, which ``ssh-keygen -Y verify`` checks. Without a key it is written unsigned,
and that is said wherever it is shown.
"""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, ClassVar

import msgspec

from jupyter_mlcd.model.release import canonical

if TYPE_CHECKING:
    from collections.abc import Iterable

    from jupyter_mlcd.model.evidence import Manifest
    from jupyter_mlcd.model.kept import OutOfGit


class ErasedFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A file of the Store."""

    name: str
    """Path of a product in the project, or the place of an output."""
    sha256: str
    size: int


class EvidenceErased(
    msgspec.Struct,
    frozen=True,
    forbid_unknown_fields=True,
    omit_defaults=True,
    tag="evidence-erased",
):
    """Somebody erased what the Store held of a run; the tombstone beside it is what is signed."""

    run: str
    name: str
    """Of the tombstone's file."""
    files: tuple[ErasedFile, ...]
    why: str
    draft: bool = False
    """Whether the draft went too."""


class Tombstone(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What is signed."""

    namespace: ClassVar[str] = "mlcd-erasure@v1"

    project: str
    run: str
    files: tuple[ErasedFile, ...]
    draft: bool
    why: str
    by: str
    """Who, as ``Name <e-mail>``; what proves it is the signature."""
    at: str
    """UTC, ISO 8601."""
    v: int = 1

    def to_bytes(self) -> bytes:
        """Return the text that is signed."""
        return canonical(self)


class Needed(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A version that has one of the files, and where it is live or on its way."""

    project: str
    version: str
    environments: tuple[str, ...]
    """Empty: it is not live, and a roll back to it will not be possible."""


class ErasurePlan(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What an erasure would remove, and what it would not."""

    run: str
    suite: str
    files: tuple[ErasedFile, ...]
    here: tuple[str, ...]
    """The sha256 of those that the Store of this machine holds."""
    draft: bool
    """Whether the run lies on this machine."""
    needed: tuple[Needed, ...]
    shared: tuple[str, ...]
    """Other runs that made the very same bytes."""
    in_git: int
    """Files of the run on the evidence branch: an erasure leaves them there."""
    signed: bool | None = None
    """Whether the tombstone is signed; known once it is erased."""
    nonce: str = ""
    """Confirms it, once; the server gives it."""

    @property
    def digest(self) -> str:
        """What tells this plan from another one."""
        return sha256(canonical(msgspec.structs.replace(self, nonce=""))).hexdigest()

    @property
    def live(self) -> tuple[str, ...]:
        """Environments that would lose what is live there or on its way."""
        return tuple(dict.fromkeys(name for one in self.needed for name in one.environments))


IN_GIT = (
    "What git holds of the run is not erased by this: its verdicts and scores, and notebooks that "
    "were not kept out of git, stay on mlcd/evidence, in every clone and on every remote it was "
    "shared with. Only rewriting that branch everywhere takes them out, and `evidence verify` then "
    "says that it was rewritten. What was delivered stays where it was delivered."
)
"""What an erasure does not do, in words."""


class ShownErasure(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An erasure as it is shown beside the evidence that it is of."""

    files: tuple[ErasedFile, ...]
    draft: bool
    why: str
    by: str
    """Who, as ``Name <e-mail>``."""
    at: str
    signed: str
    """``signed``, ``unsigned``, or what is wrong with the signature."""
    problem: str
    """Why it cannot be believed; empty where nothing speaks against it."""


def tombstone_path(project: str, name: str) -> str:
    """Return where a tombstone lies on the evidence branch; its signature is beside it."""
    return f"erasures/{project}/{name}.json"


def stored_files(manifest: Manifest, out_of_git: Iterable[OutOfGit] = ()) -> tuple[ErasedFile, ...]:
    """Return what the Store may hold of a run, each content once.

    ``out_of_git`` are the files of its bundle that are kept there and not in git.
    """
    found: dict[str, ErasedFile] = {}
    for case in manifest.run.cases:
        for path, digest in case.products.items():
            found.setdefault(digest.sha256, ErasedFile(path, digest.sha256, digest.size))
    for path, digest in manifest.delivers.items():
        found.setdefault(digest.sha256, ErasedFile(path, digest.sha256, digest.size))
    for one in out_of_git:
        found.setdefault(one.sha256, ErasedFile(one.file, one.sha256, one.size))
    return tuple(found.values())
