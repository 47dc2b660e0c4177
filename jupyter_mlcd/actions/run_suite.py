"""Run a suite, or single notebooks: decide everything first, then hand it to the runner."""

from __future__ import annotations

import json
import os
import sys
from typing import TYPE_CHECKING, Any, TypeVar

import msgspec

from jupyter_mlcd.actions.find_run import tested_runs
from jupyter_mlcd.model.errors import NotFoundError, ParameterError, RefusedError, UsageError
from jupyter_mlcd.model.notebook import language_of
from jupyter_mlcd.model.parameter_cell import declared, other_cells
from jupyter_mlcd.model.parameter_check import check
from jupyter_mlcd.model.parameter_settling import settled
from jupyter_mlcd.model.parameter_text import writer_of
from jupyter_mlcd.model.parameters import check_parameters
from jupyter_mlcd.model.project import SuiteTable, entry_of, is_inside
from jupyter_mlcd.model.result import GREEN, State, Verdict
from jupyter_mlcd.model.run import Run, RunPlan, RunRequest
from jupyter_mlcd.model.run_events import fold
from jupyter_mlcd.model.scored_live import needed_cases
from jupyter_mlcd.model.suite import Case, Compare, Limits, NotebookEntry, OnFailure, expand

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from jupyter_mlcd.actions.desk import Desk

_T = TypeVar("_T")


def run_suite(desk: Desk, request: RunRequest) -> Run:
    """Start the run and return it as it begins.

    Raises UsageError for what cannot be run, RefusedError if the same run is under way, and
    ExecutionError if the runner cannot be started.
    """
    check_parameters(request.parameters)
    name, table, entries = _chosen(desk, request)
    every = expand(_with_parameters(entries, request.parameters), _goals(desk))
    cases = _red_ones(desk, name, every) if request.failed_only else every
    if request.scored is not None:
        cases = needed_cases(every, request.scored.bases, request.scored.placed)
    if not cases:
        raise UsageError(f"{name} has no notebooks", hint="Add some to `notebooks` in mlcd.toml.")
    _check_notebooks(desk, cases)
    extra = [desk.prefix + case.notebook for case in cases]
    snapshot = desk.worktree.snapshot(sorted({*extra, f"{desk.prefix}mlcd.toml"}))
    going = [
        run
        for run in tested_runs(desk, desk.history)
        if run.suite == name and run.tree == snapshot.tree and run.state is not State.ENDED
    ]
    if going and not request.parameters and not request.id and request.scored is None:
        raise RefusedError(
            f"{name} is running on these files already",
            code="running",
            hint=f"Follow it, or cancel it: jupyter mlcd cancel {going[0].id}",
            details={"run": going[0].id},
        )
    plan = RunPlan(
        id=request.id or desk.new_id(),
        project=desk.project.name,
        prefix=desk.prefix,
        repository=desk.repository,
        suite=name,
        tree=snapshot.tree,
        commit=snapshot.commit,
        dirty=snapshot.dirty,
        by=desk.by,
        started=desk.now(),
        cases=cases,
        compare=_compare(table, request),
        limits=_of_suite(desk, table, desk.project.limits, Limits()),
        inputs=table.inputs if table else (),
        jobs=request.jobs or max(1, min(len(cases), os.cpu_count() or 1)),
        sanitize=request.sanitize or _of_suite(desk, table, desk.project.sanitize, ()),
        comparers=_of_suite(desk, table, desk.project.comparers, {}),
        on_failure=table.on_failure if table else OnFailure.RUN_ON,
        retry=table.retry if table else 0,
        secrets=table.secrets if table else {},
        coverage=_measured(table) if request.coverage else (),
        nbval=desk.project.project.nbval if request.scored is None else "replay",
        partial=len(cases) < len(every) or request.scored is not None,
        estimate=_estimate(desk.runner.seconds_taken(name), cases),
        environment=request.environment,
        interpreter=sys.executable,
        scored=request.scored or msgspec.UNSET,
    )
    desk.runner.start(plan)
    return fold(plan, ())


def _compare(table: SuiteTable | None, request: RunRequest) -> Compare:
    """Return what is compared; what another model puts out is expected nowhere."""
    if request.scored is not None:
        return Compare.NOTHING
    return request.compare or (table.compare if table else Compare.MARKED_CELLS)


def _goals(desk: Desk) -> dict[str, str]:
    return {gate.metric: gate.goal.value for gate in desk.project.gates}


def _of_suite(desk: Desk, table: SuiteTable | None, ask: Callable[[str], _T], otherwise: _T) -> _T:
    """Return what the project says about the suite of ``table``, or what holds without a suite."""
    if table is None:
        return otherwise
    return ask(next(name for name, one in desk.project.suites.items() if one is table))


def _chosen(desk: Desk, request: RunRequest) -> tuple[str, SuiteTable | None, list[NotebookEntry]]:
    if request.notebooks:
        return _single(desk, request.notebooks)
    suites = desk.project.suites
    if not suites:
        message = "this project has no suite"
        raise UsageError(message, hint="Add `[suites.NAME]` to mlcd.toml, or run --notebook PATH.")
    if not request.suite and len(suites) > 1:
        hint = f"Say which: {', '.join(suites)}."
        raise UsageError("this project has several suites", code="which-suite", hint=hint)
    name = request.suite or next(iter(suites))
    if name not in suites:
        message = f"there is no suite {name!r}"
        raise NotFoundError(message, hint=f"There is: {', '.join(suites)}.")
    return name, suites[name], [entry_of(one) for one in suites[name].notebooks]


def _single(
    desk: Desk, notebooks: Sequence[str]
) -> tuple[str, SuiteTable | None, list[NotebookEntry]]:
    """Return the entries of single notebooks, with those they are to run after."""
    for path in notebooks:
        if not is_inside(path):
            message = f"{path!r} is not a path inside the project"
            raise UsageError(message, hint="Give it relative to the project, with / between.")
    name = ", ".join(notebooks)
    for suite in desk.project.suites.values():
        entries = {entry.path: entry for entry in map(entry_of, suite.notebooks)}
        if all(path in entries for path in notebooks):
            needed = _closure(entries, notebooks)
            return name, suite, [entry for entry in entries.values() if entry.path in needed]
    return name, None, [NotebookEntry(path=path) for path in notebooks]


def _closure(entries: Mapping[str, NotebookEntry], paths: Sequence[str]) -> set[str]:
    needed: set[str] = set()
    queue = list(paths)
    while queue:
        path = queue.pop()
        if path not in needed:
            needed.add(path)
            queue.extend(entries[path].after)
    return needed


def _red_ones(desk: Desk, name: str, cases: Sequence[Case]) -> tuple[Case, ...]:
    """Return the cases that were red when they ran the last time, and those they wait for.

    The newest run of the whole suite counts, and what was run in part since.
    """
    latest: dict[str, Verdict | None] = {}
    for run in tested_runs(desk, desk.history):
        if run.suite == name and run.state is State.ENDED:
            latest = {**{case.id: case.verdict for case in run.cases}, **latest}
            if not run.partial:
                break
    if not latest:
        message = f"{name} has not been run yet, so none of its cases has failed"
        raise UsageError(
            message, code="no-earlier-run", hint=f"Run it whole: jupyter mlcd run {name}"
        )
    good = {*GREEN, Verdict.SKIPPED}
    needed = {case.id for case in cases if latest.get(case.id) not in good}
    if not needed:
        message = f"no case of {name} failed when it was run the last time"
        raise UsageError(
            message, code="nothing-failed", hint=f"Run it whole: jupyter mlcd run {name}"
        )
    for case in reversed(cases):  # each stands after those it waits for
        if case.id in needed:
            needed.update(case.after)
    return tuple(case for case in cases if case.id in needed)


def _measured(table: SuiteTable | None) -> tuple[str, ...]:
    """Return the folders whose code is measured: those the suite names, else the project."""
    return (table.coverage if table else ()) or (".",)


def _with_parameters(
    entries: Sequence[NotebookEntry], parameters: Mapping[str, Any]
) -> list[NotebookEntry]:
    """Return the entries with the asked-for parameters in the last notebook of the run.

    The last one is what was asked for; those before it only prepare for it.
    """
    if not parameters:
        return list(entries)
    *before, last = entries
    matrix = {name: values for name, values in last.matrix.items() if name not in parameters}
    changed = NotebookEntry(
        path=last.path,
        after=last.after,
        parameters={**last.parameters, **parameters},
        matrix=matrix,
        produces=last.produces,
        candidate={} if last.candidate.keys() & parameters.keys() else last.candidate,
    )
    return [*before, changed]


def _check_notebooks(desk: Desk, cases: Sequence[Case]) -> None:
    """Refuse before anything runs what cannot run: missing files, parameters that do not fit."""
    for path in dict.fromkeys(case.notebook for case in cases):
        content = desk.file(path)
        if content is None:
            raise UsageError(
                f"there is no notebook {path}",
                code="no-notebook",
                hint="Check `notebooks` in mlcd.toml, or the path; nothing was run.",
                details={"file": path},
            )
        given = [case.parameters for case in cases if case.notebook == path and case.parameters]
        try:
            _check_parameters(content, given)
        except ParameterError as error:
            message = f"{path}: {error.message}"
            details = {**error.details, "file": path}
            raise ParameterError(
                message, code=error.code, hint=error.hint, details=details
            ) from None


def _check_parameters(content: bytes, given: Sequence[Mapping[str, Any]]) -> None:
    """Check all values that a notebook is given. What is no notebook says so when its case runs."""
    if not given:
        return
    try:
        notebook = json.loads(content)
        language = language_of(notebook)
        cell = declared(notebook, language)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return
    writer_of(language)
    others = other_cells(notebook, cell) if cell else ()
    # Which names there are and who reads them is the same for all points of a matrix.
    for parameters in {frozenset(one): one for one in given}.values():
        check(parameters, cell, others)
    if cell is not None:
        for parameters in given:
            settled(cell, parameters)


def _estimate(seconds: Mapping[str, float], cases: Sequence[Case]) -> float | None:
    known = [seconds[case.id] for case in cases if case.id in seconds]
    return sum(known) if len(known) == len(cases) else None
