"""A plug-in of pytest that takes causes of false alarms out of nbval, one by one, to see what changes.

``PARITY_REMEDIES`` names those that are wanted. All messages of the kernels are written, cell by
cell, to the file ``PARITY_MESSAGES``. Without a remedy nbval does what it always does.
"""  # noqa: E501 - one sentence

from __future__ import annotations

import json
import os
from collections import defaultdict, deque
from pathlib import Path
from queue import Empty
from typing import TYPE_CHECKING, Any

from nbval import kernel as nbval_kernel
from nbval import plugin as nbval_plugin

if TYPE_CHECKING:
    from collections.abc import Callable

    import pytest

Message = dict[str, Any]

_OUTPUTS = frozenset({"stream", "display_data", "execute_result", "error"})
_SEEN: dict[str, list[Message]] = defaultdict(list)
_CURRENT = [""]


def pytest_configure(config: pytest.Config) -> None:
    """Change nbval as it is wanted."""
    del config
    wanted = os.environ.get("PARITY_REMEDIES", "").split()
    if "history" in wanted:
        nbval_kernel.RunningKernel.execute_cell_input = _execute_with_history
    starts: dict[str, Any] = {}
    if "capture" in wanted:
        starts["without"] = "PYTEST_CURRENT_TEST"
    if "memory" in wanted:
        starts["extra_arguments"] = ["--HistoryManager.hist_file=:memory:"]
    nbval_kernel.start_new_kernel = _starting(nbval_kernel.start_new_kernel, **starts)
    receive = _noting(nbval_kernel.RunningKernel.get_message)
    if "display" in wanted:
        receive = _as_shown(receive)
    nbval_kernel.RunningKernel.get_message = receive
    nbval_plugin.IPyNbCell.runtest = _running(nbval_plugin.IPyNbCell.runtest)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Write the messages down."""
    del session
    Path(os.environ["PARITY_MESSAGES"]).write_text(json.dumps(_SEEN), "utf-8")


def _running(run: Callable[[Any], None]) -> Callable[[Any], None]:
    def runtest(self: Any) -> None:
        place = Path(self.path).relative_to(self.config.rootpath).as_posix()
        _CURRENT[0] = f"{place}::{self.cell_num}"
        run(self)

    return runtest


def _execute_with_history(self: Any, cell_input: str, allow_stdin: bool | None = None) -> str:
    made: str = self.kc.execute(
        cell_input, store_history=True, allow_stdin=allow_stdin, stop_on_error=False
    )
    return made


def _starting(start: Callable[..., Any], without: str = "", **extra: Any) -> Callable[..., Any]:
    def start_new_kernel(**given: Any) -> Any:
        environment = {name: one for name, one in os.environ.items() if name != without}
        return start(**given, **extra, env=environment)

    return start_new_kernel


def _noting(receive: Callable[..., Message]) -> Callable[..., Message]:
    def get_message(self: Any, stream: str, timeout: float | None = None) -> Message:
        message = receive(self, stream, timeout=timeout)
        _SEEN[_CURRENT[0]].append(
            {
                "stream": stream,
                "type": message["msg_type"],
                "content": json.loads(json.dumps(message["content"], default=str)),
            }
        )
        return message

    return get_message


def _as_shown(receive: Callable[..., Message]) -> Callable[..., Message]:
    """Hold a cell's messages back until it is idle, and pass on what JupyterLab then shows."""
    held: dict[int, deque[Message]] = defaultdict(deque)

    def get_message(self: Any, stream: str, timeout: float | None = None) -> Message:
        if stream != "iopub":
            return receive(self, stream, timeout=timeout)
        waiting = held[id(self)]
        if not waiting:
            waiting.extend(shown(_until_idle(self, timeout)))
        return waiting.popleft()

    def _until_idle(self: Any, timeout: float | None) -> list[Message]:
        found = [receive(self, "iopub", timeout=timeout)]
        while found[-1]["content"].get("execution_state") != "idle":
            try:
                found.append(receive(self, "iopub", timeout=timeout))
            except Empty:
                break
        return found

    return get_message


def shown(messages: list[Message]) -> list[Message]:
    """Return the messages whose outputs are still shown after all of them."""
    kept: list[Message] = []
    clears_next = False
    for message in messages:
        kind, content = message["msg_type"], message["content"]
        if kind == "clear_output":
            clears_next = bool(content.get("wait"))
            kept = kept if clears_next else _without_outputs(kept)
        elif kind == "update_display_data":
            _update(kept, content)
        else:
            if kind in _OUTPUTS and clears_next:
                kept, clears_next = _without_outputs(kept), False
            kept.append(message)
    return kept


def _without_outputs(messages: list[Message]) -> list[Message]:
    return [one for one in messages if one["msg_type"] not in _OUTPUTS]


def _update(kept: list[Message], content: Message) -> None:
    name = content.get("transient", {}).get("display_id")
    for one in kept:
        if name and one["content"].get("transient", {}).get("display_id") == name:
            one["content"] = {**one["content"], "data": content["data"]}
