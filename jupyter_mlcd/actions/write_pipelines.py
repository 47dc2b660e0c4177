"""Pipelines for the company's CI system: the same suites there, and where deliveries arrive.

A file that is there and differs is somebody's: it is shown and never overwritten.
"""

from __future__ import annotations

import platform
import re
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Final

from jupyter_mlcd import __version__
from jupyter_mlcd.model.config import parse
from jupyter_mlcd.model.errors import NotFoundError, WorldError
from jupyter_mlcd.model.pipeline_text import (
    ci_lines,
    keys_of_store,
    pipeline_texts,
    reached,
)
from jupyter_mlcd.model.pipelines import (
    CiSystem,
    FileState,
    PipelineFacts,
    PipelineFile,
    Pipelines,
)
from jupyter_mlcd.model.project import CONFIG_NAME
from jupyter_mlcd.world.files import write_atomically

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jupyter_mlcd.actions.desk import Desk

_REQUIREMENTS: Final = ("requirements.txt", "requirements/base.txt", "requirements-dev.txt")
_VERSION: Final = re.compile(r"3\.1[1-9]\b")
"""What this package runs on."""
_ROOTS: Final = ("shared", "github", "azure", "gitlab", "jenkins")
_LEFT: Final = {
    CiSystem.GITHUB: "Settings, Branches: let nobody force-push or delete mlcd/evidence",
    CiSystem.AZURE: (
        "make two pipelines of these files, and let the build service contribute to the repository:"
        " it pushes mlcd/evidence"
    ),
    CiSystem.GITLAB: (
        "Settings, CI/CD, Job token permissions: allow Git push requests; Repository: protect the "
        "branch mlcd/evidence and let Developers push to it"
    ),
    CiSystem.JENKINS: (
        "make a multibranch pipeline of Jenkinsfile, a pipeline of Jenkinsfile.deliver, and the "
        "credential mlcd-git"
    ),
}


def propose_pipelines(desk: Desk, system: CiSystem) -> Pipelines:
    """Return the files for a system, and how they compare with what is there. Writes nothing.

    Raises NotFoundError without a suite to run, and RefusedError where a name is too odd.
    """
    if not desk.project.suites:
        message = f"{CONFIG_NAME} has no suite that a pipeline could run"
        raise NotFoundError(message, hint="Write one first: jupyter mlcd init")
    facts = _facts(desk)
    texts = pipeline_texts(system, desk.project, facts, _templates())
    top = Path(desk.repository)
    found = tuple(
        PipelineFile(path, text, _state(top / path, text)) for path, text in texts.items()
    )
    table, is_whole = (
        ci_lines(system, facts, _address(desk), desk.project.name)
        if desk.project.ci is None
        else ("", False)
    )
    return Pipelines(system, found, tuple(_remarks(desk, system, facts)), table, is_whole)


def write_pipelines(desk: Desk, system: CiSystem) -> Pipelines:
    """Write those that are not there, and return all as they were found. Raises WorldError."""
    proposed = propose_pipelines(desk, system)
    for one in proposed.having(FileState.NEW):
        place = Path(desk.repository, one.path)
        try:
            place.parent.mkdir(parents=True, exist_ok=True)
            with place.open("x", encoding="utf-8", newline="\n") as file:
                file.write(one.text)
        except OSError as error:
            raise WorldError(f"{one.path} cannot be written: {error.strerror}") from None
    if proposed.is_whole:
        _add_table(Path(desk.repository, desk.prefix, CONFIG_NAME), proposed.table)
    return proposed


def _add_table(config: Path, table: str) -> None:
    """Put a table behind all that mlcd.toml says already. Raises WorldError."""
    try:
        before = config.read_text(encoding="utf-8")
        text = f"{before.rstrip()}\n\n{table}"
        parse(text)
        write_atomically(config, text.encode())
    except OSError as error:
        raise WorldError(f"{CONFIG_NAME} cannot be written: {error.strerror}") from None


def _address(desk: Desk) -> str:
    return desk.worktree.sharing().remotes.get("origin", "")


def _templates() -> dict[str, str]:
    root = files("jupyter_mlcd") / "pipelines"
    return {
        f"{folder}/{one.name}": one.read_text(encoding="utf-8")
        for folder in _ROOTS
        for one in (root / folder).iterdir()
    }


def _state(place: Path, text: str) -> FileState:
    if not place.exists() and not place.is_symlink():
        return FileState.NEW
    try:
        return FileState.SAME if place.read_text(encoding="utf-8") == text else FileState.DIFFERS
    except (OSError, UnicodeDecodeError):
        return FileState.DIFFERS


def _facts(desk: Desk) -> PipelineFacts:
    folder = Path(desk.repository, desk.prefix)
    here = [name for name in _REQUIREMENTS if (folder / name).is_file()]
    return PipelineFacts(
        prefix=desk.prefix,
        several_projects=desk.several_projects,
        branch=_branch(desk),
        python=_python(folder, Path(desk.repository)),
        requirements=here[0] if here else "",
        release=__version__,
    )


def _branch(desk: Desk) -> str:
    """Return the branch that rules are read from, else the one that is checked out."""
    ref = desk.project.project.policy.removeprefix("refs/")
    if ref.startswith("remotes/"):
        ref = ref.removeprefix("remotes/")
    remote, _, name = ref.partition("/")
    if remote in desk.worktree.sharing().remotes and name:
        return name
    return ref.removeprefix("heads/") or desk.snapshot().branch or "main"


def _python(*folders: Path) -> str:
    """Return the Python that ``.python-version`` names, else the one that runs this."""
    for folder in folders:
        try:
            named = _VERSION.match((folder / ".python-version").read_text(encoding="utf-8"))
        except (OSError, UnicodeDecodeError):
            continue
        if named:
            return named[0]
    return ".".join(platform.python_version_tuple()[:2])


def _remarks(desk: Desk, system: CiSystem, facts: PipelineFacts) -> Iterator[str]:
    yield _LEFT[system]
    names = reached(system, desk.project)
    if not names:
        kind = "azure-devops" if system is CiSystem.AZURE else system.value
        yield f'no environment of {CONFIG_NAME} is reached this way: target = {{ kind = "{kind}" }}'
    if store := desk.project.project.store:
        keys = " and ".join(keys_of_store(desk.project)) or "whatever its own tools read"
        yield f"what pushes the evidence and what receives needs the key of {store}: {keys}"
    if not facts.requirements:
        yield f"no {_REQUIREMENTS[0]} was found: only jupyter_mlcd is installed before the tests"
    if not desk.project.project.policy:
        yield f'rules are read from the tested files: policy = "origin/{facts.branch}" is safer'
