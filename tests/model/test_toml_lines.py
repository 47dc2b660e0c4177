from __future__ import annotations

import json
import tomllib
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyter_mlcd.model.toml_lines import line_of

if TYPE_CHECKING:
    from jupyter_mlcd.model.toml_lines import Path

PROJECT = """\
# a comment that looks like a table: [project]
[project]
name = "digits"
  policy = "origin/main"   # indented

[suites.quality]
inputs = [
  "data/",    # [gates]
  "name = 1",
]
sanitize = '''
[environments.production]
after = "x"
'''

[[suites.quality.notebooks]]
path = "prepare.ipynb"

[[suites.quality.notebooks]]
path = "train.ipynb"
matrix = { seed = [1, 2, 3] }
limits.cell = "10m"

[suites."with space"]
notebooks = ["a.ipynb"]

[[gates]]
metric = "accuracy"

[[ gates ]]
"metric" = "recall"
at-least = 0.9
"""


@pytest.mark.parametrize(
    ("path", "line"),
    [
        (["project"], 2),
        (["project", "name"], 3),
        (["project", "policy"], 4),
        (["suites", "quality"], 6),
        (["suites", "quality", "inputs"], 7),
        (["suites", "quality", "inputs", 1], 7),
        (["suites", "quality", "sanitize"], 11),
        (["suites", "quality", "notebooks", 0], 16),
        (["suites", "quality", "notebooks", 0, "path"], 17),
        (["suites", "quality", "notebooks", 1], 19),
        (["suites", "quality", "notebooks", 1, "path"], 20),
        (["suites", "quality", "notebooks", 1, "matrix", "seed", 2], 21),
        (["suites", "quality", "notebooks", 1, "limits", "cell"], 22),
        (["suites", "with space"], 24),
        (["suites", "with space", "notebooks"], 25),
        (["gates", 0, "metric"], 28),
        (["gates", 1, "metric"], 31),
        (["gates", 1, "at-least"], 32),
    ],
)
def test_a_key_is_found_on_its_line(path: Path, line: int) -> None:
    assert line_of(PROJECT, path) == line


@pytest.mark.parametrize(
    ("path", "line"),
    [
        (["project", "keep"], 2),
        (["gates", 1, "by"], 30),
        (["suites", "quality", "notebooks", 0, "parameters", "C"], 16),
    ],
)
def test_a_key_that_is_not_there_gives_the_line_of_its_table(path: Path, line: int) -> None:
    assert line_of(PROJECT, path) == line


@pytest.mark.parametrize("path", [[], ["environments"], ["suites"], ["gates", 7]])
def test_what_has_no_line_of_its_own_gives_the_first(path: Path) -> None:
    assert line_of(PROJECT, path) == 1


@pytest.mark.parametrize(
    "value",
    [
        '"""\nb = 1\n"""',
        "'''\nb = 1\n'''",
        '"""\nb = 1\\"""\nb = 2"""',
        '"""\nb = 1"""""',
        "[\n1,\n# b = 1 ]\n2]",
        '[{ x = "]" },\n{ x = "b = 1" }]',
        '"[ { # not the beginning of anything"',
        "'\\'",
        '"\\""',
        "1979-05-27T07:32:00Z # [b]",
    ],
)
def test_nothing_inside_a_value_is_taken_for_a_key(value: str) -> None:
    text = f"a = {value}\nb = 3\n"
    assert tomllib.loads(text)["b"] == 3
    assert line_of(text, ["b"]) == text.count("\n")


@pytest.mark.parametrize("letter", ["\x85", "\u2028", "\u2029", "\x0b", "\x0c", "\x1c"])
def test_only_a_line_feed_ends_a_line(letter: str) -> None:
    if letter >= "\x7f":
        text = f'a = "one{letter}two"\nb = 1\n'
        assert tomllib.loads(text)["b"] == 1
        assert line_of(text, ["b"]) == 2
    else:
        with pytest.raises(tomllib.TOMLDecodeError):
            tomllib.loads(f'a = "one{letter}two"\nb = 1\n')


def test_windows_ends_of_lines_count_as_one() -> None:
    assert line_of("[a]\r\nb = 1\r\nc = [\r\n1]\r\nd = 2\r\n", ["a", "d"]) == 5


def test_a_quoted_key_is_read_with_its_escapes() -> None:
    text = '"a\\"b" = 1\n"\\u00e9" = 2\n\'c"d\' = 3\n'
    assert [line_of(text, [key]) for key in ('a"b', "é", 'c"d')] == [1, 2, 3]


def test_tables_in_arrays_of_tables_are_counted_each_in_its_own() -> None:
    text = "[[a]]\n[[a.b]]\n[[a.b]]\n[[a]]\n[[a.b]]\n[a.b.c]\nd = 1\n"
    assert line_of(text, ["a", 0, "b", 1]) == 3
    assert line_of(text, ["a", 1, "b", 0, "c", "d"]) == 7


def test_a_list_as_long_as_a_configuration_may_be_is_searched_at_once() -> None:
    text = "a = [\n" + '"notebook.ipynb",\n' * 14_000 + "]\nb = 1\n"
    assert line_of(text, ["b"]) == 14_003


def quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


# A table of plain values, written here one key a line, so that its lines are known.
ENCODABLE = st.characters(exclude_categories=["Cs"])
NAMES = st.text(ENCODABLE, min_size=1, max_size=8) | st.sampled_from(
    ["a", "b", "[x]", "a.b", "#", "="]
)
VALUES = st.one_of(
    st.integers(-9, 9).map(str),
    st.booleans().map(lambda value: str(value).lower()),
    st.text(ENCODABLE, max_size=12).map(quoted),
    st.lists(st.sampled_from(['"]"', '"#"', "1", "'['"]), max_size=3).map(
        lambda parts: "[\n  " + ",  # ]\n  ".join(parts) + "\n]"
    ),
    st.sampled_from(['"""\n[x]\na = 1\n"""', "'''\n#\n'''", '{ a = 1, b = ["}"] }']),
)


@st.composite
def written_tables(draw: st.DrawFn) -> tuple[str, list[tuple[list[Any], int]]]:
    """Return a TOML text and, for each of its keys, the path and the line that it stands on."""
    lines: list[str] = []
    places: list[tuple[list[Any], int]] = []

    def write(text: str, path: list[Any]) -> None:
        places.append((path, sum(line.count("\n") + 1 for line in lines) + 1))
        lines.append(text)

    tables = draw(st.lists(NAMES, unique=True, max_size=3))
    for table in tables:
        count = draw(st.integers(0, 2))
        for index in range(max(count, 1)):
            path: list[Any] = [table, index] if count else [table]
            name = quoted(table)
            write(f"[[{name}]]  # x" if count else f"  [ {name} ]", path)
            for key in draw(st.lists(NAMES, unique=True, max_size=3)):
                write(f"{quoted(key)} = {draw(VALUES)}", [*path, key])
            if draw(st.booleans()):
                lines.append("# a comment [x] = {")
    return "\n".join(lines) + "\n", places


@given(written_tables())
def test_every_key_of_every_table_is_found_on_its_line(
    written: tuple[str, list[tuple[list[Any], int]]],
) -> None:
    text, places = written
    tomllib.loads(text)
    assert [line_of(text, path) for path, _ in places] == [line for _, line in places]
