"""What lets itself be waited for: the answer comes before the other system's does."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from tests.server.test_handlers import ROOT, answer, post
from tests.server.test_roll_back import make_model

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.server.test_handlers import Fetch

WAITS = "echo once >> ../started; while [ ! -e ../go ]; do sleep 0.1; done"
TARGET = f"""
[environments.elsewhere]
target = {{ kind = "command", run = ["sh", "-c", "{WAITS}"] }}
"""
UNDER_WAY = {"requested", "sending", "dispatched"}


@pytest.fixture
def folder(repository: Path) -> Iterator[Path]:
    """Give a project whose target waits until the file ``go`` is there."""
    make_model(repository, "new", TARGET)
    yield repository
    (repository.parent / "go").touch()


async def over(fetch: Fetch, key: str) -> str:
    """Return how a delivery ended."""
    while True:
        found = await answer(fetch, "projects", ROOT, "deliveries", key)
        if found["state"] not in UNDER_WAY:
            return str(found["state"])
        await asyncio.sleep(0.2)


async def test_a_delivery_answers_while_the_system_works_and_is_sent_once(
    jp_fetch: Fetch, folder: Path
) -> None:
    seen = await answer(jp_fetch, "projects", ROOT, "previews", "elsewhere")
    body = {name: seen[name] for name in ("environment", "version", "digest", "nonce")}
    made = await post(jp_fetch, "projects", ROOT, "deliveries", body=body)
    assert (made["at_work"], made["state"] in UNDER_WAY) == (True, True)
    asked = await answer(jp_fetch, "projects", ROOT, "deliveries", made["key"])
    assert (asked["at_work"], asked["state"] in UNDER_WAY) == (True, True)
    (folder.parent / "go").touch()
    assert await over(jp_fetch, made["key"]) == "delivered"
    assert (folder.parent / "started").read_text() == "once\n"
