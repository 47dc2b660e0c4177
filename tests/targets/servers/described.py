"""What vendors and their clients say of an API, to hold a stand-in's conversation against."""

from __future__ import annotations

import json
import re
import subprocess
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any

import pytest
from jsonschema import Draft202012Validator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

from tests.targets.servers.real import PLACE, program

if TYPE_CHECKING:
    from tests.targets.stand_in.server import Asked, Reply

GITHUB = PLACE / "github/api.github.com.json"
_HERE = "urn:described"
_LONG = {"path", "ref"}
"""Places in GitHub's addresses that hold slashes."""


class Described:
    """An OpenAPI 3.0 document of paths, bodies and answers."""

    def __init__(self, document: dict[str, Any]) -> None:
        """Read what is described; answers of a stand-in may leave out what nobody reads."""
        self._paths = document["paths"]
        self._parameters = document["components"].get("parameters", {})
        self._schemas = document["components"]

    @cached_property
    def _registry(self) -> Registry[Any]:
        whole = {"components": _as_json_schema(self._schemas)}
        resource: Resource[Any] = Resource.from_contents(whole, DRAFT202012)
        registry: Registry[Any] = Registry().with_resource(_HERE, resource)
        return registry

    def faults(self, asked: Asked, reply: Reply) -> list[str]:
        """Return what of a question and its answer is not as it is described."""
        where = f"{asked.method} {asked.path}"
        operation = self._operation(asked)
        if operation is None:
            return [f"{where} is not described"]
        known = {self._parameter(one)["name"] for one in operation.get("parameters", ())}
        found = [f"{where} knows no {name}" for name in asked.query if name not in known]
        described = operation["responses"].get(str(reply.status))
        if described is None:
            return [*found, f"{where} never answers {reply.status}"]
        if asked.content:
            body = _strict(_schema_of(operation.get("requestBody", {})))
            found += [
                f"{where} takes: {one}" for one in self._wrong(body, asked.body, is_whole=True)
            ]
        if reply.status < 300 and reply.body is not None:
            schema = _schema_of(described)
            found += [f"{where} gives: {one}" for one in self._wrong(schema, reply.body)]
        return found

    def _operation(self, asked: Asked) -> dict[str, Any] | None:
        fitting = [path for path in self._paths if _pattern(path).fullmatch(asked.path)]
        for path in sorted(fitting, key=lambda one: (one.count("{"), -len(one))):
            if asked.method.lower() in self._paths[path]:
                return dict(self._paths[path][asked.method.lower()])
        return None

    def _parameter(self, one: dict[str, Any]) -> dict[str, Any]:
        return self._parameters[one["$ref"].rpartition("/")[2]] if "$ref" in one else one

    def _wrong(self, schema: dict[str, Any], value: Any, *, is_whole: bool = False) -> list[str]:
        own = _as_json_schema(schema, is_whole=is_whole)
        validator = Draft202012Validator(own, registry=self._registry)
        return [
            f"{'/'.join(map(str, one.absolute_path))} {one.message[:200]}"
            for one in validator.iter_errors(value)
        ]


@lru_cache(maxsize=1)
def described_by_github() -> Described:
    """Return GitHub's own description."""
    if not GITHUB.exists():
        pytest.fail(f"{GITHUB} is not there: type make real")
    return Described(json.loads(GITHUB.read_text()))


def by_clients(script: str, *given: str) -> Any:
    """Return what a script prints as JSON that uses the vendors' and people's own clients."""
    made = subprocess.run(
        [program("python"), "-c", script, *given], capture_output=True, text=True, check=False
    )
    assert made.returncode == 0, made.stderr
    return json.loads(made.stdout)


@lru_cache(maxsize=4096)
def _pattern(path: str) -> re.Pattern[str]:
    parts = re.split(r"\{(\w+)\}", path)
    texts = [
        (".+" if part in _LONG else "[^/]+") if place % 2 else re.escape(part)
        for place, part in enumerate(parts)
    ]
    return re.compile("".join(texts))


def _schema_of(described: dict[str, Any]) -> dict[str, Any]:
    return dict(described.get("content", {}).get("application/json", {}).get("schema", {}))


def _strict(schema: dict[str, Any]) -> dict[str, Any]:
    """Return the schema of a body that holds nothing else: a misspelt name is told."""
    return {**schema, "additionalProperties": False} if "properties" in schema else schema


def _as_json_schema(node: Any, *, is_whole: bool = False) -> Any:
    """Return OpenAPI's dialect of 3.0 as JSON Schema.

    What must be there is asked for only of what is whole: a stand-in answers what is read, and no
    more; what it answers has to be of the right kind.
    """
    if isinstance(node, list):
        return [_as_json_schema(one, is_whole=is_whole) for one in node]
    if not isinstance(node, dict):
        return node
    made = {
        key: _as_json_schema(one, is_whole=is_whole)
        for key, one in node.items()
        if key != "nullable"
    }
    if not is_whole and isinstance(made.get("required"), list) and "type" in made:
        made["required"] = []
    if isinstance(made.get("$ref"), str):
        made["$ref"] = made["$ref"].replace("#/", f"{_HERE}#/", 1)
    return {"anyOf": [{"type": "null"}, made]} if node.get("nullable") is True else made
