"""Does a yes that was given on a hub count? By the hub's word, and in doubt it does not.

The checks, in order; the first that fails is the answer:

1. the hub says it still: it was not taken back when the hub was last asked;
2. what was kept of it can be read;
3. approvals from there count in the environment;
4. it is for these bytes, this environment, and the rules of today;
5. it was given in the past, and has not expired;
6. where duties are separate, its person neither ran nor wrote what is released.

Nobody needs a key for it, and so nobody can prove it later without the hub: it is asked again
before each delivery, and what it says no more is taken back.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from jupyter_mlcd.actions.judge_statement import Bound, Judged, content_faults, time_faults
from jupyter_mlcd.actions.statement_files import read_statement, statement_file
from jupyter_mlcd.model.approval import HubApproval, StatementFault
from jupyter_mlcd.model.hub import hub_name
from jupyter_mlcd.model.signers import Signer, email_of, read_signers
from jupyter_mlcd.world.clock import parse_time

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from jupyter_mlcd.actions.desk import Desk
    from jupyter_mlcd.actions.judge_statement import Fault
    from jupyter_mlcd.model.review import ReviewEntry


def judge_heard(desk: Desk, entry: ReviewEntry, bound: Bound) -> Judged:
    """Return whether an approval on a hub counts."""
    if entry.taken_back:
        words = "it is not given there any more"
        return Judged(entry, fault=StatementFault.WITHDRAWN, words=words)
    approval = kept_approval(desk, entry)
    if approval is None:
        words = "what was kept of it cannot be read"
        return Judged(entry, fault=StatementFault.UNREADABLE, words=words)
    signer, is_listed = _person(approval, read_signers(bound.signers))
    faults = [
        *_hub_faults(desk, approval, bound.environment),
        *content_faults(approval, bound),
        *time_faults(approval, parse_time(approval.at), None, bound),
        *_duty_faults(approval, signer, bound, is_listed=is_listed),
    ]
    return Judged(entry, approval, signer, "", *faults[0] if faults else ())


def kept_approval(desk: Desk, entry: ReviewEntry) -> HubApproval | None:
    """Return what was kept of an approval on a hub; None where it cannot be read."""
    path = statement_file(desk, entry)
    data = desk.ledger.read_all([path]).get(path, b"") if path else b""
    approval = read_statement(entry, data)
    if not isinstance(approval, HubApproval):
        return None
    try:
        parse_time(approval.at)
    except (ValueError, OverflowError):
        return None
    return approval


def _person(approval: HubApproval, signers: Iterable[Signer]) -> tuple[Signer, bool]:
    """Return whose yes it is, and whether she is listed with her e-mails among the signers.

    A line of ``allowed_signers`` that names ``github:ken`` says which person that account is.
    """
    names = {f"{approval.hub.value}:{approval.account}".casefold()}
    names |= {approval.email.casefold()} if approval.email else set()
    for signer in signers:
        if any(signer.is_named(name) for name in names):
            return signer, True
    return Signer(frozenset(names)), False


def _hub_faults(desk: Desk, approval: HubApproval, environment: str) -> Iterator[Fault]:
    asked = desk.policy.environments[environment].approvals_from
    if approval.hub is not asked:
        words = f"approvals on {hub_name(approval.hub)} do not count in {environment}"
        yield StatementFault.OTHER_HUB, words
    elif not approval.is_same_tree:
        words = f"it was given on {hub_name(approval.hub)} for other files"
        yield StatementFault.OTHER_BYTES, words


def _duty_faults(
    approval: HubApproval, signer: Signer, bound: Bound, *, is_listed: bool
) -> Iterator[Fault]:
    duties = bound.duties
    if duties is None:
        return
    if duties.ran is None or duties.wrote is None:
        yield StatementFault.DUTIES_UNKNOWN, "it cannot be told who ran and wrote what is released"
        return
    known = {email.casefold(): account for email, account in approval.accounts.items()}
    kinds = (
        (duties.ran, StatementFault.OWN_RUN, "it is by who ran the tests"),
        (duties.wrote, StatementFault.OWN_COMMIT, "it is by who wrote some of what is new"),
    )
    for people, fault, words in kinds:
        emails = {email_of(one) for one in people}
        accounts = {known.get(email, "").casefold() for email in emails}
        if approval.account.casefold() in accounts or any(map(signer.is_named, emails)):
            yield fault, words
    strangers = {email_of(one) for one in duties.ran | duties.wrote} - set(known)
    if strangers and not is_listed:
        hub, account = hub_name(approval.hub), approval.account
        words = f"whether {account} is {min(strangers)} is not known on {hub}"
        yield StatementFault.DUTIES_UNKNOWN, words
