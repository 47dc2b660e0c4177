"""``jupyter mlcd evidence``: each command for the verb of its name."""

from __future__ import annotations

from pathlib import Path

import click

from jupyter_mlcd.cli.grouping import (
    GroupedCommands,
    as_json,
    guarded,
    print_json,
    without_asking,
    workbench,
)

sigstore_trust = click.option(
    "--sigstore-trust",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    metavar="FILE",
    help="Client trust config of a company's own Sigstore; default: the public one.",
)

evidence = GroupedCommands(
    "evidence", help="List, show, keep, verify and export the evidence of runs.", section="review"
)


@evidence.command("list", section="review", example="jupyter mlcd evidence list")
@as_json
@guarded
def list_(as_json: bool) -> None:  # noqa: FBT001
    """List all evidence, newest first."""
    from jupyter_mlcd.cli import render  # noqa: PLC0415

    found = workbench().evidence()
    if as_json:
        print_json(found)
    else:
        render.evidence_list(found)


@evidence.command("show", section="review", example="jupyter mlcd evidence show 019ab3c4")
@click.argument("run")
@as_json
@guarded
def show(run: str, as_json: bool) -> None:  # noqa: FBT001
    """Show what a run proved: verdicts, scores, products, software."""
    from jupyter_mlcd.cli import render  # noqa: PLC0415

    bench = workbench()
    found = bench.show_evidence(bench.find(run))
    if as_json:
        print_json(found)
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

    comparing.compare(workbench(), (run, against), case, as_json=as_json)


@evidence.command("keep", section="review", example="jupyter mlcd evidence keep")
@click.argument("run", default="")
@without_asking
@as_json
@guarded
def keep(*, run: str, yes: bool, as_json: bool) -> int:
    """Keep a run as evidence; without its id, the newest one.

    What looks like personal data is shown, and a person is asked.
    """
    from jupyter_mlcd.cli import following, keeping  # noqa: PLC0415

    bench = workbench()
    found = bench.find(run) if run else following.newest_run(bench)
    return keeping.keep(bench, found, yes=yes, as_json=as_json)


@evidence.command("verify", section="review", example="jupyter mlcd evidence verify 0.2.0")
@click.argument("subject")
@click.option("--for", "environment", metavar="ENVIRONMENT", help="Its rules must be met too.")
@click.option("--digest", metavar="DIGEST", help="The fingerprint that it must have.")
@click.option("--tag", metavar="TAG", help="The tag that it must have.")
@click.option(
    "--signers",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    metavar="FILE",
    help="Keys of people you trust, as ssh-keygen reads them: one of them must have signed it.",
)
@click.option(
    "--products",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    metavar="DIR",
    help="Where the delivered files are: they must be exactly those of the version.",
)
@click.option(
    "--model-key",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    metavar="PEM",
    help="Public key of who is to have signed the model of an exported folder.",
)
@click.option("--sigstore-identity", metavar="IDENTITY", help="Who must have signed an export.")
@click.option("--sigstore-issuer", metavar="URL", help="Who must have vouched for that identity.")
@sigstore_trust
@click.option(
    "--although-unseen",
    "although_unseen",
    is_flag=True,
    help="Accept that executed notebooks that are out of git cannot be looked at here.",
)
@as_json
@guarded
def verify(  # noqa: PLR0913 - its options
    *,
    subject: str,
    environment: str | None,
    digest: str | None,
    tag: str | None,
    signers: Path | None,
    products: Path | None,
    model_key: Path | None,
    sigstore_identity: str | None,
    sigstore_issuer: str | None,
    sigstore_trust: Path | None,
    although_unseen: bool,
    as_json: bool,
) -> int:
    """Check what is kept, step by step: a run, a version, or an exported folder or zip."""
    from jupyter_mlcd.cli import exchange, render  # noqa: PLC0415

    if environment is not None and not environment:
        # A pipeline's variable that nobody set: without rules, everything would do.
        raise click.BadParameter("it is empty", param_hint="--for")
    outside = Path(subject)
    named = environment or digest is not None or tag is not None
    who = exchange.named_identity(sigstore_identity, sigstore_issuer)
    if outside.exists() and not named and products is None:
        keyless = exchange.keyless_by(who, sigstore_trust)
        found = exchange.verify_outside(outside, signers, model_key, keyless)
    elif who is not None:
        raise click.UsageError("--sigstore-identity is for an exported folder or zip")
    else:
        bench = workbench()
        trust = exchange.trust_in(signers) if signers else None
        found = bench.verify(
            bench.find(subject),
            environment or "",
            trust=trust,
            products=products,
            although_unseen=although_unseen,
            digest=digest,
            tag=tag,
        )
    if as_json:
        print_json(found)
    else:
        render.verification(found)
    return 0 if found.ok else 1


@evidence.command(
    "audit",
    section="review",
    example="jupyter mlcd evidence audit --from 2026-01-01 --to 2026-03-31 -o audit",
)
@click.option("--from", "since", default="", metavar="DAY", help="Default: the beginning.")
@click.option("--to", "until", default="", metavar="DAY", help="Default: now.")
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    metavar="DIR-or-FILE",
    help="Write audit.csv and audit.html into a folder, or one .csv or .html file.",
)
@as_json
@guarded
def audit(since: str, until: str, output: Path | None, as_json: bool) -> None:  # noqa: FBT001
    """Tell who released what on what evidence: deliveries, approvals, exceptions, roll backs.

    Days are those of UTC and are both included; a time with its zone will do too.
    """
    from jupyter_mlcd.cli import auditing  # noqa: PLC0415

    auditing.audit(workbench(), (since, until), output, as_json=as_json)


@evidence.command(
    "allow",
    section="review",
    example='jupyter mlcd evidence allow 019ab3c4 1 -m "The example of the manual" --until 90d',
)
@click.argument("run")
@click.argument("number", type=click.IntRange(1), required=False)
@click.option("-m", "--message", "why", default="", metavar="WHY", help="Why; kept for ever.")
@click.option("--until", default="90d", metavar="DAY", help="A day or a time; default: 90d.")
@as_json
@guarded
def allow(*, run: str, number: int | None, why: str, until: str, as_json: bool) -> None:
    """List what in a run looks like a secret, or let the NUMBER-th of it be kept.

    The history keeps who allowed it and why, and evidence that has it says so.
    """
    from jupyter_mlcd.cli import secrets  # noqa: PLC0415

    secrets.allow(workbench(), run, number, (why, until), as_json=as_json)


@evidence.command(
    "erase",
    section="review",
    example='jupyter mlcd evidence erase 019ab3c4 -m "Customer 12 asked for it"',
)
@click.argument("run")
@click.option("-m", "--message", "why", default="", metavar="WHY", help="Why; kept for ever.")
@click.option(
    "--only", multiple=True, metavar="FILE", help="Only this file, by path or sha256; repeat it."
)
@click.option(
    "--although-live",
    multiple=True,
    metavar="ENVIRONMENT",
    help="Take what is live there too: nothing can be rolled back or delivered again from it.",
)
@without_asking
@as_json
@guarded
def erase(  # noqa: PLR0913 - one argument per option
    *,
    run: str,
    why: str,
    only: tuple[str, ...],
    although_live: tuple[str, ...],
    yes: bool,
    as_json: bool,
) -> int:
    """Remove what this machine's Store holds of a run, and its draft; a tombstone stays.

    The files it made are gone from here for good. What git holds of it is not.
    """
    from jupyter_mlcd.cli import erasing  # noqa: PLC0415

    wanted = erasing.Wanted(run, why, only, although_live)
    return erasing.erase(workbench(), wanted, yes=yes, as_json=as_json)


@evidence.command("prune", section="review", example="jupyter mlcd evidence prune --dry-run")
@click.option("--dry-run", is_flag=True, help="Only tell what would be removed.")
@as_json
@guarded
def prune(*, dry_run: bool, as_json: bool) -> None:
    """Remove drafts that are older than they stay, and stored files that nothing names.

    What evidence, a version, a draft or the history of any project here names stays.
    """
    from jupyter_mlcd.cli import render_audit  # noqa: PLC0415

    found = workbench().prune(dry_run=dry_run)
    if as_json:
        print_json(found)
    else:
        render_audit.pruned(found)


@evidence.command(
    "export", section="review", example="jupyter mlcd evidence export 019ab3c4 --output run.zip"
)
@click.argument("subject")
@click.option("--output", required=True, type=click.Path(path_type=Path), metavar="DIR-or-ZIP")
@click.option(
    "--with-products/--without-products",
    "products",
    default=None,
    help="Whether the delivered files of a version go with it; default: up to 100 MiB.",
)
@click.option(
    "--model-key",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    metavar="PEM",
    help="Elliptic-curve key that signs the delivered files as OpenSSF model signing does.",
)
@click.option(
    "--sigstore",
    is_flag=True,
    help="Sign it by Sigstore too: that publishes who you are, for ever, and asks before.",
)
@click.option(
    "--sigstore-token",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    metavar="FILE",
    help="OIDC token of who signs; default: that of the pipeline, else you log in.",
)
@sigstore_trust
@without_asking
@guarded
def export(  # noqa: PLR0913 - its options
    *,
    subject: str,
    output: Path,
    products: bool | None,
    model_key: Path | None,
    sigstore: bool,
    sigstore_token: Path | None,
    sigstore_trust: Path | None,
    yes: bool,
) -> int:
    """Write the evidence of a run, or all of a version, to a folder or a zip."""
    from jupyter_mlcd.cli import exchange, publishing  # noqa: PLC0415

    bench = workbench()
    found = bench.find(subject)
    keyless = None
    if sigstore:
        keyless = publishing.agreed_signer(output, sigstore_trust, sigstore_token, yes=yes)
        if keyless is None:
            return 1
    made = bench.export(found, products=products, model_key=model_key, keyless=keyless)
    exchange.write_outside(made, output)
    count = len(made.files) + len(made.products)
    click.echo(f"{output}: {count} files. Check them with: sha256sum --check SHA256SUMS")
    for path, file in made.left_out.items():
        click.echo(f"Left out: {path}, {file.size:,} bytes, sha256:{file.sha256}")
    if keyless is not None:
        publishing.tell_published(keyless)
    return 0
