from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
import pytest

from jupyter_mlcd.ledger.remote import GitRemote
from jupyter_mlcd.ledger.store import LedgerStore
from jupyter_mlcd.ledger.tags import create_tag
from jupyter_mlcd.model.delivery import DeliveryState
from jupyter_mlcd.model.event import LEDGER_REF
from jupyter_mlcd.model.release import tag_message
from jupyter_mlcd.model.target import GitTable
from jupyter_mlcd.ports import Parcel, Site, Target
from jupyter_mlcd.targets.git import GitTarget
from jupyter_mlcd.world.git_reading import Person
from tests.targets import parcels
from tests.world.repositories import GIT_CONFIG, Repository

if TYPE_CHECKING:
    from pathlib import Path

ADA = Person("Ada Lovelace", "ada@example.org")
REFS = ["--format=%(objectname) %(refname)", "refs/heads", "refs/tags"]


@pytest.fixture(autouse=True)
def _own_git_configuration(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path_factory.mktemp("home")
    (home / ".gitconfig").write_text(GIT_CONFIG)
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    monkeypatch.delenv("XDG_CONFIG_HOME", raising=False)


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    made = Repository.init(tmp_path / "repository")
    made.write("train.ipynb", "{}")
    made.commit("first")
    return made


@pytest.fixture
def server(repository: Repository, tmp_path: Path) -> Repository:
    """The bare repository that ``repository`` has as origin, empty."""
    made = Repository.init(tmp_path / "server.git", "--bare")
    repository.git("remote", "add", "origin", str(made.folder))
    return made


@pytest.fixture
def target(repository: Repository) -> GitTarget:
    return target_of(repository)


@pytest.fixture
def first(repository: Repository, tmp_path: Path) -> Parcel:
    return tagged(repository, tmp_path, "0.1.0")


def target_of(repository: Repository, remote: str = "origin") -> GitTarget:
    site = Site(
        repository.folder,
        lambda name: GitRemote(repository.opened(), name),
        lambda _address: None,
    )
    return GitTarget(GitTable(remote), site)


def tagged(repository: Repository, tmp_path: Path, version: str) -> Parcel:
    """Return a release with its tag and an event in the ledger, as ``deliver`` leaves them."""
    commit = repository.git("rev-parse", "HEAD")
    parcel = parcels.parcel(tmp_path / "store", version, commit=commit)
    git = repository.opened()
    LedgerStore(git).append({f"events/{version}.json": b"{}\n"}, f"Deliver {version}", ADA)
    create_tag(git, parcel.tag, commit, tag_message(parcel.release), ADA)
    return parcel


def refs_of(repository: Repository) -> str:
    return repository.git("for-each-ref", *REFS)


def decline(server: Repository, ref: str) -> None:
    """Let the server say no to one reference, as rules for branches and tags do."""
    hook = server.write("hooks/update", f'#!/bin/sh\n[ "$1" != "{ref}" ] || exit 1\n')
    hook.chmod(0o755)


# ---------------------------------------------------------------- a delivery that goes well


def test_it_is_a_target(target: GitTarget) -> None:
    assert isinstance(target, Target)


def test_the_answer_is_delivered_and_names_tag_and_remote(
    target: GitTarget, server: Repository, first: Parcel
) -> None:
    answer = target.dispatch(first)
    assert (answer.state, answer.reason) == (DeliveryState.DELIVERED, "v0.1.0 is on origin")
    assert answer.ticket == {"remote": "origin", "tag": "v0.1.0", "key": first.key}


def test_the_tag_arrives_with_its_release_digest(
    target: GitTarget, server: Repository, first: Parcel
) -> None:
    target.dispatch(first)
    digest = f"Release-Digest: {first.release.digest}"
    assert digest in server.git("cat-file", "tag", "v0.1.0").splitlines()


def test_the_tag_points_at_the_commit_of_the_release(
    target: GitTarget, server: Repository, first: Parcel
) -> None:
    target.dispatch(first)
    assert server.git("rev-parse", "v0.1.0^{commit}") == first.release.commit


def test_the_ledger_arrives_with_the_tag(
    target: GitTarget, server: Repository, repository: Repository, first: Parcel
) -> None:
    target.dispatch(first)
    assert server.git("rev-parse", LEDGER_REF) == repository.git("rev-parse", LEDGER_REF)


def test_nothing_else_is_pushed(target: GitTarget, server: Repository, first: Parcel) -> None:
    target.dispatch(first)
    names = [line.split()[1] for line in refs_of(server).splitlines()]
    assert names == [LEDGER_REF, "refs/tags/v0.1.0"]


def test_here_nothing_changes(
    target: GitTarget, server: Repository, repository: Repository, first: Parcel
) -> None:
    before = repository.fingerprint(), refs_of(repository)
    target.dispatch(first)
    assert (repository.fingerprint(), refs_of(repository)) == before


def test_the_same_key_twice_is_one_delivery(
    target: GitTarget, server: Repository, first: Parcel
) -> None:
    answer = target.dispatch(first)
    before = refs_of(server)
    assert target.dispatch(first) == answer
    assert refs_of(server) == before


def test_the_next_version_follows(
    target: GitTarget, server: Repository, repository: Repository, first: Parcel, tmp_path: Path
) -> None:
    target.dispatch(first)
    repository.write("train.ipynb", "{ }")
    repository.commit("second")
    assert target.dispatch(tagged(repository, tmp_path, "0.2.0")).state == "delivered"
    assert server.git("tag", "--list").split() == ["v0.1.0", "v0.2.0"]


# ---------------------------------------------------------------- the same version again


def again(repository: Repository, first: Parcel) -> Parcel:
    """Return a later attempt to bring the same release there, with its event in the ledger."""
    event = {"events/back.json": b"{}\n"}
    LedgerStore(repository.opened()).append(event, "Roll back", ADA)
    return msgspec.structs.replace(first, key="another", again=True)


def test_a_version_that_was_there_brings_only_the_evidence_and_says_what_is_left_to_do(
    target: GitTarget, server: Repository, repository: Repository, first: Parcel
) -> None:
    target.dispatch(first)
    parcel = again(repository, first)
    sentences, commands = target.preview(parcel)
    assert "start its pipeline there by hand" in sentences[1]
    assert commands == [f"git push origin {LEDGER_REF}"]
    answer = target.dispatch(parcel)
    assert answer.state is DeliveryState.DELIVERED
    assert "start the pipeline of v0.1.0 by hand" in answer.reason
    assert server.git("rev-parse", LEDGER_REF) == repository.git("rev-parse", LEDGER_REF)


def test_the_tag_of_the_first_time_does_not_prove_the_second(
    target: GitTarget, server: Repository, repository: Repository, first: Parcel
) -> None:
    target.dispatch(first)
    parcel = again(repository, first)
    assert target.look_up(parcel) is None
    target.dispatch(parcel)
    found = target.look_up(parcel)
    assert found is not None
    assert found.state is DeliveryState.DELIVERED


# ---------------------------------------------------------------- a remote that says no


@pytest.mark.parametrize("ref", ["refs/tags/v0.1.0", LEDGER_REF])
def test_a_remote_that_declines_one_of_them_gets_none(
    target: GitTarget, server: Repository, first: Parcel, ref: str
) -> None:
    decline(server, ref)
    assert target.dispatch(first).state is DeliveryState.REFUSED
    assert refs_of(server) == ""


def test_a_refusal_says_in_words_what_was_declined(
    target: GitTarget, server: Repository, first: Parcel
) -> None:
    decline(server, "refs/tags/v0.1.0")
    assert "refs/tags/v0.1.0" in target.dispatch(first).reason


def test_a_refused_delivery_can_be_tried_again(
    target: GitTarget, server: Repository, first: Parcel
) -> None:
    decline(server, LEDGER_REF)
    target.dispatch(first)
    (server.folder / "hooks" / "update").unlink()
    assert target.dispatch(first).state is DeliveryState.DELIVERED


def test_another_tag_of_the_same_name_is_never_overwritten(
    target: GitTarget, server: Repository, first: Parcel, tmp_path: Path
) -> None:
    other = Repository.init(tmp_path / "other")
    other.commit("of somebody else")
    other.git("tag", "--annotate", "--message", "mine", "v0.1.0")
    other.git("push", "--quiet", str(server.folder), "v0.1.0")
    before = refs_of(server)
    assert target.dispatch(first).state is DeliveryState.REFUSED
    assert refs_of(server) == before


def test_a_ledger_that_moved_on_there_is_appended_to_and_never_forced(
    target: GitTarget, server: Repository, first: Parcel, tmp_path: Path
) -> None:
    other = Repository.init(tmp_path / "other")
    other.commit("of somebody else")
    other.git("push", "--quiet", str(server.folder), f"HEAD:{LEDGER_REF}")
    before = server.git("rev-parse", LEDGER_REF).strip()
    assert target.dispatch(first).state is DeliveryState.DELIVERED
    assert before in server.git("rev-list", LEDGER_REF)


def test_a_remote_that_cannot_be_reached_leaves_the_outcome_unknown(
    target: GitTarget, repository: Repository, server: Repository, first: Parcel, tmp_path: Path
) -> None:
    server.folder.rename(tmp_path / "gone.git")
    assert target.dispatch(first).state is DeliveryState.UNKNOWN


# ---------------------------------------------------------------- what became of it


def test_a_key_that_never_arrived_is_not_known(
    target: GitTarget, server: Repository, first: Parcel
) -> None:
    assert target.look_up(first) is None


def test_a_key_that_arrived_is_answered_as_it_was(
    target: GitTarget, server: Repository, first: Parcel
) -> None:
    assert target.dispatch(first) == target.look_up(first)


def test_a_push_whose_answer_was_lost_is_found_and_not_sent_again(
    target: GitTarget, server: Repository, repository: Repository, first: Parcel
) -> None:
    repository.git("push", "--quiet", "--atomic", "origin", "v0.1.0", LEDGER_REF)
    found = target.look_up(first)
    assert found is not None
    assert found.state is DeliveryState.DELIVERED


def test_a_tag_of_the_same_name_on_something_else_is_not_this_release(
    target: GitTarget, server: Repository, first: Parcel, tmp_path: Path
) -> None:
    other = Repository.init(tmp_path / "other")
    other.commit("of somebody else")
    other.git("tag", "--annotate", "--message", "mine", "v0.1.0")
    other.git("push", "--quiet", str(server.folder), "v0.1.0")
    assert target.look_up(first) is None


def test_looking_up_at_a_remote_that_cannot_be_reached_says_unknown(
    target: GitTarget, server: Repository, first: Parcel, tmp_path: Path
) -> None:
    server.folder.rename(tmp_path / "gone.git")
    found = target.look_up(first)
    assert found is not None
    assert found.state is DeliveryState.UNKNOWN


# ---------------------------------------------------------------- what was promised before


def test_the_preview_pushes_nothing(target: GitTarget, server: Repository, first: Parcel) -> None:
    target.preview(first)
    assert refs_of(server) == ""


def test_the_command_that_was_shown_does_the_same(
    target: GitTarget, server: Repository, repository: Repository, first: Parcel
) -> None:
    _, commands = target.preview(first)
    (command,) = commands
    repository.git(*command.split()[1:])
    found = target.look_up(first)
    assert found is not None
    assert found.state is DeliveryState.DELIVERED


def test_the_preview_says_what_goes_where(
    target: GitTarget, server: Repository, first: Parcel
) -> None:
    sentences, _ = target.preview(first)
    assert list(sentences) == ["Pushes tag **v0.1.0** and the evidence to **origin**."]


def test_it_describes_itself_by_the_name_of_its_remote(target: GitTarget) -> None:
    assert target.describe() == "git origin"


def test_nothing_stands_in_the_way_of_a_remote_that_is_configured(
    target: GitTarget, server: Repository
) -> None:
    assert list(target.check()) == []


def test_a_remote_that_is_not_configured_is_told_before(repository: Repository) -> None:
    (reason,) = target_of(repository, "upstream").check()
    assert reason.startswith("there is no git remote upstream")
