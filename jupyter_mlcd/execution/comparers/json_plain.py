"""JSON rewritten to what is compared: sanitised text, packed arrays as numbers."""

from __future__ import annotations

import base64
import re
from typing import TYPE_CHECKING, Any, Literal, get_args

if TYPE_CHECKING:
    from collections.abc import Callable

_Letter = Literal["b", "B", "h", "H", "i", "I", "q", "Q", "f", "d"]

# How plotly packs arrays of numpy: little-endian, as the processors are that kernels run on.
_LETTERS: dict[str, _Letter] = dict(
    zip(
        ("i1", "u1", "i2", "u2", "i4", "u4", "i8", "u8", "f4", "f8"), get_args(_Letter), strict=True
    )
)
_ARRAY = frozenset({"dtype", "bdata", "shape"})
_DATA_SET = re.compile(r"data-[0-9a-f]{32}")


def plain(value: Any, sanitize: Callable[[str], str]) -> Any:  # noqa: ANN401 - any JSON
    """Return what is compared of a JSON value.

    Texts and names are sanitised; vega's names of data sets, which are digests of their numbers,
    are counted; arrays that plotly packed become lists.
    """
    return _Plain(sanitize).of(value)


class _Plain:
    def __init__(self, sanitize: Callable[[str], str]) -> None:
        self._sanitize = sanitize
        self._data_sets: dict[str, str] = {}

    def of(self, value: Any) -> Any:  # noqa: ANN401 - any JSON
        if isinstance(value, str):
            return self._text(value)
        if isinstance(value, list):
            return [self.of(one) for one in value]
        if isinstance(value, dict):
            numbers = _numbers(value)
            return self._members(value) if numbers is None else numbers
        return value

    def _members(self, value: dict[str, Any]) -> dict[str, Any]:
        members: dict[str, Any] = {}
        for key, one in value.items():
            text = self._text(key)
            name, times = text, 1
            while name in members:  # a replacement may make two names one
                times += 1
                name = f"{text} ({times})"
            members[name] = self.of(one)
        return members

    def _text(self, text: str) -> str:
        if _DATA_SET.fullmatch(text):
            return self._data_sets.setdefault(text, f"data-{len(self._data_sets) + 1}")
        return self._sanitize(text)


def _numbers(value: dict[str, Any]) -> list[Any] | dict[str, Any] | None:
    """Return the numbers of a packed array; None where the value is none."""
    letter, packed = _LETTERS.get(str(value.get("dtype"))), value.get("bdata")
    if letter is None or not isinstance(packed, str) or not value.keys() <= _ARRAY:
        return None
    try:
        numbers = memoryview(base64.b64decode(packed, validate=True)).cast(letter).tolist()
    except (ValueError, TypeError):
        return None
    return {"shape": value["shape"], "values": numbers} if "shape" in value else numbers
