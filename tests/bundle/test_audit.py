from __future__ import annotations

import csv
import io
import re

import pytest
from msgspec.structs import replace

from jupyter_mlcd.bundle.audit_page import WORDS, audit_page
from jupyter_mlcd.bundle.audit_table import COLUMNS, audit_table, harmless
from jupyter_mlcd.model.audit import Audit, AuditKind, AuditLine, Basis, Proof, Word
from jupyter_mlcd.model.gate import Finding, Outcome
from jupyter_mlcd.model.result import Verdict

EVIL = '=HYPERLINK("http://evil.example")<script>alert(1)</script>'
BASIS = Basis(
    commit="a" * 40,
    tree="b" * 40,
    runs=(
        Proof("quality", "run-1", "sha256:" + "c" * 64, Verdict.PASSED, "Ann <a@x>", "2026-03-02"),
    ),
    scores={"accuracy": 0.95},
    findings=(Finding("accuracy at least 0.9", Outcome.MET, "0.95"),),
    approvals=(Word("w1", "Ken <k@x>", "2026-03-02T10:00:00Z", signed=True, text=EVIL),),
    exceptions=(Word("w2", "Lin <l@x>", "2026-03-02T11:00:00Z", signed=False, rule="a rule"),),
)
DELIVERY = AuditLine(
    id="e1",
    kind=AuditKind.DELIVERY,
    at="2026-03-02T12:00:00.000000Z",
    by="Mara <m@x>",
    version="0.1.0",
    digest="sha256:" + "d" * 64,
    environment="production",
    outcome="delivered",
    why=EVIL,
    issues=("#12",),
    basis=BASIS,
)
AUDIT = Audit(
    project="digits",
    since="2026-03-01T00:00:00.000000Z",
    until="",
    made="2026-03-05T00:00:00.000000Z",
    by="Mara <m@x>",
    tip="e" * 40,
    totals={kind: int(kind is AuditKind.DELIVERY) for kind in AuditKind},
    events=4,
    lines=(DELIVERY,),
    remarks=("Events that others have not shared with this clone are not here.",),
)


def rows(audit: Audit) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(audit_table(audit).decode("utf-8-sig"), newline="")))


def test_each_line_of_the_table_is_one_thing_that_was_done() -> None:
    (row,) = rows(AUDIT)
    assert (row["what"], row["version"], row["outcome"]) == ("delivery", "0.1.0", "delivered")
    assert row["evidence"] == f"quality run-1 sha256:{'c' * 64}"
    assert row["scores"] == "accuracy 0.95"
    assert row["approved by"].startswith("Ken <k@x> 2026-03-02T10:00:00Z (signed): ")
    assert "(unsigned)" in row["exceptions"]


def test_no_cell_of_the_table_is_a_formula() -> None:
    (row,) = rows(replace(AUDIT, lines=(replace(DELIVERY, by="@SUM(1)", version="-1"),)))
    assert row["why"] == f"'{EVIL}"
    assert (row["by"], row["version"]) == ("'@SUM(1)", "'-1")


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t=", "\r=", "\n=", "  =", "\uff1d"])
def test_whatever_a_formula_begins_with_is_made_harmless(start: str) -> None:
    assert harmless(f"{start}1+1").startswith("'")


def test_a_cell_over_several_lines_stays_one_cell() -> None:
    (row,) = rows(replace(AUDIT, lines=(replace(DELIVERY, why='two\nlines, "quoted"'),)))
    assert row["why"] == 'two\nlines, "quoted"'
    assert set(row) == set(COLUMNS)


def test_the_page_has_no_script_and_may_load_nothing() -> None:
    page = audit_page(AUDIT).decode()
    assert "default-src &#x27;none&#x27;" in page
    assert "<script" not in page
    assert "&lt;script&gt;" in page
    assert not re.search(r"(?:src|href)=\"(?!#)", page)


def test_the_page_states_its_range_its_totals_and_what_it_rests_on() -> None:
    page = audit_page(AUDIT).decode()
    assert "From 1 Mar 2026" in page
    assert "Deliveries</dt><dd>1</dd>" in page
    assert "1, of 4 events" in page
    assert AUDIT.remarks[0] in page


def test_a_time_in_which_nothing_happened_says_so() -> None:
    page = audit_page(replace(AUDIT, lines=())).decode()
    assert "Nothing was delivered, approved or excepted in this time." in page
    assert audit_table(replace(AUDIT, lines=())).count(b"\r\n") == 1


def test_a_history_that_is_not_whole_is_said_at_the_top() -> None:
    page = audit_page(replace(AUDIT, problems=("events/1.json is gone",))).decode()
    assert page.index("not whole") < page.index("What was done")
    assert "events/1.json is gone" in page


def test_every_kind_has_its_words() -> None:
    assert WORDS.keys() == set(AuditKind)
