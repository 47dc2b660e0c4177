"""What people signed about a release, as an export carries it: with what it was worth that day."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from jupyter_mlcd.actions.judge_statement import (
    Judged,
    bound_to,
    judge_bytes,
    short_name,
    signed_bytes,
)
from jupyter_mlcd.actions.statement_files import SIGNED
from jupyter_mlcd.model.approval import (
    Approval,
    SignedStatement,
    StatementFault,
    Statements,
    Waiver,
)
from jupyter_mlcd.model.hub import hub_name

if TYPE_CHECKING:
    from jupyter_mlcd.actions.desk import Desk
    from jupyter_mlcd.model.delivery import History
    from jupyter_mlcd.model.release import Release
    from jupyter_mlcd.model.review import ReviewEntry

_NO_SIGNED_WORD: Final = frozenset(
    {
        StatementFault.UNREADABLE,
        StatementFault.UNSIGNED,
        StatementFault.UNTRUSTED,
        StatementFault.KEY_NOT_VALID,
        StatementFault.FORGED,
        StatementFault.OTHER_BYTES,
        StatementFault.FUTURE,
    }
)
"""What is wrong with the word itself; other faults are of the day on which it is asked about."""


def collect_statements(desk: Desk, history: History, release: Release) -> Statements:
    """Return the approvals and waivers of a release, those that do not count any more too.

    What was taken back or is no signed word of the person named is left out, and named.
    """
    signed: list[SignedStatement] = []
    left_out: list[str] = []
    for entry in history.reviews.get(release.digest, ()):
        kind = SIGNED.get(entry.kind)
        if kind is None:
            continue
        found, words = _looked_at(desk, history, release, entry, kind)
        if found is not None:
            signed.append(found)
        else:
            verb = "approval" if kind is Approval else "exception"
            left_out.append(f"the {verb} of {short_name(entry.by)}: {words}")
    return Statements(desk.now(), tuple(signed), tuple(left_out))


def _looked_at(
    desk: Desk,
    history: History,
    release: Release,
    entry: ReviewEntry,
    kind: type[Approval | Waiver],
) -> tuple[SignedStatement | None, str]:
    """Return a statement as it is exported, or why it is not."""
    if entry.taken_back:
        return None, "it was taken back"
    if entry.hub is not None:
        return None, f"it was given on {hub_name(entry.hub)} and is not signed: {entry.url}"
    if entry.environment not in desk.policy.environments:
        return None, f"there is no environment {entry.environment} any more"
    bound = bound_to(desk, entry.environment, history, release, ())
    data, signature = signed_bytes(desk, entry)
    judged: Judged = judge_bytes(entry, data, signature, kind, bound)
    if not isinstance(judged.statement, Approval | Waiver) or judged.fault in _NO_SIGNED_WORD:
        return None, judged.words
    made = SignedStatement(
        entry.id, judged.statement, data, signature, judged.principal, judged.words
    )
    return made, ""
