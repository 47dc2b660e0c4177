"""Kept evidence as it is shown: its manifest, what keeping changed, and what was erased since."""

from __future__ import annotations

from jupyter_mlcd.model.erasure import ShownErasure  # noqa: TC001 - msgspec reads it
from jupyter_mlcd.model.evidence import Manifest
from jupyter_mlcd.model.kept import KeptChanges  # noqa: TC001 - msgspec reads it


class ShownEvidence(Manifest, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The manifest with what a reader has to know beside it; neither is part of its file."""

    kept: KeptChanges | None = None
    """What keeping took out, or kept because somebody allowed it; None where nothing."""
    erased: tuple[ShownErasure, ...] = ()
    """What the Store held of it and holds no more, oldest first."""
