"""A pull request on GitHub, in the cloud or on a server of one's own.

The requests are those of https://docs.github.com/rest/pulls/pulls, .../rest/repos/contents and
.../rest/git/refs, version 2022-11-28. GitHub takes a file only where it is still the one that was
read.
"""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, ClassVar
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


class _Object(msgspec.Struct):
    sha: str


class _Ref(msgspec.Struct):
    object: _Object


class _File(msgspec.Struct):
    sha: str
    content: str = ""
    encoding: str = ""
    type: str = ""


class _Head(msgspec.Struct):
    ref: str


class _Pull(msgspec.Struct):
    number: int
    state: str
    html_url: str
    head: _Head
    body: str | None = ""
    merged_at: str | None = None


class _Repository(msgspec.Struct):
    full_name: str
    permissions: dict[str, bool] = {}


class GitHubPullRequest(PullRequest):
    """``target = { kind = "application", repository = "us/shop", ... }`` on GitHub."""

    system: ClassVar[str] = "GitHub"
    most_letters: ClassVar[int] = 65_536
    shown_key: ClassVar[str] = '-H "Authorization: Bearer $TOKEN"'
    states: ClassVar[Mapping[str, DeliveryState]] = {
        **ALREADY,
        "open": DeliveryState.DISPATCHED,
        "merged": DeliveryState.DELIVERED,
        "closed": DeliveryState.CANCELLED,
    }

    def _headers(self, found: Credential) -> dict[str, str]:
        return {
            "Accept": "application/vnd.github+json",
            "X-GitHub-Api-Version": "2022-11-28",
            "Authorization": f"Bearer {found.secret}",
        }

    def _read(self, http: Http) -> Read:
        branch = quote(self.table.branch)
        commit = http.get(f"{self._path}/git/ref/heads/{branch}", _Ref).object.sha
        found = http.get(self._file, _File, {"ref": commit})
        if found.encoding != "base64":
            words = f"GitHub does not show {self.table.file}: it is a large file, or none"
            raise WorldError(words, code="no-file")
        return Read(from_base64(found.content), commit, found.sha)

    def _write(self, read: Read, content: bytes, branch: str, message: str) -> None:
        ref = {"ref": f"refs/heads/{branch}", "sha": read.commit}
        self.http.post(f"{self._path}/git/refs", _Ref, ref)
        coded = base64.b64encode(content).decode()
        changed = {"message": message, "content": coded, "sha": read.blob, "branch": branch}
        self.http.change("PUT", self._file, type(None), changed)

    def _trigger(self, parcel: Parcel) -> Call:
        what = self._proposed(parcel)
        return Call(f"{self._path}/pulls", {
            "title": what.title,
            "head": what.branch,
            "base": self.table.branch,
            "body": what.body,
        })  # fmt: skip

    def _open(self, call: Call) -> Pull:
        return _told(self.http.post(call.path, _Pull, call.content))

    def _pulls(self, branch: str) -> Iterable[Pull]:
        owner = self.place.repository.partition("/")[0]
        query = {"state": "all", "head": f"{owner}:{branch}"}
        return map(_told, self.http.pages(f"{self._path}/pulls", list[_Pull], query))

    def _pull(self, number: str) -> Pull:
        return _told(self.http.get(f"{self._path}/pulls/{quote(number, safe='')}", _Pull))

    def _stop(self, ticket: Mapping[str, str]) -> None:
        path = f"{self._path}/pulls/{quote(ticket['id'], safe='')}"
        self.http.change("PATCH", path, type(None), {"state": "closed"})

    def _rights(self) -> str:
        found = self.http.get(self._path, _Repository)
        if found.permissions and not found.permissions.get("push"):
            words = f"the key may read {told(found.full_name)} and not write to it"
            hint = "Give it Contents: write and Pull requests: write."
            raise WorldError(words, code="no-right", hint=hint)
        return f"{told(found.full_name)} can be written to"

    @property
    def _path(self) -> str:
        return f"/repos/{self.place.repository}"

    @property
    def _file(self) -> str:
        return f"{self._path}/contents/{quote(self.table.file)}"


def _told(one: _Pull) -> Pull:
    word = "merged" if one.merged_at else one.state
    return Pull(str(one.number), word, one.head.ref, one.html_url, one.body or "")
