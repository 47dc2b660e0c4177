from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
import pytest

from jupyter_mlcd.actions.audit_history import audit, status_at
from jupyter_mlcd.actions.collect_approvals import collect_approvals
from jupyter_mlcd.actions.deliver import deliver
from jupyter_mlcd.actions.review_release import ask_review, reject, take_back
from jupyter_mlcd.actions.roll_back import roll_back
from jupyter_mlcd.actions.sign_review import approve, waive
from jupyter_mlcd.model.audit import AuditKind
from jupyter_mlcd.model.delivery import DeliveryState, Given
from jupyter_mlcd.model.errors import UsageError
from jupyter_mlcd.model.hub import Opinion
from jupyter_mlcd.model.review import Seen
from jupyter_mlcd.testing import FakeHub, FakeTarget
from tests.actions.days import change_committed, delivered, quality_ran
from tests.actions.people import somebody

if TYPE_CHECKING:
    from pathlib import Path

    from jupyter_mlcd.model.audit import LiveThen
    from jupyter_mlcd.testing import FakeDesk

FIRST, SECOND, THIRD = "2026-03-02", "2026-03-03", "2026-03-05"


def on(made: FakeDesk, day: str, hour: str = "12:00") -> None:
    """Let it be that day from now on."""
    made.clock = lambda: f"{day}T{hour}:00.000000Z"


def staging(made: FakeDesk, at: str) -> LiveThen:
    return {one.environment: one for one in status_at(made.desk, at).environments}["staging"]


@pytest.fixture
def lived(made: FakeDesk) -> FakeDesk:
    """Return a project whose 0.1.0 went to staging on the second of March, 0.2.0 on the third."""
    for number, day, accuracy in ((1, FIRST, 0.94), (2, SECOND, 0.95)):
        on(made, day)
        change_committed(made, number)
        quality_ran(made, accuracy)
        deliver(made.desk, "staging", given=Given(f"try {number}", ("#12",)))
    on(made, THIRD)
    return made


@pytest.mark.parametrize(
    ("at", "version"),
    [
        ("2026-03-01", ""),
        ("2026-03-02", "0.1.0"),
        ("2026-03-03", "0.2.0"),
        ("2026-03-03T11:00Z", "0.1.0"),
        ("2026-03-03T13:30+01:00", "0.2.0"),
        ("2026-12-31", "0.2.0"),
    ],
)
def test_a_day_means_its_end_and_a_time_itself(lived: FakeDesk, at: str, version: str) -> None:
    assert staging(lived, at).version == version


def test_what_was_live_says_since_when_by_whom_and_on_what_evidence(lived: FakeDesk) -> None:
    found = staging(lived, FIRST)
    assert (found.since[:10], found.by, found.why) == (FIRST, lived.by, "try 1")
    assert found.basis is not None
    (run,) = found.basis.runs
    kept = lived.desk.history.evidence[run.run]
    assert (run.suite, run.digest, run.verdict) == ("quality", kept.digest, kept.verdict)
    assert found.basis.scores == {"accuracy": 0.94}
    assert found.basis.findings[0].rule == "all cases passed"
    assert found.basis.commit == "1" * 40


def test_an_environment_where_nothing_was_live_is_listed_with_nothing(lived: FakeDesk) -> None:
    found = status_at(lived.desk, SECOND).environments
    assert [(one.environment, one.version) for one in found] == [
        ("staging", "0.2.0"),
        ("production", ""),
    ]


def test_a_delivery_under_way_at_that_moment_is_a_doubt(lived: FakeDesk) -> None:
    change_committed(lived, 3)
    quality_ran(lived, 0.99)
    lived.targets["staging"] = FakeTarget(answer=DeliveryState.UNKNOWN)
    delivered(lived)
    assert "0.3.0 was under way (unknown)" in staging(lived, THIRD).doubt
    assert staging(lived, THIRD).version == "0.2.0"


def test_a_roll_back_is_told_with_the_version_it_took_away(lived: FakeDesk) -> None:
    roll_back(lived.desk, "staging", given=Given("it was worse"))
    found = staging(lived, THIRD)
    assert (found.version, found.back_from, found.since[:10]) == ("0.1.0", "0.2.0", THIRD)
    assert staging(lived, SECOND).version == "0.2.0"
    line = audit(lived.desk).lines[-1]
    assert (line.kind, line.back_from, line.why) == (AuditKind.ROLL_BACK, "0.2.0", "it was worse")


def test_what_this_rests_on_is_always_said(lived: FakeDesk) -> None:
    said = " ".join(status_at(lived.desk, FIRST).remarks)
    assert "Events that others have not shared with this clone are not here." in said
    assert "of the 8 events of digits here" in said
    assert "still to come" in " ".join(status_at(lived.desk, "2027-01-01").remarks)


def test_times_that_go_back_are_said(lived: FakeDesk) -> None:
    on(lived, "2026-02-01")
    reject(lived.desk, "0.2.0", "no")
    assert "1 event says an earlier time" in " ".join(audit(lived.desk).remarks)


@pytest.mark.parametrize("text", ["", "yesterday", "2026-03-03T12:00", "2026-02-30", "03/03/2026"])
def test_what_is_no_day_and_no_time_with_its_zone_is_refused(lived: FakeDesk, text: str) -> None:
    with pytest.raises(UsageError, match="no day and no time"):
        status_at(lived.desk, text)


def test_a_range_holds_both_its_days_and_nothing_else(lived: FakeDesk) -> None:
    assert [one.version for one in audit(lived.desk).lines] == ["0.1.0", "0.2.0"]
    assert [one.version for one in audit(lived.desk, SECOND).lines] == ["0.2.0"]
    assert [one.version for one in audit(lived.desk, "", FIRST).lines] == ["0.1.0"]
    only = audit(lived.desk, SECOND, SECOND)
    assert (only.totals[AuditKind.DELIVERY], only.events, only.since[:10]) == (1, 4, SECOND)


def test_a_range_that_ends_before_it_begins_is_refused(lived: FakeDesk) -> None:
    with pytest.raises(UsageError, match="is after"):
        audit(lived.desk, SECOND, FIRST)


def test_evidence_that_is_not_here_is_a_gap_and_no_error(lived: FakeDesk) -> None:
    del lived.ledger.content["releases/digits/0.1.0/release.json"]
    found = staging(lived, FIRST).basis
    assert found is not None
    assert (found.gap, found.runs) == ("the release is not in the history of this clone", ())
    assert found.commit == "1" * 40


REVIEWED = """
[project]
name = "digits"
[suites.quality]
[[suites.quality.notebooks]]
path = "train.ipynb"
produces = ["model.joblib"]
[[gates]]
metric = "accuracy"
at-least = 0.96
[environments.production]
approvals = 1
"""


def test_who_approved_and_what_was_excepted_is_told_as_it_was_then(
    made: FakeDesk, tmp_path: Path
) -> None:
    made.config = REVIEWED
    ken = somebody(tmp_path, "Ken")
    made.signers = ken.line()
    on(made, FIRST)
    quality_ran(made, 0.95)
    ken.sits(made)
    ask_review(made.desk, "production", ["ken@example.org"])
    reject(made.desk, "0.1.0", "another seed")
    waive(made.desk, Seen("0.1.0", "production"), "accuracy", "first try", "14d")
    approve(made.desk, Seen("0.1.0", "production"), "I looked")
    deliver(made.desk, "production")
    on(made, SECOND)
    approval = made.desk.history.reviews[made.desk.history.releases["0.1.0"].digest][-1]
    take_back(made.desk, approval.id, "I looked wrong")
    (then,) = status_at(made.desk, SECOND).environments
    assert then.basis is not None
    (word,) = then.basis.approvals
    assert (word.by, word.signed, word.text) == (ken.by, True, "I looked")
    (exception,) = then.basis.exceptions
    assert (exception.rule, exception.text) == ("accuracy at least 0.96", "first try")
    assert exception.until.startswith("2026-03-16")
    found = audit(made.desk)
    kinds = [one.kind for one in found.lines]
    assert kinds == ["rejection", "exception", "approval", "delivery", "taken-back"]
    assert found.lines[2].outcome.startswith("signed, taken back 2026-03-03")
    assert found.totals[AuditKind.APPROVAL] == 1


def test_a_yes_on_a_hub_is_told_with_its_place_and_not_as_signed(lived: FakeDesk) -> None:
    lived.config = lived.config.replace(
        "[environments.staging]",
        '[environments.staging]\napprovals = 1\napprovals-from = "github"',
    )
    url = "https://hub.example/12#1"
    yes = Opinion(key="review 1", account="ken", is_yes=True, at=f"{FIRST}T12:00:00Z", url=url,
                  head="d" * 40, is_same_tree=True)  # fmt: skip
    no = msgspec.structs.replace(yes, key="review 2", account="lin", is_yes=False)
    lived.hub = FakeHub(said=[yes, no])
    change_committed(lived, 3)
    quality_ran(lived, 0.96)
    collect_approvals(lived.desk, "staging")
    approval, rejection = audit(lived.desk, THIRD).lines
    assert (approval.kind, approval.by) == (AuditKind.APPROVAL, "ken <github:ken>")
    assert (approval.outcome, approval.why) == ("on GitHub", url)
    assert (rejection.kind, rejection.by) == (AuditKind.REJECTION, "lin <github:lin>")
