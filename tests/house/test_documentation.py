from __future__ import annotations

import re
from pathlib import Path

import click
import msgspec
import pytest

from jupyter_mlcd.cli.main import cli
from jupyter_mlcd.model.config import parse
from jupyter_mlcd.model.project import SuiteTable
from jupyter_mlcd.model.result import Verdict
from jupyter_mlcd.model.suite import Comparer
from tests.browser.views import VIEWS

CHECKOUT = Path(__file__).parents[2]
PAGES = ["README.md", "CHANGELOG.md", "CONTRIBUTING.md", "RELIABILITY.md"]
PROMISES = (CHECKOUT / "RELIABILITY.md").read_text(encoding="utf-8")
RUNNING = (CHECKOUT / "docs" / "running.md").read_text(encoding="utf-8")
DELIVERING = (CHECKOUT / "docs" / "delivering.md").read_text(encoding="utf-8")
README = (CHECKOUT / "README.md").read_text(encoding="utf-8")
TESTS = "".join(
    path.read_text(encoding="utf-8") for path in sorted((CHECKOUT / "tests").rglob("test_*.py"))
)


def all_commands(group: click.Group = cli, before: str = "") -> list[str]:
    """Return every command as it is typed, without those that only hold others."""
    found: list[str] = []
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            found += all_commands(command, f"{before}{name} ")
        else:
            found.append(before + name)
    return found


def commands_of_the_readme() -> list[str]:
    """Return the commands of the table, where ``a x / b`` stands for ``a x`` and ``a b``."""
    table = README.partition("| `jupyter mlcd ...` |")[2].partition("\n\n")[0]
    found: list[str] = []
    for row in re.findall(r"^\| (`.*?`) \|", table, re.MULTILINE):
        no_word = r"\[.*?\]|(?<!\S)-\S.*|\b[A-Z]\S*"
        calls = [re.sub(no_word, "", one).split() for one in row.split(" / ")]
        calls = [[word.strip("`") for word in one if word != "`"] for one in calls]
        found += [" ".join([*calls[0][:-1], *one]) for one in calls[1:]]
        found.append(" ".join(calls[0]))
    return found


def test_the_readme_lists_every_command_and_no_other() -> None:
    assert sorted(commands_of_the_readme()) == sorted(all_commands())


def test_the_configuration_in_the_readme_is_right() -> None:
    (text,) = re.findall(r"```toml\n(.*?)```", README, re.DOTALL)
    assert parse(text).name == "digits"


def test_every_key_of_a_suite_is_shown_and_every_example_is_right() -> None:
    (text,) = re.findall(r"```toml\n(.*?)```", RUNNING, re.DOTALL)
    assert parse(text).suites
    shown = set(re.findall(r"^([a-z-]+) =", text, re.MULTILINE))
    keys = {field.encode_name for field in msgspec.structs.fields(SuiteTable)}
    assert keys - {"notebooks", "comparers"} <= shown


@pytest.mark.parametrize(
    "text", re.findall(r"```toml\n(\[environments.*?)```", DELIVERING, re.DOTALL)
)
def test_every_example_of_a_target_is_right(text: str) -> None:
    before = '[project]\nname = "digits"\n[suites.quality]\nnotebooks = ["train.ipynb"]\n'
    kind = parse(before + text).target("production").__struct_config__.tag
    assert f"| [`{kind}`]" in DELIVERING


@pytest.mark.parametrize("verdict", Verdict)
def test_every_verdict_is_explained(verdict: Verdict) -> None:
    assert f"\n| {verdict} |" in RUNNING


@pytest.mark.parametrize("comparer", Comparer)
def test_every_comparer_is_explained(comparer: Comparer) -> None:
    assert f"\n| `{comparer}` |" in RUNNING


@pytest.mark.parametrize("name", sorted(set(re.findall(r"`(test_\w+)`", PROMISES))))
def test_every_promise_names_a_test_that_is_there(name: str) -> None:
    assert f"def {name}(" in TESTS


@pytest.mark.parametrize("path", sorted(set(re.findall(r"`(tests/[\w/]+\.py)`", PROMISES))))
def test_every_file_that_proves_a_promise_is_there(path: str) -> None:
    assert (CHECKOUT / path).is_file()


@pytest.mark.parametrize("page", PAGES)
def test_every_link_to_a_file_leads_somewhere(page: str) -> None:
    text = (CHECKOUT / page).read_text(encoding="utf-8")
    links = re.findall(r"\]\((?!https?://)([^)#]+)", text)
    assert [link for link in links if not (CHECKOUT / link).exists()] == []


@pytest.mark.parametrize("page", PAGES)
def test_every_make_target_that_is_named_is_there(page: str) -> None:
    text = (CHECKOUT / page).read_text(encoding="utf-8")
    named = " ".join(re.findall(r"`make ([a-z ]+)`", text)).split()
    there = re.findall(r"^([a-z-]+):", (CHECKOUT / "Makefile").read_text(), re.MULTILINE)
    assert set(named) - set(there) == set()


def test_the_readme_shows_every_view() -> None:
    shown = set(re.findall(r'src="(docs/pictures/[\w]+\.png)"', README))
    assert shown == {f"docs/pictures/{re.sub('[ .]', '_', view.name)}.png" for view in VIEWS}
