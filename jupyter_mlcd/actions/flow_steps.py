"""What a pass says of deliveries and of checks of what is live."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jupyter_mlcd.actions.verify_live import verify_live, why_unchecked
from jupyter_mlcd.model.delivery import Delivery, DeliveryState
from jupyter_mlcd.model.flow import CheckEnd, CheckState, FlowKind, FlowStep, LiveCheck

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jupyter_mlcd.actions.desk import Desk

REFUSED, FAILED = 3, 4
"""Exit codes of the command line, as ``model.errors`` has them."""


def delivery_step(found: Delivery) -> FlowStep:
    """Return how a delivery stands."""
    back = f", back from {found.back_from}" if found.back_from else ""
    reason = f": {found.reason}" if found.reason else ""
    words = f"{found.version}{back} is {found.state}{reason}"
    if found.state is DeliveryState.UNKNOWN or found.state is DeliveryState.REQUESTED:
        words = f"{words}; see: jupyter mlcd delivery show {found.key[:8]}"
        return FlowStep(FlowKind.WAITS, found.environment, words, code=FAILED, subject=found.key)
    is_well = found.state.succeeded or not found.state.over
    return FlowStep(
        FlowKind.DELIVERY,
        found.environment,
        words,
        is_busy=not found.state.over,
        code=0 if is_well else FAILED,
        subject=found.key,
    )


def check(desk: Desk, environment: str) -> Iterator[FlowStep]:
    """Yield what became of the check of what is live, where there is one to be made."""
    before = desk.history.check_of_live(environment)
    is_over = before is not None and (
        before.state is CheckState.GREEN or before.led_to is not CheckEnd.NOTHING
    )
    if is_over or why_unchecked(desk, environment):
        return
    found = verify_live(desk, environment)
    yield _check_step(found)


def _check_step(found: LiveCheck) -> FlowStep:
    what, where = f"{found.version} by {found.suite}", found.environment
    if found.state is CheckState.GOING:
        words = f"checking {what}"
        return FlowStep(FlowKind.CHECK_BEGUN, where, words, is_busy=True, subject=found.run)
    words = f"checked {what}: {found.state}, {found.reason}"
    if found.state is CheckState.GREEN:
        return FlowStep(FlowKind.CHECK_ENDED, where, words, subject=found.run)
    if found.led_to is CheckEnd.HELD:
        words = f"{words}; nothing is delivered until somebody lifts it"
        return FlowStep(FlowKind.HELD, where, words, code=1, subject=found.run)
    words = f"{words}; it is rolled back"
    kind = FlowKind.ROLLED_BACK
    return FlowStep(kind, where, words, is_busy=True, code=1, subject=found.run)
