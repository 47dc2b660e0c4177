"""What the start of JupyterLab loads of us, and that the click's figure can be measured."""

from __future__ import annotations

from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from typing import TYPE_CHECKING, Any

import pytest

from tests.benchmarks import click, start_up

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def elsewhere(measure: Callable[..., Any], *args: object) -> Any:
    """Measure in a process of its own: this one may have a browser's loop already."""
    with ProcessPoolExecutor(1, get_context("spawn")) as process:
        return process.submit(measure, *args).result()


@pytest.mark.timeout(600)
def test_the_start_of_jupyterlab_loads_little_of_us_and_views_when_they_are_opened(
    tmp_path: Path,
) -> None:
    first, added = elsewhere(start_up.measure, tmp_path)
    assert 0 < first[start_up.OURS] <= start_up.MOST
    assert added["a run"] > 0
    assert added["Run as test with parameters"] > 0


@pytest.mark.timeout(600)
def test_the_time_from_a_click_to_progress_is_measured_in_the_page(tmp_path: Path) -> None:
    peer, *ours = elsewhere(click.measure, tmp_path, 1)
    assert len(peer.seconds) == 2
    assert all(seconds > 0 for times in ours for seconds in times.seconds)
