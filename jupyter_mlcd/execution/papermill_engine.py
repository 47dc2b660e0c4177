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
from papermill.clientwrap import PapermillNotebookClient
from papermill.engines import NBClientEngine, NotebookExecutionManager

from jupyter_mlcd.execution.cell_log import CellLog, CellOutcome, Fate
from jupyter_mlcd.execution.output_limit import OutputLimit

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from jupyter_client.asynchronous.client import AsyncKernelClient
    from jupyter_client.channels import AsyncZMQSocketChannel
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
_MORE_STARTS = 2
_SILENT_SECONDS = 30.0
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


class MlcdClient(PapermillNotebookClient):  # type: ignore[misc] # papermill ships no types
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
        self._info: dict[str, Any] = {}
        self._request = ""
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
            if "language_info" in self._info:
                self.nb.metadata["language_info"] = self._info["language_info"]
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
        began = self._silently(self._measurement.begin)
        try:
            yield
        finally:
            ended = self._silently(self._measurement.end) if began.get("status") == "ok" else {}
            if remark := self._measurement.remark(began, ended):
                self.cells.remarks.append(remark)

    def _silently(self, code: str) -> dict[str, Any]:
        """Execute code that the notebook does not see; return the reply, empty if none came."""
        return dict(run_sync(self._async_silently)(code))

    async def _async_silently(self, code: str) -> dict[str, Any]:
        request = self.kc.execute(code, silent=True, store_history=False, allow_stdin=False)
        end = monotonic() + _SILENT_SECONDS
        while monotonic() < end and await ensure_async(self.km.is_alive()):
            with suppress(TimeoutError, Empty):
                reply = await self._answer(self.kc.shell_channel, request, "execute_reply")
                with suppress(TimeoutError, Empty):
                    await self._answer(self.kc.iopub_channel, request, "status", "idle")
                return dict(reply["content"])
        return {}

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
        self.cells.start(outcome)
        self.on_cell_executed = lambda **hook: self._note(outcome, hook["execute_reply"] or {})
        try:
            self.execute_cell(cell, index)
            if self._info.get("implementation") != "ipython":
                run_sync(self._async_take_late_output)(cell, index)
        except DeadKernelError:
            self.cells.stop(outcome, Fate.DEAD)
            raise
        finally:
            self._say_what_was_left_out(cell, outcome)
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
        kept: NotebookNode | None = super().process_message(msg, cell, cell_index)
        return kept

    def _say_what_was_left_out(self, cell: NotebookNode, outcome: CellOutcome) -> None:
        outcome.left_out = self._limit.left_out
        text = self._limit.in_words()
        if text:
            kind = type(cell)
            cell.outputs.append(kind({"output_type": "stream", "name": "stderr", "text": text}))

    # ----------------------------------------------------------------------------------- readiness

    async def async_start_new_kernel_client(self) -> AsyncKernelClient:
        """Connect to the kernel and wait until both of its channels answer.

        As nbclient does it, but without its fixed pauses: the kernel's ``idle`` after our own
        request proves that its output reaches us.
        """
        self._connect()
        end = monotonic() + self.startup_timeout
        # A port that was free a moment ago may be taken when the kernel comes to use it.
        starts_left = _MORE_STARTS if self.km.transport == "tcp" else 0
        while not self._info:
            if not await ensure_async(self.km.is_alive()):
                if not starts_left:
                    raise DeadKernelError("the kernel died while it started")
                starts_left -= 1
                await self._start_again()
            if monotonic() > end:
                raise DeadKernelError(f"the kernel was not ready in {self.startup_timeout} seconds")
            self._info = await self._ask_for_information()
        client: AsyncKernelClient = self.kc
        return client

    async def _start_again(self) -> None:
        """Start the kernel on other ports; it prints to where this process prints."""
        self.kc.stop_channels()
        self.km.cleanup_connection_file()
        self.km.provisioner.ports_cached = False
        await ensure_async(self.km.restart_kernel(now=True, stdout=1, stderr=2))
        self._connect()

    def _connect(self) -> None:
        self.kc = self.km.client()
        self.kc.start_channels(hb=False)
        self.kc.allow_stdin = False

    start_new_kernel_client = run_sync(async_start_new_kernel_client)

    async def _ask_for_information(self) -> dict[str, Any]:
        """Return the kernel's information once it came on both channels, else nothing."""
        request = self.kc.kernel_info()
        try:
            reply = await self._answer(self.kc.shell_channel, request, "kernel_info_reply")
            await self._answer(self.kc.iopub_channel, request, "status", "idle")
        except (TimeoutError, Empty):
            return {}
        return dict(reply["content"])

    async def _answer(
        self,
        channel: AsyncZMQSocketChannel,
        request: str,
        kind: str,
        state: str = "",
        *,
        seconds: float = 2 * _POLL_SECONDS,
    ) -> dict[str, Any]:
        end = monotonic() + seconds
        while (left := end - monotonic()) > 0:
            message = await channel.get_msg(timeout=left)
            is_ours = message["parent_header"].get("msg_id") == request
            stands = message["content"].get("execution_state", "")
            if is_ours and message["msg_type"] == kind and state in {"", stands}:
                return message
        raise Empty


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
