from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from jupyter_mlcd.model.result import Verdict
from jupyter_mlcd.model.suite import NotebookEntry
from tests.execution.projects import cell, notebook

if TYPE_CHECKING:
    from tests.execution.projects import Project

VALUE = "s3cr3t-v4lue"
DATES = "from datetime import date\nday: date = date(2026, 1, 1)"


def test_a_date_arrives_as_a_date(project: Project) -> None:
    cells = (cell(DATES, tag="parameters"), "assert repr(day) == 'datetime.date(2026, 1, 31)'")
    project.commit({"one.ipynb": notebook(*cells)})
    run = project.run(NotebookEntry(path="one.ipynb", parameters={"day": "2026-01-31"}))
    assert run.cases[0].verdict is Verdict.PASSED
    executed = project.executed(run)
    assert executed["metadata"]["papermill"]["parameters"] == {"day": "2026-01-31"}
    assert executed["cells"][1]["metadata"]["tags"] == ["injected-parameters"]


@pytest.mark.parametrize(
    ("parameters", "words"),
    [
        ({"dya": "2026-01-31"}, "does not assign `dya`. Did you mean `day`?"),
        ({"day": "tomorrow"}, "it is given 'tomorrow', which is text"),
        ({"never": 2}, "no cell after the parameters cell reads `never`"),
    ],
)
def test_what_cannot_be_given_is_said_before_a_kernel_starts(
    project: Project, parameters: dict[str, object], words: str
) -> None:
    cells = (cell(f"{DATES}\nnever = 1", tag="parameters"), "print(day)")
    project.commit({"one.ipynb": notebook(*cells)})
    run = project.run(NotebookEntry(path="one.ipynb", parameters=parameters))
    assert run.cases[0].verdict is Verdict.ERROR
    assert words in run.cases[0].reason


def test_a_name_that_is_bound_again_is_remarked_in_the_result(project: Project) -> None:
    project.commit({"one.ipynb": notebook(cell("a = 1", tag="parameters"), "a = 3", "print(a)")})
    run = project.run(NotebookEntry(path="one.ipynb", parameters={"a": 2}))
    assert any("`a` is bound again in cell [2]" in one for one in run.cases[0].remarks)


def test_a_secret_reaches_the_kernel_and_stays_in_no_file(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MY_KEY", VALUE)
    cells = (
        "import os\nkey = os.environ['API_KEY']\nprint(key)",
        "import base64\nprint(base64.b64encode(f'user:{key}'.encode()).decode())",
        "display({'text/html': f'<b>{key}</b>'}, raw=True)",
        "raise RuntimeError(key)",
    )
    project.commit({"one.ipynb": notebook(*cells)})
    run = project.run(NotebookEntry(path="one.ipynb"), secrets={"API_KEY": "env:MY_KEY"})
    assert "[secret API_KEY]" in run.cases[0].reason
    assert "the value of `API_KEY` was taken out of 4 outputs" in run.cases[0].remarks
    assert "[secret API_KEY]" in json.dumps(project.executed(run))
    for path in (project.common / "mlcd").rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            assert VALUE.encode() not in content, path
            assert b"s3cr3t" not in content, path
