"""The process that compares executed notebooks, so that no notebook can hold up a server.

It reads requests from standard input until there are no more, and answers each with one line of
JSON. A request is a line of JSON with the lengths of what follows it.
"""

from __future__ import annotations

import base64
import sys
from typing import IO, TYPE_CHECKING, Any

import msgspec

from jupyter_mlcd.bundle.difference_cells import compare_cells, count_cells, read_cells
from jupyter_mlcd.bundle.difference_tables import table_rows, words_of

if TYPE_CHECKING:
    from collections.abc import Callable

_PICTURES = ("image/png", "image/jpeg", "image/gif", "image/webp", "image/svg+xml")
_IN_BASE64 = _PICTURES[:-1]
_MOST_ROWS = 20_000
"""Rows of a table that is asked for by itself."""


class Request(msgspec.Struct, frozen=True):
    """What is asked of the process."""

    verb: str
    """``count``, ``cells``, ``picture`` or ``text``."""
    lengths: tuple[int | None, int | None]
    """Bytes of the notebook before and after; None is one that is not there."""
    cell: int = 0
    output: int = 0


class Answer(msgspec.Struct, frozen=True, omit_defaults=True):
    """What it answers."""

    value: Any = None
    problem: str = ""
    """Why not, in words."""


def picture_of(notebook: bytes, cell: int, output: int) -> str:
    """Return the picture of one output, in base64. Raises LookupError where it has none."""
    data = _output(notebook, cell, output).get("data") or {}
    media = next(media for media in _PICTURES if media in data)
    text = _joined(data[media])
    if media in _IN_BASE64:
        return "".join(text.split())
    return base64.b64encode(text.encode("utf-8", "replace")).decode()


def text_of(notebook: bytes, cell: int, output: int) -> str:
    """Return the text of one output, in base64; of a stream that of all its pieces."""
    one = _output(notebook, cell, output)
    if one.get("output_type") == "stream":
        outputs: Any = read_cells(notebook)[cell].outputs
        same = [each for each in outputs if each.get("name") == one.get("name")]
        text = "".join(_joined(each.get("text", "")) for each in same)
    elif one.get("output_type") == "error":
        text = "\n".join(map(str, one.get("traceback") or ()))
    else:
        text = text_form(one.get("data") or {})
    return base64.b64encode(text.encode("utf-8", "replace")).decode()


def text_form(data: dict[str, Any]) -> str:
    """Return the text that says most: what is read of markup, of an object not only its name."""
    markup = _joined(data.get("text/html", ""))
    table = table_rows(markup, _MOST_ROWS) if markup else None
    if table is not None:
        return "\n".join("\t".join(row) for row in table[0])
    if markup:
        return words_of(markup)
    texts = [media for media in data if media not in _IN_BASE64]
    return _joined(data["text/plain" if "text/plain" in texts else next(iter(texts))])


def _output(notebook: bytes, cell: int, output: int) -> dict[str, Any]:
    outputs: Any = read_cells(notebook)[cell].outputs
    one = outputs[output]
    if cell < 0 or output < 0 or not isinstance(one, dict):
        raise LookupError
    return one


def _joined(value: object) -> str:
    if isinstance(value, list):
        return "".join(map(str, value))
    return value if isinstance(value, str) else msgspec.json.encode(value).decode()


def answer(request: Request, before: bytes | None, after: bytes | None) -> bytes:
    """Return the answer to one request; what is wrong with a notebook is a problem."""
    verbs: dict[str, Callable[[], object]] = {
        "count": lambda: count_cells(before or b"", after or b""),
        "cells": lambda: compare_cells(before, after),
        "picture": lambda: picture_of(after or b"", request.cell, request.output),
        "text": lambda: text_of(after or b"", request.cell, request.output),
    }
    try:
        return msgspec.json.encode(Answer(verbs[request.verb]()))
    except (LookupError, StopIteration, TypeError, AttributeError):
        problem = "there is no such output"
    except (ValueError, RecursionError, MemoryError):
        problem = "one of the two is not a notebook that can be read"
    return msgspec.json.encode(Answer(problem=problem))


def main() -> None:
    """Answer until there are no more requests."""
    source, sink = sys.stdin.buffer, sys.stdout.buffer
    while line := source.readline():
        request = msgspec.json.decode(line, type=Request)
        before, after = (_read(source, length) for length in request.lengths)
        sink.write(answer(request, before, after) + b"\n")
        sink.flush()


def _read(source: IO[bytes], length: int | None) -> bytes | None:
    return None if length is None else source.read(length)


if __name__ == "__main__":
    main()
