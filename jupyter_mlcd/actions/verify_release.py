"""Verify a release: release.json against its tag, its commit, its rules and its evidence."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import msgspec

from jupyter_mlcd.actions.examine import without_comparison
from jupyter_mlcd.actions.judge_erasure import Erasure, erasures, judge_erasure
from jupyter_mlcd.actions.judge_signer import Trust, judge_signer
from jupyter_mlcd.model.config import parse
from jupyter_mlcd.model.errors import ConfigError, MlcdError, NotFoundError
from jupyter_mlcd.model.evidence import SUMS
from jupyter_mlcd.model.gate import judge
from jupyter_mlcd.model.project import CONFIG_NAME
from jupyter_mlcd.model.proof import altered, check_bundle
from jupyter_mlcd.model.release import PRODUCTS, Release, release_folder, tag_name
from jupyter_mlcd.model.result import GREEN, verdict_of
from jupyter_mlcd.world.clock import format_time
from jupyter_mlcd.world.ssh_signatures import SignatureFault

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from jupyter_mlcd.actions.desk import Desk
    from jupyter_mlcd.model.delivery import History
    from jupyter_mlcd.model.evidence import Evidence, Manifest
    from jupyter_mlcd.model.gate import Gate, Score
    from jupyter_mlcd.model.project import Project
    from jupyter_mlcd.model.proof import Steps
    from jupyter_mlcd.model.result import FileDigest


@dataclass(frozen=True)
class Against:
    """What a release is held against beside the repository."""

    trust: Trust
    delivered: Mapping[str, FileDigest] | None = None
    """``{path: digest}`` of the delivered folder; None where nobody named one."""
    needs_files: bool = False
    """Whether it is for an environment that gets files: these must be looked at."""
    digest: str | None = None
    """The fingerprint that a delivery named; None where nobody named one."""
    tag: str | None = None
    """The tag that a delivery named."""


_TAGGED = re.compile(rb"^tagger .*> ([0-9]{1,11}) [+-][0-9]{4}$", re.MULTILINE)


def check_release(  # noqa: PLR0913, PLR0917 - what is checked, by whose word, and what is found
    desk: Desk,
    history: History,
    version: str,
    steps: Steps,
    manifests: Mapping[str, Manifest],
    against: Against,
) -> Iterator[Evidence]:
    """Check a release; yield each evidence for its own steps, whose manifest is read afterwards."""
    prepared = history.releases[version]
    folder = release_folder(desk.project.name, version)
    name = tag_name(desk.project.name, version, several_projects=desk.several_projects)
    text = desk.ledger.read_all([f"{folder}/release.json"]).get(f"{folder}/release.json", b"")
    digest = f"sha256:{hashlib.sha256(text).hexdigest()}"
    _check_named(prepared.digest, name, against, steps)
    steps.add(
        "release.json is the one that was prepared",
        "" if digest == prepared.digest else f"edited: {digest} is not {prepared.digest}",
        digest,
    )
    release = _read(text, steps)
    if release is None:
        return
    told = (release.project, release.version, release.commit)
    kept = (desk.project.name, version, prepared.commit)
    problem = "" if told == kept else "mixed: the event that prepared it tells of another one"
    steps.add("the history tells of this release", problem, f"prepared by {prepared.by}")
    problem = _tag_problem(desk, name, release.commit, digest)
    steps.add(f"the tag {name} names it and its commit", problem, name)
    steps.add("who tagged it signed the tag", *_tag_signature(desk, name, against.trust))
    steps.add("its commit holds the tested files", *_tree_problem(desk, release))
    steps.add("its rules are those of the commit", *_policy_problem(desk, release))
    for run in release.runs:
        evidence = history.evidence.get(run.id)
        problem = ""
        if evidence is None:
            problem = "it is not on the evidence branch"
        elif evidence.digest != run.digest:
            problem = "the evidence has another fingerprint than the release says"
        elif evidence.tree != release.tree:
            problem = "replayed: the evidence was made on other files than the release"
        elif evidence.suite != run.suite or evidence.partial or evidence.verdict not in GREEN:
            problem = f"it is no passed run of all of {run.suite}"
        steps.add(f"the evidence of {run.suite} is the one it stands on", problem, run.id)
        if evidence is not None:
            yield evidence
    _check_sums(release, manifests, steps)
    _check_products(desk, release, steps, against)


def _check_named(digest: str, tag: str, against: Against, steps: Steps) -> None:
    """Add whether the version is the one that was sent here: its number alone is soon said."""
    named = {"fingerprint": (against.digest, digest), "tag": (against.tag, tag)}
    for what, (told, own) in named.items():
        if told is not None:
            problem = "" if told == own else f"swapped: {told or 'none'} was named, it has {own}"
            steps.add(f"it has the {what} that was named", problem, own)


def _check_products(desk: Desk, release: Release, steps: Steps, against: Against) -> None:
    """Add whether each file has its bytes; one that was erased is told, not missing."""
    gone = erasures(desk)
    for path, product in release.products.items():
        erased = gone.get(product.sha256)
        steps.add(f"{path} has the tested bytes", *_product(desk, path, product, against, erased))
    if against.delivered is not None:
        problem = "; ".join(_not_delivered(release, against.delivered))
        steps.add("nothing else was delivered", problem, f"{len(against.delivered)} files")


def check_release_files(
    files: Mapping[str, bytes], products: Mapping[str, FileDigest], steps: Steps
) -> Release | None:
    """Check an exported release by its files alone; return it if it can be read.

    ``products`` is ``{path: digest}`` of those that may be too large to be read at once.
    """
    hashed = {path: one.sha256 for path, one in products.items()}
    problem = altered(files, hashed) if SUMS in files else f"there is no {SUMS}"
    steps.add("no file of the export was changed, added or lost", problem, f"{len(files)} files")
    release = _read(files["release.json"], steps)
    if release is None:
        return None
    manifests: dict[str, Manifest] = {}
    for run in release.runs:
        folder = f"evidence/{run.id}/"
        own = {
            path.removeprefix(folder): text
            for path, text in files.items()
            if path.startswith(folder)
        }
        manifest = check_bundle(own, run.digest, steps)
        if manifest is not None:
            manifests[run.id] = manifest
            problem = "" if manifest.run.tree == release.tree else "replayed: made on other files"
            steps.add(f"the evidence of {run.suite} was made on its files", problem, run.id)
    _check_sums(release, manifests, steps)
    steps.add("the delivered files are the tested ones", *_carried(release, products))
    return release


def _carried(release: Release, products: Mapping[str, FileDigest]) -> tuple[str, str]:
    """Return what is wrong with the files that an export carries, and which are left out."""
    names = {PRODUCTS + path: one for path, one in release.products.items()}
    odd = [path for path, one in products.items() if names.get(path) != one]
    left = [f"{path} is left out, sha256:{names[PRODUCTS + path].sha256}"
            for path in release.products if PRODUCTS + path not in products]  # fmt: skip
    words = [f"{path} is no file of {release.version}, or another one" for path in odd]
    return "; ".join(words), "; ".join([f"{len(products)} files", *left])


def say_limits(release: Release, steps: Steps) -> None:
    """Add what the files of an export cannot tell: the tag and the commit are not among them."""
    words = (
        f"whether {release.version} is what {release.commit[:10]} and its tag say, only a clone "
        "tells: see VERIFY.md"
    )
    steps.add("what files alone cannot tell", "", words)


def _read(text: bytes, steps: Steps) -> Release | None:
    try:
        return msgspec.json.decode(text, type=Release)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        steps.add("release.json can be read", str(error), "")
        return None


def _tag_problem(desk: Desk, name: str, commit: str, digest: str) -> str:
    tagged, message = desk.ledger.read_tag(name)
    if not tagged:
        return "moved: there is no such tag"
    if tagged != commit:
        return f"moved: it points at {tagged[:8]} and not at {commit[:8]}"
    if f"Release-Digest: {digest}" not in message.splitlines():
        return "moved: its Release-Digest is not that of release.json"
    return ""


def _product(
    desk: Desk, path: str, product: FileDigest, against: Against, erased: Erasure | None
) -> tuple[str, str]:
    """Return what is wrong with a file of the release, and what is known of it."""
    fine = f"sha256:{product.sha256}"
    if against.delivered is not None:
        return _delivered_fault(against.delivered.get(path), product), fine
    try:
        desk.store.path(product)
    except NotFoundError:
        if erased is not None:
            said = judge_erasure(desk, erased)
            return said.problem, f"{said.words}; its bytes cannot be checked any more"
        words = "not checked: the file is not here; name the folder that has it with --products"
        return (words, "") if against.needs_files else ("", words)
    except MlcdError as error:
        return error.message, ""
    return "", fine


def _delivered_fault(found: FileDigest | None, product: FileDigest) -> str:
    """Return what is wrong with a delivered file, or nothing."""
    if found is None:
        return "it was not delivered"
    if not found.sha256:
        return "it is a link and no file"
    return "" if found == product else f"it is another file: {found.sha256}"


def _not_delivered(release: Release, delivered: Mapping[str, FileDigest]) -> Iterator[str]:
    """Yield what lies among the delivered files and is none of the release."""
    for path, found in delivered.items():
        if path == "release.json":
            if f"sha256:{found.sha256}" != release.digest:
                yield "release.json is that of another release"
        elif path not in release.products:
            yield f"{path} is no file of {release.version}"


def show_tag(desk: Desk, version: str) -> str:
    """Return the tag of a version and who signed it, in words. Raises NotFoundError."""
    name = tag_name(desk.project.name, version, several_projects=desk.several_projects)
    commit, _ = desk.ledger.read_tag(name)
    if not commit:
        raise NotFoundError(f"there is no tag {name}", hint="Prepare the version first.")
    problem, words = _tag_signature(desk, name, Trust(desk.signers()))
    return f"{name}, {problem or words}"


def _tag_signature(desk: Desk, name: str, trust: Trust) -> tuple[str, str]:
    """Return what is wrong with the signature of a tag, and whose it is.

    A stranger's key is no worse than none: the history says which tag is the right one. Only who
    asks for signers wants one of theirs.
    """
    signed, signature = desk.ledger.tag_signature(name)
    if not signature:
        words = "nobody signed it"
        return (words, "") if trust.required else ("", words)
    if b"BEGIN PGP" in signature:
        words = f"signed with OpenPGP, which is not looked at here: git verify-tag {name}"
        return (words, "") if trust.required else ("", words)
    tagged = _TAGGED.search(signed)  # As git does, the key is judged on the day of the tag.
    if tagged is None:
        return f"the signature of {name} is for no tag", ""
    at = format_time(datetime.fromtimestamp(int(tagged[1]), UTC))
    looked = judge_signer(name, signed, signature, replace(trust, at=at), "git")
    if looked.fault is SignatureFault.UNKNOWN_KEY and not trust.required:
        return "", looked.words or looked.problem
    return looked.problem, looked.words


def _tree_problem(desk: Desk, release: Release) -> tuple[str, str]:
    tree = desk.worktree.tree_of(release.commit)
    if not tree:
        return "", f"commit {release.commit[:8]} is not here, so its files cannot be looked at"
    if tree != release.tree:
        return f"replayed: {release.commit[:8]} holds tree {tree[:8]}, not {release.tree[:8]}", ""
    return "", f"tree {tree}"


def _policy_problem(desk: Desk, release: Release) -> tuple[str, str]:
    """Return what is wrong with the rules of a release, and how that was decided."""
    place = desk.prefix + CONFIG_NAME
    own = _project_of(desk.worktree.read(release.commit, place))
    if own is None:
        return "", f"{CONFIG_NAME} of {release.commit[:8]} is not here: it cannot be decided"
    if own.gates == release.policy:
        return "", f"{len(release.policy)} rules, as in {release.commit[:8]}"
    branch = own.project.policy
    looked = 0
    for text in desk.worktree.versions(branch, place) if branch else ():
        looked += 1
        there = _project_of(text)
        if there is not None and there.gates == release.policy:
            return "", f"{len(release.policy)} rules, as they stood on {branch}"
    if branch and not looked:
        return "", f"{branch} is not here: it cannot be decided whether its rules were these"
    where = f"{release.commit[:8]}" + (f" and on {branch}" if branch else "")
    return f"policy: {_other_rules(own.gates, release.policy)} than in {where}", ""


def _other_rules(expected: tuple[Gate, ...], found: tuple[Gate, ...]) -> str:
    odd = [gate.metric for gate in (*expected, *found) if (gate in expected) != (gate in found)]
    names = ", ".join(dict.fromkeys(odd)) or "in another order"
    return f"release.json has other rules ({names})"


def _project_of(text: bytes | None) -> Project | None:
    try:
        return None if text is None else parse(text.decode("utf-8-sig"))
    except (ConfigError, UnicodeDecodeError):
        return None


def _check_sums(release: Release, manifests: Mapping[str, Manifest], steps: Steps) -> None:
    """Scores, files and findings of a release are those of its evidence."""
    tested = [manifests[run.id] for run in release.runs if run.id in manifests]
    problems = [] if release.runs else ["it stands on no evidence"]
    if len(tested) < len(release.runs):
        problems.append("not all of its evidence can be read")
    scores: dict[str, Score] = {}
    products: dict[str, FileDigest] = {}
    for manifest in tested:
        scores.update(manifest.scores)
        products.update(manifest.delivers)
        if verdict_of(manifest.run.cases)[0] not in GREEN:
            problems.append(f"the run of {manifest.run.suite} did not pass")
        if manifest.run.scored:
            problems.append(f"the run of {manifest.run.suite} scored another version")
    if tested and not problems:
        if scores != release.scores:
            problems.append(f"its scores are not those of the evidence: {_odd(scores, release)}")
        if products != release.products:
            problems.append("its files are not those that the evidence delivers")
        rules = [without_comparison(gate) for gate in release.policy]
        found = judge([gate for gate in rules if not gate.problem()], scores, {})
        kept = [(one.metric, one.outcome, one.value, one.against) for one in release.findings]
        if [(one.metric, one.outcome, one.value, one.against) for one in found] != kept:
            problems.append("its findings do not follow from its rules and scores")
    steps.add(
        "scores, files and findings follow from the evidence",
        f"edited: {'; '.join(problems)}" if problems else "",
        f"{len(scores)} scores, {len(products)} files",
    )


def _odd(scores: Mapping[str, Score], release: Release) -> str:
    names = sorted({*scores, *release.scores})
    return ", ".join(name for name in names if scores.get(name) != release.scores.get(name))
