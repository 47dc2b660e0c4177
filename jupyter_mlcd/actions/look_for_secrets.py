"""Secrets in what is about to be kept: block it, allow one with a reason, or take it out.

By default a finding refuses. ``found = "redact"`` under ``[secrets]`` takes it out of outputs and
metadata, never of sources: those are what was tested, and git has them. What somebody allowed
stays, and both are told wherever the evidence is.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from jupyter_mlcd.model.errors import NotFoundError, RefusedError, UsageError
from jupyter_mlcd.model.evidence import SUMS, sums
from jupyter_mlcd.model.executed_notebook import read_notebook
from jupyter_mlcd.model.issue import checked_why
from jupyter_mlcd.model.kept import KEPT, KeptChanges
from jupyter_mlcd.model.notebook import tags_of
from jupyter_mlcd.model.parameter_cell import INJECTED_TAG
from jupyter_mlcd.model.project import seconds
from jupyter_mlcd.model.proof import Steps, check_bundle
from jupyter_mlcd.model.release import canonical
from jupyter_mlcd.model.secret import (
    Allowance,
    AllowedFinding,
    FoundSecret,
    SecretAllowed,
    SecretFinding,
    SecretsFound,
    allowed_by_people,
    end_of_day,
)
from jupyter_mlcd.world.clock import format_time, parse_time

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from jupyter_mlcd.actions.desk import Desk
    from jupyter_mlcd.model.evidence import Manifest
    from jupyter_mlcd.model.run import Run

_SHOWN = 5
_LONGEST = timedelta(days=366)
_BY_CONFIG = "mlcd.toml"


def find_secrets(desk: Desk, run: str) -> tuple[SecretFinding, ...]:
    """Return what in a draft looks like a secret, also what is allowed. Raises NotFoundError."""
    return tuple(desk.scanner.scan(bundle_files(desk, run)))


def show_secrets(desk: Desk, run: str) -> SecretsFound:
    """Return the same as a person looks at it: each with its cell and who allows it.

    Raises NotFoundError.
    """
    files = bundle_files(desk, run)
    manifest = desk.runner.manifest(run)
    allowances, now = _allowances(desk), desk.now()

    def found(number: int, finding: SecretFinding) -> FoundSecret:
        case, name, source = where_found(finding.file, finding.cell, manifest, files)
        return FoundSecret(
            number=number,
            finding=finding,
            case=case,
            name=name,
            source=source,
            allowance=next((one for one in allowances if one.covers(finding, now)), None),
        )

    return SecretsFound(
        run=run,
        suite=manifest.run.suite,
        findings=tuple(
            found(number, one) for number, one in enumerate(desk.scanner.scan(files), start=1)
        ),
        redacts=desk.project.secrets.found == "redact",
        by=desk.by,
    )


def where_found(
    file: str, cell: int | None, manifest: Manifest, files: Mapping[str, bytes]
) -> tuple[int | None, str, int | None]:
    """Return the place of the case, its id or else the file, and the cell that was tested."""
    places = {
        path: (place, case.id)
        for place, case in enumerate(manifest.run.cases)
        if (path := manifest.notebooks.get(case.id))
    }
    case, name = places.get(file, (None, file))
    return case, name, _source_cell(files.get(file, b""), cell)


def _source_cell(content: bytes, cell: int | None) -> int | None:
    """Return where a cell stands in the notebook that was tested: parameters came in between."""
    notebook = read_notebook(content) if cell is not None else None
    if notebook is None or cell is None or cell >= len(notebook["cells"]):
        return None
    injected = [INJECTED_TAG in tags_of(one) for one in notebook["cells"]]
    return None if injected[cell] else cell - sum(injected[:cell])


def allow_secret(  # noqa: PLR0913 - what a person says of one finding
    desk: Desk, run: str, number: int, reason: str, until: str, *, seen: str | None = None
) -> SecretAllowed:
    """Allow the finding of a draft with this number, counted from 1; the history keeps who and why.

    ``until`` is a day, as 2026-12-01, or a time from now, as 14d, at most a year. ``seen`` is the
    fingerprint of the value that was looked at: another one is refused. Raises UsageError,
    NotFoundError, RefusedError, GitError.
    """
    why = checked_why(reason)
    if not why:
        raise UsageError("say why it may be kept", hint="Nothing was written.")
    findings = find_secrets(desk, run)
    if not 1 <= number <= len(findings):
        hint = f"It has {len(findings)}: jupyter mlcd evidence allow {run}"
        raise NotFoundError(f"the run has no finding {number}", hint=hint)
    finding = findings[number - 1]
    if seen not in {None, finding.fingerprint}:
        message = "this is not the finding that was shown"
        raise RefusedError(message, code="stale", hint="Nothing was written. Look at it again.")
    body = SecretAllowed(finding.rule, why, _end(desk, until), finding.fingerprint)
    desk.ledger.append([desk.event(body)], {}, f"Allow a finding of {finding.rule}: {why}", desk.by)
    return body


def bundle_files(desk: Desk, run: str) -> dict[str, bytes]:
    """Return the files of a draft's bundle."""
    folder = desk.runner.bundle(run)
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def refuse_secrets(desk: Desk, files: Mapping[str, bytes]) -> tuple[AllowedFinding, ...]:
    """Return the findings that are allowed; raise RefusedError if there are others.

    What git holds cannot be taken back.
    """
    allowed, others = _sorted_out(desk, files)
    if others:
        raise secret_found(others)
    return allowed


def without_secrets(
    desk: Desk, files: Mapping[str, bytes], run: Run
) -> tuple[dict[str, bytes], KeptChanges]:
    """Return the files of a bundle as they may be kept, and what that changed.

    Raises RefusedError where something must not be kept.
    """
    allowed, others = _sorted_out(desk, files)
    if not others:
        return dict(files), KeptChanges(run.digest, (), allowed)
    if desk.project.secrets.found == "block":
        raise secret_found(others, run.id)
    names = sorted({one.file for one in others} - {SUMS})
    allowances, now = _allowances(desk), desk.now()

    def allows(finding: SecretFinding) -> bool:
        return any(one.covers(finding, now) for one in allowances)

    clean, redactions = desk.scanner.redact(files, names, allows)
    kept = {**files, **clean}
    _, left = _sorted_out(desk, kept)
    if left:
        raise secret_found(left, run.id)
    changes = KeptChanges(run.digest, tuple(redactions), allowed)
    return sealed(kept, changes), changes


def sealed(
    files: Mapping[str, bytes], changes: KeptChanges, away: Mapping[str, bytes] | None = None
) -> dict[str, bytes]:
    """Return the files of a bundle with kept.json and sums anew; ``away`` are those out of git.

    Raises RefusedError where it would not prove itself.
    """
    kept = {path: content for path, content in files.items() if path != SUMS}
    kept[KEPT] = canonical(changes)
    kept[SUMS] = sums(kept)
    steps = Steps()
    check_bundle(kept, "", steps, away=away or {})
    found = steps.result("")
    if not found.ok:
        words = "; ".join(check.words for check in found.checks if not check.ok)
        raise RefusedError(
            f"without what was to be taken out the evidence would not prove itself: {words}",
            code="secret-found" if changes.redacted else "personal-data",
            hint="Nothing was written. Take it out of the notebook and run again.",
        )
    return kept


def secret_found(findings: Sequence[SecretFinding], run: str = "") -> RefusedError:
    """Return the refusal that names the places, and the run if they are in one."""
    shown = "; ".join(str(one) for one in findings[:_SHOWN])
    of_source = any(one.cell is not None and one.output is None for one in findings)
    where = "source" if of_source else "output"
    return RefusedError(
        f"this looks like a secret: {shown}",
        code="secret-found",
        hint=f"Nothing was written. Take it out of the notebook's {where} and run again; what is "
        f"none can be allowed: jupyter mlcd evidence allow {run or 'RUN'}",
        details={"findings": [str(one) for one in findings], "run": run},
    )


def _sorted_out(
    desk: Desk, files: Mapping[str, bytes]
) -> tuple[tuple[AllowedFinding, ...], list[SecretFinding]]:
    """Return the findings that are allowed, and the others."""
    allowed: list[AllowedFinding] = []
    others: list[SecretFinding] = []
    allowances, now = _allowances(desk), desk.now()
    for finding in desk.scanner.scan(files):
        one = next((one for one in allowances if one.covers(finding, now)), None)
        if one is None:
            others.append(finding)
        else:
            allowed.append(AllowedFinding(finding, one.reason, one.by, one.until))
    return tuple(allowed), others


def _allowances(desk: Desk) -> list[Allowance]:
    """Return what mlcd.toml and people allow."""
    written = [
        Allowance(
            one.rule,
            one.reason,
            end_of_day(one.until) if one.until else "",
            _BY_CONFIG,
            one.fingerprint,
            one.place,
        )
        for one in desk.project.secrets.allow
    ]
    return [*written, *allowed_by_people(desk.ledger.events(), desk.project.name)]


def _end(desk: Desk, until: str) -> str:
    """Return when an allowance ends. Raises UsageError, ConfigError."""
    now = parse_time(desk.now())
    try:
        end = parse_time(end_of_day(until.strip()))
    except ValueError:
        end = now + timedelta(seconds=seconds(until))
    if not now < end <= now + _LONGEST:
        hint = "Give a day within a year, as 2026-12-01, or a time from now, as 14d."
        raise UsageError(f"a finding cannot be allowed until {until!r}", hint=hint)
    return format_time(end)
