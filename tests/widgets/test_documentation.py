"""The examples of docs/widgets.md, typed into a notebook one after the other."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import jupyter_mlcd.widgets as ours
from jupyter_mlcd.widgets.display import VIEW
from tests.journeys.projects import CHECKOUT
from tests.widgets.kernels import kernel

if TYPE_CHECKING:
    from pathlib import Path

    import traitlets

PAGE = (CHECKOUT / "docs" / "widgets.md").read_text(encoding="utf-8")


def test_every_example_runs(small: Path) -> None:
    first, second, third = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    with kernel(small, attended=True) as found:
        assert VIEW in found.run(first).shown[0]
        assert found.run(second).printed.startswith("passed {'accuracy':")
        found.run(third)
        assert found.run("print(words.value, evidence.id == run.id)").printed == "passed True\n"


def test_every_widget_and_its_traits_are_in_the_table() -> None:
    for name in ours.__all__:
        (row,) = re.findall(rf"^\| `{name}\((.*?)\)` \|.*\|(.*)\|$", PAGE, re.MULTILINE)
        kind: type[traitlets.HasTraits] = getattr(ours, name)
        own = {
            trait
            for trait in kind.class_own_traits()
            if not trait.startswith("_") and trait != "problem"
        }
        assert own == set(re.findall(r"`(\w+)`", row[1].split(":")[0]))
