"""``jupyter mlcd``: the declaration of every command, each for the verb of its name.

Exit codes: 0 fine; 1 a verdict is red or a rule refuses; 2 wrong use or configuration; 3 refused
for another reason; 4 the world outside failed; 70 a bug of ours; 130 interrupted.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from jupyter_mlcd import __version__
from jupyter_mlcd.cli.ci_commands import ci
from jupyter_mlcd.cli.delivery_commands import delivery
from jupyter_mlcd.cli.evidence_commands import evidence
from jupyter_mlcd.cli.grouping import (
    GroupedCommands,
    as_json,
    guarded,
    print_json,
    without_asking,
    workbench,
)
from jupyter_mlcd.cli.review_commands import review
from jupyter_mlcd.model.acceptance import AcceptRequest
from jupyter_mlcd.model.pipelines import CiSystem
from jupyter_mlcd.model.run import RunRequest
from jupyter_mlcd.model.suite import Compare

if TYPE_CHECKING:
    from jupyter_mlcd.workbench import Workbench


@click.group(cls=GroupedCommands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, "-V", "--version", message="jupyter_mlcd %(version)s")
def cli() -> None:
    """Test, review and deliver machine-learning notebooks.

    Works in the project of the current folder: the nearest folder above it with mlcd.toml.
    """


cli.add_command(evidence)
cli.add_command(review)
cli.add_command(delivery)
cli.add_command(ci)


# -------------------------------------------------------------------------------------- every day


@cli.command(section="every day", example="jupyter mlcd run quality --keep")
@click.argument("suite", default="")
@click.option("--notebook", "notebooks", multiple=True, metavar="PATH", help="Run this notebook.")
@click.option(
    "-p", "parameters", nargs=2, multiple=True, metavar="NAME VALUE", help="Set a parameter."
)
@click.option(
    "--compare", type=click.Choice([one.value for one in Compare]), help="What to compare."
)
@click.option("--sanitize", multiple=True, metavar="FILE", help="An nbval sanitising file.")
@click.option("--jobs", default=0, metavar="N", help="Cases side by side; default: processors.")
@click.option("--junit", type=click.Path(path_type=Path), metavar="FILE", help="Write JUnit XML.")
@click.option("--report", type=click.Path(path_type=Path), metavar="FILE", help="Write a web page.")
@click.option("--failed", is_flag=True, help="Only the cases that failed the last time.")
@click.option("--coverage", is_flag=True, help="Measure which lines of your code are executed.")
@click.option("--keep", is_flag=True, help="Keep the results as evidence, whatever they are.")
@as_json
@guarded
def run(  # noqa: PLR0913, PLR0917 - one argument per option
    suite: str,
    notebooks: tuple[str, ...],
    parameters: tuple[tuple[str, str], ...],
    compare: str | None,
    sanitize: tuple[str, ...],
    jobs: int,
    junit: Path | None,
    report: Path | None,
    failed: bool,  # noqa: FBT001
    coverage: bool,  # noqa: FBT001
    keep: bool,  # noqa: FBT001
    as_json: bool,  # noqa: FBT001
) -> int:
    """Run a test suite, or single notebooks, and judge every cell.

    Each notebook runs in a private copy of your files: go on editing meanwhile.
    """
    from jupyter_mlcd.cli import following  # noqa: PLC0415

    bench = workbench()
    request = RunRequest(
        suite=suite,
        notebooks=tuple(_in_project(bench, path) for path in notebooks),
        parameters={name: _value(text) for name, text in parameters},
        compare=Compare(compare) if compare else None,
        sanitize=sanitize,
        jobs=jobs,
        failed_only=failed,
        coverage=coverage,
    )
    files = following.Wanted(junit, report)
    return following.run(bench, request, keep=keep, wanted=files, quiet=as_json)


def _in_project(bench: Workbench, path: str) -> str:
    """Return a path of the command line relative to the project."""
    full = Path.cwd() / path
    try:
        return full.resolve().relative_to(bench.folder).as_posix()
    except ValueError:
        return path


def _value(text: str) -> Any:  # noqa: ANN401 - any JSON value
    """Return what ``-p NAME VALUE`` means: a JSON value where it is one, else the text itself."""
    try:
        return json.loads(text)
    except ValueError:
        return text


@cli.command(section="every day", example="jupyter mlcd cancel")
@click.argument("run", default="")
@as_json
@guarded
def cancel(run: str, as_json: bool) -> None:  # noqa: FBT001
    """Cancel a run; without its id, the one that is going on."""
    from jupyter_mlcd.cli import following  # noqa: PLC0415

    bench = workbench()
    cancelled = bench.cancel(run or following.only_run(bench))
    if as_json:
        print_json(cancelled)
    else:
        click.echo(f"{cancelled.suite}: {cancelled.reason or 'is being cancelled'}")


@cli.command(section="every day", example="jupyter mlcd status --at 2026-03-03")
@click.option("--at", default="", metavar="DAY", help="Only what was live then, as kept.")
@as_json
@guarded
def status(at: str, as_json: bool) -> None:  # noqa: FBT001
    """Show where you are, what is live, and what can be delivered or why not.

    --at takes a day, and means its end in UTC, or a time with its zone.
    """
    from jupyter_mlcd.cli import render  # noqa: PLC0415

    if at:
        from jupyter_mlcd.cli import auditing  # noqa: PLC0415 - loads all that a verb needs

        auditing.status_at(workbench(), at, as_json=as_json)
        return

    found = workbench().status()
    if as_json:
        print_json(found)
    else:
        render.status(found)
    if found.problem is not None and found.problem.code == "config":
        sys.exit(2)


@cli.command(section="every day", example='jupyter mlcd commit -m "Try a wider kernel"')
@click.argument("paths", nargs=-1)
@click.option("-m", "--message", default="", help="The message; default: made from the changes.")
@as_json
@guarded
def commit(paths: tuple[str, ...], message: str, as_json: bool) -> None:  # noqa: FBT001
    """Commit the changed files, or only PATHS, in one step."""
    bench = workbench()
    made = bench.commit([bench.prefix + _in_project(bench, path) for path in paths], message)
    if as_json:
        print_json(made)
    else:
        count = len(made.files)
        click.echo(f"{made.commit[:7]} {made.subject} ({count} file{'s' * (count != 1)})")


@cli.command(section="every day", example='jupyter mlcd accept --cell 3 -m "Better features"')
@click.argument("run", default="")
@click.option("--case", default="", metavar="ID", help="Only this case, or cases of a notebook.")
@click.option("--cell", type=click.IntRange(1), metavar="N", help="Only the N-th code cell.")
@click.option("--all", "everything", is_flag=True, help="Also what was not compared.")
@click.option("-m", "--message", "why", default="", metavar="WHY", help="Why it is right.")
@as_json
@guarded
def accept(  # noqa: PLR0913, PLR0917 - one argument per option
    run: str,
    case: str,
    cell: int | None,
    everything: bool,  # noqa: FBT001
    why: str,
    as_json: bool,  # noqa: FBT001
) -> None:
    """Expect from now on what a run put out, and commit that; without its id, the newest run.

    Takes the cells that differ from what was expected so far. The files lie in `expected/` beside
    the notebooks, to be read in review.
    """
    from jupyter_mlcd.cli import following, render  # noqa: PLC0415

    bench = workbench()
    name = bench.find(run) if run else following.newest_run(bench)
    made = bench.accept(name, AcceptRequest(why, case=case, cell=cell, everything=everything))
    if as_json:
        print_json(made)
    else:
        render.accepted(made)


@cli.command(section="every day", example="jupyter mlcd deliver --to production")
@click.argument("version", default="")
@click.option("--to", "environment", default="", metavar="ENVIRONMENT", help="Where to.")
@click.option("--why", default="", metavar="WHY", help="Why; kept with the delivery.")
@click.option(
    "--work-item", "issues", multiple=True, metavar="NAME", help="What it is for: #12, AB#34."
)
@without_asking
@as_json
@guarded
def deliver(  # noqa: PLR0913, PLR0917 - one argument per option
    version: str,
    environment: str,
    why: str,
    issues: tuple[str, ...],
    yes: bool,  # noqa: FBT001
    as_json: bool,  # noqa: FBT001
) -> int:
    """Deliver what is ready, or VERSION, after showing what will happen."""
    from jupyter_mlcd.cli import delivering  # noqa: PLC0415

    wanted = delivering.Wanted(version, environment, why, issues)
    return delivering.deliver(workbench(), wanted, yes=yes, as_json=as_json)


# ------------------------------------------------------------------------------ set up, look after


@cli.command(section="set up", example="jupyter mlcd init")
@click.option("--commit", is_flag=True, help="Commit it too, with notebooks that are new to git.")
@click.option(
    "--ci",
    "ci_system",
    type=click.Choice([one.value for one in CiSystem]),
    help="Write pipelines that run the suites there and receive deliveries.",
)
@click.option("--print", "only_print", is_flag=True, help="With --ci: show them, write nothing.")
@as_json
@guarded
def init(*, commit: bool, ci_system: str | None, only_print: bool, as_json: bool) -> int:
    """Write a first mlcd.toml from the notebooks that are here; --json only shows it.

    With --ci also the pipeline files of a CI system, and only these where mlcd.toml is there. A
    file that is there and differs is never overwritten.
    """
    from jupyter_mlcd.cli import setting_up  # noqa: PLC0415

    if only_print and ci_system is None:
        raise click.BadParameter("it needs --ci", param_hint="--print")
    wanted = setting_up.Wanted(CiSystem(ci_system) if ci_system else None, commit, only_print)
    return setting_up.init(workbench(), wanted, as_json=as_json)


@cli.command(section="set up", example="jupyter mlcd doctor")
@click.argument("environment", default="")
@as_json
@guarded
def doctor(environment: str, as_json: bool) -> int:  # noqa: FBT001
    """Tell what is here, what is missing, and what to do about it. Delivers nothing."""
    from jupyter_mlcd.cli import render  # noqa: PLC0415

    found = workbench().doctor(environment)
    if as_json:
        print_json(found)
    else:
        render.diagnosis(found)
    return 0 if found.ok else 4


@cli.command(section="set up", example="jupyter mlcd demo --directory demo")
@click.option("--directory", default="mlcd-demo", type=click.Path(path_type=Path), metavar="DIR")
@guarded
def demo(directory: Path) -> int:
    """Show the whole way on an example: run, keep, deliver, improve, deliver, be refused."""
    from jupyter_mlcd.cli import demonstration  # noqa: PLC0415

    return demonstration.demonstrate(directory)


@cli.command(section="look after", example="jupyter mlcd release 0.2.0")
@click.argument("version", default="")
@as_json
@guarded
def release(version: str, as_json: bool) -> None:  # noqa: FBT001
    """Prepare a release: bind a version to its commit, evidence and products, and tag it."""
    bench = workbench()
    made = bench.release(version)
    if as_json:
        print_json(made)
    else:
        click.echo(f"{made.project} {made.version} at {made.commit[:7]}, {made.digest}")
        click.echo(f"Tag: {bench.show_tag(made.version)}")


@cli.command("release-notes", section="look after", example="jupyter mlcd release-notes 0.2.0")
@click.argument("version", default="")
@click.option("--since", default="", metavar="VERSION", help="The version to hold it against.")
@click.option("--for", "environment", default="", metavar="ENVIRONMENT", help="What goes there.")
@click.option(
    "--template",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="FILE",
    help="By this template.",
)
@as_json
@guarded
def release_notes(
    *, version: str, since: str, environment: str, template: Path | None, as_json: bool
) -> None:
    """Tell what a version changes: scores, parameters, data, cells, software, rules, commits.

    Without VERSION: the newest, or what would go to ENVIRONMENT now. Without --since: what is live
    there, or was before it.
    """
    bench = workbench()
    if as_json:
        print_json(bench.describe_release(version, since=since, environment=environment))
        return
    notes = bench.release_notes(version, since=since, environment=environment, template=template)
    click.echo(notes, nl=False)


@cli.command(section="look after", example="jupyter mlcd figures production --since 2026-01-01")
@click.argument("environment", default="")
@click.option("--since", default="", metavar="DAY", help="Default: 12 weeks ago.")
@click.option("--until", default="", metavar="DAY", help="To its end, in UTC.")
@as_json
@guarded
def figures(*, environment: str, since: str, until: str, as_json: bool) -> None:
    """Tell how often and how fast versions arrive in ENVIRONMENT, or in all, and how well.

    The four keys of DORA, and how long approvals took, week by week.
    """
    from jupyter_mlcd.cli import render_figures  # noqa: PLC0415 - Rich is slow to load

    bench = workbench()
    names = [environment] if environment else [one.name for one in bench.status().environments]
    found = [bench.figures(name, since, until) for name in names]
    if as_json:
        print_json(found)
    else:
        render_figures.figures(found)


@cli.command(
    "roll-back",
    section="look after",
    example='jupyter mlcd roll-back --from production --why "Reads sevens as ones"',
)
@click.argument("version", default="")
@click.option("--from", "environment", required=True, metavar="ENVIRONMENT", help="Where.")
@click.option("--why", required=True, metavar="WHY", help="Why; kept with the delivery.")
@without_asking
@as_json
@guarded
def roll_back(
    version: str,
    environment: str,
    why: str,
    yes: bool,  # noqa: FBT001
    as_json: bool,  # noqa: FBT001
) -> int:
    """Bring back what was live before, or VERSION, after showing what will happen."""
    from jupyter_mlcd.cli import delivering  # noqa: PLC0415

    wanted = delivering.Wanted(version, environment, why)
    return delivering.roll_back(workbench(), wanted, yes=yes, as_json=as_json)


@cli.command(
    section="look after",
    example='jupyter mlcd hold production --why "Ken looks at the data"',
)
@click.argument("environment")
@click.option("--why", required=True, metavar="WHY", help="Why; kept, and shown to everybody.")
@as_json
@guarded
def hold(environment: str, why: str, as_json: bool) -> None:  # noqa: FBT001
    """Let nothing be delivered there, by hand or by itself, until it is lifted.

    Rolling back is still possible. What is on its way already goes on.
    """
    held = workbench().hold(environment, why)
    if as_json:
        print_json(held)
    else:
        click.echo(f"{environment} is held {held.words}.")
        click.echo(f"It ends with: jupyter mlcd lift {environment}")


@cli.command(section="look after", example="jupyter mlcd lift production")
@click.argument("environment")
@click.option("--why", default="", metavar="WHY", help="Why; kept.")
@as_json
@guarded
def lift(environment: str, why: str, as_json: bool) -> None:  # noqa: FBT001
    """Let versions be delivered there again."""
    held = workbench().lift(environment, why)
    if as_json:
        print_json(held)
    else:
        click.echo(f"{environment} is no longer held {held.words}.")


@cli.command(
    "verify-live", section="look after", example="jupyter mlcd verify-live production --again"
)
@click.argument("environment")
@click.option("--again", is_flag=True, help="Also where it was checked already.")
@without_asking
@as_json
@guarded
def verify_live(*, environment: str, again: bool, yes: bool, as_json: bool) -> int:
    """Check what is live by the suite `verify`; where it is red, what was live before comes back.

    Where there is nothing to go back to, the environment is held.
    """
    from jupyter_mlcd.cli import flowing  # noqa: PLC0415

    bench = workbench()
    return flowing.verify_live(bench, environment, again=again, yes=yes, as_json=as_json)


@cli.command("score-live", section="look after", example="jupyter mlcd score-live production")
@click.argument("environment", default="")
@click.option("--version", default="", metavar="VERSION", help="Default: the one that is ready.")
@click.option("--if-needed", is_flag=True, help="Only where a rule asks for it: for CI.")
@as_json
@guarded
def score_live(*, environment: str, version: str, if_needed: bool, as_json: bool) -> int:
    """Score the live model on today's data, where a rule of ENVIRONMENT cannot compare with it.

    Runs the evaluation of today with the files that are live, keeps the scores, and compares with
    them from then on. With --if-needed, of all environments, and never again what failed.
    """
    from jupyter_mlcd.cli import scoring  # noqa: PLC0415

    wanted = scoring.Wanted(environment, version, if_needed)
    return scoring.score_live(workbench(), wanted, as_json=as_json)


@cli.command(section="look after", example="jupyter mlcd watch --once --fetch --share origin")
@click.option("--once", is_flag=True, help="End when nothing is left to do now: for CI.")
@click.option("--every", default="10s", metavar="TIME", help="How often to look; default: 10s.")
@click.option("--fetch", is_flag=True, help="Watch the branch as its git remote has it.")
@click.option("--share", default="", metavar="REMOTE", help="Push the history as it grows.")
@click.option("--branch", default="", metavar="NAME", help="Default: the one checked out now.")
@as_json
@guarded
def watch(  # noqa: PLR0913 - one argument per option
    *, once: bool, every: str, fetch: bool, share: str, branch: str, as_json: bool
) -> int:
    """Deliver by itself what is committed: run, judge, deliver, check, roll back.

    To environments with `deliver = "automatic"`. What is committed counts, whatever is edited or
    checked out meanwhile. With --once it ends as `deliver` does. Ctrl+C ends it.
    """
    from jupyter_mlcd.cli import watching  # noqa: PLC0415

    wanted = watching.Wanted(once, every, fetch, share, branch)
    return watching.watch(workbench(), wanted, as_json=as_json)


def main() -> None:
    """Run the command line."""
    cli(prog_name="jupyter mlcd")


if __name__ == "__main__":
    main()
