from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path

import jupyter_mlcd

CHECKOUT = Path(__file__).parents[2]
LOCK = CHECKOUT / "labextension" / "package-lock.json"


def test_one_version_is_said_everywhere() -> None:
    project = tomllib.loads((CHECKOUT / "pyproject.toml").read_text())["project"]
    front_end = json.loads((CHECKOUT / "labextension" / "package.json").read_text())
    assert {project["version"], front_end["version"]} == {jupyter_mlcd.__version__}


def test_the_lock_file_names_no_registry() -> None:
    assert re.findall(r'"resolved":.*', LOCK.read_text()) == []


def test_the_front_end_is_found_under_its_npm_name() -> None:
    front_end = json.loads((CHECKOUT / "labextension" / "package.json").read_text())
    (path,) = jupyter_mlcd._jupyter_labextension_paths()  # noqa: SLF001  JupyterLab calls it
    assert path["dest"] == front_end["name"]
