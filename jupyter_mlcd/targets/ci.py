"""The pipeline that runs the suites, spoken to by the client of the target of its system.

Nothing gives such a run a name of ours: it is known by its commit and its branch, which each system
shows. So it is looked for before it is started, and what is sent is sent once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from jupyter_mlcd.model.ci import AzureDevOpsCiTable, GitHubCiTable, GitLabCiTable, JenkinsCiTable
from jupyter_mlcd.targets.ci_azure import AzureDevOpsCi
from jupyter_mlcd.targets.ci_github import GitHubCi
from jupyter_mlcd.targets.ci_gitlab import GitLabCi
from jupyter_mlcd.targets.ci_jenkins import JenkinsCi

if TYPE_CHECKING:
    from jupyter_mlcd.model.ci import CiTable
    from jupyter_mlcd.ports import CiPipeline, Site


def open_ci(table: CiTable, site: Site) -> CiPipeline:
    """Return the pipeline that ``[ci]`` names."""
    match table:
        case GitHubCiTable():
            return GitHubCi(table, site)
        case AzureDevOpsCiTable():
            return AzureDevOpsCi(table, site)
        case GitLabCiTable():
            return GitLabCi(table, site)
        case JenkinsCiTable():
            return JenkinsCi(table, site)
