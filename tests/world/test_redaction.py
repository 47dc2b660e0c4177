from __future__ import annotations

import base64
import copy
import html
import json
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyter_mlcd.execution.notebook_file import as_nodes
from jupyter_mlcd.world.redaction import Redactor
from tests.model.notebooks import notebook

if TYPE_CHECKING:
    from collections.abc import Callable

VALUE = 'pä55/w+rd "x" <&> \\ö\n2nd'
VALUES = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=4, max_size=40
)


def stream(text: Any) -> dict[str, Any]:
    return {"output_type": "stream", "name": "stdout", "text": text}


FORMS: dict[str, Callable[[str], str]] = {
    "itself": lambda value: value,
    "repr": repr,
    "json": json.dumps,
    "json-utf8": lambda value: json.dumps(value, ensure_ascii=False),
    "json-in-json": lambda value: json.dumps(json.dumps({"key": value})),
    "url": quote,
    "url-whole": lambda value: quote(value, safe=""),
    "url-form": quote_plus,
    "html": html.escape,
    "base64": lambda value: base64.b64encode(value.encode()).decode(),
    "base64-url": lambda value: base64.urlsafe_b64encode(value.encode()).decode(),
    "hex": lambda value: value.encode().hex(),
    "bytes": lambda value: repr(value.encode()),
}


@pytest.mark.parametrize("form", FORMS)
@given(VALUES)
def test_a_value_is_found_in_every_form_in_which_programs_print_it(form: str, value: str) -> None:
    redactor = Redactor({"API_KEY": value})
    printed = FORMS[form](value)
    output = stream(f"before {printed} after")
    assert redactor.redact_output(output)
    assert "[secret API_KEY]" in output["text"]


@given(
    st.binary(max_size=5), st.text("abcdefghijk", min_size=12, max_size=30), st.binary(max_size=5)
)
def test_a_value_is_found_inside_of_a_longer_text_in_base64(
    before: bytes, value: str, after: bytes
) -> None:
    printed = base64.b64encode(before + value.encode() + after).decode()
    output = stream(printed)
    assert Redactor({"API_KEY": value}).redact_output(output)
    # What remains of the value is less than one letter at each end.
    assert len(output["text"].replace("[secret API_KEY]", "")) * 6 <= (len(before + after) + 6) * 8


def test_all_parts_of_an_output_are_looked_at() -> None:
    redactor = Redactor({"K": "hunter22"})
    outputs = [
        stream("hunter22"),
        stream(["hun", "ter22\n", "end"]),
        {"output_type": "display_data", "metadata": {"x": "hunter22"}, "data": {"text/plain": "x"}},
        {"output_type": "execute_result", "metadata": {}, "execution_count": 1,
         "data": {"text/html": "<b>hunter22</b>", "x/json": {"hunter22": [["hunter22"]]}}},
        {"output_type": "error", "ename": "E", "evalue": "hunter22",
         "traceback": ["\x1b[31mhunter22\x1b[0m", "line"]},
    ]  # fmt: skip
    assert [redactor.redact_output(output) for output in outputs] == [True] * 5
    assert "hunter22" not in json.dumps(outputs)
    assert outputs[1]["text"] == ["[secret K]\n", "end"]
    assert outputs[4]["traceback"] == ["\x1b[31m[secret K]\x1b[0m", "line"]


def test_an_output_without_it_stays_the_very_same() -> None:
    output = {
        "output_type": "display_data",
        "metadata": {},
        "data": {"text/plain": ["a\n", "b"], "x/y": [1]},
    }
    before = copy.deepcopy(output)
    redactor = Redactor({"K": "hunter22"})
    assert not redactor.redact_output(output)
    assert output == before
    assert redactor.remarks == ()


def test_what_was_taken_out_is_said_once_for_each_output() -> None:
    redactor = Redactor({"API_KEY": "hunter22", "DB": "pa55word"})
    redactor.redact_output(stream("hunter22 hunter22"))
    redactor.redact_output(stream("hunter22 pa55word"))
    assert redactor.remarks == (
        "the value of `API_KEY` was taken out of 2 outputs",
        "the value of `DB` was taken out of 1 output",
    )


def test_a_second_time_finds_nothing_more() -> None:
    redactor = Redactor({"secret": "secret", "K": "[secret K]"})
    output = stream("a secret")
    assert redactor.redact_output(output)
    assert not redactor.redact_output(output)
    assert output["text"] == "a [secret secret]"


def test_a_value_too_short_to_be_found_is_said() -> None:
    redactor = Redactor({"PIN": "123"})
    assert not redactor.redact_output(stream("123"))
    assert redactor.remarks == ("the value of `PIN` is too short to be found in outputs",)


def test_the_longest_of_two_values_wins() -> None:
    redactor = Redactor({"SHORT": "abcd", "LONG": "abcdefgh"})
    assert redactor.redact_text("abcdefgh abcd") == "[secret LONG] [secret SHORT]"


def test_a_long_line_of_a_key_is_found_alone() -> None:
    key = "-----BEGIN KEY-----\nMIIEvQIBADANBgkqhkiG\nAgEAAoIBAQC7VJTUt9Us\n-----END KEY-----"
    assert Redactor({"KEY": key}).redact_text("x MIIEvQIBADANBgkqhkiG y") == "x [secret KEY] y"


def test_without_secrets_nothing_is_touched() -> None:
    assert Redactor({}).redact_text("text [secret X]") == "text [secret X]"


def test_a_notebook_loses_them_in_outputs_and_widgets() -> None:
    document = as_nodes(notebook("print(key)"))
    document.cells[0].outputs = [type(document)(stream("hunter22\n"))]
    document.metadata["widgets"] = {"state": {"1": {"value": "hunter22"}}}
    redactor = Redactor({"K": "hunter22"})
    assert redactor.redact_notebook(document)
    assert "hunter22" not in json.dumps(document)
    assert document.cells[0].outputs[0].text == "[secret K]\n"
    assert redactor.remarks == ("the value of `K` was taken out of 2 outputs",)


def test_forms_of_the_awkward_value_are_all_found() -> None:
    redactor = Redactor({"K": VALUE})
    for form in FORMS.values():
        assert "2nd" not in redactor.redact_text(form(VALUE))
