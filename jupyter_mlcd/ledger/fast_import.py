"""Commits through one ``git fast-import``: one pack, synced, and the reference moved with it.

It never sees index, worktree, HEAD, filters or hooks. With git's defaults it would unpack small
packs into unsynced loose objects, and a concurrent ``git gc --prune=now`` then corrupts silently;
``unpackLimit=1`` keeps the pack. The reference moves only forward from the commit that was named,
which is the compare-and-swap; ``done`` makes a stream that was cut off worthless.
"""

from __future__ import annotations

import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from jupyter_mlcd.ledger.pieces import Piece, read_exactly
from jupyter_mlcd.world.failpoints import failpoint
from jupyter_mlcd.world.git_blobs import object_hash
from jupyter_mlcd.world.git_errors import GitFault, git_error
from jupyter_mlcd.world.git_names import ObjectId, encoded, quoted_path
from jupyter_mlcd.world.git_reading import person_text

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

    from jupyter_mlcd.world.git import Git
    from jupyter_mlcd.world.git_reading import Person

DURABLE: Final = {"core.fsync": "committed,reference", "core.fsyncMethod": "fsync"}
"""Settings for what must survive a power cut: the objects, and the reference to them."""

_DEADLINE_SECONDS = 600.0


@dataclass(frozen=True)
class Draft:
    """One commit to be made."""

    message: str
    author: Person
    written_at: int
    """When the author wrote it, in seconds since 1970."""
    pieces: tuple[Piece, ...]


def import_drafts(
    git: Git,
    ref: str,
    base: ObjectId | None,
    drafts: Sequence[Draft],
    keep_open: Collection[int] = (),
) -> tuple[ObjectId, ...]:
    """Write ``drafts`` as commits on ``base``, move ``ref`` there, and return their ids.

    GitError ``git-ref-moved`` when ``ref`` is no longer at ``base``; nothing refers to what was
    written then. ``keep_open`` are file descriptors, such as a lock, that git inherits.
    """
    with tempfile.TemporaryDirectory(prefix="mlcd-marks-") as folder:
        marks = Path(folder, "marks")
        git.run(
            "fast-import",
            "--quiet",
            "--depth=0",  # no deltas: they cost time and save nothing on pictures
            "--date-format=raw",
            f"--export-marks={marks}",
            stdin=_stream(git, ref, base, drafts),
            settings={"fastimport.unpackLimit": "1", **DURABLE},
            deadline=_DEADLINE_SECONDS,
            keep_open=keep_open,
        )
        lines = sorted(
            marks.read_text("ascii").splitlines(), key=lambda line: int(line[1:].split()[0])
        )
        return tuple(ObjectId(line.split()[1]) for line in lines)


def _marks(text: str) -> Iterator[tuple[int, ObjectId]]:
    for line in text.splitlines():
        mark, oid = line.removeprefix(":").split()
        yield int(mark), ObjectId(oid)


def _stream(git: Git, ref: str, base: ObjectId | None, drafts: Iterable[Draft]) -> Iterator[bytes]:
    yield b"feature done\n"
    for number, draft in enumerate(drafts, start=1):
        yield f"commit {ref}\nmark :{number}\n".encode()
        yield _signature("author", draft.author, draft.written_at)
        yield _signature("committer", draft.author, int(time.time()))
        message = draft.message.encode("utf-8", "replace")
        yield b"data %d\n%b\n" % (len(message), message)
        if number == 1 and base is not None:
            yield f"from {base}\n".encode()
        for piece in draft.pieces:
            yield from _file(git, piece)
            failpoint("ledger-during-import")
        yield b"\n"
    yield b"done\n"


def _signature(role: str, person: Person, seconds: int) -> bytes:
    name, email = person_text(person.name), person_text(person.email)
    return encoded(f"{role} {name} <{email}> {seconds} +0000\n")


def _file(git: Git, piece: Piece) -> Iterator[bytes]:
    path = quoted_path(piece.path)
    if piece.content is None:
        yield f"M 100644 {piece.oid} ".encode() + path + b"\n"
        return
    yield b"M 100644 inline %b\ndata %d\n" % (path, piece.size)
    if isinstance(piece.content, bytes):
        yield piece.content
    else:
        hashed = object_hash(git, "blob", piece.size)
        for chunk in read_exactly(piece.content, piece.size):
            hashed.update(chunk)
            yield chunk
        if hashed.hexdigest() != piece.oid:
            raise git_error(GitFault.CHANGED_MEANWHILE, str(piece.content))
    yield b"\n"
