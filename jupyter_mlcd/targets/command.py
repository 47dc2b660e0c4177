"""A program on this machine: ``target = { kind = "command", run = ["./deploy.sh", "{version}"] }``.

It is a program and what it gets, never a line for a shell. It is started in the project's folder,
once, and its end is the answer: 0 is delivered, anything else failed. It finds

- in ``MLCD_FILES`` a folder with the delivered files and release.json, which goes at its end;
- in ``MLCD_VERSION``, ``MLCD_DIGEST``, ``MLCD_TAG``, ``MLCD_ENVIRONMENT`` and
  ``MLCD_DELIVERY_ID`` what it delivers, and by which key;
- else the environment of whoever delivers, without Jupyter's own keys and the usual tokens of
  delivery systems.

Where this machine stops in between, ``look-up`` is asked; without it nobody can know, and it is not
started again. What it prints last is kept, without values that are known to be secret.
"""

from __future__ import annotations

import os
import shlex
import shutil
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

from jupyter_mlcd.model.delivery import DeliveryState
from jupyter_mlcd.model.errors import MlcdError
from jupyter_mlcd.model.project import seconds
from jupyter_mlcd.ports import TargetAnswer
from jupyter_mlcd.targets.answers import cannot_be_asked, filled, refused, told, variables_of
from jupyter_mlcd.world.commands import run_command
from jupyter_mlcd.world.failpoints import failpoint
from jupyter_mlcd.world.files import copy_file, safe_join
from jupyter_mlcd.world.key_variables import secrets_of, without_keys
from jupyter_mlcd.world.process import RUN_MARKER, end_tree, marked_processes
from jupyter_mlcd.world.redaction import Redactor

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from jupyter_mlcd.model.target import CommandTable
    from jupyter_mlcd.ports import Parcel, Site
    from jupyter_mlcd.world.commands import Completed

_LAST_LINES: Final = 20
_LOOK_UP_SECONDS: Final = 60.0
_WAS_NOT: Final = 1
_GRACE_SECONDS: Final = 1.0


class CommandTarget:
    """``target = { kind = "command", run = ["./deploy.sh", "{version}"] }``."""

    def __init__(self, table: CommandTable, site: Site) -> None:
        """Run ``table.run`` in the project's folder, at most for ``table.timeout``."""
        self._run = table.run
        self._look_up = table.look_up
        self._timeout = table.timeout
        self._folder = site.folder

    def describe(self) -> str:
        """Return "command" and the program's name."""
        return f"command {self._run[0]}"

    def check(self) -> Sequence[str]:
        """Return what is in the way: a program that is not there. Starts nothing."""
        named = [self._run[0], *self._look_up[:1]]
        missing = [one for one in named if not self._program(one)]
        problems = [f"there is no program {one} that may be started" for one in missing]
        try:
            seconds(self._timeout)
        except MlcdError as error:
            problems.append(f"timeout: {error.message}")
        return problems

    def preview(self, parcel: Parcel) -> tuple[Sequence[str], Sequence[str]]:
        """Return the sentences and the command."""
        command = shlex.join(filled(one, parcel) for one in self._run)
        sentences = [
            f"Runs **{command}** in the project's folder, for at most {self._timeout}.",
            f"It finds {_count(parcel)} and release.json in the folder that MLCD_FILES names.",
        ]
        variables = variables_of(parcel, {})
        given = [f"{name}={shlex.quote(variables[name])}" for name in sorted(variables)]
        return sentences, [" ".join(["MLCD_FILES=FOLDER", *given, command])]

    def dispatch(self, parcel: Parcel) -> TargetAnswer:
        """Run it to its end, once."""
        ticket = {"key": parcel.key, "command": self._run[0]}
        try:
            deadline = seconds(self._timeout)
            with _laid_out(parcel) as files:
                environment = self._environment(parcel, files)
                failpoint("command-before-start")
                ended = self._ended(self._run, parcel, environment, deadline)
                failpoint("command-after-end")
        except (MlcdError, OSError) as error:
            # Nothing was started: what is raised comes from before.
            words = error if isinstance(error, MlcdError) else _disk(error)
            return refused(words)
        last = _last_lines(ended)
        if last:
            ticket["output"] = last
        ticket["state"] = f"exit code {ended.code}"
        return TargetAnswer(*self._outcome(ended, last), ticket)

    def look_up(self, parcel: Parcel) -> TargetAnswer | None:
        """Ask the program that was named for it; without one, nobody can know."""
        ticket = {**parcel.ticket, "key": parcel.key}
        if not self._look_up:
            words = (
                f"nobody can tell whether {self._run[0]} came to its end: mlcd.toml names no "
                "`look-up`. Nothing was started again: look at what it delivers."
            )
            return TargetAnswer(DeliveryState.UNKNOWN, words, ticket, is_final=True)
        try:
            environment = self._environment(parcel, None)
            ended = self._ended(self._look_up, parcel, environment, _LOOK_UP_SECONDS)
        except MlcdError as error:
            return cannot_be_asked(error, ticket)
        if ended.code == 0 and not ended.timed_out:
            words = f"{self._look_up[0]} says that it was delivered"
            return TargetAnswer(DeliveryState.DELIVERED, words, ticket)
        if ended.code == _WAS_NOT and not ended.timed_out:
            return None
        words = f"{self._look_up[0]} cannot tell what became of it: {_how(ended)}"
        return TargetAnswer(DeliveryState.UNKNOWN, words, ticket)

    def _outcome(self, ended: Completed, last: str) -> tuple[DeliveryState, str]:
        if ended.timed_out:
            words = (
                f"{self._run[0]} was ended after {self._timeout}: it may have delivered a part of "
                "it. Look at what it delivers."
            )
            return DeliveryState.FAILED, words
        if ended.code == 0:
            return DeliveryState.DELIVERED, f"{self._run[0]} ended well"
        said = f": {told(last.splitlines()[-1])}" if last else ""
        return DeliveryState.FAILED, f"{self._run[0]} {_how(ended)}{said}"

    def _ended(
        self, command: Sequence[str], parcel: Parcel, environment: dict[str, str], deadline: float
    ) -> Completed:
        """Run a program and end all that came of it when it takes too long. Raises WorldError."""
        program = self._program(command[0]) or command[0]
        arguments = [program, *(filled(one, parcel) for one in command[1:])]
        ended = run_command(
            arguments, directory=self._folder, environment=environment, deadline=deadline
        )
        if ended.timed_out:
            for left in marked_processes(environment[RUN_MARKER]):
                end_tree(left, _GRACE_SECONDS, environment[RUN_MARKER])
        return ended

    def _environment(self, parcel: Parcel, files: Path | None) -> dict[str, str]:
        # Every process of it carries the marker, so that a time-out leaves none behind.
        ours = {**variables_of(parcel, {}), RUN_MARKER: parcel.key}
        return {**without_keys(os.environ), **ours, **({"MLCD_FILES": str(files)} if files else {})}

    def _program(self, name: str) -> str:
        """Return where a program is: below the project's folder, or where the shell finds it."""
        if "/" in name or os.sep in name:
            return shutil.which(str((self._folder / name).absolute())) or ""
        return shutil.which(name) or ""


@contextmanager
def _laid_out(parcel: Parcel) -> Iterator[Path]:
    """Give a folder with the files and release.json, which can only be read, and take it away."""
    with tempfile.TemporaryDirectory(prefix="mlcd-", ignore_cleanup_errors=True) as made:
        folder = Path(made)
        for path, file in parcel.files.items():
            target = safe_join(folder, path)
            target.parent.mkdir(parents=True, exist_ok=True)
            copy_file(file, target)
        (folder / "release.json").write_bytes(parcel.release.to_bytes())
        inside = sorted(folder.rglob("*"))
        for one in inside:
            one.chmod(0o555 if one.is_dir() else 0o444)
        folder.chmod(0o500)
        try:
            yield folder
        finally:
            # Else nothing in it could be removed.
            for one in (folder, *inside):
                if one.exists():
                    one.chmod(0o700)


def _last_lines(ended: Completed) -> str:
    """Return what it printed last, without what is known to be secret."""
    text = (ended.output + ended.complaint).decode(errors="replace")
    clean = Redactor(secrets_of(os.environ)).redact_text(text)
    lines = [told(line) for line in clean.splitlines() if line.strip()]
    return "\n".join(lines[-_LAST_LINES:])


def _how(ended: Completed) -> str:
    if ended.timed_out:
        return "took too long"
    return f"ended with {ended.code}" if ended.code >= 0 else f"was ended by signal {-ended.code}"


def _count(parcel: Parcel) -> str:
    number = len(parcel.files)
    return f"{number} file{'' if number == 1 else 's'}"


def _disk(error: OSError) -> MlcdError:
    return MlcdError(f"the files could not be laid out: {error.strerror or error}")
