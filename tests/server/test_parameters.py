from __future__ import annotations

import json
from typing import TYPE_CHECKING

from tests.server.conftest import notebook
from tests.server.test_handlers import JSON, ROOT, answer, post, problem

if TYPE_CHECKING:
    from pathlib import Path

    from tests.server.test_handlers import Fetch


def with_parameters(repository: Path) -> None:
    text = json.loads(notebook("C = 1.0\nkind = 'a'", "print(C, kind)"))
    text["cells"][0]["metadata"]["tags"] = ["parameters"]
    (repository / "deep").mkdir(exist_ok=True)
    (repository / "deep" / "a b & c.ipynb").write_text(json.dumps(text))


async def test_the_form_of_a_notebook_is_asked_for_by_its_path(
    jp_fetch: Fetch, repository: Path
) -> None:
    with_parameters(repository)
    asked = {"notebook": "deep/a b & c.ipynb"}
    form = await answer(jp_fetch, "projects", ROOT, "parameters", params=asked)
    assert list(form["schema"]["properties"]) == ["C", "kind"]
    assert form["problem"] is None


async def test_a_notebook_without_parameters_has_words_and_no_fields(
    jp_fetch: Fetch, repository: Path
) -> None:
    asked = {"notebook": "one.ipynb"}
    form = await answer(jp_fetch, "projects", ROOT, "parameters", params=asked)
    assert form["schema"]["properties"] == {}
    assert form["problem"]["code"] == "no-parameters-cell"


async def test_a_path_outside_of_the_project_is_refused(jp_fetch: Fetch, repository: Path) -> None:
    for path in ("../secret.ipynb", "/etc/passwd", ""):
        asked = {"notebook": path}
        status, found = await problem(jp_fetch, "projects", ROOT, "parameters", params=asked)
        assert status == 400
        assert found["hint"]


async def test_a_value_of_the_wrong_type_names_its_parameter(
    jp_fetch: Fetch, repository: Path
) -> None:
    with_parameters(repository)
    body = {"notebook": "deep/a b & c.ipynb", "parameters": {"C": "much"}}
    status, found = await problem(
        jp_fetch,
        "projects",
        ROOT,
        "runs",
        method="POST",
        body=json.dumps(body),
        headers=dict(JSON),
    )
    assert status == 422
    assert found["details"]["parameter"] == "C"


async def test_what_is_given_is_what_the_run_gets_and_the_form_remembers(
    jp_fetch: Fetch, repository: Path
) -> None:
    with_parameters(repository)
    path = "deep/a b & c.ipynb"
    body = {"notebook": path, "parameters": {"C": 2.5}}
    run = await post(jp_fetch, "projects", ROOT, "runs", body=body)
    assert run["cases"][0]["parameters"] == {"C": 2.5}
    asked = {"notebook": path}
    form = await answer(jp_fetch, "projects", ROOT, "parameters", params=asked)
    assert form["last"] == {"C": 2.5}
    await post(jp_fetch, "projects", ROOT, "runs", run["id"], "cancel")
    commands = await answer(jp_fetch, "projects", ROOT, "runs", run["id"], "commands")
    assert any("papermill" in one and '"C": 2.5' in one for one in commands["commands"])
