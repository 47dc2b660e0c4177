"""A project with an evaluation of its own: prepare, train for two seeds, evaluate; all real."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.journeys.projects import commit_all, notebook, repository

if TYPE_CHECKING:
    from pathlib import Path

CONFIG = """
[project]
name = "digits"

[suites.quality]
notebooks = [
  { path = "prepare.ipynb", produces = ["truth.json"] },
  { path = "train.ipynb", after = ["prepare.ipynb"], produces = ["model.json"], matrix = { seed = [1, 2] }, candidate = { seed = 1 } },
  { path = "evaluate.ipynb", after = ["prepare.ipynb", "train.ipynb"] },
]

[[gates]]
metric = "accuracy"
better-than = "production"

[environments.production]
"""  # noqa: E501 - inline tables of TOML stand in one line
PREPARE = """
import json
json.dump([1, 0, 1, 1, 0, 0, 1, 0, 1, 1], open("truth.json", "w"))
"""
TRAIN = """
import json
json.dump({{"right": {right}, "seed": seed}}, open("model.json", "w"))
"""
EVALUATE = """
import json
from jupyter_mlcd import record
truth, model = json.load(open("truth.json")), json.load(open("model.json"))
record("accuracy", {accuracy})
"""
PLAIN = 'model["right"] / len(truth)'
STRICT = '(model["right"] - 1) / len(truth)'


def write_training(folder: Path, right: int) -> None:
    """Write a training whose model has so many of ten right."""
    text = notebook("parameters|seed = 0", TRAIN.format(right=right))
    (folder / "train.ipynb").write_text(text)


def write_evaluation(folder: Path, accuracy: str = PLAIN) -> None:
    """Write an evaluation that computes the accuracy in this way."""
    (folder / "evaluate.ipynb").write_text(notebook(EVALUATE.format(accuracy=accuracy)))


def scoring_project(folder: Path, config: str = CONFIG) -> Path:
    """Make it, with a first model that has six of ten right."""
    repository(folder)
    (folder / "mlcd.toml").write_text(config)
    (folder / "prepare.ipynb").write_text(notebook(PREPARE))
    (folder / ".gitignore").write_text("releases/\n.ipynb_checkpoints/\n")
    write_training(folder, 6)
    write_evaluation(folder)
    commit_all(folder)
    return folder
