"""Verify what a release was compared with: the live one, where that was scored again."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from jupyter_mlcd.actions.find_scored import compared_again, wrong_model
from jupyter_mlcd.actions.read_release import read_release
from jupyter_mlcd.model.notebook import code_positions, source_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jupyter_mlcd.actions.desk import Desk
    from jupyter_mlcd.model.delivery import History
    from jupyter_mlcd.model.evidence import Evidence, Manifest
    from jupyter_mlcd.model.proof import Steps
    from jupyter_mlcd.model.release import Release


def compared_with(
    desk: Desk, history: History, version: str, environment: str, steps: Steps
) -> Iterator[Evidence]:
    """Yield the runs that the rules of an environment need to compare a release with what is live.

    Each is checked for its own steps first; then whether it was measured as the release was.
    """
    release = read_release(desk, version)
    gates = desk.policy.gates_for(environment)
    for kept, manifest, notebooks in compared_again(desk, history, gates, release):
        yield kept
        scored = manifest.run.scored
        name = scored.version if scored else "what is live"
        odd = [one for one in notebooks if _other_code(desk, release, manifest, one)]
        problem = f"stale: {odd[0]} was another one than in {version}" if odd else ""
        fine = f"{', '.join(notebooks)} as in {version}, scores and basis are those of its cases"
        steps.add(f"{name} was scored by the evaluation of {version}", problem, fine)


def check_scored(desk: Desk, manifest: Manifest, steps: Steps) -> None:
    """Add whether the files that a run placed are those of the release that it names."""
    scored = manifest.run.scored
    if not scored:
        return
    problem = wrong_model(desk, desk.history, manifest, None)
    files = ", ".join(sorted({path for one in scored.placed.values() for path in one}))
    fine = f"{files} of {scored.version}, {scored.digest}"
    name = f"it scored the files of {scored.version}"
    steps.add(name, f"swapped: {problem}" if problem else "", fine)


def _other_code(desk: Desk, release: Release, manifest: Manifest, notebook: str) -> bool:
    """Whether a notebook had other code; not where git no longer has one of the two trees."""
    both = [
        _code(desk.worktree.read(tree, manifest.prefix + notebook))
        for tree in (release.tree, manifest.run.tree)
    ]
    return None not in both and both[0] != both[1]


def _code(text: bytes | None) -> list[str] | None:
    try:
        parsed = msgspec.json.decode(text or b"")
        return [source_of(parsed["cells"][index]) for index in code_positions(parsed)]
    except (msgspec.DecodeError, KeyError, TypeError):
        return None
