from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any

import nbformat
import papermill
import pytest
from nbformat import NotebookNode
from papermill.iorw import load_notebook_node
from papermill.parameterize import parameterize_notebook

from jupyter_mlcd.execution.injection import parameterize
from jupyter_mlcd.execution.notebook_file import as_nodes
from jupyter_mlcd.model.errors import ParameterError
from tests.model.notebooks import notebook

if TYPE_CHECKING:
    from pathlib import Path


def nodes(*sources: str, first: int = 0) -> NotebookNode:
    return as_nodes(notebook(*sources, first=first))


def sources(document: NotebookNode) -> list[str]:
    return [cell.source for cell in document.cells]


def test_the_cell_stands_behind_the_one_with_the_defaults() -> None:
    changed = parameterize(nodes("x = 0", "a = 1", "print(a)", first=1), {"a": 2}, "python")
    assert sources(changed) == ["x = 0", "a = 1", "# Parameters\na = 2\n", "print(a)"]
    assert changed.cells[2].metadata.tags == ["injected-parameters"]


def test_the_notebook_that_was_given_stays_as_it_was() -> None:
    document = nodes("a = 1", "print(a)")
    parameterize(document, {"a": 2}, "python")
    assert sources(document) == ["a = 1", "print(a)"]
    assert "papermill" not in document.metadata


def test_without_parameters_nothing_changes() -> None:
    document = nodes("a = 1", "print(a)")
    assert parameterize(document, {}, "python") == document


@pytest.mark.parametrize("place", [0, 2, 3])
def test_the_cell_of_an_earlier_injection_is_replaced(place: int) -> None:
    document = nodes("x = 0", "a = 1", "print(a)", first=1)
    old: NotebookNode = nbformat.v4.new_code_cell(
        "a = 7", metadata={"tags": ["injected-parameters"]}
    )  # type: ignore[no-untyped-call]
    document.cells.insert(place, old)
    changed = parameterize(document, {"a": 2}, "python")
    assert sources(changed) == ["x = 0", "a = 1", "# Parameters\na = 2\n", "print(a)"]


@pytest.mark.parametrize("minor", [2, 4, 5])
def test_the_result_is_a_valid_notebook_of_the_same_format(minor: int) -> None:
    document = notebook("a = None", "print(a)") | {"nbformat_minor": minor}
    for cell in document["cells"] if minor < 5 else ():
        del cell["id"]
    changed = parameterize(as_nodes(document), {"a": [1, {"x": None}]}, "python")
    assert changed.nbformat_minor == minor
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        nbformat.validate(changed)


def test_metadata_and_place_are_those_of_papermill(tmp_path: Path) -> None:
    path = tmp_path / "n.ipynb"
    nbformat.write(nodes("x = 0", "a = 1", "print(a)", first=1), path)  # type: ignore[no-untyped-call]
    theirs = parameterize_notebook(load_notebook_node(str(path)), {"a": 2})
    ours = load_notebook_node(
        parameterize(nodes("x = 0", "a = 1", "print(a)", first=1), {"a": 2}, "python")
    )
    assert ours.metadata.papermill == theirs.metadata.papermill
    assert sources(ours) == sources(theirs)


def test_dates_stand_in_the_metadata_as_text() -> None:
    document = nodes("from datetime import date\na: date = None", "print(a)")
    changed = parameterize(document, {"a": "2026-01-31"}, "python")
    assert changed.metadata.papermill.parameters == {"a": "2026-01-31"}
    assert "a = date.fromisoformat('2026-01-31')" in changed.cells[1].source


@pytest.mark.parametrize(
    ("document", "parameters", "language", "code"),
    [
        (nodes("a = 1", first=7), {"a": 1}, "python", "no-parameters-cell"),
        (nodes("a = 1"), {"a": 1}, "julia", "no-injector"),
    ],
)
def test_what_cannot_be_given_is_refused(
    document: NotebookNode, parameters: dict[str, Any], language: str, code: str
) -> None:
    with pytest.raises(ParameterError) as caught:
        parameterize(document, parameters, language)
    assert caught.value.code == code


def test_papermill_executes_it_with_the_values(tmp_path: Path) -> None:
    source = (
        "from datetime import date\nfrom pathlib import Path\na: date = None\nb = Path()\nc = 1.5"
    )
    changed = parameterize(
        nodes(source, "print(repr(a), repr(b), c)"),
        {"a": "2026-01-31", "b": "x'\u2028\n", "c": 2},
        "python",
    )
    executed = papermill.execute_notebook(
        changed, str(tmp_path / "out.ipynb"), progress_bar=False, kernel_name="python3"
    )
    assert executed.metadata.papermill.parameters == {"a": "2026-01-31", "b": "x'\u2028\n", "c": 2}
    assert executed.cells[2].outputs[0].text == (
        'datetime.date(2026, 1, 31) PosixPath("x\'\\u2028\\n") 2.0\n'
    )
