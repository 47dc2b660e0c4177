"""What every CD system is held to, whatever it is called."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
import pytest

from jupyter_mlcd.model.delivery import DeliveryState
from jupyter_mlcd.plugins import target_class
from jupyter_mlcd.ports import Parcel, PipelineTarget, Target, TargetAnswer
from tests.targets.stand_in.kinds import HERE, KINDS, Kind, Opened, site_of
from tests.targets.stand_in.server import SECRET, Fault

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

LOST = Fault("reset", does=True)


ALL = {**KINDS, **HERE}
FOLLOWS = [name for name, one in KINDS.items() if one.follows]
PIPELINES = [name for name in KINDS if name != "git"]
follows = pytest.mark.parametrize("kind", FOLLOWS, indirect=True)
is_a_pipeline = pytest.mark.parametrize("kind", PIPELINES, indirect=True)
speaks_to_a_server = pytest.mark.parametrize("kind", KINDS, indirect=True)


@pytest.fixture(params=ALL)
def kind(request: pytest.FixtureRequest) -> Kind:
    return ALL[request.param]


@pytest.fixture
def here(kind: Kind, tmp_path: Path) -> Iterator[Opened]:
    with kind.opened(tmp_path / "store") as opened:
        yield opened
        assert opened.server.violations == []


def after(parcel: Parcel, answer: TargetAnswer) -> Parcel:
    """Return the parcel as it is asked about after an answer was noted."""
    return msgspec.structs.replace(parcel, ticket=answer.ticket)


def look(here: Opened, answer: TargetAnswer) -> TargetAnswer:
    found = here.target.look_up(after(here.parcel, answer))
    assert found is not None
    return found


def test_it_is_a_target(here: Opened) -> None:
    assert isinstance(here.target, Target)


@is_a_pipeline
def test_it_is_a_pipeline_and_found_by_its_kind(here: Opened, kind: Kind) -> None:
    assert isinstance(here.target, PipelineTarget)
    name = "azure-devops" if kind.name == "azure-devops" else kind.name.partition("-")[0]
    assert isinstance(here.target, target_class(name))  # type: ignore[arg-type]


def test_looking_at_it_before_sends_nothing(here: Opened) -> None:
    here.target.describe()
    assert list(here.target.check()) == []
    here.target.preview(here.parcel)
    assert here.server.asked == []


@follows
def test_the_preview_shows_the_push_and_the_exact_request(here: Opened) -> None:
    sentences, commands = here.target.preview(here.parcel)
    assert sentences[0] == "Pushes tag **v0.1.0** and the evidence to **origin**."
    assert commands[0].startswith("git push --atomic origin refs/tags/v0.1.0 ")
    here.target.dispatch(here.parcel)
    sent = next(one for one in here.server.asked if one.method == "POST")
    assert here.server.url + sent.path in commands[1]
    assert here.parcel.key in commands[1]
    assert SECRET not in "".join(commands)


def test_what_was_never_sent_is_not_known(here: Opened, kind: Kind) -> None:
    found = here.target.look_up(here.parcel)
    if kind.finds:
        assert found is None
    else:
        assert found is not None
        assert (found.state, found.is_final) == (DeliveryState.UNKNOWN, True)


@follows
def test_what_was_sent_is_followed_to_its_end(here: Opened) -> None:
    answer = here.target.dispatch(here.parcel)
    assert answer.state is DeliveryState.DISPATCHED, answer.reason
    assert look(here, answer).state is DeliveryState.DISPATCHED
    here.vendor.last.stage = 1
    answer = look(here, answer)
    assert answer.state is DeliveryState.DISPATCHED
    assert answer.ticket["url"].startswith("http")
    here.vendor.end()
    assert look(here, answer).state is DeliveryState.DELIVERED


@follows
@pytest.mark.parametrize("ends", [DeliveryState.FAILED, DeliveryState.CANCELLED])
def test_how_it_ended_is_told(here: Opened, kind: Kind, ends: DeliveryState) -> None:
    answer = here.target.dispatch(here.parcel)
    here.vendor.end(kind.failed if ends is DeliveryState.FAILED else kind.cancelled)
    found = look(here, answer)
    assert found.state is ends
    assert found.ticket["state"] in found.reason


@follows
def test_a_word_that_nobody_knows_is_no_end(here: Opened) -> None:
    answer = here.target.dispatch(here.parcel)
    here.vendor.end("exploded")
    found = look(here, answer)
    assert found.state is DeliveryState.UNKNOWN
    here.server.violations.clear()  # no vendor has such a word


def test_what_is_asked_for_first_is_delivered_once(here: Opened, kind: Kind) -> None:
    answer = here.target.dispatch(here.parcel)
    expected = DeliveryState.DISPATCHED if kind.follows else DeliveryState.DELIVERED
    assert answer.state is expected, answer.reason
    assert here.target.look_up(here.parcel) is not None
    assert here.target.look_up(after(here.parcel, answer)) is not None
    assert here.vendor.count(here.parcel.key) == 1


@pytest.mark.parametrize("kind", ["mlflow", "git", "folder"], indirect=True)
def test_what_is_there_already_is_not_brought_again(here: Opened) -> None:
    here.target.dispatch(here.parcel)
    assert here.target.dispatch(here.parcel).state is DeliveryState.DELIVERED
    assert here.vendor.count(here.parcel.key) == 1


@follows
def test_the_same_key_twice_is_one_delivery(here: Opened) -> None:
    here.target.dispatch(here.parcel)
    here.vendor.last.stage = 1
    again = here.target.dispatch(here.parcel)
    assert again.state is DeliveryState.DISPATCHED
    assert here.vendor.count(here.parcel.key) == 1
    assert here.target.dispatch(after(here.parcel, again)).state is DeliveryState.DISPATCHED
    assert here.vendor.count(here.parcel.key) == 1


@pytest.mark.parametrize("kind", [*FOLLOWS, "mlflow"], indirect=True)
def test_another_attempt_is_another_delivery(here: Opened) -> None:
    here.target.dispatch(here.parcel)
    other = msgspec.structs.replace(here.parcel, key="d" * 32)
    assert here.target.look_up(other) is None
    here.target.dispatch(other)
    assert [one.key for one in here.vendor.begun] == [here.parcel.key, other.key]


@speaks_to_a_server
def test_a_lost_answer_is_unknown_and_found_by_our_key(here: Opened, kind: Kind) -> None:
    here.server.fault = LOST
    unsure = {DeliveryState.UNKNOWN, *({DeliveryState.DELIVERED} if kind.name == "git" else ())}
    assert here.target.dispatch(here.parcel).state in unsure
    here.server.fault = None
    here.vendor.last.stage = 1
    found = here.target.look_up(here.parcel)
    assert found is not None
    delivered = DeliveryState.DISPATCHED if kind.follows else DeliveryState.DELIVERED
    assert found.state is (delivered if kind.finds else DeliveryState.UNKNOWN)
    assert here.vendor.count(here.parcel.key) == 1


@speaks_to_a_server
@pytest.mark.parametrize("status", [401, 403])
def test_where_it_says_no_nothing_was_done_and_that_is_refused(here: Opened, status: int) -> None:
    here.server.fault = Fault(str(status), status)
    answer = here.target.dispatch(here.parcel)
    assert answer.state is DeliveryState.REFUSED, answer.reason
    assert answer.reason
    here.server.fault = None
    assert here.vendor.count(here.parcel.key) == 0


@follows
def test_what_ended_stays_ended_whatever_is_said_later(here: Opened) -> None:
    answer = here.target.dispatch(here.parcel)
    here.vendor.end()
    answer = look(here, answer)
    here.vendor.last.stage = 0
    assert look(here, answer).state is DeliveryState.DELIVERED


@follows
def test_who_it_waits_for_is_told(here: Opened, kind: Kind) -> None:
    answer = here.target.dispatch(here.parcel)
    here.vendor.last.stage, here.vendor.last.waits = 1, True
    found = look(here, look(here, answer))
    assert found.state is DeliveryState.DISPATCHED
    waits = found.ticket.get("waits-for", "")
    assert kind.waits_for in waits
    assert bool(kind.waits_for) is bool(waits)
    here.vendor.last.waits = False
    assert "waits-for" not in look(here, found).ticket


@follows
def test_it_is_stopped_when_asked(here: Opened, kind: Kind) -> None:
    answer = here.target.dispatch(here.parcel)
    here.vendor.last.stage = 1
    answer = here.pipeline.cancel(after(here.parcel, look(here, answer)))
    expected = DeliveryState.CANCELLED if kind.stops else DeliveryState.DISPATCHED
    assert answer.state is expected, answer.reason


@follows
def test_what_has_ended_is_not_stopped(here: Opened) -> None:
    answer = here.target.dispatch(here.parcel)
    here.vendor.end()
    assert here.pipeline.cancel(after(here.parcel, answer)).state is DeliveryState.DELIVERED


@pytest.mark.parametrize("kind", [name for name in KINDS if KINDS[name].needs_key], indirect=True)
def test_without_a_key_nothing_is_sent_and_what_to_do_is_said(
    here: Opened, kind: Kind, tmp_path: Path
) -> None:
    target = kind.make(here.server, site_of(tmp_path, "https://elsewhere.example"))
    assert "there is no key for" in "".join(target.check())
    answer = target.dispatch(here.parcel)
    assert answer.state is DeliveryState.REFUSED
    assert "mlcd-credentials.toml" in answer.reason
    assert here.server.asked == []


@is_a_pipeline
def test_doctor_asks_and_delivers_nothing(here: Opened) -> None:
    checks = here.pipeline.diagnose()
    assert [one.number for one in checks] == list(range(1, len(checks) + 1))
    assert all(one.ok for one in checks), checks
    assert {one.method for one in here.server.asked} <= {"GET"}


@is_a_pipeline
def test_a_rehearsal_delivers_nothing(here: Opened) -> None:
    here.pipeline.rehearse(here.parcel)
    assert here.vendor.begun == []
