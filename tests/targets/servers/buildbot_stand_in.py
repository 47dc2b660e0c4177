"""Buildbot as far as its target needs it, in the shapes in which 4.3 answered.

The tests that use it run against a real master too (``make real``), which holds it to them. A
build goes on until the file ``go-KEY`` is there, as the real one's step does.
"""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any

from tests.targets.servers.standing import Answer, Asked, Refusal

if TYPE_CHECKING:
    from pathlib import Path

NAME, PASSWORD = "ada", "of no server"
BAD_VERSION = "9.9.9"
DECLARED = ("mlcd_delivery_id", "version", "digest", "tag", "environment")
_SESSION = "TWISTED_SESSION="
_NOBODY, _ADA = "session-of-nobody", "session-of-ada"


class BuildbotStandIn:
    """A master with one builder and two force schedulers, in memory."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.requests: list[dict[str, Any]] = []

    def __call__(self, asked: Asked) -> Answer:  # noqa: PLR0911 - one for each route
        """Answer one request."""
        if asked.path == "/auth/login":
            return self._login(asked)
        parts = asked.path.removeprefix("/api/v2/").split("/")
        match [asked.method, *parts]:
            case ["GET", "forceschedulers", ("deliver" | "plain") as name]:
                return _answer("forceschedulers", [_scheduler(name)])
            case ["POST", "forceschedulers", ("deliver" | "plain") as name]:
                return self._force(asked, name)
            case ["GET", "builders", "deliver"]:
                return _answer("builders", [{"builderid": 1, "name": "deliver"}])
            case ["GET", "builders", "1", "buildrequests"]:
                first = int(asked.query["offset"])
                newest = [self._request(one) for one in reversed(self.requests)]
                page = newest[first : first + int(asked.query["limit"])]
                return _answer("buildrequests", page)
            case ["GET", "buildrequests", number]:
                return _answer("buildrequests", [self._request(self._at(number))])
            case ["POST", "buildrequests", number]:
                self._allow(asked)
                self._at(number)["cancelled"] = True
                return 200, {"id": 1, "jsonrpc": "2.0", "result": None}, {}
            case ["GET", "buildrequests", number, "builds"]:
                build = {"buildid": int(number), "builderid": 1, "number": int(number)}
                return _answer("builds", [{**build, "state_string": "building"}])
            case ["GET", "builds", number, "steps"]:
                return _answer("steps", self._steps(self._at(number)))
        raise Refusal(404, {"error": f"Invalid path: {asked.path}"})

    def _login(self, asked: Asked) -> Answer:
        pair = base64.b64encode(f"{NAME}:{PASSWORD}".encode()).decode()
        if asked.headers.get("authorization") != f"Basic {pair}":
            return 401, b"Unauthorized", {}
        # The real one sets it twice, first for nobody.
        cookies = f"{_SESSION}{_NOBODY}; Path=/, {_SESSION}{_ADA}; Path=/"
        return 302, b"", {"Set-Cookie": cookies, "Location": "/#/"}

    def _allow(self, asked: Asked) -> None:
        if asked.headers.get("cookie") != f"{_SESSION}{_ADA}":
            raise _rpc(403, -32600, "you need to have role 'deployers'")

    def _force(self, asked: Asked, scheduler: str) -> Answer:
        if asked.headers.get("content-type") != "application/json":
            raise _rpc(400, -32600, "Invalid content-type (use application/json)")
        self._allow(asked)
        given = asked.json["params"]
        if scheduler == "deliver" and not given.get("version"):
            raise _rpc(400, -32602, {"version": "'version' needs to be specified"})
        declared = DECLARED if scheduler == "deliver" else ()
        self.requests.append({name: given[name] for name in declared if name in given})
        number = len(self.requests)
        return 200, {"id": 1, "jsonrpc": "2.0", "result": [number, {"1": number}]}, {}

    def _at(self, number: str) -> dict[str, Any]:
        if not 0 < int(number) <= len(self.requests):
            raise Refusal(404, {"error": "not found while getting from endpoint"})
        found = self.requests[int(number) - 1]
        found["number"] = int(number)
        return found

    def _results(self, found: dict[str, Any]) -> int:
        """Return -1 while it goes on."""
        if "results" in found:
            return int(found["results"])
        if found.get("cancelled"):
            return 6
        if not (self.folder / f"go-{found['mlcd_delivery_id']}").exists():
            return -1
        return 2 if found["version"] == BAD_VERSION else 0

    def _request(self, found: dict[str, Any]) -> dict[str, Any]:
        results = self._results(found)
        properties = {"mlcd_delivery_id": [found["mlcd_delivery_id"], "Force Build Form"]}
        return {
            "buildrequestid": self.requests.index(found) + 1,
            "builderid": 1,
            "complete": results >= 0,
            "results": results,
            "properties": properties,
        }

    def _steps(self, found: dict[str, Any]) -> list[dict[str, Any]]:
        results = self._results(found)
        prepared = {"name": "worker_preparation", "number": 0, "complete": True, "results": 0}
        step = {"name": "bring", "number": 1, "complete": results >= 0}
        return [prepared, {**step, "results": results if results >= 0 else None}]


def _scheduler(name: str) -> dict[str, Any]:
    nested = [{"fullName": "branch"}, {"fullName": "revision"}]
    own = [{"fullName": one} for one in (DECLARED if name == "deliver" else ())]
    fields = [{"fullName": None, "fields": [{"fullName": "reason"}]}, {"fields": nested}, *own]
    return {"name": name, "builder_names": ["deliver"], "enabled": True, "all_fields": fields}


def _answer(kind: str, found: list[Any]) -> Answer:
    return 200, {kind: found, "meta": {"total": len(found)}}, {}


def _rpc(status: int, code: int, words: object) -> Refusal:
    error = {"code": code, "message": words}
    return Refusal(status, {"jsonrpc": "2.0", "id": 1, "error": error})
