"""A release on GitHub with the delivered files: a draft first, published when all of it is there.

The requests are those of https://docs.github.com/rest/releases. A release is of a version, so the
second environment finds it there; what lies there is compared by its digest and never replaced.
"""

from __future__ import annotations

import hashlib
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import quote, urlencode

import msgspec

from jupyter_mlcd.model.errors import HubError, WorldError
from jupyter_mlcd.targets.answers import told
from jupyter_mlcd.targets.pipeline import Call

if TYPE_CHECKING:
    from collections.abc import Callable

    from jupyter_mlcd.ports import Parcel
    from jupyter_mlcd.world.http import Http

_CLOUD: Final = "https://api.github.com"
_UPLOADS: Final = "https://uploads.github.com"
_RELEASE: Final = "release.json"


class _Asset(msgspec.Struct):
    id: int
    name: str
    state: str = ""
    digest: str | None = ""
    size: int = 0


class _Release(msgspec.Struct):
    id: int
    tag_name: str
    draft: bool
    html_url: str
    body: str | None = ""
    assets: list[_Asset] = []


@dataclass(frozen=True)
class ReleasePage:
    """The releases of a repository."""

    http: Callable[[], Http]
    repository: str
    url: str
    """Where the API begins."""

    def sentence(self, parcel: Parcel) -> str:
        """Return what publishing does."""
        names = ", ".join(f"**{name}**" for name in _names(parcel))
        return (
            f"Publishes release **{parcel.tag}** of **{self.repository}** on GitHub with its notes "
            f"and {names}."
        )

    def publishing(self, parcel: Parcel, number: int | str = "ID", body: str = "") -> Call:
        """Return the request that makes a draft public, and tells that this key did it."""
        text = f"{body}\n\n{self._mark(parcel)}".strip()
        sent = {"draft": False, "body": text, "make_latest": "true"}
        return Call(f"{self._path}/{number}", sent, "PATCH")

    def find(self, parcel: Parcel) -> str:
        """Return the page where this key published it; empty where it did not. HubError."""
        found = self._published(parcel)
        if found is None or self._mark(parcel) not in (found.body or ""):
            return ""
        return "" if _lacking(found, parcel) else found.html_url

    def prepare(self, parcel: Parcel) -> None:
        """Make sure that a release with exactly these files is there, a draft at least.

        Raises HubError, WorldError; nothing is public then that was not before.
        """
        if len(_digests(parcel)) <= len(parcel.files):
            words = "two of the files would have the same name on GitHub"
            raise WorldError(words, code="same-name", hint="It knows no folders: rename one.")
        release = self._published(parcel) or self._draft(parcel) or self._make(parcel)
        lacking = _lacking(release, parcel)
        if not release.draft and lacking:
            words = f"the release {parcel.tag} on GitHub lacks {', '.join(lacking)}"
            raise WorldError(words, code="other-release", hint="Look at it there.")
        http = self.http()
        for name in lacking:
            for left in release.assets:
                if left.name == name:  # what an upload left that broke off
                    path = f"{self._path}/assets/{left.id}"
                    http.change("DELETE", path, type(None))
            self._upload(parcel, release, name)

    def publish(self, parcel: Parcel) -> str:
        """Make it public and return its page; one request. Raises HubError."""
        release = self._published(parcel) or self._draft(parcel)
        if release is None or _lacking(release, parcel):
            words = f"the release {parcel.tag} on GitHub is not whole"
            raise HubError(words, code="hub-said-no", hint="Deliver it again.")
        if not release.draft and self._mark(parcel) in (release.body or ""):
            return release.html_url
        call = self.publishing(parcel, release.id, release.body or "")
        return self.http().change(call.method, call.path, _Release, call.content)[0].html_url

    @property
    def _path(self) -> str:
        return f"/repos/{self.repository}/releases"

    def _mark(self, parcel: Parcel) -> str:
        return f"mlcd_delivery_id: {parcel.key} ({parcel.environment})"

    def _published(self, parcel: Parcel) -> _Release | None:
        try:
            found = self.http().get(f"{self._path}/tags/{quote(parcel.tag, safe='')}", _Release)
        except HubError as error:
            if error.code == "hub-not-found":
                return None
            raise
        if found.tag_name != parcel.tag:
            words = f"GitHub shows the release {told(found.tag_name)} as {parcel.tag}"
            raise HubError(words, code="hub-answer", hint="Look there.")
        return found

    def _draft(self, parcel: Parcel) -> _Release | None:
        """Return the draft that this delivery, or one that broke off, made of these files."""
        for one in self.http().pages(self._path, list[_Release]):
            is_ours = _digest_line(parcel) in (one.body or "")
            if one.draft and one.tag_name == parcel.tag and is_ours:
                return one
        return None

    def _make(self, parcel: Parcel) -> _Release:
        release = parcel.release
        return self.http().post(self._path, _Release, {
            "tag_name": parcel.tag,
            "name": f"{release.project} {release.version}",
            "body": text_of(parcel),
            "draft": True,
        })  # fmt: skip

    def _upload(self, parcel: Parcel, release: _Release, name: str) -> None:
        here = self.http()
        # Where files go is known; an answer that names another place would get the key.
        there = _UPLOADS if self.url == _CLOUD else self.url.replace("/api/v3", "/api/uploads")
        http = replace(here, address=there)
        path = f"{self._path}/{release.id}/assets?{urlencode({'name': name})}"
        if name == _RELEASE:
            with tempfile.TemporaryDirectory() as folder:
                file = Path(folder, _RELEASE)
                file.write_bytes(parcel.release.to_bytes())
                made = http.upload(path, _Asset, file)
        else:
            made = http.upload(path, _Asset, _files(parcel)[name])
        if not _is_whole(made, _digests(parcel)[name]):
            words = f"{name} did not arrive whole on GitHub"
            raise HubError(words, code="hub-answer", hint="Deliver it again.")


def text_of(parcel: Parcel) -> str:
    """Return what the page says."""
    return f"{parcel.notes}\n{_digest_line(parcel)}".strip()


def _names(parcel: Parcel) -> list[str]:
    """Return how the files are called there: GitHub knows no folders."""
    return [*_files(parcel), _RELEASE]


def _files(parcel: Parcel) -> dict[str, Path]:
    return {path.replace("/", "."): file for path, file in parcel.files.items()}


def _digests(parcel: Parcel) -> dict[str, str]:
    products = parcel.release.products
    found = {path.replace("/", "."): one.sha256 for path, one in products.items()}
    return {**found, _RELEASE: hashlib.sha256(parcel.release.to_bytes()).hexdigest()}


def _digest_line(parcel: Parcel) -> str:
    return f"Release-Digest: {parcel.release.digest}"


def _is_whole(asset: _Asset, sha256: str) -> bool:
    return asset.state == "uploaded" and asset.digest == f"sha256:{sha256}"


def _lacking(release: _Release, parcel: Parcel) -> list[str]:
    """Return the files that are not there with the same content."""
    there = {asset.name: asset for asset in release.assets}
    return [
        name
        for name, sha256 in _digests(parcel).items()
        if name not in there or not _is_whole(there[name], sha256)
    ]
