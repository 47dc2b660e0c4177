"""Our bundles, looked at by sigstore-js, which shares no code with what made them."""

from __future__ import annotations

import json
import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest

from jupyter_mlcd.bundle.sigstore_signing import keyless_signer
from tests.bundle.sigstore_service import sigstore
from tests.bundle.test_sigstore_signing import MARA, STATEMENT

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.real

PACKAGES = ("@sigstore/verify@4", "@sigstore/bundle@5", "@sigstore/protobuf-specs@0.5")
LOOK = """
import { readFileSync } from 'fs';
import { bundleFromJSON } from '@sigstore/bundle';
import { TrustedRoot } from '@sigstore/protobuf-specs';
import { Verifier, toSignedEntity, toTrustMaterial } from '@sigstore/verify';

const read = name => JSON.parse(readFileSync(name));
const root = toTrustMaterial(TrustedRoot.fromJSON(read('root.json')));
const each = { tlogThreshold: 1, ctlogThreshold: 1, timestampThreshold: 1 };
const [name, who] = process.argv.slice(2);
new Verifier(root, each).verify(toSignedEntity(bundleFromJSON(read(name))), {
  subjectAlternativeName: who
});
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("js")
    npm = shutil.which("npm")
    if npm is None:
        pytest.skip("no npm")
    options = ("--no-audit", "--no-fund", "--ignore-scripts")
    subprocess.run([npm, "install", *options, *PACKAGES], cwd=place, check=True)
    (place / "look.mjs").write_text(LOOK)
    return place


@pytest.mark.parametrize("tiles", [False, True], ids=["log of the first kind", "log of tiles"])
def test_sigstore_js_finds_the_same(folder: Path, tmp_path: Path, tiles: bool) -> None:
    with sigstore(tmp_path, tiles=tiles) as service:
        trust = json.loads(service.trust().read_text())
        made = keyless_signer(service.trust(), service.token(MARA), {}).statement(STATEMENT)
    (folder / "root.json").write_text(json.dumps(trust["trustedRoot"]))
    (folder / "right.json").write_bytes(made)
    told = json.loads(made)
    told["dsseEnvelope"]["payload"] = "e30="
    (folder / "wrong.json").write_text(json.dumps(told))
    assert look(folder, "right.json", MARA) == ""
    assert "certificate identity error" in look(folder, "right.json", "eve@example.org")
    assert "mismatch" in look(folder, "wrong.json", MARA)


def look(folder: Path, name: str, who: str) -> str:
    words = [shutil.which("node") or "node", "look.mjs", name, who]
    done = subprocess.run(words, cwd=folder, check=False, capture_output=True, text=True)
    assert (done.returncode == 0) == (not done.stderr)
    return done.stderr
