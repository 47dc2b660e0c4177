"""Export: a run or a release as a folder or a zip that anyone can check with sha256sum."""

from __future__ import annotations

import re
import shutil
import zipfile
from typing import IO, TYPE_CHECKING, Final

import msgspec

from jupyter_mlcd.actions.collect_statements import collect_statements
from jupyter_mlcd.actions.read_release import read_release
from jupyter_mlcd.actions.write_notes import notes_at_any_rate
from jupyter_mlcd.model.errors import NotFoundError, UsageError
from jupyter_mlcd.model.evidence import MANIFEST, Exported, Manifest
from jupyter_mlcd.model.kept import read_changes
from jupyter_mlcd.model.release import MODEL_SIGNATURE, NOTES, PRODUCTS
from jupyter_mlcd.model.result import FileDigest

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from jupyter_mlcd.actions.desk import Desk
    from jupyter_mlcd.model.evidence import Evidence
    from jupyter_mlcd.model.release import Release
    from jupyter_mlcd.ports import Papers

    SignModel = Callable[[Mapping[str, Path]], bytes]
    """Returns a signature of files, ``{path: file}``."""

_EPOCH = (1980, 1, 1, 0, 0, 0)
"""The oldest time a zip can hold: equal evidence gives equal bytes."""
MOST_BYTES: Final = 100 << 20
"""Files of a release that are larger together do not go with an export unless asked for."""
_VERSION = re.compile(r"^v?(\d+\.\d+\.\d+)$")


def export_evidence(
    desk: Desk,
    subject: str,
    papers: Papers | None = None,
    *,
    products: bool | None = None,
    sign_model: SignModel | None = None,
) -> Exported:
    """Return the files of a run's kept evidence, or of a release with all of its evidence.

    ``papers`` add what is for people and programs without our software. ``products`` tells whether
    the delivered files of a release go with it; None: where they are here and not large.
    ``sign_model`` signs them. Raises NotFoundError, SigningError where a key cannot sign, and
    UsageError where there is nothing for it to sign.
    """
    history = desk.history
    version = _VERSION.match(subject)
    if papers is not None and version and version.group(1) in history.releases:
        return _release(desk, version.group(1), papers, products=products, sign_model=sign_model)
    evidence = history.evidence.get(subject)
    if evidence is None:
        hint = "See `jupyter mlcd evidence list`; a draft has to be kept first."
        raise NotFoundError(f"there is no evidence {subject!r}", hint=hint)
    files = _files(desk, evidence)
    made = papers.of_run(_manifest(files), files) if papers else {}
    return Exported({**files, **made}, left_out=_left_out(files))


def _release(
    desk: Desk,
    version: str,
    papers: Papers,
    *,
    products: bool | None,
    sign_model: SignModel | None,
) -> Exported:
    history = desk.history
    release = read_release(desk, version)
    files = {"release.json": release.to_bytes()}
    tested: dict[str, tuple[Manifest, dict[str, bytes]]] = {}
    away: dict[str, FileDigest] = {}
    for run in release.runs:
        if run.id not in history.evidence:
            hint = "Evidence that was kept elsewhere has to be fetched first."
            raise NotFoundError(f"the evidence {run.id} of {version} is not here", hint=hint)
        bundle = _files(desk, history.evidence[run.id])
        tested[run.id] = (_manifest(bundle), bundle)
        away |= _left_out(bundle, f"evidence/{run.id}/")
        files.update({f"evidence/{run.id}/{path}": text for path, text in bundle.items()})
    statements = collect_statements(desk, history, release)
    for one in statements.signed:
        files |= {one.path: one.data, f"{one.path}.sig": one.signature}
    at = history.releases[version].at
    wanted = True if products is None and sign_model is not None else products
    carried = _carried(desk, release, products=wanted)
    if sign_model is not None:
        if not carried:
            raise UsageError(f"{version} has no file to sign", hint="Leave the key out.")
        files[MODEL_SIGNATURE] = sign_model(carried)
    files[NOTES] = _notes(desk, release)
    made = papers.of_release(release, at, files, tested, statements, carried.keys())
    return Exported(
        {**files, **made},
        {PRODUCTS + path: file for path, file in carried.items()},
        {path: one for path, one in release.products.items() if path not in carried} | away,
    )


def _notes(desk: Desk, release: Release) -> bytes:
    """Return what the release changes; whatever is wrong with that stands at its end."""
    return "\n".join(filter(None, notes_at_any_rate(desk, release))).encode()


def _left_out(files: dict[str, bytes], folder: str = "") -> dict[str, FileDigest]:
    """Return what is out of git, here or not: it is not handed out."""
    told = read_changes(files).out_of_git
    return {folder + one.file: FileDigest(one.sha256, one.size) for one in told}


def _carried(desk: Desk, release: Release, *, products: bool | None) -> dict[str, Path]:
    """Return the files of a release that go with its export. Raises NotFoundError if asked for."""
    size = sum(one.size for one in release.products.values())
    if products is False or (products is None and size > MOST_BYTES):
        return {}
    found: dict[str, Path] = {}
    for path, digest in release.products.items():
        try:
            found[path] = desk.store.fetch(digest) if products else desk.store.path(digest)
        except NotFoundError:
            if products:
                raise
    return found


def _files(desk: Desk, evidence: Evidence) -> dict[str, bytes]:
    names = desk.ledger.files(evidence.path)
    found = desk.ledger.read_all(f"{evidence.path}/{name}" for name in names)
    return {path.removeprefix(f"{evidence.path}/"): text for path, text in found.items()}


def _manifest(files: dict[str, bytes]) -> Manifest:
    return msgspec.json.decode(files[MANIFEST], type=Manifest)


def write_zip(exported: Exported, stream: IO[bytes]) -> None:
    """Write a zip: the same bytes for the same files."""
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted({*exported.files, *exported.products}):
            entry = zipfile.ZipInfo(path, _EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            if path in exported.files:
                archive.writestr(entry, exported.files[path])
                continue
            file = exported.products[path]
            entry.file_size = file.stat().st_size  # tells whether it needs the larger format
            with archive.open(entry, "w") as member, file.open("rb") as content:
                shutil.copyfileobj(content, member, 1 << 20)
