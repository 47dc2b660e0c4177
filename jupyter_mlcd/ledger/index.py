"""A disposable copy of the ledger's events, so that a list asks git for what is new and no more.

It holds the text of every event, in the order of the fold, for one commit of the branch, and is
sealed: a sum over all of it and over that commit. Whatever is doubtful about it, another format,
another shape, a broken seal, a commit that the branch did not grow from, makes it be read again
from git; where it cannot be written, git alone answers. So it needs no journal and no syncing: what
a crash leaves is thrown away.
"""

from __future__ import annotations

import hashlib
import sqlite3
from contextlib import closing, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from jupyter_mlcd.ledger.history import added, continues
from jupyter_mlcd.model.errors import MlcdError
from jupyter_mlcd.world.git_blobs import cat_file_batch
from jupyter_mlcd.world.git_names import decoded, encoded

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jupyter_mlcd.world.git import Git

NAME: Final = "index.sqlite"
"""File in git's common folder, below ``mlcd``."""

_FORMAT = 1
_SHAPE = {
    "event": "CREATE TABLE event (place INTEGER PRIMARY KEY, path BLOB, text BLOB)",
    "state": "CREATE TABLE state (tip TEXT, seal TEXT)",
}
_WAIT_SECONDS = 1.0
"""How long another process may write before git is asked instead."""

EventText = tuple[str, bytes]
"""Path of an event's file, and what is in it."""


@dataclass(frozen=True)
class Copy:
    """What an index holds."""

    tip: str = ""
    """The commit it was read at; empty: nothing was read yet."""
    texts: tuple[EventText, ...] = ()
    chain: bytes = b""
    """Sum over all texts, one after the other."""

    @property
    def seal(self) -> str:
        """What shows that all of it is there, in this order and for this commit."""
        return hashlib.sha256(self.chain + self.tip.encode()).hexdigest()

    def followed_by(self, texts: Sequence[EventText], tip: str) -> Copy:
        """Return this with further texts, as it is at a later commit."""
        chain = self.chain
        for path, text in texts:
            sums = hashlib.sha256(encoded(path)).digest() + hashlib.sha256(text).digest()
            chain = hashlib.sha256(chain + sums).digest()
        return Copy(tip, (*self.texts, *texts), chain)


class EventIndex:
    """The index of one repository's ledger."""

    def __init__(self, git: Git) -> None:
        self._git = git
        self._file = git.common_dir / "mlcd" / NAME

    def texts(self, tip: str) -> tuple[EventText, ...]:
        """Return the event files of the branch at ``tip``, in the order of the fold.

        Raises GitError where git cannot read them.
        """
        known = self._load()
        if known.tip == tip:
            return known.texts
        if not known.tip or not self._continues(tip, known.tip):
            known = Copy()
        whole = known.followed_by(self._from_git(tip, known.tip or None), tip)
        self._save(whole, known)
        return whole.texts

    def _continues(self, newer: str, older: str) -> bool:
        with suppress(MlcdError):  # What it was read at is gone.
            return continues(self._git, newer, older)
        return False

    def _from_git(self, newer: str, older: str | None) -> list[EventText]:
        changes = [
            change for change in added(self._git, "events", newer, older) if change.letter == "A"
        ]
        texts = cat_file_batch(self._git, [change.oid for change in changes])
        return [(change.path, text) for change, text in zip(changes, texts, strict=True)]

    # ------------------------------------------------------------------------------- the file

    def _load(self) -> Copy:
        """Return what is there; nothing where that is doubtful, and then the file is gone."""
        if self._file.is_symlink() or not self._file.exists():
            return Copy()
        try:
            with closing(self._opened()) as file:
                found = _read(file)
        except sqlite3.OperationalError:
            return Copy()  # Locked, or it may not be read: git answers.
        except (sqlite3.Error, OSError, ValueError, TypeError):
            found = None
        if found is None:
            with suppress(OSError):
                self._file.unlink()
        return found or Copy()

    def _save(self, whole: Copy, known: Copy) -> None:
        """Add what is new; where that is not possible, the next reader asks git again."""
        with suppress(sqlite3.Error, OSError):
            self._file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            if self._file.is_symlink():
                self._file.unlink()
            with closing(self._opened()) as file:
                _write(file, whole, known)

    def _opened(self) -> sqlite3.Connection:
        file = sqlite3.connect(self._file, timeout=_WAIT_SECONDS, isolation_level=None)
        for pragma in ("trusted_schema = OFF", "journal_mode = MEMORY", "synchronous = OFF"):
            file.execute(f"PRAGMA {pragma}")
        return file


def _read(file: sqlite3.Connection) -> Copy | None:
    """Return what a file holds, or None if it is not ours or not whole."""
    file.execute("BEGIN")
    if not _is_ours(file):
        return None
    rows = file.execute("SELECT path, text FROM event ORDER BY place")
    texts = [(decoded(path), bytes(text)) for path, text in rows]
    ((tip, seal),) = file.execute("SELECT tip, seal FROM state").fetchall()
    found = Copy().followed_by(texts, tip)
    return found if found.seal == seal else None


def _is_ours(file: sqlite3.Connection) -> bool:
    """Tell whether a file has our format and nothing but our tables: no view, no trigger."""
    ((version,),) = file.execute("PRAGMA user_version").fetchall()
    shape = file.execute("SELECT name, sql FROM sqlite_master").fetchall()
    return version == _FORMAT and sorted(shape) == sorted(_SHAPE.items())


def _write(file: sqlite3.Connection, whole: Copy, known: Copy) -> None:
    """Put ``whole`` into a file that holds ``known``; where it holds another, all of it."""
    file.execute("BEGIN IMMEDIATE")
    first = len(known.texts) if known.tip and _holds(file, known) else 0
    if not first:
        for name, statement in _SHAPE.items():
            file.execute(f"DROP TABLE IF EXISTS {name}")
            file.execute(statement)
        file.execute(f"PRAGMA user_version = {_FORMAT}")
    file.executemany(
        "INSERT INTO event VALUES (?, ?, ?)",
        [(place, encoded(path), text) for place, (path, text) in enumerate(whole.texts)][first:],
    )
    file.execute("DELETE FROM state")
    file.execute("INSERT INTO state VALUES (?, ?)", (whole.tip, whole.seal))
    file.execute("COMMIT")


def _holds(file: sqlite3.Connection, known: Copy) -> bool:
    """Tell whether nobody else wrote meanwhile."""
    if not _is_ours(file):
        return False
    return file.execute("SELECT tip, seal FROM state").fetchall() == [(known.tip, known.seal)]
