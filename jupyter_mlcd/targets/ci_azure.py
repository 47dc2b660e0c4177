"""Runs of an Azure DevOps pipeline, by commit; one is started at exactly that commit."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING, ClassVar

from jupyter_mlcd.targets.azure_devops import MOST, AzureDevOpsTarget, Builds
from jupyter_mlcd.targets.ci_runs import CiRunsOf
from jupyter_mlcd.targets.pipeline import Call

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jupyter_mlcd.model.ci import AzureDevOpsCiTable
    from jupyter_mlcd.ports import Site, TargetAnswer


class AzureDevOpsCi(CiRunsOf, AzureDevOpsTarget):
    """``[ci]`` with ``kind = "azure-devops"``, its organization, project and pipeline."""

    at_tip: ClassVar[bool] = False
    lost: ClassVar[str] = (
        "Look at organization, project and pipeline in [ci] of mlcd.toml: the number stands in the "
        "address of the pipeline's page. A key that may not read it is told the same."
    )

    def __init__(self, table: AzureDevOpsCiTable, site: Site) -> None:
        """Speak to the project that ``table`` names."""
        AzureDevOpsTarget.__init__(self, table.target(), site)

    def _run_of(self, commit: str, branch: str) -> TargetAnswer | None:
        query = {
            "definitions": str(self.table.pipeline),
            "branchName": f"refs/heads/{branch}",
            "queryOrder": "queueTimeDescending",
            "$top": str(MOST),
        }
        for build in self.http.get(self._at("/build/builds", query), Builds).value:
            if build.source_version == commit and build.source_branch == f"refs/heads/{branch}":
                return self._stands(build.word, {"id": str(build.id)}, build.page, build.queue_time)
        return None

    def _start(self, commit: str, branch: str) -> Call:
        place = {"refName": f"refs/heads/{branch}", "version": commit}
        body = {"resources": {"repositories": {"self": place}}}
        return Call(self._at(f"/pipelines/{self.table.pipeline}/runs"), body)

    def _started(self, call: Call, commit: str, branch: str) -> TargetAnswer:  # noqa: ARG002
        return self._post(call)

    def commands(self, commit: str, branch: str) -> Sequence[str]:
        """Return the command of Azure's own tool."""
        parts = ["az", "pipelines", "run", "--organization", self.owner,
                 "--project", self.table.project, "--id", str(self.table.pipeline),
                 "--branch", branch, "--commit-id", commit]  # fmt: skip
        return [shlex.join(parts)]
