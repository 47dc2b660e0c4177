"""The cells of this kernel: whether one is running, and what is to be done after each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jupyter_mlcd.world.this_kernel import kernel_shell

if TYPE_CHECKING:
    from collections.abc import Callable

_after: list[Callable[[], None]] = []
_running = False


def watch_cells() -> None:
    """Notice from now on when cells begin and end. It does nothing outside of a kernel."""
    global _running  # noqa: PLW0603 - one kernel per process
    shell = kernel_shell()
    if shell is not None and _ended not in shell.events.callbacks["post_run_cell"]:
        shell.events.register("pre_run_cell", _begun)
        shell.events.register("post_run_cell", _ended)
        _running = True  # Widgets are made by a cell; the first one had begun before this.


def after_each_cell(do: Callable[[], None]) -> None:
    """Call ``do`` when a cell has ended, while it still counts as running for the client.

    papermill and nbconvert take an update only from the cell that they wait for.
    """
    if do not in _after:
        _after.append(do)
    watch_cells()


def a_cell_is_running() -> bool:
    """Return whether the kernel may be too busy to hear what views say."""
    return _running


def _begun(_: object) -> None:
    global _running  # noqa: PLW0603 - one kernel per process
    _running = True


def _ended(_: object) -> None:
    global _running  # noqa: PLW0603 - one kernel per process
    _running = False
    for do in tuple(_after):
        do()
