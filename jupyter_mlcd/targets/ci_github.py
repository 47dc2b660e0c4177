"""Runs of a GitHub workflow, by commit: https://docs.github.com/rest/actions/workflow-runs.

A workflow is dispatched at a branch, and runs the last commit of it. Runs for pull requests test a
merge that nobody committed, so that they are none of the commit.
"""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING, ClassVar, cast
from urllib.parse import quote

from jupyter_mlcd.model.errors import WorldError
from jupyter_mlcd.targets.ci_runs import CiRunsOf
from jupyter_mlcd.targets.github import GitHubTarget, Run, Runs, Started
from jupyter_mlcd.targets.pipeline import Call

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jupyter_mlcd.model.ci import GitHubCiTable
    from jupyter_mlcd.model.probe import Probe
    from jupyter_mlcd.ports import Site, TargetAnswer


class GitHubCi(CiRunsOf, GitHubTarget):
    """``[ci]`` with ``kind = "github"`` and ``workflow = "mlcd.yml"``."""

    lost: ClassVar[str] = (
        "Look at workflow in [ci] of mlcd.toml: GitHub knows a workflow once its file is on the "
        "default branch. A key that may not read it is told the same."
    )

    def __init__(self, table: GitHubCiTable, site: Site) -> None:
        """Speak to the repository that ``table`` or the git remote names."""
        GitHubTarget.__init__(self, table.target(), site)

    def _run_of(self, commit: str, branch: str) -> TargetAnswer | None:
        query = {"head_sha": commit, "branch": branch, "per_page": "20"}
        for run in self.http.get(f"{self._workflow_path}/runs", Runs, query).workflow_runs:
            is_of = run.head_sha == commit and run.head_branch == branch
            if is_of and not run.event.startswith("pull_request"):
                return self._ran(run)
        return None

    def _ran(self, run: Run) -> TargetAnswer:
        return self._stands(run.word, {"id": str(run.id)}, run.html_url, run.created_at)

    def _start(self, commit: str, branch: str) -> Call:  # noqa: ARG002 - the tip is the commit
        body = {"ref": branch, "return_run_details": True}
        return Call(f"{self._workflow_path}/dispatches", body)

    def _started(self, call: Call, commit: str, branch: str) -> TargetAnswer:
        kind = cast("type[Started | None]", Started | None)
        made = self.http.post(call.path, kind, call.content)
        if made is not None and made.workflow_run_id:
            return self._says("queued", {"id": str(made.workflow_run_id)}, url=made.html_url)
        return self._run_of(commit, branch) or self._says("queued", {})

    def commands(self, commit: str, branch: str) -> Sequence[str]:  # noqa: ARG002
        """Return the command of GitHub's own tool."""
        parts = ["gh", "workflow", "run", self.table.workflow, "--repo", self.repository,
                 "--ref", branch]  # fmt: skip
        return [shlex.join(parts)]

    def _probes(self) -> Sequence[Probe]:
        return [*super()._probes(), ("start", self._dispatchable)]

    def _dispatchable(self) -> str:
        path = f"/repos/{self.repository}/contents/{quote(self._workflow().path)}"
        if "workflow_dispatch" not in self._text_of(path):
            words = f"{self.table.workflow} cannot be started: it has no `on: workflow_dispatch`"
            raise WorldError(words, code="workflow", hint="A push starts it, if that stands there.")
        return f"{self.table.workflow} can be started"

    @property
    def _workflow_path(self) -> str:
        name = quote(self.table.workflow, safe="")
        return f"/repos/{self.repository}/actions/workflows/{name}"
