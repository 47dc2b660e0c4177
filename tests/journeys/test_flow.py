"""No human after the commit: a better model goes out, a worse one does not, a bad one goes back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jupyter_mlcd.workbench import Workbench
from tests.journeys.flows import change, flowing_project, served
from tests.journeys.projects import begin_to_watch, told

if TYPE_CHECKING:
    from pathlib import Path


def test_what_is_committed_goes_out_is_refused_or_comes_back_by_itself(tmp_path: Path) -> None:
    folder = flowing_project(tmp_path / "digits")
    watcher = begin_to_watch(folder)
    try:
        told(watcher, "0.1.0 is live")
        assert served(folder) == "first"

        change(folder, "better", 0.95)
        told(watcher, "checked 0.2.0 by smoke: green")
        assert served(folder) == "better"

        change(folder, "worse", 0.93)
        told(watcher, "0.93 against 0.95 live: 0.02 worse")
        assert served(folder) == "better"

        change(folder, "best, but slow", 0.99)
        assert "it takes a minute" in told(watcher, "checked 0.3.0 by smoke: red")
        told(watcher, "checked 0.2.0 by smoke: green")
        assert served(folder) == "better"
        told(watcher, "0.3.0 was rolled back in production")
    finally:
        watcher.kill()
        watcher.communicate()
    history = Workbench(folder).desk().history
    assert history.held == {}
    assert [(one.version, one.by_itself, one.back_from) for one in history.deliveries.values()] == [
        ("0.1.0", "watch", ""),
        ("0.2.0", "watch", ""),
        ("0.3.0", "watch", ""),
        ("0.2.0", "check", "0.3.0"),
    ]
