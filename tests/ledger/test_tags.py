from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

import pytest

from jupyter_mlcd.ledger.tags import create_tag, read_tag, tag_names
from jupyter_mlcd.model.errors import GitError, RefusedError, UsageError
from jupyter_mlcd.world.git_reading import Person

if TYPE_CHECKING:
    from tests.world.repositories import Repository

ADA = Person("Ada Lovelace", "ada@example.org")
GRACE = Person("Grace Hopper", "grace@example.org")
MESSAGE = "digits 1.2.0\n\nRelease-Digest: sha256:" + "a" * 64


def test_a_tag_is_annotated_and_reads_back(repository: Repository) -> None:
    git = repository.opened()
    commit = repository.git("rev-parse", "HEAD")
    made = create_tag(git, "digits/v1.2.0", commit, MESSAGE, ADA)
    assert read_tag(git, "digits/v1.2.0") == made
    assert (made.target, made.message) == (commit, MESSAGE)
    assert repository.git("cat-file", "-t", "digits/v1.2.0") == "tag"
    assert repository.git("rev-parse", "digits/v1.2.0^{commit}") == commit
    assert tag_names(git) == tag_names(git, "digits") == ("digits/v1.2.0",)
    assert tag_names(git, "other") == ()


def test_the_same_tag_again_is_no_change(repository: Repository) -> None:
    git = repository.opened()
    commit = repository.git("rev-parse", "HEAD")
    first = create_tag(git, "v1", commit, MESSAGE, ADA)
    assert create_tag(git, "v1", commit, MESSAGE + "\n", GRACE) == first


def test_a_tag_never_moves(repository: Repository) -> None:
    git = repository.opened()
    first = repository.git("rev-parse", "HEAD")
    second = repository.commit()
    made = create_tag(git, "v1", first, MESSAGE, ADA)
    for commit, message in ((second, MESSAGE), (first, "another message")):
        with pytest.raises(RefusedError) as caught:
            create_tag(git, "v1", commit, message, ADA)
        assert caught.value.code == "tag-exists"
    assert read_tag(git, "v1") == made


def test_a_lightweight_tag_is_in_the_way(repository: Repository) -> None:
    repository.git("tag", "v1")
    git = repository.opened()
    found = read_tag(git, "v1")
    assert found
    assert not found.is_annotated
    with pytest.raises(RefusedError):
        create_tag(git, "v1", found.target, "", ADA)


def test_a_failing_signing_program_does_not_matter(repository: Repository) -> None:
    repository.git("config", "tag.gpgSign", "true")
    repository.git("config", "gpg.program", "false")
    create_tag(repository.opened(), "v1", repository.git("rev-parse", "HEAD"), MESSAGE, ADA)


def test_a_tag_of_sha256_names_is_made(repository: Repository) -> None:
    subprocess.run(["rm", "-rf", str(repository.folder)], check=True)
    made = type(repository).init(repository.folder, "--object-format=sha256")
    commit = made.commit()
    assert create_tag(made.opened(), "v1", commit, MESSAGE, ADA).target == commit


@pytest.mark.parametrize("name", ["-d", "a b", "v1..2", "x.lock", "", "a\nb"])
def test_names_that_are_no_tags_are_refused(repository: Repository, name: str) -> None:
    with pytest.raises(UsageError):
        create_tag(repository.opened(), name, "a" * 40, MESSAGE, ADA)


def test_a_commit_that_is_not_there_is_an_error(repository: Repository) -> None:
    with pytest.raises(GitError):
        create_tag(repository.opened(), "v1", "a" * 40, MESSAGE, ADA)
    assert read_tag(repository.opened(), "v1") is None


def test_a_folder_of_tags_in_the_way_is_told(repository: Repository) -> None:
    commit = repository.git("rev-parse", "HEAD")
    create_tag(repository.opened(), "v1/a", commit, MESSAGE, ADA)
    with pytest.raises(GitError) as caught:
        create_tag(repository.opened(), "v1", commit, MESSAGE, ADA)
    assert caught.value.code == "git-name-in-the-way"
