"""A notebook records scores, tables and figures; people, we and scrapbook read them."""

from __future__ import annotations

import ast
import base64
import inspect
import io
import json
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
import pandas as pd  # type: ignore[import-untyped]
import pytest
from matplotlib.figure import Figure
from nbclient import NotebookClient
from nbformat.v4 import new_code_cell, new_notebook
from PIL import Image

from jupyter_mlcd.model.recorded import recorded
from jupyter_mlcd.model.result import ExhibitKind
from jupyter_mlcd.record import MEDIA_TYPE, record, record_figure, record_table

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import SupportsFloat

SOURCE = Path(inspect.getfile(record))
OURS = """
import numpy as np, pandas as pd
from PIL import Image
import matplotlib.pyplot as plt
from jupyter_mlcd import record, record_figure, record_table
%matplotlib inline
record("accuracy", 0.9, low=0.85, high=0.95)
record("accuracy", 0.8, slice={"segment": "young"})
frame = pd.DataFrame({"digit": [3, 8], "recall": [0.99, np.nan], "note": ["<b>", None]})
record_table("worst", frame)
_, axes = plt.subplots()
axes.plot([1, 2])
record_figure("curve", axes)
record_figure("square", Image.new("RGB", (2, 2)))
"""
GLUED = """
import warnings; warnings.simplefilter("ignore")
import pandas as pd, scrapbook as sb
from PIL import Image
sb.glue("number", 0.9)
sb.glue("several", [1, 2])
sb.glue("named", {"a": 1})
sb.glue("frame", pd.DataFrame({"a": [1]}), "display")
sb.glue("picture", Image.new("RGB", (2, 2)), display=True)
"""
READ = """
import json, sys, scrapbook as sb
scraps = sb.read_notebook(sys.argv[1]).scraps
print(json.dumps({name: [one.data, one.encoder, sorted(one.display["data"]) if one.display else []]
                  for name, one in scraps.items()}))
"""


def execute(folder: Path, source: str) -> Path:
    """Execute a cell in a kernel of its own."""
    cell = new_code_cell(source)  # type: ignore[no-untyped-call]
    notebook = new_notebook(cells=[cell])  # type: ignore[no-untyped-call]
    client = NotebookClient(
        notebook,
        kernel_name="python3",
        resources={"metadata": {"path": str(folder)}},
    )
    client.execute(env={**os.environ, "PYTHONPATH": str(folder)})
    path = folder / f"{len(source)}.ipynb"
    nbformat.write(notebook, path)  # type: ignore[no-untyped-call]
    return path


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that has nothing of ours but a copy of the one file."""
    folder = tmp_path_factory.mktemp("kernel")
    shutil.copy(SOURCE, folder / "jupyter_mlcd.py")
    return folder


@pytest.fixture(scope="module")
def executed(alone: Path) -> Path:
    return execute(alone, 'from jupyter_mlcd import record\nrecord("accuracy", 0.966)')


@pytest.fixture(scope="module")
def rich(alone: Path) -> Path:
    return execute(alone, OURS)


@pytest.fixture(scope="module")
def glued(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return execute(tmp_path_factory.mktemp("glued"), GLUED)


@pytest.fixture(scope="module")
def scraps(rich: Path) -> dict[str, Any]:
    """What scrapbook reads, in a process of its own: what it imports warns about its age."""
    command = [sys.executable, "-W", "ignore", "-c", READ, str(rich)]
    answer = subprocess.run(command, check=True, capture_output=True, text=True)
    return dict(json.loads(answer.stdout))


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


# --------------------------------------------------------------------------- intervals and slices


def test_scrapbook_reads_a_score_with_its_interval_and_one_of_a_slice(
    scraps: Mapping[str, Any],
) -> None:
    assert scraps["accuracy"] == [0.9, "json", []]
    assert scraps['accuracy[segment="young"]'] == [0.8, "json", []]


def test_the_cell_shows_interval_and_slice(rich: Path) -> None:
    assert [one.data["text/plain"] for one in outputs(rich)[:2]] == [
        "accuracy = 0.9 (0.85 to 0.95)",
        'accuracy[segment="young"] = 0.8',
    ]


def test_an_interval_that_does_not_hold_the_value_is_refused() -> None:
    with pytest.raises(ValueError, match="two ends, not distances"):
        record("accuracy", 0.9, low=0.02, high=0.02)


def test_an_interval_with_one_end_is_refused() -> None:
    with pytest.raises(ValueError, match="give both"):
        record("accuracy", 0.9, low=0.8)


@pytest.mark.parametrize("part", [{}, "young", {"a": None}, {"a": math.nan}, {"a": [1]}])
def test_a_slice_of_another_form_is_refused(part: Any) -> None:
    with pytest.raises(TypeError, match="slice="):
        record("accuracy", 0.9, slice=part)


def test_a_slice_that_makes_too_long_a_name_is_refused() -> None:
    with pytest.raises(ValueError, match="use short names"):
        record("accuracy", 0.9, slice={"a": "x" * 200})


# ---------------------------------------------------------------------------------------- tables


def test_scrapbook_reads_a_table_and_what_it_shows(scraps: Mapping[str, Any]) -> None:
    rows = [[3, 0.99, "<b>"], [8, None, None]]
    content = {"columns": ["digit", "recall", "note"], "data": rows}
    media = [MEDIA_TYPE, "text/html", "text/plain"]
    assert scraps["worst"] == [content, "json", media]


def test_a_frame_is_made_again_of_what_was_recorded(scraps: Mapping[str, Any]) -> None:
    frame = pd.DataFrame(**scraps["worst"][0])
    assert list(frame.columns) == ["digit", "recall", "note"]
    assert frame["digit"].sum() == 11


def test_the_shown_table_is_text_and_no_markup(rich: Path) -> None:
    markup = outputs(rich)[2].data["text/html"]
    assert "<td>&lt;b&gt;</td>" in markup
    assert "worst: 2 rows, 3 columns" in markup


class Sent:
    """What would have been sent to the notebook; a kernel stands behind the fixtures above."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def keep(shown: dict[str, Any], about: dict[str, Any]) -> None:
            self.shown, self.about = shown, about

        monkeypatch.setattr(inspect.getmodule(record), "_show", keep)

    @property
    def rows(self) -> list[list[Any]]:
        return list(self.shown[MEDIA_TYPE]["data"]["data"])

    @property
    def columns(self) -> list[str]:
        return list(self.shown[MEDIA_TYPE]["data"]["columns"])


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> Sent:
    return Sent(monkeypatch)


@pytest.mark.parametrize(
    "table",
    [
        [{"a": 1, "b": 2}, {"a": 3, "b": 4}],
        {"a": [1, 3], "b": (2, 4)},
        {"a": np.array([1, 3]), "b": pd.Series([2, 4])},
        pd.DataFrame({"a": [1, 3], "b": [2, 4]}),
    ],
)
def test_every_kind_of_table_gives_the_same_rows(sent: Sent, table: object) -> None:
    record_table("t", table)
    assert (sent.columns, sent.rows) == (["a", "b"], [[1, 2], [3, 4]])


@pytest.mark.parametrize("table", [np.array([[1, 2], [3, 4]]), [[1, 2], [3, 4]]])
def test_columns_without_names_are_counted(sent: Sent, table: object) -> None:
    record_table("t", table)
    assert (sent.columns, sent.rows) == (["0", "1"], [[1, 2], [3, 4]])


def test_an_index_that_says_something_is_a_column(sent: Sent) -> None:
    record_table("t", pd.Series([5], index=pd.Index(["young"], name="segment"), name="n"))
    assert (sent.columns, sent.rows) == (["segment", "n"], [["young", 5]])


def test_values_that_json_does_not_know_become_text_or_nothing(sent: Sent) -> None:
    row = [Decimal("0.5"), pd.Timestamp("2026-11-24"), pd.NaT, math.nan, math.inf, 2**70, True]
    record_table("t", [row])
    day = "2026-11-24T00:00:00"
    assert sent.rows == [[0.5, day, None, None, "inf", str(2**70), True]]


def test_a_large_table_is_cut_and_says_so(sent: Sent) -> None:
    record_table("t", np.zeros((1500, 120)))
    assert (len(sent.rows), len(sent.columns)) == (1000, 100)
    assert sent.shown[MEDIA_TYPE]["shape"] == [1500, 120]
    assert sent.shown["text/plain"] == (
        "t: 1500 rows, 120 columns; the first 1000 rows and 100 columns are recorded; "
        "the first 100 are shown"
    )


def test_a_table_of_long_texts_stays_below_the_limit_of_a_cell(sent: Sent) -> None:
    record_table("t", [{"a": "x" * 10_000, "b": "y" * 10_000}] * 5000)
    assert len(json.dumps(sent.shown)) < 5 << 20
    assert max(len(value) for row in sent.rows for value in row) == 500


def test_columns_of_different_length_are_refused() -> None:
    with pytest.raises(ValueError, match="differ in length"):
        record_table("t", {"a": [1], "b": [1, 2]})


@pytest.mark.parametrize("table", [3, "text", {"a": 1}, [1, 2], None, np.zeros(3)])
def test_what_is_no_table_is_refused(table: object) -> None:
    with pytest.raises(TypeError, match="must be a DataFrame"):
        record_table("t", table)


# --------------------------------------------------------------------------------------- figures


@pytest.mark.parametrize("name", ["curve", "square"])
def test_scrapbook_reads_a_figure(scraps: Mapping[str, Any], name: str) -> None:
    assert scraps[name] == [None, "display", ["image/png", "text/plain"]]


def test_a_figure_is_shown_once(rich: Path) -> None:
    # Two scores, a table, two figures, and no second curve at the end of the cell.
    assert len(outputs(rich)) == 5


class Svg:
    def _repr_svg_(self) -> str:
        return "<svg/>"


class Plotly:
    """As plotly and altair do it: no picture, but what their own viewers read."""

    def _repr_mimebundle_(self) -> dict[str, Any]:
        return {"application/vnd.plotly.v1+json": {"data": []}, "text/html": "x" * (5 << 20)}


def png() -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (1, 1)).save(buffer, "PNG")
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("figure", "media"),
    [
        (Figure(), "image/png"),
        (Figure().subplots(), "image/png"),
        (Image.new("RGB", (1, 1)), "image/png"),
        (png(), "image/png"),
        (Svg(), "image/svg+xml"),
        (Plotly(), "application/vnd.plotly.v1+json"),
        (pd.DataFrame({"a": [1]}), "text/html"),
    ],
)
def test_every_kind_of_figure_is_shown_as_such(sent: Sent, figure: object, media: str) -> None:
    record_figure("f", figure)
    assert set(sent.shown) >= {media, "text/plain"}
    assert sent.about == {"scrapbook": {"name": "f", "data": False, "display": True}}


def test_the_path_of_a_picture_is_enough(sent: Sent, tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(png())
    record_figure("f", tmp_path / "a.png")
    assert base64.b64decode(sent.shown["image/png"]) == png()


def test_a_form_that_is_too_large_is_left_out_where_another_is_there(sent: Sent) -> None:
    record_figure("f", Plotly())
    assert "text/html" not in sent.shown


def test_a_figure_of_which_nothing_is_left_is_refused() -> None:
    with pytest.raises(ValueError, match="larger than 4 MiB"):
        record_figure("f", png() + bytes(5 << 20))


@pytest.mark.parametrize("figure", [3, None, b"GIF89a", Svg, object()])
def test_what_is_no_figure_is_refused(figure: object) -> None:
    with pytest.raises(TypeError, match="cannot be shown"):
        record_figure("f", figure)


def test_a_table_and_a_figure_have_names_as_scores_have() -> None:
    with pytest.raises(ValueError, match="cannot name"):
        record_table("my table", [])
    with pytest.raises(ValueError, match="cannot name"):
        record_figure("my figure", png())


# ------------------------------------------------------------------------------- read by ourselves


def test_we_read_what_we_record(rich: Path) -> None:
    found = recorded(outputs(rich), 0)
    assert found.metrics == {"accuracy": 0.9, 'accuracy[segment="young"]': 0.8}
    assert found.intervals == {"accuracy": (0.85, 0.95)}
    assert [(one.name, one.kind, one.output) for one in found.exhibits] == [
        ("worst", ExhibitKind.TABLE, 2),
        ("curve", ExhibitKind.FIGURE, 3),
        ("square", ExhibitKind.FIGURE, 4),
    ]
    assert found.remarks == ()


def test_we_read_what_scrapbook_glues(glued: Path) -> None:
    found = recorded(outputs(glued), 0)
    assert found.metrics == {"number": 0.9}
    assert [(one.name, one.kind) for one in found.exhibits] == [
        ("several", ExhibitKind.TABLE),
        ("named", ExhibitKind.TABLE),
        ("frame", ExhibitKind.TABLE),
        ("picture", ExhibitKind.FIGURE),
    ]
    assert found.remarks == ()


# ------------------------------------------------------------------------------------ old kernels


def test_the_file_is_written_as_python_3_8_reads_it() -> None:
    ast.parse(SOURCE.read_text(), feature_version=(3, 8))
