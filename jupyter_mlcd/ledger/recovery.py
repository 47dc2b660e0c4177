"""What a killed git leaves behind, taken away before the next write.

Git never breaks a lock: a reference whose writer was killed at the wrong moment (2 % of kills)
could never be written again. So its lock is removed here, but only when it is certain to be left
over; half-written packs and kept ones go after an hour.
"""

from __future__ import annotations

import json
import os
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import psutil

from jupyter_mlcd.world.process import (
    ProcessIdentity,
    is_alive,
    is_of_this_boot,
    own_identity,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

_STALE_LOCK_SECONDS = 60.0
_STALE_PACK_SECONDS = 3600.0
_LONGEST_RECORD = 4096
# Full sweeps look into some hundred folders, so one an hour and repository is enough.
_swept: dict[str, float] = {}


def take_over(lock: int) -> ProcessIdentity | None:
    """Write our name into the lock file that we hold; return who held it before."""
    before = _read_holder(lock)
    me = own_identity()
    text = json.dumps({"pid": me.pid, "birth": me.birth}).encode("ascii")
    os.ftruncate(lock, 0)
    os.lseek(lock, 0, os.SEEK_SET)
    os.write(lock, text)
    return before


def sweep(common_dir: Path, ref: str, before: ProcessIdentity | None) -> None:
    """Remove what killed writers left; call only while holding the ledger's lock.

    ``before`` held the lock last. Git inherits the lock from its writer, so that once we hold it
    no writer of ours is at work any more.
    """
    with suppress(OSError):
        if _is_left_over(common_dir, ref, before):
            (common_dir / f"{ref}.lock").unlink()
    if time.monotonic() - _swept.get(str(common_dir), float("-inf")) < _STALE_PACK_SECONDS:
        return
    _swept[str(common_dir)] = time.monotonic()
    for path in _litter(common_dir):
        with suppress(OSError):
            if _is_ours(path) and _age(path) > _STALE_PACK_SECONDS:
                path.unlink()


def _litter(common_dir: Path) -> Iterator[Path]:
    """Yield unfinished objects and packs, crash reports, and marks that keep packs from gc."""
    objects = common_dir / "objects"
    yield from common_dir.glob("fast_import_crash_*")
    for folder in objects.glob("[0-9a-f][0-9a-f]"):
        with suppress(FileNotFoundError):  # A gc removes folders while we look.
            yield from sorted(folder.glob("tmp_obj_*"))
    yield from objects.glob("pack/tmp_*")
    for keep in objects.glob("pack/*.keep"):
        with suppress(OSError):
            if keep.read_bytes()[:11] == b"fast-import":
                yield keep


def _is_left_over(common_dir: Path, ref: str, before: ProcessIdentity | None) -> bool:
    """Tell whether nobody will ever take this lock away."""
    ref_lock = common_dir / f"{ref}.lock"
    if not ref_lock.exists() or not _is_ours(ref_lock):
        return False
    if _age(ref_lock) > _STALE_LOCK_SECONDS:
        return not _is_open(ref_lock)
    # Younger ones may belong to a git at work: the user's own gc locks every reference in turn.
    return _has_died_here(before) and not _git_is_at_work(common_dir)


def _has_died_here(process: ProcessIdentity | None) -> bool:
    if process is None or not is_of_this_boot(process):
        return False
    return process == own_identity() or not is_alive(process)


def _git_is_at_work(common_dir: Path) -> bool:
    """Tell whether a git of this user runs in the repository or one of its worktrees."""
    places = {common_dir, common_dir.parent}
    for gitdir in common_dir.glob("worktrees/*/gitdir"):
        with suppress(OSError):
            places.add(Path(gitdir.read_text().strip()).parent)
    for found in psutil.process_iter():
        with suppress(psutil.Error, OSError):
            if not found.name().startswith("git") or found.status() == psutil.STATUS_ZOMBIE:
                continue
            where = Path(found.cwd())
            if str(common_dir) in " ".join([*found.cmdline(), found.environ().get("GIT_DIR", "")]):
                return True
            if not places.isdisjoint({where, *where.parents}):
                return True
    return False


def _is_open(path: Path) -> bool:
    for found in psutil.process_iter():
        with suppress(psutil.Error, OSError):
            if any(opened.path == str(path) for opened in found.open_files()):
                return True
    return False


def _read_holder(lock: int) -> ProcessIdentity | None:
    os.lseek(lock, 0, os.SEEK_SET)
    try:
        found = json.loads(os.read(lock, _LONGEST_RECORD))
        return ProcessIdentity(int(found["pid"]), str(found["birth"]))
    except (ValueError, KeyError, TypeError):
        return None


def _age(path: Path) -> float:
    return time.time() - path.lstat().st_mtime


def _is_ours(path: Path) -> bool:
    return not hasattr(os, "geteuid") or path.lstat().st_uid == os.geteuid()
