from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from jupyter_mlcd.ledger.continuity import continuity
from jupyter_mlcd.ledger.store import LedgerStore
from jupyter_mlcd.model.event import LEDGER_REF
from jupyter_mlcd.world.git_reading import Person
from tests.world.repositories import Repository

if TYPE_CHECKING:
    from pathlib import Path

    from jupyter_mlcd.ports import Continuity

ADA = Person("Ada", "ada@example.org")
SEEN = "refs/remotes/origin/mlcd/evidence"


@pytest.fixture
def grown(tmp_path: Path) -> Repository:
    made = Repository.init(tmp_path / "here")
    store = LedgerStore(made.opened())
    for number in range(4):
        store.append({f"events/{number}.json": f"{number}".encode()}, f"Add {number}", ADA)
    return made


def looked(repository: Repository) -> Continuity:
    return continuity(repository.opened(), LEDGER_REF, ())


def forget_reflog(repository: Repository) -> None:
    (repository.folder / ".git" / "logs" / LEDGER_REF).unlink()


def test_a_ledger_that_only_grew_raises_no_doubt(grown: Repository) -> None:
    grown.git("update-ref", SEEN, f"{LEDGER_REF}~1")
    found = looked(grown)
    assert (found.commits, found.problems) == (4, ())


def test_a_rolled_back_ledger_is_named_by_the_reflog(grown: Repository) -> None:
    grown.git("update-ref", LEDGER_REF, f"{LEDGER_REF}~2")
    (problem,) = looked(grown).problems
    assert "events/2.json" in problem


def test_what_the_remote_has_and_we_have_not_is_told_and_is_no_proof_of_a_loss(
    grown: Repository,
) -> None:
    grown.git("update-ref", SEEN, LEDGER_REF)
    grown.git("update-ref", LEDGER_REF, f"{LEDGER_REF}~1")
    forget_reflog(grown)
    found = looked(grown)
    assert found.problems == ()
    assert "newer, or dropped here" in found.remarks[0]


def test_our_commits_behind_those_of_others_are_no_rewriting(
    grown: Repository, tmp_path: Path
) -> None:
    grown.git("clone", "--quiet", ".", str(tmp_path / "other"))
    other = Repository(tmp_path / "other")
    other.git("update-ref", LEDGER_REF, SEEN)
    LedgerStore(other.opened()).append({"events/theirs.json": b"t"}, "Theirs", ADA)
    LedgerStore(grown.opened()).append({"events/ours.json": b"o"}, "Ours", ADA)
    grown.git("fetch", "--quiet", str(other.folder), f"{LEDGER_REF}:{SEEN}")
    assert looked(grown).problems == ()
    LedgerStore(grown.opened()).rebase_onto(grown.git("rev-parse", SEEN))
    assert looked(grown).problems == ()


def test_no_ledger_where_the_remote_has_one_is_told(grown: Repository) -> None:
    grown.git("update-ref", SEEN, LEDGER_REF)
    grown.git("update-ref", "-d", LEDGER_REF)
    assert "not here" in looked(grown).remarks[0]
