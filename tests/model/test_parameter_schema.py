from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyter_mlcd.model.parameter_cell import declared
from jupyter_mlcd.model.parameter_schema import schema_of
from jupyter_mlcd.model.parameter_types import Parameter
from jupyter_mlcd.model.parameter_values import Unfitting, settle
from tests.model.notebooks import notebook
from tests.model.parameter_values import KEYS, nested

Draft202012Validator: Any = pytest.importorskip("jsonschema").Draft202012Validator
IMPORTS = "from datetime import date, datetime, time\nfrom pathlib import Path\n"


def schema(source: str) -> dict[str, Any]:
    cell = declared(notebook(IMPORTS + source))
    assert cell is not None
    found = schema_of(cell)
    Draft202012Validator.check_schema(found)
    return found


def of_a(source: str) -> dict[str, Any]:
    one: dict[str, Any] = schema(source)["properties"]["a"]
    return one


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("a: int = 1  # how many", {"type": "integer", "default": 1, "description": "how many"}),
        ("a = 1", {"type": "number", "default": 1}),
        ("a: float = .5", {"type": "number", "default": 0.5}),
        ("a: bool = True", {"type": "boolean", "default": True}),
        ("a = 'x'", {"type": "string", "default": "x"}),
        ("a: Literal['x', 'y'] = 'x'", {"enum": ["x", "y"], "default": "x"}),
        ("a: date = date(2026, 1, 31)",
         {"type": "string", "format": "date", "default": "2026-01-31"}),
        ("a = datetime.now()", {"type": "string", "format": "date-time"}),
        ("a: time = None", {"type": "string", "format": "time", "default": None}),
        ("a = Path('x')", {"type": "string", "default": "x"}),
        ("a: int | None = None",
         {"anyOf": [{"type": "integer"}, {"type": "null"}], "default": None}),
        ("a: list[str] = []", {"type": "array", "items": {"type": "string"}, "default": []}),
        ("a: tuple[int, str] = (1, 'x')",
         {"type": "array", "prefixItems": [{"type": "integer"}, {"type": "string"}],
          "minItems": 2, "maxItems": 2, "default": [1, "x"]}),
        ("a: dict[str, int] = {}",
         {"type": "object", "additionalProperties": {"type": "integer"}, "default": {}}),
        ("a = f()", {}),
    ],
)  # fmt: skip
def test_a_parameter_is_described_for_a_form(source: str, expected: dict[str, Any]) -> None:
    assert of_a(source) == expected


def test_only_what_has_no_default_is_required() -> None:
    found = schema("a: int\nb = 1\nc = f()")
    assert found["required"] == ["a"]
    assert list(found["properties"]) == ["a", "b", "c"]
    assert found["additionalProperties"] is False


TYPES = [
    "int", "float", "bool", "str", "None", "int | None", "list[float]", "dict[str, int]",
    "tuple[int, str]", "tuple[str, ...]", "Literal['x', 2]", "list[int | None] | str",
]  # fmt: skip


@given(st.sampled_from(TYPES), nested(KEYS))
def test_the_form_takes_what_the_check_takes(annotation: str, value: object) -> None:
    cell = declared(notebook(f"a: {annotation} = None"))
    assert cell is not None
    one = cell.parameter("a") or Parameter(name="a")
    try:
        settle(one.accepted, value)
        fits = True
    except Unfitting:
        fits = False
    is_valid = Draft202012Validator(of_a(f"a: {annotation} = None")).is_valid(value)
    # JSON Schema takes 1.0 for an integer; mlcd.toml and JSON tell them apart.
    assert fits == is_valid or (is_valid and has_whole_float(value))


def has_whole_float(value: object) -> bool:
    if isinstance(value, dict | list):
        return any(map(has_whole_float, value.values() if isinstance(value, dict) else value))
    return isinstance(value, float) and value.is_integer()
