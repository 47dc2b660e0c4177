from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import msgspec
import pytest

from jupyter_mlcd.model.delivery import DeliveryState
from jupyter_mlcd.model.target import GitHubTable
from jupyter_mlcd.targets.github import GitHubTarget
from tests.targets.parcels import parcel
from tests.targets.stand_in.github import GitHub
from tests.targets.stand_in.kinds import COMMIT, site_of
from tests.targets.stand_in.server import Fault, StandIn, standing

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from jupyter_mlcd.ports import Parcel


@pytest.fixture
def one(tmp_path: Path) -> Parcel:
    return parcel(tmp_path / "store", commit=COMMIT)


@contextmanager
def github(tmp_path: Path, vendor: GitHub, **table: Any) -> Iterator[tuple[GitHubTarget, StandIn]]:
    """Run GitHub and make a target for it."""
    with standing(vendor) as server:
        settings = GitHubTable(url=server.url, **table)
        yield GitHubTarget(settings, site_of(tmp_path, server.url)), server
        assert server.violations == []


def after(one: Parcel, ticket: dict[str, str]) -> Parcel:
    return msgspec.structs.replace(one, ticket=ticket)


def test_the_workflow_gets_our_key_and_what_mlcd_toml_adds(tmp_path: Path, one: Parcel) -> None:
    vendor = GitHub(inputs=(*GitHub.inputs, "model"))
    inputs = {"model": "{project}-{version}-{unknown}", "version": "never"}
    with github(tmp_path, vendor, workflow="deliver.yml", inputs=inputs) as (target, server):
        answer = target.dispatch(one)
    sent = next(each for each in server.asked if each.method == "POST").body
    assert sent == {
        "ref": "v0.1.0",
        "inputs": {
            "mlcd_delivery_id": one.key,
            "version": "0.1.0",
            "digest": one.release.digest,
            "tag": "v0.1.0",
            "environment": "production",
            "model": "digits-0.1.0-{unknown}",
        },
        "return_run_details": True,
    }
    assert answer.ticket["url"] == "https://github.example/us/digits/actions/runs/70"


def test_an_input_that_the_workflow_lacks_is_told_before_and_refused(
    tmp_path: Path, one: Parcel
) -> None:
    vendor = GitHub(inputs=("mlcd_delivery_id",), titled=False)
    with github(tmp_path, vendor, workflow="deliver.yml") as (target, _):
        said = " ".join(target.rehearse(one))
        answer = target.dispatch(one)
    assert "does not name the inputs version, digest, tag, environment" in said
    assert "run-name does not hold inputs.mlcd_delivery_id" in said
    assert answer.state is DeliveryState.REFUSED
    assert "Unexpected inputs provided" in answer.reason


def test_runs_without_a_title_forbid_to_say_that_it_is_not_there(
    tmp_path: Path, one: Parcel
) -> None:
    vendor = GitHub(titled=False)
    with github(tmp_path, vendor, workflow="deliver.yml") as (target, server):
        server.fault = Fault("reset", does=True)
        target.dispatch(one)
        server.fault = None
        answer = target.look_up(one)
    assert answer is not None
    assert answer.state is DeliveryState.UNKNOWN
    assert "write mlcd_delivery_id into the workflow's run-name" in answer.reason


def test_a_run_that_github_named_itself_is_believed_without_a_title(
    tmp_path: Path, one: Parcel
) -> None:
    with github(tmp_path, GitHub(titled=False), workflow="deliver.yml") as (target, server):
        ticket = target.dispatch(one).ticket
        server.vendor.end()
        answer = target.look_up(after(one, ticket))
    assert answer is not None
    assert answer.state is DeliveryState.DELIVERED


def test_a_run_of_another_key_is_not_believed_and_ours_is_found(
    tmp_path: Path, one: Parcel
) -> None:
    with github(tmp_path, GitHub(), workflow="deliver.yml") as (target, server):
        server.vendor.begin("e" * 32, "v0.1.0", {"version": "0.1.0"}).stage = 2
        target.dispatch(one)
        answer = target.look_up(after(one, {"id": "70", "state": "queued"}))
    assert answer is not None
    assert (answer.state, answer.ticket["id"]) == (DeliveryState.DISPATCHED, "71")


def test_without_one_of_the_ways_nothing_is_sent(tmp_path: Path, one: Parcel) -> None:
    with github(tmp_path, GitHub(), workflow="deliver.yml", event="x") as (target, server):
        assert "needs one of workflow, event and deployment" in "".join(target.check())
        assert target.dispatch(one).state is DeliveryState.REFUSED
    assert server.asked == []


@pytest.mark.parametrize("repository", ["../../user", "us", "us/digits?x=1", "us/.."])
def test_a_name_that_leads_elsewhere_is_no_repository(
    tmp_path: Path, one: Parcel, repository: str
) -> None:
    table: dict[str, Any] = {"workflow": "deliver.yml", "repository": repository}
    with github(tmp_path, GitHub(), **table) as (target, server):
        assert "it is not known which repository" in "".join(target.check())
        assert target.dispatch(one).state is DeliveryState.REFUSED
    assert server.asked == []


def test_the_repository_is_that_of_the_remote(tmp_path: Path) -> None:
    site = site_of(tmp_path, "https://api.github.com")
    target = GitHubTarget(GitHubTable(workflow="deliver.yml"), site)
    assert target.describe() == "github us/digits deliver.yml"
    assert list(target.check()) == []


# ------------------------------------------------------------------------------------ deployments


def test_a_deployment_that_a_later_one_replaced_stays_delivered(
    tmp_path: Path, one: Parcel
) -> None:
    vendor = GitHub()
    with github(tmp_path, vendor, deployment=True) as (target, _):
        ticket = target.dispatch(one).ticket
        vendor.end()
        vendor.statuses.append({"state": "inactive", "created_at": "2026-11-02T10:00:00Z"})
        answer = target.look_up(after(one, ticket))
    assert answer is not None
    assert answer.state is DeliveryState.DELIVERED


# --------------------------------------------------------------------------------------- releases


def test_a_release_is_public_when_all_of_it_is_there(tmp_path: Path, one: Parcel) -> None:
    vendor = GitHub()
    with github(tmp_path, vendor, release=True) as (target, server):
        assert target.look_up(one) is None
        answer = target.dispatch(one)
        asked = [f"{each.method} {each.path.rpartition('/')[2]}" for each in server.asked]
        again = target.look_up(one)
    assert answer.state is DeliveryState.DELIVERED
    assert again == answer
    assert asked[-1] == "PATCH 500"
    assert asked.count("POST assets") == 3
    names = [asset["name"] for asset in vendor.releases[0]["assets"]]
    assert names == ["model.joblib", "report.plot.png", "release.json"]
    assert vendor.releases[0]["draft"] is False
    assert one.key in vendor.releases[0]["body"]


def test_an_upload_that_broke_off_is_made_again(tmp_path: Path, one: Parcel) -> None:
    vendor = GitHub()
    with github(tmp_path, vendor, release=True) as (target, server):
        server.faulty = lambda route: route.path.endswith("/assets")
        server.fault = Fault("502", 502)
        assert target.dispatch(one).state is DeliveryState.REFUSED
        assert vendor.releases[0]["draft"] is True
        left = {"id": 1, "name": "model.joblib", "state": "open", "digest": "sha256:0"}
        vendor.releases[0]["assets"].append(left)
        server.fault = None
        assert target.dispatch(one).state is DeliveryState.DELIVERED
    assert len(vendor.releases) == 1
    assert [asset["id"] for asset in vendor.releases[0]["assets"]].count(1) == 0


def test_a_release_with_other_files_is_neither_changed_nor_taken_for_it(
    tmp_path: Path, one: Parcel
) -> None:
    vendor = GitHub()
    with github(tmp_path, vendor, workflow="deliver.yml", release=True) as (target, _):
        target.dispatch(one)
        vendor.releases[0]["assets"][0]["digest"] = "sha256:" + "0" * 64
        other = msgspec.structs.replace(one, key="d" * 32)
        answer = target.dispatch(other)
    assert answer.state is DeliveryState.REFUSED
    assert "lacks model.joblib" in answer.reason
    assert vendor.count(other.key) == 0


def test_the_second_environment_finds_the_release_there(tmp_path: Path, one: Parcel) -> None:
    vendor = GitHub()
    with github(tmp_path, vendor, release=True) as (target, server):
        target.dispatch(one)
        other = msgspec.structs.replace(one, key="d" * 32, environment="staging")
        assert target.look_up(other) is None
        uploads = sum(each.path.endswith("/assets") for each in server.asked)
        assert target.dispatch(other).state is DeliveryState.DELIVERED
        assert sum(each.path.endswith("/assets") for each in server.asked) == uploads
    assert {one.key, other.key} <= set(vendor.releases[0]["body"].replace("(", " ").split())
