"""Tell work items what became of a delivery: that a version is live, or was rolled back.

Only where ``tell-work-items = true`` says so, each work item once for each delivery: our key stands
in what is written, and is looked for first. It never fails a delivery. What could not be written is
kept as words, and tried again when somebody looks at the delivery.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from jupyter_mlcd.actions.find_hub import hub_of_item, in_words
from jupyter_mlcd.model.delivery import DeliveryState
from jupyter_mlcd.model.errors import MlcdError
from jupyter_mlcd.model.event import LEDGER_REF, WorkItemsTold
from jupyter_mlcd.model.hub import Told, page_of, plain_markdown
from jupyter_mlcd.model.issue import issue_url
from jupyter_mlcd.model.release import release_folder

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from jupyter_mlcd.actions.desk import Desk
    from jupyter_mlcd.model.delivery import Delivery, History

_MOST = 20
"""Work items that are told of a delivery."""
_NO_ANSWER = {"hub-unreachable", "hub-lost"}
"""After these the same server is not asked about the next one: it would take as long again."""


def work_items(
    desk: Desk, history: History, environment: str, issues: Sequence[str], back_from: str = ""
) -> tuple[str, ...]:
    """Return the work items that are told: none where the environment does not ask for it.

    A roll back is told to those of the version that it takes away too.
    """
    rules = desk.policy.environments.get(environment)
    if rules is None or not rules.tell_work_items:
        return ()
    taken = (
        name
        for one in history.deliveries.values()
        if back_from and (one.environment, one.version) == (environment, back_from)
        and one.state is DeliveryState.DELIVERED
        for name in one.issues
    )  # fmt: skip
    return tuple(dict.fromkeys((*issues, *taken)))[:_MOST]


def sentences(
    project: str, version: str, environment: str, items: Sequence[str], back_from: str = ""
) -> list[str]:
    """Return what will be written, one sentence for each work item."""
    words = _what(project, version, environment, back_from)
    return [f"Writes to work item **{name}**: {words}." for name in items]


def tell_work_items(desk: Desk, delivery: Delivery) -> Delivery:
    """Tell those that were not told yet, note it, and return the delivery. Raises nothing.

    One that is not delivered has nothing to tell.
    """
    with suppress(MlcdError):
        told = tuple(_tell(desk, delivery, untold(desk, delivery)))
        if any(one not in delivery.told for one in told):
            words = f"{delivery.version} to {delivery.environment}: work items"
            event = desk.event(WorkItemsTold(delivery.key, told))
            desk.ledger.append([event], {}, words, desk.by)
            return desk.history.deliveries[delivery.key]
    return delivery


def untold(desk: Desk, delivery: Delivery) -> Sequence[str]:
    """Return the work items that have to hear of a delivery and did not; asks nobody."""
    if delivery.state is not DeliveryState.DELIVERED:
        return ()
    environment, back_from = delivery.environment, delivery.back_from
    items = work_items(desk, desk.history, environment, delivery.issues, back_from)
    done = {one.where for one in delivery.told if not one.problem}
    return [name for name in items if name not in done]


def _tell(desk: Desk, delivery: Delivery, items: Sequence[str]) -> Iterator[Told]:
    address = desk.worktree.sharing().url
    silent = ""
    for name in items:
        if silent:
            yield Told(name, problem=silent)
            continue
        try:
            yield Told(name, _told(desk, delivery, name) or issue_url(name, address))
        except MlcdError as error:
            problem = in_words(error)
            silent = problem if error.code in _NO_ANSWER else ""
            yield Told(name, problem=problem)


def _told(desk: Desk, delivery: Delivery, name: str) -> str:
    """Write to one work item unless it stands there already; return where, if that is known."""
    hub = hub_of_item(desk, name)
    # From the beginning of the day: clocks of servers differ.
    if hub.has_comment(name, delivery.key, f"{delivery.requested[:10]}T00:00:00Z"):
        return ""
    return hub.comment_issue(name, _text(desk, delivery))


def _text(desk: Desk, delivery: Delivery) -> str:
    """Return the comment, as Markdown; what a person wrote is quoted."""
    project, version = desk.project.name, delivery.version
    what = _what(plain_markdown(project), version, delivery.environment, delivery.back_from)
    branch, folder = LEDGER_REF.removeprefix("refs/heads/"), release_folder(project, version)
    page = page_of(desk.worktree.sharing().url, branch, folder)
    why = [f"> {plain_markdown(line)}" for line in delivery.why.splitlines() if line.strip()]
    run = delivery.ticket.get("url", "")
    return "\n".join((
        f"{what[:1].upper()}{what[1:]}.",
        *(("", *why) if why else ()),
        "",
        *((f"Its delivery: {run}",) if run else ()),
        *((f"Its evidence, once it is shared: {page}",) if page else ()),
        f"Release digest `{delivery.digest}`, delivery `{delivery.key}`.",
    ))  # fmt: skip


def _what(project: str, version: str, environment: str, back_from: str) -> str:
    if back_from:
        return f"{project} {back_from} was rolled back in {environment}: {version} is live again"
    return f"{project} {version} is live in {environment}"
