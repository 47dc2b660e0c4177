"""Other people's notebooks: the source distributions of tools that test or execute notebooks."""

from __future__ import annotations

import hashlib
import io
import json
import os
import runpy
import ssl
import subprocess
import sys
import tarfile
import tempfile
import tomllib
import urllib.request
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from jupyter_client.kernelspec import KernelSpecManager

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

PROJECTS = ("nbval", "papermill", "nbclient", "nbmake")
SANITIZE_NAME = "parity-sanitize.cfg"
_OWN_KERNELS = frozenset({"", "python", "python3"})
_CHECKOUT = Path(__file__).parents[2]
_FETCH_SECONDS = 120

# Where a project has no file of replacements of its own.
_SANITIZE = """\
regex: 0x[0-9a-f]+
replace: ADDRESS

regex: \\d+\\.\\d+
replace: NUMBER
"""


class NotToBeHad(Exception):  # noqa: N818 - says what is so, nobody's fault
    """The package index does not give the notebooks."""


@dataclass(frozen=True)
class Corpus:
    """The notebooks of one project."""

    name: str
    folder: Path
    """The unpacked source distribution; nobody writes here."""
    notebooks: tuple[str, ...]
    """Paths in it, with forward slashes."""
    without_kernel: tuple[str, ...]
    """Notebooks whose kernel is not installed, with its name in brackets."""

    @property
    def replacements(self) -> str:
        """All replacements that the project has for its own notebooks, else a few of ours."""
        texts = [one.read_text("utf-8") for one in sorted(self.folder.rglob("*anitize*"))
                 if one.suffix in {"", ".cfg"} and one.is_file()]  # fmt: skip
        return "\n".join(text for text in texts if "\nregex: " in text) or _SANITIZE


def fetch(names: Iterable[str] = PROJECTS) -> list[Corpus]:
    """Return the corpora, from the cache where they were fetched before. Raises NotToBeHad.

    They are of exactly the installed versions. Nothing is built or installed from them.
    """
    wanted = {name: version(name) for name in names}
    return [_corpus(name, folder) for name, folder in unpacked(wanted).items()]


def unpacked(wanted: Mapping[str, str]) -> dict[str, Path]:
    """Return where each source distribution lies, by name and version. Raises NotToBeHad."""
    missing = {name: one for name, one in wanted.items() if not _cached(name, one).is_dir()}
    if missing:
        sources = _sources(missing)
        for name, number in missing.items():
            _unpack(_download(sources[name]), _cached(name, number))
    return {name: _cached(name, number) for name, number in wanted.items()}


def _cached(name: str, number: str) -> Path:
    user = os.getuid() if hasattr(os, "getuid") else os.environ.get("USERNAME", "")
    return Path(tempfile.gettempdir()) / f"mlcd-parity-{user}" / f"{name}-{number}"


def _sources(wanted: Mapping[str, str]) -> dict[str, dict[str, Any]]:
    """Return where the index has each source distribution: ``{name: {url, hashes, ...}}``.

    uv says it without building anything; pip would run each project's build. The places that are
    added to the index are asked last: they often hold wheels only.
    """
    environment = _index()
    without = {name: one for name, one in environment.items()
               if name not in {"UV_INDEX", "UV_FIND_LINKS"}}  # fmt: skip
    found: dict[str, dict[str, Any]] = {}
    said = ""
    for where in (without, environment):
        asked = subprocess.run(
            [sys.executable, "-m", "uv", "pip", "compile", "--quiet", "--no-deps",
             "--format=pylock.toml", "-"],
            input="\n".join(f"{name}=={number}" for name, number in wanted.items()),
            env=where, capture_output=True, text=True, check=False, timeout=_FETCH_SECONDS,
        )  # fmt: skip
        said = said or asked.stderr.strip()
        for one in tomllib.loads(asked.stdout).get("packages", ()):
            if "sdist" in one:
                found.setdefault(one["name"], one["sdist"])
    if wanted.keys() - found.keys():
        names = ", ".join(sorted(wanted.keys() - found.keys()))
        raise NotToBeHad(f"the package index gives no source distribution of {names}: {said}")
    return found


def _index() -> dict[str, str]:
    """Return the environment in which uv knows the index that pip is configured with."""
    configured: dict[str, str] = runpy.run_path(str(_CHECKOUT / ".ci" / "install.py"))[
        "uv_environment"
    ]()
    return configured


def _download(source: Mapping[str, Any]) -> bytes:
    place = str(source.get("url") or Path(source.get("path", "")).resolve().as_uri())
    if urlsplit(place).scheme not in {"https", "http", "file"}:
        raise NotToBeHad(f"{place} is no address that can be fetched")
    trusted = ssl.create_default_context(cafile=_index().get("SSL_CERT_FILE"))
    try:
        with urllib.request.urlopen(place, timeout=_FETCH_SECONDS, context=trusted) as answer:  # noqa: S310
            content: bytes = answer.read()
    except OSError as error:
        raise NotToBeHad(f"{place}: {error}") from error
    expected = source.get("hashes", {}).get("sha256")
    if expected and hashlib.sha256(content).hexdigest() != expected:
        raise NotToBeHad(f"{place} is not what the index said it is")
    return content


def _unpack(content: bytes, place: Path) -> None:
    place.parent.mkdir(mode=0o700, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=place.parent) as scratch:
        with tarfile.open(fileobj=io.BytesIO(content)) as archive:
            archive.extractall(scratch, filter="data")
        (inner,) = Path(scratch).iterdir()
        if not place.is_dir():
            inner.rename(place)


def _corpus(name: str, folder: Path) -> Corpus:
    found = dict(_notebooks(folder))
    there = _OWN_KERNELS | KernelSpecManager().find_kernel_specs().keys()
    return Corpus(
        name,
        folder,
        tuple(path for path, kernel in found.items() if kernel in there),
        tuple(f"{path} ({kernel})" for path, kernel in found.items() if kernel not in there),
    )


def _notebooks(folder: Path) -> Iterator[tuple[str, str]]:
    """Yield path and kernel name of each notebook of format 4."""
    for file in sorted(folder.rglob("*.ipynb")):
        document = json.loads(file.read_bytes())
        if document.get("nbformat") == 4:
            kernel = document["metadata"].get("kernelspec") or {}
            yield file.relative_to(folder).as_posix(), str(kernel.get("name") or "")
