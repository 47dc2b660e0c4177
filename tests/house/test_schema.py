from __future__ import annotations

import json
from pathlib import Path

import msgspec
import pytest

from jupyter_mlcd.model.run import Change
from jupyter_mlcd.model.status import FileChange
from jupyter_mlcd.schema import WIRE_TYPES, wire_schema

CHECKED_IN = Path(__file__).parents[2] / "labextension" / "src" / "api" / "schema.json"


def test_the_front_end_has_the_schema_of_today() -> None:
    assert json.loads(CHECKED_IN.read_text(encoding="utf-8")) == wire_schema(), (
        "run `npm run types:generate` in labextension/"
    )


@pytest.mark.parametrize("kind", WIRE_TYPES)
def test_every_wire_type_has_a_place_in_it(kind: type[msgspec.Struct]) -> None:
    assert kind.__name__ in wire_schema()["$defs"]


def test_a_field_with_a_default_is_promised_because_it_is_always_sent() -> None:
    status = wire_schema()["$defs"]["Status"]
    assert set(status["required"]) == set(status["properties"])


def test_a_field_that_may_be_unset_is_not_promised() -> None:
    run = wire_schema()["$defs"]["Run"]
    assert set(run["properties"]) - set(run["required"]) == {"scored"}


def test_what_may_be_left_out_is_not_promised() -> None:
    assert wire_schema()["$defs"]["Problem"]["required"] == ["code", "message"]


def test_what_is_sent_has_the_promised_fields() -> None:
    line = FileChange("train.ipynb", Change.MODIFIED, tracked=True)
    sent = msgspec.to_builtins(line)
    assert sorted(sent) == sorted(wire_schema()["$defs"]["FileChange"]["required"])
