from __future__ import annotations

import datetime as dt
import keyword
import math
from typing import Any

import pytest

from jupyter_mlcd.model.errors import ParameterError
from jupyter_mlcd.model.parameters import check_parameters, looks_secret

# ---------------------------------------------------------------- names and values


@pytest.mark.parametrize("name", ["C", "seed", "_x", "learning_rate", "x2", "a" * 64])
def test_a_name_of_letters_digits_and_underscores_is_good(name: str) -> None:
    check_parameters({name: 1})


@pytest.mark.parametrize(
    "name",
    ["", "2x", "a-b", "a b", "a.b", "a\n", "a\n= 1; import os #", "ä", "a" * 65, "__name__",
     "class", "None", "lambda", "x=1", "x;y", "\u212a"],
)  # fmt: skip
def test_any_other_name_is_refused(name: str) -> None:
    with pytest.raises(ParameterError, match="is not a name for a parameter"):
        check_parameters({name: 1})


@pytest.mark.parametrize("name", keyword.kwlist)
def test_no_word_of_python_is_a_name(name: str) -> None:
    with pytest.raises(ParameterError):
        check_parameters({name: 1})


@pytest.mark.parametrize(
    "name", ["password", "db_passwd", "API_KEY", "apikey", "github_token", "secret", "access_key",
             "Credential"],
)  # fmt: skip
def test_a_name_that_looks_like_a_secret_is_refused_with_a_way_out(name: str) -> None:
    with pytest.raises(ParameterError, match="looks like a secret") as caught:
        check_parameters({name: "x"})
    assert caught.value.code == "secret-parameter"
    assert f'{name.upper()} = "env:{name.upper()}"' in caught.value.hint


@pytest.mark.parametrize(
    "name", ["token", "auth_token", "hfToken", "API_TOKENS", "private_key", "passphrase"]
)
def test_a_token_is_a_secret(name: str) -> None:
    assert looks_secret(name)


@pytest.mark.parametrize(
    "name", ["max_tokens", "tokenizer", "pad_token", "n_tokens", "token_count", "keyboard", "seed"]
)
def test_what_language_models_call_tokens_is_none(name: str) -> None:
    assert not looks_secret(name)


@pytest.mark.parametrize(
    "value",
    ["", "text", "a\nb", '"', "\\", "ä\U0001f600", True, None, 0, -1, 2**53, -(2**53), 0.1, -0.0,
     1e308, [], [1, "a", None], (1, 2), {}, {"a": [1, {"b": 2.5}]}, "x" * 65536,
     dt.date(2026, 1, 31), dt.time(12), [dt.datetime(2026, 1, 31, tzinfo=dt.UTC)]],
)  # fmt: skip
def test_what_json_and_toml_can_say_is_a_value(value: object) -> None:
    check_parameters({"x": value})


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        (math.nan, "is not a finite number"),
        (math.inf, "is not a finite number"),
        (-math.inf, "is not a finite number"),
        (2**53 + 1, "is larger than 2**53"),
        (-(2**53) - 1, "is larger than 2**53"),
        ("a\0b", "has a character that cannot be stored"),
        ("\ud800", "has a character that cannot be stored"),
        ("x" * 65537, "is longer than 64 KiB"),
        (b"bytes", "is of the type bytes"),
        ({1, 2}, "is of the type set"),
        (1j, "is of the type complex"),
        (object, "is of the type type"),
    ],
)
def test_anything_else_is_refused_with_its_reason(value: object, reason: str) -> None:
    with pytest.raises(ParameterError) as caught:
        check_parameters({"x": value})
    assert str(caught.value) == f"the value of the parameter `x` {reason}"


@pytest.mark.parametrize("wrap", [lambda x: [x], lambda x: {"k": x}, lambda x: [1, [x]]])
def test_a_bad_value_is_found_inside_of_others(wrap: Any) -> None:
    with pytest.raises(ParameterError, match="is not a finite number"):
        check_parameters({"x": wrap(math.nan)})


def test_a_bad_key_of_a_table_is_found() -> None:
    with pytest.raises(ParameterError, match="has a character that cannot be stored"):
        check_parameters({"x": {"a\0": 1}})


def nested(depth: int) -> list[Any]:
    value: list[Any] = []
    for _ in range(depth):
        value = [value]
    return value


def test_eight_levels_are_good() -> None:
    check_parameters({"x": nested(8)})


@pytest.mark.parametrize("depth", [9, 100_000])
def test_more_than_eight_levels_are_refused_however_deep(depth: int) -> None:
    with pytest.raises(ParameterError, match="is nested more than 8 levels deep"):
        check_parameters({"x": nested(depth)})
