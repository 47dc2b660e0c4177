"""``demo``: the whole way on the example, told step by step in plain words."""

from __future__ import annotations

import os
import shutil
import sys
import time
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import click

from jupyter_mlcd.cli import following
from jupyter_mlcd.model.errors import GateError, NotFoundError, RefusedError, WorldError
from jupyter_mlcd.model.result import Verdict
from jupyter_mlcd.model.run import RunRequest
from jupyter_mlcd.workbench import Workbench, new_repository

if TYPE_CHECKING:
    from collections.abc import Iterator

_MARKER = Path(".git", "mlcd", "demo")
"""Only what the demo made may be replaced by it."""
SUITE = "quality"
ENVIRONMENT = "production"
FIRST, BETTER, WORSE = "gamma = 0.01", "gamma = 0.1", "gamma = 1.0"
_NEEDED = {"sklearn": "scikit-learn", "matplotlib": "matplotlib", "joblib": "joblib"}


def demonstrate(directory: Path) -> int:
    """Show the whole way in a new repository in ``directory``; return the exit code."""
    _check_software()
    started = time.monotonic()
    place = directory.absolute()
    bench = _new_project(place)
    _first_release(bench)
    _better_release(bench)
    refused = _worse_release(bench)
    _closing_words(bench, time.monotonic() - started)
    return 0 if refused else 1


def example_folder() -> Path:
    """Return where the example lies: in the package, or beside it in a checkout."""
    package = Path(__file__).parents[1]
    for folder in (package / "example_notebooks", package.parent / "example_notebooks"):
        if (folder / "mlcd.toml").is_file():
            return folder
    hint = "Install jupyter_mlcd again, or clone its repository."
    raise NotFoundError("the example is not installed", hint=hint)


def _check_software() -> None:
    missing = [name for module, name in _NEEDED.items() if find_spec(module) is None]
    if missing:
        raise WorldError(
            f"the example needs {', '.join(missing)}",
            code="software-missing",
            hint='Install it: python -m pip install "jupyter_mlcd[demo]"',
        )


def _say(words: str) -> None:
    click.echo(words)


def _step(number: int, words: str) -> None:
    click.echo()
    click.secho(f"{number}. {words}", bold=True)


def _new_project(place: Path) -> Workbench:
    _step(1, f"A project in a git repository of its own: {place}")
    if place.exists() and any(place.iterdir()):
        if not (place / _MARKER).is_file():
            hint = "Name another folder with --directory."
            raise RefusedError(f"{place} is there already and is no earlier demo", hint=hint)
        _say("An earlier demo is there; it is replaced.")
        shutil.rmtree(place)
    place.mkdir(parents=True, exist_ok=True)
    for source in _example_files():
        target = place / source.relative_to(example_folder())
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, target)
    new_repository(place)
    (place / _MARKER).parent.mkdir(parents=True, exist_ok=True)
    (place / _MARKER).write_text("Made by jupyter mlcd demo, which may replace this folder.\n")
    bench = Workbench(place)
    files = sorted(path.name for path in place.iterdir() if path.name != ".git")
    bench.commit(files, "Read handwritten digits: a careful first model")
    _say(
        "It reads handwritten digits: prepare.ipynb, train.ipynb with three seeds, evaluate.ipynb."
    )
    _say("mlcd.toml says what is tested, what a version must reach, and where versions go.")
    return bench


def _example_files() -> Iterator[Path]:
    for path in sorted(example_folder().rglob("*")):
        hidden = any(part in {".ipynb_checkpoints", "releases"} for part in path.parts)
        made = path.suffix in {".joblib", ".npz", ".pyc"}
        if path.is_file() and not hidden and not made:
            yield path


def _tested(bench: Workbench) -> bool:
    _say("$ jupyter mlcd run quality")
    run = bench.run(RunRequest(SUITE))
    ended = following.follow(bench, run.id)
    return ended.verdict is Verdict.PASSED


def _deliver(bench: Workbench) -> str:
    _say(f"$ jupyter mlcd deliver --to {ENVIRONMENT}")
    delivery = bench.deliver(ENVIRONMENT)
    _say(f"{delivery.version} to {ENVIRONMENT}: {delivery.state}, {delivery.reason}")
    return delivery.version


def _improve(bench: Workbench, old: str, new: str, message: str) -> None:
    config = bench.folder / "mlcd.toml"
    text = config.read_text(encoding="utf-8")
    config.write_text(text.replace(old, new), encoding="utf-8")
    _say(f"mlcd.toml, the parameters of train.ipynb: {old} becomes {new}")
    made = bench.commit((), message)
    _say(f'$ jupyter mlcd commit -m "{message}"')
    _say(f"{made.commit[:7]} {made.subject}")


def _first_release(bench: Workbench) -> None:
    _step(2, "Test it: each notebook runs once, in a private copy of the files")
    if not _tested(bench):
        raise WorldError("the example's tests did not pass here", hint="See the reasons above.")
    _step(3, "Keep the results as evidence: one commit on the branch mlcd/evidence")
    kept = bench.keep(following.newest_run(bench))
    _say("$ jupyter mlcd evidence keep")
    _say(f"{kept.path}, fingerprint {kept.digest[:19]}...")
    _say("Your branch, your files and what you have staged were not touched.")
    _step(4, "Deliver the first version")
    version = _deliver(bench)
    _say(f"Commit tagged v{version}; the model lies in releases/{ENVIRONMENT}/current/model.joblib")


def _better_release(bench: Workbench) -> None:
    _step(5, "Improve the model, and deliver that")
    _improve(bench, FIRST, BETTER, "Let the kernel see finer borders")
    if not _tested(bench):
        raise WorldError("the example's tests did not pass here", hint="See the reasons above.")
    _deliver(bench)
    for name, value in _live_scores(bench).items():
        _say(f"  {name} {value:.4f}")


def _live_scores(bench: Workbench) -> dict[str, float]:
    return bench.status().environments[0].scores


def _worse_release(bench: Workbench) -> bool:
    _step(6, "Try a worse one: its tests pass, the rule refuses it")
    _improve(bench, BETTER, WORSE, "Turn the same knob too far")
    _tested(bench)
    try:
        _deliver(bench)
    except GateError as error:
        click.secho(error.message, fg="red")
        live = bench.status().environments[0].live
        _say(f"Users still have {live.version if live else 'nothing'}.")
    else:
        return False
    _improve(bench, WORSE, BETTER, "Take the worse model back")
    _say("These very files were tested before, so nothing has to run again.")
    return True


def _closing_words(bench: Workbench, seconds: float) -> None:
    place = os.path.relpath(bench.folder)
    click.echo()
    click.secho(f"Done in {seconds:.0f} s. What lies where", bold=True)
    _say(f"  {place}/releases/{ENVIRONMENT}/   the delivered versions; `current` is the live one")
    _say("  branch mlcd/evidence            executed notebooks, verdicts, history of deliveries")
    _say("  tags v0.1.0 and v0.2.0          the commits that were delivered")
    _say(f"  {place}/.git/mlcd/            drafts of runs and the files they produced")
    click.secho("What to type next", bold=True)
    in_make = "make lab" if os.environ.get("MAKELEVEL") else f"jupyter lab {place}"
    _say(f"  {in_make:32}the same by clicking: the panel Delivery on the left")
    _say(f"  cd {place} && {Path(sys.executable).parent}/jupyter mlcd status")
    _say(f"To remove every trace: rm -r {place}")
