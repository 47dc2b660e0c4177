"""``jupyter mlcd review``: each command for the verb of its name."""

from __future__ import annotations

import click

from jupyter_mlcd.cli.grouping import (
    GroupedCommands,
    as_json,
    for_environment,
    guarded,
    without_asking,
    workbench,
)
from jupyter_mlcd.model.review import Remark

_PLACES = click.Choice(["pull-request", "work-item", "webhook"])

review = GroupedCommands(
    "review",
    help="Ask for a review, read it, remark, approve, want changes, make exceptions.\n\n"
    "Without a VERSION: the newest.",
    section="review",
)


@review.command("ask", section="review", example="jupyter mlcd review ask ken@example.org")
@click.argument("people", nargs=-1, required=True, metavar="PERSON...")
@for_environment
@click.option("--version", default="", metavar="VERSION", help="Default: what is ready.")
@click.option("--why", default="", metavar="WHY", help="What it is for.")
@click.option("--share", "remote", default="", metavar="REMOTE", help="Then share the history.")
@click.option("--tell", "places", type=_PLACES, multiple=True, help="Then tell it there; repeat.")
@as_json
@guarded
def ask_review(  # noqa: PLR0913, PLR0917 - one argument per option
    people: tuple[str, ...],
    environment: str,
    version: str,
    why: str,
    remote: str,
    places: tuple[str, ...],
    as_json: bool,  # noqa: FBT001
) -> None:
    """Keep the evidence, prepare the version, and ask people by their e-mails to review it."""
    from jupyter_mlcd.cli import reviewing  # noqa: PLC0415

    wanted = reviewing.Wanted(version, environment, why)
    further = reviewing.Further(remote, places)
    reviewing.ask(workbench(), people, wanted, further, as_json=as_json)


@review.command("tell", section="review", example="jupyter mlcd review tell --in pull-request")
@click.argument("version", default="")
@click.option("--in", "places", type=_PLACES, multiple=True, required=True, help="Where; repeat.")
@as_json
@guarded
def tell_review(version: str, places: tuple[str, ...], as_json: bool) -> None:  # noqa: FBT001
    """Tell it below the pull request, the work items or to the webhook that a review is asked for.

    Version, commit and how to look at it are told; no score, no output, no e-mail address.
    """
    from jupyter_mlcd.cli import reviewing  # noqa: PLC0415

    reviewing.tell(workbench(), version, places, as_json=as_json)


@review.command("collect", section="review", example="jupyter mlcd review collect --for production")
@click.argument("version", default="")
@for_environment
@as_json
@guarded
def collect_approvals(version: str, environment: str, as_json: bool) -> None:  # noqa: FBT001
    """Ask GitHub, GitLab or Azure DevOps who approved the pull request, and keep the answer.

    It is asked again before each delivery to an environment with `approvals-from`.
    """
    from jupyter_mlcd.cli import reviewing  # noqa: PLC0415

    reviewing.collect(workbench(), version, environment, as_json=as_json)


@review.command("report", section="review", example="jupyter mlcd review report -o review.html")
@click.argument("version", default="")
@click.option("-o", "--output", required=True, metavar="FILE", help="The page to write.")
@guarded
def report_review(version: str, output: str) -> None:
    """Write a version, its rules, what people said and what changed as one static page.

    For people without Jupyter: no scripts, no network.
    """
    from jupyter_mlcd.cli import reviewing  # noqa: PLC0415

    reviewing.report(workbench(), version, output)


@review.command("show", section="review", example="jupyter mlcd review show 0.2.0")
@click.argument("version", default="")
@as_json
@guarded
def show_review(version: str, as_json: bool) -> None:  # noqa: FBT001
    """Show a version with all that people said about it; * is new to you."""
    from jupyter_mlcd.cli import reviewing  # noqa: PLC0415

    reviewing.show(workbench().show_review(version), as_json=as_json)


@review.command(
    "comment",
    section="review",
    example='jupyter mlcd review comment -m "Why 3?" --case train.ipynb --cell 2',
)
@click.argument("version", default="")
@click.option("-m", "--message", "text", required=True, metavar="TEXT", help="What you say.")
@click.option("--case", default="", metavar="ID", help="On this case of the evidence.")
@click.option("--cell", type=click.IntRange(0), metavar="N", help="On its N-th cell, from 0.")
@as_json
@guarded
def comment(
    version: str,
    text: str,
    case: str,
    cell: int | None,
    as_json: bool,  # noqa: FBT001
) -> None:
    """Remark on a version, on a case of its evidence, or on a cell of that."""
    from jupyter_mlcd.cli import reviewing  # noqa: PLC0415

    reviewing.show(workbench().comment(version, Remark(text, case, cell)), as_json=as_json)


@review.command(
    "approve", section="review", example="jupyter mlcd review approve 0.2.0 --for production"
)
@click.argument("version", default="")
@for_environment
@click.option("-m", "--message", "why", default="", metavar="TEXT", help="Kept with it.")
@without_asking
@as_json
@guarded
def approve(
    version: str,
    environment: str,
    why: str,
    yes: bool,  # noqa: FBT001
    as_json: bool,  # noqa: FBT001
) -> None:
    """Approve a version for an environment, signed with the SSH key that git signs with."""
    from jupyter_mlcd.cli import reviewing  # noqa: PLC0415

    wanted = reviewing.Wanted(version, environment, why)
    reviewing.approve(workbench(), wanted, yes=yes, as_json=as_json)


@review.command("reject", section="review", example='jupyter mlcd review reject -m "Another seed"')
@click.argument("version", default="")
@click.option("-m", "--message", "why", required=True, metavar="WHY", help="What has to change.")
@as_json
@guarded
def reject(version: str, why: str, as_json: bool) -> None:  # noqa: FBT001
    """Ask for changes: it does not go out until you approve it, or take this back."""
    from jupyter_mlcd.cli import reviewing  # noqa: PLC0415

    reviewing.show(workbench().reject(version, why), as_json=as_json)


@review.command(
    "waive",
    section="review",
    example='jupyter mlcd review waive --rule "accuracy at least 0.95" --until 14d -m "First try"',
)
@click.argument("version", default="")
@for_environment
@click.option("--rule", required=True, metavar="RULE", help="The rule, or how it begins.")
@click.option("--until", required=True, metavar="DAY", help="As 2026-12-01, or 14d from now.")
@click.option("-m", "--message", "why", required=True, metavar="WHY", help="Why it is right.")
@without_asking
@as_json
@guarded
def waive(  # noqa: PLR0913, PLR0917 - one argument per option
    version: str,
    environment: str,
    rule: str,
    until: str,
    why: str,
    yes: bool,  # noqa: FBT001
    as_json: bool,  # noqa: FBT001
) -> None:
    """Except a version from one rule that it does not meet, signed, for a time."""
    from jupyter_mlcd.cli import reviewing  # noqa: PLC0415

    wanted = reviewing.Wanted(version, environment, why)
    excepted = reviewing.Excepted(rule, until)
    reviewing.waive(workbench(), wanted, excepted, yes=yes, as_json=as_json)


@review.command(
    "take-back", section="review", example="jupyter mlcd review take-back 019ab3c4-5d6e"
)
@click.argument("entry")
@click.option("-m", "--message", "why", default="", metavar="WHY", help="Why; kept with it.")
@as_json
@guarded
def take_back(entry: str, why: str, as_json: bool) -> None:  # noqa: FBT001
    """Take back something you said, by the beginning of its id; it stays, marked."""
    from jupyter_mlcd.cli import reviewing  # noqa: PLC0415

    reviewing.show(workbench().take_back(entry, why), as_json=as_json)


@review.command("share", section="review", example="jupyter mlcd review share origin")
@click.argument("remote", default="origin")
@click.option("--files", is_flag=True, help="Bring kept runs' files to the shared Store first.")
@as_json
@guarded
def share(remote: str, files: bool, as_json: bool) -> None:  # noqa: FBT001
    """Exchange the history with a git remote: yours goes there, that of others comes here."""
    from jupyter_mlcd.cli import reviewing  # noqa: PLC0415

    reviewing.shared(workbench().share(remote, files=files), files=files, as_json=as_json)
