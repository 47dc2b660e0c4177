"""Parcels for tests; run as a program, delivers one into a folder and says how it was answered.

``python -m tests.targets.parcels PROJECT VERSION`` dies wherever ``MLCD_FAILPOINT`` says.
"""

from __future__ import annotations

import hashlib
import sys
from pathlib import Path
from typing import NoReturn

from jupyter_mlcd.model.delivery import delivery_key
from jupyter_mlcd.model.release import Release, tag_name
from jupyter_mlcd.model.result import FileDigest
from jupyter_mlcd.model.target import FolderTable
from jupyter_mlcd.ports import Parcel, Site
from jupyter_mlcd.targets.folder import FolderTarget

LEDGER_REF = "refs/heads/mlcd/evidence"
URL = "releases/production"
SIZE = 300_000
"""Bytes of a model: enough for several blocks, so that half a file could be seen."""


def model(version: str) -> bytes:
    """Return bytes that no other version has."""
    return (version.encode() + b"\0") * (SIZE // (len(version) + 1))


def parcel(
    store: Path,
    version: str = "0.1.0",
    *,
    files: dict[str, bytes] | None = None,
    attempt: int = 1,
    commit: str = "c" * 40,
) -> Parcel:
    """Return a release of these files, which lie in ``store`` by their digest."""
    content = (
        {"model.joblib": model(version), "report/plot.png": b"png"} if files is None else files
    )
    store.mkdir(parents=True, exist_ok=True)
    products: dict[str, FileDigest] = {}
    places: dict[str, Path] = {}
    for path, one in content.items():
        digest = FileDigest(hashlib.sha256(one).hexdigest(), len(one))
        products[path], places[path] = digest, store / digest.sha256
        places[path].write_bytes(one)
        places[path].chmod(0o444)
    release = Release("digits", version, commit, "a" * 40, (), products, {}, (), ())
    key = delivery_key(release.digest, "production", attempt)
    tag = tag_name("digits", version, several_projects=False)
    return Parcel(key, release, places, tag, LEDGER_REF, "production")


def no_remote(name: str) -> NoReturn:
    """Refuse: a folder has no business with git."""
    raise AssertionError(name)


def site(project: Path) -> Site:
    """Return what a target may use that needs neither git nor a key."""
    return Site(project, no_remote, lambda _address: None)


def folder_target(project: Path, url: str = URL) -> FolderTarget:
    """Return the folder target of a project."""
    return FolderTarget(FolderTable(url), site(project))


if __name__ == "__main__":
    answer = folder_target(Path(sys.argv[1])).dispatch(
        parcel(Path(sys.argv[1], "store"), sys.argv[2])
    )
    print(answer.state)
