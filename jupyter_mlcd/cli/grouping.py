"""How commands are declared: in sections, with an example, with the same options and ends."""

from __future__ import annotations

import functools
import sys
import traceback
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import msgspec

from jupyter_mlcd.model.errors import MlcdError, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable

    from jupyter_mlcd.workbench import Workbench

    Declare = Callable[[Callable[..., Any]], click.Command]

SECTIONS = ("every day", "review", "set up", "look after")

INTERRUPTED = 130
BUG = 70
"""The exit code of sysexits.h for a fault of the program itself."""


as_json = click.option("--json", "as_json", is_flag=True, help="Print the answer as JSON.")
without_asking = click.option("--yes", is_flag=True, help="Do not ask.")
for_environment = click.option(
    "--for", "environment", default="", metavar="ENVIRONMENT", help="For which environment."
)


def workbench() -> Workbench:
    """Return the verbs for the project of the current folder."""
    from jupyter_mlcd.workbench import Workbench  # noqa: PLC0415 - `--help` does not need git

    return Workbench(Path.cwd())


def print_json(value: object) -> None:
    """Print an answer for a program."""
    click.echo(msgspec.json.format(msgspec.json.encode(value), indent=2).decode())


def confirmed(question: str, *, yes: bool) -> bool:
    """Return what a person answers; ``yes`` is said already. Raises UsageError without a person."""
    if yes:
        return True
    if not sys.stdin.isatty():
        message = "this has to be confirmed, and nobody is there to ask"
        raise UsageError(message, hint="Nothing was done. Add --yes.")
    return click.confirm(question)


class GroupedCommands(click.Group):
    """A group whose commands carry a ``section`` and an ``example``."""

    def __init__(self, *args: Any, section: str = "", **kwargs: Any) -> None:  # noqa: ANN401
        super().__init__(*args, **kwargs)
        self.section = section

    def command(  # type: ignore[override]
        self,
        *args: Any,  # noqa: ANN401 - as click's own
        **kwargs: Any,  # noqa: ANN401 - as click's own
    ) -> Declare:
        """Declare a command with its section and its example."""
        return self._declare(super().command, args, kwargs)

    @staticmethod
    def _declare(
        declare: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> Declare:
        section = kwargs.pop("section", "")
        example = kwargs.pop("example", "")
        if example:
            kwargs["epilog"] = f"\b\nExample:\n  {example}"
        decorate = declare(*args, **kwargs)

        def declared(function: Callable[..., Any]) -> click.Command:
            command: click.Command = decorate(function)
            command.section = section  # type: ignore[attr-defined]
            return command

        return declared

    def format_commands(  # the sections replace click's one list
        self,
        ctx: click.Context,  # noqa: ARG002 - click's own signature
        formatter: click.HelpFormatter,
    ) -> None:
        """List the commands by section."""
        for section in SECTIONS:
            rows = [
                (name, command.get_short_help_str(70))
                for name, command in self.commands.items()
                if getattr(command, "section", "") == section
            ]
            if rows:
                with formatter.section(section.capitalize()):
                    formatter.write_dl(rows)


def guarded(command: Callable[..., int | None]) -> Callable[..., None]:
    """Turn what a command returns or raises into an exit code and a sentence."""

    @functools.wraps(command)
    def run(*args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - click's own signature
        try:
            code = command(*args, **kwargs) or 0
        except MlcdError as error:
            _print_problem(error)
            code = error.exit_code
        except KeyboardInterrupt:
            click.echo("Interrupted.", err=True)
            code = INTERRUPTED
        except (click.ClickException, click.exceptions.Exit, click.Abort, SystemExit):
            raise
        except BrokenPipeError:
            code = 0
        except Exception:  # noqa: BLE001 - the last resort: a bug of ours, said as such
            traceback.print_exc(file=sys.stderr)
            click.echo("This is a bug in jupyter_mlcd. Nothing was delivered by this.", err=True)
            code = BUG
        sys.exit(code)

    return run


def sentence(words: str) -> str:
    """Return words with a capital at the start and a full stop at the end."""
    words = words.strip()
    if not words:
        return ""
    start = words[:1].upper() + words[1:] if words.split(" ")[0].isalpha() else words
    return start if start[-1] in ".!?:" else f"{start}."


def _print_problem(error: MlcdError) -> None:
    click.secho(sentence(error.message), fg="red", err=True)
    for finding in error.details.get("findings", ()):
        if isinstance(finding, dict) and finding.get("outcome") not in {"met", "excepted"}:
            click.echo(f"  {finding['rule']}: {finding['reason']}", err=True)
    if error.hint:
        click.echo(sentence(error.hint), err=True)
