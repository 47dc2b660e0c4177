"""How git is started so that a repository cannot make it run anything, ask anything or hang.

A repository's ``.git/config`` and ``.gitattributes`` may come from somebody else (a shared folder,
an unpacked archive) and may name programs. Settings go through ``GIT_CONFIG_COUNT`` rather than
``-c``: same strength, any character in a key, and nothing of it shows in the list of processes.
"""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from jupyter_mlcd.world.git_errors import GitFault, git_error
from jupyter_mlcd.world.git_names import decoded

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

# Each setting closes a door; the words say which.
_ALWAYS: Final[tuple[tuple[str, str], ...]] = (
    ("core.fsmonitor", "false"),  # a program asked at every status
    ("core.pager", "cat"),
    ("core.askPass", ""),  # never a prompt
    ("core.gitProxy", ""),  # a program between us and git://
    ("core.alternateRefsCommand", ""),  # a program run for alternates
    ("core.quotePath", "true"),  # messages stay one line per name
    ("diff.external", ""),
    ("log.showSignature", "false"),  # runs gpg
    ("gc.auto", "0"),  # no gc behind the user's back
    ("maintenance.auto", "false"),
    ("safe.bareRepository", "explicit"),  # no repository hidden in a folder of files (2022)
    ("protocol.allow", "never"),  # and GIT_ALLOW_PROTOCOL, which no configuration overrides
    ("http.followRedirects", "false"),  # a push followed a redirect into the own network
    ("http.lowSpeedLimit", "1000"),  # bytes in a second,
    ("http.lowSpeedTime", "20"),  # for so many seconds: else the remote has gone
    ("color.ui", "false"),
    ("advice.detachedHead", "false"),
)
_UNLESS_THE_USERS_PROGRAMS_RUN: Final[tuple[tuple[str, str], ...]] = (
    ("core.hooksPath", os.devnull),
    ("commit.gpgSign", "false"),
    ("tag.gpgSign", "false"),
    ("push.gpgSign", "false"),
)
_ENVIRONMENT: Final[Mapping[str, str]] = {
    "LC_ALL": "C.UTF-8",  # the table of errors reads English
    "LANGUAGE": "",
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_ASKPASS": "",
    "SSH_ASKPASS": "",
    "SSH_ASKPASS_REQUIRE": "never",
    "GCM_INTERACTIVE": "never",
    "GIT_EDITOR": "false",
    "GIT_SEQUENCE_EDITOR": "false",
    "GIT_PAGER": "cat",
    "GIT_OPTIONAL_LOCKS": "0",  # status does not rewrite the user's index
    "GIT_NO_LAZY_FETCH": "1",  # a partial clone does not turn reading into network (2.45)
    "GIT_NO_REPLACE_OBJECTS": "1",  # an id means the bytes that it names, not a replacement
}
# All other GIT_* are dropped: a hook that started us has set GIT_DIR and GIT_INDEX_FILE.
_INHERITED: Final = frozenset(
    {
        "GIT_AUTHOR_NAME",
        "GIT_AUTHOR_EMAIL",
        "GIT_COMMITTER_NAME",
        "GIT_COMMITTER_EMAIL",
        "GIT_CEILING_DIRECTORIES",
        "GIT_DISCOVERY_ACROSS_FILESYSTEM",
        "GIT_SSL_CAINFO",
        "GIT_SSL_CAPATH",
        "GIT_TEST_ASSUME_DIFFERENT_OWNER",  # only makes git stricter
    }
)
# What a caller may add for one command.
_ADDABLE: Final = frozenset(
    {
        "GIT_INDEX_FILE",
        *(f"GIT_AUTHOR_{what}" for what in ("NAME", "EMAIL", "DATE")),
        *(f"GIT_COMMITTER_{what}" for what in ("NAME", "EMAIL", "DATE")),
    }
)
_SSH: Final = "ssh -oBatchMode=yes -oConnectTimeout=10"
# Scopes that the user or an administrator wrote, unlike "local" and "worktree".
_TRUSTED_SCOPES: Final = frozenset({"system", "global", "command"})
# Transports that the user can allow for all repositories, in git's own configuration.
_OPT_IN_PROTOCOLS: Final = ("file", "http")


@dataclass(frozen=True)
class Setting:
    """One line of git's configuration."""

    scope: str
    key: str
    """Section and name in lower case, sub-section as written."""
    value: str

    @property
    def is_trusted(self) -> bool:
        """The user or an administrator wrote it, not the repository."""
        return self.scope in _TRUSTED_SCOPES


def parse_settings(listing: bytes) -> tuple[Setting, ...]:
    """Read ``git config --list -z --show-scope``."""
    fields = decoded(listing).split("\0")[:-1]
    return tuple(
        Setting(scope, *_key_and_value(line))
        for scope, line in zip(fields[::2], fields[1::2], strict=True)
    )


def _key_and_value(line: str) -> tuple[str, str]:
    key, newline, value = line.partition("\n")
    return key, value if newline else "true"


def neutral_settings(settings: Iterable[Setting]) -> Iterator[tuple[str, str]]:
    """Yield settings that switch off every filter and every credential program of a repository."""
    listed = tuple(settings)
    for name in sorted({_filter_name(setting.key) for setting in listed} - {""}):
        # An empty `process` wins over `clean` and `smudge` and then runs nothing.
        yield f"filter.{name}.process", ""
        yield f"filter.{name}.clean", ""
        yield f"filter.{name}.smudge", ""
        yield f"filter.{name}.required", "false"
    yield from trusted_credentials(listed)


def trusted_credentials(settings: Iterable[Setting]) -> Iterator[tuple[str, str]]:
    """Yield settings that leave only the user's own credential helpers, in their order."""
    yield "credential.helper", ""  # an empty one forgets those before it
    for setting in settings:
        if (
            setting.is_trusted
            and setting.key.startswith("credential.")
            and setting.key.endswith(".helper")
        ):
            yield setting.key, setting.value


def _filter_name(key: str) -> str:
    if not key.startswith("filter.") or key.count(".") < 2:  # noqa: PLR2004 - section.name.key
        return ""
    return key.split(".", 1)[1].rsplit(".", 1)[0]


def allowed_protocols(settings: Iterable[Setting], *, file_remotes: bool) -> str:
    """Return the value of GIT_ALLOW_PROTOCOL: https, ssh, and what the user opted in to."""
    allowed = {"https", "ssh"} | ({"file"} if file_remotes else set())
    for setting in settings:
        for protocol in _OPT_IN_PROTOCOLS:
            if (
                setting.is_trusted
                and setting.key == f"protocol.{protocol}.allow"
                and setting.value == "always"
            ):
                allowed.add(protocol)
    return ":".join(sorted(allowed))


def ssh_command(settings: Iterable[Setting]) -> str:
    """Return how ssh is started: the user's own way, else one that never asks."""
    if given := os.environ.get("GIT_SSH_COMMAND"):
        return given
    chosen = _SSH
    for setting in settings:
        if setting.is_trusted and setting.key == "core.sshcommand":
            chosen = setting.value
    return chosen


def environment(
    settings: Iterable[tuple[str, str]] = (),
    *,
    added: Mapping[str, str] | None = None,
    users_programs: bool = False,
) -> dict[str, str]:
    """Return the environment of one git command, with ``settings`` over all configuration."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("GIT_") or name in _INHERITED
    }
    kept |= _ENVIRONMENT
    kept["PATH"] = os.pathsep.join(str(folder) for folder in _search_path())
    if sys.platform == "win32":
        kept["NoDefaultCurrentDirectoryInExePath"] = "1"
    for name, value in (added or {}).items():
        if name not in _ADDABLE:
            raise ValueError(f"{name} is not for callers to set")
        kept[name] = value
    lines = [*_ALWAYS, *(() if users_programs else _UNLESS_THE_USERS_PROGRAMS_RUN), *settings]
    kept["GIT_CONFIG_COUNT"] = str(len(lines))
    for number, (key, value) in enumerate(lines):
        kept[f"GIT_CONFIG_KEY_{number}"] = key
        kept[f"GIT_CONFIG_VALUE_{number}"] = value
    return kept


def find_git() -> str:
    """Return the absolute path of git, never one from the current folder; GitError if none."""
    return _find_git(os.environ.get("PATH", os.defpath))


@lru_cache(maxsize=8)
def _find_git(path: str) -> str:
    name = "git.exe" if sys.platform == "win32" else "git"
    for folder in _absolute_folders(path):
        candidate = folder / name
        if candidate.is_file() and os.access(candidate, os.X_OK):
            return str(candidate)
    raise git_error(GitFault.MISSING)


def _search_path() -> tuple[Path, ...]:
    return _absolute_folders(os.environ.get("PATH", os.defpath))


@lru_cache(maxsize=8)
def _absolute_folders(path: str) -> tuple[Path, ...]:
    """Leave out ``.`` and the empty entry: they would run programs from the opened folder."""
    folders = (Path(entry) for entry in path.split(os.pathsep) if entry)
    return tuple(folder for folder in folders if folder.is_absolute())
