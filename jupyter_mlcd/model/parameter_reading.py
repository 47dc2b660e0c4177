"""Whether what is given to a notebook reaches the cells that come after."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from jupyter_mlcd.model.parameter_cell import PYTHON
from jupyter_mlcd.model.parameter_foreign import family_of
from jupyter_mlcd.model.parameter_reads import Uses, has_word, uses_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from jupyter_mlcd.model.parameter_cell import OtherCell, ParameterCell

# What hands all variables of a notebook to somewhere else, by language.
_OPAQUE = {
    "bash": re.compile(r"\b(?:source|eval|export|env|set)\b|(?m:^\s*\.\s)|\bdeclare\s+-\w*x"),
    "r": re.compile(r"\b(?:source|eval|mget|environment|globalenv|glue)\b"),
    "javascript": re.compile(r"\b(?:eval|Function|globalThis)\b"),
}


class Reader(Protocol):
    """What the cells of a notebook do with the names of its parameters."""

    def may_read(self, name: str) -> bool:
        """Whether a cell reads ``name`` after it is given, or whether that cannot be told."""

    def binds(self, name: str) -> bool:
        """Whether another statement than its declaration gives ``name`` a value."""

    def bound_again(self, names: Collection[str]) -> Iterator[str]:
        """Yield a remark for each name that loses what it was given before anything reads it."""

    def derived(self, names: Collection[str]) -> Iterator[tuple[str, str, int]]:
        """Yield ``(name, from which, line)`` for what the parameters cell computes from them."""


def reader_of(cell: ParameterCell, others: Sequence[OtherCell]) -> Reader:
    """Return what tells how the cells of a notebook use its parameters."""
    if cell.language in PYTHON:
        return _python_reader(cell, others)
    return _WordReader(cell, others)


def _python_reader(cell: ParameterCell, others: Sequence[OtherCell]) -> _PythonReader:
    uses = [(one, uses_of(one.source)) for one in others]
    return _PythonReader(
        own=uses_of(cell.source),
        earlier=tuple(use for one, use in uses if not one.is_later),
        later=tuple((one.number, use) for one, use in uses if one.is_later),
    )


@dataclass(frozen=True)
class _PythonReader:
    own: Uses
    """Of the parameters cell itself."""
    earlier: tuple[Uses, ...]
    later: tuple[tuple[int, Uses], ...]
    """With the cells' numbers."""

    def may_read(self, name: str) -> bool:
        before = (self.own, *self.earlier)
        return any(uses.reads(name) for _, uses in self.later) or any(
            uses.is_opaque or uses.reads_when_called(name) for uses in before
        )

    def binds(self, name: str) -> bool:
        everywhere = (self.own, *self.earlier, *(uses for _, uses in self.later))
        return any(use.binds for uses in everywhere for use in uses.ordered if use.name == name)

    def bound_again(self, names: Collection[str]) -> Iterator[str]:
        open_names = set(names)
        for number, uses in self.later:
            for use in uses.ordered:
                if use.name in open_names and use.binds:
                    yield (
                        f"`{use.name}` is bound again in cell [{number}], line {use.line}: "
                        "what runs after it does not see the value that was given"
                    )
                open_names.discard(use.name)

    def derived(self, names: Collection[str]) -> Iterator[tuple[str, str, int]]:
        sources = {name: name for name in names}
        for statement in self.own.statements:
            read = [use.name for use in statement if not use.binds and use.name in sources]
            bound = [use for use in statement if use.binds and use.name not in names]
            for use in bound if read else ():
                sources[use.name] = sources[read[0]]
                yield use.name, sources[read[0]], use.line


@dataclass(frozen=True)
class _WordReader:
    """For other languages, where only the words of the cells are looked at."""

    cell: ParameterCell
    others: Sequence[OtherCell]

    def may_read(self, name: str) -> bool:
        sources = [self.cell.source, *(one.source for one in self.others)]
        opaque = _OPAQUE.get(family_of(self.cell.language))
        if opaque is None or any(map(opaque.search, sources)):
            return True
        once_more = re.sub(rf"\b{re.escape(name)}\b", "", self.cell.source, count=1)
        return any(has_word(source, name) for source in [once_more, *sources[1:]])

    def binds(self, name: str) -> bool:  # noqa: ARG002 - every language but Python has defaults
        return True

    def bound_again(self, names: Collection[str]) -> Iterator[str]:  # noqa: ARG002
        return iter(())

    def derived(self, names: Collection[str]) -> Iterator[tuple[str, str, int]]:  # noqa: ARG002
        return iter(())
