"""Would a yes by whoever asks count? Said before the button, so that nobody signs for nothing.

The key is not used for it: what only a signature can tell is told when it is made.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from jupyter_mlcd.actions.judge_statement import duty_faults
from jupyter_mlcd.model.approval import StatementFault
from jupyter_mlcd.model.errors import SigningError
from jupyter_mlcd.model.signers import principals_with, read_signers, signer_of
from jupyter_mlcd.model.status import Reason

if TYPE_CHECKING:
    from collections.abc import Iterable

    from jupyter_mlcd.actions.desk import Desk
    from jupyter_mlcd.actions.judge_statement import Bound, Judged
    from jupyter_mlcd.model.signers import Signer


def judge_yours(desk: Desk, bound: Bound, given: Iterable[Judged]) -> tuple[Reason | None, bool]:
    """Return why an approval would not count, None where it would; and whether an exception would.

    ``given`` is the approvals that count already.
    """
    try:
        signer = _signer(desk, bound)
    except SigningError as error:
        hint = error.hint.removeprefix("Nothing was written. ")
        return Reason(error.code, f"{error.message}. {hint}"), False
    if signer is None:
        file = desk.policy.project.signers
        where = desk.project.project.policy or "the commit that is checked out"
        words = f"nobody who may approve has your key: it has to stand in {file} of {where}"
        return Reason(StatementFault.UNTRUSTED.value, words), False
    if not signer.is_named(desk.by):
        named = ", ".join(sorted(signer.principals))
        words = f"your key is that of {named}, but git calls you {desk.by}"
        return Reason(StatementFault.FORGED.value, words), False
    for fault, _ in duty_faults(signer, bound.duties):
        return Reason(fault.value, _YOURS[fault]), False
    if any(one.signer == signer for one in given):
        return Reason(StatementFault.SAME_PERSON.value, "you have approved it already"), True
    return None, True


_YOURS = {
    StatementFault.DUTIES_UNKNOWN: "it cannot be told who ran and wrote what is released: its "
    "commit has to be here (`git fetch`), and what is live before it",
    StatementFault.OWN_RUN: "you ran the tests: somebody else has to approve",
    StatementFault.OWN_COMMIT: "you wrote some of what is new: somebody else has to approve",
}


def _signer(desk: Desk, bound: Bound) -> Signer | None:
    """Return the person that the key says, or the one of that name where it cannot be read."""
    public = desk.own_key()
    signers = read_signers(bound.signers)
    if public:
        return signer_of(signers, principals_with(bound.signers, public))
    named = [one for one in signers if one.is_named(desk.by)]
    return named[0] if len(named) == 1 else None
