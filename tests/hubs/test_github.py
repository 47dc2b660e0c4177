from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from jupyter_mlcd.hubs.hub_at import hub_at
from jupyter_mlcd.model.errors import UsageError
from jupyter_mlcd.model.hub import HubChange, HubKind, HubPlace

if TYPE_CHECKING:
    from jupyter_mlcd.ports import Hub
from jupyter_mlcd.world.credentials import Credentials
from tests.hubs.answering import Answering, keys

COMMIT, HEAD = "c" * 40, "d" * 40
PULL = {
    "number": 12,
    "html_url": "https://github.example/us/digits/pull/12",
    "state": "open",
    "head": {"sha": HEAD, "ref": "better"},
    "title": "A better model",
}
REVIEWS = "GET /repos/us/digits/pulls/12/reviews?per_page=100&page=1"


def review(number: int, login: str, state: str, commit: str = HEAD) -> dict[str, Any]:
    return {
        "id": number,
        "user": {"login": login, "id": 1},
        "body": "",
        "state": state,
        "html_url": f"https://github.example/us/digits/pull/12#pullrequestreview-{number}",
        "submitted_at": "2026-11-01T10:00:00Z",
        "commit_id": commit,
    }


@pytest.fixture
def hub(server: Answering) -> Hub:
    server.says(f"GET /repos/us/digits/commits/{COMMIT}/pulls", [PULL])
    for commit, tree in ((COMMIT, "t1"), (HEAD, "t1"), ("e" * 40, "t2")):
        server.says(f"GET /repos/us/digits/git/commits/{commit}", {"tree": {"sha": tree}})
    place = HubPlace(HubKind.GITHUB, server.url, "us/digits")
    return hub_at(place, keys(server.url))


def test_the_last_word_of_each_person_counts(server: Answering, hub: Hub) -> None:
    server.says(REVIEWS, [
        review(1, "ken", "CHANGES_REQUESTED"),
        review(2, "ken", "APPROVED"),
        review(3, "ken", "COMMENTED"),
        review(4, "lin", "APPROVED"),
        review(5, "lin", "CHANGES_REQUESTED"),
        review(6, "ada", "APPROVED"),
        review(6, "ada", "DISMISSED"),
        {**review(7, "", "APPROVED"), "user": None},
    ])  # fmt: skip
    said = [(one.account, one.key, one.is_yes) for one in hub.opinions(COMMIT)]
    assert said == [("ken", "review 2", True), ("lin", "review 5", False)]


def test_a_review_is_of_the_files_that_were_looked_at(server: Answering, hub: Hub) -> None:
    server.says(REVIEWS, [review(1, "ken", "APPROVED"), review(2, "lin", "APPROVED", "e" * 40)])
    said = {one.account: one.is_same_tree for one in hub.opinions(COMMIT)}
    assert said == {"ken": True, "lin": False}


def test_the_files_of_a_commit_are_asked_for_once(server: Answering, hub: Hub) -> None:
    server.says(REVIEWS, [review(n, f"p{n}", "APPROVED") for n in range(5)])
    assert all(one.is_same_tree for one in hub.opinions(COMMIT))
    asked = [one.path for one in server.asked if "/git/commits/" in one.path]
    assert len(asked) == len(set(asked)) == 2


def test_many_reviews_are_read_to_the_end(server: Answering, hub: Hub) -> None:
    server.says(REVIEWS, [review(n, f"p{n}", "APPROVED") for n in range(100)])
    server.says(REVIEWS.replace("&page=1", "&page=2"), [review(100, "ken", "APPROVED")])
    assert len(hub.opinions(COMMIT)) == 101


def test_the_key_and_the_version_of_the_api_go_along(server: Answering, hub: Hub) -> None:
    hub.changes(COMMIT)
    headers = server.asked[0].headers
    assert headers["authorization"] == "Bearer hunter2"
    assert headers["x-github-api-version"] == "2022-11-28"


def test_without_a_key_none_is_sent(server: Answering, hub: Hub) -> None:
    hub_at(hub.place, Credentials({}, [])).changes(COMMIT)
    assert "authorization" not in server.asked[0].headers


def test_accounts_are_those_that_commits_are_linked_with(server: Answering, hub: Hub) -> None:
    by = "GET /repos/us/digits/commits?author={}&per_page=1"
    server.says(by.format("ken@example.org"), [{"sha": "1", "author": {"login": "ken"}}])
    server.says(by.format("old@example.org"), [{"sha": "1", "author": None}])
    server.says(by.format("new@example.org"), [])
    emails = ["ken@example.org", "old@example.org", "new@example.org",
              "12+lin@users.noreply.github.com"]  # fmt: skip
    found = {"ken@example.org": "ken", "12+lin@users.noreply.github.com": "lin"}
    assert hub.accounts(emails) == found


def test_a_comment_is_written_below_a_pull_request_and_an_issue(
    server: Answering, hub: Hub
) -> None:
    page = {"id": 1, "html_url": "https://github.example/c/1"}
    for path in ("us/digits/issues/12", "us/digits/issues/7", "them/data/issues/8"):
        server.says(f"POST /repos/{path}/comments", (201, page, {}))
    change = HubChange(12, "https://github.example/us/digits/pull/12", HEAD)
    assert hub.comment(change, "Look at it") == page["html_url"]
    assert hub.comment_issue("#7", "Look at it") == page["html_url"]
    assert hub.comment_issue("them/data#8", "Look at it") == page["html_url"]
    assert [one.json for one in server.asked] == [{"body": "Look at it"}] * 3


def test_a_work_item_of_azure_boards_is_not_on_github(server: Answering, hub: Hub) -> None:
    with pytest.raises(UsageError, match="AB#3 is on Azure Boards"):
        hub.comment_issue("AB#3", "Look at it")
    assert server.asked == []


def test_what_was_written_below_an_issue_is_found_again(server: Answering, hub: Hub) -> None:
    path = "us/digits/issues/7/comments?since=2026-11-29T00:00:00Z&per_page=100&page=1"
    server.says(f"GET /repos/{path}", [{"id": 1, "body": None}, {"id": 2, "body": "of k1."}])
    assert hub.has_comment("#7", "k1", "2026-11-29T00:00:00Z")
    assert not hub.has_comment("#7", "k2", "2026-11-29T00:00:00Z")
