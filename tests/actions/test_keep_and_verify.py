from __future__ import annotations

import hashlib
import io
from typing import TYPE_CHECKING

import msgspec
import pytest

from jupyter_mlcd.actions.export_evidence import export_evidence, write_zip
from jupyter_mlcd.actions.find_run import executed_notebook, find_id, load_run
from jupyter_mlcd.actions.keep_evidence import keep_evidence
from jupyter_mlcd.actions.prepare_release import prepare_release
from jupyter_mlcd.actions.run_suite import run_suite
from jupyter_mlcd.actions.verify_evidence import verify_evidence, verify_files
from jupyter_mlcd.model.errors import NotFoundError, RefusedError, UsageError
from jupyter_mlcd.model.evidence import SUMS, Exported
from jupyter_mlcd.model.result import Verdict
from jupyter_mlcd.model.run import RunRequest
from tests.actions.days import change_committed, delivered, quality_ran

if TYPE_CHECKING:
    from jupyter_mlcd.model.status import Verification
    from jupyter_mlcd.testing import FakeDesk


def failed(verification: Verification) -> list[str]:
    return [check.name for check in verification.checks if not check.ok]


def test_a_kept_run_is_in_the_list_with_its_fingerprint(made: FakeDesk) -> None:
    run = quality_ran(made)
    evidence = keep_evidence(made.desk, run.id)
    assert evidence.digest == run.digest
    assert list(made.desk.history.evidence) == [run.id]


def test_keeping_twice_is_keeping_once(made: FakeDesk) -> None:
    run = quality_ran(made)
    assert keep_evidence(made.desk, run.id) == keep_evidence(made.desk, run.id)
    assert len(made.ledger.commits) == 1


def test_evidence_says_which_ci_system_ran_it(made: FakeDesk) -> None:
    run = quality_ran(made)
    assert keep_evidence(made.desk, run.id).builder == "local"
    change_committed(made, 2)
    other = quality_ran(made)
    manifest = msgspec.structs.replace(made.runner.manifests[other.id], builder="github")
    made.runner.manifests[other.id] = manifest
    assert keep_evidence(made.desk, other.id).builder == "github"


def test_a_red_run_can_be_kept(made: FakeDesk) -> None:
    run = quality_ran(made, verdict=Verdict.ERROR)
    assert keep_evidence(made.desk, run.id).verdict is Verdict.ERROR


def test_a_run_that_goes_on_cannot_be_kept(made: FakeDesk) -> None:
    run = run_suite(made.desk, RunRequest("quality"))
    with pytest.raises(RefusedError, match="still going on"):
        keep_evidence(made.desk, run.id)


def test_files_that_were_changed_after_the_end_are_not_kept(made: FakeDesk) -> None:
    run = quality_ran(made)
    (made.runner.bundle(run.id) / SUMS).write_text("")
    with pytest.raises(RefusedError, match="changed after it ended"):
        keep_evidence(made.desk, run.id)


def test_a_secret_blocks_keeping_and_is_named_by_its_place(made: FakeDesk) -> None:
    run = quality_ran(made, outputs="hunter2")
    with pytest.raises(RefusedError) as caught:
        keep_evidence(made.desk, run.id)
    assert "notebooks/0.ipynb, cell 0, output 0" in caught.value.message
    assert "hunter2" not in caught.value.message
    assert not made.ledger.commits


def test_good_evidence_verifies(made: FakeDesk) -> None:
    run = quality_ran(made)
    keep_evidence(made.desk, run.id)
    assert verify_evidence(made.desk, run.id).ok


def test_an_edited_notebook_is_found_and_named(made: FakeDesk) -> None:
    run = quality_ran(made)
    evidence = keep_evidence(made.desk, run.id)
    made.ledger.content[f"{evidence.path}/notebooks/0.ipynb"] = b"edited"
    found = verify_evidence(made.desk, run.id)
    assert "no file was changed, added or lost" in failed(found)
    assert any("notebooks/0.ipynb was changed" in check.words for check in found.checks)


def test_sums_that_were_made_to_fit_are_found_by_the_fingerprint(made: FakeDesk) -> None:
    run = quality_ran(made)
    evidence = keep_evidence(made.desk, run.id)
    place = f"{evidence.path}/{SUMS}"
    old = made.ledger.content[f"{evidence.path}/notebooks/0.ipynb"]
    new = old.replace(b"measure()", b"invent()")
    made.ledger.content[f"{evidence.path}/notebooks/0.ipynb"] = new
    made.ledger.content[place] = made.ledger.content[place].replace(
        hashlib.sha256(old).hexdigest().encode(), hashlib.sha256(new).hexdigest().encode()
    )
    assert failed(verify_evidence(made.desk, run.id)) == [
        "the fingerprint is the one that was kept"
    ]


@pytest.mark.parametrize("lost", ["manifest.json", "SHA256SUMS"])
def test_a_bundle_without_its_head_does_not_verify(made: FakeDesk, lost: str) -> None:
    run = quality_ran(made)
    keep_evidence(made.desk, run.id)
    files = export_evidence(made.desk, run.id).files
    del files[lost]
    assert failed(verify_files(files, "here")) == ["the bundle is complete"]


def test_a_release_verifies_down_to_its_files(made: FakeDesk) -> None:
    quality_ran(made)
    delivered(made)
    assert verify_evidence(made.desk, "0.1.0").ok
    assert verify_evidence(made.desk, "v0.1.0").ok


def test_a_moved_tag_is_found(made: FakeDesk) -> None:
    quality_ran(made)
    delivered(made)
    _, message = made.ledger.tagged["v0.1.0"]
    made.ledger.tagged["v0.1.0"] = ("f" * 40, message)
    assert failed(verify_evidence(made.desk, "0.1.0")) == ["the tag v0.1.0 names it and its commit"]


def test_an_edited_release_is_found(made: FakeDesk) -> None:
    quality_ran(made)
    delivered(made)
    place = "releases/digits/0.1.0/release.json"
    made.ledger.content[place] = made.ledger.content[place].replace(b"0.95", b"0.99")
    assert "release.json is the one that was prepared" in failed(
        verify_evidence(made.desk, "0.1.0")
    )


def test_there_is_nothing_to_verify_under_an_unknown_name(made: FakeDesk) -> None:
    with pytest.raises(NotFoundError):
        verify_evidence(made.desk, "9.9.9")


def test_exported_files_verify_without_the_repository(made: FakeDesk) -> None:
    run = quality_ran(made)
    keep_evidence(made.desk, run.id)
    assert verify_files(export_evidence(made.desk, run.id).files, "here", run.digest).ok


def test_equal_evidence_gives_equal_zips(made: FakeDesk) -> None:
    run = quality_ran(made)
    keep_evidence(made.desk, run.id)
    one, other = io.BytesIO(), io.BytesIO()
    exported = export_evidence(made.desk, run.id)
    write_zip(exported, one)
    write_zip(Exported(dict(reversed(exported.files.items()))), other)
    assert one.getvalue() == other.getvalue()


def test_a_draft_that_was_not_kept_cannot_be_exported(made: FakeDesk) -> None:
    run = quality_ran(made)
    with pytest.raises(NotFoundError, match="no evidence"):
        export_evidence(made.desk, run.id)


def test_a_release_is_prepared_once(made: FakeDesk) -> None:
    quality_ran(made)
    assert prepare_release(made.desk) == prepare_release(made.desk)
    assert list(made.desk.history.releases) == ["0.1.0"]


def test_a_prepared_release_is_what_is_delivered(made: FakeDesk) -> None:
    quality_ran(made)
    release = prepare_release(made.desk, "1.0.0")
    assert delivered(made).digest == release.digest


def test_a_version_is_three_numbers(made: FakeDesk) -> None:
    quality_ran(made)
    with pytest.raises(UsageError, match="is not a version"):
        prepare_release(made.desk, "next")


def test_a_run_is_found_by_the_end_of_its_id(made: FakeDesk) -> None:
    run = quality_ran(made)
    assert find_id(made.desk, run.id[-8:]) == run.id


def test_a_kept_run_knows_that_it_is_kept(made: FakeDesk) -> None:
    run = quality_ran(made)
    keep_evidence(made.desk, run.id)
    assert load_run(made.desk, run.id).kept


def test_the_executed_notebook_of_kept_evidence_comes_from_the_branch(made: FakeDesk) -> None:
    run = quality_ran(made, outputs="seen")
    keep_evidence(made.desk, run.id)
    (made.runner.bundle(run.id) / "notebooks" / "0.ipynb").unlink()
    assert executed_notebook(made.desk, run.id, 0) == b"seen"


def test_a_release_verifies_for_an_environment_whose_rules_it_meets(made: FakeDesk) -> None:
    quality_ran(made)
    delivered(made)
    assert verify_evidence(made.desk, "0.1.0", "staging").ok
    assert verify_evidence(made.desk, "0.1.0", "production").ok


def test_rules_that_were_tightened_since_are_not_met(made: FakeDesk) -> None:
    quality_ran(made)
    delivered(made)
    made.config = made.config.replace("at-least = 0.9", "at-least = 0.99")
    assert failed(verify_evidence(made.desk, "0.1.0", "production")) == [
        "the rules of production are met"
    ]


@pytest.mark.parametrize(
    ("subject", "environment"), [("9.9.9", "staging"), ("0.1.0", "nowhere"), ("a-run", "staging")]
)
def test_verifying_for_an_environment_fails_closed(
    made: FakeDesk, subject: str, environment: str
) -> None:
    quality_ran(made)
    delivered(made)
    with pytest.raises((NotFoundError, UsageError)):
        verify_evidence(made.desk, subject, environment)


def test_a_product_that_is_not_there_is_said_and_refused_where_files_go(made: FakeDesk) -> None:
    quality_ran(made)
    delivered(made)
    for file in (made.folder / "store").iterdir():
        file.unlink()
    step = "model.joblib has the tested bytes"
    found = verify_evidence(made.desk, "0.1.0")
    assert [one.words[:11] for one in found.checks if one.name == step] == ["not checked"]
    assert step in failed(verify_evidence(made.desk, "0.1.0", "staging"))


def test_rules_other_than_those_of_the_commit_are_named(made: FakeDesk) -> None:
    quality_ran(made)
    delivered(made)
    loose = made.config.replace("at-least = 0.9", "at-least = 0.1")
    made.worktree.held[made.worktree.state.commit, "mlcd.toml"] = loose.encode()
    assert failed(verify_evidence(made.desk, "0.1.0")) == ["its rules are those of the commit"]
