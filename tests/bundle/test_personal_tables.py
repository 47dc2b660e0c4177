from __future__ import annotations

import json
import time

import pytest

from jupyter_mlcd.bundle.personal_columns import is_card, is_iban, is_tax_id, personal_kinds
from jupyter_mlcd.bundle.personal_tables import PersonalTables
from jupyter_mlcd.model.personal import UNREAD
from tests.faults.personal_tables import looked_at


def printed(text: str) -> dict[str, object]:
    return {"output_type": "stream", "name": "stdout", "text": text}


def kinds(text: str) -> set[str]:
    return {kind for one in looked_at(printed(text)) for kind in one.kinds}


@pytest.mark.parametrize(
    "text",
    [
        "Author: Ada Lovelace <ada@example.org>\nLicense: BSD\n",
        "write to ada@example.org, or to grace@example.org",
        "name: numpy\nauthor-email: a@numpy.org\n\nname: scipy\nauthor-email: b@scipy.org\n",
        " #  Column      Dtype\n 0  first_name  object\n 1  email       object\n",
        "the name of a column\nis the address of it\nand no phone\n",
        "name,value\naccuracy,0.9\nrecall,0.8\n",
        "first_name,total\nAda,3\n",
    ],
)
def test_what_is_no_table_of_people_is_none(text: str) -> None:
    assert looked_at(printed(text)) == []


def test_places_on_a_map_count_beside_names_only() -> None:
    assert kinds("lat,lon\n52.51,13.40\n48.13,11.57\n") == set()
    beside = "Vorname,lat,lon\nAda,52.51,13.40\nUwe,48.13,11.57\n"
    assert kinds(beside) == {"name", "place on a map"}


def test_a_column_as_pandas_prints_it_is_read() -> None:
    text = "0    ada@example.org\n1    bob@example.org\nName: contact, dtype: object\n"
    assert kinds(text) == {"e-mail address"}


def test_a_list_of_addresses_is_read() -> None:
    assert kinds("['ada@example.org', 'bob@example.org', 'cy@example.org']") == {"e-mail address"}


def test_pieces_of_a_stream_belong_together() -> None:
    outputs = [printed("email,n\nada@exam"), printed("ple.org,1\nbob@example.org,2\n")]
    cell = {"cell_type": "code", "source": "", "outputs": outputs}
    content = json.dumps({"cells": [cell], "metadata": {}}).encode()
    (found,) = PersonalTables().personal({"a.ipynb": content}, ())
    assert (found.cell, found.output, found.rows) == (0, 0, 2)


def test_headers_of_the_company_count_whatever_is_below() -> None:
    table = [("Member-No", ["1", "2"]), ("total", ["3", "4"])]
    assert personal_kinds(table) == ()
    assert personal_kinds(table, ["member_no"]) == ("member_no",)


def test_check_digits_are_checked() -> None:
    assert is_iban("DE89 3704 0044 0532 0130 00")
    assert not is_iban("DE88 3704 0044 0532 0130 00")
    assert is_card("4111 1111 1111 1111")
    assert not is_card("4111 1111 1111 1112")
    assert is_tax_id("86095742719")
    assert not is_tax_id("86095742718")


@pytest.mark.parametrize(
    "text",
    [
        "name " * 200_000,
        "first_name\n" * 100_000,
        "{'name': [" * 50_000,
        "[" * 300_000,
        "email," * 150_000,
        "=-" * 200_000 + "x",
        "a: " * 200_000,
        "│ name │\n" * 100_000,
        "\n" * 500_000,
        "name  " + " x" * 200_000,
    ],
    ids=range(10),
)
def test_no_text_takes_long(text: str) -> None:
    begun = time.process_time()
    found = looked_at(printed(text))
    assert all(one.kinds != (UNREAD,) for one in found)
    assert time.process_time() - begun < 5


def test_what_is_no_notebook_is_not_read() -> None:
    files = {"a.ipynb": b"{", "b.ipynb": b"[]", "c.ipynb": b'{"cells": 3}', "d.csv": b"email"}
    assert list(PersonalTables().personal(files, ())) == []
