from __future__ import annotations

import base64
import json

from jupyter_mlcd.bundle.difference_process import text_of


def executed(**data: object) -> bytes:
    """Return a notebook with one cell that put this out."""
    output = {"output_type": "display_data", "data": data, "metadata": {}}
    cell = {"cell_type": "code", "source": "", "metadata": {}, "outputs": [output]}
    return json.dumps({"cells": [cell], "nbformat": 4, "nbformat_minor": 5}).encode()


def text(**data: object) -> str:
    return base64.b64decode(text_of(executed(**data), 0, 0)).decode()


def test_markup_is_told_by_what_is_read_of_it_not_by_the_name_of_an_object() -> None:
    shown = {"text/html": "<p>All went <b>well</b></p>", "text/plain": "<IPython.HTML object>"}
    assert text(**shown) == "All went well"


def test_a_table_is_told_to_its_end() -> None:
    rows = "".join(f"<tr><td>{row}</td><td>right</td></tr>" for row in range(1000))
    lines = text(**{"text/html": f"<table>{rows}</table>", "text/plain": "..."}).split("\n")
    assert len(lines) == 1000
    assert lines[-1] == "999\tright"


def test_what_has_no_markup_is_told_by_its_plain_text() -> None:
    assert text(**{"text/latex": "$x$", "text/plain": "x"}) == "x"
