from __future__ import annotations

import json
import shutil
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from tests.journeys.projects import delivering_project, git, mlcd

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a project of which a version is live."""
    made = delivering_project(tmp_path_factory.mktemp("audited") / "small")
    assert mlcd(made, "run").code == 0
    ended = mlcd(made, "deliver", "--yes", "--why", "The first")
    assert ended.code == 0, ended.said
    return made


def today() -> str:
    return f"{datetime.now(UTC):%Y-%m-%d}"


def test_what_was_live_on_a_day_is_told_with_its_evidence(folder: Path) -> None:
    ended = mlcd(folder, "status", "--at", today())
    assert ended.code == 0, ended.said
    assert "production     0.1.0 since" in ended.out
    assert "why: The first" in ended.out
    assert "quality: passed, run " in ended.out
    assert "approved by nobody" in ended.out
    before = json.loads(mlcd(folder, "status", "--at", "2020-01-01", "--json").out)
    assert [one["version"] for one in before["environments"]] == [""]


def test_what_is_no_day_is_wrong_use(folder: Path) -> None:
    ended = mlcd(folder, "status", "--at", "last tuesday")
    assert (ended.code, "2026-03-03" in ended.err) == (2, True)


def test_an_audit_is_printed_or_written_and_nothing_is_overwritten(
    folder: Path, tmp_path: Path
) -> None:
    assert "delivery 1, roll-back 0" in mlcd(folder, "evidence", "audit").out
    place = tmp_path / "audit"
    assert mlcd(folder, "evidence", "audit", "-o", str(place)).code == 0
    assert sorted(one.name for one in place.iterdir()) == ["audit.csv", "audit.html"]
    assert b'"delivered"' in (place / "audit.csv").read_bytes()
    assert mlcd(folder, "evidence", "audit", "-o", str(place)).code == 3
    one = tmp_path / "q1.csv"
    assert mlcd(folder, "evidence", "audit", "--to", "2020-01-01", "-o", str(one)).code == 0
    assert len(one.read_text("utf-8-sig").splitlines()) == 1
    assert mlcd(folder, "evidence", "audit", "-o", str(tmp_path / "audit.pdf")).code == 2


def test_a_fresh_and_shallow_clone_answers_from_what_the_remote_had(
    folder: Path, tmp_path: Path
) -> None:
    git(tmp_path, "clone", "--quiet", "--depth=1", "--no-single-branch", folder.as_uri(), "fresh")
    ended = mlcd(tmp_path / "fresh", "status", "--at", today())
    assert ended.code == 0, ended.said
    assert "production     0.1.0 since" in ended.out
    assert "This clone is shallow" in ended.out


def test_an_erasure_asks_first_and_says_what_stays(folder: Path, tmp_path: Path) -> None:
    work = shutil.copytree(folder, tmp_path / "small", symlinks=True)
    run = json.loads(mlcd(work, "evidence", "list", "--json").out)[0]["id"]
    asked = mlcd(work, "evidence", "erase", run, "-m", "No consent")
    assert (asked.code, "nobody is there to ask" in asked.err) == (2, True)
    assert "can then not be delivered again" in asked.out
    assert "stay on mlcd/evidence, in every clone" in asked.out
    live = mlcd(work, "evidence", "erase", run, "-m", "No consent", "--yes")
    assert (live.code, "--although-live production" in live.err) == (3, True)
    words = ("-m", "No consent", "--yes", "--although-live", "production")
    done = mlcd(work, "evidence", "erase", run, *words)
    assert (done.code, "the tombstone is unsigned" in done.out) == (0, True), done.said
    verified = mlcd(work, "evidence", "verify", run)
    assert (verified.code, "(unsigned): No consent" in verified.out) == (0, True), verified.said
