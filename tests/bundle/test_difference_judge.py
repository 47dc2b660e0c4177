"""nbdime is the judge: on real notebooks, changed at random, it names the same cells as we do.

It is not what makes the difference for people: it would switch a server extension and a front-end
extension on for everybody who has us, and it knows nothing of recorded scores. It takes what a
notebook says of its own runs (counts, metadata) for a change; that is left out here.
"""

from __future__ import annotations

import json

import pytest

from tests.bundle.mutations import (
    judged,
    moved,
    mutated,
    numbered,
    ours,
    real_notebooks,
    seeded,
)

CHANGED, MOVED = range(150), range(100)
with_and_without_ids = pytest.mark.parametrize(
    "with_ids", [True, False], ids=["with ids", "without ids"]
)


@with_and_without_ids
def test_the_same_cells_are_changed_new_and_gone(*, with_ids: bool) -> None:
    touched = 0
    for seed in CHANGED:
        random = seeded(seed)
        before = numbered(json.loads(random.choice(real_notebooks())), with_ids=with_ids)
        after = mutated(before, random)
        found = ours(before, after)
        touched += bool(found.before or found.after)
        assert (seed, found) == (seed, judged(before, after))
    assert touched == len(CHANGED)


@with_and_without_ids
def test_a_cell_that_was_moved_is_gone_in_one_place_and_new_in_another(*, with_ids: bool) -> None:
    for seed in MOVED:
        random = seeded(seed)
        before = numbered(json.loads(random.choice(real_notebooks())), with_ids=with_ids)
        after = moved(before, random)
        found = ours(before, after)
        assert (seed, found) == (seed, judged(before, after))
        is_other = before["cells"] != after["cells"]
        assert len(found.before) == len(found.after) == int(is_other)


@with_and_without_ids
def test_many_changes_in_a_long_notebook_are_the_same_ones(*, with_ids: bool) -> None:
    cells = {
        (one["cell_type"], "".join(one["source"])): one
        for text in real_notebooks()
        for one in json.loads(text)["cells"]
    }
    whole = {"cells": list(cells.values()), "metadata": {}}
    for seed in range(10):
        random = seeded(seed)
        before = after = numbered(whole, with_ids=with_ids)
        for _ in range(5):
            after = mutated(after, random)
        assert (seed, ours(before, after)) == (seed, judged(before, after))


def test_executed_again_with_the_same_results_nothing_differs() -> None:
    for text in real_notebooks():
        before = numbered(json.loads(text), with_ids=True)
        cells = [
            {**one, "execution_count": 7, "metadata": {"timing": 3}} if "outputs" in one else one
            for one in before["cells"]
        ]
        again = {**before, "cells": cells}
        assert ours(before, again) == judged(before, again) == ours(before, before)
