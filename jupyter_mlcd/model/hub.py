"""A hub: where a company keeps its repositories, with pull requests, work items and people's yes.

The three that we speak to are GitHub, GitLab and Azure DevOps, in the cloud or on a company's own
server. Which one and where is told by the address of the git remote; ``[hubs.NAME]`` says it where
that is not enough.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

import msgspec

from jupyter_mlcd.model.errors import ConfigError
from jupyter_mlcd.model.issue import azure_project, place_of

if TYPE_CHECKING:
    from collections.abc import Mapping


class HubKind(StrEnum):
    """A kind of hub."""

    GITHUB = "github"
    GITLAB = "gitlab"
    AZURE_DEVOPS = "azure-devops"


class HubTable(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename="kebab"):
    """``[hubs.github]``: all of it may be left out."""

    repository: str = ""
    """``owner/name``, on GitLab the whole path, on Azure DevOps ``organization/project/name``;
    empty: that of the git remote."""
    url: str = ""
    """Where its API begins; empty: the cloud, or the server of the git remote."""
    remote: str = "origin"
    """The git remote that is meant."""


class HubPlace(msgspec.Struct, frozen=True):
    """A repository on a hub."""

    kind: HubKind
    url: str
    """Where its API begins, without a slash at its end."""
    repository: str

    @property
    def owner(self) -> str:
        """Address that a key is kept for: on Azure DevOps each organization has its own."""
        is_azure = self.kind is HubKind.AZURE_DEVOPS
        return f"{self.url}/{self.repository.partition('/')[0]}" if is_azure else self.url


class HubChange(msgspec.Struct, frozen=True):
    """A pull request, or a merge request."""

    number: int
    url: str
    """For people."""
    head: str
    """The last commit in it."""
    is_open: bool = True


class Opinion(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody last said of a change, as the hub tells it."""

    key: str
    """The hub's own name of it: another yes has another."""
    account: str
    name: str = ""
    email: str = ""
    """Empty where the hub does not tell it."""
    is_yes: bool
    """Whether it is approved; otherwise changes are asked for."""
    at: str
    """UTC, ISO 8601."""
    url: str
    head: str
    """The commit that was looked at."""
    is_same_tree: bool
    """Whether its files are those of the commit that was asked about."""


class TellPlace(StrEnum):
    """Where it can be told that a review is asked for."""

    PULL_REQUEST = "pull-request"
    WORK_ITEM = "work-item"
    WEBHOOK = "webhook"


class Told(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A place where somebody was told of a review or a delivery, or was to be."""

    where: str
    """As ``pull request 12`` or ``#34``."""
    url: str = ""
    problem: str = ""
    """Why it was not told there; empty where it was."""


_CLOUD: Final = {
    HubKind.GITHUB: "https://api.github.com",
    HubKind.GITLAB: "https://gitlab.com/api/v4",
    HubKind.AZURE_DEVOPS: "https://dev.azure.com",
}
_PARTS: Final = {HubKind.GITHUB: (2, 2), HubKind.GITLAB: (2, 20), HubKind.AZURE_DEVOPS: (3, 3)}


def hub_name(kind: HubKind) -> str:
    """Return what people call it."""
    return {HubKind.GITHUB: "GitHub", HubKind.GITLAB: "GitLab"}.get(kind, "Azure DevOps")


def hub_kind(address: str, hubs: Mapping[HubKind, HubTable]) -> HubKind | None:
    """Return which hub a git remote is on; None where that is not known."""
    if len(hubs) == 1:
        return next(iter(hubs))
    host, path = place_of(address)
    if azure_project(host, path):
        return HubKind.AZURE_DEVOPS
    if host == "github.com":
        return HubKind.GITHUB
    return HubKind.GITLAB if host == "gitlab.com" or host.startswith("gitlab.") else None


def hub_place(kind: HubKind, address: str, table: HubTable) -> HubPlace:
    """Return the repository that a git remote and a table name. Raises ConfigError."""
    host, path = place_of(address)
    repository = table.repository.strip("/") or "/".join(_named(kind, host, path))
    least, most = _PARTS[kind]
    if not least <= len(repository.split("/")) <= most or not all(repository.split("/")):
        raise ConfigError(
            f"it is not known which repository on {kind.value} is meant",
            hint=f'Add [hubs.{kind.value}] with repository = "{_example(kind)}" to mlcd.toml.',
        )
    own = kind is HubKind.GITLAB and host and host != "gitlab.com"
    usual = f"https://{host}/api/v4" if own else _CLOUD[kind]
    url = (table.url or usual).rstrip("/")
    return HubPlace(kind, url, repository)


def page_of(address: str, branch: str, path: str) -> str:
    """Return where a folder of a branch is shown, by the address of the git remote.

    Empty where that is uncertain.
    """
    host, parts = place_of(address)
    kind = hub_kind(address, {})
    if kind is HubKind.AZURE_DEVOPS:
        project = azure_project(host, parts)
        where = f"path={quote(f'/{path}', safe='')}&version=GB{quote(branch, safe='')}"
        return f"{project}/_git/{parts[-1]}?{where}"
    if kind is None or len(parts) < 2:  # noqa: PLR2004 - owner and name
        return ""
    tree = "-/tree" if kind is HubKind.GITLAB else "tree"
    return f"https://{host}/{'/'.join(parts)}/{tree}/{quote(branch)}/{quote(path)}"


def plain_markdown(text: str) -> str:
    """Return a text that mentions nobody and is no markup on a hub."""
    marks = str.maketrans({"@": "@\u200b", "<": "&lt;", "[": "\\[", "`": "\\`", "#": "\\#"})
    return text.translate(marks)


def _named(kind: HubKind, host: str, path: list[str]) -> list[str]:
    """Return the parts of a repository's name in the path of a remote."""
    if kind is HubKind.AZURE_DEVOPS:
        project = azure_project(host, path).split("/")[3:]
        return [*project, path[-1]] if project else []
    return path


def _example(kind: HubKind) -> str:
    return "organization/project/name" if kind is HubKind.AZURE_DEVOPS else "owner/name"
