"""Ask the hub who approved the pull request of a release, and keep what it says.

What is new there becomes an entry of the review; what it does not say any more is taken back. So
the history is what the hub said when it was last asked: by a person, and before each delivery.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import msgspec

from jupyter_mlcd.actions.examine import check_environment, examine
from jupyter_mlcd.actions.judge_heard import kept_approval
from jupyter_mlcd.actions.judge_statement import duties_of
from jupyter_mlcd.actions.prepare_release import is_preparable, preparable, releasing, tag_release
from jupyter_mlcd.actions.review_release import show_review
from jupyter_mlcd.model.approval import HubApproval, policy_digest, statement_path
from jupyter_mlcd.model.errors import HubError, UsageError
from jupyter_mlcd.model.hub import Opinion, hub_name
from jupyter_mlcd.model.review import EntryKind, ReviewHeard, ReviewTakenBack
from jupyter_mlcd.model.signers import email_of
from jupyter_mlcd.world.clock import format_time, parse_time

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from jupyter_mlcd.actions.desk import Desk
    from jupyter_mlcd.actions.examine import Proposal
    from jupyter_mlcd.model.delivery import History
    from jupyter_mlcd.model.event import Body
    from jupyter_mlcd.model.release import Release
    from jupyter_mlcd.model.review import ReviewEntry
    from jupyter_mlcd.model.review_page import ReviewPage
    from jupyter_mlcd.ports import Hub

_MOST_OPINIONS: Final = 200
_MOST_PEOPLE: Final = 50


def collect_approvals(desk: Desk, environment: str, version: str = "") -> ReviewPage:
    """Ask the hub now, prepare the release where that was not done, and return its review.

    Raises UsageError where no hub counts, NotFoundError, GateError, HubError, GitError.
    """
    check_environment(desk, environment)
    if desk.policy.environments[environment].approvals_from is None:
        raise UsageError(
            f"{environment} asks no hub for approvals",
            hint='Add approvals-from = "github", "gitlab" or "azure-devops" to its table.',
        )
    with desk.alone():
        history = desk.history
        proposal = examine(
            desk, environment, snapshot=desk.snapshot(), history=history, version=version
        )
        release = preparable(proposal)
        collect(desk, proposal, history)
        return show_review(desk, release.version)


def collect(desk: Desk, proposal: Proposal, history: History) -> bool:
    """Ask the hub about a proposal where it counts; tell whether the history changed.

    Nobody is asked while it could not be prepared anyway. Raises HubError, GitError.
    """
    release, environment = proposal.release, proposal.environment
    kind = desk.policy.environments[environment].approvals_from
    if kind is None or release is None or not is_preparable(proposal):
        return False
    hub = desk.hub(kind)
    said = _opinions(hub, release)[:_MOST_OPINIONS]
    accounts = _accounts(desk, hub, proposal, history) if said else {}
    fresh = {_key(one): _approval(desk, hub, release, environment, one, accounts) for one in said}
    entries = history.reviews.get(release.digest, ())
    known = {_key(one): one for one in _holding(entries, environment)}
    same = {key for key in known if key in fresh and _is_kept(desk, known[key], fresh[key])}
    if same == set(known) == set(fresh):
        return False
    events, files = releasing(desk, proposal, release, history)
    for key, entry in known.items():
        if key not in same:
            why = f"{hub_name(kind)} does not say it any more"
            body: Body = ReviewTakenBack(release.version, release.digest, entry.id, why)
            events.append(desk.event(body))
    for one in said:
        if _key(one) not in same:
            name = desk.new_id()
            events.append(desk.event(_heard(hub, release, environment, one, name)))
            if one.is_yes:
                path = statement_path(HubApproval, release.project, release.version, name)
                files[path] = fresh[_key(one)].to_bytes()
    words = f"Hear what {hub_name(kind)} says of {release.project} {release.version}"
    desk.ledger.append(events, files, words, desk.by)
    if release.version not in history.releases:
        tag_release(desk, release)
    return True


def _opinions(hub: Hub, release: Release) -> Sequence[Opinion]:
    try:
        return hub.opinions(release.commit)
    except HubError as error:
        hint = error.hint or f"Is the commit {release.commit[:7]} pushed? Nothing was delivered."
        raise HubError(error.message, code=error.code, hint=hint) from None


def _key(said: Opinion | ReviewEntry) -> tuple[str, bool]:
    """Return the hub's name of something, and whether it is a yes."""
    is_yes = said.is_yes if isinstance(said, Opinion) else said.kind is EntryKind.APPROVED
    return said.key, is_yes


def _holding(entries: Iterable[ReviewEntry], environment: str) -> Iterator[ReviewEntry]:
    """Yield what was heard for an environment and not taken back."""
    for entry in entries:
        if entry.hub is not None and entry.environment == environment and not entry.taken_back:
            yield entry


def _is_kept(desk: Desk, entry: ReviewEntry, fresh: HubApproval) -> bool:
    """Whether what was kept is what the hub says; the rules are those of when it was heard.

    Whoever may push the history could have written it.
    """
    if entry.kind is not EntryKind.APPROVED:
        return True
    kept = kept_approval(desk, entry)
    return kept is not None and msgspec.structs.replace(kept, policy=fresh.policy) == fresh


def _heard(hub: Hub, release: Release, environment: str, said: Opinion, name: str) -> ReviewHeard:
    return ReviewHeard(
        version=release.version,
        digest=release.digest,
        name=name,
        environment=environment,
        hub=hub.place.kind,
        key=said.key,
        who=_who(hub, said),
        url=said.url,
        is_yes=said.is_yes,
    )


def _who(hub: Hub, said: Opinion) -> str:
    name = (said.name or said.account).translate({ord(letter): " " for letter in "<>"})
    return f"{name} <{hub.place.kind.value}:{said.account}>"


def _approval(  # noqa: PLR0913, PLR0917 - who says what of what, to whom
    desk: Desk,
    hub: Hub,
    release: Release,
    environment: str,
    said: Opinion,
    accounts: dict[str, str],
) -> HubApproval:
    return HubApproval(
        project=release.project,
        version=release.version,
        digest=release.digest,
        environment=environment,
        policy=policy_digest(desk.policy, environment),
        by=_who(hub, said),
        at=format_time(parse_time(said.at)),
        hub=hub.place.kind,
        server=hub.place.url,
        repository=hub.place.repository,
        account=said.account,
        email=said.email,
        key=said.key,
        url=said.url,
        commit=said.head,
        is_same_tree=said.is_same_tree,
        accounts=accounts,
    )


def _accounts(desk: Desk, hub: Hub, proposal: Proposal, history: History) -> dict[str, str]:
    """Return the accounts of who ran and wrote it, where duties are separate."""
    environment, release = proposal.environment, proposal.release
    if release is None or not desk.policy.environments[environment].separation_of_duties:
        return {}
    ran = frozenset(one.run.by for one in proposal.tested)
    duties = duties_of(desk, environment, history, release, ran)
    people = sorted({email_of(one) for one in (duties.ran or set()) | (duties.wrote or set())})
    return dict(hub.accounts(people[:_MOST_PEOPLE]))
