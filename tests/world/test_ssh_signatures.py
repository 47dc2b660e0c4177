from __future__ import annotations

import datetime as dt
import subprocess
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from jupyter_mlcd.model.errors import SigningError
from jupyter_mlcd.world.ssh_signatures import (
    Judgement,
    SignatureFault,
    SigningKey,
    judge_signature,
    sign,
    users_key,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.world.repositories import Repository

PURPOSE = "mlcd-approval@v1"
NOW = dt.datetime(2026, 11, 28, 12, tzinfo=dt.UTC)


def new_key(path: Path, passphrase: str = "") -> SigningKey:
    made = ["ssh-keygen", "-q", "-t", "ed25519", "-N", passphrase, "-C", "", "-f", str(path)]
    subprocess.run(made, check=True, capture_output=True)
    return SigningKey(path)


def line(key: SigningKey, principals: str = "ken@example.org", options: str = "") -> bytes:
    assert key.path is not None
    public = key.path.with_suffix(".pub").read_text()
    return f"{principals} {options} {public}".encode()


@pytest.fixture
def ken(tmp_path: Path) -> SigningKey:
    return new_key(tmp_path / "ken")


@pytest.fixture
def agent(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    socket = tmp_path / "agent"
    process = subprocess.Popen(["ssh-agent", "-D", "-a", str(socket)], stdout=subprocess.DEVNULL)
    monkeypatch.setenv("SSH_AUTH_SOCK", str(socket))
    end = time.monotonic() + 10
    while not socket.exists():
        assert time.monotonic() < end
        time.sleep(0.01)
    yield
    process.terminate()
    process.wait()


# ----------------------------------------------------------------------------------- looking at it


def test_who_signed_is_told_by_the_allowed_signers(ken: SigningKey) -> None:
    made = sign(b"yes", ken, PURPOSE)
    signers = line(ken, "ken@example.org,ken@home.example")
    both = ("ken@example.org", "ken@home.example")
    assert judge_signature(b"yes", made, signers, PURPOSE, NOW) == Judgement(both)


def test_other_bytes_are_a_forgery(ken: SigningKey) -> None:
    made = sign(b"yes", ken, PURPOSE)
    assert judge_signature(b"no", made, line(ken), PURPOSE, NOW).fault is SignatureFault.FORGED
    assert judge_signature(b"no", made, line(ken), PURPOSE, NOW).principals == ()


def test_a_signature_for_another_purpose_is_a_forgery(ken: SigningKey) -> None:
    made = sign(b"yes", ken, "git")
    assert judge_signature(b"yes", made, line(ken), PURPOSE, NOW).fault is SignatureFault.FORGED


def test_a_key_that_nobody_lists_is_unknown(ken: SigningKey, tmp_path: Path) -> None:
    made = sign(b"yes", new_key(tmp_path / "eve"), PURPOSE)
    for signers in (line(ken), b"", b"nonsense\n"):
        judged = judge_signature(b"yes", made, signers, PURPOSE, NOW)
        assert judged.fault is SignatureFault.UNKNOWN_KEY


def test_a_key_that_is_listed_for_another_purpose_only_is_unknown(ken: SigningKey) -> None:
    made = sign(b"yes", ken, PURPOSE)
    only_git = line(ken, options='namespaces="git"')
    judged = judge_signature(b"yes", made, only_git, PURPOSE, NOW)
    assert judged.fault is SignatureFault.UNKNOWN_KEY


def test_a_key_counts_for_the_time_in_which_it_is_valid(ken: SigningKey) -> None:
    made = sign(b"yes", ken, PURPOSE)
    ended = line(ken, options='valid-before="20261101"')
    begins = line(ken, options='valid-after="20261201"')
    for signers in (ended, begins):
        judged = judge_signature(b"yes", made, signers, PURPOSE, NOW)
        assert judged.fault is SignatureFault.NOT_VALID_THEN
    before = dt.datetime(2026, 10, 1, tzinfo=dt.UTC)
    assert judge_signature(b"yes", made, ended, PURPOSE, before).principals == ("ken@example.org",)


@pytest.mark.parametrize("text", [b"", b"yes", b"-----BEGIN SSH SIGNATURE-----\nAAAA\n"])
def test_what_is_no_signature_is_unreadable(ken: SigningKey, text: bytes) -> None:
    judged = judge_signature(b"yes", text, line(ken), PURPOSE, NOW)
    assert judged.fault is SignatureFault.UNREADABLE


def test_another_principal_of_the_file_did_not_sign(ken: SigningKey, tmp_path: Path) -> None:
    signers = line(ken) + line(new_key(tmp_path / "mara"), "mara@example.org")
    made = sign(b"yes", ken, PURPOSE)
    judged = judge_signature(b"yes", made, signers, PURPOSE, NOW)
    assert judged == Judgement(("ken@example.org",))


# ------------------------------------------------------------------------------------- signing


def test_a_locked_key_is_an_error_at_once_and_not_a_question(tmp_path: Path) -> None:
    key = new_key(tmp_path / "locked", "secret")
    start = time.monotonic()
    with pytest.raises(SigningError, match="is locked") as caught:
        sign(b"secret\nyes", key, PURPOSE)
    assert caught.value.code == "signing-key-locked"
    assert time.monotonic() - start < 10


def test_a_missing_key_and_an_open_one_are_unreadable(tmp_path: Path, ken: SigningKey) -> None:
    assert ken.path is not None
    ken.path.chmod(0o644)
    for key in (SigningKey(tmp_path / "none"), ken):
        with pytest.raises(SigningError) as caught:
            sign(b"yes", key, PURPOSE)
        assert caught.value.code == "signing-key-unreadable"


def test_without_ssh_keygen_it_is_said(monkeypatch: pytest.MonkeyPatch, ken: SigningKey) -> None:
    monkeypatch.setenv("PATH", ".")
    with pytest.raises(SigningError) as caught:
        sign(b"yes", ken, PURPOSE)
    assert caught.value.code == "no-ssh-keygen"


@pytest.mark.usefixtures("agent")
def test_a_locked_key_signs_from_the_agent(tmp_path: Path, repository: Repository) -> None:
    key = new_key(tmp_path / "in_agent")
    assert key.path is not None
    subprocess.run(["ssh-add", "-q", str(key.path)], check=True, capture_output=True)
    signers = line(key)
    literal = key.path.with_suffix(".pub").read_text().strip()
    key.path.unlink()
    for value in (f"key::{literal}", literal, str(key.path.with_suffix(".pub"))):
        repository.git("config", "gpg.format", "ssh")
        repository.git("config", "user.signingkey", value)
        made = sign(b"yes", users_key(repository.opened()), PURPOSE)
        assert judge_signature(b"yes", made, signers, PURPOSE, NOW).principals


# ------------------------------------------------------------------------------ whose key it is


def test_the_key_is_the_one_that_git_signs_with(repository: Repository, tmp_path: Path) -> None:
    repository.git("config", "gpg.format", "ssh")
    repository.git("config", "user.signingkey", str(tmp_path / "ken.pub"))
    assert users_key(repository.opened()) == SigningKey(tmp_path / "ken.pub")


def test_a_key_in_the_home_folder_is_found(repository: Repository) -> None:
    repository.git("config", "gpg.format", "ssh")
    repository.git("config", "user.signingkey", "~/.ssh/ken.pub")
    assert users_key(repository.opened()).path == Path.home() / ".ssh" / "ken.pub"


def test_without_a_key_the_error_says_how_to_name_one(repository: Repository) -> None:
    repository.git("config", "user.signingkey", "0A46826A")
    with pytest.raises(SigningError, match="which SSH key") as caught:
        users_key(repository.opened())
    assert (caught.value.code, "user.signingkey" in caught.value.hint) == ("no-signing-key", True)
