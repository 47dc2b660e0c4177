from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from jupyter_mlcd import open_project
from jupyter_mlcd.model.errors import MlcdError, RefusedError, UsageError
from jupyter_mlcd.server.routes import ROUTES
from jupyter_mlcd.widgets.answers import ANSWERS, HERE, answer
from jupyter_mlcd.workbench import Workbench
from tests.journeys.projects import delivering_project, git

if TYPE_CHECKING:
    from pathlib import Path

NOT_FROM_A_KERNEL = {
    "accept": "changes files and commits them",
    "commit": "commits",
    "deliver": "delivers",
    "show_secrets": "comes with what confirms it; `find_secrets` is this in a kernel",
    "allow_secret": "speaks for a person",
    "preview_erasure": "comes with what confirms it",
    "erase": "cannot be undone",
    "preview_pruning": "comes with what confirms it",
    "prune": "removes files",
    "set_up": "writes mlcd.toml and commits it",
    "propose_set_up": "first start is a page of the panel",
    "preview_set_up": "the same",
    "preview_ci": "comes with what confirms it",
    "start_ci": "pushes, and speaks with a person's key",
    "show_ci": "speaks with a person's key",
    "rehearse": "speaks with a person's key",
    "roll_back": "delivers what was live before",
    "preview_roll_back": "rolling back is a page of the panel",
    "go_on": "delivers",
    "cancel_delivery": "ends what a person confirmed",
    "close_delivery": "the same",
    "hold": "speaks for a person",
    "lift": "the same",
    "start_check": "can roll back",
    "show_watch": "comes with what confirms it",
    "start_watching": "delivers",
    "stop_watching": "speaks for a person",
    "ask_review": "speaks for a person",
    "preview_review": "asking is a page of the panel",
    "comment": "the same",
    "reject": "the same",
    "take_back": "the same",
    "approve": "signs with a person's key",
    "waive": "the same",
    "share": "pushes",
    "tell_review": "speaks for a person",
    "collect_approvals": "speaks with a person's key",
}
"""Verbs of routes that a widget does not answer, and why."""


def test_every_verb_of_the_server_is_answered_or_refused_for_a_reason() -> None:
    answered = {one.verb for one in ANSWERS}
    routes = {route.verb for route in ROUTES}
    assert routes - answered - NOT_FROM_A_KERNEL.keys() == {"show_delivery"}  # takes up
    assert answered & NOT_FROM_A_KERNEL.keys() == set()
    assert answered - routes == {"read_delivery"}


@pytest.mark.parametrize("one", ANSWERS, ids=lambda one: one.verb)
def test_answers_stand_at_the_paths_of_the_routes(one: object) -> None:
    places = {(route.method, route.path.removeprefix("/mlcd/")) for route in ROUTES}
    assert (one.method, one.path) in places  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("path", "body"),
    [
        (
            "deliveries",
            {"environment": "production", "version": "0.1.0", "digest": "", "nonce": ""},
        ),
        ("commits", {"paths": [], "message": "hello"}),
        ("runs/1/accept", {"why": "because"}),
        ("set-up", {}),
        ("../../../deliveries", {}),
        ("deliveries/", {}),
        ("projects/here/deliveries", {}),
    ],
)
def test_what_changes_her_branch_or_delivers_is_refused(
    tmp_path: Path, path: str, body: object
) -> None:
    folder = delivering_project(tmp_path / "small")
    before = git(folder, "rev-parse", "HEAD")
    with pytest.raises(RefusedError) as raised:
        answer(Workbench(folder), f"projects/{HERE}/{path}", body)
    assert raised.value.code == "not-from-a-kernel"
    assert "jupyter mlcd" in raised.value.hint
    assert git(folder, "rev-parse", "HEAD") == before
    assert git(folder, "for-each-ref", "refs/tags") == ""


def test_a_delivery_that_was_interrupted_is_read_and_not_taken_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = delivering_project(tmp_path / "small")
    project = open_project(folder)
    project.run().wait(progress=False)
    bench = project.workbench
    with monkeypatch.context() as patch:
        # As if the process had ended between the request and what the target is asked.
        def stop(_: str) -> None:
            raise KeyboardInterrupt

        patch.setattr("jupyter_mlcd.actions.deliver._dispatch", lambda *_: stop(""))
        with pytest.raises(KeyboardInterrupt):
            bench.deliver("production", digest=project.preview("production").digest)
    (environment,) = bench.status().environments
    assert environment.delivery is not None
    path = f"projects/{HERE}/deliveries/{environment.delivery.key}"
    said = answer(bench, path, None).value
    assert isinstance(said, dict)
    assert said["state"] == "requested"
    assert not (folder / "releases" / "production").exists()


def test_a_run_is_started_read_and_kept(tmp_path: Path) -> None:
    folder = delivering_project(tmp_path / "small")
    bench = Workbench(folder)
    run = answer(bench, f"projects/{HERE}/runs", {"suite": "quality"}).value
    assert isinstance(run, dict)
    open_project(folder).show_run(run["id"]).wait(progress=False)
    path = f"projects/{HERE}/runs/{run['id']}"
    page = answer(bench, f"{path}/notebooks/0", None)
    assert (page.value, (page.content or b"")[:9].lower()) == ("text/html", b"<!doctype")
    answer(bench, f"{path}/keep", {})
    listed = answer(bench, f"projects/{HERE}/evidence", None).value
    assert isinstance(listed, dict)
    assert [one["id"] for one in listed["evidence"]] == [run["id"]]
    changes = answer(bench, f"projects/{HERE}/evidence/{run['id']}/changes?against=", None).value
    assert isinstance(changes, dict)


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("runs", {"suite": "quality", "jobs": 3}),
        ("runs", {"suite": "quality", "notebook": "one.ipynb"}),
        ("runs", [1]),
        ("runs/1/notebooks/x", None),
        ("runs/1/notebooks/²", None),
    ],
)
def test_questions_that_make_no_sense_are_wrong_use(
    tmp_path: Path, path: str, body: object
) -> None:
    folder = delivering_project(tmp_path / "small")
    with pytest.raises(UsageError):
        answer(Workbench(folder), f"projects/{HERE}/{path}", body)


@pytest.mark.parametrize(
    "path", ["", "projects", "projects/here/runs/..%2f..%2fx", "\x00", "a" * 9000]
)
def test_paths_that_lead_nowhere_are_refused(tmp_path: Path, path: str) -> None:
    folder = delivering_project(tmp_path / "small")
    with pytest.raises(MlcdError):
        answer(Workbench(folder), path, None)
