"""Projects of several shapes, and the pipelines that are written for them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import yaml

from jupyter_mlcd.model.pipelines import CiSystem
from jupyter_mlcd.workbench import Workbench
from tests.journeys.projects import commit_all, git, notebook, repository

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

TARGETS = {
    CiSystem.GITHUB: 'kind = "github", workflow = "deliver.yml", repository = "us/digits"',
    CiSystem.AZURE: 'kind = "azure-devops", organization = "us", project = "digits", pipeline = 4',
    CiSystem.GITLAB: 'kind = "gitlab", project = "us/digits"',
    CiSystem.JENKINS: 'kind = "jenkins", url = "https://ci.example.org", job = "digits"',
}
SUITES = """
[suites.quality]
[[suites.quality.notebooks]]
path = "one.ipynb"
produces = ["model.txt"]

[suites.smoke]
notebooks = ["one.ipynb"]
"""
MORE = {
    CiSystem.GITHUB: ', inputs = { region = "eu" }, release = true',
    CiSystem.AZURE: ', parameters = { region = "eu" }',
    CiSystem.GITLAB: ', variables = { REGION = "eu" }, release = true',
    CiSystem.JENKINS: ', parameters = { REGION = "eu" }',
}
SHAPES = (
    "one", "without a target", "one of several", "more of everything", "with a store",
    "by deployment",
)  # fmt: skip


def config(system: CiSystem, *, more: str = "", name: str = "digits") -> str:
    """Return an mlcd.toml with two environments that this system delivers to."""
    target = f"{{ {TARGETS[system]}{more} }}"
    return (
        f'[project]\nname = "{name}"\npolicy = "origin/main"\n{SUITES}\n'
        f"[environments.staging]\ntarget = {target}\n\n"
        f'[environments.production]\nafter = "staging"\napprovals = 1\ntarget = {target}\n'
    )


def shaped(folder: Path, system: CiSystem, shape: str) -> Path:
    """Make a committed project of a shape in a repository, and return its folder."""
    top = repository(folder)
    git(top, "remote", "add", "origin", "https://git.example.org/us/digits.git")
    place = top / "models/digits" if shape == "one of several" else top
    place.mkdir(parents=True, exist_ok=True)
    text = config(system, more=MORE[system] if shape == "more of everything" else "")
    if shape == "by deployment":
        text = text.replace('workflow = "deliver.yml"', "deployment = true")
    if shape == "without a target":
        text = f'[project]\nname = "digits"\n{SUITES}'
    if shape == "with a store":
        text = text.replace("[project]", '[project]\nstore = "s3://models/digits"')
    (place / "mlcd.toml").write_text(text)
    (place / "one.ipynb").write_text(notebook("1"))
    if shape == "one of several":
        (top / "models/other").mkdir()
        (top / "models/other/mlcd.toml").write_text(text.replace('"digits"', '"other"', 1))
        (place / "requirements.txt").write_text("numpy\n")
    commit_all(top)
    return place


def written(place: Path, system: CiSystem) -> dict[str, Path]:
    """Write the pipelines and return ``{path from the repository's top: file}``."""
    bench = Workbench(place)
    return {one.path: bench.top / one.path for one in bench.write_pipelines(system).files}


def steps_of(file: Path) -> list[dict[str, Any]]:
    """Return all steps of a pipeline, wherever they stand in it."""
    return list(_steps(yaml.safe_load(file.read_text())))


def _steps(found: Any) -> Iterator[dict[str, Any]]:
    if isinstance(found, dict):
        for name, value in found.items():
            if name == "steps":
                yield from value
            yield from _steps(value)
    elif isinstance(found, list):
        for value in found:
            yield from _steps(value)
