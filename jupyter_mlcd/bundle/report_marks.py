"""The small pieces that all parts of a report share: verdicts, names of cases, lists of facts."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from jupyter_mlcd.bundle import in_words
from jupyter_mlcd.bundle.markup import Markup, joined, tag
from jupyter_mlcd.bundle.report_outputs import Executed, Pictures
from jupyter_mlcd.model.result import GREEN, Verdict

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from jupyter_mlcd.model.result import CaseResult

QUIET = frozenset({Verdict.SKIPPED, Verdict.NOT_RUN, Verdict.CANCELLED})
"""Neither good nor bad."""
_GLYPHS = {Verdict.PASSED: "\u2713", Verdict.FLAKY: "!"}


@dataclass
class Bundle:
    """What the report reads besides the manifest."""

    read: Callable[[str], bytes | None]
    notebooks: Mapping[str, str]
    pictures: Pictures = field(default_factory=Pictures)

    def executed(self, path: str) -> Executed:
        """Return an executed notebook."""
        return Executed(self.read(path) if path else None)


def sign(verdict: Verdict | None) -> Markup:
    """Return the shape of a verdict; the word always stands beside it."""
    glyph = _GLYPHS.get(verdict, "") if verdict in GREEN else "\u2715"
    if verdict is None or verdict in QUIET:
        glyph = ""
    return tag("span", glyph, class_=f"v {tone(verdict)}", aria_hidden="true")


def tone(verdict: Verdict | None) -> str:
    """Return the class that gives a verdict its colour and shape."""
    if verdict is Verdict.FLAKY:
        return "warn"
    if verdict is None or verdict in QUIET:
        return "none"
    return "ok" if verdict in GREEN else "bad"


def word(verdict: Verdict | None) -> str:
    """Return a verdict as people read it."""
    return in_words.WORDS[verdict or Verdict.NOT_RUN]


def title(case: CaseResult) -> Markup:
    """Return the notebook and the parameters that tell it from its siblings."""
    names = case.varied or tuple(case.parameters)
    values = [setting(name, case.parameters.get(name)) for name in names]
    tags = joined(part for value in values for part in (" ", tag("span", value, class_="chip")))
    return tag("span", tag("span", case.notebook, class_="file"), tags, class_="name")


def facts(rows: Sequence[tuple[str, str | Markup]]) -> Markup:
    """Return names and values side by side; equal names after each other are written once."""
    parts: list[Markup] = []
    before = ""
    for name, value in rows:
        parts.append(tag("dt", name if name != before else ""))
        parts.append(tag("dd", value))
        before = name
    return tag("dl", *parts) if parts else Markup()


def setting(name: str, given: Any) -> str:  # noqa: ANN401 - any value of a parameter
    """Return a parameter with its value."""
    words = given if isinstance(given, str) else json.dumps(given, ensure_ascii=False, default=str)
    return f"{name} = {words}"
