"""Compare our verdicts with those of the real nbval on other people's notebooks, cell by cell.

    python -m tests.parity [--quick]

takes the notebooks of nbval, papermill, nbclient and nbmake (``--quick``: of nbval), strict, lax
and with replacements. Every stable cell (nbval agrees with itself) must have nbval's verdict or a
cause that is found by experiment; else the exit code is 1. It is 2 when the notebooks are not to be
had.
"""

from __future__ import annotations

import sys
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from jupyter_mlcd.execution.nbval_disagreements import code_cells, is_same
from jupyter_mlcd.model.result import CellResult, Verdict
from tests.parity.causes import CAUSES, UNEXPLAINED, UNSTABLE, Difference, explain
from tests.parity.corpora import PROJECTS, NotToBeHad, fetch
from tests.parity.ours import mlcd, own_nursery
from tests.parity.theirs import MODES, nbval

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tests.parity.corpora import Corpus
    from tests.parity.ours import Executed
    from tests.parity.theirs import Verdicts

QUICK = ("nbval",)
_SIDE_BY_SIDE = 2
"""Each compares three executions at a time, which mostly wait."""
_COLUMNS = "{:<10} {:<10} {:>9} {:>6} {:>7} {:>5} {:>10} {:>12}"


@dataclass
class Tally:
    """One corpus in one mode."""

    corpus: Corpus
    mode: str
    cells: int = 0
    stable: int = 0
    same: int = 0
    compared: int = 0
    """Cells whose outputs we compared."""
    causes: dict[tuple[str, int], str] = field(default_factory=dict)
    differences: list[Difference] = field(default_factory=list)

    @property
    def unexplained(self) -> list[Difference]:
        """What nobody can say the cause of."""
        return [one for one in self.differences if self.causes[one.key] == UNEXPLAINED]

    def row(self) -> str:
        """Return the line of the table."""
        bad = len(self.unexplained)
        return _COLUMNS.format(
            self.corpus.name, self.mode, len(self.corpus.notebooks), self.cells, self.stable,
            self.same, self.stable - self.same - bad, bad,
        )  # fmt: skip


def compare(names: Iterable[str]) -> Iterator[Tally]:
    """Yield one tally after the other. Raises NotToBeHad."""
    corpora = fetch(names)
    with own_nursery(), ThreadPoolExecutor(_SIDE_BY_SIDE) as pool:
        pairs = [(corpus, mode) for corpus in corpora for mode in MODES]
        yield from pool.map(lambda pair: _compare(*pair), pairs)


def _compare(corpus: Corpus, mode: str) -> Tally:
    with ThreadPoolExecutor(3) as pool:
        passes = [pool.submit(nbval, corpus, mode, corpus.notebooks) for _ in range(2)]
        cases = pool.submit(mlcd, corpus, mode).result()
        first, second = (one.result().verdicts for one in passes)
    tally = Tally(corpus, mode, cells=len(first))
    _tally(tally, first, second, cases)
    tally.causes = explain(tally.differences) if tally.differences else {}
    tally.stable -= sum(cause == UNSTABLE for cause in tally.causes.values())
    return tally


def _tally(tally: Tally, first: Verdicts, second: Verdicts, cases: dict[str, Executed]) -> None:
    for notebook in tally.corpus.notebooks:
        cells = code_cells(tally.corpus.folder / notebook)
        case = cases[notebook].result
        ours = {cell.index: cell for cell in case.cells}
        for number, cell in enumerate(cells):
            theirs = first[notebook, number]
            if second[notebook, number].outcome is not theirs.outcome:
                continue
            tally.stable += 1
            own = ours.get(cell.index) or CellResult(-1, "", Verdict.NOT_RUN, case.reason)
            tally.compared += own.compared
            if is_same(own.verdict, theirs.outcome):
                tally.same += 1
            else:
                difference = Difference(
                    tally.corpus, tally.mode, notebook, number, own, case.cells, theirs,
                    tuple(cases[notebook].outputs.get(cell.index, ())),
                )  # fmt: skip
                tally.differences.append(difference)


def in_words(tally: Tally) -> Iterator[str]:
    """Yield one line for each difference."""
    for one in tally.differences:
        cause = tally.causes[one.key]
        words = " and ".join(CAUSES[name] for name in cause.split("+")) if cause else "UNEXPLAINED"
        yield (
            f"{tally.corpus.name}, {tally.mode}: {one.notebook}, cell {one.number + 1}: "
            f"nbval {one.theirs.outcome.value}, mlcd {one.ours.verdict.value}; {words}"
        )
        if not cause:
            yield f"    mlcd: {one.ours.reason}"
            yield f"    nbval: {one.theirs.words[:1000]}"


def main(arguments: list[str]) -> int:
    """Print the table and every difference; return the exit code."""
    tallies: list[Tally] = []
    head = ("corpus", "mode", "notebooks", "cells", "stable", "same", "explained", "unexplained")
    print(_COLUMNS.format(*head))
    try:
        for tally in compare(QUICK if "--quick" in arguments else PROJECTS):
            tallies.append(tally)
            print(tally.row(), flush=True)
    except NotToBeHad as error:
        print(error, file=sys.stderr)
        return 2
    print()
    for tally in tallies:
        print(*in_words(tally), sep="\n", end="\n" if tally.differences else "")
    count = Counter(cause for tally in tallies for cause in tally.causes.values())
    for cause, number in count.most_common():
        print(f"{number:>4}  {' and '.join(CAUSES.get(one, one) for one in cause.split('+'))}")
    absent = {name for tally in tallies for name in tally.corpus.without_kernel}
    print(f"{len(absent)} left out, because their kernel is not installed: {', '.join(absent)}")
    return 1 if any(tally.unexplained for tally in tallies) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
