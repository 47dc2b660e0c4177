"""The hub of a place, spoken to with the key that is kept for its address."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from jupyter_mlcd.hubs.azure_devops import AzureDevOps
from jupyter_mlcd.hubs.github import GitHub
from jupyter_mlcd.hubs.gitlab import GitLab
from jupyter_mlcd.model.hub import HubKind
from jupyter_mlcd.world.http import Http

if TYPE_CHECKING:
    from jupyter_mlcd.model.hub import HubPlace
    from jupyter_mlcd.ports import Hub
    from jupyter_mlcd.world.credentials import Credentials

_HUBS: Final[dict[HubKind, type[AzureDevOps | GitHub | GitLab]]] = {
    HubKind.GITHUB: GitHub,
    HubKind.GITLAB: GitLab,
    HubKind.AZURE_DEVOPS: AzureDevOps,
}


def hub_at(place: HubPlace, credentials: Credentials) -> Hub:
    """Return the hub. Without a key it may still tell what is public. Raises WorldError."""
    hub = _HUBS[place.kind]
    found = credentials.find(place.owner)
    return hub(place, Http(place.url, hub.headers(found.secret if found else "")))
