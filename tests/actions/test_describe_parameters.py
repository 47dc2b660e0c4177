from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import msgspec
import pytest

from jupyter_mlcd.actions.describe_parameters import describe_parameters
from jupyter_mlcd.actions.run_suite import run_suite
from jupyter_mlcd.model.errors import UsageError
from jupyter_mlcd.model.run import RunRequest
from jupyter_mlcd.testing import FakeDesk
from tests.actions.conftest import CONFIG
from tests.journeys.projects import notebook

if TYPE_CHECKING:
    from pathlib import Path

    from jupyter_mlcd.model.parameter_form import ParameterForm

CELL = "parameters|C = 1.0  # regularisation\nkernel = 'rbf'\nsince = load()\nrows: int"
USE = "print(C, kernel, since, rows)"


def described(made: FakeDesk, *sources: str, **options: str) -> ParameterForm:
    (made.folder / "train.ipynb").write_text(notebook(*(sources or (CELL, USE)), **options))
    return describe_parameters(made.desk, "train.ipynb")


def test_the_form_says_what_each_parameter_is(made: FakeDesk) -> None:
    form = described(made)
    properties = form.schema["properties"]
    assert list(properties) == ["C", "kernel", "since", "rows"]
    assert properties["C"]["default"] == 1.0
    assert properties["C"]["description"] == "regularisation"
    assert properties["C"]["x-words"] == "a number"
    assert properties["since"]["x-default-text"] == "load()"
    assert form.schema["required"] == ["rows"]
    assert form.problem is None


def test_what_mlcd_toml_gives_and_varies_is_told(tmp_path: Path) -> None:
    entry = 'path = "train.ipynb"\nparameters = { C = 10.0 }\nmatrix = { kernel = ["rbf", "poly"] }'
    made = FakeDesk(tmp_path, CONFIG.replace('path = "train.ipynb"', entry))
    form = described(made)
    assert form.given == {"C": 10.0}
    assert form.matrix == {"kernel": ("rbf", "poly")}


def run_with(made: FakeDesk, **parameters: Any) -> None:
    request = RunRequest(notebooks=("train.ipynb",), parameters={"rows": 3, **parameters})
    run_suite(made.desk, request)


def test_the_values_of_the_newest_single_run_are_remembered(made: FakeDesk) -> None:
    assert described(made).last == {}
    run_with(made, C=2.0)
    run_with(made, C=3.0)
    form = described(made)
    assert form.last == {"C": 3.0, "rows": 3}
    assert form.last_at


def test_a_remembered_value_that_no_longer_fits_is_forgotten(made: FakeDesk) -> None:
    described(made)
    run_with(made, C=3.0, kernel="poly")
    form = described(made, "parameters|C: str = 'x'\nkernel = 'rbf'", USE)
    assert form.last == {"kernel": "poly"}


def test_a_notebook_without_a_parameters_cell_says_so_and_can_be_run(made: FakeDesk) -> None:
    form = described(made, "print(1)")
    assert form.schema["properties"] == {}
    assert form.problem
    assert form.problem.code == "no-parameters-cell"


def test_a_parameters_cell_that_cannot_be_read_says_so(made: FakeDesk) -> None:
    form = described(made, "parameters|C = = 1", USE)
    assert form.problem
    assert form.problem.code == "parameters-cell"
    assert described(made, "parameters|# nothing", USE).problem


def test_what_looks_like_a_secret_is_not_asked_for(made: FakeDesk) -> None:
    form = described(made, "parameters|C = 1\napi_key = 'x'", "print(C, api_key)")
    assert list(form.schema["properties"]) == ["C"]
    assert "api_key" in form.remarks[0]


ODD = """parameters|import pathlib
from typing import Literal
raw = b'a'
both = {1, 2}
much = 1180591620717411303424
endless = 1e400
turned = 1 + 2j
table = {'a': [1, {'b': None}], 3: 4}
place = pathlib.Path('a/b')
which: Literal[b'x', b'y'] = b'x'
made = [n for n in range(3)]"""


def test_a_default_that_json_cannot_hold_is_shown_as_its_text(made: FakeDesk) -> None:
    form = described(made, ODD, "print(raw, both, much, endless, turned, table, place, which)")
    sent = json.loads(msgspec.json.encode(form))["schema"]["properties"]
    assert sent["raw"]["x-default-text"] == "b'a'"
    assert sent["much"]["x-default-text"] == "1180591620717411303424"
    assert {"both", "endless", "turned", "table", "place", "which", "made"} <= sent.keys()
    assert sent["table"]["default"] == {"a": [1, {"b": None}], "3": 4}
    assert "enum" not in sent["which"]


@pytest.mark.parametrize("path", ["gone.ipynb", "../out.ipynb", "/etc/passwd", "", "a\\b.ipynb"])
def test_what_is_not_there_or_outside_is_an_error_in_words(made: FakeDesk, path: str) -> None:
    with pytest.raises(UsageError) as caught:
        describe_parameters(made.desk, path)
    assert caught.value.hint


@pytest.mark.parametrize("text", ["", "{", "[]", "3", json.dumps({"cells": 3})])
def test_what_is_no_notebook_is_an_error_in_words(made: FakeDesk, text: str) -> None:
    (made.folder / "train.ipynb").write_text(text)
    with pytest.raises(UsageError) as caught:
        describe_parameters(made.desk, "train.ipynb")
    assert caught.value.code == "not-a-notebook"
