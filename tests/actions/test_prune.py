from __future__ import annotations

from typing import TYPE_CHECKING

from jupyter_mlcd.actions.keep_evidence import keep_evidence
from jupyter_mlcd.actions.prune import prune
from jupyter_mlcd.actions.verify_evidence import verify_evidence
from tests.actions.days import change_committed, delivered, quality_ran

if TYPE_CHECKING:
    from jupyter_mlcd.testing import FakeDesk


def names(made: FakeDesk) -> set[str]:
    return {one.sha256 for one in made.store.stored()}


def test_what_nothing_names_is_removed_and_counted(made: FakeDesk) -> None:
    digest = made.store.put_bytes(b"nobody needs this")
    found = prune(made.desk)
    assert [one.sha256 for one in found.files] == [digest.sha256]
    assert (found.size, found.stay_files) == (17, 0)
    assert names(made) == set()


def test_a_dry_run_tells_the_same_and_removes_nothing(made: FakeDesk) -> None:
    made.store.put_bytes(b"nobody needs this")
    run = quality_ran(made)
    made.runner.old.add(run.id)
    before = names(made)
    told = prune(made.desk, dry_run=True)
    assert names(made) == before
    assert made.runner.load(run.id).digest == run.digest
    done = prune(made.desk)
    assert (told.drafts, told.files) == (done.drafts, done.files)
    assert (told.stay_drafts, told.stay_files) == (done.stay_drafts, done.stay_files) == (0, 0)


def test_an_old_draft_goes_with_what_only_it_named(made: FakeDesk) -> None:
    old = quality_ran(made)
    change_committed(made, 2)
    newer = quality_ran(made)
    made.runner.old.add(old.id)
    found = prune(made.desk)
    assert [one.run for one in found.drafts] == [old.id]
    model = made.runner.manifests[newer.id].delivers["model.joblib"]
    assert names(made) == {model.sha256}


def test_what_evidence_names_stays_when_its_draft_goes(made: FakeDesk) -> None:
    run = quality_ran(made)
    keep_evidence(made.desk, run.id)
    made.runner.old.add(run.id)
    assert prune(made.desk).files == ()
    assert len(names(made)) == 1


def test_what_is_live_stays_and_still_verifies(made: FakeDesk) -> None:
    run = quality_ran(made)
    delivered(made)
    made.runner.old.add(run.id)
    prune(made.desk)
    assert verify_evidence(made.desk, "0.1.0").ok


def test_what_another_project_of_the_repository_names_stays(made: FakeDesk) -> None:
    quality_ran(made)
    delivered(made)
    made.config = made.config.replace('name = "digits"', 'name = "other"')
    made.runner.plans.clear()
    made.runner.ended.clear()
    assert prune(made.desk).files == ()


def test_a_file_that_a_run_has_just_put_there_stays(made: FakeDesk) -> None:
    digest = made.store.put_bytes(b"of a run that has not said so yet")
    made.store.fresh.add(digest.sha256)
    assert prune(made.desk).files == ()
    assert names(made) == {digest.sha256}
