from __future__ import annotations

import secrets
import subprocess
from typing import TYPE_CHECKING

import httpx
import msgspec
import pytest

from jupyter_mlcd.model.delivery import DeliveryState
from jupyter_mlcd.model.target import MlflowTable
from jupyter_mlcd.ports import Parcel, PipelineTarget, Site
from jupyter_mlcd.targets.mlflow import MlflowTarget
from jupyter_mlcd.world.credentials import Credential
from tests.hubs.answering import answering
from tests.targets.parcels import no_remote, parcel, site
from tests.targets.servers.mlflow_stand_in import MlflowStandIn
from tests.targets.servers.real import program, real_mlflow
from tests.targets.servers.relay import BROKEN, NOES, Relay, relayed
from tests.targets.servers.standing import standing

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SWITCH = "registered-models/alias"
API = "/api/2.0/mlflow"


@pytest.fixture(scope="module", params=["stand-in", pytest.param("real", marks=pytest.mark.real)])
def address(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    if request.param == "real":
        with real_mlflow(tmp_path_factory.mktemp("mlflow")) as url:
            yield url
    else:
        with standing(MlflowStandIn()) as url:
            yield url


@pytest.fixture
def server(address: str) -> Iterator[Relay]:
    with relayed(address) as relay:
        yield relay


@pytest.fixture
def model() -> str:
    """A registered model that no other test has."""
    return f"digits-{secrets.token_hex(4)}"


@pytest.fixture
def target(server: Relay, model: str, tmp_path: Path) -> MlflowTarget:
    return MlflowTarget(MlflowTable(server.url, model), site(tmp_path))


@pytest.fixture
def first(tmp_path: Path) -> Parcel:
    return fresh(tmp_path, "0.1.0")


@pytest.fixture
def second(tmp_path: Path) -> Parcel:
    return fresh(tmp_path, "0.2.0")


def fresh(folder: Path, version: str) -> Parcel:
    """Return a release that no other test has."""
    return parcel(folder / "store", version, commit=secrets.token_hex(20))


def live(server: Relay, model: str, alias: str = "production") -> dict[str, str]:
    """Return the tags of the version that an alias points at, and its number."""
    query = {"name": model, "alias": alias}
    answer = httpx.get(f"{server.url}{API}/registered-models/alias", params=query)
    found = answer.raise_for_status().json()["model_version"]
    tags = {one["key"]: one["value"] for one in found["tags"]}
    return {**tags, "number": found["version"], "source": found["source"]}


def test_it_is_a_pipeline_that_needs_no_remote(target: MlflowTarget) -> None:
    assert isinstance(target, PipelineTarget)
    assert target.remote_name == ""


def test_looking_at_it_before_asks_nobody(
    target: MlflowTarget, server: Relay, first: Parcel, model: str
) -> None:
    sentences, commands = target.preview(first)
    assert target.check() == []
    assert sentences[-1] == "Points the alias **production** at it."
    assert f'"name": "{model}"' in commands[-1]
    assert server.asked == []


def test_what_was_never_sent_is_not_known(target: MlflowTarget, first: Parcel) -> None:
    assert target.look_up(first) is None


def test_the_alias_points_at_a_version_of_the_release(
    target: MlflowTarget, server: Relay, first: Parcel, model: str
) -> None:
    answer = target.dispatch(first)
    assert answer.state is DeliveryState.DELIVERED, answer.reason
    found = live(server, model)
    assert found["mlcd.release"] == first.release.digest
    assert (found["mlcd.version"], found["mlcd.key.production"]) == ("0.1.0", first.key)
    assert answer.ticket["url"].endswith(f"/#/models/{model}/versions/{found['number']}")


def test_its_files_are_byte_equal_and_release_json_is_among_them(
    target: MlflowTarget, server: Relay, first: Parcel, model: str
) -> None:
    target.dispatch(first)
    place = live(server, model)["source"].removeprefix("mlflow-artifacts:/")
    expected = {path: file.read_bytes() for path, file in first.files.items()}
    for path, content in {**expected, "release.json": first.release.to_bytes()}.items():
        url = f"{server.url}/api/2.0/mlflow-artifacts/artifacts/{place}/{path}"
        assert httpx.get(url).content == content


def test_a_key_that_arrived_is_answered_as_it_was(target: MlflowTarget, first: Parcel) -> None:
    assert target.dispatch(first) == target.look_up(first)


def test_the_same_key_twice_is_one_version(
    target: MlflowTarget, server: Relay, first: Parcel
) -> None:
    assert target.dispatch(first) == target.dispatch(first)
    assert server.changes("model-versions/create") == 1


def test_a_roll_back_moves_the_alias_and_sends_no_file(
    target: MlflowTarget, server: Relay, first: Parcel, second: Parcel, model: str
) -> None:
    number = target.dispatch(first).ticket["version"]
    target.dispatch(second)
    sent = server.changes("mlflow-artifacts")
    back = msgspec.structs.replace(first, key="b" * 32, again=True)
    assert target.look_up(back) is None
    assert target.dispatch(back).state is DeliveryState.DELIVERED
    assert live(server, model)["number"] == number
    assert server.changes("mlflow-artifacts") == sent
    assert target.look_up(first) is None


def test_a_second_environment_is_an_alias_of_the_same_version(
    target: MlflowTarget, server: Relay, first: Parcel, model: str
) -> None:
    staging = msgspec.structs.replace(first, environment="staging", key="5" * 32)
    for one in (staging, first):
        target.dispatch(one)
    assert live(server, model, "staging") == live(server, model)
    for one in (staging, first):
        assert target.look_up(one) is not None


def test_a_lost_answer_to_the_switch_is_unknown_and_found_by_our_key(
    target: MlflowTarget, server: Relay, first: Parcel
) -> None:
    server.loses = "registered-models/alias"
    assert target.dispatch(first).state is DeliveryState.UNKNOWN
    server.loses = ""
    found = target.look_up(first)
    assert found is not None
    assert found.state is DeliveryState.DELIVERED
    assert server.changes("registered-models/alias") == 1


@pytest.mark.parametrize("status", NOES)
def test_whoever_says_no_to_the_switch_is_believed(
    target: MlflowTarget, server: Relay, first: Parcel, status: int
) -> None:
    server.lies = (SWITCH, status, b"{}")
    assert target.dispatch(first).state is DeliveryState.REFUSED
    assert target.look_up(first) is None


@pytest.mark.parametrize("how", [one for one in BROKEN if one != "other-json"])
def test_a_broken_answer_to_the_switch_is_unknown_and_found_by_our_key(
    target: MlflowTarget, server: Relay, first: Parcel, how: str
) -> None:
    server.lies = (SWITCH, *BROKEN[how])
    assert target.dispatch(first).state is DeliveryState.UNKNOWN
    found = target.look_up(first)
    assert found is not None
    assert found.state is DeliveryState.DELIVERED


@pytest.mark.parametrize(
    "part", ["runs/create", "release.json", "model-versions/create", "model-versions/set-tag"]
)
def test_what_is_lost_before_the_switch_failed_and_what_is_live_stays(
    target: MlflowTarget, server: Relay, first: Parcel, second: Parcel, part: str
) -> None:
    model = target.dispatch(first).ticket["model"]
    server.loses = part
    answer = target.dispatch(second)
    assert answer.state is DeliveryState.FAILED
    assert "what is live stays" in answer.reason
    server.loses = ""
    assert live(server, model)["mlcd.version"] == "0.1.0"
    again = msgspec.structs.replace(second, key="a" * 32)
    assert target.dispatch(again).state is DeliveryState.DELIVERED
    assert live(server, model)["mlcd.version"] == "0.2.0"


def test_a_name_that_mlflow_does_not_take_is_told_before(tmp_path: Path) -> None:
    table = MlflowTable("https://mlflow.example.org", "a/b", "Latest")
    assert len(MlflowTarget(table, site(tmp_path)).check()) == 2


def test_what_it_would_do_and_how_it_stands_is_told_without_a_change(
    target: MlflowTarget, server: Relay, first: Parcel
) -> None:
    assert [one.ok for one in target.diagnose()] == [True, True]
    assert list(target.rehearse(first)) == [
        "The alias production does not exist yet.",
        "0.1.0 has to be brought there.",
    ]
    assert server.changes("") == 0


def test_a_server_that_is_gone_is_told_and_stays_unknown_when_it_is_asked(
    first: Parcel, tmp_path: Path
) -> None:
    target = MlflowTarget(MlflowTable("http://127.0.0.1:9", "digits"), site(tmp_path))
    assert target.dispatch(first).state is DeliveryState.FAILED
    found = target.look_up(first)
    assert found is not None
    assert found.state is DeliveryState.UNKNOWN
    assert [one.ok for one in target.diagnose()] == [False, False]


@pytest.mark.parametrize(
    ("user", "shown"), [("ada", "Basic YWRhOmh1bnRlcjI="), ("", "Bearer hunter2")]
)
def test_a_key_goes_as_name_and_password_or_as_token_and_into_no_words(
    first: Parcel, tmp_path: Path, user: str, shown: str
) -> None:
    with answering() as server:
        kept = Credential(user, "hunter2", "env:X")
        there = Site(tmp_path, no_remote, lambda _address: kept)
        answer = MlflowTarget(MlflowTable(server.url, "digits"), there).dispatch(first)
        assert {one.headers["authorization"] for one in server.asked} == {shown}
    assert "hunter2" not in repr(answer)


@pytest.mark.real
@pytest.mark.parametrize("address", ["real"], indirect=True)
def test_mlflows_own_client_finds_the_model_by_its_alias(
    target: MlflowTarget, address: str, first: Parcel, model: str, tmp_path: Path
) -> None:
    target.dispatch(first)
    asks = (
        "import sys, mlflow; url, model, to = sys.argv[1:]; mlflow.set_tracking_uri(url); "
        "found = mlflow.MlflowClient().get_model_version_by_alias(model, 'production'); "
        "print(found.tags['mlcd.release']); "
        "mlflow.artifacts.download_artifacts(f'models:/{model}@production', dst_path=to)"
    )
    command = [program("python"), "-c", asks, address, model, str(tmp_path / "got")]
    (tmp_path / "got").mkdir()
    ended = subprocess.run(command, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stderr
    assert ended.stdout.split()[0] == first.release.digest
    got = (tmp_path / "got" / "model.joblib").read_bytes()
    assert got == first.files["model.joblib"].read_bytes()
