"""What an export attests, as in-toto Statements: test result, provenance, words, and decision.

Subjects have a name and a sha256 and nothing else, because sigstore refuses other digests
(sigstore-python#1899); commits and trees stand among the dependencies. The formats:
https://in-toto.io/Statement/v1, https://slsa.dev/provenance/v1,
https://slsa.dev/verification_summary/v1. in-toto has no vetted predicate for a person's yes: ours
takes ``reviewers`` and ``reviewTime`` from its draft ``human-review``. What proves that yes is the
person's own signature beside it, to which the predicate points; the envelope is the exporter's.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

from jupyter_mlcd.model.approval import SignedStatement, Statements, Waiver
from jupyter_mlcd.model.dsse import envelope
from jupyter_mlcd.model.evidence import MANIFEST, SUMS, Manifest, parse_sums
from jupyter_mlcd.model.keyless import ATTESTATIONS, BUNDLE
from jupyter_mlcd.model.project import CONFIG_NAME
from jupyter_mlcd.model.release import Release, canonical
from jupyter_mlcd.model.result import GREEN, Verdict
from jupyter_mlcd.model.signers import email_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    Sign = Callable[[bytes], bytes]

_OURS = "https://pypi.org/project/jupyter-mlcd"
IN_JUPYTERLAB: Final = " in JupyterLab"
"""How ``made_by`` of a manifest ends where a server started the run."""


def builder_id(manifest: Manifest) -> str:
    """Return who built it: a person in JupyterLab, a person at a command line, or a CI system.

    Different ids, because they deserve different trust.
    """
    if manifest.builder != "local":
        return f"{_OURS}#ci-{manifest.builder}"
    is_there = manifest.made_by.endswith(IN_JUPYTERLAB)
    return f"{_OURS}#{'interactive' if is_there else 'local-command-line'}"


def _statement(subject: list[dict[str, Any]], kind: str, predicate: dict[str, Any]) -> bytes:
    return canonical(
        {
            "_type": "https://in-toto.io/Statement/v1",
            "subject": subject,
            "predicateType": kind,
            "predicate": predicate,
        }
    )


def _subject(name: str, sha256: str) -> dict[str, Any]:
    return {"name": name, "digest": {"sha256": sha256}}


def _subjects(manifest: Manifest, files: Mapping[str, bytes]) -> list[dict[str, Any]]:
    listed = parse_sums(files[SUMS])
    found = [_subject(SUMS, hashlib.sha256(files[SUMS]).hexdigest())]
    found += [_subject(path, file.sha256) for path, file in manifest.delivers.items()]
    notebooks = (path for path in manifest.notebooks.values() if path in listed)
    return found + [_subject(path, listed[path]) for path in notebooks]


def _code(commit: str, tree: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = [{"name": "tested tree", "digest": {"gitTree": tree}}]
    if commit:
        found.append({"name": "commit", "digest": {"gitCommit": commit}})
    return found


def result(manifest: Manifest, files: Mapping[str, bytes]) -> bytes:
    """Return the Statement of what the cases came to."""
    run = manifest.run
    green = [case.id for case in run.cases if case.verdict in GREEN]
    warned = [case.id for case in run.cases if case.verdict is Verdict.FLAKY]
    red = [case.id for case in run.cases if case.verdict not in {*GREEN, Verdict.SKIPPED}]
    passed = "WARNED" if warned else "PASSED"
    configuration = _code(run.commit, run.tree)
    if manifest.config:
        configuration.insert(0, _subject(CONFIG_NAME, manifest.config))
    predicate = {
        "result": passed if run.verdict in GREEN else "FAILED",
        "configuration": configuration,
        "passedTests": [name for name in green if name not in warned],
        "warnedTests": warned,
        "failedTests": red,
    }
    kind = "https://in-toto.io/attestation/test-result/v0.1"
    return _statement(_subjects(manifest, files), kind, predicate)


def provenance(manifest: Manifest, files: Mapping[str, bytes]) -> bytes:
    """Return the Statement of how it was made: SLSA provenance, honest level 1."""
    run = manifest.run
    sources = [_subject(path, digest) for path, digest in manifest.sources.items()]
    inputs = [_subject(path, digest) for path, digest in manifest.inputs.items()]
    predicate = {
        "buildDefinition": {
            "buildType": f"{_OURS}#run/v1",
            "externalParameters": {
                "suite": run.suite,
                "cases": [
                    {"notebook": case.notebook, "parameters": case.parameters} for case in run.cases
                ],
            },
            "internalParameters": {"jobs": run.jobs, "attempt": manifest.attempt},
            "resolvedDependencies": [*_code(run.commit, run.tree), *sources, *inputs],
        },
        "runDetails": {
            "builder": {
                "id": builder_id(manifest),
                "version": {"jupyter_mlcd": manifest.made_by.split(" ")[1]},
            },
            "metadata": {
                "invocationId": run.id,
                "startedOn": run.started,
                "finishedOn": run.ended,
            },
            "byproducts": [_subject(MANIFEST, hashlib.sha256(files[MANIFEST]).hexdigest())],
        },
    }
    return _statement(_subjects(manifest, files), "https://slsa.dev/provenance/v1", predicate)


def name_of(one: SignedStatement) -> str:
    """Return what the Statement of an approval or an exception is called."""
    kind = "50-exception" if isinstance(one.statement, Waiver) else "40-approval"
    return f"{kind}-{one.name[-8:]}"


def said(release: Release, one: SignedStatement, looked: str) -> bytes:
    """Return the Statement of what a person signed, and of what that was worth when ``looked``."""
    word = one.statement
    digest = hashlib.sha256(one.signature).hexdigest()
    predicate: dict[str, Any] = {
        "reviewers": [{"name": word.by, "uri": f"mailto:{quote(email_of(word.by), safe='@')}"}],
        "reviewTime": word.at,
        "environment": word.environment,
        "policy": {"digest": {"sha256": word.policy.removeprefix("sha256:")}},
        "signed": [
            _subject(one.path, hashlib.sha256(one.data).hexdigest()),
            _subject(f"{one.path}.sig", digest),
        ],
        "namespace": word.namespace,
        "looked": {"at": looked, "counts": not one.fault, "why": one.fault},
    }
    if word.expires:
        predicate["expiresOn"] = word.expires
    if isinstance(word, Waiver):
        predicate |= {"rule": word.rule, "reason": word.reason}
        return _statement(_released(release), f"{_OURS}#exception/v1", predicate)
    predicate |= {"result": "APPROVED", "comment": word.comment}
    return _statement(_released(release), f"{_OURS}#approval/v1", predicate)


def _released(release: Release) -> list[dict[str, Any]]:
    return [_subject("release.json", release.digest.removeprefix("sha256:"))]


def decision(
    release: Release, at: str, inputs: Mapping[str, bytes], statements: Statements
) -> bytes:
    """Return the Statement of what the rules said of a release, as a verification summary.

    ``inputs`` are the attestations that it goes with, by their paths in the export. Exceptions
    stand beside the result and do not change it: each is for one environment and a time.
    """
    met = bool(release.runs) and all(finding.met for finding in release.findings)
    policy = hashlib.sha256(canonical(release.policy)).hexdigest()
    subject = _released(release)
    subject += [_subject(path, file.sha256) for path, file in release.products.items()]
    predicate = {
        "verifier": {"id": _OURS},
        "timeVerified": at,
        "resourceUri": f"pkg:generic/{release.project}@{release.version}",
        "policy": {"uri": f"git:{release.commit}#{CONFIG_NAME}", "digest": {"sha256": policy}},
        "inputAttestations": [
            {"uri": path, "digest": {"sha256": hashlib.sha256(text).hexdigest()}}
            for path, text in inputs.items()
        ],
        "verificationResult": "PASSED" if met else "FAILED",
        "verifiedLevels": ["SLSA_BUILD_LEVEL_1"],
        "slsaVersion": "1.0",
        # An extension is named after who makes it.
        "mlcd_exceptions": [
            {
                "rule": one.statement.rule,
                "environment": one.statement.environment,
                "by": one.statement.by,
                "reason": one.statement.reason,
                "expiresOn": one.statement.expires,
                "counts": not one.fault,
            }
            for one in statements.signed
            if isinstance(one.statement, Waiver)
        ],
    }
    return _statement(subject, "https://slsa.dev/verification_summary/v1", predicate)


def sealed(
    statements: Mapping[str, bytes], sign: Sign | None, keyless: Sign | None = None
) -> dict[str, bytes]:
    """Return the files of statements: signed ones, or files that say that nobody signed.

    ``statements`` is ``{name: Statement}``. ``sign`` is somebody's key and makes envelopes,
    ``keyless`` makes Sigstore bundles of the same bytes; there may be both. Raises SigningError.
    """
    made: dict[str, bytes] = {}
    for name, text in statements.items():
        if sign is not None:  # First: nothing is published before a key that is locked said so.
            made[f"{ATTESTATIONS}{name}.dsse.json"] = envelope(text, sign)
        if keyless is not None:
            made[f"{ATTESTATIONS}{name}{BUNDLE}"] = keyless(text)
        if sign is None and keyless is None:
            made[f"{ATTESTATIONS}{name}.UNSIGNED.json"] = text
    return made
