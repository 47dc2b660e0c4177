"""What is proposed to an application's repository: one commit on a branch of its own, in words.

The branch carries the start of our key and the text the whole of it: by them it is found again.
The text is that of the release notes, cut to what the server takes.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from jupyter_mlcd.model.hub import page_of, plain_markdown
from jupyter_mlcd.model.release import release_folder

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from jupyter_mlcd.model.target import ApplicationTable
    from jupyter_mlcd.ports import Parcel
    from jupyter_mlcd.targets.version_in_file import FileChange

KEY_LETTERS: Final = 8
_FENCE: Final = "```\n"
_A_KEY: Final = re.compile(r"\b[0-9a-f]{32}\b")
_MOST_SCORES: Final = 20
_OF_OUR_REPOSITORY: Final = re.compile(r"(https?://\S+)|(#|!|\bGH-)(?=\d)|^(?=/\w)", re.MULTILINE)
"""A work item by its number, and what begins like a command of GitLab's; not in an address."""
_JOINER: Final = "\u2060"
"""Is not seen, and keeps two letters from being a reference."""


class Proposed(NamedTuple):
    """What is written, and what is said with it."""

    branch: str
    title: str
    """Also the first line of the commit's message."""
    body: str
    """Markdown."""


class Room(NamedTuple):
    """How much a server takes as the text of a proposal."""

    letters: int
    """In units of UTF-16, the most that any server counts a letter for."""
    whose: str
    """What people call the server."""


def proposed(parcel: Parcel, table: ApplicationTable, address: str, room: Room) -> Proposed:
    """Return what is proposed for a parcel; ``address`` is that of this project's git remote."""
    release = parcel.release
    title = f"{release.project} {release.version} for {parcel.environment}"
    head, foot = ("\n".join(part(parcel, table, address)) for part in (_head, _foot))
    left = Room(room.letters - _length(f"{head}\n\n\n{foot}"), room.whose)
    middle = notes_of(parcel, left) or "\n".join(_scores(parcel))
    return Proposed(branch_of(parcel), title, "\n".join(filter(None, (head, middle, foot))))


def notes_of(parcel: Parcel, room: Room) -> str:
    """Return the release notes as they can stand in another repository, cut where they must be.

    What names a work item of this repository by its number names and closes none of that one.
    """

    def without(found: re.Match[str]) -> str:
        return found[1] or f"{found[2] or ''}{_JOINER}"

    text = _OF_OUR_REPOSITORY.sub(without, parcel.notes)
    if _length(text) <= room.letters:
        return text
    whole = f"jupyter mlcd release-notes {parcel.release.version} --for {parcel.environment}"
    said = f"\n*Cut here: {room.whose} takes no longer text. All of it: `{whole}`*\n"
    kept: list[str] = []
    left = room.letters - _length(said) - _length(_FENCE)
    for line in text.splitlines(keepends=True):
        left -= _length(line)
        if left < 0:
            break
        kept.append(line)
    is_in_code = sum(line.startswith(_FENCE.strip()) for line in kept) % 2
    return "".join(kept) + _FENCE * is_in_code + said


def branch_of(parcel: Parcel) -> str:
    """Return the branch that nothing but this delivery has."""
    release = parcel.release
    words = (release.project, release.version, parcel.environment, parcel.key[:KEY_LETTERS])
    return "mlcd/" + re.sub(r"\.{2,}", "-", "-".join(words))  # git allows no two dots


def is_of(body: str, parcel: Parcel) -> bool:
    """Whether a text that stands at our branch is not that of another delivery."""
    named = _A_KEY.findall(body)
    return parcel.key in named or not named


def message_of(what: Proposed, parcel: Parcel, notes: str = "") -> str:
    """Return the message of the commit; ``notes`` where there is no other text that has them."""
    trailers = f"Release-Digest: {parcel.release.digest}\nmlcd: {parcel.key}\n"
    return "\n\n".join(filter(None, (what.title, notes.strip(), trailers)))


def sentences(
    table: ApplicationTable, parcel: Parcel, change: FileChange | None, where: str, words: str
) -> list[str]:
    """Return what happens to the file; ``words`` say how it is proposed, or why that is unknown."""
    file, branch = f"**{table.file}**", f"**{table.branch}**"
    if change is None:
        return [f"Changes {file} in {where}: one commit on **{branch_of(parcel)}**.", words]
    if not change.lines:
        return [f"{file} of {where} says so already on {branch}: nothing is changed there."]
    told = [
        f"Changes line {one.number} of {file} in {where}: `{_code(one.before)}` becomes"
        f" `{_code(one.after)}`."
        for one in change.lines
    ]
    commit = f"Makes one commit of it on **{branch_of(parcel)}**, a branch of its own."
    return [*told, commit, words]


def commands(table: ApplicationTable, what: Proposed, change: FileChange | None) -> list[str]:
    """Return the same in plain git, in a clone of that repository."""
    lines = change.lines if change else ()
    edits = [f"# {table.file}, line {one.number}: {one.after}" for one in lines]
    return [
        f"git switch --create {what.branch} origin/{table.branch}",
        *(edits or [f"# write the version into {table.file}"]),
        f"git commit --message '{what.title}' -- {table.file}",
        f"git push origin {what.branch}",
    ]


def _head(parcel: Parcel, table: ApplicationTable, _: str) -> Iterator[str]:
    release = parcel.release
    model, file = plain_markdown(release.project), table.file
    yield f"Sets the version of **{model}** to **{release.version}** in `{_code(file)}`."
    # Near the top: Azure DevOps shows lists with the first 400 letters only.
    yield f"\nDelivery `{parcel.key}` to {parcel.environment}, by jupyter_mlcd.\n"


def _foot(parcel: Parcel, _: ApplicationTable, address: str) -> Iterator[str]:
    release = parcel.release
    yield f"Tag `{parcel.tag}`, commit `{release.commit[:12]}`, digest `{release.digest}`."
    branch = parcel.ledger_ref.removeprefix("refs/heads/")
    if page := page_of(address, branch, release_folder(release.project, release.version)):
        yield f"Its evidence: {page}"
    yield "\nTo check it, in a clone of the model's repository:\n"
    yield f"    jupyter mlcd evidence verify {release.version} --for {parcel.environment}"


def _scores(parcel: Parcel) -> Sequence[str]:
    """Return a table of them, for where there are no notes."""
    rows = ["| score | |", "|---|---|"] if parcel.release.scores else []
    for name, score in list(parcel.release.scores.items())[:_MOST_SCORES]:
        values = ", ".join(f"{value:.6g}" for value in list(score.values.values())[:5])
        rows.append(f"| {plain_markdown(name).replace('|', ' ')[:100]} | {values} |")
    return [*rows, ""] if rows else rows


def _length(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def _code(text: str) -> str:
    return text.replace("`", "'")[:200]
