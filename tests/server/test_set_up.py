from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests.server.conftest import git, notebook
from tests.server.test_handlers import JSON, ROOT, answer, post, problem

if TYPE_CHECKING:
    from pathlib import Path

    from tests.server.test_handlers import Fetch


@pytest.fixture
def bare(repository: Path) -> Path:
    """Return the repository without its mlcd.toml."""
    git(repository)("rm", "--quiet", "mlcd.toml")
    git(repository)("commit", "--quiet", "--message=Without")
    (repository / "two.ipynb").write_text(notebook("open('model.pkl', 'w').write('x')"))
    return repository


async def test_what_is_found_is_proposed_and_nothing_is_written(
    jp_fetch: Fetch, bare: Path
) -> None:
    proposal = await answer(jp_fetch, "projects", ROOT, "set-up")
    assert [one["path"] for one in proposal["notebooks"]] == ["one.ipynb", "two.ipynb"]
    assert proposal["choices"]["file"] == "model.pkl"
    assert 'name = "' in proposal["preview"]["text"]
    assert not (bare / "mlcd.toml").exists()


async def test_a_choice_is_shown_as_the_file_that_it_makes(jp_fetch: Fetch, bare: Path) -> None:
    body = {"notebooks": ["two.ipynb"], "model": "two.ipynb", "file": "model.pkl"}
    preview = await post(jp_fetch, "projects", ROOT, "set-up", "preview", body=body)
    assert "one.ipynb" not in preview["text"]
    assert preview["files"] == ["mlcd.toml", "two.ipynb"]
    none = await post(jp_fetch, "projects", ROOT, "set-up", "preview", body={"notebooks": []})
    assert none["problem"]["code"] == "nothing-chosen"
    assert not (bare / "mlcd.toml").exists()


async def test_what_was_chosen_is_written_and_committed(jp_fetch: Fetch, bare: Path) -> None:
    body = {"notebooks": ["two.ipynb"], "model": "two.ipynb", "file": "model.pkl"}
    done = await post(jp_fetch, "projects", ROOT, "set-up", body=body)
    assert done["commit"] == git(bare)("rev-parse", "HEAD")
    assert git(bare)("show", "HEAD:mlcd.toml") == done["text"].strip()
    status = await answer(jp_fetch, "projects", ROOT)
    assert status["problem"] is None
    assert [one["name"] for one in status["suites"]] == ["tests"]


async def test_a_second_set_up_is_refused(jp_fetch: Fetch, repository: Path) -> None:
    before = (repository / "mlcd.toml").read_text()
    status, found = await problem(jp_fetch, "projects", ROOT, "set-up")
    assert (status, found["code"]) == (409, "set-up-already")
    for parts in (("set-up",), ("set-up", "preview")):
        status, found = await problem(
            jp_fetch, "projects", ROOT, *parts, method="POST", body="{}", headers=dict(JSON)
        )
        assert status == 409
    assert (repository / "mlcd.toml").read_text() == before


async def test_an_unknown_choice_is_refused(jp_fetch: Fetch, bare: Path) -> None:
    body = json.dumps({"comand": "rm"})
    status, _ = await problem(
        jp_fetch, "projects", ROOT, "set-up", method="POST", body=body, headers=dict(JSON)
    )
    assert status == 400
    assert not (bare / "mlcd.toml").exists()
