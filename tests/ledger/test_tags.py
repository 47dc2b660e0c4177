from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

import pytest

from jupyter_mlcd.ledger.tags import Tag, create_tag, read_tag, tag_names, tag_signer
from jupyter_mlcd.model.errors import GitError, RefusedError, UsageError
from jupyter_mlcd.world.git_reading import Person

if TYPE_CHECKING:
    from pathlib import Path

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


def signs(repository: Repository, *options: str) -> Path:
    """Give the user a key, and return the file of those who are trusted: her."""
    key = repository.folder.parent / "key"
    words = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", *options, "-f", str(key)]
    subprocess.run(words, check=True)
    repository.git("config", "gpg.format", "ssh")
    repository.git("config", "user.signingkey", str(key))
    signers = key.with_name("signers")
    signers.write_text(f"ada@example.org {key.with_suffix('.pub').read_text()}")
    return signers


def tagged(repository: Repository, name: str = "v1") -> Tag:
    git = repository.opened()
    commit = repository.git("rev-parse", "HEAD")
    return create_tag(git, name, commit, MESSAGE, ADA, tag_signer(git))


def test_a_tag_is_signed_as_git_signs_it(repository: Repository) -> None:
    signers = signs(repository)
    made = tagged(repository)
    assert read_tag(repository.opened(), "v1") == made
    assert made.message == MESSAGE
    repository.git("-c", f"gpg.ssh.allowedSignersFile={signers}", "verify-tag", "v1")
    repository.git("fsck", "--strict")
    strangers = signers.with_name("nobody")
    strangers.write_text("")
    with pytest.raises(subprocess.CalledProcessError):
        repository.git("-c", f"gpg.ssh.allowedSignersFile={strangers}", "verify-tag", "v1")


def test_a_tag_of_git_reads_as_ours_does(repository: Repository) -> None:
    signs(repository)
    repository.git("tag", "--sign", "--message", MESSAGE, "v1")
    found = read_tag(repository.opened(), "v1")
    assert found
    assert (found.message, found.signature[:15]) == (MESSAGE, b"-----BEGIN SSH ")
    assert tagged(repository) == found


def test_a_signed_tag_again_is_no_change_and_never_signed_later(repository: Repository) -> None:
    git = repository.opened()
    commit = repository.git("rev-parse", "HEAD")
    unsigned = create_tag(git, "v1", commit, MESSAGE, ADA)
    signs(repository)
    assert tagged(repository) == unsigned
    signed = tagged(repository, "v2")
    assert signed.signature
    assert create_tag(git, "v2", commit, MESSAGE, GRACE) == signed


def test_a_key_that_would_ask_leaves_a_tag_unsigned(repository: Repository) -> None:
    signs(repository)
    key = str(repository.folder.parent / "key")
    subprocess.run(["ssh-keygen", "-q", "-p", "-P", "", "-N", "secret", "-f", key], check=True)
    assert not tagged(repository).signature


def test_who_does_not_want_signed_tags_has_none(repository: Repository) -> None:
    signs(repository)
    repository.git("config", "tag.gpgSign", "false")
    assert not tagged(repository).signature


def test_who_has_no_key_has_unsigned_tags(repository: Repository) -> None:
    assert not tagged(repository).signature


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
