"""What every rendering shares: marks, text that is safe to print, and the printing itself."""

from __future__ import annotations

import re
import sys
from typing import TYPE_CHECKING

from rich.console import Console

if TYPE_CHECKING:
    from rich.console import RenderableType

PASSED, FAILED, RUNNING, WAITING, UNKNOWN = "✓", "✗", "▸", "·", "?"


def plain(text: str) -> str:
    """Return text that cannot steer a terminal: no control or bidirectional characters."""
    return re.sub(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", "", text)


def print_(*values: RenderableType) -> None:
    """Print to the terminal; without one, lines stay whole."""
    console = Console(highlight=False, soft_wrap=not sys.stdout.isatty())
    console.print(*values)
