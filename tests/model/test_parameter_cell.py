from __future__ import annotations

import pytest

from jupyter_mlcd.model.parameter_cell import declared, other_cells
from jupyter_mlcd.model.parameter_types import Parameter, in_words
from tests.model.notebooks import notebook

IMPORTS = """
import datetime
import datetime as dt
import pathlib
from datetime import date
from pathlib import Path
from typing import *
"""


def parameters_of(source: str, language: str = "python") -> dict[str, Parameter]:
    cell = declared(notebook(IMPORTS, source, first=1, language=language))
    assert cell is not None
    return {one.name: one for one in cell.parameters}


# Every declaration of `reference/notebooks.md` that papermill's own inspection loses or mistakes
# is among these.
DECLARATIONS: list[tuple[str, str, str, object]] = [
    ("a: int | None = 1  # how many", "a", "a whole number or nothing", 1),
    ("a: 'int | None' = None", "a", "a whole number or nothing", None),
    ("a: Optional[float] = 0.5", "a", "a number or nothing", 0.5),
    ("a: Union[int, str] = 'x'", "a", "a whole number or text", "x"),
    ("a: Literal['x', 'y'] = 'x'", "a", "one of 'x', 'y'", "x"),
    ('a: "Literal[\'x\', \'y\']" = "x"', "a", "one of 'x', 'y'", "x"),
    ("a: Literal[1, 2] | None = None", "a", "one of 1, 2 or nothing", None),
    ("a: datetime.date = datetime.date(2026, 1, 31)", "a", "a date such as 2026-01-31",
     "2026-01-31"),
    ("a = dt.date.fromisoformat('2026-01-31')", "a", "a date such as 2026-01-31", "2026-01-31"),
    ("a = dt.datetime(2026, 1, 31, 12)", "a", "a time such as 2026-01-31T12:00:00",
     "2026-01-31T12:00:00"),
    ("a: list[int] = [1, 2]", "a", "a list of whole numbers", [1, 2]),
    ("a: Dict[str, float] = {}", "a", "a table of numbers", {}),
    ("a: tuple[int, str] = (1, 'x')", "a", "a list of 2: a whole number, text", (1, "x")),
    ("a: tuple[float, ...] = ()", "a", "a list of numbers", ()),
    ("a: Annotated[int, 'x=1'] = 3", "a", "a whole number", 3),
    ("a = 3  # type: int", "a", "a whole number", 3),
    ("a = None  # type: Optional[int] which one", "a", "a whole number or nothing", None),
    ("a = 'x=y'", "a", "text", "x=y"),
    ("a = '#hash'", "a", "text", "#hash"),
    ("a = '''\ny=2\n'''", "a", "text", "\ny=2\n"),
    ("a = b = 1", "b", "a whole number", 1),
    ("a, b = 1, 2.5", "b", "a number", 2.5),
    ("(a, [b, c]) = 1, ('x', True)", "c", "true or false", True),
    ("a = -1", "a", "a whole number", -1),
    ("a = Path('models')", "a", "the path of a file", "models"),
    ("a = 1; b = 'x'", "b", "text", "x"),
    ("a = (\n    1,\n    2,\n)  # both", "a", "a list", (1, 2)),
    ("a: float = 1e-3", "a", "a number", 0.001),
]  # fmt: skip


@pytest.mark.parametrize(("source", "name", "words", "default"), DECLARATIONS)
def test_every_declaration_is_read_with_its_type_and_default(
    source: str, name: str, words: str, default: object
) -> None:
    one = parameters_of(source)[name]
    assert in_words(one.type) == words
    assert one.has_literal_default
    assert one.default == default
    assert type(one.default) is type(default)


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("a = dict(x=1)", "a table"),
        ("a = f(1, b=2)", "any value"),
        ("a = dt.date.today()", "a date such as 2026-01-31"),
        ("a = Path('data') / 'x'", "the path of a file"),
        ("a = pathlib.Path.cwd()", "the path of a file"),
        ("a = f'{x}.csv'", "text"),
        ("a = 60 * 60", "a whole number"),
        ("a = 1 / 3", "a number"),
        ("a = not b", "true or false"),
        ("a = [x for x in y]", "a list"),
        ("a, b = f()", "any value"),
        ("a, *b = 1, 2, 3", "any value"),
        ("a = !ls", "any value"),
        ("a = %env HOME", "any value"),
        ("a: Unknown[int] = g()", "any value"),
        ("a = " + "1 + " * 5000 + "1", None),
    ],
)
def test_a_default_that_only_running_could_tell_is_told_as_such(
    source: str, words: str | None
) -> None:
    found = parameters_of(source)
    if words is None:
        assert not found  # too deep for the parser, and no crash
        return
    assert in_words(found["a"].type) == words
    assert not found["a"].has_literal_default


def test_no_text_inside_of_a_string_is_taken_for_a_parameter() -> None:
    assert set(parameters_of("a = '''\ny=2\nz: int = 3\n'''\nb = 'c = 1'")) == {"a", "b"}


@pytest.mark.parametrize(
    "source",
    ["if x:\n    a = 1", "def f():\n    a = 1", "import a", "x.a = 1", "a += 1", "a[0] = 1"],
)
def test_only_plain_assignments_at_the_top_level_declare(source: str) -> None:
    assert "a" not in parameters_of(source)


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("a = 1  # how many", "how many"),
        ("a = 1  # type: int  # how many", "how many"),
        ("a = 1  # type: int how many", "how many"),
        ("a = 1  # type: ignore", "type: ignore"),
        ("a = '# no'", ""),
        ("a = (1,\n  2)  ## the two", "the two"),
        ("%time\na = 1  # how many", "how many"),
    ],
)
def test_the_comment_behind_it_is_its_help(source: str, words: str) -> None:
    assert parameters_of(source)["a"].help == words


@pytest.mark.parametrize(
    ("source", "line"),
    [("a = 1", 1), ("%matplotlib inline\n\na = 1", 3), ("!ls\nb = '''\n'''\na = 1", 4)],
)
def test_lines_are_those_of_the_cell_also_after_magics(source: str, line: int) -> None:
    assert parameters_of(source)["a"].line == line


def test_a_declaration_without_a_value_has_no_default() -> None:
    one = parameters_of("a: int")["a"]
    assert one.default_text == ""
    assert not one.has_literal_default


def test_a_type_and_a_value_in_two_statements_are_one_parameter() -> None:
    one = parameters_of("a: int | None  # which\na = 3")["a"]
    assert (in_words(one.type), one.default, one.help) == ("a whole number or nothing", 3, "which")


def test_choices_and_whether_none_is_one_of_them() -> None:
    found = parameters_of("a: Literal['x', 'y'] | None = None\nb: int = 1")
    assert found["a"].choices == ("x", "y")
    assert [found["a"].optional, found["b"].optional] == [True, False]


@pytest.mark.parametrize(
    ("source", "call"),
    [
        ("a = date(2026, 1, 1)", "date.fromisoformat"),
        ("a: datetime.date = None", "datetime.date.fromisoformat"),
        ("a: 'dt.datetime' = None", "dt.datetime.fromisoformat"),
        ("a: Path = 'x'", "Path"),
        ("from datetime import date as day\na: day = day.today()", "day.fromisoformat"),
        ("a: time = None", ""),
    ],
)
def test_a_date_is_made_by_the_name_that_the_notebook_has_for_it(source: str, call: str) -> None:
    assert parameters_of(source)["a"].type.call == call


def test_a_cell_without_the_tag_declares_nothing() -> None:
    assert declared(notebook("a = 1", first=7)) is None


def test_the_first_tagged_cell_is_the_one() -> None:
    document = notebook("x = 1", "a = 1", "b = 2", first=1)
    document["cells"][2]["metadata"]["tags"] = ["parameters"]
    cell = declared(document)
    assert cell is not None
    assert (cell.index, cell.number, cell.others) == (1, 2, (3,))
    assert [one.name for one in cell.parameters] == ["a"]


def test_a_tagged_text_is_no_parameters_cell() -> None:
    document = notebook("a = 1")
    document["cells"][0]["cell_type"] = "markdown"
    assert declared(document) is None


@pytest.mark.parametrize("source", ["a <- 1 +", "a = (", "%%bash\na=1", "a = \0"])
def test_a_cell_that_is_not_python_is_said_to_be_unreadable(source: str) -> None:
    cell = declared(notebook(source))
    assert cell is not None
    assert not cell.is_readable


def test_a_source_may_be_a_list_of_lines() -> None:
    document = notebook("")
    document["cells"][0]["source"] = ["a = 1\n", "b = 2"]
    cell = declared(document)
    assert cell is not None
    assert [one.name for one in cell.parameters] == ["a", "b"]


def test_the_cell_of_an_earlier_injection_is_not_one_of_the_others() -> None:
    document = notebook("a = 1", "a = 2", "a")
    document["cells"][1]["metadata"]["tags"] = ["injected-parameters"]
    cell = declared(document)
    assert cell is not None
    assert [(one.number, one.is_later) for one in other_cells(document, cell)] == [(3, True)]


# ---------------------------------------------------------------------------------- other languages

BASH = """
a=1 # how many
export b="x y"
c=(1 2)
declare -i d=4
f="
g=3
"
if true; then
  h=1
fi
"""
TYPESCRIPT = """
let a = 1; // how many
const b: string = "x=1";
var c = {a: [1,
  2]}
let d = `
let e = 4
`;
/* let e = 4 */
function f() {
  let g = 3;
}
let h: number | null = null
"""
R = """
a <- 1L # how many
b = c(1, 2)
c <- function(x = 1) {
  z <- 3
}
d <- "x
y <- 4
"
"""


@pytest.mark.parametrize(
    ("language", "source", "names"),
    [("bash", BASH, "abcdf"), ("typescript", TYPESCRIPT, "abcdh"),
     ("javascript", TYPESCRIPT, "abcdh"), ("R", R, "abcd")],
)  # fmt: skip
def test_declarations_of_other_languages_are_found(language: str, source: str, names: str) -> None:
    found = parameters_of(source, language)
    assert "".join(found) == names
    assert found["a"].help == "how many"


def test_how_other_languages_declare_is_kept() -> None:
    typescript = parameters_of(TYPESCRIPT, "typescript")
    assert [typescript[name].how for name in "abc"] == ["let", "const", "var"]
    bash = parameters_of(BASH, "bash")
    assert [bash[name].how for name in "abcd"] == ["", "export", "list", "fixed"]


@pytest.mark.parametrize(
    "source",
    [
        "declare -i a\na=1",
        "a=1\nreadonly a",
        "typeset -n a=b",
        "declare -r a=1",
        "a=1; declare -u a",
    ],
)
def test_a_variable_of_bash_with_attributes_is_not_taken_for_a_plain_one(source: str) -> None:
    assert {one.how for one in parameters_of(f"{source}\na=2", "bash").values()} == {"fixed"}


@pytest.mark.parametrize("language", ["julia", "scala", "rust", "sas"])
def test_nothing_is_guessed_of_a_language_that_we_do_not_know(language: str) -> None:
    assert parameters_of("a = 1", language) == {}
