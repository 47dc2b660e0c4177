from __future__ import annotations

import os
import subprocess

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from jupyter_mlcd.model.errors import UsageError
from jupyter_mlcd.world.git_names import (
    checked_object_id,
    checked_ref,
    checked_revision,
    is_ref_name,
    quoted_path,
    without_credentials,
)

NAMES = st.text(alphabet="ab./@{}~^:?*[\\- \x7fé\n", max_size=12)


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(NAMES)
@example("a.lock")
@example("@")
@example("a@{b")
def test_git_accepts_every_reference_that_we_accept(name: str) -> None:
    ref = f"refs/heads/{name}"
    if is_ref_name(ref):
        done = subprocess.run(["git", "check-ref-format", ref], check=False)
        assert done.returncode == 0, name


@pytest.mark.parametrize("name", ["refs/heads/main", "refs/tags/digits/v1.2.0", "refs/heads/ünï"])
def test_ordinary_references_are_accepted(name: str) -> None:
    assert checked_ref(name) == name


@pytest.mark.parametrize(
    "name",
    [
        "main",
        "refs/heads/",
        "refs/heads/a b",
        "refs/heads/a..b",
        "refs/tags/-d",
        "refs/heads/x.lock",
        "",
    ],
)
def test_what_is_no_reference_is_refused(name: str) -> None:
    with pytest.raises(UsageError):
        checked_ref(name)


@pytest.mark.parametrize("revision", ["HEAD", "main", "origin/main", "a" * 40, "b" * 64, "v1.0"])
def test_plain_revisions_are_accepted(revision: str) -> None:
    assert checked_revision(revision) == revision


@pytest.mark.parametrize(
    "revision", ["--all", "HEAD~1", "main:secret", "@{u}", ":/text", "^main", ""]
)
def test_revisions_with_operators_are_refused(revision: str) -> None:
    with pytest.raises(UsageError):
        checked_revision(revision)


def test_an_abbreviated_object_id_is_refused() -> None:
    with pytest.raises(UsageError):
        checked_object_id("abc123")


def test_any_path_survives_gits_quotes() -> None:
    name = os.fsdecode(bytes([*range(1, 47), *range(48, 128), 0xE9, 0xFF]))
    done = subprocess.run(
        ["git", "hash-object", "--stdin-paths"],
        input=quoted_path("/dev/null") + b"\n",
        capture_output=True,
        check=True,
    )
    assert len(done.stdout) == 41
    assert b"\n" not in quoted_path(name)
    unquoted = quoted_path(name)[1:-1].decode("ascii").encode().decode("unicode_escape")
    assert os.fsdecode(unquoted.encode("latin-1")) == name


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("https://ada:pw@host/x", "https://host/x"),
        ("https://ghp_token@host/x", "https://host/x"),
        ("ssh://git@host/x", "ssh://git@host/x"),
        ("ssh://git:pw@host/x", "ssh://host/x"),
        ("git@host:x/y", "git@host:x/y"),
        ("https://host/x@y", "https://host/x@y"),
    ],
)
def test_addresses_are_shown_without_passwords(address: str, shown: str) -> None:
    assert without_credentials(address) == shown
