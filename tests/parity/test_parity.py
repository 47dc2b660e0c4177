from __future__ import annotations

from typing import TYPE_CHECKING

import nbformat
import pytest

from jupyter_mlcd.execution.nbval_disagreements import code_cells, is_same
from jupyter_mlcd.execution.nbval_report import Outcome
from jupyter_mlcd.model.result import CellResult, Verdict
from tests.execution.projects import cell, notebook
from tests.parity.__main__ import QUICK, compare, in_words
from tests.parity.causes import UNEXPLAINED, UNSTABLE, Difference, explain
from tests.parity.corpora import Corpus, NotToBeHad, fetch
from tests.parity.theirs import nbval

if TYPE_CHECKING:
    from pathlib import Path

# nbval runs each notebook several times here; tests/execution/test_nbval_replay.py holds the same
# verdicts on chosen cells in every run of the tests.
pytestmark = pytest.mark.thorough

SMALL = "tests/ipynb-test-samples/test-stream-fail-missingoutput.ipynb"


@pytest.fixture(scope="module")
def corpus() -> Corpus:
    try:
        (found,) = fetch(QUICK)
    except NotToBeHad as error:
        pytest.skip(str(error))
    return found


@pytest.mark.timeout(600)
@pytest.mark.usefixtures("corpus")
def test_every_stable_cell_has_the_verdict_of_the_real_nbval_or_a_known_cause() -> None:
    tallies = list(compare(QUICK))
    assert [tally.mode for tally in tallies] == ["strict", "lax", "sanitised"]
    assert not [line for tally in tallies if tally.unexplained for line in in_words(tally)]
    for tally in tallies:
        # A check in which nothing was judged or compared would prove nothing.
        assert tally.stable > 0.9 * tally.cells > 50
        assert tally.compared > (0 if tally.mode == "lax" else 20)


@pytest.mark.timeout(600)
def test_a_wrong_verdict_of_ours_is_never_explained_away(corpus: Corpus) -> None:
    cells = code_cells(corpus.folder / SMALL)
    wrong = {Outcome.PASSED: Verdict.FAILED, Outcome.FAILED: Verdict.PASSED}
    judged = nbval(corpus, "strict", [SMALL]).verdicts
    assert {one.outcome for one in judged.values()} == set(wrong)
    differences = []
    for (_, number), theirs in judged.items():
        ours = CellResult(cells[number].index, "", wrong[theirs.outcome])
        differences.append(Difference(corpus, "strict", SMALL, number, ours, (ours,), theirs))
    assert set(explain(differences).values()) == {UNEXPLAINED}


FALSE_ALARMS = (
    (cell("from IPython.display import clear_output\nprint('a')\nclear_output()\nprint('b')",
          shown="b\n"), Verdict.PASSED, "display"),
    (cell("1 + 1;", count=1), Verdict.PASSED, "history"),
    (cell("import os\n_ = os.system('echo loud')", shown="loud\n"), Verdict.PASSED, "capture"),
    (cell("%no_such_magic"), Verdict.ERROR, "reply"),
    (cell("1", tag="raises-exception"), Verdict.FAILED, "missing"),
    (cell("1 / 0", tag="skip-execution"), Verdict.SKIPPED, "tag"),
    (cell("import sys; sys.exit(1)"), Verdict.ERROR, ""),
    (cell("2"), Verdict.NOT_RUN, "end"),
)  # fmt: skip


@pytest.mark.timeout(600)
def test_each_false_alarm_of_nbval_is_found_by_taking_its_cause_out(tmp_path: Path) -> None:
    (tmp_path / "one.ipynb").write_text(notebook(*(one for one, _, _ in FALSE_ALARMS)))
    corpus = Corpus("small", tmp_path, ("one.ipynb",), ())
    ours = tuple(
        CellResult(
            index, "", verdict, reason="SystemExit: 1" if "sys.exit" in one["source"] else ""
        )
        for index, (one, verdict, _) in enumerate(FALSE_ALARMS)
    )
    judged = nbval(corpus, "strict", corpus.notebooks).verdicts
    differences = [
        Difference(corpus, "strict", "one.ipynb", number, result, ours, judged["one.ipynb", number])
        for number, result in enumerate(ours)
        if not is_same(result.verdict, judged["one.ipynb", number].outcome)
    ]
    expected = {("one.ipynb", n): cause for n, (_, _, cause) in enumerate(FALSE_ALARMS) if cause}
    assert explain(differences) == expected


@pytest.mark.timeout(600)
def test_luck_excuses_only_a_verdict_that_nbval_gives_on_our_output(tmp_path: Path) -> None:
    cells = [cell("import uuid; print(uuid.uuid4())", shown="lucky\n") for _ in range(2)]
    (tmp_path / "one.ipynb").write_text(notebook(*cells))
    corpus = Corpus("small", tmp_path, ("one.ipynb",), ())
    judged = nbval(corpus, "strict", corpus.notebooks).verdicts
    differences = []
    for number, text in enumerate(("lucky\n", "unlucky\n")):
        ours = CellResult(number, "", Verdict.PASSED)
        output = nbformat.from_dict({"output_type": "stream", "name": "stdout", "text": text})  # type: ignore[no-untyped-call]
        theirs = judged["one.ipynb", number]
        differences.append(
            Difference(corpus, "strict", "one.ipynb", number, ours, (ours,), theirs, (output,))
        )
    assert list(explain(differences).values()) == [UNSTABLE, UNEXPLAINED]
