from __future__ import annotations

from typing import Any

import msgspec
import pytest

from jupyter_mlcd.bundle.release_notes import LARGEST_NOTES, LARGEST_TEMPLATE, PLAIN, write_notes
from jupyter_mlcd.model.comparison import Relation, SoftwareChange
from jupyter_mlcd.model.errors import ConfigError
from jupyter_mlcd.model.gate import Goal, Outcome
from jupyter_mlcd.model.issue import Issue
from jupyter_mlcd.model.release_changes import (
    ContentChange,
    MetricChange,
    NamedCommit,
    NotebookChange,
    ParameterChange,
    ReleaseChanges,
    RuleChange,
)

ISSUE = "https://github.com/us/digits/issues/12"
CHANGES = ReleaseChanges(
    project="digits",
    version="0.2.0",
    digest="sha256:" + "a" * 64,
    commit="c" * 40,
    since="0.1.0",
    since_commit="d" * 40,
    environment="production",
    live=True,
    metrics=(
        MetricChange("accuracy", 0.91, 0.95, Goal.MAX, better=True),
        MetricChange("loss", 0.1, 0.2, Goal.MIN, better=False, comparable=False),
        MetricChange("size", None, 3.0),
    ),
    parameters=(ParameterChange("quality", "train.ipynb", "C", ("1.0",), ("1.0", "10.0")),),
    files=(
        ContentChange("data/a_b.csv", delivered=False, before="1" * 64, after=""),
        ContentChange("model.joblib", delivered=True, before="2" * 64, after="3" * 64),
    ),
    notebooks=(
        NotebookChange("quality", "train.ipynb", Relation.CHANGED, 2, 3),
        NotebookChange("quality", "new.ipynb", Relation.NEW),
        NotebookChange("quality", "odd.ipynb", Relation.CHANGED, problem="not a notebook"),
    ),
    software=(SoftwareChange("python3", "numpy", "1.26", "2.1"),),
    rules=(RuleChange("accuracy at least 0.96", None, Outcome.NOT_MET, "0.95, 0.96 is needed"),),
    commits=(NamedCommit("e" * 40, "Fix <b>*it*</b> for @ken #12", ("#12",)),),
    commits_left_out=3,
    issues=(Issue("#12", ISSUE),),
    gaps=("The runs of slow are not compared: one is not in this clone.",),
)
NOTHING: dict[str, Any] = dict.fromkeys(
    ("metrics", "parameters", "files", "notebooks", "software", "rules", "commits", "issues",
     "gaps"), ()
)  # fmt: skip


def by(template: str | bytes) -> str:
    text = template.encode() if isinstance(template, str) else template
    return write_notes(CHANGES, text, "notes.md")


@pytest.mark.parametrize(
    "line",
    [
        "# digits 0.2.0",
        "Against 0.1.0, which is live in production.",
        "- accuracy: 0.91 → 0.95, better",
        "- loss: 0.1 → 0.2, not measured in the same way",
        "- size: nothing → 3",
        "- `train.ipynb`, `C`: 1.0 → 1.0, 10.0",
        "- `data/a_b.csv`, input: 111111111111 → gone",
        "- `model.joblib`, delivered: 222222222222 → 333333333333",
        "- `train.ipynb`: cells changed: 2, cells with other outputs: 3",
        "- `new.ipynb`: new",
        "- `odd.ipynb`: changed, not a notebook",
        "- `numpy`: 1.26 → 2.1",
        "- accuracy at least 0.96: new → not-met (0.95, 0.96 is needed)",
        "- and 3 older ones",
        f"- [#12]({ISSUE})",
        "The runs of slow are not compared: one is not in this clone.",
        f"`sha256:{'a' * 64}` at `ccccccc`",
    ],
)
def test_our_own_notes_tell_all_that_changed(line: str) -> None:
    assert line in write_notes(CHANGES).splitlines()


def test_a_first_release_has_short_notes_without_empty_headings() -> None:
    first = msgspec.structs.replace(CHANGES, since="", commits_left_out=0, **NOTHING)
    notes = write_notes(first)
    assert "nothing to hold it against" in notes
    assert "##" not in notes


def test_no_two_empty_lines_follow_each_other() -> None:
    assert "\n\n\n" not in write_notes(CHANGES)


def test_our_template_is_one_that_a_project_can_begin_with() -> None:
    assert by(PLAIN.read_bytes()) == write_notes(CHANGES)


def test_what_people_wrote_means_nothing_but_itself() -> None:
    written = by("{{ commits[0].subject }}")
    assert written == "Fix &lt;b>\\*it\\*&lt;/b> for @\u2060ken #12\n"


def test_what_the_template_says_stays_as_it_is() -> None:
    assert by("**{{ project }}** <br> @team") == "**digits** <br> @team\n"


def test_code_cannot_be_left_by_what_stands_in_it() -> None:
    sly = msgspec.structs.replace(CHANGES, project="`a`\n\n# b")
    assert write_notes(sly, b"{{ project | code }}", "notes.md") == "`'a' # b`\n"


@pytest.mark.parametrize(
    ("template", "line", "words"),
    [
        ("a\n{{ nothing }}", 2, "'nothing' is undefined"),
        ("a\n{% if %}", 2, "Expected an expression"),
        ("\n\n{{ ''.__class__ }}", 3, "unsafe"),
        ("{{ commits[0].__init__.__globals__ }}", 1, "unsafe"),
        ("\n{{ version.upper() }}", 2, "calls nothing"),
        ("{{ range(9) }}", 1, "calls nothing"),
        ("{% set x = commits.append(1) %}", 1, "calls nothing"),
        ("\n{{ 'a' * 9999999999 }}", 2, "numbers only"),
        ("\n{{ 9 ** 999999999 }}", 2, "numbers only"),
        ("{% include 'mlcd.toml' %}", 1, "no loader"),
        ("\n\n{{ 1 / 0 }}", 3, "division by zero"),
        ("{{ version | center(999999999) }}", 1, "No filter"),
        ("{% for a in files %}" + "x" * (LARGEST_NOTES // 2) + "y{% endfor %}", 1, "makes more"),
        (b"x" * (LARGEST_TEMPLATE + 1), 1, "larger than"),
        (b"ok\n\xff", 2, "UTF-8"),
    ],
)
def test_a_template_that_cannot_be_used_names_its_line(
    template: str | bytes, line: int, words: str
) -> None:
    with pytest.raises(ConfigError, match=words) as caught:
        by(template)
    assert caught.value.details == {"file": "notes.md", "line": line, "key": ""}
