"""Names that git is given: references, remotes, paths, object ids.

Checked here, before git sees them, by the rules of ``git check-ref-format`` and stricter.
"""

from __future__ import annotations

import re
from typing import NewType

from jupyter_mlcd.model.errors import UsageError

ObjectId = NewType("ObjectId", str)

_OBJECT_ID = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?\Z")
# Control characters, space, and what `git check-ref-format` forbids anywhere in a name.
_FORBIDDEN_IN_REF = re.compile(r"[\x00-\x20\x7f~^:?*\[\\]|\.\.|@\{|//")
_LONGEST_REF = 200
# C0 and C1 controls but the newline; zero-width, bidirectional and byte-order characters.
_NOT_SHOWN = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]"
)
# All of the user part for http, where it may be a token alone; `ssh://git@host` may keep its name.
_USERINFO = re.compile(
    r"(?<=://)[^/@\s:]{0,400}:[^/@\s]{0,400}@|(?<=http://)[^/@\s]{1,800}@|"
    r"(?<=https://)[^/@\s]{1,800}@"
)


def is_ref_name(text: str) -> bool:
    """Tell whether ``text`` is a full reference name such as ``refs/heads/main``."""
    components = text.split("/")
    return not (
        len(components) < 2  # noqa: PLR2004 - "refs" and at least one more
        or len(text) > _LONGEST_REF
        or text.startswith("-")
        or text.endswith(".")
        or _FORBIDDEN_IN_REF.search(text)
        or any(
            not part or part.startswith((".", "-")) or part.endswith(".lock") or part == "@"
            for part in components
        )
    )


def checked_ref(text: str) -> str:
    """Return ``text`` if it is a full reference name below ``refs/``; UsageError if not."""
    if text.startswith("refs/") and is_ref_name(text):
        return text
    raise UsageError(
        f"{text!r} cannot be the name of a branch or tag.",
        code="bad-ref-name",
        hint="Use letters, digits, '.', '_', '-' and '/'; see `git check-ref-format --help`.",
    )


def checked_revision(text: str) -> str:
    """Return ``text`` if it is HEAD, an object id, or a branch, tag or reference name.

    UsageError for all else, also for git's operators (``^``, ``~``, ``:``, ``@{...}``).
    """
    is_name = is_ref_name(f"refs/{text}") and not text.startswith("-")
    if text == "HEAD" or _OBJECT_ID.match(text) or is_name:
        return text
    raise UsageError(
        f"{text!r} does not name a commit here.",
        code="bad-revision",
        hint="Give a branch, a tag, HEAD or a full commit id.",
    )


def is_object_id(text: str) -> bool:
    """Tell whether ``text`` is a full SHA-1 or SHA-256 object id."""
    return bool(_OBJECT_ID.match(text))


def checked_object_id(text: str) -> ObjectId:
    """Return ``text`` if it is a full SHA-1 or SHA-256 object id; UsageError if not."""
    if is_object_id(text):
        return ObjectId(text)
    raise UsageError(
        f"{text!r} is not a full object id.",
        code="bad-object-id",
        hint="Give all 40 or 64 hexadecimal digits.",
    )


def quoted_path(path: str) -> bytes:
    """Return ``path`` in git's C quotes, for input formats in which a newline ends a name."""
    quoted = bytearray(b'"')
    for byte in encoded(path):
        if byte in b'"\\':
            quoted += b"\\" + bytes([byte])
        elif byte < 0x20 or byte >= 0x7F:  # noqa: PLR2004 - what is not printable ASCII
            quoted += b"\\%03o" % byte
        else:
            quoted.append(byte)
    return bytes(quoted + b'"')


def encoded(text: str) -> bytes:
    """Return a path as git holds it; undecodable bytes survive the way there and back."""
    return text.encode("utf-8", "surrogateescape")


def decoded(raw: bytes) -> str:
    """Return git's bytes as text; the reverse of `encoded`."""
    return raw.decode("utf-8", "surrogateescape")


def plain(text: str) -> str:
    """Return ``text`` without control and bidirectional characters, fit to be shown."""
    return _NOT_SHOWN.sub("", text.replace("\t", " "))


def without_credentials(text: str) -> str:
    """Return ``text`` with passwords and tokens taken out of every URL in it."""
    return _USERINFO.sub("", text)
