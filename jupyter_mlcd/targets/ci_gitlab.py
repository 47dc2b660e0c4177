"""Pipelines of a GitLab project, by commit; one is made for the last commit of a branch."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from jupyter_mlcd.targets.ci_runs import CiRunsOf
from jupyter_mlcd.targets.gitlab import GitLabTarget, MadePipeline
from jupyter_mlcd.targets.pipeline import Call

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jupyter_mlcd.model.ci import GitLabCiTable
    from jupyter_mlcd.model.probe import Probe
    from jupyter_mlcd.ports import Site, TargetAnswer


class GitLabCi(CiRunsOf, GitLabTarget):
    """``[ci]`` with ``kind = "gitlab"``."""

    lost: ClassVar[str] = (
        "Look at project in [ci] of mlcd.toml: it is the whole path, as group/name. A key that may "
        "not read it is told the same."
    )

    def __init__(self, table: GitLabCiTable, site: Site) -> None:
        """Speak to the project that ``table`` or the git remote names."""
        GitLabTarget.__init__(self, table.target(), site)

    def _run_of(self, commit: str, branch: str) -> TargetAnswer | None:
        query = {"sha": commit, "ref": branch}
        for one in self.http.get(f"{self._path}/pipelines", list[MadePipeline], query):
            if one.sha == commit and one.ref == branch:
                return self._stands(one.status, {"id": str(one.id)}, one.web_url, one.created_at)
        return None

    def _start(self, commit: str, branch: str) -> Call:  # noqa: ARG002 - the tip is the commit
        if self._trigger_token:
            body: dict[str, Any] = {"token": "$TRIGGER_TOKEN", "ref": branch}
            return Call(f"{self._path}/trigger/pipeline", body)
        return Call(f"{self._path}/pipeline", {"ref": branch})

    def _started(self, call: Call, commit: str, branch: str) -> TargetAnswer:
        made = self._post(call)
        if made.ref != branch or made.sha != commit:
            return self._unsure("GitLab answers with a pipeline of another commit: look there")
        return self._stands(made.status, {"id": str(made.id)}, made.web_url, made.created_at)

    def _probes(self) -> Sequence[Probe]:
        return [("project", self._seen), ("pipelines", self._listed)]

    def _listed(self) -> str:
        self.http.get(f"{self._path}/pipelines", list[MadePipeline], {"per_page": "1"})
        return "pipelines can be read"
