"""What git knows about commits, branches, remotes, worktrees and people."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from jupyter_mlcd.model.errors import UsageError
from jupyter_mlcd.world.git_errors import GitFault, git_error
from jupyter_mlcd.world.git_hardening import parse_settings
from jupyter_mlcd.world.git_names import (
    ObjectId,
    checked_ref,
    checked_revision,
    decoded,
    encoded,
    without_credentials,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from jupyter_mlcd.world.git import Git

_MANY_NAMES = 64 << 20
_FALLBACK_EMAIL = "noreply@localhost"
_NOT_IN_A_NAME = re.compile(r"[\x00-\x1f\x7f<>]")
_CONFIG_NAME = re.compile(r"[A-Za-z][A-Za-z0-9-]*(\..+)?\.[A-Za-z][A-Za-z0-9-]*\Z", re.DOTALL)


@dataclass(frozen=True)
class Head:
    """Where the worktree stands."""

    branch: str | None
    """Short name of the branch; None when HEAD is detached."""
    commit: ObjectId | None
    """The commit; None when the branch has none yet."""


@dataclass(frozen=True)
class Person:
    """Who wrote something, as git keeps it."""

    name: str
    email: str
    is_fallback: bool = False
    """Git knew no name, so a stand-in is used."""

    def __str__(self) -> str:
        """Return ``Name <e-mail>``."""
        return f"{self.name} <{self.email}>"


@dataclass(frozen=True)
class Entry:
    """One line of a tree."""

    path: str
    mode: str
    """``100644``, ``100755``, ``120000`` (symbolic link), ``160000`` (submodule), ``040000``."""
    kind: str
    """``blob``, ``tree`` or ``commit``."""
    oid: ObjectId
    size: int | None
    """Bytes of a blob; None for all else."""


@dataclass(frozen=True)
class Worktree:
    """One folder of files of the repository."""

    path: Path
    commit: ObjectId | None
    ref: str | None
    """Full name of the branch that is checked out; None if detached or bare."""


def head(git: Git) -> Head:
    """Return the branch and commit of the worktree."""
    ref = decoded(git.run("symbolic-ref", "--quiet", "HEAD", ok_codes=(0, 1))).strip()
    branch = ref.removeprefix("refs/heads/") or None
    return Head(branch, rev_parse(git, "HEAD"))


def rev_parse(git: Git, revision: str, kind: str = "commit") -> ObjectId | None:
    """Return the id of the ``kind`` of object that a revision stands for; None if there is none."""
    wanted = f"{checked_revision(revision)}^{{{kind}}}"
    asked = ("--verify", "--quiet", "--end-of-options", wanted)
    answer = git.run("rev-parse", *asked, ok_codes=(0, 1))
    return ObjectId(decoded(answer).strip()) if answer else None


def ref_tip(git: Git, ref: str) -> ObjectId | None:
    """Return what a full reference name points to; None if it does not exist."""
    answer = git.run(
        "rev-parse", "--verify", "--quiet", "--end-of-options", checked_ref(ref), ok_codes=(0, 1)
    )
    return ObjectId(decoded(answer).strip()) if answer else None


def refs(git: Git, prefix: str) -> dict[str, ObjectId]:
    """Return the references below ``prefix``, such as ``refs/tags``, with what they point to."""
    listing = git.run(
        "for-each-ref",
        "--format=%(objectname) %(refname)",
        "--",
        checked_ref(prefix),
        limit=_MANY_NAMES,
    )
    lines = (line.split(" ", 1) for line in decoded(listing).splitlines())
    return {name: ObjectId(oid) for oid, name in lines}


@dataclass(frozen=True)
class Upstream:
    """The branch of a remote that a branch is compared with."""

    name: str
    """As ``origin/main``."""
    remote: str
    ahead: int
    """Commits that it does not have."""


def upstream(git: Git, branch: str) -> Upstream | None:
    """Return what a branch is compared with, as far as it was fetched; None if nothing."""
    shown = "%(refname)%00%(upstream:short)%00%(upstream:remotename)%00%(upstream:track,nobracket)"
    ref = checked_ref(f"refs/heads/{branch}")
    listing = decoded(git.run("for-each-ref", f"--format={shown}", "--", ref))
    for line in listing.splitlines():
        # A pattern also means what is below it: `main` would answer for `main/later`.
        name, short, remote, track = line.split("\0")
        if name == ref and short and "gone" not in track:
            ahead = re.search(r"ahead (\d+)", track)
            return Upstream(short, remote, int(ahead[1]) if ahead else 0)
    return None


def commits(git: Git, span: str, most: int) -> tuple[tuple[ObjectId, str], ...]:
    """Return ids and messages of the commits of ``span``, as ``A..B``, newest first."""
    asked = ("-z", "--format=%H%n%B", f"--max-count={most}", "--no-show-signature")
    listing = git.run("log", *asked, "--end-of-options", span, "--", limit=_MANY_NAMES)
    pairs = (decoded(one).partition("\n") for one in listing.split(b"\0") if one)
    return tuple((ObjectId(oid), message.strip()) for oid, _, message in pairs)


def touching(
    git: Git, span: str, paths: Iterable[str], most: int
) -> tuple[tuple[ObjectId, str, int, str], ...]:
    """Return id, author, seconds since 1970 and subject of commits that touch paths, newest first.

    As they came onto the branch: a merge that took a change over is none that made it.
    """
    form = "--format=%H%x00%an <%ae>%x00%ct%x00%s"
    literal = [f":(top,literal){path}" for path in paths]
    asked = (form, f"--max-count={most}", "--no-show-signature")
    listing = git.run("log", *asked, "--end-of-options", span, "--", *literal, limit=_MANY_NAMES)
    rows = (line.split("\0") for line in decoded(listing).splitlines() if line)
    return tuple((ObjectId(oid), by, int(at), subject) for oid, by, at, subject in rows)


@dataclass(frozen=True)
class Lineage:
    """A commit as history needs it."""

    oid: str
    parents: tuple[str, ...]
    written: int
    """When its author wrote it, in seconds since 1970."""


def lineage(git: Git, tips: Iterable[str]) -> tuple[Lineage, ...]:
    """Return every commit that led to one of these, newest first: children before their parents.

    One process for all; a commit that is not there is left out.
    """
    names = "".join(f"{checked_revision(tip)}\n" for tip in tips)
    listing = git.run(
        "log", "--topo-order", "--ignore-missing", "--no-show-signature", "--format=%H %at %P",
        "--stdin", stdin=names.encode("ascii"), limit=_MANY_NAMES * 4,
    )  # fmt: skip
    lines = (line.split() for line in decoded(listing).splitlines())
    return tuple(Lineage(oid, tuple(parents), int(at)) for oid, at, *parents in lines)


def authors(git: Git, span: str) -> frozenset[str]:
    """Return who wrote the commits of ``span``, as ``Name <e-mail>``, those named beside too."""
    form = "--format=%an <%ae>%n%(trailers:key=Co-authored-by,valueonly)"
    listing = git.run("log", form, "--no-show-signature", "--end-of-options", span, "--",
                      limit=_MANY_NAMES)  # fmt: skip
    return frozenset(line.strip() for line in decoded(listing).splitlines() if line.strip())


def count(git: Git, span: str, paths: Iterable[str] = ()) -> int:
    """Return how many commits of ``span`` there are, or how many of them touch ``paths``."""
    literal = [f":(top,literal){path}" for path in paths]
    answer = git.run("rev-list", "--count", "--end-of-options", span, "--", *literal)
    return int(decoded(answer).strip())


def ls_tree(git: Git, treeish: str, prefix: str = "") -> tuple[Entry, ...]:
    """Return all files below ``prefix`` in a commit or tree, with their full paths."""
    arguments = ["-r", "-z", "--long", "--full-tree", "--end-of-options"]
    paths = ["--", prefix.rstrip("/") + "/"] if prefix else []
    revision = checked_revision(treeish)
    listing = git.run(
        "ls-tree",
        *arguments,
        revision,
        *paths,
        limit=_MANY_NAMES * 4,
    )
    return tuple(_entry(line) for line in listing.split(b"\0")[:-1])


def _entry(line: bytes) -> Entry:
    about, path = line.split(b"\t", 1)
    mode, kind, oid, size = about.decode("ascii").split()
    return Entry(decoded(path), mode, kind, ObjectId(oid), None if size == "-" else int(size))


def objects_at(git: Git, treeish: str, paths: Iterable[str]) -> dict[str, tuple[str, ObjectId]]:
    """Return kind and id of those ``paths`` that exist in a commit or tree; one process for all.

    A path with a newline cannot be asked for in one process with the others, and costs its own.
    """
    wanted = list(paths)
    revision = checked_revision(treeish)
    asked = [path for path in wanted if "\n" not in path]
    base = encoded(revision)
    answer = git.run(
        "cat-file",
        "--batch-check",
        stdin=b"".join(base + b":" + encoded(path) + b"\n" for path in asked),
        limit=_MANY_NAMES * 4,
    )
    found = {}
    for path, line in zip(asked, answer.split(b"\n")[:-1], strict=True):
        words = line.split(b" ")
        if not line.endswith((b" missing", b" ambiguous")):
            found[path] = (decoded(words[1]), ObjectId(decoded(words[0])))
    for path in wanted:
        if "\n" in path and (entry := entry_at(git, revision, path)):
            found[path] = (entry.kind, entry.oid)
    return found


def entry_at(git: Git, treeish: str, path: str) -> Entry | None:
    """Return the file or folder ``path`` of a commit or tree; None if there is none."""
    arguments = ("-z", "--long", "--full-tree", "--end-of-options", checked_revision(treeish))
    listing = git.run("ls-tree", *arguments, "--", path.rstrip("/"))
    return _entry(listing.split(b"\0")[0]) if listing else None


def is_ancestor(git: Git, older: str, newer: str) -> bool:
    """Tell whether ``older`` is ``newer`` or was before it."""
    asked = (checked_revision(older), checked_revision(newer))
    forks = git.run("merge-base", "--end-of-options", *asked, ok_codes=(0, 1))
    return decoded(forks).strip() == rev_parse(git, older)


def merge_base(git: Git, one: str, other: str) -> ObjectId | None:
    """Return the commit where two histories part; None if they have nothing in common."""
    asked = (checked_revision(one), checked_revision(other))
    answer = git.run("merge-base", "--end-of-options", *asked, ok_codes=(0, 1))
    return ObjectId(decoded(answer).strip()) if answer else None


def config_get(git: Git, name: str) -> str | None:
    """Return the last value of a setting as it is now; None if it is not set."""
    if not _CONFIG_NAME.match(name):
        raise UsageError(f"{name!r} is not the name of a git setting.", code="bad-setting-name")
    answer = git.run("config", "-z", "--includes", "--get", name, ok_codes=(0, 1))
    return decoded(answer).removesuffix("\0") if answer else None


def identity(git: Git, fallback: str = "") -> Person:
    """Return who the user is to git, or a stand-in made of ``fallback``, her name elsewhere."""
    settings = {setting.key: setting.value for setting in git.settings}

    def known(what: str) -> str:
        given = os.environ.get(f"GIT_AUTHOR_{what.upper()}")
        value = given or settings.get(f"author.{what}") or settings.get(f"user.{what}") or ""
        return person_text(value)

    name, email = known("name"), known("email")
    if name and email:
        return Person(name, email)
    stand_in = person_text(f"{fallback} via jupyter_mlcd") if fallback else "jupyter_mlcd"
    return Person(name or stand_in, email or _FALLBACK_EMAIL, is_fallback=True)


def person_text(text: str) -> str:
    """Return ``text`` without what git cannot hold in a name or e-mail."""
    return _NOT_IN_A_NAME.sub("", text).strip()


def remotes(git: Git) -> Mapping[str, str]:
    """Return the configured remotes with their addresses, fit to be shown: no passwords."""
    return {name: without_credentials(url) for name, url in remote_addresses(git).items()}


def remote_addresses(git: Git) -> dict[str, str]:
    """Return the configured remotes with their full addresses, which may hold passwords."""
    listing = git.run("config", "--list", "-z", "--show-scope")
    found = {}
    for setting in parse_settings(listing):
        if setting.key.startswith("remote.") and setting.key.endswith(".url"):
            found[setting.key.removeprefix("remote.").removesuffix(".url")] = setting.value
    return found


def checked_remote(git: Git, name: str) -> str:
    """Return ``name`` if a remote of that name is configured; GitError if not, also for an URL."""
    if name in remote_addresses(git) and not name.startswith("-"):
        return name
    raise git_error(GitFault.NO_SUCH_REMOTE, f"remote {name!r} is not configured")


def worktrees(git: Git) -> tuple[Worktree, ...]:
    """Return all folders of files of the repository, the main one first."""
    listing = decoded(git.run("worktree", "list", "--porcelain", "-z"))
    return tuple(_worktree(block) for block in listing.split("\0\0") if block)


def _worktree(block: str) -> Worktree:
    facts = dict(line.partition(" ")[::2] for line in block.split("\0") if line)
    commit = facts.get("HEAD", "")
    is_born = bool(commit.strip("0"))
    ref = facts.get("branch") or None
    return Worktree(Path(facts["worktree"]), ObjectId(commit) if is_born else None, ref)


def fsck(git: Git, deadline: float = 600.0) -> tuple[str, ...]:
    """Return git's complaints about its objects; none means that the repository is whole."""
    said = git.run(
        "fsck",
        "--full",
        "--no-progress",
        "--no-dangling",
        deadline=deadline,
        ok_codes=range(64),
    )
    return tuple(decoded(said).splitlines())
