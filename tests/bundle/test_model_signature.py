"""Models signed as OpenSSF does it, by its own library and looked at by its own program too."""

from __future__ import annotations

import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from jupyter_mlcd.bundle.model_signature import check_model, sign_model
from jupyter_mlcd.model.errors import SigningError, UsageError

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.skipif(shutil.which("openssl") is None, reason="no openssl")


def openssl(*words: str) -> None:
    subprocess.run(["openssl", *words], check=True, capture_output=True)


@pytest.fixture
def key(tmp_path: Path) -> Path:
    place = tmp_path / "model.pem"
    openssl("ecparam", "-genkey", "-name", "prime256v1", "-noout", "-out", str(place))
    openssl("ec", "-in", str(place), "-pubout", "-out", str(place.with_suffix(".pub")))
    return place


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    place = tmp_path / "products"
    (place / "deep").mkdir(parents=True)
    (place / "model.txt").write_text("model")
    (place / "deep" / "more.bin").write_bytes(b"\0\1")
    return place


def signed(folder: Path, key: Path) -> bytes:
    files = {one: folder / one for one in ("model.txt", "deep/more.bin")}
    return sign_model(files, key)


def test_a_model_is_signed_and_its_signature_fits(folder: Path, key: Path) -> None:
    assert not check_model(folder, signed(folder, key), key.with_suffix(".pub"))


def test_the_program_of_openssf_finds_it_good(folder: Path, key: Path, tmp_path: Path) -> None:
    """The command that VERIFY.md gives."""
    (tmp_path / "model.sig").write_bytes(signed(folder, key))
    words = ("verify", "key", "products", "--signature", "model.sig", "--public_key", "model.pub")
    done = subprocess.run(
        [sys.executable, "-m", "model_signing", *words],
        cwd=tmp_path, check=False, capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr


def test_another_file_one_more_and_one_less_are_named(folder: Path, key: Path) -> None:
    signature = signed(folder, key)
    public = key.with_suffix(".pub")
    (folder / "plugin.so").write_text("evil")
    assert "plugin.so" in check_model(folder, signature, public)
    (folder / "plugin.so").unlink()
    (folder / "model.txt").write_text("other")
    assert "model.txt" in check_model(folder, signature, public)
    (folder / "model.txt").unlink()
    assert "model.txt" in check_model(folder, signature, public)


def test_another_key_and_what_is_no_signature_are_refused(folder: Path, key: Path) -> None:
    other = key.with_name("other.pem")
    openssl("ecparam", "-genkey", "-name", "prime256v1", "-noout", "-out", str(other))
    openssl("ec", "-in", str(other), "-pubout", "-out", str(other.with_suffix(".pub")))
    assert check_model(folder, signed(folder, key), other.with_suffix(".pub"))
    assert check_model(folder, b"{}", key.with_suffix(".pub"))


def test_a_key_of_another_kind_or_with_a_password_is_an_error(folder: Path, key: Path) -> None:
    ssh = key.with_name("ssh")
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(ssh)], check=True)
    locked = key.with_name("locked.pem")
    openssl("ec", "-in", str(key), "-aes256", "-passout", "pass:secret", "-out", str(locked))
    edwards = key.with_name("edwards.pem")
    openssl("genpkey", "-algorithm", "ed25519", "-out", str(edwards))
    for one in (ssh, locked, edwards):
        with pytest.raises(SigningError, match="cannot sign a model"):
            signed(folder, one)


def test_without_the_library_it_is_said_how_to_get_it(
    folder: Path, key: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda _name: None)
    with pytest.raises(UsageError) as caught:
        signed(folder, key)
    assert "jupyter_mlcd[model-signing]" in caught.value.hint
