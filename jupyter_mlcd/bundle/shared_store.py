"""The Store of this machine with one behind it that others reach too: ``store`` in mlcd.toml.

A file is asked for here first. What is not here is brought from there once, its bytes checked, and
is here from then on. Nothing goes there by itself: only what somebody shares. The layout is the
same in both, so that a plain copy of one is the other.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from jupyter_mlcd.bundle.files import Store, relative_place
from jupyter_mlcd.model.errors import NotFoundError, WorldError
from jupyter_mlcd.world.object_store import asked, cannot_be_used, opened

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

    from jupyter_mlcd.model.result import FileDigest


class SharedStore(Store):
    """Implements ``ports.FileStore`` in a folder, before a store of objects."""

    def __init__(self, folder: Path, url: str) -> None:
        """Keep files below ``folder``; what others have is below ``url``."""
        super().__init__(folder)
        self.shared = url.rstrip("/")

    def fetch(self, digest: FileDigest) -> Path:
        """Return where the file is, brought here if need be. Raises NotFoundError, WorldError."""
        try:
            return self.path(digest)
        except NotFoundError:
            self._usable()
        found = self._put(f"sha256:{digest.sha256[:12]}", partial(self._get, digest))
        if found != digest:
            message = f"{self.shared} has other bytes as sha256:{digest.sha256[:12]}"
            hint = "Nothing of it was used. Remove that file there, and share it again."
            raise WorldError(message, code="store-corrupt", hint=hint)
        return self.path(digest)

    def share(self, digests: Collection[FileDigest]) -> int:
        """Copy files of here that are not there; return how many. Raises WorldError."""
        self._usable()
        return asked(self.shared, partial(self._share, digests))

    def remove(self, sha256: str, *, idle: float = 0.0) -> bool:
        """Remove a file here; one that is erased, and not only idle, there first."""
        if not idle:
            self._usable()
            asked(self.shared, partial(self._remove, sha256))
        return super().remove(sha256, idle=idle)

    def _usable(self) -> None:
        if words := cannot_be_used(self.shared):
            raise WorldError(f"the shared Store {self.shared}: {words}", code="store")

    def _get(self, digest: FileDigest, place: Path) -> None:
        def get() -> bool:
            fs, root = opened(self.shared)
            there = f"{root}/{relative_place(digest.sha256)}"
            if not fs.exists(there) or fs.info(there)["size"] != digest.size:
                return False
            fs.get_file(there, str(place))
            return True

        if not asked(self.shared, get):
            name = f"the file sha256:{digest.sha256[:12]}"
            hint = "Share it where it is: jupyter mlcd review share --files"
            raise NotFoundError(f"{name} is neither here nor in {self.shared}", hint=hint)

    def _share(self, digests: Collection[FileDigest]) -> int:
        fs, root = opened(self.shared)
        brought = 0
        for one in dict.fromkeys(digests):
            there = f"{root}/{relative_place(one.sha256)}"
            # Of another size is what an upload left that broke off.
            if fs.exists(there) and fs.info(there)["size"] == one.size:
                continue
            fs.makedirs(there.rpartition("/")[0], exist_ok=True)
            fs.put_file(str(self.path(one)), there)
            brought += 1
        return brought

    def _remove(self, sha256: str) -> None:
        fs, root = opened(self.shared)
        there = f"{root}/{relative_place(sha256)}"
        if fs.exists(there):
            fs.rm_file(there)
