"""Contents out of git's objects: many with one process, in any order, never through a filter."""

from __future__ import annotations

import hashlib
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING

from jupyter_mlcd.world.git_errors import GitFault, git_error
from jupyter_mlcd.world.git_names import (
    ObjectId,
    checked_object_id,
    checked_revision,
    decoded,
    encoded,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from jupyter_mlcd.world.git import Git

_CHUNK = 1 << 18
_DEADLINE_SECONDS = 1800.0


class Blob:
    """One content on its way out of git; read it before taking the next."""

    def __init__(self, oid: ObjectId, size: int, stream: IO[bytes]) -> None:
        self.oid = oid
        self.size = size
        self._stream = stream
        self._left = size

    def chunks(self) -> Iterator[bytes]:
        """Yield the content in pieces of at most 256 KiB."""
        while self._left:
            chunk = self._stream.read(min(self._left, _CHUNK))
            if not chunk:
                raise git_error(GitFault.CORRUPT, f"object {self.oid} ends too early")
            self._left -= len(chunk)
            yield chunk

    def content(self) -> bytes:
        """Return all of the content."""
        return b"".join(self.chunks())


@contextmanager
def blobs(git: Git, oids: Iterable[str]) -> Iterator[Iterator[Blob]]:
    """Give the contents of ``oids`` in their order; GitError when one is missing.

    What is left unread of one is skipped when the next is taken.
    """
    asked = [checked_object_id(oid) for oid in oids]
    stdin = (f"{oid}\n".encode("ascii") for oid in asked)
    with git.streaming(
        "cat-file", "--batch", "--buffer", stdin=stdin, deadline=_DEADLINE_SECONDS
    ) as stream:
        yield _parsed(asked, stream)


def _parsed(asked: Iterable[ObjectId], stream: IO[bytes]) -> Iterator[Blob]:
    for oid in asked:
        header = decoded(stream.readline()).split()
        if len(header) != 3:  # noqa: PLR2004 - id, kind, size
            raise git_error(GitFault.NO_SUCH_OBJECT, f"object {oid} is missing")
        blob = Blob(oid, int(header[2]), stream)
        yield blob
        for _ in blob.chunks():
            pass
        stream.read(1)  # the newline after each content


def cat_file_batch(git: Git, oids: Iterable[str]) -> Iterator[bytes]:
    """Yield the contents of ``oids`` in their order, each whole in memory."""
    with blobs(git, oids) as found:
        for blob in found:
            yield blob.content()


def contents_at(git: Git, treeish: str, paths: Iterable[str]) -> dict[str, bytes]:
    """Return the contents of those ``paths`` that are files of a commit or tree; one process."""
    base = encoded(checked_revision(treeish))
    asked = [path for path in paths if "\n" not in path]
    stdin = b"".join(base + b":" + encoded(path) + b"\n" for path in asked)
    found: dict[str, bytes] = {}
    with git.streaming(
        "cat-file", "--batch", "--buffer", stdin=stdin, deadline=_DEADLINE_SECONDS
    ) as stream:
        for path in asked:
            line = decoded(stream.readline()).rstrip("\n")
            if line.endswith((" missing", " ambiguous")):
                continue
            oid, kind, size = line.split(" ")
            content = Blob(ObjectId(oid), int(size), stream).content()
            stream.read(1)
            if kind == "blob":
                found[path] = content
    return found


def object_hash(git: Git, kind: str, size: int) -> hashlib._Hash:
    """Return a hash that gives the id git gives an object, once fed with its ``size`` bytes."""
    made = hashlib.new(git.object_format, usedforsecurity=False)
    made.update(f"{kind} {size}\0".encode("ascii"))
    return made


def blob_id(git: Git, content: bytes) -> ObjectId:
    """Return the id that git gives to ``content``; nothing is written."""
    made = object_hash(git, "blob", len(content))
    made.update(content)
    return ObjectId(made.hexdigest())
