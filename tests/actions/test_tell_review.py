from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from jupyter_mlcd.actions.prepare_release import prepare_release
from jupyter_mlcd.actions.review_release import ask_review
from jupyter_mlcd.actions.tell_review import tell_review
from jupyter_mlcd.model.errors import HubError, RefusedError
from jupyter_mlcd.model.hub import HubChange, TellPlace, Told
from jupyter_mlcd.ports import Sharing
from jupyter_mlcd.testing import FakeDesk, FakeHub, FakeWebhook
from tests.actions.days import quality_ran

if TYPE_CHECKING:
    from pathlib import Path

CONFIG = """
[project]
name = "digits"
[suites.quality]
[[suites.quality.notebooks]]
path = "train.ipynb"
produces = ["model.joblib"]
[environments.production]
[hubs.github]
repository = "us/digits"
"""
OPEN = HubChange(12, "https://hub.example/12", "d" * 40)
CLOSED = HubChange(11, "https://hub.example/11", "d" * 40, is_open=False)
PULL, ITEM, HOOK = TellPlace.PULL_REQUEST, TellPlace.WORK_ITEM, TellPlace.WEBHOOK


@pytest.fixture
def hub() -> FakeHub:
    return FakeHub(open=[CLOSED, OPEN])


@pytest.fixture
def made(tmp_path: Path, hub: FakeHub) -> FakeDesk:
    (tmp_path / "train.ipynb").write_text("{}")
    made = FakeDesk(tmp_path, CONFIG, hub=hub)
    quality_ran(made)
    ask_review(made.desk, "production", ["Ken <ken@example.org>"], why="Better for @7s\n<b>now</b>")
    return made


def test_it_is_told_below_the_open_pull_request(made: FakeDesk, hub: FakeHub) -> None:
    assert tell_review(made.desk, "", [PULL]) == (Told("pull request 12", f"{OPEN.url}#1"),)
    ((where, text),) = hub.told
    assert where == "change 12"
    assert "asks Ken to review digits 0.1.0 for production" in text
    assert "jupyter mlcd review show 0.1.0" in text


def test_no_address_and_no_mention_leaves_with_it(made: FakeDesk, hub: FakeHub) -> None:
    tell_review(made.desk, "", [PULL])
    ((_, text),) = hub.told
    assert "example.org" not in text
    assert "@7s" not in text
    assert "<b>" not in text


def test_who_has_no_name_is_told_without_her_address(made: FakeDesk, hub: FakeHub) -> None:
    made.by = "mara@example.org"
    ask_review(made.desk, "production", ["ken@example.org"])
    made.webhook = hook = FakeWebhook()
    tell_review(made.desk, "", [PULL, HOOK])
    assert "example.org" not in repr((hub.told, hook.sent))
    assert "mara asks ken to review" in hub.told[0][1]


def test_where_nothing_was_told_it_says_why(made: FakeDesk, hub: FakeHub) -> None:
    hub.open = [CLOSED]
    told = tell_review(made.desk, "", [PULL, ITEM, HOOK])
    assert [(one.where, one.problem) for one in told] == [
        ("pull request", f"no open one holds {made.desk.snapshot().commit[:7]}"),
        ("work item", "the commits name none"),
        (
            "webhook",
            'mlcd.toml names no webhook. Add webhook = "https://..." to [review] there.',
        ),
    ]


def test_what_fails_in_one_place_does_not_stop_the_others(made: FakeDesk, hub: FakeHub) -> None:
    hub.problem = HubError("api.example.org cannot be reached")
    made.webhook = FakeWebhook()
    told = tell_review(made.desk, "", [PULL, HOOK])
    assert [one.problem for one in told] == ["api.example.org cannot be reached", ""]


def test_a_webhook_gets_what_every_receiver_reads(made: FakeDesk) -> None:
    made.webhook = hook = FakeWebhook()
    tell_review(made.desk, "", [HOOK])
    tell_review(made.desk, "", [HOOK])
    names = {name for name, _ in hook.sent}
    assert len(names) == 1
    body: Any = hook.sent[0][1]
    assert body["type"] == "mlcd.review.asked"
    assert body["data"]["version"] == "0.1.0"
    assert body["data"]["people"] == ["Ken"]
    assert body["text"].startswith("Mara")


def test_a_repository_on_no_hub_is_said(made: FakeDesk) -> None:
    made.config = made.config.partition("[hubs")[0]
    made.worktree.shared = Sharing(url="/srv/git/digits.git")
    (told,) = tell_review(made.desk, "", [PULL])
    assert told.problem == (
        "/srv/git/digits.git is not on GitHub, GitLab or Azure DevOps. "
        "If it is, on a server of your own, add [hubs.NAME] to mlcd.toml."
    )


def test_nobody_is_told_before_somebody_is_asked(tmp_path: Path, hub: FakeHub) -> None:
    (tmp_path / "train.ipynb").write_text("{}")
    made = FakeDesk(tmp_path, CONFIG, hub=hub)
    quality_ran(made)
    prepare_release(made.desk)
    with pytest.raises(RefusedError, match=r"nobody was asked to review 0\.1\.0"):
        tell_review(made.desk, "", [PULL])
    assert hub.told == []
