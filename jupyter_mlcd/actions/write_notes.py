"""Release notes: what a release changes, as a text by the project's template or by ours."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from jupyter_mlcd.actions.describe_release import changes_since, describe_release, replaced
from jupyter_mlcd.model.errors import ConfigError, MlcdError
from jupyter_mlcd.ports import NotesTarget

if TYPE_CHECKING:
    from jupyter_mlcd.actions.desk import Desk
    from jupyter_mlcd.model.release import Release
    from jupyter_mlcd.model.release_changes import ReleaseChanges
    from jupyter_mlcd.ports import Parcel, Target


def release_notes(
    desk: Desk,
    version: str = "",
    *,
    since: str = "",
    environment: str = "",
    template: tuple[str, bytes] | None = None,
) -> str:
    """Return the notes of a release in Markdown; ``template`` is its name and its text.

    Without one it is that of the project, as it was in the release's commit, or else ours. Raises
    as ``describe_release``, and ConfigError with the line of a template that cannot be used.
    """
    changes = describe_release(desk, version, since=since, environment=environment)
    name, text = template or _own_template(desk, changes)
    return desk.write_notes(changes, text, name)


def with_notes(desk: Desk, target: Target, parcel: Parcel) -> tuple[Parcel, str]:
    """Return a parcel with its notes, where a target publishes any, and what to say of them.

    A template that cannot be used holds up no delivery: ours is used, and that is said.
    """
    if not (isinstance(target, NotesTarget) and target.publishes_notes):
        return parcel, ""
    notes, remark = notes_at_any_rate(desk, parcel.release, parcel.environment)
    return msgspec.structs.replace(parcel, notes=notes), remark


def notes_at_any_rate(desk: Desk, release: Release, environment: str = "") -> tuple[str, str]:
    """Return the notes of a release, and what to say of them; nothing stops what they go with.

    Where the template cannot be used they are ours; where nothing can be compared there are none.
    """
    since, where = replaced(desk, desk.history, release.version, environment)
    try:
        changes = changes_since(desk, release, since, where)
    except MlcdError as error:
        return "", f"It has no release notes: {error.message}."
    try:
        name, text = _own_template(desk, changes)
        return desk.write_notes(changes, text, name), ""
    except ConfigError as error:
        plain = desk.write_notes(changes, None, "")
        return plain, f"The release notes are the plain ones: {error.message}."


def _own_template(desk: Desk, changes: ReleaseChanges) -> tuple[str, bytes | None]:
    """Return name and text of the project's template, as it was committed with the release."""
    name = desk.project.release_notes.template
    if not name:
        return "", None
    text = desk.worktree.read(changes.commit, desk.prefix + name)
    if text is None:
        raise ConfigError(
            f"{name} is not in commit {changes.commit[:7]}, and mlcd.toml names it as template",
            hint="Commit it with the version that is to have notes by it.",
            details={"file": name, "line": 1, "key": "release-notes.template"},
        )
    return name, text
