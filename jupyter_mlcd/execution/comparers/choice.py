"""Which comparer judges which output: the suite's rules, and the tags of a cell, which override."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from jupyter_mlcd.execution.comparers.json_values import compare_json
from jupyter_mlcd.execution.comparers.mismatch import Mismatch, as_text, mismatch_in_text
from jupyter_mlcd.execution.comparers.number_text import compare_number_text
from jupyter_mlcd.execution.comparers.pictures import compare_pictures
from jupyter_mlcd.execution.comparers.tables import compare_tables
from jupyter_mlcd.model.suite import Comparer, ComparerRule

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from jupyter_mlcd.execution.comparers.mismatch import CompareValues

WIDGET_VIEW = "application/vnd.jupyter.widget-view+json"
_IGNORE = "mlcd-ignore:"
_FORMS = (
    "mlcd-numbers", "mlcd-numbers:1e-3", "mlcd-table", "mlcd-json", "mlcd-image", "mlcd-image:0.02",
    "mlcd-ignore-stderr", "mlcd-ignore:text/html",
)  # fmt: skip


def _is_text(field: str) -> bool:
    return field in {"stdout", "stderr", "evalue"} or field.startswith("text/")


def _is_json(field: str) -> bool:
    return field.endswith(("/json", "+json")) and field != WIDGET_VIEW


def _is_picture(field: str) -> bool:
    return field.startswith("image/") and not field.startswith("image/svg")


# From the general to the special: the later ones win where two tags speak of one output.
_KINDS: Mapping[str, tuple[Comparer, Callable[[str], bool]]] = {
    "mlcd-numbers": (Comparer.NUMBERS, _is_text),
    "mlcd-table": (Comparer.TABLE, {"stdout", "text/plain", "text/html"}.__contains__),
    "mlcd-json": (Comparer.JSON, _is_json),
    "mlcd-image": (Comparer.IMAGE, _is_picture),
}


def _compare_letters(
    expected: Any,  # noqa: ANN401 - any value of an output
    got: Any,  # noqa: ANN401
    rule: ComparerRule,  # noqa: ARG001 - nothing to choose
    sanitize: Callable[[str], str],
) -> Mismatch | None:
    return mismatch_in_text(sanitize(as_text(expected)), sanitize(as_text(got)))


COMPARERS: Mapping[Comparer, CompareValues] = {
    Comparer.TEXT: _compare_letters,
    Comparer.NUMBERS: compare_number_text,
    Comparer.TABLE: compare_tables,
    Comparer.JSON: compare_json,
    Comparer.IMAGE: compare_pictures,
    Comparer.IGNORE: lambda *_: None,
}


@dataclass(frozen=True)
class Choice:
    """The rules for the outputs of one cell."""

    suite: Mapping[str, ComparerRule]
    """``{media type, stdout or stderr: rule}``."""
    by_tag: Mapping[str, ComparerRule]
    """``{mlcd-numbers...: rule}``."""
    ignored: frozenset[str]
    """Fields that a tag leaves out."""

    def rule_for(self, field: str) -> ComparerRule | None:
        """Return the rule for a field of an output; None where nbval's own comparison judges it."""
        if field in self.ignored:
            return ComparerRule(Comparer.IGNORE)
        for name, (_, is_meant) in reversed([*_KINDS.items()]):
            if name in self.by_tag and is_meant(field):
                return self.by_tag[name]
        return self.suite.get(field)

    @property
    def asks_to_compare(self) -> bool:
        """Whether a tag says how to compare, and so that this cell is to be compared."""
        return bool(self.by_tag)

    @property
    def needs_pillow(self) -> bool:
        """Whether pictures are to be compared."""
        rules = (*self.suite.values(), *self.by_tag.values())
        return any(rule.by is Comparer.IMAGE for rule in rules)


def choose(tags: Iterable[object], suite: Mapping[str, ComparerRule]) -> Choice:
    """Return the rules of a cell with these tags; what is no tag of ours does nothing."""
    by_tag: dict[str, ComparerRule] = {}
    ignored: set[str] = set()
    for tag in filter(_is_ours, tags):
        name, _, value = str(tag).partition(":")
        if name in _KINDS:
            by_tag[name] = _rule(name, value)
        else:
            ignored.add("stderr" if tag == "mlcd-ignore-stderr" else value)
    return Choice(suite, by_tag, frozenset(ignored))


def _is_ours(tag: object) -> bool:
    return isinstance(tag, str) and tag.startswith("mlcd-") and not problem_of(tag)


def _rule(name: str, value: str) -> ComparerRule:
    by = _KINDS[name][0]
    if not value:
        return ComparerRule(by)
    number = float(value)
    return (
        ComparerRule(by, threshold=number)
        if by is Comparer.IMAGE
        else ComparerRule(by, relative=number)
    )


def problem_of(tag: str) -> str:
    """Return why a tag that begins with ``mlcd-`` does nothing; empty where it does."""
    name, colon, value = tag.partition(":")
    if tag == "mlcd-ignore-stderr" or (tag.startswith(_IGNORE) and value.strip() == value != ""):
        return ""
    if name not in _KINDS:
        return f"is no tag of jupyter_mlcd; there are {', '.join(_FORMS)}"
    most = 1.0 if name == "mlcd-image" else math.inf
    if (colon and not 0 <= _number(value) <= most) or _number(value) == math.inf:
        is_image = name == "mlcd-image"
        what = "part of the area, 0 to 1" if is_image else "tolerance, a number from 0 on"
        return f"has no {what}; write `{name}` or, for example, `{name}:1e-3`"
    return ""


def _number(value: str) -> float:
    try:
        return float(value)
    except ValueError:
        return math.nan
