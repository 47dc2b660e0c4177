"""What signed words say, for the page of a review; whether they count is another question."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import msgspec

from jupyter_mlcd.actions.judge_statement import read_statement
from jupyter_mlcd.model.approval import Approval, Waiver
from jupyter_mlcd.model.review import EntryKind

if TYPE_CHECKING:
    from collections.abc import Iterable

    from jupyter_mlcd.actions.desk import Desk
    from jupyter_mlcd.model.review import ReviewEntry

_KINDS: Final[dict[EntryKind, type[Approval | Waiver]]] = {
    EntryKind.APPROVED: Approval,
    EntryKind.WAIVED: Waiver,
}


def tell_statements(desk: Desk, entries: Iterable[ReviewEntry]) -> tuple[ReviewEntry, ...]:
    """Return entries with the words and the end of the approvals and waivers among them.

    What cannot be read stays without, and what was said on a hub as it is.
    """
    return tuple(_told(desk, one) for one in entries)


def _told(desk: Desk, entry: ReviewEntry) -> ReviewEntry:
    kind = _KINDS.get(entry.kind)
    if kind is None or entry.hub is not None:
        return entry
    data, _ = read_statement(desk, entry, kind)
    try:
        said = msgspec.json.decode(data, type=kind)
    except msgspec.MsgspecError:
        return entry
    text = said.reason if isinstance(said, Waiver) else said.comment
    return msgspec.structs.replace(entry, text=text, until=said.expires)
