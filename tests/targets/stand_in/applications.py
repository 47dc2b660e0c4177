"""Applications that are tested against a stand-in: what is begun there is a pull request."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from jupyter_mlcd.model.target import ApplicationTable
from jupyter_mlcd.targets.application import open_application
from tests.targets.stand_in.kinds import Kind
from tests.targets.stand_in.pull_requests import FILE, AzureShop, GitHubShop, GitLabShop

if TYPE_CHECKING:
    from collections.abc import Callable

    from jupyter_mlcd.ports import PipelineTarget, Site
    from tests.targets.stand_in.server import StandIn

Hub = Literal["github", "gitlab", "azure-devops"]


def _shop(hub: Hub, repository: str, api: str = "") -> Callable[[StandIn, Site], PipelineTarget]:
    def make(server: StandIn, site: Site) -> PipelineTarget:
        url = f"{server.url}{api}"
        table = ApplicationTable(repository, FILE, "model.version", hub=hub, url=url)
        return open_application(table, site)

    return make


_GITHUB, _GITLAB = _shop("github", "us/shop"), _shop("gitlab", "us/shop", "/api/v4")
_AZURE = _shop("azure-devops", "contoso/us/shop")
APPLICATIONS = {
    kind.name: kind
    for kind in (
        Kind("application-github", GitHubShop, _GITHUB, "", "", "closed"),
        Kind("application-gitlab", GitLabShop, _GITLAB, "", "", "closed"),
        Kind("application-azure", AzureShop, _AZURE, "", "", "abandoned"),
    )
}
