"""MLflow with its app for logging in: the right password, a wrong one, none, and a reader's."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

import httpx
import pytest

from jupyter_mlcd.model.delivery import DeliveryState
from jupyter_mlcd.model.target import MlflowTable
from jupyter_mlcd.ports import Site
from jupyter_mlcd.targets.mlflow import MlflowTarget
from jupyter_mlcd.world.credentials import Credential
from tests.targets.parcels import no_remote, parcel
from tests.targets.servers.mlflow_stand_in import GuardedMlflow
from tests.targets.servers.real import real_mlflow
from tests.targets.servers.standing import standing

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PEOPLE = {"ada": "of-no-server-a", "bob": "of-no-server-b"}


@pytest.fixture(scope="module", params=["stand-in", pytest.param("real", marks=pytest.mark.real)])
def address(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    if request.param == "real":
        with real_mlflow(tmp_path_factory.mktemp("mlflow"), PEOPLE) as url:
            yield url
    else:
        with standing(GuardedMlflow(PEOPLE, "ada")) as url:
            yield url


def target_of(address: str, folder: Path, model: str, user: str, password: str) -> MlflowTarget:
    kept = Credential(user, password, "env:X") if user else None
    return MlflowTarget(MlflowTable(address, model), Site(folder, no_remote, lambda _: kept))


def live(address: str, model: str) -> str:
    """Return which version is live, as ada sees it; empty where none is."""
    answer = httpx.get(
        f"{address}/api/2.0/mlflow/registered-models/alias",
        params={"name": model, "alias": "production"},
        auth=("ada", PEOPLE["ada"]),
    )
    return str(answer.json()["model_version"]["version"]) if answer.is_success else ""


def test_who_is_known_delivers_and_who_is_not_changes_nothing(address: str, tmp_path: Path) -> None:
    model = f"digits-{secrets.token_hex(4)}"
    first = parcel(tmp_path / "store", "0.1.0", commit=secrets.token_hex(20))
    for user, password in (("ada", "wrong-password"), ("", "")):
        stranger = target_of(address, tmp_path, model, user, password)
        answer = stranger.dispatch(first)
        assert answer.state is DeliveryState.FAILED
        assert "401" in answer.reason
        assert "what is live stays" in answer.reason
        assert [one.ok for one in stranger.diagnose()] == [False, False]
        asked = stranger.look_up(first)
        assert asked is not None
        assert asked.state is DeliveryState.UNKNOWN
    assert live(address, model) == ""
    known = target_of(address, tmp_path, model, "ada", PEOPLE["ada"])
    assert known.dispatch(first).state is DeliveryState.DELIVERED
    assert live(address, model) == "1"


def test_who_may_only_read_sees_what_is_live_and_moves_nothing(
    address: str, tmp_path: Path
) -> None:
    model = f"digits-{secrets.token_hex(4)}"
    first = parcel(tmp_path / "store", "0.1.0", commit=secrets.token_hex(20))
    target_of(address, tmp_path, model, "ada", PEOPLE["ada"]).dispatch(first)
    reader = target_of(address, tmp_path, model, "bob", PEOPLE["bob"])
    found = reader.look_up(first)
    assert found is not None
    assert found.state is DeliveryState.DELIVERED
    second = parcel(tmp_path / "store", "0.2.0", commit=secrets.token_hex(20))
    answer = reader.dispatch(second)
    assert answer.state is DeliveryState.FAILED
    assert "403" in answer.reason
    assert PEOPLE["bob"] not in repr(answer)
    assert live(address, model) == "1"
