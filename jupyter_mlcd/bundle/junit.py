"""JUnit XML of a run: a test suite per case, a test case per code cell, as CI systems read it."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from typing import TYPE_CHECKING

from jupyter_mlcd.model.result import CaseResult, CellResult, Verdict

if TYPE_CHECKING:
    from collections.abc import Sequence

_ANSI = re.compile(r"\x1b\[[0-9;?]*[ -/]*[@-~]")
_NOT_IN_XML = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_FAILURES = {Verdict.FAILED, Verdict.INCOMPLETE}
_FINE = {Verdict.PASSED}
_SKIPPED = {Verdict.SKIPPED, Verdict.NOT_RUN}


def junit(suite: str, cases: Sequence[CaseResult]) -> bytes:
    """Return the XML text."""
    root = ET.Element("testsuites", name=_clean(suite))
    for case in cases:
        cells = _told(case)
        verdicts = [cell.verdict for cell in cells]
        element = ET.SubElement(
            root,
            "testsuite",
            name=_clean(case.id),
            tests=str(len(cells)),
            failures=str(sum(one in _FAILURES for one in verdicts)),
            errors=str(sum(one not in _FAILURES | _FINE | _SKIPPED for one in verdicts)),
            skipped=str(sum(one in _SKIPPED for one in verdicts)),
            time=f"{case.duration:.3f}",
            timestamp=case.started.rstrip("Z"),
        )
        for number, cell in enumerate(cells, 1):
            _cell(element, case, f"cell {number}" if cell.index >= 0 else "notebook", cell)
    ET.indent(root)
    text: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return text + b"\n"


def _told(case: CaseResult) -> tuple[CellResult, ...]:
    """Return the cells, and the whole notebook where no cell shows its verdict.

    A declared product that was not written is red although every cell is green.
    """
    verdict = case.verdict or Verdict.NOT_RUN
    if any(cell.verdict is verdict for cell in case.cells):
        return case.cells
    return (*case.cells, CellResult(-1, "", verdict, case.reason))


def _cell(parent: ET.Element, case: CaseResult, name: str, cell: CellResult) -> None:
    element = ET.SubElement(
        parent, "testcase", classname=_clean(case.id), name=name, time=f"{cell.duration:.3f}"
    )
    if cell.verdict in _FINE:
        return
    if cell.verdict in _SKIPPED:
        ET.SubElement(element, "skipped", message=_clean(cell.reason or cell.verdict))
        return
    kind = "failure" if cell.verdict in _FAILURES else "error"
    told = ET.SubElement(element, kind, type=cell.verdict.value, message=_clean(cell.reason))
    told.text = _clean(
        "\n".join(
            f"{one.field}\nexpected: {one.expected}\ngot: {one.got}" for one in cell.differences
        )
    )


def _clean(text: str) -> str:
    return _NOT_IN_XML.sub("", _ANSI.sub("", text))
