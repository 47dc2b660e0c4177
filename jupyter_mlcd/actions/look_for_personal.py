"""Personal data in what is about to be kept: say so, or leave the notebook out of git.

A warning is no refusal: nobody but a person knows whether the rows are about people, and whether
they may stay. With ``found = "out-of-git"`` under ``[personal-data]`` an executed notebook with
such a table goes to the Store by its digest. kept.json tells that, and quotes of it are cut.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import msgspec

from jupyter_mlcd.actions.look_for_secrets import bundle_files, sealed
from jupyter_mlcd.model.kept import OutOfGit, told_truly

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from jupyter_mlcd.actions.desk import Desk
    from jupyter_mlcd.model.kept import KeptChanges
    from jupyter_mlcd.model.personal import PersonalFinding

_NBVAL = "nbval-junit.xml"
"""What the real nbval writes repeats outputs too."""


def find_personal(desk: Desk, run: str) -> tuple[PersonalFinding, ...]:
    """Return which tables of a draft look like personal data; none where nobody wants to know.

    Raises NotFoundError.
    """
    return looks_personal(desk, bundle_files(desk, run))


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
