"""Verify who signed what is exported: its sums, its attestations, and what people said of it.

Keys are trusted from outside only: never by a file of the export. Where nobody says whom to trust,
a signature is looked at all the same: it fits, and whose it is cannot be told.
"""

from __future__ import annotations

import binascii
import hashlib
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

import msgspec

from jupyter_mlcd.actions.judge_signer import Trust, judge_signer
from jupyter_mlcd.actions.verify_keyless import bundled_statements, check_bundles, other_twins
from jupyter_mlcd.model.approval import Approval, Waiver
from jupyter_mlcd.model.dsse import NAMESPACE, Opened, key_id, open_envelope, pae
from jupyter_mlcd.model.evidence import SUMS, parse_sums
from jupyter_mlcd.model.keyless import ATTESTATIONS, BUNDLE, SUMS_BUNDLE
from jupyter_mlcd.model.release import MODEL_SIGNATURE, Release
from jupyter_mlcd.model.signers import read_signers, signer_of
from jupyter_mlcd.world.clock import parse_time

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from jupyter_mlcd.model.proof import Steps

SIGNED_SUMS: Final = f"{SUMS}.sig"
_UNSIGNED: Final = ".UNSIGNED.json"
_OF_A_RUN: Final = (
    "https://in-toto.io/attestation/test-result/v0.1",
    "https://slsa.dev/provenance/v1",
)
_DECISION: Final = "https://slsa.dev/verification_summary/v1"


def check_signatures(files: Mapping[str, bytes], steps: Steps, trust: Trust) -> None:
    """Add the steps on signatures and attestations of an exported run or release."""
    key = _key_of_sums(files)
    problem, fine = _sums(files, key, trust)
    steps.add("who exported it signed its sums", problem, fine)
    check_bundles(files, steps, trust.keyless)
    attested = {path: text for path, text in files.items() if path.startswith(ATTESTATIONS)}
    if not attested and "release.json" not in files and not key:
        return  # Kept evidence as it stands on the branch: nothing is attested there.
    opened, odd = _opened(attested)
    odd += _envelope_faults(opened, key, trust)
    fine = f"{len(opened)} envelopes, all with {key}" if key else "nobody signed them with a key"
    steps.add("the attestations are signed by the same", "; ".join(odd), fine)
    payloads = {path: one.payload for path, one in opened.items()}
    bundled, odd = bundled_statements(attested)
    odd += other_twins(bundled, payloads)
    payloads |= bundled
    payloads |= {path: text for path, text in attested.items() if path.endswith(_UNSIGNED)}
    told = {path: _statement(payload) for path, payload in payloads.items()}
    odd += [*_foreign(told, files), *_incomplete(told, attested, files)]
    fine = f"{len(told)} statements, each on these files"
    steps.add("the attestations are whole and speak of these files", "; ".join(odd), fine)
    if "release.json" in files:
        problem, fine = _people(files, trust)
        steps.add("approvals and exceptions are signed by whom they name", problem, fine)
    if MODEL_SIGNATURE in files or trust.model is not None:
        problem, fine = _model(files, trust)
        proves = trust.model is not None
        steps.add(f"{MODEL_SIGNATURE} is of the delivered files", problem, fine, proves=proves)


def _model(files: Mapping[str, bytes], trust: Trust) -> tuple[str, str]:
    if trust.model is None:
        return "", "not looked at: name the public key of who made it with --model-key"
    if MODEL_SIGNATURE not in files:
        return "there is none", ""
    return trust.model(files[MODEL_SIGNATURE]), "made with that key"


def _key_of_sums(files: Mapping[str, bytes]) -> str:
    try:
        return key_id(files[SIGNED_SUMS]) if SIGNED_SUMS in files else ""
    except (binascii.Error, IndexError):
        return "an unreadable key"


def _sums(files: Mapping[str, bytes], key: str, trust: Trust) -> tuple[str, str]:
    if key:
        text, signature = files.get(SUMS, b""), files[SIGNED_SUMS]
        looked = judge_signer(SUMS, text, signature, trust, NAMESPACE)
        return looked.problem, looked.words
    # The blank after it: the name of the Sigstore bundle begins like that too.
    if f"{SIGNED_SUMS} ".encode() in files.get("VERIFY.md", b"") or any(
        path.startswith(ATTESTATIONS) and not path.endswith((_UNSIGNED, BUNDLE)) for path in files
    ):
        return f"it was signed, and {SIGNED_SUMS} is not here: taken away", ""
    words = "nobody signed it with a key"
    if SUMS_BUNDLE not in files:
        words += ": whoever had it could change all of it and make the sums anew"
    return (words, "") if trust.required else ("", words)


def _opened(attested: Mapping[str, bytes]) -> tuple[dict[str, Opened], list[str]]:
    """Return the envelopes that can be opened, and what is wrong with the others."""
    opened: dict[str, Opened] = {}
    odd: list[str] = []
    for path, text in attested.items():
        if path.endswith((_UNSIGNED, BUNDLE)):
            continue
        try:
            opened[path] = open_envelope(text)
        except ValueError as error:
            odd.append(f"{path} {error}")
    return opened, odd


def _envelope_faults(opened: Mapping[str, Opened], key: str, trust: Trust) -> list[str]:
    odd = []
    for path, one in opened.items():
        looked = judge_signer(path, pae(one.payload), one.signature, trust, NAMESPACE)
        if looked.problem:
            odd.append(looked.problem)
        elif one.key != key and key:
            odd.append(f"swapped: {path} is signed with {one.key}, {SUMS} with {key}")
    return odd


def _statement(payload: bytes) -> dict[str, Any]:
    """Return a Statement; empty if it is none."""
    try:
        told: dict[str, Any] = msgspec.json.decode(payload, type=dict[str, Any])
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return {}
    is_one = told.get("_type") == "https://in-toto.io/Statement/v1"
    return told if is_one and isinstance(told.get("predicate"), dict) else {}


def _foreign(told: Mapping[str, dict[str, Any]], files: Mapping[str, bytes]) -> Iterator[str]:
    """Yield the statements that speak of other files: subjects are matched by their digest."""
    known = _digests(files)
    for path, statement in told.items():
        subject = statement.get("subject")
        if not isinstance(subject, list) or not subject:
            yield f"{path} holds no statement"
            continue
        for one in subject:
            digest = one.get("digest") if isinstance(one, dict) else None
            found = digest.get("sha256") if isinstance(digest, dict) else None
            if found not in known:
                name = str(one.get("name"))[:80] if isinstance(one, dict) else "something"
                yield f"swapped: {path} speaks of another {name}"
                break


def _digests(files: Mapping[str, bytes]) -> set[str]:
    """Return the sha256 of all that a statement can speak of."""
    found = {hashlib.sha256(text).hexdigest() for path, text in files.items()
             if path.endswith(SUMS) or path == "release.json"}  # fmt: skip
    for path, text in files.items():
        try:
            found.update(parse_sums(text).values() if path.endswith(SUMS) else ())
            if path.rpartition("/")[2] in {"release.json", "manifest.json"}:
                told = msgspec.json.decode(text)
                made = told.get("products" if "release" in path else "delivers") or {}
                found.update(one["sha256"] for one in made.values())
        except (ValueError, TypeError, AttributeError, LookupError, RecursionError):
            continue  # A step of its own says that it cannot be read.
    return found


def _incomplete(
    told: Mapping[str, dict[str, Any]], attested: Mapping[str, bytes], files: Mapping[str, bytes]
) -> Iterator[str]:
    """Yield what was taken away or put in, by the decision that lists all others."""
    kinds = [statement.get("predicateType") for statement in told.values()]
    if "release.json" not in files:
        yield from (f"there is no {kind}" for kind in _OF_A_RUN if kind not in kinds)
        return
    decisions = [path for path in told if told[path].get("predicateType") == _DECISION]
    # Whether its envelope and its bundle say the same is looked at elsewhere.
    if len({path.split(".")[0] for path in decisions}) != 1:
        yield f"there are {len(decisions)} decisions where one was made"
        return
    predicate = told[decisions[0]]["predicate"]
    try:
        listed = {one["uri"]: one["digest"]["sha256"] for one in predicate["inputAttestations"]}
    except (LookupError, TypeError):
        yield f"{decisions[0]} does not list what it stands on"
        return
    there = {path: hashlib.sha256(text).hexdigest() for path, text in attested.items()}
    for one in decisions:
        del there[one]
    yield from (f"{path} was taken away" for path in sorted(listed.keys() - there.keys()))
    yield from (f"{path} was put in" for path in sorted(there.keys() - listed.keys()))
    for path in sorted(listed.keys() & there.keys()):
        if listed[path] != there[path]:
            yield f"{path} is not the one that the decision stands on"


def _people(files: Mapping[str, bytes], trust: Trust) -> tuple[str, str]:
    """Return what is wrong with signed words, or whose they are."""
    odd: list[str] = []
    fine: list[str] = []
    for kind in (Approval, Waiver):
        folder = f"{kind.folder}/"
        for path in sorted(files):
            if path.startswith(folder) and path.endswith(".json"):
                problem, words = _word(files, path, kind, trust)
                odd += [problem] if problem else []
                fine += [words] if words else []
    return "; ".join(odd), "; ".join(fine) or "nobody said anything that is signed"


def _word(
    files: Mapping[str, bytes], path: str, kind: type[Approval | Waiver], trust: Trust
) -> tuple[str, str]:
    """Return what is wrong with one word, or what it says and who signed it."""
    try:
        word = msgspec.json.decode(files[path], type=kind)
        release = msgspec.json.decode(files["release.json"], type=Release)
        parse_time(word.at)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return f"{path} cannot be read", ""
    if f"{path}.sig" not in files:
        return f"{path} has lost its signature", ""
    if word.digest != release.digest:
        return f"replayed: {path} is for other bytes, {word.version}", ""
    then = replace(trust, at=word.at)
    looked = judge_signer(path, files[path], files[f"{path}.sig"], then, kind.namespace)
    if looked.problem:
        return looked.problem, ""
    signer = signer_of(read_signers(trust.signers), looked.principals)
    if looked.principals and (signer is None or not signer.is_named(word.by)):
        return f"forged: {path} is by {word.by[:80]} and was {looked.words}", ""
    verb = f"excepts it from {word.rule!r}" if isinstance(word, Waiver) else "approves it"
    return "", f"{word.by[:80]} {verb} for {word.environment}, {looked.words}"
