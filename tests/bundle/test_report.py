"""The page of a run: what people read, and that nothing in it can run or load anything."""

from __future__ import annotations

import base64
import hashlib
import re
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any

import msgspec
import pytest

from jupyter_mlcd.bundle.report import report_page
from jupyter_mlcd.model.evidence import Manifest, digest_of
from jupyter_mlcd.model.result import (
    CaseResult,
    CellResult,
    Difference,
    Exhibit,
    ExhibitKind,
    Verdict,
)
from jupyter_mlcd.model.run import NbvalCount
from tests.bundle.reports import (
    cases,
    cells,
    error,
    figure,
    files,
    manifest,
    notebook,
    picture,
    run,
    table,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

HOSTILE = "</style></pre><script>alert(1)</script><img src=x onerror=alert(1)>\x00\ud800"
VOID = {"br", "img", "meta"}


class Page(HTMLParser):
    """A page as a browser reads it: its elements and its text."""

    def __init__(self, content: bytes) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.text = ""
        self.feed(content.decode())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open[-1:] != ["style"]:
            self.text += data + ("" if self.open[-1:] == ["mark"] else " ")

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.elements if name == tag]


def page(of: Manifest, read: Callable[[str], bytes | None] | None = None) -> Page:
    return Page(report_page(of, read or files().get))


def whole(**changes: Any) -> Manifest:
    """Return the manifest of a run with everything in it; changes are those of the run."""
    return manifest(msgspec.structs.replace(run(*cases()), **changes))


def of_one(case: CaseResult, content: Mapping[str, bytes] | None = None) -> Page:
    """Return the page of a run of one case, whose executed notebook is notebooks/0.ipynb."""
    return page(manifest(run(case)), (content or {}).get)


def case(**facts: Any) -> CaseResult:
    usual: dict[str, Any] = {
        "id": "a.ipynb",
        "notebook": "a.ipynb",
        "parameters": {},
        "verdict": Verdict.PASSED,
        "cells": cells(Verdict.PASSED, compared=1),
    }
    return CaseResult(**{**usual, **facts})


@pytest.fixture(scope="module")
def shown() -> Page:
    return page(whole())


# -------------------------------------------------------------------------------- what is read


@pytest.mark.parametrize(
    "words",
    [
        "Test report of  digits , suite  quality",
        "Error A cell raised an error.",
        "3 of 6 cases passed; evaluate.ipynb: cell 2: ValueError",
        "Mara Example <mara@example.org>",
        "24 Nov 2026, 01:00:05 UTC",
        "9.4 s, 2 at a time",
        "Tested with 2 files that the commit does not hold as tested",
        "features.py  added",
        "2 on these very files",
        "python 3.11.7, 4 packages, Linux-6.1-x86_64",
        "31 of 40",
    ],
)
def test_the_head_says_what_was_tested_by_whom_and_when(shown: Page, words: str) -> None:
    assert words in shown.text


def test_the_fingerprint_is_that_of_the_sums(shown: Page) -> None:
    assert digest_of(b"sums") in shown.text


@pytest.mark.parametrize(
    "words",
    ["0.9661 0.9551 to 0.9781", "digit = 8", "mean of 3, from 0.9590 to 0.9672 0.9641"],
)
def test_scores_stand_with_intervals_slices_and_their_mean(shown: Page, words: str) -> None:
    assert words in shown.text


def test_the_changed_span_is_marked_on_both_sides(shown: Page) -> None:
    assert "samples used: 179 7" in shown.text
    assert "samples used: 179 6" in shown.text
    assert len(shown.all("mark")) == 4


def test_pictures_are_shown_as_expected_got_and_where_they_differ(shown: Page) -> None:
    words = [one["alt"] for one in shown.all("img")]
    assert words == ["expected", "got", "where they differ", "learning-curve"]


def test_an_error_is_shown_without_the_colours_of_a_terminal(shown: Page) -> None:
    assert "----> 3 model.predict(X)\nValueError: X has 63 features" in shown.text


def test_a_flaky_case_tells_its_earlier_attempt(shown: Page) -> None:
    assert "killed: the kernel died: signal 9, probably out of memory" in shown.text
    assert "4.0 GiB of memory" in shown.text


def test_a_table_is_shown_with_its_values(shown: Page) -> None:
    assert "the first 10 of 12 rows" in shown.text


def test_only_what_did_not_pass_is_unfolded(shown: Page) -> None:
    sections = [one for one in shown.all("details") if one.get("class") == "case"]
    assert ["open" in one for one in sections] == [False, False, True, True, True, True]


def test_every_line_of_the_list_leads_to_its_section(shown: Page) -> None:
    targets = [f"#{one['id']}" for one in shown.all("details") if "id" in one]
    assert [one["href"] for one in shown.all("a")] == targets


def test_verdicts_are_words_and_signs_not_only_colours(shown: Page) -> None:
    signs = [one for one in shown.all("span") if (one.get("class") or "").startswith("v ")]
    assert all(one["aria-hidden"] == "true" for one in signs)
    for word in ("passed", "failed", "flaky", "error", "not run"):
        assert word in shown.text


def test_a_run_that_proved_nothing_says_so() -> None:
    quiet = case(cells=cells(Verdict.PASSED))
    of = manifest(msgspec.structs.replace(run(quiet), verdict=Verdict.PASSED))
    assert "Nothing was compared and no score recorded" in page(of).text


def test_a_part_of_a_suite_is_told() -> None:
    assert "this proves nothing about the suite" in page(whole(partial=True)).text


def test_where_nbval_says_otherwise_is_told() -> None:
    count = NbvalCount(3, 1, 0, "nbval.xml", ("a.ipynb, cell 2: it compares stderr",))
    assert "a.ipynb, cell 2: it compares stderr" in page(whole(nbval=count)).text


def test_committed_files_need_no_list() -> None:
    assert ", all committed" in page(whole(dirty={})).text


def test_very_many_cases_show_those_that_did_not_pass() -> None:
    many = [case(id=f"{at}.ipynb", notebook=f"{at}.ipynb") for at in range(600)]
    many.append(case(id="red.ipynb", verdict=Verdict.FAILED, reason="here it is"))
    found = page(manifest(run(*many)))
    assert len([one for one in found.all("details") if one.get("class") == "case"]) == 500
    assert "500 of 601 are shown" in found.text
    assert any(one.get("id") == "case-601" for one in found.all("details"))


# ------------------------------------------------------------------------------------- exhibits


@pytest.mark.parametrize(
    ("output", "kind", "words"),
    [
        (table("t", ["a"], [["<b>"]], 1), ExhibitKind.TABLE, "a <b>"),
        ({"data": {"text/html": "<table><tr><td>x<script>"}}, ExhibitKind.TABLE, "x"),
        ({"data": {"text/html": ["<div>", "live"]}}, ExhibitKind.FIGURE, "needs a live page"),
        ({"data": {"application/vnd.plotly.v1+json": {}}}, ExhibitKind.FIGURE, "a live page"),
        ({"data": {"text/plain": ["only ", "words"]}}, ExhibitKind.FIGURE, "only words"),
        ({"data": {"image/png": "%%%"}}, ExhibitKind.FIGURE, "needs a live page"),
        ({"data": 3}, ExhibitKind.FIGURE, "It is not there"),
        ({}, ExhibitKind.TABLE, "It is not there"),
    ],
)
def test_an_exhibit_is_shown_as_far_as_a_page_can(
    output: dict[str, Any], kind: ExhibitKind, words: str
) -> None:
    one = case(exhibits=(Exhibit("mine", kind, 1, 0),))
    found = of_one(one, {"notebooks/0.ipynb": notebook({"outputs": [output]})})
    assert "mine" in found.text
    assert words in found.text
    assert not found.all("script")


@pytest.mark.parametrize("kind", ["image/png", "image/svg+xml"])
def test_a_picture_is_a_picture_and_nothing_that_runs(kind: str) -> None:
    drawn = "<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"
    content = drawn if kind == "image/svg+xml" else base64.b64encode(picture()).decode()
    one = case(exhibits=(Exhibit("f", ExhibitKind.FIGURE, 1, 0),))
    executed = notebook({"outputs": [{"data": {kind: content}}]})
    (image,) = of_one(one, {"notebooks/0.ipynb": executed}).all("img")
    assert (image["src"] or "").startswith(f"data:{kind};base64,")


def test_pictures_beyond_the_room_of_a_page_are_left_out() -> None:
    large = figure("f", bytes(15 << 20))
    exhibits = tuple(Exhibit(f"f{at}", ExhibitKind.FIGURE, 1, at) for at in range(3))
    executed = notebook({"outputs": [large] * 3})
    found = of_one(case(exhibits=exhibits), {"notebooks/0.ipynb": executed})
    assert len(found.all("img")) == 2
    assert "Left out, because this page would become too large" in found.text


# --------------------------------------------------------------------------- gaps and bad content


@pytest.mark.parametrize(
    "content", [None, b"", b"not JSON", b"[]", b'{"cells": 3}', b"[" * 200_000]
)
def test_a_missing_or_broken_notebook_leaves_a_gap(content: bytes | None) -> None:
    found = page(whole(), lambda _: content)
    assert "It is not there." in found.text
    assert "samples used" in found.text


def test_a_notebook_that_holds_nan_is_read() -> None:
    executed = notebook({"outputs": [error()], "metadata": {"x": float("nan")}})
    red = CellResult(1, "id-0", Verdict.ERROR, "no")
    found = of_one(case(verdict=Verdict.ERROR, cells=(red,)), {"notebooks/0.ipynb": executed})
    assert "model.predict" in found.text


def test_a_cell_without_an_id_is_found_by_its_position() -> None:
    injected = {"metadata": {"tags": ["injected-parameters"]}, "cell_type": "code", "outputs": []}
    raised = {"metadata": {}, "cell_type": "code", "outputs": [error()]}
    executed = msgspec.json.encode({"cells": [injected, raised]})
    red = CellResult(0, "", Verdict.ERROR, "no")
    found = of_one(case(verdict=Verdict.ERROR, cells=(red,)), {"notebooks/0.ipynb": executed})
    assert "model.predict" in found.text


@pytest.mark.parametrize("span", [(-5, 3), (3, 1), (2, 999), (999, 1000), (0, 0)])
def test_a_span_that_cannot_be_loses_no_text(span: tuple[int, int]) -> None:
    difference = Difference("stdout", "expected", "received", span, span)
    red = CellResult(1, "", Verdict.FAILED, "no", differences=(difference,))
    found = of_one(case(verdict=Verdict.FAILED, cells=(red,)))
    assert "received" in re.sub(r"[ \u200b]", "", found.text)


def test_a_run_without_cases_is_a_page() -> None:
    assert "No notebook ran." in page(manifest(run())).text


# ------------------------------------------------------------------------------------- no dangers


def hostile() -> Manifest:
    difference = Difference(HOSTILE, HOSTILE, HOSTILE, (3, 9), (3, 9), by=HOSTILE, picture=HOSTILE)
    red = CellResult(1, "", Verdict.FAILED, HOSTILE, differences=(difference,))
    one = case(
        id=HOSTILE,
        notebook=HOSTILE,
        parameters={HOSTILE: HOSTILE},
        verdict=Verdict.FAILED,
        reason=HOSTILE,
        cells=(red,),
        metrics={HOSTILE: 1.0},
        exhibits=(Exhibit(HOSTILE, ExhibitKind.FIGURE, 1, 0),),
        remarks=(HOSTILE,),
        reference=HOSTILE,
    )
    facts = dict.fromkeys(("project", "suite", "by", "commit", "tree", "reason"), HOSTILE)
    bad = msgspec.structs.replace(run(one), started=HOSTILE, **facts)
    return msgspec.structs.replace(manifest(bad), builder=HOSTILE, undelivered=HOSTILE)


def test_nothing_in_a_page_is_markup_of_others() -> None:
    outputs = [{"data": {"text/plain": HOSTILE}}, {"output_type": "error", "traceback": [HOSTILE]}]
    executed = notebook({"source": HOSTILE, "outputs": outputs})
    found = page(hostile(), lambda _: executed)
    assert not found.all("script")
    assert all((one["src"] or "").startswith("data:image/") for one in found.all("img"))
    assert not any(name.startswith("on") for _, one in found.elements for name in one)
    assert found.open == []


def test_the_page_allows_its_own_style_pictures_inside_and_nothing_else(shown: Page) -> None:
    policy = next(
        one["content"]
        for one in shown.all("meta")
        if one.get("http-equiv") == "Content-Security-Policy"
    )
    content = report_page(whole(), files().get)
    style = content.split(b"<style>")[1].split(b"</style>")[0]
    digest = base64.b64encode(hashlib.sha256(style).digest()).decode()
    assert policy == (
        f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )


def test_the_page_asks_for_nothing_from_outside(shown: Page) -> None:
    content = report_page(whole(), files().get)
    assert not re.search(rb"https?://|//cdn|@import|url\(", content)
    assert not any("style" in attributes for _, attributes in shown.elements)


def test_the_same_run_gives_the_same_page() -> None:
    assert report_page(whole(), files().get) == report_page(whole(), files().get)
