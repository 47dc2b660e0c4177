from __future__ import annotations

from jupyter_mlcd.model.delivery import fold_history
from jupyter_mlcd.model.event import Body, make_event
from jupyter_mlcd.model.review import (
    ChangesRequested,
    EntryKind,
    ReviewApproved,
    ReviewAsked,
    ReviewCommented,
    ReviewEntry,
    ReviewTakenBack,
    new_since,
    standing_requests,
)
from tests.model.examples import AT

MARA, KEN = "Mara <mara@example.org>", "Ken <ken@example.org>"
ASKED = ReviewAsked("0.1.0", "sha256:1", "production", ("ken@example.org",), "please")
REMARK = ReviewCommented("0.1.0", "sha256:1", "why 3?", "train.ipynb", 2)
APPROVED = ReviewApproved("0.1.0", "sha256:1", "an-approval", "production")
CHANGES = ChangesRequested("0.1.0", "sha256:1", "another seed")


def folded(*said: tuple[str, Body], project: str = "digits") -> tuple[ReviewEntry, ...]:
    events = [
        make_event(id=f"event-{number}", project=project, at=AT, by=by, body=body)
        for number, (by, body) in enumerate(said)
    ]
    return fold_history(events, "digits").reviews.get("sha256:1", ())


def test_what_is_said_stands_under_the_release_in_its_order() -> None:
    kinds = [one.kind for one in folded((MARA, ASKED), (KEN, REMARK), (KEN, APPROVED))]
    assert kinds == [EntryKind.ASKED, EntryKind.COMMENTED, EntryKind.APPROVED]


def test_a_remark_keeps_its_place() -> None:
    (remark,) = folded((KEN, REMARK))
    assert (remark.text, remark.case, remark.cell) == ("why 3?", "train.ipynb", 2)


def test_another_project_says_nothing_here() -> None:
    assert folded((MARA, ASKED), project="letters") == ()


def test_an_approval_that_is_taken_back_is_marked_and_stays() -> None:
    back = ReviewTakenBack("0.1.0", "sha256:1", "an-approval", "too early")
    (entry,) = folded((KEN, APPROVED), (KEN, back))
    assert (entry.taken_back, entry.taken_back_why) == (AT, "too early")


def test_a_request_for_changes_is_taken_back_only_by_who_made_it() -> None:
    back = ReviewTakenBack("0.1.0", "sha256:1", "event-0")
    assert standing_requests(folded((KEN, CHANGES), (MARA, back)), ())
    assert not standing_requests(folded((KEN, CHANGES), (KEN, back)), ())


def test_who_approves_after_all_wants_no_changes_any_more() -> None:
    counting = {"an-approval"}
    assert not standing_requests(folded((KEN, CHANGES), (KEN, APPROVED)), counting)
    assert standing_requests(folded((KEN, CHANGES), (MARA, APPROVED)), counting)
    assert standing_requests(folded((KEN, APPROVED), (KEN, CHANGES)), counting)


def test_an_approval_that_does_not_count_takes_no_request_away() -> None:
    assert standing_requests(folded((KEN, CHANGES), (KEN, APPROVED)), ())


def test_what_is_new_is_what_came_after_ones_own_last_word() -> None:
    entries = folded((MARA, ASKED), (KEN, REMARK), (MARA, REMARK))
    assert new_since(entries, KEN) == {"event-2"}
    assert new_since(entries, MARA) == set()
    assert len(new_since(entries, "Lin <lin@example.org>")) == 3
