from __future__ import annotations

import hashlib
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from jupyter_mlcd.execution.output_limit import OutputLimit

LIMIT = 200 << 10


def printed(limit: OutputLimit, *texts: str) -> str:
    """Return what is kept of printed texts, and the words about the rest."""
    kept = ""
    for text in texts:
        content = {"text": text}
        if limit.admit("stream", content):
            kept += content["text"]
    return kept + limit.in_words()


def shown(limit: OutputLimit, **media: Any) -> dict[str, Any] | None:
    """Return what is kept of a display, if anything."""
    content = {"data": {name.replace("_", "/"): value for name, value in media.items()}}
    return content["data"] if limit.admit("display_data", content) else None


def test_what_is_within_the_limit_is_kept_to_the_letter() -> None:
    limit = OutputLimit(LIMIT)
    assert printed(limit, "a\n", "b\n") == "a\nb\n"
    assert limit.left_out == 0


def test_of_a_text_beyond_the_limit_head_tail_count_and_hash_stay() -> None:
    lines = [f"{number}\n" for number in range(100_000)]
    limit = OutputLimit(LIMIT)
    kept = printed(limit, *lines)
    whole = "".join(lines)
    assert kept.startswith("0\n1\n2\n")
    assert kept.endswith("99998\n99999\n")
    assert f"{limit.left_out:,} of {len(whole):,} bytes" in kept
    assert hashlib.sha256(whole.encode()).hexdigest() in kept
    assert len(kept) < LIMIT + 1000


def test_one_giant_message_is_cut_like_many_small_ones() -> None:
    limit = OutputLimit(LIMIT)
    kept = printed(limit, "x" * (10 << 20))
    assert len(kept) < LIMIT + 1000
    assert limit.seen == 10 << 20


def test_a_display_beyond_the_limit_leaves_its_size_and_hash() -> None:
    limit = OutputLimit(LIMIT)
    kept = shown(limit, image_png="A" * (1 << 20))
    digest = hashlib.sha256(b"A" * (1 << 20)).hexdigest()
    assert kept == {
        "text/plain": f"[jupyter_mlcd: image/png of 1,048,576 bytes was left out, sha256 {digest}]"
    }


def test_of_a_long_text_that_is_displayed_both_ends_stay() -> None:
    kept = shown(OutputLimit(LIMIT), text_plain="head" + "-" * (1 << 20) + "tail")
    assert kept is not None
    assert "\nhead---" in kept["text/plain"]
    assert kept["text/plain"].endswith("---tail")


def test_only_the_first_display_beyond_the_limit_stands_there_by_itself() -> None:
    limit = OutputLimit(LIMIT)
    found = [shown(limit, image_png="A" * LIMIT) for _ in range(50)]
    assert [one is not None for one in found] == [True, *[False] * 49]
    assert limit.left_out == 50 * LIMIT
    assert "of output were left out" in limit.in_words()


def test_a_score_after_a_flood_of_output_is_kept() -> None:
    limit = OutputLimit(LIMIT)
    printed(limit, "x" * (10 * LIMIT))
    scrap = {"name": "accuracy", "data": 0.9}
    content = {"data": {"application/scrapbook.scrap.json+json": scrap}}
    assert limit.admit("display_data", content)
    assert content["data"]["application/scrapbook.scrap.json+json"] == scrap


def test_a_flood_of_scores_is_bounded_too() -> None:
    limit = OutputLimit(LIMIT)
    size = 8 << 10
    shown = {"data": {"application/scrapbook.scrap.json+json": "x" * size}}
    kept = sum(limit.admit("display_data", {**shown}) for _ in range(200))
    assert kept * size <= 2 * LIMIT + size


def test_a_display_that_is_cleared_again_and_again_may_go_on() -> None:
    limit = OutputLimit(LIMIT)
    for _ in range(50):
        assert shown(limit, text_plain="A" * (LIMIT // 3)) == {"text/plain": "A" * (LIMIT // 3)}
        limit.clear()
    assert not limit.in_words()


def test_a_display_that_is_updated_in_place_does_not_add_up() -> None:
    limit = OutputLimit(LIMIT)
    for _ in range(50):
        assert limit.admit("update_display_data", {"data": {"text/plain": "A" * (LIMIT // 3)}})
    assert not limit.in_words()


def test_an_error_is_never_left_out_but_its_text_is_bounded() -> None:
    limit = OutputLimit(LIMIT)
    printed(limit, "x" * LIMIT)
    content = {"ename": "E", "evalue": "v" * (1 << 20), "traceback": ["t" * (1 << 20)] * 3}
    assert limit.admit("error", content)
    assert content["ename"] == "E"
    assert len(content["evalue"]) < 100_000
    assert sum(map(len, content["traceback"])) < 100_000


def test_without_a_limit_all_is_kept() -> None:
    assert printed(OutputLimit(0), "x" * (1 << 20)) == "x" * (1 << 20)


def test_a_new_cell_begins_with_nothing() -> None:
    limit = OutputLimit(LIMIT)
    printed(limit, "x" * (1 << 20))
    limit.begin()
    assert printed(limit, "short") == "short"


@given(st.lists(st.text(max_size=50), max_size=30), st.integers(10, 300))
def test_kept_and_left_out_are_all_that_was_printed(texts: list[str], size: int) -> None:
    limit = OutputLimit(size)
    kept = 0
    for text in texts:
        content = {"text": text}
        if limit.admit("stream", content):
            kept += len(content["text"].encode(errors="replace"))
    whole = sum(len(text.encode(errors="replace")) for text in texts)
    assert limit.seen == whole
    # A letter of several bytes that stands on the border is in neither part.
    assert whole - 4 < kept + limit.left_out <= whole
