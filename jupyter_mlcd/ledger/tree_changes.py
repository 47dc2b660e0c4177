"""Which files differ between many trees and one, asked of git at once and remembered."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Final

from jupyter_mlcd.model.errors import GitError
from jupyter_mlcd.world.git_names import checked_object_id, decoded, is_object_id
from jupyter_mlcd.world.recent import Recent

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from jupyter_mlcd.world.git import Git

MOST_PATHS: Final = 20
"""Paths told of each tree: what a line of a list and its tooltip have room for."""

_TOGETHER = 100
"""Trees per question: a first page is one."""
_MOST_BYTES = 16 << 20
"""What git may say in all: where every tree differs in every file, the oldest stay untold."""

_remembered: Recent[tuple[str, str], tuple[str, ...]] = Recent(4096)


def changed_since(git: Git, trees: Iterable[str], now: str) -> Mapping[str, tuple[str, ...]]:
    """Return ``{tree: first paths that differ from the tree now}``.

    A tree that is gone, or for which git had too much to say, is not in it.
    """
    wanted = filter(is_object_id, dict.fromkeys(trees))
    found: dict[str, tuple[str, ...]] = {}
    left = _MOST_BYTES
    while group := list(islice(wanted, _TOGETHER)):
        for tree in group:
            known = _remembered.get((tree, now))
            if known is not None:
                found[tree] = known
        asked = [tree for tree in group if tree not in found]
        if asked and left > 0:
            try:
                told = _told(git, asked, now, left)
            except GitError:
                break
            left -= len(told)
            for tree, paths in _by_tree(told):
                found[tree] = _remembered.put((tree, now), paths)
    return found


def _told(git: Git, trees: Sequence[str], now: str, limit: int) -> bytes:
    pairs = "".join(f"{tree} {checked_object_id(now)}\n" for tree in trees)
    return git.run(
        *("diff-tree", "--stdin", "-r", "-z", "--name-status", "--no-renames"),
        stdin=pairs.encode(),
        limit=limit,
    )


def _by_tree(told: bytes) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Read the two trees' ids, and then for each path a letter and the path itself."""
    tree = b""
    paths: list[bytes] = []
    fields = iter(told.split(b"\0")[:-1])
    for field in fields:
        if len(field) == 1:
            path = next(fields)
            if len(paths) < MOST_PATHS:
                paths.append(path)
            continue
        if tree:
            yield decoded(tree), tuple(map(decoded, paths))
        tree, paths = field.partition(b" ")[0], []
    if tree:
        yield decoded(tree), tuple(map(decoded, paths))
