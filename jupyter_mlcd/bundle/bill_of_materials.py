"""CycloneDX 1.6: the software that made a model, with the model as the component it is about."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from jupyter_mlcd.model.release import Release, canonical

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jupyter_mlcd.model.evidence import Manifest, Software

_PURLS = {"python": "pypi", "r": "cran", "javascript": "npm", "typescript": "npm"}


def bill_of_materials(release: Release, manifests: Sequence[Manifest]) -> bytes:
    """Return the document; the same for the same release."""
    model = f"{release.project}@{release.version}"
    parts: dict[str, dict[str, Any]] = {}
    for manifest in manifests:
        for software in filter(None, (manifest.software, *manifest.other_software)):
            parts.update((one["bom-ref"], one) for one in _components(software))
    return canonical(
        {
            "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
            "bomFormat": "CycloneDX",
            "specVersion": "1.6",
            "serialNumber": f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, release.digest)}",
            "version": 1,
            "metadata": {"component": _model(release, model)},
            "components": list(parts.values()),
            "dependencies": [{"ref": model, "dependsOn": sorted(parts)}],
        }
    )


def _model(release: Release, name: str) -> dict[str, Any]:
    measured = [
        {"type": metric, "value": str(value), "slice": case}
        for metric, score in release.scores.items()
        for case, value in score.values.items()
    ]
    files = [
        {
            "type": "file",
            "name": path,
            "bom-ref": f"{name}#{path}",
            "hashes": [{"alg": "SHA-256", "content": file.sha256}],
        }
        for path, file in release.products.items()
    ]
    found: dict[str, Any] = {
        "type": "machine-learning-model",
        "bom-ref": name,
        "name": release.project,
        "version": release.version,
        "modelCard": {"quantitativeAnalysis": {"performanceMetrics": measured}},
    }
    return {**found, "components": files} if files else found


def _components(software: Software) -> list[dict[str, Any]]:
    kind = _PURLS.get(software.language.lower(), "generic")
    interpreter = f"{software.language}@{software.version}"
    found: list[dict[str, Any]] = [
        {
            "type": "platform",
            "bom-ref": interpreter,
            "name": software.language or software.kernel,
            "version": software.version,
        }
    ]
    for name, version in software.packages.items():
        purl = f"pkg:{kind}/{quote(name.lower(), safe='')}@{quote(version, safe='')}"
        found.append(
            {"type": "library", "bom-ref": purl, "name": name, "version": version, "purl": purl}
        )
    return found
