"""Verify: does what is kept prove what it says? Numbered steps, offline, recomputed from bytes."""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING

from jupyter_mlcd.actions.examine import examine
from jupyter_mlcd.actions.judge_erasure import erasures, judge_erasure
from jupyter_mlcd.actions.judge_signer import Trust
from jupyter_mlcd.actions.read_out_of_git import away_here, out_of_git
from jupyter_mlcd.actions.read_release import read_release
from jupyter_mlcd.actions.show_evidence import kept_changes
from jupyter_mlcd.actions.verify_release import (
    Against,
    check_release,
    check_release_files,
    say_limits,
)
from jupyter_mlcd.actions.verify_scored import check_scored, compared_with
from jupyter_mlcd.actions.verify_signatures import check_signatures
from jupyter_mlcd.model.erasure import stored_files
from jupyter_mlcd.model.errors import MlcdError, NotFoundError, UsageError
from jupyter_mlcd.model.kept import KEPT, changes_in_words
from jupyter_mlcd.model.proof import Steps, check_bundle
from jupyter_mlcd.model.target import FolderTable

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jupyter_mlcd.actions.desk import Desk
    from jupyter_mlcd.model.delivery import History
    from jupyter_mlcd.model.evidence import Evidence, Manifest
    from jupyter_mlcd.model.result import FileDigest
    from jupyter_mlcd.model.status import Verification

_VERSION = re.compile(r"^v?(\d+\.\d+\.\d+)$")
_NO_RULE = frozenset({"already-live", "under-way", "target", "product-gone"})
"""Reasons against a delivery that are none against the release; files have steps of their own."""


def verify_evidence(  # noqa: PLR0913 - what is verified, for whom, against what
    desk: Desk,
    subject: str,
    environment: str = "",
    *,
    trust: Trust | None = None,
    delivered: Mapping[str, FileDigest] | None = None,
    although_unseen: bool = False,
    digest: str | None = None,
    tag: str | None = None,
) -> Verification:
    """Verify a run's evidence by its id, or a release by its version.

    With ``environment`` a release must also meet the rules of that one. ``trust`` says whose
    signature the tag needs; without it the project's own list tells whose it is. ``delivered`` is
    ``{path: digest}`` of the folder that was delivered; without it the Store has the files, or
    they are not looked at, which is refused for an environment that gets files. So are executed
    notebooks that are out of git and not here, unless ``although_unseen`` accepts it. ``digest``
    and ``tag`` are those that a delivery named: they must be the version's. Raises NotFoundError
    for what is not there, and UsageError where the environment or its version is none.
    """
    history = desk.history
    version = _VERSION.match(subject)
    if environment:
        _check_environment(desk, environment, is_version=version is not None)
    if version and version.group(1) in history.releases:
        target = desk.policy.target(environment) if environment else None
        needs_files = isinstance(target, FolderTable)
        against = Against(trust or Trust(desk.signers()), delivered, needs_files, digest, tag)
        found = version.group(1)
        return _verify_release(
            desk, history, found, environment, against, although_unseen=although_unseen
        )
    if subject in history.evidence:
        steps = Steps()
        _check_ledger(desk, steps)
        _check_run(desk, history.evidence[subject], steps, [])
        return steps.result(subject)
    raise _unknown(desk, subject)


def verify_files(
    files: Mapping[str, bytes],
    subject: str,
    digest: str = "",
    *,
    trust: Trust | None = None,
    products: Mapping[str, FileDigest] | None = None,
) -> Verification:
    """Verify an exported run or release by its files alone; ``digest`` is its fingerprint.

    ``products`` is ``{path: digest}`` of those that may be too large to be read at once.
    """
    steps = Steps()
    release = None
    if "release.json" in files:
        release = check_release_files(files, products or {}, steps)
    else:
        check_bundle(files, digest, steps)
    check_signatures(files, steps, trust or Trust())
    if release is not None:
        say_limits(release, steps)
    return steps.result(subject)


def _check_environment(desk: Desk, environment: str, *, is_version: bool) -> None:
    if not is_version:
        raise UsageError(
            "only a version is verified for an environment", hint="Name it as in 0.2.0."
        )
    if environment not in desk.policy.environments:
        known = ", ".join(desk.policy.environments) or "none"
        raise UsageError(f"there is no environment {environment!r}", hint=f"There is: {known}.")


def _unknown(desk: Desk, subject: str) -> NotFoundError:
    """Return the error for what is not there; a ledger that lost something is named in it."""
    found = desk.ledger.continuity()
    if problems := found.problems:
        return NotFoundError(
            f"there is no evidence and no version {subject!r}, and the history was rolled back or "
            f"rewritten: {'; '.join(problems)}",
            hint="Fetch the evidence branch from where it is protected, and compare.",
        )
    hint = "See `jupyter mlcd evidence list`; a draft has to be kept first."
    elsewhere = [words for words in found.remarks if "dropped here" in words]
    hint = f"{'; '.join(elsewhere)}. Take that over, then ask again." if elsewhere else hint
    return NotFoundError(f"there is no evidence and no version {subject!r}", hint=hint)


def _check_ledger(desk: Desk, steps: Steps) -> None:
    found = desk.ledger.continuity()
    problem = f"rolled back or rewritten: {'; '.join(found.problems)}" if found.problems else ""
    fine = "; ".join([f"{found.commits} commits, each only adds", *found.remarks])
    steps.add("the history only ever grew", problem, fine)


def _verify_release(  # noqa: PLR0913 - what is verified, for whom, against what
    desk: Desk,
    history: History,
    version: str,
    environment: str,
    against: Against,
    *,
    although_unseen: bool,
) -> Verification:
    steps = Steps()
    _check_ledger(desk, steps)
    manifests: dict[str, Manifest] = {}
    unseen: list[str] = []
    for evidence in check_release(desk, history, version, steps, manifests, against):
        manifest = _check_run(desk, evidence, steps, unseen)
        if manifest is not None:
            manifests[evidence.id] = manifest
    if environment:
        _check_policy(desk, steps)
        _check_rules(desk, history, version, environment, steps)
        for evidence in compared_with(desk, history, version, environment, steps):
            _check_run(desk, evidence, steps, unseen)
        gone = [one for one in erasures(desk) if one in _products(desk, version)]
        problem = f"{len(gone)} of its files were erased" if gone else ""
        steps.add("its files can still be delivered", problem, "none was erased")
        if unseen:
            words = f"{', '.join(unseen)} is out of git and not here"
            problem = "" if although_unseen else f"{words}; --although-unseen accepts that"
            steps.add("every executed notebook was looked at", problem, f"{words}: accepted")
    return steps.result(version)


def _products(desk: Desk, version: str) -> set[str]:
    return {one.sha256 for one in read_release(desk, version).products.values()}


def _check_policy(desk: Desk, steps: Steps) -> None:
    """Add whether the branch that rules are read from is here.

    Without it they are those of the files that are checked out: here that is the first time, in a
    receiving pipeline it is whatever was sent there.
    """
    branch = desk.project.project.policy
    if branch:
        is_here = bool(desk.worktree.commit_of(branch))
        problem = "" if is_here else f"{branch} is not here: fetch it"
        steps.add("the branch that the rules are read from is here", problem, branch)


def _check_rules(
    desk: Desk, history: History, version: str, environment: str, steps: Steps
) -> None:
    """Add whether the release meets the rules of the environment as they are now."""
    try:
        proposal = examine(
            desk, environment, snapshot=desk.snapshot(), history=history, version=version
        )
    except MlcdError as error:
        steps.add(f"the rules of {environment} are met", error.message, "")
        return
    against = [one.text for one in proposal.reasons if one.code not in _NO_RULE]
    live = history.live.get(environment)
    if live is not None and live.version == version:
        # It cannot be better than itself: what it was compared with then is in its delivery.
        against = [one.text for one in proposal.reasons
                   if one.code not in {*_NO_RULE, "not-met", "not-comparable"}]  # fmt: skip
        against += [f"{one.rule}: {one.reason}" for one in proposal.findings
                    if not one.met and "better" not in one.rule]  # fmt: skip
    fine = "; ".join(f"{one.rule}: {one.reason}" for one in proposal.findings)
    problem = "; ".join(dict.fromkeys(against))
    steps.add(f"the rules of {environment} are met", problem, fine)


def _check_run(desk: Desk, evidence: Evidence, steps: Steps, unseen: list[str]) -> Manifest | None:
    """Add what is found of a run, and to ``unseen`` its files that are out of git and not here."""
    names = desk.ledger.files(evidence.path)
    files = desk.ledger.read_all(f"{evidence.path}/{name}" for name in names)
    bundle = {path.removeprefix(f"{evidence.path}/"): text for path, text in files.items()}
    away, absent = away_here(desk, evidence)
    unseen += absent
    manifest = check_bundle(bundle, evidence.digest, steps, partial(_tested, desk), away)
    broken = [problem for problem in absent.values() if problem]
    if broken:
        steps.add("what is out of git can be read", "; ".join(broken), "")
    if manifest is None:
        return None
    run = manifest.run
    told = (run.id, run.suite, run.tree, run.commit, run.verdict, run.by)
    kept = (evidence.id, evidence.suite, evidence.tree, evidence.commit, evidence.verdict,
            evidence.by)  # fmt: skip
    problem = "" if told == kept else "mixed: the event that kept it tells of another run"
    steps.add("the history tells of this run", problem, f"kept as {evidence.id}")
    changes = kept_changes(desk, evidence) if KEPT not in bundle else None
    if changes is not None:
        steps.add("what keeping let through is told", "", "; ".join(changes_in_words(changes)))
    check_scored(desk, manifest, steps)
    _check_erasures(desk, evidence, manifest, steps)
    return manifest


def _check_erasures(desk: Desk, evidence: Evidence, manifest: Manifest, steps: Steps) -> None:
    """Add what was erased of a run: a gap that is told, by whom and why, is none that is found."""
    gone = erasures(desk)
    stored = stored_files(manifest, out_of_git(desk, evidence).values())
    files = [one for one in stored if one.sha256 in gone]
    here = {one.sha256 for one in desk.store.stored()} if files else set()
    by_event = {gone[one.sha256].event.id: gone[one.sha256] for one in files}
    for name, erasure in by_event.items():
        own = [one for one in files if gone[one.sha256].event.id == name]
        told = judge_erasure(desk, erasure)
        names = ", ".join(one.name for one in own)
        still = f"; still in the Store here: jupyter mlcd evidence erase {manifest.run.id}"
        left = still if any(one.sha256 in here for one in own) else ""
        steps.add("what was erased is told", told.problem, f"{names}: {told.words}{left}")


def _tested(desk: Desk, manifest: Manifest, notebook: str) -> bytes | None:
    """Return a notebook as it stands in the tested tree; None where git no longer has that."""
    return desk.worktree.read(manifest.run.tree, manifest.prefix + notebook)
