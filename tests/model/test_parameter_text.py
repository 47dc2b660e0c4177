from __future__ import annotations

import ast
import datetime as dt
import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any, TypeAlias

import pytest
from hypothesis import given
from hypothesis import strategies as st
from IPython.core.inputtransformer2 import TransformerManager

from jupyter_mlcd.model.errors import ParameterError
from jupyter_mlcd.model.parameter_cell import ParameterCell, declared
from jupyter_mlcd.model.parameter_text import inject
from jupyter_mlcd.model.parameter_values import identical, plain
from tests.model.notebooks import notebook
from tests.model.parameter_values import (
    FLOATS,
    HOSTILE_TEXTS,
    INTEGERS,
    KEYS,
    NAMES,
    SCALARS,
    TEXTS,
    given_with,
    nested,
    samples,
)

PARAMETERS = given_with(nested(KEYS))
IMPORTS = """
import datetime as dt
from datetime import date
from pathlib import Path
from typing import Literal, Optional, Union
"""


def cell_of(source: str, language: str = "python") -> ParameterCell:
    cell = declared(notebook(source, language=language))
    assert cell is not None
    return cell


def injected(source: str, parameters: dict[str, Any], language: str = "python") -> str:
    return inject(language, cell_of(source, language), parameters)


# ------------------------------------------------------------------------------------------ Python


def executed(source: str, parameters: dict[str, Any]) -> dict[str, Any]:
    """Return the names after the parameters cell and the injected one ran, for real."""
    names: dict[str, Any] = {}
    exec(source, names)  # noqa: S102 - it is what is tested
    exec(injected(source, parameters), names)  # noqa: S102
    return names


@given(PARAMETERS)
def test_python_has_the_very_values_with_their_types(parameters: dict[str, Any]) -> None:
    source = "\n".join(f"{name} = None" for name in parameters)
    names = executed(source, parameters)
    assert all(identical(names[name], plain(value)) for name, value in parameters.items())
    assert names.keys() == {*parameters, "__builtins__"}


@given(PARAMETERS)
def test_python_gets_one_assignment_for_each_parameter(parameters: dict[str, Any]) -> None:
    text = injected("\n".join(f"{name} = None" for name in parameters), parameters)
    statements = ast.parse(text).body
    assert [ast.unparse(one.targets[0]) for one in statements if isinstance(one, ast.Assign)] == [
        *parameters
    ]
    assert len(statements) == len(parameters)
    assert len(text.splitlines()) == len(parameters) + 1
    assert text.replace("\n", "").isprintable()


@given(PARAMETERS)
def test_ipython_finds_no_magic_in_it(parameters: dict[str, Any]) -> None:
    text = injected("\n".join(f"{name} = None" for name in parameters), parameters)
    transformer: Any = TransformerManager  # IPython ships no types
    assert transformer().transform_cell(text) == text


Typed: TypeAlias = tuple[str, Any, Any]
"""An annotation, a value as mlcd.toml has it, and the value that the notebook must then have."""


def as_is(annotation: str, values: st.SearchStrategy[Any]) -> st.SearchStrategy[Typed]:
    return values.map(lambda value: (annotation, value, value))


def moments(annotation: str, values: st.SearchStrategy[Any]) -> st.SearchStrategy[Typed]:
    as_text = values.map(lambda one: (annotation, one.isoformat(), one))
    return as_text | values.map(lambda one: (annotation, one, one))


ZONES = st.none() | st.just(dt.UTC) | st.just(dt.timezone(dt.timedelta(hours=-3, minutes=-30)))
SIMPLE = (
    as_is("int", INTEGERS)
    | as_is("float", FLOATS)
    | INTEGERS.map(lambda value: ("float", value, float(value)))
    | as_is("bool", st.booleans())
    | as_is("str", TEXTS)
    | as_is("None", st.none())
    | as_is("Optional[int]", st.none() | INTEGERS)
    | as_is("int | str", INTEGERS | TEXTS)
    | as_is("Union[float, int]", FLOATS | INTEGERS)
    | as_is("Literal['x', 1, True, None]", st.sampled_from(["x", 1, True, None]))
    | moments("date", st.dates())
    | moments("dt.date", st.dates())
    | moments("'date | None'", st.dates())
    | moments("dt.datetime", st.datetimes(timezones=ZONES))
    | moments("dt.time", st.times())
    | TEXTS.map(lambda text: ("Path", text, Path(text)))
    | as_is("Unknown['x']", nested(KEYS))
)


def several(typed: Typed, count: int) -> Typed:
    annotation, value, expected = typed
    return f"list[{annotation}]", [value] * count, [expected] * count


TYPED = (
    SIMPLE
    | st.builds(several, SIMPLE, st.integers(0, 3))
    | st.builds(
        lambda typed, keys: (
            f"dict[str, {typed[0]}]",
            dict.fromkeys(keys, typed[1]),
            dict.fromkeys(keys, typed[2]),
        ),
        SIMPLE,
        st.lists(KEYS, max_size=3),
    )
    | st.lists(SIMPLE, min_size=1, max_size=3).map(
        lambda parts: (
            f"tuple[{', '.join(part[0] for part in parts)}]",
            [part[1] for part in parts],
            tuple(part[2] for part in parts),
        )
    )
    | st.builds(
        lambda typed, count: (
            f"tuple[{typed[0]}, ...]",
            [typed[1]] * count,
            (typed[2],) * count,
        ),
        SIMPLE,
        st.integers(0, 3),
    )
)


def same(one: Any, other: Any) -> bool:
    """As ``identical``; a tuple's own elements and paths count as they compare."""
    if isinstance(one, dt.datetime | dt.time):
        return repr(one) == repr(other) or (one == other and one.utcoffset() == other.utcoffset())
    if isinstance(one, list | tuple) and type(one) is type(other):
        return len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(same(one[key], other[key]) for key in one)
    return identical(one, other)


@given(st.dictionaries(NAMES, TYPED, min_size=1, max_size=3))
def test_python_has_values_of_their_declared_types(typed: dict[str, Typed]) -> None:
    lines = [f"{name}: {annotation!r} = None" for name, (annotation, _, _) in typed.items()]
    parameters = {name: value for name, (_, value, _) in typed.items()}
    names = executed("\n".join([IMPORTS, *lines]), parameters)
    for name, (_, _, expected) in typed.items():
        assert same(names[name], expected)


@pytest.mark.parametrize(
    "text",
    [
        "from datetime import date\na: date = None",
        "import datetime\na = datetime.date(2026, 1, 1)",
        "import datetime as when\na = when.date.today()",
        "from datetime import date as day\na: 'day | None' = None",
    ],
)
def test_a_date_needs_no_import_of_its_own(text: str) -> None:
    assert executed(text, {"a": "2026-01-31"})["a"] == dt.date(2026, 1, 31)


def test_an_import_of_an_earlier_cell_counts() -> None:
    cell = declared(notebook("import datetime as dt", "a: dt.date = None", first=1))
    assert cell is not None
    assert inject("python", cell, {"a": "2026-01-31"}).splitlines()[1] == (
        "a = dt.date.fromisoformat('2026-01-31')"
    )


def test_a_date_that_the_notebook_cannot_make_is_refused() -> None:
    with pytest.raises(ParameterError, match="does not say by an import") as caught:
        injected("from x import *\na: date = None", {"a": "2026-01-31"})
    assert caught.value.code == "unwritable-parameter"


def test_the_text_is_readable() -> None:
    source = IMPORTS + "a: date = None\nb: float = 1\nc = ''\nd = []\ne: tuple[int, ...] = ()"
    text = injected(
        source, {"a": "2026-01-31", "b": 2, "c": "Größe \u202e", "d": [1, None], "e": [1]}
    )
    assert text == (
        "# Parameters\n"
        "a = date.fromisoformat('2026-01-31')\n"
        "b = 2.0\n"
        "c = 'Größe \\u202e'\n"
        "d = [1, None]\n"
        "e = (1,)\n"
    )


@pytest.mark.parametrize("language", ["julia", "scala", "matlab", "rust", "perl", "sas"])
def test_a_language_without_proof_is_refused_with_those_that_have_one(language: str) -> None:
    with pytest.raises(ParameterError, match=f"a notebook in {language}") as caught:
        injected("a = 1", {"a": 1}, language)
    assert caught.value.code == "no-injector"
    assert "Python, bash, JavaScript, TypeScript and R" in caught.value.hint


# -------------------------------------------------------------------------------------- JavaScript

NODE = shutil.which("node")
NODE_PROGRAM = """
const vm = require('vm');
const cases = JSON.parse(require('fs').readFileSync(0, 'utf8'));
const out = cases.map(([declarations, source, names]) => {
  const context = vm.createContext({});
  vm.runInContext(declarations, context);
  vm.runInContext(source, context);
  context.show = JSON.stringify;
  const show = (name) => [name, vm.runInContext(`show(${name})`, context)];
  const values = Object.fromEntries(names.map(show));
  return [values, vm.runInContext('typeof canary', context)];
});
process.stdout.write(JSON.stringify(out));
"""


def as_doubles(text: str) -> Any:
    """Return JSON whose numbers are all of the one kind that JavaScript has."""
    return json.loads(text, parse_int=float)


@pytest.mark.skipif(NODE is None, reason="there is no node here")
def test_javascript_has_the_very_values(tmp_path: Path) -> None:
    found = samples(PARAMETERS, 250)
    cases: list[tuple[str, str, list[str], dict[str, Any]]] = []
    for parameters in [*found, *({"p_": text} for text in HOSTILE_TEXTS)]:
        declarations = "\n".join(f"let {name} = null;" for name in parameters)
        source = injected(declarations, parameters, "javascript")
        cases.append((declarations, source, list(parameters), parameters))
    done = subprocess.run(
        [NODE or "", "-e", NODE_PROGRAM],
        input=json.dumps([case[:3] for case in cases]),
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=True,
        cwd=tmp_path,
    )
    for (*_, parameters), (values, canary) in zip(cases, json.loads(done.stdout), strict=True):
        assert {name: as_doubles(text) for name, text in values.items()} == as_doubles(
            json.dumps(plain(parameters))
        )
        assert canary == "undefined"
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("declaration", "line"),
    [
        ("let a = 1", "a = 2;"),
        ("var a = 1", "a = 2;"),
        ("const a = 1", "const a = 2;"),
        ("let a: number = 1;", "a = 2;"),
    ],
)
def test_javascript_assigns_as_it_was_declared(declaration: str, line: str) -> None:
    assert injected(declaration, {"a": 2}, "typescript") == f"// Parameters\n{line}\n"


def test_a_key_that_javascript_does_not_keep_is_refused() -> None:
    with pytest.raises(ParameterError, match="`a` has a key `__proto__`"):
        injected("let a = {}", {"a": {"x": [{"__proto__": 1}]}}, "javascript")


# -------------------------------------------------------------------------------------------- bash

BASH = shutil.which("bash")
BASH_VALUES = SCALARS | st.lists(SCALARS, max_size=4)
BASH_PARAMETERS = given_with(BASH_VALUES)


def in_bash(value: object) -> str:
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value)


@pytest.mark.skipif(BASH is None, reason="there is no bash here")
@pytest.mark.parametrize("locale", ["C", "C.UTF-8"])
def test_bash_has_the_very_texts(tmp_path: Path, locale: str) -> None:
    found = samples(BASH_PARAMETERS, 250)
    found += [{"p_": text} for text in HOSTILE_TEXTS] + [
        {"p_": [text, text]} for text in HOSTILE_TEXTS
    ]
    script, expected = ["canary=unset"], []
    for parameters in found:
        lists = {name for name, value in parameters.items() if isinstance(value, list)}
        lines = [f"{name}=()" if name in lists else f"{name}=1" for name in parameters]
        script += [*lines, injected("\n".join(lines), parameters, "bash")]
        for name, value in parameters.items():
            words = value if isinstance(value, list) else [value]
            every = f'"${{{name}[@]}}"' if words else ""
            script.append(f'printf "%s\\0" "${{#{name}[@]}}" {every} "$canary"')
            script.append(f"unset {name}")
            expected += [str(len(words)), *map(in_bash, words), "unset"]
    done = subprocess.run(
        [BASH or "", "--norc"],
        input="\n".join(script).encode(),
        capture_output=True,
        check=True,
        cwd=tmp_path,
        env={"PATH": os.defpath, "LC_ALL": locale},
    )
    assert done.stderr == b""
    assert done.stdout.decode().split("\0")[:-1] == expected
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("declaration", "value", "words"),
    [
        ("declare -i a=1", "b[$(touch canary)]", "cannot be assigned again"),
        ("readonly a=1", "x", "cannot be assigned again"),
        ("a=1", [1, 2], "is not an array of bash"),
        ("a=1", {"x": 1}, "is not an array of bash"),
        ("a=(1)", [[1]], "a list of lists"),
        ("a=1", "x" * 5000, "too long for bash"),
    ],
)
def test_bash_refuses_what_it_cannot_hold(declaration: str, value: object, words: str) -> None:
    with pytest.raises(ParameterError, match=words):
        injected(declaration, {"a": value}, "bash")


@pytest.mark.parametrize("name", ["PROMPT_COMMAND", "PS1", "PATH", "IFS", "BASH_ENV", "LD_PRELOAD"])
def test_a_name_that_bash_itself_uses_is_refused(name: str) -> None:
    with pytest.raises(ParameterError, match="a meaning to bash itself"):
        injected(f"{name}=1", {name: "x"}, "bash")


# ----------------------------------------------------------------------------------------------- R

R = shutil.which("Rscript")
R_PARAMETERS = given_with(nested(KEYS.filter(lambda key: bool(key) and key.isascii())))
R_PROGRAM = """
codes <- function(x) paste(utf8ToInt(enc2utf8(x)), collapse = ".")
show <- function(x) {
  if (is.null(x)) return("N")
  if (is.list(x)) {
    keys <- if (is.null(names(x))) "" else paste0(sapply(names(x), codes), collapse = ",")
    return(paste0("L", length(x), "(", keys, ")", paste0(sapply(x, show), collapse = ";")))
  }
  if (is.character(x)) return(paste0("S", codes(x)))
  if (is.logical(x)) return(if (x) "T" else "F")
  if (is.integer(x)) return(paste0("I", x))
  paste0("D", sprintf("%a", x))
}
"""


def in_r(value: Any) -> str:  # noqa: PLR0911
    match value:
        case None:
            return "N"
        case bool():
            return "T" if value else "F"
        case int() if abs(value) < 2**31:
            return f"I{value}"
        case int() | float():
            return f"D{float(value).hex()}"
        case str():
            return "S" + ".".join(str(ord(letter)) for letter in value)
        case dict():
            keys = ",".join(in_r(key)[1:] for key in value)
            return f"L{len(value)}({keys})" + ";".join(map(in_r, value.values()))
    return f"L{len(value)}()" + ";".join(map(in_r, value))


def with_equal_numbers(shown: str) -> list[str]:
    """Spell hexadecimal numbers in one way; C and Python differ in it."""
    parts = shown.replace(";", " ; ").replace(")", ") ").split(" ")
    return [f"D{float.fromhex(one[1:]).hex()}" if one[:1] == "D" else one for one in parts]


@pytest.mark.skipif(R is None, reason="there is no R here")
@pytest.mark.parametrize("locale", ["C", "C.UTF-8"])
def test_r_has_the_very_values(tmp_path: Path, locale: str) -> None:
    found = samples(R_PARAMETERS, 150) + [{"p_": text} for text in HOSTILE_TEXTS]
    found += [{"p_": value} for value in samples(FLOATS, 150)]
    script, expected = [R_PROGRAM], []
    for parameters in found:
        declarations = "\n".join(f"{name} <- NULL" for name in parameters)
        script += [declarations, injected(declarations, parameters, "R")]
        for name, value in parameters.items():
            script.append(f'cat(show({name}), exists("canary"), "\\n")')
            expected.append(f"{in_r(plain(value))} FALSE")
    (tmp_path / "all.R").write_text("\n".join(script), encoding="utf-8")
    done = subprocess.run(
        [R or "", "--vanilla", "all.R"],
        capture_output=True,
        text=True,
        check=True,
        cwd=tmp_path,
        env={"PATH": os.defpath, "LC_ALL": locale},
    )
    lines = [line.strip() for line in done.stdout.splitlines()]
    for line, one in zip(lines, expected, strict=True):
        assert with_equal_numbers(line) == with_equal_numbers(one)
    assert [path.name for path in tmp_path.iterdir()] == ["all.R"]


@pytest.mark.parametrize(
    ("declaration", "value", "line"),
    [
        ("a <- 1", 3, "a <- 3.0"),
        ("a <- 1L", 3, "a <- 3L"),
        ("a <- 1L", 2**40, "a <- 1099511627776"),
        ("a <- 1", 0.1, "a <- 0.1"),
        ("a <- c(1, 2)", [1, 2.5], "a <- c(1L, 2.5)"),
        ("a <- list()", [1, "x"], 'a <- list(1L, "x")'),
        ("a <- NULL", {"x y": None}, 'a <- list("x y" = NULL)'),
        ("a <- ''", 'ä"\n', 'a <- "\\u00e4\\"\\n"'),
    ],
)
def test_r_is_written_as_people_write_it(declaration: str, value: object, line: str) -> None:
    assert injected(declaration, {"a": value}, "R") == f"# Parameters\n{line}\n"


@pytest.mark.parametrize(
    ("declaration", "value", "words"),
    [
        ("a <- c(1)", [1, "x"], "not all of one type"),
        ("a <- c(1)", [[1]], "not all of one type"),
        ("a <- NULL", {"": 1}, "cannot be a name in every R"),
        ("a <- NULL", {"ä": 1}, "cannot be a name in every R"),
    ],
)
def test_r_refuses_what_it_cannot_hold(declaration: str, value: object, words: str) -> None:
    with pytest.raises(ParameterError, match=words):
        injected(declaration, {"a": value}, "R")
