"""How the figures of an environment look in a terminal: one line each, with a small plot."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from jupyter_mlcd.project_api.terminal import plain, print_

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from jupyter_mlcd.model.figures import Figures, FiguresWeek, Spread

_BARS = "▁▂▃▄▅▆▇█"
_UNITS = ((86400.0, "d"), (3600.0, "h"), (60.0, "min"), (1.0, "s"))
_NEWEST_WEEKS = 52
"""Weeks that a plot of one line shows at most."""
_DAY = 10
"""Letters of a day."""


def figures(found: Sequence[Figures]) -> None:
    """Print the figures of each environment."""
    for one in found:
        _environment(one)


def _environment(one: Figures) -> None:
    span = f"{one.since[:_DAY]} to {one.until[:_DAY]}, UTC"
    print_(Text.assemble((plain(one.environment), "bold"), f"  {span}"))
    count = _counted(one.deliveries, "delivery", "deliveries")
    if not one.enough:
        print_(Text(f"  {count}: too few to say", "yellow"))
    elsewise = [
        _counted(one.roll_backs, "roll back", "roll backs"),
        f"{one.never_arrived} that never arrived",
    ]
    print_(Text(f"  {count}, {', '.join(elsewise)}", "dim"))
    if not one.deliveries:
        return
    rate = f"{one.failure_rate or 0.0:.0%} ({one.bad} of {one.deliveries})"
    _line(one, "deliveries a week", f"{one.a_week:.3g}", lambda week: float(week.deliveries))
    _line(one, "lead time", _spread(one.lead), lambda week: week.lead)
    _line(one, "failed", rate, lambda week: float(week.bad))
    _line(one, "time to restore", _spread(one.restore), lambda week: week.restore)
    _line(one, "waiting for approval", _spread(one.waiting), lambda week: week.waiting)


def _line(
    one: Figures, name: str, words: str, value: Callable[[FiguresWeek], float | None]
) -> None:
    """Print a figure; where there are too few, only its plot, which says what there is."""
    bars = _plot([value(week) for week in one.weeks[-_NEWEST_WEEKS:]])
    said = words if one.enough else ""
    print_(Text.assemble(f"  {name:22}", (bars, "cyan"), f"  {said}"))


def _plot(values: Sequence[float | None]) -> str:
    """Return a bar for each week; a dot for one without a value, and for nothing."""
    highest = max((one for one in values if one), default=0.0)
    return "".join(
        _BARS[min(len(_BARS) - 1, int(one / highest * len(_BARS)))] if one else "·"
        for one in values
    )


def _spread(found: Spread) -> str:
    if found.median is None or found.high is None:
        return "none"
    return f"{took(found.median)}, 90 % within {took(found.high)} (of {found.count})"


def took(seconds: float) -> str:
    """Return ``3.2 d``, ``4 h`` or ``12 min``."""
    size, name = next(((size, name) for size, name in _UNITS if seconds >= size), _UNITS[-1])
    return (
        f"{seconds / size:.2g} {name}" if seconds < 100 * size else f"{seconds / size:.0f} {name}"
    )


def _counted(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"
