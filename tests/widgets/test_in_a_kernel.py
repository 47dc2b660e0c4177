"""Widgets in a real kernel: with a notebook in front of it, and with nobody."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from jupyter_mlcd.widgets.display import VIEW
from tests.widgets.conftest import small_project
from tests.widgets.kernels import Cell, Kernel, kernel

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

ALL_FOUR = """
from jupyter_mlcd.widgets import *
four = [SuiteWidget("quality"), EvidenceWidget(), DeliverWidget(), EnvironmentsWidget()]
for one in four:
    display(one)
"""
THREADS = """
import threading
print([one.name for one in threading.enumerate() if one.name.startswith("jupyter-mlcd")])
"""


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kernel]:
    """A kernel as papermill and nbconvert use it, in a project of its own."""
    with kernel(small_project(tmp_path_factory.mktemp("alone") / "small")) as found:
        yield found


@pytest.fixture(scope="module")
def seen(shared: Path) -> Iterator[Kernel]:
    """A kernel with a notebook in a browser."""
    with kernel(shared, attended=True) as found:
        yield found


def words_of(cell: Cell) -> str:
    return "\n".join(one["text/plain"] for one in cell.shown)


def test_with_nobody_there_only_tables_are_left(alone: Kernel) -> None:
    cell = alone.run(ALL_FOUR)
    assert "comm_open" not in cell.published
    assert [VIEW in one for one in cell.shown] == [False] * 4
    words = words_of(cell)
    for expected in ("quality: never run", "Evidence", "Deliver small 0.1.0", "Where it is live"):
        assert expected in words
    assert alone.run(THREADS).printed == "[]\n"


def test_with_nobody_there_the_tables_end_with_the_verdicts(alone: Kernel) -> None:
    shown = alone.run(ALL_FOUR)
    alone.run("four[0].run()", "await four[0].done()", "four[0].keep()")
    assert "✓ quality: passed" in words_of(shown)
    assert "accuracy 0.96" in words_of(shown)
    assert "matches your files" in words_of(shown)
    assert "comm_open" not in shown.published


def test_inside_another_widget_the_table_stands_beside_it(alone: Kernel) -> None:
    cell = alone.run(
        "import ipywidgets",
        "from jupyter_mlcd.widgets import SuiteWidget",
        "ipywidgets.VBox([SuiteWidget('quality'), ipywidgets.Label('below')])",
    )
    assert "quality: " in words_of(cell)


def test_somebody_sees_a_view_with_the_table_after_it(seen: Kernel) -> None:
    cell = seen.run(ALL_FOUR)
    assert [VIEW in one for one in cell.shown] == [True, False] * 4
    assert "jp-Mlcd-still" in cell.shown[1]["text/html"]


def test_no_view_code_is_in_what_a_notebook_stores(seen: Kernel) -> None:
    """The state of widgets is what a notebook keeps of them, also one that is saved by hand."""
    cell = seen.run(
        ALL_FOUR,
        "import ipywidgets, json",
        "print(json.dumps(ipywidgets.Widget.get_manager_state()))",
    )
    stored = json.loads(cell.printed)
    ours = [one for one in stored["state"].values() if one["model_name"] == "AnyModel"]
    assert len(ours) >= 4
    assert max(len(json.dumps(one)) for one in ours) < 6000
    assert 'createElement("style")' in ours[0]["state"]["_esm"]
    assert "react" not in cell.printed.lower()


def test_view_code_is_sent_to_whoever_asks(seen: Kernel) -> None:
    first = seen.run(ALL_FOUR).shown[0][VIEW]["model_id"]
    seen.tell(first, {"kind": "code"})
    said = seen.heard(lambda one: one["kind"] == "code")
    script, style = said["buffers"]
    assert b"jp-Mlcd" in bytes(script)
    assert b".jp-Mlcd" in bytes(style)


def test_a_view_asks_and_is_answered(seen: Kernel) -> None:
    first = seen.run(ALL_FOUR).shown[0][VIEW]["model_id"]
    said = seen.ask(first, "projects/here")
    assert said["kind"] == "answer"
    assert said["value"]["suites"][0]["name"] == "quality"


@pytest.mark.parametrize("path", ["deliveries", "commits", "runs/1/accept", "set-up"])
def test_what_a_kernel_may_not_do_is_refused(seen: Kernel, path: str) -> None:
    first = seen.run(ALL_FOUR).shown[0][VIEW]["model_id"]
    said = seen.ask(first, f"projects/here/{path}", {"environment": "production"})
    assert said["problem"]["code"] == "not-from-a-kernel"


@pytest.mark.parametrize(
    "said",
    [None, [], "code", {}, {"kind": "ask"}, {"kind": "ask", "id": 1, "path": 2}, {"kind": "?"}],
)
def test_what_makes_no_sense_is_not_heard(seen: Kernel, said: Any) -> None:
    first = seen.run(ALL_FOUR).shown[0][VIEW]["model_id"]
    seen.tell(first, said)
    assert seen.ask(first, "projects/here")["kind"] == "answer"


def test_a_shown_view_is_told_of_a_run_while_a_cell_keeps_the_kernel_busy(seen: Kernel) -> None:
    first = seen.run(ALL_FOUR).shown[0][VIEW]["model_id"]
    seen.tell(first, {"kind": "shown", "view": "a"})
    seen.ask(first, "projects/here")
    seen.run("four[0].run()", "import time", "time.sleep(3)")
    seen.tell(first, {"kind": "hidden", "view": "a"})
    hints = [one for one in seen.said if one["kind"] == "hint"]
    assert {one["hint"]["topic"] for one in hints} >= {"run"}
    assert any(f"projects/here/runs/{one['hint']['id']}" in one["answers"] for one in hints)


def test_the_thread_ends_when_the_last_view_is_hidden(seen: Kernel) -> None:
    first = seen.run(ALL_FOUR).shown[0][VIEW]["model_id"]
    seen.tell(first, {"kind": "shown", "view": "a"})
    seen.ask(first, "projects/here")
    assert seen.run(THREADS).printed != "[]\n"
    seen.tell(first, {"kind": "hidden", "view": "a"})
    wait = "for one in threading.enumerate():\n    if one.name[:12] == 'jupyter-mlcd': one.join(30)"
    assert seen.run("import threading", wait, THREADS).printed == "[]\n"


def test_a_widget_that_is_closed_leaves_its_table(seen: Kernel) -> None:
    seen.run(ALL_FOUR)
    cell = seen.run("four[0].close()", "four[0]")
    assert [VIEW in one for one in cell.shown] == [False]
    assert "quality: " in words_of(cell)


def test_a_second_view_of_the_same_widget_is_the_same_model(seen: Kernel) -> None:
    cell = seen.run(ALL_FOUR, "display(four[0])")
    assert cell.shown[0][VIEW] == cell.shown[8][VIEW]


def test_outside_of_a_repository_a_cell_says_so(tmp_path: Path) -> None:
    with kernel(tmp_path, attended=True) as found:
        cell = found.attempt(
            "from jupyter_mlcd.widgets import SuiteWidget", "SuiteWidget('quality')"
        )
    assert cell.error.startswith("GitError")
    assert "git repository" in cell.error
    assert "comm_open" not in cell.published
