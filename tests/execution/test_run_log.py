"""The end of what a run printed, as people are shown it."""

from __future__ import annotations

from pathlib import Path

import pytest

from jupyter_mlcd.execution.run_folder import folder_of
from jupyter_mlcd.execution.run_log import read_log
from jupyter_mlcd.model.errors import NotFoundError, UsageError
from jupyter_mlcd.model.suite import NotebookEntry
from tests.execution.projects import Project, notebook

RUN = "0190aaaa-0000-7000-8000-000000000000"


def written(common: Path, text: bytes) -> Path:
    folder = folder_of(common, RUN)
    folder.root.mkdir(parents=True)
    folder.log.write_bytes(text)
    return folder.root


def test_what_cells_print_is_there_while_the_run_goes_on(project: Project) -> None:
    waits = (
        "import time\nfor number in range(200): print('epoch', number, flush=True)\ntime.sleep(8)"
    )
    project.commit({"one.ipynb": notebook("1", waits)})
    run = project.start(NotebookEntry(path="one.ipynb"))
    project.until(run, lambda _: "[2] epoch 199" in read_log(project.common, run.id).text)
    assert project.runner.load(run.id).verdict is None
    project.runner.cancel(run.id)
    project.ended(run)


def test_an_error_stands_there_without_its_colours(project: Project) -> None:
    run = project.run_cells("print('before')", "1 / 0")
    text = read_log(project.common, run.id).text
    assert text.startswith("[1] before\n")
    assert "[2] ZeroDivisionError: division by zero" in text.splitlines()


def test_lines_of_several_cases_say_whose_they_are(project: Project) -> None:
    project.commit({"one.ipynb": notebook("print(1)"), "two.ipynb": notebook("print(2)")})
    run = project.run(NotebookEntry(path="one.ipynb"), NotebookEntry(path="two.ipynb"))
    assert sorted(read_log(project.common, run.id).text.splitlines()) == ["one [1] 1", "two [1] 2"]


def test_a_run_that_printed_nothing_has_an_empty_log(project: Project) -> None:
    run = project.run_cells("1")
    found = read_log(project.common, run.id)
    assert (found.text, found.size, found.cut) == ("", 0, False)


def test_only_the_end_of_a_long_log_is_shown_from_a_whole_line_on(tmp_path: Path) -> None:
    text = b"".join(b"line %06d\n" % number for number in range(20_000))
    written(tmp_path, text)
    found = read_log(tmp_path, RUN)
    assert (found.size, found.cut) == (len(text), True)
    assert found.text.startswith("line 0")
    assert found.text.endswith("line 019999\n")
    assert 60_000 < len(found.text) <= 65_536


def test_folders_of_this_machine_have_short_names(tmp_path: Path) -> None:
    place = folder_of(tmp_path, RUN).root
    project = tmp_path / "project"
    text = f"{place}/rooms/0/a.py and {project}/a.py and {Path.home()}/b.py\n"
    written(tmp_path, text.encode())
    found = read_log(tmp_path, RUN, {project: "project"})
    assert found.text == "(run)/rooms/0/a.py and project/a.py and ~/b.py\n"


def test_bytes_that_are_no_text_do_not_hide_the_rest(tmp_path: Path) -> None:
    written(tmp_path, b"a\xff\x00b\n")
    assert read_log(tmp_path, RUN).text == "a\ufffd\x00b\n"


def test_a_run_of_another_machine_has_no_log_here(tmp_path: Path) -> None:
    with pytest.raises(NotFoundError, match="no log"):
        read_log(tmp_path, RUN)


def test_a_name_that_leads_elsewhere_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError):
        read_log(tmp_path, "../../secrets")
