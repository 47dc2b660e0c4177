"""The audit as one page: who released what on what evidence. No scripts, no network, printable."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jupyter_mlcd.bundle import in_words
from jupyter_mlcd.bundle.markup import Markup, joined, tag
from jupyter_mlcd.bundle.report import document
from jupyter_mlcd.bundle.report_marks import facts
from jupyter_mlcd.model.audit import AuditKind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jupyter_mlcd.model.audit import Audit, AuditLine, Basis, Word
    from jupyter_mlcd.model.gate import Finding

WORDS = {
    AuditKind.DELIVERY: ("delivery", "deliveries"),
    AuditKind.ROLL_BACK: ("roll back", "roll backs"),
    AuditKind.APPROVAL: ("approval", "approvals"),
    AuditKind.REJECTION: ("request for changes", "requests for changes"),
    AuditKind.EXCEPTION: ("exception", "exceptions"),
    AuditKind.TAKEN_BACK: ("word taken back", "words taken back"),
    AuditKind.ERASURE: ("erasure", "erasures"),
    AuditKind.HOLD: ("hold", "holds"),
    AuditKind.LIFT: ("hold lifted", "holds lifted"),
    AuditKind.SCORED_AGAIN: ("live version scored again", "live versions scored again"),
    AuditKind.CHECK: ("check of what is live", "checks of what is live"),
}
_GOOD = frozenset({"delivered"})
_BAD = frozenset({"failed", "refused", "cancelled"})


def audit_page(audit: Audit) -> bytes:
    """Return the page of an audit."""
    words = [tag("li", one) for one in (*audit.problems, *audit.remarks)]
    body = tag(
        "main",
        _head(audit),
        tag("div", facts(_totals(audit)), class_="facts"),
        tag("section", tag("h2", "What was done"), _lines(audit.lines)),
        _details(audit.lines),
        tag("section", tag("h2", "What this rests on"), tag("ul", *words)),
        _foot(audit),
    )
    return document(f"{audit.project}: audit, {_range(audit)}", body)


def _head(audit: Audit) -> Markup:
    damaged = "The history that this was read from is not whole: see the end."
    return tag(
        "header",
        tag("p", "Audit of ", tag("strong", audit.project)),
        tag("h1", _sentence(_range(audit))),
        tag("p", "Who released what, when, and on what evidence.", class_="meaning"),
        tag("p", damaged, class_="reason") if audit.problems else None,
        class_=f"top {'bad' if audit.problems else 'none'}",
    )


def _sentence(words: str) -> str:
    return words[:1].upper() + words[1:]


def _range(audit: Audit) -> str:
    first = f"from {in_words.moment(audit.since)}" if audit.since else "from the beginning"
    return f"{first} to {in_words.moment(audit.until or audit.made)}"


def _totals(audit: Audit) -> list[tuple[str, str | Markup]]:
    rows: list[tuple[str, str | Markup]] = [
        (_sentence(WORDS[kind][1]), str(count)) for kind, count in audit.totals.items()
    ]
    rows.append(("Lines", f"{len(audit.lines)}, of {in_words.counted(audit.events, 'event')}"))
    return rows


def _lines(lines: Sequence[AuditLine]) -> Markup:
    if not lines:
        return tag("p", "Nothing was delivered, approved or excepted in this time.", class_="quiet")
    names = ("when", "what", "version", "where", "outcome", "by", "why")
    head = tag("tr", *(tag("th", name) for name in names))
    rows = [_row(line, at) for at, line in enumerate(lines, 1)]
    return tag("div", tag("table", tag("thead", head), tag("tbody", *rows), class_="cases"))


def _row(line: AuditLine, number: int) -> Markup:
    what: str | Markup = WORDS[line.kind][0]
    if line.basis is not None:
        what = tag("a", tag("span", what, class_="file"), href=f"#line-{number}")
    back = f" for {line.back_from}" if line.back_from else ""
    rule = f"{line.rule}: " if line.rule else ""
    until = f" (until {in_words.moment(line.until)})" if line.until else ""
    cells = (
        in_words.moment(line.at),
        what,
        f"{line.version}{back}",
        line.environment,
        tag("span", line.outcome, class_="verdict"),
        line.by,
        f"{rule}{line.why}{until}",
    )
    return tag("tr", *(tag("td", one) for one in cells), class_=_tone(line))


def _tone(line: AuditLine) -> str:
    if line.outcome in _GOOD:
        return "ok"
    return "bad" if line.outcome in _BAD else "none"


def _details(lines: Sequence[AuditLine]) -> Markup | None:
    sections = [
        _section(line, line.basis, at) for at, line in enumerate(lines, 1) if line.basis is not None
    ]
    if not sections:
        return None
    return tag("section", tag("h2", "On what each delivery stood"), *sections)


def _section(line: AuditLine, basis: Basis, number: int) -> Markup:
    heading = f"{line.version} to {line.environment}, {in_words.moment(line.at)}: {line.outcome}"
    rows: list[tuple[str, str | Markup]] = [("Asked for by", line.by)]
    rows += [("Why", line.why)] if line.why else []
    rows += [("Work items", ", ".join(line.issues))] if line.issues else []
    rows += [("In place of", line.back_from)] if line.back_from else []
    rows += [("The target said", line.reason)] if line.reason else []
    rows += [("Evidence", _proof(one.suite, str(one.verdict or "not here"), one.run, one.digest))
             for one in basis.runs]  # fmt: skip
    rows += [("Score", f"{name} {in_words.number(value)}") for name, value in basis.scores.items()]
    rows += [("Rule", _finding(one)) for one in basis.findings]
    rows += [("Approved by", _word(one)) for one in basis.approvals]
    if not basis.approvals:
        rows.append(("Approved by", "nobody"))
    rows += [("Exception", _word(one)) for one in basis.exceptions]
    rows += [("Not known", basis.gap)] if basis.gap else []
    rows.append(("Commit", tag("code", basis.commit or "not known")))
    rows.append(("Release", tag("code", line.digest)))
    return tag("div", tag("h3", heading), tag("div", facts(rows), class_="facts"),
               id=f"line-{number}")  # fmt: skip


def _proof(suite: str, verdict: str, run: str, digest: str) -> Markup:
    return joined((f"{suite}: {verdict}, ", tag("code", run), ", ", tag("code", digest)))


def _finding(finding: Finding) -> str:
    return f"{finding.rule}: {finding.outcome.value}, {finding.reason}"


def _word(word: Word) -> str:
    rule = f" from {word.rule}" if word.rule else ""
    until = f", until {in_words.moment(word.until)}" if word.until else ""
    text = f": {word.text}" if word.text else ""
    return f"{word.by}{rule}, {in_words.moment(word.at)}{until} ({word.proof}){text}"


def _foot(audit: Audit) -> Markup:
    rows: list[tuple[str, str | Markup]] = [
        ("Read at", tag("code", audit.tip or "an empty history")),
        ("Made", f"{in_words.moment(audit.made)}, for {audit.by}"),
        ("Versions", joined(("each is checked with ",
                             tag("code", "jupyter mlcd evidence verify VERSION")))),
    ]  # fmt: skip
    return tag("section", tag("h2", "How to check it"), facts(rows))
