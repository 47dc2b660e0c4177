from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import msgspec
import pytest

from jupyter_mlcd.actions.accept import accept, references_changed
from jupyter_mlcd.actions.deliver import deliver
from jupyter_mlcd.actions.preview_delivery import preview_delivery
from jupyter_mlcd.actions.run_suite import run_suite
from jupyter_mlcd.model.acceptance import Accepted, AcceptRequest
from jupyter_mlcd.model.errors import (
    GitError,
    MlcdError,
    NotFoundError,
    RefusedError,
    UsageError,
    WorldError,
)
from jupyter_mlcd.model.reference import Reference, parse_reference
from jupyter_mlcd.model.result import CellResult, Verdict
from jupyter_mlcd.model.run import Change, RunRequest
from jupyter_mlcd.testing import SOMEBODY, FakeDesk
from tests.actions.days import quality_ran

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from jupyter_mlcd.model.run import Run

CONFIG = """
[project]
name = "digits"
[suites.quality]
[[suites.quality.notebooks]]
path = "train.ipynb"
matrix = { seed = [1, 2] }
"""
ONE, TWO = "train.ipynb[seed=1]", "train.ipynb[seed=2]"
FIRST, SECOND = "expected/train@seed=1.json", "expected/train@seed=2.json"
DIFFERS = CellResult(1, "", Verdict.FAILED, "stdout differs", compared=True)
FINE = CellResult(1, "", Verdict.PASSED)


def code(source: str, *texts: str, tag: str = "") -> dict[str, Any]:
    return {
        "cell_type": "code",
        "id": f"id-{source[:9]}",
        "metadata": {"tags": [tag]} if tag else {},
        "outputs": [{"output_type": "stream", "name": "stdout", "text": one} for one in texts],
        "source": source,
    }


def notebook(*cells: dict[str, Any]) -> str:
    text = {"cell_type": "markdown", "metadata": {}, "source": "# Title"}
    return json.dumps({"cells": [text, *cells], "metadata": {}, "nbformat": 4})


SOURCE = (code("seed = 0", tag="parameters"), code("print(seed)", "old\n"), code("print(2)"))
EXECUTED = (
    SOURCE[0],
    code("# Parameters\nseed = 1", tag="injected-parameters"),
    code("print(seed)", "new\n"),
    code("print(2)", "two\n"),
)


@pytest.fixture
def made(tmp_path: Path) -> FakeDesk:
    (tmp_path / "train.ipynb").write_text(notebook(*SOURCE))
    return FakeDesk(tmp_path, CONFIG)


def ran(
    made: FakeDesk,
    *cells: CellResult,
    executed: Sequence[dict[str, Any]] = EXECUTED,
) -> Run:
    """Run both cases to an end in which their three cells came to this."""
    started = run_suite(made.desk, RunRequest("quality"))
    run = made.runner.end(started.id, outputs=notebook(*executed))
    replace = msgspec.structs.replace
    cases = tuple(replace(case, cells=cells or (FINE, DIFFERS, FINE)) for case in run.cases)
    made.runner.ended[run.id] = replace(run, cases=cases)
    return made.runner.ended[run.id]


def reference(made: FakeDesk, path: str = FIRST) -> Reference:
    return parse_reference((made.folder / path).read_bytes(), path)


def texts(made: FakeDesk, path: str = FIRST) -> dict[int, list[str]]:
    """Return what is expected of the cells by their numbers; nothing of silent ones."""
    cells = reference(made, path).cells
    return {one.number: one.outputs[0]["text"] for one in cells if one.outputs}


def accepted(made: FakeDesk, run: Run, **given: Any) -> Accepted:
    return accept(made.desk, run.id, AcceptRequest(**{"why": "better features", **given}))


def test_the_cells_that_differ_are_expected_from_now_on_in_every_case(made: FakeDesk) -> None:
    found = accepted(made, ran(made))
    assert [(one.case, one.cell) for one in found.cells] == [(ONE, 2), (TWO, 2)]
    assert texts(made, FIRST) == texts(made, SECOND) == {2: ["new\n"]}


def test_the_file_says_who_accepted_what_when_and_why(made: FakeDesk) -> None:
    run = ran(made)
    accepted(made, run)
    said = reference(made).cells[0].accepted
    assert (said.by, said.why, said.run) == (SOMEBODY, "better features", run.id)
    assert said.at > run.started


def test_exactly_the_files_are_committed_with_reason_and_run(made: FakeDesk) -> None:
    run = ran(made)
    accepted(made, run, case=ONE)
    ((paths, message),) = made.worktree.committed
    assert paths == (FIRST,)
    subject, _, rest = message.partition("\n")
    assert subject == "Accept new expected result of train.ipynb[seed=1], cell 2"
    assert rest == f"\nbetter features\n\n{ONE}: cell 2\n\nRun: {run.id}\n"


def test_a_notebook_stands_for_all_of_its_cases(made: FakeDesk) -> None:
    assert accepted(made, ran(made), case="train.ipynb").files == (FIRST, SECOND)


def test_one_cell_can_be_accepted_alone_also_one_that_was_not_compared(made: FakeDesk) -> None:
    accepted(made, ran(made), case=ONE, cell=3)
    assert texts(made) == {3: ["two\n"]}


def test_one_cell_can_be_told_by_its_position_as_the_run_tells_it(made: FakeDesk) -> None:
    at = [msgspec.structs.replace(FINE, index=index) for index in (1, 2, 4)]
    accepted(made, ran(made, *at), case=ONE, position=4)
    assert texts(made) == {3: ["two\n"]}
    with pytest.raises(RefusedError, match="this cell has no result"):
        accepted(made, ran(made, *at), position=3)


def test_everything_takes_what_ran_to_its_end(made: FakeDesk) -> None:
    accepted(made, ran(made), everything=True)
    assert [one.number for one in reference(made).cells] == [1, 2, 3]


def test_an_accepted_cell_stays_when_another_one_is_accepted(made: FakeDesk) -> None:
    run = ran(made)
    accepted(made, run, cell=3)
    accepted(made, run, cell=2)
    assert texts(made) == {2: ["new\n"], 3: ["two\n"]}


@pytest.mark.parametrize(
    "verdict", [Verdict.ERROR, Verdict.TIMEOUT, Verdict.NOT_RUN, Verdict.KILLED, Verdict.SKIPPED]
)
@pytest.mark.parametrize("wish", [{}, {"cell": 2}, {"everything": True}])
def test_what_did_not_run_to_its_end_is_never_accepted(
    made: FakeDesk, verdict: Verdict, wish: dict[str, Any]
) -> None:
    bad = CellResult(1, "", verdict, compared=True)
    with pytest.raises(RefusedError) as caught:
        accepted(made, ran(made, bad, bad, bad), **wish)
    assert caught.value.code == "nothing-to-accept"
    assert not (made.folder / "expected").exists()


def test_a_cell_that_failed_without_being_compared_is_not_accepted(made: FakeDesk) -> None:
    bad = CellResult(1, "", Verdict.FAILED, "it should have raised")
    with pytest.raises(RefusedError):
        accepted(made, ran(made, FINE, bad, FINE), cell=2)


def test_a_cell_that_is_marked_to_be_ignored_is_refused_and_else_left_out(made: FakeDesk) -> None:
    mark = code("# NBVAL_IGNORE_OUTPUT\nseed", "one\n")
    (made.folder / "train.ipynb").write_text(notebook(SOURCE[0], mark))
    run = ran(made, FINE, FINE, executed=(SOURCE[0], mark))
    with pytest.raises(RefusedError, match="marked not to be compared"):
        accepted(made, run, cell=2)
    accepted(made, run, everything=True)
    assert [one.number for one in reference(made).cells] == [1]


def test_the_same_again_changes_nothing(made: FakeDesk) -> None:
    run = ran(made)
    accepted(made, run)
    before = (made.folder / FIRST).read_bytes()
    again = accepted(made, run, why="another reason")
    assert (again.files, again.commit, again.cells) == ((), "", ())
    assert (made.folder / FIRST).read_bytes() == before
    assert len(made.worktree.committed) == 1


def test_what_passed_its_comparison_is_not_written_anew(made: FakeDesk) -> None:
    accepted(made, ran(made))
    passed = CellResult(1, "", Verdict.PASSED, compared=True)
    other = (*EXECUTED[:2], code("print(seed)", "new at 12:01\n"), EXECUTED[3])
    assert accepted(made, ran(made, passed, passed, passed, executed=other), cell=2).files == ()


def test_a_file_that_was_written_and_not_committed_is_committed(made: FakeDesk) -> None:
    run = ran(made)
    accepted(made, run, case=ONE)
    made.worktree.state = msgspec.structs.replace(made.worktree.state, untracked=(FIRST,))
    assert accepted(made, run, case=ONE).files == (FIRST,)


def test_a_cell_that_is_gone_is_dropped(made: FakeDesk) -> None:
    accepted(made, ran(made), everything=True)
    (made.folder / "train.ipynb").write_text(notebook(*SOURCE[:2]))
    run = ran(made, FINE, DIFFERS, executed=(*EXECUTED[:2], code("print(seed)", "newer\n")))
    accepted(made, run)
    assert texts(made) == {2: ["newer\n"]}
    assert [one.number for one in reference(made).cells] == [1, 2]


@pytest.mark.parametrize("why", ["", " \n", "x" * 2001])
def test_a_reason_is_needed(made: FakeDesk, why: str) -> None:
    with pytest.raises(UsageError):
        accepted(made, ran(made), why=why)


def test_a_run_that_goes_on_is_refused(made: FakeDesk) -> None:
    started = run_suite(made.desk, RunRequest("quality"))
    with pytest.raises(RefusedError, match="has no results"):
        accepted(made, started)


def test_a_case_that_is_not_there_is_named_with_those_that_are(made: FakeDesk) -> None:
    with pytest.raises(NotFoundError) as caught:
        accepted(made, ran(made), case="train.ipynb[seed=3]")
    assert ONE in caught.value.hint


def test_code_that_changed_since_the_run_is_refused(made: FakeDesk) -> None:
    run = ran(made)
    (made.folder / "train.ipynb").write_text(notebook(code("seed = 9"), *SOURCE[1:]))
    with pytest.raises(RefusedError, match=r"train\.ipynb changed since this run"):
        accepted(made, run)


def test_texts_and_saved_outputs_may_have_changed_since_the_run(made: FakeDesk) -> None:
    run = ran(made)
    text = {"cell_type": "markdown", "metadata": {}, "source": "More words"}
    stripped = [{**one, "outputs": []} for one in SOURCE]
    (made.folder / "train.ipynb").write_text(notebook(text, *stripped))
    accepted(made, run)
    assert texts(made) == {2: ["new\n"]}


def test_a_secret_is_never_written(made: FakeDesk) -> None:
    leaking = (*EXECUTED[:2], code("print(seed)", "hunter2\n"), EXECUTED[3])
    with pytest.raises(RefusedError) as caught:
        accepted(made, ran(made, executed=leaking))
    assert caught.value.code == "secret-found"
    assert not (made.folder / "expected").exists()


def test_a_secret_in_a_cell_that_is_not_accepted_does_not_matter(made: FakeDesk) -> None:
    leaking = (*EXECUTED[:3], code("print(2)", "hunter2\n"))
    assert accepted(made, ran(made, executed=leaking)).files == (FIRST, SECOND)


def refusing(made: FakeDesk, *, seen: tuple[str, ...] = (FIRST, SECOND)) -> None:
    """Let every commit be refused; ``seen`` are the new files that git does not ignore."""
    made.worktree.state = msgspec.structs.replace(made.worktree.state, untracked=seen)

    def commit(paths: Sequence[str], message: str, by: str) -> tuple[str, str]:
        raise GitError("no commits on Fridays")

    made.worktree.commit = commit  # type: ignore[method-assign]


def test_what_cannot_be_committed_leaves_no_new_files(made: FakeDesk) -> None:
    run = ran(made)
    refusing(made)
    with pytest.raises(GitError, match="Fridays"):
        accepted(made, run)
    assert not (made.folder / "expected").exists()


def test_a_file_that_git_ignores_is_named(made: FakeDesk) -> None:
    run = ran(made)
    refusing(made, seen=(FIRST,))
    with pytest.raises(RefusedError, match=f"git ignores {SECOND}"):
        accepted(made, run)
    assert not (made.folder / "expected").exists()


def test_what_cannot_be_committed_leaves_the_files_as_they_were(made: FakeDesk) -> None:
    accepted(made, ran(made))
    before = (made.folder / FIRST).read_bytes()
    newer = (*EXECUTED[:2], code("print(seed)", "newer\n"), EXECUTED[3])
    run = ran(made, executed=newer)
    refusing(made)
    with pytest.raises(GitError):
        accepted(made, run)
    assert (made.folder / FIRST).read_bytes() == before


def test_a_disk_that_says_no_is_told_and_leaves_nothing(made: FakeDesk) -> None:
    (made.folder / "expected").write_text("a file in the way")
    with pytest.raises(WorldError, match="the disk said no"):
        accepted(made, ran(made))
    assert made.worktree.committed == []


def test_a_reference_that_cannot_be_read_is_not_overwritten(made: FakeDesk) -> None:
    (made.folder / "expected").mkdir()
    (made.folder / FIRST).write_text("<<<<<<< HEAD\n")
    with pytest.raises(MlcdError) as caught:
        accepted(made, ran(made))
    assert caught.value.code == "broken-reference"
    assert (made.folder / FIRST).read_text() == "<<<<<<< HEAD\n"


# ----------------------------------------------------------------------------------------- review


def between(made: FakeDesk, before: dict[str, bytes], after: dict[str, bytes]) -> None:
    """Let two commits hold these files."""
    commits = {"one": before, "two": after}
    made.worktree.differing["one", "two"] = tuple(sorted({*before, *after}))
    made.worktree.read = lambda revision, path: commits[revision].get(path)  # type: ignore[method-assign]


def test_review_reads_who_and_why_from_the_files_of_both_commits(made: FakeDesk) -> None:
    accepted(made, ran(made), case=ONE)
    content = (made.folder / FIRST).read_bytes()
    between(made, {}, {FIRST: content, "train.ipynb": b"", "expected/notes.json": b"[]"})
    (change,) = references_changed(made.desk, "one", "two")
    assert (change.notebook, change.cell, change.change) == ("train.ipynb", 2, Change.ADDED)
    assert (change.by, change.why) == (SOMEBODY, "better features")


def test_review_tells_what_is_no_longer_expected(made: FakeDesk) -> None:
    accepted(made, ran(made), case=ONE)
    between(made, {FIRST: (made.folder / FIRST).read_bytes()}, {})
    (change,) = references_changed(made.desk, "one", "two")
    assert (change.change, change.by) == (Change.DELETED, "")


def test_the_deliver_page_shows_what_changed_since_what_is_live(tmp_path: Path) -> None:
    (tmp_path / "train.ipynb").write_text(notebook(*SOURCE))
    made = FakeDesk(tmp_path, CONFIG.replace("matrix", "# matrix") + "[environments.production]\n")
    quality_ran(made)
    first = preview_delivery(made.desk, "production")
    deliver(made.desk, "production", digest=first.digest)
    assert first.accepted == ()

    accepted(made, ran(made, executed=(EXECUTED[0], *EXECUTED[2:])))
    files = {"expected/train.json": (tmp_path / "expected/train.json").read_bytes()}
    live, new = made.worktree.state.commit, "b" * 40
    made.worktree.state = msgspec.structs.replace(made.worktree.state, tree="tree-2", commit=new)
    made.worktree.differing[live, new] = tuple(files)
    made.worktree.read = lambda revision, path: files[path] if revision == new else None  # type: ignore[method-assign]
    quality_ran(made)
    (change,) = preview_delivery(made.desk, "production").accepted
    assert (change.by, change.why) == (SOMEBODY, "better features")
