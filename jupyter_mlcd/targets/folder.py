"""A folder: each version becomes a sub-folder at once, and ``current`` points at the newest.

A release is staged beside its place, every file flushed to the disk, and renamed: there is never
half a release. ``current`` is a symbolic link that is replaced by a rename, so that a reader sees
the old version or the new one and nothing between.
"""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING

from jupyter_mlcd.model.delivery import DeliveryState
from jupyter_mlcd.model.errors import MlcdError
from jupyter_mlcd.ports import TargetAnswer
from jupyter_mlcd.targets.cloud_folder import CloudFolderTarget
from jupyter_mlcd.world.failpoints import failpoint
from jupyter_mlcd.world.files import (
    copy_file,
    safe_join,
    sha256_of_file,
    sync_directory,
    sync_tree,
)

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from jupyter_mlcd.model.target import FolderTable
    from jupyter_mlcd.ports import Parcel, Site, Target


class FolderTarget:
    """``target = { kind = "folder", url = "releases/production" }``."""

    def __init__(self, table: FolderTable, site: Site) -> None:
        """Deliver to ``table.url``, relative to the project's folder unless it is absolute."""
        self.url = table.url
        self.folder = (site.folder / table.url).absolute()

    def describe(self) -> str:
        """Return "folder" and where it is."""
        return f"folder {self.url}"

    def serves(self, environment: str) -> str:  # noqa: ARG002 - a folder is of one environment
        """Return the link to what is live."""
        return str(self.folder / "current")

    def check(self) -> Sequence[str]:
        """Return what is in the way: something else at its place, or no right to write."""
        try:
            return self._in_the_way()
        except OSError as error:
            return [f"the folder {self.folder} cannot be looked at: {_words(error)}"]

    def _in_the_way(self) -> list[str]:
        nearest = next(part for part in (self.folder, *self.folder.parents) if part.exists())
        if not nearest.is_dir():
            return [f"{nearest} is not a folder"]
        if not os.access(nearest, os.W_OK):
            return [f"the folder {nearest} cannot be written to"]
        current = self.folder / "current"
        if current.exists() and not current.is_symlink():
            return [f"{current} is there already and is no link of ours: move it away"]
        return []

    def preview(self, parcel: Parcel) -> tuple[Sequence[str], Sequence[str]]:
        """Return the sentences and the commands."""
        version = parcel.release.version
        names = ", ".join(f"**{path}**" for path in parcel.files)
        place = self._named(version)
        sentences = [
            f"Copies {names} and release.json to **{place}**.",
            f"Points **{self.url.rstrip('/')}/current** at {version}.",
        ]
        commands = [
            f"mkdir -p {place}",
            *(f"cp {path} {place}/{path}" for path in parcel.files),
            f"ln -sfn {version} {self.url.rstrip('/')}/current",
        ]
        return sentences, commands

    def dispatch(self, parcel: Parcel) -> TargetAnswer:
        """Publish the release and point ``current`` at it."""
        try:
            self._publish(parcel)
            self._point(parcel.release.version)
        except (OSError, MlcdError) as error:
            reason = f"the folder {self.folder} could not be written: {_words(error)}"
            return TargetAnswer(DeliveryState.FAILED, reason)
        return self._delivered(parcel)

    def look_up(self, parcel: Parcel) -> TargetAnswer | None:
        """Return DELIVERED if this release is whole in its place and current."""
        place = self.folder / parcel.release.version
        try:
            if not self._same(place, parcel) or not self._is_current(parcel.release.version):
                return None
        except OSError as error:
            reason = f"the folder {self.folder} cannot be looked at: {_words(error)}"
            return TargetAnswer(DeliveryState.UNKNOWN, reason)
        return self._delivered(parcel)

    def _delivered(self, parcel: Parcel) -> TargetAnswer:
        place = self._named(parcel.release.version)
        ticket = {"folder": place, "key": parcel.key}
        return TargetAnswer(DeliveryState.DELIVERED, f"it is in {place}", ticket)

    def _named(self, version: str) -> str:
        """Return the place as mlcd.toml calls it: the history is read on other machines too."""
        return f"{self.url.rstrip('/')}/{version}"

    def _publish(self, parcel: Parcel) -> None:
        place = self.folder / parcel.release.version
        if place.exists():
            if self._same(place, parcel):
                return
            message = f"{place} is there already with other files"
            raise OSError(message)
        self.folder.mkdir(parents=True, exist_ok=True)
        self._sweep()
        staging = self.folder / f".staging-{parcel.key}"
        staging.mkdir()
        try:
            for path, file in parcel.files.items():
                target = safe_join(staging, path)
                target.parent.mkdir(parents=True, exist_ok=True)
                copy_file(file, target)
            (staging / "release.json").write_bytes(parcel.release.to_bytes())
            sync_tree(staging)
            failpoint("folder-before-rename")
            staging.rename(place)
            sync_directory(self.folder)
            failpoint("folder-after-rename")
        except BaseException:
            shutil.rmtree(staging, ignore_errors=True)
            raise

    def _sweep(self) -> None:
        """Take away what an earlier crash left; deliveries to one environment never overlap."""
        for left in self.folder.glob(".staging-*"):
            shutil.rmtree(left, ignore_errors=True)
        for left in self.folder.glob(".current-*"):
            left.unlink(missing_ok=True)

    def _same(self, place: Path, parcel: Parcel) -> bool:
        """Whether the folder holds exactly this release, byte for byte."""
        if not place.is_dir():
            return False
        expected = set(parcel.release.products) | {"release.json"}
        found = {
            file.relative_to(place).as_posix() for file in place.rglob("*") if not file.is_dir()
        }
        if found != expected:
            return False
        if (place / "release.json").read_bytes() != parcel.release.to_bytes():
            return False
        return all(
            sha256_of_file(place / path) == digest.sha256
            for path, digest in parcel.release.products.items()
        )

    def _is_current(self, version: str) -> bool:
        link = self.folder / "current"
        if link.is_symlink():
            return os.readlink(link) == version  # noqa: PTH115 - the bare text of the link
        plain = self.folder / "current.txt"
        return plain.is_file() and plain.read_text().strip() == version

    def _point(self, version: str) -> None:
        """Make ``current`` the version; where links are not allowed, write ``current.txt``."""
        current = self.folder / "current"
        if current.exists() and not current.is_symlink():
            message = f"{current} is there already and is no link of ours"
            raise OSError(message)
        link = self.folder / f".current-{version}"
        link.unlink(missing_ok=True)
        failpoint("folder-before-switch")
        try:
            link.symlink_to(version, target_is_directory=True)
            link.replace(current)
        except OSError:
            if os.name != "nt":
                raise
            link.write_text(version + "\n")
            link.replace(self.folder / "current.txt")
        sync_directory(self.folder)


def open_folder(table: FolderTable, site: Site) -> Target:
    """Return the target for a path, or for an address such as ``s3://``."""
    if table.in_store:
        return CloudFolderTarget(table, site)
    return FolderTarget(table, site)


def _words(error: OSError | MlcdError) -> str:
    if isinstance(error, MlcdError):
        return error.message
    return error.strerror or str(error)
