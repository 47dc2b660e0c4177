"""What cells print becomes lines of the run's log, each with whose it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from jupyter_mlcd.execution.cell_log import CellOutcome
from jupyter_mlcd.execution.log_lines import LogLines, printed_text
from jupyter_mlcd.world.redaction import Redactor

if TYPE_CHECKING:
    from pathlib import Path

THIRD = CellOutcome(index=7, number=3)


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return tmp_path / "runner.log"


def lines_of(log: Path, *texts: str, name: str = "train seed=2", **given: Any) -> list[str]:
    """Return the log after one cell printed these texts and ended."""
    lines = LogLines(log, name, given.pop("redact", str), **given)
    for text in texts:
        lines.add(THIRD, text)
    lines.end(THIRD)
    return log.read_text().splitlines() if log.exists() else []


def test_each_line_says_whose_it_is(log: Path) -> None:
    assert lines_of(log, "one\ntwo\n") == ["train seed=2 [3] one", "train seed=2 [3] two"]


def test_the_only_case_of_a_run_needs_no_name(log: Path) -> None:
    assert lines_of(log, "one\n", name="") == ["[3] one"]


def test_a_line_that_comes_in_pieces_is_one_line(log: Path) -> None:
    assert lines_of(log, "epo", "ch 7\n") == ["train seed=2 [3] epoch 7"]


def test_a_whole_line_is_there_before_its_cell_has_ended(log: Path) -> None:
    LogLines(log, "", str).add(THIRD, "whole\nnot y")
    assert log.read_text() == "[3] whole\n"


def test_what_a_cell_leaves_without_an_end_comes_with_its_end(log: Path) -> None:
    assert lines_of(log, "no end") == ["train seed=2 [3] no end"]


def test_an_empty_line_stays_one(log: Path) -> None:
    assert lines_of(log, "\n\nx\n", name="") == ["[3]", "[3]", "[3] x"]


def test_a_progress_bar_is_a_line_now_and_then_and_its_last_state(log: Path) -> None:
    drawn = [f"\r{percent} %" for percent in range(100)]
    assert lines_of(log, *drawn, "\r100 %\n", name="") == ["[3] 0 %", "[3] 100 %"]


def test_a_line_with_a_return_of_windows_is_whole(log: Path) -> None:
    assert lines_of(log, "one\r\ntwo\r\n", name="") == ["[3] one", "[3] two"]


def test_the_value_of_a_secret_does_not_come_into_the_log(log: Path) -> None:
    redact = Redactor({"TOKEN": "s3cret-value"}).redact_text
    assert lines_of(log, "with s3cret-", "value\n", name="", redact=redact) == [
        "[3] with [secret TOKEN]"
    ]


def test_a_secret_of_several_lines_is_found_because_its_cell_is_held(log: Path) -> None:
    redact = Redactor({"KEY": "ab cd\nef gh\nij kl"}).redact_text
    texts = ("ab cd\n", "ef gh\nij kl\n", "after\n")
    assert lines_of(log, *texts, name="", redact=redact, holds=True) == [
        "[3] [secret KEY]",
        "[3] after",
    ]


def test_a_flood_ends_with_a_word_about_where_the_rest_is(log: Path) -> None:
    found = lines_of(log, *("x" * 99 + "\n" for _ in range(100)), name="", most=1000)
    assert len(found) < 13
    assert found[-1] == "[3] ... and more: it is in the executed notebook"


def test_a_very_long_line_is_cut(log: Path) -> None:
    (line,) = lines_of(log, "x" * 10_000 + "\n", name="")
    assert line.endswith("x ... 1,808 more letters")


def test_a_disk_that_says_no_costs_a_log_and_not_the_case(tmp_path: Path) -> None:
    assert lines_of(tmp_path / "gone" / "runner.log", "one\n") == []


@pytest.mark.parametrize(
    ("kind", "content", "text"),
    [
        ("stream", {"name": "stderr", "text": "warned\n"}, "warned\n"),
        ("error", {"traceback": ["Traceback", "ValueError: no"]}, "Traceback\nValueError: no\n"),
        ("error", {"ename": "ValueError", "evalue": "no", "traceback": []}, "ValueError: no\n"),
        ("display_data", {"data": {"text/plain": "<Figure>"}}, ""),
    ],
)
def test_programs_and_errors_print_and_displays_do_not(
    kind: str, content: dict[str, Any], text: str
) -> None:
    assert printed_text(kind, content) == text
