"""Annotated tags: the name of a version on its commit, made once and never moved."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from jupyter_mlcd.ledger.fast_import import DURABLE
from jupyter_mlcd.model.errors import RefusedError
from jupyter_mlcd.world.git_blobs import cat_file_batch
from jupyter_mlcd.world.git_names import ObjectId, checked_object_id, checked_ref, decoded, encoded
from jupyter_mlcd.world.git_reading import person_text, ref_tip, refs

if TYPE_CHECKING:
    from jupyter_mlcd.world.git import Git
    from jupyter_mlcd.world.git_reading import Person

_PREFIX = "refs/tags/"


@dataclass(frozen=True)
class Tag:
    """One tag."""

    name: str
    oid: ObjectId
    """The tag object; of a lightweight tag the commit."""
    target: ObjectId
    """What it names, a commit."""
    message: str
    """Empty for a lightweight tag."""
    is_annotated: bool


def create_tag(git: Git, name: str, commit: str, message: str, tagger: Person) -> Tag:
    """Make the annotated tag ``name`` on ``commit``.

    The same again is no change, whoever made it and when. RefusedError when the name is taken by
    another commit, another message or a lightweight tag. Never signed by git's own configuration:
    a passphrase nobody is there to type would hang it.
    """
    ref = checked_ref(_PREFIX + name)
    target = checked_object_id(commit)
    wanted = message.strip()
    present = read_tag(git, name)
    if present is None:
        oid = _write(git, name, target, wanted, tagger)
        nothing = "0" * len(oid)
        git.run("update-ref", ref, oid, nothing, settings=DURABLE)
        return Tag(name, oid, target, wanted, is_annotated=True)
    if present.is_annotated and (present.target, present.message) == (target, wanted):
        return present
    raise RefusedError(
        f"The tag {name} exists already, on {present.target[:10]}.",
        code="tag-exists",
        hint="Tags of versions are never moved. Nothing was written; take the next version.",
    )


def read_tag(git: Git, name: str) -> Tag | None:
    """Return a tag; None if there is none of this name."""
    oid = ref_tip(git, checked_ref(_PREFIX + name))
    if oid is None:
        return None
    kind = decoded(git.run("cat-file", "-t", oid)).strip()
    if kind != "tag":
        return Tag(name, oid, oid, "", is_annotated=False)
    (raw,) = cat_file_batch(git, [oid])
    head, _, message = decoded(raw).partition("\n\n")
    target = head.splitlines()[0].removeprefix("object ")
    return Tag(name, oid, ObjectId(target), message.strip(), is_annotated=True)


def tag_names(git: Git, folder: str = "") -> tuple[str, ...]:
    """Return the names of all tags, or of those below ``folder``."""
    prefix = _PREFIX + folder if folder else _PREFIX.rstrip("/")
    return tuple(sorted(ref.removeprefix(_PREFIX) for ref in refs(git, prefix.rstrip("/"))))


def _write(git: Git, name: str, target: ObjectId, message: str, tagger: Person) -> ObjectId:
    who = f"{person_text(tagger.name)} <{person_text(tagger.email)}>"
    lines = [
        f"object {target}",
        "type commit",
        f"tag {name}",
        f"tagger {who} {int(time.time())} +0000",
        "",
        message,
        "",
    ]
    made = git.run("mktag", stdin=encoded("\n".join(lines)), settings=DURABLE)
    return ObjectId(decoded(made).strip())
