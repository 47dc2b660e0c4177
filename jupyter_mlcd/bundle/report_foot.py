"""The end of a report: what the verdict rests on, and how to check it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jupyter_mlcd.bundle import in_words
from jupyter_mlcd.bundle.markup import Markup, joined, tag
from jupyter_mlcd.bundle.report_marks import facts
from jupyter_mlcd.model.evidence import digest_of

if TYPE_CHECKING:
    from jupyter_mlcd.model.evidence import Manifest, Software
    from jupyter_mlcd.model.run import Coverage, NbvalCount


def in_short(software: Software) -> str:
    """Return language, number of packages and platform."""
    packages = in_words.counted(len(software.packages), "package")
    return f"{software.language} {software.version}, {packages}, {software.platform}"


def coverage_section(coverage: Coverage) -> Markup:
    """Return which lines of the project's code were executed."""
    head = tag("tr", tag("th", "file"), tag("th", "lines executed", class_="r"))
    rows = [
        tag("tr", tag("td", tag("code", path)), tag("td", f"{done} of {there}", class_="r"))
        for path, (done, there) in sorted(coverage.files.items())
    ]
    summary = tag("summary", f"{coverage.percent:.0f} % of the lines, by file")
    table = tag("table", tag("thead", head), tag("tbody", *rows))
    words = "Code of the project that the notebooks executed"
    return tag("section", tag("h2", words), tag("details", summary, table, class_="more"))


def nbval_section(count: NbvalCount) -> Markup:
    """Return what the real ``pytest --nbval`` said."""
    words = f"{count.passed} passed, {count.failed} failed, {count.skipped} skipped"
    other = tag("ul", *(tag("li", one) for one in count.disagreements), class_="remarks")
    return tag(
        "section",
        tag("h2", "pytest --nbval on the same notebooks"),
        tag("p", words, "; its report is ", tag("code", count.report)),
        other if count.disagreements else None,
    )


def software_section(software: Software) -> Markup:
    """Return the packages that the kernels had."""
    rows = [tag("li", f"{name} ", tag("b", at)) for name, at in software.packages.items()]
    summary = tag("summary", in_short(software))
    about = tag("p", "Kernel ", tag("code", software.kernel), ", as its own interpreter tells it.")
    listed = tag("ul", *rows, class_="packages")
    return tag(
        "section", tag("h2", "Software"), tag("details", summary, about, listed, class_="more")
    )


def check_section(manifest: Manifest, sums: bytes | None) -> Markup:
    """Return the digests by which a reader can check that the page is true."""
    run = manifest.run
    digest = run.digest or (digest_of(sums) if sums else "")
    rows: list[tuple[str, str | Markup]] = [("Run", tag("code", run.id))]
    if digest:
        rows.append(("Fingerprint", tag("code", digest)))
    rows += [("Tree", tag("code", run.tree)), ("Commit", tag("code", run.commit or "none"))]
    rows += [("Notebook", _hashed(*one)) for one in manifest.sources.items()]
    rows += [("Input", _hashed(*one)) for one in manifest.inputs.items()]
    words = joined(
        (
            "This page is a view of the evidence of a run. The evidence itself, with the executed ",
            "notebooks, is checked with ",
            tag("code", f"jupyter mlcd evidence verify {run.id}"),
            " in a clone of the repository.",
        )
    )
    return tag(
        "section",
        tag("h2", "How to check it"),
        tag("details", tag("summary", "Fingerprints"), tag("p", words), facts(rows), class_="more"),
        tag("p", f"Made by {manifest.made_by}.", class_="quiet"),
    )


def _hashed(path: str, digest: str) -> Markup:
    return joined((tag("code", path), ", ", tag("code", f"sha256 {digest}")))
