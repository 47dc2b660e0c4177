"""Evidence: the kept, hashed record of a run."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

import msgspec

from jupyter_mlcd.model.gate import Score
from jupyter_mlcd.model.result import FileDigest, Verdict
from jupyter_mlcd.model.run import Run

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

SUMS = "SHA256SUMS"
MANIFEST = "manifest.json"
LOCAL = "local"
"""The builder of a run on somebody's machine."""
ANY_CI = "ci"
"""What ``built-by`` calls every other builder."""
STARTED_BY_A_SERVER = "JUPYTER_MLCD_SERVER"
"""Environment variable that tells a runner that somebody works in JupyterLab."""


class Software(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the kernels ran on."""

    kernel: str
    """Name of the kernel, such as ``python3``."""
    language: str
    version: str
    """Version of the language's interpreter."""
    platform: str
    packages: dict[str, str]
    """``{distribution: version}`` as the kernel's own interpreter reports them."""


class Manifest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """``manifest.json`` of an evidence bundle."""

    run: Run
    """The Run document, with ``digest`` empty and ``kept`` false: it cannot hold its own digest."""
    prefix: str
    """Folder of the project inside the repository; empty at its root, else ending in ``/``."""
    notebooks: dict[str, str]
    """``{case id: path of the executed notebook inside the bundle}``."""
    sources: dict[str, str]
    """``{notebook: sha256 of the file that was tested}``."""
    inputs: dict[str, str]
    """``{declared untracked file: sha256}``."""
    scores: dict[str, Score]
    """``{metric: score}`` as gates look at them."""
    delivers: dict[str, FileDigest]
    """``{file: digest}``: the products that a release of this run takes."""
    undelivered: str
    """Why there is no unambiguous product, in words; empty when there is one or none declared."""
    config: str
    """sha256 of the ``mlcd.toml`` that was tested; empty when there was none."""
    software: Software | None
    """Of the first kernel; None where no notebook was executed."""
    attempt: int
    """How many runs of this suite had been made on this tree, this one included."""
    builder: str
    """``local`` or the name of the CI system."""
    made_by: str
    """``jupyter_mlcd VERSION``, and `` in JupyterLab`` where a server started it."""
    other_software: tuple[Software, ...] = ()
    """Of further kernels, where the suite's notebooks have several."""
    v: int = 1


class Evidence(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One line of the evidence list."""

    id: str
    """Id of the run."""
    project: str
    suite: str
    tree: str
    commit: str
    dirty: bool
    """Whether the tested files differed from the commit."""
    verdict: Verdict
    reason: str
    by: str
    at: str
    """When the run ended, UTC."""
    digest: str
    path: str
    """Folder on the evidence branch."""
    partial: bool = False
    """Whether only some of the suite's cases ran."""
    builder: str = "local"
    """``local`` or the name of the CI system, as the manifest says."""


class Match(StrEnum):
    """How a run relates to the files as they are now."""

    MATCHES = "matches"
    """The very bytes that are there now were tested."""
    OLDER = "older"
    """Files changed since."""
    UNCOMMITTED = "uncommitted"
    """It tested files that no commit holds, and they have changed since."""


@dataclass(frozen=True)
class Exported:
    """What goes into an exported folder or zip."""

    files: dict[str, bytes]
    """``{path: content}``."""
    products: dict[str, Path] = field(default_factory=dict)
    """``{path: file that is copied there}``: they may be large."""
    left_out: dict[str, FileDigest] = field(default_factory=dict)
    """``{file of the release: digest}`` of those that do not go with it."""


def is_built_by(wanted: str, builder: str) -> bool:
    """Whether a builder is the one that ``built-by`` asks for; ``ci`` is every one but people."""
    return builder not in {"", LOCAL} if wanted == ANY_CI else builder == wanted


def evidence_path(run: str, started: str) -> str:
    """Return the folder of a run's evidence on the branch: ``evidence/2026/11/<run id>``."""
    return f"evidence/{started[:4]}/{started[5:7]}/{run}"


def sums(files: Mapping[str, bytes], hashed: Mapping[str, str] | None = None) -> bytes:
    """Return the text of SHA256SUMS, as ``sha256sum`` writes it, sorted by path.

    ``hashed`` is ``{path: sha256}`` of files whose bytes are not here.
    """
    digests = {path: hashlib.sha256(text).hexdigest() for path, text in files.items()}
    digests.update(hashed or {})
    return "".join(f"{digests[path]}  {path}\n" for path in sorted(digests)).encode()


def parse_sums(text: bytes) -> dict[str, str]:
    """Return ``{path: sha256}`` of a SHA256SUMS text. Raises ValueError for any other line."""
    found: dict[str, str] = {}
    # Not ``splitlines``: a path may hold what Unicode takes for the end of a line.
    for line in text.decode().removesuffix("\n").split("\n") if text else ():
        digest, separator, path = line.partition("  ")
        if not separator or len(digest) != 64 or path in found:  # noqa: PLR2004 - sha256 in hex
            message = f"not a line of SHA256SUMS: {line[:80]!r}"
            raise ValueError(message)
        found[path] = digest
    return found


def digest_of(sums_text: bytes) -> str:
    """Return the fingerprint of a bundle: the sha256 of its SHA256SUMS."""
    return f"sha256:{hashlib.sha256(sums_text).hexdigest()}"
