"""What a CI or CD system is asked for by a click: the answer comes before the system's does."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING, Any

import pytest

from jupyter_mlcd.model.ci import CiState
from jupyter_mlcd.model.delivery import DeliveryState
from jupyter_mlcd.workbench import Workbench
from tests.journeys.projects import commit_all, git
from tests.journeys.projects import repository as made_in
from tests.server.test_handlers import ROOT, answer, post
from tests.server.test_roll_back import make_model
from tests.targets.stand_in.ci import CI, GitHubTests
from tests.targets.stand_in.github import GitHub
from tests.targets.stand_in.server import SECRET, Fault, StandIn, standing

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.server.test_handlers import Fetch

TARGET = """
[environments.elsewhere]
target = { kind = "github", workflow = "deliver.yml", repository = "us/digits", url = "<url>" }
"""
SOON = 1.0
"""Seconds in which a page has its answer."""


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the folder of a person whose git may push to a folder."""
    folder = tmp_path / "home-of-hers"
    folder.mkdir()
    (folder / ".gitconfig").write_text('[protocol "file"]\nallow = always\n')
    monkeypatch.setenv("HOME", str(folder))
    return folder


def keep_key(folder: Path, server: StandIn, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep a key for a server."""
    keys = folder / "mlcd-credentials.toml"
    keys.write_text(f'["{server.url}"]\nsecret = "env:OUR_KEY"\n')
    keys.chmod(0o600)
    monkeypatch.setenv("OUR_KEY", SECRET)
    monkeypatch.setattr("jupyter_core.paths.jupyter_config_path", lambda: [str(folder)])


@pytest.fixture
def tests_on(home: Path, repository: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[StandIn]:
    """Run GitHub as CI of a project whose commit is on its remote."""
    with standing(GitHubTests()) as server:
        keep_key(home, server, monkeypatch)
        config = repository / "mlcd.toml"
        config.write_text(config.read_text() + CI["github"].replace("<url>", server.url))
        commit = commit_all(repository, "Say where CI runs")
        there = made_in(home / "server.git", "--bare")
        git(repository, "remote", "add", "origin", str(there))
        git(repository, "push", "--quiet", "--set-upstream", "origin", "main")
        server.vendor.tips["main"] = commit  # type: ignore[attr-defined]
        yield server


async def timely(coming: Any) -> Any:
    """Return an answer that has to come soon."""
    begun = time.monotonic()
    found = await coming
    assert time.monotonic() - begun < SOON
    return found


async def test_starting_ci_answers_while_the_system_is_asked_and_starts_once(
    jp_fetch: Fetch, tests_on: StandIn
) -> None:
    seen = await timely(answer(jp_fetch, "projects", ROOT, "ci", "preview"))
    tests_on.fault = Fault("hang", does=True)
    body = {"digest": seen["digest"], "nonce": seen["nonce"]}
    begun = await timely(post(jp_fetch, "projects", ROOT, "ci", body=body))
    assert begun["state"] == CiState.STARTING
    looked = await timely(answer(jp_fetch, "projects", ROOT, "ci"))
    assert looked["state"] == CiState.STARTING
    tests_on.fault = None
    tests_on.released.set()
    while looked["state"] == CiState.STARTING:
        await asyncio.sleep(0.1)
        looked = await answer(jp_fetch, "projects", ROOT, "ci")
    assert looked["state"] == CiState.RUNNING
    assert sum(one.method == "POST" for one in tests_on.asked) == 1


async def test_ci_is_started_by_who_saw_the_page_only(jp_fetch: Fetch, tests_on: StandIn) -> None:
    seen = await answer(jp_fetch, "projects", ROOT, "ci", "preview")
    body = {"digest": seen["digest"], "nonce": "guessed"}
    with pytest.raises(Exception, match="409"):
        await post(jp_fetch, "projects", ROOT, "ci", body=body)
    assert tests_on.asked == []


@pytest.fixture
def unknown(
    home: Path, repository: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[tuple[StandIn, str]]:
    """Run GitHub, and a delivery to it whose answer was lost and that never arrived."""
    with standing(GitHub()) as server:
        keep_key(home, server, monkeypatch)
        make_model(repository, "new", TARGET.replace("<url>", server.url))
        there = made_in(home / "server.git", "--bare")
        git(repository, "remote", "add", "origin", str(there))
        git(repository, "push", "--quiet", "--set-upstream", "origin", "main")
        server.fault = Fault("reset")
        sent = Workbench(repository).deliver("elsewhere")
        assert sent.state is DeliveryState.UNKNOWN, sent.reason
        server.fault = None
        yield server, sent.key


async def closed(fetch: Fetch, key: str) -> dict[str, Any]:
    """Say that a delivery did not happen, and return the answer, which comes soon."""
    seen = await answer(fetch, "projects", ROOT, "deliveries", key)
    body = {"nonce": seen["nonce"], "why": "It is not there"}
    found = await timely(post(fetch, "projects", ROOT, "deliveries", key, "close", body=body))
    assert isinstance(found, dict)
    return found


async def ended(fetch: Fetch, key: str) -> dict[str, Any]:
    """Return a delivery once this machine is no longer at it."""
    while True:
        found: dict[str, Any] = await answer(fetch, "projects", ROOT, "deliveries", key)
        if not found["at_work"]:
            return found
        await asyncio.sleep(0.2)


async def test_closing_answers_while_the_system_is_asked_and_is_done_then(
    jp_fetch: Fetch, unknown: tuple[StandIn, str]
) -> None:
    server, key = unknown
    server.faulty = lambda route: route.method == "GET"
    seen = await answer(jp_fetch, "projects", ROOT, "deliveries", key)
    server.fault = Fault("slow", does=True)
    body = {"nonce": seen["nonce"], "why": "It is not there"}
    asked = await timely(post(jp_fetch, "projects", ROOT, "deliveries", key, "close", body=body))
    assert (asked["at_work"], asked["state"]) == (True, "unknown")
    server.released.set()
    found = await ended(jp_fetch, key)
    assert (found["state"], found["refused"]) == ("failed", None)
    assert "It is not there" in found["reason"]


async def test_a_closing_that_is_refused_late_is_told_to_who_looks_again(
    jp_fetch: Fetch, unknown: tuple[StandIn, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    server, key = unknown
    seen = await answer(jp_fetch, "projects", ROOT, "deliveries", key)
    monkeypatch.setattr("jupyter_mlcd.world.http._SECONDS", 1.5)
    server.faulty = lambda route: route.method == "GET"
    server.fault = Fault("hang")
    body = {"nonce": seen["nonce"], "why": "It is not there"}
    asked = await timely(post(jp_fetch, "projects", ROOT, "deliveries", key, "close", body=body))
    assert asked["at_work"]
    server.fault = None
    found = await ended(jp_fetch, key)
    assert found["state"] == "unknown"
    assert found["refused"]["code"] == "cannot-be-asked"
    assert (await closed(jp_fetch, key))["state"] == "failed"
