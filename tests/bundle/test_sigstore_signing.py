"""Signing by Sigstore: its own client, against services on the loopback that really sign."""

from __future__ import annotations

import json
import threading
from typing import TYPE_CHECKING, Any

import pytest
from sigstore.dsse import Statement
from sigstore.models import Bundle, ClientTrustConfig
from sigstore.verify import Verifier, policy

from jupyter_mlcd.bundle import sigstore_signing
from jupyter_mlcd.bundle.papers import ExportPapers
from jupyter_mlcd.bundle.sigstore_signing import KeylessSigner, keyless_signer
from jupyter_mlcd.model.dsse import IN_TOTO
from jupyter_mlcd.model.errors import SigningError, UsageError
from tests.bundle.sigstore_authority import ISSUER, Authority
from tests.bundle.sigstore_log import Log
from tests.bundle.sigstore_service import Service, sigstore
from tests.bundle.test_attestations import bundle, manifest, release, statements

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

MARA = "mara@example.org"
STATEMENT = json.dumps(
    {
        "_type": "https://in-toto.io/Statement/v1",
        "subject": [{"name": "a", "digest": {"sha256": "a" * 64}}],
        "predicateType": "https://example.org/p/v1",
        "predicate": {"b": 1},
    }
).encode()


@pytest.fixture(params=[False, True], ids=["log of the first kind", "log of tiles"])
def each_kind(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Service]:
    with sigstore(tmp_path, tiles=request.param) as running:
        yield running


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Service]:
    with sigstore(tmp_path) as running:
        yield running


def signer(service: Service, **changes: Any) -> KeylessSigner:
    return keyless_signer(service.trust(), service.token(MARA, **changes), {})


def refused(service: Service, by: KeylessSigner | None = None) -> SigningError:
    with pytest.raises(SigningError) as caught:
        (by or signer(service)).statement(STATEMENT)
    return caught.value


def test_sigstores_own_verifier_accepts_a_statement_and_a_file(each_kind: Service) -> None:
    by = signer(each_kind)
    made, file = Bundle.from_json(by.statement(STATEMENT)), Bundle.from_json(by.file(b"sums"))
    root = ClientTrustConfig.from_json(each_kind.trust().read_text()).trusted_root
    whom = policy.Identity(identity=MARA, issuer=ISSUER)
    assert Verifier(trusted_root=root).verify_dsse(made, whom) == (IN_TOTO, STATEMENT)
    Verifier(trusted_root=root).verify_artifact(b"sums", file, whom)
    assert (
        json.loads(made.to_json())["mediaType"] == "application/vnd.dev.sigstore.bundle.v0.3+json"
    )


def test_every_exported_statement_is_taken_and_stays_byte_by_byte(service: Service) -> None:
    by = signer(service)
    tested = {"0195-run": (manifest(), bundle())}
    files = {"release.json": release().to_bytes()}
    papers = ExportPapers(None, by)
    at = "2026-03-02T00:00:00Z"
    made = papers.of_release(release(), at, files, tested, statements(), ())
    bundles = {path: text for path, text in made.items() if path.endswith(".sigstore.json")}
    assert len(bundles) == len(by.published) == 6
    assert sorted(seal.index for seal in by.published) == [3, 4, 5, 6, 7, 8]
    kinds = set()
    for path, text in bundles.items():
        if path.startswith("attestations/"):
            envelope = Bundle.from_json(text)._dsse_envelope  # noqa: SLF001
            assert envelope is not None
            kinds.add(Statement(envelope._inner.payload)._inner.predicate_type)  # noqa: SLF001
    assert len(kinds) == 5
    assert service.asked.count("/api/v2/signingCert") == 1


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"aud": "other"}, "malformed or missing claims"),
        ({"exp": 1}, "malformed or missing claims"),
    ],
)
def test_a_token_that_is_not_for_this_is_refused_before_anything_is_sent(
    service: Service, changes: dict[str, Any], words: str
) -> None:
    with pytest.raises(SigningError, match=words) as caught:
        signer(service, **changes)
    assert caught.value.code == "sigstore-token"
    assert caught.value.hint.startswith("Nothing was written. Get a new token")
    assert not service.asked


def test_a_forged_token_gets_no_certificate(service: Service) -> None:
    service.authority.login_key = Authority().login_key
    by = signer(service)
    service.authority.login_key = Authority().login_key
    error = refused(service, by)
    assert error.code == "sigstore-refused"
    assert "the certificate authority refused: 400" in error.message
    assert "/api/v1/log/entries" not in service.asked


def test_who_refuses_and_what_is_published_is_said(service: Service) -> None:
    by = signer(service)
    by.statement(STATEMENT)
    service.refuses = lambda path: 503 if "log" in path else 0
    error = refused(service, by)
    assert (error.code, error.exit_code) == ("sigstore-refused", 4)
    assert service.url in error.message
    assert "the log refused: 1: not today" in error.message
    assert "Nothing was written. The log holds 1 lines with your identity by now" in error.hint


def test_a_network_that_is_gone_is_said(tmp_path: Path) -> None:
    with sigstore(tmp_path) as service:
        by = signer(service)
    error = refused(service, by)
    assert error.code == "sigstore-network"
    assert "Nothing was written. Export again when the network is there" in error.hint


def test_a_log_that_does_not_answer_is_not_waited_for_for_ever(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sigstore_signing, "_SECONDS", (1.0, 0.3))
    service.waits = threading.Event()
    error = refused(service)
    service.waits.set()
    assert error.code == "sigstore-network"
    assert "timed out" in error.message


def _moved(answer: dict[str, Any]) -> dict[str, Any]:
    (told,) = answer.values()
    told["logIndex"] += 1
    return answer


def _earlier(answer: dict[str, Any]) -> dict[str, Any]:
    (told,) = answer.values()
    told["integratedTime"] -= 1
    return answer


@pytest.mark.parametrize("lie", [_moved, _earlier, lambda _answer: {}, lambda _answer: ["no"]])
def test_a_log_that_lies_is_not_believed(service: Service, lie: Any) -> None:
    service.spoils = lie
    error = refused(service)
    assert error.code == "sigstore-answer"
    assert error.hint.startswith("Nothing was written.")


def test_a_log_or_authority_of_somebody_else_is_not_believed(service: Service) -> None:
    by = signer(service)
    service.log = Log()
    assert refused(service, by).code == "sigstore-answer"
    by = signer(service)
    service.authority.log_key = Authority().log_key
    assert refused(service, by).code == "sigstore-answer"


def test_a_token_comes_from_a_file_the_environment_or_the_pipeline(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("GITHUB_ACTIONS", "GITLAB_CI", "BUILDKITE", "CIRCLECI"):
        monkeypatch.delenv(name, raising=False)
    trust, token = service.trust(), service.authority.token("ken@example.org")
    assert keyless_signer(trust, service.token(MARA), {"SIGSTORE_IDENTITY_TOKEN": token}).who == (
        f"{MARA} ({ISSUER})"
    )
    named = keyless_signer(trust, None, {"SIGSTORE_IDENTITY_TOKEN": token})
    assert named.who == f"ken@example.org ({ISSUER})"
    assert keyless_signer(trust, None, {}).who == ""
    monkeypatch.setenv("GITLAB_CI", "true")
    with pytest.raises(SigningError, match="SIGSTORE_ID_TOKEN"):
        keyless_signer(trust, None, {})
    monkeypatch.setenv("SIGSTORE_ID_TOKEN", token)
    assert keyless_signer(trust, None, {}).who == f"ken@example.org ({ISSUER})"


def test_github_says_which_permission_is_missing(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    monkeypatch.delenv("ACTIONS_ID_TOKEN_REQUEST_TOKEN", raising=False)
    with pytest.raises(SigningError, match="ACTIONS_ID_TOKEN_REQUEST_TOKEN") as caught:
        keyless_signer(service.trust(), None, {})
    assert "id-token: write" in caught.value.hint


def test_without_the_library_it_is_said_how_to_get_it(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda _name: None)
    with pytest.raises(UsageError) as caught:
        signer(service)
    assert "jupyter_mlcd[sigstore]" in caught.value.hint
