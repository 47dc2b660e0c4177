"""What the journeys of Sigstore share: a release, a Sigstore of its own, and an export of both."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from tests.actions.people import somebody
from tests.bundle.sigstore_service import Service, sigstore
from tests.faults.kept import Stage
from tests.journeys.sigstore_exports import export
from tests.journeys.test_strangers_check import signing

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture(scope="module")
def released(tmp_path_factory: pytest.TempPathFactory) -> Stage:
    made = Stage(tmp_path_factory.mktemp("stage") / "small")
    made.play(releases=1)
    return made


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    with sigstore(tmp_path_factory.mktemp("sigstore")) as running:
        yield running


@pytest.fixture(scope="module")
def signed_once(
    released: Stage, service: Service, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """Sign an export by Sigstore and by a person's key too."""
    place = tmp_path_factory.mktemp("signed")
    with signing(released, somebody(place, "Mara")):
        ended = export(released, service, place / "out", "--yes")
    assert ended.code == 0, ended.said
    return place / "out"


@pytest.fixture
def signed(signed_once: Path, tmp_path: Path) -> Path:
    return shutil.copytree(signed_once, tmp_path / "out")
