"""Who we are to a server. Each credential belongs to one address, and no repository names it.

A repository says where to go and never what to show there: else a file in it could send a key of
yours to an address of its own. Three places are looked at, in this order:

1. ``mlcd-credentials.toml`` in Jupyter's configuration folders, yours before the administrator's:
   ``["https://ci.example.org"]`` with ``user`` and ``secret = "env:NAME"`` or ``"keyring:..."``;
2. the variables that a vendor's own tools read, for the vendor's own address;
3. git's credential helpers.
"""

from __future__ import annotations

import sys
import tomllib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

import msgspec

from jupyter_mlcd.model.errors import WorldError
from jupyter_mlcd.world.secret_values import KINDS, is_reference, read_secret

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

FILE_NAME: Final = "mlcd-credentials.toml"
_MOST_BYTES: Final = 1 << 16
_OTHERS_WRITE: Final = 0o022
_PORTS: Final = {"https": 443, "http": 80}


@dataclass(frozen=True)
class Credential:
    """A key, and as whom it is shown."""

    user: str
    """Empty where the key alone is enough."""
    secret: str = field(repr=False)
    source: str
    """Where it is kept, in words."""


class _Entry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    secret: str
    user: str = ""


@dataclass(frozen=True)
class Credentials:
    """All that this person has, asked by address."""

    environ: Mapping[str, str] = field(repr=False)
    folders: Sequence[Path]
    """Jupyter's configuration folders, the nearest first."""
    ask_git: Callable[[str], tuple[str, str]] = lambda _address: ("", "")
    """Return user and password that git's helpers have for an address; empty where none has."""
    has_helpers: bool = False
    """Whether git has any helper to ask."""

    def find(self, address: str) -> Credential | None:
        """Return the credential for an address, None without one. Raises WorldError."""
        for name, entry in self._written():
            if _covers(name, address):
                secret = read_secret(entry.secret, self.environ)
                return Credential(entry.user, secret, entry.secret) if secret else None
        for variable, user, place in _usual(self.environ):
            if self.environ.get(variable) and _covers(place, address):
                return Credential(user, self.environ[variable], f"env:{variable}")
        user, secret = self.ask_git(_for_git(address))
        return Credential(user, secret, "git's credential helper") if secret else None

    def may_have(self, address: str) -> bool:
        """Whether there may be a credential for an address; neither a keyring nor git is asked.

        Raises WorldError where a file is wrong. It is asked at every look at a status.
        """
        written = any(_covers(name, address) for name, _ in self._written())
        usual = any(
            self.environ.get(variable) and _covers(place, address)
            for variable, _, place in _usual(self.environ)
        )
        return written or usual or self.has_helpers

    def _written(self) -> Iterator[tuple[str, _Entry]]:
        """Yield what the files bind, per file the longest address first."""
        for folder in self.folders:
            found = _read(folder / FILE_NAME)
            yield from sorted(found.items(), key=lambda one: len(one[0]), reverse=True)


def _read(file: Path) -> dict[str, _Entry]:
    """Return what a file binds. Raises WorldError where it is wrong, or others may write it."""
    try:
        with file.open("rb") as opened:
            mode = file.stat().st_mode
            text = opened.read(_MOST_BYTES)
    except OSError:
        return {}
    if sys.platform != "win32" and mode & _OTHERS_WRITE:
        raise _wrong(file, "others may write it", f"Nothing was sent. Type: chmod go-w {file}")
    try:
        found = msgspec.convert(tomllib.loads(text.decode()), dict[str, _Entry])
    except (ValueError, RecursionError) as error:
        raise _wrong(file, str(error), "Nothing was sent.") from None
    for name, entry in found.items():
        if not _origin(name)[1] or not is_reference(entry.secret):
            hint = f'Write ["https://HOST"] and below it secret = {KINDS}.'
            raise _wrong(file, f"[{name}] does not say where a key is for and kept", hint)
    return found


def _wrong(file: Path, words: str, hint: str) -> WorldError:
    return WorldError(f"{file} is not used: {words}", code="credentials", hint=hint)


def _usual(environ: Mapping[str, str]) -> Iterable[tuple[str, str, str]]:
    """Return variable, user and address: what vendors' tools and pipelines set."""
    github = environ.get("GITHUB_API_URL") or "https://api.github.com"
    return (
        ("GITHUB_TOKEN", "", github),
        ("GH_TOKEN", "", github),
        ("GITLAB_TOKEN", "", environ.get("CI_SERVER_URL") or "https://gitlab.com"),
        ("AZURE_DEVOPS_EXT_PAT", "", "https://dev.azure.com"),
        ("SYSTEM_ACCESSTOKEN", "", environ.get("SYSTEM_COLLECTIONURI", "")),
        ("MLFLOW_TRACKING_TOKEN", "", environ.get("MLFLOW_TRACKING_URI", "")),
        (
            "MLFLOW_TRACKING_PASSWORD",
            environ.get("MLFLOW_TRACKING_USERNAME", ""),
            environ.get("MLFLOW_TRACKING_URI", ""),
        ),
    )


def _covers(name: str, address: str) -> bool:
    """Whether an address lies at or below the one that is named, on the same origin."""
    named, asked = _origin(name), _origin(address)
    if named != asked or not named[1]:
        return False
    below, path = (urlsplit(one).path.rstrip("/") + "/" for one in (name, address))
    return path.startswith(below)


def _origin(address: str) -> tuple[str, str, int]:
    """Return scheme, host and port; an empty host where it is no address."""
    try:
        split = urlsplit(address)
        port = split.port or _PORTS.get(split.scheme, 0)
    except ValueError:
        return "", "", 0
    return split.scheme, (split.hostname or "") if port else "", port


def _for_git(address: str) -> str:
    """Return the address that git knows a server by: GitHub's API has a name of its own."""
    is_github = _origin(address) == _origin("https://api.github.com")
    return "https://github.com" if is_github else address
