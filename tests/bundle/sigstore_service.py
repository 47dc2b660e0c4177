"""A company's own Sigstore on the loopback: authority, log, time stamps, and the file of its keys.

What Sigstore's own library needs to sign and to verify without any network. ``openssl ts`` makes
the time stamps.
"""

from __future__ import annotations

import base64
import json
import shutil
import subprocess
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from cryptography.hazmat.primitives.serialization import Encoding

from tests.bundle.sigstore_authority import (
    Authority,
    RefusedRequestError,
    b64,
    key_id,
    public_bytes,
)
from tests.bundle.sigstore_log import Log
from tests.serving import Quiet, serving

if TYPE_CHECKING:
    import threading
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from cryptography.hazmat.primitives.asymmetric import ec

_START = "2020-01-01T00:00:00Z"
_TIMES = """\
[tsa]
default_tsa = times
[times]
serial = serial
signer_digest = sha256
default_policy = 1.2.3.4
digests = sha256
ordering = no
[ca]
basicConstraints = critical, CA:TRUE
keyUsage = critical, keyCertSign
[leaf]
keyUsage = critical, digitalSignature
extendedKeyUsage = critical, timeStamping
"""


@dataclass
class Service:
    """One Sigstore, and how it misbehaves."""

    folder: Path
    url: str = ""
    tiles: bool = False
    """Whether its log is of the second kind, which needs time stamps."""
    authority: Authority = field(default_factory=Authority)
    log: Log = field(default_factory=Log)
    refuses: Callable[[str], int] = lambda _path: 0
    """Return the status that a path is answered with; 0 answers as it should."""
    spoils: Callable[[Any], Any] = lambda answer: answer
    """Change what the log answers."""
    asked: list[str] = field(default_factory=list)
    waits: threading.Event | None = None
    """The log does not answer before this."""

    def answer(self, path: str, content: bytes, token: str) -> tuple[int, bytes]:
        self.asked.append(path)
        if status := self.refuses(path):
            return status, b'{"code": 1, "message": "not today"}'
        if path == "/times":
            return 200, self._stamped(content)
        if path == "/token":  # Whoever has typed the code is Ken.
            is_known = b"code=a+code" in content
            given = {"access_token": self.authority.token("ken@example.org")}
            return (200, json.dumps(given).encode()) if is_known else (401, b"{}")
        told = json.loads(content)
        try:
            if path == "/api/v2/signingCert":
                request = base64.b64decode(told["certificateSigningRequest"])
                chain = self.authority.certify(token, request)
                texts = [one.public_bytes(Encoding.PEM).decode() for one in chain]
                made = {"signedCertificateEmbeddedSct": {"chain": {"certificates": texts}}}
                return 200, json.dumps(made).encode()
            if self.waits is not None:
                self.waits.wait(60)
            enter = self.log.enter_tile if self.tiles else self.log.enter
            return 201, json.dumps(self.spoils(enter(told))).encode()
        except RefusedRequestError as error:
            return 400, json.dumps({"code": 400, "message": str(error)}).encode()

    def trust(self) -> Path:
        """Write and return the file by which all of it is trusted."""
        place = self.folder / "trust.json"
        place.write_text(json.dumps(self._config()))
        place.chmod(0o600)
        return place

    def token(self, identity: str = "mara@example.org", **changes: Any) -> Path:
        """Write and return the file with somebody's token."""
        place = self.folder / "token"
        place.write_text(self.authority.token(identity, **changes) + "\n")
        return place

    def _config(self) -> dict[str, Any]:
        one = {"url": self.url, "validFor": {"start": _START}, "operator": "example.org"}
        root = self.authority.root.public_bytes(Encoding.DER)
        chain = {
            "subject": {"organization": "example.org", "commonName": "authority"},
            "uri": self.url,
            "certChain": {"certificates": [{"rawBytes": b64(root)}]},
            "validFor": {"start": _START},
        }
        stamps = self._authority_for_times() if self.tiles else []
        version = 2 if self.tiles else 1
        return {
            "mediaType": "application/vnd.dev.sigstore.clienttrustconfig.v0.1+json",
            "trustedRoot": {
                "mediaType": "application/vnd.dev.sigstore.trustedroot+json;version=0.1",
                "tlogs": [self._logged(self.log.key)],
                "certificateAuthorities": [chain],
                "ctlogs": [self._logged(self.authority.log_key)],
                "timestampAuthorities": stamps,
            },
            "signingConfig": {
                "mediaType": "application/vnd.dev.sigstore.signingconfig.v0.2+json",
                "caUrls": [{**one, "majorApiVersion": 1}],
                "oidcUrls": [{**one, "majorApiVersion": 1}],
                "rekorTlogUrls": [{**one, "majorApiVersion": version}],
                "rekorTlogConfig": {"selector": "ANY"},
                "tsaUrls": [{**one, "url": f"{self.url}/times", "majorApiVersion": 1}] * self.tiles,
                "tsaConfig": {"selector": "ANY"},
            },
        }

    def _logged(self, key: ec.EllipticCurvePrivateKey) -> dict[str, Any]:
        return {
            "baseUrl": self.url,
            "hashAlgorithm": "SHA2_256",
            "publicKey": {
                "rawBytes": b64(public_bytes(key)),
                "keyDetails": "PKIX_ECDSA_P256_SHA_256",
                "validFor": {"start": _START},
            },
            "logId": {"keyId": b64(key_id(key))},
        }

    def _authority_for_times(self) -> list[dict[str, Any]]:
        made = [self.folder / name for name in ("times.der", "times-root.der")]
        if not made[0].exists():
            (self.folder / "ts.cnf").write_text(_TIMES)
            (self.folder / "serial").write_text("01")
            new = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes")
            self._openssl("req", "-x509", *new, "-keyout", "root.pem", "-out", "times-root.crt",
                          "-subj", "/CN=root", "-extensions", "ca")  # fmt: skip
            self._openssl("req", *new, "-keyout", "times.pem", "-out", "times.csr",
                          "-subj", "/CN=times")  # fmt: skip
            self._openssl("x509", "-req", "-in", "times.csr", "-CA", "times-root.crt", "-CAkey",
                          "root.pem", "-CAcreateserial", "-out", "times.crt", "-extfile",
                          "ts.cnf", "-extensions", "leaf")  # fmt: skip
            for name in ("times", "times-root"):
                self._openssl(
                    "x509", "-in", f"{name}.crt", "-outform", "DER", "-out", f"{name}.der"
                )
        chain = [{"rawBytes": b64(one.read_bytes())} for one in made]
        return [{
            "subject": {"organization": "example.org", "commonName": "times"},
            "uri": f"{self.url}/times",
            "certChain": {"certificates": chain},
            "validFor": {"start": _START},
        }]  # fmt: skip

    def _stamped(self, query: bytes) -> bytes:
        (self.folder / "query.tsq").write_bytes(query)
        self._openssl("ts", "-reply", "-queryfile", "query.tsq", "-config", "ts.cnf", "-signer",
                      "times.crt", "-inkey", "times.pem", "-out", "reply.tsr")  # fmt: skip
        return (self.folder / "reply.tsr").read_bytes()

    def _openssl(self, *words: str) -> None:
        given = words
        if words[0] == "req":
            given = (*words, "-config", "req.cnf")
            common = "[req]\ndistinguished_name = dn\n[dn]\n"
            (self.folder / "req.cnf").write_text(common + _TIMES)
        subprocess.run([shutil.which("openssl") or "openssl", *given], cwd=self.folder, check=True,
                       capture_output=True)  # fmt: skip


@contextmanager
def sigstore(folder: Path, *, tiles: bool = False) -> Iterator[Service]:
    """Run a Sigstore for as long as it is needed."""
    folder.mkdir(parents=True, exist_ok=True)
    service = Service(folder, tiles=tiles)

    class Answering(Quiet):
        def do_GET(self) -> None:  # noqa: N802 - as the library names it
            told = {f"{one}_endpoint": f"{service.url}/{one}" for one in ("authorization", "token")}
            known = self.path == "/.well-known/openid-configuration"
            self.said(200 if known else 404, {}, json.dumps(told).encode())

        def do_POST(self) -> None:  # noqa: N802 - as the library names it
            content = self.rfile.read(int(self.headers["Content-Length"]))
            token = (self.headers["Authorization"] or "").removeprefix("Bearer ")
            status, text = service.answer(self.path, content, token)
            with suppress(ConnectionError):  # Who was kept waiting has gone.
                self.said(status, {"Content-Type": "application/json"}, text)

    with serving(Answering) as service.url:
        yield service
