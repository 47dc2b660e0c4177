"""Reading ``mlcd.toml``: every error names the file, the line and the key."""

from __future__ import annotations

import difflib
import json
import math
import re
import tomllib
from typing import TYPE_CHECKING, Any

import msgspec

from jupyter_mlcd.model.config_errors import located, syntax_error, validation_error
from jupyter_mlcd.model.errors import ConfigError, MlcdError
from jupyter_mlcd.model.parameters import check_parameters
from jupyter_mlcd.model.project import (
    CONFIG_NAME,
    ComparerTable,
    EnvironmentTable,
    NotebookTable,
    Project,
    SuiteTable,
    entry_of,
    is_inside,
    seconds,
)
from jupyter_mlcd.model.secret import end_of_day
from jupyter_mlcd.model.target import OWN_KINDS, ApplicationTable, FolderTable
from jupyter_mlcd.world.http import is_safe_address

if TYPE_CHECKING:
    from jupyter_mlcd.model.suite import NotebookEntry
    from jupyter_mlcd.model.target import TargetTable

MAXIMAL_CONFIG_BYTES = 256 * 1024
MAXIMAL_ENVIRONMENTS = 100
MAXIMAL_KEY_PARTS = 64
# ``tomllib`` takes memory by the square of a dotted key's parts: 240 KB of them take many GB.
_LONG_KEY = re.compile(
    r"""(?<![\w-])(?:(?:[\w-]++|"[^"\n]*+"|'[^'\n]*+')[ \t]*+\.[ \t]*+)"""
    rf"{{{MAXIMAL_KEY_PARTS}}}"
)

_BRANCH = re.compile(r"(?!.*(?:\.\.|//|/$))[\w.*][\w.*+-]*(?:/[\w.*+-]+)*\Z")
# A name and a password, a token alone, or what only the page of a repository has.
_WITH_A_KEY = re.compile(r"//[^/@]*:[^/@]*@|https?://[^/]*@|[?#\t\r\n]")


def parse(text: str, file: str = CONFIG_NAME) -> Project:
    """Return the project that ``text`` declares.

    Raises ConfigError with ``file``, ``line`` and ``key`` in its details, and the nearest known key
    as a hint where one is unknown.
    """
    if len(text) > MAXIMAL_CONFIG_BYTES:
        message = f"{file} is larger than {MAXIMAL_CONFIG_BYTES // 1024} KiB"
        raise ConfigError(
            message,
            hint="A configuration is a page or two of text.",
            details={"file": file, "line": 1, "key": ""},
        )
    if long_key := _LONG_KEY.search(text):
        line = text.count("\n", 0, long_key.start()) + 1
        words = f"A key has more than {MAXIMAL_KEY_PARTS} parts (at line {line}, column 1)"
        raise syntax_error(words, text, file)
    try:
        table = tomllib.loads(text)
    except RecursionError:
        raise syntax_error("Lists and tables stand too deep in each other", text, file) from None
    except ValueError as error:  # TOMLDecodeError, and what ``int`` says of a number too long
        raise syntax_error(str(error), text, file) from None
    _set_plug_ins(table)
    try:
        project = msgspec.convert(table, Project)
    except msgspec.ValidationError as error:
        raise validation_error(str(error), text, table, file) from None
    _check(project, text, file)
    return project


def _set_plug_ins(table: dict[str, Any]) -> None:
    """Write targets of other packages as what they are to us; a slip of the pen is none."""
    environments = table.get("environments")
    for one in environments.values() if isinstance(environments, dict) else ():
        target = one.get("target") if isinstance(one, dict) else None
        if not isinstance(target, dict):
            continue
        kind = target.get("kind")
        if isinstance(kind, str) and not difflib.get_close_matches(kind, OWN_KINDS, cutoff=0.75):
            settings = {key: value for key, value in target.items() if key != "kind"}
            one["target"] = {"kind": "plug-in", "name": kind, "settings": settings}


def _check(project: Project, text: str, file: str) -> None:
    """Check what types cannot say, in the order of the file."""
    if not project.suites:
        raise located(
            "there is no suite", text, ["suites"], file, "Add `[suites.NAME]` with `notebooks`."
        )
    if len(project.environments) > MAXIMAL_ENVIRONMENTS:
        message = f"more than {MAXIMAL_ENVIRONMENTS} environments are refused"
        raise located(message, text, ["environments"], file, "A ladder has a few rungs.")
    _check_store(project, text, file)
    _check_files(project, text, file)
    _check_hubs(project, text, file)
    _check_ci(project, text, file)
    _check_allowed(project, text, file)
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


def _check_store(project: Project, text: str, file: str) -> None:
    """Check that the shared Store is an address, and holds no key."""
    url = project.project.store
    protocol, is_address, place = url.partition("://")
    problem = ""
    if not is_address or (protocol == "file" and not place.startswith("/")):
        problem = f"{url!r} is not the address of a store"
    elif protocol != "file":
        problem = _folder_problem(url)
    if url and problem:
        raise located(problem, text, ["project", "store"], file,
                      'Write it as in "s3://models/digits" or "file:///mnt/models".')  # fmt: skip


def _check_files(project: Project, text: str, file: str) -> None:
    """Check that what is read beside mlcd.toml lies in the project."""
    hint = "The path is relative to mlcd.toml, with forward slashes."
    places: dict[str, list[str | int]] = {project.project.signers: ["project", "signers"]}
    if notes := project.release_notes.template:
        places[notes] = ["release-notes", "template"]
    for path, place in places.items():
        if not is_inside(path):
            raise located(f"`{path}` leaves the project's folder", text, place, file, hint)


def _check_hubs(project: Project, text: str, file: str) -> None:
    """Check that keys go to safe places only."""
    hint = "Write an https address, without a name or a key in it."
    addresses = [(["hubs", kind.value, "url"], hub.url) for kind, hub in project.hubs.items()]
    addresses.append((["review", "webhook"], project.review.webhook))
    addresses.append((["ci", "url"], project.ci.url if project.ci else ""))
    for place, address in addresses:
        if address and not is_safe_address(address):
            raise located("a key is not sent to this address", text, [*place], file, hint)


def _check_ci(project: Project, text: str, file: str) -> None:
    """Check that the branch of which CI keeps evidence is one branch."""
    branch = project.ci.branch if project.ci else ""
    if branch and ("*" in branch or not _BRANCH.match(branch)):
        raise located(f"{branch!r} names no branch", text, ["ci", "branch"], file,
                      'Write one, without its remote, as in "main".')  # fmt: skip


def _check_allowed(project: Project, text: str, file: str) -> None:
    """Check that each allowance says what it is about, why, and until which day."""
    for index, one in enumerate(project.secrets.allow):
        place: list[str | int] = ["secrets", "allow", index]
        if bool(one.fingerprint) == bool(one.place):
            raise located("an allowance names a `fingerprint` or a `place`", text, place, file,
                          "`jupyter mlcd evidence allow RUN` prints both.")  # fmt: skip
        if not one.reason.strip():
            raise located("an allowance says why", text, place, file)
        try:
            end_of_day(one.until or "2000-01-01")
        except ValueError:
            raise located(f"{one.until!r} is not a day", text, place, file,
                          'Write it as in until = "2026-12-01".') from None  # fmt: skip
    for number, where in enumerate(project.personal_data.allow):
        if not (where.place.strip() and where.reason.strip()):
            raise located("an exception says where and why", text,
                          ["personal-data", "allow", number], file)  # fmt: skip


def _check_suite(project: Project, name: str, suite: SuiteTable, text: str, file: str) -> None:
    path: list[str | int] = ["suites", name]
    seen: set[str] = set()
    for index, one in enumerate(suite.notebooks):
        entry = entry_of(one)
        where = [*path, "notebooks", *([index] if isinstance(one, NotebookTable) else [])]
        _check_entry(entry, seen, text, where, file)
        seen.add(entry.path)
    for field, rule in suite.comparers.items():
        if problem := _comparer_problem(field, rule):
            raise located(problem, text, [*path, "comparers", field], file,
                          'As in "text/plain" = { by = "numbers", relative = 1e-3 }.')  # fmt: skip
    for file_of_rules in project.sanitize(name):
        if not is_inside(file_of_rules):
            raise located(f"`{file_of_rules}` leaves the project's folder", text,
                          [*path, "sanitize"], file)  # fmt: skip
    for check, place in ((project.cases, path), (project.limits, [*path, "limits"])):
        try:
            check(name)
        except MlcdError as error:
            raise located(error.message, text, place, file, error.hint) from None


def _comparer_problem(field: str, rule: ComparerTable) -> str:
    """Return what is wrong with the comparison of one kind of output, or nothing."""
    if field not in {"stdout", "stderr"} and "/" not in field:
        return f"`{field}` is neither a media type nor stdout nor stderr"
    numbers = (rule.absolute, rule.relative, rule.threshold)
    if any(one is not None and not (math.isfinite(one) and one >= 0) for one in numbers):
        return f"a tolerance of `{field}` is not a number from 0 on"
    if rule.threshold is not None and rule.threshold > 1:
        return f"the threshold of `{field}` is a part of the picture, 0 to 1"
    return ""


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
        if len({json.dumps(value, default=repr, sort_keys=True) for value in values}) < len(values):
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
    _check_target(project.target(name), text, [*path, "target"], file)
    own = project.environments[name]
    for key, length in (("approvals-expire", own.approvals_expire), ("cool-down", own.cool_down)):
        try:
            seconds(length or "1s")
        except ConfigError as error:
            raise located(error.message, text, [*path, key], file, error.hint) from None
    _check_origin(own, text, path, file)
    named = [("suites", suite) for suite in own.suites]
    for key, suite in [*named, ("verify", own.verify)]:
        if suite and suite not in project.suites:
            raise located(f"there is no suite `{suite}`", text, [*path, key], file,
                          f"There is: {', '.join(project.suites)}.")  # fmt: skip
    _check_flow(project, name, text, file)


def _check_flow(project: Project, name: str, text: str, file: str) -> None:
    """Check what an environment says of delivering by itself, of checks afterwards, of freezes."""
    path, own = ["environments", name], project.environments[name]
    if not project.suites_for(name):
        raise located("no suite is left that is run before a delivery", text, [*path, "verify"],
                      file, "`verify` is run after it: add a suite, or name it in `suites` too."
                      )  # fmt: skip
    if project.is_automatic(name) and not any(one.better_than for one in project.gates_for(name)):
        hint = f'Add a rule with `better-than = "{name}"`; `by` is by how much.'
        raise located(f"{name} would deliver every change by itself, also a worse one", text,
                      [*path, "deliver"], file, hint)  # fmt: skip
    for index, window in enumerate(own.freeze):
        if problem := window.problem():
            raise located(problem, text, [*path, "freeze", index], file,
                          'As in { days = ["fri", "sat"], between = "16:00-23:59", why = "..." }.'
                          )  # fmt: skip


def _check_origin(table: EnvironmentTable, text: str, path: list[str | int], file: str) -> None:
    """Check that a rule on where a version comes from can be met."""
    if table.on_branch and not _BRANCH.match(table.on_branch):
        raise located(f"{table.on_branch!r} names no branch", text, [*path, "on-branch"], file,
                      'Write it as in "main", "release/*" or "upstream/main".')  # fmt: skip
    if table.built_by != table.built_by.strip():
        raise located(f"{table.built_by!r} names no builder", text, [*path, "built-by"], file,
                      'Write "ci", or a builder as evidence names it, as "github".')  # fmt: skip


def _check_target(target: TargetTable, text: str, where: list[str | int], file: str) -> None:
    address = "" if isinstance(target, FolderTable) else getattr(target, "url", "")
    if address and not is_safe_address(address):
        raise located("a key is not sent to this address", text, [*where, "url"], file,
                      "Write an https address, without a name or a key in it.")  # fmt: skip
    if isinstance(target, FolderTable) and (problem := _folder_problem(target.url)):
        raise located(problem, text, [*where, "url"], file,
                      "Give a folder, relative to mlcd.toml or absolute, or a store.")  # fmt: skip
    if isinstance(target, ApplicationTable) and (found := _application_problem(target)):
        raise located(found[1], text, [*where, found[0]], file,
                      'As in file = "deploy/values.yaml", set = "model.version".')  # fmt: skip


def _application_problem(table: ApplicationTable) -> tuple[str, str] | None:
    """Return a key of the table and what is wrong with it, or None."""
    values = [table.pattern] if table.pattern else ["{version}"]
    if isinstance(table.set, dict):
        values = list(table.set.values())
    if _WITH_A_KEY.search(table.repository) or table.repository.startswith("-"):
        return "repository", "an address holds no key: it is kept outside of the repository"
    if not is_inside(table.file):
        return "file", f"`{table.file}` leaves the repository of the application"
    if bool(table.set) == bool(table.pattern):
        return "set", "one of `set` and `pattern` says what is changed in the file"
    if any("\n" in one or "\r" in one for one in values):
        return "set", "what is set is one line"
    if not any("{version}" in one for one in values):
        return "set", "`{version}` has to stand in what is set"
    return None


def _folder_problem(url: str) -> str:
    """Return what is wrong with the place of a folder, or nothing; a key has no place in it."""
    protocol, is_address, place = url.partition("://")
    if not is_address:
        return "" if url.strip() else f"{url!r} is not a folder"
    if protocol in {"file", "http", "https"} or not place.strip("/"):
        return f"{url!r} is not a folder that can be written to"
    name, at, _ = place.partition("/")[0].rpartition("@")
    if (at and ":" in name) or "?" in place or "#" in place:
        return "an address holds no key: each store finds it where its own tools do"
    return ""


def _unknown_environment(
    project: Project, name: str, text: str, path: list[str | int], file: str
) -> None:
    known = ", ".join(project.environments) or "none yet"
    raise located(f"there is no environment `{name}`", text, path, file, f"There is: {known}.")
