from __future__ import annotations

from typing import Any

import msgspec
import pytest

from jupyter_mlcd.model.acceptance import AcceptRequest, changes_between, of_cells
from jupyter_mlcd.model.kept_outputs import kept_outputs
from jupyter_mlcd.model.reference import Acceptance, ExpectedCell, Reference, digest_of_source
from jupyter_mlcd.model.result import CellResult, Verdict
from jupyter_mlcd.model.run import Change

ANN = Acceptance("Ann <ann@example.org>", "2026-11-03T10:00:00.000000Z", "new features", "run-1")


def stream(text: str | list[str], name: str = "stdout") -> dict[str, Any]:
    return {"output_type": "stream", "name": name, "text": text}


def expected(source: str, *, id: str = "", number: int = 1, text: str = "1\n") -> ExpectedCell:  # noqa: A002
    return ExpectedCell(
        id, number, digest_of_source(source), kept_outputs([stream(text)]), accepted=ANN
    )


def reference(*cells: ExpectedCell) -> Reference:
    return Reference("train.ipynb", {"seed": 1}, cells)


def result(verdict: Verdict, *, compared: bool = True) -> CellResult:
    return CellResult(4, "", verdict, compared=compared)


@pytest.mark.parametrize(
    ("wish", "differs", "fine"),
    [
        ({}, True, False),
        ({"everything": True}, True, True),
        ({"cell": 2}, True, True),
        ({"position": 4}, True, True),
        ({"cell": 3}, False, False),
        ({"position": 2, "everything": True}, False, False),
    ],
)
def test_what_differs_is_meant_unless_more_or_less_is_asked_for(
    wish: dict[str, Any], differs: bool, fine: bool
) -> None:
    request = AcceptRequest("why", **wish)
    assert request.takes(2, result(Verdict.FAILED)) is differs
    assert request.takes(2, result(Verdict.PASSED)) is fine


@pytest.mark.parametrize("verdict", sorted(set(Verdict) - {Verdict.PASSED, Verdict.FAILED}))
def test_a_cell_that_did_not_run_to_its_end_has_nothing_to_accept(verdict: Verdict) -> None:
    for request in (AcceptRequest("", everything=True), AcceptRequest("", cell=2)):
        assert not request.takes(2, result(verdict))


def test_review_tells_what_was_added_changed_and_removed() -> None:
    kept, old = expected("k", id="k"), expected("x", id="x", number=2, text="1\n")
    gone = expected("g", id="g", number=3)
    bob = Acceptance("Bob <bob@example.org>", ANN.at, "new data", "run-2")
    new = msgspec.structs.replace(old, outputs=kept_outputs([stream("2\n")]), accepted=bob)
    added = msgspec.structs.replace(expected("a", id="a", number=4), accepted=bob)
    changes = changes_between(reference(kept, old, gone), reference(kept, new, added))
    assert [(one.cell, one.change, one.by, one.why) for one in changes] == [
        (3, Change.DELETED, "", ""),
        (2, Change.MODIFIED, bob.by, "new data"),
        (4, Change.ADDED, bob.by, "new data"),
    ]


def test_what_was_edited_by_hand_is_nobodys() -> None:
    old = expected("x", id="x")
    new = msgspec.structs.replace(old, outputs=kept_outputs([stream("2\n")]))
    (change,) = changes_between(reference(old), reference(new))
    assert (change.change, change.by, change.why) == (Change.MODIFIED, "", "")


@pytest.mark.parametrize(
    ("numbers", "words"),
    [([3], "cell 3"), ([5, 3], "cells 3 and 5"), ([1, 2, 3, 3], "cells 1, 2 and 3")],
)
def test_cells_are_counted_in_words(numbers: list[int], words: str) -> None:
    assert of_cells(numbers) == words
