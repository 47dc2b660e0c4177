"""Annotated tags: the name of a version on its commit, made once and never moved.

A tag is signed as ``git tag --sign`` does it: the signature over the tag's bytes stands at its end,
in git's own namespace, so that ``git verify-tag`` checks it. The signature is made by us and not by
git, whose configuration may name programs; what cannot be signed without asking stays unsigned.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from jupyter_mlcd.ledger.fast_import import DURABLE
from jupyter_mlcd.model.errors import RefusedError, SigningError
from jupyter_mlcd.world.git_blobs import cat_file_batch
from jupyter_mlcd.world.git_names import ObjectId, checked_object_id, checked_ref, decoded, encoded
from jupyter_mlcd.world.git_reading import person_text, ref_tip, refs
from jupyter_mlcd.world.ssh_signatures import sign, users_key

if TYPE_CHECKING:
    from jupyter_mlcd.world.git import Git
    from jupyter_mlcd.world.git_reading import Person

_PREFIX = "refs/tags/"
_NAMESPACE = "git"
_SIGNATURE = re.compile(rb"^-----BEGIN (?:SSH|PGP) (?:SIGNATURE|MESSAGE)-----$", re.MULTILINE)


@dataclass(frozen=True)
class Tag:
    """One tag."""

    name: str
    oid: ObjectId
    """The tag object; of a lightweight tag the commit."""
    target: ObjectId
    """What it names, a commit."""
    message: str
    """Without a signature; empty for a lightweight tag."""
    is_annotated: bool
    signed: bytes = b""
    """What was signed of it."""
    signature: bytes = b""
    """Armoured; empty where nobody signed it."""


Sign = Callable[[bytes], bytes]
"""Gives the armoured signature of some bytes in git's namespace. Raises SigningError."""


def tag_signer(git: Git) -> Sign | None:
    """Return what signs tags for the user; None without an SSH key, or where she does not want it.

    ``tag.gpgSign = false`` is a no; where it is not said, who has a signing key means it to sign.
    """
    # What is set for a command is set by our own hardened runner, which lets git sign nothing.
    said = [one for one in git.settings if one.key == "tag.gpgsign" and one.scope != "command"]
    if said and said[-1].value.lower() in {"false", "no", "off", "0"}:
        return None
    try:
        return partial(sign, key=users_key(git), namespace=_NAMESPACE)
    except SigningError:
        return None


def create_tag(  # noqa: PLR0913, PLR0917 - what a tag is made of
    git: Git, name: str, commit: str, message: str, tagger: Person, signer: Sign | None = None
) -> Tag:
    """Make the annotated tag ``name`` on ``commit``, signed where that can be without asking.

    The same again is no change, whoever made it, signed it or not, and when. RefusedError when the
    name is taken by another commit, another message or a lightweight tag.
    """
    ref = checked_ref(_PREFIX + name)
    target = checked_object_id(commit)
    wanted = message.strip()
    present = read_tag(git, name)
    if present is None:
        signed, signature = _written(name, target, wanted, tagger, signer)
        made = git.run("mktag", stdin=signed + signature, settings=DURABLE)
        oid = ObjectId(decoded(made).strip())
        nothing = "0" * len(oid)
        git.run("update-ref", ref, oid, nothing, settings=DURABLE)
        return Tag(name, oid, target, wanted, is_annotated=True, signed=signed, signature=signature)
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
    found = [match.start() for match in _SIGNATURE.finditer(raw)]
    signed, signature = (raw[: found[-1]], raw[found[-1] :]) if found else (raw, b"")
    head, _, message = decoded(signed).partition("\n\n")
    target = head.splitlines()[0].removeprefix("object ")
    named = ObjectId(target)
    return Tag(
        name, oid, named, message.strip(), is_annotated=True, signed=signed, signature=signature
    )


def tag_names(git: Git, folder: str = "") -> tuple[str, ...]:
    """Return the names of all tags, or of those below ``folder``."""
    prefix = _PREFIX + folder if folder else _PREFIX.rstrip("/")
    return tuple(sorted(ref.removeprefix(_PREFIX) for ref in refs(git, prefix.rstrip("/"))))


def _written(
    name: str, target: ObjectId, message: str, tagger: Person, signer: Sign | None
) -> tuple[bytes, bytes]:
    """Return the bytes of a tag, and their signature if there is one."""
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
    text = encoded("\n".join(lines))
    if signer is not None:
        # A locked key or one that does not answer: a version does not wait for it.
        with suppress(SigningError):
            return text, signer(text)
    return text, b""
