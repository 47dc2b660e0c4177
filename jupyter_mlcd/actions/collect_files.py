"""Where the files of a release are: on this machine, in the shared Store, or not in reach.

A model that CI made lies in the Store of that machine. Whoever delivers it brings it from the
shared Store, if mlcd.toml names one. A target that only starts something which gets the files
elsewhere needs none from here.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from jupyter_mlcd.actions.judge_erasure import erasures
from jupyter_mlcd.model.errors import NotFoundError
from jupyter_mlcd.model.status import Reason, WayOut
from jupyter_mlcd.ports import PointingTarget

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from jupyter_mlcd.actions.desk import Desk
    from jupyter_mlcd.model.release import Release
    from jupyter_mlcd.ports import Target

_HOW: Final = (
    'mlcd.toml names no Store that others reach too. Write store = "s3://BUCKET/FOLDER" below '
    "[project] and share the files where they were made (docs/delivering.md, The shared Store)"
)


def gone_reasons(
    desk: Desk, environment: str, release: Release, suite: str = ""
) -> Iterator[Reason]:
    """Yield the files that a delivery needs and cannot have; nobody is asked over a network.

    ``suite`` is what makes them anew by running here; empty where that would not help.
    """
    needed = needs_files(desk.target(environment))
    for path in _absent(named_files(desk, release)):
        way = (WayOut.RUN, suite) if suite else (WayOut.NONE, "")
        if release.products[path].sha256 in erasures(desk):
            yield Reason("product-gone", f"{path} of {release.version} was erased", *way)
        elif needed and not desk.store.shared:
            words = f"{path} of {release.version} is not on this machine, and {_HOW}"
            yield Reason("product-gone", words, *way)


def needs_files(target: Target) -> bool:
    """Whether a target takes the files from here."""
    return not isinstance(target, PointingTarget) or target.needs_files


def named_files(desk: Desk, release: Release) -> dict[str, Path]:
    """Return ``{path: where it is}``; what is not on this machine has its name alone."""
    return {path: _place(desk, release, path) for path in release.products}


def bring_files(desk: Desk, target: Target, release: Release) -> dict[str, Path]:
    """Return ``{path: where it is}`` of what a target gets, brought here where that is needed.

    Raises NotFoundError and WorldError; whatever came is here then, and nothing was sent.
    """
    if needs_files(target):
        return {path: desk.store.fetch(one) for path, one in release.products.items()}
    named = named_files(desk, release)
    absent = _absent(named)
    return {path: place for path, place in named.items() if path not in absent}


def what_is_brought(desk: Desk, target: Target, files: Mapping[str, Path]) -> Iterator[str]:
    """Yield in a sentence what becomes of ``files`` that are not on this machine."""
    absent = _absent(files)
    names = ", ".join(f"**{path}**" for path in absent)
    if absent and needs_files(target):
        yield f"Brings {names} here from the shared Store **{desk.store.shared}** first."
    elif absent:
        yield f"Sends nothing of {names}, not on this machine: what is started gets it elsewhere."


def _absent(files: Mapping[str, Path]) -> list[str]:
    return [path for path, place in files.items() if not place.is_absolute()]


def _place(desk: Desk, release: Release, path: str) -> Path:
    try:
        return desk.store.path(release.products[path]).absolute()
    except NotFoundError:
        return Path(path)
