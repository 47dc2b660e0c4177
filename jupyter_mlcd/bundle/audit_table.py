"""The audit as a table for a spreadsheet: one line for each thing that somebody did."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Final

from jupyter_mlcd.bundle.in_words import number

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jupyter_mlcd.model.audit import Audit, AuditLine, Word

_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""What makes a spreadsheet compute a cell: https://owasp.org/www-community/attacks/CSV_Injection"""
COLUMNS: Final = (
    "at", "what", "environment", "version", "outcome", "by", "why", "work items", "back from",
    "ended", "said by the target", "evidence", "verdicts", "scores", "rules", "approved by",
    "exceptions", "rule", "until", "not known", "commit", "release digest", "event",
)  # fmt: skip


def audit_table(audit: Audit) -> bytes:
    """Return the lines as CSV (RFC 4180, UTF-8 with its mark, as spreadsheets want it).

    No cell is a formula: one that would be begins with an apostrophe.
    """
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n", quoting=csv.QUOTE_ALL)
    writer.writerow(COLUMNS)
    for line in audit.lines:
        writer.writerow(map(harmless, _cells(line)))
    return text.getvalue().encode("utf-8-sig", "replace")


def harmless(cell: str) -> str:
    """Return a cell that no spreadsheet computes."""
    text = cell.replace("\0", "")
    return f"'{text}" if text.lstrip(" ").startswith(_FORMULA) else text


def _cells(line: AuditLine) -> Iterator[str]:
    basis = line.basis
    yield from (line.at, line.kind.value, line.environment, line.version, line.outcome, line.by)
    yield from (line.why, " ".join(line.issues), line.back_from, line.ended, line.reason)
    runs = basis.runs if basis else ()
    yield "; ".join(f"{one.suite} {one.run} {one.digest}" for one in runs)
    yield "; ".join(f"{one.suite} {one.verdict or 'not here'}" for one in runs)
    scores = basis.scores.items() if basis else ()
    yield "; ".join(f"{name} {number(value)}" for name, value in scores)
    findings = basis.findings if basis else ()
    yield "; ".join(f"{one.rule}: {one.outcome}, {one.reason}" for one in findings)
    yield "; ".join(map(_given, basis.approvals if basis else ()))
    yield "; ".join(map(_given, basis.exceptions if basis else ()))
    yield from (line.rule, line.until, basis.gap if basis else "")
    yield from (basis.commit if basis else "", line.digest, line.id)


def _given(word: Word) -> str:
    rule = f" from {word.rule}" if word.rule else ""
    until = f" until {word.until}" if word.until else ""
    text = f": {word.text}" if word.text else ""
    return f"{word.by}{rule} {word.at} ({word.proof}){until}{text}"
