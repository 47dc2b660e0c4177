from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
import pytest

from jupyter_mlcd.actions.collect_approvals import collect_approvals
from jupyter_mlcd.actions.deliver import deliver
from jupyter_mlcd.actions.examine import examine
from jupyter_mlcd.actions.sign_review import approve
from jupyter_mlcd.model.approval import HubApproval
from jupyter_mlcd.model.delivery import DeliveryState
from jupyter_mlcd.model.errors import GateError, HubError, UsageError
from jupyter_mlcd.model.hub import HubKind, Opinion
from jupyter_mlcd.model.review import EntryKind, Seen
from jupyter_mlcd.testing import FakeDesk, FakeHub
from tests.actions.days import quality_ran
from tests.actions.people import somebody

if TYPE_CHECKING:
    from pathlib import Path

    from jupyter_mlcd.model.review_page import ReviewPage

CONFIG = """
[project]
name = "digits"
[suites.quality]
[[suites.quality.notebooks]]
path = "train.ipynb"
produces = ["model.joblib"]
[environments.production]
approvals = 1
approvals-from = "github"
"""
KEN = Opinion(
    key="review 1",
    account="ken",
    is_yes=True,
    at="2026-11-01T10:00:00Z",
    url="https://hub.example/12#1",
    head="d" * 40,
    is_same_tree=True,
)


def opinion(**other: object) -> Opinion:
    return msgspec.structs.replace(KEN, **other)


@pytest.fixture
def hub() -> FakeHub:
    return FakeHub(said=[KEN])


@pytest.fixture
def made(tmp_path: Path, hub: FakeHub) -> FakeDesk:
    """Return a project whose version Ken approved on GitHub."""
    (tmp_path / "train.ipynb").write_text("{}")
    made = FakeDesk(tmp_path, CONFIG, hub=hub)
    quality_ran(made)
    return made


def asks_for(made: FakeDesk, more: str) -> None:
    made.config = made.config.replace("approvals = 1", more)


def fault(made: FakeDesk) -> str:
    """Return why it is not delivered: the reason that the last thing said gives."""
    desk = made.desk
    found = examine(desk, "production", snapshot=desk.snapshot(), history=desk.history)
    return found.reasons[-1].code if found.reasons else ""


def collected(made: FakeDesk) -> ReviewPage:
    return collect_approvals(made.desk, "production")


# ------------------------------------------------------------------------------------ it counts


def test_a_yes_on_the_hub_counts_and_is_kept(made: FakeDesk) -> None:
    page = collected(made)
    (entry,) = page.entries
    assert (entry.kind, entry.hub, entry.url) == (EntryKind.APPROVED, HubKind.GITHUB, KEN.url)
    assert entry.by == "ken <github:ken>"
    assert fault(made) == ""
    kept = made.ledger.content[f"releases/digits/0.1.0/hub-approvals/{entry.id}.json"]
    assert msgspec.json.decode(kept, type=HubApproval).commit == KEN.head


def test_it_is_asked_for_before_a_delivery_and_nobody_says_yes_twice(made: FakeDesk) -> None:
    assert deliver(made.desk, "production").state is DeliveryState.DELIVERED


def test_asking_again_writes_nothing(made: FakeDesk) -> None:
    collected(made)
    before = len(made.ledger.written)
    collected(made)
    assert len(made.ledger.written) == before


def test_one_person_with_an_account_and_a_key_is_one(made: FakeDesk, tmp_path: Path) -> None:
    ken = somebody(tmp_path, "Ken")
    made.signers = ken.line().replace(b"ken@", b"github:ken,ken@", 1)
    asks_for(made, "approvals = 2")
    collected(made)
    ken.sits(made)
    page = approve(made.desk, Seen("0.1.0", "production"))
    (state,) = page.environments
    assert state.approval is not None
    assert state.approval.reason.startswith("1 of 2")


def test_without_a_key_and_with_one_two_people_are_two(made: FakeDesk, tmp_path: Path) -> None:
    lin = somebody(tmp_path, "Lin")
    made.signers = lin.line()
    asks_for(made, "approvals = 2")
    collected(made)
    lin.sits(made)
    approve(made.desk, Seen("0.1.0", "production"))
    assert fault(made) == ""


# ------------------------------------------------------------------------------- it does not count


def test_what_the_hub_says_no_more_is_taken_back(made: FakeDesk, hub: FakeHub) -> None:
    collected(made)
    hub.said = []
    (entry,) = collected(made).entries
    assert entry.taken_back_why == "GitHub does not say it any more"
    assert fault(made) == "withdrawn"


def test_a_yes_that_is_gone_stops_the_delivery(made: FakeDesk, hub: FakeHub) -> None:
    collected(made)
    hub.said = []
    with pytest.raises(GateError, match="production asks for 1 approval, there are 0"):
        deliver(made.desk, "production")


def test_nothing_is_delivered_while_the_hub_cannot_be_asked(made: FakeDesk, hub: FakeHub) -> None:
    collected(made)
    hub.problem = HubError("api.example.org cannot be reached", code="hub-unreachable")
    with pytest.raises(HubError, match="cannot be reached"):
        deliver(made.desk, "production")


def test_a_yes_to_other_files_does_not_count(made: FakeDesk, hub: FakeHub) -> None:
    hub.said = [opinion(is_same_tree=False)]
    collected(made)
    assert fault(made) == "other-bytes"


def test_a_request_for_changes_on_the_hub_stands_in_the_way(made: FakeDesk, hub: FakeHub) -> None:
    hub.said = [KEN, opinion(key="review 2", account="lin", is_yes=False)]
    collected(made)
    assert fault(made) == "changes-requested"
    hub.said = [KEN, opinion(key="review 3", account="lin")]
    collected(made)
    assert fault(made) == ""


def test_an_old_yes_expires(made: FakeDesk) -> None:
    asks_for(made, 'approvals = 1\napprovals-expire = "1d"')
    collected(made)
    assert fault(made) == "expired"


def test_a_yes_does_not_outlive_the_rules(made: FakeDesk) -> None:
    collected(made)
    made.config += "separation-of-duties = false\n[hubs.github]\nrepository = 'us/other'\n"
    assert fault(made) == "rules-changed"


def test_approvals_of_a_hub_that_is_not_named_do_not_count(made: FakeDesk) -> None:
    collected(made)
    made.config = made.config.replace('"github"', '"gitlab"')
    assert fault(made) == "other-hub"


@pytest.mark.parametrize("tampered", [{"is_same_tree": True}, {"account": "lin"}])
def test_what_somebody_else_wrote_into_the_history_does_not_count(
    made: FakeDesk, hub: FakeHub, tampered: dict[str, object]
) -> None:
    hub.said = [opinion(is_same_tree=False)]
    (entry,) = collected(made).entries
    path = f"releases/digits/0.1.0/hub-approvals/{entry.id}.json"
    kept = msgspec.json.decode(made.ledger.content[path], type=HubApproval)
    made.ledger.content[path] = msgspec.structs.replace(kept, **tampered).to_bytes()
    page = collected(made)
    assert [one.taken_back != "" for one in page.entries] == [True, False]
    assert fault(made) == "other-bytes"


# -------------------------------------------------------------------------------- separate duties


@pytest.fixture
def separate(made: FakeDesk) -> FakeDesk:
    asks_for(made, "approvals = 1\nseparation-of-duties = true")
    made.worktree.authors = frozenset({"Ann <ann@example.org>"})
    return made


def test_who_wrote_it_is_known_by_the_account_of_the_commits(
    separate: FakeDesk, hub: FakeHub
) -> None:
    hub.known = {"ann@example.org": "Ken", "mara@example.org": "mara"}
    collected(separate)
    assert fault(separate) == "own-commit"


def test_who_neither_ran_nor_wrote_it_counts(separate: FakeDesk, hub: FakeHub) -> None:
    hub.known = {"ann@example.org": "ann", "mara@example.org": "mara"}
    collected(separate)
    assert fault(separate) == ""


def test_an_account_that_could_be_the_author_does_not_count(
    separate: FakeDesk, hub: FakeHub
) -> None:
    hub.known = {"mara@example.org": "mara"}
    collected(separate)
    assert fault(separate) == "duties-unknown"


def test_a_line_of_the_signers_says_who_an_account_is(separate: FakeDesk, tmp_path: Path) -> None:
    separate.signers = somebody(tmp_path, "Ken").line().replace(b"ken@", b"github:ken,ken@", 1)
    collected(separate)
    assert fault(separate) == ""


# ------------------------------------------------------------------------------------- questions


def test_a_hub_is_asked_only_where_it_counts(made: FakeDesk, hub: FakeHub) -> None:
    made.config = made.config.replace('approvals-from = "github"\n', "")
    with pytest.raises(UsageError, match="asks no hub for approvals") as caught:
        collected(made)
    assert "approvals-from" in caught.value.hint
    hub.problem = HubError("it is asked")
    with pytest.raises(GateError):
        deliver(made.desk, "production")
