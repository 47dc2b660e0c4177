from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from tornado.httpclient import HTTPClientError, HTTPResponse

from jupyter_mlcd.server.projects import project_id
from jupyter_mlcd.server.routes import ROUTES
from tests.server.conftest import git, notebook

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from pathlib import Path

    Fetch = Callable[..., Awaitable[HTTPResponse]]

ROOT = project_id("")
JSON = {"Content-Type": "application/json"}


async def answer(fetch: Fetch, *parts: str, **options: Any) -> Any:
    response = await fetch("mlcd", *parts, **options)
    return json.loads(response.body)


async def problem(fetch: Fetch, *parts: str, **options: Any) -> tuple[int, dict[str, Any]]:
    with pytest.raises(HTTPClientError) as caught:
        await fetch("mlcd", *parts, **options)
    assert caught.value.response is not None
    return caught.value.code, json.loads(caught.value.response.body)


async def post(fetch: Fetch, *parts: str, body: object = None) -> Any:
    text = json.dumps({} if body is None else body)
    return await answer(fetch, *parts, method="POST", body=text, headers=dict(JSON))


async def test_the_project_of_a_document_comes_first(jp_fetch: Fetch, repository: Path) -> None:
    other = repository / "another"
    other.mkdir()
    (other / "mlcd.toml").write_text('[project]\nname="another"\n[suites.a]\nnotebooks=["x"]\n')
    found = await answer(jp_fetch, "projects", params={"path": "another/x.ipynb"})
    assert [one["name"] for one in found["projects"]] == ["another", "small"]


async def test_a_folder_without_git_has_no_project(jp_fetch: Fetch, jp_root_dir: Path) -> None:
    assert await answer(jp_fetch, "projects") == {"projects": []}


async def test_the_status_tells_where_one_is(jp_fetch: Fetch, repository: Path) -> None:
    status = await answer(jp_fetch, "projects", ROOT)
    assert status["place"]["branch"] == "main"
    assert status["project"]["name"] == "small"
    assert status["deliver"]["reasons"][0]["way_out"] == "run"


async def test_a_broken_config_is_a_status_with_a_problem(
    jp_fetch: Fetch, repository: Path
) -> None:
    (repository / "mlcd.toml").write_text("[project]\nnam = 3\n")
    status = await answer(jp_fetch, "projects", ROOT)
    assert status["problem"]["details"]["line"] == 2


async def test_a_repository_without_config_says_how_to_set_it_up(
    jp_fetch: Fetch, repository: Path
) -> None:
    (repository / "mlcd.toml").unlink()
    status = await answer(jp_fetch, "projects", ROOT)
    assert status["problem"]["code"] == "no-config"


async def test_setting_up_writes_a_config_that_lists_the_notebooks(
    jp_fetch: Fetch, repository: Path
) -> None:
    (repository / "mlcd.toml").unlink()
    await post(jp_fetch, "projects", ROOT, "set-up")
    assert '"one.ipynb"' in (repository / "mlcd.toml").read_text()


async def test_changes_are_committed_on_her_branch(jp_fetch: Fetch, repository: Path) -> None:
    (repository / "one.ipynb").write_text(notebook("print('changed')"))
    changes = await answer(jp_fetch, "projects", ROOT, "changes")
    assert [one["path"] for one in changes["files"]] == ["one.ipynb"]
    body = {"paths": ["one.ipynb"], "message": changes["message"]}
    made = await post(jp_fetch, "projects", ROOT, "commits", body=body)
    assert made["commit"] == git(repository)("rev-parse", "HEAD")
    assert git(repository)("status", "--porcelain") == ""


async def test_a_result_is_accepted_from_a_run_that_is_there(
    jp_fetch: Fetch, repository: Path
) -> None:
    body = json.dumps({"why": "better features", "cell": 1})
    code, told = await problem(
        jp_fetch,
        *("projects", ROOT, "runs", "no-such-run", "accept"),
        method="POST",
        body=body,
        headers=dict(JSON),
    )
    assert (code, "no-such-run" in told["message"]) == (404, True)


async def test_accepting_without_a_reason_is_wrong_use(jp_fetch: Fetch, repository: Path) -> None:
    path = ("projects", ROOT, "runs", "some-run", "accept")
    for body in ("{}", '{"why": ""}'):
        code, _ = await problem(jp_fetch, *path, method="POST", body=body, headers=dict(JSON))
        assert code == 400


async def test_a_hook_that_says_no_is_told_in_its_own_words(
    jp_fetch: Fetch, repository: Path
) -> None:
    hook = repository / ".git" / "hooks" / "pre-commit"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\necho 'no commits on Fridays' >&2\nexit 1\n")
    hook.chmod(0o755)
    (repository / "one.ipynb").write_text(notebook("print('changed')"))
    body = json.dumps({"paths": ["one.ipynb"], "message": "Change"})
    _, told = await problem(
        jp_fetch, "projects", ROOT, "commits", method="POST", body=body, headers=dict(JSON)
    )
    assert "no commits on Fridays" in json.dumps(told)
    assert "changed" in (repository / "one.ipynb").read_text()


async def test_what_cannot_be_delivered_has_no_nonce(jp_fetch: Fetch, repository: Path) -> None:
    preview = await answer(jp_fetch, "projects", ROOT, "previews", "production")
    assert (preview["nonce"], preview["digest"]) == ("", "")
    assert preview["reasons"]


async def test_a_delivery_without_a_preview_is_refused(jp_fetch: Fetch, repository: Path) -> None:
    body = {"environment": "production", "version": "0.1.0", "digest": "x", "nonce": "invented"}
    code, told = await problem(
        jp_fetch,
        "projects",
        ROOT,
        "deliveries",
        method="POST",
        body=json.dumps(body),
        headers=dict(JSON),
    )
    assert (code, told["code"]) == (409, "stale-confirmation")


@pytest.mark.parametrize(
    "body",
    [
        "",
        "[]",
        "nonsense",
        '{"unknown": 1}',
        '{"suite": 3}',
        "{}",
        "[" * 5000,
        '{"a": NaN}',
        "\udcff",
    ],
)
async def test_a_wrong_body_is_the_clients_fault_and_said_so(
    jp_fetch: Fetch, repository: Path, body: str
) -> None:
    raw = body.encode("utf-8", "surrogateescape")
    code, told = await problem(
        jp_fetch, "projects", ROOT, "runs", method="POST", body=raw, headers=dict(JSON)
    )
    assert code == 400
    assert told["message"]


async def test_a_form_is_not_taken_for_json(jp_fetch: Fetch, repository: Path) -> None:
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    code, _ = await problem(
        jp_fetch, "projects", ROOT, "runs", method="POST", body="suite=quality", headers=headers
    )
    assert code == 415


@pytest.mark.parametrize(
    "parts",
    [
        ("projects", "unknown"),
        ("projects", project_id("..")),
        ("projects", ROOT, "runs", "unknown"),
        ("projects", ROOT, "evidence", "unknown"),
        ("projects", ROOT, "deliveries", "unknown"),
        ("projects", ROOT, "previews", "unknown"),
        ("projects", ROOT, "evidence", "unknown", "verification"),
        ("projects", ROOT, "runs", "unknown", "notebooks", "0"),
    ],
    ids=str,
)
async def test_what_is_not_there_is_not_found(
    jp_fetch: Fetch, repository: Path, parts: tuple[str, ...]
) -> None:
    code, told = await problem(jp_fetch, *parts)
    assert code == 404
    assert told["message"]


async def test_an_unknown_method_is_not_allowed(jp_fetch: Fetch, repository: Path) -> None:
    code, _ = await problem(jp_fetch, "projects", ROOT, "runs")
    assert code == 405


def filled(path: str) -> tuple[str, ...]:
    named = path.replace("{project}", ROOT).removeprefix("/mlcd/").split("/")
    return tuple("0" if part.startswith("{") else part for part in named)


@pytest.mark.parametrize("route", ROUTES, ids=[f"{one.method} {one.path}" for one in ROUTES])
async def test_nobody_without_a_login_gets_an_answer(
    http_server_client: Any, jp_base_url: str, jp_serverapp: Any, repository: Path, route: Any
) -> None:
    path = "/".join([jp_base_url.rstrip("/"), "mlcd", *filled(route.path)])
    body = "{}" if route.method == "POST" else None
    with pytest.raises(HTTPClientError) as caught:
        await http_server_client.fetch(
            path, method=route.method, body=body, headers=dict(JSON), follow_redirects=False
        )
    assert caught.value.code == 401


async def test_the_openapi_document_is_served(jp_fetch: Fetch) -> None:
    assert (await answer(jp_fetch, "openapi.json"))["openapi"] == "3.1.0"


async def test_several_notebooks_are_one_run(jp_fetch: Fetch, repository: Path) -> None:
    (repository / "two.ipynb").write_text(notebook("print('two')"))
    run = await post(
        jp_fetch, "projects", ROOT, "runs", body={"notebooks": ["one.ipynb", "two.ipynb"]}
    )
    assert [case["notebook"] for case in run["cases"]] == ["one.ipynb", "two.ipynb"]
    assert run["suite"] == "one.ipynb, two.ipynb"


async def test_a_suite_and_notebooks_at_once_are_refused(jp_fetch: Fetch, repository: Path) -> None:
    body = json.dumps({"suite": "quality", "notebooks": ["one.ipynb"]})
    code, told = await problem(
        jp_fetch, "projects", ROOT, "runs", method="POST", body=body, headers=dict(JSON)
    )
    assert (code, told["message"]) == (400, "name a suite or a notebook")
