"""What this did: the plain commands that would have done the same as a run, a keep, a delivery."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import TYPE_CHECKING

from jupyter_mlcd.actions.deliver import make_parcel
from jupyter_mlcd.actions.find_run import load_run
from jupyter_mlcd.actions.follow_delivery import find_delivery
from jupyter_mlcd.actions.read_release import read_release
from jupyter_mlcd.model.errors import NotFoundError
from jupyter_mlcd.model.event import EvidenceKept
from jupyter_mlcd.model.kept import KEPT
from jupyter_mlcd.model.plain_commands import Commands, keep_commands, run_commands
from jupyter_mlcd.model.release import tag_message, tag_name
from jupyter_mlcd.model.suite import Compare

if TYPE_CHECKING:
    from jupyter_mlcd.actions.desk import Desk


def run_in_commands(desk: Desk, run: str) -> Commands:
    """Return the commands that execute and compare as a run did. Raises NotFoundError."""
    found = load_run(desk, run)
    notebooks = {case.notebook for case in found.cases}
    suites = [name for name in desk.project.suites if name == found.suite] or [
        name
        for name in desk.project.suites
        if notebooks <= {case.notebook for case in desk.project.cases(name)}
    ]
    compare = desk.project.suites[suites[0]].compare if suites else Compare.MARKED_CELLS
    return Commands(run_commands(found, desk.prefix, compare))


def keep_in_commands(desk: Desk, run: str) -> Commands:
    """Return the commands that keep a run as it was kept. Raises NotFoundError."""
    for event in desk.ledger.events():
        if isinstance(event.body, EvidenceKept) and event.body.evidence.id == run:
            evidence = event.body.evidence
            message = f"Keep {evidence.suite}: {evidence.reason}"
            changed = bool(desk.ledger.read_all([f"{evidence.path}/{KEPT}"]))
            place = "" if changed else _bundle(desk, run)
            return Commands(keep_commands(event, place, evidence.path, message))
    raise NotFoundError(f"the run {run!r} has not been kept", hint="Keep it first.")


def _bundle(desk: Desk, run: str) -> str:
    """Return where the run's bundle is, from the repository's top where it is below it."""
    try:
        folder = desk.runner.bundle(run)
    except NotFoundError:
        return f"BUNDLE-OF-{run}"  # Drafts go after thirty days; what is kept stays.
    top = Path(desk.repository)
    return str(folder.relative_to(top)) if folder.is_relative_to(top) else str(folder)


def delivery_in_commands(desk: Desk, key: str) -> Commands:
    """Return the commands that deliver as a delivery did. Raises NotFoundError."""
    delivery = find_delivery(desk, key)
    release = read_release(desk, delivery.version)
    name = tag_name(release.project, release.version, several_projects=desk.several_projects)
    message = shlex.quote(f"--message={tag_message(release)}")
    kind = "--sign" if desk.ledger.tag_signature(name)[1] else "--annotate"
    tag = f"git tag {kind} {message} {shlex.quote(name)} {release.commit}"
    parcel = make_parcel(desk, release, delivery.environment, delivery.key)
    _, commands = desk.target(delivery.environment).preview(parcel)
    return Commands((*(() if parcel.again else (tag,)), *commands))
