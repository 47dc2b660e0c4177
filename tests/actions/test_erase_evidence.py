from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from msgspec.structs import replace

from jupyter_mlcd.actions.audit_history import audit
from jupyter_mlcd.actions.erase_evidence import erase_evidence, preview_erasure
from jupyter_mlcd.actions.keep_evidence import keep_evidence
from jupyter_mlcd.actions.run_suite import run_suite
from jupyter_mlcd.actions.verify_evidence import verify_evidence
from jupyter_mlcd.model.audit import AuditKind
from jupyter_mlcd.model.erasure import EvidenceErased
from jupyter_mlcd.model.errors import NotFoundError, RefusedError, SigningError, UsageError
from jupyter_mlcd.model.run import RunRequest
from jupyter_mlcd.world.ssh_signatures import SigningKey
from tests.actions.days import change_committed, delivered, quality_ran
from tests.actions.people import somebody

if TYPE_CHECKING:
    from pathlib import Path

    from jupyter_mlcd.model.status import Check
    from jupyter_mlcd.testing import FakeDesk

WHY = "Customer 12 asked for it"


def kept(made: FakeDesk) -> str:
    run = quality_ran(made).id
    keep_evidence(made.desk, run)
    return run


def stones(made: FakeDesk) -> list[EvidenceErased]:
    return [one.body for one in made.ledger.events() if isinstance(one.body, EvidenceErased)]


def step(made: FakeDesk, subject: str, name: str) -> Check:
    checks = verify_evidence(made.desk, subject).checks
    return next(check for check in checks if check.name == name)


def test_a_preview_says_what_goes_and_what_stays_and_changes_nothing(made: FakeDesk) -> None:
    run = kept(made)
    plan = preview_erasure(made.desk, run)
    assert [one.name for one in plan.files] == ["model.joblib"]
    assert (len(plan.here), plan.draft, plan.needed, plan.in_git) == (1, True, (), 3)
    assert len(made.store.stored()) == 1
    assert stones(made) == []


def test_the_bytes_and_the_draft_are_gone_and_a_tombstone_stays(made: FakeDesk) -> None:
    run = kept(made)
    erase_evidence(made.desk, run, WHY)
    assert made.store.stored() == []
    with pytest.raises(NotFoundError):
        made.runner.load(run)
    (body,) = stones(made)
    assert (body.run, body.why, body.draft) == (run, WHY, True)


def test_verify_tells_of_it_by_whom_and_why(made: FakeDesk, tmp_path: Path) -> None:
    ken = somebody(tmp_path, "Ken")
    made.signers = ken.line()
    ken.sits(made)
    made.clock = lambda: "2026-03-03T12:00:00.000000Z"
    run = kept(made)
    assert erase_evidence(made.desk, run, WHY).signed is True
    found = step(made, run, "what was erased is told")
    assert found.ok
    assert found.words == f"model.joblib: erased on 3 Mar 2026 by Ken (signed): {WHY}"
    assert verify_evidence(made.desk, run).ok


def test_without_a_key_the_tombstone_is_labelled(made: FakeDesk) -> None:
    run = kept(made)
    assert erase_evidence(made.desk, run, WHY).signed is False
    assert "by Mara Example (unsigned)" in step(made, run, "what was erased is told").words


def test_a_key_that_cannot_sign_erases_nothing(made: FakeDesk, tmp_path: Path) -> None:
    run = kept(made)
    made.key = SigningKey(tmp_path / "no such key")
    with pytest.raises(SigningError):
        erase_evidence(made.desk, run, WHY)
    assert len(made.store.stored()) == 1
    assert stones(made) == []


def test_a_tombstone_that_was_edited_or_signed_by_another_is_forged(
    made: FakeDesk, tmp_path: Path
) -> None:
    ken, eve = somebody(tmp_path, "Ken"), somebody(tmp_path, "Eve")
    made.signers = ken.line() + eve.line()
    ken.sits(made)
    run = kept(made)
    erase_evidence(made.desk, run, WHY)
    (path,) = [
        one for one in made.ledger.content if one.startswith("erasures/") and "sig" not in one
    ]
    good = made.ledger.content[path]
    made.ledger.content[path] = good.replace(WHY.encode(), b"Nobody asked")
    assert not step(made, run, "what was erased is told").ok
    made.ledger.content[path] = good
    made.key = eve.key
    made.ledger.content[f"{path}.sig"] = made.desk.sign(good, "mlcd-erasure@v1")
    assert (
        "forged: it was signed by eve@example.org"
        in step(made, run, "what was erased is told").words
    )


def test_the_same_again_is_no_second_erasure(made: FakeDesk) -> None:
    run = kept(made)
    erase_evidence(made.desk, run, WHY)
    erase_evidence(made.desk, run, WHY)
    assert len(stones(made)) == 1


def test_what_was_told_and_not_done_is_said_and_finished(made: FakeDesk) -> None:
    run = kept(made)
    model = made.runner.manifests[run].delivers["model.joblib"]
    content = made.store.path(model).read_bytes()
    erase_evidence(made.desk, run, WHY)
    made.store.put_bytes(content)  # As after a crash between the tombstone and the bytes.
    assert "still in the Store here" in step(made, run, "what was erased is told").words
    erase_evidence(made.desk, run, WHY)
    assert made.store.stored() == []
    assert len(stones(made)) == 1


def test_what_is_live_is_erased_only_where_that_is_named(made: FakeDesk) -> None:
    run = quality_ran(made).id
    delivered(made)
    with pytest.raises(RefusedError, match=r"0\.1\.0 of digits in staging") as raised:
        erase_evidence(made.desk, run, WHY)
    assert "--although-live staging" in raised.value.hint
    assert len(made.store.stored()) == 1
    erase_evidence(made.desk, run, WHY, although_live=["staging"])
    assert made.store.stored() == []


def test_a_version_whose_file_was_erased_is_proved_and_cannot_be_delivered(made: FakeDesk) -> None:
    run = quality_ran(made).id
    delivered(made)
    change_committed(made, 2)
    quality_ran(made, 0.99)
    delivered(made)
    assert preview_erasure(made.desk, run).live == ()
    erase_evidence(made.desk, run, WHY)
    found = step(made, "0.1.0", "model.joblib has the tested bytes")
    assert found.ok
    assert "its bytes cannot be checked any more" in found.words
    checks = verify_evidence(made.desk, "0.1.0", "production").checks
    assert "1 of its files were erased" in [one.words for one in checks if not one.ok]


def test_only_the_named_file_goes(made: FakeDesk) -> None:
    run = kept(made)
    model = made.runner.manifests[run].delivers["model.joblib"]
    with pytest.raises(NotFoundError, match="made no 'other'"):
        preview_erasure(made.desk, run, ["other"])
    assert preview_erasure(made.desk, run, [model.sha256[:12]]).files[0].name == "model.joblib"


def test_a_run_that_goes_on_and_an_erasure_without_a_reason_are_refused(made: FakeDesk) -> None:
    going = run_suite(made.desk, RunRequest("quality"))
    with pytest.raises(RefusedError, match="still going on"):
        erase_evidence(made.desk, going.id, WHY)
    with pytest.raises(UsageError, match="say why"):
        erase_evidence(made.desk, going.id, " ")
    with pytest.raises(NotFoundError):
        erase_evidence(made.desk, "no-such-run", WHY)


def test_other_runs_with_the_same_bytes_are_named(made: FakeDesk) -> None:
    one = kept(made)
    two = kept(made)
    assert preview_erasure(made.desk, one).shared == (two,)


def test_an_erasure_is_a_line_of_the_audit(made: FakeDesk) -> None:
    run = kept(made)
    erase_evidence(made.desk, run, WHY)
    line = audit(made.desk).lines[-1]
    assert (line.kind, line.outcome, line.why) == (AuditKind.ERASURE, "unsigned", WHY)
    assert "model.joblib sha256:" in line.reason


def test_an_older_event_of_an_erasure_is_read_as_it_was_written(made: FakeDesk) -> None:
    run = kept(made)
    erase_evidence(made.desk, run, WHY)
    event = made.ledger.events()[-1]
    assert made.ledger.content[event.path] == replace(event).to_bytes()
