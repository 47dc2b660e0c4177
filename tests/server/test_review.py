from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING, Any

import pytest

from jupyter_mlcd.workbench import Workbench
from tests.actions.people import approve_by_hand
from tests.journeys.projects import git
from tests.journeys.reviews import Team, team, works_in
from tests.journeys.test_review import REFUSALS
from tests.server.test_handlers import JSON, ROOT, answer, post, problem

if TYPE_CHECKING:
    from pathlib import Path

    from tests.server.test_handlers import Fetch

REVIEW = ("projects", ROOT, "reviews", "0.1.0")


@pytest.fixture(scope="module")
def once(tmp_path_factory: pytest.TempPathFactory) -> Team:
    """Make the project once; each test gets a copy."""
    return team(tmp_path_factory.mktemp("team"))


@pytest.fixture
def people(once: Team, jp_root_dir: Path) -> Team:
    shutil.copytree(once.folder, jp_root_dir, symlinks=True, dirs_exist_ok=True)
    copy = Team(once.mara, once.ken, once.eve, jp_root_dir, once.server)
    works_in(copy.folder, copy.ken)
    return copy


async def seen(fetch: Fetch, **more: Any) -> dict[str, Any]:
    """Return the body that says something about what the page of the review shows."""
    page = await answer(fetch, *REVIEW)
    return {"digest": page["digest"], "nonce": page["nonce"], **more}


async def confirmed(fetch: Fetch, **more: Any) -> dict[str, Any]:
    """Return the body that says yes to it."""
    return await seen(fetch, environment="production", **more)


async def refused(fetch: Fetch, *parts: str, body: object) -> tuple[int, dict[str, Any]]:
    """Return the status and the problem of a request that is refused."""
    options = {"method": "POST", "body": json.dumps(body), "headers": dict(JSON)}
    return await problem(fetch, *parts, **options)


async def test_what_the_page_showed_is_approved_once(jp_fetch: Fetch, people: Team) -> None:
    body = await confirmed(jp_fetch, comment="fine")
    made = await post(jp_fetch, *REVIEW, "approvals", body=body)
    assert [one["kind"] for one in made["entries"]] == ["approved"]
    assert made["environments"][1]["approval"]["reason"] == "given by Ken"
    _, again = await refused(jp_fetch, *REVIEW, "approvals", body=body)
    assert again["code"] == "stale-confirmation"
    assert len(Workbench(people.folder).show_review().entries) == 1


@pytest.mark.parametrize("code", REFUSALS)
async def test_why_an_approval_does_not_count_stands_on_the_deliver_page(
    jp_fetch: Fetch, people: Team, code: str
) -> None:
    what, words = REFUSALS[code]
    fields = what(people)
    desk = Workbench(people.folder).desk()
    approve_by_hand(desk, fields.pop("person"), "production", **fields)
    page = await answer(jp_fetch, "projects", ROOT, "previews", "production")
    reasons = {one["code"]: one["text"] for one in page["reasons"]}
    assert words in reasons[code]
    assert (page["nonce"], page["digest"]) == ("", "")
    (line,) = [one for one in page["lines"] if one["name"] == "Review"]
    assert (line["met"], line["words"]) == (False, "1 approval: 0 of 1")


@pytest.mark.parametrize(("who", "code"), [("mara", "own-run"), ("eve", "untrusted-key")])
async def test_what_would_not_count_is_a_conflict_with_its_code(
    jp_fetch: Fetch, people: Team, who: str, code: str
) -> None:
    works_in(people.folder, getattr(people, who))
    body = await confirmed(jp_fetch)
    status, said = await refused(jp_fetch, *REVIEW, "approvals", body=body)
    assert (status, said["code"]) == (409, code)


async def test_a_review_is_asked_for_remarked_on_and_taken_back(
    jp_fetch: Fetch, people: Team
) -> None:
    body = {"environment": "production", "people": ["ken@example.org"], "version": "0.1.0"}
    await post(jp_fetch, "projects", ROOT, "reviews", body=body)
    remark = {"text": "Why 3?", "case": "one.ipynb", "cell": 0}
    await post(jp_fetch, *REVIEW, "comments", body=remark)
    body = await seen(jp_fetch, why="another seed")
    made = await post(jp_fetch, *REVIEW, "rejections", body=body)
    assert [one["kind"] for one in made["entries"]] == ["asked", "commented", "changes-requested"]
    entry = made["entries"][-1]["id"]
    place = ("projects", ROOT, "review-entries", entry, "take-back")
    _, again = await refused(jp_fetch, *place, body=body)
    assert again["code"] == "stale-confirmation"
    made = await post(jp_fetch, *place, body=await seen(jp_fetch, why="I see"))
    assert made["entries"][-1]["taken_back_why"] == "I see"


async def test_an_exception_names_a_rule_that_is_not_met(jp_fetch: Fetch, people: Team) -> None:
    body = await confirmed(jp_fetch, rule="accuracy", why="first try", until="14d")
    status, said = await refused(jp_fetch, *REVIEW, "waivers", body=body)
    assert (status, "no one rule" in said["message"]) == (404, True)


async def test_a_remote_that_is_not_there_is_named(jp_fetch: Fetch, people: Team) -> None:
    git(people.folder, "remote", "remove", "origin")
    place = ("projects", ROOT, "history", "share")
    status, said = await refused(jp_fetch, *place, body={"remote": "origin"})
    assert (status, "no git remote 'origin'" in said["message"]) == (404, True)


async def test_a_yes_to_rules_that_changed_meanwhile_is_a_conflict(
    jp_fetch: Fetch, people: Team
) -> None:
    body = await confirmed(jp_fetch, policy="sha256:the rules of yesterday")
    status, said = await refused(jp_fetch, *REVIEW, "approvals", body=body)
    assert (status, said["code"]) == (409, "rules-changed")


async def test_what_asking_would_do_is_told_and_nothing_is_written(
    jp_fetch: Fetch, people: Team
) -> None:
    before = git(people.folder, "for-each-ref")
    place = ("projects", ROOT, "previews", "production", "review")
    page = await answer(jp_fetch, *place)
    assert [(one["name"], one["unfit"]) for one in page["people"]] == [
        ("mara@example.org", "ran the tests")
    ]
    assert page["remotes"] == {"origin": str(people.server)}
    assert git(people.folder, "for-each-ref") == before
