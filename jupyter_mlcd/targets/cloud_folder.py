"""A folder in a store of objects: ``target = { kind = "folder", url = "s3://models/digits" }``.

Any address that ``world/object_store.py`` opens. The layout is that of a folder on a path: one
folder per version. Such stores know neither links nor renames of folders, so the order makes up
for them:

1. the files are written below the version, and read back;
2. release.json is written beside them, once and never over another one: the version is whole;
3. ``current.json`` is written, which names the version that is live. This is the switch: where the
   store can, it is written only if it is still what it was.
"""

from __future__ import annotations

import hashlib
import shutil
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

import msgspec

from jupyter_mlcd.model.delivery import DeliveryState
from jupyter_mlcd.model.errors import MlcdError, WorldError
from jupyter_mlcd.model.probe import checked
from jupyter_mlcd.model.release import canonical
from jupyter_mlcd.ports import TargetAnswer
from jupyter_mlcd.targets.answers import cannot_be_asked, in_words
from jupyter_mlcd.world.failpoints import failpoint
from jupyter_mlcd.world.object_store import TAKEN, asked, cannot_be_used, opened

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from jupyter_mlcd.model.status import Check
    from jupyter_mlcd.model.target import FolderTable
    from jupyter_mlcd.ports import Parcel, Site

_CURRENT: Final = "current.json"
_COMMANDS: Final = {"s3": "aws s3 cp", "gs": "gcloud storage cp"}
_CAN_MATCH: Final = {"s3", "s3a"}
"""Stores that overwrite an object only if it is still the one that was seen."""
_CHUNK: Final = 1 << 20


class _Current(msgspec.Struct, frozen=True):
    """What ``current.json`` says."""

    version: str
    release: str
    """Release Digest."""
    key: str
    """The delivery that brought it there."""
    v: int = 1


class CloudFolderTarget:
    """``target = { kind = "folder", url = "s3://models/digits/production" }``."""

    remote_name: str = ""
    """It gets the files from here, so tag and evidence need not be anywhere first."""

    def __init__(self, table: FolderTable, site: Site) -> None:
        """Deliver below ``table.url``."""
        del site  # its keys are found by the store's own package
        self.url = table.url.rstrip("/")
        self._protocol = self.url.partition("://")[0]

    def describe(self) -> str:
        """Return "folder" and where it is."""
        return f"folder {self.url}"

    def serves(self, environment: str) -> str:  # noqa: ARG002 - a folder is of one environment
        """Return the folder whose ``current.json`` names what is live."""
        return self.url

    def check(self) -> Sequence[str]:
        """Return what is in the way: a package that is not installed. Asks nobody."""
        words = cannot_be_used(self.url)
        return [words] if words else []

    def preview(self, parcel: Parcel) -> tuple[Sequence[str], Sequence[str]]:
        """Return the sentences and the commands."""
        version = parcel.release.version
        names = ", ".join(f"**{path}**" for path in parcel.files)
        sentences = [
            f"Copies {names} and release.json to **{self.url}/{version}** and reads them back.",
            f"Writes **{self.url}/{_CURRENT}**, which says that {version} is live.",
        ]
        here = [*parcel.files, "release.json"]
        pairs = [(one, f"{self.url}/{version}/{one}") for one in here]
        return sentences, [self._copy(*one) for one in [*pairs, (_CURRENT, self._current)]]

    def dispatch(self, parcel: Parcel) -> TargetAnswer:
        """Bring the version there, then switch. Before the switch nothing changes for anybody."""
        try:
            before = self._asked(self._etag)
            self._asked(lambda: self._publish(parcel))
            failpoint("cloud-before-switch")
        except (MlcdError, OSError) as error:
            words = in_words(error) if isinstance(error, MlcdError) else f"{error}."
            reason = f"{words} {_CURRENT} was not written: what is live stays."
            return TargetAnswer(DeliveryState.FAILED, reason, {"key": parcel.key})
        try:
            self._asked(lambda: self._switch(parcel, before))
        except MlcdError as error:
            if error.code == TAKEN:
                words = f"{in_words(error)} Nothing was overwritten: look at what is live now."
                return TargetAnswer(DeliveryState.FAILED, words, {"key": parcel.key})
            found = self.look_up(parcel)
            words = f"{in_words(error)} Look again whether {_CURRENT} was written."
            return found or TargetAnswer(DeliveryState.UNKNOWN, words, {"key": parcel.key})
        return self._delivered(parcel)

    def look_up(self, parcel: Parcel) -> TargetAnswer | None:
        """Return DELIVERED if this release is whole in its place, and current by this key."""
        try:
            current = self._asked(self._read_current)
            if current is None or current.key != parcel.key:
                return None
            whole = self._asked(lambda: self._is_whole(parcel))
        except WorldError as error:
            return cannot_be_asked(error, parcel.ticket)
        return self._delivered(parcel) if whole else None

    def cancel(self, parcel: Parcel) -> TargetAnswer:
        """Return where it stands: the switch is one step, and nothing goes on before it."""
        words = f"{_CURRENT} was not written"
        cancelled = TargetAnswer(DeliveryState.CANCELLED, words, {**parcel.ticket})
        return self.look_up(parcel) or cancelled

    def rehearse(self, parcel: Parcel) -> Sequence[str]:
        """Return what is live, and whether the version is there. Raises WorldError."""
        current = self._asked(self._read_current)
        there = self._asked(lambda: self._is_whole(parcel))
        live = f"says {current.version}" if current else "is not there yet"
        brought = "is there already" if there else "has to be brought there"
        return [f"{_CURRENT} {live}.", f"{parcel.release.version} {brought}."]

    def diagnose(self) -> Sequence[Check]:
        """Return whether the store answers and lets us read. Writes nothing."""

        def read() -> str:
            current = self._asked(self._read_current)
            live = f"{current.version} is live" if current else "nothing is live yet"
            return f"{self.url} can be read: {live}"

        return checked([("store", read)])

    @property
    def _current(self) -> str:
        return f"{self.url}/{_CURRENT}"

    def _copy(self, path: str, url: str) -> str:
        if command := _COMMANDS.get(self._protocol):
            return f"{command} {path} {url}"
        put = f"fs, there = fsspec.url_to_fs('{url}'); fs.put_file('{path}', there)"
        return f'python -c "import fsspec; {put}"'

    @cached_property
    def _store(self) -> tuple[Any, str]:
        """The store and our place in it."""
        return opened(self.url)

    def _asked(self, ask: Callable[[], Any]) -> Any:  # noqa: ANN401 - what was asked for
        return asked(self.url, ask)

    def _read_current(self) -> _Current | None:
        fs, root = self._store
        try:
            content = fs.cat_file(f"{root}/{_CURRENT}")
        except FileNotFoundError:
            return None
        try:
            return msgspec.json.decode(content, type=_Current)
        except msgspec.MsgspecError:
            hint = "Look at who wrote it, and move it away."
            words = f"{self._current} is no file of ours"
            raise WorldError(words, code="store", hint=hint) from None

    def _etag(self) -> str | None:
        """Return what tells this state of ``current.json`` from others; None where it is not."""
        fs, root = self._store
        if self._read_current() is None:
            return None
        return str(fs.info(f"{root}/{_CURRENT}").get("ETag", ""))

    def _publish(self, parcel: Parcel) -> None:
        fs, root = self._store
        place = f"{root}/{parcel.release.version}"
        if fs.exists(f"{place}/release.json"):
            if self._is_whole(parcel, read=True):
                return
            words = f"{self.url}/{parcel.release.version} is there already with other files"
            raise WorldError(words, code="store", hint="Nothing was overwritten.")
        # What lies there without a release.json is the rest of an attempt that was interrupted.
        for path, file in parcel.files.items():
            fs.makedirs(f"{place}/{path}".rpartition("/")[0], exist_ok=True)
            with file.open("rb") as origin, fs.open(f"{place}/{path}", "wb") as there:
                shutil.copyfileobj(origin, there, _CHUNK)
        fs.makedirs(place, exist_ok=True)
        failpoint("cloud-before-release")
        self._check_digests(parcel)
        self._create(f"{place}/release.json", parcel.release.to_bytes())
        if not self._is_whole(parcel):
            words = f"{self.url}/{parcel.release.version} holds more than the release"
            raise WorldError(words, code="store", hint="Look at what else lies there.")

    def _is_whole(self, parcel: Parcel, *, read: bool = False) -> bool:
        """Whether the version holds exactly this release: by size, or ``read`` byte for byte."""
        fs, root = self._store
        place = f"{root}/{parcel.release.version}"
        expected = {path: one.size for path, one in parcel.release.products.items()}
        release = parcel.release.to_bytes()
        expected["release.json"] = len(release)
        start = len(place) + 1
        found = {path[start:]: one["size"] for path, one in fs.find(place, detail=True).items()}
        if found != expected or fs.cat_file(f"{place}/release.json") != release:
            return False
        return not read or not self._altered(parcel)

    def _check_digests(self, parcel: Parcel) -> None:
        if altered := self._altered(parcel):
            raise WorldError(f"{altered} did not arrive as it was sent", code="store")

    def _altered(self, parcel: Parcel) -> str:
        """Return a file that has other bytes there than in the release; empty if none has."""
        fs, root = self._store
        for path, one in parcel.release.products.items():
            digest = hashlib.sha256()
            with fs.open(f"{root}/{parcel.release.version}/{path}", "rb") as there:
                while chunk := there.read(_CHUNK):
                    digest.update(chunk)
            if digest.hexdigest() != one.sha256:
                return path
        return ""

    def _switch(self, parcel: Parcel, before: str | None) -> None:
        """Write ``current.json``, if it is still what it was before."""
        fs, root = self._store
        place = f"{root}/{_CURRENT}"
        now = _Current(parcel.release.version, parcel.release.digest, parcel.key)
        content = canonical(now)
        if before is None:
            self._create(place, content)
        elif self._protocol in _CAN_MATCH and before:
            fs.pipe_file(place, content, IfMatch=before)
        else:
            fs.pipe_file(place, content)

    def _create(self, place: str, content: bytes) -> None:
        """Write a small file that is not there yet; FileExistsError where the store can tell."""
        fs, _ = self._store
        try:
            fs.pipe_file(place, content, mode="create")
        except (TypeError, NotImplementedError, ValueError):
            # A store that knows no such thing has not written anything.
            fs.pipe_file(place, content)

    def _delivered(self, parcel: Parcel) -> TargetAnswer:
        place = f"{self.url}/{parcel.release.version}"
        ticket = {"folder": place, "key": parcel.key}
        return TargetAnswer(DeliveryState.DELIVERED, f"it is in {place}", ticket)
