"""The comparison of outputs by nbval's own code, on outputs that are there already.

nbval's methods are bound to a small stand-in for its pytest item, so that one execution gives both
the executed notebook and nbval's verdict on it. Nothing is looser or stricter than in nbval, with
two exceptions: scores are left out, because rules judge them; and outputs for which the suite or a
tag of the cell names another comparer are judged by that one.
"""

from __future__ import annotations

import copy
import re
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from nbval.plugin import (
    IPyNbCell,
    coalesce_streams,
    get_sanitize_patterns,
    nocolors,
    transform_streams_for_comparison,
)

from jupyter_mlcd.execution.comparers.choice import WIDGET_VIEW, Choice, choose
from jupyter_mlcd.execution.comparers.fields import (
    difference_of,
    in_words,
    mismatches,
    values_by_field,
)
from jupyter_mlcd.execution.comparers.pictures import require_pillow
from jupyter_mlcd.execution.markers import marks_of, tags_of
from jupyter_mlcd.execution.references import changed_since_accepted, expected_outputs
from jupyter_mlcd.model.recorded import records_a_score, without_scores
from jupyter_mlcd.model.suite import Compare, Comparer, ComparerRule

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from nbformat import NotebookNode

    from jupyter_mlcd.execution.comparers.mismatch import Mismatch
    from jupyter_mlcd.model.result import Difference

# nbval builds this where pytest is needed; a test holds it against nbval's source.
SKIP_COMPARE = (
    "metadata",
    "traceback",
    "prompt_number",
    "output_type",
    "name",
    "execution_count",
    WIDGET_VIEW,
    "image/png",
    "image/jpeg",
)

_MOST_DIFFERENCES = 10


@dataclass(frozen=True)
class Comparison:
    """What comparing one cell came to."""

    compared: bool
    reason: str = ""
    """What differs, in words; empty when nothing does."""
    differences: tuple[Difference, ...] = ()
    pictures: Mapping[str, bytes] = field(default_factory=dict)
    """PNGs that the differences name."""


class Replay:
    """Compares the outputs of cells with the ones that are saved in the source notebook."""

    compare_outputs = IPyNbCell.compare_outputs
    format_output_compare = IPyNbCell.format_output_compare
    sanitize = IPyNbCell.sanitize
    colors = nocolors
    config = None
    # nbval asks pytest how to show a difference; without an answer it uses words of its own.
    ihook = SimpleNamespace(pytest_assertrepr_compare=lambda **_: [])

    def __init__(
        self,
        mode: Compare,
        replacements: str = "",
        rules: Mapping[str, ComparerRule] | None = None,
        cells: Iterable[Any] = (),
    ) -> None:
        """Take the suite's mode, the text of nbval's sanitising files and the suite's comparers.

        ``cells`` are those that will be compared, so that what their tags need is known to be there
        before anything runs. Raises ``re.error`` for a replacement that is none, and ExecutionError
        where pictures are to be compared and Pillow is not installed.
        """
        self._mode = mode
        self._rules = rules or {}
        self.comparison_traceback: list[str] = []
        patterns: dict[str, str] = dict(get_sanitize_patterns(replacements))
        for pattern, replacement in patterns.items():
            re.sub(pattern, replacement, "")
        self.parent = SimpleNamespace(skip_compare=SKIP_COMPARE, sanitize_patterns=patterns)
        choices = [choose(tags, self._rules) for tags in ([], *map(tags_of, cells))]
        if mode is not Compare.NOTHING and any(choice.needs_pillow for choice in choices):
            require_pillow()

    def compare(self, source: NotebookNode, outputs: list[Any], name: str = "cell") -> Comparison:
        """Compare what a cell gave with what its source cell has saved.

        Pictures of differences are called ``{name}-1.png`` and so on.
        """
        if self._mode is Compare.NOTHING:
            return Comparison(compared=False)
        if source.execution_count is None and source.outputs:
            reason = "the saved notebook has outputs but was not run; run and save it again"
            return Comparison(compared=True, reason=reason)
        choice = choose(tags_of(source), self._rules)
        if source.execution_count is None or not self._is_asked(source, outputs, choice):
            return Comparison(compared=False)
        if changed_since_accepted(source):
            return Comparison(compared=True, reason=changed_since_accepted(source))
        got = coalesce_streams(copy.deepcopy(without_scores(outputs)))
        wanted = without_scores(expected_outputs(source, outputs))
        expected = coalesce_streams(copy.deepcopy(wanted))
        return self._compare(expected, got, choice, name)

    def _is_asked(self, source: NotebookNode, outputs: list[Any], choice: Choice) -> bool:
        check = marks_of(source).check
        if check is not None:
            return check
        if choice.asks_to_compare:
            return True
        scored = records_a_score(outputs) or records_a_score(source.outputs)
        return self._mode is Compare.EVERY_CELL and not scored

    def _compare(
        self, expected: list[Any], got: list[Any], choice: Choice, name: str
    ) -> Comparison:
        ours, theirs = (
            values_by_field(transform_streams_for_comparison(one)) for one in (expected, got)
        )
        rules = {field: choice.rule_for(field) for field in ours.keys() | theirs.keys()}
        ruled = {field: rule for field, rule in rules.items() if rule is not None}
        is_same = self.compare_outputs(got, expected, (*SKIP_COMPARE, *ruled))
        unlike = [
            (field, in_words(field, ours.get(field, []), theirs.get(field, []), one), one)
            for field in sorted(rules, key=_weight)
            if field in ruled or (field not in SKIP_COMPARE and not is_same)
            for one in mismatches(
                ours.get(field, []), theirs.get(field, []), rules[field], self.sanitize
            )
        ]
        if unlike or not is_same:
            return _unlike(unlike, name)
        looked_at = {field for field in rules if field in ruled or field not in SKIP_COMPARE}
        ignored = {field for field, rule in ruled.items() if rule.by is Comparer.IGNORE}
        return Comparison(compared=not looked_at or looked_at != ignored)


def _unlike(found: list[tuple[str, str, Mismatch]], name: str) -> Comparison:
    """Return what differs, with the pictures of it."""
    if not found:
        return Comparison(compared=True, reason="its outputs differ")
    pictures: dict[str, bytes] = {}
    differences = []
    for kind, _, mismatch in found[:_MOST_DIFFERENCES]:
        picture = f"{name}-{len(pictures) + 1}.png" if mismatch.picture else ""
        if picture:
            pictures[picture] = mismatch.picture
        differences.append(difference_of(kind, mismatch, picture))
    words = found[0][1] + (f", and {len(found) - 1} more" if len(found) > 1 else "")
    return Comparison(
        compared=True, reason=words, differences=tuple(differences), pictures=pictures
    )


def _weight(field: str) -> tuple[int, str]:
    """Sort what people read first to the front."""
    order = ("ename", "evalue", "stdout", "text/plain")
    return (order.index(field) if field in order else len(order), field)
