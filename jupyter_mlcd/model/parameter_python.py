"""The parameters that a cell of Python declares, from its syntax tree."""

from __future__ import annotations

import ast
import datetime as dt
import io
import re
import tokenize
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from jupyter_mlcd.model.parameter_annotations import Names, annotated, annotated_text, inferred
from jupyter_mlcd.model.parameter_types import ANY, Kind, Parameter, ParameterType
from jupyter_mlcd.model.python_source import parse, without_magics

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_TYPE_COMMENT = re.compile(r"type:(?!\s*ignore\b)\s*(.+)", re.DOTALL)


@dataclass(frozen=True)
class _Binding:
    """One name that one statement binds."""

    name: str
    value: ast.expr | None
    annotation: ast.expr | None
    line: int
    last_line: int


def declared_in_python(source: str, earlier: Sequence[str]) -> tuple[Parameter, ...] | None:
    """Return the parameters of a cell, or None where it is not Python.

    ``earlier`` are the cells before it, whose imports say what its names mean.
    """
    tree = parse(source)
    if tree is None:
        return None
    names = Names([*filter(None, map(parse, earlier)), tree])
    comments = _comments(source)
    found: dict[str, Parameter] = {}
    try:
        for binding in (one for statement in tree.body for one in _bindings(statement)):
            one = _parameter(binding, names, comments)
            found[one.name] = _together(found.get(one.name), one)
    except RecursionError:  # an expression that is nested too deep for us
        return None
    return tuple(found.values())


def _bindings(statement: ast.stmt) -> Iterator[_Binding]:
    last = statement.end_lineno or statement.lineno
    match statement:
        case ast.Assign(targets=targets, value=value):
            pairs = [pair for target in targets for pair in _pairs(target, value)]
            for name, part in pairs:
                yield _Binding(name, part, None, statement.lineno, last)
        case ast.AnnAssign(target=ast.Name(id=name), annotation=annotation, value=given):
            yield _Binding(name, given, annotation, statement.lineno, last)


def _pairs(target: ast.expr, value: ast.expr | None) -> Iterator[tuple[str, ast.expr]]:
    """Yield each name of a target with the part of the value that it gets."""
    unknown = ast.Name(id="", ctx=ast.Load())
    match target, value:
        case ast.Name(id=name), _:
            yield name, value or unknown
        case ast.Starred(value=inner), _:
            yield from _pairs(inner, None)
        case (
            (ast.Tuple(elts=parts) | ast.List(elts=parts)),
            (ast.Tuple(elts=values) | ast.List(elts=values)),
        ) if len(parts) == len(values) and not any(_is_starred(one) for one in (*parts, *values)):
            for part, one in zip(parts, values, strict=True):
                yield from _pairs(part, one)
        case ((ast.Tuple(elts=parts) | ast.List(elts=parts)), _):
            for part in parts:
                yield from _pairs(part, None)


def _is_starred(node: ast.expr) -> bool:
    return isinstance(node, ast.Starred)


def _parameter(binding: _Binding, names: Names, comments: dict[int, str]) -> Parameter:
    comment = comments.get(binding.last_line, "")
    kind, text = _type_comment(comment, names)
    if binding.annotation is not None:
        kind = annotated(binding.annotation, names)
    value = binding.value
    suggested = inferred(value, names) if value is not None else ANY
    default, is_literal = _default(value, suggested)
    return Parameter(
        name=binding.name,
        type=_with_calls(kind, suggested) if kind else suggested,
        is_typed=kind is not None,
        default_text=_text_of(value),
        default=default,
        has_literal_default=is_literal,
        help=text,
        line=binding.line,
    )


def _with_calls(kind: ParameterType, suggested: ParameterType) -> ParameterType:
    """Return the declared type, taking from its default how a value is made if need be."""
    parts = tuple(_with_calls(part, suggested) for part in kind.parts)
    call = kind.call or (suggested.call if suggested.kind is kind.kind else "")
    return ParameterType(kind.kind, parts, kind.choices, call)


def _text_of(value: ast.expr | None) -> str:
    if value is None:
        return ""
    return "..." if isinstance(value, ast.Name) and not value.id else ast.unparse(value)


def _default(value: ast.expr | None, kind: ParameterType) -> tuple[Any, bool]:
    """Return the value of a default and whether it could be told."""
    if value is None or (isinstance(value, ast.Constant) and value.value is ...):
        return None, False
    try:
        if isinstance(value, ast.Call):
            return _constructed(value, kind), True
        return ast.literal_eval(value), True
    except (ValueError, TypeError, SyntaxError, RecursionError, MemoryError):
        return None, False


def _constructed(value: ast.Call, kind: ParameterType) -> str:
    """Return ``date(2026, 1, 31)`` and its like as text. Raises ValueError for anything else."""
    arguments = [ast.literal_eval(one) for one in value.args]
    named = {one.arg or "": ast.literal_eval(one.value) for one in value.keywords}
    called = ast.unparse(value.func)
    if arguments and not named and called == kind.call:
        return str(arguments[0])
    makers = {Kind.DATE: dt.date, Kind.DATETIME: dt.datetime, Kind.TIME: dt.time}
    maker = makers.get(kind.kind)
    if maker is None or called != kind.call.removesuffix(".fromisoformat"):
        raise ValueError(called)
    made: dt.date | dt.time = maker(*arguments, **named)
    return made.isoformat()


def _together(earlier: Parameter | None, later: Parameter) -> Parameter:
    """Return one parameter of two statements: ``a: int`` and then ``a = 1``."""
    if earlier is None or not earlier.is_typed or later.is_typed:
        return later
    fields = {name: getattr(later, name) for name in later.__struct_fields__}
    fields |= {"type": earlier.type, "is_typed": True, "help": later.help or earlier.help}
    return Parameter(**fields)


# ---------------------------------------------------------------------------------------- comments


def _comments(source: str) -> dict[int, str]:
    """Return ``{line: comment}``; a cell that the tokenizer cannot read has none."""
    for text in (source, without_magics(source)):
        try:
            tokens = list(tokenize.generate_tokens(io.StringIO(text).readline))
        except (tokenize.TokenError, SyntaxError):
            continue
        found = [token for token in tokens if token.type == tokenize.COMMENT]
        return {token.start[0]: token.string.lstrip("#").strip() for token in found}
    return {}


def _type_comment(comment: str, names: Names) -> tuple[ParameterType | None, str]:
    """Split ``type: int, how many`` into the type and the help."""
    found = _TYPE_COMMENT.match(comment)
    if not found:
        return None, comment
    declared, _, text = found.group(1).partition("#")
    kind = annotated_text(declared, names)
    if kind is None:
        first, _, text = declared.strip().partition(" ")
        kind = annotated_text(first.rstrip(",;:"), names) or ANY
    return kind, text.strip()
