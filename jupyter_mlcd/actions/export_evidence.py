"""Export: evidence as a folder or a zip that anyone can check with sha256sum."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING

from jupyter_mlcd.model.errors import NotFoundError

if TYPE_CHECKING:
    from jupyter_mlcd.actions.desk import Desk

_EPOCH = (1980, 1, 1, 0, 0, 0)
"""The oldest time a zip can hold: equal evidence gives equal bytes."""


def export_evidence(desk: Desk, run: str) -> dict[str, bytes]:
    """Return the files of a run's kept evidence. Raises NotFoundError."""
    evidence = desk.history.evidence.get(run)
    if evidence is None:
        hint = "See `jupyter mlcd evidence list`; a draft has to be kept first."
        raise NotFoundError(f"there is no evidence {run!r}", hint=hint)
    names = desk.ledger.files(evidence.path)
    return {name: desk.ledger.read(f"{evidence.path}/{name}") for name in names}


def as_zip(files: dict[str, bytes]) -> bytes:
    """Return a zip of ``files``: the same bytes for the same files."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(files):
            entry = zipfile.ZipInfo(path, _EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, files[path])
    return buffer.getvalue()
