"""What a branch held at a moment, for hubs whose approvals name a time and no commit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jupyter_mlcd.world.clock import parse_time

if TYPE_CHECKING:
    from collections.abc import Iterable


def head_at(moment: str, heads: Iterable[tuple[str, str]]) -> str:
    """Return the last of ``(since when, commit)`` that began by then; empty: not known."""
    at = parse_time(moment)
    before = [(parse_time(since), commit) for since, commit in heads]
    return max((one for one in before if one[0] <= at), default=(at, ""))[1]
