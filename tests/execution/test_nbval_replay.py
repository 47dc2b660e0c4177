"""Our verdict on outputs is nbval's own, cell by cell."""

from __future__ import annotations

import inspect
import json
import re
import subprocess
import sys
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

import nbformat
import pytest
from nbformat import NotebookNode
from nbval.plugin import IPyNbFile

from jupyter_mlcd.execution.markers import marks_of
from jupyter_mlcd.execution.nbval_replay import SKIP_COMPARE, Replay
from jupyter_mlcd.model.errors import ExecutionError
from jupyter_mlcd.model.result import Verdict
from jupyter_mlcd.model.suite import Compare, Comparer, ComparerRule, NotebookEntry
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


# ------------------------------------------------------------- where nbval itself is wrong

# What JupyterLab saves for each, and nbval calls a failure although nothing changed.
FALSE_ALARMS: dict[str, dict[str, Any]] = {
    "clear_output": cell(
        "from IPython.display import clear_output\n"
        "for step in range(3):\n    clear_output(wait=True)\n    print(step)",
        shown="2\n",
    ),
    "an updated display": {
        **cell(
            "from IPython.display import display, HTML\n"
            "handle = display(HTML('<b>0</b>'), display_id='one')\n"
            "handle.update(HTML('<b>1</b>'))",
            count=1,
        ),
        "outputs": [
            {
                "output_type": "display_data",
                "metadata": {},
                "data": {
                    "text/html": "<b>1</b>",
                    "text/plain": "<IPython.core.display.HTML object>",
                },
            }
        ],
    },
    "a semicolon": cell("1 + 1;", count=1),
    "output of another program": cell(
        "import subprocess\nsubprocess.run(['echo', 'from outside'], check=True);",
        shown="from outside\n",
    ),
    "output of C code": cell("import os\nos.write(1, b'low level\\n');", shown="low level\n"),
    "the history": cell("print(len(In) > 2)", shown="True\n"),
    "the execution count": cell("print(get_ipython().execution_count > 2)", shown="True\n"),
}


@pytest.fixture(scope="module")
def verdicts_on_false_alarms(
    tmp_path_factory: pytest.TempPathFactory,
) -> dict[str, tuple[str, str]]:
    """Return nbval's verdict and ours on each, from one notebook."""
    project = Project(tmp_path_factory.mktemp("alarms") / "small")
    project.commit({"one.ipynb": notebook(*FALSE_ALARMS.values())})
    run = project.run(NotebookEntry(path="one.ipynb"), compare=Compare.EVERY_CELL)
    ours = [_ALIKE.get(one.verdict, "failed") for one in run.cases[0].cells]
    theirs = verdicts_of_nbval(project.folder, "--nbval")
    return dict(zip(FALSE_ALARMS, zip(theirs, ours, strict=True), strict=True))


@pytest.mark.parametrize("name", FALSE_ALARMS)
def test_a_false_alarm_of_nbval_is_none_here(
    name: str, verdicts_on_false_alarms: dict[str, tuple[str, str]]
) -> None:
    assert verdicts_on_false_alarms[name] == ("failed", "passed")


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


def test_the_replay_survives_what_nbformat_reads(project: Project) -> None:
    project.commit({"one.ipynb": notebook(*PROBES)})
    read = nbformat.read(project.folder / "one.ipynb", as_version=4)  # type: ignore[no-untyped-call]
    assert [marks_of(one).check for one in read.cells].count(None) == len(PROBES) - 4


# ------------------------------------------------------------------------------- the changed span


def test_the_changed_words_are_marked() -> None:
    source = saved("x", output("stream", name="stdout", text="loss 0.51 after 3 steps"))
    got = [output("stream", name="stdout", text="loss 0.52 after 3 steps")]
    (difference,) = Replay(Compare.EVERY_CELL).compare(source, got).differences
    assert difference.expected_span == difference.got_span == (5, 9)
    assert difference.by == ""


def test_what_changed_stays_in_sight_in_a_long_text() -> None:
    lines = [f"line {number}" for number in range(5000)]
    other = [*lines[:2500], "changed", *lines[2501:]]
    found = Replay(Compare.EVERY_CELL).compare(
        saved("x", shown("\n".join(lines))), [shown("\n".join(other))]
    )
    (difference,) = found.differences
    assert difference.got_span is not None
    assert difference.got[slice(*difference.got_span)] == "changed"
    assert len(difference.got) < 1100


def test_megabytes_of_text_are_compared() -> None:
    text = "".join(f"{number} some words of a log\n" for number in range(200_000))
    assert len(text) > 5_000_000
    source = saved("x", output("stream", name="stdout", text=text))
    got = [output("stream", name="stdout", text=f"A{text}B")]
    assert Replay(Compare.EVERY_CELL).compare(source, got).reason == "stdout differs"


# ------------------------------------------------------------------------------- other comparers

NUMBERS = ComparerRule(Comparer.NUMBERS, relative=1e-3)


def tagged(source: NotebookNode, *tags: str) -> NotebookNode:
    source.metadata["tags"] = list(tags)
    return source


def test_a_rule_judges_its_field_and_nbval_the_others() -> None:
    replay = Replay(Compare.EVERY_CELL, rules={"text/plain": NUMBERS})
    source = saved("x", shown("0.9660", **{"text/html": "a"}))
    assert replay.compare(source, [shown("0.9661", **{"text/html": "a"})]).reason == ""
    found = replay.compare(source, [shown("0.9661", **{"text/html": "b"})])
    assert found.reason == "text/html differs"
    found = replay.compare(source, [shown("0.97", **{"text/html": "a"})])
    assert found.reason == "text/plain differs: 0.9660 expected, 0.97 got"
    assert found.differences[0].by == "numbers within 0.001 (relative)"


def test_a_tag_overrides_the_rule_for_its_cell() -> None:
    replay = Replay(Compare.EVERY_CELL, rules={"text/plain": NUMBERS})
    source = tagged(saved("x", shown("1.0")), "mlcd-numbers:0.5")
    assert replay.compare(source, [shown("1.4")]).reason == ""
    assert replay.compare(saved("x", shown("1.0")), [shown("1.4")]).reason != ""


def test_a_tag_that_says_how_asks_for_the_comparison_too() -> None:
    replay = Replay(Compare.MARKED_CELLS)
    source = tagged(saved("x", shown("1.0")), "mlcd-numbers")
    assert replay.compare(source, [shown("2.0")]).reason != ""
    ignored = tagged(saved("# NBVAL_IGNORE_OUTPUT", shown("1.0")), "mlcd-numbers")
    assert not replay.compare(ignored, [shown("2.0")]).compared
    assert not Replay(Compare.NOTHING).compare(source, [shown("2.0")]).compared


def test_stderr_is_left_out_where_that_is_asked() -> None:
    warned = [output("stream", name="stderr", text="a warning"), shown("1")]
    ignore = {"stderr": ComparerRule(Comparer.IGNORE)}
    assert Replay(Compare.EVERY_CELL).compare(saved("x", shown("1")), warned).reason != ""
    found = Replay(Compare.EVERY_CELL, rules=ignore).compare(saved("x", shown("1")), warned)
    assert (found.compared, found.reason) == (True, "")
    source = tagged(saved("x", shown("1")), "mlcd-ignore-stderr")
    assert Replay(Compare.EVERY_CELL).compare(source, warned).reason == ""


def test_a_cell_of_which_all_is_ignored_was_not_compared() -> None:
    source = tagged(saved("x", shown("1")), "mlcd-ignore:text/plain")
    found = Replay(Compare.EVERY_CELL).compare(source, [shown("2")])
    assert (found.compared, found.reason) == (False, "")


@pytest.mark.parametrize(
    ("expected", "got", "words"),
    [
        ([shown("1")], [], "text/plain is missing"),
        ([], [shown("1")], "unexpected text/plain"),
        ([shown("1"), shown("2")], [shown("1")], "text/plain differs: 2 expected, 1 got"),
        (
            [shown("1"), shown("2")],
            [shown("5"), shown("6")],
            "text/plain differs: 1 expected, 5 got, and 1 more",
        ),
    ],
)
def test_outputs_are_counted_by_other_comparers_too(
    expected: list[NotebookNode], got: list[NotebookNode], words: str
) -> None:
    replay = Replay(Compare.EVERY_CELL, rules={"text/plain": NUMBERS})
    assert replay.compare(saved("x", *expected), got).reason == words


def test_a_rule_can_ask_for_what_nbval_never_compares() -> None:
    image = {"image/png": ComparerRule(Comparer.TEXT)}
    source = saved("x", shown("1", **{"image/png": "aaaa"}))
    got = [shown("1", **{"image/png": "bbbb"})]
    assert Replay(Compare.EVERY_CELL).compare(source, got).reason == ""
    found = Replay(Compare.EVERY_CELL, rules=image).compare(source, got)
    assert found.reason == "image/png differs"


def test_replacements_reach_into_json() -> None:
    replay = Replay(
        Compare.EVERY_CELL,
        "regex: day-\\d+\nreplace: DAY\n",
        {"application/json": ComparerRule(Comparer.JSON)},
    )
    source = saved("x", shown("1", **{"application/json": {"at": ["day-1"], "y": [1.0]}}))
    got = [shown("1", **{"application/json": {"at": ["day-2"], "y": [2.0]}})]
    assert replay.compare(source, got).reason == (
        "application/json differs: y[0]: 1.0 expected, 2.0 got"
    )


def test_a_replacement_that_is_none_is_refused_before_anything_runs() -> None:
    for wrong in ("regex: (\nreplace: x\n", "regex: x\nreplace: \\9\n"):
        with pytest.raises(re.error):
            Replay(Compare.EVERY_CELL, wrong)


def test_without_pillow_pictures_are_refused_before_anything_runs(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "PIL", None)
    rules = {"image/png": ComparerRule(Comparer.IMAGE)}
    with pytest.raises(ExecutionError, match="Pillow is not installed"):
        Replay(Compare.EVERY_CELL, rules=rules)
    with pytest.raises(ExecutionError, match="Pillow is not installed"):
        Replay(Compare.EVERY_CELL, cells=[tagged(saved("x"), "mlcd-image")])
    Replay(Compare.NOTHING, rules=rules)
    Replay(Compare.EVERY_CELL, cells=[tagged(saved("x"), "mlcd-numbers")])
