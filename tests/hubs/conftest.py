from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.hubs.answering import Answering, answering

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def server() -> Iterator[Answering]:
    """Return a server that answers what the test tells it."""
    with answering() as here:
        yield here
