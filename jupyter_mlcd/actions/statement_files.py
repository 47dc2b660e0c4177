"""Where what people signed, or said on a hub, lies beside a release, and what it says.

Events name the files, and whoever may push could have written an event: a name that is none of ours
leads nowhere.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import msgspec

from jupyter_mlcd.model.approval import Approval, HubApproval, Waiver, statement_path
from jupyter_mlcd.model.errors import UsageError
from jupyter_mlcd.model.release import check_version
from jupyter_mlcd.model.review import EntryKind

if TYPE_CHECKING:
    from collections.abc import Iterable

    from jupyter_mlcd.actions.desk import Desk
    from jupyter_mlcd.model.review import ReviewEntry

_NAME: Final = re.compile(r"[0-9a-f-]{1,64}\Z")
SIGNED: Final[dict[EntryKind, type[Approval | Waiver]]] = {
    EntryKind.APPROVED: Approval,
    EntryKind.WAIVED: Waiver,
}
"""What lies beside the release for an entry that was made here."""


def statement_file(desk: Desk, entry: ReviewEntry) -> str:
    """Return the file of an approval or exception; empty for what has none."""
    kind = HubApproval if entry.hub and entry.kind in SIGNED else SIGNED.get(entry.kind)
    if kind is None or not _NAME.match(entry.id):
        return ""
    try:
        version = check_version(entry.version)
    except UsageError:
        return ""
    return statement_path(kind, desk.project.name, version, entry.id)


def read_statement(entry: ReviewEntry, data: bytes) -> Approval | HubApproval | Waiver | None:
    """Return what a file says; None where it cannot be read."""
    try:
        if entry.hub:
            return msgspec.json.decode(data, type=HubApproval)
        return msgspec.json.decode(data, type=SIGNED[entry.kind])
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None


def words_of(statement: Approval | HubApproval | Waiver) -> str:
    """Return what a person wrote with it; of a hub, where it stands."""
    if isinstance(statement, HubApproval):
        return statement.url
    return statement.reason if isinstance(statement, Waiver) else statement.comment


def tell_statements(desk: Desk, entries: Iterable[ReviewEntry]) -> tuple[ReviewEntry, ...]:
    """Return entries with the words and the end of the approvals and waivers among them.

    What cannot be read stays without, and what was said on a hub as it is. Whether they count is
    another question.
    """
    listed = list(entries)
    paths = {one.id: statement_file(desk, one) for one in listed if one.hub is None}
    found = desk.ledger.read_all(filter(None, paths.values()))
    return tuple(_told(one, found.get(paths.get(one.id, ""))) for one in listed)


def _told(entry: ReviewEntry, data: bytes | None) -> ReviewEntry:
    said = None if data is None else read_statement(entry, data)
    if said is None:
        return entry
    return msgspec.structs.replace(entry, text=words_of(said), until=said.expires)
