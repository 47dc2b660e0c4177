"""``jupyter mlcd``: the one declaration of every command, each for the verb of its name.

Exit codes: 0 fine; 1 a verdict is red or a rule refuses; 2 wrong use or configuration; 3 refused
for another reason; 4 the world outside failed; 70 a bug of ours; 130 interrupted.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import msgspec

from jupyter_mlcd import __version__
from jupyter_mlcd.cli.grouping import GroupedCommands, guarded
from jupyter_mlcd.model.acceptance import AcceptRequest
from jupyter_mlcd.model.review import Remark
from jupyter_mlcd.model.run import RunRequest
from jupyter_mlcd.model.suite import Compare

if TYPE_CHECKING:
    from jupyter_mlcd.workbench import Workbench

as_json = click.option("--json", "as_json", is_flag=True, help="Print the answer as JSON.")


def _workbench() -> Workbench:
    from jupyter_mlcd.workbench import Workbench  # noqa: PLC0415 - `--help` does not need git

    return Workbench(Path.cwd())


def _print_json(value: object) -> None:
    click.echo(msgspec.json.format(msgspec.json.encode(value), indent=2).decode())


@click.group(cls=GroupedCommands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, "-V", "--version", message="jupyter_mlcd %(version)s")
def cli() -> None:
    """Test, review and deliver machine-learning notebooks.

    Works in the project of the current folder: the nearest folder above it with mlcd.toml.
    """


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

    bench = _workbench()
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

    bench = _workbench()
    cancelled = bench.cancel(run or following.only_run(bench))
    if as_json:
        _print_json(cancelled)
    else:
        click.echo(f"{cancelled.suite}: {cancelled.reason or 'is being cancelled'}")


@cli.command(section="every day", example="jupyter mlcd status")
@as_json
@guarded
def status(as_json: bool) -> None:  # noqa: FBT001
    """Show where you are, what is live, and what can be delivered or why not."""
    from jupyter_mlcd.cli import render  # noqa: PLC0415

    found = _workbench().status()
    if as_json:
        _print_json(found)
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
    bench = _workbench()
    made = bench.commit([bench.prefix + _in_project(bench, path) for path in paths], message)
    if as_json:
        _print_json(made)
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

    bench = _workbench()
    name = bench.find(run) if run else following.newest_run(bench)
    made = bench.accept(name, AcceptRequest(why, case=case, cell=cell, everything=everything))
    if as_json:
        _print_json(made)
    else:
        render.accepted(made)


@cli.command(section="every day", example="jupyter mlcd deliver --to production")
@click.argument("version", default="")
@click.option("--to", "environment", default="", metavar="ENVIRONMENT", help="Where to.")
@click.option("--why", default="", metavar="WHY", help="Why; kept with the delivery.")
@click.option(
    "--work-item", "issues", multiple=True, metavar="NAME", help="What it is for: #12, AB#34."
)
@click.option("--yes", is_flag=True, help="Do not ask.")
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
    return delivering.deliver(_workbench(), wanted, yes=yes, as_json=as_json)


# --------------------------------------------------------------------------------------- evidence


evidence = GroupedCommands(
    "evidence", help="List, show, keep, verify and export the evidence of runs.", section="review"
)
cli.add_command(evidence)


@evidence.command("list", section="review", example="jupyter mlcd evidence list")
@as_json
@guarded
def list_(as_json: bool) -> None:  # noqa: FBT001
    """List all evidence, newest first."""
    from jupyter_mlcd.cli import render  # noqa: PLC0415

    found = _workbench().evidence()
    if as_json:
        _print_json(found)
    else:
        render.evidence_list(found)


@evidence.command("show", section="review", example="jupyter mlcd evidence show 019ab3c4")
@click.argument("run")
@as_json
@guarded
def show(run: str, as_json: bool) -> None:  # noqa: FBT001
    """Show what a run proved: verdicts, scores, products, software."""
    from jupyter_mlcd.cli import render  # noqa: PLC0415

    bench = _workbench()
    found = bench.show_evidence(bench.find(run))
    if as_json:
        _print_json(found)
    else:
        render.manifest(found)


@evidence.command(
    "diff", section="review", example="jupyter mlcd evidence diff 019ab3c4 --against 019ab1d2"
)
@click.argument("run", default="")
@click.option("--against", default="", metavar="RUN", help="Default: what is live.")
@click.option("--case", default="", metavar="ID", help="Only this case, or cases of a notebook.")
@as_json
@guarded
def diff(run: str, against: str, case: str, as_json: bool) -> None:  # noqa: FBT001
    """Show what changed in a run, the newest one without its id, against what is live."""
    from jupyter_mlcd.cli import comparing  # noqa: PLC0415

    comparing.compare(_workbench(), (run, against), case, as_json=as_json)


@evidence.command("keep", section="review", example="jupyter mlcd evidence keep")
@click.argument("run", default="")
@as_json
@guarded
def keep(run: str, as_json: bool) -> None:  # noqa: FBT001
    """Keep a run as evidence; without its id, the newest one."""
    from jupyter_mlcd.cli import following  # noqa: PLC0415

    bench = _workbench()
    kept = bench.keep(bench.find(run) if run else following.newest_run(bench))
    if as_json:
        _print_json(kept)
    else:
        click.echo(f"Kept {kept.suite}: {kept.reason}\n{kept.path} on mlcd/evidence, {kept.digest}")


@evidence.command("verify", section="review", example="jupyter mlcd evidence verify 0.2.0")
@click.argument("subject")
@click.option(
    "--for", "environment", default="", metavar="ENVIRONMENT", help="Its rules must be met too."
)
@as_json
@guarded
def verify(subject: str, environment: str, as_json: bool) -> int:  # noqa: FBT001
    """Check what is kept, step by step: a run, a version, or an exported folder or zip."""
    from jupyter_mlcd.cli import exchange, render  # noqa: PLC0415

    outside = Path(subject)
    if outside.exists() and not environment:
        found = exchange.verify_outside(outside)
    else:
        bench = _workbench()
        found = bench.verify(bench.find(subject), environment)
    if as_json:
        _print_json(found)
    else:
        render.verification(found)
    return 0 if found.ok else 1


@evidence.command(
    "export", section="review", example="jupyter mlcd evidence export 019ab3c4 --output run.zip"
)
@click.argument("subject")
@click.option("--output", required=True, type=click.Path(path_type=Path), metavar="DIR-or-ZIP")
@guarded
def export(subject: str, output: Path) -> None:
    """Write the evidence of a run, or all of a version, to a folder or a zip."""
    from jupyter_mlcd.cli import exchange  # noqa: PLC0415

    bench = _workbench()
    files = bench.export(bench.find(subject))
    exchange.write_outside(files, output)
    click.echo(f"{output}: {len(files)} files. Check them with: sha256sum --check SHA256SUMS")


# ----------------------------------------------------------------------------------------- review


review = GroupedCommands(
    "review",
    help="Ask for a review, read it, remark, approve, want changes, make exceptions.\n\n"
    "Without a VERSION: the newest.",
    section="review",
)
cli.add_command(review)
for_environment = click.option(
    "--for", "environment", default="", metavar="ENVIRONMENT", help="For which environment."
)
without_asking = click.option("--yes", is_flag=True, help="Do not ask.")


@review.command("ask", section="review", example="jupyter mlcd review ask ken@example.org")
@click.argument("people", nargs=-1, required=True, metavar="PERSON...")
@for_environment
@click.option("--version", default="", metavar="VERSION", help="Default: what is ready.")
@click.option("--why", default="", metavar="WHY", help="What it is for.")
@click.option("--share", "remote", default="", metavar="REMOTE", help="Then share the history.")
@as_json
@guarded
def ask_review(  # noqa: PLR0913, PLR0917 - one argument per option
    people: tuple[str, ...],
    environment: str,
    version: str,
    why: str,
    remote: str,
    as_json: bool,  # noqa: FBT001
) -> None:
    """Keep the evidence, prepare the version, and ask people by their e-mails to review it."""
    from jupyter_mlcd.cli import reviewing  # noqa: PLC0415

    wanted = reviewing.Wanted(version, environment, why)
    reviewing.ask(_workbench(), people, wanted, remote, as_json=as_json)


@review.command("show", section="review", example="jupyter mlcd review show 0.2.0")
@click.argument("version", default="")
@as_json
@guarded
def show_review(version: str, as_json: bool) -> None:  # noqa: FBT001
    """Show a version with all that people said about it; * is new to you."""
    from jupyter_mlcd.cli import reviewing  # noqa: PLC0415

    reviewing.show(_workbench().show_review(version), as_json=as_json)


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

    reviewing.show(_workbench().comment(version, Remark(text, case, cell)), as_json=as_json)


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
    reviewing.approve(_workbench(), wanted, yes=yes, as_json=as_json)


@review.command("reject", section="review", example='jupyter mlcd review reject -m "Another seed"')
@click.argument("version", default="")
@click.option("-m", "--message", "why", required=True, metavar="WHY", help="What has to change.")
@as_json
@guarded
def reject(version: str, why: str, as_json: bool) -> None:  # noqa: FBT001
    """Ask for changes: it does not go out until you approve it, or take this back."""
    from jupyter_mlcd.cli import reviewing  # noqa: PLC0415

    reviewing.show(_workbench().reject(version, why), as_json=as_json)


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
    reviewing.waive(_workbench(), wanted, excepted, yes=yes, as_json=as_json)


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

    reviewing.show(_workbench().take_back(entry, why), as_json=as_json)


@review.command("share", section="review", example="jupyter mlcd review share origin")
@click.argument("remote", default="origin")
@as_json
@guarded
def share(remote: str, as_json: bool) -> None:  # noqa: FBT001
    """Exchange the history with a git remote: yours goes there, that of others comes here."""
    from jupyter_mlcd.cli import reviewing  # noqa: PLC0415

    reviewing.shared(_workbench().share(remote), as_json=as_json)


# ------------------------------------------------------------------------------ set up, look after


@cli.command(section="set up", example="jupyter mlcd init")
@click.option("--commit", is_flag=True, help="Commit it too, with notebooks that are new to git.")
@as_json
@guarded
def init(*, commit: bool, as_json: bool) -> None:
    """Write a first mlcd.toml from the notebooks that are here; --json only shows it."""
    bench = _workbench()
    if as_json:
        _print_json(bench.propose_set_up())
        return
    done = bench.set_up(commit=commit)
    committed = f" and committed {done.commit[:7]}" if done.commit else ""
    click.echo(f"Wrote {bench.folder / 'mlcd.toml'}{committed}.")
    click.echo("Read it, change it, then: jupyter mlcd run")


@cli.command(section="set up", example="jupyter mlcd doctor")
@click.argument("environment", default="")
@as_json
@guarded
def doctor(environment: str, as_json: bool) -> int:  # noqa: FBT001
    """Tell what is here, what is missing, and what to do about it. Delivers nothing."""
    from jupyter_mlcd.cli import render  # noqa: PLC0415

    found = _workbench().doctor(environment)
    if as_json:
        _print_json(found)
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
    made = _workbench().release(version)
    if as_json:
        _print_json(made)
    else:
        click.echo(f"{made.project} {made.version} at {made.commit[:7]}, {made.digest}")


@cli.command(
    "roll-back",
    section="look after",
    example='jupyter mlcd roll-back --from production --why "Reads sevens as ones"',
)
@click.argument("version", default="")
@click.option("--from", "environment", required=True, metavar="ENVIRONMENT", help="Where.")
@click.option("--why", required=True, metavar="WHY", help="Why; kept with the delivery.")
@click.option("--yes", is_flag=True, help="Do not ask.")
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
    return delivering.roll_back(_workbench(), wanted, yes=yes, as_json=as_json)


delivery = GroupedCommands(
    "delivery",
    help="List deliveries, look at one, and go on with one that stopped, or give it up.\n\n"
    "Without a KEY: the one that stopped, or the newest.",
    section="look after",
)
cli.add_command(delivery)


@delivery.command("list", section="look after", example="jupyter mlcd delivery list production")
@click.argument("environment", default="")
@as_json
@guarded
def deliveries(environment: str, as_json: bool) -> None:  # noqa: FBT001
    """List the newest deliveries of one environment, or of all."""
    from jupyter_mlcd.cli import delivering  # noqa: PLC0415

    delivering.list_(_workbench(), environment, as_json=as_json)


@delivery.command("show", section="look after", example="jupyter mlcd delivery show")
@click.argument("key", default="")
@as_json
@guarded
def show_delivery(key: str, as_json: bool) -> None:  # noqa: FBT001
    """Ask the target what became of a delivery. Sends nothing."""
    from jupyter_mlcd.cli import delivering  # noqa: PLC0415

    bench = _workbench()
    delivering.show(bench.show_delivery(delivering.meant(bench, key)), as_json=as_json)


@delivery.command("go-on", section="look after", example="jupyter mlcd delivery go-on")
@click.argument("key", default="")
@click.option("--yes", is_flag=True, help="Do not ask.")
@as_json
@guarded
def go_on(key: str, yes: bool, as_json: bool) -> int:  # noqa: FBT001
    """Send a delivery that was confirmed and never sent."""
    from jupyter_mlcd.cli import delivering  # noqa: PLC0415

    return delivering.go_on(_workbench(), key, yes=yes, as_json=as_json)


@delivery.command("cancel", section="look after", example="jupyter mlcd delivery cancel")
@click.argument("key", default="")
@as_json
@guarded
def cancel_delivery(key: str, as_json: bool) -> None:  # noqa: FBT001
    """Give up a delivery that was never sent."""
    from jupyter_mlcd.cli import delivering  # noqa: PLC0415

    bench = _workbench()
    delivering.show(bench.cancel_delivery(delivering.meant(bench, key)), as_json=as_json)


@delivery.command(
    "close",
    section="look after",
    example='jupyter mlcd delivery close --why "The job is not there"',
)
@click.argument("key", default="")
@click.option("--why", required=True, metavar="WHY", help="How you know that it did not happen.")
@as_json
@guarded
def close_delivery(key: str, why: str, as_json: bool) -> None:  # noqa: FBT001
    """Close a delivery of which nobody knows what became of it: it did not happen."""
    from jupyter_mlcd.cli import delivering  # noqa: PLC0415

    bench = _workbench()
    delivering.show(bench.close_delivery(delivering.meant(bench, key), why), as_json=as_json)


def main() -> None:
    """Run the command line."""
    cli(prog_name="jupyter mlcd")


if __name__ == "__main__":
    main()
