from __future__ import annotations

import pytest

from jupyter_mlcd.model.errors import ConfigError
from jupyter_mlcd.model.hub import HubKind, HubTable, hub_kind, hub_place, page_of

GITHUB, GITLAB, AZURE = HubKind.GITHUB, HubKind.GITLAB, HubKind.AZURE_DEVOPS


@pytest.mark.parametrize(
    ("address", "kind", "url", "repository"),
    [
        ("git@github.com:us/digits.git", GITHUB, "https://api.github.com", "us/digits"),
        ("https://github.com/us/digits", GITHUB, "https://api.github.com", "us/digits"),
        ("https://gitlab.com/us/ml/digits.git", GITLAB, "https://gitlab.com/api/v4",
         "us/ml/digits"),
        ("git@gitlab.us.example:ml/digits.git", GITLAB, "https://gitlab.us.example/api/v4",
         "ml/digits"),
        ("https://dev.azure.com/us/models/_git/digits", AZURE, "https://dev.azure.com",
         "us/models/digits"),
        ("git@ssh.dev.azure.com:v3/us/models/digits", AZURE, "https://dev.azure.com",
         "us/models/digits"),
        ("https://us.visualstudio.com/models/_git/digits", AZURE, "https://dev.azure.com",
         "us/models/digits"),
    ],
)  # fmt: skip
def test_the_address_of_the_remote_tells_hub_and_repository(
    address: str, kind: HubKind, url: str, repository: str
) -> None:
    assert hub_kind(address, {}) is kind
    place = hub_place(kind, address, HubTable())
    assert (place.url, place.repository) == (url, repository)


def test_a_table_says_what_the_address_does_not() -> None:
    table = HubTable("us/digits", "https://git.us.example/api/v3/")
    place = hub_place(GITHUB, "git@git.us.example:us/digits.git", table)
    assert place.url == "https://git.us.example/api/v3"
    assert hub_kind("git@git.us.example:us/digits.git", {GITHUB: table}) is GITHUB


@pytest.mark.parametrize("address", ["", "/srv/git/digits.git", "https://example.org/us/digits"])
def test_elsewhere_is_no_hub(address: str) -> None:
    assert hub_kind(address, {}) is None


@pytest.mark.parametrize("kind", HubKind)
def test_what_repository_is_meant_is_asked_where_nothing_tells(kind: HubKind) -> None:
    with pytest.raises(ConfigError, match="not known which repository") as caught:
        hub_place(kind, "/srv/git/digits.git", HubTable())
    assert f"[hubs.{kind.value}]" in caught.value.hint


@pytest.mark.parametrize(
    ("kind", "owner"),
    [(GITHUB, "https://api.github.com"), (GITLAB, "https://gitlab.com/api/v4"),
     (AZURE, "https://dev.azure.com/us")],
)  # fmt: skip
def test_a_key_is_kept_for_a_server_and_on_azure_for_an_organization(
    kind: HubKind, owner: str
) -> None:
    place = hub_place(kind, "", HubTable("us/models/digits" if kind is AZURE else "us/digits"))
    assert place.owner == owner


@pytest.mark.parametrize(
    ("address", "page"),
    [
        ("git@github.com:us/digits.git", "https://github.com/us/digits/tree/mlcd/evidence/a/1.0.0"),
        (
            "git@gitlab.us.example:ml/digits.git",
            "https://gitlab.us.example/ml/digits/-/tree/mlcd/evidence/a/1.0.0",
        ),
        (
            "git@ssh.dev.azure.com:v3/us/models/digits",
            "https://dev.azure.com/us/models/_git/digits?path=%2Fa%2F1.0.0&version=GBmlcd%2Fevidence",
        ),
        ("/srv/git/digits.git", ""),
        ("https://example.org/us/digits", ""),
    ],
)
def test_a_folder_of_a_branch_has_a_page_on_its_hub(address: str, page: str) -> None:
    assert page_of(address, "mlcd/evidence", "a/1.0.0") == page
