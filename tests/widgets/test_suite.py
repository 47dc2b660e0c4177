from __future__ import annotations

import asyncio
import threading
from typing import TYPE_CHECKING

import ipywidgets
import pytest
import traitlets

from jupyter_mlcd import open_project
from jupyter_mlcd.model.errors import GitError, UsageError
from jupyter_mlcd.model.result import State, Verdict
from jupyter_mlcd.widgets import EnvironmentsWidget, EvidenceWidget, SuiteWidget
from jupyter_mlcd.widgets.hands import NAME
from tests.journeys.projects import commit_all, notebook

if TYPE_CHECKING:
    from pathlib import Path


def our_threads() -> list[threading.Thread]:
    return [one for one in threading.enumerate() if one.name == NAME]


def nobody_looks_any_more() -> bool:
    for one in our_threads():
        one.join(30)
    return not our_threads()


def test_a_suite_is_run_and_waited_for(small: Path) -> None:
    suite = SuiteWidget("quality", project=small)
    assert (suite.state, suite.verdict, suite.last_run) == ("", "", None)
    suite.run(jobs=1)
    run = asyncio.run(suite.done())
    assert (suite.state, suite.verdict) == ("ended", "passed")
    assert suite.last_run == run
    assert [case.metrics for case in run.cases] == [{"accuracy": 0.96}, {"accuracy": 0.97}]


def test_the_only_suite_need_not_be_named(small: Path) -> None:
    assert SuiteWidget(project=small).suite == "quality"


def test_an_opened_project_is_taken_as_it_is(small: Path) -> None:
    project = open_project(small)
    assert SuiteWidget("quality", project=project).run().suite == "quality"


def test_observers_are_told_without_anybody_waiting(small: Path) -> None:
    suite = SuiteWidget("quality", project=small)
    seen: list[str] = []
    ended = threading.Event()

    def take(change: traitlets.Bunch) -> None:
        seen.append(change.new)
        if change.new == "ended":
            ended.set()

    suite.observe(take, "state")
    suite.run()
    assert ended.wait(60)
    assert seen[-1] == "ended"
    assert suite.verdict == "passed"
    assert nobody_looks_any_more()


def test_an_observer_that_raises_does_not_end_the_watching(small: Path) -> None:
    suite = SuiteWidget("quality", project=small)
    ended = threading.Event()

    def fail(change: traitlets.Bunch) -> None:
        if change.new != "waiting":
            raise ZeroDivisionError

    def take(change: traitlets.Bunch) -> None:
        if change.new == "passed":
            ended.set()

    suite.run()
    suite.observe(fail, "state")
    suite.observe(take, "verdict")
    assert ended.wait(60)


def test_a_run_is_cancelled(small: Path) -> None:
    (small / "train.ipynb").write_text(
        notebook("parameters|seed = 0", "import time; time.sleep(600 * seed)")
    )
    commit_all(small)
    suite = SuiteWidget("quality", project=small)
    suite.run()
    suite.cancel()
    assert asyncio.run(suite.done()).verdict is Verdict.CANCELLED
    assert suite.verdict == "cancelled"


def test_a_run_is_kept_and_the_evidence_is_there(small: Path) -> None:
    suite = SuiteWidget("quality", project=small)
    suite.run()
    run = asyncio.run(suite.done())
    assert suite.keep().id == run.id
    every = EvidenceWidget(project=small)
    assert every.count == 1
    one = EvidenceWidget(run.id[-8:], project=small)
    assert one.run_id == run.id
    assert one.manifest().run.id == run.id
    assert one.verify().ok


def test_only_what_was_red_is_run_again(small: Path) -> None:
    half = notebook("parameters|seed = 0", "open('model.txt', 'w').write('')", "assert seed == 1")
    (small / "train.ipynb").write_text(half)
    suite = SuiteWidget("quality", project=small)
    suite.run()
    assert asyncio.run(suite.done()).verdict is not Verdict.PASSED
    again = suite.run(failed_only=True)
    assert [case.parameters["seed"] for case in again.cases] == [2]
    asyncio.run(suite.done())


def test_nothing_to_wait_for_and_nothing_to_keep_is_said(small: Path) -> None:
    suite = SuiteWidget("quality", project=small)
    with pytest.raises(UsageError, match="never run"):
        asyncio.run(suite.done())
    with pytest.raises(UsageError, match="never run"):
        suite.keep()


def test_a_suite_that_is_not_declared_is_named_with_those_that_are(small: Path) -> None:
    with pytest.raises(UsageError, match="no suite 'qualty'") as raised:
        SuiteWidget("qualty", project=small)
    assert raised.value.hint == "mlcd.toml has: quality."


def test_outside_of_a_repository_is_an_error_that_says_so(tmp_path: Path) -> None:
    with pytest.raises(GitError, match="git repository"):
        SuiteWidget("quality", project=tmp_path)


def test_what_a_suite_came_to_is_not_set_by_hand(small: Path) -> None:
    suite = SuiteWidget("quality", project=small)
    with pytest.raises(traitlets.TraitError):
        suite.verdict = "passed"


def test_it_goes_together_with_other_widgets(small: Path) -> None:
    suite = SuiteWidget("quality", project=small)
    words, box = ipywidgets.Label(), ipywidgets.HBox([suite])
    traitlets.dlink((suite, "verdict"), (words, "value"))
    outer = ipywidgets.VBox([box, words, EnvironmentsWidget(project=small)])
    assert outer.children[0].children == (suite,)
    suite.run()
    asyncio.run(suite.done())
    assert words.value == "passed"


def test_a_broken_mlcd_toml_is_a_problem_and_not_the_end(small: Path) -> None:
    suite = SuiteWidget("quality", project=small)
    whole = (small / "mlcd.toml").read_text()
    (small / "mlcd.toml").write_text(whole.replace("matrix", "matrx"))
    suite.refresh()
    assert suite.problem is not None
    assert "matrx" in suite.problem.message
    (small / "mlcd.toml").write_text(whole)
    suite.refresh()
    assert suite.problem is None


def test_all_widgets_of_a_project_share_one_thread(small: Path) -> None:
    many = [SuiteWidget("quality", project=small) for _ in range(5)]
    many[0].run()
    assert len(our_threads()) == 1
    asyncio.run(many[0].done())
    many[1].refresh()
    assert many[1].state == State.ENDED
    assert nobody_looks_any_more()
