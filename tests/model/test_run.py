from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyter_mlcd.model.result import (
    GREEN,
    CaseResult,
    CellResult,
    Difference,
    FileDigest,
    State,
    Verdict,
    metrics_by_name,
    verdict_of,
)
from jupyter_mlcd.model.run import Run
from jupyter_mlcd.model.run_events import (
    CaseEnded,
    CaseStarted,
    CellStarted,
    RunEnded,
    RunEvent,
    RunStarted,
    fold,
)
from tests.model.examples import AT, plan, result, run

if TYPE_CHECKING:
    from collections.abc import Sequence

RED = [one for one in Verdict if one not in {*GREEN, Verdict.SKIPPED}]
STARTED = RunStarted(AT, pid=7, birth="1.5")
PLAN = plan("a", "b", "c")


def ended(name: str, verdict: Verdict = Verdict.PASSED) -> CaseEnded:
    return CaseEnded(AT, result(name, verdict, total=2, position=2))


# ---------------------------------------------------------------- the verdict of a whole run


def test_a_run_whose_cases_all_passed_passed() -> None:
    assert verdict_of([result("a"), result("b")]) == (Verdict.PASSED, "2 of 2 cases passed")


@pytest.mark.parametrize("cases", [[], [result("a", Verdict.SKIPPED)]])
def test_a_run_in_which_no_case_ran_did_not_pass(cases: list[CaseResult]) -> None:
    assert verdict_of(cases) == (Verdict.NOT_RUN, "no case ran, so nothing was proved")


def test_a_skipped_case_beside_a_passed_one_is_not_counted_as_passed() -> None:
    found = verdict_of([result("a"), result("b", Verdict.SKIPPED)])
    assert found == (Verdict.PASSED, "1 of 2 cases passed")


@pytest.mark.parametrize("verdict", RED)
def test_one_red_case_makes_the_run_red(verdict: Verdict) -> None:
    assert verdict_of([result("a"), result("b", verdict), result("c")])[0] is verdict


@pytest.mark.parametrize("verdict", RED)
def test_the_reason_names_the_red_case_and_why(verdict: Verdict) -> None:
    cases = [result("a"), result("b", verdict, reason="cell 3 raised ValueError")]
    assert verdict_of(cases)[1] == "1 of 2 cases passed; b: cell 3 raised ValueError"


def test_a_case_that_passed_on_a_retry_is_green_and_said() -> None:
    found = verdict_of([result("a"), result("b", Verdict.FLAKY)])
    assert found == (Verdict.FLAKY, "2 of 2 cases passed, 1 on a retry")


def test_a_red_case_without_a_reason_is_named_all_the_same() -> None:
    assert verdict_of([result("a", Verdict.FAILED)])[1] == "0 of 1 cases passed; a"


def test_a_case_that_has_not_ended_has_proved_nothing() -> None:
    assert verdict_of([result("a"), result("b", None)])[0] is Verdict.NOT_RUN


@pytest.mark.parametrize(
    ("one", "other", "worse"),
    [
        (Verdict.FAILED, Verdict.ERROR, Verdict.ERROR),
        (Verdict.ERROR, Verdict.TIMEOUT, Verdict.TIMEOUT),
        (Verdict.TIMEOUT, Verdict.KILLED, Verdict.KILLED),
        (Verdict.KILLED, Verdict.CANCELLED, Verdict.CANCELLED),
        (Verdict.NOT_RUN, Verdict.FAILED, Verdict.FAILED),
        (Verdict.INCOMPLETE, Verdict.FAILED, Verdict.INCOMPLETE),
        (Verdict.NOT_RUN, Verdict.SKIPPED, Verdict.NOT_RUN),
    ],
)
def test_a_run_is_as_bad_as_its_worst_case(one: Verdict, other: Verdict, worse: Verdict) -> None:
    assert verdict_of([result("a", one), result("b", other)])[0] is worse
    assert verdict_of([result("a", other), result("b", one)])[0] is worse


@given(st.lists(st.none() | st.sampled_from(Verdict), max_size=6))
def test_a_run_passed_only_if_a_case_passed_and_none_was_red(
    verdicts: list[Verdict | None],
) -> None:
    found, _ = verdict_of([result(str(n), one) for n, one in enumerate(verdicts)])
    proved = Verdict.PASSED in verdicts and set(verdicts) <= {Verdict.PASSED, Verdict.SKIPPED}
    assert (found is Verdict.PASSED) == proved


# ---------------------------------------------------------------- the fold of a journal


def test_without_events_every_case_waits() -> None:
    found = fold(PLAN, [])
    assert (found.state, found.verdict) == (State.WAITING, None)
    assert [case.state for case in found.cases] == [State.WAITING] * 3


def test_the_run_says_what_was_planned() -> None:
    found = fold(PLAN, [], kept=True)
    assert (found.id, found.suite, found.tree, found.jobs, found.kept) == (
        PLAN.id, PLAN.suite, PLAN.tree, 2, True,
    )  # fmt: skip


def test_a_run_that_started_is_running() -> None:
    assert fold(PLAN, [STARTED]).state is State.RUNNING


def test_a_case_that_started_is_running_with_its_number_of_cells() -> None:
    case = fold(PLAN, [STARTED, CaseStarted(AT, "b", 5)]).cases[1]
    assert (case.state, case.started, case.total, case.verdict) == (State.RUNNING, AT, 5, None)


def test_a_cell_that_started_moves_its_case_only() -> None:
    events: list[RunEvent] = [STARTED, CaseStarted(AT, "b", 5), CellStarted(AT, "b", 3)]
    assert [case.position for case in fold(PLAN, events).cases] == [0, 3, 0]


def test_a_case_that_ended_is_its_result() -> None:
    events: list[RunEvent] = [STARTED, CaseStarted(AT, "b", 5), ended("b", Verdict.FAILED)]
    assert fold(PLAN, events).cases[1] == ended("b", Verdict.FAILED).result


def test_a_run_that_ended_has_its_verdict_reason_and_fingerprint() -> None:
    last = RunEnded("2026-03-02", Verdict.FAILED, "one failed", digest="sha256:1")
    found = fold(PLAN, [STARTED, last])
    assert (found.state, found.verdict, found.reason, found.ended, found.digest) == (
        State.ENDED, Verdict.FAILED, "one failed", "2026-03-02", "sha256:1",
    )  # fmt: skip


def test_candidates_are_marked_at_the_end() -> None:
    events: list[RunEvent] = [
        STARTED,
        ended("a"),
        ended("b"),
        RunEnded(AT, Verdict.PASSED, "", ("b",)),
    ]
    assert [case.candidate for case in fold(PLAN, events).cases] == [False, True, False]


def test_cases_stay_in_the_order_of_the_plan_whatever_ends_first() -> None:
    events: list[RunEvent] = [STARTED, ended("c"), ended("a"), ended("b")]
    assert [case.id for case in fold(PLAN, events).cases] == ["a", "b", "c"]


@st.composite
def journals(draw: st.DrawFn) -> list[RunEvent]:
    """Return the journal of a run of PLAN, the cases side by side, ended or not."""
    parts: list[list[RunEvent]] = []
    for name in ("a", "b", "c"):
        total = draw(st.integers(0, 3))
        verdict = draw(st.sampled_from(Verdict))
        cells = [CellStarted(AT, name, n + 1) for n in range(total)]
        parts.append([CaseStarted(AT, name, total), *cells, ended(name, verdict)])
    journal: list[RunEvent] = [STARTED]
    while any(parts):
        part = draw(st.sampled_from([one for one in parts if one]))
        journal.append(part.pop(0))
    verdict, reason = verdict_of(fold(PLAN, journal).cases)
    journal.append(RunEnded(AT, verdict, reason, ("a",), "sha256:1"))
    return journal[: draw(st.integers(0, len(journal)))]


@given(journals(), st.integers(0, 20))
def test_the_fold_is_the_same_however_the_journal_is_cut(
    journal: Sequence[RunEvent], cut: int
) -> None:
    pieces = chain(iter(journal[:cut]), iter(journal[cut:]))
    assert fold(PLAN, pieces) == fold(PLAN, journal)


@given(journals())
def test_the_fold_is_the_same_after_the_journal_was_written_and_read(
    journal: list[RunEvent],
) -> None:
    lines = [msgspec.json.encode(event) for event in journal]
    again = [msgspec.json.decode(line, type=RunEvent) for line in lines]
    assert fold(PLAN, again) == fold(PLAN, journal)


@given(journals())
def test_what_has_ended_stays_as_it_is_but_for_being_the_candidate(
    journal: list[RunEvent],
) -> None:
    final = {case.id: case for case in fold(PLAN, journal).cases}
    for cut in range(len(journal)):
        for case in fold(PLAN, journal[:cut]).cases:
            if case.state is State.ENDED:
                assert msgspec.structs.replace(final[case.id], candidate=False) == case


@given(journals())
def test_a_case_never_goes_back(journal: list[RunEvent]) -> None:
    order = [State.WAITING, State.RUNNING, State.ENDED]
    before = [0, 0, 0]
    for cut in range(len(journal) + 1):
        now = [order.index(case.state) for case in fold(PLAN, journal[:cut]).cases]
        assert all(map(int.__le__, before, now))
        before = now


@given(journals())
def test_a_run_survives_json(journal: list[RunEvent]) -> None:
    found = fold(PLAN, journal)
    assert msgspec.json.decode(msgspec.json.encode(found), type=Run) == found


# ---------------------------------------------------------------- values


def test_a_plan_survives_json() -> None:
    assert msgspec.json.decode(msgspec.json.encode(PLAN), type=type(PLAN)) == PLAN


def test_a_result_with_everything_in_it_survives_json() -> None:
    cell = CellResult(
        3, "abc", Verdict.FAILED, "differs", compared=True, duration=0.5,
        differences=(Difference("stdout", "1", "2"),),
    )  # fmt: skip
    full = run(
        result(
            "a[seed=1]",
            parameters={"seed": 1},
            varied=("seed",),
            after=("p",),
            cells=(cell,),
            metrics={"accuracy": 0.5},
            products={"m": FileDigest("f" * 64, 3)},
        )
    )
    assert msgspec.json.decode(msgspec.json.encode(full), type=Run) == full


def test_an_unknown_field_is_refused_at_the_wire() -> None:
    wire = msgspec.to_builtins(run()) | {"colour": "red"}
    with pytest.raises(msgspec.ValidationError, match="unknown field `colour`"):
        msgspec.convert(wire, Run)


def test_metrics_are_turned_from_cases_to_names() -> None:
    cases = [result("a", metrics={"x": 1.0, "y": 2.0}), result("b", metrics={"x": 3.0})]
    assert metrics_by_name(cases) == {"x": {"a": 1.0, "b": 3.0}, "y": {"a": 2.0}}


@pytest.mark.parametrize("verdict", Verdict)
def test_every_verdict_is_written_in_kebab_case(verdict: Verdict) -> None:
    assert verdict.value == verdict.name.lower().replace("_", "-")
