from __future__ import annotations

import pytest

from jupyter_mlcd.execution.parameter_cell import check_names
from jupyter_mlcd.model.errors import ParameterError

CELL = """
seed: int | None = 1  # which sample
a = b = 2
first, (second, third) = 1, (2, 3)
name = 'x=y#z'
choice: "Literal['a', 'b']" = 'a'
%matplotlib inline
if seed:
    hidden = 1
"""


def cells(source: str, tag: str = "parameters") -> list[dict[str, object]]:
    return [{"cell_type": "code", "metadata": {"tags": [tag]}, "source": source}]


@pytest.mark.parametrize("name", ["seed", "a", "b", "first", "second", "third", "name", "choice"])
def test_every_plain_assignment_offers_its_names(name: str) -> None:
    check_names({name: 1}, cells(CELL))


@pytest.mark.parametrize("name", ["hidden", "Seed", "x", "Literal"])
def test_other_names_are_unknown(name: str) -> None:
    with pytest.raises(ParameterError, match=f"does not assign `{name}`"):
        check_names({name: 1}, cells(CELL))


def test_the_hint_lists_what_there_is() -> None:
    with pytest.raises(ParameterError) as caught:
        check_names({"c": 1}, cells("C = 1"))
    assert "It assigns `C`." in caught.value.hint


def test_without_a_tagged_cell_nothing_takes_parameters() -> None:
    with pytest.raises(ParameterError, match="no cell tagged `parameters`"):
        check_names({"c": 1}, cells("c = 1", tag="other"))


def test_without_parameters_no_cell_is_needed() -> None:
    check_names({}, [])


def test_a_cell_that_is_not_python_is_named() -> None:
    with pytest.raises(ParameterError, match="is not Python"):
        check_names({"c": 1}, cells("c <- 1 +"))
