from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from jupyter_mlcd.ledger.remote import GitRemote
from jupyter_mlcd.ledger.store import LedgerStore
from jupyter_mlcd.ledger.tags import create_tag
from jupyter_mlcd.model.delivery import DeliveryState
from jupyter_mlcd.model.event import LEDGER_REF
from jupyter_mlcd.model.release import tag_message
from jupyter_mlcd.model.target import GitTable
from jupyter_mlcd.ports import Parcel, Site
from jupyter_mlcd.targets.git import GitTarget
from jupyter_mlcd.world.git_reading import Person
from tests.serving import Quiet, serving
from tests.targets import parcels
from tests.targets.servers.git_over_http import git_over_http
from tests.world.repositories import GIT_CONFIG, Repository

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

ADA = Person("Ada Lovelace", "ada@example.org")
PEOPLE = {"ada": "of-no-server-a", "bob": "of-no-server-b"}
RULES = """#!/bin/sh
while read -r old new ref; do
  case "$REMOTE_USER $ref" in
    "ada "*|"bob refs/heads/"*) ;;
    *) echo "only ada may release: $ref" >&2; exit 1 ;;
  esac
done
"""
"""Who may push what, as servers have rules for branches and tags."""


@pytest.fixture
def home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The home of somebody whose git keeps passwords in a file."""
    made = tmp_path_factory.mktemp("home")
    helper = f"[credential]\nhelper = store --file={made}/passwords\n"
    # Plain http is for tests: a user has to allow it.
    http = '[protocol "http"]\nallow = always\n'
    (made / ".gitconfig").write_text(GIT_CONFIG + helper + http)
    monkeypatch.setenv("HOME", str(made))
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    monkeypatch.delenv("XDG_CONFIG_HOME", raising=False)
    return made


@pytest.fixture
def server(home: Path, tmp_path: Path) -> Repository:
    made = Repository.init(tmp_path / "served/digits.git", "--bare")
    made.git("config", "http.receivepack", "true")
    made.write("hooks/pre-receive", RULES).chmod(0o755)
    return made


@pytest.fixture
def address(server: Repository) -> Iterator[str]:
    with git_over_http(server.folder.parent, PEOPLE) as url:
        yield url


@pytest.fixture
def repository(home: Path, tmp_path: Path, address: str) -> Repository:
    made = Repository.init(tmp_path / "repository")
    made.write("train.ipynb", "{}")
    made.commit("first")
    made.git("remote", "add", "origin", f"{address}/digits.git")
    return made


@pytest.fixture
def target(repository: Repository) -> GitTarget:
    git = repository.opened()
    site = Site(repository.folder, lambda name: GitRemote(git, name), lambda _address: None)
    return GitTarget(GitTable("origin"), site)


@pytest.fixture
def first(repository: Repository, tmp_path: Path) -> Parcel:
    """A release with its tag and an event in the ledger, as ``deliver`` leaves them."""
    commit = repository.git("rev-parse", "HEAD")
    parcel = parcels.parcel(tmp_path / "store", "0.1.0", commit=commit)
    git = repository.opened()
    LedgerStore(git).append({"events/1.json": b"{}\n"}, "Deliver", ADA)
    create_tag(git, parcel.tag, commit, tag_message(parcel.release), ADA)
    return parcel


def keep(home: Path, address: str, name: str, password: str) -> None:
    """Let git's helper keep a password for the server."""
    word = address.replace("://", f"://{name}:{password}@")
    (home / "passwords").write_text(f"{word}\n")
    (home / "passwords").chmod(0o600)


def refs_of(server: Repository) -> list[str]:
    return server.git("for-each-ref", "--format=%(refname)").split()


def test_it_delivers_with_the_password_that_gits_helper_keeps(
    target: GitTarget, server: Repository, first: Parcel, home: Path, address: str
) -> None:
    keep(home, address, "ada", PEOPLE["ada"])
    answer = target.dispatch(first)
    assert answer.state is DeliveryState.DELIVERED, answer.reason
    assert refs_of(server) == [LEDGER_REF, "refs/tags/v0.1.0"]
    assert target.look_up(first) == answer


def test_a_rule_that_says_no_is_told_in_its_words_and_nothing_is_there(
    target: GitTarget, server: Repository, first: Parcel, home: Path, address: str
) -> None:
    keep(home, address, "bob", PEOPLE["bob"])
    answer = target.dispatch(first)
    assert answer.state is DeliveryState.REFUSED
    assert "pre-receive hook declined" in answer.reason
    assert PEOPLE["bob"] not in repr(answer)
    assert refs_of(server) == []


def test_a_password_that_does_not_count_sends_nothing_and_asks_nobody(
    target: GitTarget, server: Repository, first: Parcel, home: Path, address: str
) -> None:
    keep(home, address, "ada", "wrong")
    answer = target.dispatch(first)
    assert answer.state is DeliveryState.REFUSED
    assert "did not accept who you are" in answer.reason
    assert "credential.helper" in answer.reason
    assert refs_of(server) == []
    keep(home, address, "ada", PEOPLE["ada"])
    assert target.look_up(first) is None
    assert target.dispatch(first).state is DeliveryState.DELIVERED


@pytest.mark.parametrize(
    ("status", "state"),
    [
        (401, DeliveryState.REFUSED),
        (403, DeliveryState.REFUSED),
        (404, DeliveryState.UNKNOWN),
        (500, DeliveryState.UNKNOWN),
        (502, DeliveryState.UNKNOWN),
    ],
)
def test_only_what_surely_took_nothing_is_refused(
    repository: Repository, target: GitTarget, first: Parcel, status: int, state: DeliveryState
) -> None:
    class Closed(Quiet):
        def do_GET(self) -> None:  # noqa: N802 - named by the library
            self.said(status, {}, b"")

    with serving(Closed) as url:
        repository.git("remote", "set-url", "origin", f"{url}/digits.git")
        assert target.dispatch(first).state is state
