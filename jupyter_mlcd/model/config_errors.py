"""What is wrong with ``mlcd.toml``, in words, with the file, the line and the key."""

from __future__ import annotations

import difflib
import re
from typing import TYPE_CHECKING, Any

import msgspec

from jupyter_mlcd.model.ci import CI_KINDS, CI_TABLES
from jupyter_mlcd.model.errors import ConfigError
from jupyter_mlcd.model.freeze import Day, FreezeTable
from jupyter_mlcd.model.gate import Gate, Goal, Over
from jupyter_mlcd.model.project import (
    NAME_PATTERN,
    ComparerTable,
    EnvironmentTable,
    Keep,
    LimitsTable,
    NotebookTable,
    Project,
    ProjectTable,
    ReleaseNotesTable,
    SuiteTable,
)
from jupyter_mlcd.model.suite import Compare, Comparer, OnFailure
from jupyter_mlcd.model.target import OWN_KINDS, TABLES
from jupyter_mlcd.model.toml_lines import line_of

if TYPE_CHECKING:
    from collections.abc import Iterable


def syntax_error(words: str, text: str, file: str) -> ConfigError:
    """Return the error of a text that is no TOML; ``words`` are those of ``tomllib``."""
    where = re.search(r"\(at line (\d+), column (\d+)\)", words)
    ends = len(text.rstrip().split("\n")) if words.endswith("(at end of document)") else 1
    line = int(where.group(1)) if where else ends
    what = words.split(" (at ", maxsplit=1)[0]
    return ConfigError(
        f"{file}, line {line}: {what}",
        hint="This is not TOML; nothing was run. See https://toml.io for the format.",
        details={"file": file, "line": line, "key": ""},
    )


def located(
    message: str, text: str, path: list[str | int], file: str, hint: str = ""
) -> ConfigError:
    """Return a ConfigError that names the file, the line and the key."""
    line = line_of(text, path)
    return ConfigError(
        f"{file}, line {line}: {message}",
        hint=hint,
        details={"file": file, "line": line, "key": _dotted(path)},
    )


def _dotted(path: list[str | int]) -> str:
    return ".".join(str(part) for part in path)


_PATH_STEP = re.compile(r"\.([A-Za-z0-9_-]+)|\[(\d+)\]|\[\.\.\.\]")


def validation_error(words: str, text: str, table: dict[str, Any], file: str) -> ConfigError:
    """Return what msgspec means by ``words``, such as "... - at `$.suites[...].compare`"."""
    what, _, where = words.partition(" - at `")
    path = _resolve(where.rstrip("`"), table, what)
    unknown = re.match(r"Object contains unknown field `(.+)`", what)
    if unknown:
        key = unknown.group(1)
        nearest = difflib.get_close_matches(key, _known_keys(path), n=1, cutoff=0.6)
        hint = f"Did you mean `{nearest[0]}`?" if nearest else "Take it out, or check its spelling."
        return located(f"unknown key `{key}`", text, [*path, key], file, hint)
    missing = re.match(r"Object missing required field `(.+)`", what)
    if missing:
        place = f"`[{_dotted(path)}]`" if path else "the file"
        return located(f"{place} needs the key `{missing.group(1)}`", text, path, file)
    if "matching regex" in what:
        return _name_error(text, path, table, file)
    reading = re.sub(r"`([a-z |]+)`", _plain_types, what)
    message = f"`{_dotted(path)}`: {reading[:1].lower()}{reading[1:]}"
    named = path[-2:-1] if path and isinstance(path[-1], int) else path[-1:]
    choices = _CHOICES.get(named[0], ()) if named and what.startswith("Invalid") else ()
    if choices and path[0] == "ci":
        choices = CI_KINDS
    hint = f"It can be: {', '.join(choices)}." if choices else ""
    return located(message, text, path, file, hint)


_TYPES = {
    "str": "text",
    "int": "a whole number",
    "float": "a number",
    "bool": "true or false",
    "array": "a list",
    "object": "a table",
}


def _plain_types(found: re.Match[str]) -> str:
    """Return the types that msgspec names in words; TOML has no ``null``."""
    return " or ".join(_TYPES.get(one, one) for one in found[1].split(" | ") if one != "null")


_CHOICES: dict[str | int, Iterable[str]] = {
    "compare": Compare,
    "by": Comparer,
    "on-failure": OnFailure,
    "nbval": ("replay", "pytest"),
    "keep": Keep,
    "goal": Goal,
    "over": Over,
    "deliver": ("by-hand", "automatic"),
    "days": Day,
    "kind": OWN_KINDS,
}


def _name_error(text: str, path: list[str | int], table: dict[str, Any], file: str) -> ConfigError:
    """Return the error of a project's name, or of a suite's or environment's: a key of a table."""
    here: Any = table
    for key in path:
        here = here[key]
    if isinstance(here, dict):
        here = next(name for name in here if not re.search(NAME_PATTERN, name))
        path = [*path, here]
    hint = "Up to 64 letters, digits, dots, underscores and hyphens; a letter or digit first."
    return located(f"{here!r} cannot be a name", text, path, file, hint)


def _resolve(where: str, table: dict[str, Any], what: str) -> list[str | int]:
    """Return the path msgspec means; it writes ``[...]`` for any key, so look for the culprit."""
    path: list[str | int] = []
    here: Any = table
    for step in _PATH_STEP.finditer(where):
        name, index = step.group(1), step.group(2)
        key: str | int
        if name is not None:
            key = name
        elif index is not None:
            key = int(index)
        else:
            key = _culprit(here, what)
        path.append(key)
        try:
            here = here[key]
        except (KeyError, IndexError, TypeError):
            break
    return path


def _culprit(here: dict[str, Any] | list[Any], what: str) -> str | int:
    """Return the key below ``here`` that the message ``what`` is about."""
    kinds = (SuiteTable, EnvironmentTable, ComparerTable)
    pairs = here.items() if isinstance(here, dict) else enumerate(here)
    for key, value in pairs:
        for kind in kinds:
            try:
                msgspec.convert(value, kind)
            except msgspec.ValidationError as error:
                if str(error).partition(" - at `")[0] == what:
                    return key
    return next(iter(here), "") if isinstance(here, dict) else 0


_ALONE: dict[str | int, type[msgspec.Struct]] = {
    "project": ProjectTable,
    "release-notes": ReleaseNotesTable,
}
"""Tables that stand by themselves."""


def _known_keys(path: list[str | int]) -> list[str]:
    """Return the keys that the table at ``path`` may have."""
    table: type[msgspec.Struct] = Project
    match path:
        case [name] if name in _ALONE:
            table = _ALONE[name]
        case ["suites", _]:
            table = SuiteTable
        case ["suites", _, "limits"]:
            table = LimitsTable
        case ["suites", _, "comparers", _]:
            table = ComparerTable
        case ["suites", _, "notebooks", *_]:
            table = NotebookTable
        case ["gates", *_]:
            table = Gate
        case ["environments", _]:
            table = EnvironmentTable
        case ["environments", _, "freeze", *_]:
            table = FreezeTable
        case ["environments", _, "target"] | ["ci"]:
            tables = CI_TABLES if path == ["ci"] else TABLES
            return sorted({"kind"}.union(*map(_fields, tables)))
    return _fields(table)


def _fields(table: type[msgspec.Struct]) -> list[str]:
    return [field.encode_name for field in msgspec.structs.fields(table)]
