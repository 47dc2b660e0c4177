"""A pull request on Azure DevOps, in the cloud or on a server of one's own.

The requests are those of https://learn.microsoft.com/rest/api/azure/devops/git, version 7.1: refs,
items, pushes and pull requests. A push whose old commit is that of the branch it starts from makes
branch and commit at once.
"""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, ClassVar, Final
from urllib.parse import quote, urlencode

import msgspec

from jupyter_mlcd.model.delivery import DeliveryState
from jupyter_mlcd.model.errors import WorldError
from jupyter_mlcd.targets.answers import told
from jupyter_mlcd.targets.pipeline import Call
from jupyter_mlcd.targets.pull_request import ALREADY, Pull, PullRequest, Read

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from jupyter_mlcd.ports import Parcel
    from jupyter_mlcd.world.credentials import Credential
    from jupyter_mlcd.world.http import Http

_VERSION: Final = {"api-version": "7.1"}


class _Ref(msgspec.Struct, rename="camel"):
    name: str
    object_id: str


class _Refs(msgspec.Struct):
    value: list[_Ref]


class _Item(msgspec.Struct, rename="camel"):
    object_id: str
    content: str | None = None


class _Pull(msgspec.Struct, rename="camel"):
    pull_request_id: int
    status: str
    source_ref_name: str
    description: str | None = ""


class _Pulls(msgspec.Struct):
    value: list[_Pull]


class _Repository(msgspec.Struct, rename="camel"):
    name: str
    is_disabled: bool = False


class AzurePullRequest(PullRequest):
    """``target = { kind = "application", repository = "us/shop/app", ... }`` on Azure DevOps."""

    system: ClassVar[str] = "Azure DevOps"
    most_letters: ClassVar[int] = 4_000
    opened: ClassVar[str] = "active"
    shown_key: ClassVar[str] = '-u ":$TOKEN"'
    states: ClassVar[Mapping[str, DeliveryState]] = {
        **ALREADY,
        "active": DeliveryState.DISPATCHED,
        "completed": DeliveryState.DELIVERED,
        "abandoned": DeliveryState.CANCELLED,
    }

    def _headers(self, found: Credential) -> dict[str, str]:
        words = base64.b64encode(f"{found.user}:{found.secret}".encode()).decode()
        return {"Authorization": f"Basic {words}"}

    def _read(self, http: Http) -> Read:
        name = f"refs/heads/{self.table.branch}"
        # The filter is a prefix: `heads/main` finds `heads/maintenance` too.
        refs = http.get(self._at("/refs", {"filter": name.removeprefix("refs/")}), _Refs).value
        commit = next((one.object_id for one in refs if one.name == name), "")
        if not commit:
            words = f"{self.place.repository} has no branch {self.table.branch}"
            raise WorldError(words, code="no-branch", hint="Write branch into mlcd.toml.")
        asked = {
            "path": f"/{self.table.file}",
            "includeContent": "true",
            "$format": "json",
            "versionDescriptor.version": commit,
            "versionDescriptor.versionType": "commit",
        }
        found = http.get(self._at("/items", asked), _Item)
        if found.content is None:
            words = f"Azure DevOps does not show {self.table.file}: it is no file of text"
            raise WorldError(words, code="no-file")
        return Read(found.content.encode(), commit, found.object_id)

    def _write(self, read: Read, content: bytes, branch: str, message: str) -> None:
        change = {
            "changeType": "edit",
            "item": {"path": f"/{self.table.file}"},
            "newContent": {
                "content": base64.b64encode(content).decode(),
                "contentType": "base64encoded",
            },
        }
        self.http.post(self._at("/pushes"), type(None), {
            "refUpdates": [{"name": f"refs/heads/{branch}", "oldObjectId": read.commit}],
            "commits": [{"comment": message, "changes": [change]}],
        })  # fmt: skip

    def _trigger(self, parcel: Parcel) -> Call:
        what = self._proposed(parcel)
        return Call(self._at("/pullrequests"), {
            "sourceRefName": f"refs/heads/{what.branch}",
            "targetRefName": f"refs/heads/{self.table.branch}",
            "title": what.title,
            "description": what.body,
        })  # fmt: skip

    def _open(self, call: Call) -> Pull:
        return self._told(self.http.post(call.path, _Pull, call.content))

    def _pulls(self, branch: str) -> Iterable[Pull]:
        asked = {
            "searchCriteria.sourceRefName": f"refs/heads/{branch}",
            "searchCriteria.status": "all",
        }
        return map(self._told, self.http.get(self._at("/pullrequests", asked), _Pulls).value)

    def _pull(self, number: str) -> Pull:
        path = self._at(f"/pullrequests/{quote(number, safe='')}")
        return self._told(self.http.get(path, _Pull))

    def _stop(self, ticket: Mapping[str, str]) -> None:
        path = self._at(f"/pullrequests/{quote(ticket['id'], safe='')}")
        self.http.change("PATCH", path, type(None), {"status": "abandoned"})

    def _rights(self) -> str:
        found = self.http.get(self._at(""), _Repository)
        if found.is_disabled:
            words = f"{told(found.name)} is disabled"
            raise WorldError(words, code="disabled", hint="Nothing can be written to it.")
        # Azure does not tell who may push: that is known when it is tried.
        return f"{told(found.name)} can be read"

    def _at(self, path: str, query: Mapping[str, str] = _VERSION) -> str:
        organization, project, name = self.place.repository.split("/")
        asked = urlencode({**_VERSION, **query})
        return f"/{organization}/{project}/_apis/git/repositories/{name}{path}?{asked}"

    def _told(self, one: _Pull) -> Pull:
        organization, project, name = self.place.repository.split("/")
        number = str(one.pull_request_id)
        page = f"{self.url}/{organization}/{project}/_git/{name}/pullrequest/{number}"
        branch = one.source_ref_name.removeprefix("refs/heads/")
        return Pull(number, one.status, branch, page, one.description or "")
