"""Work items: those that commits name, as ``#12``, ``AB#34`` or ``owner/repository#56``.

A link is given only where the remote leaves no doubt about where they are: GitHub, GitLab and Azure
DevOps. ``AB#34`` is Azure Boards everywhere, but only an Azure remote says whose.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote, urlsplit

import msgspec

from jupyter_mlcd.model.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_OWNER = r"[A-Za-z0-9][A-Za-z0-9-]{0,38}"
_REPOSITORY = r"[A-Za-z0-9_.-]{1,100}"
_NAME = rf"(?:AB#|{_OWNER}/{_REPOSITORY}#|#)[1-9][0-9]{{0,8}}"
# Not inside a word, an address or a colour: `a#1`, `/x#2`, `&#39;`, `#12ab34`.
_IN_TEXT = re.compile(rf"(?<![\w/#&.-]){_NAME}(?![\w-])")
_WHOLE = re.compile(rf"{_NAME}\Z")
_PART = re.compile(r"[\w .~-]{1,100}\Z")
_AZURE_SSH = "ssh.dev.azure.com"
_AZURE_OLD = ".visualstudio.com"
_MOST = 20
_LONGEST_WHY = 2000


class Issue(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A work item."""

    name: str
    """As it is written: ``#12``."""
    url: str
    """Where it is; empty where that is not certain."""
    subjects: tuple[str, ...] = ()
    """First lines of the commits that name it, newest first; empty where a person gave it."""


def issues_in(text: str) -> tuple[str, ...]:
    """Return the work items that a text names, each once, in the order of the text."""
    return tuple(dict.fromkeys(found[0] for found in _IN_TEXT.finditer(text)))


def find_issues(messages: Iterable[str], remote: str) -> tuple[Issue, ...]:
    """Return the work items that commit messages name; ``remote`` is an address or empty."""
    subjects: dict[str, list[str]] = {}
    for message in messages:
        for name in issues_in(message):
            subjects.setdefault(name, []).append(message.partition("\n")[0])
    return tuple(
        Issue(name, issue_url(name, remote), tuple(found)) for name, found in subjects.items()
    )


def checked_issues(names: Sequence[str]) -> tuple[str, ...]:
    """Return the names as they are kept, each once. Raises UsageError for what is none."""
    stripped = tuple(dict.fromkeys(name.strip() for name in names if name.strip()))
    for name in stripped:
        if not _WHOLE.match(name):
            hint = "Write it as #12, AB#34 or owner/repository#56."
            raise UsageError(f"{name!r} is not a work item", hint=hint)
    if len(stripped) > _MOST:
        raise UsageError(f"{len(stripped)} work items are too many", hint=f"At most {_MOST}.")
    return stripped


def checked_why(why: str) -> str:
    """Return a reason as it is kept. Raises UsageError if it is too long."""
    text = why.strip()
    if len(text) > _LONGEST_WHY:
        hint = f"At most {_LONGEST_WHY} characters are kept."
        raise UsageError("the reason is too long", hint=hint)
    return text


def issue_url(name: str, remote: str) -> str:
    """Return where a work item is, by the address of the remote; empty where that is uncertain."""
    where, _, number = name.rpartition("#")
    host, path = place_of(remote)
    if host.endswith(("dev.azure.com", _AZURE_OLD)):
        project = azure_project(host, path)
        return f"{project}/_workitems/edit/{number}" if project and where in {"", "AB"} else ""
    if where == "AB" or len(path) < 2:  # noqa: PLR2004 - owner and repository
        return ""
    folder = where or "/".join(path)
    if host == "github.com" and (where or len(path) == 2):  # noqa: PLR2004
        return f"https://github.com/{folder}/issues/{number}"
    if host == "gitlab.com" or host.startswith("gitlab."):
        return f"https://{host}/{folder}/-/issues/{number}"
    return ""


def place_of(remote: str) -> tuple[str, list[str]]:
    """Return host and path of the address of a git remote.

    As ``https://host/a/b.git``, ``ssh://git@host/a/b`` or ``git@host:a/b``. Empty for what is none
    of these, a folder for example.
    """
    if "://" in remote:
        try:
            split = urlsplit(remote)
            host, path = split.hostname or "", split.path
        except ValueError:
            return "", []
        if split.scheme not in {"https", "http", "ssh", "git"}:
            return "", []
    else:
        before, colon, path = remote.partition(":")
        host = before.rpartition("@")[2].lower()
        if not colon or "/" in before or "." not in host:
            return "", []
    parts = [unquote(part) for part in path.removesuffix("/").removesuffix(".git").split("/")]
    found = [part for part in parts if part]
    if not all(_PART.match(part) and part.strip(".") for part in found):
        return "", []
    return host, [quote(part) for part in found]


def azure_project(host: str, path: Sequence[str]) -> str:
    """Return the address of a project: ``https://dev.azure.com/organization/project``."""
    if host == _AZURE_SSH and len(path) == 4:  # noqa: PLR2004 - v3/organization/project/repository
        return f"https://dev.azure.com/{path[1]}/{path[2]}"
    if host == "dev.azure.com" and "_git" in path[2:3]:
        return f"https://dev.azure.com/{path[0]}/{path[1]}"
    if host.endswith(_AZURE_OLD) and "_git" in path[1:3]:
        return (
            f"https://dev.azure.com/{host.removesuffix(_AZURE_OLD)}/{path[path.index('_git') - 1]}"
        )
    return ""
