from __future__ import annotations

import inspect
import re

import pytest
from openapi_spec_validator import validate

from jupyter_mlcd.server.openapi import document
from jupyter_mlcd.server.routes import ROUTES, Route
from jupyter_mlcd.workbench import Workbench

ids = [f"{route.method} {route.path}" for route in ROUTES]


@pytest.mark.parametrize("route", ROUTES, ids=ids)
def test_every_route_carries_its_project(route: Route) -> None:
    assert "{project}" in route.path


@pytest.mark.parametrize("route", ROUTES, ids=ids)
def test_every_route_bears_the_name_of_a_verb_of_the_workbench(route: Route) -> None:
    assert inspect.isfunction(getattr(Workbench, route.verb))


@pytest.mark.parametrize(
    "route", [one for one in ROUTES if one.method == "GET"], ids=lambda one: one.verb
)
def test_no_get_route_takes_a_body(route: Route) -> None:
    assert route.body is None


@pytest.mark.parametrize(
    "route", [one for one in ROUTES if one.method == "POST"], ids=lambda one: one.verb
)
def test_every_post_route_names_what_it_takes_and_needs_the_right_to_execute(route: Route) -> None:
    assert route.body is not None
    assert route.action == "execute"


def test_delivering_is_a_right_of_its_own() -> None:
    resources = {route.verb: route.resource for route in ROUTES}
    assert resources["deliver"] == "mlcd:deliver"
    assert resources["run"] != resources["deliver"]


def test_the_openapi_document_is_valid() -> None:
    validate(document())


def test_the_openapi_document_lists_every_route() -> None:
    listed = {(method.upper(), path) for path, one in document()["paths"].items() for method in one}
    assert {(route.method, route.path) for route in ROUTES} <= listed


def test_no_two_routes_answer_the_same_request() -> None:
    seen = [(route.method, re.sub(r"\{\w+\}", "{}", route.path)) for route in ROUTES]
    assert len(seen) == len(set(seen))
