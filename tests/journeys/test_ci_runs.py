"""The CI run of a commit, from the push to its end; stand-ins of the four systems answer."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

import msgspec
import pytest

from jupyter_mlcd.model.ci import CiState
from jupyter_mlcd.model.errors import ConfigError, HubError, RefusedError, WorldError
from jupyter_mlcd.model.status import WayOut
from jupyter_mlcd.workbench import Workbench
from tests.journeys.projects import commit_all, git, mlcd, notebook, repository
from tests.targets.stand_in.ci import CI, RED, VENDORS, GitHubTests, JenkinsTests
from tests.targets.stand_in.server import SECRET, Fault, StandIn, standing

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from jupyter_mlcd.model.ci import CiRun
    from tests.targets.stand_in.ci import CiVendor

CONFIG = """
[project]
name = "small"
[[suites.quality.notebooks]]
path = "one.ipynb"
produces = ["model.txt"]
[environments.production]
built-by = "ci"
"""


@dataclass
class Project:
    """A project with a git remote, and a CI system that sees what is pushed there."""

    folder: Path
    remote: Path
    server: StandIn
    kind: str

    @property
    def bench(self) -> Workbench:
        """The verbs, made anew."""
        return Workbench(self.folder)

    @property
    def vendor(self) -> CiVendor:
        """What stands behind the server."""
        return cast("CiVendor", self.server.vendor)

    @property
    def commit(self) -> str:
        """The commit that is checked out."""
        return git(self.folder, "rev-parse", "HEAD")

    def configure(self, more: str = "") -> None:
        """Write mlcd.toml with ``[ci]``, and ``more`` behind it, and commit that."""
        lines = CI[self.kind].replace("<url>", self.server.url)
        (self.folder / "mlcd.toml").write_text(f"{CONFIG}{lines}{more}")
        commit_all(self.folder, "Say where CI runs")

    def pushed(self) -> None:
        """Push what is checked out, as by hand, and let the system see it."""
        git(self.folder, "push", "--quiet", "--set-upstream", "origin", "main")
        self.see()

    def see(self) -> None:
        """Let the system see what the remote has."""
        listed = git(
            self.remote, "for-each-ref", "--format=%(refname:lstrip=2) %(objectname)", "refs/heads"
        )
        self.vendor.tips.update(
            {
                name: commit
                for name, _, commit in (line.partition(" ") for line in listed.splitlines())
            }
        )

    def started(self) -> CiRun:
        """Click, on what the preview shows."""
        return self.bench.start_ci(self.bench.preview_ci().digest)


@pytest.fixture(params=list(VENDORS))
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def project(kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Project]:
    """Return one for a system, with a key for it, and its first commit on the remote."""
    (tmp_path / ".gitconfig").write_text('[protocol "file"]\nallow = always\n')
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("XDG_CONFIG_HOME", raising=False)
    monkeypatch.setenv("JUPYTER_CONFIG_DIR", str(tmp_path))
    monkeypatch.setenv("OUR_KEY", SECRET)
    with standing(VENDORS[kind]()) as server:
        keys = tmp_path / "mlcd-credentials.toml"
        keys.write_text(f'["{server.url}"]\nuser = "ada"\nsecret = "env:OUR_KEY"\n')
        keys.chmod(0o600)
        remote = repository(tmp_path / "server.git", "--bare")
        folder = repository(tmp_path / "work")
        (folder / "one.ipynb").write_text(notebook("open('model.txt', 'w').write('model')"))
        git(folder, "remote", "add", "origin", str(remote))
        made = Project(folder, remote, server, kind)
        made.configure()
        made.pushed()
        yield made
        assert server.violations == []


def sent(project: Project) -> int:
    """Return how many requests were sent that start something."""
    return sum(one.method == "POST" for one in project.server.asked)


def test_it_is_started_once_and_followed_to_its_end(project: Project) -> None:
    run = project.started()
    assert (run.state, run.commit) == (CiState.RUNNING, project.commit)
    assert run.url.startswith("http")
    again = project.started()
    assert (again.state, sent(project)) == (CiState.RUNNING, 1)
    project.vendor.last.stage = 1
    assert project.bench.show_ci().state is CiState.RUNNING
    project.vendor.end()
    assert project.bench.show_ci().state is CiState.PASSED
    assert project.started().state is CiState.PASSED
    assert sent(project) == 1


def test_looking_before_asks_nobody_and_shows_the_plain_command(project: Project) -> None:
    preview = project.bench.preview_ci()
    assert project.server.asked == []
    assert preview.commits == ()
    assert any("Starts" in step and preview.commit[:7] in step for step in preview.steps)
    tool = {"github": "gh workflow run mlcd.yml --repo us/digits --ref main",
            "azure-devops": f"--branch main --commit-id {preview.commit}"}  # fmt: skip
    assert tool.get(project.kind, "curl -X POST") in " ".join(preview.commands)
    assert SECRET not in " ".join(preview.commands)


def test_a_run_that_somebody_else_started_is_shown(project: Project) -> None:
    project.vendor.push("main")
    project.vendor.last.stage = 1
    assert project.bench.show_ci().state is CiState.RUNNING
    assert project.started().state is CiState.RUNNING
    assert sent(project) == 0


def test_a_red_run_is_told_and_no_other_is_started(project: Project) -> None:
    project.started()
    project.vendor.end(RED[project.kind])
    run = project.started()
    assert (run.state, sent(project)) == (CiState.FAILED, 1)
    assert "CI failed" in run.words(run.since)


def test_a_commit_that_is_not_there_is_pushed_and_a_push_that_starts_it_is_enough(
    project: Project,
) -> None:
    project.configure('branch = "main"\n')
    preview = project.bench.preview_ci()
    assert preview.commits == (f"{project.commit[:7]} Say where CI runs",)
    assert preview.steps[0].startswith("Pushes 1 commit to **main** of **origin**, never forced")
    assert preview.commands == (f"git push origin {project.commit}:refs/heads/main",)
    run = project.bench.start_ci(preview.digest)
    assert run.state is CiState.EXPECTED
    assert git(project.remote, "rev-parse", "main") == project.commit
    assert git(project.remote, "for-each-ref", "--format=%(refname)") == "refs/heads/main"
    assert (project.started().state, sent(project)) == (CiState.EXPECTED, 0)
    project.see()
    project.vendor.push("main")
    project.vendor.last.stage = 1
    assert (project.bench.show_ci().state, sent(project)) == (CiState.RUNNING, 0)


def test_a_branch_that_starts_nothing_by_a_push_is_pushed_and_then_started(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    project.configure('branch = "release"\n')
    before = VENDORS[project.kind].begin

    def begin(vendor: CiVendor, *given: object) -> object:
        project.see()
        return before(vendor, project.commit, *given[1:])  # type: ignore[arg-type]

    monkeypatch.setattr(VENDORS[project.kind], "begin", begin)
    assert "evidence of **release** only" in project.bench.preview_ci().remarks[0]
    run = project.started()
    assert (run.state, sent(project)) == (CiState.RUNNING, 1)
    assert project.vendor.last.key == project.commit


def test_what_was_pushed_by_hand_a_moment_ago_is_not_started_beside_what_that_starts(
    project: Project,
) -> None:
    project.configure('branch = "main"\n')
    project.pushed()
    assert (project.started().state, sent(project)) == (CiState.EXPECTED, 0)
    seen = project.folder / ".git/refs/remotes/origin/main"
    long_ago = project.folder.stat().st_mtime - 3600
    os.utime(seen, (long_ago, long_ago))
    known = project.bench.read_ci()
    assert known is not None
    earlier = msgspec.structs.replace(known, pushed="2026-01-01T00:00:00Z")
    project.bench.desk().ci_runs.write(earlier)
    assert project.bench.show_ci().state is CiState.NONE
    assert (project.started().state, sent(project)) == (CiState.RUNNING, 1)


def test_what_is_no_longer_what_was_shown_is_not_done(project: Project) -> None:
    preview = project.bench.preview_ci()
    project.configure('branch = "main"\n')
    with pytest.raises(RefusedError, match="no longer what was shown"):
        project.bench.start_ci(preview.digest)
    assert project.server.asked == []


def test_commits_of_others_are_never_pushed_over(project: Project, tmp_path: Path) -> None:
    git(tmp_path, "clone", "--quiet", str(project.remote), "other")
    other = repository(tmp_path / "other")
    (other / "more.txt").write_text("more")
    theirs = commit_all(other, "Theirs")
    git(other, "push", "--quiet", "origin", "main")
    project.configure('branch = "main"\n')
    with pytest.raises(RefusedError, match="has commits that are not here"):
        project.started()
    assert git(project.remote, "rev-parse", "main") == theirs
    assert sent(project) == 0


def test_uncommitted_files_are_not_what_ci_would_test(project: Project) -> None:
    (project.folder / "one.ipynb").write_text(notebook("2"))
    with pytest.raises(RefusedError, match=r"one\.ipynb is not committed"):
        project.bench.preview_ci()


@pytest.mark.parametrize("fault", ["reset", "500"])
def test_an_answer_that_is_lost_is_looked_for_and_not_sent_again(
    project: Project, fault: str
) -> None:
    lies = Fault("reset", does=True) if fault == "reset" else Fault("", 500, does=True)
    project.server.fault = lies
    assert project.started().state is CiState.RUNNING
    project.server.fault = None
    assert (project.started().state, sent(project)) == (CiState.RUNNING, 1)


def test_what_may_have_been_started_is_not_started_again(project: Project) -> None:
    project.server.fault = Fault("reset")
    run = project.started()
    assert run.state is CiState.UNKNOWN
    project.server.fault = None
    assert (project.started().state, sent(project)) == (CiState.UNKNOWN, 1)
    assert project.bench.show_ci().state is CiState.UNKNOWN


def test_a_server_that_hangs_is_not_waited_for_for_ever(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("jupyter_mlcd.world.http._SECONDS", 0.3)
    project.server.fault = Fault("hang", does=True)
    assert project.started().state is CiState.RUNNING
    assert sent(project) == 1


@pytest.mark.parametrize("status", [401, 404, 422])
def test_a_refusal_starts_nothing_and_says_why(project: Project, status: int) -> None:
    project.server.fault = Fault("", status)
    with pytest.raises(HubError, match="Nothing was started"):
        project.started()
    project.server.fault = None
    assert project.bench.read_ci().state is CiState.NONE  # type: ignore[union-attr]
    assert project.started().state is CiState.RUNNING


def test_a_key_that_is_refused_starts_nothing(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OUR_KEY", "wrong")
    with pytest.raises(WorldError, match="says no"):
        project.started()
    assert sent(project) == 0


def test_a_key_that_is_refused_later_takes_away_nothing_that_is_known(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    project.started()
    with monkeypatch.context() as patched:
        patched.setenv("OUR_KEY", "wrong")
        with pytest.raises(WorldError, match="says no"):
            project.started()
        assert project.bench.show_ci().state is CiState.RUNNING
    assert (project.bench.show_ci().state, sent(project)) == (CiState.RUNNING, 1)


def test_a_run_of_a_branch_of_which_no_evidence_is_kept_says_where_it_would_be(
    project: Project,
) -> None:
    project.configure('branch = "release"\n')
    git(project.folder, "push", "--quiet")
    project.see()
    project.started()
    project.vendor.end()
    run = project.bench.show_ci()
    assert (run.state, run.evidence) == (CiState.PASSED, False)
    assert "it keeps that of release only" in run.words(run.since)


def test_doctor_asks_for_key_and_pipeline_and_starts_nothing(project: Project) -> None:
    found = project.bench.doctor("production")
    told = {one.name: one for one in found.checks if one.name.startswith("ci")}
    assert all(one.ok for one in told.values()), told
    assert len(told) > 2
    assert sent(project) == 0


def test_the_command_line_asks_and_follows_to_the_end(project: Project) -> None:
    refused = mlcd(project.folder, "ci", "start")
    assert (refused.code, sent(project)) == (2, 0)
    assert "has to be confirmed" in refused.said
    begun = mlcd(project.folder, "ci", "start", "--yes")
    assert (begun.code, sent(project)) == (0, 1), begun.said
    assert "CI is running" in begun.out
    project.vendor.end(RED[project.kind])
    ended = mlcd(project.folder, "ci", "status", "--json")
    assert (ended.code, '"state": "failed"' in ended.out) == (1, True), ended.said


# -------------------------------------------------------------------------- of one system alone


@pytest.mark.parametrize("kind", ["github"], indirect=True)
def test_a_workflow_without_its_trigger_says_so(project: Project) -> None:
    assert isinstance(project.vendor, GitHubTests)
    project.vendor.dispatchable = False
    with pytest.raises(HubError, match="does not have 'workflow_dispatch' trigger"):
        project.started()


@pytest.mark.parametrize("kind", ["github"], indirect=True)
def test_a_workflow_that_is_not_there_says_where_its_name_stands(project: Project) -> None:
    project.configure('workflow = "tests.yml"\n')
    git(project.folder, "push", "--quiet")
    with pytest.raises(HubError) as refused:
        project.started()
    assert "Look at workflow in [ci] of mlcd.toml" in refused.value.hint


@pytest.mark.parametrize("kind", ["github", "gitlab", "jenkins"], indirect=True)
def test_a_branch_that_has_gone_on_is_not_tested_in_place_of_the_commit(project: Project) -> None:
    git(project.folder, "commit", "--quiet", "--allow-empty", "--message=Later")
    git(project.folder, "push", "--quiet")
    git(project.folder, "reset", "--quiet", "--hard", "HEAD~1")
    with pytest.raises(RefusedError, match="runs the last commit"):
        project.started()
    assert sent(project) == 0


@pytest.mark.parametrize("kind", ["jenkins"], indirect=True)
def test_a_branch_that_jenkins_has_not_seen_is_said_so(project: Project) -> None:
    assert isinstance(project.vendor, JenkinsTests)
    project.vendor.seen = ()
    with pytest.raises(HubError, match="has not seen the branch main yet"):
        project.started()


@pytest.mark.parametrize("kind", ["jenkins"], indirect=True)
def test_a_job_with_parameters_is_built_with_their_defaults(project: Project) -> None:
    assert isinstance(project.vendor, JenkinsTests)
    project.vendor.defined = ("DEPTH",)
    assert project.started().state is CiState.RUNNING


@pytest.mark.parametrize("kind", ["github"], indirect=True)
def test_without_a_table_it_is_said_how_to_get_one(project: Project) -> None:
    (project.folder / "mlcd.toml").write_text(CONFIG)
    commit_all(project.folder, "Forget CI")
    with pytest.raises(ConfigError, match="does not say which pipeline"):
        project.bench.preview_ci()


@pytest.mark.parametrize("kind", ["github"], indirect=True)
def test_a_table_that_the_policy_branch_lacks_says_where_it_is_missing(project: Project) -> None:
    config = project.folder / "mlcd.toml"
    with_policy = config.read_text().replace("[project]\n", '[project]\npolicy = "origin/main"\n')
    config.write_text(CONFIG)
    commit_all(project.folder, "Forget CI")
    project.pushed()
    config.write_text(with_policy)
    commit_all(project.folder, "Say where CI runs")
    with pytest.raises(ConfigError, match="not in that of origin/main"):
        project.bench.preview_ci()


@pytest.mark.parametrize("kind", ["github"], indirect=True)
def test_ci_is_offered_also_where_nothing_was_run_here(project: Project) -> None:
    reasons = {one.code: one for one in project.bench.preview("production").reasons}
    assert set(reasons) == {"not-tested", "not-built-by"}
    assert reasons["not-built-by"].text == "tests run by CI: start the CI run of this commit"
    assert reasons["not-built-by"].way_out is WayOut.START_CI
    project.started()
    (running,) = [one for one in project.bench.preview("production").reasons if one.busy]
    assert (running.way_out, running.url[:8]) == (WayOut.SEE_CI, "https://")


@pytest.mark.parametrize("kind", ["github"], indirect=True)
def test_what_was_done_is_shown_as_plain_commands(project: Project) -> None:
    project.configure('branch = "release"\n')
    before = VENDORS["github"].begin

    def begin(vendor: CiVendor, *given: object) -> object:
        return before(vendor, project.commit, *given[1:])  # type: ignore[arg-type]

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(VENDORS["github"], "begin", begin)
        project.started()
    assert project.bench.ci_in_commands(project.commit).commands == (
        f"git push origin {project.commit}:refs/heads/main",
        "gh workflow run mlcd.yml --repo us/digits --ref main",
    )
