from __future__ import annotations

import base64
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
REPOSITORY = "/us/models/_apis/git/repositories/digits"
QUERY = f"POST {REPOSITORY}/pullrequestquery?api-version=7.1"


def reviewer(name: str, vote: int, *, group: bool = False) -> dict[str, Any]:
    return {
        "id": f"id-{name}",
        "displayName": name.title(),
        "uniqueName": f"{name}@example.org",
        "vote": vote,
        "isContainer": group,
    }


def vote(number: int, name: str, value: int, hour: int) -> dict[str, Any]:
    """Return the thread that Azure writes when somebody votes."""
    properties = {"CodeReviewThreadType": "VoteUpdate", "CodeReviewVoteResult": str(value),
                  "CodeReviewVotedByIdentity": "1"}  # fmt: skip
    return {
        "id": number,
        "publishedDate": f"2026-11-01T{hour}:00:00.1234567Z",
        "properties": {
            key: {"$type": "System.String", "$value": value} for key, value in properties.items()
        },
        "identities": {"1": {"id": f"id-{name}", "displayName": name.title()}},
    }


@pytest.fixture
def hub(server: Answering) -> Hub:
    iterations = [
        {"id": 1, "createdDate": "2026-11-01T10:00:00.5Z", "sourceRefCommit": {"commitId": OLD}},
        {"id": 2, "createdDate": "2026-11-01T12:00:00.5Z", "sourceRefCommit": {"commitId": HEAD}},
    ]
    path = f"GET {REPOSITORY}/pullRequests/12/iterations?api-version=7.1"
    server.says(path, {"value": iterations, "count": 2})
    for commit, tree in ((COMMIT, "t1"), (HEAD, "t1"), (OLD, "t2")):
        server.says(f"GET {REPOSITORY}/commits/{commit}?api-version=7.1", {"treeId": tree})
    place = HubPlace(HubKind.AZURE_DEVOPS, server.url, "us/models/digits")
    return hub_at(place, keys(server.url))


def says(server: Answering, reviewers: list[dict[str, Any]], *threads: dict[str, Any]) -> None:
    pull = {
        "pullRequestId": 12,
        "status": "active",
        "reviewers": reviewers,
        "createdBy": reviewer("ann", 0),
        "lastMergeSourceCommit": {"commitId": HEAD},
    }
    server.says(QUERY, {"results": [{COMMIT: [pull]}, {COMMIT: [pull]}]})
    spoken = {"id": 1, "publishedDate": "2026-11-01T09:00:00Z", "properties": None,
              "identities": None}  # fmt: skip
    path = f"GET {REPOSITORY}/pullRequests/12/threads?api-version=7.1"
    server.says(path, {"value": [spoken, *threads], "count": 1 + len(threads)})


def test_votes_of_people_count_and_those_of_groups_do_not(server: Answering, hub: Hub) -> None:
    says(
        server,
        [reviewer("ken", 10), reviewer("lin", 5), reviewer("ada", -5), reviewer("bob", 0),
         reviewer("team", 10, group=True)],
        vote(2, "ken", 10, 13),
        vote(3, "lin", 5, 13),
        vote(4, "ada", -5, 13),
    )  # fmt: skip
    said = [(one.account, one.key, one.is_yes) for one in hub.opinions(COMMIT)]
    assert said == [
        ("ken@example.org", "pull request 12, thread 2", True),
        ("lin@example.org", "pull request 12, thread 3", True),
        ("ada@example.org", "pull request 12, thread 4", False),
    ]


def test_a_vote_is_of_what_the_branch_held_then(server: Answering, hub: Hub) -> None:
    says(
        server,
        [reviewer("ken", 10), reviewer("lin", 10)],
        vote(2, "ken", -5, 11),
        vote(3, "ken", 10, 13),
        vote(4, "lin", 10, 11),
    )
    said = {one.name: (one.head, one.is_same_tree) for one in hub.opinions(COMMIT)}
    assert said == {"Ken": (HEAD, True), "Lin": (OLD, False)}


def test_a_vote_that_nothing_tells_the_time_of_does_not_count(server: Answering, hub: Hub) -> None:
    says(server, [reviewer("ken", 10), reviewer("lin", 10)], vote(2, "ken", 5, 13))
    assert hub.opinions(COMMIT) == []


def test_a_personal_access_token_is_a_password(server: Answering, hub: Hub) -> None:
    says(server, [])
    hub.changes(COMMIT)
    kind, _, words = server.asked[0].headers["authorization"].partition(" ")
    assert (kind, base64.b64decode(words)) == ("Basic", b":hunter2")


def test_a_pull_request_is_found_once_by_its_commit(server: Answering, hub: Hub) -> None:
    says(server, [])
    url = f"{server.url}/us/models/_git/digits/pullrequest/12"
    assert hub.changes(COMMIT) == [HubChange(12, url, HEAD)]
    kinds = [one["type"] for one in server.asked[0].json["queries"]]
    assert kinds == ["lastMergeCommit", "commit"]


def test_a_thread_and_a_comment_are_written(server: Answering, hub: Hub) -> None:
    threads = f"POST {REPOSITORY}/pullRequests/12/threads?api-version=7.1"
    server.says(threads, {"id": 5})
    items = (
        "POST /us/models/_apis/wit/workItems/{}/comments?api-version=7.1-preview.4&format=markdown"
    )
    server.says(items.format(7), {"id": 6})
    server.says(items.format(8), {"id": 7})
    assert hub.comment(HubChange(12, "https://a/12", HEAD), "Look") == "https://a/12?discussionId=5"
    assert hub.comment_issue("#7", "Look") == f"{server.url}/us/models/_workitems/edit/7"
    assert hub.comment_issue("AB#8", "Look") == f"{server.url}/us/models/_workitems/edit/8"
    assert server.asked[0].json["comments"][0]["content"] == "Look"
    with pytest.raises(UsageError, match="not on Azure Boards"):
        hub.comment_issue("us/digits#3", "Look")


def test_what_was_written_below_a_work_item_is_found_again(server: Answering, hub: Hub) -> None:
    path = "/us/models/_apis/wit/workItems/7/comments"
    query = "api-version=7.1-preview.4&$top=200&order=desc"
    server.says(f"GET {path}?{query}", {"comments": [{"id": 2, "text": "of k1."}]})
    assert hub.has_comment("AB#7", "k1", "2026-11-29T00:00:00Z")
    assert not hub.has_comment("#7", "k2", "2026-11-29T00:00:00Z")
