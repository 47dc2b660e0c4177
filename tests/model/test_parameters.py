from __future__ import annotations

import keyword
import math
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from papermill.translators import PythonTranslator

from jupyter_mlcd.model.errors import ParameterError
from jupyter_mlcd.model.parameters import check_parameters, prove_injected

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
    assert "from the environment" in caught.value.hint


@pytest.mark.parametrize(
    "value",
    ["", "text", "a\nb", '"', "\\", "ä\U0001f600", True, None, 0, -1, 2**53, -(2**53), 0.1, -0.0,
     1e308, [], [1, "a", None], (1, 2), {}, {"a": [1, {"b": 2.5}]}, "x" * 65536],
)  # fmt: skip
def test_what_json_can_say_is_a_value(value: object) -> None:
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


# ------------------------------------------------- what is injected, by papermill's own translator

NAMES = st.from_regex(r"\A[A-Za-z_][A-Za-z0-9_]{0,10}\Z").filter(
    lambda name: not keyword.iskeyword(name) and not name.startswith("__")
)
TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20)
HOSTILE = st.sampled_from(
    ['"', "\\", '\\"', '"; import os #', "'''", '"""', "\n", "\r\nx = 1", "{0}", "\\N{BULLET}",
     "\\x41", "#", "\u2028", "\\\n"]
)  # fmt: skip
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.floats(allow_nan=False, allow_infinity=False)
    | TEXTS
    | st.lists(HOSTILE, max_size=4).map("".join)
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=8,
)


def is_good(parameters: dict[str, Any]) -> bool:
    try:
        check_parameters(parameters)
    except ParameterError:
        return False
    return True


PARAMETERS = st.dictionaries(NAMES, VALUES, max_size=4).filter(is_good)


def injected(parameters: dict[str, Any]) -> str:
    text: str = PythonTranslator.codify(parameters)
    return text


@given(PARAMETERS)
def test_what_papermill_writes_for_good_parameters_is_proved(parameters: dict[str, Any]) -> None:
    prove_injected(injected(parameters), parameters)


@settings(max_examples=40)
@given(PARAMETERS, PARAMETERS)
def test_what_papermill_writes_for_other_parameters_is_refused(
    asked: dict[str, Any], written: dict[str, Any]
) -> None:
    assume(_sorted(asked) != _sorted(written))
    with pytest.raises(ParameterError, match="are not the ones asked for"):
        prove_injected(injected(written), asked)


def _sorted(value: object) -> str:
    """Write a value so that the order of keys and the sign of zero do not count."""
    if isinstance(value, dict):
        return "{" + ",".join(f"{key!r}:{_sorted(value[key])}" for key in sorted(value)) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(_sorted, value)) + "]"
    return repr(0.0 if isinstance(value, float) and value == 0 else value)


STATEMENTS = [
    "import os",
    "__import__('os').system('id')",
    "x: int = 1",
    "x += 1",
    "x = y = 1",
    "x, y = 1, 2",
    "x = __import__('os')",
    "x = 1 if True else 2",
    "x = [i for i in (1,)]",
    "x = f'{1}'",
    "x = open('f')",
    "x[0] = 1",
    "x.y = 1",
    "x = lambda: 1",
    "x = 1 + 1",
    "x = {**{}}",
    "x = {[1]: 2}",
    "x = ...",
    "if True:\n    x = 1",
    "def f(): pass",
    "del x",
    "'a text by itself'",
    "x := 1",
    "!id",
    "%time 1",
    "x = 1; import os",
    "x = \x00",
    "x = 1\n\x0cimport os",
]


@pytest.mark.parametrize("statement", STATEMENTS)
def test_a_statement_that_is_no_plain_assignment_is_refused(statement: str) -> None:
    with pytest.raises(ParameterError):
        prove_injected(statement, {"x": 1})


@given(PARAMETERS, st.sampled_from(STATEMENTS), st.booleans())
def test_a_statement_smuggled_in_is_refused(
    parameters: dict[str, Any],
    statement: str,
    before: bool,
) -> None:
    text = injected(parameters)
    smuggled = f"{statement}\n{text}" if before else f"{text}\n{statement}\n"
    with pytest.raises(ParameterError):
        prove_injected(smuggled, parameters)


@pytest.mark.parametrize(
    ("source", "parameters"),
    [
        ("x = 1", {"x": True}),
        ("x = True", {"x": 1}),
        ("x = 1.0", {"x": 1}),
        ("x = [1]", {"x": [True]}),
        ("x = {'a': 1}", {"x": {"a": 1.0}}),
        ("x = (1,)", {"x": [1]}),
        ("x = {1}", {"x": [1]}),
        ("x = b'a'", {"x": "a"}),
        ("x = '1'", {"x": 1}),
        ("x = 1\ny = 2", {"x": 1}),
        ("x = 1", {"x": 1, "y": 2}),
        ("y = 1", {"x": 1}),
        ("", {"x": 1}),
    ],
)
def test_a_value_of_another_type_or_name_is_not_the_one_asked_for(
    source: str, parameters: dict[str, Any]
) -> None:
    with pytest.raises(ParameterError, match="are not the ones asked for"):
        prove_injected(source, parameters)


def test_a_name_that_is_assigned_twice_is_refused() -> None:
    with pytest.raises(ParameterError, match="are not plain assignments"):
        prove_injected("x = 2\nx = 1", {"x": 1})


def test_comments_are_good() -> None:
    prove_injected("# Parameters\nx = 1  # one\n", {"x": 1})


def test_a_tuple_of_the_matrix_is_injected_as_a_list() -> None:
    prove_injected("x = [1, 2]", {"x": (1, 2)})


@pytest.mark.parametrize("source", ["x = " + "[" * 400, "x = " + "-" * 9999 + "1", "x = '"])
def test_a_text_that_python_cannot_read_is_refused(source: str) -> None:
    with pytest.raises(ParameterError, match="are not plain assignments"):
        prove_injected(source, {"x": 1})


def test_the_refusal_says_that_nothing_was_run() -> None:
    with pytest.raises(ParameterError) as caught:
        prove_injected("import os", {})
    assert "The notebook was not run." in caught.value.hint
