"""What is exported, read by other people's libraries."""

from __future__ import annotations

import base64
import hashlib
import json
import subprocess
from typing import TYPE_CHECKING, Any

import msgspec
import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from google.protobuf import json_format
from in_toto_attestation.v1 import statement_pb2
from in_toto_attestation.v1.statement import Statement
from securesystemslib.dsse import Envelope
from securesystemslib.exceptions import UnverifiedSignatureError
from securesystemslib.signer import Key  # type: ignore[attr-defined] # no __all__

from jupyter_mlcd.bundle.attestations import IN_JUPYTERLAB, builder_id
from jupyter_mlcd.bundle.papers import ExportPapers
from jupyter_mlcd.model.approval import Approval, SignedStatement, Statements, Waiver
from jupyter_mlcd.model.dsse import IN_TOTO, NAMESPACE, pae
from jupyter_mlcd.model.evidence import MANIFEST, SUMS, Manifest, Software, sums
from jupyter_mlcd.model.gate import Finding, Gate, Outcome, Score
from jupyter_mlcd.model.release import Release, ReleasedRun, canonical
from jupyter_mlcd.model.result import FileDigest, Verdict
from jupyter_mlcd.model.verify_text import exported_text
from jupyter_mlcd.world.ssh_signatures import SigningKey, sign
from tests.model.examples import result, run

if TYPE_CHECKING:
    from pathlib import Path

    from securesystemslib.signer import Signature  # type: ignore[attr-defined] # no __all__

MODEL = FileDigest("e" * 64, 1000)
SCORE = Score("train.ipynb", {"train.ipynb": 0.9}, "basis")


def manifest(**changes: Any) -> Manifest:
    plain: dict[str, Any] = {
        "run": run(result("train.ipynb", parameters={"seed": 1}), ended="2026-03-01T09:31:00Z"),
        "prefix": "",
        "notebooks": {"train.ipynb": "notebooks/000-train.ipynb"},
        "sources": {"train.ipynb": "b" * 64},
        "inputs": {},
        "scores": {"accuracy": SCORE},
        "delivers": {"model.joblib": MODEL},
        "undelivered": "",
        "config": "c" * 64,
        "software": Software("python3", "python", "3.11", "Linux", {"Ab C": "1.0+x", "numpy": "2"}),
        "attempt": 1,
        "builder": "local",
        "made_by": "jupyter_mlcd 0.1.0",
    }
    return Manifest(**{**plain, **changes})


def bundle() -> dict[str, bytes]:
    files = {MANIFEST: canonical(manifest()), "notebooks/000-train.ipynb": b"{}"}
    return {**files, SUMS: sums(files)}


def release() -> Release:
    return Release(
        project="digits",
        version="0.1.0",
        commit="c" * 40,
        tree="a" * 40,
        runs=(ReleasedRun("quality", "0195-run", "sha256:" + "d" * 64),),
        products={"model.joblib": MODEL},
        scores={"accuracy": SCORE},
        policy=(Gate("accuracy", at_least=0.5),),
        findings=(Finding("accuracy is at least 0.5", Outcome.MET, "0.9", "accuracy", 0.9, 0.5),),
    )


def statements() -> Statements:
    """Return an approval that counts and an exception that is over."""
    said: dict[str, Any] = {
        "project": "digits",
        "version": "0.1.0",
        "digest": release().digest,
        "environment": "production",
        "policy": "sha256:" + "f" * 64,
        "by": "Ken <ken@example.org>",
        "at": "2026-03-01T10:00:00Z",
    }
    yes = Approval(**said, comment="Reads well")
    but = Waiver(**said, rule="accuracy is at least 0.5", reason="A try", expires="2026-03-01")
    signed = (
        SignedStatement("0195-yes", yes, yes.to_bytes(), b"signature", "ken@example.org"),
        SignedStatement("0195-but", but, but.to_bytes(), b"other", "ken@example.org", "it expired"),
    )
    return Statements("2026-03-02T00:00:00Z", signed)


@pytest.fixture(scope="module")
def key(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("keys") / "key"
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(place)], check=True)
    return place


def exported(key: Path | None) -> dict[str, bytes]:
    signer = (lambda data: sign(data, SigningKey(key), NAMESPACE)) if key else None
    tested = {"0195-run": (manifest(), bundle())}
    files = {"release.json": release().to_bytes()}
    at = "2026-03-02T00:00:00Z"
    return ExportPapers(signer).of_release(release(), at, files, tested, statements(), ())


class SshKey(Key):
    """A key of securesystemslib whose signatures ssh-keygen looks at."""

    def __init__(self, place: Path) -> None:
        told = subprocess.run(
            ["ssh-keygen", "-l", "-f", str(place)], check=True, capture_output=True, text=True
        )
        super().__init__(told.stdout.split()[1], "ssh", "ssh", {"public": ""})
        self.place = place

    @classmethod
    def from_dict(cls, keyid: str, key_dict: dict[str, Any]) -> SshKey:
        raise NotImplementedError

    def to_dict(self) -> dict[str, Any]:
        raise NotImplementedError

    def verify_signature(self, signature: Signature, data: bytes) -> None:
        signers, file = self.place.with_name("signers"), self.place.with_name("sig")
        signers.write_text(f"me {self.place.with_suffix('.pub').read_text()}")
        file.write_bytes(bytes.fromhex(signature.signature))
        done = subprocess.run(
            ["ssh-keygen", "-Y", "verify", "-f", str(signers), "-I", "me", "-n", NAMESPACE,
             "-s", str(file)],
            input=data, check=False, capture_output=True,
        )  # fmt: skip
        if done.returncode:
            raise UnverifiedSignatureError(done.stderr)


def envelopes(files: dict[str, bytes]) -> dict[str, bytes]:
    return {path: text for path, text in files.items() if path.endswith(".dsse.json")}


def test_securesystemslib_accepts_every_signed_statement(key: Path) -> None:
    found = envelopes(exported(key))
    assert len(found) == 5
    for text in found.values():
        envelope = Envelope.from_dict(json.loads(text))
        assert envelope.pae() == pae(envelope.payload)
        assert envelope.verify([SshKey(key)], 1)


def test_securesystemslib_refuses_a_changed_one(key: Path) -> None:
    (text, *_) = envelopes(exported(key)).values()
    wire = json.loads(text)
    wire["payload"] = base64.b64encode(base64.b64decode(wire["payload"]) + b" ").decode()
    with pytest.raises(Exception, match="signatures do not match threshold"):
        Envelope.from_dict(wire).verify([SshKey(key)], 1)


def test_in_toto_accepts_every_statement_signed_or_not(key: Path) -> None:
    signed = [json.loads(text) for text in envelopes(exported(key)).values()]
    assert {one["payloadType"] for one in signed} == {IN_TOTO}
    texts = [base64.b64decode(one["payload"]) for one in signed]
    bare = exported(None)
    texts += [text for path, text in bare.items() if path.startswith("attestations/")]
    assert len(texts) == 10
    for text in texts:
        message = json_format.Parse(text, statement_pb2.Statement())
        Statement.copy_from_pb(message).validate()
        # sigstore takes no subject without a name, and no digest but sha256.
        assert all(one["name"] and list(one["digest"]) == ["sha256"]
                   for one in json.loads(text)["subject"])  # fmt: skip


def test_what_people_signed_is_attested_with_its_bytes_and_whether_it_counts() -> None:
    files = exported(None)
    yes = json.loads(files["attestations/40-approval-0195-yes.UNSIGNED.json"])
    assert yes["subject"] == [
        {"name": "release.json", "digest": {"sha256": release().digest.removeprefix("sha256:")}}
    ]
    told = yes["predicate"]
    assert told["reviewers"] == [{"name": "Ken <ken@example.org>", "uri": "mailto:ken@example.org"}]
    assert (told["result"], told["environment"]) == ("APPROVED", "production")
    (given, signature) = told["signed"]
    assert given["digest"]["sha256"] == hashlib.sha256(statements().signed[0].data).hexdigest()
    assert (given["name"], signature["name"]) == (
        "approvals/0195-yes.json",
        "approvals/0195-yes.json.sig",
    )
    assert told["looked"]["counts"]
    but = json.loads(files["attestations/50-exception-0195-but.UNSIGNED.json"])["predicate"]
    assert (but["rule"], but["reason"]) == ("accuracy is at least 0.5", "A try")
    assert but["looked"] == {"at": statements().looked, "counts": False, "why": "it expired"}


def test_the_decision_lists_all_that_is_attested_and_the_exceptions() -> None:
    files = exported(None)
    told = json.loads(files["attestations/30-decision.UNSIGNED.json"])["predicate"]
    listed = {one["uri"]: one["digest"]["sha256"] for one in told["inputAttestations"]}
    there = {
        path: hashlib.sha256(text).hexdigest()
        for path, text in files.items()
        if path.startswith("attestations/") and "decision" not in path
    }
    assert listed == there
    (exception,) = told["mlcd_exceptions"]
    assert (exception["environment"], exception["counts"]) == ("production", False)


def test_nobody_writes_commands_into_verify_md() -> None:
    yes = statements().signed[0]
    odd = Approval(
        **{
            **msgspec.structs.asdict(yes.statement),
            "by": "Eve\n\n       rm -rf / <eve@example.org>",
        }
    )
    said = SignedStatement("a", odd, b"", b"", "x; rm -rf /")
    text = exported_text(release(), Statements("", (said,), ("b\n       rm",)), (), is_signed=False)
    commands = [one for one in text.decode().split("\n") if one.startswith(" " * 7)]
    assert not [one for one in commands if "rm" in one.replace("-I 'x; rm -rf /'", "")]


def test_what_nobody_signed_says_so_in_its_name() -> None:
    names = [path for path in exported(None) if path.startswith("attestations/")]
    assert names
    assert all(name.endswith(".UNSIGNED.json") for name in names)


def test_different_doors_are_different_builders() -> None:
    made = [
        manifest(),
        manifest(made_by=f"jupyter_mlcd 0.1.0{IN_JUPYTERLAB}"),
        manifest(builder="github"),
    ]
    found = {builder_id(one).partition("#")[2] for one in made}
    assert found == {"local-command-line", "interactive", "ci-github"}


def test_a_red_run_is_attested_as_failed() -> None:
    red = manifest(run=run(result("train.ipynb", Verdict.FAILED), verdict=Verdict.FAILED))
    files = ExportPapers(None).of_run(red, bundle())
    statement = json.loads(files["attestations/10-test-result.UNSIGNED.json"])
    assert statement["predicate"]["result"] == "FAILED"
    assert statement["predicate"]["failedTests"] == ["train.ipynb"]


def test_the_bill_of_materials_is_what_its_schema_says() -> None:
    text = exported(None)["software.cdx.json"]
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(text.decode()) is None
    model = json.loads(text)["metadata"]["component"]
    assert (model["type"], model["name"]) == ("machine-learning-model", "digits")


def test_the_model_card_tells_scores_and_files_and_no_markup_of_others() -> None:
    text = exported(None)["MODEL_CARD.md"].decode()
    assert "| accuracy | train.ipynb | 0.9 |" in text
    assert MODEL.sha256 in text
    odd = msgspec.structs.replace(release(), project="<script>a</script>")
    tested = {"0195-run": (manifest(), bundle())}
    card = ExportPapers(None).of_release(odd, "", {}, tested, Statements(), ())["MODEL_CARD.md"]
    assert b"<script>" not in card
