"""What JupyterLab would have saved after a kernel's messages, judged by nbval's own code."""

from __future__ import annotations

import copy
from collections import defaultdict
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import nbformat
from nbval.plugin import (
    IPyNbCell,
    coalesce_streams,
    find_comment_markers,
    find_metadata_tags,
    get_sanitize_patterns,
    nocolors,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

OUTPUTS = frozenset({"stream", "display_data", "execute_result", "error"})

Messages = dict[int, list[Any]]
"""The messages of a notebook's cells by their number."""


def saved_outputs(
    messages: Mapping[int, Iterable[Any]], *, has_widgets: bool = False
) -> dict[int, list[Any]]:
    """Return the outputs of each cell after all messages; ``has_widgets``: Output widgets too."""
    outputs: dict[int, list[Any]] = defaultdict(list)
    waiting: set[int] = set()
    catching: dict[str, str] = {}
    for number in sorted(messages):
        for message in messages[number]:
            _note_catching(catching, message["content"])
            if not (has_widgets and any(catching.values())):
                _apply(outputs, waiting, number, message)
    return outputs


def _note_catching(catching: dict[str, str], content: Mapping[str, Any]) -> None:
    """Note which Output widgets take all outputs: those whose ``msg_id`` is set."""
    state = (content.get("data") or {}).get("state") or {} if "comm_id" in content else {}
    if "msg_id" in state:
        catching[content["comm_id"]] = state["msg_id"]


def _apply(
    outputs: dict[int, list[Any]], waiting: set[int], number: int, message: Mapping[str, Any]
) -> None:
    kind, content = message["type"], message["content"]
    if kind == "clear_output" and content.get("wait"):
        waiting.add(number)
    elif kind == "clear_output":
        outputs[number].clear()
    elif kind == "update_display_data":
        _update(outputs, content)
    elif kind in OUTPUTS:
        if number in waiting:
            waiting.discard(number)
            outputs[number].clear()
        # What is displayed again under a name changes wherever that name is shown.
        _update(outputs, content)
        outputs[number].append(output_of(message))


def output_of(message: Mapping[str, Any]) -> Any:
    """Return the output that a message is."""
    return nbformat.from_dict({"output_type": message["type"], **message["content"]})  # type: ignore[no-untyped-call]


def _update(outputs: Mapping[int, list[Any]], content: Mapping[str, Any]) -> None:
    name = (content.get("transient") or {}).get("display_id")
    for one in (one for cell in outputs.values() for one in cell):
        if name and (one.get("transient") or {}).get("display_id") == name:
            one["data"] = content["data"]


class Judge:
    """nbval's verdict on outputs, without a kernel."""

    compare_outputs = IPyNbCell.compare_outputs
    format_output_compare = IPyNbCell.format_output_compare
    sanitize = IPyNbCell.sanitize
    colors = nocolors
    config = None
    ihook = SimpleNamespace(pytest_assertrepr_compare=lambda **_: [])

    def __init__(self, *, is_lax: bool, replacements: str = "") -> None:
        # What nbval adds to these is in no message: `transient`.
        skipped = ("metadata", "traceback", "prompt_number", "output_type", "name", "transient",
                   "execution_count", "application/vnd.jupyter.widget-view+json", "image/png",
                   "image/jpeg")  # fmt: skip
        self._is_lax = is_lax
        self.comparison_traceback: list[str] = []
        self.parent = SimpleNamespace(
            skip_compare=skipped, sanitize_patterns=dict(get_sanitize_patterns(replacements))
        )

    def passes(self, source: Any, outputs: list[Any]) -> bool:
        """Whether nbval would let these outputs of the saved cell ``source`` pass."""
        marks = marks_of(source)
        if any(one["output_type"] == "error" for one in outputs) and not expects_error(source):
            return False
        if source.execution_count is None or not marks.get("check", not self._is_lax):
            return source.execution_count is not None or not source.outputs
        return self.same(source.outputs, outputs)

    def same(self, expected: list[Any], outputs: list[Any]) -> bool:
        """Whether nbval takes these outputs for the same."""
        one, other = (coalesce_streams(copy.deepcopy(each)) for each in (outputs, expected))
        found: bool = self.compare_outputs(one, other)
        return found


def marks_of(source: Any) -> dict[str, bool]:
    """Return what a cell's tags and comments ask of nbval, found by its own functions."""
    return {
        **dict(find_metadata_tags(source.metadata)),
        **dict(find_comment_markers(source.source)),
    }


def expects_error(source: Any) -> bool:
    """Whether a cell is marked to raise."""
    return bool(marks_of(source).get("check_exception"))
