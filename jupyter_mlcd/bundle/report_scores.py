"""The part of a report that shows the scores of a run, with intervals and slices."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import fmean
from typing import TYPE_CHECKING

from jupyter_mlcd.bundle import in_words
from jupyter_mlcd.bundle.markup import Markup, tag
from jupyter_mlcd.bundle.report_marks import title
from jupyter_mlcd.model.metric import SliceValue, split_metric

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from jupyter_mlcd.model.result import CaseResult

_MOST = 500
_WIDTH, _HEIGHT, _EDGE = 120, 14, 5


@dataclass(frozen=True)
class _Line:
    """One number of one case."""

    name: str
    part: dict[str, SliceValue]
    value: float
    interval: tuple[float, float] | None
    case: CaseResult

    @property
    def ends(self) -> tuple[float, float]:
        return self.interval or (self.value, self.value)


def scores_section(cases: Iterable[CaseResult]) -> Markup | None:
    """Return a table of all scores; None where none was recorded."""
    groups: dict[str, list[_Line]] = {}
    for case in cases:
        for key, value in case.metrics.items():
            name, part = split_metric(key)
            line = _Line(name, part, value, case.intervals.get(key), case)
            groups.setdefault(name, []).append(line)
    if not groups:
        return None
    rows = [row for lines in groups.values() for row in _rows(lines)]
    words = (("score", ""), ("of", ""), ("notebook", ""), ("value", "r"), ("interval", "r"))
    head = [tag("th", name, class_=side or None) for name, side in words]
    picture = tag("th", tag("span", "beside the others", class_="hidden"))
    whole = tag("table", tag("thead", tag("tr", *head, picture)), *rows[:_MOST], class_="scores")
    more = f"The first {_MOST} of {len(rows)} lines." if len(rows) > _MOST else None
    return tag(
        "section",
        tag("h2", "Scores"),
        tag("div", whole, class_="wide"),
        tag("p", more, class_="quiet") if more else None,
    )


@dataclass(frozen=True)
class _Scale:
    """What the numbers of one score have in common."""

    low: float
    high: float
    places: int | None

    def show(self, value: float) -> str:
        """Return a number with as many decimals as the others have."""
        return in_words.number(value, self.places)


def _rows(lines: Sequence[_Line]) -> list[Markup]:
    """Return the lines of one score: all of the data first, then slice by slice."""
    ends = [end for line in lines for end in line.ends]
    numbers = [*ends, *(line.value for line in lines)]
    scale = _Scale(min(ends), max(ends), in_words.decimals(numbers))
    parts: dict[str, list[_Line]] = {}
    for line in sorted(lines, key=lambda line: (bool(line.part), str(line.part))):
        parts.setdefault(str(line.part), []).append(line)
    rows: list[Markup] = []
    for same in parts.values():
        rows += [_row(line, scale, is_first=not rows and not at) for at, line in enumerate(same)]
        if len(same) > 1:
            rows.append(_mean(same, scale))
    return rows


def _row(line: _Line, scale: _Scale, *, is_first: bool) -> Markup:
    interval = " to ".join(map(scale.show, line.interval)) if line.interval else None
    return tag(
        "tr",
        tag("th", line.name, scope="row") if is_first else tag("td"),
        tag("td", _part(line.part)),
        tag("td", title(line.case)),
        tag("td", scale.show(line.value), class_="r value"),
        tag("td", interval, class_="r n"),
        tag("td", _drawn(line.value, line.ends, scale)),
        class_="first" if is_first else None,
    )


def _mean(lines: Sequence[_Line], scale: _Scale) -> Markup:
    """Return the mean over the cases, and between which values they lie."""
    values = [line.value for line in lines]
    mean, ends = fmean(values), (min(values), max(values))
    words = f"mean of {len(values)}, from {scale.show(ends[0])} to {scale.show(ends[1])}"
    return tag(
        "tr",
        tag("td"),
        tag("td", _part(lines[0].part)),
        tag("td", words),
        tag("td", scale.show(mean), class_="r value"),
        tag("td"),
        tag("td", _drawn(mean, (mean, mean), scale)),
        class_="mean",
    )


def _part(part: dict[str, SliceValue]) -> Markup:
    if not part:
        return tag("span", "all", class_="n")
    values = (f"{name} = {value}" for name, value in part.items())
    return tag("span", *(tag("span", one, class_="chip") for one in values))


def _drawn(value: float, ends: tuple[float, float], scale: _Scale) -> Markup | None:
    """Return a dot on a line, with its interval, on the scale of all lines of this score."""
    if scale.high <= scale.low:
        return None

    def place(at: float) -> str:
        part = (at - scale.low) / (scale.high - scale.low)
        return f"{_EDGE + part * (_WIDTH - 2 * _EDGE):.1f}"

    width, middle, start, end = str(_WIDTH), str(_HEIGHT // 2), place(ends[0]), place(ends[1])
    ruler = tag("line", x1="0", x2=width, y1=middle, y2=middle, class_="ruler")
    whisker = tag("line", x1=start, x2=end, y1=middle, y2=middle, class_="whisker")
    dot = tag("circle", cx=place(value), cy=middle, r="3.5")
    size = {"viewBox": f"0 0 {_WIDTH} {_HEIGHT}", "width": width, "height": str(_HEIGHT)}
    return tag("svg", ruler, whisker, dot, aria_hidden="true", **size)
