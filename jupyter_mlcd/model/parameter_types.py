"""The types of parameters, and what they are in words."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

import msgspec


class Kind(StrEnum):
    """What a parameter can be."""

    ANY = "any"
    """Not declared, or declared in a way that we cannot read: every value is taken."""
    NOTHING = "nothing"
    BOOLEAN = "boolean"
    INTEGER = "integer"
    NUMBER = "number"
    TEXT = "text"
    DATE = "date"
    DATETIME = "datetime"
    TIME = "time"
    PATH = "path"
    LIST = "list"
    """Its one part is the type of the elements."""
    TUPLE = "tuple"
    """Its parts are the types of the elements, one each."""
    TUPLE_OF = "tuple-of"
    """Of any length; its one part is the type of the elements."""
    TABLE = "table"
    """Its one part is the type of the values; keys are text."""
    CHOICE = "choice"
    EITHER = "either"


class ParameterType(msgspec.Struct, frozen=True):
    """A type as the parameters cell declares it."""

    kind: Kind
    parts: tuple[ParameterType, ...] = ()
    choices: tuple[Any, ...] = ()
    """Of a ``CHOICE``."""
    call: str = ""
    """What makes such a value in the notebook: ``dt.date.fromisoformat``. Empty when unknown."""


ANY = ParameterType(Kind.ANY)
NOTHING = ParameterType(Kind.NOTHING)
NUMERIC = ParameterType(Kind.EITHER, (ParameterType(Kind.INTEGER), ParameterType(Kind.NUMBER)))
_IN_WORDS = {
    Kind.ANY: ("any value", "any values"),
    Kind.NOTHING: ("nothing", "nothing"),
    Kind.BOOLEAN: ("true or false", "true or false"),
    Kind.INTEGER: ("a whole number", "whole numbers"),
    Kind.NUMBER: ("a number", "numbers"),
    Kind.TEXT: ("text", "texts"),
    Kind.DATE: ("a date such as 2026-01-31", "dates such as 2026-01-31"),
    Kind.DATETIME: ("a time such as 2026-01-31T12:00:00", "times such as 2026-01-31T12:00:00"),
    Kind.TIME: ("a time of day such as 12:00:00", "times of day such as 12:00:00"),
    Kind.PATH: ("the path of a file", "paths of files"),
    Kind.TUPLE: ("a list", "lists"),
}


def in_words(kind: ParameterType, *, several: bool = False) -> str:
    """Return what a value of the type is, for people: ``a list of whole numbers``."""
    match kind:
        case ParameterType(Kind.LIST | Kind.TUPLE_OF | Kind.TABLE, (part,)):
            table = kind.kind is Kind.TABLE
            what = ("tables" if table else "lists") if several else "a table" if table else "a list"
            return what if part.kind is Kind.ANY else f"{what} of {in_words(part, several=True)}"
        case ParameterType(Kind.TUPLE, parts):
            inner = ", ".join(in_words(part) for part in parts)
            return f"{_IN_WORDS[Kind.TUPLE][several]} of {len(parts)}: {inner}"
        case ParameterType(Kind.CHOICE):
            return f"one of {', '.join(map(repr, kind.choices))}"
        case ParameterType(Kind.EITHER, parts):
            if kind == NUMERIC:
                return in_words(parts[1], several=several)
            return " or ".join(in_words(part, several=several) for part in parts)
    return _IN_WORDS[kind.kind][several]


def loosened(kind: ParameterType) -> ParameterType:
    """Return the type that a default value suggests: a whole number stands for any number.

    ``C = 1`` is not a promise that C is whole; ``C: int = 1`` is one.
    """
    if kind.kind is Kind.INTEGER:
        return NUMERIC
    if kind.kind is Kind.EITHER or not kind.parts:
        return kind
    return ParameterType(kind.kind, tuple(map(loosened, kind.parts)), kind.choices, kind.call)


class Parameter(msgspec.Struct, frozen=True, kw_only=True):
    """One name that the parameters cell declares."""

    name: str
    type: ParameterType = ANY
    is_typed: bool = False
    """Whether its type is written there, as an annotation; else its default suggests it."""
    default_text: str = ""
    """The default as the cell writes it; empty when there is none."""
    default: Any = None
    has_literal_default: bool = False
    """Whether ``default`` is the default's value; else only running the cell could tell it."""
    help: str = ""
    """The comment behind it."""
    line: int = 0
    """In its cell, counted from 1."""
    how: str = ""
    """How a language with several ways declares it: ``let``, ``const``, ``list``, ``fixed``."""

    @property
    def accepted(self) -> ParameterType:
        """The type that a given value is held against."""
        return self.type if self.is_typed else loosened(self.type)

    @property
    def choices(self) -> tuple[Any, ...]:
        """The values that it can have, where the cell lists them."""
        parts = self.type.parts if self.type.kind is Kind.EITHER else (self.type,)
        return tuple(choice for part in parts for choice in part.choices)

    @property
    def optional(self) -> bool:
        """Whether it can be None."""
        return NOTHING in (self.type, *self.type.parts) or self.type.kind is Kind.ANY
