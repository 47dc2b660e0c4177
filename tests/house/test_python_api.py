"""The Python door has every verb of the workbench, by the same name, typed and documented."""

from __future__ import annotations

import inspect
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from jupyter_mlcd.project_api import LiveRun, OpenProject, PreparedDelivery
from jupyter_mlcd.workbench import Workbench

if TYPE_CHECKING:
    from collections.abc import Callable

NOT_FOR_PEOPLE = {
    "desk": "what verbs work with, not a verb",
    "find": "every method finds a run by the beginning or end of its id by itself",
    "show_watch": "of the panel: `jupyter mlcd watch` is what it begins and ends",
    "start_watching": "the same",
    "stop_watching": "the same",
    "start_check": "for the server: `verify_live` is this where somebody waits for it",
    "check_if_due": "the same",
    "start_scoring": "for the server: `score_live` is this where somebody waits for it",
    "watching": "of `jupyter mlcd watch`, which calls `flow` again and again",
    "commit_marks": "the same",
    "revision": "the same",
    "fetch": "the same",
    "tracked_files": "for the server's watcher",
    "preview_pruning": "`prune(dry_run=True)` is this",
    "read_delivery": "`show_delivery` is this where a kernel asks",
}
"""Methods of the workbench without one of the same name in the Python API, and why."""
PAGE = (Path(__file__).parents[2] / "docs" / "python.md").read_text(encoding="utf-8")


def methods_of(kind: type) -> dict[str, Callable[..., Any]]:
    return {
        name: one
        for name, one in inspect.getmembers(kind, inspect.isfunction)
        if not name.startswith("_")
    }


VERBS = sorted(methods_of(Workbench).keys() - NOT_FOR_PEOPLE.keys())


def test_every_verb_has_a_method_of_the_same_name() -> None:
    assert set(VERBS) == methods_of(OpenProject).keys()


def test_every_exception_is_a_method_that_is_there() -> None:
    assert NOT_FOR_PEOPLE.keys() <= methods_of(Workbench).keys()


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_is_listed_on_its_page(verb: str) -> None:
    assert re.search(rf"`{verb}\(", PAGE)


@pytest.mark.parametrize("kind", [OpenProject, LiveRun, PreparedDelivery])
def test_every_method_says_what_it_does_and_what_it_takes_and_gives(kind: type) -> None:
    for name, one in methods_of(kind).items():
        assert inspect.getdoc(one), name
        signature = inspect.signature(one)
        assert signature.return_annotation is not inspect.Signature.empty, name
        for parameter in [*signature.parameters.values()][1:]:
            assert parameter.annotation is not inspect.Parameter.empty, (name, parameter)
