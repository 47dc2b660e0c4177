"""The history of an environment: every delivery to it, newest first, a page at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jupyter_mlcd.actions.examine import check_environment
from jupyter_mlcd.model.delivery import Delivery, DeliveryState, TakenBack
from jupyter_mlcd.model.status import Deliveries, PastDelivery

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jupyter_mlcd.actions.desk import Desk

PAGE = 20
"""Deliveries on one page."""


def list_deliveries(desk: Desk, environment: str, page: int = 0) -> Deliveries:
    """Return one page of the deliveries to ``environment``; past the end an empty one.

    Raises NotFoundError without such an environment.
    """
    check_environment(desk, environment)
    deliveries = desk.history.deliveries.values()
    own = [one for one in deliveries if one.environment == environment]
    brought = [one for one in own if one.state is DeliveryState.DELIVERED]
    live = brought[-1].key if brought else ""
    taken = _taken_back(brought)
    newest = own[::-1]
    return Deliveries(
        environment=environment,
        deliveries=tuple(
            PastDelivery(one, one.key == live, taken.get(one.key))
            for one in newest[page * PAGE : (page + 1) * PAGE]
        ),
        total=len(own),
        page=page,
        pages=-(-len(own) // PAGE),
    )


def _taken_back(brought: Sequence[Delivery]) -> dict[str, TakenBack]:
    """Return ``{key of a delivery: how what it brought was rolled back}``."""
    found: dict[str, TakenBack] = {}
    newest: dict[str, Delivery] = {}
    for delivery in brought:
        gone = newest.get(delivery.back_from)
        if gone is not None:
            at = delivery.moments[-1].at
            found[gone.key] = TakenBack(delivery.version, at, delivery.by, delivery.why)
        newest[delivery.version] = delivery
    return found
