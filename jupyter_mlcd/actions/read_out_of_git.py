"""Files of kept evidence that are out of git: in the Store of the machine that ran it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jupyter_mlcd.model.errors import MlcdError, NotFoundError
from jupyter_mlcd.model.kept import KEPT, OutOfGit, read_changes
from jupyter_mlcd.model.result import FileDigest

if TYPE_CHECKING:
    from jupyter_mlcd.actions.desk import Desk
    from jupyter_mlcd.model.evidence import Evidence


def out_of_git(desk: Desk, evidence: Evidence | None) -> dict[str, OutOfGit]:
    """Return ``{path in the bundle: what is told of it}``; a draft has none."""
    path = f"{evidence.path}/{KEPT}" if evidence else ""
    text = desk.ledger.read_all([path]).get(path) if path else None
    return {one.file: one for one in read_changes({KEPT: text}).out_of_git} if text else {}


def read_away(desk: Desk, one: OutOfGit) -> bytes:
    """Return a file that is out of git. Raises NotFoundError where this machine has it not."""
    try:
        return desk.store.path(FileDigest(one.sha256, one.size)).read_bytes()
    except NotFoundError:
        raise NotFoundError(
            f"{one.file} is not here: it is out of git, because it looks like personal data",
            code="out-of-git",
            hint="It is in the Store of the machine that ran it, unless it was erased.",
        ) from None


def away_here(desk: Desk, evidence: Evidence) -> tuple[dict[str, bytes], dict[str, str]]:
    """Return ``{file: content}`` of those that are here, and ``{file: problem}`` of the others.

    The problem is empty where the file is only not here.
    """
    here: dict[str, bytes] = {}
    absent: dict[str, str] = {}
    for one in out_of_git(desk, evidence).values():
        try:
            here[one.file] = read_away(desk, one)
        except NotFoundError:
            absent[one.file] = ""
        except MlcdError as error:
            absent[one.file] = error.message
    return here, absent
