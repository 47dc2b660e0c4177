from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyter_mlcd.model.event import (
    Body,
    DeliveryMoved,
    DeliveryRequested,
    Event,
    EvidenceKept,
    ReleasePrepared,
    WorkItemsTold,
    make_event,
    read_event,
)
from jupyter_mlcd.model.gate import Finding, Outcome
from jupyter_mlcd.model.hub import Told
from jupyter_mlcd.model.review import (
    ChangesRequested,
    ReviewApproved,
    ReviewAsked,
    ReviewCommented,
    ReviewTakenBack,
    ReviewWaived,
)
from tests.model.examples import AT, BY, evidence

KEPT = EvidenceKept(evidence())
PREPARED = ReleasePrepared("0.1.0", "sha256:1", "c" * 40)
REQUESTED = DeliveryRequested(
    "key", "0.1.0", "sha256:1", "production", 1, (Finding("r", Outcome.MET, "why"),), ("Copies.",)
)
TOLD = WorkItemsTold("key", (Told("#12", "https://example.org/12"), Told("#3", problem="away")))
MOVED = DeliveryMoved("key", "delivered", "it is there", {"folder": "releases"})
SAID: list[Body] = [
    ReviewAsked("0.1.0", "sha256:1", "production", ("ken@example.org",), "please"),
    ReviewCommented("0.1.0", "sha256:1", "why 3?", "train.ipynb", 2),
    ReviewApproved("0.1.0", "sha256:1", "0195-approval", "production"),
    ChangesRequested("0.1.0", "sha256:1", "another seed"),
    ReviewWaived("0.1.0", "sha256:1", "0195-waiver", "production", "accuracy at least 0.9"),
    ReviewTakenBack("0.1.0", "sha256:1", "0195-approval", "too early"),
]
BODIES: list[Body] = [KEPT, PREPARED, REQUESTED, MOVED, TOLD, *SAID]

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
FINDINGS = st.builds(Finding, TEXTS, st.sampled_from(Outcome), TEXTS, TEXTS, st.none(), st.none())
GENERATED = st.one_of(
    st.builds(EvidenceKept, st.builds(evidence, TEXTS, reason=TEXTS, dirty=st.booleans())),
    st.builds(ReleasePrepared, TEXTS, TEXTS, TEXTS),
    st.builds(
        DeliveryRequested, TEXTS, TEXTS, TEXTS, TEXTS, st.integers(1, 99),
        st.lists(FINDINGS, max_size=2).map(tuple), st.lists(TEXTS, max_size=2).map(tuple),
    ),
    st.builds(DeliveryMoved, TEXTS, TEXTS, TEXTS, st.dictionaries(TEXTS, TEXTS, max_size=2)),
    st.sampled_from(SAID),
)  # fmt: skip


def event(body: Body = PREPARED, **changes: Any) -> Event:
    plain: dict[str, Any] = {"id": "0195-event", "project": "digits", "at": AT, "by": BY}
    return make_event(body=body, **{**plain, **changes})


def wire(**changes: Any) -> bytes:
    return json.dumps({**json.loads(event().to_bytes()), **changes}).encode()


@given(TEXTS, TEXTS, TEXTS, TEXTS, GENERATED)
def test_an_event_that_was_written_is_read_again(
    name: str, project: str, at: str, by: str, body: Body
) -> None:
    one = make_event(id=name, project=project, at=at, by=by, body=body)
    assert read_event(one.to_bytes()) == one


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (KEPT, "evidence-kept"),
        (PREPARED, "release-prepared"),
        (REQUESTED, "delivery-requested"),
        (MOVED, "delivery-moved"),
    ],
)
def test_the_kind_of_an_event_is_that_of_its_body(body: Body, kind: str) -> None:
    assert event(body).kind == kind


@pytest.mark.parametrize("body", BODIES)
def test_an_event_on_disk_has_the_seven_keys_of_the_format(body: Body) -> None:
    assert sorted(json.loads(event(body).to_bytes())) == [
        "at", "body", "by", "id", "kind", "project", "v",
    ]  # fmt: skip


@pytest.mark.parametrize("body", BODIES)
def test_the_body_does_not_repeat_the_kind(body: Body) -> None:
    assert "type" not in json.loads(event(body).to_bytes())["body"]


@pytest.mark.parametrize("body", BODIES)
def test_an_event_ends_with_a_line_feed(body: Body) -> None:
    assert event(body).to_bytes().endswith(b"}\n")


def test_an_event_lies_by_year_and_month() -> None:
    assert event().path == "events/2026/03/0195-event.json"


@pytest.mark.parametrize("body", BODIES)
def test_equal_events_are_equal_bytes(body: Body) -> None:
    assert event(body).to_bytes() == event(body).to_bytes()


@pytest.mark.parametrize(
    "text", [wire(v=2), wire(v=0), wire(kind="release-forgotten"), wire(v=2, body=3), b"{}"]
)
def test_an_event_of_another_version_or_kind_is_passed_over(text: bytes) -> None:
    assert read_event(text) is None


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b'"text"',
        b"\xff",
        b"[" * 10_000,
        wire(body=None),
        wire(body=[]),
        wire(body={}),
        wire(body={"version": 1, "digest": "", "commit": ""}),
        wire(body={"version": "", "digest": "", "commit": "", "colour": "red"}),
        wire(id=5),
        wire(at=None),
        wire(by=[]),
        wire(project={}),
        wire(colour="red"),
        wire(kind=[]),
        wire(v=True),
    ],
)
def test_what_is_no_event_is_refused(text: bytes) -> None:
    with pytest.raises(ValueError, match=r"^not an event: "):
        read_event(text)


@pytest.mark.parametrize("key", ["id", "project", "at", "by", "body"])
def test_an_event_without_one_of_its_keys_is_refused(key: str) -> None:
    whole = json.loads(event().to_bytes())
    del whole[key]
    with pytest.raises(ValueError, match=r"^not an event: "):
        read_event(json.dumps(whole).encode())


@given(st.binary(max_size=60))
def test_no_bytes_at_all_break_the_reader(text: bytes) -> None:
    try:
        assert read_event(text) is None
    except ValueError as error:
        assert str(error).startswith("not an event: ")  # noqa: PT017


def test_a_body_cannot_claim_another_kind_than_the_event() -> None:
    body = {**json.loads(event().to_bytes())["body"], "type": "delivery-moved"}
    found = read_event(wire(body=body))
    assert found is not None
    assert found.body == PREPARED
