from __future__ import annotations

import pytest

from jupyter_mlcd.model.config import parse
from jupyter_mlcd.model.rules_change import rules_difference, signers_difference

RULES = """
[project]
name = "digits"
policy = "origin/main"
[suites.quality]
notebooks = ["train.ipynb"]
[suites.slow]
notebooks = ["slow.ipynb"]
[[gates]]
metric = "accuracy"
at-least = 0.95
better-than = "production"
by = 0.002
[environments.staging]
approvals = 1
[environments.production]
approvals = 2
suites = ["quality"]
[hubs.github]
url = "https://hub.example/api"
"""
GATE = 'metric = "accuracy"\nat-least = 0.95\nbetter-than = "production"\nby = 0.002\n'
BETTER = "better than production by 0.002"
EVERY = '[[gates]]\nmetric = "accuracy"\nslices = "every"\nat-least = 0.8\n'
LAST = 'suites = ["quality"]\n'
KEN = b"ken@example.org ssh-ed25519 AAAA ken\n"
LIN = b"lin@example.org ssh-ed25519 BBBB lin\n"


def changed(old: str, new: str) -> list[str]:
    """Return how the rules of production differ after an edit."""
    assert old in RULES
    return list(rules_difference(parse(RULES), parse(RULES.replace(old, new)), "production"))


def test_the_same_rules_do_not_differ() -> None:
    assert changed(RULES, RULES) == []


def test_a_change_that_says_the_same_is_none() -> None:
    assert changed(LAST, LAST + 'approvals-expire = ""\nseparation-of-duties = false\n') == []


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("at-least = 0.95", "at-least = 0.90",
         ["the rule accuracy at least 0.95 became at least 0.9"]),
        ("at-least = 0.95\n", "", ["the rule accuracy at least 0.95 was dropped"]),
        ("at-least = 0.95\n", "at-least = 0.95\nat-most = 1.0\n",
         ["the rule accuracy at most 1 is new"]),
        ("by = 0.002\n", "",
         ["the rule accuracy better than production by 0.002 became better than production"]),
        ("by = 0.002\n", 'by = 0.002\nnoise = "seed"\n',
         [f"the rule accuracy {BETTER} became {BETTER} beyond the noise of seed"]),
        ("by = 0.002\n", 'by = 0.002\nover = "worst"\n',
         ["`over` of the rule on accuracy went from mean to worst"]),
        ("by = 0.002\n", 'by = 0.002\ngoal = "min"\n',
         ["`goal` of the rule on accuracy went from max to min"]),
        ("by = 0.002\n", f"by = 0.002\n{EVERY}",
         ["the rule accuracy of every slice at least 0.8 is new"]),
        ("by = 0.002\n", 'by = 0.002\n[[gates]]\nmetric = "loss"\nat-most = 0.1\n',
         ["the rule loss at most 0.1 is new"]),
        ("[[gates]]\n" + GATE, "",
         ["the rule accuracy at least 0.95 was dropped",
          "the rule accuracy better than production by 0.002 was dropped"]),
        ("by = 0.002\n", 'by = 0.002\nenvironments = ["staging"]\n',
         ["the rule accuracy at least 0.95 was dropped",
          "the rule accuracy better than production by 0.002 was dropped"]),
        ("by = 0.002\n", 'by = 0.002\nenvironments = ["production"]\n', []),
    ],
)  # fmt: skip
def test_a_rule_that_changed_is_told_with_both_its_forms(
    old: str, new: str, words: list[str]
) -> None:
    assert changed(old, new) == words


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("approvals = 2", "approvals = 1", ["approvals for production went from 2 to 1"]),
        ("approvals = 2", "approvals = 0", ["approvals for production went from 2 to 0"]),
        (LAST, LAST + "separation-of-duties = true\n",
         ["separation of duties for production went from no to yes"]),
        (LAST, LAST + 'approvals-expire = "30d"\n',
         ["approvals expire for production went from nothing to 30d"]),
        (LAST, LAST + 'built-by = "ci"\n', ["built by for production went from nothing to ci"]),
        (LAST, LAST + 'after = "staging"\n', ["after for production went from nothing to staging"]),
        (LAST, 'suites = ["quality", "slow"]\n',
         ["suites for production went from quality to quality, slow"]),
        (LAST, "", ["suites for production went from quality to quality, slow"]),
        (LAST, LAST + 'target = { kind = "folder", url = "elsewhere" }\n',
         ["target url for production went from releases/production to elsewhere"]),
        ("[environments.staging]\napprovals = 1", "[environments.staging]\napprovals = 0", []),
    ],
)  # fmt: skip
def test_what_an_environment_asks_for_is_told_by_its_key(
    old: str, new: str, words: list[str]
) -> None:
    assert changed(old, new) == words


def test_another_kind_of_target_is_told_with_what_it_had() -> None:
    target = 'target = { kind = "git", remote = "origin" }\n'
    assert changed(LAST, LAST + target)[:2] == [
        "target kind for production went from folder to git",
        "target url for production went from releases/production to nothing",
    ]


def test_a_suite_that_is_asked_for_and_declared_otherwise_is_named() -> None:
    assert changed('["train.ipynb"]\n', '["other.ipynb"]\ncompare = "nothing"\n') == [
        "`notebooks`, `compare` of the test suite quality changed"
    ]
    assert changed('["slow.ipynb"]', '["slower.ipynb"]') == []


def test_another_hub_matters_where_its_approvals_count() -> None:
    other = RULES.replace("hub.example", "elsewhere.example")
    asks = LAST + 'approvals-from = "github"\n'
    assert rules_difference(parse(RULES), parse(other), "production") == ()
    before, after = RULES.replace(LAST, asks), other.replace(LAST, asks)
    assert rules_difference(parse(before), parse(after), "production") == (
        "url of github went from https://hub.example/api to https://elsewhere.example/api",
    )


def test_another_place_for_the_rules_themselves_is_told() -> None:
    assert changed('policy = "origin/main"', 'policy = "origin/mine"\nsigners = "us"') == [
        "the branch that rules are read from went from origin/main to origin/mine",
        "the file of who may sign went from .mlcd/allowed_signers to us",
    ]


def test_an_environment_that_had_no_rules_is_new() -> None:
    text = RULES.replace("[environments.production]", "[environments.elsewhere]")
    before = parse(text.replace('better-than = "production"\nby = 0.002\n', ""))
    assert rules_difference(before, parse(RULES), "production") == ("production is new",)


# ------------------------------------------------------------------------------------- who signs


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        (KEN, KEN, ()),
        (KEN, b"\n" + KEN + b"# a word\n", ()),
        (KEN, KEN + LIN, ("lin@example.org may sign now",)),
        (KEN + LIN, KEN, ("lin@example.org may not sign any more",)),
        (b"", KEN, ("ken@example.org may sign now",)),
        (KEN, KEN.replace(b"AAAA", b"CCCC"),
         ("the keys of ken@example.org changed, or what they count for",)),
        (KEN, LIN + KEN.replace(b"AAAA", b"CCCC"),
         ("lin@example.org may sign now",
          "the keys of ken@example.org changed, or what they count for")),
    ],
)  # fmt: skip
def test_who_may_sign_now_and_who_not_any_more_is_told(
    before: bytes, after: bytes, words: tuple[str, ...]
) -> None:
    assert signers_difference(before, after) == words
