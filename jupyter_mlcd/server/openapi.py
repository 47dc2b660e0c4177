"""The OpenAPI document, made from the table of routes and the wire types."""

from __future__ import annotations

import re
from typing import Any

import msgspec

from jupyter_mlcd import __version__
from jupyter_mlcd.model.errors import Problem
from jupyter_mlcd.model.status import ProjectReference
from jupyter_mlcd.server.routes import ROUTES, Route

_ERRORS = ("400", "401", "403", "404", "409", "422", "500", "502")
_REFERENCES = "#/components/schemas/{name}"


class ProjectList(msgspec.Struct, frozen=True):
    """The projects that the server can reach."""

    projects: list[ProjectReference]


def document() -> dict[str, Any]:
    """Return the whole document."""
    types = [route.answer for route in ROUTES if route.answer is not bytes]
    types += [route.body for route in ROUTES if route.body]
    _, components = msgspec.json.schema_components(
        [*types, Problem, ProjectList], ref_template=_REFERENCES
    )
    paths: dict[str, Any] = {"/mlcd/projects": {"get": _projects()}}
    for route in ROUTES:
        paths.setdefault(route.path, {})[route.method.lower()] = _operation(route)
    whole = {
        "openapi": "3.1.0",
        "info": {"title": "jupyter_mlcd", "version": __version__},
        "paths": paths,
        "components": {"schemas": components},
    }
    plain: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(whole))
    return plain


def _projects() -> dict[str, Any]:
    path = {"name": "path", "in": "query", "required": False, "schema": {"type": "string"}}
    answer = {"$ref": _REFERENCES.format(name="ProjectList")}
    return {
        "operationId": "projects",
        "summary": "Every project, the one that holds `path` first.",
        "parameters": [path],
        "responses": {"200": _response("The projects.", answer), **_problems()},
    }


def _operation(route: Route) -> dict[str, Any]:
    names = re.findall(r"\{(\w+)\}", route.path)
    operation: dict[str, Any] = {
        "operationId": route.verb,
        "summary": route.says,
        "parameters": [
            *(
                {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
                for name in names
            ),
            *(
                {"name": name, "in": "query", "required": False, "schema": {"type": "string"}}
                for name in route.query
            ),
        ],
        "responses": {str(route.status): _answer(route), **_problems()},
    }
    if route.body is not None:
        schema = {"$ref": _REFERENCES.format(name=route.body.__name__)}
        content = {"application/json": {"schema": schema}}
        operation["requestBody"] = {"required": True, "content": content}
    return operation


def _answer(route: Route) -> dict[str, Any]:
    if route.answer is bytes:
        page = {"schema": {"type": "string"}}
        return {"description": route.says, "content": {route.media: page}}
    return _response(route.says, {"$ref": _REFERENCES.format(name=route.answer.__name__)})


def _response(words: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"description": words, "content": {"application/json": {"schema": schema}}}


def _problems() -> dict[str, Any]:
    schema = {"$ref": _REFERENCES.format(name="Problem")}
    return {code: _response("What is wrong and what to do.", schema) for code in _ERRORS}
