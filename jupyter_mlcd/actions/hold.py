"""Hold an environment, and lift it: until then nothing is delivered there, by nobody.

Going back to what was live before is still possible. What is on its way already goes on.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from jupyter_mlcd.actions.examine import check_environment
from jupyter_mlcd.actions.take_turn import tell_others
from jupyter_mlcd.model.errors import RefusedError, UsageError
from jupyter_mlcd.model.flow import EnvironmentHeld, EnvironmentLifted, Hold
from jupyter_mlcd.model.issue import checked_why

if TYPE_CHECKING:
    from jupyter_mlcd.actions.desk import Desk
    from jupyter_mlcd.model.flow import LiveCheck


def hold(desk: Desk, environment: str, why: str) -> Hold:
    """Hold ``environment`` and return who holds it.

    Others see it at once where they share the environment. Raises NotFoundError, UsageError
    without a reason, RefusedError where it is held already.
    """
    check_environment(desk, environment)
    words = checked_why(why)
    if not words:
        raise UsageError("say why it is held", hint="Nothing was changed.")
    held = desk.history.held.get(environment)
    if held is not None:
        raise RefusedError(
            f"{environment} is held already, {held.words}",
            code="held",
            hint=f"Nothing was changed. It ends with: jupyter mlcd lift {environment}",
        )
    return _hold(desk, EnvironmentHeld(environment, words))


def hold_for(desk: Desk, check: LiveCheck, why: str) -> Hold:
    """Hold an environment for a red check, also where a person holds it already."""
    return _hold(desk, EnvironmentHeld(check.environment, why, check.key))


def _hold(desk: Desk, body: EnvironmentHeld) -> Hold:
    desk.ledger.append([desk.event(body)], {}, f"Hold {body.environment}", desk.by)
    tell_others(desk, body.environment)
    return desk.history.held[body.environment]


def lift(desk: Desk, environment: str, why: str = "") -> Hold:
    """End the hold of ``environment``, and return what it was.

    Raises NotFoundError, RefusedError where nobody holds it.
    """
    check_environment(desk, environment)
    words = checked_why(why)
    held = desk.history.held.get(environment)
    if held is None:
        hint = "Nothing was changed."
        raise RefusedError(f"nobody holds {environment}", code="not-held", hint=hint)
    body = EnvironmentLifted(environment, words)
    desk.ledger.append([desk.event(body)], {}, f"Lift {environment}", desk.by)
    tell_others(desk, environment)
    return held
