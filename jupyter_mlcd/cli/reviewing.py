"""``jupyter mlcd review``: read a version, say something about it, say yes with one's name."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import click

from jupyter_mlcd.cli import render_review
from jupyter_mlcd.cli.grouping import confirmed, print_json
from jupyter_mlcd.model.errors import NotFoundError, UsageError, WorldError
from jupyter_mlcd.model.hub import TellPlace
from jupyter_mlcd.model.review import Seen
from jupyter_mlcd.project_api.terminal import plain

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jupyter_mlcd.model.hub import Told
    from jupyter_mlcd.model.review import Shared
    from jupyter_mlcd.model.review_page import ReviewPage
    from jupyter_mlcd.workbench import Workbench


class Wanted(NamedTuple):
    """What was typed."""

    version: str
    environment: str
    why: str = ""


class Further(NamedTuple):
    """What is to leave the machine after asking."""

    remote: str = ""
    places: Sequence[str] = ()


class Excepted(NamedTuple):
    """Which rule is excepted, and how long."""

    rule: str
    until: str


def ask(
    bench: Workbench, people: Sequence[str], wanted: Wanted, further: Further, *, as_json: bool
) -> None:
    """Ask people; share the history and tell it elsewhere where that was typed."""
    environment = wanted.environment or bench.next_environment()
    page = bench.ask_review(environment, people, why=wanted.why, version=wanted.version)
    if further.remote:
        bench.share(further.remote)
    told = bench.tell_review(page.version, tuple(map(TellPlace, further.places)))
    show(page, as_json=as_json)
    if as_json:
        return
    _print_told(told)
    if not (further.remote or any(not one.problem for one in told)):
        click.echo("Nothing left this machine. Share it: jupyter mlcd review share")


def tell(bench: Workbench, version: str, places: Sequence[str], *, as_json: bool) -> None:
    """Tell it where that was typed, and say what came of it; exit with 4 where it failed."""
    told = bench.tell_review(version, tuple(map(TellPlace, places)))
    if as_json:
        print_json(told)
    else:
        _print_told(told)
    if any(one.problem for one in told):
        sys.exit(WorldError.exit_code)


def _print_told(told: Sequence[Told]) -> None:
    for one in told:
        words = f"not told: {one.problem}" if one.problem else f"told {one.url}".rstrip()
        click.echo(plain(f"{one.where}: {words}"))


def collect(bench: Workbench, version: str, environment: str, *, as_json: bool) -> None:
    """Ask the hub, and show what stands in the review then."""
    show(bench.collect_approvals(environment or bench.next_environment(), version), as_json=as_json)


def report(bench: Workbench, version: str, output: str) -> None:
    """Write the page of a review."""
    Path(output).write_bytes(bench.review_report(version))
    click.echo(f"Wrote {output}.")


def approve(bench: Workbench, wanted: Wanted, *, yes: bool, as_json: bool) -> None:
    """Show what is approved, ask, approve exactly that."""
    page, seen = _seen(bench, wanted, as_json=as_json)
    question = f"Approve {page.version} for {seen.environment} with your name?"
    if not confirmed(question, yes=yes):
        click.echo("Nothing was written.")
        return
    show(bench.approve(seen, wanted.why), as_json=as_json)


def waive(
    bench: Workbench, wanted: Wanted, excepted: Excepted, *, yes: bool, as_json: bool
) -> None:
    """Show what is excepted, ask, except exactly that."""
    page, seen = _seen(bench, wanted, as_json=as_json)
    question = f"Except {page.version} in {seen.environment} from {excepted.rule!r}?"
    if not confirmed(question, yes=yes):
        click.echo("Nothing was written.")
        return
    made = bench.waive(seen, excepted.rule, wanted.why, excepted.until)
    show(made, as_json=as_json)


def show(page: ReviewPage, *, as_json: bool) -> None:
    """Print a review."""
    if as_json:
        print_json(page)
    else:
        render_review.review(page)


def shared(found: Shared, *, files: bool, as_json: bool) -> None:
    """Print what came of sharing."""
    if as_json:
        print_json(found)
    else:
        came = f"{found.came} event{'s' * (found.came != 1)} of others came"
        click.echo(f"The history is on {found.remote} ({found.url}); {came}.")
        if files:
            went = f"{found.files} file{'s' * (found.files != 1)} went to the shared Store"
            click.echo(f"{went}; what was there stays.")


def _seen(bench: Workbench, wanted: Wanted, *, as_json: bool) -> tuple[ReviewPage, Seen]:
    """Return the page that was shown and what it binds to."""
    page = bench.show_review(wanted.version)
    environment = wanted.environment or _only(page)
    if not as_json:
        render_review.review(page)
    rules = [one.policy for one in page.environments if one.environment == environment]
    return page, Seen(page.version, environment, page.digest, *rules)


def _only(page: ReviewPage) -> str:
    """Return the environment that is meant where none was typed."""
    names = [one.environment for one in page.environments]
    asking = [one.environment for one in page.environments if one.needed]
    if not names:
        raise NotFoundError("there is no environment", hint="Add [environments.NAME] to mlcd.toml.")
    if len(asking or names) > 1:
        raise UsageError("say for which environment", hint=f"--for {' or --for '.join(names)}")
    return (asking or names)[0]
