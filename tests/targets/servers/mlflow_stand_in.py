"""MLflow as far as its target needs it, in the shapes in which 3.17 answered.

The tests that use it run against the real server too (``make real``), which holds it to them.
"""

from __future__ import annotations

import base64
import re
from typing import TYPE_CHECKING, Any

from tests.targets.servers.standing import Answer, Asked, Refusal

if TYPE_CHECKING:
    from collections.abc import Mapping

_API = "/api/2.0/mlflow/"
_FILES = "/api/2.0/mlflow-artifacts/artifacts/"
_FILTER = re.compile(r"name='([^']*)' and tag\.`([^`]+)`='([^']*)'\Z")


class MlflowStandIn:
    """Registered models, runs and files, in memory."""

    def __init__(self) -> None:
        self.models: dict[str, dict[str, str]] = {}
        self.versions: dict[str, list[dict[str, Any]]] = {}
        self.experiments: dict[str, str] = {}
        self.runs: dict[str, dict[str, Any]] = {}
        self.files: dict[str, bytes] = {}

    def __call__(self, asked: Asked) -> Answer:
        """Answer one request."""
        if asked.path.startswith(_FILES):
            return self._file(asked)
        name = f"{asked.method} {asked.path.removeprefix(_API)}"
        verb = {
            "GET registered-models/get": self._model,
            "POST registered-models/create": self._create_model,
            "GET registered-models/alias": self._aliased,
            "POST registered-models/alias": self._alias,
            "GET experiments/get-by-name": self._experiment,
            "POST experiments/create": self._create_experiment,
            "POST runs/create": self._create_run,
            "POST runs/update": lambda given: {"run_info": self.runs[given["run_id"]]},
            "GET artifacts/list": self._list,
            "POST model-versions/create": self._create_version,
            "GET model-versions/search": self._search,
            "POST model-versions/set-tag": self._set_tag,
        }.get(name)
        if verb is None:
            raise Refusal(404, {"error_code": "ENDPOINT_NOT_FOUND", "message": name})
        return 200, verb(asked.json if asked.method == "POST" else asked.query), {}

    def _file(self, asked: Asked) -> Answer:
        place = asked.path.removeprefix(_FILES)
        if asked.method == "PUT":
            self.files[place] = asked.body
            return 200, {}, {}
        if place not in self.files:
            raise _absent(f"No such artifact: {place}")
        return 200, self.files[place], {}

    def _model(self, given: dict[str, str]) -> Any:
        name = given["name"]
        if name not in self.models:
            raise _absent(f"Registered Model with name={name} not found")
        aliases = [{"alias": one, "version": to} for one, to in self.models[name].items()]
        return {"registered_model": {"name": name, **({"aliases": aliases} if aliases else {})}}

    def _create_model(self, given: dict[str, str]) -> Any:
        name = given["name"]
        if name in self.models:
            raise _bad("RESOURCE_ALREADY_EXISTS", f"Registered Model (name={name}) already exists.")
        self.models[name], self.versions[name] = {}, []
        return {"registered_model": {"name": name}}

    def _aliased(self, given: dict[str, str]) -> Any:
        to = self.models.get(given["name"], {}).get(given["alias"])
        if to is None:
            words = f"Registered model alias {given['alias']} not found."
            raise _bad("INVALID_PARAMETER_VALUE", words)
        return {"model_version": self.versions[given["name"]][int(to) - 1]}

    def _alias(self, given: dict[str, str]) -> Any:
        self.models[given["name"]][given["alias"]] = given["version"]
        return {}

    def _experiment(self, given: dict[str, str]) -> Any:
        name = given["experiment_name"]
        if name not in self.experiments:
            raise _absent(f"Could not find experiment with name '{name}'")
        return {"experiment": {"experiment_id": self.experiments[name], "name": name}}

    def _create_experiment(self, given: dict[str, str]) -> Any:
        self.experiments[given["name"]] = str(len(self.experiments) + 1)
        return {"experiment_id": self.experiments[given["name"]]}

    def _create_run(self, given: dict[str, Any]) -> Any:
        run = f"{len(self.runs) + 1:032x}"
        uri = f"mlflow-artifacts:/{given['experiment_id']}/{run}/artifacts"
        info = {"run_id": run, "artifact_uri": uri, "status": "RUNNING"}
        self.runs[run] = info
        return {"run": {"info": info, "data": {"tags": given["tags"]}, "inputs": {}}}

    def _list(self, given: dict[str, str]) -> Any:
        uri = self.runs[given["run_id"]]["artifact_uri"]
        root = uri.removeprefix("mlflow-artifacts:/") + "/"
        folder = given.get("path", "")
        start = f"{folder}/" if folder else ""
        listed: dict[str, dict[str, Any]] = {}
        for place, content in self.files.items():
            path = place.removeprefix(root)
            if place.startswith(root + start):
                inner, deeper, _ = path[len(start) :].partition("/")
                is_dir = bool(deeper)
                more = {} if is_dir else {"file_size": len(content)}
                listed[inner] = {"path": start + inner, "is_dir": is_dir, **more}
        return {"root_uri": uri, **({"files": list(listed.values())} if listed else {})}

    def _create_version(self, given: dict[str, Any]) -> Any:
        if not given["source"].startswith("mlflow-artifacts:/"):
            raise _bad(
                "INVALID_PARAMETER_VALUE", f"Invalid model version source: {given['source']}"
            )
        versions = self.versions[given["name"]]
        made = {**given, "version": str(len(versions) + 1), "status": "READY"}
        versions.append(made)
        return {"model_version": made}

    def _search(self, given: dict[str, str]) -> Any:
        found = _FILTER.match(given["filter"])
        if not found:
            raise _bad("INVALID_PARAMETER_VALUE", given["filter"])
        name, key, value = found.groups()
        tag = {"key": key, "value": value}
        matching = [one for one in self.versions.get(name, []) if tag in one["tags"]]
        return {"model_versions": matching} if matching else {}

    def _set_tag(self, given: dict[str, str]) -> Any:
        version = self.versions[given["name"]][int(given["version"]) - 1]
        kept = [one for one in version["tags"] if one["key"] != given["key"]]
        version["tags"] = [*kept, {"key": given["key"], "value": given["value"]}]
        return {}


class GuardedMlflow(MlflowStandIn):
    """The same with its app for logging in: everybody reads, the owner writes."""

    def __init__(self, people: Mapping[str, str], owner: str) -> None:
        super().__init__()
        self.owner = owner
        pairs = {name: base64.b64encode(f"{name}:{word}".encode()) for name, word in people.items()}
        self.shown = {f"Basic {pair.decode()}": name for name, pair in pairs.items()}

    def __call__(self, asked: Asked) -> Answer:
        """Answer who is known, and do what the owner asks for."""
        name = self.shown.get(asked.headers.get("authorization", ""))
        if name is None:
            return 401, b"You are not authenticated.", {"WWW-Authenticate": 'Basic realm="mlflow"'}
        if asked.method != "GET" and name != self.owner:
            return 403, b"Permission denied", {}
        return super().__call__(asked)


def _absent(words: str) -> Refusal:
    return Refusal(404, {"error_code": "RESOURCE_DOES_NOT_EXIST", "message": words})


def _bad(code: str, words: str) -> Refusal:
    return Refusal(400, {"error_code": code, "message": words})
