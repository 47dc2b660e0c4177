"""Real repositories for tests, made with plain git."""

from __future__ import annotations

import hashlib
import os
import subprocess
from dataclasses import dataclass
from typing import TYPE_CHECKING

from jupyter_mlcd.world.git import Git

if TYPE_CHECKING:
    from pathlib import Path

GIT_CONFIG = """\
[user]
name = Ada Lovelace
email = ada@example.org
[init]
defaultBranch = main
"""


@dataclass(frozen=True)
class Repository:
    """A repository on the disk and the plain git to prepare and inspect it."""

    folder: Path

    @classmethod
    def init(cls, folder: Path, *options: str) -> Repository:
        folder.mkdir(parents=True, exist_ok=True)
        made = cls(folder)
        made.git("init", "--quiet", *options)
        return made

    def git(self, *arguments: str, stdin: bytes | None = None) -> str:
        done = subprocess.run(
            ["git", *arguments],
            cwd=self.folder,
            input=stdin,
            capture_output=True,
            check=True,
        )
        return os.fsdecode(done.stdout).strip()

    def write(self, path: str, content: bytes | str) -> Path:
        target = self.folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content.encode() if isinstance(content, str) else content)
        return target

    def commit(self, message: str = "a commit") -> str:
        self.git("add", "--all")
        self.git("commit", "--quiet", "--allow-empty", "--message", message)
        return self.git("rev-parse", "HEAD")

    def opened(self) -> Git:
        return Git.open(self.folder, file_remotes=True)

    def fingerprint(self) -> str:
        """Return a hash of index, HEAD and all files with their times: what must stay as it is."""
        seen = hashlib.sha256(self.git("rev-parse", "--symbolic-full-name", "HEAD").encode())
        git_dir = self.folder / ".git"
        watched = [git_dir / "index", git_dir / "HEAD"]
        watched += sorted(path for path in self.folder.rglob("*") if git_dir not in path.parents)
        for path in watched:
            if path.exists() and path != git_dir:
                seen.update(f"{path}{path.lstat().st_mtime_ns}".encode("utf-8", "surrogateescape"))
                seen.update(path.read_bytes() if path.is_file() else b"")
        return seen.hexdigest()
