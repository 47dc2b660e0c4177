"""The outputs of two executions of a cell: which differ, and how that is shown.

When and how often a cell ran says nothing about its results, and neither does where in memory an
object lay: counts, metadata and addresses are left out. Recorded scores are compared as numbers,
elsewhere. Of a picture only its place is told, of a long text only its beginning: the rest is asked
for by itself.
"""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import msgspec

from jupyter_mlcd.bundle.difference_lines import line_pairs, row_pairs
from jupyter_mlcd.bundle.difference_tables import table_rows, words_of
from jupyter_mlcd.model.comparison import OutputComparison, OutputKind, OutputSide, Relation

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

_LONGEST = 20_000
"""Characters of a text that are in the comparison."""
_MOST = 100
"""Outputs of one cell that are told apart."""
_SCRAPS = "application/scrapbook.scrap."
_WIDGET = "application/vnd.jupyter.widget-"
_PICTURES = ("image/png", "image/jpeg", "image/gif", "image/webp", "image/svg+xml")
_ADDRESS = re.compile(r"\b0x[0-9a-fA-F]{6,16}\b")
_WRITTEN_OVER = re.compile(r"^.*\r(?=[^\n])", re.MULTILINE)
_COLOURS = re.compile(r"\x1b\[[0-9;]*m")


@dataclass(frozen=True)
class Shown:
    """One output as it is looked at."""

    name: str
    place: int
    """Position among the cell's outputs; of a stream in pieces that of the first."""
    forms: Mapping[str, str]
    """``{media type: text}``, the richest first."""

    @property
    def key(self) -> tuple[str, str]:
        """What outputs that belong together have in common."""
        return self.name, next(iter(self.forms)).partition("/")[0]

    @cached_property
    def compared(self) -> dict[str, str]:
        """The same as it is compared: markup by what is read of it, not by its style."""
        return {media: _compared_text(media, text) for media, text in self.forms.items()}


def _compared_text(media: str, text: str) -> str:
    table = table_rows(text) if media == "text/html" else None
    if table is not None and table[1]:
        text = repr(table[0])
    elif media == "text/html":
        text = words_of(text) or text
    return _ADDRESS.sub("0x…", text)


def shown_outputs(outputs: object) -> list[Shown]:
    """Return the outputs of a cell, pieces of one stream as one; what is no output is left out."""
    found: list[Shown] = []
    streams: dict[str, int] = {}
    for place, output in enumerate(outputs if isinstance(outputs, list) else []):
        one = _shown(output, place) if isinstance(output, dict) else None
        if one is None:
            continue
        if output.get("output_type") == "stream" and one.name in streams:
            first = found[streams[one.name]]
            text = first.forms["text/plain"] + one.forms["text/plain"]
            found[streams[one.name]] = Shown(first.name, first.place, {"text/plain": text})
            continue
        if output.get("output_type") == "stream":
            streams[one.name] = len(found)
        found.append(one)
    return [_without_overwritten(one) for one in found][:_MOST]


def _shown(output: dict[str, Any], place: int) -> Shown | None:
    kind = output.get("output_type")
    if kind == "stream":
        return Shown(str(output.get("name")), place, {"text/plain": _text(output.get("text"))})
    if kind == "error":
        words = f"{output.get('ename')}: {output.get('evalue')}"
        return Shown("error", place, {"text/plain": _COLOURS.sub("", words)})
    data = output.get("data")
    forms = _forms(data) if isinstance(data, dict) else {}
    return Shown("", place, forms) if forms else None


def _forms(data: dict[str, Any]) -> dict[str, str]:
    left_out = {media for media in data if media.startswith((_SCRAPS, _WIDGET))}
    if left_out:
        left_out.add("text/plain")  # It shows the score, or names the widget.
    media_types = sorted(set(data) - left_out, key=_richness)
    return {media: _text(data[media]) for media in media_types}


def _richness(media: str) -> tuple[int, str]:
    order = (*_PICTURES, "text/html", "text/markdown", "text/latex", "text/plain")
    return (order.index(media) if media in order else len(order), media)


def _text(value: object) -> str:
    if isinstance(value, list) and all(isinstance(line, str) for line in value):
        return "".join(value)
    return value if isinstance(value, str) else json.dumps(value, indent=1, sort_keys=True)


def _without_overwritten(one: Shown) -> Shown:
    if one.name not in {"stdout", "stderr"}:
        return one
    text = _WRITTEN_OVER.sub("", one.forms["text/plain"])
    return Shown(one.name, one.place, {"text/plain": text})


def outputs_differ(before: object, after: object) -> bool:
    """Whether two executions of a cell put out something else."""
    left, right = shown_outputs(before), shown_outputs(after)
    return any(_relation(*pair) is not Relation.SAME for pair in _pairs(left, right))


def compare_outputs(
    before: object, after: object, cells: tuple[int | None, int | None]
) -> tuple[OutputComparison, ...]:
    """Return the outputs of a cell on both sides; ``cells`` are its places in the notebooks."""
    pairs = _pairs(shown_outputs(before), shown_outputs(after))
    return tuple(_compared(left, right, cells) for left, right in pairs)


def _pairs(
    before: Sequence[Shown], after: Sequence[Shown]
) -> Iterator[tuple[Shown | None, Shown | None]]:
    """Yield what belongs together: the first of a kind to the first, in the order of ``after``."""
    waiting: dict[tuple[str, str], list[Shown]] = {}
    for one in before:
        waiting.setdefault(one.key, []).append(one)
    for one in after:
        same = waiting.get(one.key)
        yield (same.pop(0) if same else None), one
    for rest in waiting.values():
        for one in rest:
            yield one, None


def _relation(before: Shown | None, after: Shown | None) -> Relation:
    if before is None or after is None:
        return Relation.NEW if before is None else Relation.GONE
    is_same = before.forms == after.forms or before.compared == after.compared
    return Relation.SAME if is_same else Relation.CHANGED


def _compared(
    before: Shown | None, after: Shown | None, cells: tuple[int | None, int | None]
) -> OutputComparison:
    relation = _relation(before, after)
    media = _told_by(before, after)
    texts = [one.forms.get(media) if one else None for one in (before, after)]
    kind, lines, rows, whole = _content(media, texts)
    sides = [
        None if one is None or cell is None or text is None else _side(one, cell, media, text)
        for one, cell, text in zip((before, after), cells, texts, strict=True)
    ]
    sides = [side and msgspec.structs.replace(side, whole=whole) for side in sides]
    name = (after or before or Shown("", 0, {})).name or media
    return OutputComparison(relation, name, kind, sides[0], sides[1], lines, rows)


def _told_by(before: Shown | None, after: Shown | None) -> str:
    """Return the media type that shows best what an output is, or how it differs."""
    forms = list((after or before or Shown("", 0, {})).forms)
    if before is None or after is None:
        return forms[0]
    left, right = before.compared, after.compared
    differing = [media for media in forms if media in left and left[media] != right[media]]
    return next(iter([*differing, *(media for media in forms if media in left)]), forms[0])


def _content(media: str, texts: list[str | None]) -> tuple[OutputKind, Any, Any, bool]:
    """Return kind, lines, rows, and whether that is all of it."""
    if media in _PICTURES:
        return OutputKind.PICTURE, (), (), False
    if media == "text/html":
        tables = [table_rows(text) if text else ([], True) for text in texts]
        if all(table is not None for table in tables):
            (left, left_whole), (right, right_whole) = (table or ([], True) for table in tables)
            return OutputKind.TABLE, (), row_pairs(left, right), left_whole and right_whole
        texts = [None if text is None else words_of(text) for text in texts]
    cut = [None if text is None else text[:_LONGEST] for text in texts]
    whole = all(text is None or len(text) <= _LONGEST for text in texts)
    return OutputKind.TEXT, line_pairs(*cut), (), whole


def _side(one: Shown, cell: int, media: str, text: str) -> OutputSide:
    content = text.encode("utf-8", "surrogatepass")
    digest = hashlib.sha256(content).hexdigest()
    return OutputSide(cell, one.place, media, len(content), digest)
