"""Before a review is asked for: who could be asked, and exactly what asking does here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jupyter_mlcd.actions.examine import check_environment, examine
from jupyter_mlcd.actions.examine_review import is_asked
from jupyter_mlcd.actions.judge_statement import bound_to
from jupyter_mlcd.actions.prepare_release import hinders_preparing
from jupyter_mlcd.actions.preview_delivery import own_steps
from jupyter_mlcd.model.review_page import Reviewer, ReviewPreview
from jupyter_mlcd.model.signers import read_signers

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jupyter_mlcd.actions.desk import Desk
    from jupyter_mlcd.actions.examine import Proposal
    from jupyter_mlcd.actions.judge_statement import Duties
    from jupyter_mlcd.model.delivery import History
    from jupyter_mlcd.model.signers import Signer

_MOST = 50


def preview_review(desk: Desk, environment: str, version: str = "") -> ReviewPreview:
    """Return what asking for a review of what is ready would do. Changes nothing.

    Raises NotFoundError.
    """
    check_environment(desk, environment)
    history = desk.history
    proposal = examine(
        desk, environment, snapshot=desk.snapshot(), history=history, version=version
    )
    release = proposal.release
    asked = history.reviews.get(release.digest, ()) if release else ()
    return ReviewPreview(
        project=desk.project.name,
        environment=environment,
        environments=desk.policy.ladder(),
        version=proposal.version,
        needed=desk.policy.environments[environment].approvals,
        people=_people(desk, proposal, history),
        asked=tuple(person for one in asked if is_asked(one, environment) for person in one.people),
        remotes=desk.worktree.sharing().remotes,
        steps=_steps(desk, proposal, history),
        reasons=tuple(reason for reason in proposal.reasons if hinders_preparing(reason)),
    )


def _steps(desk: Desk, proposal: Proposal, history: History) -> tuple[str, ...]:
    if proposal.release is None:
        return ()
    return (
        *own_steps(desk, proposal, proposal.release, history),
        f"Writes on the branch **mlcd/evidence** who is asked about **{proposal.version}**.",
    )


def _people(desk: Desk, proposal: Proposal, history: History) -> tuple[Reviewer, ...]:
    """Return who may approve; who asks is not asked."""
    signers = [one for one in read_signers(desk.signers()) if not one.is_named(desk.by)]
    duties = None
    if proposal.release is not None:
        ran = [one.run.by for one in proposal.tested]
        duties = bound_to(desk, proposal.environment, history, proposal.release, ran).duties
    found = [Reviewer(_name(one), _unfit(one, duties)) for one in signers if _name(one)]
    return tuple(found[:_MOST])


def _name(signer: Signer) -> str:
    """Return one e-mail of a person; empty where there are only patterns."""
    plain: Sequence[str] = sorted(one for one in signer.principals if "@" in one)
    return next((one for one in plain if not set(one) & set("*?!")), "")


def _unfit(signer: Signer, duties: Duties | None) -> str:
    if duties is None:
        return ""
    if any(signer.is_named(one) for one in duties.ran or ()):
        return "ran the tests"
    if any(signer.is_named(one) for one in duties.wrote or ()):
        return "wrote some of what is new"
    return ""
