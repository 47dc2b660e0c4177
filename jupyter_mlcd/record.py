"""Record scores, tables and figures in a notebook.

This file needs nothing but the standard library and no other file of this package: it is put on
the path of kernels that do not have the package. Copied there under the name `jupyter_mlcd.py`
it answers the same line, `from jupyter_mlcd import record`. Such kernels can be older than we
are, so the syntax stays with what Python 3.8 reads.

What is recorded travels as an output of the cell, in scrapbook's format, so that it is kept
wherever the notebook is kept and scrapbook's own reader finds it. Kernels of other languages
write the same; the least that is read is an output of MEDIA_TYPE with {"name": ..., "data": ...}.
Source: https://nteract-scrapbook.readthedocs.io (`application/scrapbook.scrap.json+json`).
"""

from __future__ import annotations

import base64
import html
import io
import json
import math
import numbers
import operator
import os
import re
import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import SupportsFloat

    SliceValue = str | int | float | bool
    Columns = list[str]
    Rows = list[list[Any]]

__all__ = ["MEDIA_TYPE", "record", "record_figure", "record_table"]

MEDIA_TYPE = "application/scrapbook.scrap.json+json"
"""Scrapbook's media type for a named JSON value; `sb.glue` writes the same."""

MOST_ROWS, MOST_COLUMNS = 1000, 100
"""More of a table is not recorded."""
_SHOWN_ROWS = 100
_LONGEST_VALUE, _LONGEST_SHOWN, _LONGEST_KEY = 500, 100, 200
_LONGEST_TABLE = 2 << 20
"""Characters of JSON: the outputs of one cell are kept up to 5 MiB."""
_LARGEST_FIGURE = 3 << 20
"""Bytes of one form of a figure."""
_LARGEST_INT = 1 << 53
"""Larger whole numbers change when a reader of JSON takes them for floats."""

_NAME = re.compile(r"[A-Za-z0-9_.-]{1,100}")
_HEADS = {"image/png": b"\x89PNG\r\n\x1a\n", "image/jpeg": b"\xff\xd8\xff"}


def record(
    name: str,
    value: SupportsFloat,
    *,
    low: SupportsFloat | None = None,
    high: SupportsFloat | None = None,
    slice: Mapping[str, SliceValue] | None = None,  # noqa: A002 - the field's own word
) -> float | None:
    """Record the score `name` with the number `value` in the cell that calls this.

    `name` is made of letters, digits, `_`, `-` and `.`; `value` is one finite number: an int, a
    float, a bool (kept as 1 or 0), or anything that turns into a float, such as a NumPy scalar.
    Its unit is the caller's. `low` and `high`, always both, say how sure it is: the ends of the
    interval that holds it. `slice` names the part of the data that it was measured on:
    `{"segment": "young"}` makes it a score of its own, `accuracy[segment="young"]`. The same score
    recorded twice in one notebook: the last one counts.

    Outside a kernel nothing is shown and the number is returned, so that the same code runs as a
    script. In a kernel the cell shows `accuracy = 0.966` and None is returned, since a cell would
    show the value of its last line a second time.

    Raises ValueError where the name breaks the rule, a number is not finite or the value lies
    outside its interval, TypeError where `name` is not a string or a number is none. All say what
    to do.
    """
    key = _key(name, slice)
    number = _as_number(key, value)
    interval = _as_interval(key, number, low, high)
    if not _in_kernel():
        return number
    scrap: dict[str, Any] = {"name": key, "data": number}
    text = f"{key} = {number:.6g}"
    if slice:
        scrap["slice"] = _as_slice(name, slice)
    if interval:
        scrap["low"], scrap["high"] = interval
        text += f" ({interval[0]:.6g} to {interval[1]:.6g})"
    _show_scrap(scrap, {"text/plain": text}, display=False)
    return None


def record_table(name: str, table: object) -> None:
    """Record the table `name`: its values, and a table that the cell shows.

    `table` is a DataFrame or Series of pandas or polars, a list of dicts (one for each row), a dict
    of lists (one for each column), a list of lists or a two-dimensional array. At most 1000 rows
    and 100 columns are recorded; the cell says so where there are more. Scrapbook's reader gives
    `{"columns": [...], "data": [...]}`, of which `pandas.DataFrame(**it)` makes the table again.

    Raises ValueError where the name breaks the rule or columns differ in length, TypeError where
    `table` is no table.
    """
    _check_name(name)
    columns, rows, shape = _as_table(name, table)
    kept = _bounded(rows)
    scrap = {"name": name, "data": {"columns": columns, "data": kept}, "shape": list(shape)}
    words = f"{name}: {shape[0]} rows, {shape[1]} columns"
    if (len(kept), len(columns)) != shape:
        words += f"; the first {len(kept)} rows and {len(columns)} columns are recorded"
    if len(kept) > _SHOWN_ROWS:
        words += f"; the first {_SHOWN_ROWS} are shown"
    shown = {"text/plain": words, "text/html": _as_html(words, columns, kept[:_SHOWN_ROWS])}
    _show_scrap(scrap, shown, display=True)


def record_figure(name: str, figure: object) -> None:
    """Record the figure `name` and show it.

    `figure` is one of matplotlib, plotly, Pillow or any library whose figures Jupyter shows; or the
    bytes of a PNG or JPEG file, or the path to one.

    Raises ValueError where the name breaks the rule or the figure is larger than 3 MiB, TypeError
    where `figure` is no figure, OSError where the file cannot be read.
    """
    _check_name(name)
    shown, about = _as_figure(name, figure)
    about["scrapbook"] = {"name": name, "data": False, "display": True}
    _show(shown, about)


# ----------------------------------------------------------------------------- names and numbers


def _check_name(name: object) -> None:
    if not isinstance(name, str):
        message = (
            f"The name of a score is a string, not {_kind(name)}: "
            'write the name first, as in record("accuracy", 0.966).'
        )
        raise TypeError(message)
    if not _NAME.fullmatch(name):
        message = (
            f"{name!r:.120} cannot name a score: "
            'use letters, digits, "_", "-" and "." only, as in "accuracy".'
        )
        raise ValueError(message)


def _key(name: str, part: Mapping[str, SliceValue] | None) -> str:
    _check_name(name)
    if part is None:
        return name
    values = _as_slice(name, part)
    key = f"{name}[{','.join(f'{one}={json.dumps(values[one])}' for one in sorted(values))}]"
    if len(key) > _LONGEST_KEY:
        message = f"The slice of {name!r} is over {_LONGEST_KEY} characters long: use short names."
        raise ValueError(message)
    return key


def _as_slice(name: str, part: object) -> dict[str, SliceValue]:
    usage = f'as in record({name!r}, 0.9, slice={{"segment": "young"}})'
    if not isinstance(part, dict) or not part:
        message = f"A slice is a dict, not {_kind(part)}: write what it is a part by, {usage}."
        raise TypeError(message)
    found: dict[str, SliceValue] = {}
    for one, value in part.items():
        _check_name(one)
        if not isinstance(value, str):
            value = value if isinstance(value, bool) else _plain_number(value)  # noqa: PLW2901
        if value is None or (isinstance(value, float) and not math.isfinite(value)):
            message = f"The slice of {name!r} has no text or number for {one!r}, {usage}."
            raise TypeError(message)
        found[one] = value
    return found


def _as_number(name: str, value: object) -> float:
    number = _plain_number(value)
    if number is None:
        message = (
            f"The score {name!r} must be one number, not {_kind(value)}: "
            "record each number under a name of its own."
        )
        raise TypeError(message)
    if not _is_finite(number):
        message = (
            f"The score {name!r} is {number}, and a rule cannot compare that: find out why "
            "(an empty selection? a division by zero?), or record it only where it exists."
        )
        raise ValueError(message)
    return number


def _as_interval(
    name: str, number: float, low: SupportsFloat | None, high: SupportsFloat | None
) -> tuple[float, float] | None:
    if low is None and high is None:
        return None
    if low is None or high is None:
        message = f"The interval of {name!r} has one end only: give both `low` and `high`."
        raise ValueError(message)
    ends = _as_number(f"{name}, low", low), _as_number(f"{name}, high", high)
    if not ends[0] <= number <= ends[1]:
        message = (
            f"The score {name!r} is {number}, outside its interval {ends[0]} to {ends[1]}: "
            "`low` and `high` are the two ends, not distances from the value."
        )
        raise ValueError(message)
    return ends


def _plain_number(value: object) -> float | None:
    """Return `value` as Python's own int or float, which JSON can hold; None if it is neither."""
    is_complex = isinstance(value, numbers.Complex) and not isinstance(value, numbers.Real)
    if is_complex or not hasattr(type(value), "__float__"):
        return None
    try:
        return int(operator.index(value))  # type: ignore[arg-type]  # whole numbers stay whole
    except TypeError:
        pass
    try:
        return float(value)  # type: ignore[arg-type]
    except (TypeError, ValueError):  # an array of several numbers has __float__ and refuses
        return None


def _is_finite(number: float) -> bool:
    try:
        return math.isfinite(number)
    except OverflowError:  # an int beyond the largest float
        return False


def _kind(value: object) -> str:
    return f"{type(value).__name__} ({value!r:.40})"


# ---------------------------------------------------------------------------------------- tables


def _as_table(name: str, table: Any) -> tuple[Columns, Rows, tuple[int, int]]:  # noqa: ANN401
    """Return columns and rows within the bounds, and how many of both there are in all."""
    if hasattr(table, "to_frame") and not hasattr(table, "columns"):
        table = table.to_frame()  # a Series
    if hasattr(table, "columns") and hasattr(table, "iloc"):
        return _of_pandas(table)
    if hasattr(table, "columns") and callable(getattr(table, "rows", None)):  # polars
        return _cut(list(table.columns), table.head(MOST_ROWS).rows(), table.height)
    if getattr(table, "ndim", None) == 2 and hasattr(table, "tolist"):  # noqa: PLR2004 - an array
        return _cut(list(range(table.shape[1])), table[:MOST_ROWS].tolist(), len(table))
    if isinstance(table, dict) and all(_is_list(values) for values in table.values()):
        return _of_columns(name, table)
    if _is_list(table) and all(isinstance(row, dict) for row in table):
        columns = list(dict.fromkeys(key for row in table[:MOST_ROWS] for key in row))
        rows = [[row.get(key) for key in columns] for row in table[:MOST_ROWS]]
        return _cut(columns, rows, len(table))
    if _is_list(table) and all(_is_list(row) for row in table):
        width = max(map(len, table), default=0)
        rows = [[*row, *[None] * (width - len(row))] for row in table[:MOST_ROWS]]
        return _cut(list(range(width)), rows, len(table))
    message = (
        f"The table {name!r} must be a DataFrame, a list of dicts, a dict of lists or an array of "
        f"two dimensions, not {_kind(table)}."
    )
    raise TypeError(message)


def _of_pandas(table: Any) -> tuple[Columns, Rows, tuple[int, int]]:  # noqa: ANN401
    head = table.iloc[:MOST_ROWS, :MOST_COLUMNS]
    columns = [head.iloc[:, place].tolist() for place in range(head.shape[1])]
    names = list(head.columns)
    # An index that only counts the rows says nothing; any other one is a column to the reader.
    counted = type(table.index).__name__ == "RangeIndex"
    if not counted:
        columns.insert(0, head.index.tolist())
        names.insert(0, table.index.name or "")
    rows = [list(row) for row in zip(*columns)] if columns else []  # noqa: B905 - Python 3.8
    width = table.shape[1] + (not counted)
    return _cut(names, rows, len(table), width)


def _of_columns(name: str, table: dict[Any, Any]) -> tuple[Columns, Rows, tuple[int, int]]:
    lengths = {len(values) for values in table.values()}
    if len(lengths) > 1:
        message = f"The columns of the table {name!r} differ in length: {sorted(lengths)[:5]}."
        raise ValueError(message)
    rows = list(zip(*(values[:MOST_ROWS] for values in table.values())))  # noqa: B905 - Python 3.8
    return _cut(list(table), rows, max(lengths, default=0))


def _is_list(value: object) -> bool:
    is_array = getattr(value, "ndim", None) == 1 and hasattr(value, "tolist")
    return isinstance(value, (list, tuple)) or is_array


def _cut(
    columns: list[Any], rows: Iterable[Any], height: int, width: int | None = None
) -> tuple[Columns, Rows, tuple[int, int]]:
    names = [_label(one) for one in columns[:MOST_COLUMNS]]
    plain = [[_plain(value) for value in row[:MOST_COLUMNS]] for row in rows]
    return names, plain, (height, len(columns) if width is None else width)


def _label(name: object) -> str:
    parts = name if isinstance(name, tuple) else (name,)
    return ", ".join(str(part) for part in parts)[:_LONGEST_SHOWN]


def _plain(value: Any) -> Any:  # noqa: ANN401 - a value of any library, and one of JSON
    """Return what JSON can hold: None for what is missing, text for what it does not know."""
    if value is None or isinstance(value, bool):
        return value
    number = None if isinstance(value, str) else _plain_number(value)
    if number is not None and _is_finite(number) and abs(number) <= _LARGEST_INT:
        return number
    if (isinstance(value, float) and math.isnan(value)) or str(value) in {"NaT", "<NA>", "nan"}:
        return None
    text = value.isoformat() if hasattr(value, "isoformat") else str(value)
    return text if len(text) <= _LONGEST_VALUE else text[: _LONGEST_VALUE - 1] + "…"


def _bounded(rows: Rows) -> Rows:
    size = 0
    for count, row in enumerate(rows):
        size += len(json.dumps(row))
        if size > _LONGEST_TABLE:
            return rows[:count]
    return rows


def _as_html(caption: str, columns: Columns, rows: Rows) -> str:
    def line(tag: str, values: list[Any]) -> str:
        texts = (_shown(value) for value in values)
        return f"<tr>{''.join(f'<{tag}>{html.escape(text)}</{tag}>' for text in texts)}</tr>"

    head = line("th", list(columns))
    body = "\n".join(line("td", row) for row in rows)
    about = f"<caption>{html.escape(caption)}</caption>"
    return f"<table>{about}\n<thead>{head}</thead>\n<tbody>\n{body}\n</tbody></table>"


def _shown(value: object) -> str:
    text = "" if value is None else f"{value:.6g}" if isinstance(value, float) else str(value)
    return text if len(text) <= _LONGEST_SHOWN else text[: _LONGEST_SHOWN - 1] + "…"


# --------------------------------------------------------------------------------------- figures


def _as_figure(name: str, figure: Any) -> tuple[dict[str, Any], dict[str, Any]]:  # noqa: ANN401
    """Return the forms of a figure by media type, and their metadata."""
    about: dict[str, Any] = {}
    if isinstance(figure, (str, os.PathLike)):
        with open(figure, "rb") as file:  # noqa: PTH123 - a path of any kind
            figure = file.read(_LARGEST_FIGURE + 1)
    if isinstance(figure, (bytes, bytearray)):
        kinds = [kind for kind, head in _HEADS.items() if bytes(figure).startswith(head)]
        forms: dict[str, Any] = {kind: bytes(figure) for kind in kinds}
    elif _drawing(figure):
        forms = {"image/png": _of_matplotlib(_drawing(figure))}
    else:
        forms, about = _of_jupyter(figure)
    if not forms:
        message = (
            f"The figure {name!r} cannot be shown, it is {_kind(figure)}: give a figure of "
            "matplotlib, plotly or Pillow, or the path of a PNG file."
        )
        raise TypeError(message)
    if "image/png" in forms:
        forms.pop("image/jpeg", None)  # Pillow gives both
    texts = {kind: _as_text(kind, form) for kind, form in forms.items()}
    kept = {kind: text for kind, text in texts.items() if _size(text) <= _LARGEST_FIGURE}
    if not set(kept) - {"text/plain"}:
        message = f"The figure {name!r} is larger than 4 MiB: make it with fewer points or pixels."
        raise ValueError(message)
    kept.setdefault("text/plain", "figure " + name)
    return kept, about


def _drawing(figure: Any) -> Any:  # noqa: ANN401 - of a library that is not imported here
    """Return matplotlib's figure, also that of axes and of seaborn's grids."""
    if hasattr(figure, "savefig"):
        return getattr(figure, "figure", figure)
    owner = getattr(figure, "figure", None)
    return owner if hasattr(owner, "savefig") else None


def _of_matplotlib(figure: Any) -> bytes:  # noqa: ANN401
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", bbox_inches="tight")
    pyplot = sys.modules.get("matplotlib.pyplot")
    if pyplot and _in_kernel() and "inline" in pyplot.get_backend().lower():
        pyplot.close(figure)  # or the end of the cell would show it a second time
    return buffer.getvalue()


def _of_jupyter(figure: Any) -> tuple[dict[str, Any], dict[str, Any]]:  # noqa: ANN401
    """Return what the figure itself says Jupyter should show."""
    if isinstance(figure, type):
        return {}, {}
    if callable(getattr(figure, "_repr_mimebundle_", None)):
        bundle = figure._repr_mimebundle_()
        forms, about = bundle if isinstance(bundle, tuple) else (bundle, {})
        if forms:
            return dict(forms), dict(about)
    forms = {}
    for word, kind in _REPRESENTATIONS:
        draw = getattr(figure, word, None)
        form = draw() if callable(draw) else None
        if isinstance(form, tuple):  # with metadata
            form = form[0]
        if form:
            forms[kind] = form
    return forms, {}


_REPRESENTATIONS = (
    ("_repr_png_", "image/png"),
    ("_repr_jpeg_", "image/jpeg"),
    ("_repr_svg_", "image/svg+xml"),
    ("_repr_html_", "text/html"),
)


def _as_text(kind: str, form: Any) -> Any:  # noqa: ANN401 - text, or JSON
    if not isinstance(form, (bytes, bytearray)):
        return form
    if kind.startswith("image/") and kind != "image/svg+xml":
        return base64.b64encode(form).decode("ascii")
    return form.decode("utf-8", "replace")


def _size(form: object) -> int:
    return len(form if isinstance(form, str) else json.dumps(form, default=str))


# --------------------------------------------------------------------------------------- showing


def _in_kernel() -> bool:
    # A kernel has imported IPython long before; importing it to find out costs a script a second.
    if "IPython" not in sys.modules:
        return False
    from IPython.core.getipython import get_ipython  # noqa: PLC0415  see above

    return getattr(get_ipython(), "kernel", None) is not None


def _show_scrap(scrap: dict[str, Any], shown: dict[str, Any], *, display: bool) -> None:
    # Scrapbook's schema asks for these two and lets other keys be.
    whole = dict(scrap, encoder="json", version=1)
    about = {"scrapbook": {"name": scrap["name"], "data": True, "display": display}}
    _show(dict({MEDIA_TYPE: whole}, **shown), about)


def _show(shown: dict[str, Any], about: dict[str, Any]) -> None:
    if not _in_kernel():
        return
    from IPython.display import display  # noqa: PLC0415  only a kernel has it

    display(shown, metadata=about, raw=True)  # type: ignore[no-untyped-call]
