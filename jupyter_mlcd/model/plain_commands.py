"""What was done, as the plain commands that would have done the same; never with a secret.

They are for a POSIX shell at the repository's top, one per entry; an entry may have several lines.
"""

from __future__ import annotations

import json
import re
import shlex
from typing import TYPE_CHECKING

import msgspec

from jupyter_mlcd.model.suite import Compare

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from jupyter_mlcd.model.event import Event
    from jupyter_mlcd.model.result import CaseResult
    from jupyter_mlcd.model.run import Run

_SPECIAL = re.compile(r"[*?\[\\]|^:")
_ROOM = "room"
_ASIDE = "../mlcd-evidence"
_FIRST = (
    "git branch mlcd/evidence $(git commit-tree -m Begin $(git hash-object -w -t tree /dev/null))"
)
_LISTED_CASES = 20
_JUDGED = {
    Compare.EVERY_CELL: "pytest --nbval",
    Compare.MARKED_CELLS: "pytest --nbval-lax",
}


class Commands(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The plain commands that would have done the same as something that was done."""

    commands: tuple[str, ...]


def write_command(path: str, text: str) -> str:
    """Return the command that writes ``text``, which ends with a newline, to ``path``."""
    end = "END"
    while end in text.split("\n"):
        end += "_"
    return f"cat > {shlex.quote(path)} <<'{end}'\n{text}{end}"


def commit_commands(paths: Sequence[str], message: str, by: str) -> tuple[str, ...]:
    """Return the commands that commit exactly these files, from the repository's top."""
    git = "git --literal-pathspecs" if any(map(_SPECIAL.search, paths)) else "git"
    files = " ".join(map(shlex.quote, paths))
    author = shlex.quote(f"--author={by}")
    return (
        f"{git} add --all -- {files}",
        f"{git} commit --only {author} --message={shlex.quote(message)} -- {files}",
    )


def keep_commands(event: Event, bundle: str, folder: str, message: str) -> tuple[str, ...]:
    """Return the commands that put a bundle and its event on the evidence branch.

    ``bundle`` is where the bundle is now, ``folder`` where it goes on the branch. It is empty where
    something was taken out of it: the draft has that still, so the files are those of the branch.
    """
    place, entry = f"{_ASIDE}/{folder}", f"{_ASIDE}/{event.path}"
    there = f"git archive mlcd/evidence:{folder} | tar -x -C {place}  # without what was taken out"
    author = shlex.quote(f"--author={event.by}")
    return (
        f"git rev-parse --quiet --verify mlcd/evidence || {_FIRST}",
        f"git worktree add {_ASIDE} mlcd/evidence",
        f"mkdir -p {place} {entry.rpartition('/')[0]}",
        f"cp -R {shlex.quote(bundle)}/. {place}/" if bundle else there,
        write_command(entry, event.to_bytes().decode()),
        f"git -C {_ASIDE} add --all --force",
        f"git -C {_ASIDE} commit {author} --message={shlex.quote(message)}",
        f"git worktree remove {_ASIDE}",
    )


def run_commands(run: Run, prefix: str, compare: Compare) -> tuple[str, ...]:
    """Return the commands that execute the cases of a run on the tree that it tested.

    papermill executes them one after another in one folder; pytest then compares what they were
    saved with. Ours does both on one execution, each case in a folder of its own.
    """
    shown = run.cases[:_LISTED_CASES]
    left = len(run.cases) - len(shown)
    notebooks = dict.fromkeys(case.notebook for case in run.cases)
    project = f"{_ROOM}/{prefix}".rstrip("/")
    commands = [
        f"mkdir {_ROOM} && git archive {run.tree} | tar -x -C {_ROOM}",
        *(_execution(case, project, number) for number, case in enumerate(shown)),
        *([f"# and {left} more in the same way"] if left else []),
    ]
    if compare in _JUDGED:
        files = " ".join(map(shlex.quote, notebooks))
        commands.append(f"(cd {shlex.quote(project)} && {_JUDGED[compare]} {files})")
    return tuple(commands)


def _execution(case: CaseResult, project: str, number: int) -> str:
    folder, _, name = f"{project}/{case.notebook}".rpartition("/")
    given = f" -y {shlex.quote(_json(case.parameters))}" if case.parameters else ""
    return f"(cd {shlex.quote(folder)} && papermill {shlex.quote(name)} run-{number}.ipynb{given})"


def _json(parameters: Mapping[str, object]) -> str:
    return json.dumps(parameters, ensure_ascii=False)
