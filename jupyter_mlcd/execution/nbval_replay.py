"""The comparison of outputs by nbval's own code, on outputs that are there already.

nbval's methods are bound to a small stand-in for its pytest item, so that one execution gives both
the executed notebook and nbval's verdict on it. Nothing is looser or stricter than in nbval, with
one exception: scores are left out, because rules judge them.
"""

from __future__ import annotations

import copy
import warnings
from collections import defaultdict
from dataclasses import dataclass
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from nbval.plugin import (
    IPyNbCell,
    coalesce_streams,
    find_comment_markers,
    find_metadata_tags,
    get_sanitize_patterns,
    nocolors,
    transform_streams_for_comparison,
)

from jupyter_mlcd.execution.scores import records_a_score, without_scores
from jupyter_mlcd.model.result import Difference
from jupyter_mlcd.model.suite import Compare

if TYPE_CHECKING:
    from collections.abc import Mapping

    from nbformat import NotebookNode

# nbval builds this where pytest is needed; a test holds it against nbval's source.
SKIP_COMPARE = (
    "metadata",
    "traceback",
    "prompt_number",
    "output_type",
    "name",
    "execution_count",
    "application/vnd.jupyter.widget-view+json",
    "image/png",
    "image/jpeg",
)

_LONGEST_TEXT = 1000
_MOST_DIFFERENCES = 10


@dataclass(frozen=True)
class Marks:
    """What a cell's comments and tags ask of nbval."""

    check: bool | None
    """Compare or not; None where the cell does not say."""
    raises: bool
    """An exception is expected."""


def marks_of(cell: NotebookNode) -> Marks:
    """Return the marks of a code cell, found by nbval's own functions; comments beat tags."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        options: dict[str, bool] = dict(find_metadata_tags(cell.metadata))
        options.update(find_comment_markers(cell.source))
    return Marks(options.get("check"), bool(options.get("check_exception")))


@dataclass(frozen=True)
class Comparison:
    """What comparing one cell came to."""

    compared: bool
    reason: str = ""
    """What differs, in words; empty when nothing does."""
    differences: tuple[Difference, ...] = ()


class Replay:
    """Compares the outputs of cells with the ones that are saved in the source notebook."""

    compare_outputs = IPyNbCell.compare_outputs
    format_output_compare = IPyNbCell.format_output_compare
    sanitize = IPyNbCell.sanitize
    colors = nocolors
    config = None
    # nbval asks pytest how to show a difference; without an answer it uses words of its own.
    ihook = SimpleNamespace(pytest_assertrepr_compare=lambda **_: [])

    def __init__(self, mode: Compare, replacements: str = "") -> None:
        """Take the suite's mode and the text of an nbval sanitising file."""
        self._mode = mode
        self.comparison_traceback: list[str] = []
        self.parent = SimpleNamespace(
            skip_compare=SKIP_COMPARE,
            sanitize_patterns=dict(get_sanitize_patterns(replacements)),
        )

    def compare(self, source: NotebookNode, outputs: list[Any]) -> Comparison:
        """Compare what a cell gave with what its source cell has saved."""
        if self._mode is Compare.NOTHING:
            return Comparison(compared=False)
        if source.execution_count is None and source.outputs:
            reason = "the saved notebook has outputs but was not run; run and save it again"
            return Comparison(compared=True, reason=reason)
        if source.execution_count is None or not self._is_asked(source, outputs):
            return Comparison(compared=False)
        got = coalesce_streams(copy.deepcopy(without_scores(outputs)))
        expected = coalesce_streams(copy.deepcopy(without_scores(source.outputs)))
        if self.compare_outputs(got, expected):
            return Comparison(compared=True)
        differences = _differences(self._by_field(expected), self._by_field(got))
        shown = differences[:_MOST_DIFFERENCES]
        return Comparison(compared=True, reason=_in_words(differences), differences=shown)

    def _is_asked(self, source: NotebookNode, outputs: list[Any]) -> bool:
        check = marks_of(source).check
        if check is not None:
            return check
        scored = records_a_score(outputs) or records_a_score(source.outputs)
        return self._mode is Compare.EVERY_CELL and not scored

    def _by_field(self, outputs: list[Any]) -> Mapping[str, list[Any]]:
        """Return the values of each compared field as nbval's ``compare_outputs`` collects them."""
        found: dict[str, list[Any]] = defaultdict(list)
        for output in transform_streams_for_comparison(outputs):
            fields = {key: value for key, value in output.items() if key != "data"}
            for key, value in {**fields, **output.get("data", {})}.items():
                if key not in SKIP_COMPARE:
                    found[key].append(self.sanitize(value))
        return found


def _differences(
    expected: Mapping[str, list[Any]], got: Mapping[str, list[Any]]
) -> tuple[Difference, ...]:
    fields = sorted(expected.keys() | got.keys(), key=_weight)
    return tuple(
        Difference(field, _shown(expected.get(field)), _shown(got.get(field)))
        for field in fields
        if expected.get(field) != got.get(field)
    )


def _weight(field: str) -> tuple[int, str]:
    """Sort what people read first to the front."""
    order = ("ename", "evalue", "stdout", "text/plain")
    return (order.index(field) if field in order else len(order), field)


def _shown(values: list[Any] | None) -> str:
    text = "\n".join(str(value) for value in values or ())
    if len(text) <= _LONGEST_TEXT:
        return text
    half = _LONGEST_TEXT // 2
    return f"{text[:half]}\n... {len(text) - 2 * half} more ...\n{text[-half:]}"


def _in_words(differences: tuple[Difference, ...]) -> str:
    if not differences:
        return "its outputs differ"
    first = differences[0]
    if not first.got:
        words = f"{first.field} is missing"
    elif not first.expected:
        words = f"unexpected {first.field}"
    else:
        words = f"{first.field} differs"
    more = len(differences) - 1
    return f"{words}, and {more} more" if more else words
