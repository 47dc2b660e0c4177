from __future__ import annotations

from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from jupyter_mlcd.model.errors import ParameterError
from jupyter_mlcd.model.parameter_cell import declared
from jupyter_mlcd.model.parameter_proof import prove_injected
from jupyter_mlcd.model.parameter_text import inject
from jupyter_mlcd.model.parameter_values import Constructed, identical
from tests.model.notebooks import notebook
from tests.model.parameter_values import KEYS, given_with, nested

DECLARED = {
    "python": "{} = None",
    "javascript": "let {} = null",
    "r": "{} <- NULL",
}
ASCII_KEYS = KEYS.filter(lambda key: key.isascii() and bool(key))
PARAMETERS = given_with(nested(ASCII_KEYS))

STATEMENTS = {
    "python": [
        "import os", "__import__('os').system('id')", "x: int = 1", "x += 1", "x = y = 1",
        "x, y = 1, 2", "x = __import__('os')", "x = 1 if True else 2", "x = [i for i in (1,)]",
        "x = f'{1}'", "x = open('f', 'w')", "x[0] = 1", "x.y = 1", "x = lambda: 1", "x = 1 + 1",
        "x = {**{}}", "x = {[1]: 2}", "x = ...", "if True:\n    x = 1", "def f(): pass", "del x",
        "'a text by itself'", "x := 1", "!id", "%time 1", "x = 1; import os", "x = \0",
        "x = 1\n\x0cimport os", "x = f(1)('y')", "x = {1: 2}", "x = {'a': 1, 'a': 1}", "x = '",
        "x = " + "[" * 400, "x = " + "-" * 9999 + "1",
    ],
    "javascript": [
        "run()", "x = run();", "x = 1; run();", "x = 1", "let x = 1;", "x = `a`;", "x = 'a';",
        "x = 1 // y", "x = {a: 1};", "x = [1,];", "x += 1;", "x = NaN;", 'x = {"__proto__": 1};',
        "x = y = 1;", "if (1) x = 1;", "x = 1;\u2028run();", "x = /a/;", "//x\nrun()", "x = 1n;",
        'x = {"a": 1, "a": 1};', "x = (1);", "x = 0x10;",
    ],
    "bash": [
        "run", "x=$(run)", "x=`run`", "x=$y", 'x="a"', "x='a'; run", "x='a' run", "x=a&run",
        "x=('a' $(run))", "x=('a')('b')", "x=$'\\x4'", "x=$'a'b", "x='a'b", "x=a b", "x =a",
        "x+='a'", "export x='a'", "x=(a", "x=('a'  'b')", "x=~", "x=*", "x={a,b}", "x=$'!'",
        "x=$'\\u0041'", "#!run", "x='a\nb'",
    ],
    "r": [
        "run()", "x <- run()", "x <- 1; run()", "x = 1", "x <<- 1", "x <- 'a'", "x <- y",
        "x <- list(run())", "x <- list(1L", "x <- list(1L,)", "x <- list(a = 1L)", "x <- c(1L))",
        "x <- 1L 2L", "x <- TRUE & FALSE", "x <- -TRUE", "x <- function() 1", "x <- NA",
        'x <- "\\x41"', 'x <- list("a" = 1L, 2L)', 'x <- list("a" = 1L, "a" = 1L)', "1 -> x",
        "x <- list(1L 2L)", "x <- ", "x <- list(, )", "x <- )",
    ],
}  # fmt: skip
EVERY = [(language, one) for language, some in STATEMENTS.items() for one in some]


def written(language: str, parameters: dict[str, Any]) -> str:
    lines = [DECLARED[language].format(name) for name in parameters]
    cell = declared(notebook("\n".join(lines), language=language))
    assert cell is not None
    return inject(language, cell, parameters)


@pytest.mark.parametrize(("language", "statement"), EVERY)
def test_a_statement_that_is_no_plain_assignment_of_a_literal_is_refused(
    language: str, statement: str
) -> None:
    for value in (1, "a", None, ["a"], {"a": 1}):
        with pytest.raises(ParameterError):
            prove_injected(language, statement, {"x": value})


@pytest.mark.parametrize("language", DECLARED)
@given(PARAMETERS, st.data())
def test_a_statement_smuggled_in_is_refused(
    language: str, parameters: dict[str, Any], data: st.DataObject
) -> None:
    text = written(language, parameters)
    statement = data.draw(st.sampled_from(STATEMENTS[language]))
    for smuggled in (f"{statement}\n{text}", f"{text}\n{statement}\n"):
        with pytest.raises(ParameterError):
            prove_injected(language, smuggled, parameters)


@pytest.mark.parametrize("language", DECLARED)
@given(PARAMETERS, PARAMETERS)
def test_the_values_of_others_are_refused(
    language: str, asked: dict[str, Any], others: dict[str, Any]
) -> None:
    assume(not identical(asked, others))
    assume(language != "r" or str(asked).replace("{}", "[]") != str(others).replace("{}", "[]"))
    with pytest.raises(ParameterError, match="are not the ones asked for"):
        prove_injected(language, written(language, others), asked)


@pytest.mark.parametrize(
    ("source", "values"),
    [
        ("x = 1", {"x": True}),
        ("x = True", {"x": 1}),
        ("x = 1.0", {"x": 1}),
        ("x = [1]", {"x": [True]}),
        ("x = {'a': 1}", {"x": {"a": 1.0}}),
        ("x = (1,)", {"x": [1]}),
        ("x = [1]", {"x": (1,)}),
        ("x = {1}", {"x": [1]}),
        ("x = b'a'", {"x": "a"}),
        ("x = 1\ny = 2", {"x": 1}),
        ("x = 1", {"x": 1, "y": 2}),
        ("y = 1", {"x": 1}),
        ("", {"x": 1}),
        ("x = date.fromisoformat('2026-01-31')", {"x": "2026-01-31"}),
        ("x = '2026-01-31'", {"x": Constructed("date.fromisoformat", "2026-01-31")}),
        ("x = system('2026-01-31')", {"x": Constructed("date.fromisoformat", "2026-01-31")}),
    ],
)
def test_a_value_of_another_type_or_name_is_not_the_one_asked_for(
    source: str, values: dict[str, Any]
) -> None:
    with pytest.raises(ParameterError, match="are not the ones asked for"):
        prove_injected("python", source, values)


@pytest.mark.parametrize("language", ["python", "javascript", "bash", "r"])
def test_a_name_that_is_assigned_twice_is_refused(language: str) -> None:
    line = {"python": "x = 1", "javascript": "x = 1;", "bash": "x=1", "r": "x <- 1L"}[language]
    prove_injected(language, line, {"x": 1})
    with pytest.raises(ParameterError, match="are not plain assignments"):
        prove_injected(language, f"{line}\n{line}", {"x": 1})


def test_nothing_is_proved_in_a_language_that_we_do_not_know() -> None:
    with pytest.raises(ParameterError):
        prove_injected("julia", "x = 1", {"x": 1})


def test_the_refusal_says_that_nothing_was_run() -> None:
    with pytest.raises(ParameterError) as caught:
        prove_injected("python", "import os", {})
    assert "The notebook was not run." in caught.value.hint
