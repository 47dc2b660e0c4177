"""Why nbval says another thing than we do: found by experiment, never by the name of a cell."""

from __future__ import annotations

import json
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import nbformat

from jupyter_mlcd.execution.nbval_disagreements import is_same
from jupyter_mlcd.execution.nbval_report import Outcome
from jupyter_mlcd.model.result import Verdict
from tests.parity.saved import OUTPUTS, Judge, expects_error, output_of, saved_outputs
from tests.parity.theirs import MODES, Said, nbval

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from jupyter_mlcd.execution.nbval_report import Judged
    from jupyter_mlcd.model.result import CellResult
    from tests.parity.corpora import Corpus

UNSTABLE, UNEXPLAINED = "unstable", ""
CAUSES = {
    "display": "(a) nbval does not apply clear_output and update_display_data",
    "widget": "(i) nbval takes what an Output widget has caught for the cell's output",
    "capture": "(b) PYTEST_CURRENT_TEST switches off what other programs print",
    "history": "(c) nbval executes with store_history=False",
    "memory": "(d) nbval's kernel has the user's history",
    "missing": "(e) an expected exception is missing",
    "reply": "(f) an error reply without error output",
    "end": "(g) after a timeout, an exit or the kernel's death",
    "tag": "(h) nbval does not know skip-execution",
    UNSTABLE: "the cell gives another output each time",
}
REMEDIES = ("display", "capture", "history", "memory")
_REPEATS = 4
"""How often nbval runs again on a notebook with a difference, to see whether a cell is stable."""
_ENDINGS = frozenset({Verdict.TIMEOUT, Verdict.KILLED, Verdict.INCOMPLETE})


@dataclass(frozen=True)
class Difference:
    """A cell on which two stable verdicts differ."""

    corpus: Corpus
    mode: str
    notebook: str
    number: int
    """Counted from 0 among the code cells."""
    ours: CellResult
    """Its index is -1 where the whole case came to nothing."""
    cells: tuple[CellResult, ...]
    """All of its notebook."""
    theirs: Judged
    outputs: tuple[Any, ...] = ()
    """What the cell gave when we executed it."""

    @property
    def key(self) -> tuple[str, int]:
        """Notebook and number."""
        return self.notebook, self.number

    @cached_property
    def document(self) -> Any:
        """The saved notebook."""
        return nbformat.read(self.corpus.folder / self.notebook, as_version=4)  # type: ignore[no-untyped-call]

    @property
    def source(self) -> Any:
        """The saved cell."""
        return self.document.cells[self.ours.index]

    @property
    def judge(self) -> Judge:
        """nbval's comparison as it is set in this mode."""
        return Judge(
            is_lax=MODES[self.mode] == "--nbval-lax",
            replacements=self.corpus.replacements if self.mode == "sanitised" else "",
        )


def explain(differences: Sequence[Difference]) -> dict[tuple[str, int], str]:
    """Return the cause of each difference of one corpus and mode, by notebook and number."""
    judged = [one for one in differences if one.ours.index >= 0]
    found = {one.key: UNEXPLAINED for one in differences}
    found.update((one.key, _at_first_sight(one)) for one in judged)
    rest = [one for one in judged if not found[one.key]]
    if rest:
        found.update(_by_experiment(rest))
    return found


def _at_first_sight(one: Difference) -> str:
    """Return a cause that needs no experiment."""
    if one.ours.verdict is Verdict.SKIPPED and "skip-execution" in one.source.metadata.get(
        "tags", ()
    ):
        return "tag"
    ended = any(_ends(cell) and cell.index < one.ours.index for cell in one.cells)
    if ended and (one.ours.verdict is Verdict.NOT_RUN or one.theirs.outcome is Outcome.XFAILED):
        return "end"
    return ""


def _ends(cell: CellResult) -> bool:
    return cell.verdict in _ENDINGS or cell.reason.startswith("SystemExit")


def _by_experiment(differences: Sequence[Difference]) -> dict[tuple[str, int], str]:
    """Run the notebooks again as they are, with each cause taken out, and with all of them."""
    corpus, mode = differences[0].corpus, differences[0].mode
    notebooks = sorted({one.notebook for one in differences})
    with ThreadPoolExecutor(2) as pool:
        plain = list(pool.map(lambda _: nbval(corpus, mode, notebooks, ""), range(_REPEATS)))
    messages = [_messages(said, notebooks) for said in plain]
    found: dict[tuple[str, int], str] = {}
    for one in differences:
        seen = [each[one.notebook] for each in messages]
        verdicts = [said.verdicts[one.key].outcome for said in plain]
        found[one.key] = UNSTABLE if _is_unstable(one, verdicts, seen) else _at(one, seen[0])
    for names in (*((name,) for name in REMEDIES), REMEDIES):
        rest = [one for one in differences if not found[one.key]]
        if not rest:
            break
        again = nbval(corpus, mode, sorted({one.notebook for one in rest}), " ".join(names))
        for one in rest:
            if is_same(one.ours.verdict, again.verdicts[one.key].outcome):
                found[one.key] = "+".join(names)
    return found


def _messages(said: Said, notebooks: Sequence[str]) -> dict[str, dict[int, list[Any]]]:
    """Return the messages by notebook and number."""
    found: dict[str, dict[int, list[Any]]] = {name: defaultdict(list) for name in notebooks}
    for key, messages in json.loads(said.messages).items():
        place, bar, number = key.rpartition("::")
        if bar:
            found[notebooks[int(place.partition("/")[0])]][int(number)] = messages
    return found


def _is_unstable(
    one: Difference, verdicts: Sequence[Outcome], seen: Sequence[Mapping[int, list[Any]]]
) -> bool:
    """Whether the cell, and not whoever judges it, says another thing each time.

    A cell whose verdict is a matter of luck may be lucky twice. So outputs that differ from one
    execution to the next count too, but only where nbval's own comparison gives our verdict on
    what we got: a wrong verdict on such a cell is not excused.
    """
    if any(outcome is not one.theirs.outcome for outcome in verdicts):
        return True
    outputs = [[output_of(each) for each in _plain(cells[one.number])] for cells in seen]
    differs = any(not one.judge.same(outputs[0], other) for other in outputs[1:])
    is_right = one.judge.passes(one.source, list(one.outputs)) == (
        one.ours.verdict is Verdict.PASSED
    )
    return differs and is_right


def _plain(messages: Sequence[Any]) -> list[Any]:
    return [message for message in messages if message["type"] in OUTPUTS]


def _at(one: Difference, messages: Mapping[int, list[Any]]) -> str:
    """Return what the messages of the cell, and of those after it, tell."""
    mine = messages[one.number]
    raised = any(message["type"] == "error" for message in mine)
    refused = any(
        message["type"] == "execute_reply" and message["content"].get("status") == "error"
        for message in mine
    )
    if one.theirs.outcome is Outcome.PASSED and expects_error(one.source) and not raised:
        return "missing"
    if one.theirs.outcome is Outcome.PASSED and one.ours.verdict is Verdict.ERROR:
        return "reply" if refused and not raised else UNEXPLAINED
    if one.ours.verdict is Verdict.INCOMPLETE:
        asks = [payload for message in mine for payload in message["content"].get("payload") or ()]
        return "end" if any(one.get("source") == "ask_exit" for one in asks) else UNEXPLAINED
    return _by_replay(one, messages)


def _by_replay(one: Difference, messages: Mapping[int, list[Any]]) -> str:
    """Judge by nbval's own comparison what JupyterLab would have saved at the notebook's end.

    Also what other cells changed in this one's outputs counts, which no second run can show:
    nbval has judged the cell by then.
    """
    judge = one.judge
    plain = [output_of(message) for message in _plain(messages[one.number])]
    as_nbval_sees_it = judge.passes(one.source, plain)
    for cause, has_widgets in (("display", False), ("widget", True)):
        outputs = saved_outputs(messages, has_widgets=has_widgets)[one.number]
        passes = judge.passes(one.source, outputs)
        if passes != as_nbval_sees_it and passes == (one.ours.verdict is Verdict.PASSED):
            return cause
    return UNEXPLAINED
