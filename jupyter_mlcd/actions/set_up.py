"""Set up: write a first mlcd.toml from the notebooks that are there."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

_TEMPLATE = """\
# What jupyter_mlcd tests and delivers.

[project]
name = "{name}"

# A suite is a set of notebooks that are run, each in a private copy of your files, and judged.
[suites.tests]
compare = "marked-cells"    # cells marked # NBVAL_CHECK_OUTPUT; or "every-cell", or "nothing"
notebooks = [
{notebooks}
]

# To order notebooks, vary parameters and say which files they produce, write instead of the list:
#
# [[suites.tests.notebooks]]
# path = "train.ipynb"
# after = ["prepare.ipynb"]
# matrix = {{ seed = [1, 2, 3] }}
# produces = ["model.joblib"]
# candidate = {{ best = "accuracy" }}

# A rule that every delivery must meet, on a score that a notebook recorded:
#
# [[gates]]
# metric = "accuracy"
# at-least = 0.9
# better-than = "production"

# Where versions go. Without a target it is the folder releases/production.
[environments.production]
"""


def first_config(folder: str, notebooks: Sequence[str]) -> str:
    """Return the text of a first mlcd.toml for a folder of this name with these notebooks."""
    name = re.sub(r"[^A-Za-z0-9._-]+", "-", folder).strip("-._") or "project"
    lines = "\n".join(f'  "{_escaped(path)}",' for path in sorted(notebooks))
    return _TEMPLATE.format(name=name[:64], notebooks=lines)


def _escaped(path: str) -> str:
    return path.replace("\\", "\\\\").replace('"', '\\"')
