"""JSON value by value: plotly, vega, ``application/json``, and JSON that was printed."""

from __future__ import annotations

import json
import re
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from jupyter_mlcd.execution.comparers.json_plain import plain
from jupyter_mlcd.execution.comparers.mismatch import Mismatch, Place, mismatch_at, mismatch_in_text
from jupyter_mlcd.execution.comparers.tolerance import Tolerance

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from jupyter_mlcd.model.suite import ComparerRule

_NAME = re.compile(r"[A-Za-z_]\w*")


class _Nothing:
    """Stands where one side has no member of that name."""


_NOTHING = _Nothing()


def compare_json(
    expected: Any,  # noqa: ANN401 - any value of an output
    got: Any,  # noqa: ANN401
    rule: ComparerRule,
    sanitize: Callable[[str], str],
) -> Mismatch | None:
    """Compare two values; None when they are alike. Text that is no JSON is compared as text."""
    tolerance = Tolerance.of(rule)
    by = f"JSON, numbers {tolerance}"
    try:
        ours, theirs = _parsed(expected, sanitize), _parsed(got, sanitize)
    except ValueError:
        return mismatch_in_text(sanitize(str(expected)), sanitize(str(got)), by)
    return mismatch_at(_places(plain(ours, sanitize), plain(theirs, sanitize), tolerance), by)


def _parsed(value: Any, sanitize: Callable[[str], str]) -> Any:  # noqa: ANN401
    """Return the value that a text holds. Raises ValueError where it is no JSON."""
    if not isinstance(value, str):
        return value
    try:
        return json.loads(sanitize(value))
    except ValueError:  # a replacement may have taken a quote away
        return json.loads(value)


def _places(expected: Any, got: Any, tolerance: Tolerance) -> Iterator[Place]:  # noqa: ANN401
    """Yield each place where the values differ, from the top down."""
    waiting: list[tuple[str, Any, Any]] = [("", expected, got)]
    while waiting:
        where, ours, theirs = waiting.pop()
        if isinstance(ours, dict) and isinstance(theirs, dict):
            waiting.extend(_members(where, ours, theirs))
        elif isinstance(ours, list) and isinstance(theirs, list):
            if len(ours) != len(theirs):
                yield Place(where or "the list", _counted(ours), _counted(theirs))
            waiting.extend(
                (f"{where}[{index}]", ours[index], theirs[index])
                for index in reversed(range(min(len(ours), len(theirs))))
                if not _is_same_scalar(ours[index], theirs[index], tolerance)
            )
        elif not _is_same(ours, theirs, tolerance):
            yield Place(where or "the value", _words(ours), _words(theirs))


def _members(
    where: str, expected: dict[str, Any], got: dict[str, Any]
) -> Iterator[tuple[str, Any, Any]]:
    """Yield the members of both sides, last first."""
    names = [*expected, *(name for name in got if name not in expected)]
    for name in reversed(names):
        place = f".{name}" if _NAME.fullmatch(name) else f"[{json.dumps(name, ensure_ascii=False)}]"
        value, other = expected.get(name, _NOTHING), got.get(name, _NOTHING)
        yield f"{where}{place}" if where else place.removeprefix("."), value, other


def _is_same_scalar(expected: Any, got: Any, tolerance: Tolerance) -> bool:  # noqa: ANN401
    """Spare a long list of numbers the paths of those that are alike."""
    return not isinstance(expected, list | dict) and _is_same(expected, got, tolerance)


def _is_same(expected: Any, got: Any, tolerance: Tolerance) -> bool:  # noqa: ANN401
    if _is_number(expected) and _is_number(got):
        return expected == got or tolerance.holds(Decimal(expected), Decimal(got))
    if _is_number(expected) or _is_number(got) or isinstance(expected, bool | None):
        return type(expected) is type(got) and bool(expected == got)
    return bool(expected == got)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _counted(values: list[Any]) -> str:
    return "1 value" if len(values) == 1 else f"{len(values)} values"


def _words(value: object) -> str:
    if isinstance(value, _Nothing):
        return "nothing"
    return json.dumps(value, ensure_ascii=False, default=str)
