from __future__ import annotations

from typing import Any

import pytest

from jupyter_mlcd.bundle.difference_cells import compare_cells, count_cells
from jupyter_mlcd.model.comparison import CellComparison, OutputKind, Relation
from tests.bundle.test_difference import cell, notebook, printed, shown


def compared(before: list[Any], after: list[Any]) -> tuple[CellComparison, ...]:
    return compare_cells(notebook(*before), notebook(*after)).cells


def relations(before: list[Any], after: list[Any]) -> list[str]:
    return [f"{one.before}-{one.after} {one.relation}" for one in compared(before, after)]


LONG = "model = SVC(C=1.0)\nmodel.fit(train, labels)\nprint(model.score(test, labels))"


def test_a_cell_with_the_same_id_is_the_same_cell_however_much_it_changed() -> None:
    assert relations([cell("a", name="x")], [cell("quite another", name="x")]) == ["0-0 changed"]


def test_without_ids_the_cell_that_is_most_alike_is_the_same_one() -> None:
    before = [{**cell(LONG), "id": ""}, {**cell("other = 1"), "id": ""}]
    after = [{**cell("new = 2"), "id": ""}, {**cell(LONG.replace("1.0", "2.0")), "id": ""}]
    assert relations(before, after) == ["None-0 new", "0-1 changed", "1-None gone"]


def test_a_new_cell_does_not_take_the_place_of_one_that_comes_later() -> None:
    before, after = [cell(LONG, name="x")], [cell(LONG + " ", name="y"), cell(LONG + "#", name="x")]
    assert relations(before, after) == ["None-0 new", "0-1 changed"]


def test_a_text_cell_is_never_the_same_as_a_code_cell() -> None:
    text = {"cell_type": "markdown", "id": "x", "metadata": {}, "source": LONG}
    assert [one.relation for one in compared([cell(LONG, name="x")], [text])] == [
        Relation.NEW,
        Relation.GONE,
    ]


def test_the_cell_that_parameters_came_in_has_no_place_in_the_tested_notebook() -> None:
    given = ("injected-parameters",)
    before = [cell("a"), cell("C = 1", name="p", tags=given), cell("b")]
    after = [cell("a"), cell("seed = 'x'", name="q", tags=given), cell("b")]
    found = compared(before, after)
    assert [one.place for one in found] == [0, None, 1]
    assert [one.relation for one in found] == [Relation.SAME, Relation.CHANGED, Relation.SAME]


def test_cells_beyond_a_bound_are_counted() -> None:
    many = [cell(f"x = {number}") for number in range(700)]
    found = compare_cells(None, notebook(*many))
    assert (len(found.cells), found.left_out) == (600, 100)
    assert count_cells(notebook(), notebook(*many)).sources == 700


# ------------------------------------------------------------------------------------- its outputs


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (printed("at 0x7f0011223344"), printed("at 0x7fAABBCCDDEE")),
        (printed("10 %\r50 %\rdone\n"), printed("90 %\rdone\n")),
        ({**shown(text__plain="1"), "execution_count": 1}, shown(text__plain="1")),
        (shown(text__html="<p style='a'>x</p>"), shown(text__html="<p>x</p>\n")),
        (printed(["one\n", "two\n"]), printed("one\ntwo\n")),  # type: ignore[arg-type]
        ("no output", printed("")),
    ],
    ids=["address", "progress", "count", "style", "pieces", "nothing"],
)
def test_what_says_nothing_of_results_is_no_difference(before: Any, after: Any) -> None:
    sides = [[cell("a", one)] for one in (before, after)]
    if before == "no output":
        sides = [[cell("a", printed(""))], [cell("a", printed(""))]]
    assert [one.relation for one in compared(*sides)] == [Relation.SAME]


def test_pieces_of_one_stream_are_one_output() -> None:
    pieces = cell("a", printed("one\n"), shown(text__plain="x"), printed("two\n"))
    (found,) = compared([pieces], [cell("a", printed("one\n"), shown(text__plain="x"))])
    assert [one.name for one in found.outputs] == ["stdout", "text/plain"]
    assert [(one.before, one.after) for one in found.outputs[0].lines] == [
        ("one", "one"),
        ("two", None),
    ]


def test_a_recorded_score_is_compared_elsewhere() -> None:
    def scored(value: float) -> Any:
        forms = {"application/scrapbook.scrap.json+json": {"data": value}, "text/plain": str(value)}
        return cell("a", {"output_type": "display_data", "metadata": {}, "data": forms})

    assert [one.relation for one in compared([scored(1)], [scored(2)])] == [Relation.SAME]


def test_a_picture_is_told_by_its_place_and_its_digest() -> None:
    sides = [
        [cell("a", shown(image__png=text, text__plain="<Figure>"))] for text in ("QQ==", "Qg==")
    ]
    (found,) = compared(*sides)
    (output,) = found.outputs
    assert (output.kind, output.relation) == (OutputKind.PICTURE, Relation.CHANGED)
    assert output.before is not None
    assert output.after is not None
    assert output.before.sha256 != output.after.sha256
    assert (output.after.cell, output.after.output, output.after.whole) == (0, 0, False)


def test_a_table_is_told_by_its_rows() -> None:
    def framed(value: int) -> Any:
        rows = f"<tr><th>a</th></tr><tr><td>1</td></tr><tr><td>{value}</td></tr>"
        return [cell("a", shown(text__html=f"<table>{rows}</table>", text__plain="a"))]

    (found,) = compared(framed(2), framed(3))
    (output,) = found.outputs
    assert output.kind is OutputKind.TABLE
    rows = [(one.before, one.after) for one in output.rows]
    assert rows == [(("a",), ("a",)), (("1",), ("1",)), (("2",), ("3",))]


def test_markup_is_told_in_words_and_never_handed_on() -> None:
    hostile = "<script>alert(1)</script><p onclick='x()'>Hello <b>you</b></p>"
    (found,) = compared([cell("a")], [cell("a", shown(text__html=hostile))])
    (output,) = found.outputs
    assert [one.after for one in output.lines] == ["Hello you"]


def test_a_long_text_is_cut_and_says_so() -> None:
    (found,) = compared([cell("a", printed("x\n" * 50_000))], [cell("a", printed("y\n"))])
    (output,) = found.outputs
    assert output.before is not None
    assert (output.before.size, output.before.whole) == (100_000, False)
    assert len(output.lines) <= 10_001


def test_an_error_is_told_by_its_name_and_words_without_colours() -> None:
    failed = {"output_type": "error", "ename": "E", "evalue": "\x1b[31mno", "traceback": ["long"]}
    (found,) = compared([cell("a")], [cell("a", failed)])
    assert [one.after for one in found.outputs[0].lines] == ["E: no"]


def test_outputs_that_are_no_outputs_are_left_out() -> None:
    strange: list[Any] = [{}, {"output_type": "stream"}, {"output_type": "display_data"}, 3, None]
    (found,) = compared([cell("a", *strange)], [cell("a", *strange)])
    assert found.relation is Relation.SAME
