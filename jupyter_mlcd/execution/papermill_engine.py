"""Papermill's engine ``mlcd``: executes as papermill does and keeps the kernel's own replies.

Papermill's own users get ``papermill_adapter``, which is built on the client here. What differs
from papermill's engine: later cells run on after an error, as nbval does it; a cell that takes too
long is interrupted, then its kernel is killed, and nothing runs after it; ``sys.exit()`` ends the
notebook and is noted; cells marked NBVAL_SKIP or tagged ``skip-execution`` do not run; output is
bounded.
"""

from __future__ import annotations

import re
from contextlib import contextmanager, suppress
from queue import Empty
from time import monotonic
from typing import TYPE_CHECKING, Any

from nbclient import client
from nbclient.exceptions import DeadKernelError
from nbclient.util import ensure_async, run_sync
from papermill.engines import NBClientEngine, NotebookExecutionManager

from jupyter_mlcd.execution.cell_log import CellLog, CellOutcome, Fate
from jupyter_mlcd.execution.kernel_talk import TalkingClient
from jupyter_mlcd.execution.log_lines import printed_text
from jupyter_mlcd.execution.output_limit import OutputLimit

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from jupyter_client.manager import AsyncKernelManager
    from nbformat import NotebookNode

    from jupyter_mlcd.execution.coverage import Measurement

    EndsAfter = Callable[[CellOutcome, NotebookNode], bool]

INTERRUPT_SECONDS = 5.0
"""How long a cell may take to obey an interrupt before its kernel is killed."""
CELL_OUTPUT_BYTES = 5 << 20
"""Of more output than this in one cell head and tail are kept, with a word about the rest."""
_LAST_OUTPUT_SECONDS = 30
_POLL_SECONDS = 0.5
_LATE_SECONDS = 0.1
# nbclient's own takes the square of a line's length: minutes for one of a megabyte. This one finds
# the same, because after the last return of a line there is nothing left to find.
client._RGX_CARRIAGERETURN = re.compile(r"^.*\r(?=[^\n])", re.MULTILINE)  # noqa: SLF001 - its own
_SKIP_TAGS = frozenset({"skip-execution", "nbval-skip"})
_SKIP_COMMENT = re.compile(r"^[ \t]*#+[ \t]*NBVAL_SKIP[ \t]*$", re.MULTILINE)


class CellTimeout(Exception):  # noqa: N818 - no error: the verdict says it
    """A cell took longer than it may; the notebook ends."""


def is_skipped(cell: NotebookNode) -> bool:
    """Whether a code cell says that it is not to run."""
    tags = cell.metadata.get("tags") or []
    return bool(_SKIP_TAGS.intersection(tags) or _SKIP_COMMENT.search(cell.source))


class MlcdClient(TalkingClient):
    """Papermill's client with a log of every cell."""

    def __init__(
        self,
        nb_man: NotebookExecutionManager,
        km: AsyncKernelManager | None = None,
        **options: Any,  # noqa: ANN401 - papermill's and nbclient's
    ) -> None:
        """Take papermill's options and ours.

        ``cell_log``: where the fate of every cell is noted. ``cell_limit``: seconds for a cell.
        ``output_limit``: bytes of a cell's outputs that are kept. ``ends_after``: whether the
        notebook ends after a cell, asked with its outcome and the executed cell. ``measurement``:
        code to be executed silently before the first and after the last cell.
        """
        self.cells: CellLog = options.pop("cell_log", None) or CellLog()
        self.cell_limit: float | None = options.pop("cell_limit", None)
        self._limit = OutputLimit(options.pop("output_limit", CELL_OUTPUT_BYTES))
        self._ends_after: EndsAfter = options.pop("ends_after", lambda *_: False)
        self._measurement: Measurement | None = options.pop("measurement", None)
        self._request = ""
        self._executed: CellOutcome | None = None
        super().__init__(
            nb_man,
            km=km,
            raise_on_iopub_timeout=False,
            **{
                **options,
                "allow_errors": True,
                "coalesce_streams": True,
                "iopub_timeout": _LAST_OUTPUT_SECONDS,
                "timeout_func": lambda _: self.cell_limit or options.get("timeout"),
            },
        )

    def execute(self, **kwargs: object) -> NotebookNode:
        """Execute all cells. Raises DeadKernelError or CellTimeout when the notebook ends early."""
        self.reset_execution_trackers()
        self.cells.prepare(self.nb.cells)
        with self.setup_kernel(**kwargs):
            if "language_info" in self.information:
                self.nb.metadata["language_info"] = self.information["language_info"]
            try:
                with self._measured():
                    self.papermill_execute_cells()
            finally:
                self.set_widgets_metadata()
        executed: NotebookNode = self.nb
        return executed

    @contextmanager
    def _measured(self) -> Iterator[None]:
        """Measure what the cells execute, where that is asked for; say what went wrong."""
        if self._measurement is None:
            yield
            return
        began = self.silently(self._measurement.begin)
        try:
            yield
        finally:
            ended = self.silently(self._measurement.end) if began.get("status") == "ok" else {}
            if remark := self._measurement.remark(began, ended):
                self.cells.remarks.append(remark)

    def papermill_execute_cells(self) -> None:
        """Execute the cells in their order until one ends the notebook."""
        outcomes = iter(self.cells.outcomes)
        for index, cell in enumerate(self.nb.cells):
            if cell.cell_type != "code":
                continue
            outcome = next(outcomes)
            self.nb_man.cell_start(cell, index)
            try:
                self._execute_one(cell, index, outcome)
            finally:
                self.nb_man.cell_complete(cell, cell_index=index)
            if outcome.fate is Fate.EXIT or self._ends_after(outcome, cell):
                return

    def _execute_one(self, cell: NotebookNode, index: int, outcome: CellOutcome) -> None:
        if is_skipped(cell):
            outcome.fate = Fate.SKIPPED
            return
        self._limit.begin()
        self._executed = outcome
        self.cells.start(outcome)
        self.on_cell_executed = lambda **hook: self._note(outcome, hook["execute_reply"] or {})
        try:
            self.execute_cell(cell, index)
            if self.information.get("implementation") != "ipython":
                run_sync(self._async_take_late_output)(cell, index)
        except DeadKernelError:
            self.cells.stop(outcome, Fate.DEAD)
            raise
        finally:
            self._say_what_was_left_out(cell, outcome)
            self.cells.on_end(outcome)
        if outcome.fate is Fate.RUNNING:  # an empty cell is never sent
            self.cells.reply(outcome, {"status": "ok"})
        if outcome.fate is Fate.TIMEOUT:
            raise CellTimeout

    def _note(self, outcome: CellOutcome, reply: dict[str, Any]) -> None:
        self._request = str(reply.get("parent_header", {}).get("msg_id", ""))
        self.cells.reply(outcome, reply.get("content"))

    async def _async_take_late_output(self, cell: NotebookNode, index: int) -> None:
        """Take what a kernel shows after it said that it is idle: Deno does, in 1 of 100 cells."""
        end = monotonic() + _LATE_SECONDS
        while (left := end - monotonic()) > 0:
            with suppress(TimeoutError, Empty):
                message = await ensure_async(self.kc.iopub_channel.get_msg(timeout=left))
                is_of_cell = message["parent_header"].get("msg_id") == self._request
                if is_of_cell and message["msg_type"] != "status":
                    self.process_message(message, cell, index)

    # ------------------------------------------------------------------------------- time limits

    async def _async_handle_timeout(
        self,
        timeout: float,  # noqa: ASYNC109 - nbclient's signature
        cell: NotebookNode | None = None,
    ) -> dict[str, Any] | None:
        """Interrupt the cell; return the reply it then gives, or kill its kernel."""
        outcome = self.cells.running
        if outcome is None or cell is None:
            raise DeadKernelError(f"no answer from the kernel in {timeout} seconds")
        self.cells.stop(outcome, Fate.TIMEOUT)
        await ensure_async(self.km.interrupt_kernel())
        end = monotonic() + INTERRUPT_SECONDS
        while monotonic() < end and await ensure_async(self.km.is_alive()):
            with suppress(Empty):
                reply = await ensure_async(self.kc.shell_channel.get_msg(timeout=_POLL_SECONDS))
                if reply["msg_type"] == "execute_reply":
                    return dict(reply)
        await ensure_async(self.km.provisioner.kill())
        raise CellTimeout

    # -------------------------------------------------------------------------------- output limit

    def process_message(
        self, msg: dict[str, Any], cell: NotebookNode, cell_index: int
    ) -> NotebookNode | None:
        """Keep what a message shows, unless the cell has shown more than is kept."""
        kind, content = msg["msg_type"], msg["content"]
        if self.clear_before_next_output or (kind == "clear_output" and not content.get("wait")):
            self._limit.clear()
        if not self._limit.admit(kind, content):
            return None
        if self._executed is not None and (text := printed_text(kind, content)):
            self.cells.on_text(self._executed, text)
        kept: NotebookNode | None = super().process_message(msg, cell, cell_index)
        return kept

    def _say_what_was_left_out(self, cell: NotebookNode, outcome: CellOutcome) -> None:
        outcome.left_out = self._limit.left_out
        text = self._limit.in_words()
        if text:
            kind = type(cell)
            cell.outputs.append(kind({"output_type": "stream", "name": "stderr", "text": text}))


class MlcdEngine(NBClientEngine):  # type: ignore[misc] # papermill ships no types
    """The engine that papermill knows as ``mlcd``."""

    @classmethod
    def execute_managed_notebook(
        cls,
        nb_man: NotebookExecutionManager,
        kernel_name: str,
        **options: Any,  # noqa: ANN401 - papermill's and nbclient's
    ) -> NotebookNode:
        """Execute ``nb_man.nb``; papermill calls this."""
        limit = options.pop("execution_timeout", None) or options.pop("timeout", None)
        start = options.pop("start_timeout", 60)
        options.pop("on_begin", lambda _: None)(nb_man.nb)
        for unused in ("input_path", "startup_timeout"):
            options.pop(unused, None)
        client = MlcdClient(
            nb_man,
            kernel_name=kernel_name,
            startup_timeout=start,
            **{"cell_limit": limit, **options},
        )
        return client.execute()
