"""A merge request on GitLab, in the cloud or on a server of one's own.

The requests are those of https://docs.gitlab.com/api/merge_requests, .../api/commits and
.../api/repository_files, version 4. Branch and commit are made at once.
"""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, ClassVar, Final
from urllib.parse import quote

import msgspec

from jupyter_mlcd.model.delivery import DeliveryState
from jupyter_mlcd.model.errors import WorldError
from jupyter_mlcd.targets.answers import told
from jupyter_mlcd.targets.pipeline import Call
from jupyter_mlcd.targets.pull_request import ALREADY, Pull, PullRequest, Read, from_base64

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from jupyter_mlcd.ports import Parcel
    from jupyter_mlcd.world.credentials import Credential
    from jupyter_mlcd.world.http import Http

_DEVELOPER: Final = 30


class _Commit(msgspec.Struct):
    id: str


class _Branch(msgspec.Struct):
    commit: _Commit


class _File(msgspec.Struct):
    content: str
    last_commit_id: str


class _Merge(msgspec.Struct):
    iid: int
    state: str
    source_branch: str
    web_url: str
    description: str | None = ""


class _Access(msgspec.Struct):
    access_level: int = 0


class _Project(msgspec.Struct):
    path_with_namespace: str
    permissions: dict[str, _Access | None] = {}


class GitLabPullRequest(PullRequest):
    """``target = { kind = "application", repository = "us/shop", ... }`` on GitLab."""

    system: ClassVar[str] = "GitLab"
    most_letters: ClassVar[int] = 1_048_576
    what: ClassVar[str] = "merge request"
    opened: ClassVar[str] = "opened"
    shown_key: ClassVar[str] = '-H "PRIVATE-TOKEN: $TOKEN"'
    states: ClassVar[Mapping[str, DeliveryState]] = {
        **ALREADY,
        "opened": DeliveryState.DISPATCHED,
        "locked": DeliveryState.DISPATCHED,  # while it is being merged
        "merged": DeliveryState.DELIVERED,
        "closed": DeliveryState.CANCELLED,
    }

    def _headers(self, found: Credential) -> dict[str, str]:
        return {"PRIVATE-TOKEN": found.secret}

    def _read(self, http: Http) -> Read:
        branch = quote(self.table.branch, safe="")
        commit = http.get(f"{self._path}/repository/branches/{branch}", _Branch).commit.id
        file = quote(self.table.file, safe="")
        found = http.get(f"{self._path}/repository/files/{file}", _File, {"ref": commit})
        return Read(from_base64(found.content), commit, found.last_commit_id)

    def _write(self, read: Read, content: bytes, branch: str, message: str) -> None:
        action = {
            "action": "update",
            "file_path": self.table.file,
            "content": base64.b64encode(content).decode(),
            "encoding": "base64",
            "last_commit_id": read.blob,
        }
        self.http.post(f"{self._path}/repository/commits", _Commit, {
            "branch": branch,
            "start_sha": read.commit,
            "commit_message": message,
            "actions": [action],
        })  # fmt: skip

    def _trigger(self, parcel: Parcel) -> Call:
        what = self._proposed(parcel)
        return Call(f"{self._path}/merge_requests", {
            "source_branch": what.branch,
            "target_branch": self.table.branch,
            "title": what.title,
            "description": what.body,
            "remove_source_branch": True,
        })  # fmt: skip

    def _open(self, call: Call) -> Pull:
        return _told(self.http.post(call.path, _Merge, call.content))

    def _pulls(self, branch: str) -> Iterable[Pull]:
        query = {"state": "all", "source_branch": branch}
        return map(_told, self.http.pages(f"{self._path}/merge_requests", list[_Merge], query))

    def _pull(self, number: str) -> Pull:
        path = f"{self._path}/merge_requests/{quote(number, safe='')}"
        return _told(self.http.get(path, _Merge))

    def _stop(self, ticket: Mapping[str, str]) -> None:
        path = f"{self._path}/merge_requests/{quote(ticket['id'], safe='')}"
        self.http.change("PUT", path, type(None), {"state_event": "close"})

    def _rights(self) -> str:
        found = self.http.get(self._path, _Project)
        levels = [one.access_level for one in found.permissions.values() if one is not None]
        if levels and max(levels) < _DEVELOPER:
            words = f"the key may read {told(found.path_with_namespace)} and not write to it"
            raise WorldError(words, code="no-right", hint="It needs the role Developer and api.")
        return f"{told(found.path_with_namespace)} can be written to"

    @property
    def _path(self) -> str:
        return f"/projects/{quote(self.place.repository, safe='')}"


def _told(one: _Merge) -> Pull:
    return Pull(str(one.iid), one.state, one.source_branch, one.web_url, one.description or "")
