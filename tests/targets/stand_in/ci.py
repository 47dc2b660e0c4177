"""The four CI systems as far as the runs of commits go: each starts what its branch holds then."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from tests.targets.stand_in import azure_devops, github, gitlab, jenkins
from tests.targets.stand_in.server import (
    NUMBER,
    WORD,
    WORDS,
    Asked,
    Begun,
    Reply,
    Route,
    exactly,
    thing,
)

BEGAN = "2026-11-01T10:00:00Z"


@dataclass
class GitHubTests(github.GitHub):
    """A repository ``us/digits`` whose workflow mlcd.yml runs the suites."""

    tips: dict[str, str] = field(default_factory=dict)
    """``{branch: commit}`` as the repository has them."""
    dispatchable: bool = True

    def push(self, branch: str) -> None:
        """Begin what a push begins."""
        self.begin(self.tips[branch], branch, {"event": "push"})

    def dispatch(self, asked: Asked) -> Reply:
        branch = asked.body["ref"]
        if asked.found[0] != "mlcd.yml":
            return Reply(404, {"message": "Not Found"})
        if not self.dispatchable:
            return Reply(422, {"message": "Workflow does not have 'workflow_dispatch' trigger"})
        one = self.begin(self.tips[branch], branch, {"event": "workflow_dispatch"})
        path = f"/actions/runs/{one.number}"
        return Reply(200, {
            "workflow_run_id": one.number, "run_url": f"https://api.github.example{path}",
            "html_url": f"{self.page}{path}",
        })  # fmt: skip

    def run(self, one: Begun) -> dict[str, Any]:
        """Return a run as it is listed."""
        shown = super().run(one)
        return {**shown, "event": one.given["event"], "head_sha": one.key, "created_at": BEGAN}

    def listed(self, asked: Asked) -> Reply:
        if asked.found != ("mlcd.yml",):
            return Reply(404, {"message": "Not Found"})
        wanted = (asked.query["head_sha"], asked.query["branch"])
        found = [self.run(one) for one in reversed(self.begun) if (one.key, one.tag) == wanted]
        return Reply(200, {"total_count": len(found), "workflow_runs": found})

    def workflow(self, asked: Asked) -> Reply:
        if asked.found[0] != "mlcd.yml":
            return Reply(404, {"message": "Not Found"})
        return Reply(200, {"path": ".github/workflows/mlcd.yml", "state": "active"})

    def routes(self) -> list[Route]:
        """Return what can be asked for."""
        place = "/repos/us/digits/contents/.github/workflows/mlcd.yml"
        return [Route("GET", place, self.content), *super().routes()]


_AT = exactly({"refName": WORD, "version": {"type": "string", "pattern": "^[0-9a-f]{40}$"}})
_AZURE_START = exactly({"resources": exactly({"repositories": exactly({"self": _AT})})})


@dataclass
class AzureTests(azure_devops.AzureDevOps):
    """A project ``digits`` of ``contoso`` whose pipeline 42 runs the suites."""

    tips: dict[str, str] = field(default_factory=dict)

    def push(self, branch: str) -> None:
        """Begin what a push begins."""
        self.begin(self.tips[branch], f"refs/heads/{branch}", {})

    def start(self, asked: Asked) -> Reply:
        place = asked.body["resources"]["repositories"]["self"]
        return Reply(200, self._run(self.begin(place["version"], place["refName"], {})))

    def _build(self, one: Begun) -> dict[str, Any]:
        return {**super()._build(one), "sourceVersion": one.key, "queueTime": BEGAN}

    def routes(self) -> list[Route]:
        """Return what can be asked for."""
        own = "/contoso/digits/_apis/pipelines/42/runs"
        run = thing({"id": NUMBER})
        return [Route("POST", own, self.start, _AZURE_START, run, triggers=True), *super().routes()]


@dataclass
class GitLabTests(gitlab.GitLab):
    """A project ``us/digits`` whose pipelines run the suites."""

    tips: dict[str, str] = field(default_factory=dict)

    def push(self, branch: str) -> None:
        """Begin what a push begins."""
        self.begin(self.tips[branch], branch, {"source": "push"})

    def start(self, asked: Asked) -> Reply:
        branch = asked.body["ref"]
        if self.says_no:
            return Reply(400, {"message": self.says_no})
        one = self.begin(self.tips[branch], branch, {"source": "api"})
        return Reply(201, self._pipeline(one))

    def _pipeline(self, one: Begun) -> dict[str, Any]:
        return {**super()._pipeline(one), "sha": one.key, "created_at": BEGAN}

    def listed(self, asked: Asked) -> Reply:
        wanted = (asked.query.get("sha"), asked.query.get("ref"))
        found = [
            one for one in reversed(self.begun) if wanted in {(one.key, one.tag), (None, None)}
        ]
        return Reply(200, [self._pipeline(one) for one in found])

    def routes(self) -> list[Route]:
        """Return what can be asked for."""
        own = "/api/v4/projects/us%2Fdigits/pipeline"
        takes = exactly({"ref": WORD})
        return [Route("POST", own, self.start, takes, gitlab.PIPELINE, triggers=True),
                *super().routes()]  # fmt: skip


@dataclass
class JenkinsTests(jenkins.Jenkins):
    """A multibranch pipeline ``models/digits`` that has seen the branch ``main``."""

    tips: dict[str, str] = field(default_factory=dict)
    defined: tuple[str, ...] = ()
    seen: tuple[str, ...] = ("main",)

    def push(self, branch: str) -> None:
        """Begin what a push begins."""
        self.begin(self.tips[branch], branch, {})

    def _there(self, asked: Asked) -> bool:
        return asked.found[0] in self.seen

    def build_now(self, asked: Asked) -> Reply:
        is_right = asked.path.endswith("WithParameters") == bool(self.defined)
        if not self._there(asked) or not is_right:
            return Reply(404 if not self._there(asked) else 400)
        branch = asked.found[0]
        self.begin(self.tips[branch], branch, {})
        return Reply(201, None, {"Location": self.location.format(self.last.number)})

    def branch(self, asked: Asked) -> Reply:
        if not self._there(asked):
            return Reply(404)
        if asked.query["tree"].startswith("builds"):
            built = [one for one in reversed(self.begun) if one.stage and one.tag == asked.found[0]]
            return Reply(200, {"builds": [self._build(one) for one in built]})
        return super().job(asked)

    def _build(self, one: Begun) -> dict[str, Any]:
        made = {"_class": "hudson.plugins.git.util.BuildData",
                "lastBuiltRevision": {"SHA1": one.key}}  # fmt: skip
        return {**super()._build(one), "actions": [{}, made], "timestamp": 1793527200000}

    def _item(self, one: Begun) -> dict[str, Any]:
        place = f"http://behind.a.proxy/jenkins/job/models/job/digits/job/{one.tag}/"
        return {**super()._item(one), "task": {"url": place}}

    def routes(self) -> list[Route]:
        """Return what can be asked for."""
        own = "/job/models/job/digits/job/{}"
        return [
            Route("POST", f"{own}/build", self.build_now, WORDS, triggers=True),
            Route("POST", f"{own}/buildWithParameters", self.build_now, WORDS, triggers=True),
            Route("GET", f"{own}/api/json", self.branch),
            *super().routes(),
        ]


CiVendor = GitHubTests | AzureTests | GitLabTests | JenkinsTests
VENDORS: dict[str, type[CiVendor]] = {
    "github": GitHubTests,
    "azure-devops": AzureTests,
    "gitlab": GitLabTests,
    "jenkins": JenkinsTests,
}
CI = {
    "github": '[ci]\nkind = "github"\nrepository = "us/digits"\nurl = "<url>"\n',
    "azure-devops": '[ci]\nkind = "azure-devops"\norganization = "contoso"\nproject = "digits"\n'
    'pipeline = 42\nurl = "<url>"\n',
    "gitlab": '[ci]\nkind = "gitlab"\nproject = "us/digits"\nurl = "<url>/api/v4"\n',
    "jenkins": '[ci]\nkind = "jenkins"\nurl = "<url>"\njob = "models/digits"\n',
}
"""``[ci]`` of each, where ``<url>`` is the server."""
RED = {"github": "failure", "azure-devops": "failed", "gitlab": "failed", "jenkins": "FAILURE"}
