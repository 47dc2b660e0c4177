from __future__ import annotations

import json

import pytest

from jupyter_mlcd.bundle.rendering import NotebookRenderer
from jupyter_mlcd.model.errors import WorldError


def page_of(markdown: str, html: str) -> str:
    cells = [
        {"cell_type": "markdown", "id": "text", "metadata": {}, "source": markdown},
        {
            "cell_type": "code",
            "id": "code",
            "metadata": {},
            "source": "show()",
            "execution_count": 1,
            "outputs": [
                {"output_type": "display_data", "metadata": {}, "data": {"text/html": html}}
            ],
        },
    ]
    notebook = {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    return NotebookRenderer().page(json.dumps(notebook).encode()).decode()


def test_text_and_tables_are_shown_as_such() -> None:
    page = page_of("# A title\n\n*words*", "<table><tr><td>42</td></tr></table>")
    assert "<h1>A title" in page
    assert "<em>words</em>" in page
    assert "<td>42</td>" in page


def test_no_script_of_anybody_is_left() -> None:
    hostile = "<script>top.hit = 1</script><img src=x onerror=alert(1)><svg onload=alert(2)></svg>"
    page = page_of(f"{hostile} <iframe src='https://example.org'></iframe>", hostile)
    assert "<script" not in page.lower()
    assert "onerror" not in page
    assert "onload" not in page
    assert "<iframe" not in page


def test_what_is_no_notebook_is_said_so() -> None:
    with pytest.raises(WorldError, match="could not be shown"):
        NotebookRenderer().page(b"nonsense")
