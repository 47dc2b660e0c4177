from __future__ import annotations

import pytest

from jupyter_mlcd.model.errors import ConfigError
from jupyter_mlcd.model.target import ApplicationTable
from jupyter_mlcd.targets.version_in_file import LineChange, check_settable, set_version

DIGEST = f"sha256:{'d' * 64}"
YAML = """\
# Ours, by hand.
model:   {name: digits,  version: '0.1.0'}   # see the wiki
images:
- name: shop
  tag:  0.1.0
- name: "model"
  tag: "0.1.0"
\u00e4: &here 0.1.0
there: *here
count: 3
"""
TOML = """\
# version = "0.1.0"
[model]
version   = "0.1.0" # of digits
old = ["0.1.0"]
[other]
model = {version = '0.1.0'}
"""
JSON = """{
\t"version": "0.1.0",
\t"model": {"version":"0.1.0", "list": ["0.1.0", 1.50]}
}
"""
REQUIREMENTS = "numpy==2.0\ndigits-model==0.1.0  # pinned\nbig-digits-model==0.1.0\n"


def fill(text: str) -> str:
    return text.replace("{version}", "0.2.0").replace("{digest}", DIGEST)


def changed(content: str, file: str, **table: str | dict[str, str]) -> list[tuple[int, str]]:
    """Return the lines that are new, by their number; the others are as they were."""
    made = ApplicationTable("us/shop", file, **table)  # type: ignore[arg-type]
    found = set_version(content.encode(), made, fill)
    before, after = content.split("\n"), found.text.split("\n")
    assert [one.number for one in found.lines] == [
        number
        for number, pair in enumerate(zip(before, after, strict=True), 1)
        if len(set(pair)) > 1
    ]
    return [(one.number, after[one.number - 1]) for one in found.lines]


@pytest.mark.parametrize(
    ("key", "line", "text"),
    [
        ("model.version", 2, "model:   {name: digits,  version: '0.2.0'}   # see the wiki"),
        ("images.0.tag", 5, "  tag:  0.2.0"),
        ("images.1.tag", 7, '  tag: "0.2.0"'),
    ],
)
def test_a_value_of_yaml_is_replaced_where_it_stands(key: str, line: int, text: str) -> None:
    assert changed(YAML, "values.yaml", set=key) == [(line, text)]


@pytest.mark.parametrize(
    ("key", "line", "text"),
    [
        ("model.version", 3, 'version   = "0.2.0" # of digits'),
        ("model.old.0", 4, 'old = ["0.2.0"]'),
        ("other.model.version", 6, "model = {version = '0.2.0'}"),
    ],
)
def test_a_value_of_toml_is_replaced_where_it_stands(key: str, line: int, text: str) -> None:
    assert changed(TOML, "model.toml", set=key) == [(line, text)]


@pytest.mark.parametrize(
    ("key", "line", "text"),
    [
        ("version", 2, '\t"version": "0.2.0",'),
        ("model.version", 3, '\t"model": {"version":"0.2.0", "list": ["0.1.0", 1.50]}'),
        ("model.list.0", 3, '\t"model": {"version":"0.1.0", "list": ["0.2.0", 1.50]}'),
    ],
)
def test_a_value_of_json_is_replaced_where_it_stands(key: str, line: int, text: str) -> None:
    assert changed(JSON, "model.json", set=key) == [(line, text)]


def test_version_and_digest_are_set_at_once() -> None:
    text = "model:\n  version: none\n  digest: ''\n"
    keys = {"model.version": "v{version}", "model.digest": "{digest}"}
    found = changed(text, "values.yml", set=keys)
    assert found == [(2, "  version: v0.2.0"), (3, f"  digest: '{DIGEST}'")]


def test_what_would_be_read_as_something_else_is_put_into_quotes() -> None:
    assert changed("a: 0.1.0\n", "a.yaml", set={"a": "{version}: x"}) == [(1, 'a: "0.2.0: x"')]


def test_a_key_with_a_dot_in_it_is_written_in_quotes() -> None:
    text = "annotations:\n  model.example/version: 0.1.0\n"
    key = 'annotations."model.example/version"'
    assert changed(text, "a.yaml", set=key) == [(2, "  model.example/version: 0.2.0")]


def test_one_document_of_several_has_the_key() -> None:
    text = "kind: a\n---\nkind: b\nversion: 0.1.0\n"
    assert changed(text, "a.yaml", set="version") == [(4, "version: 0.2.0")]


def test_a_line_of_any_text_is_found_by_its_pattern() -> None:
    pattern = "digits-model=={version}"
    found = changed(REQUIREMENTS, "requirements.txt", pattern=pattern)
    assert found == [(2, "digits-model==0.2.0  # pinned")]


def test_a_pattern_holds_the_digest_too() -> None:
    text = "FROM base\nADD model-0.1.0.tgz sha256:abc /srv\n"
    pattern = "ADD model-{version}.tgz {digest}"
    # A version ends before the suffix only where the whole pattern fits.
    assert changed(text, "Dockerfile", pattern=pattern) == [
        (2, f"ADD model-0.2.0.tgz {DIGEST} /srv")
    ]


@pytest.mark.parametrize(
    ("file", "content"),
    [("a.yaml", "\ufeffv: 0.1.0\r\nw: 1\r\n"), ("a.json", '\ufeff{"v": "0.1.0"}\r\n')],
)
def test_ends_of_lines_and_marks_stay(file: str, content: str) -> None:
    table = ApplicationTable("us/shop", file, "v")
    found = set_version(content.encode(), table, fill)
    assert found.text == content.replace("0.1.0", "0.2.0")
    assert found.lines[0].after == content.replace("0.1.0", "0.2.0").split("\r")[0].lstrip("\ufeff")


def test_what_says_so_already_changes_no_line() -> None:
    assert changed("v: '0.2.0'\n", "a.yaml", set="v") == []
    assert changed('v = "0.2.0"\n', "a.toml", set="v") == []


@pytest.mark.parametrize(
    ("content", "file", "table", "words"),
    [
        (YAML, "a.yaml", {"set": "model.other"}, "a.yaml has no text at model.other"),
        (YAML, "a.yaml", {"set": "model"}, "has no text at model"),
        (YAML, "a.yaml", {"set": "count"}, "has no text at count"),
        (YAML, "a.yaml", {"set": "images.9.tag"}, "has no text at images.9.tag"),
        (YAML, "a.yaml", {"set": "\u00e4"}, "cannot be replaced alone"),
        ("v: |\n  0.1.0\n", "a.yaml", {"set": "v"}, "cannot be replaced alone"),
        ("v: a\n---\nv: b\n", "a.yaml", {"set": "v"}, "has no text at v"),
        ("v: [", "a.yaml", {"set": "v"}, "a.yaml cannot be read"),
        ("v: @x", "a.yaml", {"set": "v"}, "a.yaml cannot be read"),
        ("v =", "a.toml", {"set": "v"}, "a.toml cannot be read"),
        ("{", "a.json", {"set": "v"}, "a.json cannot be read"),
        ('{"v": "\\u0061"}', "a.json", {"set": "v"}, "cannot be replaced alone"),
        ("[v]", "a.ini", {"set": "v"}, "a.ini has no keys"),
        ("x", "a.txt", {"pattern": "v={version}"}, "stands nowhere in a.txt"),
        ("v=1 v=2", "a.txt", {"pattern": "v={version}"}, "stands 2 times in a.txt"),
        ("\0" * 300_000, "a.txt", {"pattern": "v={version}"}, "is larger than 256 KiB"),
    ],
)
def test_what_is_not_one_place_is_refused(
    content: str, file: str, table: dict[str, str], words: str
) -> None:
    with pytest.raises(ConfigError, match=words.replace(".", r"\.")):
        changed(content, file, **table)


def test_a_file_that_is_no_text_is_refused() -> None:
    with pytest.raises(ConfigError, match="not a text in UTF-8"):
        check_settable(b"\xff\xfe", ApplicationTable("us/shop", "a.txt", pattern="v={version}"))


def test_whether_it_can_be_set_is_known_without_a_version() -> None:
    check_settable(YAML.encode(), ApplicationTable("us/shop", "a.yaml", "model.version"))


def test_the_lines_are_told_as_they_are_and_as_they_will_be() -> None:
    found = set_version(b"  v: 0.1.0\n", ApplicationTable("us/shop", "a.yaml", "v"), fill)
    assert found.lines == (LineChange(1, "v: 0.1.0", "v: 0.2.0"),)
