"""Doctor: what is here, what is missing, and what to do about it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from jupyter_mlcd.actions.examine import check_environment
from jupyter_mlcd.actions.preview_ci import pipeline_of
from jupyter_mlcd.model.errors import MlcdError
from jupyter_mlcd.model.probe import checked
from jupyter_mlcd.model.status import Diagnosis
from jupyter_mlcd.ports import PipelineTarget

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from jupyter_mlcd.actions.desk import Desk
    from jupyter_mlcd.model.probe import Probe
    from jupyter_mlcd.model.status import Check


def diagnose(probes: Sequence[Probe], told: Sequence[Check] = ()) -> Diagnosis:
    """Return what each probe found; a probe that raises is a point that is not well.

    ``told`` are the points that a CD system answered.
    """
    checks = checked(probes)
    checks += [
        msgspec.structs.replace(one, number=number)
        for number, one in enumerate(told, start=len(checks) + 1)
    ]
    return Diagnosis(all(check.ok for check in checks), tuple(checks))


def environment_probes(desk: Desk, environment: str = "") -> list[Probe]:
    """Return a probe per environment, or for the one that was named. Delivers nothing."""
    names = [environment] if environment else list(desk.policy.ladder())
    probes: list[Probe] = [
        (f"environment {name}", _environment_probe(desk, name)) for name in names
    ]
    return [*probes, ("ci", lambda: pipeline_of(desk).describe())] if desk.policy.ci else probes


def ask_system(desk: Desk, environment: str) -> Sequence[Check]:
    """Return what the CD system of an environment says of key, rights, pipeline and ref.

    Delivers nothing. Empty where there is none, or where something is in the way here already.
    Raises NotFoundError for an environment that is not there.
    """
    check_environment(desk, environment)
    target = desk.target(environment)
    told = [] if not isinstance(target, PipelineTarget) or target.check() else [*target.diagnose()]
    pipeline = desk.ci() if desk.policy.builder_for(environment) else None
    if pipeline is not None:
        told += [msgspec.structs.replace(one, name=f"ci {one.name}") for one in pipeline.diagnose()]
    return tuple(told)


def _environment_probe(desk: Desk, name: str) -> Callable[[], str]:
    def probe() -> str:
        target = desk.target(name)
        problems = target.check()
        if problems:
            raise MlcdError(problems[0], hint="Nothing can be delivered there until then.")
        return target.describe()

    return probe
