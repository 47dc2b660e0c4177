from __future__ import annotations

import pytest

from tests.faults.kills import kill_often


@pytest.mark.timeout(600)
def test_nothing_is_lost_or_half_whoever_is_killed_whenever() -> None:
    tally = kill_often(15, seed=20261124)
    assert not tally.faults
