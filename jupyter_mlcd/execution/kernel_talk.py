"""Talk with a kernel beside the cells: until it is ready, and requests that no notebook sees."""

from __future__ import annotations

from contextlib import suppress
from queue import Empty
from time import monotonic
from typing import TYPE_CHECKING, Any

from nbclient.exceptions import DeadKernelError
from nbclient.util import ensure_async, run_sync
from papermill.clientwrap import PapermillNotebookClient

if TYPE_CHECKING:
    from jupyter_client.asynchronous.client import AsyncKernelClient
    from jupyter_client.channels import AsyncZMQSocketChannel
    from jupyter_client.manager import AsyncKernelManager
    from papermill.engines import NotebookExecutionManager

_ANSWER_SECONDS = 1.0
_MORE_STARTS = 2
_SILENT_SECONDS = 30.0


class TalkingClient(PapermillNotebookClient):  # type: ignore[misc] # papermill ships no types
    """Papermill's client that knows when its kernel is ready."""

    def __init__(
        self,
        nb_man: NotebookExecutionManager,
        km: AsyncKernelManager | None = None,
        **options: Any,  # noqa: ANN401 - papermill's and nbclient's
    ) -> None:
        """Take papermill's options."""
        self.information: dict[str, Any] = {}
        """What the kernel says of itself; empty until it is ready."""
        super().__init__(nb_man, km=km, **options)

    def silently(self, code: str) -> dict[str, Any]:
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

    async def async_start_new_kernel_client(self) -> AsyncKernelClient:
        """Connect to the kernel and wait until both of its channels answer.

        As nbclient does it, but without its fixed pauses: the kernel's ``idle`` after our own
        request proves that its output reaches us.
        """
        self._connect()
        end = monotonic() + self.startup_timeout
        # A port that was free a moment ago may be taken when the kernel comes to use it.
        starts_left = _MORE_STARTS if self.km.transport == "tcp" else 0
        while not self.information:
            if not await ensure_async(self.km.is_alive()):
                if not starts_left:
                    raise DeadKernelError("the kernel died while it started")
                starts_left -= 1
                await self._start_again()
            if monotonic() > end:
                raise DeadKernelError(f"the kernel was not ready in {self.startup_timeout} seconds")
            self.information = await self._ask_for_information()
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
        seconds: float = _ANSWER_SECONDS,
    ) -> dict[str, Any]:
        end = monotonic() + seconds
        while (left := end - monotonic()) > 0:
            message = await channel.get_msg(timeout=left)
            is_ours = message["parent_header"].get("msg_id") == request
            stands = message["content"].get("execution_state", "")
            if is_ours and message["msg_type"] == kind and state in {"", stands}:
                return message
        raise Empty
