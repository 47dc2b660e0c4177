"""Which run tested the files that are there now: a draft of this machine, or kept evidence."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec

from jupyter_mlcd.actions.read_out_of_git import out_of_git, read_away
from jupyter_mlcd.model.errors import NotFoundError, UsageError
from jupyter_mlcd.model.evidence import (
    MANIFEST,
    SUMS,
    Evidence,
    Manifest,
    is_built_by,
    parse_sums,
)
from jupyter_mlcd.model.result import State

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from jupyter_mlcd.actions.desk import Desk
    from jupyter_mlcd.model.delivery import History
    from jupyter_mlcd.model.run import Run


_SHORTEST = 4
_PNG = b"\x89PNG\r\n\x1a\n"


@dataclass(frozen=True)
class Tested:
    """An ended run with what its bundle says."""

    run: Run
    """Carries its digest and whether it is kept."""
    manifest: Manifest


def own_runs(desk: Desk, history: History) -> list[Run]:
    """Return the drafts of this project, newest first, each knowing whether it is kept."""
    return [
        as_kept(history, run) for run in desk.runner.recent() if run.project == desk.project.name
    ]


def tested_runs(desk: Desk, history: History) -> list[Run]:
    """Return those among them that tested files: one that scored a live model did not."""
    return [run for run in own_runs(desk, history) if not run.scored]


def as_kept(history: History, run: Run) -> Run:
    """Return a draft that knows whether it is kept, and then under which fingerprint.

    Where keeping took something out, that is another one than the draft's.
    """
    kept = history.evidence.get(run.id)
    return msgspec.structs.replace(
        run, kept=kept is not None, digest=kept.digest if kept else run.digest
    )


def under_way(runs: Sequence[Run], suite: str, tree: str) -> Run | None:
    """Return the run of ``suite`` on ``tree`` that has not ended, if there is one."""
    going = (run for run in runs if run.suite == suite and run.tree == tree and not run.scored)
    return next((run for run in going if run.state is not State.ENDED), None)


def find_tested(  # noqa: PLR0913, PLR0917 - what was run, on what, and whose run is wanted
    desk: Desk,
    history: History,
    runs: Sequence[Run],
    suite: str,
    tree: str,
    built_by: str = "",
) -> Tested | None:
    """Return the newest ended run of ``suite`` on exactly ``tree``.

    Where ``built_by`` names who should have run it, the newest of theirs, if there is one.
    """
    newest = None
    for found in _all_tested(desk, history, runs, suite, tree):
        if not built_by or is_built_by(built_by, found.manifest.builder):
            return found
        newest = newest or found
    return newest


def _all_tested(
    desk: Desk, history: History, runs: Sequence[Run], suite: str, tree: str
) -> Iterator[Tested]:
    """Yield them, drafts of this machine first, then kept evidence, each newest first."""
    for run in runs:
        same = run.suite == suite and run.tree == tree
        if same and run.digest and not run.partial and not run.scored:
            yield Tested(run, desk.runner.manifest(run.id))
    for evidence in reversed(history.evidence.values()):
        same = evidence.suite == suite and evidence.tree == tree
        if same and not evidence.partial and evidence.id not in history.scored:
            found = kept_run(desk, evidence)
            if not found.run.scored:  # Whatever the history tells of it.
                yield found


def kept_run(desk: Desk, evidence: Evidence) -> Tested:
    """Return the run of kept evidence, from the evidence branch."""
    manifest = read_manifest(desk, evidence)
    run = msgspec.structs.replace(manifest.run, kept=True, digest=evidence.digest)
    return Tested(run, manifest)


def read_manifest(desk: Desk, evidence: Evidence) -> Manifest:
    """Return the manifest of kept evidence. Raises NotFoundError."""
    text = desk.ledger.read(f"{evidence.path}/{MANIFEST}")
    return msgspec.json.decode(text, type=Manifest)


def load_run(desk: Desk, run: str) -> Run:
    """Return a draft or, where this machine has none, the kept run. Raises NotFoundError."""
    history = desk.history
    try:
        draft = desk.runner.load(run)
    except NotFoundError:
        if run not in history.evidence:
            raise
        return kept_run(desk, history.evidence[run]).run
    return as_kept(history, draft)


def find_manifest(desk: Desk, run: str) -> Manifest:
    """Return the manifest of an ended run, with its fingerprint and whether it is kept.

    Raises NotFoundError.
    """
    evidence = desk.history.evidence.get(run)
    if evidence:
        tested = kept_run(desk, evidence)
        return msgspec.structs.replace(tested.manifest, run=tested.run)
    manifest = desk.runner.manifest(run)
    return msgspec.structs.replace(manifest, run=desk.runner.load(run))


def bundle_file(desk: Desk, run: str, path: str) -> bytes | None:
    """Return a file of a run's bundle, or None if it holds no such file. Raises NotFoundError.

    Only what its SHA256SUMS names is a file of the bundle, and what is out of git and here.
    """
    evidence = desk.history.evidence.get(run)

    def read(name: str) -> bytes:
        if evidence:
            return desk.ledger.read(f"{evidence.path}/{name}")
        return (desk.runner.bundle(run) / name).read_bytes()

    if path in parse_sums(read(SUMS)):
        return read(path)
    away = out_of_git(desk, evidence).get(path)
    with suppress(NotFoundError):
        return read_away(desk, away) if away else None
    return None


def executed_notebook(desk: Desk, run: str, case: int) -> bytes:
    """Return the executed notebook of the case at this place of a run. Raises NotFoundError."""
    manifest = find_manifest(desk, run)
    cases = manifest.run.cases
    path = manifest.notebooks.get(cases[case].id) if 0 <= case < len(cases) else None
    content = bundle_file(desk, run, path) if path else None
    if content is None:
        away = out_of_git(desk, desk.history.evidence.get(run)).get(path or "")
        if away:
            return read_away(desk, away)
        hint = "A case that was not run has no executed notebook."
        raise NotFoundError(f"the run has no executed notebook {case}", hint=hint)
    return content


def difference_picture(desk: Desk, run: str, case: str, name: str) -> bytes:
    """Return the picture of a difference. Raises NotFoundError."""
    content = bundle_file(desk, run, f"differences/{case}/{name}")
    if content is None or not content.startswith(_PNG):
        raise NotFoundError(f"the run has no picture {case}/{name}")
    return content


def find_id(desk: Desk, subject: str) -> str:
    """Return the id of the one run that ``subject`` begins or ends; else ``subject`` itself.

    Raises UsageError if several runs have it.
    """
    history = desk.history
    ids = {run.id for run in own_runs(desk, history)} | set(history.evidence)
    if subject in ids or len(subject) < _SHORTEST:
        return subject
    found = sorted(one for one in ids if one.startswith(subject) or one.endswith(subject))
    if len(found) > 1:
        hint = f"Say more of it: {', '.join(found)}."
        raise UsageError(f"several runs have {subject!r} in their ids", hint=hint)
    return found[0] if found else subject
