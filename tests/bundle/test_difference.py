from __future__ import annotations

import base64
import json
import subprocess
import sys
from typing import Any

import pytest

from jupyter_mlcd.bundle.difference import NotebookDifference
from jupyter_mlcd.model.comparison import NotebookCount, Relation
from jupyter_mlcd.model.errors import WorldError

_LARGE = 5 << 20
_CELLS = 300
_MEMORY = 400
"""MiB that the process may take for two notebooks of 5 MB."""


def cell(source: str, *outputs: dict[str, Any], name: str = "", tags: tuple[str, ...] = ()) -> Any:
    made = {"cell_type": "code", "source": source, "outputs": list(outputs)}
    return {**made, "id": name or source, "metadata": {"tags": list(tags)}, "execution_count": 1}


def printed(text: str) -> dict[str, Any]:
    return {"output_type": "stream", "name": "stdout", "text": text}


def shown(**forms: object) -> dict[str, Any]:
    data = {name.replace("__", "/"): value for name, value in forms.items()}
    return {"output_type": "display_data", "metadata": {}, "data": data}


def notebook(*cells: Any) -> bytes:
    return json.dumps({"cells": cells, "metadata": {}, "nbformat": 4}).encode()


def test_many_notebooks_are_counted_by_one_process() -> None:
    one = notebook(cell("a", printed("1")), cell("b"))
    other = notebook(cell("a", printed("2")), cell("b + 1", name="b"), cell("c"))
    counts = list(NotebookDifference().count([(one, other), (one, one)]))
    assert counts == [NotebookCount(sources=2, outputs=1), NotebookCount(0, 0)]


@pytest.mark.parametrize(
    "content",
    [b"", b"{}", b"[]", b"\xff", b'{"cells": [3]}', b'{"cells": 3}', b"[" * 100_000],
    ids=repr,
)
def test_what_is_no_notebook_is_said_in_words_and_stops_nothing(content: bytes) -> None:
    good = notebook(cell("a"))
    first, second = NotebookDifference().count([(content, good), (good, good)])
    assert isinstance(first, str)
    assert second == NotebookCount(0, 0)
    with pytest.raises(WorldError, match="could not be compared"):
        NotebookDifference().compare(good, content)


def test_a_notebook_that_is_too_large_is_not_even_sent() -> None:
    small, large = notebook(cell("a")), notebook(cell("a" * 2000))
    comparer = NotebookDifference(largest=1000)
    first, second = comparer.count([(small, large), (small, small)])
    assert "too large" in str(first)
    assert second == NotebookCount(0, 0)


def test_at_the_deadline_it_is_given_up_with_words() -> None:
    rows = "".join(f"<p>{number}</p>" for number in range(200_000))
    pair = notebook(cell("a", shown(text__html=rows))), notebook(cell("a", shown(text__html="b")))
    comparer = NotebookDifference(deadline=0.01)
    assert all("too long" in str(one) for one in comparer.count([pair, pair]))
    with pytest.raises(WorldError, match="too long") as caught:
        comparer.compare(*pair)
    assert "Nothing was changed" in caught.value.hint


def test_a_notebook_that_is_on_one_side_only_is_new_or_gone() -> None:
    one = notebook(cell("a"), cell("b"))
    comparer = NotebookDifference()
    assert {each.relation for each in comparer.compare(None, one).cells} == {Relation.NEW}
    assert {each.relation for each in comparer.compare(one, None).cells} == {Relation.GONE}


def test_an_output_is_given_whole_as_picture_or_as_text() -> None:
    png = base64.b64encode(b"\x89PNG picture").decode()
    one = notebook(
        cell("a", shown(image__png=[png[:8] + "\n", png[8:]], text__plain="<Figure>")),
        cell("b", printed("one\n"), printed("two\n")),
        cell("c", {"output_type": "error", "ename": "E", "evalue": "v", "traceback": ["x", "y"]}),
        cell("d", shown(**{"image__svg+xml": "<svg/>"})),
    )
    comparer = NotebookDifference()
    assert comparer.output(one, 0, 0, "picture") == b"\x89PNG picture"
    assert comparer.output(one, 0, 0, "text") == b"<Figure>"
    assert comparer.output(one, 1, 0, "text") == b"one\ntwo\n"
    assert comparer.output(one, 2, 0, "text") == b"x\ny"
    assert comparer.output(one, 3, 0, "picture") == b"<svg/>"


@pytest.mark.parametrize("place", [(0, 1), (1, 0), (-1, 0), (0, -1), (9, 9)])
def test_an_output_that_is_not_there_is_said_so(place: tuple[int, int]) -> None:
    one = notebook(cell("a", printed("1")))
    with pytest.raises(WorldError, match="no such output"):
        NotebookDifference().output(one, *place, "text")


def test_a_text_is_no_picture() -> None:
    with pytest.raises(WorldError):
        NotebookDifference().output(notebook(cell("a", printed("1"))), 0, 0, "picture")


@pytest.mark.timeout(300)
def test_two_large_notebooks_are_compared_with_little_memory() -> None:
    program = f"""
import json, random, resource, sys
from jupyter_mlcd.bundle.difference import NotebookDifference
def large(seed):
    dice = random.Random(seed)
    lines = {_LARGE // _CELLS // 12}
    cells = [dict(cell_type="code", id=f"c{{n}}", metadata=dict(), source=f"x{{n}} = {{seed}}",
        outputs=[dict(output_type="stream", name="stdout",
            text="".join(f"{{dice.randrange(10 ** 11)}}\\n" for _ in range(lines)))])
        for n in range({_CELLS})]
    return json.dumps(dict(cells=cells)).encode()
one, other = large(1), large(2)
assert len(one) > {_LARGE}, len(one)
(count,) = NotebookDifference(deadline=240).count([(one, other)])
cells = NotebookDifference(deadline=240).compare(one, other).cells
assert all(one.outputs_changed for one in cells), len(cells)
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(count.sources, count.outputs, used.ru_maxrss // 1024, used.ru_utime)
"""
    made = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    sources, outputs, memory, seconds = (float(word) for word in made.stdout.split())
    print(f"two notebooks of 5 MB: {seconds} s of processor, {memory} MiB")
    assert (sources, outputs) == (_CELLS, _CELLS)
    assert memory < _MEMORY
    assert seconds < 10
