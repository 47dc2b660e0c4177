"""Which files of a live release stand in for what the notebooks of today would make."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jupyter_mlcd.actions.find_scored import made_then
from jupyter_mlcd.actions.read_release import read_release
from jupyter_mlcd.model.errors import NotFoundError, RefusedError
from jupyter_mlcd.model.scored_live import ScoredLive, needed_cases
from jupyter_mlcd.model.suite import delivering_notebooks

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from jupyter_mlcd.actions.desk import Desk
    from jupyter_mlcd.actions.find_scored import Wanted
    from jupyter_mlcd.model.delivery import History
    from jupyter_mlcd.model.release import Release
    from jupyter_mlcd.model.result import CaseResult, FileDigest
    from jupyter_mlcd.model.suite import Case

_Placed = dict[str, dict[str, "FileDigest"]]
WAIVER = "An exception from this rule is the other way: jupyter mlcd review waive"


def place_products(
    desk: Desk, history: History, wanted: Wanted, cases: Sequence[Case]
) -> ScoredLive:
    """Return how the live release is scored by the suite whose cases are given.

    A notebook with one case gets the files of the release. Of a matrix each case gets what was made
    for the same values then; who takes only the best of them gets what was delivered. Raises
    RefusedError with the reason where that cannot be done.
    """
    release = read_release(desk, wanted.live.version)
    delivering = delivering_notebooks(cases)
    taken = _taken(wanted, cases, delivering)
    if not release.products:
        raise RefusedError(
            f"{release.version} delivered no files, so there is no model of it to score",
            code="no-products",
            hint=WAIVER,
        )
    placed: _Placed = {}
    candidates: list[str] = []
    for notebook in taken:
        own = [case for case in cases if case.notebook == notebook]
        found, best = _stand_ins(release, own, made_then(desk, history, release))
        placed |= found
        candidates += best
    needed = needed_cases(cases, wanted.bases, placed)
    _refuse_unmatched(release, needed, placed, cases)
    kept = {case.id: placed[case.id] for case in needed if case.id in placed}
    _refuse_gone(desk, release, kept)
    return ScoredLive(
        environment=wanted.live_in,
        version=release.version,
        digest=wanted.live.digest,
        bases=wanted.bases,
        placed=kept,
        candidates=tuple(candidates),
        delivering=tuple(delivering),
    )


def _taken(wanted: Wanted, cases: Sequence[Case], delivering: Sequence[str]) -> list[str]:
    """Return the delivering notebooks whose files reach the evaluation."""
    notebook_of = {case.id: case.notebook for case in cases}
    produces = {case.notebook: case.produces for case in cases}
    both = [name for name in wanted.bases if name in delivering]
    if both:
        files = " and ".join(produces[both[0]])
        raise RefusedError(
            f"{both[0]} makes {files} and scores it too, so it cannot score that of "
            f"{wanted.live.version}",
            code="same-notebook",
            hint=f"Move the scoring into a notebook of its own that reads {files}.",
        )
    outside = {case.id for case in cases if case.notebook in delivering}
    needed = needed_cases(cases, wanted.bases, outside)
    found = [name for name in delivering if name in {notebook_of[case.id] for case in needed}]
    if not found:
        names = " and ".join(wanted.bases)
        raise RefusedError(
            f"{names} takes no file that is delivered, so the model of {wanted.live.version} "
            "would not reach it",
            code="takes-nothing",
            hint="Say in mlcd.toml after which notebook it runs: `after`.",
        )
    return found


def _stand_ins(
    release: Release, cases: Sequence[Case], made: Sequence[CaseResult]
) -> tuple[_Placed, list[str]]:
    """Return the files for each case of one notebook, and the case that has the delivered ones."""
    wanted = cases[0].produces
    missing = [path for path in wanted if path not in release.products]
    if missing:
        raise RefusedError(
            f"{cases[0].notebook} makes {missing[0]}, which {release.version} did not deliver",
            code="other-products",
            hint=WAIVER,
        )
    delivered = {path: release.products[path] for path in wanted}
    if len(cases) == 1:
        return {cases[0].id: delivered}, [cases[0].id]
    placed = {case.id: _made_for(case, delivered, made) for case in cases}
    best = [name for name, files in placed.items() if files == delivered]
    if not best:
        best = [next((one.id for one in cases if one.candidate is True), cases[0].id)]
        placed[best[0]] = delivered
    return placed, best[:1]


def _made_for(
    case: Case, delivered: Mapping[str, FileDigest], made: Sequence[CaseResult]
) -> dict[str, FileDigest]:
    """Return what was made for the same values then; nothing where that is not one thing."""
    same = [
        {path: one.products[path] for path in case.produces}
        for one in made
        if all(path in one.products for path in case.produces)
        and all(
            name in one.parameters and one.parameters[name] == case.parameters[name]
            for name in case.varied
        )
    ]
    if delivered in same:
        return dict(delivered)
    return same[0] if len(same) == 1 else {}


def _refuse_unmatched(
    release: Release, needed: Sequence[Case], placed: _Placed, cases: Sequence[Case]
) -> None:
    """Refuse where a case of the evaluation takes exactly one case that nothing stands in for."""
    by_id = {case.id: case for case in cases}
    for case in needed:
        for name in case.after:
            siblings = [one for one in case.after if by_id[one].notebook == by_id[name].notebook]
            if len(siblings) == 1 and placed.get(name) == {}:
                what = _values(by_id[name])
                raise RefusedError(
                    f"{case.id} needs what {by_id[name].notebook} made for {what}, and nothing of "
                    f"{release.version} is known for that",
                    code="no-such-case",
                    hint=WAIVER,
                )


def _values(case: Case) -> str:
    return ", ".join(f"{name} = {case.parameters[name]!r}" for name in case.varied)


def _refuse_gone(desk: Desk, release: Release, placed: _Placed) -> None:
    """Refuse where a file is not here and no shared Store could have it; nobody is asked."""
    if desk.store.shared:
        return
    for path, digest in _files(placed):
        try:
            desk.store.path(digest)
        except NotFoundError:
            raise RefusedError(
                f"{path} of {release.version} is not in the Store of this machine, and mlcd.toml "
                "names none that others reach too",
                code="product-gone",
                hint=f"Score it on the machine that delivered {release.version}. {WAIVER}",
            ) from None


def bring_placed(desk: Desk, scored: ScoredLive) -> None:
    """Bring here what stands in, from the shared Store if need be.

    Raises RefusedError where it is not there either, WorldError.
    """
    for path, digest in _files(scored.placed):
        try:
            desk.store.fetch(digest)
        except NotFoundError:
            raise RefusedError(
                f"{path} of {scored.version} is neither on this machine nor in {desk.store.shared}",
                code="product-gone",
                hint=f"Nothing was run. Share it from where it was made. {WAIVER}",
            ) from None


def _files(placed: _Placed) -> Iterator[tuple[str, FileDigest]]:
    for files in placed.values():
        yield from files.items()
