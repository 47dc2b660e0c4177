"""The parameters that a cell of another language than Python declares.

Strings and comments are blanked first, so that nothing inside them is taken for a declaration.
Only declarations at the top level count.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from string import ascii_letters
from typing import TYPE_CHECKING, Any

from jupyter_mlcd.model.parameter_types import ANY, NUMERIC, Kind, Parameter, ParameterType

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_STRING, _COMMENT = "\0", "\1"


@dataclass(frozen=True)
class _Grammar:
    """What has to be known of a language to find its declarations."""

    blanked: re.Pattern[str]
    """Strings and comments."""
    declaration: re.Pattern[str]
    ends: str = "\n;"
    """What ends a value outside of brackets."""


_GRAMMARS = {
    "bash": _Grammar(
        re.compile(
            r"""(?s:\\.)|'[^']*'|\$'(?s:\\.|[^'\\])*'|"(?s:\\.|[^"\\])*"|(?:(?<=\s)|^)\#[^\n]*""",
            re.MULTILINE,
        ),
        re.compile(
            r"^(?P<how>(?:export|declare|typeset|readonly|local)(?:[ \t]+-\w+)*[ \t]+)?"
            r"(?P<name>[A-Za-z_]\w*)=",
            re.MULTILINE,
        ),
        ends="\n; \t&|",
    ),
    "javascript": _Grammar(
        re.compile(
            r"""/\*(?s:.*?)\*/|//[^\n]*|'(?:\\(?s:.)|[^'\\\n])*'|"(?:\\(?s:.)|[^"\\\n])*"
            |`(?:\\(?s:.)|[^`\\])*`""",
            re.VERBOSE,
        ),
        re.compile(
            r"^[ \t]*(?P<how>let|const|var)[ \t]+(?P<name>[A-Za-z_$][\w$]*)"
            r"[ \t]*(?::(?P<type>[^=\n]+))?=(?![=>])",
            re.MULTILINE,
        ),
    ),
    "r": _Grammar(
        re.compile(r"""#[^\n]*|'(?:\\(?s:.)|[^'\\])*'|"(?:\\(?s:.)|[^"\\])*"|`[^`]*`"""),
        re.compile(r"^[ \t]*(?P<how>)(?P<name>[A-Za-z][\w.]*)[ \t]*(?:<-|=(?!=))", re.MULTILINE),
    ),
}
_FAMILIES = {"typescript": "javascript"}
_TYPES = {
    "number": NUMERIC,
    "string": ParameterType(Kind.TEXT),
    "boolean": ParameterType(Kind.BOOLEAN),
}
_ATTRIBUTES = re.compile(
    r"\b(?P<word>declare|typeset|local|readonly)[ \t]+"
    r"(?P<options>(?:[-+]\w+[ \t]+)*)(?P<rest>[^\n;]*)"
)
# Letters of options that leave an assignment an assignment: array, export, global.
_HARMLESS = frozenset("axg")


def family_of(language: str) -> str:
    """Return the language whose ways a language shares: ``javascript`` for ``typescript``."""
    return _FAMILIES.get(language.lower(), language.lower())


def declared_elsewhere(language: str, source: str, earlier: Sequence[str]) -> tuple[Parameter, ...]:
    """Return the parameters of a cell in ``language``; none in a language that we do not know."""
    family = family_of(language)
    grammar = _GRAMMARS.get(family)
    if grammar is None:
        return ()
    masked = grammar.blanked.sub(_blank, source)
    fixed = _fixed_names([*earlier, source]) if family == "bash" else frozenset()
    found: dict[str, Parameter] = {}
    for match in grammar.declaration.finditer(masked):
        if _depth(masked[: match.start()]) == 0:
            one = _parameter(family, match, source, masked)
            found[one.name] = _fixed(one) if one.name in fixed else one
    return tuple(found.values())


def _blank(found: re.Match[str]) -> str:
    is_comment = found[0].startswith(("#", "//", "/*"))
    return (_COMMENT if is_comment else _STRING) * len(found[0])


def _depth(masked: str) -> int:
    return sum((letter in "([{") - (letter in ")]}") for letter in masked)


def _parameter(family: str, match: re.Match[str], source: str, masked: str) -> Parameter:
    end = _end_of_value(masked, match.end(), _GRAMMARS[family].ends)
    text = source[match.end() : end].strip()
    rest = source[end:].partition("\n")[0]
    blanks = masked[end : end + len(rest)]
    comment = rest[blanks.index(_COMMENT) :] if _COMMENT in blanks else ""
    kind, default, is_literal = _READERS[family](text)
    written = (match.groupdict().get("type") or "").strip()
    declared = _TYPES.get(written)
    is_list = family == "bash" and kind.kind is Kind.LIST
    return Parameter(
        name=match["name"],
        type=declared or kind,
        is_typed=declared is not None,
        default_text=text,
        default=default,
        has_literal_default=is_literal,
        help=comment.strip("#/* \t"),
        line=source[: match.start("name")].count("\n") + 1,
        how="list" if is_list else (match["how"] or "").strip(),
    )


def _end_of_value(masked: str, start: int, ends: str) -> int:
    depth = 0
    for position in range(start, len(masked)):
        letter = masked[position]
        depth += (letter in "([{") - (letter in ")]}")
        if depth == 0 and letter in ends + _COMMENT and masked[start:position].strip():
            return position
    return len(masked)


# ---------------------------------------------------------------------------------- default values

_Read = tuple[ParameterType, Any, bool]
_ANY: _Read = (ANY, None, False)


def _javascript(text: str) -> _Read:
    try:
        value = json.loads(f'"{text[1:-1]}"' if text[:1] == text[-1:] == "'" else text)
    except ValueError:
        kinds = {"[": Kind.LIST, "{": Kind.TABLE}
        kind = kinds.get(text[:1])
        return (ParameterType(kind, (ANY,)), None, False) if kind else _ANY
    return _of_literal(value)


def _r(text: str) -> _Read:
    words = {"TRUE": True, "FALSE": False, "T": True, "F": False}
    if text in words:
        return _of_literal(words[text])
    if re.match(r"(?:c|list)\(", text):
        return (ParameterType(Kind.LIST, (ANY,)) if text[0] == "c" else ANY), None, False
    if re.fullmatch(r"-?\d+L", text):
        return _of_literal(int(text[:-1]))
    kind, value, is_literal = _javascript(text)
    return (ParameterType(Kind.NUMBER) if kind == NUMERIC else kind), value, is_literal


def _bash(text: str) -> _Read:
    if text.startswith("("):
        return ParameterType(Kind.LIST, (ANY,)), None, False
    is_plain = re.fullmatch(r"[\w./:,@%+-]*|'[^']*'|\"[^\"$`\\\\]*\"", text)
    return ANY, text.strip("'\"") if is_plain else None, bool(is_plain)


def _of_literal(value: object) -> _Read:
    match value:
        case bool():
            kind = ParameterType(Kind.BOOLEAN)
        case int() | float():
            kind = NUMERIC
        case str():
            kind = ParameterType(Kind.TEXT)
        case list():
            kind = ParameterType(Kind.LIST, (ANY,))
        case dict():
            kind = ParameterType(Kind.TABLE, (ANY,))
        case _:
            kind = ANY
    return kind, value, True


_READERS: dict[str, Callable[[str], _Read]] = {"bash": _bash, "javascript": _javascript, "r": _r}

# ------------------------------------------------------------------------------ attributes of bash


def _fixed_names(sources: Sequence[str]) -> frozenset[str]:
    """Return the names with attributes under which an assignment does more than to assign.

    After ``declare -i n`` bash evaluates whatever is assigned to ``n``.
    """
    found: set[str] = set()
    for source in sources:
        for match in _ATTRIBUTES.finditer(source):
            options = set(match["options"]) & set(ascii_letters)
            if match["word"] == "readonly" or options - _HARMLESS:
                found |= {word.partition("=")[0] for word in match["rest"].split()}
    return frozenset(found)


def _fixed(parameter: Parameter) -> Parameter:
    fields = {name: getattr(parameter, name) for name in parameter.__struct_fields__}
    return Parameter(**{**fields, "how": "fixed"})
