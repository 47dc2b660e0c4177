from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from jupyter_mlcd.actions.deliver import deliver
from jupyter_mlcd.actions.follow_delivery import follow_delivery
from jupyter_mlcd.actions.preview_delivery import preview_delivery, preview_roll_back
from jupyter_mlcd.actions.roll_back import roll_back
from jupyter_mlcd.model.delivery import Delivery, DeliveryState, Given
from jupyter_mlcd.model.errors import HubError
from jupyter_mlcd.model.event import WorkItemsTold
from jupyter_mlcd.model.hub import HubKind, Told
from jupyter_mlcd.ports import Sharing
from jupyter_mlcd.testing import FakeDesk, FakeHub, FakePipeline, FakeTarget
from tests.actions.days import change_committed, quality_ran

if TYPE_CHECKING:
    from pathlib import Path

    from jupyter_mlcd.ports import Hub

CONFIG = """
[project]
name = "digits"
[suites.quality]
[[suites.quality.notebooks]]
path = "train.ipynb"
produces = ["model.joblib"]
[environments.production]
tell-work-items = true
"""
AWAY = HubError("api.example.org cannot be reached", code="hub-unreachable")
LOST = HubError("api.example.org was reached, and its answer was lost", code="hub-lost")


@dataclass
class LosingHub(FakeHub):
    """Writes what it is told, and its answer is lost on the way."""

    def comment_issue(self, issue: str, text: str) -> str:
        super().comment_issue(issue, text)
        raise LOST


@pytest.fixture
def hub() -> FakeHub:
    return FakeHub()


@pytest.fixture
def made(tmp_path: Path, hub: FakeHub) -> FakeDesk:
    (tmp_path / "train.ipynb").write_text("{}")
    made = FakeDesk(tmp_path, CONFIG, hub=hub)
    made.worktree.shared = Sharing(url="https://github.com/us/digits.git")
    quality_ran(made)
    return made


def delivered(made: FakeDesk, *issues: str, why: str = "") -> Delivery:
    return deliver(made.desk, "production", given=Given(why, issues))


def next_change(made: FakeDesk, message: str) -> None:
    """Commit and test a change whose message may name work items."""
    change_committed(made, 2)
    made.worktree.messages["a" * 40] = (message,)
    quality_ran(made, 0.97)


def noted(made: FakeDesk) -> list[WorkItemsTold]:
    return [one.body for one in made.ledger.written if isinstance(one.body, WorkItemsTold)]


def test_each_work_item_is_told_once_that_it_is_live(made: FakeDesk, hub: FakeHub) -> None:
    found = delivered(made, "#12", "them/data#8")
    assert found.state is DeliveryState.DELIVERED
    assert [where for where, _ in hub.told] == ["#12", "them/data#8"]
    assert hub.told[0][1].startswith("Digits 0.1.0 is live in production.\n")
    assert found.key in hub.told[0][1]
    assert found.told[0] == Told("#12", "https://example.org/issues/12")
    follow_delivery(made.desk, found.key)
    assert len(hub.told) == 2
    assert len(noted(made)) == 1


def test_those_that_the_commits_name_are_told_and_shown_before(
    made: FakeDesk, hub: FakeHub
) -> None:
    delivered(made)
    next_change(made, "Better sevens\n\nFixes #7")
    page = preview_delivery(made.desk, "production")
    sentence = "Writes to work item **#7**: digits 0.2.0 is live in production."
    assert sentence in page.steps
    assert page.steps[-1] == "Writes the same to work items that you name with it."
    assert hub.told == []
    assert sentence in delivered(made).steps
    assert [where for where, _ in hub.told] == ["#7"]


def test_without_the_key_nobody_is_told_and_nothing_is_announced(
    made: FakeDesk, hub: FakeHub
) -> None:
    made.config = CONFIG.replace("tell-work-items = true", "")
    assert not any("work item" in step for step in preview_delivery(made.desk, "production").steps)
    assert delivered(made, "#12").told == ()
    assert hub.told == []


def test_a_roll_back_is_told_to_those_of_what_it_takes_away(made: FakeDesk, hub: FakeHub) -> None:
    delivered(made)
    next_change(made, "Better sevens (#7)")
    delivered(made)
    words = "digits 0.2.0 was rolled back in production: 0.1.0 is live again"
    page = preview_roll_back(made.desk, "production")
    assert f"Writes to work item **#7**: {words}." in page.steps
    roll_back(made.desk, "production", given=Given("Ask @ken\n/close", ("#9",)))
    assert [where for where, _ in hub.told] == ["#7", "#9", "#7"]
    text = hub.told[-1][1]
    assert text.startswith(f"D{words[1:]}.\n")
    assert "@ken" not in text
    assert "\n/close" not in text


def test_what_goes_wrong_fails_no_delivery_and_is_tried_again(made: FakeDesk, hub: FakeHub) -> None:
    hub.problem = AWAY
    found = delivered(made, "#12", "#13")
    assert found.state is DeliveryState.DELIVERED
    assert {one.problem for one in found.told} == {AWAY.message}
    follow_delivery(made.desk, found.key)
    assert len(noted(made)) == 1  # the same words are not kept twice
    hub.problem = None
    found = follow_delivery(made.desk, found.key)
    assert [one.problem for one in found.told] == ["", ""]
    assert [where for where, _ in hub.told] == ["#12", "#13"]


def test_a_server_that_does_not_answer_is_asked_once(made: FakeDesk) -> None:
    asked = []

    class AwayHub(FakeHub):
        def has_comment(self, issue: str, words: str, since: str) -> bool:
            asked.append((issue, words, since))
            raise AWAY

    made.hub = AwayHub()
    assert len(delivered(made, "#12", "#13", "#14").told) == 3
    assert len(asked) == 1


def test_a_comment_whose_answer_was_lost_is_not_written_twice(made: FakeDesk) -> None:
    made.hub = losing = LosingHub()
    found = delivered(made, "#12")
    assert found.told[0].problem
    made.hub = hub = FakeHub(told=losing.told)
    found = follow_delivery(made.desk, found.key)
    assert found.told == (Told("#12", "https://github.com/us/digits/issues/12"),)
    assert len(hub.told) == 1


def test_it_is_told_when_it_is_live_and_not_before(made: FakeDesk, hub: FakeHub) -> None:
    system = made.targets["production"] = FakePipeline()
    found = delivered(made, "#12")
    assert found.state is DeliveryState.DISPATCHED
    assert hub.told == []
    system.state, system.word = DeliveryState.DELIVERED, "success"
    assert follow_delivery(made.desk, found.key).told[0].url
    assert len(hub.told) == 1


def test_what_was_refused_is_told_to_nobody(made: FakeDesk, hub: FakeHub) -> None:
    made.targets["production"] = FakeTarget(DeliveryState.REFUSED)
    assert delivered(made, "#12").state is DeliveryState.REFUSED
    assert hub.told == []


def test_a_repository_on_no_hub_is_said(made: FakeDesk) -> None:
    made.worktree.shared = Sharing(url="/srv/git/digits.git")
    (told,) = delivered(made, "#12").told
    assert "is not on GitHub, GitLab or Azure DevOps" in told.problem


def test_a_work_item_of_azure_boards_is_told_there(made: FakeDesk) -> None:
    asked: list[HubKind] = []

    def hub_of(kind: HubKind) -> Hub:
        asked.append(kind)
        return made.hub

    made.config = f"{CONFIG}[hubs.azure-devops]\nrepository = 'contoso/digits/digits'\n"

    desk = made.desk
    object.__setattr__(desk, "hub", hub_of)
    deliver(desk, "production", given=Given("", ("#12", "AB#34")))
    assert asked == [HubKind.GITHUB, HubKind.AZURE_DEVOPS]
