from __future__ import annotations

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from jupyter_mlcd.model.kept_outputs import (
    LARGEST_VALUE,
    digest_of_value,
    kept_outputs,
    saved_outputs,
)

SCORE = "application/scrapbook.scrap.json+json"
WIDGET = "application/vnd.jupyter.widget-view+json"


def stream(text: str | list[str], name: str = "stdout") -> dict[str, Any]:
    return {"output_type": "stream", "name": name, "text": text}


def display(**data: object) -> dict[str, Any]:
    named = {name.replace("_", "/", 1): value for name, value in data.items()}
    return {"output_type": "display_data", "data": named, "metadata": {"a": 1}}


def test_text_is_kept_as_lines_without_what_is_never_compared() -> None:
    result = {
        "output_type": "execute_result",
        "execution_count": 7,
        "metadata": {},
        "data": {"text/plain": "a\nb", "application/json": {"b": [1]}},
    }
    error = {"output_type": "error", "ename": "E", "evalue": "v", "traceback": ["secret path"]}
    assert kept_outputs([result, error]) == (
        {
            "output_type": "execute_result",
            "data": {"text/plain": ["a\n", "b"], "application/json": {"b": [1]}},
        },
        {"output_type": "error", "ename": "E", "evalue": "v"},
    )


def test_how_a_stream_came_in_pieces_does_not_matter() -> None:
    pieces = [stream("a\n"), stream("oh\n", "stderr"), stream("b\n")]
    whole = [stream(["a\n", "b\n"]), stream("oh\n", "stderr")]
    assert kept_outputs(pieces) == kept_outputs(whole)


def test_a_progress_bar_is_kept_as_it_looked_at_the_end() -> None:
    assert kept_outputs([stream("10%\r50%\r100%\n")]) == (stream(["100%\n"]),)


def test_scores_and_widgets_are_left_out() -> None:
    scored = {"output_type": "display_data", "data": {SCORE: {"data": 1}, "text/plain": "a = 1"}}
    widget = {"output_type": "display_data", "data": {WIDGET: {"id": "x"}, "text/plain": "Slider"}}
    assert kept_outputs([scored, widget]) == (
        {"output_type": "display_data", "data": {"text/plain": ["Slider"]}},
    )


def test_a_large_value_stands_as_its_digest() -> None:
    large = "x" * (LARGEST_VALUE + 1)
    (kept,) = kept_outputs([display(image_png=large)])
    assert kept["data"]["image/png"] == digest_of_value(large)
    assert len(json.dumps(kept)) < 200


def test_a_digest_is_met_by_the_value_that_it_stands_for_and_by_no_other() -> None:
    large, other = "x" * (LARGEST_VALUE + 1), "y" * (LARGEST_VALUE + 1)
    outputs = [display(image_png=large), stream(large)]
    kept = kept_outputs(outputs)
    assert [
        one.get("text") or one["data"]["image/png"] for one in saved_outputs(kept, outputs)
    ] == [
        large,
        large,
    ]
    met = saved_outputs(kept, [display(image_png=other), stream(other)])
    assert met[0]["data"]["image/png"].startswith("sha256:")
    assert met[1]["text"].startswith("sha256:")


texts = st.text(st.characters(codec="utf-8"), max_size=20)
outputs_of_any_kind = st.lists(
    st.one_of(
        st.builds(stream, texts, st.sampled_from(["stdout", "stderr"])),
        st.builds(lambda text: display(text_plain=text), texts),
        st.builds(lambda value: display(application_json=value), st.lists(st.integers())),
        st.just({"output_type": "error", "ename": "E", "evalue": "v", "traceback": []}),
    ),
    max_size=5,
)


@given(outputs_of_any_kind)
def test_keeping_what_is_kept_changes_nothing(outputs: list[dict[str, Any]]) -> None:
    kept = kept_outputs(outputs)
    assert kept_outputs(kept) == kept
    assert kept_outputs(saved_outputs(kept)) == kept
