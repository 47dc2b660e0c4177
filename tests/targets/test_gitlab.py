from __future__ import annotations

from typing import TYPE_CHECKING, cast

import msgspec
import pytest

from jupyter_mlcd.model.delivery import DeliveryState
from jupyter_mlcd.model.target import GitLabTable
from jupyter_mlcd.targets.gitlab import GitLabTarget
from tests.targets.stand_in.gitlab import TRIGGER, GitLab
from tests.targets.stand_in.kinds import KINDS, Opened, site_of
from tests.targets.stand_in.server import Fault

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def here(tmp_path: Path) -> Iterator[Opened]:
    with KINDS["gitlab"].opened(tmp_path / "store") as opened:
        yield opened
        assert opened.server.violations == []


def vendor_of(here: Opened) -> GitLab:
    return cast("GitLab", here.vendor)


def test_the_reasons_of_gitlab_are_told(here: Opened) -> None:
    vendor_of(here).says_no = {"base": ["Insufficient permissions to set pipeline variables"]}
    answer = here.target.dispatch(here.parcel)
    assert answer.state is DeliveryState.REFUSED
    assert "base: Insufficient permissions to set pipeline variables" in answer.reason


def test_a_trigger_token_is_sent_in_the_body_alone(tmp_path: Path) -> None:
    with KINDS["gitlab-trigger"].opened(tmp_path / "store") as here:
        _, commands = here.target.preview(here.parcel)
        here.target.dispatch(here.parcel)
        sent = next(one for one in here.server.asked if one.method == "POST")
    assert sent.body["token"] == TRIGGER
    assert "private-token" not in sent.headers
    assert TRIGGER not in "".join(commands)


def test_a_trigger_token_that_is_said_aloud_is_not_kept(tmp_path: Path) -> None:
    with KINDS["gitlab-trigger"].opened(tmp_path / "store") as here:
        vendor_of(here).says_no = f"{TRIGGER} is no token"
        answer = here.target.dispatch(here.parcel)
    assert answer.state is DeliveryState.REFUSED
    assert TRIGGER not in repr(answer)


def test_the_pipeline_that_the_pushed_tag_started_is_nobodys_delivery(here: Opened) -> None:
    here.vendor.begin("", "v0.1.0", {"source": "push"})
    assert here.target.look_up(here.parcel) is None


def test_variables_that_may_not_be_seen_forbid_to_say_that_it_is_not_there(
    here: Opened,
) -> None:
    here.server.fault = Fault("reset", does=True)
    here.target.dispatch(here.parcel)
    here.server.fault, vendor_of(here).shows = None, False
    answer = here.target.look_up(here.parcel)
    assert answer is not None
    assert answer.state is DeliveryState.UNKNOWN
    assert "may not see" in answer.reason


def test_a_pipeline_that_gitlab_named_itself_is_believed_all_the_same(here: Opened) -> None:
    ticket = here.target.dispatch(here.parcel).ticket
    vendor_of(here).shows = False
    here.vendor.end()
    answer = here.target.look_up(msgspec.structs.replace(here.parcel, ticket=ticket))
    assert answer is not None
    assert answer.state is DeliveryState.DELIVERED


def test_a_release_links_to_the_evidence_and_is_made_once(here: Opened, tmp_path: Path) -> None:
    table = GitLabTable("us/digits", release=True, url=f"{here.server.url}/api/v4")
    target = GitLabTarget(table, site_of(tmp_path, here.server.url))
    for key in (here.parcel.key, "d" * 32):
        answer = target.dispatch(msgspec.structs.replace(here.parcel, key=key))
        assert answer.state is DeliveryState.DISPATCHED, answer.reason
    (release,) = vendor_of(here).releases
    (link,) = release["assets"]["links"]
    assert link["url"].endswith("/tree/mlcd/evidence/releases/digits/0.1.0")


def test_the_project_and_its_server_are_those_of_the_remote(tmp_path: Path) -> None:
    target = GitLabTarget(GitLabTable(), site_of(tmp_path, "https://github.com/api/v4"))
    assert (target.url, target.project) == ("https://github.com/api/v4", "us/digits")
