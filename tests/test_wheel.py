"""The wheel, as `pip install` gets it: everything that is made or lies beside the code is in it."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import zipfile
from typing import TYPE_CHECKING

import pytest

from tests.journeys.projects import CHECKOUT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_EXTENSION = r"jupyter_mlcd-[^/]+\.data/data/share/jupyter/labextensions/jupyter-mlcd/"
_CONFIG = r"jupyter_mlcd-[^/]+\.data/data/etc/jupyter/jupyter_server_config\.d/"
NEEDED = (
    r"jupyter_mlcd/widgets/static/widgets\.(js|css)",
    r"jupyter_mlcd/locale/de_DE/LC_MESSAGES/jupyter_mlcd\.json",
    r"jupyter_mlcd/py\.typed",
    r"jupyter_mlcd/bundle/report\.css",
    r"jupyter_mlcd/example_notebooks/.+\.ipynb",
    r"jupyter_mlcd/server/events/.+\.yaml",
    r"jupyter_mlcd/pipelines/jenkins/Jenkinsfile\.deliver",
    r"jupyter_mlcd/pipelines/shared/verify\.sh",
    _EXTENSION + r"package\.json",
    _EXTENSION + r"install\.json",
    _EXTENSION + r"static/remoteEntry\..+\.js",
    _EXTENSION + r"schemas/jupyter-mlcd/.+\.json",
    _CONFIG + r"jupyter_mlcd\.json",
)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Iterator[zipfile.ZipFile]:
    """Build one from this checkout, whose front end `make` has built."""
    folder: Path = tmp_path_factory.mktemp("wheel")
    made = subprocess.run(
        [sys.executable, "-m", "pip", "wheel", "--no-deps", "--wheel-dir", folder, CHECKOUT],
        env={**os.environ, "SKIP_JUPYTER_BUILDER": "1", "PIP_DISABLE_PIP_VERSION_CHECK": "1"},
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert made.returncode == 0, made.stdout + made.stderr
    (file,) = folder.glob("*.whl")
    with zipfile.ZipFile(file) as opened:
        yield opened


@pytest.mark.parametrize("needed", NEEDED)
@pytest.mark.timeout(300)
def test_the_wheel_holds_what_is_not_python(wheel: zipfile.ZipFile, needed: str) -> None:
    assert any(re.fullmatch(needed, name) for name in wheel.namelist())


@pytest.mark.timeout(300)
def test_the_wheel_holds_nothing_that_only_builders_need(wheel: zipfile.ZipFile) -> None:
    tops = {name.partition("/")[0] for name in wheel.namelist()}
    assert {re.sub(r"-[^/]+(?=\.)", "", top) for top in tops} == {
        "jupyter_mlcd",
        "jupyter_mlcd.data",
        "jupyter_mlcd.dist-info",
    }
    assert not [name for name in wheel.namelist() if name.endswith((".map", ".ts", ".tsx"))]
    # Beside the code it would be there twice.
    assert not [name for name in wheel.namelist() if name.startswith("jupyter_mlcd/labextension/")]


@pytest.mark.timeout(300)
def test_the_front_end_of_the_wheel_is_the_one_its_own_list_names(wheel: zipfile.ZipFile) -> None:
    (name,) = (one for one in wheel.namelist() if re.fullmatch(_EXTENSION + r"package\.json", one))
    entry = json.loads(wheel.read(name))["jupyterlab"]["_build"]["load"]
    assert name.replace("package.json", entry) in wheel.namelist()
