from __future__ import annotations

import pytest

from jupyter_mlcd.model.config import parse
from jupyter_mlcd.model.project import NotebookTable
from jupyter_mlcd.model.set_up import FoundNotebook, SetUpChoices, System, system_of
from jupyter_mlcd.model.set_up_text import config_text, inputs_of, model_of, project_name


def found(
    path: str,
    *,
    writes: tuple[str, ...] = (),
    reads: tuple[str, ...] = (),
    after: tuple[str, ...] = (),
    records: tuple[str, ...] = (),
) -> FoundNotebook:
    return FoundNotebook(
        path=path,
        kernel="python3",
        kernel_here=True,
        language="python",
        parameters=(),
        writes=writes,
        reads=reads,
        records=records,
        after=after,
        seconds=None,
        tracked=True,
        against="",
    )


PREPARE = found("prepare.ipynb", writes=("clean.csv", "plot.png"))
TRAIN = found(
    "train.ipynb",
    writes=("model.joblib",),
    reads=("clean.csv",),
    after=("prepare.ipynb",),
    records=("accuracy",),
)
EVALUATE = found("evaluate.ipynb", reads=("model.joblib",), after=("train.ipynb",))
CHOSEN = [PREPARE, TRAIN, EVALUATE]
CHOICES = SetUpChoices(name="digits", model="train.ipynb", file="model.joblib")


def entries(text: str) -> dict[str, NotebookTable]:
    notebooks = parse(text).suites["tests"].notebooks
    return {one.path: one for one in notebooks if isinstance(one, NotebookTable)}


@pytest.mark.parametrize(
    ("url", "system"),
    [
        ("https://github.com/contoso/digits.git", System.GITHUB),
        ("git@github.com:contoso/digits.git", System.GITHUB),
        ("https://dev.azure.com/contoso/digits/_git/digits", System.AZURE_DEVOPS),
        ("git@ssh.dev.azure.com:v3/contoso/digits/digits", System.AZURE_DEVOPS),
        ("https://contoso.visualstudio.com/digits", System.AZURE_DEVOPS),
        ("https://gitlab.com/contoso/digits.git", System.GITLAB),
        ("ssh://git@gitlab.contoso.com:2222/digits.git", System.GITLAB),
        ("/srv/git/digits.git", System.FOLDER),
        ("../digits.git", System.FOLDER),
        ("file:///srv/git/digits.git", System.FOLDER),
        ("https://git.contoso.com/digits", System.OTHER),
        ("https://not-github.com.evil.org/digits", System.OTHER),
    ],
)
def test_what_stands_behind_a_remote_is_told_by_its_host(url: str, system: System) -> None:
    assert system_of(url) is system


def test_what_a_later_notebook_reads_is_handed_on() -> None:
    tables = entries(config_text(CHOICES, CHOSEN, ()))
    assert tables["prepare.ipynb"].produces == ("clean.csv",)
    assert tables["train.ipynb"].after == ("prepare.ipynb",)
    assert tables["train.ipynb"].produces == ("model.joblib",)


def test_only_the_model_is_delivered() -> None:
    tables = entries(config_text(CHOICES, CHOSEN, ()))
    assert tables["train.ipynb"].candidate == {"best": "accuracy"}
    assert tables["prepare.ipynb"].candidate == {}


def test_notebooks_that_have_nothing_to_do_with_each_other_are_a_plain_list() -> None:
    text = config_text(SetUpChoices(name="x"), [found("a.ipynb"), found("b.ipynb")], ())
    assert parse(text).suites["tests"].notebooks == ("a.ipynb", "b.ipynb")


def test_in_order_each_waits_for_all_above() -> None:
    choices = SetUpChoices(name="x", in_order=True)
    tables = entries(config_text(choices, [found("a.ipynb"), found("b.ipynb")], ()))
    assert tables["b.ipynb"].after == ("a.ipynb",)


def test_a_notebook_waits_only_for_those_above_it() -> None:
    tables = entries(config_text(CHOICES, [EVALUATE, TRAIN], ()))
    assert tables["train.ipynb"].after == ()


def test_where_it_goes_is_a_folder_or_a_remote() -> None:
    folder = parse(config_text(CHOICES, CHOSEN, ())).target("production")
    assert getattr(folder, "url", "") == "releases/production"
    remote = SetUpChoices(name="x", remote="origin")
    assert getattr(parse(config_text(remote, CHOSEN, ())).target("production"), "remote", "")


def test_strange_names_are_quoted() -> None:
    path = 'a "b"\\c\x7f é\t.ipynb'
    chosen = [found("q\"uo'te é.ipynb")]
    text = config_text(SetUpChoices(name="x", folder=path), chosen, ("in put.csv",))
    suite = parse(text).suites["tests"]
    assert suite.notebooks == ("q\"uo'te é.ipynb",)
    assert suite.inputs == ("in put.csv",)
    assert getattr(parse(text).target("production"), "url", "") == path


def test_files_that_are_read_and_not_in_git_are_inputs() -> None:
    chosen = [found("a.ipynb", reads=("raw.csv", "known.csv", "made.csv"), writes=("made.csv",))]
    assert inputs_of(chosen, {"raw.csv": True, "known.csv": False, "made.csv": True}) == (
        "raw.csv",
    )


def test_of_several_model_files_the_one_of_the_training_counts() -> None:
    other = found("b.ipynb", writes=("scaler.pkl",))
    assert model_of([other, TRAIN, found("z.ipynb", writes=("x.pkl",))]) == (
        "train.ipynb",
        "model.joblib",
    )
    assert model_of([other]) == ("b.ipynb", "scaler.pkl")
    assert model_of([PREPARE]) == ("", "")


@pytest.mark.parametrize(
    ("folder", "name"), [("my project", "my-project"), ("-x-", "x"), ("!!!", "project")]
)
def test_a_project_is_named_after_its_folder(folder: str, name: str) -> None:
    assert project_name(folder) == name
