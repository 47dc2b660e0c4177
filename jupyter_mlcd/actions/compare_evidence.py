"""What changed in a run against what is live: case by case, then one case cell by cell.

It is made from executed notebooks and manifests, of drafts and of kept evidence alike.
"""

from __future__ import annotations

import hashlib
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import msgspec

from jupyter_mlcd.actions.find_run import find_manifest, load_run
from jupyter_mlcd.actions.read_out_of_git import out_of_git, read_away
from jupyter_mlcd.actions.read_release import read_release
from jupyter_mlcd.model.comparison import (
    Against,
    CaseChanges,
    CaseComparison,
    EvidenceChanges,
    FigureComparison,
    NotebookCount,
    PicturePlace,
    Relation,
    ScoreChange,
    SoftwareChange,
)
from jupyter_mlcd.model.delivery import DeliveryState
from jupyter_mlcd.model.errors import MlcdError, NotFoundError, WorldError
from jupyter_mlcd.model.evidence import SUMS, parse_sums
from jupyter_mlcd.model.result import ExhibitKind

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from jupyter_mlcd.actions.desk import Desk
    from jupyter_mlcd.model.comparison import CellComparison
    from jupyter_mlcd.model.delivery import History
    from jupyter_mlcd.model.evidence import Manifest, Software
    from jupyter_mlcd.model.kept import OutOfGit
    from jupyter_mlcd.model.result import CaseResult
    from jupyter_mlcd.ports import NotebookComparer


@dataclass(frozen=True)
class _Bundle:
    """A run whose notebooks are read one by one."""

    desk: Desk
    manifest: Manifest

    @property
    def cases(self) -> tuple[CaseResult, ...]:
        return self.manifest.run.cases

    @cached_property
    def _folder(self) -> str:
        """Where it is on the evidence branch; empty for a draft."""
        evidence = self.desk.history.evidence.get(self.manifest.run.id)
        return evidence.path if evidence else ""

    @cached_property
    def sums(self) -> dict[str, str]:
        """``{path: sha256}`` of what belongs to it."""
        return {
            **parse_sums(self._read(SUMS)),
            **{path: one.sha256 for path, one in self._away.items()},
        }

    @cached_property
    def _away(self) -> dict[str, OutOfGit]:
        """What of it is out of git."""
        return out_of_git(self.desk, self.desk.history.evidence.get(self.manifest.run.id))

    def absence(self, case: CaseResult | None) -> str:
        """Return why the executed notebook of a case cannot be read; empty where it can."""
        path = self.manifest.notebooks.get(case.id, "") if case else ""
        if path not in self._away:
            return ""
        try:
            self.notebook(case)
        except NotFoundError as error:
            return error.message
        return ""

    def _read(self, path: str) -> bytes:
        if path in self._away:
            return read_away(self.desk, self._away[path])
        if self._folder:
            return self.desk.ledger.read(f"{self._folder}/{path}")
        return (self.desk.runner.bundle(self.manifest.run.id) / path).read_bytes()

    def digest(self, case: CaseResult | None) -> str:
        """Return the sha256 of a case's executed notebook; empty where there is none."""
        path = self.manifest.notebooks.get(case.id, "") if case else ""
        return self.sums.get(path, "")

    def notebook(self, case: CaseResult | None) -> bytes | None:
        """Return the executed notebook of a case, or None where there is none."""
        digest = self.digest(case)
        if case is None or not digest:
            return None
        path = self.manifest.notebooks[case.id]
        # A draft of the same run lies in a folder, and its bytes can be trusted by their digest.
        with suppress(MlcdError, OSError):
            content = (self.desk.runner.bundle(self.manifest.run.id) / path).read_bytes()
            if hashlib.sha256(content).hexdigest() == digest:
                return content
        return self._read(path)


_Pair = tuple["CaseResult | None", "CaseResult | None"]


def compare_evidence(
    desk: Desk, run: str, against: str, comparer: NotebookComparer
) -> EvidenceChanges:
    """Return what changed in ``run`` against the run ``against``; empty: what is live.

    Where there is nothing to compare with, every case is new. Raises NotFoundError.
    """
    after = _Bundle(desk, find_manifest(desk, run))
    found = find_against(desk, after.manifest, against)
    if found is None:
        pairs: list[_Pair] = [(None, case) for case in after.cases]
        cases = tuple(_case(pair, (), after.cases, NotebookCount(0, 0)) for pair in pairs)
        return EvidenceChanges(run, None, cases, (), tuple(_figures(None, after, pairs)))
    before = _Bundle(desk, find_manifest(desk, found.run))
    pairs = _pairs(before.cases, after.cases)
    return EvidenceChanges(
        run=run,
        against=found,
        cases=tuple(_compared(before, after, pairs, comparer)),
        software=tuple(_software(before.manifest, after.manifest)),
        figures=tuple(_figures(before, after, pairs)),
    )


def compare_case(
    desk: Desk, run: str, case: int, against: str, comparer: NotebookComparer
) -> CaseChanges:
    """Return one case cell by cell; ``case`` is its place in ``EvidenceChanges.cases``.

    Where there is nothing to compare with, every cell is new. Raises NotFoundError and WorldError.
    """
    after = _Bundle(desk, find_manifest(desk, run))
    found = find_against(desk, after.manifest, against)
    before = _Bundle(desk, find_manifest(desk, found.run)) if found else None
    pairs = _pairs(before.cases if before else (), after.cases)
    if not 0 <= case < len(pairs):
        raise NotFoundError(f"the run has no case {case}", hint="Reload the page.")
    old, new = pairs[case]
    sides = before.notebook(old) if before else None, after.notebook(new)
    if sides == (None, None):
        hint = "A case that was not run has no executed notebook."
        raise NotFoundError(f"the case {case} has no executed notebook", hint=hint)
    notebook = comparer.compare(*sides)
    in_both = [cell for cell in notebook.cells if None not in {cell.before, cell.after}]
    count = NotebookCount(
        sum(cell.source_changed for cell in notebook.cells),
        sum(cell.outputs_changed for cell in in_both),
    )
    return CaseChanges(
        case=_case(pairs[case], before.cases if before else (), after.cases, count),
        against=found,
        cells=tuple(_with_verdict(cell, new) for cell in notebook.cells),
        left_out=notebook.left_out,
    )


def show_output(
    desk: Desk, run: str, place: tuple[int, int, int], form: str, comparer: NotebookComparer
) -> bytes:
    """Return one output of a run; ``place`` is case, cell in the executed notebook, and output.

    ``form`` is ``picture`` or ``text``. Raises NotFoundError.
    """
    case, cell, output = place
    bundle = _Bundle(desk, find_manifest(desk, run))
    content = bundle.notebook(bundle.cases[case]) if 0 <= case < len(bundle.cases) else None
    missing = NotFoundError(f"the run has no such output as {form} {case}/{cell}/{output}")
    if content is None or form not in {"picture", "text"}:
        raise missing
    try:
        return comparer.output(content, cell, output, form)
    except WorldError:
        raise missing from None


def find_against(desk: Desk, manifest: Manifest, against: str = "") -> Against | None:
    """Return what a run is compared with: the run that was chosen, else what is live.

    That is the last rung of the ladder that has anything. Where what is live there stands on this
    very run, it is what was live before. None where there is nothing of the kind. Raises
    NotFoundError for a chosen run that is not there.
    """
    history = desk.history
    if against:
        chosen = load_run(desk, against)
        return Against(chosen.id, at=chosen.ended, by=chosen.by)
    for environment in reversed(desk.policy.ladder()):
        for version in _delivered(history, environment):
            found = _standing(desk, version, environment, manifest)
            if found is not None:
                return found
    return None


def _delivered(history: History, environment: str) -> list[str]:
    """Return the versions that were delivered somewhere, the one that is live first."""
    live = history.live.get(environment)
    versions = [
        one.version
        for one in reversed(history.deliveries.values())
        if one.environment == environment and one.state is DeliveryState.DELIVERED
    ]
    return list(dict.fromkeys([live.version, *versions] if live else versions))


def _standing(desk: Desk, version: str, environment: str, manifest: Manifest) -> Against | None:
    history = desk.history
    live = history.live.get(environment)
    for one in read_release(desk, version).runs:
        kept = history.evidence.get(one.id)
        if kept is None or one.suite != manifest.run.suite or one.id == manifest.run.id:
            continue
        is_live = live is not None and live.version == version
        return Against(one.id, version, environment, is_live, kept.at, kept.by)
    return None


def _pairs(before: Sequence[CaseResult], after: Sequence[CaseResult]) -> list[_Pair]:
    """Return which cases belong together: by id, else by notebook and what it varies.

    A parameter that every case of a notebook has is part of its id; when it changes, it is a
    change of the same case.
    """
    left = {case.id: case for case in before}
    found: dict[str, CaseResult] = {one.id: left.pop(one.id) for one in after if one.id in left}
    for key in (_variant, _notebook):
        unmet = [one for one in after if one.id not in found]
        for one in unmet:
            same = [old for old in left.values() if key(old) == key(one)]
            if len(same) == 1 and sum(key(other) == key(one) for other in unmet) == 1:
                found[one.id] = left.pop(same[0].id)
    return [*((found.get(one.id), one) for one in after), *((old, None) for old in left.values())]


def _variant(case: CaseResult) -> tuple[str, str]:
    varied = sorted((name, repr(case.parameters.get(name))) for name in case.varied)
    return case.notebook, repr(varied)


def _notebook(case: CaseResult) -> tuple[str, str]:
    return case.notebook, ""


def _compared(
    before: _Bundle, after: _Bundle, pairs: Sequence[_Pair], comparer: NotebookComparer
) -> Iterator[CaseComparison]:
    """Yield the cases; notebooks with equal bytes need no comparing."""
    unread: dict[int, str] = {
        id(pair): before.absence(pair[0]) or after.absence(pair[1])
        for pair in pairs
        if _differ(before, after, pair)
    }
    differing = [pair for pair in pairs if unread.get(id(pair)) == ""]
    counts = comparer.count((before.notebook(old), after.notebook(new)) for old, new in differing)
    read = {id(pair): count for pair, count in zip(differing, counts, strict=True)}
    told: dict[int, NotebookCount | str] = {**unread, **read}
    for pair in pairs:
        yield _case(pair, before.cases, after.cases, told.get(id(pair), NotebookCount(0, 0)))


def _differ(before: _Bundle, after: _Bundle, pair: _Pair) -> bool:
    old, new = (before.digest(pair[0]), after.digest(pair[1]))
    return bool(old and new) and old != new


def _case(
    pair: _Pair,
    before: Sequence[CaseResult],
    after: Sequence[CaseResult],
    count: NotebookCount | str,
) -> CaseComparison:
    old, new = pair
    case = new or old
    assert case is not None  # noqa: S101 - a pair has at least one side
    scores = tuple(_scores(old, new)) if old and new else ()
    problem = count if isinstance(count, str) else ""
    sources, outputs = (0, 0) if isinstance(count, str) else (count.sources, count.outputs)
    changed = bool(sources or outputs or scores or problem)
    relation = Relation.CHANGED if changed else Relation.SAME
    if old is None or new is None:
        relation = Relation.NEW if old is None else Relation.GONE
    return CaseComparison(
        id=case.id,
        notebook=case.notebook,
        parameters=case.parameters,
        varied=case.varied,
        relation=relation,
        verdict=new.verdict if new else None,
        after=after.index(new) if new else None,
        before=before.index(old) if old else None,
        sources=sources,
        outputs=outputs,
        scores=scores,
        problem=problem,
    )


def _scores(before: CaseResult, after: CaseResult) -> Iterator[ScoreChange]:
    for name in dict.fromkeys([*after.metrics, *before.metrics]):
        old, new = before.metrics.get(name), after.metrics.get(name)
        if old != new:
            yield ScoreChange(name, old, new)


def _with_verdict(cell: CellComparison, case: CaseResult | None) -> CellComparison:
    """Return a cell with what the run said of it: by its id, else by its place."""
    cells = case.cells if case else ()
    by_id = [one for one in cells if one.id and one.id == cell.id]
    by_place = [one for one in cells if cell.place is not None and one.index == cell.place]
    found = next(iter(by_id or by_place), None)
    if found is None:
        return cell
    return msgspec.structs.replace(cell, verdict=found.verdict, reason=found.reason)


def _figures(
    before: _Bundle | None, after: _Bundle, pairs: Sequence[_Pair]
) -> Iterator[FigureComparison]:
    for old, new in pairs:
        earlier = dict(_places(before, old)) if before and old else {}
        for name, place in _places(after, new) if new else ():
            yield FigureComparison(name, new.id if new else "", place, earlier.get(name))


def _places(bundle: _Bundle, case: CaseResult) -> list[tuple[str, PicturePlace]]:
    number = bundle.cases.index(case)
    run = bundle.manifest.run.id
    return [
        (one.name, PicturePlace(run, number, one.cell, one.output))
        for one in case.exhibits
        if one.kind is ExhibitKind.FIGURE
    ]


def _software(before: Manifest, after: Manifest) -> Iterator[SoftwareChange]:
    old, new = _kernels(before), _kernels(after)
    for kernel in new:
        if kernel not in old:
            continue
        left, right = _versions(old[kernel]), _versions(new[kernel])
        for name in sorted({*left, *right}, key=str.lower):
            if left.get(name) != right.get(name):
                yield SoftwareChange(kernel, name, left.get(name, ""), right.get(name, ""))


def _kernels(manifest: Manifest) -> dict[str, Software]:
    first = (manifest.software,) if manifest.software else ()
    return {one.kernel: one for one in (*first, *manifest.other_software)}


def _versions(software: Software) -> dict[str, str]:
    return {software.language: software.version, **software.packages}
