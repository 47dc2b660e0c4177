"""Products: declared files, hashed when a case ends, and handed to the cases after it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jupyter_mlcd.model.errors import ExecutionError, MlcdError
from jupyter_mlcd.model.suite import candidate_among
from jupyter_mlcd.world.files import copy_file, safe_join

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from jupyter_mlcd.model.result import CaseResult, FileDigest
    from jupyter_mlcd.model.run import RunPlan
    from jupyter_mlcd.model.suite import Case
    from jupyter_mlcd.ports import FileStore


def collect(case: Case, project: Path, store: FileStore) -> dict[str, FileDigest]:
    """Put the products of a case into the Store and return ``{path: digest}``.

    Raises ExecutionError when a declared file was not made.
    """
    found: dict[str, FileDigest] = {}
    for path in case.produces:
        file = project / path
        if not file.is_file() or file.is_symlink():
            what = "is a link or folder" if file.exists() else "was not written"
            raise ExecutionError(f"the declared product {path} {what}", code="no-product")
        found[path] = store.put(safe_join(project, path))
    return found


def hand_on(
    plan: RunPlan, case: Case, results: Mapping[str, CaseResult], project: Path, store: FileStore
) -> None:
    """Put the products of the cases that ``case`` is ``after`` into its room.

    Raises ExecutionError when several cases made a file and none of them is the candidate.
    """
    for maker in makers(plan, case, results):
        for path, digest in results[maker].products.items():
            place = safe_join(project, path)
            place.unlink(missing_ok=True)
            place.parent.mkdir(parents=True, exist_ok=True)
            copy_file(store.path(digest), place)
            place.chmod(0o644)


def makers(plan: RunPlan, case: Case, results: Mapping[str, CaseResult]) -> Iterator[str]:
    """Yield the ids of the cases whose products ``case`` gets, one for each earlier notebook."""
    by_notebook: dict[str, list[Case]] = {}
    for earlier in plan.cases:
        if earlier.id in case.after:
            by_notebook.setdefault(earlier.notebook, []).append(earlier)
    for notebook, cases in by_notebook.items():
        if len(cases) == 1:
            yield cases[0].id
            continue
        if not any(results[one.id].products for one in cases):
            continue
        placed = [one.id for one in cases if plan.scored and one.id in plan.scored.candidates]
        metrics = {one.id: results[one.id].metrics for one in cases}
        chosen = next(iter(placed), None) or candidate_among(cases, metrics)
        if chosen is None:
            raise ExecutionError(
                f"{notebook} has {len(cases)} cases and none of them is the candidate",
                code="no-candidate",
                hint="Say in mlcd.toml which one counts, for example `candidate = { seed = 1 }`.",
            )
        yield chosen


def in_words(error: MlcdError) -> str:
    """Return an error as the reason of a verdict."""
    return f"{error.message.rstrip('.')}. {error.hint}".strip().rstrip(".")
