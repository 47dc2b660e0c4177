from __future__ import annotations

import inspect

import msgspec
import pytest

from jupyter_mlcd.model import status
from jupyter_mlcd.model.errors import ConfigError
from jupyter_mlcd.model.status import Place, ProjectReference, Status, StepState, WayOut

STRUCTS = [
    kind
    for _, kind in inspect.getmembers(status, inspect.isclass)
    if issubclass(kind, msgspec.Struct) and kind.__module__ == status.__name__
]


def broken() -> Status:
    return Status(
        project=ProjectReference("id", "digits", ""),
        place=Place("main", "", "", {}, (), ""),
        steps=(),
        deliver=None,
        environments=(),
        suites=(),
        runs=(),
        evidence=(),
        evidence_count=0,
        problem=ConfigError("mlcd.toml, line 3: no", details={"line": 3}).problem,
    )


def test_the_panel_of_a_broken_project_survives_json() -> None:
    assert msgspec.json.decode(msgspec.json.encode(broken()), type=Status) == broken()


@pytest.mark.parametrize("kind", STRUCTS)
def test_every_document_has_a_json_schema(kind: type[msgspec.Struct]) -> None:
    assert msgspec.json.schema(kind)["$ref"] == f"#/$defs/{kind.__name__}"


@pytest.mark.parametrize("kind", STRUCTS)
def test_every_document_is_frozen_and_refuses_unknown_keys(kind: type[msgspec.Struct]) -> None:
    assert kind.__struct_config__.frozen
    assert kind.__struct_config__.forbid_unknown_fields


@pytest.mark.parametrize("kind", STRUCTS)
def test_every_document_says_what_it_is(kind: type[msgspec.Struct]) -> None:
    assert (kind.__doc__ or "").endswith(".")


@pytest.mark.parametrize("one", [*StepState, *(way for way in WayOut if way)])
def test_words_are_written_in_kebab_case(one: StepState | WayOut) -> None:
    assert one.value == one.name.lower().replace("_", "-")
