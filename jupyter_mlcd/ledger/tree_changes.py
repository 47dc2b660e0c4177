"""Which files differ between each of many trees and one.

Asked tree by tree, a thousand lines of a list are a thousand comparisons each time that a file is
saved. So git is only asked what each tree changed in the next one, which is remembered because it
never becomes other; what differs from the tree now is added up from there, step by step back.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from jupyter_mlcd.model.errors import GitError
from jupyter_mlcd.world.git_names import checked_object_id, decoded, is_object_id
from jupyter_mlcd.world.recent import Recent

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from jupyter_mlcd.world.git import Git

MOST_PATHS: Final = 20
"""Paths told of each tree: what a line of a list and its tooltip have room for."""

_TOGETHER = 200
"""Comparisons per question."""
_MOST_BYTES = 16 << 20
"""What git may say to one question; at more, this tree and all older ones stay untold."""
_MOST_STEPS = 300_000
"""Changed paths that are added up, about a quarter of a second; then the same."""

_Pair = tuple[str, str]
"""Two trees, the older one first."""
_Delta = tuple[tuple[bytes, bytes, bytes], ...]
"""Path, and its mode and object in the older and in the newer tree; where it is not, zeros."""

_remembered: Recent[_Pair, _Delta] = Recent(8192)


def changed_since(git: Git, trees: Iterable[str], now: str) -> Mapping[str, tuple[str, ...]]:
    """Return ``{tree: first paths that differ from the tree now}``; ``trees`` newest first.

    A tree that is gone is not in it, nor is one for which it would take too long.
    """
    wanted = [tree for tree in dict.fromkeys(trees) if is_object_id(tree) and tree != now]
    deltas = _known(_pairs(wanted, now))
    if len(deltas) < len(wanted):
        wanted = _present(git, wanted)
        deltas = _known(_pairs(wanted, now))
        deltas.update(_asked(git, [pair for pair in _pairs(wanted, now) if pair not in deltas]))
    return dict(_added_up(wanted, now, deltas))


def _pairs(trees: Sequence[str], now: str) -> list[_Pair]:
    return [(older, newer) for newer, older in pairwise([checked_object_id(now), *trees])]


def _known(pairs: Iterable[_Pair]) -> dict[_Pair, _Delta]:
    found = ((pair, _remembered.get(pair)) for pair in pairs)
    return {pair: delta for pair, delta in found if delta is not None}


def _present(git: Git, trees: Sequence[str]) -> list[str]:
    """Return those that are there: trees of files that nobody committed go after some weeks."""
    stdin = "".join(f"{tree}\n" for tree in trees).encode()
    answer = git.run("cat-file", "--batch-check", stdin=stdin, limit=_MOST_BYTES).splitlines()
    return [tree for tree, line in zip(trees, answer, strict=True) if line.split()[1] == b"tree"]


def _asked(git: Git, pairs: Sequence[_Pair]) -> Iterator[tuple[_Pair, _Delta]]:
    for first in range(0, len(pairs), _TOGETHER):
        stdin = "".join(f"{a} {b}\n" for a, b in pairs[first : first + _TOGETHER]).encode()
        options = ("--stdin", "-r", "-z", "--raw", "--no-renames")
        try:
            told = git.run("diff-tree", *options, stdin=stdin, limit=_MOST_BYTES)
        except GitError:
            return
        for pair, delta in _by_pair(told):
            yield pair, _remembered.put(pair, delta)


def _by_pair(told: bytes) -> Iterator[tuple[_Pair, _Delta]]:
    """Read a line with the ids of two trees, then for each path ``:modes ids letter`` and itself.

    Only what follows the line ends with a zero, so that it stands before the next of them.
    """
    pair: _Pair | None = None
    delta: list[tuple[bytes, bytes, bytes]] = []
    fields = iter(told.split(b"\0"))
    for field in fields:
        left = field
        while left and not left.startswith(b":"):
            if pair:
                yield pair, tuple(delta)
            line, _, left = left.partition(b"\n")
            older, newer = decoded(line).split(" ")
            pair, delta = (older, newer), []
        if left:
            old_mode, mode, old_id, oid, _ = left[1:].split(b" ")
            delta.append((next(fields), old_mode + old_id, mode + oid))
    if pair:
        yield pair, tuple(delta)


def _added_up(
    trees: Sequence[str], now: str, deltas: Mapping[_Pair, _Delta]
) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Go back from tree to tree, keeping what differs from now, and what it is now."""
    differing: dict[bytes, bytes] = {}
    paths: list[bytes] = []
    steps = 0
    for older, newer in _pairs(trees, now):
        delta = deltas.get((older, newer))
        steps += len(delta or ())
        if delta is None or steps > _MOST_STEPS:
            return
        for path, before, after in delta:
            is_now = differing.get(path, after)
            if before == is_now:
                del differing[path]
                del paths[bisect_left(paths, path)]
            elif path not in differing:
                differing[path] = is_now
                insort(paths, path)
        yield older, tuple(map(decoded, paths[:MOST_PATHS]))
