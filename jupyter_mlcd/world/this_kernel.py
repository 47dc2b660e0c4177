"""The kernel that this process is, if it is one: its shell, and whether anybody looks."""

from __future__ import annotations

import sys
from typing import Any


def kernel_shell() -> Any | None:  # noqa: ANN401 - IPython's shell
    """Return the shell of the kernel that this runs in; None outside of one."""
    interactive = sys.modules.get("IPython")
    shell = interactive.get_ipython() if interactive is not None else None
    return shell if hasattr(shell, "kernel") else None


def somebody_is_there() -> bool:
    """Return whether a person can answer what this cell asks.

    A client says with each request whether it could pass on a question (``allow_stdin`` of the
    messaging protocol): notebooks in a browser can, papermill and nbconvert cannot. Those would
    store the state of a widget that nobody has seen, and show it in place of the table.
    """
    shell = kernel_shell()
    if shell is None:
        return False
    asked = shell.kernel.get_parent("shell")
    return bool(asked.get("content", {}).get("allow_stdin", False))
