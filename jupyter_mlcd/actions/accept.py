"""Accept: results of a run become the expected ones, committed in the same step."""

from __future__ import annotations

from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from jupyter_mlcd.actions.find_run import load_run
from jupyter_mlcd.actions.look_for_secrets import refuse_secrets
from jupyter_mlcd.actions.propose_reference import Proposal, propose_reference
from jupyter_mlcd.model.acceptance import (
    Accepted,
    AcceptedCell,
    ReferenceChange,
    changes_between,
    of_cells,
)
from jupyter_mlcd.model.errors import (
    GitError,
    NotFoundError,
    RefusedError,
    UsageError,
    WorldError,
)
from jupyter_mlcd.model.plain_commands import commit_commands
from jupyter_mlcd.model.reference import Acceptance, is_reference, parse_reference
from jupyter_mlcd.model.result import State
from jupyter_mlcd.world.files import safe_join, write_atomically

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from jupyter_mlcd.actions.desk import Desk
    from jupyter_mlcd.model.acceptance import AcceptRequest
    from jupyter_mlcd.model.reference import Reference
    from jupyter_mlcd.model.run import Run

_LONGEST_WHY = 2000
_LONGEST_SUBJECT = 72


def accept(desk: Desk, run: str, request: AcceptRequest) -> Accepted:
    """Make results of an ended run the expected ones, and commit exactly these files.

    Raises UsageError, NotFoundError, RefusedError where a notebook has changed since, a secret was
    found or there is nothing to accept, and GitError with a hook's words; then nothing is left
    behind.
    """
    words = _checked_reason(request.why)
    found = _ended(desk, run)
    said = Acceptance(by=desk.by, at=desk.now(), why=words, run=found.id)
    chosen = _chosen(found, request.case)
    proposed = [propose_reference(desk, found, index, request, said) for index in chosen]
    proposals = [one for one in proposed if one is not None]
    if not proposals:
        raise _nothing(request)
    _refuse_secrets(desk, proposals)
    new = {one.path: one.reference.to_bytes() for one in proposals if one.reference != one.old}
    subject = _subject(proposals)
    with _written(Path(desk.repository), new):
        seen = _uncommitted(desk, proposals)
        files = tuple(sorted({*new, *seen}))
        message = f"{subject}\n\n{_body(words, proposals)}\n\nRun: {found.id}\n"
        commit, hooks = _commit(desk, files, message, ignored=sorted(new.keys() - seen))
    cells = tuple(AcceptedCell(one.case.id, c.number) for one in proposals for c in one.cells)
    commands = commit_commands(files, message, desk.by) if files else ()
    return Accepted(found.id, cells, files, commit, subject if files else "", hooks, commands)


def _checked_reason(why: str) -> str:
    words = why.strip()
    if not words:
        raise UsageError(
            "an expected result needs a reason",
            code="no-reason",
            hint='Say why the new result is right: -m "Better features".',
        )
    if len(words) > _LONGEST_WHY:
        raise UsageError(f"the reason is longer than {_LONGEST_WHY} characters", code="no-reason")
    return words


def _ended(desk: Desk, run: str) -> Run:
    found = load_run(desk, run)
    if found.project != desk.project.name:
        raise UsageError(f"this run is of the project {found.project}", code="other-project")
    if found.state is not State.ENDED or not found.digest:
        hint = "Wait for its end, or run again."
        raise RefusedError(f"the run of {found.suite} has no results", code="not-ended", hint=hint)
    return found


def _chosen(run: Run, case: str) -> list[int]:
    """Return the places of the cases that are meant: by id, or all of one notebook."""
    chosen = [i for i, one in enumerate(run.cases) if case in {"", one.id, one.notebook}]
    if not chosen:
        ids = ", ".join(one.id for one in run.cases)
        raise NotFoundError(f"the run has no case {case!r}", hint=f"There is: {ids}.")
    return chosen


def _nothing(request: AcceptRequest) -> RefusedError:
    hint = "What raised, hung or did not run cannot be accepted: correct the notebook."
    if request.is_one:
        which = f"code cell {request.cell}" if request.cell is not None else "this cell"
        words = f"{which} has no result that could be accepted"
    elif request.everything:
        words = "no cell of this run has a result that could be accepted"
    else:
        words = "no output of this run differs from what is expected"
        hint = f"{hint} To expect all that the run put out: --all."
    return RefusedError(words, code="nothing-to-accept", hint=hint)


def _refuse_secrets(desk: Desk, proposals: Sequence[Proposal]) -> None:
    """Raise RefusedError if what is to be committed holds a secret, naming cell and output."""
    files: dict[str, bytes] = {}
    for one in proposals:
        files[one.path] = one.reference.to_bytes()
        outputs = {cell.place: cell.executed["outputs"] for cell in one.cells}
        cells: list[dict[str, Any]] = [
            {"cell_type": "code", "metadata": {}, "source": "", "outputs": outputs.get(place, [])}
            for place in range(max(outputs, default=-1) + 1)
        ]
        files[one.case.notebook] = msgspec.json.encode({"cells": cells, "metadata": {}})
    refuse_secrets(desk, files)


# --------------------------------------------------------------------------------- write, commit


@contextmanager
def _written(top: Path, contents: Mapping[str, bytes]) -> Iterator[None]:
    """Write these files; if that or the block fails, all of them are as they were."""
    before: dict[Path, bytes | None] = {}
    try:
        for path, content in contents.items():
            file = safe_join(top, path)
            before[file] = file.read_bytes() if file.is_file() else None
            file.parent.mkdir(exist_ok=True)
            write_atomically(file, content)
        yield
    except BaseException as error:
        for file, old in before.items():
            _restore(file, old)
        if isinstance(error, OSError):
            raise WorldError(f"the disk said no: {error.strerror}") from None
        raise


def _restore(file: Path, old: bytes | None) -> None:
    with suppress(OSError):
        if old is not None:
            write_atomically(file, old)
            return
        file.unlink(missing_ok=True)
        file.parent.rmdir()  # Says no unless it is empty, as it is where we made it.


def _uncommitted(desk: Desk, proposals: Sequence[Proposal]) -> set[str]:
    """Return those of the files that no commit holds as they are."""
    snapshot = desk.snapshot()
    return {one.path for one in proposals}.intersection([*snapshot.dirty, *snapshot.untracked])


def _commit(
    desk: Desk, files: Sequence[str], message: str, *, ignored: Sequence[str]
) -> tuple[str, str]:
    """Return the commit and the words of hooks; ``ignored`` was written and git does not see it."""
    if not files:
        return "", ""
    try:
        return desk.worktree.commit(files, message, desk.by)
    except GitError:
        if not ignored:
            raise
        raise RefusedError(
            f"git ignores {ignored[0]}, so it cannot be committed",
            code="ignored-file",
            hint="Let .gitignore spare it, for example by the line `!expected/*.json`.",
        ) from None


def _subject(proposals: Sequence[Proposal]) -> str:
    """Return "Accept new expected result of train.ipynb[seed=1], cell 3", or shorter."""
    changed = [one for one in proposals if one.cells] or proposals
    numbers = [cell.number for one in changed for cell in one.cells]
    start = f"Accept new expected result{'s' * (len(numbers) != 1)} of"
    if len(changed) == 1 and numbers:
        words = f"{start} {changed[0].case.id}, {of_cells(numbers)}"
        if len(words) <= _LONGEST_SUBJECT:
            return words
    notebooks = sorted({one.case.notebook for one in changed})
    what = notebooks[0] if len(notebooks) == 1 else f"{len(notebooks)} notebooks"
    return f"{start} {what}{f', {len(changed)} cases' if len(changed) > 1 else ''}"


def _body(why: str, proposals: Sequence[Proposal]) -> str:
    lines = [
        f"{one.case.id}: {of_cells(cell.number for cell in one.cells)}"
        for one in proposals
        if one.cells
    ]
    return "\n\n".join(filter(None, [why, "\n".join(lines)]))


# ----------------------------------------------------------------------------------------- review


def references_changed(desk: Desk, from_commit: str, to_commit: str) -> tuple[ReferenceChange, ...]:
    """Return which expected results of the project differ between two commits, who and why.

    A file that cannot be read counts as one that is not there. Raises GitError.
    """
    paths = desk.worktree.changed_between(from_commit, to_commit)
    return tuple(
        change
        for path in paths
        if path.startswith(desk.prefix) and is_reference(path)
        for change in changes_between(_read(desk, from_commit, path), _read(desk, to_commit, path))
    )


def _read(desk: Desk, commit: str, path: str) -> Reference | None:
    content = desk.worktree.read(commit, path)
    with suppress(UsageError):
        return parse_reference(content, path) if content is not None else None
    return None
