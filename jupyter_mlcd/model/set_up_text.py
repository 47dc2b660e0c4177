"""The text of a first mlcd.toml, from what is found and what is chosen."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from jupyter_mlcd.model.notebook_look import is_local, is_model_file

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from jupyter_mlcd.model.set_up import FoundNotebook, SetUpChoices

_HEAD = """\
# What jupyter_mlcd tests and delivers.

[project]
name = {name}

# A suite is a set of notebooks that are run, each in a private copy of your files, and judged.
[suites.tests]
compare = "marked-cells"    # cells marked # NBVAL_CHECK_OUTPUT; or "every-cell", or "nothing"
"""
_INPUTS = """\
inputs = {inputs}    # not in git: read by the notebooks, copied nowhere
"""
_SHORT = """\
notebooks = [
{notebooks}
]

# To order notebooks, vary parameters and say which files they produce, write instead of the list:
#
# [[suites.tests.notebooks]]
# path = "train.ipynb"
# after = ["prepare.ipynb"]
# matrix = {{ seed = [1, 2, 3] }}
# produces = ["model.joblib"]
# candidate = {{ best = "accuracy" }}
"""
_GATE = """
# A rule that every delivery must meet, on a score that a notebook recorded:
#
# [[gates]]
# metric = {metric}
# at-least = 0.9
# better-than = "production"
"""
_FOLDER = """
# Where versions go: a folder on this machine.
[environments.production]
target = {{ kind = "folder", url = {url} }}
"""
_REMOTE = """
# Where versions go: the tag and its evidence are pushed to this git remote.
[environments.production]
target = {{ kind = "git", remote = {remote} }}
"""


def project_name(folder: str) -> str:
    """Return a project's name made from that of its folder."""
    name = re.sub(r"[^A-Za-z0-9._-]+", "-", folder).strip("-._") or "project"
    return name[:64]


def config_text(
    choices: SetUpChoices, chosen: Sequence[FoundNotebook], inputs: Sequence[str]
) -> str:
    """Return the text of mlcd.toml for these notebooks, in this order."""
    metrics = [name for one in reversed(chosen) for name in one.records]
    parts = [
        _HEAD.format(name=_quoted(choices.name)),
        _INPUTS.format(inputs=_listed(inputs)) if inputs else "",
        _notebooks(choices, chosen),
        _GATE.format(metric=_quoted(metrics[0] if metrics else "accuracy")),
        _REMOTE.format(remote=_quoted(choices.remote))
        if choices.remote
        else _FOLDER.format(url=_quoted(choices.folder)),
    ]
    return "".join(parts)


def waits_for(choices: SetUpChoices, chosen: Sequence[FoundNotebook], index: int) -> list[str]:
    """Return the notebooks above that one waits for."""
    above = [one.path for one in chosen[:index]]
    return above if choices.in_order else [path for path in above if path in chosen[index].after]


def hands_on(choices: SetUpChoices, chosen: Sequence[FoundNotebook], index: int) -> tuple[str, ...]:
    """Return the files that one notebook produces: what later ones read, and the model."""
    own = chosen[index]
    later = {
        path
        for place, one in enumerate(chosen)
        if own.path in waits_for(choices, chosen, place)
        for path in one.reads
    }
    model = [choices.file] if own.path == choices.model and choices.file else []
    read = [path for path in own.writes if path in later and is_local(path)]
    return tuple(dict.fromkeys([*model, *read]))


def inputs_of(
    chosen: Sequence[FoundNotebook], is_untracked_file: Mapping[str, bool]
) -> tuple[str, ...]:
    """Return the files that notebooks read, that are there, and that git does not know."""
    made = {path for one in chosen for path in one.writes}
    read = dict.fromkeys(path for one in chosen for path in one.reads)
    return tuple(path for path in read if path not in made and is_untracked_file.get(path, False))


def model_of(chosen: Sequence[FoundNotebook], here: Collection[str] = ()) -> tuple[str, str]:
    """Return the notebook that seems to make the model, and the model's file; empty without one.

    Of several the first that trains by its name, else the last one. ``here`` are files that git
    holds already: they are no products.
    """
    found = [
        (one.path, path)
        for one in chosen
        for path in one.writes
        if is_model_file(path) and is_local(path) and path not in here
    ]
    named = [pair for pair in found if re.search(r"(?i)train|fit|model|learn", pair[0])]
    return (named or found[-1:] or [("", "")])[0]


def _notebooks(choices: SetUpChoices, chosen: Sequence[FoundNotebook]) -> str:
    places = range(len(chosen))
    if any(waits_for(choices, chosen, i) or hands_on(choices, chosen, i) for i in places):
        return "".join(_table(choices, chosen, place) for place in places)
    lines = "\n".join(f"  {_quoted(one.path)}," for one in chosen)
    return _SHORT.format(notebooks=lines)


def _table(choices: SetUpChoices, chosen: Sequence[FoundNotebook], index: int) -> str:
    own = chosen[index]
    return "\n".join(["", "[[suites.tests.notebooks]]", *_lines(choices, chosen, index, own), ""])


def _lines(
    choices: SetUpChoices, chosen: Sequence[FoundNotebook], index: int, own: FoundNotebook
) -> Iterator[str]:
    yield f"path = {_quoted(own.path)}"
    if after := waits_for(choices, chosen, index):
        yield f"after = {_listed(after)}"
    produces = hands_on(choices, chosen, index)
    if not produces:
        return
    is_model = own.path == choices.model
    yield f"produces = {_listed(produces)}    # {'delivered' if is_model else 'handed on'}"
    if is_model and own.records:
        # Says that only this notebook's files are delivered, not those that others hand on.
        yield f"candidate = {{ best = {_quoted(own.records[0])} }}"


def _listed(texts: Sequence[str]) -> str:
    return f"[{', '.join(map(_quoted, texts))}]"


def _quoted(text: str) -> str:
    """Return a TOML basic string; JSON's escapes are the same, but for DEL."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
