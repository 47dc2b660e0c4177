"""Releases: what a version consists of, bound by its digest."""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING

import msgspec

from jupyter_mlcd.model.errors import UsageError
from jupyter_mlcd.model.gate import Finding, Gate, Score
from jupyter_mlcd.model.result import FileDigest

if TYPE_CHECKING:
    from collections.abc import Iterable

PRODUCTS = "products/"
"""Where the files of a release stand in an export."""
NOTES = "NOTES.md"
"""What a release changes, in an export of it."""
MODEL_SIGNATURE = "model.sig"
"""Of those files, in the format of OpenSSF model signing."""
_NUMBER = r"(?:0|[1-9][0-9]{0,5})"
_VERSION = re.compile(rf"{_NUMBER}\.{_NUMBER}\.{_NUMBER}\Z")


class ReleasedRun(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A run that a release stands on."""

    suite: str
    id: str
    digest: str
    """Fingerprint of its evidence."""


class Release(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """``release.json``. Holds nothing that depends on when or by whom it was prepared."""

    project: str
    version: str
    commit: str
    tree: str
    runs: tuple[ReleasedRun, ...]
    products: dict[str, FileDigest]
    """``{path in the project: digest}``: the files that are delivered."""
    scores: dict[str, Score]
    policy: tuple[Gate, ...]
    """The rules in force."""
    findings: tuple[Finding, ...]
    """What the rules said that look at nothing but this release."""
    v: int = 1

    def to_bytes(self) -> bytes:
        """Return the text of release.json: the same bytes for the same release, for ever."""
        # Through the wire once: a score of 1 made here and the 1.0 that is read are one release.
        return canonical(msgspec.json.decode(msgspec.json.encode(self), type=Release))

    @property
    def digest(self) -> str:
        """The Release Digest."""
        return f"sha256:{hashlib.sha256(self.to_bytes()).hexdigest()}"


def canonical(value: object) -> bytes:
    """Return readable JSON with sorted keys and a final newline: equal values give equal bytes."""
    return msgspec.json.format(msgspec.json.encode(value, order="sorted"), indent=2) + b"\n"


def check_version(version: str) -> str:
    """Return ``version`` if it is three numbers. Raises UsageError otherwise."""
    if not _VERSION.match(version):
        message = f"{version!r} is not a version"
        raise UsageError(message, hint="Write three numbers, as in 0.2.0.")
    return version


def version_key(version: str) -> tuple[int, ...]:
    """Return what versions are sorted by."""
    return tuple(int(part) for part in version.split("."))


def next_version(versions: Iterable[str]) -> str:
    """Return the version after the highest: the second number counts up; the first is 0.1.0."""
    known = sorted(versions, key=version_key)
    if not known:
        return "0.1.0"
    major, minor, _ = version_key(known[-1])
    return f"{major}.{minor + 1}.0"


def release_folder(project: str, version: str) -> str:
    """Return the folder of a release on the evidence branch."""
    return f"releases/{project}/{version}"


def tag_name(project: str, version: str, *, several_projects: bool) -> str:
    """Return the tag of a release: ``v0.2.0``, or ``digits/v0.2.0`` beside other projects."""
    return f"{project}/v{version}" if several_projects else f"v{version}"


def tag_message(release: Release) -> str:
    """Return the message of a release's annotated tag."""
    return f"{release.project} {release.version}\n\nRelease-Digest: {release.digest}\n"
