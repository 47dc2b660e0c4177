"""Repositories of applications on GitHub, GitLab and Azure DevOps, as their vendors document them.

GitHub in version 2022-11-28, GitLab in version 4, Azure DevOps in version 7.1: branches, files,
commits and pull requests, as far as a version is proposed there.
"""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass, field
from typing import Any, ClassVar

from tests.targets.stand_in.server import (
    ANY_WORD,
    NUMBER,
    SECRET,
    WORD,
    YES_NO,
    Asked,
    Begun,
    Reply,
    Route,
    Vendor,
    exactly,
    many,
    one_of,
    thing,
)

FILE = "deploy/values.yaml"
TEXT = """\
# How the shop is deployed.
model:
  version: "0.0.9"   # set by deliveries
  replicas: 2
"""
_COMMIT = {"type": "string", "pattern": "^[0-9a-f]{40}$"}
_PERHAPS = {"type": ["string", "null"]}


@dataclass
class Repository(Vendor):
    """A repository ``us/shop`` that holds one file, with its branches and pull requests."""

    branches: dict[str, list[str]] = field(default_factory=lambda: {"main": [TEXT]})
    """``{name: the file after each commit}``."""
    may_write: bool = True
    words: ClassVar[tuple[str, str, str]]
    """One that is open, merged, closed."""
    numbered_by: ClassVar[str]
    """What its number is called."""

    def tip(self, branch: str) -> str:
        """Return the commit that a branch is at."""
        return hashlib.sha1("\0".join(self.branches[branch]).encode()).hexdigest()  # noqa: S324

    def text_at(self, commit: str) -> str:
        """Return the file as a commit holds it."""
        return next(self.branches[one][-1] for one in self.branches if self.tip(one) == commit)

    def branch_off(self, branch: str, start: str, *texts: str) -> bool:
        """Make a branch where there is none, with these commits on it; whether it was made."""
        if branch in self.branches:
            return False
        before = next(list(one) for name, one in self.branches.items() if self.tip(name) == start)
        self.branches[branch] = [*before, *texts]
        return True

    def propose(self, branch: str, given: dict[str, Any]) -> Begun | None:
        """Open a pull request; None where one is open for the branch."""
        if any(one.tag == branch and one.stage < 2 for one in self.begun):
            return None
        body = given.get("body") or given.get("description") or ""
        key = next((word.strip("`") for word in body.split() if len(word.strip("`")) == 32), "")
        return self.begin(key, branch, given)

    def stranger(self, reply: Reply) -> Reply:
        """Return the answer as it would be of another pull request, each of a list too."""
        return reply._replace(body=self._renumbered(reply.body))

    def _renumbered(self, body: Any) -> Any:
        if isinstance(body, list):
            return [self._renumbered(one) for one in body]
        if isinstance(body, dict) and self.numbered_by in body:
            return {**body, self.numbered_by: 999_999}
        if isinstance(body, dict) and "value" in body:
            return {**body, "value": self._renumbered(body["value"])}
        return body

    def word(self, one: Begun) -> str:
        """Return how one stands in the vendor's word."""
        return (one.result or self.words[1]) if one.stage == 2 else self.words[0]


_BEFORE = thing({"sha": WORD, "content": ANY_WORD, "encoding": one_of("base64"), "type": WORD})
_PULL = thing(
    {"number": NUMBER, "state": one_of("open", "closed"), "html_url": WORD,
     "head": thing({"ref": WORD, "sha": WORD}), "base": thing({"ref": WORD})},
    body=_PERHAPS, merged_at=_PERHAPS,
)  # fmt: skip


class GitHubShop(Repository):
    """``us/shop`` on GitHub."""

    words = ("open", "merged", "closed")
    numbered_by = "number"

    def routes(self) -> list[Route]:
        us, ref = "/repos/us/shop", thing({"ref": WORD, "object": thing({"sha": _COMMIT})})
        put = exactly({"message": WORD, "content": WORD, "sha": WORD, "branch": WORD})
        make = exactly({"title": WORD, "head": WORD, "base": WORD}, body=ANY_WORD, draft=YES_NO)
        return [
            Route("GET", f"{us}/git/ref/heads/main", self.ref, None, ref),
            Route("POST", f"{us}/git/refs", self.make_ref, exactly({"ref": WORD, "sha": _COMMIT}),
                  ref),
            Route("GET", f"{us}/contents/{FILE}", self.read, None, _BEFORE),
            Route("PUT", f"{us}/contents/{FILE}", self.write, put, thing({"commit": thing({})})),
            Route("POST", f"{us}/pulls", self.open, make, _PULL, triggers=True),
            Route("GET", f"{us}/pulls", self.listed, None, many(_PULL)),
            Route("GET", f"{us}/pulls/{{}}", self.shown, None, _PULL),
            Route("PATCH", f"{us}/pulls/{{}}", self.close, exactly({"state": {"const": "closed"}}),
                  _PULL),
            Route("GET", us, lambda _: Reply(200, {
                "full_name": "us/shop", "permissions": {"push": self.may_write}}), None,
                thing({"full_name": WORD})),
        ]  # fmt: skip

    def knows(self, asked: Asked) -> bool:
        return asked.headers.get("authorization") == f"Bearer {SECRET}"

    def ref(self, _: Asked) -> Reply:
        return Reply(200, {"ref": "refs/heads/main", "object": {"sha": self.tip("main")}})

    def make_ref(self, asked: Asked) -> Reply:
        branch = asked.body["ref"].removeprefix("refs/heads/")
        if not self.branch_off(branch, asked.body["sha"]):
            return Reply(422, {"message": "Reference already exists"})
        return Reply(201, {"ref": asked.body["ref"], "object": {"sha": asked.body["sha"]}})

    def read(self, asked: Asked) -> Reply:
        text = self.text_at(asked.query["ref"])
        return Reply(200, {
            "type": "file", "encoding": "base64", "sha": _blob(text),
            "content": base64.encodebytes(text.encode()).decode(),
        })  # fmt: skip

    def write(self, asked: Asked) -> Reply:
        commits = self.branches[asked.body["branch"]]
        if _blob(commits[-1]) != asked.body["sha"]:
            return Reply(409, {"message": f"{FILE} does not match {asked.body['sha']}"})
        commits.append(base64.b64decode(asked.body["content"]).decode())
        return Reply(200, {"content": {}, "commit": {"sha": self.tip(asked.body["branch"])}})

    def open(self, asked: Asked) -> Reply:
        one = self.propose(asked.body["head"], asked.body)
        if one is None:
            return Reply(422, {"message": "Validation Failed"})
        return Reply(201, self._pull(one))

    def _pull(self, one: Begun) -> dict[str, Any]:
        word = self.word(one)
        return {
            "number": one.number,
            "state": word if word in {"open", "exploded"} else "closed",
            "merged_at": "2026-11-01T10:00:00Z" if word == "merged" else None,
            "html_url": f"https://github.example/us/shop/pull/{one.number}",
            "head": {"ref": one.tag, "sha": self.tip(one.tag)},
            "base": {"ref": one.given["base"]},
            "body": one.given["body"],
        }

    def listed(self, asked: Asked) -> Reply:
        assert asked.query["state"] == "all"
        branch = asked.query["head"].removeprefix("us:")
        return Reply(200, [self._pull(one) for one in self.begun if one.tag == branch])

    def shown(self, asked: Asked) -> Reply:
        one = self.numbered(asked.found[0])
        return Reply(200, self._pull(one)) if one else Reply(404, {"message": "Not Found"})

    def close(self, asked: Asked) -> Reply:
        one = self.numbered(asked.found[0])
        assert one
        one.stage, one.result = 2, "closed"
        return Reply(200, self._pull(one))


_STATE = one_of("opened", "closed", "locked", "merged")
_MERGE = thing({
    "iid": NUMBER, "state": _STATE, "source_branch": WORD, "target_branch": WORD, "web_url": WORD,
})  # fmt: skip
_ACTION = exactly({
    "action": one_of("update"), "file_path": WORD, "content": WORD, "encoding": one_of("base64"),
    "last_commit_id": WORD,
})  # fmt: skip


class GitLabShop(Repository):
    """``us/shop`` on GitLab."""

    words = ("opened", "merged", "closed")
    numbered_by = "iid"

    def routes(self) -> list[Route]:
        us = "/api/v4/projects/us%2Fshop"
        commit = exactly({"branch": WORD, "start_sha": _COMMIT, "commit_message": WORD,
                          "actions": many(_ACTION)})  # fmt: skip
        make = exactly({"source_branch": WORD, "target_branch": WORD, "title": WORD},
                       description=ANY_WORD, remove_source_branch=YES_NO)  # fmt: skip
        file = thing({"content": WORD, "encoding": one_of("base64"), "last_commit_id": WORD})
        return [
            Route("GET", f"{us}/repository/branches/main", self.branch, None,
                  thing({"commit": thing({"id": _COMMIT})})),
            Route("GET", f"{us}/repository/files/deploy%2Fvalues.yaml", self.read, None, file),
            Route("POST", f"{us}/repository/commits", self.commit, commit, thing({"id": WORD})),
            Route("POST", f"{us}/merge_requests", self.open, make, _MERGE, triggers=True),
            Route("GET", f"{us}/merge_requests", self.listed, None, many(_MERGE)),
            Route("GET", f"{us}/merge_requests/{{}}", self.shown, None, _MERGE),
            Route("PUT", f"{us}/merge_requests/{{}}", self.close,
                  exactly({"state_event": one_of("close")}), _MERGE),
            Route("GET", us, lambda _: Reply(200, {
                "path_with_namespace": "us/shop",
                "permissions": {"project_access": {"access_level": 30 if self.may_write else 20}},
            })),
        ]  # fmt: skip

    def knows(self, asked: Asked) -> bool:
        return asked.headers.get("private-token") == SECRET

    def branch(self, _: Asked) -> Reply:
        return Reply(200, {"name": "main", "commit": {"id": self.tip("main")}})

    def read(self, asked: Asked) -> Reply:
        text = self.text_at(asked.query["ref"])
        content = base64.b64encode(text.encode()).decode()
        return Reply(200, {"content": content, "encoding": "base64", "last_commit_id": _blob(text)})

    def commit(self, asked: Asked) -> Reply:
        (action,) = asked.body["actions"]
        text = base64.b64decode(action["content"]).decode()
        if not self.branch_off(asked.body["branch"], asked.body["start_sha"], text):
            return Reply(400, {"message": "A branch called so already exists"})
        return Reply(201, {"id": self.tip(asked.body["branch"])})

    def open(self, asked: Asked) -> Reply:
        one = self.propose(asked.body["source_branch"], asked.body)
        if one is None:
            return Reply(409, {"message": ["Another open merge request already exists"]})
        return Reply(201, self._merge(one))

    def _merge(self, one: Begun) -> dict[str, Any]:
        return {
            "iid": one.number,
            "state": self.word(one),
            "source_branch": one.tag,
            "target_branch": one.given["target_branch"],
            "web_url": f"https://gitlab.example/us/shop/-/merge_requests/{one.number}",
            "description": one.given["description"],
        }

    def listed(self, asked: Asked) -> Reply:
        assert asked.query["state"] == "all"
        branch = asked.query["source_branch"]
        return Reply(200, [self._merge(one) for one in self.begun if one.tag == branch])

    def shown(self, asked: Asked) -> Reply:
        one = self.numbered(asked.found[0])
        return Reply(200, self._merge(one)) if one else Reply(404, {"message": "404 Not found"})

    def close(self, asked: Asked) -> Reply:
        one = self.numbered(asked.found[0])
        assert one
        one.stage, one.result = 2, "closed"
        return Reply(200, self._merge(one))


_REQUEST = thing({
    "pullRequestId": NUMBER, "status": one_of("active", "completed", "abandoned"),
    "sourceRefName": WORD, "targetRefName": WORD,
})  # fmt: skip
_EDIT = exactly({
    "changeType": one_of("edit"), "item": exactly({"path": WORD}),
    "newContent": exactly({"content": WORD, "contentType": one_of("base64encoded")}),
})  # fmt: skip


class AzureShop(Repository):
    """The repository ``shop`` of the project ``us`` of the organization ``contoso``."""

    words = ("active", "completed", "abandoned")
    numbered_by = "pullRequestId"

    def routes(self) -> list[Route]:
        us = "/contoso/us/_apis/git/repositories/shop"
        push = exactly({
            "refUpdates": many(exactly({"name": WORD, "oldObjectId": _COMMIT})),
            "commits": many(exactly({"comment": WORD, "changes": many(_EDIT)})),
        })  # fmt: skip
        make = exactly({"sourceRefName": WORD, "targetRefName": WORD, "title": WORD},
                       description={"type": "string", "maxLength": 4000})  # fmt: skip
        refs = thing({"value": many(thing({"name": WORD, "objectId": _COMMIT}))})
        return [
            Route("GET", f"{us}/refs", self.refs, None, refs),
            Route("GET", f"{us}/items", self.read, None, thing({"objectId": WORD, "path": WORD})),
            Route("POST", f"{us}/pushes", self.push, push, thing({"pushId": NUMBER})),
            Route("POST", f"{us}/pullrequests", self.open, make, _REQUEST, triggers=True),
            Route("GET", f"{us}/pullrequests", self.listed, None, thing({"value": many(_REQUEST)})),
            Route("GET", f"{us}/pullrequests/{{}}", self.shown, None, _REQUEST),
            Route("PATCH", f"{us}/pullrequests/{{}}", self.close,
                  exactly({"status": one_of("abandoned")}), _REQUEST),
            Route("GET", us, lambda _: Reply(200, {"id": "1", "name": "shop"}), None,
                  thing({"name": WORD})),
        ]  # fmt: skip

    def knows(self, asked: Asked) -> bool:
        words = base64.b64encode(f"ada:{SECRET}".encode()).decode()
        right = asked.headers.get("authorization") == f"Basic {words}"
        return right and asked.query.get("api-version") == "7.1"

    def refs(self, asked: Asked) -> Reply:
        assert asked.query["filter"] == "heads/main"
        later = {"name": "refs/heads/maintenance", "objectId": "e" * 40}
        return Reply(200, {
            "value": [later, {"name": "refs/heads/main", "objectId": self.tip("main")}]
        })  # fmt: skip

    def read(self, asked: Asked) -> Reply:
        assert asked.query["versionDescriptor.versionType"] == "commit"
        text = self.text_at(asked.query["versionDescriptor.version"])
        path = asked.query["path"]
        return Reply(200, {"objectId": _blob(text), "path": path, "content": text})

    def push(self, asked: Asked) -> Reply:
        (update,), (commit,) = asked.body["refUpdates"], asked.body["commits"]
        text = base64.b64decode(commit["changes"][0]["newContent"]["content"]).decode()
        branch = update["name"].removeprefix("refs/heads/")
        if not self.branch_off(branch, update["oldObjectId"], text):
            return Reply(409, {"message": "TF401028: The reference has already been updated"})
        return Reply(201, {"pushId": 1})

    def open(self, asked: Asked) -> Reply:
        one = self.propose(asked.body["sourceRefName"].removeprefix("refs/heads/"), asked.body)
        if one is None:
            return Reply(409, {"message": "TF401179: An active pull request already exists"})
        return Reply(201, self._request(one))

    def _request(self, one: Begun, most: int = 4000) -> dict[str, Any]:
        return {
            "pullRequestId": one.number,
            "status": self.word(one),
            "sourceRefName": f"refs/heads/{one.tag}",
            "targetRefName": one.given["targetRefName"],
            "description": one.given["description"][:most],
        }

    def listed(self, asked: Asked) -> Reply:
        assert asked.query["searchCriteria.status"] == "all"
        branch = asked.query["searchCriteria.sourceRefName"].removeprefix("refs/heads/")
        # Lists are told with the beginning of each text.
        found = [self._request(one, 400) for one in self.begun if one.tag == branch]
        return Reply(200, {"value": found, "count": len(found)})

    def shown(self, asked: Asked) -> Reply:
        one = self.numbered(asked.found[0])
        return Reply(200, self._request(one)) if one else Reply(404, {"message": "not found"})

    def close(self, asked: Asked) -> Reply:
        one = self.numbered(asked.found[0])
        assert one
        one.stage, one.result = 2, "abandoned"
        return Reply(200, self._request(one))


def _blob(text: str) -> str:
    return hashlib.sha1(text.encode()).hexdigest()  # noqa: S324 - as git names it
