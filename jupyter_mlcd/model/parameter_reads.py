"""Which names the cells of a notebook read and bind, in the order in which they run."""

from __future__ import annotations

import ast
import re
import symtable
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from jupyter_mlcd.model.python_source import magics_of, parse

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_REFLECTING = frozenset(
    {"globals", "locals", "vars", "dir", "exec", "eval", "get_ipython", "__import__"}
)
# `df.query("x > @limit")` and `sql("... from name")` look names up that they find in a text.
_LOOKING_UP = frozenset({"query", "eval", "evaluate", "sql", "execute", "format_map", "substitute"})
_COMPREHENSIONS = frozenset({"listcomp", "setcomp", "dictcomp", "genexpr"})
_OPAQUE_MAGIC = re.compile(
    r"^\s*(?:\w+\s*=\s*)?%{1,2}(?:run|load|loadpy|macro|edit|who|whos|who_ls|store|px|spark)\b",
    re.MULTILINE,
)


@dataclass(frozen=True)
class Use:
    """A name that is read or bound at the top level of a cell."""

    name: str
    binds: bool
    line: int


@dataclass(frozen=True)
class Uses:
    """What one cell does with names."""

    statements: tuple[tuple[Use, ...], ...]
    """Of its top level, each with its uses in the order in which they happen."""
    inside: frozenset[str]
    """Global names that its functions read."""
    words: str
    """What only a search by words can judge: magics, texts that look names up, other languages."""
    is_opaque: bool
    """Whether what it reads cannot be told: ``globals()``, ``exec``, ``%run``."""

    @property
    def ordered(self) -> tuple[Use, ...]:
        """All uses of the top level."""
        return tuple(use for statement in self.statements for use in statement)

    def reads(self, name: str) -> bool:
        """Whether the cell, when it runs, may read the global ``name``."""
        top = any(use.name == name and not use.binds for use in self.ordered)
        return top or self.is_opaque or self.reads_when_called(name)

    def reads_when_called(self, name: str) -> bool:
        """Whether its functions, which may be called later, read the global ``name``."""
        return name in self.inside or has_word(self.words, name)


def has_word(text: str, name: str) -> bool:
    """Whether ``name`` stands in a text as a word of its own."""
    return bool(re.search(rf"(?<![\w]){re.escape(name)}(?![\w])", text))


@lru_cache(maxsize=256)  # a matrix asks about the same cells again and again
def uses_of(source: str) -> Uses:
    """Return what a cell of Python does with names; all of it is words where it is not Python."""
    tree = parse(source)
    magics = magics_of(source)
    if tree is None:
        return Uses((), frozenset(), source, bool(_OPAQUE_MAGIC.search(magics)))
    nodes = list(ast.walk(tree))
    words = "\n".join([magics, *_texts_with_names(nodes)])
    opaque = bool(_OPAQUE_MAGIC.search(magics)) or any(map(_is_reflecting, nodes))
    try:
        statements = tuple(tuple(_ordered(statement)) for statement in tree.body)
        return Uses(statements, frozenset(_read_in_functions(tree)), words, opaque)
    except RecursionError:  # nested too deep for us; then nothing is said about it
        return Uses((), frozenset(), source, is_opaque=True)


def _is_reflecting(node: ast.AST) -> bool:
    match node:
        case ast.Name(id=name):
            return name in _REFLECTING
        case ast.ImportFrom(names=[ast.alias(name="*")]):
            return True
        case ast.Import(names=names):
            return any(one.name in {"__main__", "inspect"} for one in names)
    return False


def _texts_with_names(nodes: list[ast.AST]) -> Iterator[str]:
    for node in nodes:
        match node:
            case ast.Constant(value=str(text)) if "@" in text or "~" in text:
                yield text
            case ast.Call(func=ast.Attribute(attr=name) | ast.Name(id=name)) if name in _LOOKING_UP:
                inner = (one for argument in node.args for one in ast.walk(argument))
                yield from (
                    one.value
                    for one in inner
                    if isinstance(one, ast.Constant) and isinstance(one.value, str)
                )


def _read_in_functions(tree: ast.Module) -> Iterator[str]:
    """Yield the global names that functions of a cell read."""
    try:
        table = symtable.symtable(ast.unparse(tree), "cell", "exec")
    except (SyntaxError, ValueError):
        yield from (one.id for one in ast.walk(tree) if isinstance(one, ast.Name))
        return
    queue = [(scope, _runs_at_once(scope)) for scope in table.get_children()]
    while queue:
        scope, at_once = queue.pop()
        queue.extend((one, at_once and _runs_at_once(one)) for one in scope.get_children())
        if not at_once:
            symbols = scope.get_symbols()
            yield from (
                one.get_name() for one in symbols if one.is_global() and one.is_referenced()
            )


def _runs_at_once(scope: symtable.SymbolTable) -> bool:
    return scope.get_type() == "class" or scope.get_name() in _COMPREHENSIONS


# -------------------------------------------------------------------------- in the order of running


def _ordered(node: ast.AST) -> Iterator[Use]:
    """Yield the reads and bindings of a statement's own level as they happen."""
    line = getattr(node, "lineno", 0)
    match node:
        case ast.Name(id=name, ctx=context):
            yield Use(name, not isinstance(context, ast.Load), line)
        case ast.AugAssign(target=ast.Name(id=name)):
            yield Use(name, binds=False, line=line)
            yield from _all_ordered([node.value, node.target])
        case ast.Import(names=names) | ast.ImportFrom(names=names):
            for one in names:
                yield Use(one.asname or one.name.partition(".")[0], binds=True, line=line)
        case ast.ListComp() | ast.SetComp() | ast.DictComp() | ast.GeneratorExp():
            inner = list(_all_ordered(ast.iter_child_nodes(node)))
            targets = _all_ordered(one.target for one in node.generators)
            own = {use.name for use in targets if use.binds}
            yield from _ordered(node.generators[0].iter)
            yield from (use for use in inner if use.name not in own)
        case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.Lambda() | ast.ClassDef():
            yield from _definition(node)
        case ast.ExceptHandler(name=str(name)) | ast.MatchAs(name=str(name)):
            yield Use(name, binds=True, line=line)
            yield from _all_ordered(ast.iter_child_nodes(node))
        case _:
            yield from _all_ordered(_children(node))


def _all_ordered(nodes: Iterable[ast.AST]) -> Iterator[Use]:
    for node in nodes:
        yield from _ordered(node)


def _children(node: ast.AST) -> Iterable[ast.AST]:
    match node:
        case ast.Assign(targets=targets, value=value):
            return [value, *targets]
        case ast.AnnAssign(target=target, annotation=annotation, value=value):
            return [annotation, value, target] if value is not None else [annotation]
        case ast.NamedExpr(target=target, value=value):
            return [value, target]
        case ast.For(target=target, iter=iterated) | ast.AsyncFor(target=target, iter=iterated):
            return [iterated, target, *node.body, *node.orelse]
    return ast.iter_child_nodes(node)


def _definition(
    node: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda | ast.ClassDef,
) -> Iterator[Use]:
    """Yield what happens when a function or a class is defined; a function's body comes later."""
    if isinstance(node, ast.ClassDef):
        yield from _all_ordered([*node.decorator_list, *node.bases, *node.keywords])
        yield from (use for use in _all_ordered(node.body) if not use.binds)
    else:
        defaults = (*node.args.defaults, *node.args.kw_defaults)
        yield from _all_ordered(getattr(node, "decorator_list", ()))
        yield from _all_ordered(one for one in defaults if one is not None)
    if not isinstance(node, ast.Lambda):
        yield Use(node.name, binds=True, line=node.lineno)
