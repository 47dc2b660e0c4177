"""What a proposal to an application's repository is held to, on each hub."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
import pytest

from jupyter_mlcd.model.delivery import DeliveryState
from jupyter_mlcd.model.target import ApplicationTable
from jupyter_mlcd.plugins import target_class
from jupyter_mlcd.ports import NotesTarget
from jupyter_mlcd.targets.application import open_application
from jupyter_mlcd.targets.application_git import GitApplication
from jupyter_mlcd.targets.proposed import branch_of
from jupyter_mlcd.targets.pull_request import PullRequest
from jupyter_mlcd.targets.pull_request_azure import AzurePullRequest
from jupyter_mlcd.targets.pull_request_github import GitHubPullRequest
from jupyter_mlcd.targets.pull_request_gitlab import GitLabPullRequest
from tests.targets.parcels import parcel
from tests.targets.stand_in.applications import APPLICATIONS
from tests.targets.stand_in.kinds import Kind, Opened, site_of
from tests.targets.stand_in.pull_requests import FILE, TEXT, Repository
from tests.targets.stand_in.server import SECRET, Fault

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from jupyter_mlcd.ports import Parcel, PipelineTarget, Target, TargetAnswer

LOST = Fault("reset", does=True)
NEW = TEXT.replace('version: "0.0.9"', 'version: "0.1.0"')


@pytest.fixture(params=APPLICATIONS)
def kind(request: pytest.FixtureRequest) -> Kind:
    return APPLICATIONS[request.param]


def patience(patch: pytest.MonkeyPatch, seconds: float) -> None:
    """Let a page wait so long for what a file says."""
    patch.setattr("jupyter_mlcd.targets.in_time.PATIENCE", seconds)
    patch.setattr("jupyter_mlcd.targets.pull_request.PATIENCE", seconds)


@pytest.fixture(autouse=True)
def _patient(monkeypatch: pytest.MonkeyPatch) -> None:
    patience(monkeypatch, 30.0)  # a machine at work is slow


@pytest.fixture
def here(kind: Kind, tmp_path: Path) -> Iterator[Opened]:
    with kind.opened(tmp_path / "store") as opened:
        yield opened
        assert opened.server.violations == []


def shop(here: Opened) -> Repository:
    assert isinstance(here.vendor, Repository)
    return here.vendor


def look(here: Opened, answer: TargetAnswer) -> TargetAnswer:
    found = here.target.look_up(after(here.parcel, answer))
    assert found is not None
    return found


def after(parcel: Parcel, answer: TargetAnswer) -> Parcel:
    return msgspec.structs.replace(parcel, ticket=answer.ticket)


def not_waiting(here: Opened, kind: Kind) -> Target:
    made = kind.make(here.server, here.target.site)  # type: ignore[attr-defined]
    made.table = msgspec.structs.replace(made.table, wait=False)  # type: ignore[attr-defined]
    return made


def test_it_is_found_by_its_kind() -> None:
    assert target_class("application") is open_application


def test_the_line_is_shown_as_it_is_and_as_it_will_be(here: Opened) -> None:
    sentences, commands = here.target.preview(here.parcel)
    assert sentences[0] == "Pushes tag **v0.1.0** and the evidence to **origin**."
    assert f"Changes line 3 of **{FILE}** in " in sentences[1]
    assert '`version: "0.0.9"   # set by deliveries` becomes `version: "0.1.0"' in sentences[1]
    assert f"one commit of it on **{branch_of(here.parcel)}**" in sentences[2]
    assert "delivered when a person merges" in sentences[3]
    assert commands[1] == f"git switch --create {branch_of(here.parcel)} origin/main"
    assert {one.method for one in here.server.asked} == {"GET"}
    assert SECRET not in "".join((*sentences, *commands))


def test_the_request_that_opens_it_is_shown_before(here: Opened) -> None:
    _, commands = here.target.preview(here.parcel)
    here.target.dispatch(here.parcel)
    sent = [one for one in here.server.asked if one.method == "POST"][-1]
    assert here.server.url + sent.path in commands[-1]
    assert here.parcel.key in commands[-1]


def test_a_server_that_hangs_keeps_no_page_waiting(
    here: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    patience(monkeypatch, 0.2)
    here.server.fault, here.server.faulty = Fault("hang"), lambda _: True
    sentences, commands = here.target.preview(here.parcel)
    assert "cannot be read" in sentences[-1]
    assert "delivery rehearse production" in sentences[-1] or "lost" in sentences[-1]
    assert commands


def test_one_commit_on_a_branch_of_its_own_changes_one_line(here: Opened) -> None:
    answer = here.target.dispatch(here.parcel)
    assert answer.state is DeliveryState.DISPATCHED, answer.reason
    branch = branch_of(here.parcel)
    assert branch == f"mlcd/digits-0.1.0-production-{here.parcel.key[:8]}"
    assert shop(here).branches == {"main": [TEXT], branch: [TEXT, NEW]}
    assert "delivered once it is merged" in answer.reason
    assert answer.ticket["url"].startswith("http")


def test_what_it_is_for_stands_in_it(here: Opened) -> None:
    here.target.dispatch(here.parcel)
    given = here.vendor.last.given
    assert given["title"] == "digits 0.1.0 for production"
    body = given.get("body") or given["description"]
    assert here.parcel.key in body[:400]
    assert here.parcel.release.digest in body
    assert "https://github.com/us/digits/tree/mlcd/evidence/releases/digits/0.1.0" in body


def test_the_release_notes_are_its_text_and_name_no_work_item_there(here: Opened) -> None:
    notes = "# digits 0.1.0\n\n- fixes #12, GH-7 and !3\n/close\n- https://example.org/n#12\n"
    noted = msgspec.structs.replace(here.parcel, notes=notes)
    here.target.dispatch(noted)
    given = here.vendor.last.given
    body = given.get("body") or given["description"]
    lines = body.replace("\u2060", "").splitlines()
    assert [one for one in notes.splitlines() if one not in lines] == []
    assert "- https://example.org/n#12" in body
    for word in ("#12,", "GH-7", "!3", "\n/close", "| score"):
        assert word not in body
    assert isinstance(here.target, NotesTarget)
    assert here.target.published_text(noted) == body


def test_notes_that_are_too_long_are_cut_at_a_line_and_that_is_said(here: Opened) -> None:
    assert isinstance(here.target, PullRequest)
    line = "- a score of \N{PARTY POPPER}\n"
    notes = f"```\n{line * (1 + here.target.most_letters // len(line))}```\n"
    noted = msgspec.structs.replace(here.parcel, notes=notes)
    here.target.dispatch(noted)
    given = here.vendor.last.given
    body = given.get("body") or given["description"]
    room = here.target.most_letters
    assert room - 100 < len(body.encode("utf-16-le")) // 2 <= room
    said = f"*Cut here: {here.target.system} takes no longer text. All of it: "
    assert f"{line}```\n\n{said}`jupyter mlcd release-notes 0.1.0 --for production`*\n" in body
    assert body.endswith("evidence verify 0.1.0 --for production")


def test_it_is_delivered_when_somebody_merges_it(here: Opened) -> None:
    answer = here.target.dispatch(here.parcel)
    here.vendor.last.stage = 1
    assert look(here, answer).state is DeliveryState.DISPATCHED
    here.vendor.end()
    assert look(here, answer).state is DeliveryState.DELIVERED
    here.vendor.last.stage = 0
    assert look(here, look(here, answer)).state is DeliveryState.DISPATCHED


def test_it_is_cancelled_when_somebody_closes_it(here: Opened, kind: Kind) -> None:
    answer = here.target.dispatch(here.parcel)
    here.vendor.end(kind.cancelled)
    found = look(here, answer)
    assert found.state is DeliveryState.CANCELLED
    assert found.reason.endswith(f"is {kind.cancelled}")


def test_stopping_it_closes_it(here: Opened) -> None:
    answer = here.target.dispatch(here.parcel)
    stopped = here.pipeline.cancel(after(here.parcel, answer))
    assert stopped.state is DeliveryState.CANCELLED, stopped.reason


def test_where_nobody_waits_it_is_delivered_as_soon_as_it_is_open(here: Opened, kind: Kind) -> None:
    target = not_waiting(here, kind)
    assert "counts as delivered then" in target.preview(here.parcel)[0][-1]
    assert target.dispatch(here.parcel).state is DeliveryState.DELIVERED


def test_the_same_key_twice_is_one_proposal(here: Opened) -> None:
    here.target.dispatch(here.parcel)
    again = here.target.dispatch(here.parcel)
    assert again.state is DeliveryState.DISPATCHED
    assert here.vendor.count(here.parcel.key) == 1


def test_another_attempt_is_another_branch(here: Opened, kind: Kind) -> None:
    here.target.dispatch(here.parcel)
    here.vendor.end(kind.cancelled)
    other = msgspec.structs.replace(here.parcel, key="d" * 32)
    assert here.target.look_up(other) is None
    assert here.target.dispatch(other).state is DeliveryState.DISPATCHED
    assert [one.key for one in here.vendor.begun] == [here.parcel.key, other.key]


def test_a_lost_answer_is_unknown_and_found_by_our_key(here: Opened) -> None:
    here.server.fault = LOST
    assert here.target.dispatch(here.parcel).state is DeliveryState.UNKNOWN
    here.server.fault = None
    found = here.target.look_up(here.parcel)
    assert found is not None
    assert found.state is DeliveryState.DISPATCHED
    assert here.vendor.count(here.parcel.key) == 1


def test_where_the_branch_cannot_be_written_nothing_is_opened(here: Opened) -> None:
    here.server.fault = Fault("403", 403)
    here.server.faulty = lambda route: route.method != "GET"
    answer = here.target.dispatch(here.parcel)
    assert answer.state is DeliveryState.REFUSED
    assert "Nothing was started" in answer.reason
    assert here.vendor.begun == []


def test_a_branch_that_is_there_is_never_replaced(here: Opened) -> None:
    shop(here).branches[branch_of(here.parcel)] = [TEXT, "hers"]
    assert here.target.dispatch(here.parcel).state is DeliveryState.REFUSED
    assert shop(here).branches[branch_of(here.parcel)] == [TEXT, "hers"]


def test_a_file_that_says_so_already_needs_no_proposal(here: Opened) -> None:
    shop(here).branches["main"].append(NEW)
    assert "says so already" in here.target.preview(here.parcel)[0][1]
    answer = here.target.dispatch(here.parcel)
    assert answer.state is DeliveryState.DELIVERED
    assert here.vendor.begun == []


def test_a_file_without_the_key_is_refused_and_doctor_says_so(here: Opened) -> None:
    shop(here).branches["main"].append("model: 3\n")
    answer = here.target.dispatch(here.parcel)
    assert answer.state is DeliveryState.REFUSED
    words = f"{FILE} has no text at model.version"
    assert words in answer.reason
    assert words in here.target.preview(here.parcel)[0][-1]
    assert words in here.pipeline.diagnose()[-1].words


def test_doctor_asks_for_rights_and_file_and_writes_nothing(here: Opened) -> None:
    checks = here.pipeline.diagnose()
    assert [one.name for one in checks] == ["settings", "key", "repository", "file"]
    assert all(one.ok for one in checks), checks
    assert {one.method for one in here.server.asked} == {"GET"}


def test_a_key_that_may_only_read_is_told_by_doctor(here: Opened, kind: Kind) -> None:
    shop(here).may_write = False
    told = [one.words for one in here.pipeline.diagnose() if not one.ok]
    # Azure DevOps does not say who may push.
    assert told == (
        [] if "azure" in kind.name else ["the key may read us/shop and not write to it"]
    )


def test_a_rehearsal_says_the_line_and_writes_nothing(here: Opened) -> None:
    assert "Changes line 3" in here.pipeline.rehearse(here.parcel)[0]
    assert {one.method for one in here.server.asked} == {"GET"}


def test_without_a_key_nothing_is_asked(here: Opened, kind: Kind, tmp_path: Path) -> None:
    target = kind.make(here.server, site_of(tmp_path, "https://elsewhere.example"))
    assert "there is no key for" in "".join(target.check())
    assert FILE in "".join(target.preview(here.parcel)[0])
    assert target.dispatch(here.parcel).state is DeliveryState.REFUSED
    assert here.server.asked == []


@pytest.mark.parametrize(
    ("repository", "hub", "made"),
    [
        ("us/shop", "", GitHubPullRequest),
        ("https://github.com/us/shop.git", "", GitHubPullRequest),
        ("git@gitlab.example.org:us/shop.git", "", GitLabPullRequest),
        ("https://dev.azure.com/contoso/us/_git/shop", "", AzurePullRequest),
        ("https://git.example.org/us/shop.git", "", GitApplication),
        ("https://git.example.org/us/shop.git", "gitlab", GitLabPullRequest),
        ("https://github.com/us/shop.git", "git", GitApplication),
    ],
)
def test_the_address_tells_how_it_is_proposed(
    repository: str, hub: str, made: type[PipelineTarget], tmp_path: Path
) -> None:
    table = ApplicationTable(repository, FILE, "model.version", hub=hub)  # type: ignore[arg-type]
    found = open_application(table, site_of(tmp_path, "https://elsewhere.example"))
    assert type(found) is made
    assert "shop" in found.describe()


@pytest.mark.parametrize(
    ("repository", "words"),
    [
        ("us/..", "us/.. is not the name of a repository"),
        ("shop", "it is not known which repository on github is meant"),
    ],
)
def test_a_name_that_leads_nowhere_is_said_and_nothing_is_sent(
    repository: str, words: str, here: Opened
) -> None:
    table = ApplicationTable(repository, FILE, "model.version")
    target = open_application(table, here.target.site)  # type: ignore[attr-defined]
    assert words in "".join(target.check())
    assert words in target.preview(here.parcel)[0][-1]
    assert target.dispatch(here.parcel).state is DeliveryState.REFUSED
    assert here.server.asked == []


def test_two_dots_in_a_name_make_no_bad_branch(tmp_path: Path) -> None:
    odd = msgspec.structs.replace(parcel(tmp_path), environment="a..b")
    assert branch_of(odd).startswith("mlcd/digits-0.1.0-a-b-")
