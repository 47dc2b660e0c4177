"""Every route, asked in every way that is not allowed: refused, in our words, and nothing done.

The routes come from the one table, so that a new one is asked too.
"""

from __future__ import annotations

import json
import re
import shutil
from dataclasses import dataclass
from itertools import islice, product
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import pytest
from jupyter_server.auth import Authorizer

from jupyter_mlcd.server.projects import project_id
from jupyter_mlcd.server.routes import ROUTES, Route
from jupyter_mlcd.workbench import Workbench
from tests.server.lived_in import Lived, body_of, fingerprint, live_in

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator
    from pathlib import Path

    from tornado.httpclient import HTTPResponse

    Ask = Callable[..., Awaitable[HTTPResponse]]

PLAIN = [Route("projects", "GET", "/mlcd/projects", dict, print)]
PLAIN += [Route("openapi", "GET", "/mlcd/openapi.json", dict, print)]
EVERY = [*PLAIN, *ROUTES]
POSTS = [route for route in EVERY if route.method == "POST"]
RESOURCES = sorted({route.resource for route in EVERY})
SENT = {"Content-Type": "application/json"}
FOREIGN = {
    "an origin": {"Origin": "https://evil.example"},
    "no origin of its own": {"Origin": "null"},
    "another port of this machine": {"Origin": "http://127.0.0.1:1"},
    "a referer": {"Referer": "https://evil.example/page"},
    "a picture of another site": {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Dest": "image"},
    "a script of another port": {"Sec-Fetch-Site": "same-site", "Sec-Fetch-Dest": "script"},
    "a frame": {
        "Sec-Fetch-Site": "cross-site",
        "Sec-Fetch-Mode": "navigate",
        "Sec-Fetch-Dest": "iframe",
    },
}
VISIT = {
    "Referer": "https://mail.example/inbox",
    "Sec-Fetch-Site": "cross-site",
    "Sec-Fetch-Mode": "navigate",
    "Sec-Fetch-Dest": "document",
}


@pytest.fixture(scope="module")
def once(tmp_path_factory: pytest.TempPathFactory) -> Lived:
    """Live in a project once; each test gets a copy."""
    return live_in(tmp_path_factory.mktemp("lived") / "small")


@pytest.fixture
def lived(once: Lived, jp_root_dir: Path) -> Lived:
    shutil.copytree(once.folder, jp_root_dir, symlinks=True, dirs_exist_ok=True)
    return Lived(jp_root_dir, once.draft, once.kept, once.delivery)


@pytest.fixture
def ask(http_server_client: Any, jp_base_url: str) -> Ask:
    """Return a way to ask with nothing but what is given: no token, no cookie."""

    async def fetch(method: str, path: str, body: str | bytes | None, **headers: str) -> Any:
        return await http_server_client.fetch(
            jp_base_url.rstrip("/") + path,
            method=method,
            body=body,
            headers=headers,
            follow_redirects=False,
            raise_error=False,
            allow_nonstandard_methods=True,
            request_timeout=60,
        )

    return fetch


@pytest.fixture
def token(jp_serverapp: Any) -> dict[str, str]:
    return {"Authorization": f"token {jp_serverapp.identity_provider.token}"}


@dataclass
class Session:
    """What a browser holds that is logged in."""

    cookie: dict[str, str]
    xsrf: dict[str, str]

    @property
    def whole(self) -> dict[str, str]:
        """What JupyterLab's own page sends."""
        return {**self.cookie, **self.xsrf, "Sec-Fetch-Site": "same-origin"}


@pytest.fixture
def logged_in(ask: Ask, token: dict[str, str], jp_asyncio_loop: Any) -> Session:
    """Log in as a browser does, by the token in the address."""
    secret = token["Authorization"].removeprefix("token ")
    jar: dict[str, str] = {}
    for path in (f"/api/me?token={secret}", "/login"):
        answer = jp_asyncio_loop.run_until_complete(ask("GET", path, None))
        for cookie in answer.headers.get_list("Set-Cookie"):
            name, value = cookie.partition(";")[0].split("=", 1)
            jar[name] = value
    held = "; ".join(f"{name}={value}" for name, value in jar.items())
    return Session({"Cookie": held}, {"X-XSRFToken": jar["_xsrf"]})


@pytest.fixture(autouse=True)
def nothing_is_done(lived: Lived) -> Iterator[None]:
    """Every test here: what was refused changed nothing."""
    before = fingerprint(lived.folder)
    yield
    assert fingerprint(lived.folder) == before


async def statuses(ask: Ask, lived: Lived, routes: list[Route], headers: dict[str, str]) -> Any:
    """Ask each route for something that is there; return ``{route: status}``."""
    found = {}
    for route in routes:
        body = body_of(route)
        sent = {**SENT, **headers} if body is not None else headers
        found[said(route)] = checked(await ask(route.method, lived.path(route), body, **sent))
    return found


def said(route: Route) -> str:
    return f"{route.method} {route.path}"


def checked(response: HTTPResponse) -> int:
    """Return the status; what is refused is a Problem that tells nothing of our insides."""
    code: int = response.code
    assert code < 500, response.body
    if code >= 400 and response.request.method != "HEAD":
        problem = json.loads(response.body)
        assert {"code", "message"} <= set(problem) <= {"code", "message", "hint", "details"}
        assert re.fullmatch("[a-z0-9]+(-[a-z0-9]+)*", problem["code"])
        assert not re.search(r"Traceback|File \"|\.py\b|Error\(", response.body.decode())
        assert response.headers["Content-Type"] == "application/json"
    return code


def all_are(code: int, routes: list[Route]) -> dict[str, int]:
    return {said(route): code for route in routes}


# -------------------------------------------------------------------------------------- who asks


async def test_what_is_asked_for_is_there_for_who_may_see_it(
    ask: Ask, lived: Lived, token: dict[str, str]
) -> None:
    gets = [route for route in EVERY if route.method == "GET"]
    found = await statuses(ask, lived, gets, token)
    odd = {said(one): 404 for one in gets if one.verb == "show_picture"}
    odd |= {said(one): 409 for one in gets if one.verb == "propose_set_up"}
    # Nobody said where its CI runs, and no other commit is checked out.
    odd |= {said(one): 422 for one in gets if one.verb in {"preview_ci", "show_ci"}}
    odd |= {said(one): 404 for one in gets if one.verb == "ci_in_commands"}
    assert found == {**all_are(200, gets), **odd}


async def test_a_logged_in_page_of_ours_gets_answers(
    ask: Ask, lived: Lived, logged_in: Session
) -> None:
    (preview,) = [one for one in POSTS if one.verb == "preview_set_up"]
    assert await statuses(ask, lived, PLAIN, logged_in.whole) == all_are(200, PLAIN)
    assert await statuses(ask, lived, [preview], logged_in.whole) == all_are(409, [preview])


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Authorization": "token wrong"},
        {"Authorization": "Bearer"},
        {"Cookie": "username-127-0-0-1=forged"},
    ],
    ids=["no login", "a wrong token", "an empty token", "a forged cookie"],
)
async def test_nobody_gets_an_answer(ask: Ask, lived: Lived, headers: dict[str, str]) -> None:
    assert await statuses(ask, lived, EVERY, headers) == all_are(401, EVERY)


async def test_a_wrong_token_in_the_address_is_no_login(ask: Ask, lived: Lived) -> None:
    for route in EVERY:
        path = lived.path(route) + "?token=wrong"
        response = await ask(route.method, path, body_of(route), **SENT)
        assert (said(route), checked(response)) == (said(route), 401)


def test_the_server_lets_nobody_in_without_a_login(jp_serverapp: Any) -> None:
    assert jp_serverapp.allow_unauthenticated_access is False


# --------------------------------------------------------------------------------- from which page


async def test_a_logged_in_browser_sends_nothing_without_its_xsrf_token(
    ask: Ask, lived: Lived, logged_in: Session
) -> None:
    assert await statuses(ask, lived, POSTS, logged_in.cookie) == all_are(403, POSTS)
    wrong = {**logged_in.cookie, "X-XSRFToken": "2|00000000|0|0"}
    assert await statuses(ask, lived, POSTS, wrong) == all_are(403, POSTS)


@pytest.mark.parametrize("page", FOREIGN)
async def test_another_page_gets_no_answer_with_the_cookies_of_a_login(
    ask: Ask, lived: Lived, logged_in: Session, page: str
) -> None:
    headers = {**logged_in.cookie, **logged_in.xsrf, **FOREIGN[page]}
    assert await statuses(ask, lived, EVERY, headers) == all_are(403, EVERY)


@pytest.mark.parametrize("page", FOREIGN)
async def test_another_page_gets_no_answer_with_the_token(
    ask: Ask, lived: Lived, token: dict[str, str], page: str
) -> None:
    headers = {**token, **FOREIGN[page]}
    assert await statuses(ask, lived, EVERY, headers) == all_are(403, EVERY)


async def test_another_page_is_not_told_that_it_may_ask(ask: Ask, lived: Lived) -> None:
    for route in EVERY:
        response = await ask(
            "OPTIONS",
            lived.path(route),
            None,
            Origin="https://evil.example",
            **{
                "Access-Control-Request-Method": route.method,
                "Access-Control-Request-Headers": "authorization",
            },
        )
        assert "Access-Control-Allow-Origin" not in response.headers
        assert checked(response) == 403


async def test_a_link_in_a_mail_leads_to_a_page_and_sends_nothing(
    ask: Ask, lived: Lived, logged_in: Session
) -> None:
    pages = [one for one in EVERY if one.verb in {"report", "show_notebook"}]
    assert await statuses(ask, lived, pages, {**logged_in.cookie, **VISIT}) == all_are(200, pages)
    headers = {**logged_in.cookie, **logged_in.xsrf, **VISIT}
    assert await statuses(ask, lived, POSTS, headers) == all_are(403, POSTS)


async def test_a_page_that_the_server_was_told_to_trust_is_no_foreign_one(
    ask: Ask, lived: Lived, token: dict[str, str], jp_serverapp: Any
) -> None:
    jp_serverapp.web_app.settings["allow_origin"] = "https://front.example"
    trusted = {**token, "Origin": "https://front.example", "Sec-Fetch-Site": "cross-site"}
    assert await statuses(ask, lived, PLAIN, trusted) == all_are(200, PLAIN)
    other = {**trusted, "Origin": "https://evil.example"}
    assert await statuses(ask, lived, EVERY, other) == all_are(403, EVERY)


# --------------------------------------------------------------------------------- with what right


class Denying(Authorizer):
    """Says no to one right, and remembers what it was asked."""

    def deny(self, action: str, resource: str) -> None:
        self.denied = (action, resource)
        self.asked: list[tuple[str, str]] = []

    def is_authorized(self, handler: Any, user: Any, action: str, resource: str) -> bool:
        del handler, user
        self.asked.append((action, resource))
        return self.denied != (action, resource)


async def test_who_lacks_the_right_of_a_route_is_refused(
    ask: Ask, lived: Lived, token: dict[str, str], jp_serverapp: Any
) -> None:
    denying = jp_serverapp.web_app.settings["authorizer"] = Denying()
    for route in EVERY:
        denying.deny(route.action, route.resource)
        assert await statuses(ask, lived, [route], token) == all_are(403, [route])
        assert denying.asked == [(route.action, route.resource)]


@pytest.mark.parametrize("resource", RESOURCES)
async def test_a_right_that_is_denied_takes_nothing_else_away(
    ask: Ask, lived: Lived, token: dict[str, str], jp_serverapp: Any, resource: str
) -> None:
    denying = jp_serverapp.web_app.settings["authorizer"] = Denying()
    denying.deny("execute", resource)
    assert await statuses(ask, lived, PLAIN, token) == all_are(200, PLAIN)
    closed = [one for one in POSTS if one.resource == resource]
    assert await statuses(ask, lived, closed, token) == all_are(403, closed)


def test_what_changes_something_lasting_is_never_allowed_with_reading() -> None:
    assert {"mlcd", "mlcd:deliver", "mlcd:evidence", "mlcd:runs"} <= set(RESOURCES)
    assert all(route.action == "execute" for route in POSTS)


# ---------------------------------------------------------------------------------- in which form


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD"])
async def test_another_method_is_not_allowed_and_says_which_is(
    ask: Ask, lived: Lived, token: dict[str, str], method: str
) -> None:
    allowed: dict[str, set[str]] = {}
    for route in EVERY:
        allowed.setdefault(route.path, {"OPTIONS"}).add(route.method)
    for route in EVERY:
        if method in allowed[route.path]:
            continue
        body = None if method in {"GET", "HEAD"} else "{}"
        response = await ask(method, lived.path(route), body, **token, **SENT)
        assert (said(route), checked(response)) == (said(route), 405)
        assert set(response.headers["Allow"].split(", ")) == allowed[route.path]


@pytest.mark.parametrize("method", ["TRACE", "PROPFIND", "get"])
async def test_a_method_that_nobody_knows_is_not_allowed(
    ask: Ask, lived: Lived, token: dict[str, str], method: str
) -> None:
    for route in EVERY:
        assert checked(await ask(method, lived.path(route), None, **token)) == 405


@pytest.mark.parametrize(
    ("body", "media", "code"),
    [
        ("{}" + " " * (1 << 20), "application/json", 413),
        ("{}", "application/x-www-form-urlencoded", 415),
        ("{}", "text/plain", 415),
        ("{}", "multipart/form-data; boundary=x", 400),
        ("{}", "", 415),
        ('{"unknown": 1}', "application/json", 400),
        ("", "application/json", 400),
        ("null", "application/json", 400),
        ("[]", "application/json", 400),
        ('"text"', "application/json", 400),
        ("[" * 100_000, "application/json", 400),
        ('{"a":' * 100_000, "application/json", 400),
        (b"\xff\xfe{}", "application/json", 400),
        ('{"why": "\\ud800"}', "application/json", 400),
        ("{} {}", "application/json", 400),
        ("NaN", "application/json", 400),
    ],
    ids=lambda one: repr(one)[:24],
)
async def test_a_body_of_the_wrong_form_is_refused_by_every_route_that_takes_one(  # noqa: PLR0913, PLR0917 - three are the example's
    ask: Ask, lived: Lived, token: dict[str, str], body: str | bytes, media: str, code: int
) -> None:
    for route in POSTS:
        headers = {**token, "Content-Type": media}
        response = await ask("POST", lived.path(route), body, **headers)
        assert (said(route), checked(response)) == (said(route), code)


# ------------------------------------------------------------------------------------- which place


def outside(lived: Lived) -> dict[str, str]:
    """Return ids of projects that nobody may reach."""
    elsewhere = lived.folder.parent / "elsewhere"
    shutil.copytree(lived.folder, elsewhere, symlinks=True)
    (lived.folder / "link").symlink_to(elsewhere)
    paths = {
        "above": "..",
        "above and back": f"../{lived.folder.name}",
        "beside": "../elsewhere",
        "a link out": "link",
        "absolute": elsewhere.as_posix(),
        "twice absolute": "//" + elsewhere.as_posix(),
        "git's own folder": ".git",
        "a hidden folder": ".git/mlcd",
        "a file": "one.ipynb",
        "a NUL": "one\0two",
        "very long": "a" * 3000,
        "very deep": "a/" * 1000 + "a",
        "a point": ".",
        "two slashes": "one//two",
        "a backslash": "..\\elsewhere",
    }
    ids = {words: project_id(path) for words, path in paths.items()}
    return {**ids, "no id": "%2e%2e", "a path": "..%2Felsewhere", "NUL": "%00", "blank": "%20"}


async def test_a_project_outside_of_the_root_is_not_there(
    ask: Ask, lived: Lived, token: dict[str, str]
) -> None:
    tricks = outside(lived)
    try:
        for route in ROUTES:
            for words, identifier in tricks.items():
                path = lived.path(route, project=identifier)
                response = await ask(route.method, path, body_of(route), **token, **SENT)
                assert (said(route), words, checked(response)) == (said(route), words, 404)
        assert fingerprint(lived.folder.parent / "elsewhere")["refs"]
    finally:
        (lived.folder / "link").unlink()


TRICKS = [
    "..", "../..", "../../manifest.json", "/etc/passwd", ".git", "a\0b", "x" * 3000, "-rf",
    "--output=x", "con", "a\nb", "\u202e", "0x10", "-1", "99999999999999999999", "1e3", "٣",
    "$(id)", "'; --", "%2e%2e", "*", "~", "HEAD", "refs/heads/main", "mlcd/evidence", "\U0001f600",
]  # fmt: skip


PARTS = [
    (route, name) for route in EVERY for name in dict.fromkeys(re.findall(r"\{(\w+)\}", route.path))
]


@pytest.mark.parametrize("every", [5, pytest.param(1, marks=pytest.mark.thorough)])
async def test_a_name_that_is_a_trick_is_the_name_of_nothing(
    ask: Ask, lived: Lived, token: dict[str, str], every: int
) -> None:
    # Every fifth of them is another trick for each name: their number has no part in common.
    for (route, name), trick in islice(product(PARTS, TRICKS), 0, None, every):
        path = lived.path(route, **{name: quote(trick, safe="")})
        response = await ask(route.method, path, body_of(route), **token, **SENT)
        # 409: where a person's confirmation is looked at before the name.
        is_refused = checked(response) in {400, 404, 409}
        assert (said(route), name, trick, is_refused) == (said(route), name, trick, True)


async def test_an_address_that_is_no_text_is_refused(
    ask: Ask, lived: Lived, token: dict[str, str]
) -> None:
    for route, name in PARTS:
        path = lived.path(route, **{name: "%ff%fe"})
        response = await ask(route.method, path, body_of(route), **token, **SENT)
        assert (said(route), name, checked(response)) == (said(route), name, 400)


async def test_a_query_that_is_a_trick_asks_for_nothing(
    ask: Ask, lived: Lived, token: dict[str, str]
) -> None:
    for route in EVERY:
        for name, trick in product(route.query, [*map(quote, TRICKS), "%ff", "%00"]):
            path = lived.path(route).partition("?")[0] + f"?{name}={trick}"
            code = checked(await ask(route.method, path, body_of(route), **token))
            assert (said(route), trick, code in {400, 404}) == (said(route), trick, True)


async def test_the_place_of_a_document_outside_of_the_root_finds_nothing_there(
    ask: Ask, lived: Lived, token: dict[str, str]
) -> None:
    shutil.copytree(lived.folder, lived.folder.parent / "elsewhere", symlinks=True)
    for trick in [*map(quote, TRICKS), "../elsewhere", "%2e%2e/elsewhere"]:
        response = await ask("GET", f"/mlcd/projects?path={trick}", None, **token)
        assert checked(response) == 200
        assert [one["path"] for one in json.loads(response.body)["projects"]] == [""]


# ------------------------------------------------------------------------------ how pages are given


async def test_what_is_no_json_can_run_nothing_and_fetch_nothing(
    ask: Ask, lived: Lived, token: dict[str, str]
) -> None:
    (change,) = Workbench(lived.folder).show_run(lived.draft).cases[0].cells[1].differences
    names = dict(zip(("folder", "name"), change.picture.split("/")[-2:], strict=True))
    for route in (one for one in ROUTES if one.answer is bytes):
        more = names if route.verb == "show_picture" else {"cell": "1"}
        response = await ask("GET", lived.path(route, run=lived.draft, **more), None, **token)
        assert response.code == 200, response.body
        _is_dead(response, route)


def _is_dead(response: HTTPResponse, route: Route) -> None:
    policy = response.headers["Content-Security-Policy"].split("; ")
    assert {"sandbox", "default-src 'none'", "form-action 'none'", "base-uri 'none'"} <= set(policy)
    assert not any("script-src" in part or "allow-" in part for part in policy)
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Referrer-Policy"] == "no-referrer"
    assert response.headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "no-store" in response.headers["Cache-Control"]
    assert response.headers["Content-Type"].split(";")[0] == route.media
