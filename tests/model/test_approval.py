from __future__ import annotations

import msgspec
import pytest

from jupyter_mlcd.model.approval import (
    Approval,
    StatementFault,
    Waiver,
    policy_digest,
    statement_path,
)
from jupyter_mlcd.model.config import parse
from tests.model.examples import AT, BY

CONFIG = """
[project]
name = "digits"
[suites.quality]
notebooks = ["train.ipynb"]
[suites.other]
notebooks = ["other.ipynb"]
[[gates]]
metric = "accuracy"
at-least = 0.9
[[gates]]
metric = "speed"
at-least = 1
environments = ["staging"]
[environments.staging]
suites = ["other"]
[environments.production]
suites = ["quality"]
approvals = 2
"""
APPROVAL = Approval(
    project="digits", version="0.1.0", digest="sha256:1", environment="production",
    policy="sha256:2", by=BY, at=AT,
)  # fmt: skip


def digest(text: str = CONFIG) -> str:
    return policy_digest(parse(text), "production")


def test_a_statement_that_was_written_is_read_again() -> None:
    assert msgspec.json.decode(APPROVAL.to_bytes(), type=Approval) == APPROVAL


def test_a_waiver_is_not_taken_for_an_approval() -> None:
    waiver = Waiver(
        project="digits", version="0.1.0", digest="sha256:1", environment="production",
        policy="sha256:2", by=BY, at=AT, rule="accuracy at least 0.9", reason="first try",
    )  # fmt: skip
    with pytest.raises(msgspec.ValidationError):
        msgspec.json.decode(waiver.to_bytes(), type=Approval)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("at-least = 0.9", "at-least = 0.8"),
        ("approvals = 2", "approvals = 1"),
        ('"train.ipynb"', '"easier.ipynb"'),
        ('suites = ["quality"]', ""),
    ],
)
def test_another_rule_of_the_environment_is_another_policy(old: str, new: str) -> None:
    assert digest() != digest(CONFIG.replace(old, new))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("at-least = 1", "at-least = 2"),
        ('"other.ipynb"', '"another.ipynb"'),
        ("approvals = 2", 'approvals = 2\ndeliver = "by-hand"'),
        ('name = "digits"', 'name = "digits"\nkeep = "all"'),
    ],
)
def test_what_does_not_hold_there_and_what_is_the_default_change_nothing(
    old: str, new: str
) -> None:
    assert digest() == digest(CONFIG.replace(old, new))


def test_the_digest_of_these_rules_never_changes() -> None:
    assert digest() == ("sha256:637417012838eee0ceb00f48b8c3d890d321a0aeaecf292d072787308aa49aba")


def test_files_lie_beside_the_release() -> None:
    folder = "releases/digits/0.1.0"
    assert statement_path(Approval, "digits", "0.1.0", "a") == f"{folder}/approvals/a.json"
    assert statement_path(Waiver, "digits", "0.1.0", "a") == f"{folder}/waivers/a.json"


def test_every_fault_has_a_code_of_its_own() -> None:
    assert len({fault.value for fault in StatementFault}) == len(StatementFault)


CHECKED = """
[project]
name = "digits"
[suites.quality]
notebooks = ["train.ipynb"]
[suites.smoke]
notebooks = ["smoke.ipynb"]
[environments.production]
suites = ["quality"]
"""


def test_keys_with_their_defaults_leave_the_digest_of_the_rules_as_it_was() -> None:
    before = policy_digest(parse(CHECKED), "production")
    written = CHECKED + 'deliver = "by-hand"\ncool-down = ""\nverify = ""\nfreeze = []\n'
    assert policy_digest(parse(written), "production") == before


@pytest.mark.parametrize(
    "rule",
    ['verify = "smoke"', 'cool-down = "10m"', 'freeze = [{ days = ["fri"], why = "weekend" }]'],
)
def test_another_rule_of_delivering_is_another_digest(rule: str) -> None:
    changed = policy_digest(parse(CHECKED + rule), "production")
    assert changed != policy_digest(parse(CHECKED), "production")


def test_a_weaker_check_of_what_is_live_is_another_digest() -> None:
    text = f'{CHECKED}verify = "smoke"'
    weaker = text.replace("smoke.ipynb", "nothing.ipynb")
    assert policy_digest(parse(weaker), "production") != policy_digest(parse(text), "production")
