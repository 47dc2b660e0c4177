"""The live model, scored on today's data: what is run, what is kept, and what is refused."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from jupyter_mlcd.actions.deliver import deliver
from jupyter_mlcd.actions.examine import examine
from jupyter_mlcd.actions.preview_delivery import preview_delivery
from jupyter_mlcd.actions.score_live import score_live
from jupyter_mlcd.actions.show_status import list_evidence, show_status
from jupyter_mlcd.model.errors import GateError, MlcdError, RefusedError
from jupyter_mlcd.model.gate import Outcome
from jupyter_mlcd.model.result import Verdict
from jupyter_mlcd.model.scored_live import ScoringState
from jupyter_mlcd.model.status import ProjectReference, WayOut
from jupyter_mlcd.model.suite import Compare
from tests.actions.days import change_committed
from tests.actions.scoring import (
    ALONE,
    BARE,
    CONFIG,
    MATRIX,
    NOISY,
    changed,
    ended,
    project,
    scored,
    was_tested,
)

if TYPE_CHECKING:
    from pathlib import Path

    from jupyter_mlcd.actions.examine import Proposal
    from jupyter_mlcd.model.gate import Finding
    from jupyter_mlcd.model.result import FileDigest
    from jupyter_mlcd.testing import FakeDesk


@pytest.fixture
def made(tmp_path: Path) -> FakeDesk:
    return project(tmp_path)


def proposed(made: FakeDesk) -> Proposal:
    desk = made.desk
    return examine(desk, "production", snapshot=desk.snapshot(), history=desk.history)


def better(made: FakeDesk) -> Finding:
    return next(one for one in proposed(made).findings if "better than" in one.rule)


def test_another_evaluation_cannot_be_compared_and_has_a_way_out(made: FakeDesk) -> None:
    changed(made)
    (reason,) = proposed(made).reasons
    assert (reason.code, reason.way_out) == ("not-comparable", WayOut.SCORE_LIVE)
    assert reason.subject == "production"


def test_what_it_would_do_is_said_in_a_sentence(made: FakeDesk) -> None:
    changed(made)
    found = preview_delivery(made.desk, "production").scoring
    assert found is not None
    assert found.words == (
        "Runs evaluate.ipynb on these files, with model.joblib of 0.1.0 in place of what "
        "train.ipynb makes, and keeps the scores."
    )


def test_the_refusal_names_the_command(made: FakeDesk) -> None:
    changed(made)
    with pytest.raises(GateError) as refused:
        deliver(made.desk, "production")
    assert "jupyter mlcd score-live production" in refused.value.hint


def test_the_files_of_the_live_release_stand_in_and_nothing_is_compared(made: FakeDesk) -> None:
    changed(made)
    begun = score_live(made.desk, "production")
    plan = made.runner.plans[begun.run]
    assert plan.scored
    live = made.desk.history.live["production"]
    assert plan.scored.digest == live.digest
    assert [case.id for case in plan.cases] == ["train.ipynb", "evaluate.ipynb"]
    assert list(plan.scored.placed) == ["train.ipynb"]
    assert (plan.compare, plan.partial) == (Compare.NOTHING, True)
    assert plan.tree == made.worktree.state.tree


def test_then_the_rule_compares_with_the_scores_of_today(made: FakeDesk) -> None:
    changed(made)
    scored(made)
    found = better(made)
    assert (found.outcome, found.value, found.against) == (Outcome.MET, 0.97, 0.94)
    assert found.reason.startswith(
        "0.97 against 0.94 live (0.1.0 scored again on today's data): 0.03 better"
    )
    assert deliver(made.desk, "production").state.succeeded


def test_a_live_model_that_scores_better_by_it_refuses(made: FakeDesk) -> None:
    changed(made)
    scored(made, 0.98)
    assert better(made).outcome is Outcome.NOT_MET


def test_it_is_kept_with_whose_model_it_was(made: FakeDesk) -> None:
    changed(made)
    run = scored(made)
    history = made.desk.history
    assert history.evidence[run].partial
    assert (history.scored[run].version, history.scored[run].is_green) == ("0.1.0", True)
    manifest = made.runner.manifest(run)
    assert manifest.run.scored
    assert manifest.run.scored.version == "0.1.0"


def test_another_evaluation_still_asks_for_it_again(made: FakeDesk) -> None:
    changed(made)
    scored(made)
    change_committed(made, 40)
    was_tested(made, 0.96, "stricter")
    assert better(made).outcome is Outcome.NOT_COMPARABLE
    assert score_live(made.desk, "production").state is ScoringState.GOING


def test_another_training_by_the_same_evaluation_needs_no_second_run(made: FakeDesk) -> None:
    changed(made)
    scored(made)
    change_committed(made, 41)
    was_tested(made, 0.99, "strict")
    assert better(made).against == 0.94


def test_another_live_release_is_not_the_one_that_was_scored(made: FakeDesk) -> None:
    changed(made)
    scored(made)
    deliver(made.desk, "production")
    change_committed(made, 42)
    was_tested(made, 0.99, "stricter")
    assert better(made).outcome is Outcome.NOT_COMPARABLE
    assert "0.1.0" not in better(made).reason


def test_such_a_run_is_no_test_of_the_files(made: FakeDesk) -> None:
    changed(made)
    before = [one.run.id for one in proposed(made).tested]
    run = scored(made)
    desk = made.desk
    assert [one.run.id for one in proposed(made).tested] == before
    (suite,) = show_status(desk, ProjectReference("", "digits", "")).suites
    assert suite.run is not None
    assert suite.run.id == before[0]
    made.runner.plans.clear()  # In another clone there are no drafts.
    assert run not in [one.run.id for one in proposed(made).tested]
    assert made.desk.history.deliveries.keys() == desk.history.deliveries.keys()


def test_files_that_only_such_a_run_has_seen_are_not_tested(made: FakeDesk) -> None:
    changed(made)
    test = proposed(made).tested[0].run.id
    run = scored(made)
    made.runner.plans.pop(test)
    assert run in made.desk.history.evidence
    assert [reason.code for reason in proposed(made).reasons] == ["not-tested"]


def test_the_list_of_evidence_says_whose_model_it_was(made: FakeDesk) -> None:
    changed(made)
    run = scored(made)
    desk = made.desk
    lines = {one.id: one.scored for one in list_evidence(desk, desk.snapshot(), desk.history)}
    assert lines[run] == "0.1.0"
    assert set(lines.values()) == {"0.1.0", ""}


def test_while_it_goes_on_it_is_shown_and_not_begun_twice(made: FakeDesk) -> None:
    changed(made)
    begun = score_live(made.desk, "production")
    assert score_live(made.desk, "production").run == begun.run
    (reason,) = proposed(made).reasons
    assert (reason.busy, reason.way_out, reason.subject) == (True, WayOut.SEE_RUN, begun.run)
    assert "0.1.0 is being scored on today's data" in reason.text


def test_what_fails_is_said_with_its_error_and_only_a_person_tries_again(made: FakeDesk) -> None:
    changed(made)
    run = scored(made, verdict=Verdict.ERROR)
    (reason,) = proposed(made).reasons
    assert "0.1.0 could not be scored by these notebooks: " in reason.text
    assert score_live(made.desk, "production").state is ScoringState.FAILED
    again = score_live(made.desk, "production", again=True)
    assert again.state is ScoringState.GOING
    assert again.run != run


def test_scores_on_other_files_than_the_tests_had_are_not_taken(made: FakeDesk) -> None:
    changed(made)
    scored(made, basis="something else")
    assert better(made).outcome is Outcome.NOT_COMPARABLE
    assert "not the same each time" in proposed(made).reasons[0].text


def refused(made: FakeDesk) -> MlcdError:
    with pytest.raises(RefusedError) as found:
        score_live(made.desk, "production")
    return found.value


def test_a_notebook_that_trains_and_scores_cannot_do_it(tmp_path: Path) -> None:
    made = project(tmp_path, ALONE)
    changed(made)
    error = refused(made)
    assert "evaluate.ipynb makes model.joblib and scores it too" in error.message
    assert error.hint == "Move the scoring into a notebook of its own that reads model.joblib."


def test_a_model_that_is_gone_is_named(made: FakeDesk) -> None:
    changed(made)
    taken_away(made)
    assert "model.joblib of 0.1.0 is not in the Store of this machine" in refused(made).message


def taken_away(made: FakeDesk) -> FileDigest:
    """Remove the model of the first version from this machine."""
    (model,) = (
        one.delivers["model.joblib"]
        for one in made.runner.manifests.values()
        if one.run.tree == "tree-1"
    )
    made.store.elsewhere[model.sha256] = made.store.path(model).read_bytes()
    made.store.remove(model.sha256)
    return model


def test_a_model_that_others_reach_too_is_brought_here_first(made: FakeDesk) -> None:
    changed(made)
    model = taken_away(made)
    made.store.shared = "s3://models"
    assert score_live(made.desk, "production").state is ScoringState.GOING
    assert made.store.path(model).is_file()


def test_a_model_that_is_nowhere_is_refused_before_anything_runs(made: FakeDesk) -> None:
    changed(made)
    taken_away(made)
    made.store.elsewhere.clear()
    made.store.shared = "s3://models"
    count = len(made.runner.plans)
    words = "model.joblib of 0.1.0 is neither on this machine nor in s3://models"
    assert words in refused(made).message
    assert len(made.runner.plans) == count


def test_a_release_without_files_has_no_model(tmp_path: Path) -> None:
    made = project(tmp_path, BARE)
    was_tested(made, 0.9)
    deliver(made.desk, "production")
    made.config = CONFIG
    changed(made)
    assert "0.1.0 delivered no files" in refused(made).message


def test_an_evaluation_that_takes_no_delivered_file_is_told_so(tmp_path: Path) -> None:
    made = project(tmp_path, CONFIG.replace(', after = ["train.ipynb"]', ""))
    changed(made)
    assert "evaluate.ipynb takes no file that is delivered" in refused(made).message


def test_of_a_matrix_whoever_takes_the_best_gets_what_was_delivered(tmp_path: Path) -> None:
    made = project(tmp_path, MATRIX)
    changed(made)
    plan = made.runner.plans[score_live(made.desk, "production").run]
    assert plan.scored
    delivered = made.desk.ledger.read("releases/digits/0.1.0/release.json")
    assert plan.scored.candidates == ("train.ipynb[seed=1]",)
    (digest,) = plan.scored.placed["train.ipynb[seed=1]"].values()
    assert digest.sha256.encode() in delivered


def test_of_a_matrix_each_case_gets_what_was_made_for_the_same_values(tmp_path: Path) -> None:
    made = project(tmp_path, NOISY)
    cases = ("evaluate.ipynb[seed=1]", "evaluate.ipynb[seed=2]")
    changed(made, dict.fromkeys(cases, 0.97))
    begun = score_live(made.desk, "production")
    plan = made.runner.plans[begun.run]
    assert plan.scored
    for seed in (1, 2):
        text = f"train.ipynb[seed={seed}] of tree-1".encode()
        expected = made.store.put_bytes(text)
        assert plan.scored.placed[f"train.ipynb[seed={seed}]"] == {"model.joblib": expected}
    ended(made, begun.run, dict(zip(cases, (0.92, 0.94), strict=True)), "strict")
    score_live(made.desk, "production")
    assert better(made).against == pytest.approx(0.93)


def test_a_value_that_was_never_trained_for_is_named(tmp_path: Path) -> None:
    made = project(tmp_path, NOISY)
    cases = ("evaluate.ipynb[seed=1]", "evaluate.ipynb[seed=2]")
    was_tested(made, dict.fromkeys(cases, 0.9))
    deliver(made.desk, "production")
    made.config = NOISY.replace("[1, 2]", "[1, 3]")
    change_committed(made, 50)
    was_tested(made, {"evaluate.ipynb[seed=1]": 0.97, "evaluate.ipynb[seed=3]": 0.97}, "strict")
    assert "evaluate.ipynb[seed=3] needs what train.ipynb made for seed = 3" in (
        refused(made).message
    )


def test_where_every_rule_can_compare_nothing_is_run(made: FakeDesk) -> None:
    changed(made, 0.97, "plain")
    count = len(made.runner.plans)
    assert "can compare as it is" in refused(made).message
    assert len(made.runner.plans) == count
