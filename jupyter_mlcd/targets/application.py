"""The repository of an application that uses the model: its version is set there, by proposal.

Where the repository is on GitHub, GitLab or Azure DevOps, a pull request is opened; anywhere else a
branch is pushed with plain git. ``repository`` is an address, or the name of a repository on the
same hub as this project's own git remote.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final
from urllib.parse import quote, unquote

from jupyter_mlcd.model.errors import ConfigError, MlcdError
from jupyter_mlcd.model.hub import HubKind, HubPlace, HubTable, hub_kind, hub_place
from jupyter_mlcd.targets.answers import in_words
from jupyter_mlcd.targets.application_git import GitApplication
from jupyter_mlcd.targets.pull_request_azure import AzurePullRequest
from jupyter_mlcd.targets.pull_request_github import GitHubPullRequest
from jupyter_mlcd.targets.pull_request_gitlab import GitLabPullRequest

if TYPE_CHECKING:
    from jupyter_mlcd.model.target import ApplicationTable
    from jupyter_mlcd.ports import PipelineTarget, Site
    from jupyter_mlcd.targets.pull_request import PullRequest

_AN_ADDRESS: Final = re.compile(r"://|^[^/]+:|^/")
_HUBS: Final[dict[HubKind, type[PullRequest]]] = {
    HubKind.GITHUB: GitHubPullRequest,
    HubKind.GITLAB: GitLabPullRequest,
    HubKind.AZURE_DEVOPS: AzurePullRequest,
}


def open_application(table: ApplicationTable, site: Site) -> PipelineTarget:
    """Return the target that proposes to this repository.

    Where it is not known which one is meant, the target says so: a page of other environments is
    shown all the same.
    """
    try:
        return _opened(table, site)
    except MlcdError as error:
        return GitApplication(table, site, in_words(error))


def _opened(table: ApplicationTable, site: Site) -> PipelineTarget:
    is_address = bool(_AN_ADDRESS.search(table.repository))
    address = table.repository if is_address else site.remote(table.remote).url()
    kind = hub_kind(address, {}) if not table.hub else None
    if table.hub not in {"", "git"}:
        kind = HubKind(table.hub)
    if kind is not None:
        named = HubTable("" if is_address else table.repository, table.url)
        return _HUBS[kind](table, site, _checked(hub_place(kind, address, named)))
    if is_address:
        return GitApplication(table, site)
    raise ConfigError(
        f"it is not known where {table.repository} is",
        hint="Write its whole address into mlcd.toml as repository, or hub and url.",
    )


def _checked(place: HubPlace) -> HubPlace:
    """Return the place with its name as it stands in addresses. Raises ConfigError."""
    parts = [unquote(part) for part in place.repository.split("/")]
    if not all(part.strip(". ") for part in parts):
        raise ConfigError(f"{place.repository} is not the name of a repository")
    return HubPlace(place.kind, place.url, "/".join(quote(part, safe="") for part in parts))
