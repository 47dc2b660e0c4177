"""Set up: look at what is there, propose a first mlcd.toml, write it and commit it. Runs nothing.

Notebooks are read as text. What they seem to write and read orders them; nothing is executed, and
nothing is written before a person said so.
"""

from __future__ import annotations

from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from jupyter_mlcd.actions.look_around import find_notebooks
from jupyter_mlcd.actions.look_for_secrets import refuse_secrets
from jupyter_mlcd.model.config import parse
from jupyter_mlcd.model.errors import MlcdError, RefusedError, UsageError, WorldError
from jupyter_mlcd.model.notebook_look import is_local
from jupyter_mlcd.model.plain_commands import commit_commands, write_command
from jupyter_mlcd.model.project import CONFIG_NAME
from jupyter_mlcd.model.set_up import (
    FoundRemote,
    SetUpChoices,
    SetUpDone,
    SetUpPreview,
    SetUpProposal,
    system_of,
)
from jupyter_mlcd.model.set_up_text import config_text, inputs_of, model_of, project_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from jupyter_mlcd.actions.desk import Desk
    from jupyter_mlcd.actions.look_around import Surroundings
    from jupyter_mlcd.model.set_up import FoundNotebook

MESSAGE = "Say what is tested and where versions go"


# ---------------------------------------------------------------------------------------- look


def propose_set_up(desk: Desk, around: Surroundings) -> SetUpProposal:
    """Return what is there and what we would choose. Raises RefusedError if there is mlcd.toml."""
    _refuse_a_second(desk)
    found = find_notebooks(_folder(desk), around)
    choices = _proposed(desk, found, around)
    remotes = tuple(FoundRemote(name, url, system_of(url)) for name, url in around.remotes.items())
    return SetUpProposal(found, remotes, choices, _preview(desk, around, found, choices))


def preview_set_up(desk: Desk, around: Surroundings, choices: SetUpChoices) -> SetUpPreview:
    """Return what would be written for these choices, or why it cannot be. Changes nothing."""
    _refuse_a_second(desk)
    found = find_notebooks(_folder(desk), around)
    return _preview(desk, around, found, _completed(desk, found, around, choices))


# -------------------------------------------------------------------------------------- choose


def _proposed(desk: Desk, found: Sequence[FoundNotebook], around: Surroundings) -> SetUpChoices:
    chosen = [one for one in found if not one.against]
    model, file = model_of(chosen, around.tracked)
    return SetUpChoices(
        name=project_name(_folder(desk).name),
        notebooks=tuple(one.path for one in chosen),
        model=model,
        file=file,
    )


def _completed(
    desk: Desk, found: Sequence[FoundNotebook], around: Surroundings, choices: SetUpChoices
) -> SetUpChoices:
    """Return the choices with what was left open as it is proposed."""
    proposed = _proposed(desk, found, around)
    if choices.notebooks is None:
        name = choices.name or proposed.name
        return msgspec.structs.replace(
            proposed, name=name, remote=choices.remote, folder=choices.folder
        )
    return msgspec.structs.replace(choices, name=choices.name or proposed.name)


def _preview(
    desk: Desk, around: Surroundings, found: Sequence[FoundNotebook], choices: SetUpChoices
) -> SetUpPreview:
    try:
        text, files, remarks = _decided(desk, around, found, choices)
    except MlcdError as error:
        return SetUpPreview("", (), MESSAGE, (), problem=error.problem)
    return SetUpPreview(text, files, MESSAGE, _commands(desk, text, files), remarks)


def _decided(
    desk: Desk, around: Surroundings, found: Sequence[FoundNotebook], choices: SetUpChoices
) -> tuple[str, tuple[str, ...], tuple[str, ...]]:
    """Return the text, the files of the commit, and remarks. Raises UsageError, ConfigError."""
    chosen = _chosen(found, choices)
    if choices.remote and choices.remote not in around.remotes:
        known = ", ".join(around.remotes) or "none"
        message = f"there is no git remote {choices.remote!r}"
        raise UsageError(message, code="no-remote", hint=f"There is: {known}.")
    text = config_text(choices, chosen, inputs_of(chosen, _untracked(desk, around, chosen)))
    parse(text)
    new = [desk.prefix + one.path for one in chosen if not one.tracked]
    return text, (f"{desk.prefix}{CONFIG_NAME}", *new), tuple(_remarks(chosen, choices))


def _chosen(found: Sequence[FoundNotebook], choices: SetUpChoices) -> list[FoundNotebook]:
    """Return the chosen notebooks in the order of the choice. Raises UsageError."""
    by_path = {one.path: one for one in found}
    paths = choices.notebooks or ()
    unknown = [path for path in paths if path not in by_path]
    if unknown:
        message = f"there is no notebook {unknown[0]}"
        raise UsageError(message, code="no-notebook", hint="Look again: files changed meanwhile.")
    if not found:
        hint = "Save one in this repository, then look again."
        raise UsageError("there is no notebook here yet", code="no-notebooks", hint=hint)
    if not paths:
        hint = "Choose one; without any there is nothing to run and nothing to prove."
        raise UsageError("no notebook is chosen", code="nothing-chosen", hint=hint)
    if choices.model and choices.model not in paths:
        message = f"{choices.model} makes the model and is not chosen"
        raise UsageError(message, code="model-not-chosen", hint="Choose it, or another one.")
    if choices.model and not choices.file:
        message = f"which file of {choices.model} is the model?"
        raise UsageError(message, code="no-file", hint="Name it, such as model.joblib.")
    return [by_path[path] for path in paths]


def _remarks(chosen: Sequence[FoundNotebook], choices: SetUpChoices) -> Iterator[str]:
    for one in chosen:
        if one.against:
            yield f"{one.path}: {one.against}"
    if not choices.model:
        yield "nothing is delivered: no notebook is said to make the model"


def _untracked(
    desk: Desk, around: Surroundings, chosen: Iterable[FoundNotebook]
) -> dict[str, bool]:
    """Return for each file that is read whether it is there and git does not know it."""
    read = {path for one in chosen for path in one.reads if is_local(path)}
    folder = _folder(desk)
    return {path: path not in around.tracked and (folder / path).is_file() for path in read}


# --------------------------------------------------------------------------------- write, commit


def set_up(
    desk: Desk, around: Surroundings, choices: SetUpChoices, *, commit: bool = True
) -> SetUpDone:
    """Write mlcd.toml for these choices and commit it, with chosen notebooks that are new to git.

    Raises RefusedError if there is one or a secret was found, UsageError and ConfigError for what
    cannot be chosen, and GitError with a hook's words; then the file is gone again.
    """
    _refuse_a_second(desk)
    found = find_notebooks(_folder(desk), around)
    completed = _completed(desk, found, around, choices)
    text, files, _ = _decided(desk, around, found, completed)
    with _written(_folder(desk) / CONFIG_NAME, text.encode()):
        made = ("", "")
        if commit:
            top = Path(desk.repository)
            refuse_secrets(desk, {path: (top / path).read_bytes() for path in files})
            made = desk.worktree.commit(files, MESSAGE, desk.by)
    return SetUpDone(
        file=files[0],
        text=text,
        files=files if commit else files[:1],
        commit=made[0],
        subject=MESSAGE if commit else "",
        said=made[1],
        commands=_commands(desk, text, files if commit else ()),
    )


def _commands(desk: Desk, text: str, files: Sequence[str]) -> tuple[str, ...]:
    written = write_command(f"{desk.prefix}{CONFIG_NAME}", text)
    return (written, *(commit_commands(files, MESSAGE, desk.by) if files else ()))


@contextmanager
def _written(file: Path, content: bytes) -> Iterator[None]:
    """Write a file that is not there yet; if that or the block fails, it is gone again."""
    try:
        opened = file.open("xb")
    except FileExistsError:
        raise _there_already() from None
    except OSError as error:
        raise WorldError(f"{file.name} cannot be written: {error.strerror}") from None
    try:
        with opened:
            opened.write(content)
        yield
    except BaseException as error:
        with suppress(OSError):
            file.unlink()
        if isinstance(error, OSError):
            raise WorldError(f"the disk said no: {error.strerror}") from None
        raise


def _refuse_a_second(desk: Desk) -> None:
    if (_folder(desk) / CONFIG_NAME).exists():
        raise _there_already()


def _there_already() -> RefusedError:
    message = f"there is a {CONFIG_NAME} already"
    return RefusedError(message, code="set-up-already", hint="Open and change it.")


def _folder(desk: Desk) -> Path:
    return Path(desk.repository, desk.prefix)
