"""`jupyter mlcd delivery`: a delivery that stopped is looked at, sent, given up or closed."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING

import pytest

from tests.journeys.projects import delivering_project, mlcd, notebook

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a project whose suite has passed and is not delivered yet."""
    folder = delivering_project(tmp_path_factory.mktemp("made") / "small")
    (folder / "one.ipynb").write_text(notebook("open('model.txt', 'w').write('model')"))
    assert mlcd(folder, "run").code == 0
    return folder


@pytest.fixture
def ready(made: Path, tmp_path: Path) -> Path:
    """Return a copy of it."""
    return shutil.copytree(made, tmp_path / "small", symlinks=True)


@pytest.fixture
def stopped(ready: Path) -> Path:
    """Return a project whose delivery was confirmed and killed before anything was sent."""
    assert mlcd(ready, "deliver", "--yes", MLCD_FAILPOINT="deliver-after-request=kill").code < 0
    return ready


def is_served(folder: Path) -> bool:
    return (folder / "releases/production/current").exists()


def test_before_the_first_delivery_there_is_nothing_to_show(ready: Path) -> None:
    assert "Nothing was delivered yet" in mlcd(ready, "delivery", "list").out
    shown = mlcd(ready, "delivery", "show")
    assert (shown.code, "Nothing was delivered yet" in shown.said) == (2, True)


def test_showing_a_stopped_delivery_sends_nothing_and_names_the_ways_out(stopped: Path) -> None:
    shown = mlcd(stopped, "delivery", "show")
    assert "0.1.0 to production: requested" in shown.out
    key = json.loads(mlcd(stopped, "delivery", "show", "--json").out)["key"]
    assert mlcd(stopped, "delivery", "show", key[:8]).out == shown.out
    assert key[:8] in mlcd(stopped, "delivery", "list").out
    for way in ("go-on", "cancel"):
        assert f"jupyter mlcd delivery {way} {key}" in shown.out
    assert not is_served(stopped)


def test_going_on_needs_a_person_or_yes_and_delivers_once(stopped: Path) -> None:
    asked = mlcd(stopped, "delivery", "go-on")
    assert (asked.code, "nobody is there to ask" in asked.said) == (2, True)
    assert not is_served(stopped)
    ended = mlcd(stopped, "delivery", "go-on", "--yes")
    assert (ended.code, "0.1.0 to production: delivered" in ended.out) == (0, True)
    assert is_served(stopped)
    again = mlcd(stopped, "delivery", "go-on", "--yes")
    assert (again.code, "Take it back" not in again.out) == (0, True)
    assert mlcd(stopped, "delivery", "list").out.count("delivered, is live") == 1


def test_a_delivery_that_was_given_up_is_not_sent_any_more(stopped: Path) -> None:
    given_up = mlcd(stopped, "delivery", "cancel")
    assert "cancelled" in given_up.out
    assert "given up before anything was sent" in given_up.out
    assert mlcd(stopped, "delivery", "go-on", "--yes").code == 3
    assert not is_served(stopped)


def test_what_was_never_of_unknown_outcome_cannot_be_closed(stopped: Path) -> None:
    closed = mlcd(stopped, "delivery", "close", "--why", "I looked")
    assert (closed.code, "is requested" in closed.said) == (3, True)
    assert mlcd(stopped, "delivery", "close").code == 2


def test_a_key_that_nobody_knows_is_said(stopped: Path) -> None:
    shown = mlcd(stopped, "delivery", "show", "0" * 32)
    assert (shown.code, "there is no delivery" in shown.said.lower()) == (2, True)
