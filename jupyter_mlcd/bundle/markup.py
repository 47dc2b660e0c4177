"""Markup that cannot be broken out of: whatever is not made here is text."""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

_ANSI = re.compile(r"\x1b\[[0-9;?]*[ -/]*[@-~]")
_NOT_TEXT = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_EMPTY = frozenset({"br", "img", "meta"})
"""Elements without an end tag."""


class Markup(str):
    """Text that is markup already."""

    __slots__ = ()


Content = str | Markup | None
"""A Markup is taken as it is, other text is escaped, None is nothing."""


def text(content: str) -> Markup:
    """Return a text as markup: escaped, without colours of terminals and control characters."""
    return Markup(html.escape(_NOT_TEXT.sub("", _ANSI.sub("", content))))


def joined(contents: Iterable[Content]) -> Markup:
    """Return several contents as one."""
    return Markup(
        "".join(
            one if isinstance(one, Markup) else text(one) for one in contents if one is not None
        )
    )


def tag(name: str, /, *contents: Content, **attributes: str | bool | None) -> Markup:
    """Return an element; ``class_`` stands for ``class``, ``data_x`` for ``data-x``.

    An attribute that is None or False is left out, one that is True has no value.
    """
    parts = [name]
    for key, value in attributes.items():
        word = key.rstrip("_").replace("_", "-")
        if value is True:
            parts.append(word)
        elif isinstance(value, str):
            parts.append(f'{word}="{text(value)}"')
    if name in _EMPTY:
        return Markup(f"<{' '.join(parts)}>")
    return Markup(f"<{' '.join(parts)}>{joined(contents)}</{name}>")
