"""Our verdict on outputs is nbval's own, cell by cell."""

from __future__ import annotations

import inspect
import json
import subprocess
import sys
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

import nbformat
import pytest
from nbformat import NotebookNode
from nbval.plugin import IPyNbFile

from jupyter_mlcd.execution.nbval_replay import SKIP_COMPARE, Replay, marks_of
from jupyter_mlcd.model.result import Verdict
from jupyter_mlcd.model.suite import Compare, NotebookEntry
from jupyter_mlcd.record import MEDIA_TYPE
from tests.execution.projects import Project, cell, notebook

if TYPE_CHECKING:
    from pathlib import Path


# Cells as people write them: what is saved, and what they give when they are run.
PROBES: tuple[dict[str, Any], ...] = (
    cell("print('same')", shown="same\n"),
    cell("print('new')", shown="old\n"),
    cell("print('more')\nprint('more')", shown="more\n"),
    cell("print('never run before')"),
    cell("x = 1", count=1),
    cell("print('unexpected')", count=1),
    cell("pass", shown="missing\n"),
    cell("import sys\nprint('a'); print('b', file=sys.stderr); print('c')", shown="a\nc\n"),
    cell("# NBVAL_IGNORE_OUTPUT\nprint('new')", shown="old\n"),
    cell("# NBVAL_CHECK_OUTPUT\nprint('new')", shown="old\n"),
    cell("print('new')", shown="old\n", tag="nbval-ignore-output"),
    cell("print('new')", shown="old\n", tag="nbval-check-output"),
    cell("# NBVAL_SKIP\n1 / 0", shown="old\n"),
    cell("# NBVAL_SKIP: with a reason, so it is no mark\nprint('same')", shown="same\n"),
    cell("1 / 0"),
    cell("# NBVAL_RAISES_EXCEPTION\n1 / 0"),
    cell("1 / 0", tag="raises-exception"),
    cell("print('10%\\r100%')", shown="100%\n"),
    cell("", count=1),
)


def verdicts_of_nbval(folder: Path, *options: str) -> list[str]:
    """Return what the real ``pytest --nbval`` says about each cell."""
    report = folder.parent / "nbval.xml"
    words = [sys.executable, "-m", "pytest", *options, "--nbval-current-env", "one.ipynb"]
    subprocess.run(
        [*words, "-p", "no:cacheprovider", f"--junitxml={report}", "-q"],
        cwd=folder,
        check=False,
        capture_output=True,
    )
    return [_said(case) for case in ET.parse(report).iter("testcase")]  # noqa: S314 - our own


def _said(case: ET.Element) -> str:
    if case.find("skipped") is not None:
        return "skipped"
    return "passed" if case.find("failure") is None else "failed"


_ALIKE = {Verdict.PASSED: "passed", Verdict.SKIPPED: "skipped"}


@pytest.mark.parametrize(
    ("compare", "option"),
    [(Compare.EVERY_CELL, "--nbval"), (Compare.MARKED_CELLS, "--nbval-lax")],
)
def test_every_cell_gets_the_verdict_that_nbval_gives(
    project: Project, compare: Compare, option: str
) -> None:
    project.commit({"one.ipynb": notebook(*PROBES)})
    run = project.run(NotebookEntry(path="one.ipynb"), compare=compare)
    ours = [_ALIKE.get(one.verdict, "failed") for one in run.cases[0].cells]
    assert ours == verdicts_of_nbval(project.folder, option)


def test_what_is_not_compared_is_what_nbval_does_not_compare() -> None:
    source = inspect.getsource(IPyNbFile.__init__)
    for field in SKIP_COMPARE:
        assert f"'{field}'" in source
    assert source.count("'") == 2 * len(SKIP_COMPARE) + source.count("'text/latex'") * 2


# --------------------------------------------------------------------------------------- by hand


def node(value: dict[str, Any]) -> NotebookNode:
    made: NotebookNode = nbformat.from_dict(value)  # type: ignore[no-untyped-call]
    return made


def output(kind: str, **fields: Any) -> NotebookNode:
    return node({"output_type": kind, "metadata": {}, **fields})


def shown(text: str, **more: Any) -> NotebookNode:
    return output("display_data", data={"text/plain": text, **more})


def score(value: float) -> NotebookNode:
    data = {"text/plain": f"accuracy = {value}", MEDIA_TYPE: {"name": "accuracy", "data": value}}
    return output("display_data", data=data)


def saved(source: str, *outputs: NotebookNode) -> NotebookNode:
    return node(cell(source, count=1) | {"outputs": list(outputs)})


def test_scores_in_a_marked_cell_are_left_out_and_the_rest_is_compared() -> None:
    source = saved("# NBVAL_CHECK_OUTPUT", score(0.8), shown("same"))
    assert Replay(Compare.MARKED_CELLS).compare(source, [score(0.9), shown("same")]).reason == ""
    other = Replay(Compare.MARKED_CELLS).compare(source, [score(0.9), shown("other")])
    assert other.reason == "text/plain differs"


def test_a_cell_that_records_is_not_compared_unless_marked() -> None:
    found = Replay(Compare.EVERY_CELL).compare(saved("x", score(0.8)), [score(0.9), shown("b")])
    assert (found.compared, found.reason) == (False, "")


def test_nothing_is_compared_when_nothing_is_asked() -> None:
    found = Replay(Compare.NOTHING).compare(saved("x", shown("a")), [shown("b")])
    assert not found.compared


@pytest.mark.parametrize(
    ("expected", "got", "words"),
    [
        ([shown("a")], [], "text/plain is missing"),
        ([], [shown("a")], "unexpected text/plain"),
        ([shown("a")], [shown("b")], "text/plain differs"),
        (
            [shown("a", **{"text/html": "a"})],
            [shown("b", **{"text/html": "b"})],
            "text/plain differs, and 1 more",
        ),
    ],
)
def test_what_differs_is_said_in_words(
    expected: list[NotebookNode], got: list[NotebookNode], words: str
) -> None:
    assert Replay(Compare.EVERY_CELL).compare(saved("x", *expected), got).reason == words


def test_long_differences_are_shortened_in_the_middle() -> None:
    found = Replay(Compare.EVERY_CELL).compare(saved("x", shown("a" * 5000)), [shown("b" * 5000)])
    (difference,) = found.differences
    assert len(difference.expected) < 1100
    assert "4000 more" in difference.expected


def test_comparing_changes_neither_side() -> None:
    source = saved("x", output("stream", name="stdout", text="a"))
    got = [output("stream", name="stdout", text=text) for text in ("a", "b")]
    before = json.dumps([source, got])
    Replay(Compare.EVERY_CELL).compare(source, got)
    assert json.dumps([source, got]) == before


def test_comments_beat_tags() -> None:
    both = cell("# NBVAL_IGNORE_OUTPUT", tag="nbval-check-output")
    assert marks_of(node(both)).check is False


def test_the_replay_survives_what_nbformat_reads(project: Project) -> None:
    project.commit({"one.ipynb": notebook(*PROBES)})
    read = nbformat.read(project.folder / "one.ipynb", as_version=4)  # type: ignore[no-untyped-call]
    assert [marks_of(one).check for one in read.cells].count(None) == len(PROBES) - 4
