from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING

import pytest

from jupyter_mlcd.model.result import State
from jupyter_mlcd.model.run import RunRequest
from jupyter_mlcd.workbench import Workbench
from jupyter_mlcd.world import failpoints
from tests.journeys.projects import commit_all, repository
from tests.server.conftest import notebook
from tests.server.test_handlers import JSON, ROOT, answer, post, problem

if TYPE_CHECKING:
    from pathlib import Path

    from tests.server.test_handlers import Fetch

CONFIG = """
[project]
name = "small"
[suites.quality]
[[suites.quality.notebooks]]
path = "one.ipynb"
produces = ["model.txt"]
[environments.production]
"""


def make_model(folder: Path, model: str, more: str = "") -> None:
    """Commit a model and run the suite on it."""
    (folder / ".gitignore").write_text("releases/\n")
    (folder / "mlcd.toml").write_text(CONFIG + more)
    (folder / "one.ipynb").write_text(notebook(f"open('model.txt', 'w').write('{model}')"))
    commit_all(folder, model)
    bench = Workbench(folder)
    run = bench.run(RunRequest("quality"))
    while run.state is not State.ENDED:
        run = bench.show_run(run.id)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a project with two versions that were live."""
    folder = repository(tmp_path_factory.mktemp("made") / "small")
    for model in ("old", "new"):
        make_model(folder, model)
        Workbench(folder).deliver("production")
    return folder


@pytest.fixture
def two(made: Path, jp_root_dir: Path) -> Path:
    """Return a copy of it at the server's root."""
    return shutil.copytree(made, jp_root_dir, symlinks=True, dirs_exist_ok=True)


async def test_what_the_preview_of_a_roll_back_showed_is_brought_back_once(
    jp_fetch: Fetch, two: Path
) -> None:
    seen = await answer(jp_fetch, "projects", ROOT, "previews", "production", "roll-back")
    assert (seen["version"], seen["replaces"]["version"]) == ("0.1.0", "0.2.0")
    body = {name: seen[name] for name in ("environment", "version", "digest", "nonce")}
    body |= {"replaces": "0.2.0", "why": "too new"}
    made = await post(jp_fetch, "projects", ROOT, "roll-backs", body=body)
    assert (made["state"], made["back_from"]) == ("delivered", "0.2.0")
    assert (two / "releases/production/current/model.txt").read_text() == "old"
    code, told = await problem(
        jp_fetch,
        *("projects", ROOT, "roll-backs"),
        method="POST",
        body=json.dumps(body),
        headers=dict(JSON),
    )
    assert (code, told["code"]) == (409, "stale-confirmation")


async def test_the_confirmation_of_a_roll_back_delivers_nothing(jp_fetch: Fetch, two: Path) -> None:
    seen = await answer(jp_fetch, "projects", ROOT, "previews", "production", "roll-back")
    body = {name: seen[name] for name in ("environment", "version", "digest", "nonce")}
    code, told = await problem(
        jp_fetch,
        *("projects", ROOT, "deliveries"),
        method="POST",
        body=json.dumps(body),
        headers=dict(JSON),
    )
    assert (code, told["code"]) == (409, "stale-confirmation")


async def test_the_history_is_told_a_page_at_a_time(jp_fetch: Fetch, two: Path) -> None:
    place = ("projects", ROOT, "environments", "production", "deliveries")
    found = await answer(jp_fetch, *place)
    versions = [one["delivery"]["version"] for one in found["deliveries"]]
    assert (versions, found["total"], found["pages"]) == (["0.2.0", "0.1.0"], 2, 1)
    assert (await answer(jp_fetch, *place, params={"page": "1"}))["deliveries"] == []
    code, _ = await problem(jp_fetch, *place, params={"page": "-1"})
    assert code == 400


async def test_what_stopped_is_sent_only_with_the_confirmation_that_came_with_it(
    jp_fetch: Fetch, repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_model(repository, "model")
    monkeypatch.setenv(failpoints.VARIABLE, "deliver-before-dispatch=raise")
    failpoints._passages.clear()  # noqa: SLF001 - other tests passed there too
    with pytest.raises(OSError, match="failpoint"):
        Workbench(repository).deliver("production")
    monkeypatch.delenv(failpoints.VARIABLE)
    (key,) = Workbench(repository).desk().history.deliveries
    place = ("projects", ROOT, "deliveries", key)
    found = await answer(jp_fetch, *place)
    assert (found["state"], found["acts"]) == ("requested", ["go-on", "cancel"])
    assert not (repository / "releases").exists()
    code, _ = await problem(
        jp_fetch, *place, "go-on", method="POST", body='{"nonce": "invented"}', headers=dict(JSON)
    )
    assert (code, (repository / "releases").exists()) == (409, False)
    sent = await post(jp_fetch, *place, "go-on", body={"nonce": found["nonce"]})
    assert sent["state"] == "delivered"
