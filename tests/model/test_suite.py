from __future__ import annotations

import json
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyter_mlcd.model.errors import ConfigError
from jupyter_mlcd.model.suite import (
    MAXIMAL_CASES,
    Case,
    NotebookEntry,
    candidate_among,
    case_id,
    choose_candidates,
    expand,
)

SEEDS = {"seed": (1, 2, 3)}


def entry(path: str, *after: str, **rest: Any) -> NotebookEntry:
    return NotebookEntry(path=path, after=after, **rest)


def by_id(cases: tuple[Case, ...]) -> dict[str, Case]:
    return {case.id: case for case in cases}


# ---------------------------------------------------------------- names of cases


def test_a_case_without_parameters_is_named_as_its_notebook() -> None:
    assert case_id("a.ipynb", {}) == "a.ipynb"


def test_a_case_is_named_by_its_explicit_parameters_in_alphabetical_order() -> None:
    assert case_id("a.ipynb", {"seed": 1, "C": 10.0}) == "a.ipynb[C=10.0,seed=1]"


@pytest.mark.parametrize(
    ("one", "other"), [(1, 1.0), (1, True), (1, "1"), (None, "null"), ([1], "[1]"), (0, False)]
)
def test_values_of_different_types_name_different_cases(one: object, other: object) -> None:
    assert case_id("a.ipynb", {"x": one}) != case_id("a.ipynb", {"x": other})


@given(st.dictionaries(st.sampled_from("abc"), st.integers() | st.text() | st.booleans()))
def test_the_order_of_parameters_does_not_change_the_name(parameters: dict[str, Any]) -> None:
    backwards = dict(reversed(parameters.items()))
    assert case_id("a.ipynb", parameters) == case_id("a.ipynb", backwards)


# ---------------------------------------------------------------- order


def test_no_entries_make_no_cases() -> None:
    assert expand([]) == ()


def test_notebooks_that_wait_for_nothing_stay_in_the_order_of_the_file() -> None:
    assert [case.id for case in expand([entry("b"), entry("a"), entry("c")])] == ["b", "a", "c"]


def test_a_notebook_comes_after_those_it_waits_for() -> None:
    cases = expand([entry("evaluate", "train"), entry("train", "prepare"), entry("prepare")])
    assert [case.id for case in cases] == ["prepare", "train", "evaluate"]


def test_a_notebook_named_twice_in_after_is_waited_for_once() -> None:
    assert expand([entry("a"), entry("b", "a", "a")])[1].after == ("a",)


def test_an_unknown_notebook_in_after_is_named_with_those_there_are() -> None:
    with pytest.raises(ConfigError, match="b is to run after x, which is not in this") as caught:
        expand([entry("a"), entry("b", "x")])
    assert caught.value.hint == "Suite has: a, b."


@pytest.mark.parametrize(
    ("entries", "circle"),
    [
        ([entry("a", "a")], "a -> a"),
        ([entry("a", "b"), entry("b", "a")], "a -> b -> a"),
        ([entry("x", "a"), entry("a", "b"), entry("b", "c"), entry("c", "b")], "b -> c -> b"),
    ],
)
def test_a_circle_is_refused_and_only_the_circle_is_shown(
    entries: list[NotebookEntry], circle: str
) -> None:
    with pytest.raises(ConfigError, match=f"in a circle: {circle}$"):
        expand(entries)


# ---------------------------------------------------------------- matrix


def test_a_matrix_is_the_product_of_its_lists() -> None:
    cases = expand([entry("a", matrix={"C": (1, 10), "seed": (1, 2)})])
    assert [case.parameters for case in cases] == [
        {"C": 1, "seed": 1},
        {"C": 1, "seed": 2},
        {"C": 10, "seed": 1},
        {"C": 10, "seed": 2},
    ]


def test_a_point_of_the_matrix_goes_over_a_fixed_parameter() -> None:
    cases = expand([entry("a", parameters={"seed": 7, "C": 1}, matrix={"seed": (1,)})])
    assert cases[0].parameters == {"seed": 1, "C": 1}


def test_only_parameters_with_several_values_count_as_varied() -> None:
    assert expand([entry("a", matrix={"C": (1,), "seed": (1, 2)})])[0].varied == ("seed",)


def test_a_later_matrix_waits_for_the_case_with_the_same_value() -> None:
    cases = by_id(expand([entry("t", matrix=SEEDS), entry("e", "t", matrix=SEEDS)]))
    assert cases["e[seed=2]"].after == ("t[seed=2]",)


def test_a_later_notebook_without_the_matrix_waits_for_all() -> None:
    cases = by_id(expand([entry("t", matrix=SEEDS), entry("e", "t")]))
    assert cases["e"].after == ("t[seed=1]", "t[seed=2]", "t[seed=3]")


def test_every_case_of_a_later_matrix_waits_for_the_one_earlier_case() -> None:
    cases = expand([entry("p"), entry("t", "p", matrix=SEEDS)])
    assert [case.after for case in cases] == [(), ("p",), ("p",), ("p",)]


def test_a_later_matrix_over_another_parameter_waits_for_all() -> None:
    cases = by_id(expand([entry("t", matrix=SEEDS), entry("e", "t", matrix={"C": (1, 2)})]))
    assert cases["e[C=1]"].after == ("t[seed=1]", "t[seed=2]", "t[seed=3]")


def test_a_later_matrix_over_more_waits_where_both_vary() -> None:
    cases = by_id(
        expand([entry("t", matrix=SEEDS), entry("e", "t", matrix={**SEEDS, "C": (1, 2)})])
    )
    assert cases["e[C=2,seed=3]"].after == ("t[seed=3]",)


def test_a_later_value_that_no_earlier_case_has_is_refused() -> None:
    entries = [entry("t", matrix=SEEDS), entry("e", "t", matrix={"seed": (1, 4)})]
    with pytest.raises(ConfigError, match="e with seed = 4 is to run after t, which has no such"):
        expand(entries)


@pytest.mark.parametrize("lists", [{"a": 101, "b": 100}, {"a": 10_001}])
def test_more_cases_than_the_limit_are_refused(lists: dict[str, int]) -> None:
    matrix = {name: tuple(range(size)) for name, size in lists.items()}
    with pytest.raises(ConfigError, match=f"more than {MAXIMAL_CASES} is refused"):
        expand([entry("a", matrix=matrix)])


def test_the_limit_counts_all_notebooks_of_the_suite() -> None:
    half = {"a": tuple(range(MAXIMAL_CASES // 2 + 1))}
    with pytest.raises(ConfigError, match="the suite has 10002 cases"):
        expand([entry("a", matrix=half), entry("b", matrix=half)])


def test_two_large_matrices_that_share_a_parameter_are_paired_at_once() -> None:
    half = {"a": tuple(range(MAXIMAL_CASES // 2))}
    cases = expand([entry("t", matrix=half), entry("e", "t", matrix=half)])
    assert cases[-1].after == ("t[a=4999]",)


def test_two_large_matrices_that_wait_for_each_and_all_are_refused() -> None:
    numbers = tuple(range(MAXIMAL_CASES // 2))
    with pytest.raises(ConfigError, match="the cases of e wait for too many others"):
        expand([entry("t", matrix={"a": numbers}), entry("e", "t", matrix={"b": numbers})])


def test_as_many_cases_as_the_limit_are_made() -> None:
    assert len(expand([entry("a", matrix={"a": tuple(range(MAXIMAL_CASES))})])) == MAXIMAL_CASES


@st.composite
def suites(draw: st.DrawFn) -> list[NotebookEntry]:
    """Return entries in any order whose ``after`` never make a circle."""
    count = draw(st.integers(1, 7))
    made = []
    for index in range(count):
        after = draw(st.lists(st.sampled_from(range(index)), unique=True)) if index else []
        names = draw(st.lists(st.sampled_from("abc"), unique=True, max_size=2))
        made.append(
            NotebookEntry(
                path=f"{index}.ipynb",
                after=tuple(f"{one}.ipynb" for one in after),
                matrix=dict.fromkeys(names, (1, 2)),
            )
        )
    return draw(st.permutations(made))


@given(suites())
def test_every_case_comes_after_all_that_it_waits_for(entries: list[NotebookEntry]) -> None:
    done: set[str] = set()
    for case in expand(entries):
        assert set(case.after) <= done
        done.add(case.id)


@given(suites())
def test_every_case_waits_for_a_case_of_every_notebook_in_after(
    entries: list[NotebookEntry],
) -> None:
    cases = expand(entries)
    notebooks = {case.id: case.notebook for case in cases}
    after = {entry.path: set(entry.after) for entry in entries}
    for case in cases:
        assert {notebooks[one] for one in case.after} == after[case.notebook]


@given(suites())
def test_every_point_of_every_matrix_is_one_case_with_a_name_of_its_own(
    entries: list[NotebookEntry],
) -> None:
    names = [case.id for case in expand(entries)]
    assert len(set(names)) == len(names) == sum(2 ** len(entry.matrix) for entry in entries)


@given(suites())
def test_the_cases_of_a_notebook_stand_together(entries: list[NotebookEntry]) -> None:
    notebooks = [case.notebook for case in expand(entries)]
    changes = sum(one != other for one, other in pairwise(notebooks)) + 1
    assert changes == len(entries)


# ---------------------------------------------------------------- candidates


def test_the_only_case_of_a_notebook_is_its_candidate() -> None:
    assert choose_candidates(expand([entry("a")]), {}) == ("a",)


def test_a_matrix_without_a_candidate_has_none() -> None:
    assert choose_candidates(expand([entry("a", matrix=SEEDS)]), {}) == ()


def test_a_candidate_is_named_by_its_value() -> None:
    cases = expand([entry("a", matrix=SEEDS, candidate={"seed": 2})])
    assert choose_candidates(cases, {}) == ("a[seed=2]",)


def test_a_candidate_that_several_cases_match_is_none() -> None:
    cases = expand([entry("a", matrix={**SEEDS, "C": (1, 2)}, candidate={"seed": 2})])
    assert choose_candidates(cases, {}) == ()


@pytest.mark.parametrize(("goal", "name"), [("max", "a[seed=2]"), ("min", "a[seed=3]")])
def test_the_best_candidate_follows_the_goal(goal: str, name: str) -> None:
    cases = expand([entry("a", matrix=SEEDS, candidate={"best": "loss"})], {"loss": goal})
    losses = {f"a[seed={seed}]": {"loss": loss} for seed, loss in ((1, 0.5), (2, 0.9), (3, 0.1))}
    assert candidate_among(cases, losses) == name


def test_more_is_better_for_a_score_without_a_rule() -> None:
    assert expand([entry("a", candidate={"best": "accuracy"})])[0].candidate == "max:accuracy"


def test_of_equal_scores_the_first_in_the_order_of_the_matrix_is_taken() -> None:
    cases = expand([entry("a", matrix=SEEDS, candidate={"best": "x"})])
    equal = {f"a[seed={seed}]": {"x": 0.5} for seed in SEEDS["seed"]}
    assert candidate_among(cases, equal) == "a[seed=1]"


def test_no_candidate_is_best_while_a_case_did_not_record_the_score() -> None:
    cases = expand([entry("a", matrix=SEEDS, candidate={"best": "x"})])
    assert candidate_among(cases, {case.id: {"x": 0.5} for case in cases[:2]}) is None


def test_each_notebook_has_a_candidate_of_its_own() -> None:
    cases = expand([entry("p"), entry("t", "p", matrix=SEEDS, candidate={"seed": 3})])
    assert choose_candidates(cases, {}) == ("p", "t[seed=3]")


@given(suites())
def test_a_case_survives_json(entries: list[NotebookEntry]) -> None:
    for case in expand(entries):
        assert json.loads(json.dumps(case.parameters)) == case.parameters
