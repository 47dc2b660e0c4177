from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from jupyter_mlcd.model.errors import NotFoundError, RefusedError
from jupyter_mlcd.model.pipelines import CiSystem, FileState
from jupyter_mlcd.workbench import Workbench
from tests.journeys.projects import git, mlcd, repository
from tests.pipelines.projects import SHAPES, config, shaped

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return shaped(tmp_path, CiSystem.GITHUB, "one")


def states(folder: Path, system: CiSystem = CiSystem.GITHUB) -> dict[str, FileState]:
    return {one.path: one.state for one in Workbench(folder).propose_pipelines(system).files}


def text_of(folder: Path, system: CiSystem, place: int = 0) -> str:
    return Workbench(folder).propose_pipelines(system).files[place].text


def test_what_is_not_there_is_written_and_is_the_same_then(folder: Path) -> None:
    assert set(states(folder).values()) == {FileState.NEW}
    ended = mlcd(folder, "init", "--ci", "github")
    assert ended.code == 0, ended.said
    assert "Wrote .github/workflows/mlcd.yml." in ended.out
    assert set(states(folder).values()) == {FileState.SAME}
    assert "is there already, the same" in mlcd(folder, "init", "--ci", "github").out


def test_a_file_that_differs_stays_and_what_would_be_written_is_shown(folder: Path) -> None:
    own = folder / ".github/workflows/deliver.yml"
    own.parent.mkdir(parents=True)
    own.write_text("name: ours\n")
    ended = mlcd(folder, "init", "--ci", "github")
    assert ended.code == RefusedError.exit_code
    assert own.read_text() == "name: ours\n"
    assert "deliver.yml is there already and differs: it stays as it is" in ended.err
    assert "evidence verify" in ended.out
    assert (folder / ".github/workflows/mlcd.yml").is_file()


def test_where_the_tests_run_is_added_to_mlcd_toml_once(folder: Path) -> None:
    before = (folder / "mlcd.toml").read_text()
    ended = mlcd(folder, "init", "--ci", "github", "--commit")
    assert "Added [ci] to mlcd.toml" in ended.out, ended.said
    text = (folder / "mlcd.toml").read_text()
    lines = '[ci]\nkind = "github"\nworkflow = "mlcd.yml"\nbranch = "main"\n'
    assert text == f"{before.rstrip()}\n\n{lines}"
    assert "mlcd.toml" in git(folder, "show", "--name-only", "HEAD")
    assert "[ci]" not in mlcd(folder, "init", "--ci", "github").out
    assert (folder / "mlcd.toml").read_text() == text


@pytest.mark.parametrize("system", [CiSystem.AZURE, CiSystem.JENKINS])
def test_what_only_a_person_knows_is_said_and_not_written(tmp_path: Path, system: CiSystem) -> None:
    place = shaped(tmp_path, system, "one")
    before = (place / "mlcd.toml").read_text()
    ended = mlcd(place, "init", "--ci", system.value)
    assert "add this to mlcd.toml, with what is yours" in ended.out
    assert 'branch = "main"\n' in ended.out
    assert (place / "mlcd.toml").read_text() == before


def test_a_link_is_not_written_through(folder: Path, tmp_path: Path) -> None:
    (folder / "Jenkinsfile").symlink_to(tmp_path / "elsewhere")
    assert states(folder, CiSystem.JENKINS)["Jenkinsfile"] is FileState.DIFFERS
    Workbench(folder).write_pipelines(CiSystem.JENKINS)
    assert not (tmp_path / "elsewhere").exists()


def test_showing_them_writes_nothing(folder: Path) -> None:
    shown = mlcd(folder, "init", "--ci", "gitlab", "--print")
    assert (shown.code, git(folder, "status", "--porcelain")) == (0, "")
    assert "--- .gitlab-ci.yml\n" in shown.out
    assert mlcd(folder, "init", "--print").code == 2


def test_without_mlcd_toml_that_is_written_first(tmp_path: Path) -> None:
    folder = repository(tmp_path)
    shaped(folder, CiSystem.AZURE, "one")
    (folder / "mlcd.toml").unlink()
    ended = mlcd(folder, "init", "--ci", "azure", "--commit")
    assert ended.code == 0, ended.said
    committed = git(folder, "ls-tree", "--name-only", "HEAD").split()
    assert {"mlcd.toml", "azure-pipelines.yml", "azure-pipelines-deliver.yml"} <= set(committed)


def test_without_a_suite_there_is_nothing_to_run(tmp_path: Path) -> None:
    with pytest.raises(NotFoundError, match="no suite"):
        Workbench(repository(tmp_path)).propose_pipelines(CiSystem.GITHUB)


@pytest.mark.parametrize("system", CiSystem)
def test_every_suite_is_run_and_every_environment_of_that_kind_is_named(
    tmp_path: Path, system: CiSystem
) -> None:
    place = shaped(tmp_path, system, "more of everything")
    texts = [one.text for one in Workbench(place).propose_pipelines(system).files]
    together = "".join(texts)
    assert "for suite in quality smoke; do" in together
    if system in {CiSystem.GITHUB, CiSystem.AZURE}:
        assert '- "staging"\n' in together
        assert "region" in texts[-1]


def test_several_projects_of_one_repository_do_not_share_a_file(tmp_path: Path) -> None:
    place = shaped(tmp_path, CiSystem.GITLAB, "one of several")
    other = place.parent / "other"
    for system in CiSystem:
        mine = set(states(place, system))
        theirs = set(states(other, system))
        assert mine & theirs <= {".gitlab-ci.yml", ".github/workflows/deliver.yml"}
    text = text_of(place, CiSystem.GITLAB, 1)
    assert "$MLCD_TAG =~ /^digits\\/v/" in text
    assert "requirements.txt" in text


def test_the_branch_is_that_of_the_rules(folder: Path) -> None:
    own = folder / "mlcd.toml"
    own.write_text(config(CiSystem.GITHUB).replace("origin/main", "origin/release/models"))
    assert 'branches: ["release/models"]' in text_of(folder, CiSystem.GITHUB)
    own.write_text(config(CiSystem.GITHUB).replace('policy = "origin/main"\n', ""))
    assert 'branches: ["main"]' in text_of(folder, CiSystem.GITHUB)


def test_python_is_the_one_that_the_project_names(folder: Path) -> None:
    (folder / ".python-version").write_text("3.13.2\n")
    assert 'python-version: "3.13"' in text_of(folder, CiSystem.GITHUB)
    (folder / ".python-version").write_text("3.9\n")
    assert '"3.9"' not in text_of(folder, CiSystem.GITHUB)


def test_a_name_that_a_shell_could_read_is_refused(tmp_path: Path) -> None:
    place = shaped(tmp_path, CiSystem.GITHUB, "one")
    odd = place / "a $(b) c"
    odd.mkdir()
    (place / "mlcd.toml").rename(odd / "mlcd.toml")
    with pytest.raises(RefusedError, match="cannot be written into a pipeline"):
        Workbench(odd).propose_pipelines(CiSystem.GITHUB)


def test_an_event_of_github_is_listened_to(folder: Path) -> None:
    own = folder / "mlcd.toml"
    sent = 'event = "deliver-{environment}"'
    own.write_text(config(CiSystem.GITHUB).replace('workflow = "deliver.yml"', sent))
    text = text_of(folder, CiSystem.GITHUB, 1)
    assert 'types: ["deliver-staging", "deliver-production"]' in text
    assert "workflow_dispatch" not in text


@pytest.mark.parametrize("shape", SHAPES)
def test_what_is_left_to_a_person_is_said(tmp_path: Path, shape: str) -> None:
    place = shaped(tmp_path, CiSystem.GITHUB, shape)
    remarks = " ".join(Workbench(place).propose_pipelines(CiSystem.GITHUB).remarks)
    assert ("is reached this way" in remarks) is (shape == "without a target")
    assert ("no requirements.txt" in remarks) is (shape != "one of several")
