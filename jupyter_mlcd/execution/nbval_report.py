"""The JUnit report of a real ``pytest --nbval``, read cell by cell."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

if TYPE_CHECKING:
    from pathlib import Path

# pytest writes the escape character, which XML cannot hold, as the text `#x1B`.
_ANSI = re.compile(r"(?:\x1b|#x1B)\[[0-9;?]*[ -/]*[@-~]")


class Outcome(Enum):
    """What pytest says about one cell."""

    PASSED = "passed"
    FAILED = "failed"
    SKIPPED = "skipped"
    XFAILED = "failed as expected"


@dataclass(frozen=True)
class Judged:
    """One cell in nbval's report."""

    notebook: str
    """Path relative to pytest's root folder, with forward slashes."""
    number: int
    """Counted from 0 among the code cells; -1 for what is no cell."""
    outcome: Outcome
    words: str
    """What nbval says about it; empty when it passed."""
    printed: str
    """What nbval printed meanwhile."""


def without_colours(text: str) -> str:
    """Return what pytest or IPython wrote without the codes of a terminal."""
    return _ANSI.sub("", text)


def judged_cells(report: ET.Element) -> list[Judged]:
    """Return the verdicts in a JUnit report that pytest wrote with ``junit_family=xunit1``."""
    return [_judged(case) for case in report.iter("testcase")]


def read_report(path: Path) -> ET.Element:
    """Return the ``testsuite`` of a JUnit file without colours. Raises OSError, ET.ParseError."""
    text = without_colours(path.read_text(encoding="utf-8"))
    root = ET.fromstring(text)  # noqa: S314 - expat itself bounds entities
    return root if root.tag == "testsuite" else next(root.iter("testsuite"), root)


def _judged(case: ET.Element) -> Judged:
    found = {one.tag: one for one in case}
    words = next((found[tag] for tag in ("failure", "error", "skipped") if tag in found), None)
    outcome = Outcome.PASSED
    if "failure" in found or "error" in found:
        outcome = Outcome.FAILED
    elif words is not None:
        is_xfail = words.get("type") == "pytest.xfail"
        outcome = Outcome.XFAILED if is_xfail else Outcome.SKIPPED
    number = re.fullmatch(r"Cell (\d+)", case.get("name", ""))
    return Judged(
        notebook=case.get("file", "").replace("\\", "/"),
        number=int(number[1]) if number else -1,
        outcome=outcome,
        words="" if words is None else f"{words.get('message', '')}\n{words.text or ''}".strip(),
        printed="".join(one.text or "" for one in case.iter("system-out")),
    )


def note_interrupted(suite: ET.Element, words: str) -> None:
    """Say that the cell in hand was not judged: pytest writes it down as if it had passed."""
    last = next(reversed(list(suite.iter("testcase"))), None)
    if last is not None and not len(last):
        ET.SubElement(last, "error", {"message": words}).text = words
