"""Share the history: ours goes to a git remote, that of others comes here. Only on request."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from jupyter_mlcd.model.evidence import MANIFEST, Manifest
from jupyter_mlcd.model.review import Shared

if TYPE_CHECKING:
    from jupyter_mlcd.actions.desk import Desk
    from jupyter_mlcd.model.result import FileDigest


def share_history(desk: Desk, remote: str, *, files: bool = False) -> Shared:
    """Exchange the evidence branch with a remote of the repository; no tag goes along.

    A tag could start the company's CD system: those go with a delivery only. Nothing is forced.
    With ``files`` what kept runs deliver and is on this machine goes to the shared Store first, so
    that who hears of a run finds its files. Raises NotFoundError for a remote that is not
    configured, RefusedError, GitError, WorldError.
    """
    brought = desk.store.share(_delivered(desk)) if files else 0
    before = len(desk.ledger.events())
    url = desk.share(remote)
    return Shared(remote, url, len(desk.ledger.events()) - before, brought)


def _delivered(desk: Desk) -> list[FileDigest]:
    """Return what kept runs deliver, as far as it is on this machine."""
    here = {one.sha256 for one in desk.store.stored()}
    kept = [f"{one.path}/{MANIFEST}" for one in desk.history.evidence.values()]
    texts = desk.ledger.read_all(kept).values()
    manifests = [msgspec.json.decode(text, type=Manifest) for text in texts]
    found = [one for manifest in manifests for one in manifest.delivers.values()]
    return [one for one in dict.fromkeys(found) if one.sha256 in here]
