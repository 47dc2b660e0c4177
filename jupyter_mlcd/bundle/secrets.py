"""Secrets are looked for before anything is written: an object once pushed cannot be taken back.

Two layers: values that this computer is known to keep secret, in all their encodings, and the
prefixes by which makers mark their tokens, also inside of base64, hexadecimal, URLs and JSON. In
notebooks the decoded text of sources, outputs and
metadata is read, and a finding names cell and output. A scan that fails or takes too long refuses.
"""

from __future__ import annotations

import bisect
import hashlib
import html
import json
import re
import time
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate
from typing import TYPE_CHECKING, Any

from jupyter_mlcd.bundle.secret_encodings import texts_inside
from jupyter_mlcd.bundle.secret_rules import RULES, KnownSecret
from jupyter_mlcd.model.errors import RefusedError
from jupyter_mlcd.model.secret import SecretFinding

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

_ANSI = re.compile(r"\x1b\[[0-?]{0,32}[ -/]{0,8}[@-~]")
# Pictures and arrays inside of texts: base64 longer than any token that the rules know.
_OPAQUE = re.compile(
    r"data:image/[a-z+.-]{1,20};base64,[A-Za-z0-9+/=]*|[A-Za-z0-9+/]{12000,}={0,2}"
)
_CHUNK = 1 << 20
_OVERLAP = 16_384
"""Characters read twice, so that no secret hides between two chunks."""
_SECONDS_PER_MEGABYTE = 2.0
_LEAST_SECONDS = 5.0
_SHOWN = 4
_ROUNDS = 20_000
_NO_SAMPLE = frozenset({"password-in-url", "environment-dump"})
"""Rules whose matches begin with what is secret, or have no public prefix."""


@dataclass(frozen=True)
class _Passage:
    """A text with the cell and output that it belongs to."""

    cell: int | None
    output: int | None
    text: str


def scan(name: str, content: bytes, known: Sequence[KnownSecret]) -> list[SecretFinding]:
    """Return what looks like a secret in a file; notebooks are read cell by cell.

    RefusedError ``secret-scan-failed`` when the file could not be read through in time: what was
    not scanned is not kept.
    """
    if name.endswith(".ipynb"):
        return scan_notebook(name, content, known)
    passage = _Passage(None, None, _decoded(content))
    return _findings(name, [[passage]], known, len(content))


def scan_notebook(name: str, content: bytes, known: Sequence[KnownSecret]) -> list[SecretFinding]:
    """Return what looks like a secret in a notebook; one that is no JSON is read as plain text."""
    try:
        groups = list(_passages(json.loads(content)))
    except (ValueError, AttributeError, TypeError):
        groups = [[_Passage(None, None, _decoded(content))]]
    except RecursionError:
        raise _scan_failed(name, "it is nested too deeply") from None
    return _findings(name, groups, known, len(content))


@lru_cache(maxsize=256)
def fingerprint(rule: str, value: str) -> str:
    """Return what tells a value from others of its kind and can be written down.

    Slow on purpose: a short value must not be guessed from it by trying them all.
    """
    salt = b"mlcd-secret@v1 " + rule.encode()
    raw = value.encode("utf-8", "surrogatepass")
    return hashlib.pbkdf2_hmac("sha256", raw, salt, _ROUNDS, 16).hex()


def _findings(
    name: str, groups: Iterable[Sequence[_Passage]], known: Sequence[KnownSecret], size: int
) -> list[SecretFinding]:
    """Search each group as one text, so that a secret split over two outputs is found as well."""
    end = time.monotonic() + max(_LEAST_SECONDS, size / 1e6 * _SECONDS_PER_MEGABYTE)
    forms = [(secret, secret.forms()) for secret in known]
    found: dict[tuple[int | None, int | None, str, str], SecretFinding] = {}
    for passages in groups:
        starts = [0, *accumulate(len(passage.text) for passage in passages)]
        text = "".join(passage.text for passage in passages)
        for place, rule, sample, value in _matches(name, text, forms, end):
            passage = passages[min(bisect.bisect_right(starts, place), len(passages)) - 1]
            where = (passage.cell, passage.output, rule)
            mark = fingerprint(rule, value)
            found.setdefault((*where, mark), SecretFinding(name, *where, sample, mark))
    return list(found.values())


def _matches(
    name: str,
    text: str,
    forms: Sequence[tuple[KnownSecret, frozenset[str]]],
    end: float,
) -> Iterator[tuple[int, str, str, str]]:
    """Yield position, rule, masked sample and value of what is found."""
    for start in range(0, len(text), _CHUNK):
        chunk = text[start : start + _CHUNK + _OVERLAP]
        for secret, written in forms:
            for form in written:
                if (place := chunk.find(form)) >= 0:
                    sample = f"{len(secret.value)} characters"
                    yield start + place, f"value of {secret.name}", sample, secret.value
        searchable = _OPAQUE.sub(lambda match: " " * len(match[0]), chunk)
        for place, rule, sample, value in _by_rules(searchable):
            yield start + place, rule, sample, value
        for begin, inside in texts_inside(searchable):
            for place, rule, sample, value in _by_rules(inside):
                # Where exactly it stood before it was read is not known, but not behind its end.
                about = min(begin + (0 if begin else place), len(chunk) - 1)
                yield start + about, rule, sample, value
            if time.monotonic() > end:
                raise _scan_failed(name, "it takes too long")
        if time.monotonic() > end:
            raise _scan_failed(name, "it takes too long")


def _by_rules(text: str) -> Iterator[tuple[int, str, str, str]]:
    """Yield position, rule, masked sample and value of what has the form of a secret."""
    for rule in RULES:
        for match in rule.matches(text):
            sample = f"{match[0][:_SHOWN]}…, {len(match[0])} characters"
            if rule.name in _NO_SAMPLE:
                sample = f"{len(match[0])} characters"
            yield match.start(), rule.name, sample, match[0]


def _passages(notebook: dict[str, Any]) -> Iterator[list[_Passage]]:
    """Yield the texts of a notebook in groups; a group is searched as if it were one text."""
    for index, cell in enumerate(notebook.get("cells", ())):
        yield [_Passage(index, None, _joined(cell.get("source", "")))]
        about = {key: part for key, part in cell.items() if key not in {"source", "outputs"}}
        yield [_Passage(index, None, "\n".join(_strings(about)))]
        outputs = cell.get("outputs", ())
        streams: dict[str, list[_Passage]] = {}
        for number, output in enumerate(outputs):
            if output.get("output_type") == "stream":
                passage = _Passage(index, number, _clean(_joined(output.get("text", ""))))
                streams.setdefault(str(output.get("name")), []).append(passage)
            else:
                yield [_Passage(index, number, _clean(text)) for text in _output_texts(output)]
        yield from streams.values()
    rest = {key: part for key, part in notebook.items() if key != "cells"}
    yield [_Passage(None, None, "\n".join(_strings(rest)))]


def _output_texts(output: dict[str, Any]) -> Iterator[str]:
    """Yield the texts of an output that is no stream, each ended by a newline."""
    if output.get("output_type") == "error":
        yield "\n".join(_strings(output)) + "\n"
        return
    for mime, content in output.get("data", {}).items():
        if mime.startswith(("image/", "audio/", "video/")) and mime != "image/svg+xml":
            continue
        text = _joined(content) if isinstance(content, str | list) else "\n".join(_strings(content))
        yield text + "\n"
        if "&" in text and "html" in mime:
            yield html.unescape(text) + "\n"
    yield "\n".join(_strings(output.get("metadata", {}))) + "\n"


def _joined(source: object) -> str:
    """Return a multi-line string of the notebook format, which may be a list of lines."""
    if isinstance(source, list):
        return "".join(
            line if isinstance(line, str) else "\n".join(_strings(line)) for line in source
        )
    return source if isinstance(source, str) else "\n".join(_strings(source))


def _strings(value: object) -> Iterator[str]:
    """Yield all texts in a JSON value, also the keys; pictures are left out."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, part in value.items():
            if not key.startswith("image/") or key == "image/svg+xml":
                # Together, so that {"password": "..."} reads as it would in a text.
                yield f"{key}={part}" if isinstance(part, str) else key
                yield from _strings(part)
    elif isinstance(value, list):
        for part in value:
            yield from _strings(part)


def _clean(text: str) -> str:
    return _ANSI.sub("", text)


def _decoded(content: bytes) -> str:
    return _clean(content.decode("utf-8", "replace"))


def _scan_failed(name: str, why: str) -> RefusedError:
    return RefusedError(
        f"{name} could not be searched for secrets: {why}.",
        code="secret-scan-failed",
        hint="Nothing was kept. Make its outputs smaller, then run and keep it again.",
    )
