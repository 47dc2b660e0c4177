"""Readers of the literals that ``parameter_literals`` writes in other languages than Python."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

_NAME = r"[A-Za-z_][A-Za-z0-9_]*"


def _lines(source: str, pattern: str) -> Iterator[tuple[str, str]]:
    """Yield ``(name, literal)`` of each line that is not a comment. Raises ValueError."""
    for line in source.split("\n"):
        if not line or line.startswith(("# ", "// ")):
            continue
        found = re.fullmatch(pattern, line)
        if not found or not all(letter.isprintable() for letter in line):
            raise ValueError(line)
        yield found[1], found[2]


# -------------------------------------------------------------------------------------- JavaScript


def read_javascript(source: str) -> Iterator[tuple[str, Any]]:
    """Yield the names and values that lines of JavaScript assign. Raises ValueError."""
    for name, literal in _lines(source, rf"(?:const )?({_NAME}) = (.+);"):
        yield name, json.loads(literal, object_pairs_hook=_object, parse_constant=_no_constant)


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if "__proto__" in found or len(found) != len(pairs):
        raise ValueError(pairs)
    return found


def _no_constant(text: str) -> float:
    raise ValueError(text)


# -------------------------------------------------------------------------------------------- bash

_BASH_WORD = re.compile(r"'([^']*)'|\$'((?:[^'\\!]|\\[nrt\\]|\\x[0-9a-f]{2})*)'|([A-Za-z0-9.+-]+)")
_BASH_ESCAPE = re.compile(rb"\\(?:x([0-9a-f]{2})|(.))")


def read_bash(source: str) -> Iterator[tuple[str, Any]]:
    """Yield the names and texts that lines of bash assign. Raises ValueError."""
    for name, literal in _lines(source, rf"({_NAME})=(.+)"):
        if not literal.startswith("("):
            yield name, _bash_word(literal)
            continue
        inner = literal[1:-1]
        words = [found[0] for found in _BASH_WORD.finditer(inner)]
        if not literal.endswith(")") or " ".join(words) != inner:
            raise ValueError(literal)
        yield name, [_bash_word(word) for word in words]


def _bash_word(word: str) -> str:
    found = _BASH_WORD.fullmatch(word)
    if found is None:
        raise ValueError(word)
    if found[2] is None:
        return found[1] if found[1] is not None else found[3]
    return _BASH_ESCAPE.sub(_bash_bytes, found[2].encode()).decode()


def _bash_bytes(found: re.Match[bytes]) -> bytes:
    if found[1] is not None:
        return bytes.fromhex(found[1].decode())
    return {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"\\": b"\\"}[found[2]]


def in_bash(value: object) -> object:
    """Return a value as bash has it: everything is text."""
    match value:
        case None:
            return ""
        case bool():
            return str(value).lower()
        case int() | float():
            return repr(value)
        case list():
            return [in_bash(one) for one in value]
    return value


# ----------------------------------------------------------------------------------------------- R

_R_TOKEN = re.compile(
    r'(?P<text>"(?:[^"\\]|\\[nrt"\\]|\\u[0-9a-f]{4}|\\U[0-9a-f]{8})*")'
    r"|(?P<hex>-?0x[01]\.[0-9a-f]+p[+-]\d+)|(?P<integer>-?\d+)L|(?P<number>-?\d+(?:\.\d+)?(?:e[+-]?\d+)?)"
    r"|(?P<word>TRUE|FALSE|NULL)|(?P<open>list\(|c\()|(?P<sign> = |, |\))"
)
_R_ESCAPE = re.compile(r'\\(?:u([0-9a-f]{4})|U([0-9a-f]{8})|([nrt"\\]))')
_R_LETTERS = {"n": "\n", "r": "\r", "t": "\t", '"': '"', "\\": "\\"}


def read_r(source: str) -> Iterator[tuple[str, Any]]:
    """Yield the names and values that lines of R assign. Raises ValueError."""
    for name, literal in _lines(source, rf"({_NAME}) <- (.+)"):
        tokens = _r_tokens(literal)
        yield name, _r_value(tokens, _next(tokens))
        if next(tokens, None) is not None:
            raise ValueError(literal)


def _r_tokens(literal: str) -> Iterator[re.Match[str]]:
    position = 0
    while position < len(literal):
        found = _R_TOKEN.match(literal, position)
        if found is None:
            raise ValueError(literal)
        position = found.end()
        yield found


def _next(tokens: Iterator[re.Match[str]]) -> re.Match[str]:
    token = next(tokens, None)
    if token is None:
        raise ValueError("too short")
    return token


def _r_value(tokens: Iterator[re.Match[str]], token: re.Match[str]) -> object:
    text = token[0]
    match token.lastgroup:
        case "text":
            return _R_ESCAPE.sub(_r_letter, text[1:-1])
        case "hex":
            return float.fromhex(text)
        case "integer":
            return int(token["integer"])
        case "number":
            return int(text) if text.lstrip("-").isdigit() else float(text)
        case "word":
            return {"TRUE": True, "FALSE": False, "NULL": None}[text]
        case "open":
            return _r_collection(tokens)
    raise ValueError(text)


def _r_collection(tokens: Iterator[re.Match[str]]) -> object:
    parts: list[object] = []
    names: list[object] = []
    token = _next(tokens)
    while token[0] != ")":
        part = _r_value(tokens, token)
        token = _next(tokens)
        if token[0] == " = ":
            names.append(part)
            part = _r_value(tokens, _next(tokens))
            token = _next(tokens)
        parts.append(part)
        if token[0] == ", ":
            token = _next(tokens)
        elif token[0] != ")":
            raise ValueError(token[0])
    if names and (len(names) != len(parts) or len(set(names)) != len(names)):
        raise ValueError(names)
    return dict(zip(names, parts, strict=True)) if names else parts


def _r_letter(found: re.Match[str]) -> str:
    code = found[1] or found[2]
    return chr(int(code, 16)) if code else _R_LETTERS[found[3]]


def in_r(value: object) -> object:
    """Return a value as R has it: a table without names is a list."""
    if isinstance(value, dict) and value:
        return {name: in_r(one) for name, one in value.items()}
    return [in_r(one) for one in value] if isinstance(value, list | dict) else value
