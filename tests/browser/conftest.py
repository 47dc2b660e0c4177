from __future__ import annotations

from typing import Any

import pytest

from tests.browser.lab import chromium


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    quiet = ["--disable-quic", "--no-first-run", "--disable-background-networking"]
    return {
        "executable_path": chromium(),
        "headless": True,
        "args": [*quiet, "--disable-component-update", "--disable-sync"],
    }


@pytest.fixture(scope="session")
def browser_context_args() -> dict[str, Any]:
    return {"viewport": {"width": 1440, "height": 900}}
