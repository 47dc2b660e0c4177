from __future__ import annotations

import pytest

from jupyter_mlcd.bundle.secrets import scan
from tests.bundle.secret_kinds import KNOWN, STRUCTURED
from tests.faults.planted_secrets import ENCODINGS, PLACES, plant


def test_what_is_planted_is_found_wherever_and_however_it_stands() -> None:
    tally = plant(seed=20261128)
    assert len(STRUCTURED | KNOWN) * len(PLACES) * len(ENCODINGS) == 3600
    assert tally.found["known values"] == tally.planted["known values"] == 480
    assert tally.found["structured kinds"] >= 0.99 * tally.planted["structured kinds"]


@pytest.mark.parametrize(
    "text",
    [
        "TOKEN=your-token-here-please",
        "export API_KEY=$MY_OTHER_VARIABLE_2",
        "DB_PASSWORD=<your password 1>",
        "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        "key-value-store keyboard pattern desk-us-1",
        "MAX_TOKEN=4096",
    ],
)
def test_what_only_looks_so_raises_no_alarm(text: str) -> None:
    assert scan("x.txt", text.encode(), []) == []
