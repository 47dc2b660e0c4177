"""A run as one page, for people without Jupyter: no scripts, no network, light and dark, printable.

Everything is inside: the style in the head, named by its hash in the page's policy, and pictures as
``data:`` addresses. Whatever comes out of a notebook is text or a picture, never markup.
"""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from jupyter_mlcd.bundle import in_words
from jupyter_mlcd.bundle.markup import Markup, joined, tag
from jupyter_mlcd.bundle.report_cases import case_section
from jupyter_mlcd.bundle.report_foot import (
    check_section,
    coverage_section,
    in_short,
    nbval_section,
    software_section,
)
from jupyter_mlcd.bundle.report_marks import Bundle, facts, sign, title, tone, word
from jupyter_mlcd.bundle.report_scores import scores_section
from jupyter_mlcd.model.evidence import SUMS, Manifest
from jupyter_mlcd.model.kept import KEPT, read_changes
from jupyter_mlcd.model.result import GREEN, Verdict

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from jupyter_mlcd.model.result import CaseResult
    from jupyter_mlcd.model.run import Run

_SHORT = 10
"""Characters of an id that are shown; the whole stands below, under "How to check"."""
_BUILDERS = {
    "local": "a person's computer",
    "github": "GitHub Actions",
    "azure-devops": "Azure DevOps",
    "gitlab": "GitLab CI",
    "jenkins": "Jenkins",
}
_MOST_FILES = 100
_MOST_PIECES = 120
_MOST_SECTIONS = 500


def report_page(manifest: Manifest, read: Callable[[str], bytes | None]) -> bytes:
    """Return the page of a run; ``read`` gives a file of its bundle, None where it is not there.

    A file that is missing or broken leaves a gap that says so; nothing is raised.
    """
    run = manifest.run
    bundle = Bundle(read, manifest.notebooks)
    body = tag(
        "main",
        _head(run),
        _warnings(manifest, read(KEPT)),
        _facts(manifest),
        scores_section(run.cases),
        tag("section", tag("h2", "Notebooks"), _cases(run.cases)),
        _details(run.cases, bundle) if run.cases else None,
        coverage_section(run.coverage) if run.coverage else None,
        nbval_section(run.nbval) if run.nbval else None,
        software_section(manifest.software) if manifest.software else None,
        check_section(manifest, read(SUMS)),
    )
    return document(f"{run.project}, {run.suite}: {word(run.verdict)}", body)


@cache
def _style() -> str:
    return Path(__file__).with_name("report.css").read_text(encoding="utf-8")


def run_section(manifest: Manifest, read: Callable[[str], bytes | None]) -> Markup:
    """Return a run in short, for a page that has more: verdicts and scores, without the cells."""
    run = manifest.run
    return tag(
        "section",
        tag("h2", f"{_what(run)}: {word(run.verdict)}"),
        _warnings(manifest, read(KEPT)),
        _facts(manifest),
        _cases(run.cases, linked=False),
        scores_section(run.cases),
        check_section(manifest, read(SUMS)),
    )


def _what(run: Run) -> str:
    """Return what was done: tests, or a live version scored again."""
    if run.scored:
        return f"{run.scored.words}, by {run.suite}"
    return f"Tests of {run.suite}"


def document(heading: str, body: Markup) -> bytes:
    """Return a page that holds all it needs, with a policy that lets it load nothing."""
    style = _style()
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = (
        f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )
    head = tag(
        "head",
        tag("meta", charset="utf-8"),
        tag("meta", http_equiv="Content-Security-Policy", content=policy),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("meta", name="color-scheme", content="light dark"),
        tag("meta", name="referrer", content="no-referrer"),
        tag("title", heading),
        tag("style", Markup(style)),
    )
    page = Markup("<!DOCTYPE html>\n") + tag("html", head, tag("body", body), lang="en") + "\n"
    return page.encode("utf-8", "replace")


def _head(run: Run) -> Markup:
    verdict = run.verdict or Verdict.NOT_RUN
    return tag(
        "header",
        tag(
            "p", "Test report of ", tag("strong", run.project), ", suite ", tag("strong", run.suite)
        ),
        tag("h1", sign(run.verdict), word(run.verdict).capitalize()),
        tag("p", in_words.MEANINGS[verdict], class_="meaning"),
        tag("p", run.reason, class_="reason") if run.reason else None,
        _bar(run.cases),
        class_=f"top {tone(run.verdict)}",
    )


def _bar(cases: Sequence[CaseResult]) -> Markup | None:
    """Return one piece of a bar for each case: how much is red is seen before it is read."""
    if not 1 < len(cases) <= _MOST_PIECES:
        return None
    pieces = (tag("i", class_=tone(case.verdict)) for case in cases)
    return tag("div", *pieces, class_="bar", aria_hidden="true")


def _warnings(manifest: Manifest, kept: bytes | None) -> Markup | None:
    """Return what a reader must know before the verdict is believed."""
    run = manifest.run
    words = [
        f"{one.file} is out of git, because tables in it look like personal data: {one.why}. Where "
        "it is not here, nothing of it is shown."
        for one in (read_changes({KEPT: kept}).out_of_git if kept else ())
    ]
    compared = sum(cell.compared for case in run.cases for cell in case.cells)
    if run.verdict in GREEN and not compared and not any(case.metrics for case in run.cases):
        words.append(
            "Nothing was compared and no score recorded: it shows only that all cells run."
        )
    if run.scored:
        words.append(
            f"{run.scored.words[:1].upper()}{run.scored.words[1:]}: it tells of that version, and "
            "nothing of the files that it ran on."
        )
    elif run.partial:
        words.append("Only some of the suite's notebooks ran: this proves nothing about the suite.")
    if run.dirty:
        files = in_words.counted(len(run.dirty), "file")
        words.append(f"Tested with {files} that the commit does not hold as tested; listed below.")
    if run.nbval and run.nbval.disagreements:
        words.append("pytest --nbval says otherwise about some cells; listed below.")
    if manifest.undelivered:
        words.append(f"Nothing of it can be delivered: {manifest.undelivered}.")
    return tag("ul", *(tag("li", one) for one in words), class_="remarks") if words else None


def _facts(manifest: Manifest) -> Markup:
    run = manifest.run
    took = in_words.between(run.started, run.ended)
    rows: list[tuple[str, str | Markup]] = [
        ("Run by", run.by),
        ("On", _BUILDERS.get(manifest.builder, manifest.builder)),
        ("Started", in_words.moment(run.started)),
    ]
    if took is not None:
        rows.append(("Took", f"{in_words.duration(took)}, {run.jobs} at a time"))
    rows.append(("Commit", _id(run.commit) if run.commit else "none yet"))
    rows.append(("Files", _files(run)))
    if manifest.attempt:
        rows.append(("Run number", f"{manifest.attempt} on these very files"))
    if manifest.software:
        rows.append(("Software", in_short(manifest.software)))
    return tag("div", facts(rows), class_="facts")


def _id(digest: str) -> Markup:
    return tag("code", digest[:_SHORT], title=digest)


def _files(run: Run) -> str | Markup:
    tree = joined(("tree ", _id(run.tree)))
    if not run.dirty:
        return joined((tree, ", all committed" if run.commit else None))
    listed = list(run.dirty.items())
    lines = [
        tag("li", tag("code", path), f" {change.value}") for path, change in listed[:_MOST_FILES]
    ]
    if len(listed) > _MOST_FILES:
        lines.append(tag("li", f"and {len(listed) - _MOST_FILES} more"))
    summary = tag("summary", tree, f", {in_words.counted(len(listed), 'file')} not committed")
    return tag("details", summary, tag("ul", *lines), class_="inline")


def _cases(cases: Sequence[CaseResult], *, linked: bool = True) -> Markup:
    if not cases:
        return tag("p", "No notebook ran.", class_="quiet")
    has_memory = any(case.peak_memory for case in cases)
    names = [tag("th", name) for name in ("verdict", "notebook", "reason")]
    sides = ["time", "memory"] if has_memory else ["time"]
    head = tag("tr", *names, *(tag("th", name, class_="r") for name in sides))
    numbers = [number if linked else 0 for number, _ in enumerate(cases, 1)]
    rows = [
        _case(case, number, has_memory=has_memory)
        for case, number in zip(cases, numbers, strict=True)
    ]
    return tag("div", tag("table", tag("thead", head), tag("tbody", *rows), class_="cases"))


def _case(case: CaseResult, number: int, *, has_memory: bool) -> Markup:
    """Return the row of a case; ``number`` is where its cells stand on the page, 0 for nowhere."""
    tries = f", {len(case.attempts) + 1} attempts" if case.attempts else ""
    is_taken = case.candidate and case.products
    candidate = tag("span", "for release", class_="chip") if is_taken else None
    memory = in_words.size(case.peak_memory) if case.peak_memory else ""
    name = tag("a", title(case), href=f"#case-{number}") if number else title(case)
    cells = [
        tag("td", tag("span", sign(case.verdict), word(case.verdict), class_="verdict")),
        tag("td", name, " ", candidate),
        tag("td", f"{case.reason}{tries}", class_="reason"),
        tag("td", in_words.duration(case.duration) if case.duration else "", class_="r"),
        tag("td", memory, class_="r") if has_memory else None,
    ]
    return tag("tr", *cells, class_=tone(case.verdict))


def _details(cases: Sequence[CaseResult], bundle: Bundle) -> Markup:
    """Return the sections of the cases; of very many, the ones that are not green come first."""
    numbered = list(enumerate(cases, 1))
    if len(cases) > _MOST_SECTIONS:
        numbered.sort(key=lambda one: one[1].verdict is Verdict.PASSED)
    sections = [case_section(case, at, bundle) for at, case in numbered[:_MOST_SECTIONS]]
    words = f"{_MOST_SECTIONS} of {len(cases)} are shown, those that did not pass first."
    more = tag("p", words, class_="quiet") if len(cases) > _MOST_SECTIONS else None
    return tag("section", tag("h2", "In detail"), *sections, more)
