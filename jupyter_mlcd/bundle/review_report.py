"""A release and its review as one page, for people without Jupyter: no scripts, no network."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from jupyter_mlcd.bundle import in_words
from jupyter_mlcd.bundle.markup import Markup, joined, tag
from jupyter_mlcd.bundle.report import document, run_section
from jupyter_mlcd.bundle.report_marks import facts
from jupyter_mlcd.model.comparison import Relation
from jupyter_mlcd.model.gate import Outcome
from jupyter_mlcd.model.hub import hub_name
from jupyter_mlcd.model.review import EntryKind

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from jupyter_mlcd.model.comparison import CaseComparison, EvidenceChanges
    from jupyter_mlcd.model.evidence import Manifest
    from jupyter_mlcd.model.gate import Finding
    from jupyter_mlcd.model.review import ReviewEntry
    from jupyter_mlcd.model.review_page import ReviewPage, ReviewState
    from jupyter_mlcd.model.rules_change import RulesChanged

_SAID: Final = {
    EntryKind.ASKED: "asks for a review",
    EntryKind.COMMENTED: "says",
    EntryKind.APPROVED: "approves",
    EntryKind.CHANGES_REQUESTED: "asks for changes",
    EntryKind.WAIVED: "makes an exception",
}
_TONES: Final = {Outcome.MET: ("ok", "\u2713"), Outcome.EXCEPTED: ("warn", "!")}
_MOST: Final = 200


def review_page(
    page: ReviewPage,
    changes: Sequence[EvidenceChanges],
    tested: Sequence[tuple[Manifest, Callable[[str], bytes | None]]],
) -> bytes:
    """Return the page of a review.

    ``changes`` is what differs from what is live, suite by suite; ``tested`` the evidence, with
    what reads its files.
    """
    body = tag(
        "main",
        _head(page),
        _facts(page),
        *(_rules(state) for state in page.environments),
        _changes(changes),
        _said(page),
        *(run_section(manifest, read) for manifest, read in tested),
    )
    return document(f"{page.project} {page.version}: review", body)


def _head(page: ReviewPage) -> Markup:
    is_open = any(not one.met for state in page.environments for one in _findings(state))
    return tag(
        "header",
        tag("p", "Review of ", tag("strong", page.project)),
        tag("h1", f"Version {page.version}"),
        tag(
            "p",
            "Some of what an environment asks for is not met yet; each is listed."
            if is_open
            else "Everything that the environments ask for is met.",
            class_="meaning",
        ),
        class_=f"top {'none' if is_open else 'ok'}",
    )


def _facts(page: ReviewPage) -> Markup:
    rows: list[tuple[str, str | Markup]] = [
        ("Commit", tag("code", page.commit)),
        ("Release digest", tag("code", page.digest)),
    ]
    rows += [("Evidence", joined((f"{run.suite} ", tag("code", run.id)))) for run in page.runs]
    return tag("div", facts(rows), class_="facts")


def _findings(state: ReviewState) -> list[Finding]:
    return [*state.findings, *([state.approval] if state.approval else [])]


def _rules(state: ReviewState) -> Markup:
    found = _findings(state)
    met = sum(one.outcome is Outcome.MET for one in found)
    rows = [_rule(one) for one in found]
    words = f"{met} of {in_words.counted(len(found), 'rule')} met"
    return tag(
        "section",
        tag("h2", f"For {state.environment}"),
        tag("p", words, class_="quiet"),
        tag("div", tag("table", tag("tbody", *rows))) if rows else None,
        *(_rules_changed(state.rules) if state.rules else ()),
    )


def _rules_changed(rules: RulesChanged) -> list[Markup]:
    """Return how the rules differ from those that what is live had to meet, and by whom."""
    if not rules.is_known:
        words = f"It is not known which rules {rules.version} had to meet."
        return [tag("p", words, class_="quiet")]
    commits = [
        tag(
            "li",
            tag("code", one.id[:7]),
            f" {one.subject}, {one.by.partition(' <')[0]}, {in_words.moment(one.at)}",
        )
        for one in rules.commits
    ]
    return [
        tag("h3", f"Rules that changed since {rules.version} was delivered"),
        tag("ul", *(tag("li", change) for change in rules.changes)),
        *([tag("p", "Commits that changed them:"), tag("ul", *commits)] if commits else ()),
    ]


def _rule(finding: Finding) -> Markup:
    tone, glyph = _TONES.get(finding.outcome, ("bad", "\u2715"))
    word = {"ok": "met", "warn": "excepted"}.get(tone, "not met")
    mark = tag("span", glyph, class_=f"v {tone}", aria_hidden="true")
    return tag(
        "tr",
        tag("td", tag("span", mark, word, class_="verdict")),
        tag("td", finding.rule),
        tag("td", finding.reason, class_="reason"),
    )


def _changes(changes: Sequence[EvidenceChanges]) -> Markup:
    parts = []
    for one in changes:
        if one.against is None:
            parts.append(tag("p", "Nothing is live yet, so all of it is new."))
            continue
        other = [case for case in one.cases if case.relation is not Relation.SAME]
        same = len(one.cases) - len(other)
        where = f"{one.against.version} in {one.against.environment}".strip()
        words = f"Against {where or one.against.run}: {len(other)} of {same + len(other)} changed."
        parts.append(tag("p", words))
        parts.append(tag("ul", *(tag("li", _case(case)) for case in other[:_MOST])))
        if one.software:
            listed = ", ".join(
                f"{change.name} {change.before or 'none'} \u2192 {change.after or 'none'}"
                for change in one.software[:_MOST]
            )
            parts.append(tag("p", f"Software: {listed}."))
    return tag("section", tag("h2", "What differs from what is live"), *parts)


def _case(case: CaseComparison) -> str:
    words = [f"{case.id}: {case.relation.value}"]
    if case.sources:
        words.append(in_words.counted(case.sources, "source"))
    if case.outputs:
        words.append(in_words.counted(case.outputs, "output"))
    words += [
        f"{one.name} {_number(one.before)} \u2192 {_number(one.after)}" for one in case.scores
    ]
    return ", ".join([*words, *([case.problem] if case.problem else [])])


def _number(value: float | None) -> str:
    return "none" if value is None else f"{value:.6g}"


def _said(page: ReviewPage) -> Markup:
    faults = {name: words for state in page.environments for name, words in state.faults.items()}
    lines = [tag("li", *_entry(one, faults.get(one.id, ""))) for one in page.entries]
    nothing = tag("p", "Nobody said anything yet.", class_="quiet")
    return tag("section", tag("h2", "What people said"), tag("ul", *lines) if lines else nothing)


def _entry(entry: ReviewEntry, fault: str) -> list[str | Markup | None]:
    who = entry.by.partition(" <")[0]
    on = f" on {hub_name(entry.hub)}" if entry.hub else ""
    where = [
        f"for {entry.environment}" if entry.environment else "",
        f"on {entry.case}" if entry.case else "",
        f"cell {entry.cell}" if entry.cell is not None else "",
        f"from \u201c{entry.rule}\u201d" if entry.rule else "",
    ]
    about = " ".join(one for one in where if one)
    if entry.taken_back:
        after = f" Taken back on {in_words.moment(entry.taken_back)}. {entry.taken_back_why}"
    else:
        after = f" It does not count: {fault}." if fault else ""
    return [
        tag("strong", who),
        f" {_SAID[entry.kind]}{on} {about}".rstrip(),
        f", {in_words.moment(entry.at)}",
        f": {entry.text}" if entry.text else ".",
        tag("em", after) if after else None,
    ]
