from __future__ import annotations

import os
import subprocess
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from jupyter_mlcd.ledger import pieces
from jupyter_mlcd.ledger.fast_import import Draft, import_drafts
from jupyter_mlcd.ledger.store import LedgerStore
from jupyter_mlcd.model.errors import GitError, NotFoundError, RefusedError, UsageError, WorldError
from jupyter_mlcd.world.git_reading import Person, fsck
from tests.world.repositories import Repository

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

ADA = Person("Ada Lovelace", "ada@example.org")


def keep(store: LedgerStore, files: Mapping[str, bytes | Path], message: str = "kept") -> str:
    return store.append(files, message, ADA)


def test_what_was_appended_is_there(repository: Repository) -> None:
    store = LedgerStore(repository.opened())
    content = os.urandom(300_000)
    commit = keep(store, {"events/a b.json": b"{}", "evidence/ü/x.bin": content})
    assert store.tip() == commit
    assert store.read(["evidence/ü/x.bin", "events/a b.json"]) == {
        "evidence/ü/x.bin": content,
        "events/a b.json": b"{}",
    }
    assert [entry.path for entry in store.list("events")] == ["events/a b.json"]


def test_files_on_the_disk_are_streamed_as_they_are(repository: Repository, tmp_path: Path) -> None:
    store = LedgerStore(repository.opened())
    source = tmp_path / "executed.ipynb"
    source.write_bytes(os.urandom(3_000_000))
    keep(store, {"x.ipynb": source, "empty": b""})
    assert store.read(["x.ipynb"])["x.ipynb"] == source.read_bytes()


def test_the_users_index_files_and_head_stay_as_they_are(repository: Repository) -> None:
    repository.write("notebook.ipynb", "unsaved work")
    repository.write("staged.txt", "staged")
    repository.git("add", "staged.txt")
    before = repository.fingerprint()
    store = LedgerStore(repository.opened())
    keep(store, {"a": b"1"})
    keep(store, {"b": b"2"})
    assert repository.fingerprint() == before


def test_history_is_linear_and_in_order(repository: Repository) -> None:
    store = LedgerStore(repository.opened())
    assert store.history() == ()
    first = keep(store, {"a": b"1"}, "first\n\nwith a body")
    keep(store, {"b": b"2", "c": b"3"}, "second")
    told = store.history()
    assert [commit.message.strip() for commit in told] == ["first\n\nwith a body", "second"]
    assert [change.path for change in told[1].changes] == ["b", "c"]
    assert str(told[0].author) == "Ada Lovelace <ada@example.org>"
    assert [commit.message.strip() for commit in store.history(first)] == ["second"]
    assert repository.git("rev-list", "--merges", "mlcd/evidence") == ""


def test_the_same_bytes_again_are_no_commit(repository: Repository) -> None:
    store = LedgerStore(repository.opened())
    commit = keep(store, {"a": b"1", "b": b"2"})
    assert keep(store, {"a": b"1"}) == commit
    assert keep(store, {"a": b"1", "c": b"3"}) != commit
    assert [change.path for change in store.history()[-1].changes] == ["c"]


@pytest.mark.parametrize("path", ["folder/file", "folder/file/below", "folder"])
def test_nothing_is_ever_changed_or_replaced(repository: Repository, path: str) -> None:
    store = LedgerStore(repository.opened())
    commit = keep(store, {"folder/file": b"1"})
    with pytest.raises(RefusedError) as caught:
        keep(store, {path: b"other", "another": b"x"})
    assert caught.value.code == "evidence-exists"
    assert store.tip() == commit


@pytest.mark.parametrize(
    "path", ["", "/a", "a/../b", "a//b", ".git/config", "a\nb", "a\0", "a/", "x" * 2000, "\udcff"]
)
def test_unsafe_paths_are_refused(repository: Repository, path: str) -> None:
    store = LedgerStore(repository.opened())
    with pytest.raises(UsageError):
        keep(store, {path: b"x"})
    assert store.tip() is None


def test_nothing_to_append_is_refused(repository: Repository) -> None:
    with pytest.raises(UsageError) as caught:
        keep(LedgerStore(repository.opened()), {})
    assert caught.value.code == "nothing-to-append"


def test_a_file_that_no_host_would_take_is_refused(repository: Repository, tmp_path: Path) -> None:
    large = tmp_path / "large"
    with large.open("wb") as stream:
        stream.truncate(pieces.LARGEST_FILE + 1)
    with pytest.raises(RefusedError) as caught:
        keep(LedgerStore(repository.opened()), {"large": large})
    assert caught.value.code == "file-too-large"


def test_a_missing_file_is_told(repository: Repository, tmp_path: Path) -> None:
    with pytest.raises(WorldError) as caught:
        keep(LedgerStore(repository.opened()), {"x": tmp_path / "nowhere"})
    assert caught.value.code == "file-not-readable"


def test_a_file_that_grows_while_it_is_written_does_no_harm(
    repository: Repository, tmp_path: Path
) -> None:
    store = LedgerStore(repository.opened())
    source = tmp_path / "log"
    source.write_bytes(b"a" * 1000)
    (piece,) = pieces.pieces_of(store.git, {"log": source})
    source.write_bytes(b"b" * 2000)
    with pytest.raises(GitError) as caught:
        import_drafts(store.git, store.ref, None, [Draft("x", ADA, 0, (piece,))])
    assert caught.value.code == "git-changed-meanwhile"
    assert store.tip() is None


def test_reading_what_is_not_there_is_an_error(repository: Repository) -> None:
    store = LedgerStore(repository.opened())
    for _ in range(2):
        with pytest.raises(NotFoundError):
            store.read(["nowhere"])
        keep(store, {"somewhere": b"x"})


def test_a_checked_out_ledger_is_refused(repository: Repository, tmp_path: Path) -> None:
    store = LedgerStore(repository.opened())
    commit = keep(store, {"a": b"1"})
    repository.git("worktree", "add", "--quiet", str(tmp_path / "look"), "mlcd/evidence")
    with pytest.raises(GitError) as caught:
        keep(store, {"b": b"2"})
    assert caught.value.code == "git-branch-checked-out"
    assert str(tmp_path / "look") in caught.value.message
    assert store.tip() == commit


def test_a_branch_in_the_way_is_named(repository: Repository) -> None:
    repository.git("branch", "mlcd")
    with pytest.raises(GitError) as caught:
        keep(LedgerStore(repository.opened()), {"a": b"1"})
    assert caught.value.code == "git-name-in-the-way"
    assert "refs/heads/mlcd" in caught.value.message


def test_filters_hooks_and_signing_of_the_repository_do_nothing(repository: Repository) -> None:
    repository.write(".gitattributes", "* text=auto eol=crlf filter=strip\n")
    for key, value in {
        "filter.strip.clean": "false",
        "filter.strip.required": "true",
        "commit.gpgSign": "true",
        "gpg.program": "false",
        "core.autocrlf": "true",
        "core.hooksPath": "hooks",
    }.items():
        repository.git("config", key, value)
    repository.write("hooks/reference-transaction", "#!/bin/sh\nexit 1\n").chmod(0o755)
    store = LedgerStore(repository.opened())
    keep(store, {"x.ipynb": b"a\r\nb\n"})
    assert store.read(["x.ipynb"]) == {"x.ipynb": b"a\r\nb\n"}


def shapes(repository: Repository, folder: Path) -> dict[str, Repository]:
    repository.commit("second")
    repository.git("worktree", "add", "--quiet", "--detach", str(folder / "linked"))
    repository.git(
        "clone", "--quiet", "--depth=1", repository.folder.as_uri(), str(folder / "shallow")
    )
    unborn = Repository.init(folder / "unborn")
    unborn.write("x", "x")
    return {
        "linked and detached": Repository(folder / "linked"),
        "shallow": Repository(folder / "shallow"),
        "unborn": unborn,
        "bare": Repository.init(folder / "bare", "--bare"),
        "sha256": Repository.init(folder / "sha256", "--object-format=sha256"),
    }


def test_every_shape_of_repository_can_hold_a_ledger(
    repository: Repository, tmp_path: Path
) -> None:
    for name, shape in shapes(repository, tmp_path).items():
        store = LedgerStore(shape.opened())
        keep(store, {"a": b"1"})
        keep(store, {"b": b"2"})
        assert store.read(["a", "b"]) == {"a": b"1", "b": b"2"}, name
        assert fsck(store.git) == (), name


def test_without_any_identity_evidence_can_be_kept(repository: Repository) -> None:
    repository.git("config", "--global", "--remove-section", "user")
    repository.git("config", "user.useConfigOnly", "true")
    store = LedgerStore(repository.opened())
    store.append({"a": b"1"}, "kept", Person("A\n<b>", "c>d"))
    assert str(store.history()[0].author) == "Ab <cd>"


def test_writers_at_the_same_time_all_get_through(repository: Repository) -> None:
    def write(writer: int) -> None:
        store = LedgerStore(repository.opened())
        for number in range(6):
            keep(store, {f"events/{writer}-{number}": b"%d" % number})

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(write, range(4)))
    store = LedgerStore(repository.opened())
    assert len(store.list("events")) == 24
    assert len(store.history()) == 24
    assert fsck(store.git) == ()


def test_the_users_own_git_and_its_gc_lose_nothing(repository: Repository) -> None:
    stop = threading.Event()

    def user() -> None:
        number = 0
        while not stop.is_set():
            number += 1
            repository.write("notebook.ipynb", str(number))
            repository.git("commit", "--quiet", "--all", "--message", str(number))
            for command in (["gc", "--prune=now", "--quiet"], ["pack-refs", "--all"]):
                subprocess.run(["git", *command], cwd=repository.folder, check=False, stderr=-3)

    busy = threading.Thread(target=user)
    busy.start()
    try:
        store = LedgerStore(repository.opened())
        for number in range(15):
            keep(store, {f"events/{number}": os.urandom(2000)})
    finally:
        stop.set()
        busy.join()
    assert len(store.history()) == 15
    assert fsck(store.git) == ()


def test_our_events_go_behind_what_others_wrote(repository: Repository) -> None:
    git = repository.opened()
    ours, theirs = LedgerStore(git), LedgerStore(git, "refs/heads/theirs")
    keep(ours, {"shared": b"0"}, "shared")
    repository.git("branch", "theirs", "mlcd/evidence")
    keep(theirs, {"t1": b"1"}, "their first")
    their_tip = keep(theirs, {"t2": b"2"}, "their second")
    keep(ours, {"o1": b"1", "t1": b"1"}, "our first")
    keep(ours, {"o2": b"2"}, "our second")
    new = ours.rebase_onto(their_tip)
    assert ours.tip() == new
    assert [commit.message.strip() for commit in ours.history()] == [
        *("shared", "their first", "their second", "our first", "our second")
    ]
    assert ours.read(["o1", "t2"]) == {"o1": b"1", "t2": b"2"}
    assert repository.git("rev-list", "--merges", "mlcd/evidence") == ""
    assert repository.git("for-each-ref", "refs/mlcd") == ""
    assert ours.rebase_onto(their_tip) == new


def test_a_ledger_without_events_of_its_own_moves_forward(repository: Repository) -> None:
    git = repository.opened()
    their_tip = keep(LedgerStore(git, "refs/heads/theirs"), {"a": b"1"})
    ours = LedgerStore(git)
    assert ours.rebase_onto(their_tip) == their_tip == ours.tip()


def test_two_ledgers_that_began_apart_become_one(repository: Repository) -> None:
    git = repository.opened()
    their_tip = keep(LedgerStore(git, "refs/heads/theirs"), {"a": b"1"})
    ours = LedgerStore(git)
    keep(ours, {"b": b"2"})
    ours.rebase_onto(their_tip)
    assert [entry.path for entry in ours.list()] == ["a", "b"]


def test_the_same_path_with_other_bytes_is_refused(repository: Repository) -> None:
    git = repository.opened()
    their_tip = keep(LedgerStore(git, "refs/heads/theirs"), {"releases/v1": b"theirs"})
    ours = LedgerStore(git)
    mine = keep(ours, {"releases/v1": b"ours"})
    with pytest.raises(RefusedError) as caught:
        ours.rebase_onto(their_tip)
    assert caught.value.code == "evidence-exists"
    assert ours.tip() == mine


def test_an_edited_history_is_not_carried_on(repository: Repository, tmp_path: Path) -> None:
    git = repository.opened()
    their_tip = keep(LedgerStore(git, "refs/heads/theirs"), {"a": b"1"})
    ours = LedgerStore(git)
    keep(ours, {"b": b"2"})
    repository.git("worktree", "add", "--quiet", str(tmp_path / "edit"), "mlcd/evidence")
    edit = Repository(tmp_path / "edit")
    edit.write("b", "forged")
    edit.commit()
    repository.git("worktree", "remove", str(tmp_path / "edit"))
    with pytest.raises(RefusedError) as caught:
        ours.rebase_onto(their_tip)
    assert caught.value.code == "ledger-altered"
