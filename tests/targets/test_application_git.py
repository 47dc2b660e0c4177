"""A version that is proposed to an application on a plain git server."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
import pytest

from jupyter_mlcd.model.delivery import DeliveryState
from jupyter_mlcd.model.target import ApplicationTable
from jupyter_mlcd.ports import Parcel, Site
from jupyter_mlcd.targets.application_git import GitApplication
from jupyter_mlcd.targets.proposed import branch_of
from jupyter_mlcd.testing import FakeRemote
from tests.targets.parcels import parcel
from tests.world.repositories import GIT_CONFIG, Repository

if TYPE_CHECKING:
    from pathlib import Path

    from jupyter_mlcd.ports import TargetAnswer

FILE, OLD, NEW = "requirements.txt", "digits==0.0.9\n", "digits==0.1.0\n"


@pytest.fixture(autouse=True)
def _own_git_configuration(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path_factory.mktemp("home")
    (home / ".gitconfig").write_text(f'{GIT_CONFIG}[protocol "file"]\nallow = always\n')
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    monkeypatch.delenv("XDG_CONFIG_HOME", raising=False)
    monkeypatch.setattr("jupyter_mlcd.targets.in_time.PATIENCE", 30.0)


@pytest.fixture
def shop(tmp_path: Path) -> Repository:
    """The application as somebody has cloned it, with a bare server behind."""
    server = Repository.init(tmp_path / "shop.git", "--bare")
    made = Repository.init(tmp_path / "shop")
    made.write("run.sh", "exit 0\n").chmod(0o755)
    made.write(FILE, OLD)
    made.commit("first")
    made.git("remote", "add", "origin", str(server.folder))
    made.git("push", "--quiet", "origin", "HEAD:main")
    return made


@pytest.fixture
def target(shop: Repository) -> GitApplication:
    return target_of(shop)


@pytest.fixture
def first(tmp_path: Path) -> Parcel:
    return parcel(tmp_path / "store")


def target_of(shop: Repository, **table: str | bool) -> GitApplication:
    address = shop.git("remote", "get-url", "origin")
    given = {"file": FILE, "pattern": "digits=={version}", **table}
    site = Site(shop.folder, lambda _: FakeRemote(), lambda _: None)
    return GitApplication(ApplicationTable(address, **given), site)  # type: ignore[arg-type]


def merge(shop: Repository, branch: str) -> None:
    shop.git("fetch", "--quiet", "origin")
    shop.git("merge", "--quiet", "--no-ff", "-m", "merged", f"origin/{branch}")
    shop.git("push", "--quiet", "origin", "HEAD:main")


def look(target: GitApplication, parcel: Parcel, answer: TargetAnswer) -> TargetAnswer:
    found = target.look_up(msgspec.structs.replace(parcel, ticket=answer.ticket))
    assert found is not None
    return found


def test_the_release_notes_are_the_message_of_the_commit(
    target: GitApplication, first: Parcel, shop: Repository
) -> None:
    noted = msgspec.structs.replace(first, notes="# digits 0.1.0\n\n- fixes #12\n")
    target.dispatch(noted)
    shop.git("fetch", "--quiet", "origin", branch_of(first))
    said = shop.git("log", "-1", "--format=%B", "FETCH_HEAD")
    assert said.startswith("digits 0.1.0 for production\n\n# digits 0.1.0\n\n- fixes #\u206012\n\n")
    assert said.strip() == target.published_text(noted).strip()
    trailers = shop.git("log", "-1", "--format=%(trailers:key=mlcd,valueonly)", "FETCH_HEAD")
    assert trailers.strip() == first.key


def test_the_line_is_shown_as_it_is_and_as_it_will_be(
    target: GitApplication, first: Parcel, shop: Repository
) -> None:
    sentences, commands = target.preview(first)
    assert "Changes line 1 of **requirements.txt**" in sentences[1]
    assert "`digits==0.0.9` becomes `digits==0.1.0`" in sentences[1]
    assert "Plain git has no pull requests" in sentences[3]
    assert commands[1].startswith("git clone --branch main ")
    assert commands[-1] == f"git push origin {branch_of(first)}"
    assert shop.git("ls-remote", "--heads", "origin").count("\n") == 0


def test_one_commit_that_changes_one_line_is_pushed(
    target: GitApplication, first: Parcel, shop: Repository
) -> None:
    answer = target.dispatch(first)
    assert answer.state is DeliveryState.DISPATCHED, answer.reason
    assert branch_of(first) in answer.ticket["waits-for"]
    shop.git("fetch", "--quiet", "origin")
    span = f"origin/main..origin/{branch_of(first)}"
    assert shop.git("rev-list", "--count", span) == "1"
    assert shop.git("diff", "--stat", span.replace("..", "...")).endswith("+), 1 deletion(-)")
    assert shop.git("show", f"origin/{branch_of(first)}:{FILE}") == NEW.strip()
    assert "100755" in shop.git("ls-tree", f"origin/{branch_of(first)}", "run.sh")
    said = shop.git("log", "-1", "--format=%an%n%B", f"origin/{branch_of(first)}")
    assert said.splitlines()[:2] == ["Ada Lovelace", "digits 0.1.0 for production"]
    assert first.key in said


def test_it_is_delivered_when_the_branch_says_so(
    target: GitApplication, first: Parcel, shop: Repository
) -> None:
    answer = target.dispatch(first)
    assert look(target, first, answer).state is DeliveryState.DISPATCHED
    merge(shop, branch_of(first))
    assert look(target, first, answer).state is DeliveryState.DELIVERED
    shop.git("push", "--quiet", "origin", "--delete", branch_of(first))
    assert look(target, first, answer).state is DeliveryState.DELIVERED


def test_it_is_cancelled_when_its_branch_is_removed(
    target: GitApplication, first: Parcel, shop: Repository
) -> None:
    answer = target.dispatch(first)
    ticket = msgspec.structs.replace(first, ticket=answer.ticket)
    stopped = target.cancel(ticket)
    assert stopped.state is DeliveryState.DISPATCHED
    assert f"--delete {branch_of(first)}" in stopped.reason
    shop.git("push", "--quiet", "origin", "--delete", branch_of(first))
    assert look(target, first, answer).state is DeliveryState.CANCELLED


def test_where_nobody_waits_it_is_delivered_when_it_is_pushed(
    first: Parcel, shop: Repository
) -> None:
    target = target_of(shop, wait=False)
    assert target.dispatch(first).state is DeliveryState.DELIVERED
    found = target.look_up(first)
    assert found is not None
    assert found.state is DeliveryState.DELIVERED


def test_the_same_key_twice_is_one_branch(
    target: GitApplication, first: Parcel, shop: Repository
) -> None:
    assert target.look_up(first) is None
    target.dispatch(first)
    before = shop.git("ls-remote", "origin")
    assert target.dispatch(first).state is DeliveryState.DISPATCHED
    assert shop.git("ls-remote", "origin") == before


def test_a_push_that_the_server_declines_changes_nothing(
    target: GitApplication, first: Parcel, shop: Repository, tmp_path: Path
) -> None:
    hook = tmp_path / "shop.git" / "hooks" / "pre-receive"
    hook.write_text("#!/bin/sh\necho not here >&2\nexit 1\n")
    hook.chmod(0o755)
    answer = target.dispatch(first)
    assert answer.state is DeliveryState.REFUSED
    assert "did not take the branch" in answer.reason
    assert branch_of(first) not in shop.git("ls-remote", "origin")


def test_a_file_that_says_so_already_needs_no_branch(
    target: GitApplication, first: Parcel, shop: Repository
) -> None:
    shop.write(FILE, NEW)
    shop.commit()
    shop.git("push", "--quiet", "origin", "HEAD:main")
    assert target.dispatch(first).state is DeliveryState.DELIVERED
    assert branch_of(first) not in shop.git("ls-remote", "origin")


def test_a_server_that_is_gone_leaves_it_unknown(
    target: GitApplication, first: Parcel, tmp_path: Path
) -> None:
    answer = target.dispatch(first)
    (tmp_path / "shop.git").rename(tmp_path / "elsewhere.git")
    assert look(target, first, answer).state is DeliveryState.UNKNOWN
    assert "cannot be read" in target.preview(first)[0][-1]
    assert target.dispatch(first).state is DeliveryState.REFUSED  # nothing was sent by that


def test_doctor_says_whether_file_and_line_are_there(
    target: GitApplication, shop: Repository
) -> None:
    assert list(target.check()) == []
    assert [one.ok for one in target.diagnose()] == [True]
    (missing,) = target_of(shop, file="setup.cfg").diagnose()
    assert "has no file setup.cfg on main" in missing.words


def test_a_rehearsal_pushes_nothing(
    target: GitApplication, first: Parcel, shop: Repository
) -> None:
    assert "becomes `digits==0.1.0`" in target.rehearse(first)[0]
    assert branch_of(first) not in shop.git("ls-remote", "origin")
