from __future__ import annotations

import pytest

from jupyter_mlcd.bundle import in_words
from jupyter_mlcd.model.result import Verdict


def test_every_verdict_has_a_word_and_a_meaning() -> None:
    assert set(in_words.WORDS) == set(in_words.MEANINGS) == set(Verdict)


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "0.00 s"),
        (0.04, "0.04 s"),
        (0.099, "0.1 s"),
        (1.24, "1.2 s"),
        (59.96, "1 min 00 s"),
        (119.7, "2 min 00 s"),
        (125, "2 min 05 s"),
        (3599.8, "1 h 00 min"),
        (7320, "2 h 02 min"),
    ],
)
def test_a_duration_never_shows_sixty(seconds: float, words: str) -> None:
    assert in_words.duration(seconds) == words


@pytest.mark.parametrize(
    ("count", "words"),
    [(0, "0 bytes"), (1023, "1023 bytes"), (2048, "2 KiB"), (312 << 20, "312 MiB"),
     (5 << 30, "5.0 GiB"), (3 << 40, "3072.0 GiB")],
)  # fmt: skip
def test_a_size_has_its_unit(count: int, words: str) -> None:
    assert in_words.size(count) == words


def test_a_moment_is_read_by_people() -> None:
    assert in_words.moment("2026-11-04T01:00:05.123456Z") == "4 Nov 2026, 01:00:05 UTC"


@pytest.mark.parametrize("iso", ["", "yesterday", "2026-99-99"])
def test_what_is_no_time_is_left_as_it_is(iso: str) -> None:
    assert in_words.moment(iso) == iso
    assert in_words.between("2026-11-24T01:00:05Z", iso) is None


def test_numbers_under_each_other_have_the_same_decimals() -> None:
    places = in_words.decimals([0.9661, 0.959, 1])
    assert [in_words.number(value, places) for value in (0.959, 1)] == ["0.9590", "1.0000"]


def test_very_small_numbers_are_each_written_in_their_own_way() -> None:
    places = in_words.decimals([1e-9, 0.5])
    assert in_words.number(1e-9, places) == "1e-09"


def test_one_is_not_ones() -> None:
    assert (in_words.counted(1, "cell"), in_words.counted(0, "cell")) == ("1 cell", "0 cells")
