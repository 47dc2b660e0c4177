from __future__ import annotations

from tests.faults.contenders import play


def test_of_many_who_deliver_at_once_exactly_one_does() -> None:
    starts, told = play(4)
    assert starts == 1, told
    assert told["delivered"] == 1
    assert sum(count for word, count in told.items() if word.startswith("sees")) == 3
