"""How far two numbers may lie apart.

In decimals, so that 1e400 is not infinite, long integers stay exact, and a tolerance of 0.001 is
what was written.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import MAX_EMAX, MIN_EMIN, Context, Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jupyter_mlcd.model.suite import ComparerRule

_CONTEXT = Context(prec=40, Emax=MAX_EMAX, Emin=MIN_EMIN, traps=[])
_LONGEST_NUMBER = 300


@dataclass(frozen=True)
class Tolerance:
    """Numbers are alike when they differ by no more than the larger of two bounds."""

    absolute: Decimal
    relative: Decimal
    """As a part of the larger of the two numbers."""

    @classmethod
    def of(cls, rule: ComparerRule) -> Tolerance:
        """Return the tolerance of a rule."""
        return cls(Decimal(str(rule.absolute)), Decimal(str(rule.relative)))

    def holds(self, expected: Decimal, got: Decimal) -> bool:
        """Whether two numbers are alike; NaN is like NaN, an infinity like itself only."""
        if expected.is_nan() or got.is_nan():
            return expected.is_nan() and got.is_nan()
        if expected == got:
            return True
        if not (expected.is_finite() and got.is_finite()):
            return False
        apart = _CONTEXT.abs(_CONTEXT.subtract(expected, got))
        larger = max(_CONTEXT.abs(expected), _CONTEXT.abs(got))
        return apart <= max(self.absolute, _CONTEXT.multiply(self.relative, larger))

    def __str__(self) -> str:
        """Return the bounds in words."""
        bounds = [
            f"{float(bound):g} ({kind})"
            for bound, kind in ((self.absolute, "absolute"), (self.relative, "relative"))
            if bound
        ]
        return f"within {' or '.join(bounds)}" if bounds else "exactly"


def decimal_of(word: str) -> Decimal | None:
    """Return the number that a word is; None where it is none, or one beyond all measure."""
    if len(word) > _LONGEST_NUMBER:
        return None
    number = Decimal(word, _CONTEXT)
    return None if number.is_nan() and not word.lower().endswith("nan") else number
