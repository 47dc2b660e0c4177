"""GitHub, in the cloud or on a server of one's own (``url = "https://HOST/api/v3"``).

The requests are those of https://docs.github.com/rest/pulls/reviews and .../rest/commits/commits,
version 2022-11-28. A review counts as it is bound there: to the commit that was looked at.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, partial
from typing import TYPE_CHECKING, Final

import msgspec

from jupyter_mlcd.model.errors import UsageError
from jupyter_mlcd.model.hub import HubChange, HubPlace, Opinion

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from jupyter_mlcd.world.http import Http

_NO_REPLY: Final = re.compile(r"(?:\d+\+)?([\w-]+(?:\[bot\])?)@users\.noreply\.github\.com\Z")
_DECIDES: Final = {"APPROVED", "CHANGES_REQUESTED", "DISMISSED"}


class _Account(msgspec.Struct):
    login: str


class _Head(msgspec.Struct):
    sha: str


class _Pull(msgspec.Struct):
    number: int
    html_url: str
    state: str
    head: _Head


class _Review(msgspec.Struct):
    id: int
    state: str
    html_url: str
    user: _Account | None = None
    submitted_at: str = ""
    commit_id: str | None = ""


class _Commit(msgspec.Struct):
    tree: _Head


class _Written(msgspec.Struct):
    author: _Account | None = None


class _Page(msgspec.Struct):
    html_url: str


class _Comment(msgspec.Struct):
    body: str | None = ""


@dataclass(frozen=True)
class GitHub:
    """Implements ``ports.Hub``."""

    place: HubPlace
    http: Http

    @staticmethod
    def headers(token: str) -> dict[str, str]:
        """Return what every request carries; without a key, what is public can be read."""
        about = {
            "Accept": "application/vnd.github+json",
            "X-GitHub-Api-Version": "2022-11-28",
        }
        return {**about, "Authorization": f"Bearer {token}"} if token else about

    def opinions(self, commit: str) -> Sequence[Opinion]:
        """Return what each person last said in a review of the pull requests of a commit."""
        is_same = cache(partial(self._is_same_tree, commit))
        return [
            Opinion(
                key=f"review {review.id}",
                account=account,
                is_yes=review.state == "APPROVED",
                at=review.submitted_at,
                url=review.html_url,
                head=review.commit_id or "",
                is_same_tree=is_same(review.commit_id or ""),
            )
            for change in self.changes(commit)
            for account, review in self._last(change.number)
            if review.state != "DISMISSED"
        ]

    def accounts(self, emails: Iterable[str]) -> dict[str, str]:
        """Return the accounts that the commits of these e-mails are linked with."""
        found = {email: self._account(email) for email in emails}
        return {email: account for email, account in found.items() if account}

    def changes(self, commit: str) -> Sequence[HubChange]:
        """Return the pull requests that hold a commit, or were merged as it."""
        pulls = self.http.get(f"{self._repository}/commits/{commit}/pulls", list[_Pull])
        return [
            HubChange(pull.number, pull.html_url, pull.head.sha, pull.state == "open")
            for pull in pulls
        ]

    def comment(self, change: HubChange, text: str) -> str:
        """Comment on a pull request."""
        return self._comment(self._repository, change.number, text)

    def comment_issue(self, issue: str, text: str) -> str:
        """Comment on an issue, also on one of another repository."""
        return self._comment(*self._named(issue), text)

    def has_comment(self, issue: str, words: str, since: str) -> bool:
        """Whether these words stand below an issue since then."""
        repository, number = self._named(issue)
        path = f"{repository}/issues/{number}/comments"
        written = self.http.pages(path, list[_Comment], {"since": since})
        return any(words in (one.body or "") for one in written)

    @property
    def _repository(self) -> str:
        return f"/repos/{self.place.repository}"

    def _named(self, issue: str) -> tuple[str, int]:
        where, _, number = issue.rpartition("#")
        if where == "AB":
            raise UsageError(f"{issue} is on Azure Boards, not on GitHub", hint="Nothing was sent.")
        return f"/repos/{where}" if where else self._repository, int(number)

    def _comment(self, repository: str, number: int, text: str) -> str:
        path = f"{repository}/issues/{number}/comments"
        return self.http.post(path, _Page, {"body": text}).html_url

    def _last(self, number: int) -> Iterator[tuple[str, _Review]]:
        """Yield what each person last decided; a comment does not take an approval back."""
        last: dict[str, _Review] = {}
        path = f"{self._repository}/pulls/{number}/reviews"
        for review in self.http.pages(path, list[_Review]):
            if review.user is not None and review.state in _DECIDES:
                last[review.user.login] = review
        yield from last.items()

    def _is_same_tree(self, commit: str, head: str) -> bool:
        return head == commit or (bool(head) and self._tree(head) == self._tree(commit))

    def _tree(self, commit: str) -> str:
        return self.http.get(f"{self._repository}/git/commits/{commit}", _Commit).tree.sha

    def _account(self, email: str) -> str:
        if own := _NO_REPLY.match(email):
            return own[1]
        query = {"author": email, "per_page": "1"}
        written = self.http.get(f"{self._repository}/commits", list[_Written], query)
        return written[0].author.login if written and written[0].author else ""
