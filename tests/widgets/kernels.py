"""A real kernel, with or without somebody in front of it, and what it says."""

from __future__ import annotations

import json
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from jupyter_client.manager import KernelManager

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from jupyter_client.blocking.client import BlockingKernelClient

PATIENCE = 90
"""Seconds for one cell, on a machine that is busy."""


@dataclass
class Cell:
    """What one cell put out."""

    printed: str = ""
    error: str = ""
    shown: list[dict[str, Any]] = field(default_factory=list)
    """Bundles by media type, in order; later updates of the same display take their place."""
    published: list[str] = field(default_factory=list)
    """Kinds of messages, in order."""
    models: list[dict[str, Any]] = field(default_factory=list)
    """States of the widgets' models that were sent to browsers."""


class Kernel:
    """One kernel; ``attended`` says whether a notebook in a browser is in front of it."""

    def __init__(self, client: BlockingKernelClient, *, attended: bool) -> None:
        self.client = client
        self.attended = attended
        self._displays: dict[str, dict[str, Any]] = {}
        self.said: list[dict[str, Any]] = []
        """What widgets said to their views."""

    def run(self, *lines: str) -> Cell:
        """Run a cell and wait until it has ended. Raises AssertionError if it raised."""
        cell = self.attempt(*lines)
        assert not cell.error, cell.error
        return cell

    def attempt(self, *lines: str) -> Cell:
        """Run a cell and wait until it has ended."""
        cell = Cell()
        asked = self.client.execute("\n".join(lines), allow_stdin=self.attended)
        while True:
            message = self.client.get_iopub_msg(timeout=PATIENCE)
            self._take(cell, message)
            is_ours = message["parent_header"].get("msg_id") == asked
            if is_ours and message["content"].get("execution_state") == "idle":
                return cell

    def tell(self, model: str, said: object) -> None:
        """Say something to a widget, as a view of it does."""
        content = {"comm_id": model, "data": {"method": "custom", "content": said}}
        message = self.client.session.msg("comm_msg", content)
        self.client.shell_channel.send(message)

    def ask(self, model: str, path: str, body: object = None) -> dict[str, Any]:
        """Ask a widget as a view of it does, and return the answer."""
        number = f"test:{len(self.said)}:{time.monotonic()}"
        self.tell(model, {"kind": "ask", "id": number, "path": path, "body": body})
        return self.heard(lambda said: said.get("id") == number)

    def heard(self, wanted: Any) -> dict[str, Any]:
        """Return what a widget says to its views as soon as it says something like that."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            for said in self.said:
                if wanted(said):
                    return said
            self._take(Cell(), self.client.get_iopub_msg(timeout=PATIENCE))
        raise AssertionError(f"not said: {self.said}")

    def _take(self, cell: Cell, message: dict[str, Any]) -> None:
        content = message["content"]
        kind = message["msg_type"]
        cell.published.append(kind)
        name = content.get("transient", {}).get("display_id", "")
        if kind == "stream":
            cell.printed += content["text"]
        elif kind == "error":
            cell.error = f"{content['ename']}: {content['evalue']}"
        elif kind in {"display_data", "execute_result"}:
            cell.shown.append(self._displays.setdefault(name, {}) if name else {})
            cell.shown[-1].update(content["data"])
        elif kind == "update_display_data":
            self._displays[name].clear()
            self._displays[name].update(content["data"])
        elif kind == "comm_open":
            cell.models.append(content["data"]["state"])
        elif kind == "comm_msg" and content["data"].get("method") == "custom":
            self.said.append(content["data"]["content"] | {"buffers": message["buffers"]})


@contextmanager
def kernel(folder: Path, *, attended: bool = False) -> Iterator[Kernel]:
    """Start a kernel in a folder, and end it."""
    manager = KernelManager(kernel_name="python3")
    manager.start_kernel(cwd=str(folder))
    client = manager.client()
    client.start_channels()
    try:
        client.wait_for_ready(timeout=PATIENCE)
        yield Kernel(client, attended=attended)
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)
        manager.cleanup_resources()


def source_notebook(*cells: str) -> str:
    """Return the text of a notebook."""
    return json.dumps(
        {
            "cells": [
                {
                    "cell_type": "code",
                    "id": f"cell-{index}",
                    "execution_count": None,
                    "metadata": {},
                    "outputs": [],
                    "source": source,
                }
                for index, source in enumerate(cells)
            ],
            "metadata": {
                "kernelspec": {
                    "name": "python3",
                    "language": "python",
                    "display_name": "Python 3",
                }
            },
            "nbformat": 4,
            "nbformat_minor": 5,
        }
    )
