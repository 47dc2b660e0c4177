from __future__ import annotations

from typing import TYPE_CHECKING, cast

import msgspec
import pytest

from jupyter_mlcd.model.delivery import DeliveryState
from tests.targets.stand_in.kinds import KINDS, Opened
from tests.targets.stand_in.server import Fault

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.targets.stand_in.azure_devops import AzureDevOps


@pytest.fixture
def here(tmp_path: Path) -> Iterator[Opened]:
    with KINDS["azure-devops"].opened(tmp_path / "store") as opened:
        yield opened
        assert opened.server.violations == []


def vendor_of(here: Opened) -> AzureDevOps:
    return cast("AzureDevOps", here.vendor)


def test_it_runs_at_the_tag_and_at_the_exact_commit(here: Opened) -> None:
    here.target.dispatch(here.parcel)
    sent = next(one for one in here.server.asked if one.method == "POST").body
    place = {"refName": "refs/tags/v0.1.0", "version": "c" * 40}
    assert sent["resources"] == {"repositories": {"self": place}}
    assert sent["templateParameters"]["mlcd_delivery_id"] == here.parcel.key


def test_a_rehearsal_tells_stages_environments_and_the_first_step(here: Opened) -> None:
    said = " ".join(here.pipeline.rehearse(here.parcel))
    assert "It would run the stages deploy." in said
    assert "It would deploy to production: their approvals and checks apply." in said
    assert "would trust anybody" not in said


def test_a_parameter_that_the_pipeline_lacks_is_refused_in_its_words(here: Opened) -> None:
    vendor_of(here).parameters = ("mlcd_delivery_id",)
    answer = here.target.dispatch(here.parcel)
    assert answer.state is DeliveryState.REFUSED
    assert "Unexpected parameter 'version'" in answer.reason


def test_a_bad_key_that_is_answered_with_a_page_started_nothing(here: Opened) -> None:
    here.server.fault = Fault("203", 203, content="<html>Sign in</html>")
    here.server.faulty = lambda _: True
    answer = here.target.dispatch(here.parcel)
    assert answer.state is DeliveryState.REFUSED
    assert "Look at the address and the key" in answer.reason


def test_runs_that_hide_their_parameters_forbid_to_say_that_it_is_not_there(
    here: Opened,
) -> None:
    here.server.fault = Fault("reset", does=True)
    here.target.dispatch(here.parcel)
    here.server.fault = None
    vendor_of(here).shows = False
    here.server.violations.clear()
    answer = here.target.look_up(here.parcel)
    assert answer is not None
    assert answer.state is DeliveryState.UNKNOWN


def test_a_run_that_was_partly_successful_is_delivered_as_azure_sees_it(here: Opened) -> None:
    ticket = here.target.dispatch(here.parcel).ticket
    here.vendor.end("partiallySucceeded")
    answer = here.target.look_up(msgspec.structs.replace(here.parcel, ticket=ticket))
    assert answer is not None
    assert answer.state is DeliveryState.DELIVERED
