"""Builds of a branch of a Jenkins multibranch pipeline, by commit.

Jenkins builds the last commit of a branch. A build shows its commit once it has checked it out;
until then, and in the queue, it may be of ours, so that no other is started.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, ClassVar, Final
from urllib.parse import quote, unquote, urlsplit

from jupyter_mlcd.model.errors import HubError
from jupyter_mlcd.targets.ci_runs import CiRunsOf
from jupyter_mlcd.targets.jenkins import JOB, MOST, Build, Builds, JenkinsTarget, Job, Queue
from jupyter_mlcd.targets.pipeline import Call
from jupyter_mlcd.world.clock import format_time

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jupyter_mlcd.model.ci import JenkinsCiTable
    from jupyter_mlcd.model.probe import Probe
    from jupyter_mlcd.ports import Site, TargetAnswer

_BUILD: Final = "number,building,result,timestamp,actions[lastBuiltRevision[SHA1]]"
_ITEM: Final = "id,why,cancelled,task[url]"


class JenkinsCi(CiRunsOf, JenkinsTarget):
    """``[ci]`` with ``kind = "jenkins"``, its address and its multibranch pipeline."""

    lost: ClassVar[str] = (
        "Look at job in [ci] of mlcd.toml: it is the multibranch pipeline, with its folders. A key "
        "that may not read it is told the same."
    )

    def __init__(self, table: JenkinsCiTable, site: Site) -> None:
        """Speak to the server that ``table`` names."""
        JenkinsTarget.__init__(self, table.target(), site)

    def _run_of(self, commit: str, branch: str) -> TargetAnswer | None:
        path = self._branch(branch)
        # The queue first: what leaves it in between is among the builds.
        queue = self.http.get("/queue/api/json", Queue, {"tree": f"items[{_ITEM}]"})
        for item in queue.items:
            if not item.cancelled and _is_below(item.task.url, path):
                return self._stands("QUEUED", {"id": f"queue/{item.id}"}, f"{self.url}{path}/")
        query = {"tree": f"builds[{_BUILD}]{{0,{MOST}}}"}
        try:
            builds = self.http.get(f"{path}/api/json", Builds, query).builds
        except HubError as error:
            if error.code != "hub-not-found":
                raise
            self.http.get(f"{self._path}/api/json", Job, {"tree": "name"})
            return None  # It is there, and has not seen this branch yet.
        for build in builds:
            if build.commit == commit or (build.building and not build.commit):
                return self._built(build, path)
        return None

    def _built(self, build: Build, path: str) -> TargetAnswer:
        begun = datetime.fromtimestamp(build.timestamp / 1000, UTC) if build.timestamp else None
        since = format_time(begun) if begun else ""
        url = f"{self.url}{path}/{build.number}/"
        return self._stands(build.word, {"id": f"build/{build.number}"}, url, since)

    def _start(self, commit: str, branch: str) -> Call:  # noqa: ARG002 - the tip is the commit
        path = self._branch(branch)
        try:
            job = self.http.get(f"{path}/api/json", Job, {"tree": JOB})
        except HubError as error:
            if error.code != "hub-not-found":
                raise
            words = f"{self.table.job} on Jenkins has not seen the branch {branch} yet"
            hint = "Let it scan the repository: Scan Multibranch Pipeline Now, on its page."
            raise HubError(words, code=error.code, hint=hint) from None
        # Jenkins refuses the one for jobs without parameters, and the other for those with some.
        takes = any(self._defined(job))
        return Call(f"{path}/{'buildWithParameters' if takes else 'build'}", {}, is_form=True)

    def _started(self, call: Call, commit: str, branch: str) -> TargetAnswer:  # noqa: ARG002
        return self._post(call, self._branch(branch))

    def commands(self, commit: str, branch: str) -> Sequence[str]:  # noqa: ARG002
        """Return the request as a command; nobody is asked whether the job takes parameters."""
        return [self._shown(Call(f"{self._branch(branch)}/build", {}, is_form=True))]

    def _probes(self) -> Sequence[Probe]:
        return [("pipeline", self._there), ("queue", self._readable)]

    def _there(self) -> str:
        self.http.get(f"{self._path}/api/json", Job, {"tree": "name"})
        return f"{self.table.job} can be read"

    def _branch(self, branch: str) -> str:
        """Return the path of a branch: its name is that of a job, slashes written out."""
        return f"{self._path}/job/{quote(quote(branch, safe=''), safe='')}"


def _is_below(address: str, path: str) -> bool:
    """Whether an address, which a proxy may have begun otherwise, is of a job."""
    return unquote(urlsplit(address).path).rstrip("/").endswith(unquote(path))
