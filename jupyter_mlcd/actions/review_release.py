"""Review a release: ask for it, read it, remark on it, want changes, take back what was said.

Each is one event on the ledger, under the digest of the release; there is no other state. What is
signed, approvals and waivers, is in ``sign_review``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from jupyter_mlcd.actions.compare_rules import compare_rules
from jupyter_mlcd.actions.examine import check_environment, examine, examine_prepared
from jupyter_mlcd.actions.examine_review import counting, statement_faults
from jupyter_mlcd.actions.judge_statement import bound_to
from jupyter_mlcd.actions.judge_yours import judge_yours
from jupyter_mlcd.actions.prepare_release import preparable, releasing, tag_release
from jupyter_mlcd.actions.read_release import read_release
from jupyter_mlcd.actions.statement_files import tell_statements
from jupyter_mlcd.model.approval import StatementFault
from jupyter_mlcd.model.errors import NotFoundError, RefusedError, UsageError
from jupyter_mlcd.model.event import LEDGER_REF
from jupyter_mlcd.model.hub import page_of
from jupyter_mlcd.model.release import release_folder
from jupyter_mlcd.model.review import (
    ChangesRequested,
    Remark,
    ReviewAsked,
    ReviewCommented,
    ReviewEntry,
    ReviewTakenBack,
    new_since,
)
from jupyter_mlcd.model.review_page import ReviewPage, ReviewState
from jupyter_mlcd.model.signers import email_of, read_signers, same_person

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jupyter_mlcd.actions.desk import Desk
    from jupyter_mlcd.model.delivery import History
    from jupyter_mlcd.model.event import Body
    from jupyter_mlcd.model.release import Release

_LONGEST_TEXT = 10_000
_SAID = frozenset(StatementFault)
"""Codes of what people's words leave to be wished for."""
_MOST_PEOPLE = 50


def ask_review(
    desk: Desk, environment: str, people: Sequence[str], *, why: str = "", version: str = ""
) -> ReviewPage:
    """Ask people to review what is ready for ``environment``, and return its page.

    Its evidence is kept and the release prepared with it, so that there is something to approve;
    nothing leaves the machine. Raises UsageError, NotFoundError, GateError, RefusedError, GitError.
    """
    check_environment(desk, environment)
    named = _people(people)
    said = _text(why)
    with desk.alone():
        history = desk.history
        proposal = examine(
            desk, environment, snapshot=desk.snapshot(), history=history, version=version
        )
        release = proposal.release
        if release is None or release.version not in history.releases:
            release = preparable(proposal)
        events, files = releasing(desk, proposal, release, history)
        asked = ReviewAsked(release.version, release.digest, environment, named, said)
        words = f"Ask {', '.join(named)} to review {release.project} {release.version}"
        desk.ledger.append([*events, desk.event(asked)], files, words, desk.by)
        if release.version not in history.releases:
            tag_release(desk, release)
    return show_review(desk, release.version)


def show_review(desk: Desk, version: str = "") -> ReviewPage:
    """Return a release with what people said about it; empty: the newest. Raises NotFoundError."""
    history = desk.history
    release = find_release(desk, history, version)
    entries = history.reviews.get(release.digest, ())
    new = new_since(entries, desk.by)
    sharing = desk.worktree.sharing()
    return ReviewPage(
        by=desk.by,
        yours=tuple(entry.id for entry in entries if _is_hers(desk, entry)),
        remotes=sharing.remotes,
        project=release.project,
        version=release.version,
        digest=release.digest,
        commit=release.commit,
        runs=release.runs,
        entries=tell_statements(desk, entries),
        new=tuple(entry.id for entry in entries if entry.id in new),
        link=evidence_page(sharing.url, release),
        environments=tuple(
            _state(desk, name, history, release) for name in desk.policy.environments
        ),
    )


def evidence_page(address: str, release: Release) -> str:
    """Return where the hub of a remote shows a release, once it is shared; empty: nowhere."""
    folder = release_folder(release.project, release.version)
    return page_of(address, LEDGER_REF.removeprefix("refs/heads/"), folder)


def _state(desk: Desk, environment: str, history: History, release: Release) -> ReviewState:
    proposal = examine_prepared(desk, environment, history, release.version, named=True)
    bound = bound_to(desk, environment, history, release, ())
    given, bad = counting(desk, bound, history)
    unfit, waivable = judge_yours(desk, bound, given)
    live = history.live.get(environment)
    return ReviewState(
        environment,
        desk.policy.environments[environment].approvals,
        proposal.approval,
        tuple(finding for finding in proposal.findings if finding is not proposal.approval),
        desk.policy.environments[environment].approvals_from,
        statement_faults(desk, bound, history, bad),
        policy=bound.policy,
        reasons=tuple(reason for reason in proposal.reasons if reason.code in _SAID),
        exceptions=proposal.exceptions,
        unfit=unfit,
        waivable=waivable,
        live=live.version if live else "",
        rules=compare_rules(desk, environment, history),
        scoring=proposal.scoring,
    )


def comment(desk: Desk, version: str, remark: Remark) -> ReviewPage:
    """Remark on a release, a case or a cell. Raises UsageError, NotFoundError, GitError."""
    text = _text(remark.text, needed="what you want to say")
    if remark.cell is not None and (remark.cell < 0 or not remark.case):
        raise UsageError("a cell is one of a case", hint="Name the case too.")
    release = find_release(desk, desk.history, version)
    body = ReviewCommented(release.version, release.digest, text, remark.case, remark.cell)
    return _append(desk, release, body, "Remark on")


def reject(desk: Desk, version: str, why: str, digest: str = "") -> ReviewPage:
    """Ask for changes: until the same person approves, or takes it back, it does not go out.

    ``digest`` is of what was looked at; empty: whatever that version is. Raises UsageError without
    a reason, NotFoundError, RefusedError, GitError.
    """
    text = _text(why, needed="what has to change")
    release = find_release(desk, desk.history, version)
    check_seen(release, digest)
    body = ChangesRequested(release.version, release.digest, text)
    return _append(desk, release, body, "Ask for changes of")


def take_back(desk: Desk, entry: str, why: str = "") -> ReviewPage:
    """Take back something one said, by the beginning of its id; it stays, marked.

    Raises NotFoundError, UsageError, RefusedError for what somebody else said, GitError.
    """
    said = _text(why)
    history = desk.history
    found = _find_entry(history, entry)
    release = find_release(desk, history, found.version)
    if not _is_hers(desk, found):
        raise RefusedError(
            f"{found.by} said that, not you",
            code="not-yours",
            hint="Nothing was changed. Ask for changes instead.",
        )
    if found.taken_back:
        return show_review(desk, release.version)
    body = ReviewTakenBack(release.version, release.digest, found.id, said)
    return _append(desk, release, body, "Take back a word on")


def find_release(desk: Desk, history: History, version: str) -> Release:
    """Return a prepared release; empty: the newest. Raises NotFoundError."""
    wanted = version or next(reversed(history.releases), "")
    if wanted not in history.releases:
        what = f"{wanted} was not prepared yet" if wanted else "no version was prepared yet"
        hint = "Ask for a review of what is here: jupyter mlcd review ask PERSON"
        raise NotFoundError(what, hint=hint)
    return read_release(desk, wanted)


def check_seen(release: Release, digest: str) -> None:
    """Raise RefusedError if a release is not the one that was looked at."""
    if digest not in {"", release.digest}:
        raise RefusedError(
            f"{release.version} is not what you looked at",
            code=StatementFault.OTHER_BYTES.value,
            hint="Nothing was written. Look at it again.",
        )


def _append(desk: Desk, release: Release, body: Body, words: str) -> ReviewPage:
    message = f"{words} {release.project} {release.version}"
    desk.ledger.append([desk.event(body)], {}, message, desk.by)
    return show_review(desk, release.version)


def _find_entry(history: History, name: str) -> ReviewEntry:
    every = [one for entries in history.reviews.values() for one in entries]
    found = [one for one in every if name and (one.id == name or one.id.startswith(name))]
    found = [one for one in found if one.id == name] or found
    if not found:
        hint = "See `jupyter mlcd review show`: the id stands before each line."
        raise NotFoundError(f"nothing was said under {name!r}", hint=hint)
    if len(found) > 1:
        raise UsageError(f"{name!r} begins more than one id", hint="Give more of it.")
    return found[0]


def _is_hers(desk: Desk, entry: ReviewEntry) -> bool:
    if same_person(entry.by, desk.by):
        return True
    signers = read_signers(desk.signers())
    return any(one.is_named(entry.by) and one.is_named(desk.by) for one in signers)


def _people(people: Sequence[str]) -> tuple[str, ...]:
    named = tuple(dict.fromkeys(one.strip() for one in people if one.strip()))
    if not named or len(named) > _MOST_PEOPLE:
        raise UsageError("name who is to review it", hint="As in ken@example.org.")
    for one in named:
        if "@" not in email_of(one) or not one.isprintable() or len(one) > _LONGEST_TEXT:
            raise UsageError(f"{one[:80]!r} is not an e-mail", hint="As in ken@example.org.")
    return named


def _text(text: str, *, needed: str = "") -> str:
    said = text.strip()
    if needed and not said:
        raise UsageError(f"say {needed}", hint="Nothing was written.")
    if len(said) > _LONGEST_TEXT:
        raise UsageError(f"that is longer than {_LONGEST_TEXT} letters")
    return said
