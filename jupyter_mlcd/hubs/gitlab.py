"""GitLab, in the cloud or on a server of one's own.

The requests are those of https://docs.gitlab.com/api/merge_request_approvals and .../api/notes,
version 4. GitLab says who approves a merge request now, and its notes say since when: an approval
is of what the branch held at that moment.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, partial
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

import msgspec

from jupyter_mlcd.hubs.moments import head_at
from jupyter_mlcd.model.errors import UsageError
from jupyter_mlcd.model.hub import HubChange, HubPlace, Opinion

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from jupyter_mlcd.world.http import Http

_NO_REPLY: Final = re.compile(r"(?:\d+-)?([\w.-]+)@users\.noreply\.gitlab\.com\Z")
_APPROVED: Final = "approved this merge request"
_NOT_ANY_MORE: Final = "unapproved this merge request"
_CHANGES: Final = "requested changes"


class _User(msgspec.Struct):
    username: str
    name: str = ""


class _MergeRequest(msgspec.Struct):
    iid: int
    web_url: str
    state: str
    sha: str | None = ""


class _Approver(msgspec.Struct):
    user: _User


class _Approvals(msgspec.Struct):
    approved_by: list[_Approver] = []


class _Note(msgspec.Struct):
    id: int
    body: str
    author: _User
    created_at: str
    system: bool = False


class _Version(msgspec.Struct):
    head_commit_sha: str
    created_at: str


class _Compared(msgspec.Struct):
    diffs: list[dict[str, Any]]
    compare_timeout: bool = False


class _Id(msgspec.Struct):
    id: int


class _Text(msgspec.Struct):
    body: str


@dataclass(frozen=True)
class GitLab:
    """Implements ``ports.Hub``."""

    place: HubPlace
    http: Http

    @staticmethod
    def headers(token: str) -> dict[str, str]:
        """Return what every request carries; without a key, what is public can be read."""
        return {"PRIVATE-TOKEN": token} if token else {}

    def opinions(self, commit: str) -> Sequence[Opinion]:
        """Return what each person last said of the merge requests of a commit."""
        return [said for change in self.changes(commit) for said in self._said(change, commit)]

    def accounts(self, emails: Iterable[str]) -> dict[str, str]:
        """Return the accounts that show these e-mails, or that GitLab hides behind its own."""
        found = {}
        for email in emails:
            if own := _NO_REPLY.match(email):
                found[email] = own[1]
                continue
            users = self.http.get("/users", list[_User], {"search": email})
            if len(users) == 1:
                found[email] = users[0].username
        return found

    def changes(self, commit: str) -> Sequence[HubChange]:
        """Return the merge requests that hold a commit, or were merged as it."""
        path = f"{self._project}/repository/commits/{commit}/merge_requests"
        return [
            HubChange(one.iid, one.web_url, one.sha or "", one.state == "opened")
            for one in self.http.get(path, list[_MergeRequest])
        ]

    def comment(self, change: HubChange, text: str) -> str:
        """Write a note below a merge request."""
        return self._note(f"{self._project}/merge_requests/{change.number}", text, change.url)

    def comment_issue(self, issue: str, text: str) -> str:
        """Write a note below an issue, also below one of another project."""
        return self._note(self._issue(issue), text, "")

    def has_comment(self, issue: str, words: str, since: str) -> bool:
        """Whether these words stand below an issue; the newest thousand notes are looked at."""
        del since  # GitLab tells the newest first
        query = {"sort": "desc", "order_by": "created_at"}
        notes = self.http.pages(f"{self._issue(issue)}/notes", list[_Text], query)
        return any(words in one.body for one in notes)

    @property
    def _project(self) -> str:
        return self._named("")

    def _issue(self, issue: str) -> str:
        where, _, number = issue.rpartition("#")
        if where == "AB":
            raise UsageError(f"{issue} is on Azure Boards, not on GitLab", hint="Nothing was sent.")
        return f"{self._named(where)}/issues/{number}"

    def _named(self, repository: str) -> str:
        return f"/projects/{quote(repository or self.place.repository, safe='')}"

    def _note(self, path: str, text: str, url: str) -> str:
        note = self.http.post(f"{path}/notes", _Id, {"body": text})
        return f"{url}#note_{note.id}" if url else ""

    def _said(self, change: HubChange, commit: str) -> Iterator[Opinion]:
        path = f"{self._project}/merge_requests/{change.number}"
        approvals = self.http.get(f"{path}/approvals", _Approvals)
        approving = {one.user.username for one in approvals.approved_by}
        query = {"sort": "desc", "order_by": "created_at"}
        last: dict[str, _Note] = {}
        for note in self.http.pages(f"{path}/notes", list[_Note], query):
            if note.system and note.body.startswith((_APPROVED, _NOT_ANY_MORE, _CHANGES)):
                last.setdefault(note.author.username, note)
        versions = self.http.get(f"{path}/versions", list[_Version]) if last else []
        heads = [(one.created_at, one.head_commit_sha) for one in versions]
        is_same = cache(partial(self._is_same_tree, commit))
        for account, note in last.items():
            is_yes = note.body.startswith(_APPROVED)
            if (is_yes and account not in approving) or note.body.startswith(_NOT_ANY_MORE):
                continue
            head = head_at(note.created_at, heads)
            yield Opinion(
                key=f"note {note.id}",
                account=account,
                name=note.author.name,
                is_yes=is_yes,
                at=note.created_at,
                url=f"{change.url}#note_{note.id}",
                head=head,
                is_same_tree=is_same(head),
            )

    def _is_same_tree(self, commit: str, head: str) -> bool:
        if not head or head == commit:
            return bool(head)
        query = {"from": head, "to": commit, "straight": "true"}
        compared = self.http.get(f"{self._project}/repository/compare", _Compared, query)
        return not compared.diffs and not compared.compare_timeout
