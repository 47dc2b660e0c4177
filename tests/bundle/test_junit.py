from __future__ import annotations

from xml.etree import ElementTree as ET

import pytest

from jupyter_mlcd.bundle.junit import junit
from jupyter_mlcd.model.result import CaseResult, CellResult, Difference, State, Verdict

PASSED = CellResult(1, "a", Verdict.PASSED, duration=0.5)


def case(verdict: Verdict, reason: str = "", *cells: CellResult) -> CaseResult:
    return CaseResult(
        id="one.ipynb",
        notebook="one.ipynb",
        parameters={},
        state=State.ENDED,
        verdict=verdict,
        reason=reason,
        duration=1.5,
        started="2026-11-24T01:00:00.000000Z",
        cells=cells,
    )


def read(*cases: CaseResult) -> ET.Element:
    return ET.fromstring(junit("quality", cases))  # noqa: S314 - our own


def counts(document: ET.Element) -> dict[str, str | None]:
    suite = document[0]
    return {name: suite.get(name) for name in ("tests", "failures", "errors", "skipped")}


def test_every_code_cell_is_a_test_case() -> None:
    document = read(case(Verdict.PASSED, "", PASSED, PASSED))
    assert [one.get("name") for one in document.iter("testcase")] == ["cell 1", "cell 2"]
    assert counts(document) == {"tests": "2", "failures": "0", "errors": "0", "skipped": "0"}


@pytest.mark.parametrize(
    ("verdict", "tag"),
    [
        (Verdict.FAILED, "failure"),
        (Verdict.ERROR, "error"),
        (Verdict.TIMEOUT, "error"),
        (Verdict.KILLED, "error"),
        (Verdict.INCOMPLETE, "failure"),
        (Verdict.SKIPPED, "skipped"),
        (Verdict.NOT_RUN, "skipped"),
    ],
)
def test_every_verdict_has_its_element(verdict: Verdict, tag: str) -> None:
    document = read(case(verdict, "why", CellResult(0, "a", verdict, "why")))
    (element,) = document.iter(tag)
    assert element.get("message") == "why"


def test_a_red_case_with_green_cells_is_red() -> None:
    document = read(case(Verdict.FAILED, "the declared product m was not written", PASSED))
    assert counts(document)["failures"] == "1"
    assert [one.get("name") for one in document.iter("testcase")] == ["cell 1", "notebook"]


def test_a_case_that_did_not_run_is_one_skipped_test() -> None:
    document = read(case(Verdict.NOT_RUN, "waits for two.ipynb, which failed"))
    assert counts(document) == {"tests": "1", "failures": "0", "errors": "0", "skipped": "1"}


def test_differences_are_told() -> None:
    difference = Difference("stdout", "expected text", "got text")
    cell = CellResult(0, "a", Verdict.FAILED, "stdout differs", differences=(difference,))
    (failure,) = read(case(Verdict.FAILED, "x", cell)).iter("failure")
    assert "expected text" in (failure.text or "")
    assert "got text" in (failure.text or "")


def test_control_characters_and_colours_do_not_break_the_document() -> None:
    reason = "\x1b[31mred\x1b[0m \x00\x08\ud800 <&>"
    (error,) = read(case(Verdict.ERROR, reason, CellResult(0, "a", Verdict.ERROR, reason))).iter(
        "error"
    )
    assert error.get("message") == "red  <&>"
