"""Who counts of those that sign exports by Sigstore, and what is said of forged ones."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING, Any

import pytest

from jupyter_mlcd.cli.exchange import keyless_by, verify_outside
from jupyter_mlcd.model.project import SigstoreTable
from tests.bundle.sigstore_authority import ISSUER
from tests.bundle.sigstore_service import Service, sigstore
from tests.journeys.projects import mlcd
from tests.journeys.sigstore_exports import STEP, THEM, WORKFLOW, bad, export, looked, step

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.faults.kept import Stage


def test_a_stranger_is_told_and_never_counted(signed: Path, service: Service) -> None:
    found = looked(service, signed)
    assert (found.ok, step(found).ok, step(found).proves) == (True, True, False)
    told = f"4 bundles by {WORKFLOW} ({ISSUER}), whom nobody named, so it does not count; logged 20"
    assert told in step(found).words
    trust = ("--sigstore-trust", str(service.trust()))
    ended = mlcd(signed.parent, "evidence", "verify", str(signed), *trust)
    assert f"? {STEP}" in ended.out
    assert "Every other step holds; 1 proves nothing." in ended.out
    for who in (("eve@example.org", ISSUER), (WORKFLOW, f"{ISSUER}/")):
        refused = looked(service, signed, who)
        assert not refused.ok
        assert "is not among those that count" in bad(refused)


def test_the_project_says_who_counts(
    released: Stage, signed: Path, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(released.folder)
    monkeypatch.setenv("MLCD_SIGSTORE_TRUST", str(service.trust()))
    assert not step(verify_outside(signed, None)).proves
    config = released.folder / "mlcd.toml"
    before = config.read_text()
    config.write_text(f'{before}\n[[sigstore]]\nidentity = "{WORKFLOW}"\nissuer = "{ISSUER}"\n')
    try:
        found = verify_outside(signed, None)
    finally:
        config.write_text(before)
    assert (step(found).ok, step(found).proves) == (True, True)


def _edit(name: str, change: Callable[[Any], None]) -> Callable[[Path], None]:
    def edit(place: Path) -> None:
        (path,) = (place / "attestations").glob(name)
        told = json.loads(path.read_text())
        change(told)
        path.write_text(json.dumps(told))

    return edit


def _swap(place: Path) -> None:
    one, other = (
        next((place / "attestations").glob("*20-prov*.sigstore.json")),
        next((place / "attestations").glob("*10-test*.sigstore.json")),
    )
    one.write_bytes(other.read_bytes())


def _later(told: Any) -> None:
    entry = told["verificationMaterial"]["tlogEntries"][0]
    entry["integratedTime"] = str(int(entry["integratedTime"]) + 1)


ATTACKS: dict[str, tuple[Callable[[Path], object], str]] = {
    "cut": (lambda at: (at / "SHA256SUMS.sigstore.json").write_bytes(b"{"), "forged or broken"),
    "lost": (lambda at: (at / "SHA256SUMS.sigstore.json").unlink(),
             "SHA256SUMS.sigstore.json was taken away"),
    "lost decision": (lambda at: (at / "attestations" / "30-decision.sigstore.json").unlink(),
                      "30-decision.sigstore.json was taken away"),
    "later": (_edit("30-decision.sigstore.json", _later), "forged or broken"),
    "twin": (_swap, "says something else than"),
    "sums": (lambda at: (at / "SHA256SUMS").write_bytes((at / "SHA256SUMS").read_bytes() + b"\n"),
             "SHA256SUMS.sigstore.json: forged or broken"),
}  # fmt: skip


@pytest.mark.parametrize("attack", ATTACKS)
def test_what_was_done_to_it_is_named(signed: Path, service: Service, attack: str) -> None:
    act, words = ATTACKS[attack]
    act(signed)
    found = looked(service, signed)
    assert not found.ok
    assert words in bad(found)


def test_all_bundles_taken_away_are_missed(signed: Path, service: Service) -> None:
    for path in (*(signed / "attestations").glob("*.sigstore.json"),
                 signed / "SHA256SUMS.sigstore.json"):  # fmt: skip
        path.unlink()
    assert "it was signed, and SHA256SUMS.sigstore.json is not here" in bad(looked(service, signed))


def test_a_bundle_of_another_release_is_named(
    released: Stage, service: Service, signed: Path, tmp_path: Path
) -> None:
    released.play_on(1)
    other = tmp_path / "other"
    done = export(released, service, other, "--yes", subject="0.2.0")
    assert done.code == 0, done.said
    name = "attestations/30-decision.sigstore.json"
    shutil.copy(other / name, signed / name)
    words = bad(looked(service, signed, THEM))
    assert f"swapped: {name} speaks of another release.json" in words


def test_another_sigstore_vouches_for_nothing(signed: Path, tmp_path: Path) -> None:
    with sigstore(tmp_path / "theirs") as theirs:
        found = looked(theirs, signed)
    assert not found.ok
    assert step(found).words.count("forged or broken") == 4


def test_a_companys_own_is_not_forged_for_who_knows_the_public_one_only(
    signed: Path, service: Service, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME"):
        monkeypatch.setenv(name, str(tmp_path))
    found = verify_outside(signed, None)
    assert (found.ok, step(found).ok, step(found).proves) == (True, True, False)
    assert step(found).words.startswith("not checked: it was signed with another Sigstore")
    named = SigstoreTable(identity=WORKFLOW, issuer=ISSUER)
    assert not verify_outside(signed, None, None, keyless_by(named, None)).ok
    # One that only says so does not hide among others.
    moved = next((signed / "attestations").glob("*20-prov*.sigstore.json"))
    told = json.loads(moved.read_text())
    told["verificationMaterial"]["tlogEntries"][0]["logId"]["keyId"] = "AAAA"
    moved.write_text(json.dumps(told))
    assert "forged or broken" in bad(looked(service, signed))
