"""How much output of a cell is kept: its head and its tail, and words about what lies between.

A cell that prints without end must fill neither memory nor disk, and what was left out must be
seen: how much, and the sha256 of all of it, so that a longer log can be shown to be the same.
"""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

_TAIL_BYTES = 64 << 10
_END_BYTES = 32 << 10
"""Of one text that is too long by itself."""
_SCORE_BYTES = 16 << 10
_SCRAPS = "application/scrapbook.scrap."
_SHOWING = frozenset({"display_data", "execute_result", "update_display_data"})


class OutputLimit:
    """Lets through what a cell may still show. Reset it by ``begin`` for every cell."""

    def __init__(self, limit: int) -> None:
        """Take the bytes of one cell's outputs that are kept; 0 for all."""
        self._limit = limit
        self.begin()

    def begin(self) -> None:
        """Forget the cell before."""
        self._kept = 0
        self.seen = 0
        """Bytes that the cell has put out so far."""
        self.left_out = 0
        """Bytes of them that were not kept."""
        self._tail = b""
        self._digest = hashlib.sha256()
        self._has_replaced = False

    def clear(self) -> None:
        """Note that what the cell has shown so far was cleared."""
        self._kept = 0

    def admit(self, kind: str, content: dict[str, Any]) -> bool:
        """Return whether a message of this kind is kept; its content is shortened in place."""
        if not self._limit:
            return True
        if kind == "stream":
            return self._admit_text(content)
        if kind in _SHOWING:
            return self._admit_display(content, counts=kind != "update_display_data")
        if kind == "error":
            self._shorten_error(content)
        return True

    def _admit_text(self, content: dict[str, Any]) -> bool:
        text = str(content.get("text", "")).encode(errors="replace")
        self._note(text)
        room = max(0, self._head - self._kept)
        kept, rest = text[:room], text[room:]
        self._kept += len(kept)
        if not rest:
            return True
        self.left_out += len(rest)
        self._tail = (self._tail + rest)[-_TAIL_BYTES:]
        content["text"] = kept.decode(errors="ignore")
        return bool(kept)

    @property
    def _head(self) -> int:
        return max(self._limit - _TAIL_BYTES, self._limit // 2)

    def _admit_display(self, content: dict[str, Any], *, counts: bool) -> bool:
        media = {kind: _bytes_of(value) for kind, value in content.get("data", {}).items()}
        size = sum(map(len, media.values()))
        for value in media.values():
            self._note(value)
        # A score is what the notebook was run for: a flood of prints does not drown it.
        is_score = size <= _SCORE_BYTES and any(kind.startswith(_SCRAPS) for kind in media)
        room = 2 * self._limit if is_score else self._head
        if (self._kept if counts else 0) + size <= room:
            self._kept += size if counts else 0
            return True
        self.left_out += size
        if self._has_replaced and counts:
            return False
        self._has_replaced = True
        content["data"] = {"text/plain": _in_place_of(media)}
        return True

    def _shorten_error(self, content: dict[str, Any]) -> None:
        for name in ("ename", "evalue"):
            content[name] = _shortened(str(content.get(name, "")).encode(errors="replace"))
        trace = "\n".join(map(str, content.get("traceback") or ()))
        content["traceback"] = _shortened(trace.encode(errors="replace")).split("\n")

    def _note(self, value: bytes) -> None:
        self.seen += len(value)
        self._digest.update(value)

    def in_words(self) -> str:
        """Return what stands in the notebook for what was left out; nothing if all was kept."""
        if not self.left_out:
            return ""
        marker = (
            f"[jupyter_mlcd: {self.left_out:,} of {self.seen:,} bytes of output were left out; "
            f"sha256 of all: {self._digest.hexdigest()}]\n"
        )
        if not self._tail:
            return marker
        tail = self._tail.decode(errors="ignore")
        return f"{marker}[the last {len(self._tail):,} bytes of what was printed:]\n{tail}"


def _bytes_of(value: object) -> bytes:
    if isinstance(value, str):
        return value.encode(errors="replace")
    return json.dumps(value, default=str).encode()


def _in_place_of(media: Mapping[str, bytes]) -> str:
    lines = [
        f"[jupyter_mlcd: {kind} of {len(value):,} bytes was left out, sha256 "
        f"{hashlib.sha256(value).hexdigest()}]"
        for kind, value in media.items()
    ]
    if "text/plain" in media:
        lines.append(_shortened(media["text/plain"]))
    return "\n".join(lines)


def _shortened(text: bytes) -> str:
    if len(text) <= 2 * _END_BYTES:
        return text.decode(errors="ignore")
    head, tail = text[:_END_BYTES], text[-_END_BYTES:]
    between = f"\n[jupyter_mlcd: {len(text) - 2 * _END_BYTES:,} bytes left out]\n"
    return head.decode(errors="ignore") + between + tail.decode(errors="ignore")
