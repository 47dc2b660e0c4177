"""Personal data in what is about to be kept: say so, or leave the notebook out of git.

Nobody but a person knows whether the rows are about people, and whether they may stay: where one
sits in front of it she is asked, else it is told. With ``found = "out-of-git"`` under
``[personal-data]`` an executed notebook with such a table goes to the Store by its digest.
kept.json tells that, and quotes of it are cut.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import msgspec

from jupyter_mlcd.actions.look_for_secrets import (
    bundle_files,
    sealed,
    show_secrets,
    where_found,
)
from jupyter_mlcd.model.errors import RefusedError
from jupyter_mlcd.model.kept import OutOfGit, told_truly
from jupyter_mlcd.model.personal import FoundPersonal

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from jupyter_mlcd.actions.desk import Desk
    from jupyter_mlcd.model.kept import KeptChanges
    from jupyter_mlcd.model.personal import PersonalFinding
    from jupyter_mlcd.model.secret import SecretsFound

_NBVAL = "nbval-junit.xml"
"""What the real nbval writes repeats outputs too."""


def find_personal(desk: Desk, run: str) -> tuple[PersonalFinding, ...]:
    """Return which tables of a draft look like personal data; none where nobody wants to know.

    Raises NotFoundError.
    """
    return looks_personal(desk, bundle_files(desk, run))


def show_found(desk: Desk, run: str) -> SecretsFound:
    """Return all that a person is asked about before a draft is kept. Raises NotFoundError."""
    secrets = show_secrets(desk, run)
    files, manifest = bundle_files(desk, run), desk.runner.manifest(run)
    found = looks_personal(desk, files) if _asks(desk) else ()
    return msgspec.structs.replace(
        secrets,
        personal=tuple(
            FoundPersonal(one, *where_found(one.file, one.cell, manifest, files)) for one in found
        ),
    )


def refuse_personal(desk: Desk, found: Sequence[PersonalFinding], run: str) -> None:
    """Raise RefusedError where a person is to be asked first."""
    if not found or not _asks(desk):
        return
    first, more = found[0], len(found) - 1
    raise RefusedError(
        f"this looks like personal data: {first}" + (f" and {more} more" if more else ""),
        code="personal-found",
        hint="Nothing was written. Git keeps for ever what it is given: "
        "look at it, then keep it all the same, or let such notebooks stay out of git.",
        details={"findings": [str(one) for one in found], "run": run},
    )


def _asks(desk: Desk) -> bool:
    return desk.project.personal_data.found == "warn"


def looks_personal(desk: Desk, files: Mapping[str, bytes]) -> tuple[PersonalFinding, ...]:
    """Return which tables look so, but those that mlcd.toml says are none."""
    table = desk.project.personal_data
    if table.found == "ignore":
        return ()
    places = [f"{one.place.strip()}," for one in table.allow]
    return tuple(
        one
        for one in desk.tables.personal(files, table.columns)
        if not any(f"{one.place},".startswith(place) for place in places)
    )


def without_personal(
    desk: Desk, files: Mapping[str, bytes], changes: KeptChanges, found: Sequence[PersonalFinding]
) -> tuple[dict[str, bytes], KeptChanges, dict[str, bytes]]:
    """Return the files that go to git, what keeping changed, and the files that go to the Store.

    ``changes`` tells what was changed before, ``found`` what looks personal in them. Raises
    RefusedError where the rest would prove nothing.
    """
    if not found or desk.project.personal_data.found != "out-of-git":
        return dict(files), changes, {}
    whole = dict.fromkeys(one.file for one in found)
    reasons = {
        name: "; ".join(str(one).removeprefix(f"{name}, ") for one in found if one.file == name)
        for name in whole
    }
    if _NBVAL in files:
        reasons[_NBVAL] = f"it repeats outputs of {', '.join(whole)}"
    away = {name: files[name] for name in reasons}
    rest = {**files, **desk.tables.without_excerpts(files, whole)}
    kept = {name: rest[name] for name in rest if name not in away}
    told = msgspec.structs.replace(
        changes,
        redacted=told_truly(changes.redacted, {**kept, **away}),
        out_of_git=tuple(
            OutOfGit(name, hashlib.sha256(content).hexdigest(), len(content), reasons[name])
            for name, content in away.items()
        ),
    )
    return sealed(kept, told, away), told, away
