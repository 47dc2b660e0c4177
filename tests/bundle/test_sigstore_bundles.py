"""Sigstore bundles looked at: what is forged, moved, out of its time or of others is refused."""

from __future__ import annotations

import base64
import json
import random
import re
from typing import TYPE_CHECKING, Any

import pytest

from jupyter_mlcd.bundle.sigstore_bundles import keyless_trust, look_at
from jupyter_mlcd.bundle.sigstore_signing import keyless_signer
from jupyter_mlcd.bundle.sigstore_trust import verifying_root
from jupyter_mlcd.model.errors import SigningError
from jupyter_mlcd.model.keyless import KeylessTrust, Seal, bundled_statement
from tests.bundle.sigstore_authority import ISSUER
from tests.bundle.sigstore_service import Service, sigstore
from tests.bundle.test_sigstore_signing import MARA, STATEMENT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from sigstore.models import TrustedRoot

MUTATIONS = 300


@pytest.fixture(scope="module", params=[False, True], ids=["first kind", "tiles"])
def service(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Service]:
    with sigstore(tmp_path_factory.mktemp("sigstore"), tiles=request.param) as running:
        yield running


@pytest.fixture(scope="module")
def made(service: Service) -> bytes:
    return keyless_signer(service.trust(), service.token(MARA), {}).statement(STATEMENT)


@pytest.fixture(scope="module")
def root(service: Service) -> TrustedRoot:
    return verifying_root(service.trust())


def test_a_bundle_says_who_signed_and_when_it_was_logged(made: bytes, root: TrustedRoot) -> None:
    seal = look_at(made, None, root)
    assert (seal.problem, seal.identity, seal.issuer, seal.index) == ("", MARA, ISSUER, 3)
    assert re.fullmatch(r"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d(\.0+)?Z", seal.logged)
    assert bundled_statement(made) == STATEMENT


def _payload(told: Any) -> None:
    told["dsseEnvelope"]["payload"] = base64.b64encode(STATEMENT + b" ").decode()


def _kind(told: Any) -> None:
    told["dsseEnvelope"]["payloadType"] = "text/plain"


def _entry(told: Any) -> Any:
    return told["verificationMaterial"]["tlogEntries"][0]


CHANGES: dict[str, Callable[[Any], object]] = {
    "another statement": _payload,
    "another type": _kind,
    "no envelope": lambda told: told.pop("dsseEnvelope"),
    "no place in a log": lambda told: _entry(told).pop("inclusionProof"),
    "no log": lambda told: told["verificationMaterial"].pop("tlogEntries"),
    "twice in the log": lambda told: told["verificationMaterial"]["tlogEntries"].append(
        _entry(told)
    ),
    "no time": lambda told: (
        _entry(told).pop("inclusionPromise", None),
        told["verificationMaterial"].pop("timestampVerificationData", None),
    ),
    "another root": lambda told: _entry(told)["inclusionProof"].update(rootHash="AAAA"),
    "a shorter proof": lambda told: _entry(told)["inclusionProof"]["hashes"].pop(),
    "no certificate": lambda told: told["verificationMaterial"].pop("certificate"),
    "another format": lambda told: told.update(mediaType="application/json"),
}


@pytest.mark.parametrize("change", CHANGES)
def test_what_was_changed_is_refused(made: bytes, root: TrustedRoot, change: str) -> None:
    told = json.loads(made)
    CHANGES[change](told)
    seal = look_at(json.dumps(told).encode(), None, root)
    assert seal.problem
    assert not seal.identity


def test_no_changed_byte_makes_somebody_else_sign_something_else(
    made: bytes, root: TrustedRoot
) -> None:
    """A byte may stand where nothing is said; then all that counts is as it was."""
    right = look_at(made, None, root)
    chance = random.Random(20)  # noqa: S311 - the same every time
    refused = 0
    for _ in range(MUTATIONS):
        at = chance.randrange(len(made))
        changed = bytearray(made)
        changed[at] = chance.choice([one for one in b"AZaz09+/" if one != changed[at]])
        seal = look_at(bytes(changed), None, root)
        refused += bool(seal.problem)
        assert seal.problem or (seal == right and bundled_statement(bytes(changed)) == STATEMENT), (
            at
        )
    assert refused > MUTATIONS * 0.9


def test_a_file_is_not_a_statement_and_not_another_file(
    service: Service, made: bytes, root: TrustedRoot
) -> None:
    sums = keyless_signer(service.trust(), service.token(MARA), {}).file(b"sums")
    assert look_at(sums, b"sums", root).identity == MARA
    assert look_at(sums, b"other", root).problem
    assert look_at(sums, None, root).problem
    assert look_at(made, STATEMENT, root).problem


@pytest.mark.parametrize("text", [b"", b"{", b"[]", b"null", b"\xff", b"[" * 5000, b'{"a": 1}'])
def test_what_is_no_bundle_is_refused(root: TrustedRoot, text: bytes) -> None:
    assert look_at(text, None, root).problem.startswith("forged or broken: ")


def test_another_sigstore_does_not_vouch(made: bytes, tmp_path: Path) -> None:
    with sigstore(tmp_path) as theirs:
        assert look_at(made, None, verifying_root(theirs.trust())).problem


def test_the_public_one_does_not_vouch_for_a_companys_own(
    made: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its keys come with the library, and nothing is asked of a network."""
    for name in ("HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME"):
        monkeypatch.setenv(name, str(tmp_path))
    trust = keyless_trust((), None)
    assert trust.look is not None
    assert trust.look(made, None).problem


def test_what_was_logged_when_the_certificate_was_over_is_refused(tmp_path: Path) -> None:
    with sigstore(tmp_path) as service:
        service.log.ago = 3600
        by = keyless_signer(service.trust(), service.token(MARA), {})
        with pytest.raises(SigningError, match="forged or broken"):
            by.statement(STATEMENT)


def test_nobody_counts_where_nobody_is_named() -> None:
    assert not KeylessTrust().counts(Seal("", MARA, ISSUER))
