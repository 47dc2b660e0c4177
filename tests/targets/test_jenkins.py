from __future__ import annotations

from typing import TYPE_CHECKING, cast

import msgspec
import pytest

from jupyter_mlcd.model.delivery import DeliveryState
from jupyter_mlcd.model.target import JenkinsTable
from jupyter_mlcd.ports import Site
from jupyter_mlcd.targets.jenkins import JenkinsTarget
from jupyter_mlcd.testing import FakeRemote
from jupyter_mlcd.world.credentials import Credential
from tests.targets.stand_in.jenkins import NAMES, Jenkins
from tests.targets.stand_in.kinds import KINDS, Opened

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def here(tmp_path: Path) -> Iterator[Opened]:
    with KINDS["jenkins"].opened(tmp_path / "store") as opened:
        yield opened
        assert opened.server.violations == []


def vendor_of(here: Opened) -> Jenkins:
    return cast("Jenkins", here.vendor)


def test_a_parameter_that_the_job_would_drop_is_told_before_anything_is_sent(
    here: Opened,
) -> None:
    vendor_of(here).defined = NAMES[1:]
    answer = here.target.dispatch(here.parcel)
    assert answer.state is DeliveryState.REFUSED
    assert "does not define MLCD_DELIVERY_ID" in answer.reason
    assert all(one.method == "GET" for one in here.server.asked)
    assert "does not define MLCD_DELIVERY_ID" in "".join(here.pipeline.rehearse(here.parcel))


def test_a_job_that_is_disabled_is_told(here: Opened) -> None:
    vendor_of(here).buildable = False
    assert "disabled" in here.target.dispatch(here.parcel).reason
    assert [one.ok for one in here.pipeline.diagnose()] == [True, True, False, True]


@pytest.mark.parametrize(
    "location", ["/queue/item/{}/", "https://evil.example/queue/item/{}", "queue/item/{}/"]
)
def test_of_the_address_in_the_queue_only_the_number_is_taken(here: Opened, location: str) -> None:
    vendor_of(here).location = location
    answer = here.target.dispatch(here.parcel)
    if location.startswith("queue"):  # not even an address
        assert answer.state is DeliveryState.UNKNOWN
        return
    assert answer.ticket["id"] == "queue/70"
    assert answer.ticket["url"].startswith(here.server.url)


def test_what_folds_into_the_queue_is_the_same_delivery(here: Opened) -> None:
    here.vendor.begin("someone's", "", {})
    vendor_of(here).folds = True
    assert here.target.dispatch(here.parcel).state is DeliveryState.DISPATCHED


def test_a_build_is_found_when_the_queue_has_forgotten(here: Opened) -> None:
    ticket = here.target.dispatch(here.parcel).ticket
    here.vendor.end()
    vendor_of(here).forgets = True
    answer = here.target.look_up(msgspec.structs.replace(here.parcel, ticket=ticket))
    assert answer is not None
    assert (answer.state, answer.ticket["id"]) == (DeliveryState.DELIVERED, "build/1")


def test_what_waits_in_the_queue_says_for_what_and_can_be_stopped(here: Opened) -> None:
    ticket = here.target.dispatch(here.parcel).ticket
    one = msgspec.structs.replace(here.parcel, ticket=ticket)
    answer = here.target.look_up(one)
    assert answer is not None
    assert answer.ticket["waits-for"] == "Waiting for next available executor"
    assert here.pipeline.cancel(one).state is DeliveryState.CANCELLED


@pytest.mark.parametrize(
    ("why", "told"),
    [
        ("In the quiet period. Expires in 4.9 sec", "In the quiet period."),
        ("Build #12 is already in progress (ETA: 3 min)", "Build #12 is already in progress"),
    ],
)
def test_a_countdown_is_no_news(here: Opened, why: str, told: str) -> None:
    vendor_of(here).why = why
    here.target.dispatch(here.parcel)
    answer = here.target.look_up(here.parcel)
    assert answer is not None
    assert answer.ticket["waits-for"] == told


def test_a_key_without_a_user_is_told_by_doctor_and_before_anything_is_sent(
    tmp_path: Path, here: Opened
) -> None:
    key = Credential("", "hunter2", "env:TOKEN")
    site = Site(tmp_path, lambda _: FakeRemote(), lambda _: key)
    target = JenkinsTarget(JenkinsTable(here.server.url, "models/digits"), site)
    assert [(one.name, one.ok) for one in target.diagnose()] == [("settings", True), ("key", False)]
    answer = target.dispatch(here.parcel)
    assert answer.state is DeliveryState.REFUSED
    assert "has no user" in answer.reason
    assert here.server.asked == []


def test_a_job_that_leads_elsewhere_is_no_name(tmp_path: Path, here: Opened) -> None:
    site = Site(tmp_path, lambda _: FakeRemote(), lambda _: None)
    target = JenkinsTarget(JenkinsTable(here.server.url, "models/../../script"), site)
    assert "is not the name of a job" in "".join(target.check())
    assert target.dispatch(here.parcel).state is DeliveryState.REFUSED
    assert here.server.asked == []
