"""Flow: one pass of "run, gate, deliver, verify" over the environments that deliver by themselves.

For each environment, in the order of the ladder:

1. a delivery that is under way is followed to its end; one that this machine was asked for by a
   pass before, and that was never sent, is sent;
2. what a delivery brought is checked where it is live, and goes back where it is red;
3. suites that nobody has run on what is committed are run;
4. where a rule cannot compare with what is live, since the evaluation changed, that is scored
   again, once for each version that is live and each evaluation;
5. what beats what is live, by all rules and approvals, is delivered.

A pass never waits: it does what can be done now and says what goes on. Nothing is remembered
between two of them but by the ledger and the drafts of runs, so a pass after a crash goes on where
the one before stopped. What was refused, failed, was lost or was live before is not tried again
before something changes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from jupyter_mlcd.actions.flow_forward import go_forward
from jupyter_mlcd.actions.flow_steps import check, delivery_step
from jupyter_mlcd.actions.follow_delivery import follow_delivery, go_on
from jupyter_mlcd.model.errors import MlcdError
from jupyter_mlcd.model.flow import WATCH, FlowKind, FlowPass, FlowStep

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jupyter_mlcd.actions.desk import Desk
    from jupyter_mlcd.model.delivery import Delivery


def flow(desk: Desk, by: str = WATCH) -> FlowPass:
    """Make one pass on the commit that ``desk`` is of, and say what was done and what goes on.

    ``by`` is what delivers: ``watch``, or the name of a CI system, which keeps all it runs.
    """
    steps: list[FlowStep] = []
    for environment in desk.policy.ladder():
        try:
            steps.extend(_environment(desk, environment, by))
        except MlcdError as error:
            words = f"{error.message} {error.hint}".strip()
            steps.append(FlowStep(FlowKind.WAITS, environment, words, code=error.exit_code))
    watched = tuple(name for name in desk.policy.ladder() if _is_watched(desk, name))
    return FlowPass(tuple(steps), any(step.is_busy for step in steps), watched)


def _is_watched(desk: Desk, environment: str) -> bool:
    """Whether a pass does anything there."""
    own = desk.policy.environments[environment]
    return desk.policy.is_automatic(environment) or bool(own.verify)


def _environment(desk: Desk, environment: str, by: str) -> Iterator[FlowStep]:
    is_automatic = desk.policy.is_automatic(environment)
    going = desk.history.under_way(environment)
    if going is not None and (is_automatic or going.by_itself):
        step = _followed(desk, going)
        yield step
        if step.is_busy or step.kind is FlowKind.WAITS:
            return
    if desk.policy.environments[environment].verify and environment in desk.history.live:
        for step in check(desk, environment):
            yield step
            if step.is_busy:
                return
    if is_automatic:
        yield from go_forward(desk, environment, by)


def _followed(desk: Desk, going: Delivery) -> FlowStep:
    if desk.at_work():
        words = f"{going.version} is being delivered"
        return FlowStep(
            FlowKind.DELIVERY, going.environment, words, is_busy=True, subject=going.key
        )
    is_ours = bool(going.by_itself) and going.by == desk.by
    found = go_on(desk, going.key) if is_ours else follow_delivery(desk, going.key)
    return delivery_step(found)
