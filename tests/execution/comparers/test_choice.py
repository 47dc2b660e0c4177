from __future__ import annotations

import pytest

from jupyter_mlcd.execution.comparers.choice import COMPARERS, choose, problem_of
from jupyter_mlcd.model.suite import Comparer, ComparerRule

EXACT = ComparerRule(Comparer.TEXT)


def test_there_is_a_comparer_for_every_word() -> None:
    assert set(COMPARERS) == set(Comparer)


def test_without_rule_and_tag_nothing_is_chosen() -> None:
    assert choose([], {}).rule_for("text/plain") is None
    assert choose(["parameters", "nbval-skip", "mlcd-nothing"], {}).rule_for("stdout") is None


@pytest.mark.parametrize(
    ("tag", "fields", "others"),
    [
        ("mlcd-numbers", ["stdout", "stderr", "text/plain", "text/html"], ["image/png"]),
        ("mlcd-table", ["stdout", "text/plain", "text/html"], ["stderr", "text/latex"]),
        (
            "mlcd-json",
            ["application/json", "application/vnd.plotly.v1+json"],
            ["text/plain", "application/vnd.jupyter.widget-view+json"],
        ),
        ("mlcd-image", ["image/png", "image/jpeg"], ["image/svg+xml", "text/plain"]),
        ("mlcd-ignore-stderr", ["stderr"], ["stdout"]),
        ("mlcd-ignore:text/html", ["text/html"], ["text/plain"]),
    ],
)
def test_a_tag_speaks_of_some_outputs(tag: str, fields: list[str], others: list[str]) -> None:
    chosen = choose([tag], {})
    assert [field for field in fields + others if chosen.rule_for(field)] == fields


def test_a_tag_carries_a_relative_tolerance_or_a_threshold() -> None:
    numbers = choose(["mlcd-numbers:1e-3"], {}).rule_for("stdout")
    assert numbers == ComparerRule(Comparer.NUMBERS, relative=1e-3)
    image = choose(["mlcd-image:0.2"], {}).rule_for("image/png")
    assert image == ComparerRule(Comparer.IMAGE, threshold=0.2)


def test_a_tag_overrides_the_suite_for_what_it_speaks_of() -> None:
    chosen = choose(["mlcd-numbers"], {"text/plain": EXACT, "image/png": EXACT})
    assert chosen.rule_for("text/plain") == ComparerRule(Comparer.NUMBERS)
    assert chosen.rule_for("image/png") == EXACT


def test_the_more_special_tag_wins_in_any_order() -> None:
    for tags in (["mlcd-numbers", "mlcd-table"], ["mlcd-table", "mlcd-numbers"]):
        rules = [choose(tags, {}).rule_for(field) for field in ("text/html", "text/latex")]
        assert [rule.by for rule in rules if rule] == [Comparer.TABLE, Comparer.NUMBERS]
    both = choose(["mlcd-ignore:stdout", "mlcd-numbers"], {}).rule_for("stdout")
    assert both == ComparerRule(Comparer.IGNORE)


@pytest.mark.parametrize(
    "tag",
    [
        "mlcd-numbers:", "mlcd-numbers:much", "mlcd-numbers:-1", "mlcd-numbers:nan",
        "mlcd-numbers:inf", "mlcd-image:2", "mlcd-ignore:", "mlcd-ignore", "mlcd-number",
    ],
)  # fmt: skip
def test_a_tag_that_is_none_does_nothing_and_says_why(tag: str) -> None:
    assert problem_of(tag)
    fields = ("stdout", "stderr", "text/plain", "image/png", "")
    assert [choose([tag], {}).rule_for(field) for field in fields] == [None] * len(fields)


def test_only_tags_that_say_how_ask_for_a_comparison() -> None:
    assert choose(["mlcd-table"], {}).asks_to_compare
    assert not choose(["mlcd-ignore-stderr"], {"stdout": EXACT}).asks_to_compare


def test_pictures_need_pillow() -> None:
    assert choose(["mlcd-image"], {}).needs_pillow
    assert choose([], {"image/png": ComparerRule(Comparer.IMAGE)}).needs_pillow
    assert not choose(["mlcd-json"], {"image/png": EXACT}).needs_pillow
