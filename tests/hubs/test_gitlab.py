from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from jupyter_mlcd.hubs.hub_at import hub_at
from jupyter_mlcd.model.errors import UsageError
from jupyter_mlcd.model.hub import HubChange, HubKind, HubPlace
from tests.hubs.answering import keys

if TYPE_CHECKING:
    from jupyter_mlcd.ports import Hub
    from tests.hubs.answering import Answering

COMMIT, HEAD, OLD = "c" * 40, "d" * 40, "e" * 40
PROJECT = "/projects/us/models/digits"
REQUEST = f"{PROJECT}/merge_requests/12"
URL = "https://gitlab.example/us/models/digits/-/merge_requests/12"


def note(
    number: int, username: str, body: str, hour: int, *, system: bool = True
) -> dict[str, Any]:
    return {
        "id": number,
        "body": body,
        "system": system,
        "author": {"id": 1, "username": username, "name": username.title()},
        "created_at": f"2026-11-01T{hour}:00:00.000Z",
    }


@pytest.fixture
def hub(server: Answering) -> Hub:
    request = {"iid": 12, "web_url": URL, "state": "opened", "sha": HEAD, "title": "Better"}
    server.says(f"GET {PROJECT}/repository/commits/{COMMIT}/merge_requests", [request])
    versions = [
        {"id": 2, "head_commit_sha": HEAD, "created_at": "2026-11-01T12:00:00.000Z"},
        {"id": 1, "head_commit_sha": OLD, "created_at": "2026-11-01T10:00:00.000Z"},
    ]
    server.says(f"GET {REQUEST}/versions", versions)
    compare = f"GET {PROJECT}/repository/compare?from={{}}&to={COMMIT}&straight=true"
    server.says(compare.format(HEAD), {"diffs": [], "compare_timeout": False})
    server.says(compare.format(OLD), {"diffs": [{"new_path": "a"}], "compare_timeout": False})
    place = HubPlace(HubKind.GITLAB, server.url, "us/models/digits")
    return hub_at(place, keys(server.url))


def says(server: Answering, approving: list[str], *notes: dict[str, Any]) -> None:
    people = [{"user": {"id": 1, "username": one, "name": one.title()}} for one in approving]
    server.says(f"GET {REQUEST}/approvals", {"approved_by": people})
    listed = sorted(notes, key=lambda one: str(one["created_at"]), reverse=True)
    server.says(f"GET {REQUEST}/notes?sort=desc&order_by=created_at&per_page=100&page=1", listed)


def test_who_approves_now_counts_since_the_note_that_says_so(server: Answering, hub: Hub) -> None:
    says(
        server,
        ["ken"],
        note(1, "ken", "approved this merge request", 13),
        note(2, "lin", "approved this merge request", 13),
        note(3, "lin", "unapproved this merge request", 14),
        note(4, "ada", "requested changes", 13),
        note(5, "eve", "approved this merge request", 13, system=False),
        note(6, "bob", "approved this merge request", 13),
    )
    said = sorted((one.account, one.key, one.is_yes, one.at) for one in hub.opinions(COMMIT))
    assert said == [
        ("ada", "note 4", False, "2026-11-01T13:00:00.000Z"),
        ("ken", "note 1", True, "2026-11-01T13:00:00.000Z"),
    ]


def test_an_approval_is_of_what_the_branch_held_then(server: Answering, hub: Hub) -> None:
    says(
        server,
        ["ken", "lin"],
        note(1, "ken", "approved this merge request", 13),
        note(2, "lin", "approved this merge request", 11),
    )
    said = {one.account: (one.head, one.is_same_tree) for one in hub.opinions(COMMIT)}
    assert said == {"ken": (HEAD, True), "lin": (OLD, False)}


def test_the_key_goes_along(server: Answering, hub: Hub) -> None:
    hub.changes(COMMIT)
    assert server.asked[0].headers["private-token"] == "hunter2"


def test_an_account_is_known_by_an_email_that_one_user_shows(server: Answering, hub: Hub) -> None:
    ken = {"id": 1, "username": "ken", "name": "Ken"}
    server.says("GET /users?search=ken@example.org", [ken])
    server.says("GET /users?search=both@example.org", [ken, {**ken, "username": "kent"}])
    server.says("GET /users?search=no@example.org", [])
    emails = ["ken@example.org", "both@example.org", "no@example.org",
              "7-lin@users.noreply.gitlab.com"]  # fmt: skip
    found = {"ken@example.org": "ken", "7-lin@users.noreply.gitlab.com": "lin"}
    assert hub.accounts(emails) == found


def test_a_note_is_written_below_a_merge_request_and_an_issue(server: Answering, hub: Hub) -> None:
    server.says(f"POST {REQUEST}/notes", (201, {"id": 5}, {}))
    server.says(f"POST {PROJECT}/issues/7/notes", (201, {"id": 6}, {}))
    assert hub.comment(HubChange(12, URL, HEAD), "Look at it") == f"{URL}#note_5"
    hub.comment_issue("#7", "Look at it")
    assert [one.json for one in server.asked] == [{"body": "Look at it"}] * 2
    with pytest.raises(UsageError, match="Azure Boards"):
        hub.comment_issue("AB#3", "Look at it")


def test_what_was_written_below_an_issue_is_found_again(server: Answering, hub: Hub) -> None:
    query = "sort=desc&order_by=created_at&per_page=100&page=1"
    server.says(f"GET {PROJECT}/issues/7/notes?{query}", [{"id": 2, "body": "of k1."}])
    assert hub.has_comment("#7", "k1", "2026-11-29T00:00:00Z")
    assert not hub.has_comment("#7", "k2", "2026-11-29T00:00:00Z")
