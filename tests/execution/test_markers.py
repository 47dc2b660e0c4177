from __future__ import annotations

from typing import Any

import nbformat
import pytest
from nbformat import NotebookNode

from jupyter_mlcd.execution.markers import marker_remarks, marks_of, tags_of
from tests.execution.projects import cell, markdown


def notebook(*cells: dict[str, Any], language: str = "python") -> NotebookNode:
    document = {
        "cells": list(cells),
        "metadata": {"kernelspec": {"name": "some", "language": language}},
        "nbformat": 4,
        "nbformat_minor": 4,
    }
    made: NotebookNode = nbformat.from_dict(document)  # type: ignore[no-untyped-call]
    return made


def tagged(*tags: Any, source: str = "1") -> dict[str, Any]:
    return {**cell(source), "metadata": {"tags": list(tags)}}


def remarks(*cells: dict[str, Any], language: str = "python") -> tuple[str, ...]:
    return marker_remarks(notebook(*cells, language=language))


@pytest.mark.parametrize(
    "source",
    [
        "# NBVAL_SKIP\n1 / 0",
        "## NBVAL_IGNORE_OUTPUT",
        "#NBVAL_CHECK_OUTPUT",
        "    # NBVAL_RAISES_EXCEPTION  \n1 / 0",
        "# PYTEST_VALIDATE_IGNORE_OUTPUT",
        "# the mark NBVAL_SKIP is explained below",
        "# nbval-lax compares only marked cells",
        "print('# NBVAL_SKIP: no comment')",
        "'''\n#nbval-skip\n'''",
        "# mlcd-something-else",
        "",
    ],
)
def test_what_is_a_mark_or_none_at_all_needs_no_word(source: str) -> None:
    assert remarks(cell(source)) == ()


@pytest.mark.parametrize(
    ("source", "words"),
    [
        (
            "# NBVAL_SKIP: why",
            (
                "cell 1: `# NBVAL_SKIP: why` does not skip the cell, because a mark is a whole "
                "line; write `# NBVAL_SKIP` on a line of its own and the reason on the next one"
            ),
        ),
        ("1/0  # NBVAL_SKIP", "cell 1: `1/0  # NBVAL_SKIP` does not skip the cell, because"),
        ("#nbval-skip", "cell 1: `#nbval-skip` does not skip the cell"),
        ("# nbval_check_output", "cell 1: `# nbval_check_output` does not ask for a comparison"),
        ("# NBVAL_IGNORE_OUTPUT (time)", "cell 1: `# NBVAL_IGNORE_OUTPUT (time)` does not keep"),
        ("# NBVAL_RAISES_EXCEPTION!", "cell 1: `# NBVAL_RAISES_EXCEPTION!` does not expect an"),
        ("# NBVAL_IGNORE", "cell 1: `# NBVAL_IGNORE` does nothing; write `# NBVAL_IGNORE_OUTPUT`"),
        ("# mlcd-numbers:1e-3", "cell 1: `# mlcd-numbers:1e-3` does nothing as a comment; give"),
        ("%%time\nprint('it's')  # NBVAL_SKIP", "cell 1: `print('it's')  # NBVAL_SKIP` does not"),
    ],
)
def test_a_comment_that_is_nearly_a_mark_is_named(source: str, words: str) -> None:
    (remark,) = remarks(cell(source))
    assert remark.startswith(words)


@pytest.mark.parametrize(
    ("tag", "words"),
    [
        ("NBVAL_SKIP", "does not skip the cell; write `nbval-skip`"),
        ("nbval_ignore_output", "does not keep the outputs from being compared; write `nbval-ig"),
        ("raises_exception", "does not expect an exception; write `raises-exception`"),
        ("skip_execution", "does nothing; write `skip-execution`"),
        ("nbval-ignore", "does nothing; write `nbval-ignore-output`"),
        ("nbval-quick", "does nothing; write `nbval-skip`"),
        ("mlcd-number", "is no tag of jupyter_mlcd; there are mlcd-numbers, "),
        ("mlcd-numbers:much", "has no tolerance, a number from 0 on; write `mlcd-numbers` or, "),
        ("mlcd-image:20", "has no part of the area, 0 to 1; write `mlcd-image`"),
        ("MLCD_Numbers", "does nothing; write `mlcd-numbers`"),
    ],
)
def test_a_tag_that_does_nothing_is_named(tag: str, words: str) -> None:
    (remark,) = remarks(tagged(tag))
    assert remark.startswith(f"cell 1: the tag `{tag}` {words}")


@pytest.mark.parametrize(
    "tag",
    ["nbval-skip", "raises-exception", "skip-execution", "parameters", "mlcd-image", "nbvalish"],
)
def test_a_tag_that_is_known_or_somebody_elses_needs_no_word(tag: str) -> None:
    assert remarks(tagged(tag)) == ()


def test_a_cell_is_counted_among_the_code_cells() -> None:
    found = remarks(cell("1"), markdown("# NBVAL_SKIP: text"), cell("# NBVAL_SKIP: why"))
    assert [one.split(":")[0] for one in found] == ["cell 2"]


def test_a_near_mark_beside_the_mark_itself_is_only_its_explanation() -> None:
    assert remarks(cell("# NBVAL_SKIP\n# NBVAL_SKIP: because it is slow")) == ()


@pytest.mark.parametrize(
    ("one", "words"),
    [
        (
            tagged("nbval-check-output", source="# NBVAL_IGNORE_OUTPUT"),
            (
                "cell 1: the tag `nbval-check-output` and `# NBVAL_IGNORE_OUTPUT` contradict each "
                "other, and `# NBVAL_IGNORE_OUTPUT` counts; take one out"
            ),
        ),
        (
            cell("# NBVAL_IGNORE_OUTPUT\n# NBVAL_CHECK_OUTPUT"),
            (
                "cell 1: `# NBVAL_IGNORE_OUTPUT` and `# NBVAL_CHECK_OUTPUT` contradict each other, "
                "and `# NBVAL_CHECK_OUTPUT` counts; take one out"
            ),
        ),
        (
            tagged("nbval-check-output", "nbval-ignore-output"),
            (
                "cell 1: the tag `nbval-check-output` and the tag `nbval-ignore-output` contradict "
                "each other, and the tag `nbval-ignore-output` counts; take one out"
            ),
        ),
        (
            tagged("mlcd-numbers", "nbval-ignore-output"),
            (
                "cell 1: the tag `mlcd-numbers` does nothing, because the cell is marked not to be "
                "compared; take one out"
            ),
        ),
    ],
)
def test_marks_that_contradict_each_other_are_named(one: dict[str, Any], words: str) -> None:
    assert remarks(one) == (words,)


def test_saying_the_same_twice_is_no_contradiction() -> None:
    assert (
        remarks(tagged("nbval-skip", "nbval-ignore-output", source="# NBVAL_IGNORE_OUTPUT")) == ()
    )


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("// NBVAL_SKIP", "`// NBVAL_SKIP` does not skip the cell, because nbval reads only "),
        ("/* NBVAL_IGNORE_OUTPUT */", "`/* NBVAL_IGNORE_OUTPUT */` does not keep the outputs "),
        ("# NBVAL_SKIP", "`# NBVAL_SKIP` is no comment in javascript, because nbval reads only "),
    ],
)
def test_in_another_language_the_tag_is_named(source: str, said: str) -> None:
    (remark,) = remarks(cell(source), language="javascript")
    assert remark.startswith(f"cell 1: {said}")
    assert "; give the cell the tag `nbval-" in remark


@pytest.mark.parametrize("language", ["R", "julia", "bash"])
def test_where_a_hash_begins_a_comment_marks_are_written_as_in_python(language: str) -> None:
    assert remarks(cell("# NBVAL_SKIP"), language=language) == ()
    assert len(remarks(cell("# NBVAL_SKIP: why"), language=language)) == 1


def test_long_lines_are_quoted_in_short() -> None:
    (remark,) = remarks(cell(f"# NBVAL_SKIP {'a' * 5000}"))
    assert len(remark) < 300


def test_tags_that_are_no_list_are_none() -> None:
    assert tags_of({"metadata": {"tags": "nbval-skip"}}) == []
    assert tags_of({"metadata": {"tags": [1, "a"]}}) == ["a"]
    assert tags_of({}) == []


def test_comments_beat_tags() -> None:
    both = notebook(tagged("nbval-check-output", source="# NBVAL_IGNORE_OUTPUT")).cells[0]
    assert marks_of(both).check is False
