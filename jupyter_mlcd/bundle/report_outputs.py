"""Cells and pictures of a report, out of executed notebooks that nobody vouches for.

Pictures stand in ``img`` elements, where they can neither run nor load anything. Markup that a
notebook made never gets into the page.
"""

from __future__ import annotations

import base64
import binascii
import itertools
import json
from typing import TYPE_CHECKING, Any

from jupyter_mlcd.bundle.markup import Markup, tag
from jupyter_mlcd.bundle.report_tables import is_list

if TYPE_CHECKING:
    from jupyter_mlcd.model.result import CellResult, Exhibit

_ROWS, _COLUMNS, _LONGEST = 200, 40, 300
_PICTURES = 40 << 20
"""Bytes of all the pictures of a page."""
_KINDS = ("image/png", "image/svg+xml", "image/jpeg", "image/gif", "image/webp")


class Pictures:
    """Turns pictures into elements, as long as there is room for them in the page."""

    def __init__(self) -> None:
        self._room = _PICTURES

    def show(self, kind: str, content: bytes, words: str) -> Markup:
        """Return the picture; a sentence where the page would become too large."""
        self._room -= len(content)
        if self._room < 0:
            return tag("p", "Left out, because this page would become too large.", class_="quiet")
        address = f"data:{kind};base64,{base64.b64encode(content).decode()}"
        return tag("img", src=address, alt=words)


class Executed:
    """An executed notebook of the bundle; an empty one where it is missing or broken."""

    def __init__(self, content: bytes | None) -> None:
        try:
            # Python's own reader: kernels write NaN, which JSON does not have.
            found = json.loads(content or b"{}")
        except (ValueError, RecursionError):
            found = {}
        cells = found.get("cells") if isinstance(found, dict) else None
        self._cells = [one for one in cells if isinstance(one, dict)] if is_list(cells) else []

    def cell(self, result: CellResult) -> dict[str, Any]:
        """Return the cell with this result: by its id, else by its position."""
        by_id = (one for one in self._cells if result.id and one.get("id") == result.id)
        # Without ids: the cell of injected parameters is not counted among the source's.
        counted = [one for one in self._cells if "injected-parameters" not in _tags(one)]
        at = counted[result.index : result.index + 1] if result.index >= 0 else []
        return next(itertools.chain(by_id, at), {})

    def output(self, exhibit: Exhibit) -> dict[str, Any]:
        """Return the output that holds an exhibit; an empty one where it is not there."""
        cell = self._cells[exhibit.cell] if 0 <= exhibit.cell < len(self._cells) else {}
        found = outputs(cell)
        return found[exhibit.output] if 0 <= exhibit.output < len(found) else {}


def outputs(cell: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the outputs of a cell, each a dict."""
    found = cell.get("outputs")
    return [one if isinstance(one, dict) else {} for one in found] if is_list(found) else []


def media(output: dict[str, Any]) -> dict[str, Any]:
    """Return what an output shows, by media type."""
    found = output.get("data")
    return found if isinstance(found, dict) else {}


def plain(content: object) -> str:
    """Return a multi-line text of the notebook format, which may be a list of lines."""
    if isinstance(content, list):
        return "".join(one for one in content if isinstance(one, str))
    return content if isinstance(content, str) else ""


def picture_of(output: dict[str, Any], kind: str = "") -> tuple[str, bytes] | None:
    """Return media type and bytes of the picture that an output shows; None where it shows none."""
    shown = media(output)
    for one in (kind,) if kind else _KINDS:
        content = plain(shown.get(one))
        if one == "image/svg+xml" and content:
            return one, content.encode("utf-8", "replace")
        try:
            decoded = base64.b64decode("".join(content.split()), validate=True)
        except (binascii.Error, ValueError):
            continue
        if decoded and one in _KINDS:
            return one, decoded
    return None


def _tags(cell: dict[str, Any]) -> list[Any]:
    metadata = cell.get("metadata")
    found = metadata.get("tags") if isinstance(metadata, dict) else None
    return found if isinstance(found, list) else []
