"""The hub of a place, spoken to with the key that is kept for it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from jupyter_mlcd.hubs.azure_devops import AzureDevOps
from jupyter_mlcd.hubs.github import GitHub
from jupyter_mlcd.hubs.gitlab import GitLab
from jupyter_mlcd.model.hub import HubKind
from jupyter_mlcd.world.http import Http
from jupyter_mlcd.world.secret_values import read_secret

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jupyter_mlcd.model.hub import HubPlace
    from jupyter_mlcd.ports import Hub

_HUBS: Final[dict[HubKind, type[AzureDevOps | GitHub | GitLab]]] = {
    HubKind.GITHUB: GitHub,
    HubKind.GITLAB: GitLab,
    HubKind.AZURE_DEVOPS: AzureDevOps,
}


def hub_at(place: HubPlace, environ: Mapping[str, str]) -> Hub:
    """Return the hub. Without a key it may still tell what is public. Raises WorldError."""
    hub = _HUBS[place.kind]
    token = read_secret(place.token, environ)
    return hub(place, Http(place.url, hub.headers(token)))
