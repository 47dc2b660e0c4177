from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

from jupyter_mlcd.model.errors import WorldError
from jupyter_mlcd.world.credentials import FILE_NAME, Credentials
from jupyter_mlcd.world.git import Git
from jupyter_mlcd.world.git_credentials import ask_helpers, has_helpers
from jupyter_mlcd.world.git_hardening import trusted_credentials
from tests.world.repositories import Repository

if TYPE_CHECKING:
    from pathlib import Path

GITHUB = "https://api.github.com"


def written(folder: Path, text: str) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / FILE_NAME).write_text(text)
    (folder / FILE_NAME).chmod(0o600)
    return folder


def secret(found: Credentials, address: str) -> str:
    one = found.find(address)
    return one.secret if one else ""


def test_a_usual_variable_is_for_its_vendor_alone() -> None:
    found = Credentials({"GITHUB_TOKEN": "hunter2"}, [])
    assert secret(found, f"{GITHUB}/repos/us/digits") == "hunter2"
    assert found.find("https://evil.example") is None
    assert found.find(f"{GITHUB}.evil.example") is None
    assert found.find("http://api.github.com") is None
    assert found.find("https://api.github.com:8443") is None
    assert found.find("https://api.github.com@evil.example") is None


def test_a_pipeline_says_where_its_own_variable_belongs() -> None:
    place = "https://git.us.example/api/v3"
    found = Credentials({"GITHUB_TOKEN": "hunter2", "GITHUB_API_URL": place}, [])
    assert secret(found, place) == "hunter2"
    assert found.find(GITHUB) is None
    assert Credentials({"SYSTEM_ACCESSTOKEN": "x"}, []).find("https://dev.azure.com/us") is None


def test_a_file_binds_an_address_to_where_its_key_is_kept(tmp_path: Path) -> None:
    own = written(tmp_path / "own", '["https://ci.us.example"]\nuser = "ann"\nsecret = "env:CI"\n')
    found = Credentials({"CI": "hunter2"}, [own]).find("https://ci.us.example/job/digits")
    assert found is not None
    assert (found.user, found.secret, found.source) == ("ann", "hunter2", "env:CI")
    assert "hunter2" not in repr(found)


def test_the_longest_address_wins_and_paths_are_compared_by_their_parts(tmp_path: Path) -> None:
    lines = '["https://h.example"]\nsecret = "env:A"\n["https://h.example/us"]\nsecret = "env:B"\n'
    found = Credentials({"A": "all", "B": "ours"}, [written(tmp_path, lines)])
    assert secret(found, "https://h.example/us/digits") == "ours"
    assert secret(found, "https://h.example/user") == "all"


def test_what_she_wrote_goes_before_the_administrator_and_before_usual_variables(
    tmp_path: Path,
) -> None:
    own = written(tmp_path / "own", f'["{GITHUB}"]\nsecret = "env:MINE"\n')
    admin = written(tmp_path / "admin", f'["{GITHUB}"]\nsecret = "env:THEIRS"\n')
    environ = {"MINE": "1", "THEIRS": "2", "GITHUB_TOKEN": "3"}
    assert secret(Credentials(environ, [own, admin]), GITHUB) == "1"
    assert secret(Credentials(environ, [tmp_path, admin]), GITHUB) == "2"


def test_what_is_bound_and_empty_does_not_fall_back_to_another_key(tmp_path: Path) -> None:
    own = written(tmp_path, f'["{GITHUB}"]\nsecret = "env:MINE"\n')
    assert Credentials({"GITHUB_TOKEN": "3"}, [own]).find(GITHUB) is None


def test_whether_there_may_be_a_key_is_told_without_asking_anybody(tmp_path: Path) -> None:
    """A status is looked at every few seconds: no keyring and no program of git's runs for it."""
    asked: list[str] = []

    def ask(address: str) -> tuple[str, str]:
        asked.append(address)
        return "", ""

    own = written(tmp_path, '["https://ci.us.example"]\nsecret = "keyring:ci/ann"\n')
    found = Credentials({"GITHUB_TOKEN": "x"}, [own], ask)
    assert found.may_have("https://ci.us.example/job")
    assert found.may_have(GITHUB)
    assert not found.may_have("https://elsewhere.example")
    assert Credentials({}, [], ask, has_helpers=True).may_have("https://elsewhere.example")
    assert asked == []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('["https://ci.us.example"]\nsecret = "hunter2"\n', "does not say where a key"),
        ('["ci.us.example"]\nsecret = "env:CI"\n', "does not say where a key"),
        ('["https://ci.us.example"]\ntoken = "env:CI"\n', "token"),
        ("[", "is not used"),
    ],
)
def test_a_file_that_is_wrong_is_named_and_nothing_is_sent(
    tmp_path: Path, text: str, words: str
) -> None:
    with pytest.raises(WorldError, match="is not used") as caught:
        Credentials({}, [written(tmp_path, text)]).find("https://ci.us.example")
    assert words in caught.value.message
    assert "hunter2" not in f"{caught.value.message} {caught.value.hint}"


@pytest.mark.skipif(sys.platform == "win32", reason="rights are another matter there")
def test_a_file_that_others_may_write_is_not_used(tmp_path: Path) -> None:
    own = written(tmp_path, '["https://ci.us.example"]\nsecret = "env:CI"\n')
    (own / FILE_NAME).chmod(0o666)
    with pytest.raises(WorldError, match="others may write it") as caught:
        Credentials({"CI": "x"}, [own]).find("https://ci.us.example")
    assert "chmod go-w" in caught.value.hint


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Repository:
    home = tmp_path / "home"
    home.mkdir()
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.delenv("XDG_CONFIG_HOME", raising=False)
    (home / ".git-credentials").write_text("https://ann:hunter2@github.com\n")
    return Repository.init(tmp_path / "repository")


def test_gits_own_helper_is_asked_last_and_knows_the_api_by_its_people_s_address(
    repository: Repository, tmp_path: Path
) -> None:
    (tmp_path / "home" / ".gitconfig").write_text("[credential]\n\thelper = store\n")
    git = Git.open(repository.folder)
    found = Credentials({}, [], lambda address: ask_helpers(git, address)).find(GITHUB)
    assert found is not None
    assert (found.user, found.secret) == ("ann", "hunter2")
    assert ask_helpers(git, "https://elsewhere.example") == ("", "")
    assert ask_helpers(git, "https://elsewhere.example\nhost=github.com") == ("", "")
    assert has_helpers(git)


def test_a_helper_that_the_repository_names_is_never_run(
    repository: Repository, tmp_path: Path
) -> None:
    repository.git("config", "credential.helper", f"!touch {tmp_path / 'ran'}")
    trusted = trusted_credentials(Git.open(repository.folder).settings)
    assert [value for _, value in trusted if "touch" in value] == []
    assert ask_helpers(Git.open(repository.folder), "https://github.com") == ("", "")
    assert not (tmp_path / "ran").exists()
