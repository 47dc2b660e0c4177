from __future__ import annotations

import re
from typing import TYPE_CHECKING

from jupyter_mlcd.bundle.review_report import review_page
from jupyter_mlcd.model.comparison import (
    Against,
    CaseComparison,
    EvidenceChanges,
    Relation,
    ScoreChange,
    SoftwareChange,
)
from jupyter_mlcd.model.gate import Finding, Outcome
from jupyter_mlcd.model.hub import HubKind
from jupyter_mlcd.model.release import ReleasedRun
from jupyter_mlcd.model.result import Verdict
from jupyter_mlcd.model.review import EntryKind, ReviewEntry
from jupyter_mlcd.model.review_page import ReviewPage, ReviewState
from jupyter_mlcd.model.rules_change import RulesChanged, RulesCommit
from tests.bundle.reports import cases, files, manifest, run

if TYPE_CHECKING:
    from collections.abc import Sequence

AT = "2026-11-01T10:00:00.000000Z"
SEED = CaseComparison(
    "train.ipynb[seed=1]",
    "train.ipynb",
    {"seed": 1},
    ("seed",),
    Relation.CHANGED,
    Verdict.PASSED,
    outputs=2,
    scores=(ScoreChange("accuracy", 0.9, 0.95),),
)
SAME = CaseComparison("eda.ipynb", "eda.ipynb", {}, (), Relation.SAME, Verdict.PASSED)


def entry(kind: EntryKind, text: str = "", **other: object) -> ReviewEntry:
    said = {"id": "1", "version": "0.2.0", "digest": "d", "by": "Ken <ken@example.org>", "at": AT}
    return ReviewEntry(kind=kind, text=text, **{**said, **other})  # type: ignore[arg-type]


def shown(
    *entries: ReviewEntry,
    findings: Sequence[Finding] = (),
    changes: Sequence[EvidenceChanges] = (),
    faults: dict[str, str] | None = None,
    rules: RulesChanged | None = None,
) -> str:
    """Return the text of the page, its tags taken out."""
    state = ReviewState("production", 1, None, tuple(findings), None, faults or {}, rules=rules)
    runs = (ReleasedRun("quality", "r1", "sha256:e"),)
    page = ReviewPage("digits", "0.2.0", "sha256:d", "c" * 40, runs, entries, (), (state,))
    content = review_page(page, changes, [(manifest(run(*cases())), files().get)]).decode()
    assert "<script" not in content
    assert "http" not in re.sub(r'http-equiv="[^"]*"', "", content)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", content.partition("</style>")[2]))


def test_rules_and_exceptions_are_told_in_words() -> None:
    words = "0.85, 0.9 is needed; excepted by Ken until 1 Dec 2026: first try"
    text = shown(
        findings=[
            Finding("accuracy at least 0.9", Outcome.EXCEPTED, words),
            Finding("all cases passed", Outcome.MET, "yes"),
        ]
    )
    assert "1 of 2 rules met" in text
    assert words in text


def test_rules_that_changed_are_told_with_the_commits_that_changed_them() -> None:
    commit = RulesCommit("ab12cd34", "Ken <ken@example.org>", AT, "Ask for <less>")
    change = "the rule accuracy at least 0.9 became at least 0.8"
    text = shown(rules=RulesChanged("0.1.0", "origin/main", True, (change,), (commit,)))  # noqa: FBT003
    assert f"Rules that changed since 0.1.0 was delivered{change}" in text.replace(" the", "the")
    assert "ab12cd3 Ask for &lt;less&gt;, Ken, 1 Nov 2026" in text


def test_it_is_said_where_nobody_knows_which_rules_held() -> None:
    text = shown(rules=RulesChanged("0.1.0", "HEAD", is_known=False))
    assert "It is not known which rules 0.1.0 had to meet." in text
    assert "Rules that changed" not in shown()


def test_what_differs_from_what_is_live_is_named() -> None:
    software = (SoftwareChange("python3", "numpy", "2.0", "2.1"),)
    against = Against("r0", "0.1.0", "production", live=True)
    text = shown(changes=[EvidenceChanges("r1", against, (SEED, SAME), software, ())])
    assert "Against 0.1.0 in production: 1 of 2 changed." in text
    assert "train.ipynb[seed=1]: changed, 2 outputs, accuracy 0.9 \u2192 0.95" in text
    assert "numpy 2.0 \u2192 2.1" in text


def test_where_nothing_is_live_it_says_so() -> None:
    assert "Nothing is live yet" in shown(changes=[EvidenceChanges("r1", None, (), (), ())])


def test_what_people_said_stands_with_where_and_whether_it_counts() -> None:
    text = shown(
        entry(EntryKind.COMMENTED, "Why 3?", case="train.ipynb", cell=2),
        entry(EntryKind.APPROVED, id="2", environment="production", hub=HubKind.GITHUB),
        entry(EntryKind.APPROVED, id="3", environment="production", taken_back=AT),
        faults={"2": "it was given on GitHub for other files"},
    )
    assert "Ken says on train.ipynb cell 2, 1 Nov 2026" in text
    assert ": Why 3?" in text
    assert "approves on GitHub for production" in text
    assert "It does not count: it was given on GitHub for other files." in text
    assert "Taken back on 1 Nov 2026" in text


def test_what_people_write_is_text() -> None:
    text = shown(entry(EntryKind.COMMENTED, "<img src=x onerror=alert(1)>"))
    assert "&lt;img src=x onerror=alert(1)&gt;" in text


def test_the_tests_stand_below_without_their_cells() -> None:
    text = shown()
    assert "Tests of" in text
    assert "Nobody said anything yet." in text
