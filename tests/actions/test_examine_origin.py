from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from jupyter_mlcd.actions.deliver import deliver
from jupyter_mlcd.actions.examine import Proposal, examine
from jupyter_mlcd.actions.keep_evidence import keep_evidence
from jupyter_mlcd.actions.prepare_release import prepare_release
from jupyter_mlcd.actions.roll_back import examine_roll_back
from jupyter_mlcd.actions.sign_review import waive
from jupyter_mlcd.actions.verify_evidence import verify_evidence
from jupyter_mlcd.model.delivery import DeliveryState
from jupyter_mlcd.model.errors import GateError
from jupyter_mlcd.model.evidence import is_built_by
from jupyter_mlcd.model.gate import Outcome
from jupyter_mlcd.model.review import Seen
from jupyter_mlcd.testing import FakeDesk
from tests.actions.days import change_committed, delivered, quality_ran
from tests.actions.people import somebody

if TYPE_CHECKING:
    from pathlib import Path

    from jupyter_mlcd.model.status import Reason

CONFIG = """
[project]
name = "digits"
[suites.quality]
[[suites.quality.notebooks]]
path = "train.ipynb"
produces = ["model.joblib"]
[environments.production]
"""
HERE = "a" * 40


@pytest.fixture
def made(tmp_path: Path) -> FakeDesk:
    """Return a project with one environment that asks for nothing yet."""
    (tmp_path / "train.ipynb").write_text("{}")
    return FakeDesk(tmp_path, CONFIG)


def proposal(made: FakeDesk, environment: str = "production", version: str = "") -> Proposal:
    desk = made.desk
    return examine(
        desk, environment, snapshot=desk.snapshot(), history=desk.history, version=version
    )


def reason(made: FakeDesk, version: str = "") -> Reason:
    (one,) = proposal(made, version=version).reasons
    return one


def verified(made: FakeDesk) -> str:
    """Return what is wrong with the rules of production for a receiving pipeline."""
    steps = verify_evidence(made.desk, "0.1.0", "production").checks
    return next(one.words for one in steps if one.name == "the rules of production are met")


# ------------------------------------------------------------------------------------ the branch


@pytest.fixture
def on_main(made: FakeDesk) -> FakeDesk:
    """Return a project whose tests passed, and whose versions have to be on main."""
    made.config += 'on-branch = "main"\n'
    quality_ran(made)
    return made


def test_a_commit_on_the_branch_is_delivered_and_says_where_it_is(on_main: FakeDesk) -> None:
    on_main.worktree.branched["main"] = ("f" * 40, HERE)
    finding = proposal(on_main).findings[-1]
    assert (finding.rule, finding.reason) == ("on branch main", "aaaaaaaa is on main")
    assert deliver(on_main.desk, "production").state is DeliveryState.DELIVERED


def test_a_commit_beside_the_branch_is_refused_with_the_way_out(on_main: FakeDesk) -> None:
    on_main.worktree.branched["main"] = ("f" * 40,)
    one = reason(on_main)
    assert one.code == "not-on-branch"
    assert one.text == (
        "on branch main: aaaaaaaa is not on main as it was fetched last: merge it there, "
        "then deliver the commit that is on it"
    )
    with pytest.raises(GateError, match="is not on main"):
        deliver(on_main.desk, "production")


def test_a_branch_that_is_not_known_here_is_none_that_holds_it(on_main: FakeDesk) -> None:
    assert reason(on_main).code == "not-on-branch"
    assert "no branch main is known here: fetch it" in reason(on_main).text


def test_a_history_that_was_cut_off_proves_nothing(on_main: FakeDesk) -> None:
    on_main.worktree.branched["main"] = None
    assert "cannot be told, since history is cut off here: fetch all of it" in reason(on_main).text


def test_one_of_several_branches_of_a_pattern_is_enough(on_main: FakeDesk) -> None:
    on_main.config = on_main.config.replace('"main"', '"release/*"')
    on_main.worktree.branched.update({"release/1": ("f" * 40,), "release/2": ()})
    assert "is not on release/1 or 1 more" in reason(on_main).text
    on_main.worktree.branched["release/2"] = (HERE,)
    assert not proposal(on_main).reasons


def test_a_receiving_pipeline_refuses_what_is_not_on_the_branch(on_main: FakeDesk) -> None:
    on_main.worktree.branched["main"] = (HERE,)
    prepare_release(on_main.desk)
    assert "on branch main: aaaaaaaa is on main" in verified(on_main)
    on_main.worktree.branched["main"] = ()
    assert verified(on_main).count("is not on main") == 1
    on_main.worktree.branched.clear()
    assert "no branch main is known here" in verified(on_main)


def test_what_is_live_is_verified_for_its_branch_all_the_same(on_main: FakeDesk) -> None:
    on_main.worktree.branched["main"] = (HERE,)
    delivered(on_main, "production")
    on_main.worktree.branched["main"] = ()
    assert verified(on_main).count("is not on main") == 1


def test_a_roll_back_asks_for_the_branch_too(on_main: FakeDesk) -> None:
    on_main.worktree.branched["main"] = ("2" * 40, HERE)
    delivered(on_main, "production")
    change_committed(on_main, 2)
    quality_ran(on_main, 0.96)
    delivered(on_main, "production")
    on_main.worktree.branched["main"] = ("2" * 40,)
    back = examine_roll_back(on_main.desk, "production", history=on_main.desk.history)
    assert [one.code for one in back.reasons] == ["not-on-branch"]


def test_a_signed_exception_counts_for_the_branch_as_for_any_rule(
    on_main: FakeDesk, tmp_path: Path
) -> None:
    ken = somebody(tmp_path, "Ken")
    on_main.signers = ken.line()
    on_main.worktree.branched["main"] = ()
    prepare_release(on_main.desk)
    ken.sits(on_main)
    waive(on_main.desk, Seen("", "production"), "on branch main", "The hub is down", "3d")
    excepted = proposal(on_main, version="0.1.0")
    assert not excepted.reasons
    assert excepted.findings[-1].outcome is Outcome.EXCEPTED


def test_a_pipeline_without_the_branch_of_the_rules_is_refused(made: FakeDesk) -> None:
    made.config = made.config.replace("[suites", 'policy = "origin/main"\n[suites', 1)
    quality_ran(made)
    prepare_release(made.desk)
    red = [one for one in verify_evidence(made.desk, "0.1.0", "production").checks if not one.ok]
    assert [one.words for one in red] == ["origin/main is not here: fetch it"]
    made.worktree.held["origin/main", "mlcd.toml"] = made.config.encode()
    assert verify_evidence(made.desk, "0.1.0", "production").ok


# ------------------------------------------------------------------------------------- who ran it


@pytest.fixture
def by_ci(made: FakeDesk) -> FakeDesk:
    """Return a project whose tests have to be run by CI."""
    made.config += 'built-by = "ci"\n'
    return made


def below_production(made: FakeDesk) -> None:
    """Put a rung below, which asks for nothing."""
    rungs = '[environments.staging]\n[environments.production]\nafter = "staging"\n'
    made.config = made.config.replace("[environments.production]\n", rungs)


@pytest.mark.parametrize(
    ("wanted", "builder", "is_theirs"),
    [("ci", "github", True), ("ci", "local", False), ("ci", "", False), ("github", "github", True),
     ("github", "gitlab", False), ("local", "local", True)],
)  # fmt: skip
def test_ci_is_every_builder_but_a_machine_of_somebody(
    wanted: str, builder: str, *, is_theirs: bool
) -> None:
    assert is_built_by(wanted, builder) is is_theirs


def test_a_run_of_ci_is_delivered_and_says_whose_it_is(by_ci: FakeDesk) -> None:
    quality_ran(by_ci, builder="github")
    finding = proposal(by_ci).findings[-1]
    assert (finding.rule, finding.reason) == ("tests run by CI", "quality by github")
    assert deliver(by_ci.desk, "production").state is DeliveryState.DELIVERED


def test_a_run_on_a_laptop_is_refused_by_suite_and_person_with_the_way_out(
    by_ci: FakeDesk,
) -> None:
    quality_ran(by_ci)
    one = reason(by_ci)
    assert one.code == "not-built-by"
    assert "quality was run by Mara Example on a machine that is no builder" in one.text
    assert "push the commit, let the pipeline of CI run and keep its tests" in one.text


def test_another_builder_than_the_one_named_is_refused(by_ci: FakeDesk) -> None:
    by_ci.config = by_ci.config.replace('"ci"', '"github"')
    quality_ran(by_ci, builder="jenkins")
    assert "tests run by github: quality was run by jenkins" in reason(by_ci).text


def test_kept_evidence_of_ci_goes_before_a_newer_run_of_ones_own(by_ci: FakeDesk) -> None:
    kept = quality_ran(by_ci, builder="github")
    keep_evidence(by_ci.desk, kept.id)
    quality_ran(by_ci)
    found = proposal(by_ci)
    assert not found.reasons
    assert [one.run.id for one in found.tested] == [kept.id]


def test_a_red_run_of_ci_is_not_made_good_by_a_green_one_of_ones_own(by_ci: FakeDesk) -> None:
    quality_ran(by_ci, 0.5, builder="github")
    by_ci.config += '[[gates]]\nmetric = "accuracy"\nat-least = 0.9\n'
    quality_ran(by_ci, 0.99)
    assert "0.5, 0.9 is needed" in reason(by_ci).text


def test_the_first_rung_takes_the_run_that_a_later_one_asks_for(by_ci: FakeDesk) -> None:
    below_production(by_ci)
    kept = quality_ran(by_ci, builder="github")
    keep_evidence(by_ci.desk, kept.id)
    quality_ran(by_ci)
    delivered(by_ci, "staging")
    assert not proposal(by_ci).reasons


def test_a_release_on_a_laptop_s_run_waits_below_the_rung_that_asks_for_ci(
    by_ci: FakeDesk,
) -> None:
    below_production(by_ci)
    quality_ran(by_ci)
    delivered(by_ci, "staging")
    assert reason(by_ci).code == "not-built-by"


def test_a_receiving_pipeline_refuses_what_no_ci_ran(by_ci: FakeDesk) -> None:
    config, by_ci.config = by_ci.config, CONFIG
    quality_ran(by_ci)
    prepare_release(by_ci.desk)
    by_ci.config = config
    assert "quality was run by Mara Example" in verified(by_ci)


def test_evidence_that_is_not_here_says_nothing_of_who_ran_it(by_ci: FakeDesk) -> None:
    run = quality_ran(by_ci, builder="github")
    prepare_release(by_ci.desk)
    evidence = by_ci.desk.history.evidence[run.id]
    del by_ci.ledger.content[f"{evidence.path}/manifest.json"]
    assert "so who ran it is not known" in reason(by_ci, "0.1.0").text
