from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

from jupyter_mlcd.model.config import parse
from jupyter_mlcd.model.errors import GateError
from jupyter_mlcd.model.review import EntryKind, Seen
from jupyter_mlcd.workbench import Workbench
from jupyter_mlcd.world.git_reading import fsck
from tests.actions.people import approve_by_hand
from tests.journeys.projects import CHECKOUT, git, mlcd
from tests.journeys.reviews import Team, home, team, works_in

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

REFUSALS: dict[str, tuple[Callable[[Team], dict[str, Any]], str]] = {
    "own-run": (lambda t: {"person": t.mara}, "it is by who ran the tests"),
    "other-bytes": (
        lambda t: {"person": t.ken, "digest": "sha256:other", "version": "0.0.9"},
        "it is for other bytes, 0.0.9",
    ),
    "other-environment": (lambda t: {"person": t.ken, "environment": "staging"}, "for staging"),
    "expired": (
        lambda t: {"person": t.ken, "expires": "2026-01-01T00:00:00Z"},
        "it expired on 1 Jan 2026",
    ),
    "forged": (
        lambda t: {"person": t.ken, "by": t.mara.by},
        "it was signed by ken@example.org",
    ),
    "untrusted-key": (lambda t: {"person": t.eve}, "nobody who may approve has the key"),
}
"""``{code of the reason: (what is approved by hand, words of the reason)}``."""


@pytest.fixture(scope="module")
def once(tmp_path_factory: pytest.TempPathFactory) -> Team:
    """Make the project once; each test gets a copy."""
    return team(tmp_path_factory.mktemp("team"))


@pytest.fixture(autouse=True)
def _at_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(home(tmp_path / "home")))
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    monkeypatch.delenv("XDG_CONFIG_HOME", raising=False)


@pytest.fixture
def people(once: Team, tmp_path: Path) -> Team:
    for place in (once.folder, once.server):
        shutil.copytree(place, tmp_path / place.name, symlinks=True)
    copy = Team(
        once.mara, once.ken, once.eve, tmp_path / once.folder.name, tmp_path / once.server.name
    )
    git(copy.folder, "remote", "set-url", "origin", str(copy.server))
    return copy


def in_the_background(folder: Path, *words: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-P", "-m", "jupyter_mlcd.cli.main", *words],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(CHECKOUT), "NO_COLOR": "1"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


# ------------------------------------------------------------------------------- two people's day


def test_a_version_is_asked_for_read_approved_and_delivered(people: Team, tmp_path: Path) -> None:
    asked = mlcd(
        people.folder, "review", "ask", "ken@example.org", "--for", "production",
        "--version", "0.1.0", "--why", "fewer mistakes", "--share", "origin",
    )  # fmt: skip
    assert asked.code == 0, asked.said
    assert mlcd(people.folder, "deliver", "0.1.0", "--to", "production", "--yes").code == 1
    kens = people.clone(tmp_path / "ken", people.ken)
    assert mlcd(kens, "review", "share").code == 0
    waiting = "waiting for you: Mara asks you to review 0.1.0 for production: fewer mistakes"
    assert waiting in mlcd(kens, "status").out
    assert mlcd(kens, "review", "comment", "-m", "Why 3?", "--case", "one.ipynb").code == 0
    approved = mlcd(kens, "review", "approve", "--yes", "-m", "fine now")
    assert approved.code == 0, approved.said
    assert "1 approval: given by Ken" in approved.out
    assert "waiting for you" not in mlcd(kens, "status").out
    assert mlcd(kens, "review", "share").code == 0
    assert "2 events of others came" in mlcd(people.folder, "review", "share").out
    shown = mlcd(people.folder, "review", "show").out
    assert shown.count("* ") == 2
    assert "Ken says on one.ipynb: Why 3?" in shown
    delivered = mlcd(people.folder, "deliver", "0.1.0", "--to", "production", "--yes")
    assert delivered.code == 0, delivered.said
    tags = git(people.server, "for-each-ref", "refs/tags")
    assert tags == "", "sharing a review pushed a tag"


def test_an_approval_is_checked_with_ssh_keygen_alone(people: Team, tmp_path: Path) -> None:
    works_in(people.folder, people.ken)
    Workbench(people.folder).approve(Seen("0.1.0", "production"))
    listed = git(people.folder, "ls-tree", "-r", "--name-only", "mlcd/evidence").splitlines()
    (path,) = [one for one in listed if one.endswith(".json") and "/approvals/" in one]
    for name, place in ((path, "approval.json"), (f"{path}.sig", "approval.json.sig")):
        shown = ["git", "show", f"mlcd/evidence:{name}"]
        content = subprocess.run(shown, cwd=people.folder, check=True, capture_output=True).stdout
        (tmp_path / place).write_bytes(content)
    checked = subprocess.run(
        ["ssh-keygen", "-Y", "verify", "-f", str(people.folder / ".mlcd/allowed_signers"),
         "-I", "ken@example.org", "-n", "mlcd-approval@v1", "-s", "approval.json.sig"],
        cwd=tmp_path, input=(tmp_path / "approval.json").read_bytes(),
        check=False, capture_output=True,
    )  # fmt: skip
    assert checked.returncode == 0, checked.stderr


def test_people_who_act_at_once_lose_nothing(people: Team, tmp_path: Path) -> None:
    assert mlcd(people.folder, "review", "share").code == 0
    kens = people.clone(tmp_path / "ken", people.ken)
    eves = people.clone(tmp_path / "eve", people.eve)
    for clone in (kens, eves):
        assert mlcd(clone, "review", "share").code == 0
    at_once = [
        in_the_background(kens, "review", "approve", "--for", "production", "--yes"),
        in_the_background(eves, "review", "comment", "-m", "Why 3?"),
        in_the_background(people.folder, "run", "--keep"),
        in_the_background(people.folder, "review", "comment", "-m", "Because."),
    ]
    said = [one.communicate(timeout=120)[0] for one in at_once]
    assert [one.returncode for one in at_once] == [0, 0, 0, 0], said
    clones = (people.folder, kens, eves)
    at_once = [in_the_background(clone, "review", "share") for clone in clones]
    said = [one.communicate(timeout=120)[0] for one in at_once]
    assert [one.returncode for one in at_once] == [0, 0, 0], said
    for clone in clones:
        assert mlcd(clone, "review", "share").code == 0
    tips = {git(clone, "rev-parse", "mlcd/evidence") for clone in (*clones, people.server)}
    assert len(tips) == 1
    assert git(people.server, "rev-list", "--merges", "mlcd/evidence") == ""
    page = Workbench(people.folder).show_review()
    kinds = sorted(one.kind for one in page.entries)
    assert kinds == [EntryKind.APPROVED, EntryKind.COMMENTED, EntryKind.COMMENTED]
    assert len(Workbench(kens).evidence()) == 2
    assert [fsck(Workbench(clone).git) for clone in clones] == [(), (), ()]


# --------------------------------------------------------------------------- each with its reason


@pytest.mark.parametrize("code", REFUSALS)
def test_what_does_not_count_is_refused_with_its_reason(people: Team, code: str) -> None:
    what, words = REFUSALS[code]
    fields = what(people)
    bench = Workbench(people.folder)
    approve_by_hand(bench.desk(), fields.pop("person"), "production", **fields)
    with pytest.raises(GateError) as caught:
        bench.deliver("production", version="0.1.0")
    reasons = {one["code"]: one["text"] for one in caught.value.details["reasons"]}
    assert list(reasons) == ["approvals-missing", code]
    assert words in reasons[code]
    typed = mlcd(people.folder, "deliver", "0.1.0", "--to", "production", "--yes")
    assert (typed.code, words in typed.said) == (1, True)


@pytest.mark.parametrize(("who", "code"), [("mara", "own-run"), ("eve", "untrusted-key")])
def test_what_would_not_count_is_refused_when_it_is_said(people: Team, who: str, code: str) -> None:
    works_in(people.folder, getattr(people, who))
    typed = mlcd(people.folder, "review", "approve", "--yes")
    assert (typed.code, "would not count" in typed.said) == (3, True)
    assert REFUSALS[code][1] in typed.said
    assert json.loads(mlcd(people.folder, "review", "show", "--json").out)["entries"] == []


def test_who_lists_himself_in_his_own_files_is_not_trusted(people: Team) -> None:
    signers = people.folder / ".mlcd" / "allowed_signers"
    signers.write_bytes(signers.read_bytes() + people.eve.line())
    git(people.folder, "commit", "--quiet", "--all", "--message", "Trust Eve")
    works_in(people.folder, people.eve)
    typed = mlcd(people.folder, "review", "approve", "--yes")
    assert (typed.code, "nobody who may approve has the key" in typed.said) == (3, True)
    assert "read from origin/main" in typed.said


def test_nobody_to_ask_is_no_yes(people: Team) -> None:
    works_in(people.folder, people.ken)
    typed = mlcd(people.folder, "review", "approve")
    assert (typed.code, "nobody is there to ask" in typed.said) == (2, True)


def test_the_example_of_the_page_is_right() -> None:
    text = (CHECKOUT / "docs" / "review.md").read_text(encoding="utf-8")
    table = text.partition("```toml\n")[2].partition("```")[0]
    assert parse(table).environments["production"].approvals == 2
