from __future__ import annotations

import json
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyter_mlcd.model.errors import ConfigError
from jupyter_mlcd.model.kept_outputs import (
    kept_outputs,
)
from jupyter_mlcd.model.reference import (
    Acceptance,
    ExpectedCell,
    Reference,
    digest_of_source,
    is_ignored,
    is_reference,
    match_cells,
    parse_reference,
    reference_path,
)

ANN = Acceptance("Ann <ann@example.org>", "2026-11-03T10:00:00.000000Z", "new features", "run-1")


def stream(text: str | list[str], name: str = "stdout") -> dict[str, Any]:
    return {"output_type": "stream", "name": name, "text": text}


def expected(source: str, *, id: str = "", number: int = 1, text: str = "1\n") -> ExpectedCell:  # noqa: A002
    return ExpectedCell(
        id, number, digest_of_source(source), kept_outputs([stream(text)]), accepted=ANN
    )


def reference(*cells: ExpectedCell) -> Reference:
    return Reference("train.ipynb", {"seed": 1}, cells)


def notebook(*cells: tuple[str, str]) -> dict[str, Any]:
    """Return a notebook of code cells, each an id and a source, behind a text."""
    text = {"cell_type": "markdown", "metadata": {}, "source": "# Title"}
    code = [
        {"cell_type": "code", "id": one, "metadata": {}, "source": source, "outputs": []}
        for one, source in cells
    ]
    return {"cells": [text, *code], "metadata": {}}


# ------------------------------------------------------------------------------------------ names


@pytest.mark.parametrize(
    ("notebook", "parameters", "path"),
    [
        ("train.ipynb", {}, "expected/train.json"),
        ("train.ipynb", {"seed": 1}, "expected/train@seed=1.json"),
        ("a/b/train.ipynb", {"seed": 1, "C": 10.0}, "a/b/expected/train@C=10.0,seed=1.json"),
        ("train.ipynb", {"on": True, "x": None}, "expected/train@on=true,x=null.json"),
        ("train.ipynb", {"kernel": "rbf"}, "expected/train@kernel=rbf.json"),
    ],
)
def test_a_file_is_named_after_its_case(
    notebook: str, parameters: dict[str, Any], path: str
) -> None:
    assert reference_path(notebook, parameters) == path
    assert is_reference(path)


@pytest.mark.parametrize("value", ["A", "a/b", "..", "a b", "nul:", "1", "true", [1], {"a": 1}, ""])
def test_what_cannot_stand_in_a_name_on_every_system_becomes_a_digest(value: object) -> None:
    path = reference_path("train.ipynb", {"x": value})
    assert path.startswith("expected/train@")
    assert "=" not in path
    assert len(path) == len("expected/train@.json") + 16


def test_a_long_name_becomes_a_short_one() -> None:
    parameters = {f"parameter_{n}": n for n in range(40)}
    path = reference_path("x" * 200 + ".ipynb", parameters)
    assert len(path) < 100
    assert path != reference_path("x" * 201 + ".ipynb", parameters)


@given(
    st.lists(
        st.one_of(st.text(max_size=5), st.integers(), st.booleans(), st.none()),
        unique_by=json.dumps,
        min_size=2,
        max_size=6,
    )
)
def test_no_two_values_share_a_file_even_where_capitals_do_not_count(values: list[Any]) -> None:
    paths = {reference_path("train.ipynb", {"x": value}).casefold() for value in values}
    assert len(paths) == len(values)


# ------------------------------------------------------------------------------------------ files


def test_a_reference_comes_back_from_its_file() -> None:
    whole = reference(expected("x", id="a", text="1\n2"), expected("é"))
    assert parse_reference(whole.to_bytes(), "x") == whole
    assert whole.to_bytes().endswith(b"}\n")


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"<<<<<<< HEAD\n", "broken-reference"),
        (b"\xff", "broken-reference"),
        (b"{}", "broken-reference"),
        (msgspec.json.encode(msgspec.structs.replace(reference(), v=2)), "newer-reference"),
    ],
)
def test_a_file_that_cannot_be_read_is_an_error_that_names_it(content: bytes, code: str) -> None:
    with pytest.raises(ConfigError, match=r"expected/train\.json") as caught:
        parse_reference(content, "expected/train.json")
    assert caught.value.code == code
    assert caught.value.hint


# ------------------------------------------------------------------------------------------ cells


def test_a_moved_cell_is_found_by_its_id() -> None:
    match = match_cells(reference(expected("x", id="b")), notebook(("a", "y"), ("b", "x")))
    assert list(match.same) == [2]


def test_a_cell_with_a_new_id_is_found_by_its_code() -> None:
    match = match_cells(reference(expected("x", id="b")), notebook(("a", "y"), ("c", "x")))
    assert list(match.same) == [2]


def test_a_cell_whose_code_changed_is_told() -> None:
    match = match_cells(reference(expected("x", id="b")), notebook(("a", "y"), ("b", "z")))
    assert (match.same, list(match.changed), match.gone) == ({}, [2], ())


def test_without_ids_a_cell_whose_code_changed_is_known_by_its_place() -> None:
    match = match_cells(
        reference(expected("x", number=1), expected("y", number=2)), notebook(("", "z"), ("", "y"))
    )
    assert (list(match.same), list(match.changed)) == ([2], [1])


def test_equal_cells_are_matched_in_their_order() -> None:
    first, second = expected("x", text="1\n"), expected("x", number=2, text="2\n")
    match = match_cells(reference(first, second), notebook(("", "x"), ("", "x")))
    assert match.same == {1: first, 2: second}


def test_a_removed_cell_is_told() -> None:
    cell = expected("x", id="b")
    assert match_cells(reference(cell), notebook(("a", "y"))).gone == (cell,)


@pytest.mark.parametrize(
    ("source", "tags", "ignored"),
    [
        ("# NBVAL_IGNORE_OUTPUT\n1", [], True),
        ("1\n   ## NBVAL_IGNORE_OUTPUT ", [], True),
        ("#PYTEST_VALIDATE_IGNORE_OUTPUT", [], True),
        ("1", ["nbval-ignore-output"], True),
        ("# NBVAL_IGNORE_OUTPUT: why", [], False),
        ("1  # NBVAL_IGNORE_OUTPUT", [], False),
        ("# NBVAL_CHECK_OUTPUT", ["other"], False),
    ],
)
def test_marks_that_ask_not_to_compare(source: str, tags: list[str], ignored: bool) -> None:
    assert is_ignored({"source": source, "metadata": {"tags": tags}}) is ignored
