"""The fields of a cell's outputs, as nbval sees them, and what differs in one of them."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from jupyter_mlcd.execution.comparers.choice import COMPARERS
from jupyter_mlcd.execution.comparers.mismatch import Mismatch, as_text, mismatch_in_text
from jupyter_mlcd.execution.comparers.spans import shown
from jupyter_mlcd.model.result import Difference
from jupyter_mlcd.model.suite import Comparer, ComparerRule

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping


def values_by_field(outputs: Iterable[Mapping[str, Any]]) -> dict[str, list[Any]]:
    """Return each field's values in their order: media types beside ``stdout``, ``ename``..."""
    found: dict[str, list[Any]] = defaultdict(list)
    for output in outputs:
        fields = {key: value for key, value in output.items() if key != "data"}
        for key, value in {**fields, **output.get("data", {})}.items():
            found[key].append(value)
    return dict(found)


def mismatches(
    expected: list[Any],
    got: list[Any],
    rule: ComparerRule | None,
    sanitize: Callable[[Any], Any],
) -> Iterator[Mismatch]:
    """Yield what differs in one field; without a rule letter by letter, as nbval does it."""
    if rule is None:
        ours, theirs = [sanitize(one) for one in expected], [sanitize(one) for one in got]
        if ours != theirs:
            yield _as_a_whole(ours, theirs, "")
    elif rule.by is Comparer.IGNORE:
        return
    elif len(expected) != len(got):
        is_picture = rule.by is Comparer.IMAGE
        ours, theirs = (["a picture"] * len(one) if is_picture else one for one in (expected, got))
        words = f"{len(expected)} expected, {len(got)} got"
        yield _as_a_whole(ours, theirs, words if expected and got else "")
    else:
        for one, other in zip(expected, got, strict=True):
            found = COMPARERS[rule.by](one, other, rule, sanitize)
            if found is not None:
                yield found


def _as_a_whole(expected: list[Any], got: list[Any], words: str) -> Mismatch:
    ours, theirs = ("\n".join(as_text(one) for one in values) for values in (expected, got))
    found = mismatch_in_text(ours, theirs)
    spans = ((0, 0), (0, 0)) if found is None else found.spans  # 1 is not "1", but reads so
    return Mismatch(ours, theirs, spans, words)


def difference_of(field: str, found: Mismatch, picture: str) -> Difference:
    """Return a mismatch as it is kept: shortened, with its place."""
    (expected, span), (got, other_span) = shown(found.expected, found.got, found.spans)
    return Difference(field, expected, got, span, other_span, found.by, picture)


def in_words(field: str, expected: list[Any], got: list[Any], found: Mismatch) -> str:
    """Return what differs in one field, in a few words."""
    if not got:
        return f"{field} is missing"
    if not expected:
        return f"unexpected {field}"
    return f"{field} differs: {found.words}" if found.words else f"{field} differs"
