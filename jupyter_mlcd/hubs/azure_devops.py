"""Azure DevOps, in the cloud or on a server of one's own.

The requests are those of https://learn.microsoft.com/rest/api/azure/devops/git, version 7.1. A vote
stays when the branch goes on, so its thread says when it was given: it is of what the branch held
at that moment.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass
from functools import cache, partial
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

import msgspec

from jupyter_mlcd.hubs.moments import head_at
from jupyter_mlcd.model.errors import UsageError
from jupyter_mlcd.model.hub import HubChange, HubPlace, Opinion
from jupyter_mlcd.world.clock import parse_time

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from jupyter_mlcd.world.http import Http

_VERSION: Final = {"api-version": "7.1"}
_APPROVED: Final = {5, 10}
"""Approved with suggestions, and approved: both let a change through."""
_WAITS: Final = {-5, -10}
_VOTED: Final = "VoteUpdate"


class _Reviewer(msgspec.Struct, rename="camel"):
    id: str
    display_name: str = ""
    unique_name: str = ""
    vote: int = 0
    is_container: bool = False
    """Whether it is a group: its members have votes of their own."""


class _Commit(msgspec.Struct, rename="camel"):
    commit_id: str


class _Pull(msgspec.Struct, rename="camel"):
    pull_request_id: int
    status: str
    reviewers: list[_Reviewer] = []
    created_by: _Reviewer | None = None
    last_merge_source_commit: _Commit | None = None


class _Pulls(msgspec.Struct):
    results: list[dict[str, list[_Pull]]]


class _Value(msgspec.Struct):
    value: Any = msgspec.field(name="$value", default="")


class _Identity(msgspec.Struct):
    id: str


class _Thread(msgspec.Struct, rename="camel"):
    id: int
    published_date: str = ""
    properties: dict[str, _Value] | None = None
    identities: dict[str, _Identity] | None = None


class _Threads(msgspec.Struct):
    value: list[_Thread]


class _Iteration(msgspec.Struct, rename="camel"):
    created_date: str
    source_ref_commit: _Commit


class _Iterations(msgspec.Struct):
    value: list[_Iteration]


class _Tree(msgspec.Struct, rename="camel"):
    tree_id: str


class _Id(msgspec.Struct):
    id: int


class _Comment(msgspec.Struct):
    text: str | None = ""


class _Comments(msgspec.Struct):
    comments: list[_Comment]


@dataclass(frozen=True)
class AzureDevOps:
    """Implements ``ports.Hub``."""

    place: HubPlace
    http: Http

    @staticmethod
    def headers(token: str) -> dict[str, str]:
        """Return what every request carries: a personal access token is a password."""
        words = base64.b64encode(f":{token}".encode()).decode()
        return {"Authorization": f"Basic {words}"} if token else {}

    def opinions(self, commit: str) -> Sequence[Opinion]:
        """Return how each person voted on the pull requests of a commit."""
        return [said for pull in self._pulls(commit) for said in self._said(pull, commit)]

    def accounts(self, emails: Iterable[str]) -> dict[str, str]:  # noqa: ARG002
        """Return nothing: Azure DevOps does not say whose account an e-mail of a commit is."""
        return {}

    def changes(self, commit: str) -> Sequence[HubChange]:
        """Return the pull requests that hold a commit, or were merged as it."""
        return [
            HubChange(
                pull.pull_request_id,
                self._page(pull.pull_request_id),
                pull.last_merge_source_commit.commit_id if pull.last_merge_source_commit else "",
                pull.status == "active",
            )
            for pull in self._pulls(commit)
        ]

    def comment(self, change: HubChange, text: str) -> str:
        """Begin a thread on a pull request."""
        path = self._in_repository(f"/pullRequests/{change.number}/threads")
        first = {"parentCommentId": 0, "content": text, "commentType": 1}
        thread = self.http.post(path, _Id, {"comments": [first], "status": 1})
        return f"{change.url}?discussionId={thread.id}"

    def comment_issue(self, issue: str, text: str) -> str:
        """Comment on a work item."""
        number = _number(issue)
        self.http.post(f"{self._comments(number)}&format=markdown", _Id, {"text": text})
        return f"{self.http.address}{self._project}/_workitems/edit/{number}"

    def has_comment(self, issue: str, words: str, since: str) -> bool:
        """Whether these words stand below a work item; the newest 200 comments are looked at."""
        del since  # the newest are told first
        path = f"{self._comments(_number(issue))}&$top=200&order=desc"
        return any(words in (one.text or "") for one in self.http.get(path, _Comments).comments)

    @property
    def _project(self) -> str:
        organization, project, _ = self.place.repository.split("/")
        return f"/{organization}/{project}"

    def _comments(self, number: str) -> str:
        version = "api-version=7.1-preview.4"
        return f"{self._project}/_apis/wit/workItems/{number}/comments?{version}"

    def _in_repository(self, path: str, query: Mapping[str, str] = _VERSION) -> str:
        name = self.place.repository.rpartition("/")[2]
        asked = "&".join(f"{key}={quote(value)}" for key, value in query.items())
        return f"{self._project}/_apis/git/repositories/{name}{path}?{asked}"

    def _page(self, number: int) -> str:
        name = self.place.repository.rpartition("/")[2]
        return f"{self.http.address}{self._project}/_git/{name}/pullrequest/{number}"

    def _pulls(self, commit: str) -> list[_Pull]:
        kinds = ("lastMergeCommit", "commit")
        asked = {"queries": [{"items": [commit], "type": kind} for kind in kinds]}
        found = self.http.post(self._in_repository("/pullrequestquery"), _Pulls, asked)
        every = [pull for result in found.results for pull in result.get(commit, [])]
        return list({pull.pull_request_id: pull for pull in every}.values())

    def _said(self, pull: _Pull, commit: str) -> Iterator[Opinion]:
        voted = [
            one for one in pull.reviewers if not one.is_container and one.vote in _APPROVED | _WAITS
        ]
        if not voted:
            return
        path = f"/pullRequests/{pull.pull_request_id}"
        threads = self.http.get(self._in_repository(f"{path}/threads"), _Threads).value
        iterations = self.http.get(self._in_repository(f"{path}/iterations"), _Iterations).value
        heads = [(one.created_date, one.source_ref_commit.commit_id) for one in iterations]
        is_same = cache(partial(self._is_same_tree, commit))
        for person in voted:
            thread = _vote(person, threads)
            if thread is None:
                continue
            head = head_at(thread.published_date, heads)
            yield Opinion(
                key=f"pull request {pull.pull_request_id}, thread {thread.id}",
                account=person.unique_name or person.id,
                name=person.display_name,
                email=person.unique_name if "@" in person.unique_name else "",
                is_yes=person.vote in _APPROVED,
                at=thread.published_date,
                url=self._page(pull.pull_request_id),
                head=head,
                is_same_tree=is_same(head),
            )

    def _is_same_tree(self, commit: str, head: str) -> bool:
        return head == commit or (bool(head) and self._tree(head) == self._tree(commit))

    def _tree(self, commit: str) -> str:
        return self.http.get(self._in_repository(f"/commits/{commit}"), _Tree).tree_id


def _number(issue: str) -> str:
    where, _, number = issue.rpartition("#")
    if where not in {"", "AB"}:
        raise UsageError(f"{issue} is not on Azure Boards", hint="Nothing was sent.")
    return number


def _vote(person: _Reviewer, threads: Sequence[_Thread]) -> _Thread | None:
    """Return the thread that tells of a person's last vote; None where it was another one."""
    own = [one for one in threads if _is_of(person, one)]
    if not own:
        return None
    last = max(own, key=lambda one: parse_time(one.published_date))
    told = (last.properties or {}).get("CodeReviewVoteResult", _Value())
    return last if str(told.value) == str(person.vote) else None


def _is_of(person: _Reviewer, thread: _Thread) -> bool:
    properties = thread.properties or {}
    kind = properties.get("CodeReviewThreadType", _Value()).value
    voter = str(properties.get("CodeReviewVotedByIdentity", _Value()).value)
    identity = (thread.identities or {}).get(voter)
    return kind == _VOTED and identity is not None and identity.id == person.id
