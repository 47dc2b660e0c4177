from __future__ import annotations

import zipfile
from typing import TYPE_CHECKING

import pytest

import jupyter_mlcd
from jupyter_mlcd.model.errors import GitError, NotFoundError, RefusedError, UsageError
from jupyter_mlcd.model.result import State, Verdict
from jupyter_mlcd.project_api import OpenProject, open_project
from tests.journeys.projects import commit_all, git, notebook, repository

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def project(small: Path) -> OpenProject:
    return jupyter_mlcd.open_project(small)


def test_a_day_in_python_from_a_run_to_live(small: Path, project: OpenProject) -> None:
    run = project.run("quality").wait(progress=False)
    assert run.verdict is Verdict.PASSED

    # Read it: by the end of its id, as people copy it.
    short = run.id[-8:]
    assert project.show_run(short).id == run.id
    assert project.show_notebook(short, 0).lower().startswith(b"<!doctype html")
    assert b'"cells"' in project.executed_notebook(short, 0)
    assert b"quality" in project.report(short)
    assert project.show_output(short, 0, 0, 0) == b"5"
    assert isinstance(project.show_log(short).text, str)

    # Keep it, prove it, hand it out.
    assert project.keep(short).id == run.id
    assert [one.id for one in project.evidence()] == [run.id]
    assert project.show_evidence(short).run.id == run.id
    assert project.verify(short).ok
    assert project.compare(short).against is None
    assert project.show_scores(short).suite == "quality"
    folder = project.export(short, small.parent / "evidence")
    assert (folder / "manifest.json").is_file()
    archive = project.export(short, small.parent / "evidence.zip")
    assert "manifest.json" in zipfile.ZipFile(archive).namelist()
    with pytest.raises(FileExistsError):
        project.export(short, small.parent / "evidence.zip")

    # Deliver it, by hand.
    prepared = project.deliver()
    assert prepared.ready
    assert prepared.preview.environment == project.next_environment() == "production"
    assert "not sent" in repr(prepared)
    assert prepared.steps
    with pytest.raises(UsageError, match="not the version"):
        prepared.confirm("9.9.9")
    delivery = prepared.confirm(prepared.preview.version)
    assert project.show_delivery(delivery.key).state == "delivered"
    assert (small / "releases/production/current/model.txt").read_text() == "model"

    # What all that did, as a person would have typed it.
    assert project.run_in_commands(short)
    assert project.keep_in_commands(short)
    assert project.delivery_in_commands(delivery.key)


def test_a_delivery_with_something_in_the_way_says_what(project: OpenProject) -> None:
    prepared = project.deliver("production")
    assert not prepared.ready
    assert prepared.reasons
    assert "not possible now" in repr(prepared)


def test_a_run_goes_on_by_itself_and_is_cancelled(small: Path, project: OpenProject) -> None:
    (small / "one.ipynb").write_text(notebook("import time; time.sleep(600)"))
    run = project.run()
    assert run.state is not State.ENDED
    assert run.verdict is None
    run.cancel()
    assert run.wait(progress=False).verdict is Verdict.CANCELLED
    assert "cancelled" in repr(run)
    assert project.cancel(run.id).verdict is Verdict.CANCELLED


def test_changes_are_seen_and_committed(small: Path, project: OpenProject) -> None:
    (small / "one.ipynb").write_text(notebook("open('model.txt', 'w').write('other')"))
    assert [one.path for one in project.changes().files] == ["one.ipynb"]
    assert project.commit("Write another model").files == ("one.ipynb",)
    assert git(small, "log", "-1", "--format=%s") == "Write another model"


def test_results_become_the_expected_ones(small: Path, project: OpenProject) -> None:
    (small / "one.ipynb").write_text(notebook("open('model.txt', 'w').write('x'); print(7)"))
    commit_all(small)
    run = project.run().wait(progress=False)
    accepted = project.accept(run.id, "the first ones", everything=True)
    assert accepted.commit == git(small, "rev-parse", "HEAD")


def test_a_notebook_says_what_it_can_be_given_and_runs_with_it(
    small: Path, project: OpenProject
) -> None:
    (small / "one.ipynb").write_text(notebook("parameters|C = 1.0", "print(C)"))
    form = project.describe_parameters("one.ipynb")
    assert form.schema["properties"]["C"]["default"] == 1.0
    run = project.run(notebook="one.ipynb", parameters={"C": 2.5}).wait(progress=False)
    assert run.cases[0].parameters == {"C": 2.5}


def test_a_project_is_set_up(tmp_path: Path) -> None:
    folder = repository(tmp_path / "new")
    (folder / "train.ipynb").write_text(notebook("1"))
    project = open_project(folder)
    assert project.status().problem is not None
    proposal = project.propose_set_up()
    assert [one.path for one in proposal.notebooks] == ["train.ipynb"]
    assert "train.ipynb" in project.preview_set_up(proposal.choices).text
    project.set_up()
    assert project.status().problem is None
    assert "train.ipynb" in (folder / "mlcd.toml").read_text()
    with pytest.raises(RefusedError):
        project.set_up()


def test_the_health_of_a_machine_is_told(project: OpenProject) -> None:
    assert project.doctor().checks


def test_what_is_not_there_is_said(project: OpenProject) -> None:
    with pytest.raises(NotFoundError):
        project.show_run("nothing")
    with pytest.raises(NotFoundError):
        project.show_delivery("nothing")


def test_outside_of_a_repository_is_an_error_that_says_so(tmp_path: Path) -> None:
    with pytest.raises(GitError, match="git repository"):
        open_project(tmp_path)


def test_a_project_says_where_it_is(small: Path, project: OpenProject) -> None:
    assert (project.name, project.folder) == ("small", small)
    assert str(small) in repr(project)
