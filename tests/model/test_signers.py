from __future__ import annotations

import pytest

from jupyter_mlcd.model.signers import email_of, read_signers, same_person, signer_of

KEY, KEYS = "ssh-ed25519 AAAA", [f"ssh-ed25519 AAA{letter}" for letter in "BCD"]


def test_the_names_of_a_line_are_one_person() -> None:
    (ken,) = read_signers(f"ken@example.org,Ken@home.example {KEY}\n".encode())
    assert ken.is_named("Ken <KEN@example.org>")
    assert ken.is_named("ken@home.example")
    assert not ken.is_named("mara@example.org")


def test_lines_that_share_a_name_are_one_person() -> None:
    lines = [f"{name} {key}" for name, key in zip(("ken@a", "mara@a", "ken@b"), KEYS, strict=True)]
    text = "\n".join([*lines, "# a remark", "", f"ken@b,ken@a {KEY}"])
    assert len(read_signers(text.encode())) == 2


def test_lines_that_share_a_key_are_one_person() -> None:
    text = f'ken@a {KEY}\nmara@a namespaces="git" {KEY} a remark\n'
    assert len(read_signers(text.encode())) == 1


def test_a_pattern_and_who_it_may_mean_are_one_person() -> None:
    assert len(read_signers(f'ken@a {KEYS[0]}\n"*@a" {KEYS[1]}\n'.encode())) == 1


def test_a_person_is_found_by_a_principal() -> None:
    signers = read_signers(f"ken@a,ken@b {KEYS[0]}\nmara@a {KEYS[1]}\n".encode())
    found = signer_of(signers, ("ken@b",))
    assert found is not None
    assert found.is_named("ken@a")
    assert signer_of(signers, ("nobody@a",)) is None
    assert signer_of(signers, ("ken@a", "mara@a")) is None


@pytest.mark.parametrize("text", [b"", b"\n# remark\n", b"\xff\xfe\x00", b"!ken@a key"])
def test_a_file_without_people_is_no_error(text: bytes) -> None:
    assert signer_of(read_signers(text), ("ken@a",)) is None


def test_people_are_told_apart_by_e_mail() -> None:
    assert email_of("Ken <Ken@A>") == "ken@a"
    assert same_person("Ken <ken@a>", "ken@a")
    assert not same_person("Ken", "Mara")
    assert not same_person("", "")
