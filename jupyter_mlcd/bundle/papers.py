"""What an export carries for people and programs without our software."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from jupyter_mlcd.bundle import attestations
from jupyter_mlcd.bundle.bill_of_materials import bill_of_materials
from jupyter_mlcd.bundle.model_card import model_card
from jupyter_mlcd.bundle.report import report_page
from jupyter_mlcd.model.evidence import SUMS, sums
from jupyter_mlcd.model.keyless import ATTESTATIONS, BUNDLE, SUMS_BUNDLE
from jupyter_mlcd.model.proof import BESIDE_THE_SUMS
from jupyter_mlcd.model.release import MODEL_SIGNATURE, NOTES, PRODUCTS
from jupyter_mlcd.model.verify_text import exported_text

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    from jupyter_mlcd.bundle.sigstore_signing import KeylessSigner
    from jupyter_mlcd.model.approval import Statements
    from jupyter_mlcd.model.evidence import Manifest
    from jupyter_mlcd.model.release import Release


@dataclass(frozen=True)
class ExportPapers:
    """Implements ``ports.Papers``."""

    sign: Callable[[bytes], bytes] | None
    """Gives the armoured signature of some bytes by the user's key; None where there is none."""
    keyless: KeylessSigner | None = None
    """Signs by Sigstore too, which publishes whose word it is; None unless a person asked."""

    def of_run(self, manifest: Manifest, files: Mapping[str, bytes]) -> dict[str, bytes]:
        """Return a run's attestations, and the signature of its sums."""
        made = self._attested(manifest, files)
        return {**made, **self._signed(files[SUMS])}

    def of_release(  # noqa: PLR0913, PLR0917 - all that an export stands on
        self,
        release: Release,
        at: str,
        files: Mapping[str, bytes],
        tested: Mapping[str, tuple[Manifest, Mapping[str, bytes]]],
        statements: Statements,
        carried: Collection[str],
    ) -> dict[str, bytes]:
        """Return all of an exported release but the files of its evidence, sums included."""
        manifests = [manifest for manifest, _ in tested.values()]
        made: dict[str, bytes] = {
            "software.cdx.json": bill_of_materials(release, manifests),
            "MODEL_CARD.md": model_card(release, manifests),
        }
        for name, (manifest, bundle) in tested.items():
            made[f"report-{manifest.run.suite}-{name[-8:]}.html"] = report_page(
                manifest, bundle.get
            )
        proofs = self._proofs(release, at, tested, statements)
        made["VERIFY.md"] = exported_text(
            release,
            statements,
            carried,
            [*made, *({NOTES} & files.keys())],
            is_signed=self.sign is not None,
            has_model_signature=MODEL_SIGNATURE in files,
            # Whose word it is stands in the certificate, so it is known when something is signed.
            keyless=self.keyless.published[0].who if self.keyless else "",
            bundles=_bundles(proofs, tested),
        )
        whole = {**files, **made}
        listed = {
            path: text for path, text in whole.items() if not path.startswith(BESIDE_THE_SUMS)
        }
        products = {PRODUCTS + path: release.products[path].sha256 for path in carried}
        made[SUMS] = sums(listed, products)
        return {**made, **proofs, **self._signed(made[SUMS])}

    def _proofs(
        self,
        release: Release,
        at: str,
        tested: Mapping[str, tuple[Manifest, Mapping[str, bytes]]],
        statements: Statements,
    ) -> dict[str, bytes]:
        """Return what is attested of a release; the decision comes last and lists the others."""
        proofs: dict[str, bytes] = {}
        for name, (manifest, bundle) in tested.items():
            for path, text in self._attested(manifest, bundle).items():
                where = path.removeprefix(ATTESTATIONS)
                proofs[f"{ATTESTATIONS}{name[-8:]}-{where}"] = text
        said = {
            attestations.name_of(one): attestations.said(release, one, statements.looked)
            for one in statements.signed
        }
        proofs |= self._sealed(said)
        decided = attestations.decision(release, at, proofs, statements)
        return proofs | self._sealed({"30-decision": decided})

    def _attested(self, manifest: Manifest, files: Mapping[str, bytes]) -> dict[str, bytes]:
        statements = {
            "10-test-result": attestations.result(manifest, files),
            "20-provenance": attestations.provenance(manifest, files),
        }
        return self._sealed(statements)

    def _sealed(self, statements: Mapping[str, bytes]) -> dict[str, bytes]:
        keyless = self.keyless.statement if self.keyless else None
        return attestations.sealed(statements, self.sign, keyless)

    def _signed(self, text: bytes) -> dict[str, bytes]:
        made = {f"{SUMS}.sig": self.sign(text)} if self.sign is not None else {}
        return {**made, SUMS_BUNDLE: self.keyless.file(text)} if self.keyless else made


def _bundles(proofs: Mapping[str, bytes], tested: Collection[str]) -> dict[str, str]:
    """Return the Sigstore bundles with the file that each speaks of first."""
    runs = {name[-8:]: f"evidence/{name}/{SUMS}" for name in tested}
    paths = [path for path in proofs if path.endswith(BUNDLE)]
    return {path: runs.get(path.removeprefix(ATTESTATIONS)[:8], "release.json") for path in paths}
