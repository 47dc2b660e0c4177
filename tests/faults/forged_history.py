"""Forgeries of the history itself, in a real repository that is put back afterwards."""

from __future__ import annotations

import shutil
import subprocess
from contextlib import contextmanager
from typing import TYPE_CHECKING

from tests.faults.forged_files import Forged
from tests.faults.kept import Memory
from tests.journeys.projects import git

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from random import Random

    from tests.faults.kept import Stage

    Made = tuple[str, tuple[str, ...]]
    """What is verified then, and the words of which one must be said."""

BRANCH = "refs/heads/mlcd/evidence"
REMOTE = "refs/remotes/origin/mlcd/evidence"


class Forge:
    """Rewrites the branch of a stage with git's own plumbing."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.memory = Memory(stage)
        self.git_dir = stage.folder / ".git"
        # The remote learns all there is, so that it is a witness of all.
        git(stage.folder, "push", "--quiet", "origin", "mlcd/evidence")
        self.before = self._refs()
        listed = git(stage.folder, "log", "--reverse", "--format=%x00%H", "--name-only", BRANCH)
        blocks = [block.split("\n") for block in listed.split("\0")[1:]]
        self.commits = [(one[0], [path for path in one[1:] if path]) for one in blocks]

    def _refs(self) -> dict[str, str]:
        listed = git(self.stage.folder, "for-each-ref", "--format=%(refname) %(objectname)")
        return dict(line.split(" ") for line in listed.splitlines())

    @contextmanager
    def afresh(self) -> Iterator[None]:
        """Put back refs and reflogs afterwards."""
        logs, kept = self.git_dir / "logs", self.git_dir.parent.parent / "logs"
        shutil.rmtree(kept, ignore_errors=True)
        shutil.copytree(logs, kept)
        try:
            yield
        finally:
            now = self._refs()
            lines = [f"update {ref} {oid}" for ref, oid in self.before.items()]
            lines += [f"delete {ref}" for ref in now if ref not in self.before]
            self._update(lines)
            shutil.rmtree(logs)
            shutil.copytree(kept, logs)

    def _update(self, lines: Sequence[str]) -> None:
        subprocess.run(
            ["git", "update-ref", "--stdin"],
            cwd=self.stage.folder,
            input="".join(f"{line}\n" for line in lines).encode(),
            check=True,
        )

    def set(self, ref: str, oid: str) -> None:
        self._update([f"update {ref} {oid}"])

    def forget(self, *, log: bool = False, remote: bool = False) -> None:
        """Take a witness away."""
        if log:
            (self.git_dir / "logs" / BRANCH).unlink(missing_ok=True)
        if remote:
            self._update([f"delete {REMOTE}"])

    def rewrite(
        self,
        commits: Sequence[tuple[str, list[str]]],
        content: dict[str, bytes],
        extra: bytes = b"",
    ) -> None:
        """Write the branch anew from these commits' files."""
        parts = [b"reset " + BRANCH.encode() + b"\n\n"]
        for number, (_, paths) in enumerate(commits):
            head = f"commit {BRANCH}\ncommitter A <a@example.org> {1700000000 + number} +0000\n"
            parts.append(head.encode() + b"data 1\nx\n")
            for path in paths:
                if path in content:
                    size = str(len(content[path])).encode()
                    name = path.encode()
                    parts += [
                        b"M 644 inline " + name + b"\ndata " + size + b"\n",
                        content[path],
                        b"\n",
                    ]
        parts.append(extra)
        subprocess.run(
            ["git", "fast-import", "--force", "--quiet", "--date-format=raw"],
            cwd=self.stage.folder,
            input=b"".join(parts),
            check=True,
            capture_output=True,
        )

    def witness(self, luck: Random) -> None:
        """Leave one witness and take the other away."""
        one = luck.random() < 0.5
        self.forget(log=one, remote=not one)


def _cut(forge: Forge, luck: Random) -> Made:
    back = luck.randint(1, len(forge.commits) - 1)
    forge.set(BRANCH, forge.commits[-1 - back][0])
    forge.forget(remote=True)
    return luck.choice(forge.stage.versions), ("is gone",)


def _drop_one(forge: Forge, luck: Random) -> Made:
    place = luck.randrange(len(forge.commits) - 1)
    kept = [one for number, one in enumerate(forge.commits) if number != place]
    forge.rewrite(kept, forge.memory.content)
    forge.witness(luck)
    return luck.choice(forge.stage.versions), ("is gone",)


def _reorder(forge: Forge, luck: Random) -> Made:
    place = luck.randrange(len(forge.commits) - 1)
    kept = list(forge.commits)
    kept[place], kept[place + 1] = kept[place + 1], kept[place]
    forge.rewrite(kept, forge.memory.content)
    forge.witness(luck)
    return luck.choice(forge.stage.versions), ("now after them", "another history", "in common")


def _rewrite_all(forge: Forge, luck: Random) -> Made:
    """Edit an output, recompute every sum, rewrite the branch and move the tag along."""
    forged = Forged(forge.memory, luck)
    path = luck.choice(forged.notebooks())
    notebook = forged.load(path)
    cell = luck.choice([one for one in notebook["cells"] if one["cell_type"] == "code"])
    line = {"output_type": "stream", "name": "stdout", "text": "all is well\n"}
    cell["outputs"].append(line)
    forged.put(path, notebook)
    forged.recompute(3)
    forge.rewrite(forge.commits, forged.ledger.content)
    release = forged.load(forged.event("release-prepared", forged.version))["body"]
    words = f"small {forged.version}\n\nRelease-Digest: {release['digest']}\n"
    name = f"v{forged.version}"
    git(
        forge.stage.folder,
        "tag",
        "--annotate",
        "--force",
        "--message",
        words,
        name,
        release["commit"],
    )
    forge.witness(luck)
    return forged.version, ("has other bytes",)


def _change_later(forge: Forge, luck: Random) -> Made:
    """Change or delete a kept file by a further commit."""
    path = luck.choice([path for _, paths in forge.commits for path in paths])
    what = f"D {path}\n" if luck.random() < 0.5 else f"M 644 inline {path}\ndata 1\nx\n"
    head = f"commit {BRANCH}\ncommitter A <a@example.org> 1800000000 +0000\ndata 1\nx\n"
    head += f"from {forge.commits[-1][0]}\n"
    subprocess.run(
        ["git", "fast-import", "--force", "--quiet", "--date-format=raw"],
        cwd=forge.stage.folder, input=(head + what).encode(), check=True, capture_output=True,
    )  # fmt: skip
    return luck.choice(forge.stage.versions), (f"changes {path}", f"takes away {path}")


def _merge(forge: Forge, luck: Random) -> Made:
    tip, older = forge.commits[-1][0], luck.choice(forge.commits[:-2])[0]
    side = git(forge.stage.folder, "commit-tree", f"{older}^{{tree}}", "-p", older, "-m", "side")
    made = git(
        forge.stage.folder, "commit-tree", f"{tip}^{{tree}}", "-p", tip, "-p", side, "-m", "merge"
    )
    forge.set(BRANCH, made)
    return luck.choice(forge.stage.versions), ("not linear",)


def _move_tag(forge: Forge, luck: Random) -> Made:
    version = luck.choice(forge.stage.versions)
    name = f"v{version}"
    if luck.random() < 0.5:
        git(forge.stage.folder, "tag", "--force", name, "main~1")  # a lightweight one
    else:
        words = git(forge.stage.folder, "for-each-ref", "--format=%(contents)", f"refs/tags/{name}")
        own = git(forge.stage.folder, "rev-parse", f"{name}^{{commit}}")
        others = git(forge.stage.folder, "rev-list", "main").split()
        other = luck.choice([commit for commit in others if commit != own])
        git(forge.stage.folder, "tag", "--annotate", "--force", "--message", words, name, other)
    return version, ("moved",)


HISTORY_KINDS: tuple[tuple[str, Callable[[Forge, Random], Made]], ...] = (
    ("history: rolled back", _cut),
    ("history: a commit dropped", _drop_one),
    ("history: commits reordered", _reorder),
    ("history: all rewritten, the tag too", _rewrite_all),
    ("history: a kept file changed or deleted", _change_later),
    ("history: a merge", _merge),
    ("history: the tag moved", _move_tag),
)
