from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from jupyter_mlcd.world.recent import Recent


def test_what_was_used_longest_ago_is_forgotten_first() -> None:
    recent: Recent[str, int] = Recent(2)
    recent.put("a", 1)
    recent.put("b", 2)
    assert recent.get("a") == 1
    recent.put("c", 3)
    assert [recent.get(key) for key in "abc"] == [1, None, 3]


def test_the_same_key_again_takes_no_more_room() -> None:
    recent: Recent[str, int] = Recent(2)
    recent.put("a", 1)
    recent.put("b", 2)
    recent.put("b", 3)
    assert [recent.get(key) for key in "ab"] == [1, 3]


def test_many_threads_never_make_it_larger_than_it_may_be() -> None:
    recent: Recent[int, int] = Recent(10)

    def use(start: int) -> None:
        for number in range(start, start + 2000):
            recent.put(number % 50, number)
            recent.get((number * 7) % 50)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(use, range(8)))
    assert sum(recent.get(key) is not None for key in range(50)) == 10
