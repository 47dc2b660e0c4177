"""A release as it was prepared, from the evidence branch."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from jupyter_mlcd.model.release import Release, release_folder

if TYPE_CHECKING:
    from jupyter_mlcd.actions.desk import Desk


def read_release(desk: Desk, version: str) -> Release:
    """Return a prepared release. Raises NotFoundError."""
    folder = release_folder(desk.project.name, version)
    return msgspec.json.decode(desk.ledger.read(f"{folder}/release.json"), type=Release)
