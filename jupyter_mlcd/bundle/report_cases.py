"""The part of a report that shows one case: its cells, what differs, what it recorded."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jupyter_mlcd.bundle import in_words
from jupyter_mlcd.bundle.markup import Markup, joined, tag
from jupyter_mlcd.bundle.report_cells import all_cells, red_cell, red_cells, strip
from jupyter_mlcd.bundle.report_marks import Bundle, facts, setting, sign, title, tone, word
from jupyter_mlcd.bundle.report_outputs import Executed, media, picture_of, plain
from jupyter_mlcd.bundle.report_tables import table_of_markup, table_of_scrap
from jupyter_mlcd.model.result import ExhibitKind, Verdict
from jupyter_mlcd.record import MEDIA_TYPE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jupyter_mlcd.model.result import Attempt, CaseResult, Exhibit


def case_section(case: CaseResult, number: int, bundle: Bundle) -> Markup:
    """Return the folded section of a case; open where it is red or had to be tried again."""
    red = red_cells(case.cells)
    is_read = red or case.exhibits
    executed = bundle.executed(bundle.notebooks.get(case.id, "") if is_read else "")
    summary = tag(
        "summary",
        sign(case.verdict),
        title(case),
        tag("span", word(case.verdict), class_=f"word {tone(case.verdict)}"),
        tag("span", in_words.duration(case.duration) if case.duration else None, class_="n"),
    )
    body = [
        tag("p", case.reason, class_="reason") if case.reason else None,
        _facts(case),
        _remarks(case.remarks),
        strip(case.cells),
        *(red_cell(cell, place, executed, bundle) for place, cell in red),
        _attempts(case.attempts, bundle),
        _exhibits(case.exhibits, executed, bundle),
        all_cells(case.cells),
    ]
    is_open = case.verdict is not Verdict.PASSED
    return tag(
        "details", summary, tag("div", *body), class_="case", id=f"case-{number}", open=is_open
    )


# ----------------------------------------------------------------------------------------- facts


def _facts(case: CaseResult) -> Markup:
    rows: list[tuple[str, str | Markup]] = []
    if case.started:
        rows.append(("Started", in_words.moment(case.started)))
    if case.peak_memory:
        rows.append(("Memory", f"{in_words.size(case.peak_memory)} at most"))
    if case.parameters:
        values = [setting(name, given) for name, given in case.parameters.items()]
        rows.append(("Parameters", joined(tag("span", one, class_="chip") for one in values)))
    if case.after:
        rows.append(("Ran after", ", ".join(case.after)))
    if case.reference:
        rows.append(("Expected results", tag("code", case.reference)))
    for path, digest in case.products.items():
        words = (tag("code", path), f", {in_words.size(digest.size)}, ", _short(digest.sha256))
        rows.append(("Made", joined(words)))
    return facts(rows)


def _short(digest: str) -> Markup:
    return tag("code", f"sha256 {digest[:12]}\u2026", title=digest)


def _remarks(remarks: Sequence[str]) -> Markup | None:
    if not remarks:
        return None
    return tag("ul", *(tag("li", one) for one in remarks), class_="remarks")


# ----------------------------------------------------------------------------------------- cells


def _attempts(attempts: Sequence[Attempt], bundle: Bundle) -> Markup | None:
    if not attempts:
        return None
    parts = []
    for number, attempt in enumerate(attempts, 1):
        executed = bundle.executed(attempt.notebook)
        line = [in_words.moment(attempt.started), in_words.duration(attempt.duration)]
        if attempt.peak_memory:
            line.append(f"{in_words.size(attempt.peak_memory)} of memory")
        head = tag(
            "p",
            sign(attempt.verdict),
            tag("strong", f"attempt {number}"),
            tag("span", f"{word(attempt.verdict)}: {attempt.reason}", class_="g"),
            tag("span", ", ".join(line), class_="n"),
            class_="line",
        )
        red = (red_cell(cell, place, executed, bundle) for place, cell in red_cells(attempt.cells))
        parts.append(tag("li", head, *red))
    summary = tag("summary", f"{in_words.counted(len(attempts), 'earlier attempt')}")
    return tag("details", summary, tag("ol", *parts, class_="attempts"), class_="more", open=True)


# -------------------------------------------------------------------------------------- exhibits


def _exhibits(exhibits: Sequence[Exhibit], executed: Executed, bundle: Bundle) -> Markup | None:
    if not exhibits:
        return None
    shown = [
        tag(
            "figure",
            tag("figcaption", one.name),
            _exhibit(one, executed.output(one), bundle),
            class_=one.kind.value,
        )
        for one in exhibits
    ]
    return joined((tag("h3", "Tables and figures"), tag("div", *shown, class_="exhibits")))


def _exhibit(one: Exhibit, output: dict[str, Any], bundle: Bundle) -> Markup:
    shown = media(output)
    scrap = shown.get(MEDIA_TYPE)
    if one.kind is ExhibitKind.TABLE and isinstance(scrap, dict):
        return table_of_scrap(scrap)
    drawn = picture_of(output)
    if drawn:
        return bundle.pictures.show(*drawn, one.name)
    again = table_of_markup(plain(shown.get("text/html")))
    if again:
        return again
    if len(shown) > ("text/plain" in shown):
        words = "It needs a live page: open the executed notebook to see it."
        return tag("p", words, class_="nothing")
    words = plain(shown.get("text/plain"))
    return tag("pre", words) if words else tag("p", "It is not there.", class_="nothing")
