from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.faults.lying_world import (
    AFTERWARDS,
    CRASHES,
    FAULTS,
    KINDS,
    SPOILT,
    Way,
    go,
    impatient,
    ways,
)

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

ONE_IN = 4
"""Each target is told each lie once here, the crashes in turn; all of it is thorough."""
ONE_IN_OF_GIT = 20
"""Each takes a repository, and git waits for whole seconds."""


def wrong(every: Iterable[Way], store: Path) -> list[str]:
    """Return the ways in which something was sent twice or told wrong."""
    found = []
    with impatient():
        for way in every:
            with way.kind.opened(store) as here:
                outcome = go(way, here)
            if outcome.triggers > 1 or not outcome.is_true:
                found.append(f"{way}: {outcome}")
    return found


@pytest.mark.parametrize("name", KINDS)
def test_nothing_is_sent_twice_and_nothing_untrue_is_said(name: str, tmp_path: Path) -> None:
    step = ONE_IN_OF_GIT if name == "git" else ONE_IN
    start = list(KINDS).index(name) % ONE_IN
    assert wrong(ways({name: KINDS[name]})[start::step], tmp_path / "store") == []


@pytest.mark.thorough
@pytest.mark.parametrize("name", KINDS)
def test_nor_in_any_other_way(name: str, tmp_path: Path) -> None:
    assert wrong(ways({name: KINDS[name]}), tmp_path / "store") == []


def test_the_matrix_is_whole() -> None:
    lies = len(FAULTS) * len(SPOILT) * len(CRASHES)
    assert len(ways()) == len(KINDS) * (lies + len(CRASHES) * len(AFTERWARDS))
    assert len({str(way) for way in ways()}) == len(ways())
