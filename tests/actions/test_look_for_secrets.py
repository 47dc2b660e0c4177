from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
import pytest

from jupyter_mlcd.actions.keep_evidence import keep_evidence
from jupyter_mlcd.actions.look_for_secrets import allow_secret, find_secrets
from jupyter_mlcd.actions.show_evidence import show_evidence
from jupyter_mlcd.actions.verify_evidence import verify_evidence
from jupyter_mlcd.bundle.redaction import RepositoryScanner
from jupyter_mlcd.model.config import parse
from jupyter_mlcd.model.errors import ConfigError, NotFoundError, RefusedError, UsageError
from jupyter_mlcd.model.evidence import MANIFEST
from jupyter_mlcd.model.kept import KEPT, KeptChanges
from tests.actions.days import delivered, shown

if TYPE_CHECKING:
    from pathlib import Path

    from jupyter_mlcd.model.run import Run
    from jupyter_mlcd.testing import FakeDesk

REDACT = '\n[secrets]\nfound = "redact"\n'
ALLOW = """
[[secrets.allow]]
rule = "password"
reason = "of the manual"
"""


def printed(made: FakeDesk, text: str = "hunter2") -> Run:
    """Run the suite so that its notebook prints something."""
    return shown(made, {"output_type": "stream", "name": "stdout", "text": text})


def test_it_blocks_by_default_and_says_how_to_allow_it(made: FakeDesk) -> None:
    run = printed(made)
    with pytest.raises(RefusedError, match="cell 0, output 0: password") as raised:
        keep_evidence(made.desk, run.id)
    assert f"jupyter mlcd evidence allow {run.id}" in raised.value.hint


def test_what_is_taken_out_is_told_and_the_evidence_verifies(made: FakeDesk) -> None:
    made.config += REDACT
    run = printed(made)
    kept = keep_evidence(made.desk, run.id)
    assert kept.digest != run.digest
    assert [one.rule for one in kept.redacted] == ["password"]
    content = made.ledger.content[f"{kept.path}/notebooks/0.ipynb"]
    assert b"hunter2" not in content
    assert b"[secret password]" in content
    changes = msgspec.json.decode(made.ledger.content[f"{kept.path}/{KEPT}"], type=KeptChanges)
    assert changes.draft == run.digest
    found = verify_evidence(made.desk, run.id)
    assert found.ok, [check for check in found.checks if not check.ok]
    told = next(check for check in found.checks if check.name == "what keeping took out is told")
    assert "password taken out of notebooks/0.ipynb, cell 0, output 0" in told.words
    assert "password taken out of" in made.ledger.commits[-1]


def test_the_draft_stays_as_it_ran(made: FakeDesk) -> None:
    made.config += REDACT
    run = printed(made)
    keep_evidence(made.desk, run.id)
    assert b"hunter2" in (made.runner.bundle(run.id) / "notebooks" / "0.ipynb").read_bytes()


def test_keeping_twice_tells_the_same(made: FakeDesk) -> None:
    made.config += REDACT
    run = printed(made)
    assert keep_evidence(made.desk, run.id) == keep_evidence(made.desk, run.id)


def test_a_notebook_that_was_put_back_after_the_redaction_is_found(made: FakeDesk) -> None:
    made.config += REDACT
    kept = keep_evidence(made.desk, printed(made).id)
    path = f"{kept.path}/notebooks/0.ipynb"
    made.ledger.content[path] = made.ledger.content[path].replace(b"[secret password]", b"nothing")
    failed = [one for one in verify_evidence(made.desk, kept.id).checks if not one.ok]
    assert "edited" in " ".join(check.words for check in failed)
    assert "what keeping took out is told" in [check.name for check in failed]


def test_a_delivery_of_it_asks_to_keep_it_first_and_then_goes(made: FakeDesk) -> None:
    made.config += REDACT
    run = printed(made)
    with pytest.raises(RefusedError, match="not what was shown") as raised:
        delivered(made)
    assert raised.value.code == "keep-first"
    keep_evidence(made.desk, run.id)
    delivered(made)
    assert verify_evidence(made.desk, "0.1.0").ok


def test_a_finding_is_allowed_by_a_person_with_a_reason_for_a_time(made: FakeDesk) -> None:
    made.clock = lambda: "2026-03-03T12:00:00.000000Z"
    run = printed(made)
    body = allow_secret(made.desk, run.id, 1, "of the manual", "14d")
    assert (body.rule, body.fingerprint, body.until[:10]) == ("password", "f1", "2026-03-17")
    kept = keep_evidence(made.desk, run.id)
    (allowed,) = kept.allowed
    assert (allowed.by, allowed.reason) == (made.by, "of the manual")
    assert kept.digest == run.digest  # Nothing was changed.
    assert "allowed by Mara Example" in made.ledger.commits[-1]
    assert keep_evidence(made.desk, run.id) == kept
    told = show_evidence(made.desk, run.id).kept
    assert told is not None
    assert told.allowed == kept.allowed
    verified = verify_evidence(made.desk, run.id)
    assert verified.ok
    (check,) = [one for one in verified.checks if one.name == "what keeping let through is told"]
    assert "allowed by Mara Example" in check.words


def test_an_allowance_ends(made: FakeDesk) -> None:
    made.clock = lambda: "2026-03-03T12:00:00.000000Z"
    run = printed(made)
    allow_secret(made.desk, run.id, 1, "of the manual", "2026-03-05")
    made.clock = lambda: "2026-03-06T00:00:00.000000Z"
    with pytest.raises(RefusedError, match="looks like a secret"):
        keep_evidence(made.desk, run.id)


@pytest.mark.parametrize(
    ("which", "keeps"),
    [
        ('fingerprint = "f1"', True),
        ('fingerprint = "f2"', False),
        ('place = "notebooks/0.ipynb"', True),
        ('place = "notebooks/0.ipynb, cell 0"', True),
        ('place = "notebooks/0.ipynb, cell 1"', False),
        ('place = "notebooks/0"', False),
        ('place = "notebooks/0.ipynb"\nuntil = "2020-01-01"', False),
    ],
)
def test_mlcd_toml_allows_a_value_or_a_place(made: FakeDesk, which: str, keeps: bool) -> None:
    made.config += ALLOW + which
    run = printed(made)
    if keeps:
        assert keep_evidence(made.desk, run.id).allowed[0].by == "mlcd.toml"
        return
    with pytest.raises(RefusedError):
        keep_evidence(made.desk, run.id)


@pytest.mark.parametrize(
    ("which", "words"),
    [
        ("", "a `fingerprint` or a `place`"),
        ('fingerprint = "f1"\nplace = "x"', "a `fingerprint` or a `place`"),
        ('fingerprint = "f1"\nuntil = "soon"', "'soon' is not a day"),
    ],
)
def test_an_allowance_that_says_too_little_is_an_error_with_its_line(
    made: FakeDesk, which: str, words: str
) -> None:
    with pytest.raises(ConfigError, match=words):
        parse(made.config + ALLOW + which)


def test_only_what_is_there_can_be_allowed_and_only_with_a_reason(made: FakeDesk) -> None:
    run = printed(made)
    assert len(find_secrets(made.desk, run.id)) == 1
    with pytest.raises(NotFoundError, match="no finding 2"):
        allow_secret(made.desk, run.id, 2, "why not", "14d")
    with pytest.raises(UsageError, match="say why"):
        allow_secret(made.desk, run.id, 1, " ", "14d")
    with pytest.raises(UsageError, match="cannot be allowed until"):
        allow_secret(made.desk, run.id, 1, "for ever", "2099-01-01")


def test_the_real_search_takes_it_out_of_a_whole_bundle(
    made: FakeDesk, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    made.config += REDACT
    environ = {"HOME": str(tmp_path), "API_TOKEN": "low entropy"}
    scanner = RepositoryScanner([], environ)
    monkeypatch.setattr("jupyter_mlcd.testing.FakeScanner", lambda: scanner)
    run = printed(made, "the key is low entropy, and bG93IGVudHJvcHk=")
    kept = keep_evidence(made.desk, run.id)
    assert [(one.file, one.cell, one.output) for one in kept.redacted] == [
        ("notebooks/0.ipynb", 0, 0)
    ]
    assert made.ledger.content[f"{kept.path}/{MANIFEST}"]
    assert verify_evidence(made.desk, run.id).ok
