"""Suites and cases: notebooks times parameter sets, in the order they depend on each other."""

from __future__ import annotations

import itertools
import json
import math
from enum import StrEnum
from typing import TYPE_CHECKING, Any

import msgspec

from jupyter_mlcd.model.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

MAXIMAL_CASES = 10_000
"""More cases than this in one suite is taken for a mistake in the matrix."""
MAXIMAL_WAITS = 1_000_000
"""More pairs of a case and one that it waits for would fill the memory."""


class Compare(StrEnum):
    """Which cells' outputs are compared with the recorded ones."""

    EVERY_CELL = "every-cell"
    """As ``pytest --nbval``."""
    MARKED_CELLS = "marked-cells"
    """As ``pytest --nbval-lax``: cells marked ``NBVAL_CHECK_OUTPUT``."""
    NOTHING = "nothing"


class OnFailure(StrEnum):
    """What still runs after something was red."""

    RUN_ON = "run-on"
    """All cells and cases, as ``pytest --nbval`` does it."""
    STOP_NOTEBOOK = "stop-notebook"
    """No later cell of that case, as papermill does it; all other cases."""
    STOP_SUITE = "stop-suite"
    """No later cell, and no case that has not started."""


class Comparer(StrEnum):
    """How expected and got are compared."""

    TEXT = "text"
    """Letter by letter, as nbval does it."""
    NUMBERS = "numbers"
    """The text between numbers letter by letter, numbers within a tolerance."""
    TABLE = "table"
    """Cell by cell of an HTML table or a printed DataFrame, numbers within a tolerance."""
    JSON = "json"
    """Value by value, numbers within a tolerance: plotly, vega, ``application/json``."""
    IMAGE = "image"
    """As the eye sees it."""
    IGNORE = "ignore"


class ComparerRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How one kind of output is compared, where it is not nbval's way."""

    by: Comparer
    absolute: float = 0.0
    """Numbers may differ by so much..."""
    relative: float = 1e-6
    """...or by this part of the larger one."""
    threshold: float = 0.0005
    """The part of a picture's area that may look different, 0 to 1; a plot's title is 0.0008."""


class Limits(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How long things may take and how much they may use; 0: without limit."""

    cell: float = 600.0
    """Seconds for one cell."""
    notebook: float = 3600.0
    """Seconds for one case."""
    suite: float = 0.0
    """Seconds for the whole run."""
    memory: int = 0
    """Bytes for the kernel of one case with all that it started."""
    output: int = 5 << 20
    """Bytes of one cell's outputs that are kept."""


class Case(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One notebook with one set of parameters."""

    id: str
    notebook: str
    parameters: dict[str, Any]
    varied: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    """Ids of the cases that must have passed before this one starts, its inputs' makers."""
    produces: tuple[str, ...] = ()
    """Files that this case declares to write, relative to the project."""
    candidate: bool | str = True
    """True, False, or ``max:NAME`` / ``min:NAME``: the best of its notebook's cases by it."""


class NotebookEntry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One ``[[suites.NAME.notebooks]]`` entry, checked."""

    path: str
    after: tuple[str, ...] = ()
    parameters: dict[str, Any] = {}
    matrix: dict[str, tuple[Any, ...]] = {}
    produces: tuple[str, ...] = ()
    candidate: dict[str, Any] = {}


def case_id(notebook: str, parameters: Mapping[str, Any]) -> str:
    """Return the name of a case: its path and its explicit parameters."""
    if not parameters:
        return notebook
    inside = ",".join(f"{name}={json.dumps(parameters[name])}" for name in sorted(parameters))
    return f"{notebook}[{inside}]"


def expand(
    entries: Sequence[NotebookEntry], goals: Mapping[str, str] | None = None
) -> tuple[Case, ...]:
    """Return the cases of a suite in an order in which each comes after those it waits for.

    A case ``after`` a notebook with a matrix waits for the case with the same values of the
    parameters that both vary; where the later one varies fewer, for the candidate, which is known
    only when all have run, so that it waits for all of them. ``goals`` says for each metric whether
    ``max`` or ``min`` is better. Raises ConfigError for a circle, an unknown notebook in ``after``,
    a value that the earlier notebook has no case for, or more than ``MAXIMAL_CASES``.
    """
    by_notebook: dict[str, list[Case]] = {}
    ordered = _in_order(entries)
    size = sum(math.prod(map(len, entry.matrix.values())) for entry in ordered)
    if size > MAXIMAL_CASES:
        message = f"the suite has {size} cases; more than {MAXIMAL_CASES} is refused"
        raise ConfigError(message, hint="Shorten a list in `matrix`.")
    waits = 0
    for entry in ordered:
        earlier = [_Earlier(path, by_notebook[path], entry) for path in dict.fromkeys(entry.after)]
        cases = by_notebook.setdefault(entry.path, [])
        for point in _points(entry):
            cases.append(_case(entry, point, earlier, goals or {}))
            waits += len(cases[-1].after)
            if waits > MAXIMAL_WAITS:
                message = f"the cases of {entry.path} wait for too many others"
                raise ConfigError(message, hint="Shorten a list in `matrix`.")
    return tuple(itertools.chain.from_iterable(by_notebook.values()))


class _Earlier:
    """The cases of a notebook that is waited for, by the values of what both vary."""

    def __init__(self, path: str, cases: Sequence[Case], entry: NotebookEntry) -> None:
        self.path = path
        self._shared = [name for name in entry.matrix if cases and name in cases[0].varied]
        self._cases: dict[str, list[str]] = {}
        for case in cases:
            self._cases.setdefault(self._key(case.parameters), []).append(case.id)

    def _key(self, parameters: Mapping[str, Any]) -> str:
        return json.dumps([parameters[name] for name in self._shared], sort_keys=True)

    def same(self, parameters: Mapping[str, Any]) -> list[str]:
        """Return the ids of the cases with the same values."""
        return self._cases.get(self._key(parameters), [])


def _points(entry: NotebookEntry) -> list[dict[str, Any]]:
    names = list(entry.matrix)
    return [
        dict(zip(names, values, strict=True))
        for values in itertools.product(*entry.matrix.values())
    ]


def _case(
    entry: NotebookEntry,
    point: dict[str, Any],
    earlier: Sequence[_Earlier],
    goals: Mapping[str, str],
) -> Case:
    parameters = {**entry.parameters, **point}
    after: list[str] = []
    for one in earlier:
        same = one.same(parameters)
        if not same:
            words = ", ".join(f"{name} = {value!r}" for name, value in point.items())
            message = (
                f"{entry.path} with {words} is to run after {one.path}, which has no such case"
            )
            raise ConfigError(message, hint=f"Add the value to the matrix of {one.path}.")
        after.extend(same)
    return Case(
        id=case_id(entry.path, parameters),
        notebook=entry.path,
        parameters=parameters,
        varied=tuple(name for name, values in entry.matrix.items() if len(values) > 1),
        after=tuple(after),
        produces=entry.produces,
        candidate=_candidate(entry, parameters, goals),
    )


def _candidate(
    entry: NotebookEntry, parameters: Mapping[str, Any], goals: Mapping[str, str]
) -> bool | str:
    if "best" in entry.candidate:
        metric = str(entry.candidate["best"])
        return f"{goals.get(metric, 'max')}:{metric}"
    if entry.candidate:
        return all(parameters.get(name) == value for name, value in entry.candidate.items())
    return not any(len(values) > 1 for values in entry.matrix.values())


def _in_order(entries: Sequence[NotebookEntry]) -> list[NotebookEntry]:
    """Return the entries so that each comes after those it waits for, else as they were given.

    Without recursion: a chain of notebooks may be longer than Python's stack.
    """
    by_path = {entry.path: entry for entry in entries}
    done: dict[str, NotebookEntry] = {}
    for entry in entries:
        on_the_way = {} if entry.path in done else {entry.path: iter(entry.after)}
        while on_the_way:
            path, waits_for = next(reversed(on_the_way.items()))
            earlier = next((one for one in waits_for if one not in done), None)
            if earlier is None:
                done[path] = by_path[path]
                del on_the_way[path]
            else:
                _check_earlier(path, earlier, by_path, list(on_the_way))
                on_the_way[earlier] = iter(by_path[earlier].after)
    return list(done.values())


def _check_earlier(
    path: str, earlier: str, by_path: Mapping[str, NotebookEntry], on_the_way: list[str]
) -> None:
    if earlier not in by_path:
        message = f"{path} is to run after {earlier}, which is not in this suite"
        raise ConfigError(message, hint=f"Suite has: {', '.join(sorted(by_path))}.")
    if earlier in on_the_way:
        circle = " -> ".join([*on_the_way[on_the_way.index(earlier) :], earlier])
        message = f"notebooks wait for each other in a circle: {circle}"
        raise ConfigError(message, hint="Take one of them out of `after`.")


def delivering_notebooks(cases: Iterable[Case]) -> list[str]:
    """Return the notebooks whose products a release takes.

    Where a notebook of the suite says which of its cases is the ``candidate``, only such notebooks
    deliver; others then make what those need. Where none does, every notebook that produces
    something delivers it.
    """
    by_notebook: dict[str, list[Case]] = {}
    for case in cases:
        by_notebook.setdefault(case.notebook, []).append(case)
    producing = [name for name, own in by_notebook.items() if own[0].produces]
    choosing = [
        name
        for name in producing
        if any(isinstance(case.candidate, str) or not case.candidate for case in by_notebook[name])
    ]
    return choosing or producing


def choose_candidates(
    cases: Iterable[Case], metrics: Mapping[str, Mapping[str, float]]
) -> tuple[str, ...]:
    """Return the ids of the cases whose products a release takes, one per producing notebook.

    ``metrics`` is ``{case id: {metric: value}}``. A notebook whose candidate is ambiguous or has no
    such metric gives none.
    """
    chosen: list[str] = []
    by_notebook: dict[str, list[Case]] = {}
    for case in cases:
        by_notebook.setdefault(case.notebook, []).append(case)
    for siblings in by_notebook.values():
        name = candidate_among(siblings, metrics)
        if name:
            chosen.append(name)
    return tuple(chosen)


def candidate_among(
    siblings: Sequence[Case], metrics: Mapping[str, Mapping[str, float]]
) -> str | None:
    """Return the id of the candidate among the cases of one notebook, or None."""
    rule = siblings[0].candidate
    if isinstance(rule, str):
        goal, _, metric = rule.partition(":")
        scored = [
            (metrics[case.id][metric], case.id)
            for case in siblings
            if metric in metrics.get(case.id, {})
        ]
        if len(scored) != len(siblings):
            return None
        best = max if goal == "max" else min
        top = best(value for value, _ in scored)
        return next(name for value, name in scored if value == top)
    named = [case.id for case in siblings if case.candidate is True]
    return named[0] if len(named) == 1 else None
