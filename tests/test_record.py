"""A notebook records a score; people, we and scrapbook read it."""

from __future__ import annotations

import inspect
import math
import os
import shutil
import subprocess
import sys
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import nbformat
import numpy as np
import pytest
from nbclient import NotebookClient
from nbformat.v4 import new_code_cell, new_notebook

from jupyter_mlcd.record import MEDIA_TYPE, record

if TYPE_CHECKING:
    from typing import SupportsFloat

SOURCE = Path(inspect.getfile(record))


@pytest.fixture(scope="module")
def executed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A notebook executed in a kernel that has nothing but a copy of the one file."""
    folder = tmp_path_factory.mktemp("kernel")
    shutil.copy(SOURCE, folder / "jupyter_mlcd.py")
    source = 'from jupyter_mlcd import record\nrecord("accuracy", 0.966)'
    cell = new_code_cell(source)  # type: ignore[no-untyped-call]
    notebook = new_notebook(cells=[cell])  # type: ignore[no-untyped-call]
    client = NotebookClient(
        notebook,
        kernel_name="python3",
        resources={"metadata": {"path": str(folder)}},
    )
    client.execute(env={**os.environ, "PYTHONPATH": str(folder)})
    path = folder / "executed.ipynb"
    nbformat.write(notebook, path)  # type: ignore[no-untyped-call]
    return path


def outputs(path: Path) -> list[Any]:
    notebook = nbformat.read(path, as_version=4)  # type: ignore[no-untyped-call]
    return list(notebook.cells[0].outputs)


def test_the_package_hands_out_the_function_and_never_the_module_of_that_name() -> None:
    program = (
        "import jupyter_mlcd.record; from jupyter_mlcd import record; record('accuracy', 1);"
        "from jupyter_mlcd import record; record('accuracy', 1)"
    )
    checkout = SOURCE.parent.parent
    answer = subprocess.run(
        [sys.executable, "-c", program], cwd=checkout, check=False, capture_output=True, text=True
    )
    assert answer.stderr == ""


def test_the_cell_shows_the_score_once_and_nothing_else(executed: Path) -> None:
    assert [output.data["text/plain"] for output in outputs(executed)] == ["accuracy = 0.966"]


def test_the_output_is_a_scrap(executed: Path) -> None:
    expected = {"name": "accuracy", "data": 0.966, "encoder": "json", "version": 1}
    assert outputs(executed)[0].data[MEDIA_TYPE] == expected


def test_the_output_says_that_it_holds_data_and_no_display(executed: Path) -> None:
    expected = {"name": "accuracy", "data": True, "display": False}
    assert outputs(executed)[0].metadata["scrapbook"] == expected


def test_scrapbook_itself_reads_the_score(executed: Path) -> None:
    # In a process of its own: scrapbook and what it imports warn about their own age.
    program = "import sys, scrapbook as sb; print(sb.read_notebook(sys.argv[1]).scraps['accuracy'])"
    answer = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", program, str(executed)],
        check=True,
        capture_output=True,
        text=True,
    )
    expected = "Scrap(name='accuracy', data=0.966, encoder='json', display=None)"
    assert answer.stdout.strip() == expected


def test_a_script_that_records_needs_no_ipython_and_prints_nothing(tmp_path: Path) -> None:
    shutil.copy(SOURCE, tmp_path / "jupyter_mlcd.py")
    program = (
        "import sys; from jupyter_mlcd import record; record('accuracy', 0.966);"
        "assert 'IPython' not in sys.modules"
    )
    answer = subprocess.run(
        [sys.executable, "-c", program],
        cwd=tmp_path,
        check=True,
        capture_output=True,
        text=True,
    )
    assert answer.stdout + answer.stderr == ""


@pytest.mark.parametrize(
    ("value", "kept"),
    [
        (0.966, 0.966),
        (3, 3),
        (True, 1),
        (np.float64(0.5), 0.5),
        (np.float32(0.5), 0.5),
        (np.int64(7), 7),
        (np.ones(3).all(), 1.0),
        (np.array(0.25), 0.25),
        (Decimal("0.25"), 0.25),
    ],
)
def test_whatever_is_one_number_is_kept_as_a_plain_one(value: SupportsFloat, kept: float) -> None:
    number = record("accuracy", value)
    assert (type(number), number) == (type(kept), kept)


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf, np.float64("nan"), 10**400])
def test_a_number_that_no_rule_can_compare_is_refused(value: SupportsFloat) -> None:
    with pytest.raises(ValueError, match="a rule cannot compare that: find out why"):
        record("accuracy", value)


@pytest.mark.parametrize("value", ["0.9", None, [0.9], 1j, np.complex64(1), np.array([0.1, 0.2])])
def test_what_is_not_one_number_is_refused(value: SupportsFloat) -> None:
    with pytest.raises(TypeError, match="must be one number"):
        record("accuracy", value)


@pytest.mark.parametrize("name", ["accuracy", "recall.digit-8", "F1_macro", "2"])
def test_a_name_of_letters_digits_and_three_signs_is_good(name: str) -> None:
    assert record(name, 1.0) == 1.0


@pytest.mark.parametrize("name", ["", "my score", "a/b", "schön", "accuracy\n"])
def test_any_other_name_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="cannot name a score"):
        record(name, 1.0)


def test_name_and_value_the_wrong_way_round_is_told_so() -> None:
    with pytest.raises(TypeError, match="write the name first"):
        record(0.966, "accuracy")  # type: ignore[arg-type]
