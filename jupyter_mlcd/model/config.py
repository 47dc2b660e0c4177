"""Reading ``mlcd.toml``: every error names the file, the line and the key."""

from __future__ import annotations

import difflib
import re
import tomllib
from typing import TYPE_CHECKING, Any

import msgspec

from jupyter_mlcd.model.errors import ConfigError, MlcdError
from jupyter_mlcd.model.gate import Gate, Goal, Over
from jupyter_mlcd.model.parameters import check_parameters
from jupyter_mlcd.model.project import (
    CONFIG_NAME,
    NAME_PATTERN,
    EnvironmentTable,
    FolderTable,
    GitTable,
    Keep,
    LimitsTable,
    NotebookTable,
    Project,
    ProjectTable,
    SuiteTable,
    entry_of,
    is_inside,
)
from jupyter_mlcd.model.suite import Compare
from jupyter_mlcd.model.toml_lines import line_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from jupyter_mlcd.model.suite import NotebookEntry

MAXIMAL_CONFIG_BYTES = 256 * 1024
MAXIMAL_ENVIRONMENTS = 100


def parse(text: str, file: str = CONFIG_NAME) -> Project:
    """Return the project that ``text`` declares.

    Raises ConfigError with ``file``, ``line`` and ``key`` in its details, and the nearest known key
    as a hint where one is unknown.
    """
    if len(text) > MAXIMAL_CONFIG_BYTES:
        message = f"{file} is larger than {MAXIMAL_CONFIG_BYTES // 1024} KiB"
        raise ConfigError(message, hint="A configuration is a page or two of text.")
    try:
        table = tomllib.loads(text)
    except RecursionError:
        raise _syntax_error("Lists and tables stand too deep in each other", text, file) from None
    except ValueError as error:  # TOMLDecodeError, and what ``int`` says of a number too long
        raise _syntax_error(str(error), text, file) from None
    try:
        project = msgspec.convert(table, Project)
    except msgspec.ValidationError as error:
        raise _validation_error(str(error), text, table, file) from None
    _check(project, text, file)
    return project


def _syntax_error(words: str, text: str, file: str) -> ConfigError:
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


def _validation_error(words: str, text: str, table: dict[str, Any], file: str) -> ConfigError:
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
    reading = what.replace("`str`", "text").replace("`int`", "a whole number")
    reading = reading.replace("`float`", "a number").replace("`array`", "a list")
    reading = reading.replace("`text | object`", "text or a table").replace("`object`", "a table")
    message = f"`{_dotted(path)}`: {reading[:1].lower()}{reading[1:]}"
    words = _CHOICES.get(path[-1], ()) if path and what.startswith("Invalid") else ()
    return located(message, text, path, file, f"It can be: {', '.join(words)}." if words else "")


_CHOICES: dict[str | int, Iterable[str]] = {
    "compare": Compare,
    "keep": Keep,
    "goal": Goal,
    "over": Over,
    "deliver": ("by-hand",),
    "kind": ("folder", "git"),
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
    kinds = {"suites": SuiteTable, "environments": EnvironmentTable}
    pairs = here.items() if isinstance(here, dict) else enumerate(here)
    for key, value in pairs:
        for kind in kinds.values():
            try:
                msgspec.convert(value, kind)
            except msgspec.ValidationError as error:
                if str(error).partition(" - at `")[0] == what:
                    return key
    return next(iter(here), "") if isinstance(here, dict) else 0


def _known_keys(path: list[str | int]) -> list[str]:
    """Return the keys that the table at ``path`` may have."""
    table: type[msgspec.Struct] = Project
    match path:
        case ["project"]:
            table = ProjectTable
        case ["suites", _]:
            table = SuiteTable
        case ["suites", _, "limits"]:
            table = LimitsTable
        case ["suites", _, "notebooks", *_]:
            table = NotebookTable
        case ["gates", *_]:
            table = Gate
        case ["environments", _]:
            table = EnvironmentTable
        case ["environments", _, "target"]:
            return sorted({*_fields(FolderTable), *_fields(GitTable), "kind"})
    return _fields(table)


def _fields(table: type[msgspec.Struct]) -> list[str]:
    return [field.encode_name for field in msgspec.structs.fields(table)]


def _check(project: Project, text: str, file: str) -> None:
    """Check what types cannot say, in the order of the file."""
    if not project.suites:
        raise located("there is no suite", text, [], file, "Add `[suites.NAME]` with `notebooks`.")
    if len(project.environments) > MAXIMAL_ENVIRONMENTS:
        message = f"more than {MAXIMAL_ENVIRONMENTS} environments are refused"
        raise located(message, text, ["environments"], file, "A ladder has a few rungs.")
    for name, suite in project.suites.items():
        _check_suite(project, name, suite, text, file)
    for index, gate in enumerate(project.gates):
        for environment in (*gate.environments, *([gate.better_than] if gate.better_than else [])):
            if environment not in project.environments:
                _unknown_environment(project, environment, text, ["gates", index], file)
        if problem := gate.problem():
            raise located(problem, text, ["gates", index], file)
    for name, environment_table in project.environments.items():
        _check_environment(project, name, environment_table, text, file)


def _check_suite(project: Project, name: str, suite: SuiteTable, text: str, file: str) -> None:
    path: list[str | int] = ["suites", name]
    seen: set[str] = set()
    for index, one in enumerate(suite.notebooks):
        entry = entry_of(one)
        where = [*path, "notebooks", *([index] if isinstance(one, NotebookTable) else [])]
        _check_entry(entry, seen, text, where, file)
        seen.add(entry.path)
    for check, place in ((project.cases, path), (project.limits, [*path, "limits"])):
        try:
            check(name)
        except MlcdError as error:
            raise located(error.message, text, place, file, error.hint) from None


def _check_entry(
    entry: NotebookEntry, seen: set[str], text: str, where: list[str | int], file: str
) -> None:
    if entry.path in seen:
        raise located(f"{entry.path} stands twice in the suite", text, where, file,
                      "One entry with a `matrix` runs it with several parameters.")  # fmt: skip
    if "release.json" in entry.produces:
        raise located("`release.json` is written by every delivery", text, where, file,
                      "Let the notebook give its file another name.")  # fmt: skip
    for path in (entry.path, *entry.produces):
        if not is_inside(path):
            raise located(f"`{path}` leaves the project's folder", text, where, file,
                          "Paths are relative to mlcd.toml, with forward slashes.")  # fmt: skip
    for name, values in entry.matrix.items():
        place = [*where, "matrix", name]
        if not values:
            raise located(f"the list of `{name}` in the matrix is empty", text, place, file)
        if any(value in values[:index] for index, value in enumerate(values)):
            raise located(f"the list of `{name}` in the matrix repeats a value", text, place, file)
    given = [("parameters", name, value) for name, value in entry.parameters.items()]
    given += [("matrix", name, one) for name, values in entry.matrix.items() for one in values]
    for table, name, value in given:
        try:
            check_parameters({name: value})
        except MlcdError as error:
            place = [*where, table, name]
            raise located(error.message, text, place, file, error.hint) from None
    _check_candidate(entry, text, [*where, "candidate"], file)


def _check_candidate(entry: NotebookEntry, text: str, where: list[str | int], file: str) -> None:
    """Check that ``candidate`` names a score, or values that a case of the notebook has."""
    if "best" in entry.candidate:
        if len(entry.candidate) > 1 or not isinstance(entry.candidate["best"], str):
            hint = 'Write a score, as in { best = "accuracy" }, or values, as in { seed = 1 }.'
            raise located("`candidate` is not clear", text, where, file, hint)
        return
    for name, value in entry.candidate.items():
        values = entry.matrix.get(name, (entry.parameters.get(name),))
        if value not in values:
            known = ", ".join(str(one) for one in values if one is not None) or "none"
            raise located(f"no case of {entry.path} has {name} = {value!r}", text, where, file,
                          f"There is: {known}.")  # fmt: skip


def _check_environment(
    project: Project, name: str, table: EnvironmentTable, text: str, file: str
) -> None:
    path: list[str | int] = ["environments", name]
    seen = [name]
    while table.after:
        if table.after not in project.environments:
            _unknown_environment(project, table.after, text, [*path, "after"], file)
        if table.after in seen:
            circle = " -> ".join([*seen, table.after])
            raise located(
                f"environments wait for each other in a circle: {circle}", text, path, file
            )
        seen.append(table.after)
        table = project.environments[table.after]
    target = project.target(name)
    if isinstance(target, FolderTable) and (not target.url.strip() or "://" in target.url):
        raise located(f"{target.url!r} is not a folder", text, [*path, "target", "url"], file,
                      "Give a folder, relative to mlcd.toml or absolute.")  # fmt: skip
    for suite in project.environments[name].suites:
        if suite not in project.suites:
            raise located(f"there is no suite `{suite}`", text, [*path, "suites"], file,
                          f"There is: {', '.join(project.suites)}.")  # fmt: skip


def _unknown_environment(
    project: Project, name: str, text: str, path: list[str | int], file: str
) -> None:
    known = ", ".join(project.environments) or "none yet"
    raise located(f"there is no environment `{name}`", text, path, file, f"There is: {known}.")
