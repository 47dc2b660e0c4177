"""Notebooks of other projects, in which nothing may be found: about 700, fetched once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.parity.corpora import NotToBeHad, unpacked

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

OTHERS = {
    "bqplot": "0.13.1",
    "holoviews": "1.23.2",
    "hvplot": "0.12.2",
    "jupytext": "1.19.6",
    "nbdime": "4.0.4",
    "statsmodels": "0.15.0",
}
"""Projects that have many notebooks in their source distributions, some with large outputs."""


def print_alarms(look: Callable[[Path], Sequence[str]], word: str) -> None:
    """Print how many of them ``look`` has something to say of, and what, where they are to be had.

    ``word`` says what that is called, as "false alarm".
    """
    try:
        told = [
            (f"{name}/{file.name}", look(file))
            for name, folder in unpacked(OTHERS).items()
            for file in sorted(folder.rglob("*.ipynb"))
        ]
    except NotToBeHad as error:
        print(f"no notebooks of others: {error}")
        return
    alarms = [f"{name}: {'; '.join(words)}" for name, words in told if words]
    print(f"{len(told)} notebooks of other projects: {len(alarms)} with a {word}")
    for words in alarms:
        print(f"  {words}")
