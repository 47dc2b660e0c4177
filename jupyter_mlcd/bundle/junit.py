"""JUnit XML of a run: a test suite per case, a test case per code cell, as CI systems read it.

The structure is the one that Jenkins' xUnit plug-in and Maven Surefire agree on (``junit-10.xsd``):
attempts before a retry are ``flakyFailure`` and ``flakyError`` of a cell that passed in the end,
``rerunFailure`` and ``rerunError`` of one that did not.
"""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ET
from typing import TYPE_CHECKING

from jupyter_mlcd.model.result import GREEN, Attempt, CaseResult, CellResult, Verdict

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from jupyter_mlcd.model.result import Difference
    from jupyter_mlcd.model.run import Run

_ANSI = re.compile(r"\x1b\[[0-9;?]*[ -/]*[@-~]")
_NOT_IN_XML = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_FAILURES = {Verdict.FAILED, Verdict.INCOMPLETE}
_SKIPPED = {Verdict.SKIPPED, Verdict.NOT_RUN}
_NOTEBOOK = -2
"""Index of what speaks for the notebook as a whole; -1 is the injected parameters' cell."""


def junit(run: Run) -> bytes:
    """Return the XML text."""
    root = ET.Element("testsuites", name=_clean(run.suite))
    for case in run.cases:
        _case(root, run, case)
    for count in ("tests", "failures", "errors"):
        root.set(count, str(sum(int(suite.get(count, "0")) for suite in root)))
    root.set("time", f"{sum(case.duration for case in run.cases):.3f}")
    ET.indent(root)
    text: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return text + b"\n"


def _case(root: ET.Element, run: Run, case: CaseResult) -> None:
    cells = _told(case)
    verdicts = [cell.verdict for cell in cells]
    element = ET.SubElement(
        root,
        "testsuite",
        name=_clean(case.id),
        tests=str(len(cells)),
        failures=str(sum(one in _FAILURES for one in verdicts)),
        errors=str(sum(one not in _FAILURES | GREEN | _SKIPPED for one in verdicts)),
        skipped=str(sum(one in _SKIPPED for one in verdicts)),
        time=f"{case.duration:.3f}",
        timestamp=case.started.rstrip("Z"),
    )
    properties = ET.SubElement(element, "properties")
    for name, value in _properties(run, case):
        ET.SubElement(properties, "property", name=_clean(name), value=_clean(value))
    for number, cell in enumerate(cells, 1):
        _cell(element, case, f"cell {number}" if cell.index >= 0 else "notebook", cell)
    if case.remarks:
        ET.SubElement(element, "system-out").text = _clean("\n".join(case.remarks))


def _properties(run: Run, case: CaseResult) -> Iterator[tuple[str, str]]:
    yield "run", run.id
    yield "tree", run.tree
    yield "commit", run.commit
    yield "verdict", (case.verdict or Verdict.NOT_RUN).value
    yield "attempts", str(len(case.attempts) + 1)
    if case.peak_memory:
        yield "peak-memory-bytes", str(case.peak_memory)
    for name, value in case.parameters.items():
        yield f"parameter.{name}", value if isinstance(value, str) else json.dumps(value)
    for name, score in case.metrics.items():
        yield f"metric.{name}", repr(score)
    for name, (low, high) in case.intervals.items():
        yield f"interval.{name}", f"{low!r} to {high!r}"


def _told(case: CaseResult) -> tuple[CellResult, ...]:
    """Return the cells, and the whole notebook where no cell shows its verdict.

    A declared product that was not written is red although every cell is green; so was an attempt
    that ended red without a red cell.
    """
    verdict = case.verdict or Verdict.NOT_RUN
    final = Verdict.PASSED if verdict in GREEN else verdict
    shown = any(cell.verdict is final for cell in case.cells)
    if shown and not any(_of_notebook(attempt) for attempt in case.attempts):
        return case.cells
    return (*case.cells, CellResult(_NOTEBOOK, "", final, case.reason))


def _cell(parent: ET.Element, case: CaseResult, name: str, cell: CellResult) -> None:
    element = ET.SubElement(
        parent, "testcase", classname=_clean(case.id), name=name, time=f"{cell.duration:.3f}"
    )
    if cell.verdict in _SKIPPED:
        ET.SubElement(element, "skipped", message=_clean(cell.reason or cell.verdict))
    elif cell.verdict not in GREEN:
        kind = "failure" if cell.verdict in _FAILURES else "error"
        told = ET.SubElement(
            element, kind, type=cell.verdict.value, message=_clean(cell.reason or cell.verdict)
        )
        told.text = _differences(cell.differences)
    for number, attempt in enumerate(case.attempts, 1):
        _earlier(element, number, attempt, cell)


def _earlier(element: ET.Element, number: int, attempt: Attempt, cell: CellResult) -> None:
    """Add what an earlier attempt said about the same cell, where it was red."""
    if cell.index == _NOTEBOOK:
        before = _of_notebook(attempt)
    else:
        before = next((one for one in attempt.cells if one.index == cell.index), None)
    if before is None or before.verdict in GREEN | _SKIPPED:
        return
    kind = "flaky" if cell.verdict in GREEN else "rerun"
    kind += "Failure" if before.verdict in _FAILURES else "Error"
    message = f"attempt {number}: {before.reason or before.verdict}"
    told = ET.SubElement(element, kind, type=before.verdict.value, message=_clean(message))
    text = _differences(before.differences) or _clean(message)
    ET.SubElement(told, "stackTrace").text = text


def _of_notebook(attempt: Attempt) -> CellResult | None:
    """Return an attempt's verdict as that of the whole notebook, unless one of its cells has it."""
    if any(cell.verdict is attempt.verdict for cell in attempt.cells):
        return None
    return CellResult(_NOTEBOOK, "", attempt.verdict, attempt.reason)


def _differences(differences: Sequence[Difference]) -> str:
    return _clean("\n".join(line for one in differences for line in _difference(one)))


def _difference(one: Difference) -> Iterator[str]:
    yield f"{one.field}, compared as {one.by}" if one.by else one.field
    yield f"expected: {one.expected}"
    yield f"got: {one.got}"
    if one.picture:
        yield f"where they differ: {one.picture}"


def _clean(text: str) -> str:
    return _NOT_IN_XML.sub("", _ANSI.sub("", text))
