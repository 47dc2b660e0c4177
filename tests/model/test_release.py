from __future__ import annotations

import hashlib
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyter_mlcd.model.errors import UsageError
from jupyter_mlcd.model.gate import Gate
from jupyter_mlcd.model.release import (
    Release,
    canonical,
    check_version,
    next_version,
    release_folder,
    tag_message,
    tag_name,
    version_key,
)
from jupyter_mlcd.model.result import FileDigest
from tests.model.examples import release, score

NUMBERS = st.integers(0, 999)
VERSIONS = st.builds("{}.{}.{}".format, NUMBERS, NUMBERS, NUMBERS)

# ---------------------------------------------------------------- versions


@pytest.mark.parametrize("version", ["0.1.0", "0.0.0", "10.20.30", "999999.0.1"])
def test_three_numbers_are_a_version(version: str) -> None:
    assert check_version(version) == version


@pytest.mark.parametrize(
    "version", ["", "1", "1.2", "1.2.3.4", "v1.2.3", "1.2.x", "1.2.3-rc1", "1.2.3\n", " 1.2.3",
                "01.2.3", "1.02.3", "1.2.03", "-1.2.3", "1..3", "\u0661.2.3", "1.2.3/../../x",
                "../1.2.3", "1234567.0.0"],
)  # fmt: skip
def test_anything_else_is_not(version: str) -> None:
    with pytest.raises(UsageError, match="is not a version"):
        check_version(version)


def test_the_first_version_is_0_1_0() -> None:
    assert next_version([]) == "0.1.0"


@pytest.mark.parametrize(
    ("known", "following"),
    [
        (["0.1.0"], "0.2.0"),
        (["0.9.0"], "0.10.0"),
        (["0.10.0", "0.9.0"], "0.11.0"),
        (["0.2.7"], "0.3.0"),
        (["1.0.0", "0.99.0"], "1.1.0"),
    ],
)
def test_the_next_version_counts_the_second_number_up(known: list[str], following: str) -> None:
    assert next_version(known) == following


@given(st.lists(VERSIONS))
def test_the_next_version_is_higher_than_all_and_right(known: list[str]) -> None:
    following = next_version(known)
    assert check_version(following)
    assert all(version_key(following) > version_key(one) for one in known)


@given(st.lists(VERSIONS, unique=True))
def test_the_next_version_does_not_depend_on_the_order(known: list[str]) -> None:
    assert next_version(known) == next_version(reversed(known))


# ---------------------------------------------------------------- the digest


def test_the_digest_is_the_sum_of_release_json() -> None:
    one = release()
    assert one.digest == f"sha256:{hashlib.sha256(one.to_bytes()).hexdigest()}"


def test_release_json_is_read_again() -> None:
    one = release()
    assert msgspec.json.decode(one.to_bytes(), type=Release) == one


def test_a_release_that_was_read_has_the_same_digest() -> None:
    one = release(policy=(Gate("accuracy", at_least=1),), scores={"accuracy": score(1)})
    assert msgspec.json.decode(one.to_bytes(), type=Release).digest == one.digest


def test_the_order_of_products_does_not_change_the_digest() -> None:
    files = {"b": FileDigest("0" * 64, 1), "a": FileDigest("1" * 64, 2)}
    backwards = dict(reversed(files.items()))
    assert release(products=files).digest == release(products=backwards).digest


@pytest.mark.parametrize(
    "change",
    [
        {"project": "letters"},
        {"version": "0.1.1"},
        {"commit": "d" * 40},
        {"tree": "b" * 40},
        {"runs": ()},
        {"products": {"model.joblib": FileDigest("0" * 64, 3)}},
        {"products": {}},
        {"scores": {"accuracy": score(0.950000001)}},
        {"policy": (Gate("accuracy", at_least=0.9),)},
    ],
)
def test_every_part_of_a_release_is_bound_by_its_digest(change: dict[str, Any]) -> None:
    assert release(**change).digest != release().digest


def test_release_json_is_readable_and_ends_with_a_line_feed() -> None:
    text = release().to_bytes().decode()
    assert text.endswith("}\n")
    assert '\n  "version": "0.1.0"\n' in text


def test_the_digest_of_this_format_never_changes() -> None:
    # Written down once: releases that are signed by it live longer than this code.
    assert release().digest == (
        "sha256:c28a0b3cf9fb74d94ae6af1f56d1fce704d3ae8a69959874838b23a72d384fcb"
    )  # fmt: skip


@given(st.dictionaries(st.text(st.characters(exclude_categories=["Cs"])), st.integers()))
def test_equal_values_give_equal_bytes(values: dict[str, int]) -> None:
    assert canonical(values) == canonical(dict(reversed(values.items())))


# ---------------------------------------------------------------- names


def test_a_release_has_a_folder_of_its_project_and_version() -> None:
    assert release_folder("digits", "0.1.0") == "releases/digits/0.1.0"


@pytest.mark.parametrize(("several", "name"), [(False, "v0.1.0"), (True, "digits/v0.1.0")])
def test_a_tag_carries_the_project_where_there_are_several(
    several: bool,
    name: str,
) -> None:
    assert tag_name("digits", "0.1.0", several_projects=several) == name


def test_the_tag_names_the_release_digest_on_a_line_of_its_own() -> None:
    one = release()
    assert f"Release-Digest: {one.digest}" in tag_message(one).splitlines()


def test_the_tag_begins_with_project_and_version() -> None:
    assert tag_message(release()).splitlines()[0] == "digits 0.1.0"
