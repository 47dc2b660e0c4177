"""What docs/delivering.md shows of the pipelines is what the command writes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from jupyter_mlcd.model.pipelines import CiSystem
from jupyter_mlcd.workbench import Workbench
from tests.journeys.projects import CHECKOUT
from tests.pipelines.projects import shaped

if TYPE_CHECKING:
    from pathlib import Path

PAGE = (CHECKOUT / "docs" / "delivering.md").read_text(encoding="utf-8")
HEADS = {
    CiSystem.GITHUB: "GitHub",
    CiSystem.AZURE: "Azure DevOps",
    CiSystem.GITLAB: "GitLab",
    CiSystem.JENKINS: "Jenkins",
}


@pytest.mark.parametrize("system", CiSystem)
def test_each_example_and_each_file_that_is_named_is_what_is_written(
    system: CiSystem, tmp_path: Path
) -> None:
    place = shaped(tmp_path, system, "one")
    files = Workbench(place).propose_pipelines(system).files
    section = PAGE.split(f"\n## {HEADS[system]}\n")[1].split("\n## ")[0]
    (example,) = re.findall(r"```(?:yaml|groovy)\n(.*?)```", section, re.DOTALL)
    assert any(f"\n{example}" in one.text for one in files)
    table = PAGE.split("\n## Pipelines, written for you\n")[1]
    row = table.split(f"\n| `{system}` |")[1].partition("\n")[0]
    assert {one.path for one in files} <= set(re.findall(r"`([^`]+)`", row))
