from __future__ import annotations

import re
from typing import Any
from xml.etree import ElementTree as ET

import msgspec
import pytest

from jupyter_mlcd.bundle.junit import junit
from jupyter_mlcd.model.result import Attempt, CaseResult, CellResult, Difference, State, Verdict
from jupyter_mlcd.model.run import Run

PASSED = CellResult(1, "a", Verdict.PASSED, duration=0.5)
RED = CellResult(1, "a", Verdict.FAILED, "stdout differs")


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
    run = Run(
        id="01a20b4c-8a28-7620-b44d-bb05af3914f6",
        project="digits",
        suite="quality",
        tree="t" * 40,
        commit="c" * 40,
        dirty={},
        by="Mara <m@example.org>",
        started="2026-11-24T01:00:00.000000Z",
        cases=cases,
        state=State.ENDED,
    )
    document = ET.fromstring(junit(run))  # noqa: S314 - our own
    check(document)
    return document


def having(result: CaseResult, **more: Any) -> CaseResult:
    return msgspec.structs.replace(result, **more)


def earlier(verdict: Verdict, reason: str, *cells: CellResult) -> Attempt:
    return Attempt(verdict, reason, "2026-11-24T01:00:00Z", 1.0, cells=cells)


# What Jenkins' junit-10.xsd allows: children and attributes, the required ones with "!".
_RERUN = ({"stackTrace", "system-out", "system-err"}, {"message", "type!"})
_TOLD: tuple[set[str], set[str]] = (set(), {"type", "message"})
_AGAIN = ("rerunFailure", "rerunError", "flakyFailure", "flakyError")
_COUNTS = {"tests", "failures", "errors"}
STRUCTURE: dict[str, tuple[set[str], set[str]]] = {
    "testsuites": ({"testsuite"}, {"name", "time", *_COUNTS}),
    "testsuite": (
        {"testsuite", "properties", "testcase", "system-out", "system-err"},
        {"name!", "time", "skipped", "timestamp", *(f"{one}!" for one in _COUNTS)},
    ),
    "testcase": (
        {"skipped", "error", "failure", *_AGAIN, "system-out", "system-err"},
        {"name!", "time", "classname", "group"},
    ),
    "properties": ({"property"}, set()),
    "property": (set(), {"name!", "value!"}),
    "skipped": _TOLD,
    "error": _TOLD,
    "failure": _TOLD,
    **dict.fromkeys(_AGAIN, _RERUN),
    **dict.fromkeys(("stackTrace", "system-out", "system-err"), (set(), set())),
}


def check(element: ET.Element) -> None:
    """Hold an element and what is in it against the structure above."""
    children, attributes = STRUCTURE[element.tag]
    allowed = {one.rstrip("!") for one in attributes}
    required = {one.rstrip("!") for one in attributes if one.endswith("!")}
    assert required <= set(element.attrib) <= allowed, element.tag
    assert {one.tag for one in element} <= children, element.tag
    assert re.fullmatch(r"[0-9]*(\.[0-9]*)?", element.get("time", ""))
    order = [one.tag for one in element]
    if element.tag in _AGAIN:  # the only sequence: everything else may come in any order
        assert order == sorted(order, key=["stackTrace", "system-out", "system-err"].index)
    for one in element:
        check(one)


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


# --------------------------------------------------------------------------------------- retries


def test_a_cell_that_passed_on_a_retry_is_flaky_and_no_failure() -> None:
    difference = Difference("stdout", "1797", "1796")
    red = msgspec.structs.replace(RED, differences=(difference,))
    flaky = case(Verdict.FLAKY, "passed on a retry", PASSED)
    document = read(having(flaky, attempts=(earlier(Verdict.FAILED, "cell 1", red),)))
    (element,) = document.iter("flakyFailure")
    assert (element.get("type"), element.get("message")) == ("failed", "attempt 1: stdout differs")
    assert "got: 1796" in (element.findtext("stackTrace") or "")
    assert counts(document) == {"tests": "1", "failures": "0", "errors": "0", "skipped": "0"}


def test_every_earlier_attempt_is_told() -> None:
    error = msgspec.structs.replace(RED, verdict=Verdict.ERROR, reason="ValueError: no")
    attempts = (earlier(Verdict.FAILED, "", RED), earlier(Verdict.ERROR, "", error))
    document = read(having(case(Verdict.FLAKY, "", PASSED), attempts=attempts))
    (cell,) = document.iter("testcase")
    assert [one.tag for one in cell] == ["flakyFailure", "flakyError"]


def test_a_cell_that_stayed_red_was_rerun() -> None:
    attempts = (earlier(Verdict.FAILED, "", RED),)
    document = read(having(case(Verdict.FAILED, "", RED), attempts=attempts))
    (cell,) = document.iter("testcase")
    assert [one.tag for one in cell] == ["failure", "rerunFailure"]


def test_an_attempt_that_was_red_without_a_red_cell_is_told_of_the_notebook() -> None:
    attempts = (earlier(Verdict.KILLED, "the kernel died", PASSED),)
    document = read(having(case(Verdict.FLAKY, "", PASSED), attempts=attempts))
    cells = {one.get("name"): [part.tag for part in one] for one in document.iter("testcase")}
    assert cells == {"cell 1": [], "notebook": ["flakyError"]}


# ------------------------------------------------------------------------------ what stands beside


def properties(document: ET.Element) -> dict[str | None, str | None]:
    return {one.get("name"): one.get("value") for one in document.iter("property")}


def test_a_case_says_what_was_tested_and_what_it_measured() -> None:
    measured = having(
        case(Verdict.PASSED, "", PASSED),
        parameters={"seed": 1, "kernel": "rbf"},
        metrics={'accuracy[segment="young"]': 0.9},
        intervals={'accuracy[segment="young"]': (0.85, 0.95)},
        peak_memory=5 << 20,
    )
    assert properties(read(measured)) == {
        "run": "01a20b4c-8a28-7620-b44d-bb05af3914f6",
        "tree": "t" * 40,
        "commit": "c" * 40,
        "verdict": "passed",
        "attempts": "1",
        "peak-memory-bytes": str(5 << 20),
        "parameter.seed": "1",
        "parameter.kernel": "rbf",
        'metric.accuracy[segment="young"]': "0.9",
        'interval.accuracy[segment="young"]': "0.85 to 0.95",
    }


def test_remarks_are_its_output() -> None:
    document = read(having(case(Verdict.PASSED, "", PASSED), remarks=("C is never read", "two")))
    assert document.findtext("testsuite/system-out") == "C is never read\ntwo"


def test_a_picture_of_the_difference_is_named() -> None:
    difference = Difference("image/png", "", "", by="pictures", picture="differences/1-a.png")
    red = msgspec.structs.replace(RED, differences=(difference,))
    (failure,) = read(case(Verdict.FAILED, "", red)).iter("failure")
    assert "where they differ: differences/1-a.png" in (failure.text or "")


def test_the_whole_document_counts_its_suites() -> None:
    document = read(case(Verdict.FAILED, "", RED), case(Verdict.PASSED, "", PASSED, PASSED))
    assert (document.get("tests"), document.get("failures")) == ("3", "1")
    assert document.get("time") == "3.000"
