"""Doctor: what is here, what is missing, and what to do about it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jupyter_mlcd.model.errors import MlcdError
from jupyter_mlcd.model.status import Check, Diagnosis

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from jupyter_mlcd.actions.desk import Desk

Probe = tuple[str, "Callable[[], str]"]
"""The name of a point, and a function that returns what was found or raises MlcdError."""


def diagnose(probes: Sequence[Probe]) -> Diagnosis:
    """Return what each probe found; a probe that raises is a point that is not well."""
    checks = []
    for number, (name, probe) in enumerate(probes, start=1):
        try:
            checks.append(Check(number, name, ok=True, words=probe()))
        except MlcdError as error:
            checks.append(Check(number, name, ok=False, words=error.message, hint=error.hint))
    return Diagnosis(all(check.ok for check in checks), tuple(checks))


def environment_probes(desk: Desk, environment: str = "") -> list[Probe]:
    """Return a probe per environment, or for the one that was named. Delivers nothing."""
    names = [environment] if environment else list(desk.policy.ladder())
    return [(f"environment {name}", _environment_probe(desk, name)) for name in names]


def _environment_probe(desk: Desk, name: str) -> Callable[[], str]:
    def probe() -> str:
        target = desk.target(name)
        problems = target.check()
        if problems:
            raise MlcdError(problems[0], hint="Nothing can be delivered there until then.")
        return target.describe()

    return probe
