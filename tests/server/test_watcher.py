from __future__ import annotations

import os
import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from jupyter_mlcd.server.projects import project_id
from jupyter_mlcd.server.watcher import Watcher
from tests.server.conftest import git, notebook
from tests.server.test_handlers import answer, post

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from pathlib import Path

    from jupyter_server.serverapp import ServerApp
    from tornado.httpclient import HTTPResponse

    Fetch = Callable[..., Awaitable[HTTPResponse]]

ROOT = project_id("")


class Seen:
    """A watcher on a folder, and what it told."""

    def __init__(self, folder: Path, *, goes_on: bool = False) -> None:
        self.hints: list[tuple[str, str, int]] = []
        self.busy: list[datetime] = []
        self.goes_on = goes_on
        self.folder = folder
        self.watcher = Watcher(
            lambda _, topic, name, seq: self.hints.append((topic, name, seq)),
            self.busy.append,
            lambda _: self.goes_on,
        )
        self.state = folder / ".git" / "mlcd"
        self.state.mkdir(parents=True)
        self.watcher.watch(folder, self.state)

    async def look_later(self, seconds: float, monkeypatch: pytest.MonkeyPatch) -> None:
        """Look as if no client had asked for so long."""
        later = time.monotonic() + seconds
        monkeypatch.setattr("jupyter_mlcd.server.watcher.time.monotonic", lambda: later)
        await self.watcher.look()
        monkeypatch.undo()

    def touch(self) -> None:
        """Change what is watched."""
        config = self.folder / "mlcd.toml"
        config.touch()
        os.utime(config, ns=(time.time_ns(), time.time_ns()))


async def test_hints_are_numbered_one_after_the_other(tmp_path: Path) -> None:
    seen = Seen(tmp_path)
    seen.touch()
    await seen.watcher.look()
    seen.touch()
    await seen.watcher.look()
    numbers = [seq for _, _, seq in seen.hints]
    assert numbers == list(range(1, len(numbers) + 1))
    assert seen.watcher.seq(tmp_path) == numbers[-1]


async def test_a_project_that_nobody_asks_for_is_forgotten(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = Seen(tmp_path)
    await seen.look_later(601, monkeypatch)
    seen.touch()
    await seen.watcher.look()
    assert seen.hints == []


async def test_a_project_whose_run_goes_on_is_not_forgotten(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = Seen(tmp_path, goes_on=True)
    await seen.watcher.feel()
    await seen.look_later(601, monkeypatch)
    seen.touch()
    await seen.watcher.look()
    assert {topic for topic, _, _ in seen.hints} == {"files"}


async def test_a_run_that_writes_nothing_keeps_the_server_busy(tmp_path: Path) -> None:
    seen = Seen(tmp_path, goes_on=True)
    before = datetime.now(UTC)
    await seen.watcher.feel()
    assert [moment for moment in seen.busy if moment >= before]


async def test_without_a_run_nothing_keeps_the_server_busy(tmp_path: Path) -> None:
    seen = Seen(tmp_path)
    await seen.watcher.feel()
    assert seen.busy == []


@pytest.mark.timeout(180)
async def test_a_live_run_is_activity_of_the_server_and_its_end_is_none(
    jp_fetch: Fetch, jp_serverapp: ServerApp, repository: Path
) -> None:
    (repository / "one.ipynb").write_text(notebook("import time\ntime.sleep(600)"))
    git(repository)("commit", "--quiet", "--all", "--message=Slow")
    run = await post(jp_fetch, "projects", ROOT, "runs", body={"suite": "quality"})
    extension = _extension(jp_serverapp)
    application: Any = jp_serverapp.web_app
    before = datetime.now(UTC)
    await extension.watcher.feel()
    assert application.last_activity() >= before

    await post(jp_fetch, "projects", ROOT, "runs", run["id"], "cancel")
    while (await answer(jp_fetch, "projects", ROOT, "runs", run["id"]))["state"] != "ended":
        pass
    times = application.settings["last_activity_times"]
    last = times["jupyter_mlcd"]
    await extension.watcher.feel()
    assert times["jupyter_mlcd"] == last


def _extension(serverapp: ServerApp) -> Any:
    """The one that the handlers share."""
    for rule in serverapp.web_app.wildcard_router.rules + serverapp.web_app.default_router.rules:
        for inner in getattr(rule.target, "rules", [rule]):
            given = getattr(inner, "target_kwargs", {})
            if "extension" in given:
                return given["extension"]
    raise AssertionError("the extension is not there")
