"""Record a score in a notebook.

This file needs nothing but the standard library and no other file of this package: it is put on
the path of kernels that do not have the package. Copied there under the name `jupyter_mlcd.py`
it answers the same line, `from jupyter_mlcd import record`. Such kernels can be older than we
are, so the syntax stays with what Python 3.8 reads.

The score travels as an output of the cell, in scrapbook's format, so that it is kept wherever the
notebook is kept and scrapbook's own reader finds it.
Source: https://nteract-scrapbook.readthedocs.io (`application/scrapbook.scrap.json+json`).
"""

from __future__ import annotations

import math
import numbers
import operator
import re
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import SupportsFloat

__all__ = ["MEDIA_TYPE", "record"]

MEDIA_TYPE = "application/scrapbook.scrap.json+json"
"""Scrapbook's media type for a named JSON value; `sb.glue` writes the same."""

_NAME = re.compile(r"[A-Za-z0-9_.-]+")


def record(name: str, value: SupportsFloat) -> float | None:
    """Record the score `name` with the number `value` in the cell that calls this.

    `name` is made of letters, digits, `_`, `-` and `.`; `value` is one finite number: an int, a
    float, a bool (kept as 1 or 0), or anything that turns into a float, such as a NumPy scalar.
    Its unit is the caller's. The same name recorded twice in one notebook: the last one counts.

    Outside a kernel nothing is shown and the number is returned, so that the same code runs as a
    script. In a kernel the cell shows `accuracy = 0.966` and None is returned, since a cell would
    show the value of its last line a second time.

    Raises ValueError where the name breaks the rule or the number is not finite, TypeError where
    `name` is not a string or `value` not a number. Both say what to do.
    """
    _check_name(name)
    number = _as_number(name, value)
    if not _in_kernel():
        return number
    _show(name, number)
    return None


def _check_name(name: object) -> None:
    if not isinstance(name, str):
        message = (
            f"The name of a score is a string, not {_kind(name)}: "
            'write the name first, as in record("accuracy", 0.966).'
        )
        raise TypeError(message)
    if not _NAME.fullmatch(name):
        message = (
            f"{name!r} cannot name a score: "
            'use letters, digits, "_", "-" and "." only, as in "accuracy".'
        )
        raise ValueError(message)


def _as_number(name: str, value: object) -> float:
    number = _plain_number(value)
    if number is None:
        message = (
            f"The score {name!r} must be one number, not {_kind(value)}: "
            "record each number under a name of its own."
        )
        raise TypeError(message)
    if not _is_finite(number):
        message = (
            f"The score {name!r} is {number}, and a rule cannot compare that: find out why "
            "(an empty selection? a division by zero?), or record it only where it exists."
        )
        raise ValueError(message)
    return number


def _plain_number(value: object) -> float | None:
    """Return `value` as Python's own int or float, which JSON can hold; None if it is neither."""
    is_complex = isinstance(value, numbers.Complex) and not isinstance(value, numbers.Real)
    if is_complex or not hasattr(type(value), "__float__"):
        return None
    try:
        return int(operator.index(value))  # type: ignore[arg-type]  # whole numbers stay whole
    except TypeError:
        pass
    try:
        return float(value)  # type: ignore[arg-type]
    except (TypeError, ValueError):  # an array of several numbers has __float__ and refuses
        return None


def _is_finite(number: float) -> bool:
    try:
        return math.isfinite(number)
    except OverflowError:  # an int beyond the largest float
        return False


def _kind(value: object) -> str:
    return f"{type(value).__name__} ({value!r:.40})"


def _in_kernel() -> bool:
    # A kernel has imported IPython long before; importing it to find out costs a script a second.
    if "IPython" not in sys.modules:
        return False
    from IPython.core.getipython import get_ipython  # noqa: PLC0415  see above

    return getattr(get_ipython(), "kernel", None) is not None


def _show(name: str, number: float) -> None:
    from IPython.display import display  # noqa: PLC0415  only a kernel has it

    text = f"{name} = {number:.6g}"
    scrap = {"name": name, "data": number, "encoder": "json", "version": 1}
    display(  # type: ignore[no-untyped-call]
        {MEDIA_TYPE: scrap, "text/plain": text},
        metadata={"scrapbook": {"name": name, "data": True, "display": False}},
        raw=True,
    )
