"""A model card in Markdown, filled with what is proved; what nobody wrote it does not invent."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from jupyter_mlcd.model.gate import show

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from jupyter_mlcd.model.evidence import Manifest
    from jupyter_mlcd.model.release import Release


_HEAD = (
    "Made from the evidence of this release. What the model is for, and for what it is not, nobody "
    "has stated here."
)


def model_card(release: Release, manifests: Sequence[Manifest]) -> bytes:
    """Return the card of a release."""
    lines = [
        f"# {_plain(release.project)} {release.version}",
        "",
        _HEAD,
        "",
        f"- Release: `{release.digest}`",
        f"- Commit: `{release.commit}`, tree `{release.tree}`",
        *(f"- Tested by `{_plain(one.run.by)}` on {one.run.ended[:10]}, run `{one.run.id}`"
          for one in manifests),
        "", "## Files", "", *_files(release),
        "", "## Scores", "", *_scores(release),
        "", "## Rules", "", *_rules(release),
        "", "## Parameters", "", *_parameters(manifests),
        "", "## Software", "", *_software(manifests),
    ]  # fmt: skip
    return ("\n".join(lines) + "\n").encode()


def _plain(text: str) -> str:
    """Return a text that Markdown takes as it is: names come from people and notebooks."""
    return re.sub(r"[\\`*_{}\[\]<>#|\r\n]", " ", text).strip()


def _files(release: Release) -> Iterator[str]:
    for path, file in release.products.items():
        yield f"- `{_plain(path)}`, {file.size:,} bytes, sha256 `{file.sha256}`"
    if not release.products:
        yield "None."


def _scores(release: Release) -> Iterator[str]:
    if not release.scores:
        yield "None were recorded."
        return
    yield from ("| score | case | value |", "|---|---|---|")
    for name, score in release.scores.items():
        for case, value in score.values.items():
            yield f"| {_plain(name)} | {_plain(case)} | {show(value)} |"


def _rules(release: Release) -> Iterator[str]:
    for finding in release.findings:
        yield f"- {_plain(finding.rule)}: {finding.outcome}. {_plain(finding.reason)}"
    if not release.findings:
        yield "All cases passed; no rule on scores looks at this release alone."


def _parameters(manifests: Sequence[Manifest]) -> Iterator[str]:
    given = [case for one in manifests for case in one.run.cases if case.parameters]
    for case in given:
        values = ", ".join(f"{name} = {value}" for name, value in case.parameters.items())
        yield f"- {_plain(case.notebook)}: {_plain(values)}"
    if not given:
        yield "None."


def _software(manifests: Sequence[Manifest]) -> Iterator[str]:
    for software in dict.fromkeys(
        (one.software.language, one.software.version, one.software.platform)
        for one in manifests
        if one.software
    ):
        yield f"- {_plain(' '.join(software))}"
    yield "- All packages stand in software.cdx.json."
