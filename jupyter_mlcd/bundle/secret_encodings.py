"""Texts inside of texts: what stands there for a URL, in JSON, in base64 or in hexadecimal.

Each is read once, not again in what comes out, and only where it gives a text: bytes that are no
text are pictures, hashes and arrays, and are full of beginnings of everything.
"""

from __future__ import annotations

import base64
import binascii
import re
from typing import TYPE_CHECKING
from urllib.parse import unquote

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_QUOTED = re.compile(r"[^\s\"'<>]{1,8000}")
_FOR_A_URL = re.compile(r"%[0-9A-Fa-f]{2}")
_BASE64 = re.compile(r"(?<![A-Za-z0-9+/_-])[A-Za-z0-9+/_-]{20,12000}(?![A-Za-z0-9+/_-])")
_HEXADECIMAL = re.compile(r"(?<![0-9A-Fa-f])(?:[0-9A-Fa-f]{2}){10,6000}(?![0-9A-Fa-f])")
_ESCAPED = re.compile(r"\\(?:u00([0-9a-fA-F]{2})|(.))")
_ESCAPES = {"n": "\n", "r": "\r", "t": "\t"}
_ODD = re.compile(rb"[^\t\n\r\x20-\x7e]")
_ODD_SHARE = 50
"""One byte in so many may be none of a plain text: names of people are in other alphabets."""


def texts_inside(text: str) -> Iterator[tuple[int, str]]:
    """Yield what is written in another form inside of ``text``, and where that begins."""
    if _FOR_A_URL.search(text):
        for match in _QUOTED.finditer(text):
            if "%" in match[0]:
                yield match.start(), unquote(match[0])
    if "\\" in text:
        yield 0, _ESCAPED.sub(_plain, text)
    for match in _BASE64.finditer(text):
        inside = _of_base64(match[0])
        if inside:
            yield match.start(), inside
    for match in _HEXADECIMAL.finditer(text):
        inside = _readable(bytes.fromhex(match[0]))
        if inside:
            yield match.start(), inside


def inside_replaced(text: str, replacement: Callable[[str], str]) -> str:
    """Return ``text`` with encoded pieces replaced by what is said of the text inside of each.

    Empty leaves a piece as it is.
    """

    def replaced(match: re.Match[str], inside: str) -> str:
        return (replacement(inside) if inside else "") or match[0]

    if _FOR_A_URL.search(text):
        text = _QUOTED.sub(
            lambda match: replaced(match, unquote(match[0]) if "%" in match[0] else ""), text
        )
    text = _BASE64.sub(lambda match: replaced(match, _of_base64(match[0])), text)
    return _HEXADECIMAL.sub(lambda match: replaced(match, _readable(bytes.fromhex(match[0]))), text)


def unescaped(text: str) -> str:
    """Return a text that was written as it stands in JSON or in a program, as it reads."""
    return _ESCAPED.sub(_plain, text) if "\\" in text else text


def _plain(match: re.Match[str]) -> str:
    if match[1]:
        return chr(int(match[1], 16))
    return _ESCAPES.get(match[2], match[2])


def _of_base64(text: str) -> str:
    """Return the text that base64 stands for; a last letter that is cut off is left out."""
    whole = text.replace("-", "+").replace("_", "/")
    whole = whole[: len(whole) - 1] if len(whole) % 4 == 1 else whole
    try:
        return _readable(base64.b64decode(whole + "=" * (-len(whole) % 4)))
    except (binascii.Error, ValueError):
        return ""


def _readable(content: bytes) -> str:
    if len(_ODD.findall(content)) * _ODD_SHARE > len(content):
        return ""
    return content.decode("utf-8", "replace")
