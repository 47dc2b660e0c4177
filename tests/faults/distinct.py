"""Runs that are truly different: notebooks made up by chance, each really executed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jupyter_mlcd.model.run import RunRequest
from jupyter_mlcd.model.suite import Compare
from tests.faults.kept import ODD
from tests.journeys.projects import notebook

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from random import Random

    from tests.faults.kept import Stage

_RECORD = "from jupyter_mlcd import record, record_table, record_figure\n"
_SHOW = "from IPython.display import HTML, display\n"
CELLS = (
    "print({number})",
    "{number} + seed",
    "",
    "# {number}",
    "skip-execution|print({number})",
    "# NBVAL_SKIP\n{number}",
    "raises-exception|{{}}[{number}]",
    "for one in range({number} % 9):\n    print(one)",
    "import sys; print('out'); print({number}, file=sys.stderr)",
    _RECORD + "record('score {number}', {number} / 7)",
    _RECORD + "record('accuracy', {number} / 1000, low=0, high=1)",
    _RECORD + "record('part', {number}, slice={{'segment': 'young'}})",
    _RECORD + "record_table('rows', [{{'a': {number}, 'b': 'x'}}, {{'a': 2, 'b': 'y'}}])",
    _SHOW + "display(HTML('<b>{number}</b>'), {{'a': {number}}})",
    "import pandas as pd\npd.DataFrame({{'a': [{number}, 2]}})",
    "1 / 0",
    "assert {number} < 0, 'not below zero'",
    "text = 'ü' * ({number} % 50); text",
    "print('\\x1b[31mred\\x1b[0m', {number})",
)
QUICK = sorted(ODD.keys() - {"slow", "floods", "flaky"})


def distinct_runs(stage: Stage, number: int, luck: Random) -> Iterator[Path]:
    """Yield the bundles of so many runs, no two alike in notebooks, parameters or comparison."""
    for turn in range(number):
        names = []
        for place in range(luck.randint(1, 3)):
            cells = ["parameters|seed = 1"] if luck.random() < 0.7 else ["seed = 3"]
            drawn = luck.choices(CELLS, k=luck.randint(0, 6))
            cells += [text.format(number=luck.randint(1, 999)) for text in drawn]
            name = f"odd/made_{turn}_{place}.ipynb"
            (stage.folder / name).write_text(notebook(*cells))
            names.append(name)
        if luck.random() < 0.3:
            names.append(f"odd/{luck.choice(QUICK)}.ipynb")
        request = RunRequest(notebooks=tuple(names), compare=luck.choice(list(Compare)))
        run = stage.ended(stage.bench.run(request))
        yield stage.bench.runner.bundle(run.id)
        for name in names:
            if "made_" in name:
                (stage.folder / name).unlink()
