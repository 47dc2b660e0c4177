from __future__ import annotations

import os
import subprocess
import sys

import pytest

from jupyter_mlcd.world.failpoints import VARIABLE, failpoint


def test_nothing_happens_without_the_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(VARIABLE, raising=False)
    failpoint("a-place")


def test_it_fails_at_the_passage_that_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, "other=kill,second-passage:2=raise")
    failpoint("second-passage")
    with pytest.raises(OSError, match="second-passage"):
        failpoint("second-passage")
    failpoint("second-passage")


def test_it_kills_the_process() -> None:
    code = "from jupyter_mlcd.world.failpoints import failpoint; failpoint('here'); print('alive')"
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, VARIABLE: "here=kill", "PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (-9, b"")


def test_an_unknown_action_is_not_passed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, "misspelt=kil")
    with pytest.raises(ValueError, match="unknown action"):
        failpoint("misspelt")
