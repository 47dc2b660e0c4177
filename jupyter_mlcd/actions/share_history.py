"""Share the history: ours goes to a git remote, that of others comes here. Only on request."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jupyter_mlcd.model.review import Shared

if TYPE_CHECKING:
    from jupyter_mlcd.actions.desk import Desk


def share_history(desk: Desk, remote: str) -> Shared:
    """Exchange the evidence branch with a remote of the repository; no tag goes along.

    A tag could start the company's CD system: those go with a delivery only. Nothing is forced.
    Raises NotFoundError for a remote that is not configured, RefusedError, GitError.
    """
    before = len(desk.ledger.events())
    url = desk.share(remote)
    return Shared(remote, url, len(desk.ledger.events()) - before)
