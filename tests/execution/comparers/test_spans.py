from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from jupyter_mlcd.execution.comparers.spans import Span, changed, in_short, shown

TEXTS = st.text(alphabet="ab1. \n", max_size=30)


def cut(text: str, span: Span | None) -> str:
    start, end = (0, len(text)) if span is None else span
    return f"{text[:start]}|{text[end:]}"


def test_a_changed_number_is_shown_whole() -> None:
    expected, got = "accuracy 0.966 on 10", "accuracy 0.964 on 10"
    (start, end), other = changed(expected, got)
    assert (expected[start:end], got[slice(*other)]) == ("0.966", "0.964")


def test_a_new_word_is_an_empty_place_on_the_other_side() -> None:
    assert changed("one two", "one and two") == ((4, 4), (4, 8))


@given(TEXTS, TEXTS)
def test_outside_of_the_spans_nothing_changed(expected: str, got: str) -> None:
    ours, theirs = changed(expected, got)
    assert cut(expected, ours) == cut(got, theirs)


@given(TEXTS, TEXTS, TEXTS, st.integers(0, 900), st.integers(0, 900))
def test_in_shortened_texts_too_nothing_changed_outside_of_the_spans(
    before: str, one: str, other: str, much: int, more: int
) -> None:
    expected = f"{before * much}{one}{before * more}"
    got = f"{before * much}{other}{before * more}"
    spans = changed(expected, got)
    ours, theirs = shown(expected, got, spans)
    if None not in (ours[1], theirs[1]):
        assert cut(*ours) == cut(*theirs)
    assert max(len(ours[0]), len(theirs[0])) < 1100


@given(TEXTS, TEXTS)
def test_what_changed_stays_in_sight(one: str, other: str) -> None:
    expected, got = f"{'a ' * 3000}{one}{'b ' * 3000}", f"{'a ' * 3000}{other}{'b ' * 3000}"
    ours, theirs = changed(expected, got)
    (text, span), (new, place) = shown(expected, got, (ours, theirs))
    assert span is not None
    assert place is not None
    assert text[slice(*span)] == expected[slice(*ours)]
    assert new[slice(*place)] == got[slice(*theirs)]


def test_a_span_over_all_of_a_text_is_none() -> None:
    assert shown("a", "b", changed("a", "b")) == (("a", None), ("b", None))


def test_the_middle_of_a_long_change_is_left_out() -> None:
    assert in_short("a" * 5000, 1000) == f"{'a' * 500}\n... 4000 more ...\n{'a' * 500}"


def test_a_word_without_end_does_not_widen_a_span_over_all_of_it() -> None:
    expected, got = f"{'a' * 100_000}b{'a' * 100_000}", f"{'a' * 100_000}c{'a' * 100_000}"
    (start, end), _ = changed(expected, got)
    assert end - start < 100
