from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from jupyter_mlcd.ledger.remote import (
    GitRemote,
    PushOutcome,
    exchange,
    fetch_tip,
    push,
    remote_refs,
    share,
)
from jupyter_mlcd.ledger.store import LedgerStore
from jupyter_mlcd.ledger.tags import create_tag
from jupyter_mlcd.model.errors import GitError, NotFoundError, RefusedError, UsageError
from jupyter_mlcd.model.event import LEDGER_REF
from jupyter_mlcd.world.git_reading import Person, fsck
from tests.world.repositories import Repository

if TYPE_CHECKING:
    from pathlib import Path

ADA = Person("Ada Lovelace", "ada@example.org")


@pytest.fixture
def server(repository: Repository, tmp_path: Path) -> Repository:
    """The bare repository that ``repository`` has as origin."""
    made = Repository.init(tmp_path / "server.git", "--bare")
    repository.git("remote", "add", "origin", str(made.folder))
    repository.git("push", "--quiet", "origin", "main")
    return made


def colleague(server: Repository, folder: Path) -> Repository:
    server.git("clone", "--quiet", str(server.folder), str(folder))
    return Repository(folder)


def tag(repository: Repository, name: str, message: str = "x") -> str:
    commit = repository.git("rev-parse", "HEAD")
    create_tag(repository.opened(), name, commit, message, ADA)
    return f"refs/tags/{name}:refs/tags/{name}"


def test_ledger_and_tag_arrive_together(repository: Repository, server: Repository) -> None:
    store = LedgerStore(repository.opened())
    tip = store.append({"a": b"1"}, "kept", ADA)
    result = share(store, "origin", [tag(repository, "v1")])
    assert [ref.outcome for ref in result.refs] == [PushOutcome.CREATED] * 2
    assert server.git("rev-parse", LEDGER_REF) == tip
    assert server.git("cat-file", "-t", "v1") == "tag"


def test_sharing_again_changes_nothing(repository: Repository, server: Repository) -> None:
    store = LedgerStore(repository.opened())
    store.append({"a": b"1"}, "kept", ADA)
    share(store, "origin")
    assert [ref.outcome for ref in share(store, "origin").refs] == [PushOutcome.UNCHANGED]
    assert server.git("for-each-ref", "--format=%(refname)") == f"refs/heads/main\n{LEDGER_REF}"


def test_who_comes_second_appends_behind(
    repository: Repository, server: Repository, tmp_path: Path
) -> None:
    other = colleague(server, tmp_path / "other")
    ours, theirs = LedgerStore(repository.opened()), LedgerStore(other.opened())
    ours.append({"ours": b"1"}, "ours", ADA)
    theirs.append({"theirs": b"2"}, "theirs", ADA)
    share(theirs, "origin")
    seen: list[str] = []
    share(
        ours,
        "origin",
        before_each_retry=lambda: seen.extend(entry.path for entry in ours.list()),
    )
    assert seen == ["ours", "theirs"]
    assert server.git("log", "--format=%s", LEDGER_REF) == "ours\ntheirs"
    assert server.git("rev-list", "--merges", LEDGER_REF) == ""


def test_a_rule_can_stop_the_second_one(
    repository: Repository, server: Repository, tmp_path: Path
) -> None:
    other = colleague(server, tmp_path / "other")
    ours, theirs = LedgerStore(repository.opened()), LedgerStore(other.opened())
    ours.append({"ours": b"1"}, "ours", ADA)
    theirs.append({"theirs": b"2"}, "theirs", ADA)
    share(theirs, "origin")

    def refuse() -> None:
        raise RefusedError("somebody delivered already")

    with pytest.raises(RefusedError, match="somebody"):
        share(ours, "origin", before_each_retry=refuse)
    assert server.git("log", "--format=%s", LEDGER_REF) == "theirs"


def test_many_people_at_once_lose_nothing(server: Repository, tmp_path: Path) -> None:
    def work(number: int) -> None:
        store = LedgerStore(colleague(server, tmp_path / f"c{number}").opened())
        store.append({f"events/{number}": b"x"}, str(number), ADA)
        share(store, "origin")

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(work, range(4)))
    assert server.git("rev-list", "--count", LEDGER_REF) == "4"
    assert len(server.git("ls-tree", "-r", "--name-only", LEDGER_REF).split()) == 4
    assert fsck(server.opened()) == ()


def test_a_declined_tag_takes_the_ledger_back_too(
    repository: Repository, server: Repository
) -> None:
    hook = server.folder / "hooks" / "update"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text('#!/bin/sh\ncase "$1" in refs/tags/*) echo tags are protected; exit 1;; esac\n')
    hook.chmod(0o755)
    store = LedgerStore(repository.opened())
    tip = store.append({"a": b"1"}, "kept", ADA)
    with pytest.raises(GitError) as caught:
        share(store, "origin", [tag(repository, "v1")])
    assert caught.value.code == "git-push-declined"
    assert remote_refs(store.git, "origin", [LEDGER_REF, "refs/tags/v1"]) == {}
    assert store.tip() == tip


def test_another_tag_of_the_same_name_is_not_overwritten(
    repository: Repository, server: Repository, tmp_path: Path
) -> None:
    other = colleague(server, tmp_path / "other")
    push(other.opened(), "origin", [tag(other, "v1", "theirs")])
    before = server.git("rev-parse", "v1")
    result = push(repository.opened(), "origin", [tag(repository, "v1", "ours")])
    assert [ref.outcome for ref in result.refs] == [PushOutcome.TAKEN]
    assert not result.is_behind
    with pytest.raises(GitError):
        result.raise_if_refused()
    assert server.git("rev-parse", "v1") == before


def test_a_rewritten_remote_history_stops_everything(
    repository: Repository, server: Repository
) -> None:
    store = LedgerStore(repository.opened())
    store.append({"a": b"1"}, "kept", ADA)
    share(store, "origin")
    assert fetch_tip(store.git, "origin", LEDGER_REF) == store.tip()
    server.git("update-ref", LEDGER_REF, "refs/heads/main")
    mine = store.append({"b": b"2"}, "kept", ADA)
    with pytest.raises(RefusedError) as caught:
        share(store, "origin")
    assert caught.value.code == "ledger-rewound"
    assert store.tip() == mine
    assert server.git("rev-parse", LEDGER_REF) == server.git("rev-parse", "main")


@pytest.mark.usefixtures("server")
def test_a_remote_without_ledger_has_no_tip(repository: Repository) -> None:
    assert fetch_tip(repository.opened(), "origin", LEDGER_REF) is None


@pytest.mark.parametrize(
    "refspec", ["+HEAD:refs/heads/x", ":refs/heads/x", "HEAD", "HEAD:main", "--force:refs/heads/x"]
)
def test_nothing_is_forced_deleted_or_guessed(
    repository: Repository, server: Repository, refspec: str
) -> None:
    with pytest.raises(UsageError):
        push(repository.opened(), "origin", [refspec])
    assert server.git("for-each-ref", "--format=%(refname)") == "refs/heads/main"


@pytest.mark.parametrize("name", ["/tmp/x", "https://example.org/x", "nowhere", "-x"])  # noqa: S108
def test_a_remote_is_a_name_and_never_an_address(repository: Repository, name: str) -> None:
    with pytest.raises(GitError) as caught:
        push(repository.opened(), name, ["HEAD:refs/heads/x"])
    assert caught.value.code == "git-no-such-remote"


def test_a_remote_that_is_gone_is_told(repository: Repository, tmp_path: Path) -> None:
    repository.git("remote", "add", "gone", str(tmp_path / "gone.git"))
    with pytest.raises(GitError) as caught:
        push(repository.opened(), "gone", ["HEAD:refs/heads/x"])
    assert caught.value.code == "git-no-such-remote"


def test_a_host_that_does_not_answer_is_told(repository: Repository) -> None:
    repository.git("remote", "add", "closed", "https://127.0.0.1:9/x.git")
    with pytest.raises(GitError) as caught:
        push(repository.opened(), "closed", ["HEAD:refs/heads/x"])
    assert caught.value.code == "git-unreachable"


def test_the_remote_of_the_ports(repository: Repository, server: Repository) -> None:
    remote = GitRemote(repository.opened(), "origin")
    assert remote.url() == str(server.folder)
    assert GitRemote(repository.opened(), "nowhere").url() == ""
    tag(repository, "v1")
    remote.push(["refs/tags/v1"])
    assert remote.refs(["refs/tags/v1", "refs/heads/x"]) == {
        "refs/tags/v1": remote.local("refs/tags/v1")
    }
    assert remote.local("refs/heads/x") == ""


def test_an_exchange_brings_what_others_wrote_and_takes_ours_there(
    repository: Repository, server: Repository, tmp_path: Path
) -> None:
    other = colleague(server, tmp_path / "other")
    ours, theirs = LedgerStore(repository.opened()), LedgerStore(other.opened())
    exchange(theirs, "origin")  # There is nothing yet, on neither side.
    ours.append({"a": b"1"}, "kept", ADA)
    exchange(ours, "origin")
    theirs.append({"b": b"2"}, "kept", ADA)
    exchange(theirs, "origin")
    exchange(ours, "origin")
    assert ours.tip() == theirs.tip()
    assert repository.git("rev-list", "--count", LEDGER_REF) == "2"
    assert server.git("for-each-ref", "refs/tags") == ""


def test_an_exchange_with_a_remote_that_is_not_there_is_not_found(repository: Repository) -> None:
    with pytest.raises(NotFoundError, match="no git remote 'upstream'"):
        exchange(LedgerStore(repository.opened()), "upstream")


def test_a_tag_that_somebody_else_made_is_taken_over_and_never_made_again(
    repository: Repository, server: Repository, tmp_path: Path
) -> None:
    ken = colleague(server, tmp_path / "ken")
    tag(repository, "v1.0.0")
    GitRemote(repository.opened(), "origin").push(["refs/tags/v1.0.0"])
    remote = GitRemote(ken.opened(), "origin")
    remote.fetch_tag("v2.0.0")
    remote.fetch_tag("v1.0.0")
    remote.fetch_tag("v1.0.0")
    assert remote.local("refs/tags/v1.0.0") == repository.git("rev-parse", "v1.0.0")
    assert remote.local("refs/tags/v2.0.0") == ""


def test_one_commit_goes_to_the_tip_of_its_branch_and_over_nobodys_work(
    repository: Repository, server: Repository, tmp_path: Path
) -> None:
    remote = GitRemote(repository.opened(), "origin")
    first = repository.git("rev-parse", "HEAD")
    repository.write("more.txt", "more")
    second = repository.commit("second")
    repository.write("more.txt", "much more")
    repository.commit("third")
    remote.push_commit(second, "main")
    assert server.git("rev-parse", "main") == second
    assert repository.git("rev-parse", "origin/main") == second
    assert remote.moved("main").endswith("Z")
    assert not remote.moved("another")
    other = colleague(server, tmp_path / "other")
    other.git("reset", "--quiet", "--hard", first)
    other.write("theirs.txt", "theirs")
    theirs = other.commit("theirs")
    other.git("push", "--quiet", "origin", "HEAD:theirs")
    with pytest.raises(GitError):
        remote.push_commit(first, "theirs")
    assert server.git("rev-parse", "theirs") == theirs
