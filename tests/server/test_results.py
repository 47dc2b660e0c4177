"""The results of a run over REST: pictures, the report, what failed, what is expected now."""

from __future__ import annotations

import base64
import io
import json
from typing import TYPE_CHECKING, Any

import pytest
from PIL import Image

from jupyter_mlcd.model.result import State
from jupyter_mlcd.workbench import Workbench
from tests.server.conftest import git, notebook
from tests.server.test_handlers import JSON, ROOT, answer, post, problem

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from pathlib import Path

    from tornado.httpclient import HTTPResponse

    Fetch = Callable[..., Awaitable[HTTPResponse]]

CONFIG = """
[project]
name = "small"

[suites.quality]
compare = "every-cell"
notebooks = ["one.ipynb", "two.ipynb"]

[suites.quality.comparers]
"image/png" = { by = "image" }
"""
DRAW = """
import base64
from IPython.display import Image
Image(base64.b64decode(%r))
"""


def png(colour: str) -> str:
    held = io.BytesIO()
    Image.new("RGB", (40, 30), colour).save(held, "PNG")
    return base64.b64encode(held.getvalue()).decode()


def drawing(draws: str, expected: str) -> str:
    """Return a notebook that draws one colour and has another saved."""
    document = json.loads(notebook(DRAW % png(draws)))
    data = {"image/png": png(expected), "text/plain": "<IPython.core.display.Image object>"}
    output = {"output_type": "execute_result", "execution_count": 1, "metadata": {}, "data": data}
    document["cells"][0] |= {"outputs": [output], "execution_count": 1}
    return json.dumps(document)


@pytest.fixture
def drawn(repository: Path) -> Path:
    """Return a project of which one notebook passes and one draws another picture than saved."""
    (repository / "mlcd.toml").write_text(CONFIG)
    (repository / "one.ipynb").write_text(drawing("white", "white"))
    (repository / "two.ipynb").write_text(drawing("red", "white"))
    git(repository)("add", "--all")
    git(repository)("commit", "--quiet", "--message=Draw")
    return repository


async def ran(fetch: Fetch, folder: Path, **body: object) -> Any:
    """Run the suite to its end and return the run."""
    run = await post(fetch, "projects", ROOT, "runs", body={"suite": "quality", **body})
    bench = Workbench(folder)
    while bench.runner.load(run["id"]).state is not State.ENDED:
        pass
    return await answer(fetch, "projects", ROOT, "runs", run["id"])


async def test_the_picture_of_a_difference_is_a_picture(jp_fetch: Fetch, drawn: Path) -> None:
    run = await ran(jp_fetch, drawn)
    (difference,) = run["cases"][1]["cells"][0]["differences"]
    place = ("projects", ROOT, "runs", run["id"], "files")
    response = await jp_fetch("mlcd", *place, *difference["picture"].split("/"))
    assert response.headers["Content-Type"] == "image/png"
    assert Image.open(io.BytesIO(response.body)).width >= 40


@pytest.mark.parametrize("name", ["no-such.png", "..%2F..%2Fmanifest.json", "SHA256SUMS"])
async def test_nothing_else_is_given_as_a_picture(jp_fetch: Fetch, drawn: Path, name: str) -> None:
    run = await ran(jp_fetch, drawn)
    place = ("projects", ROOT, "runs", run["id"], "files", "differences", "001", name)
    assert (await problem(jp_fetch, *place))[0] == 404


async def test_the_report_is_a_page_that_runs_nothing(jp_fetch: Fetch, drawn: Path) -> None:
    run = await ran(jp_fetch, drawn)
    response = await jp_fetch("mlcd", "projects", ROOT, "runs", run["id"], "report")
    page = response.body.decode()
    assert response.headers["Content-Type"] == "text/html; charset=utf-8"
    assert "two.ipynb" in page
    assert "image/png" in page
    assert "<script" not in page
    assert "sandbox" in response.headers["Content-Security-Policy"]


async def test_only_what_failed_runs_again(jp_fetch: Fetch, drawn: Path) -> None:
    await ran(jp_fetch, drawn)
    again = await ran(jp_fetch, drawn, failed_only=True)
    assert [case["id"] for case in again["cases"]] == ["two.ipynb"]
    assert again["partial"]


async def test_a_result_is_expected_once_it_was_accepted(jp_fetch: Fetch, drawn: Path) -> None:
    run = await ran(jp_fetch, drawn)
    body = {"case": "two.ipynb", "cell": 0, "why": "the new colour is right"}
    place = ("projects", ROOT, "runs", run["id"], "accept")
    response = await jp_fetch(
        "mlcd", *place, method="POST", body=json.dumps(body), headers=dict(JSON)
    )
    accepted = json.loads(response.body)
    assert accepted["files"] == ["expected/two.json"]
    assert git(drawn)("log", "-1", "--format=%s") == accepted["subject"]
    assert (await ran(jp_fetch, drawn))["verdict"] == "passed"
