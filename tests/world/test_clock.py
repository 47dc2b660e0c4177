from __future__ import annotations

import os
import sys
import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest

from jupyter_mlcd.world import clock


def test_now_is_utc_with_microseconds() -> None:
    assert clock.now().endswith("Z")
    assert len(clock.now()) == len("2026-03-01T09:30:00.000001Z")


def test_a_time_survives_being_written_and_read() -> None:
    moment = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)
    assert clock.format_time(moment) == "2026-03-01T09:30:00.000000Z"
    assert clock.parse_time(clock.format_time(moment)) == moment


def test_a_time_without_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="no time zone"):
        clock.parse_time("2026-03-01T09:30:00")


def test_uuid7_is_version_7_of_the_rfc() -> None:
    made = uuid.UUID(clock.uuid7())
    assert made.version == 7
    assert made.variant == uuid.RFC_4122


def test_uuid7_starts_with_the_time() -> None:
    milliseconds = uuid.UUID(clock.uuid7()).int >> 80
    assert abs(milliseconds / 1000 - datetime.now(UTC).timestamp()) < 5


def test_uuid7_grows_within_a_process_also_with_threads() -> None:
    def many(_: int) -> list[str]:
        return [clock.uuid7() for _ in range(2000)]

    with ThreadPoolExecutor(4) as pool:
        lists = list(pool.map(many, range(4)))
    assert all(ids == sorted(ids) for ids in lists)
    assert len({one for ids in lists for one in ids}) == 8000


if sys.platform != "win32":  # which has no fork

    def test_a_forked_process_makes_other_identifiers() -> None:
        reading, writing = os.pipe()
        child = os.fork()
        if child == 0:
            os.write(writing, clock.uuid7().encode())
            os._exit(0)
        os.waitpid(child, 0)
        mine = clock.uuid7()
        theirs = os.read(reading, 100).decode()
        os.close(reading)
        os.close(writing)
        assert uuid.UUID(theirs).version == 7
        assert theirs != mine
