from __future__ import annotations

import sys
from types import ModuleType

import pytest

from jupyter_mlcd.execution.secret_variables import resolve
from jupyter_mlcd.model.errors import ExecutionError, MlcdError, UsageError

VALUE = "s3cr3t-value"


def test_a_variable_gets_the_value_of_the_one_that_is_named() -> None:
    assert resolve({"API_KEY": "env:MY_KEY"}, {"MY_KEY": VALUE, "OTHER": "x"}) == {"API_KEY": VALUE}


def test_without_secrets_there_are_none() -> None:
    assert resolve({}, {"API_KEY": VALUE}) == {}


@pytest.mark.parametrize("environ", [{}, {"MY_KEY": ""}, {"MY_KEY": "a\0b"}])
def test_a_secret_that_is_not_there_is_named_by_its_reference(environ: dict[str, str]) -> None:
    with pytest.raises(ExecutionError, match="`env:MY_KEY` has no value") as caught:
        resolve({"API_KEY": "env:MY_KEY"}, environ)
    assert caught.value.code == "no-secret"


@pytest.mark.parametrize(
    "where",
    [VALUE, "", "env:", "env:a b", f"value:{VALUE}", "keyring:", "keyring:service", "keyring:/u"],
)
def test_a_reference_that_we_do_not_understand_is_refused_without_repeating_it(where: str) -> None:
    with pytest.raises(UsageError) as caught:
        resolve({"API_KEY": where}, {})
    assert caught.value.code == "secret-reference"
    assert VALUE not in str(caught.value) + caught.value.hint


@pytest.mark.parametrize(
    ("name", "where"),
    [
        ("GITHUB_TOKEN", "env:MINE"),
        ("MINE", "env:GITHUB_TOKEN"),
        ("GH_TOKEN", "keyring:a/b"),
        ("MINE", "env:SYSTEM_ACCESSTOKEN"),
        ("MINE", "env:JUPYTER_TOKEN"),
        ("MLCD_RUN_ID", "env:MINE"),
    ],
)
def test_what_can_deliver_is_no_secret_of_a_suite(name: str, where: str) -> None:
    environ = dict.fromkeys(("MINE", "GITHUB_TOKEN", "SYSTEM_ACCESSTOKEN", "JUPYTER_TOKEN"), VALUE)
    with pytest.raises(UsageError) as caught:
        resolve({name: where}, environ)
    assert caught.value.code == "secret-delivers"


@pytest.mark.parametrize("name", ["a b", "1a", "", "a=b"])
def test_a_name_that_is_no_variable_is_refused(name: str) -> None:
    with pytest.raises(UsageError, match="is not a name for a variable"):
        resolve({name: "env:MINE"}, {"MINE": VALUE})


# ----------------------------------------------------------------------------------------- keyring


class Keyring(ModuleType):
    """The one function of the package keyring that is called."""

    def get_password(self, service: str, user: str) -> str | None:
        if service == "locked":
            raise RuntimeError(VALUE)
        return {("warehouse/eu", "ada"): VALUE}.get((service, user))


def test_without_the_package_keyring_the_reference_is_named(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "keyring", None)
    with pytest.raises(ExecutionError, match="`keyring:warehouse/ada` cannot be read") as caught:
        resolve({"DB": "keyring:warehouse/ada"}, {})
    assert "pip install keyring" in caught.value.hint


def test_a_keyring_is_asked_for_service_and_user(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "keyring", Keyring("keyring"))
    assert resolve({"DB": "keyring:warehouse/eu/ada"}, {}) == {"DB": VALUE}


@pytest.mark.parametrize("where", ["keyring:locked/ada", "keyring:nothing/ada"])
def test_a_keyring_that_gives_nothing_is_named_without_a_value(
    monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    monkeypatch.setitem(sys.modules, "keyring", Keyring("keyring"))
    with pytest.raises(MlcdError) as caught:
        resolve({"DB": where}, {})
    assert where in caught.value.message
    assert VALUE not in caught.value.message + caught.value.hint
