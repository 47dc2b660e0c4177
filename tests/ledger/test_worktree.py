from __future__ import annotations

import random
from typing import TYPE_CHECKING

import pytest

from jupyter_mlcd.ledger.tree_changes import MOST_PATHS
from jupyter_mlcd.ledger.worktree import GitWorktree, open_repository
from jupyter_mlcd.model.errors import GitError
from jupyter_mlcd.ports import Sharing
from tests.world.repositories import Repository

if TYPE_CHECKING:
    from pathlib import Path

MARA = "Mara Example <mara@example.org>"


def worktree(repository: Repository) -> GitWorktree:
    return GitWorktree(open_repository(repository.folder))


def test_a_name_that_is_a_pattern_to_git_means_itself_alone(repository: Repository) -> None:
    repository.write("train[1].ipynb", "one")
    repository.write("train1.ipynb", "another")
    worktree(repository).commit(["train[1].ipynb"], "Add", MARA)
    status = repository.git("status", "--porcelain", "--", ":(literal)train1.ipynb")
    assert status.strip() == "?? train1.ipynb"


def test_what_was_staged_stays_staged_when_a_hook_says_no(repository: Repository) -> None:
    repository.write("notebook.ipynb", "staged")
    repository.git("add", "notebook.ipynb")
    repository.write("notebook.ipynb", "newer")
    hook = repository.folder / ".git" / "hooks" / "pre-commit"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\nexit 1\n")
    hook.chmod(0o755)
    with pytest.raises(GitError):
        worktree(repository).commit(["notebook.ipynb"], "Change", MARA)
    assert repository.git("show", ":notebook.ipynb").strip() == "staged"


def trees_of(repository: Repository, chance: random.Random, count: int) -> list[str]:
    """Return trees as people make them: files come, go, change and become what they were."""
    trees = []
    for _ in range(count):
        for _ in range(chance.randint(0, 3)):
            path = f"{chance.choice(['', 'a/', 'a-b/', 'a/ü '])}{chance.randint(0, 4)}.txt"
            place = repository.folder / path
            if place.exists() and chance.random() < 0.4:
                place.unlink()
            else:
                repository.write(path, f"{chance.randint(0, 2)}").chmod(
                    chance.choice([0o644, 0o755])
                )
        repository.git("add", "--all")
        trees.append(repository.git("write-tree"))
    return trees


@pytest.mark.parametrize("seed", range(4))
def test_what_changed_since_many_trees_is_what_git_says_of_each(
    repository: Repository, seed: int
) -> None:
    chance = random.Random(seed)  # noqa: S311 - a test that can be repeated
    made = worktree(repository)
    trees = trees_of(repository, chance, 25)
    for _ in range(3):
        chance.shuffle(trees)
        *others, now = trees
        expected = {
            tree: made.changed_between(tree, now)[:MOST_PATHS] for tree in others if tree != now
        }
        assert made.changed_since(others, now) == expected


def test_a_tree_that_is_gone_or_is_none_takes_nothing_from_the_others(
    repository: Repository,
) -> None:
    first = repository.git("write-tree")
    repository.write("new.txt", "new")
    repository.git("add", "--all")
    now = repository.git("write-tree")
    blob = repository.git("rev-parse", "HEAD:notebook.ipynb")
    odd = ["a" * 40, blob, repository.git("rev-parse", "HEAD"), "no tree", ""]
    found = worktree(repository).changed_since([*odd, first, *odd], now)
    assert found == {first: ("new.txt",)}


def test_commits_between_two_are_told_newest_first_with_their_whole_messages(
    repository: Repository,
) -> None:
    first = repository.git("rev-parse", "HEAD")
    repository.write("notebook.ipynb", "2")
    repository.commit("Read sevens (#12)\n\nCloses AB#3")
    repository.write("other.txt", "3")
    last = repository.commit("Notes")
    found = worktree(repository).commits_between(first, last, 10)
    assert [one.message for one in found] == ["Notes", "Read sevens (#12)\n\nCloses AB#3"]
    assert (found[0].id, found[1].subject) == (last, "Read sevens (#12)")
    assert len(worktree(repository).commits_between(first, last, 1)) == 1


def test_commits_are_counted_all_or_those_that_touch_a_file(repository: Repository) -> None:
    last = first = repository.git("rev-parse", "HEAD")
    for number, path in enumerate(["train[1].ipynb", "train1.ipynb", "data/a.csv"]):
        repository.write(path, str(number))
        last = repository.commit(path)
    here = worktree(repository)
    assert here.count_between(first, last) == 3
    assert here.count_between(first, last, ["train[1].ipynb", "data/"]) == 2


def test_a_commit_that_is_not_here_has_nothing_between(repository: Repository) -> None:
    last = repository.git("rev-parse", "HEAD")
    assert worktree(repository).commits_between("f" * 40, last, 10) == ()
    assert worktree(repository).count_between("f" * 40, last) == 0


def test_a_branch_says_what_its_upstream_does_not_have_yet(
    repository: Repository, tmp_path: Path
) -> None:
    assert worktree(repository).sharing() == Sharing()
    server = tmp_path / "server.git"
    repository.git("clone", "--quiet", "--bare", str(repository.folder), str(server))
    repository.git("remote", "add", "origin", str(server))
    repository.git("fetch", "--quiet", "origin")
    repository.git("branch", "--quiet", "--set-upstream-to=origin/main")
    repository.write("notebook.ipynb", "2")
    repository.commit("Second")
    remotes = {"origin": str(server)}
    assert worktree(repository).sharing() == Sharing("origin/main", 1, str(server), remotes)


def test_a_branch_without_upstream_still_knows_where_origin_is(repository: Repository) -> None:
    repository.git("remote", "add", "origin", "https://mara:secret@github.com/mara/digits.git")
    address = "https://github.com/mara/digits.git"
    expected = Sharing(url=address, remotes={"origin": address})
    assert worktree(repository).sharing() == expected


def test_who_wrote_is_told_for_what_is_new_or_for_all(repository: Repository) -> None:
    first = repository.git("rev-parse", "HEAD")
    message = "Change\n\nCo-authored-by: Lin <lin@example.org>"
    repository.git("commit", "--quiet", "--allow-empty", "--author", MARA, "--message", message)
    second = repository.git("rev-parse", "HEAD")
    found = worktree(repository)
    new = frozenset({MARA, "Lin <lin@example.org>"})
    assert found.authors_between(first, second) == new
    assert found.authors_between("", second) == new | {"Ada Lovelace <ada@example.org>"}
    assert found.authors_between(second, second) == frozenset()


def test_who_wrote_is_unknown_where_history_is_not_there(
    repository: Repository, tmp_path: Path
) -> None:
    repository.commit("second")
    head = repository.git("rev-parse", "HEAD")
    assert worktree(repository).authors_between("0" * 40, head) is None
    repository.git("clone", "--quiet", "--depth=1", f"file://{repository.folder}", "../cut")
    cut = GitWorktree(open_repository(tmp_path / "cut"))
    assert cut.authors_between("", head) is None


# -------------------------------------------------------------------------------------- branches


@pytest.fixture
def cloned(repository: Repository, tmp_path: Path) -> Repository:
    """A clone whose own main is one commit ahead of that of its remote."""
    repository.git("branch", "-M", "main")
    repository.git("branch", "release/1")
    repository.git("branch", "release/older/1")
    repository.git("clone", "-q", str(repository.folder), str(tmp_path / "clone"))
    clone = Repository(tmp_path / "clone")
    clone.write("notebook.ipynb", "ahead")
    clone.commit("not there yet")
    return clone


def test_a_branch_is_that_of_the_remote_where_there_is_one(cloned: Repository) -> None:
    made = worktree(cloned)
    (name, tip), *others = made.branches("main").items()
    assert (name, others) == ("origin/main", [])
    assert made.holds(tip, tip)
    assert made.holds(tip, cloned.git("rev-parse", "HEAD").strip()) is False


def test_without_a_remote_a_branch_is_the_one_that_is_here(repository: Repository) -> None:
    repository.git("branch", "-M", "main")
    made = worktree(repository)
    head = repository.git("rev-parse", "HEAD").strip()
    assert made.branches("main") == {"main": head}
    assert made.holds(head, head)


def test_a_star_stands_for_no_slash_and_no_head(cloned: Repository) -> None:
    made = worktree(cloned)
    assert list(made.branches("release/*")) == ["origin/release/1"]
    assert list(made.branches("*")) == ["origin/main"]


def test_a_remote_can_be_named_and_has_to_be_where_several_are_none_of_them_origin(
    cloned: Repository,
) -> None:
    cloned.git("remote", "rename", "origin", "upstream")
    assert list(worktree(cloned).branches("main")) == ["upstream/main"]
    cloned.git("remote", "add", "mine", "https://example.org/mine.git")
    assert worktree(cloned).branches("main") == {}
    assert list(worktree(cloned).branches("upstream/main")) == ["upstream/main"]


def test_what_is_not_here_or_was_cut_off_cannot_be_told(
    repository: Repository, tmp_path: Path
) -> None:
    repository.git("branch", "-M", "main")
    first = repository.git("rev-parse", "HEAD").strip()
    repository.write("notebook.ipynb", "two")
    repository.commit("second")
    made = worktree(repository)
    head = repository.git("rev-parse", "HEAD").strip()
    assert made.holds(head, "0" * 39 + "1") is None
    shallow = f"file://{repository.folder}"
    repository.git("clone", "-q", "--depth=1", shallow, str(tmp_path / "shallow"))
    cut = worktree(Repository(tmp_path / "shallow"))
    assert cut.holds(head, head)
    assert cut.holds(head, first) is None


# --------------------------------------------------------------------- who changed a file, and when


def test_commits_of_a_file_say_who_when_and_what_newest_first(repository: Repository) -> None:
    first = repository.git("rev-parse", "HEAD").strip()
    for number in (1, 2):
        repository.write("mlcd.toml", f"{number}")
        repository.commit(f"Rule {number}\n\nIn short.")
    repository.write("notebook.ipynb", "no rule")
    repository.commit("No rule")
    made = worktree(repository)
    found = made.commits_of(["mlcd.toml"], first, "HEAD", 20)
    assert [one.subject for one in found] == ["Rule 2", "Rule 1"]
    assert found[0].id == repository.git("rev-parse", "HEAD~1").strip()
    assert made.commit_of(found[0].id) == found[0].id
    assert "@" in found[0].by
    assert found[0].at.endswith("Z")


def test_commits_between_what_is_not_here_are_none(repository: Repository) -> None:
    made = worktree(repository)
    assert made.commits_of(["mlcd.toml"], "0" * 39 + "1", "HEAD", 20) == ()
    assert made.commit_of("origin/nowhere") == ""
