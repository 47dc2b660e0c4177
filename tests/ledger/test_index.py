from __future__ import annotations

import random
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from jupyter_mlcd.ledger import index
from jupyter_mlcd.ledger.history import history
from jupyter_mlcd.ledger.index import NAME, EventIndex
from jupyter_mlcd.ledger.store import LedgerStore
from jupyter_mlcd.model.event import LEDGER_REF
from jupyter_mlcd.world.git_blobs import cat_file_batch
from jupyter_mlcd.world.git_reading import Person, ref_tip

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from jupyter_mlcd.world.git import Git
    from tests.world.repositories import Repository

ADA = Person("Ada Lovelace", "ada@example.org")
HISTORIES = 6
STEPS = 6


def texts_without_index(git: Git, tip: str) -> list[tuple[str, bytes]]:
    """Return what the index has to return, read from every commit."""
    changes = [
        change
        for commit in history(git, tip)
        for change in sorted(commit.changes, key=lambda one: one.path)
        if change.path.startswith("events/") and change.letter == "A"
    ]
    texts = cat_file_batch(git, [change.oid for change in changes])
    return [(change.path, text) for change, text in zip(changes, texts, strict=True)]


def answered(git: Git) -> list[tuple[str, bytes]]:
    tip = ref_tip(git, LEDGER_REF)
    return list(EventIndex(git).texts(tip)) if tip else []


def append(repository: Repository, *names: str) -> str:
    files: Mapping[str, bytes] = {f"events/2026/11/{name}": name.encode() for name in names}
    return LedgerStore(repository.opened()).append(
        {**files, f"evidence/{names[0]}": b"x"}, "k", ADA
    )


def index_of(repository: Repository) -> Path:
    return repository.folder / ".git" / "mlcd" / NAME


class Hands:
    """What people and programs do to a ledger, well-behaved or not."""

    def __init__(self, repository: Repository, chance: random.Random) -> None:
        self.repository = repository
        self.chance = chance
        self.count = 0

    def act(self) -> None:
        self.chance.choice(
            [self.keep, self.keep, self.keep, self.go_back, self.rewrite, self.merge, self.delete]
        )()

    def keep(self) -> None:
        names = [
            f"{self._number()}-{self.chance.random()}" for _ in range(self.chance.choice([1, 3]))
        ]
        append(self.repository, *names)

    def go_back(self) -> None:
        commits = self._commits()
        self._set(self.chance.choice(commits))

    def rewrite(self) -> None:
        """Put other commits behind an older one, as after a rejected push."""
        self.go_back()
        self.keep()
        self.keep()

    def merge(self) -> None:
        """Two sides at once, as somebody merges them by hand."""
        one = self._commits()[0]
        self.rewrite()
        other = self._commits()[0]
        tree = self.repository.git("rev-parse", f"{other}^{{tree}}")
        self._set(self.repository.git("commit-tree", tree, "-p", one, "-p", other, "-m", "merge"))

    def delete(self) -> None:
        """Take the oldest event away, which no program of ours does."""
        git = self.repository.git
        left = git("ls-tree", f"{LEDGER_REF}:events/2026/11").splitlines()[1:]
        tree = git("mktree", stdin="".join(f"{line}\n" for line in left).encode())
        for name in ("11", "2026", "events"):
            tree = git("mktree", stdin=f"040000 tree {tree}\t{name}\n".encode())
        self._set(git("commit-tree", tree, "-p", LEDGER_REF, "-m", "by hand"))

    def _number(self) -> int:
        self.count += 1
        return self.count

    def _commits(self) -> list[str]:
        return self.repository.git("rev-list", LEDGER_REF).split()

    def _set(self, commit: str) -> None:
        self.repository.git("update-ref", LEDGER_REF, commit)


@pytest.mark.parametrize("seed", range(HISTORIES))
def test_the_index_says_what_git_says_whatever_happened_to_the_branch(
    repository: Repository, seed: int
) -> None:
    hands = Hands(repository, random.Random(seed))  # noqa: S311 - a test that can be repeated
    git = repository.opened()
    hands.keep()
    for _ in range(STEPS):
        hands.act()
        tip = ref_tip(git, LEDGER_REF)
        assert tip
        assert answered(git) == texts_without_index(git, tip)
        assert answered(git) == texts_without_index(git, tip)


def test_what_is_known_is_not_asked_of_git_again(repository: Repository) -> None:
    tip = append(repository, "a", "b")
    git = repository.opened()
    known = EventIndex(git).texts(tip)
    (git.common_dir / "objects").rename(git.common_dir / "elsewhere")
    assert EventIndex(git).texts(tip) == known


def test_only_what_is_new_is_read(repository: Repository) -> None:
    append(repository, "a")
    git = repository.opened()
    answered(git)
    altered = b"written by the test, not by git"
    reseal(git, lambda file: file.execute("UPDATE event SET text = ?", (altered,)))
    append(repository, "b")
    assert [text for _, text in answered(git)] == [altered, b"b"]


def reseal(git: Git, change: Callable[[sqlite3.Connection], object]) -> None:
    """Change the index as nobody should, and give it a seal that fits."""
    file = git.common_dir / "mlcd" / NAME
    with closing(sqlite3.connect(file)) as opened, opened:
        change(opened)
        rows = opened.execute("SELECT path, text FROM event ORDER BY place").fetchall()
        ((tip,),) = opened.execute("SELECT tip FROM state").fetchall()
        copy = index.Copy().followed_by([(path.decode(), text) for path, text in rows], tip)
        opened.execute("UPDATE state SET seal = ?", (copy.seal,))


def sql(*statements: str) -> Callable[[Path], None]:
    def change(file: Path) -> None:
        with closing(sqlite3.connect(file)) as opened, opened:
            for statement in statements:
                opened.execute(statement)

    return change


def shortened(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:5000])


def overwritten(file: Path) -> None:
    content = bytearray(file.read_bytes())
    content[4096 : 4096 + 600] = b"\xff" * 600
    file.write_bytes(content)


HARM: dict[str, Callable[[Path], object]] = {
    "empty": lambda file: file.write_bytes(b""),
    "no database": lambda file: file.write_bytes(b"x" * 9000),
    "cut off": shortened,
    "overwritten": overwritten,
    "an event is gone": sql("DELETE FROM event WHERE place = 0"),
    "an event was changed": sql("UPDATE event SET text = x'7b7d' WHERE place = 1"),
    "two changed places": sql(
        "UPDATE event SET place = 9 WHERE place = 0",
        "UPDATE event SET place = 0 WHERE place = 1",
        "UPDATE event SET place = 1 WHERE place = 9",
    ),
    "an event too many": sql("INSERT INTO event VALUES (9, x'61', x'7b7d')"),
    "another kind of value": sql("UPDATE event SET text = 7 WHERE place = 1"),
    "no state": sql("DELETE FROM state"),
    "two states": sql("INSERT INTO state SELECT * FROM state"),
    "another tip": sql("UPDATE state SET tip = 'nowhere'"),
    "a later format": sql("PRAGMA user_version = 2"),
    "other tables": sql("DROP TABLE event", "CREATE TABLE event (place, path, text)"),
    "a trigger": sql("CREATE TRIGGER t AFTER INSERT ON event BEGIN DELETE FROM event; END"),
}


@pytest.mark.parametrize("harm", HARM)
def test_a_doubtful_index_is_thrown_away_and_made_anew(repository: Repository, harm: str) -> None:
    append(repository, "a", "b")
    git = repository.opened()
    right = answered(git)
    whole = index_of(repository).read_bytes()
    HARM[harm](index_of(repository))
    assert index_of(repository).read_bytes() != whole
    assert answered(git) == right
    append(repository, "c")
    assert [text for _, text in answered(git)] == [b"a", b"b", b"c"]
    with closing(sqlite3.connect(index_of(repository))) as opened:
        assert opened.execute("SELECT count(*) FROM event").fetchall() == [(3,)]
        assert opened.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


def test_a_link_in_its_place_is_replaced_and_not_followed(
    repository: Repository, tmp_path: Path
) -> None:
    append(repository, "a")
    other = tmp_path / "other.sqlite"
    index_of(repository).parent.mkdir(exist_ok=True)
    index_of(repository).symlink_to(other)
    assert len(answered(repository.opened())) == 1
    assert not other.exists()
    assert not index_of(repository).is_symlink()


def test_where_nothing_can_be_written_git_answers(repository: Repository) -> None:
    append(repository, "a")
    index_of(repository).mkdir(parents=True)
    assert len(answered(repository.opened())) == 1


def test_while_somebody_else_writes_git_answers(
    repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(index, "_WAIT_SECONDS", 0.05)
    append(repository, "a")
    git = repository.opened()
    right = answered(git)
    with closing(sqlite3.connect(index_of(repository), isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        assert answered(git) == right


def test_readers_and_writers_at_the_same_time_all_get_it_right(repository: Repository) -> None:
    def look(_: int) -> bool:
        git = repository.opened()
        tip = ref_tip(git, LEDGER_REF)
        assert tip
        return list(EventIndex(git).texts(tip)) == texts_without_index(git, tip)

    append(repository, "first")
    with ThreadPoolExecutor(4) as pool:
        looks = [pool.submit(look, number) for number in range(12)]
        for number in range(4):
            append(repository, f"{number}")
        assert all(one.result() for one in looks)
