"""The type of a parameter, read from its annotation or from its default value."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from jupyter_mlcd.model.parameter_types import ANY, NOTHING, Kind, ParameterType, loosened

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

BOOLEAN = ParameterType(Kind.BOOLEAN)
INTEGER = ParameterType(Kind.INTEGER)
NUMBER = ParameterType(Kind.NUMBER)
TEXT = ParameterType(Kind.TEXT)
LIST = ParameterType(Kind.LIST, (ANY,))
TABLE = ParameterType(Kind.TABLE, (ANY,))
_TUPLE = ParameterType(Kind.TUPLE_OF, (ANY,))

_LISTS = ("list", "List", "Sequence", "MutableSequence", "Iterable", "Collection")
_TABLES = ("dict", "Dict", "Mapping", "MutableMapping")
_TUPLES = ("tuple", "Tuple")
_WRAPPERS = ("Annotated", "Final", "ClassVar")
_BY_NAME = {
    "bool": BOOLEAN,
    "int": INTEGER,
    "float": NUMBER,
    "str": TEXT,
    "NoneType": NOTHING,
    "date": ParameterType(Kind.DATE),
    "datetime": ParameterType(Kind.DATETIME),
    "time": ParameterType(Kind.TIME),
    "Path": ParameterType(Kind.PATH),
    **dict.fromkeys(_LISTS, LIST),
    **dict.fromkeys(_TABLES, TABLE),
    **dict.fromkeys(_TUPLES, _TUPLE),
}
# The types that have no literals, and how a value of them is made.
_CONSTRUCTED = {
    "datetime.date": (Kind.DATE, ".fromisoformat"),
    "datetime.datetime": (Kind.DATETIME, ".fromisoformat"),
    "datetime.time": (Kind.TIME, ".fromisoformat"),
    "pathlib.Path": (Kind.PATH, ""),
}
# Their methods that make one: `date.today()`.
_MAKERS = frozenset(
    {"fromisoformat", "today", "now", "utcnow", "strptime", "fromtimestamp", "cwd", "home"}
)
_CALLS = {
    **{name: _BY_NAME[name] for name in ("bool", "int", "float", "str", "list", "dict", "tuple")},
    "sorted": LIST,
    "range": ANY,
    "len": INTEGER,
}


class Names:
    """What the names of a notebook stand for, as its imports say."""

    def __init__(self, trees: Iterable[ast.Module]) -> None:
        """Read the imports at the top level of cells that run before a parameter is injected."""
        self.meanings: dict[str, str] = {}
        for tree in trees:
            for statement in tree.body:
                self._take(statement)

    def _take(self, statement: ast.stmt) -> None:
        match statement:
            case ast.Import(names=names):
                for one in names:
                    whole = one.name if one.asname else one.name.partition(".")[0]
                    self.meanings[one.asname or whole] = whole
            case ast.ImportFrom(module=str(module), names=names, level=0):
                for one in names:
                    self.meanings[one.asname or one.name] = f"{module}.{one.name}"

    def meaning(self, node: ast.expr) -> str:
        """Return the whole name of what a dotted name stands for; empty when it is not imported."""
        match node:
            case ast.Name(id=name):
                return self.meanings.get(name, "")
            case ast.Attribute(value=value, attr=attribute):
                inner = self.meaning(value)
                return f"{inner}.{attribute}" if inner else ""
        return ""

    def constructed(self, node: ast.expr) -> ParameterType | None:
        """Return the type that a dotted name means, with the call that makes a value of it."""
        kind, method = _CONSTRUCTED.get(self.meaning(node), (None, ""))
        return ParameterType(kind, call=ast.unparse(node) + method) if kind else None


# ------------------------------------------------------------------------------------- annotations


def annotated(node: ast.expr, names: Names) -> ParameterType:
    """Return the type that an annotation says; ``ANY`` for one that we do not know."""
    match node:
        case ast.Constant(value=None):
            return NOTHING
        case ast.Constant(value=str(text)):
            return annotated_text(text, names) or ANY
        case ast.BinOp(left=left, op=ast.BitOr(), right=right):
            return either([annotated(left, names), annotated(right, names)])
        case ast.Subscript(value=base, slice=inner):
            parts = inner.elts if isinstance(inner, ast.Tuple) else [inner]
            return _subscripted(_last(base), parts, names)
    return names.constructed(node) or _BY_NAME.get(_last(node), ANY)


def annotated_text(text: str, names: Names) -> ParameterType | None:
    """Return the type that an annotation written as text says; None when it is no expression."""
    try:
        return annotated(ast.parse(text.strip(), mode="eval").body, names)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _subscripted(base: str, parts: Sequence[ast.expr], names: Names) -> ParameterType:
    if base == "Literal":
        return _choice(parts)
    if base in _TUPLES:
        return _tuple(parts, names)
    kinds = [annotated(part, names) for part in parts]
    if base in {"Optional", "Union"}:
        return either([*kinds, NOTHING] if base == "Optional" else kinds)
    if base in _WRAPPERS:
        return kinds[0]
    kind = Kind.LIST if base in _LISTS else Kind.TABLE if base in _TABLES else None
    return ParameterType(kind, (kinds[-1],)) if kind else ANY


def _tuple(parts: Sequence[ast.expr], names: Names) -> ParameterType:
    match parts:
        case [one, ast.Constant(value=value)] if value is ...:
            return ParameterType(Kind.TUPLE_OF, (annotated(one, names),))
        case [ast.Tuple(elts=[])]:  # `tuple[()]`
            return ParameterType(Kind.TUPLE)
    return ParameterType(Kind.TUPLE, tuple(annotated(part, names) for part in parts))


def _choice(parts: Sequence[ast.expr]) -> ParameterType:
    try:
        choices = tuple(ast.literal_eval(part) for part in parts)
    except ValueError:
        return ANY
    return ParameterType(Kind.CHOICE, choices=choices)


def either(kinds: Sequence[ParameterType]) -> ParameterType:
    """Return the type of values that are of one of ``kinds``."""
    flat: list[ParameterType] = []
    for kind in kinds:
        flat.extend(kind.parts if kind.kind is Kind.EITHER else [kind])
    if ANY in flat:
        return ANY
    flat = list(dict.fromkeys(flat)) if all(not kind.choices for kind in flat) else flat
    return flat[0] if len(flat) == 1 else ParameterType(Kind.EITHER, tuple(flat))


def _last(node: ast.expr) -> str:
    match node:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
    return ""


# ---------------------------------------------------------------------------------- default values


def inferred(node: ast.expr, names: Names) -> ParameterType:
    """Return the type of a default value, from its text alone; ANY where it does not tell."""
    match node:
        case ast.UnaryOp(op=ast.USub() | ast.UAdd(), operand=operand):
            return inferred(operand, names)
        case ast.BinOp(left=left, op=op, right=right):
            return _calculated(inferred(left, names), op, inferred(right, names))
        case ast.Call(func=function):
            return _called(function, names)
        case ast.List(elts=parts):
            return ParameterType(Kind.LIST, (_common(parts, names),))
        case ast.Dict(values=parts):
            return ParameterType(Kind.TABLE, (_common(parts, names),))
    return _evident(node)


def _evident(node: ast.expr) -> ParameterType:
    found = ANY
    match node:
        case ast.Constant(value=value):
            named = {bool: BOOLEAN, int: INTEGER, float: NUMBER, str: TEXT}
            found = named.get(type(value), ANY)
        case ast.JoinedStr():
            found = TEXT
        case ast.Compare() | ast.UnaryOp(op=ast.Not()):
            found = BOOLEAN
        case ast.Tuple():
            found = _TUPLE
        case ast.ListComp():
            found = LIST
        case ast.DictComp():
            found = TABLE
    return found


def _common(parts: Sequence[ast.expr], names: Names) -> ParameterType:
    """Return the one type of several values, or ANY."""
    kinds = {loosened(inferred(part, names)): None for part in parts}
    numbers = {loosened(INTEGER), NUMBER}
    if kinds and kinds.keys() <= numbers:
        return loosened(INTEGER) if loosened(INTEGER) in kinds else NUMBER
    return next(iter(kinds)) if len(kinds) == 1 else ANY


def _calculated(left: ParameterType, op: ast.operator, right: ParameterType) -> ParameterType:
    if left.kind is Kind.PATH and isinstance(op, ast.Div):
        return left
    if {left, right} == {INTEGER}:
        return NUMBER if isinstance(op, ast.Div) else INTEGER
    if {left, right} <= {INTEGER, NUMBER}:
        return NUMBER
    return left if left == right else ANY


def _called(function: ast.expr, names: Names) -> ParameterType:
    made = names.constructed(function)
    if made is None and isinstance(function, ast.Attribute) and function.attr in _MAKERS:
        made = names.constructed(function.value)
    if made is None and isinstance(function, ast.Name):
        made = _CALLS.get(function.id)
    return made or ANY
