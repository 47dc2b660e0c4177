"""The model's version in a file of another repository: one value is set, nothing else moves.

A file of TOML, YAML or JSON is never written anew: the value alone is replaced where it stands,
between its quotes, and the file is read again to see that this key is what changed.
Any other text is a line that a pattern finds, such as ``digits-model=={version}``.
"""

from __future__ import annotations

import json
import re
import tomllib
from contextlib import suppress
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from jupyter_mlcd.model.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from jupyter_mlcd.model.target import ApplicationTable

MOST_BYTES: Final = 256 * 1024
_BOM: Final = "\ufeff"
_PART: Final = re.compile(r'"([^"]*)"|([^."]+)')
_STANDS_FOR: Final = {"{version}": r"[\w.+-]+", "{digest}": r"[\w:.+-]+"}


class LineChange(NamedTuple):
    """A line as it is and as it will be."""

    number: int
    """From 1."""
    before: str
    after: str


class FileChange(NamedTuple):
    """A file as it will be."""

    text: str
    lines: tuple[LineChange, ...]
    """None where it says so already."""


def set_version(content: bytes, table: ApplicationTable, fill: Callable[[str], str]) -> FileChange:
    """Return the file with what the table sets; ``fill`` knows what ``{version}`` stands for.

    Raises ConfigError where that is not one place.
    """
    file = table.file
    try:
        before = content.decode()
    except UnicodeDecodeError:
        raise _wrong(f"{file} is not a text in UTF-8") from None
    if len(content) > MOST_BYTES:
        raise _wrong(f"{file} is larger than {MOST_BYTES // 1024} KiB")
    mark = _BOM if before.startswith(_BOM) else ""
    text = before.removeprefix(_BOM)
    if table.pattern:
        text = _by_pattern(text, file, table.pattern, fill)
    for key, value in settings_of(table).items():
        text = _by_key(text, file, key, fill(value))
    return FileChange(mark + text, tuple(_lines(before.removeprefix(_BOM), text)))


def check_settable(content: bytes, table: ApplicationTable) -> None:
    """Raise ConfigError where the file has not the one place for each that is to be set."""
    any_digest = f"sha256:{'0' * 64}"
    set_version(
        content,
        table,
        lambda text: text.replace("{version}", "0.0.0").replace("{digest}", any_digest),
    )


def settings_of(table: ApplicationTable) -> Mapping[str, str]:
    """Return ``{key: what it becomes}``; a key alone becomes the version."""
    if isinstance(table.set, str):
        return {table.set: "{version}"} if table.set else {}
    return table.set


def _by_pattern(text: str, file: str, pattern: str, fill: Callable[[str], str]) -> str:
    parts = re.split(r"(\{version\}|\{digest\})", pattern)
    literal = [fill(part) for part in parts]
    found = "".join(
        _STANDS_FOR.get(part) or re.escape(words)
        for part, words in zip(parts, literal, strict=True)
    )
    # What stands before is no part of a longer word: `model==` is not found in `big-model==`.
    expression = re.compile(rf"(?<![\w.-]){found}" if re.match(r"[\w.-]", pattern) else found)
    places = list(expression.finditer(text))
    if len(places) != 1:
        count = f"{len(places)} times" if places else "nowhere"
        raise _wrong(f"{pattern!r} stands {count} in {file}", "It has to stand there once.")
    return text[: places[0].start()] + "".join(literal) + text[places[0].end() :]


def _by_key(text: str, file: str, key: str, value: str) -> str:
    parts = [quoted or bare for quoted, bare in _PART.findall(key)]
    kind = PurePosixPath(file).suffix.lower()
    if kind in {".yaml", ".yml"}:
        return _in_yaml(text, file, parts, value)
    read: Callable[[str], Any] = tomllib.loads if kind == ".toml" else json.loads
    if kind not in {".toml", ".json"}:
        raise _wrong(f"{file} has no keys", 'Write pattern = "...{version}" instead of set.')
    try:
        document = read(text)
    except (ValueError, RecursionError) as error:
        raise _wrong(f"{file} cannot be read: {error}") from None
    old = _held(document, parts)
    if not isinstance(old, str):
        raise _no_text(file, key)
    wanted = _with(document, parts, value)
    # Wherever the old value stands, the right place is that after which only this key differs.
    for made in _replaced(text, old, value):
        try:
            if read(made) == wanted:
                return made
        except (ValueError, RecursionError):
            continue
    raise _no_place(file, key)


def _replaced(text: str, old: str, value: str) -> Iterator[str]:
    word = re.escape(old) if old else r"(?<=\")(?=\")|(?<=')(?=')"
    for place in re.finditer(word, text):
        yield text[: place.start()] + value + text[place.end() :]


def _held(document: Any, parts: Sequence[str]) -> Any:  # noqa: ANN401 - any JSON
    for part in parts:
        try:
            document = document[int(part) if isinstance(document, list) else part]
        except (KeyError, IndexError, TypeError, ValueError):
            return None
    return document


def _with(document: Any, parts: Sequence[str], value: str) -> Any:  # noqa: ANN401 - any JSON
    if not parts:
        return value
    first, rest = parts[0], parts[1:]
    if isinstance(document, list):
        number = int(first) % len(document)
        return [_with(one, rest, value) if i == number else one for i, one in enumerate(document)]
    return {**document, first: _with(document[first], rest, value)}


def _in_yaml(text: str, file: str, parts: Sequence[str], value: str) -> str:
    place = _scalar(text, file, parts)
    if place is None:
        raise _no_text(file, ".".join(parts))
    start, end, old = place
    written = text[start:end]
    if "\n" in written or written[:1] in {"&", "*", "!", "|", ">"}:
        raise _no_place(file, ".".join(parts))
    quote = written[:1] if written[:1] in {'"', "'"} else ""
    if old == value:
        return text
    for mark in (quote, '"'):
        made = text[:start] + mark + value + mark + text[end:]
        with suppress(ConfigError):  # plain, it would be read as something else
            found = _scalar(made, file, parts)
            if found is not None and found[2] == value:
                return made
    raise _no_place(file, ".".join(parts))


def _scalar(text: str, file: str, parts: Sequence[str]) -> tuple[int, int, str] | None:
    """Return where the text at a key begins and ends, and what it says; None where none is."""
    import yaml  # noqa: PLC0415 - needed for such files alone

    found = []
    try:
        for node in yaml.compose_all(text, Loader=yaml.SafeLoader):
            for part in parts:
                node = _below(node, part)  # noqa: PLW2901 - one step down
            if node is not None and node.tag == "tag:yaml.org,2002:str":
                found.append((node.start_mark.index, node.end_mark.index, str(node.value)))
    except (yaml.YAMLError, RecursionError) as error:
        raise _wrong(f"{file} cannot be read: {str(error).partition(chr(10))[0]}") from None
    return found[0] if len(found) == 1 else None


def _below(node: Any, part: str) -> Any:  # noqa: ANN401 - a node of PyYAML, which has no types
    if node is None or node.id == "scalar":
        return None
    if node.id == "sequence":
        is_there = part.isdecimal() and int(part) < len(node.value)
        return node.value[int(part)] if is_there else None
    return next((value for key, value in node.value if key.value == part), None)


def _lines(before: str, after: str) -> Iterator[LineChange]:
    pairs = zip(before.split("\n"), after.split("\n"), strict=True)
    for number, (old, new) in enumerate(pairs, start=1):
        if old != new:
            yield LineChange(number, old.strip(), new.strip())


def _no_text(file: str, key: str) -> ConfigError:
    hint = "It has to be there once, as a text: write a number in quotes first."
    return _wrong(f"{file} has no text at {key}", hint)


def _no_place(file: str, key: str) -> ConfigError:
    hint = "Write it as a text in quotes on one line, without an anchor."
    return _wrong(f"the value of {key} in {file} cannot be replaced alone", hint)


def _wrong(message: str, hint: str = "") -> ConfigError:
    return ConfigError(message, hint=hint or "Look at file, set and pattern in mlcd.toml.")
