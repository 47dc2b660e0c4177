from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from jupyter_mlcd.model.errors import ParameterError
from jupyter_mlcd.model.parameter_check import check_notebook
from tests.model.notebooks import notebook

READS_A = "print(a)"


def refused(parameters: dict[str, Any], *sources: str, language: str = "python") -> ParameterError:
    with pytest.raises(ParameterError) as caught:
        check_notebook(parameters, notebook(*sources, language=language))
    return caught.value


def remarks(parameters: dict[str, Any], *sources: str, language: str = "python") -> str:
    return "\n".join(check_notebook(parameters, notebook(*sources, language=language)))


# ------------------------------------------------------------------------------------------- names


def test_an_unknown_name_is_refused_with_the_nearest_one() -> None:
    error = refused({"learning_rat": 1}, "learning_rate = 0.1\nseed = 1", "learning_rate, seed")
    assert error.code == "unknown-parameter"
    assert "does not assign `learning_rat`" in error.message
    assert error.hint.startswith("Did you mean `learning_rate`? It assigns `learning_rate`, `seed`")


def test_all_unknown_names_are_named_at_once() -> None:
    assert "`x`, `y`" in refused({"x": 1, "y": 2}, "a = 1", READS_A).message


def test_without_a_tagged_cell_nothing_takes_parameters() -> None:
    with pytest.raises(ParameterError, match="no cell tagged `parameters` to take `a`"):
        check_notebook({"a": 1}, notebook("a = 1", first=9))


def test_without_parameters_no_cell_is_needed() -> None:
    assert check_notebook({}, notebook("1/0", first=9)) == ()


def test_a_cell_that_is_not_python_is_named() -> None:
    assert "cell [1] is not Python" in refused({"a": 1}, "a <- 1 +").message


def test_without_parameters_a_cell_that_is_not_python_is_no_matter() -> None:
    assert check_notebook({}, notebook("a <- 1 +")) == ()


def test_a_declared_parameter_without_any_value_is_refused() -> None:
    error = refused({}, "a: int\nb = 1", READS_A)
    assert error.message == "`a` has no default and is not given"
    assert "It is a whole number" in error.hint


@pytest.mark.parametrize("source", ["a: int\nif x:\n    a = 1", "a: int"])
def test_one_that_some_statement_binds_has_a_value(source: str) -> None:
    assert check_notebook({}, notebook(source, "a = 2\nprint(a)")) == ()


# ------------------------------------------------------------------------------------------ values


@pytest.mark.parametrize(
    ("declaration", "value", "words"),
    [
        ("a: int = 1", "x", "`a` is declared as a whole number (line 1 of the"),
        ("a: int = 1", "x", "; it is given 'x', which is text"),
        ("\n\na = 'x'", 1, "`a` is by its default text (line 3 of the parameters cell [1])"),
        ("a: int = 1", 1.5, "it is given 1.5, which is a number"),
        ("a: int = 1", True, "it is given True, which is true"),
        ("a: bool = True", 1, "declared as true or false"),
        ("a: float = 1.0", "1", "declared as a number"),
        ("a: float = 1.0", False, "which is false"),
        ("a: float = 1.0", None, "which is nothing"),
        ("a: list[int] = []", [1, "x"], "a list of whole numbers"),
        ("a: list[int] = []", 1, "a list of whole numbers"),
        ("a: dict[str, float] = {}", {"x": "y"}, "a table of numbers"),
        ("a: tuple[int, str] = (1, 'x')", [1], "a list of 2: a whole number, text"),
        ("a: Literal['x', 'y'] = 'x'", "z", "one of 'x', 'y'"),
        ("a: Literal[1] = 1", True, "one of 1"),
        ("a: int | None = None", "x", "a whole number or nothing"),
        ("from datetime import date\na: date = None", "31.1.2026", "a date such as 2026-01-31"),
        ("from datetime import date\na: date = None", 2026, "a date such as 2026-01-31"),
        ("a = True", 0, "is by its default true or false"),
        ("a = [1, 2]", ["x"], "a list of numbers"),
        ("a = 'x'", dt.date(2026, 1, 1), None),
    ],
)  # fmt: skip
def test_a_value_of_another_type_is_refused(
    declaration: str, value: object, words: str | None
) -> None:
    if words is None:  # a date of TOML for a text is its text
        check_notebook({"a": value}, notebook(declaration, READS_A))
        return
    error = refused({"a": value}, declaration, READS_A)
    assert error.code == "ill-typed-parameter"
    assert words in error.message


@pytest.mark.parametrize(
    ("declaration", "value"),
    [
        ("a: float = 1.0", 2),
        ("a = 1", 0.5),  # a default is no promise that all values are whole
        ("a = [1]", [0.5]),
        ("a: int | None = 1", None),
        ("a: int | str = 1", "x"),
        ("a: float | int = 1", 2),
        ("a = None", {"x": [1]}),
        ("a = f()", "anything"),
        ("a: dict[str, float] = {}", {"x": 1}),
        ("a: tuple[int, ...] = ()", [1, 2, 3]),
        ("import datetime as dt\na: dt.date = None", "2026-01-31"),
        ("import datetime as dt\na: dt.date = None", dt.date(2026, 1, 31)),
        ("import datetime as dt\na: dt.datetime = None", dt.date(2026, 1, 31)),
        ("import datetime as dt\na: dt.datetime = None", "2026-01-31T12:00:00Z"),
        ("import datetime as dt\na: dt.time = None", dt.time(12)),
    ],
)
def test_a_value_that_fits_is_taken(declaration: str, value: object) -> None:
    assert check_notebook({"a": value}, notebook(declaration, READS_A)) == ()


def test_a_number_for_text_is_told_to_be_quoted() -> None:
    hint = refused({"a": 1.5}, "a: str = ''", READS_A).hint
    assert """a = "1.5" in mlcd.toml, -p a '"1.5"' on the command line""" in hint


def test_a_language_without_a_verified_writer_is_refused_first() -> None:
    assert refused({"a": 1}, "a = 1", READS_A, language="julia").code == "no-injector"


def test_a_long_value_is_shortened_in_the_message() -> None:
    assert len(refused({"a": "x" * 5000}, "a: int = 1", READS_A).message) < 250


# ------------------------------------------------------------------------------------ never read


@pytest.mark.parametrize(
    "later",
    [
        "a", "print(f'{a}')", "b = a", "def f():\n    return a", "def f(x=a): pass",
        "class C:\n    x = a", "[a for _ in x]", "[x for x in a]", "lambda: a", "a += 1", "a.b = 1",
        "a[0] = 1", "del a[0]", "with a: pass", "%run other.py", "!echo {a}", "!echo $a",
        "x = !ls $a",
        "%%bash -s $a\necho", "%timeit a", "globals()['a']", "locals()", "vars()", "exec('a')",
        "eval('a')", "from x import *", "df.query('x > @a')", "smf.ols('y ~ x + a')",
        "pd.eval('a * b')", "sql('select a')", "match a:\n    case 1: pass", "await a",
        "def f():\n    def g():\n        return a", "@a\ndef f(): pass", "for i in range(a): pass",
        "x: a = 1" , "a = 2\nprint(a)", "if x:\n    while a: pass", "%%time\nprint(a)",
        "get_ipython().run_cell('a')", "async def f():\n    await a",
    ],
)  # fmt: skip
def test_a_cell_that_may_read_it_is_enough(later: str) -> None:
    check_notebook({"a": 1}, notebook("a = 1", later))


@pytest.mark.parametrize(
    "later",
    [
        "", "b = 1", "x.a", "'a'", "# a", "f(a=1)", "def f(a):\n    return a", "lambda a: a",
        "[a for a in x]", "a = 2", "import a", "def f():\n    a = 1\n    return a", "print('{a}')",
        "def a(): pass", "for a in x: pass", "%matplotlib inline", "%%bash\necho b", "x['a']",
    ],
)  # fmt: skip
def test_one_that_no_cell_reads_is_refused(later: str) -> None:
    error = refused({"a": 1}, "a = 1", later)
    assert error.code == "unread-parameter"
    assert "no cell after the parameters cell reads `a`" in error.message


def test_a_function_before_it_that_reads_it_is_enough() -> None:
    document = notebook("def f():\n    return a", "a = 1", "f()", first=1)
    assert check_notebook({"a": 1}, document) == ()


def test_what_ran_before_it_was_given_does_not_count() -> None:
    document = notebook("print(a)", "a = 1\nb = a", "print(b)", first=1)
    with pytest.raises(ParameterError) as caught:
        check_notebook({"a": 1}, document)
    assert "`b` is computed from it inside the parameters cell" in caught.value.hint


def test_a_cell_too_deep_for_us_is_not_judged() -> None:
    deep = "b = " + "(" * 150 + "a" + ")" * 150 + "\nc = " + ".x".join(["a"] + [""] * 1500)
    check_notebook({"a": 1}, notebook("a = 1", deep))


@pytest.mark.parametrize(
    ("language", "declaration", "reads", "does_not"),
    [
        ("bash", "a=1", 'echo "$a"', "echo b"),
        ("typescript", "let a = 1", "console.log(`${a}`)", "console.log(1)"),
        ("R", "a <- 1", "print(a)", "print(1)"),
    ],
)
def test_other_languages_are_searched_by_words(
    language: str, declaration: str, reads: str, does_not: str
) -> None:
    assert (
        check_notebook(
            {"a": "1"} if language == "bash" else {"a": 1},
            notebook(declaration, reads, language=language),
        )
        == ()
    )
    error = refused({"a": 1}, declaration, does_not, language=language)
    assert error.code == "unread-parameter"


@pytest.mark.parametrize("source", ["export a", "eval x", "source ./x.sh", ". ./x.sh", "env"])
def test_bash_that_hands_its_variables_on_is_not_judged(source: str) -> None:
    check_notebook({"a": 1}, notebook("a=1", source, language="bash"))


# ----------------------------------------------------------------------------------------- remarks


@pytest.mark.parametrize(
    "later",
    [
        "a = 2", "a: int = 2", "for a in x: pass", "with open(x) as a: pass", "import b as a",
        "from b import c as a", "def a(): pass", "class a: pass", "(a := 2)", "if x:\n    a = 2",
        "try: pass\nexcept E as a: pass", "b, (a, *c) = x", "match x:\n    case [a]: pass",
        "[(a := y) for y in x]" , "del a",
    ],
)  # fmt: skip
def test_a_name_bound_again_before_it_is_read_deserves_a_remark(later: str) -> None:
    words = remarks({"a": 1}, "a = 1", "pass", later, READS_A)
    assert "`a` is bound again in cell [3], line " in words
    assert "what runs after it does not see the value that was given" in words


@pytest.mark.parametrize(
    "later", ["a = int(a)", "a += 1", "a = a or 2", "for a in range(a): pass", "print(a)\na = 2",
              "if a is None:\n    a = 2", "def f():\n    a = 2\nprint(a)", "[a for a in x]; a",
              "a: int; a"],
)  # fmt: skip
def test_a_name_that_is_read_first_deserves_none(later: str) -> None:
    assert remarks({"a": 1}, "a = 1", later) == ""


def test_what_the_parameters_cell_computes_keeps_the_default() -> None:
    words = remarks({"a": 1}, "a = 1\nb = a * 2\nc = b + 1\nd = 1", "print(a, b, c, d)")
    assert "`b` is computed from `a` inside the parameters cell (line 2)" in words
    assert "`c` is computed from `a`" in words
    assert "`d`" not in words


def test_what_is_given_too_is_not_computed() -> None:
    assert remarks({"a": 1, "b": 2}, "a = 1\nb = a * 2", "print(a, b)") == ""


def test_a_second_tagged_cell_deserves_a_remark() -> None:
    document = notebook("a = 1", "b = 1", "print(a, b)")
    document["cells"][1]["metadata"]["tags"] = ["parameters"]
    (words,) = check_notebook({"a": 1}, document)
    assert words == (
        "the tag `parameters` is also on [2]: "
        "only the first cell that has it, [1], declares parameters"
    )


def test_nothing_given_is_nothing_to_remark() -> None:
    assert check_notebook({}, notebook("a = 1\nb = a", "a = 2")) == ()
