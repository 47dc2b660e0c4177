from __future__ import annotations

import copy
import pickle
from typing import TYPE_CHECKING

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyter_mlcd.model import errors
from jupyter_mlcd.model.errors import GateError, MlcdError, Problem, UsageError, WorldError

if TYPE_CHECKING:
    from collections.abc import Iterator


def all_below(kind: type[MlcdError]) -> Iterator[type[MlcdError]]:
    for below in kind.__subclasses__():
        yield below
        yield from all_below(below)


KINDS: list[type[MlcdError]] = [
    MlcdError,
    *(kind for kind in all_below(MlcdError) if kind.__module__ == errors.__name__),
]
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@pytest.mark.parametrize("kind", KINDS)
def test_an_error_reads_as_its_message(kind: type[MlcdError]) -> None:
    assert str(kind("the disk is full")) == "the disk is full"


@pytest.mark.parametrize("kind", KINDS)
def test_an_error_without_a_code_has_that_of_its_kind(kind: type[MlcdError]) -> None:
    assert kind("no").code == kind.default_code


@pytest.mark.parametrize("kind", KINDS)
def test_an_error_keeps_the_code_it_was_given(kind: type[MlcdError]) -> None:
    assert kind("no", code="disk-full").code == "disk-full"


@pytest.mark.parametrize("kind", KINDS)
def test_an_error_survives_pickle_with_every_field(kind: type[MlcdError]) -> None:
    error = kind("no", code="disk-full", hint="Make room.", details={"file": "a", "line": 3})
    again = pickle.loads(pickle.dumps(error))  # noqa: S301 - our own bytes
    assert (type(again), again.problem) == (kind, error.problem)


@pytest.mark.parametrize("kind", KINDS)
def test_an_error_survives_a_copy(kind: type[MlcdError]) -> None:
    error = kind("no", hint="Make room.")
    assert copy.copy(error).problem == error.problem


@given(st.text(), st.text(min_size=1), st.text(), st.dictionaries(st.text(), JSON, max_size=3))
def test_a_problem_survives_json(
    message: str, code: str, hint: str, details: dict[str, object]
) -> None:
    problem = MlcdError(message, code=code, hint=hint, details=details).problem
    assert msgspec.json.decode(msgspec.json.encode(problem), type=Problem) == problem


def test_a_problem_on_the_wire_leaves_out_what_is_empty() -> None:
    wire = msgspec.json.decode(msgspec.json.encode(UsageError("no such option").problem))
    assert wire == {"code": "usage", "message": "no such option"}


def test_the_details_of_two_errors_are_never_shared() -> None:
    one, other = MlcdError("one"), MlcdError("other")
    one.details["line"] = 3
    assert other.details == {}


@pytest.mark.parametrize("kind", KINDS)
def test_the_exit_code_is_one_of_the_table(kind: type[MlcdError]) -> None:
    assert kind.exit_code in {1, 2, 3, 4}


@pytest.mark.parametrize("kind", KINDS)
def test_the_status_is_a_refusal_and_never_a_success_or_an_internal_error(
    kind: type[MlcdError],
) -> None:
    assert 400 <= kind.http_status < 600
    assert kind.http_status != 500


@pytest.mark.parametrize("kind", [k for k in KINDS if issubclass(k, WorldError)])
def test_what_fails_outside_exits_with_four(kind: type[MlcdError]) -> None:
    assert kind.exit_code == 4


@pytest.mark.parametrize("kind", [k for k in KINDS if issubclass(k, UsageError)])
def test_wrong_use_exits_with_two(kind: type[MlcdError]) -> None:
    assert kind.exit_code == 2


def test_only_an_unmet_rule_exits_with_one_as_a_red_verdict_does() -> None:
    assert [kind for kind in KINDS if kind.exit_code == 1] == [GateError]


def test_codes_by_kind_are_told_apart() -> None:
    codes = [kind.default_code for kind in KINDS]
    assert len(set(codes)) == len(codes)
