from __future__ import annotations

import json
import random
from typing import Any

import pytest

from jupyter_mlcd.bundle.redaction import redacted
from jupyter_mlcd.bundle.secret_rules import KnownSecret
from jupyter_mlcd.bundle.secrets import scan
from jupyter_mlcd.model.kept import mark_of
from tests.bundle.secret_kinds import KNOWN, STRUCTURED
from tests.faults.planted_secrets import ENCODINGS, PLACES

LUCK = random.Random(20261128)  # noqa: S311 - of the shape of secrets, and none
TOKEN = STRUCTURED["github-token"](LUCK)
OTHER = STRUCTURED["github-token"](LUCK)


def never(_finding: object) -> bool:
    return False


def notebook(*outputs: dict[str, Any], source: str = "") -> bytes:
    cell = {"cell_type": "code", "source": source, "outputs": list(outputs), "metadata": {}}
    return json.dumps({"cells": [cell], "metadata": {}, "nbformat": 4}).encode()


def stream(text: str) -> dict[str, Any]:
    return {"output_type": "stream", "name": "stdout", "text": text}


def cleaned(content: bytes, name: str = "a.ipynb", known: tuple[KnownSecret, ...] = ()) -> bytes:
    return redacted({name: content}, [name], known, never)[0][name]


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("encoding", ENCODINGS)
def test_nothing_that_is_found_outside_of_sources_is_left(place: str, encoding: str) -> None:
    for kind, make in {
        **dict(list(STRUCTURED.items())[::18]),
        **dict(list(KNOWN.items())[::4]),
    }.items():
        value = make(LUCK)
        known = (KnownSecret("a value", value),) if kind in KNOWN else ()
        name, content = PLACES[place](ENCODINGS[encoding](value))
        left = scan(name, cleaned(content, name, known), known)
        assert [one for one in left if one.output is not None or one.cell is None] == [], kind


def test_the_mark_says_which_kind_it_was_and_the_rest_stays() -> None:
    files, told = redacted(
        {"a.ipynb": notebook(stream(f"token {TOKEN}, 3 rows\n"))}, ["a.ipynb"], (), never
    )
    text = json.loads(files["a.ipynb"])["cells"][0]["outputs"][0]["text"]
    assert text == f"token {mark_of('github-token')}, 3 rows\n"
    assert [(one.place, one.rule, one.count) for one in told] == [
        ("a.ipynb, cell 0, output 0", "github-token", 1)
    ]


def test_a_source_is_what_was_tested_and_stays() -> None:
    content = cleaned(notebook(stream("fine"), source=f"token = '{TOKEN}'"))
    assert TOKEN in json.loads(content)["cells"][0]["source"]


def test_a_secret_that_is_split_over_the_pieces_of_a_stream_takes_them_all() -> None:
    content = cleaned(notebook(stream(TOKEN[:20]), stream(TOKEN[20:]), stream("more")))
    outputs = json.loads(content)["cells"][0]["outputs"]
    assert [one["text"] for one in outputs] == [f"{mark_of('github-token')}\n"] * 3


def test_a_private_key_goes_to_its_end() -> None:
    key = "-----BEGIN RSA " + "PRIVATE KEY-----\nMIIE\nabc\n-----END RSA " + "PRIVATE KEY-----"
    (output,) = json.loads(cleaned(notebook(stream(f"before {key} after"))))["cells"][0]["outputs"]
    assert output["text"] == f"before {mark_of('private-key')} after"


def test_a_long_text_stays_a_list_of_lines() -> None:
    lines = ["first\n", f"{TOKEN}\n", "last"]
    content = cleaned(notebook({"output_type": "stream", "name": "stdout", "text": lines}))
    assert json.loads(content)["cells"][0]["outputs"][0]["text"] == [
        "first\n",
        f"{mark_of('github-token')}\n",
        "last",
    ]


def test_what_is_allowed_by_its_fingerprint_stays_and_its_neighbour_goes() -> None:
    content = notebook(stream(f"{TOKEN} {OTHER}"))
    mark = next(one.fingerprint for one in scan("a.ipynb", notebook(stream(TOKEN)), ()))
    files, _ = redacted({"a.ipynb": content}, ["a.ipynb"], (), lambda one: one.fingerprint == mark)
    text = json.loads(files["a.ipynb"])["cells"][0]["outputs"][0]["text"]
    assert text == f"{TOKEN} {mark_of('github-token')}"


def test_two_secrets_of_one_kind_at_one_place_are_two_findings() -> None:
    found = scan("a.ipynb", notebook(stream(f"{TOKEN} {OTHER}")), ())
    assert len({one.fingerprint for one in found}) == 2
