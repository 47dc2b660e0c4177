"""Noise: how much two means of a score can differ by the values of a parameter alone.

A parameter such as ``seed`` changes nothing that is meant, and the score all the same. For each of
its values the scores of all cases with it are averaged; what these averages spread by is the noise.
The standard error of the difference of two such means is that of Welch, the root of s1^2/n1 +
s2^2/n2 with the variances of the samples: neither the same number of values nor the same spread is
asked for on both sides. Source: B. L. Welch, Biometrika 34 (1947), 28-35.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from statistics import fmean
from typing import TYPE_CHECKING, Final

import msgspec

from jupyter_mlcd.model.metric import named_values

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

STANDARD_ERRORS: Final = 2.0
"""A gain has to be more than so many: with many values, one in 40 gains by chance alone is."""
_FEWEST = 2


@dataclass(frozen=True)
class Noise:
    """What two sets of scores say about the spread over a parameter."""

    now: int
    """How many of its values there are."""
    live: int
    error: float | None
    """The standard error of the difference of the two means; None where too few say nothing."""


def noise_between(
    parameter: str,
    now: tuple[str, Mapping[str, float]],
    live: tuple[str, Mapping[str, float]],
) -> Noise:
    """Return the noise between two scores, each a notebook and ``{case id: value}``."""
    ours, theirs = by_value(parameter, *now), by_value(parameter, *live)
    counts = len(ours), len(theirs)
    if min(counts) < _FEWEST:
        return Noise(*counts, None)
    return Noise(*counts, math.sqrt(_variance(ours) / counts[0] + _variance(theirs) / counts[1]))


def by_value(parameter: str, notebook: str, values: Mapping[str, float]) -> list[float]:
    """Return the mean score for each value of a parameter; none where no case has it."""
    found: dict[bytes, list[float]] = {}
    for case, value in values.items():
        inside = named_values(case.removeprefix(f"{notebook}["))
        if parameter in inside:
            key = msgspec.json.encode(inside[parameter], order="sorted")
            found.setdefault(key, []).append(value)
    return [fmean(own) for own in found.values()]


def _variance(values: Sequence[float]) -> float:
    mean = fmean(values)
    return sum((one - mean) * (one - mean) for one in values) / (len(values) - 1)
