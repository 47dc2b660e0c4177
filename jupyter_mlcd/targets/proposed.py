"""What is proposed to an application's repository: one commit on a branch of its own, in words.

The branch carries the start of our key and the text the whole of it: by them it is found again.
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
_A_KEY: Final = re.compile(r"\b[0-9a-f]{32}\b")
_MOST_SCORES: Final = 20
_MOST_LETTERS: Final = 3500
"""Azure DevOps takes 4,000."""


class Proposed(NamedTuple):
    """What is written, and what is said with it."""

    branch: str
    title: str
    """Also the first line of the commit's message."""
    body: str
    """Markdown."""


def proposed(parcel: Parcel, table: ApplicationTable, address: str) -> Proposed:
    """Return what is proposed for a parcel; ``address`` is that of this project's git remote."""
    release = parcel.release
    title = f"{release.project} {release.version} for {parcel.environment}"
    return Proposed(branch_of(parcel), title, "\n".join(_body(parcel, table, address)))


def branch_of(parcel: Parcel) -> str:
    """Return the branch that nothing but this delivery has."""
    release = parcel.release
    words = (release.project, release.version, parcel.environment, parcel.key[:KEY_LETTERS])
    return "mlcd/" + re.sub(r"\.{2,}", "-", "-".join(words))  # git allows no two dots


def is_of(body: str, parcel: Parcel) -> bool:
    """Whether a text that stands at our branch is not that of another delivery."""
    named = _A_KEY.findall(body)
    return parcel.key in named or not named


def message_of(what: Proposed, parcel: Parcel) -> str:
    """Return the message of the commit."""
    return f"{what.title}\n\nRelease-Digest: {parcel.release.digest}\nmlcd: {parcel.key}\n"


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


def _body(parcel: Parcel, table: ApplicationTable, address: str) -> Iterator[str]:
    release = parcel.release
    model, file = plain_markdown(release.project), table.file
    yield f"Sets the version of **{model}** to **{release.version}** in `{_code(file)}`."
    # Near the top: Azure DevOps shows lists with the first 400 letters only.
    yield f"\nDelivery `{parcel.key}` to {parcel.environment}, by jupyter_mlcd.\n"
    if release.scores:
        yield "| score | |\n|---|---|"
        yield from _scores(parcel)
        yield ""
    yield f"Tag `{parcel.tag}`, commit `{release.commit[:12]}`, digest `{release.digest}`."
    branch = parcel.ledger_ref.removeprefix("refs/heads/")
    if page := page_of(address, branch, release_folder(release.project, release.version)):
        yield f"Its evidence: {page}"
    yield "\nTo check it, in a clone of the model's repository:\n"
    yield f"    jupyter mlcd evidence verify {release.version} --for {parcel.environment}"


def _scores(parcel: Parcel) -> Sequence[str]:
    rows = []
    for name, score in list(parcel.release.scores.items())[:_MOST_SCORES]:
        values = ", ".join(f"{value:.6g}" for value in list(score.values.values())[:5])
        rows.append(f"| {plain_markdown(name).replace('|', ' ')[:100]} | {values} |")
    return rows


def _code(text: str) -> str:
    return text.replace("`", "'")[:200]
