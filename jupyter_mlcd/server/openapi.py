"""The OpenAPI document, made from the table of routes and the wire types."""

from __future__ import annotations

import re
from typing import Any

import msgspec

from jupyter_mlcd import __version__
from jupyter_mlcd.model.errors import Problem
from jupyter_mlcd.model.status import ProjectReference
from jupyter_mlcd.server.routes import ROUTES, Route

_REFUSED = {
    400: "The request itself is wrong.",
    401: "Not logged in.",
    403: "Not allowed, without the XSRF token of the login, or sent by another page.",
}
_OF_A_PROJECT = {
    404: "There is no such project, or nothing of this name in it.",
    422: "mlcd.toml is wrong, or a parameter.",
    502: "Something outside failed: git, the disk, a target.",
}
_OF_A_BODY = {
    409: "Understood, and not allowed in this state.",
    413: "The body is too large.",
    415: "The body is not JSON.",
}
_STATE_MATTERS = {"propose_set_up"}
"""Verbs that read and can be refused for the state of the project."""
_BUG = {500: "A bug; its id is in the server's log."}
_NUMBER = {"type": "integer", "minimum": 0, "maximum": 9_999_999}
_PARTS: dict[str, dict[str, Any]] = {
    "case": _NUMBER,
    "cell": _NUMBER,
    "output": _NUMBER,
    "form": {"type": "string", "enum": ["picture", "text"]},
}
"""Named parts of paths that are not any text."""
_TOKEN = {
    "type": "apiKey",
    "in": "header",
    "name": "Authorization",
    "description": "`token T`. A browser that is logged in sends a cookie and X-XSRFToken instead.",
}
_PAGE_HEADERS = ("Content-Security-Policy", "X-Content-Type-Options")
_REFERENCES = "#/components/schemas/{name}"


class ProjectList(msgspec.Struct, frozen=True):
    """The projects that the server can reach."""

    projects: list[ProjectReference]


def document(base_url: str = "/") -> dict[str, Any]:
    """Return the whole document of a server at ``base_url``."""
    types = [route.answer for route in ROUTES if route.answer is not bytes]
    types += [route.body for route in ROUTES if route.body]
    _, components = msgspec.json.schema_components(
        [*types, Problem, ProjectList], ref_template=_REFERENCES
    )
    paths: dict[str, Any] = {
        "/mlcd/projects": {"get": _projects()},
        "/mlcd/openapi.json": {"get": _this_document()},
    }
    for route in ROUTES:
        paths.setdefault(route.path, {})[route.method.lower()] = _operation(route)
    whole = {
        "openapi": "3.1.0",
        "info": {"title": "jupyter_mlcd", "version": __version__},
        "servers": [{"url": base_url.rstrip("/") or "/"}],
        "security": [{"token": []}],
        "paths": paths,
        "components": {"schemas": components, "securitySchemes": {"token": _TOKEN}},
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
        "responses": {"200": _response("The projects.", answer), **_problems(_REFUSED | _BUG)},
    }


def _this_document() -> dict[str, Any]:
    answer = _response("The document.", {"type": "object"})
    return {
        "operationId": "openapi",
        "summary": "This document.",
        "responses": {"200": answer, **_problems(_REFUSED | _BUG)},
    }


def _operation(route: Route) -> dict[str, Any]:
    names = re.findall(r"\{(\w+)\}", route.path)
    operation: dict[str, Any] = {
        "operationId": route.verb,
        "summary": route.says,
        "parameters": [
            *(
                {"name": name, "in": "path", "required": True, "schema": _part(name)}
                for name in names
            ),
            *(
                {"name": name, "in": "query", "required": False, "schema": {"type": "string"}}
                for name in route.query
            ),
        ],
        "responses": {str(route.status): _answer(route), **_problems(_errors(route))},
    }
    if route.body is not None:
        schema = {"$ref": _REFERENCES.format(name=route.body.__name__)}
        content = {"application/json": {"schema": schema}}
        operation["requestBody"] = {"required": True, "content": content}
    return operation


def _part(name: str) -> dict[str, Any]:
    return _PARTS.get(name, {"type": "string"})


def _errors(route: Route) -> dict[int, str]:
    """Return what a route answers when it cannot do what it was asked."""
    found = _REFUSED | _OF_A_PROJECT | _BUG
    if route.body is not None:
        found |= _OF_A_BODY
    if route.verb in _STATE_MATTERS:
        found |= {409: _OF_A_BODY[409]}
    return found


def _answer(route: Route) -> dict[str, Any]:
    if route.answer is not bytes:
        return _response(route.says, {"$ref": _REFERENCES.format(name=route.answer.__name__)})
    header = {"required": True, "schema": {"type": "string"}}
    return {
        "description": route.says,
        "headers": dict.fromkeys(_PAGE_HEADERS, header),
        "content": {route.media: {"schema": {"type": "string"}} if "text" in route.media else {}},
    }


def _response(words: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"description": words, "content": {"application/json": {"schema": schema}}}


def _problems(errors: dict[int, str]) -> dict[str, Any]:
    schema = {"$ref": _REFERENCES.format(name="Problem")}
    return {str(code): _response(words, schema) for code, words in sorted(errors.items())}
